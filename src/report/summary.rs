//! The answer first: one sentence that a newcomer understands and an expert cannot fault, then what carries it.

use super::catalogue;
use crate::checks::{Check, Kind, Role, Verdict};
use crate::finding::{Args, Said};
use crate::order::{self, Gather};

/// What of the case the summary speaks about besides the checks.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Given {
    /// Number of inputs.
    pub inputs: usize,
    /// Inputs that were not read to their end or not recognised.
    pub unread: usize,
    /// Inputs that were read and recognised.
    pub read: usize,
    /// Dockerfiles among them.
    pub dockerfiles: usize,
    /// Histories among them.
    pub histories: usize,
    /// Tarballs among them.
    pub tarballs: usize,
}

/// The summary's text.
pub(super) fn text(checks: &[Check], given: Given) -> String {
    let mut sentences = match loudest(checks).map(|check| check.verdict) {
        None => vec![nothing_compared(given)],
        Some(Verdict::Contradicted | Verdict::Ambiguous) => loud(checks),
        Some(Verdict::Unknown | Verdict::Agrees | Verdict::Proved) => good(checks),
    };
    let open = checks.iter().filter(|check| check.verdict == Verdict::Unknown).count();
    if open > 0 && sentences.len() < 4 {
        sentences.push(say(Said::new("summary.open").with("count", open)));
    }
    if given.unread > 0 {
        sentences.push(say(Said::new("summary.unread").with("count", given.unread)));
    }
    sentences.join(" ")
}

/// The answer's verdict. That one file reads the same for every tool is no answer: while nothing was compared, nothing is decided.
pub(super) fn verdict(checks: &[Check]) -> Verdict {
    loudest(checks).map_or(Verdict::Unknown, |check| check.verdict)
}

/// The loudest check that speaks about the question: any bad one, else one that compares two things.
fn loudest(checks: &[Check]) -> Option<&Check> {
    let compares = |check: &&Check| !matches!(check.kind, Kind::ArchiveAmbiguity | Kind::BestPractice);
    checks.first().filter(|check| is_loud(check)).or_else(|| checks.iter().find(compares))
}

fn say(said: Said) -> String {
    catalogue::text(said.code, &said.args)
}

fn is_loud(check: &Check) -> bool {
    matches!(check.verdict, Verdict::Contradicted | Verdict::Ambiguous)
}

/// There is nothing to compare yet: says what a single kind of evidence is worth and what would be compared with it.
fn nothing_compared(given: Given) -> String {
    let code = match given {
        Given { inputs: 0, .. } => "summary.nothing",
        Given { read: 0, unread: 1.., .. } => "summary.nothing-read",
        Given { read: 0, .. } => "summary.nothing-needed",
        Given { dockerfiles: 1.., histories: 0, tarballs: 1.., .. } => "summary.no-history",
        Given { dockerfiles: 1.., histories: 0, .. } => "summary.only-dockerfile",
        Given { histories: 1.., tarballs: 1.., .. } => "summary.nothing-compared",
        Given { histories: 1.., .. } => "summary.only-history",
        Given { tarballs: 1.., .. } => "summary.only-tarball",
        Given { inputs: 1, .. } => "summary.one-input",
        _ => "summary.nothing-compared",
    };
    say(Said::new(code))
}

/// The loudest results in their own words, the most important kind first; equal sentences once.
fn loud(checks: &[Check]) -> Vec<String> {
    let mut loud: Vec<&Check> = checks.iter().filter(|check| is_loud(check)).list();
    order::sort_by_key(&mut loud, |check| (check.verdict, weight(check.kind)));
    let mut sentences: Vec<String> = Vec::new();
    for check in &loud {
        let sentence = say(check.said.clone());
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
            sentences
                .extend(check.details.iter().find(|said| said.code.starts_with("history-layers.hidden-files")).cloned().map(say));
        }
    }
    let more = sentences.len().saturating_sub(2);
    sentences.truncate(2);
    sentences.extend(unmatched(checks));
    if more > 0 {
        sentences.push(say(Said::new("summary.more").with("count", more)));
    }
    sentences
}

/// What a person wants to hear of first when several things are wrong: hidden content before wrong files before texts.
fn weight(kind: Kind) -> u8 {
    match kind {
        Kind::HistoryLayers => 0,
        Kind::AddHash => 1,
        Kind::DiffId | Kind::Descriptor => 2,
        Kind::ChecksumList | Kind::Signature => 3,
        Kind::LayerTarball => 4,
        Kind::DockerfileHistory => 5,
        _ => 6,
    }
}

/// The puzzle of two digests: somebody gave the digest of a list of platforms, and a manifest that the list names is at hand.
fn two_digests(checks: &[Check]) -> Option<String> {
    let proved = |kind| checks.iter().filter(move |check| check.kind == kind && check.verdict == Verdict::Proved);
    let index = proved(Kind::DigestClaim).find_map(|check| check.to.as_ref().filter(|to| to.role == Role::Index)?.digest)?;
    let named = proved(Kind::Descriptor).filter(|check| check.from.digest == Some(index));
    let manifest = named.filter_map(|check| check.to.as_ref()).find(|to| to.role == Role::Manifest)?;
    let said = Said::new("summary.two-digests").with("index", index).with("manifest", manifest.digest?);
    Some(say(said.with("platform", &manifest.label)))
}

/// That files were tried for the history's ADD hash and none gives it: no contradiction, but what a person wants to hear first.
fn unmatched(checks: &[Check]) -> Option<String> {
    let hashes = || checks.iter().filter(|check| check.kind == Kind::AddHash);
    let check = hashes().find(|check| check.said.code == "add-hash.no-match")?;
    let proved = hashes().any(|check| check.verdict == Verdict::Proved);
    (!proved).then(|| catalogue::text("summary.add-hash-no-match", &check.said.args))
}

/// Good results, strongest first. Each sentence is there only if a check carries it.
fn good(checks: &[Check]) -> Vec<String> {
    let has = |kind, verdict| checks.iter().any(|check| check.kind == kind && check.verdict == verdict);
    let has_hash = |role| {
        let mut hashes = checks.iter().filter(|check| check.kind == Kind::AddHash && check.verdict == Verdict::Proved);
        hashes.any(|check| check.to.as_ref().is_some_and(|to| to.role == role))
    };
    let edges =
        checks.iter().filter(|check| matches!(check.kind, Kind::Descriptor | Kind::DiffId) && check.verdict == Verdict::Proved);
    let mut of_manifests = edges.clone().filter(|check| check.from.role == Role::Manifest).peekable();
    let image = of_manifests.peek().is_some();
    let image_with_layers = of_manifests.any(|check| check.to.as_ref().is_some_and(|to| to.role == Role::Layer));
    if let Some(puzzle) = two_digests(checks) {
        return vec![puzzle];
    }
    let candidates = [
        (has_hash(Role::Tarball), "summary.add-hash"),
        (!has_hash(Role::Tarball) && has(Kind::AddHash, Verdict::Proved), "summary.add-hash-of-files"),
        (has(Kind::ManifestRebuild, Verdict::Proved), "summary.manifest-rebuilt"),
        (has(Kind::LayerRebuild, Verdict::Proved) && !has(Kind::ManifestRebuild, Verdict::Proved), "summary.layer-rebuilt"),
        (has(Kind::LayerTarball, Verdict::Proved), "summary.layer-is-tarball"),
        (image_with_layers, "summary.image-whole"),
        (image && !image_with_layers, "summary.image-without-layers"),
        (has(Kind::ChecksumList, Verdict::Proved), "summary.checksum"),
        (has(Kind::DockerfileHistory, Verdict::Agrees), "summary.texts-agree"),
        (has(Kind::ImageCompare, Verdict::Proved), "summary.images-equal"),
        (has(Kind::DigestClaim, Verdict::Proved), "summary.claim"),
    ];
    let count = edges.count();
    let mut sentences: Vec<String> = unmatched(checks).into_iter().list();
    sentences.extend(candidates.iter().filter(|(holds, _)| *holds).map(|(_, code)| say(Said::new(code))));
    if sentences.is_empty() && count > 0 {
        sentences.push(say(Said::new("summary.edges").with("count", count)));
    }
    if sentences.is_empty() {
        // That an archive reads the same for all tools is no answer to what it is.
        let compared = checks.iter().filter(|check| check.kind != Kind::ArchiveAmbiguity);
        sentences.extend(compared.rev().find(|check| check.verdict != Verdict::Unknown).map(|check| say(check.said.clone())));
    }
    if sentences.is_empty() {
        sentences.push(catalogue::text("summary.nothing-decided", &Args::new()));
    }
    sentences
}
