//! Check `archive-ambiguity`: inputs that tools which accept them read differently: other names, other content, another image.

use super::edges::end;
use super::{Check, Kind, Verdict};
use crate::case::{Body, Case, Item, ItemId, Origin};
use crate::finding::{Finding, Said, visible};
use crate::oci::is_ambiguous;
use crate::order::{Gather, Map};

/// One check for each item that is read differently, and one for each given archive that nobody is known to read differently.
pub(super) fn run(case: &Case) -> Vec<Check> {
    let mut checks = Vec::new();
    for (id, item) in case.items() {
        let details = [divergences(item), documents(item), names_twice(case, id)].concat();
        if details.is_empty() {
            checks.extend(clean(case, id, item));
            continue;
        }
        let said = Said::new("archive-ambiguity.differs").with("count", details.len());
        let check = Check::new(Kind::ArchiveAmbiguity, Verdict::Ambiguous, end(case, id), said);
        checks.push(details.into_iter().fold(check, Check::detail));
    }
    checks
}

/// A given archive that was read to its end, and in which nothing is read differently.
fn clean(case: &Case, id: ItemId, item: &Item) -> Option<Check> {
    let is_clean = |part: &Item| divergences(part).is_empty() && documents(part).is_empty();
    let parts_are_clean = case.parts(id).iter().all(|part| is_clean(case.item(*part)));
    let is_given = item.parent.is_none() && item.tar().is_some() && item.error.is_none();
    (is_given && parts_are_clean).then(|| {
        let said = Said::new("archive-ambiguity.equal");
        Check::new(Kind::ArchiveAmbiguity, Verdict::Agrees, end(case, id), said)
    })
}

/// What the walk over the archive's bytes found.
fn divergences(item: &Item) -> Vec<Said> {
    let facts = item.facts.as_ref();
    let divergences = facts.into_iter().flat_map(|facts| facts.divergences());
    divergences
        .map(|divergence| {
            Said::new(divergence.code)
                .with("readers", divergence.reader_names())
                .with("go", &divergence.go_sees)
                .with("others", &divergence.others_see)
                .with("entry", &divergence.entry)
                .with("at", divergence.at)
        })
        .list()
}

/// What a document's readers differ about.
fn documents(item: &Item) -> Vec<Said> {
    let said = |finding: &Finding| Said { code: finding.code, args: finding.args.clone() };
    let differs = |code: &str| is_ambiguous(code) || crate::history::AMBIGUOUS.contains(&code);
    item.findings.iter().filter(|finding| differs(finding.code)).map(said).list()
}

/// Parts with one name and different content: docker reads the last one, others the first. The walk reports equal names of
/// plain files; here are the parts that make the image another one.
fn names_twice(case: &Case, id: ItemId) -> Vec<Said> {
    if !matches!(case.item(id).body, Body::ImageArchive) {
        return Vec::new();
    }
    let mut by_name: Map<&str, Vec<&Item>> = Map::new();
    for part in case.parts(id) {
        let item = case.item(*part);
        if let Origin::Entry(name) = &item.origin {
            by_name.entry(name).or_default().push(item);
        }
    }
    let differ = by_name.into_iter().filter(|(_, parts)| parts.iter().any(|part| part.sha256 != parts[0].sha256));
    differ
        .map(|(name, parts)| {
            let (first, last) = (parts[0], parts[parts.len() - 1]);
            let said = Said::new("archive-ambiguity.part-twice").with("name", visible(name.as_bytes()));
            said.with("first", first.sha256).with("last", last.sha256)
        })
        .list()
}
