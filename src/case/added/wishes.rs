//! What the second pass over a file is asked for, so that recorded hashes can be found again.

use super::context::{may_be_added, roots};
use super::{buildah, transfer};
use crate::align::name_fits;
use crate::case::{Body, Case, Item, ItemId};
use crate::digest::Digest;
use crate::dockerfile::Transfer;
use crate::history::{Builder, History};
use crate::order::{Gather, Set};
use crate::recipe::Family;
use crate::recipe::add_hash::{self, Header};
use crate::recipe::buildah_hash::{self, Entry};

/// Ways of naming a large file that are tried first: nearly every builder in use is among them. The rest, ten times as many
/// hashes, are tried only if none of these fits.
const LIKELY: usize = 12;
/// Files up to this size, in bytes, are tried in every way at once.
const SMALL: u64 = 2 << 20;
/// Files up to this size, in bytes, are kept where a hash is over several of them.
const KEPT: u64 = 1 << 20;
/// Bytes that are kept of all files together.
const KEPT_OF_ALL: u64 = 64 << 20;

/// Everything that the histories of a case ask of files at hand.
#[derive(Debug, Default)]
pub struct Wishes<'c> {
    /// Hashes that histories record.
    hashes: Set<Digest>,
    /// Folders in which Dockerfiles lie.
    roots: Set<String>,
    /// Lines that copy something whose hash is recorded.
    lines: Vec<Line<'c>>,
    /// A hash of a directory or of several sources is recorded: then every file of the folder may be part of it.
    several: bool,
    /// buildah may have written one of the histories.
    buildah: bool,
    /// Whether small files are kept for buildah's directories.
    keeps: bool,
}

#[derive(Debug)]
struct Line<'c> {
    sources: &'c [String],
    transfer: &'c Transfer,
    buildah: bool,
}

/// What one file is asked for. Nothing, if all is empty.
#[derive(Debug, Default)]
pub struct Wish {
    /// Headers of the classic builder's context.
    pub headers: Vec<Header>,
    /// Entries of buildah's archive.
    pub packed: Vec<Entry>,
    /// The hash of the tarball as buildah unpacks it.
    pub unpacked: bool,
    /// The bytes themselves.
    pub content: bool,
}

impl Wish {
    /// How many ways are tried.
    pub fn ways(&self) -> usize {
        self.headers.len() + self.packed.len() + usize::from(self.unpacked)
    }

    /// Whether there is nothing to do.
    pub fn is_nothing(&self) -> bool {
        self.ways() == 0 && !self.content
    }
}

impl<'c> Wishes<'c> {
    /// Collects what the histories of a case ask for.
    pub fn of(case: &'c Case) -> Self {
        let mut wishes = Self::default();
        for (_, history) in case.histories() {
            for entry in &history.entries {
                wishes.hashes.extend(add_hash::recorded(&entry.created_by));
                wishes.several |= ["dir:", "multi:"].iter().any(|kind| entry.created_by.contains(kind));
            }
            wishes.buildah |= is_buildah(history);
        }
        if wishes.hashes.is_empty() {
            return wishes;
        }
        wishes.roots = case.dockerfiles().flat_map(|(id, _)| roots(&case.item(id).name)).collect();
        for pairing in case.pairings() {
            let Some(alignment) = pairing.alignments.first() else { continue };
            let buildah = alignment.family == Some(Family::Buildah);
            for row in alignment.rows.iter().filter(|row| row.hash.is_some() && !row.sources.is_empty()) {
                let Some(transfer) = transfer(case, pairing, row) else { continue };
                wishes.buildah |= buildah;
                wishes.keeps |= buildah && row.hash.as_ref().is_some_and(|hash| hash.kind != "file:");
                wishes.lines.push(Line { sources: &row.sources, transfer, buildah });
            }
        }
        let size = |(_, item): (ItemId, &Item)| if item.size <= KEPT { item.size } else { 0 };
        wishes.keeps &= case.items().filter(|(_, item)| may_be_added(case, item)).map(size).sum::<u64>() <= KEPT_OF_ALL;
        wishes
    }

    /// What is asked of one file.
    pub fn for_item(&self, case: &Case, id: ItemId) -> Wish {
        let item = case.item(id);
        if self.hashes.is_empty() || !self.concerns(case, item) {
            return Wish::default();
        }
        let known = case.reread(id);
        let content = self.keeps && item.size <= KEPT && known.is_none_or(|known| known.content.is_none());
        let found = |hash: &Digest| self.hashes.contains(hash);
        let has = known.is_some_and(|known| {
            let hashes = known.add_hashes.iter().map(|(_, hash)| hash).chain(known.packed.iter().map(|(_, hash)| hash));
            hashes.chain(known.unpacked.iter().flatten()).any(found)
        });
        // Every way of a file may be part of a directory's hash, so one that fits does not end the search there.
        if has && !self.several {
            return Wish { content, ..Wish::default() };
        }
        let tried = known.map_or(0, |known| known.add_hashes.len());
        let mut headers = add_hash::candidates(&self.paths(item), item.size);
        if item.size > SMALL && tried == 0 {
            headers.truncate(LIKELY);
        }
        let mut packed = if self.buildah { self.packed(case, item) } else { Vec::new() };
        if let Some(known) = known {
            headers.retain(|header| known.add_hashes.iter().all(|(tried, _)| tried != header));
            packed.retain(|entry| known.packed.iter().all(|(tried, _)| tried != entry));
        }
        let unpacked = self.buildah && matches!(item.body, Body::Tarball) && known.is_none_or(|known| known.unpacked.is_none());
        Wish { headers, packed, unpacked, content }
    }

    /// Whether a Dockerfile could have added the file. Files that are evidence themselves count where a whole folder may have
    /// been added.
    fn concerns(&self, case: &Case, item: &Item) -> bool {
        let plain = matches!(item.body, Body::Tarball | Body::Other | Body::Document(_));
        let named = || self.lines.iter().any(|line| line.sources.iter().any(|source| name_fits(source, &item.name).is_some()));
        may_be_added(case, item) && (plain || self.several || named())
    }

    /// Paths under which a context may have had the file, the likeliest first.
    fn paths(&self, item: &Item) -> Vec<String> {
        let below = self.roots.iter().filter(|root| !root.is_empty()).filter_map(|root| item.name.strip_prefix(root.as_str()));
        let mut paths: Vec<String> = std::iter::once(item.name.as_str()).chain(below).map(str::to_owned).list();
        for line in &self.lines {
            let plain = line.sources.iter().filter(|source| !source.contains(['*', '?', '[', '\\']));
            paths.extend(plain.filter(|source| name_fits(source, &item.name).is_some()).cloned());
        }
        let mut seen = Set::new();
        paths.retain(|path| seen.insert(path.clone()));
        paths
    }

    /// Ways in which buildah may have packed the file: under its own name, under the one that a line gives it, and under that
    /// of a link to it.
    fn packed(&self, case: &Case, item: &Item) -> Vec<Entry> {
        let base = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let own = base(&item.name);
        let mut found = buildah_hash::candidates(std::slice::from_ref(&own), None, &[(0, 0)]);
        for line in self.lines.iter().filter(|line| line.buildah) {
            let links = || case.items().filter(|(_, link)| may_be_added(case, link) && leads_to(link, item));
            let named = |item: &Item| line.sources.iter().any(|source| name_fits(source, &item.name).is_some());
            let mut names: Vec<String> = links().filter(|(_, link)| named(link)).map(|(_, link)| base(&link.name)).list();
            if named(item) || line.sources.iter().any(|source| source.ends_with('/') || source == ".") {
                names.push(own.clone());
            }
            if names.is_empty() {
                continue;
            }
            let destination = line.transfer.destination.trim_matches(['"', '\'']);
            if !destination.ends_with('/') {
                names.push(base(destination));
            }
            let (chmod, chown) = (buildah::mode(line.transfer.chmod.as_deref()), line.transfer.chown.as_deref());
            found.extend(buildah_hash::candidates(&names, chmod, &buildah::owners(chown)));
        }
        let mut seen = Set::new();
        found.retain(|entry| seen.insert(entry.clone()));
        found
    }
}

/// Whether an item has the same content as another, or is the text of a link to it in the same folder.
pub(super) fn leads_to(link: &Item, item: &Item) -> bool {
    let same = link.name != item.name && link.sha256 == item.sha256;
    same || super::context::is_link_text(&link.name, &link.sha256, &item.name)
}

/// Whether buildah may have written the history, or part of it.
fn is_buildah(history: &History) -> bool {
    let entry = |entry: &crate::history::HistoryEntry| entry.fingerprint().builder == Some(Builder::Buildah);
    history.marks.buildah_version.is_some() || history.entries.iter().any(entry)
}
