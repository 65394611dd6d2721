//! Every Dockerfile of a case laid beside every history.

use super::{Binding, Body, Case, ItemId, Sent};
use crate::align::{Alignment, Context, FileAtHand, Outcome, ProvedHash, align};
use crate::history::History;
use crate::order::{self, Gather};
use std::cmp::Reverse;

/// Dockerfiles times histories that are laid side by side; a whole checkout beside many images would be too much to read.
pub const MAX_PAIRS: usize = 256;

/// One Dockerfile beside one history.
#[derive(Debug, Clone)]
pub struct Pairing {
    /// The Dockerfile.
    pub dockerfile: ItemId,
    /// The item that carries the history.
    pub history: ItemId,
    /// The history of the base image, if one at hand is the beginning of this one.
    pub base: Option<ItemId>,
    /// How they stand to each other, the best alignment first; never empty.
    pub alignments: Vec<Alignment>,
    /// Other Dockerfiles of the same dropped folder that were laid beside this history, fit less well, and are left out: nobody
    /// says of every Dockerfile of a checkout that it made this image.
    pub others: Vec<ItemId>,
}

impl Pairing {
    /// Whether Dockerfile and history say the same.
    pub fn agrees(&self) -> bool {
        self.alignments.first().is_some_and(|alignment| alignment.outcome == Outcome::Agrees)
    }

    /// How well they fit: the better, the greater.
    fn fit(&self) -> (Outcome, Reverse<usize>, usize) {
        let Some(best) = self.alignments.first() else { return (Outcome::Contradicted, Reverse(usize::MAX), 0) };
        let bad = best.rows.iter().filter(|row| row.relation.is_bad()).count();
        let joined = best.rows.iter().filter(|row| row.instruction.is_some() && row.entry.is_some()).count();
        (best.outcome, Reverse(bad), joined)
    }
}

/// Lays every pair side by side.
pub(super) fn pairings(case: &Case) -> Vec<Pairing> {
    let files = files(case);
    let add_hashes = proved_hashes(case);
    let pairs = case.dockerfiles().flat_map(|dockerfile| case.histories().map(move |history| (dockerfile, history)));
    let pairings = pairs
        .filter(|(_, (_, history))| !history.entries.is_empty())
        .take(MAX_PAIRS)
        .map(|((dockerfile, file), (id, history))| {
            let base = base(case, id, history);
            let context = Context {
                build_args: case.options().build_args.clone(),
                target: case.options().target.clone(),
                platform: case.options().platform.clone(),
                files: files.clone(),
                add_hashes: add_hashes.clone(),
                base: base.and_then(|base| case.item(base).history.as_deref()),
            };
            Pairing { dockerfile, history: id, base, alignments: align(file, history, &context), others: Vec::new() }
        })
        .list();
    settle(case, pairings)
}

/// Of the Dockerfiles of one dropped folder only those stay beside a history that agree with it, or else the one that comes
/// closest; best pairs first.
fn settle(case: &Case, mut pairings: Vec<Pairing>) -> Vec<Pairing> {
    order::sort_by_key(&mut pairings, |pairing| Reverse(pairing.fit()));
    let mut kept: Vec<Pairing> = Vec::with_capacity(pairings.len());
    for pairing in pairings {
        let folder = &case.item(pairing.dockerfile).folder;
        let is_beside = |other: &&mut Pairing| other.history == pairing.history && case.item(other.dockerfile).folder == *folder;
        match kept.iter_mut().find(is_beside) {
            Some(better) if folder.is_some() && !pairing.agrees() => better.others.push(pairing.dockerfile),
            _ => kept.push(pairing),
        }
    }
    kept
}

/// Files that an ADD or COPY may have taken.
fn files(case: &Case) -> Vec<FileAtHand> {
    let could_be_added = case.items().filter(|(_, item)| {
        let is_loose = item.parent.is_none_or(|parent| case.item(parent).facts.is_none());
        is_loose && !matches!(item.body, Body::Dockerfile(_) | Body::History | Body::ImageArchive | Body::ImageFolder)
    });
    could_be_added.map(|(_, item)| FileAtHand { name: item.name.clone(), digest: Some(item.sha256) }).list()
}

/// Hashes that files at hand give; only those that a history names matter, and the matching finds them by their digits.
fn proved_hashes(case: &Case) -> Vec<ProvedHash> {
    case.bindings.iter().flat_map(|((kind, digest), binding)| proved_hash(case, kind, digest.hex(), binding)).list()
}

/// One hash under the file's name and under those of links to it.
fn proved_hash(case: &Case, kind: &str, hex: String, binding: &Binding) -> Vec<ProvedHash> {
    let [part] = binding.parts.as_slice() else {
        return vec![ProvedHash { path: names(case, binding), kind: kind.to_owned(), hex, named: false }];
    };
    let item = part.item.map(|item| case.item(item).name.clone()).unwrap_or_default();
    let path = match &part.sent {
        Sent::InContext(header) => header.name.clone(),
        Sent::Packed(_) | Sent::Unpacked | Sent::Implied(_) => item,
    };
    let named = kind == "file:" && !matches!(part.sent, Sent::Unpacked);
    let paths = std::iter::once(path).chain(binding.aliases.iter().cloned());
    paths.map(|path| ProvedHash { path, kind: kind.to_owned(), hex: hex.clone(), named }).list()
}

/// The files of a binding, the first few by name.
fn names(case: &Case, binding: &Binding) -> String {
    let mut names: Vec<&str> = binding.parts.iter().filter_map(|part| Some(case.item(part.item?).name.as_str())).list();
    let count = names.len();
    names.truncate(3);
    let more = if count > 3 { format!(" and {} more", count - 3) } else { String::new() };
    format!("{}{more}", names.join(", "))
}

/// The longest other history whose entries are the beginning of this one.
fn base(case: &Case, id: ItemId, history: &History) -> Option<ItemId> {
    let others = case.histories().filter(|(other, _)| *other != id);
    let begins = others.filter(|(_, other)| {
        let count = other.entries.len();
        count > 0
            && count < history.entries.len()
            && other
                .entries
                .iter()
                .zip(&history.entries)
                .all(|(base, own)| base.created_by.trim_end() == own.created_by.trim_end())
    });
    begins.max_by_key(|(_, other)| other.entries.len()).map(|(other, _)| other)
}
