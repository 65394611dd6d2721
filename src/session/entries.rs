//! Pages through the entries of an archive, for lists that are too long for a report.

use super::protocol::EntryRow;
use crate::case::{Case, ItemId};
use crate::finding::visible;
use crate::intake::{Entry, EntryKind};
use std::collections::BTreeSet;

/// The page of entries that fit a filter, and how many fit in all.
pub(super) fn page(case: &Case, evidence: &str, filter: &str, from: u32, count: u32) -> (u64, Vec<EntryRow>) {
    let item = case.items().find(|(_, item)| item.id == evidence);
    let Some((id, tar)) = item.and_then(|(id, item)| Some((id, item.tar()?))) else { return (0, Vec::new()) };
    let below = below(case, id);
    let marked = tar.entries.iter().map(|entry| (entry, marks(entry, &below)));
    let fitting = marked.filter(|(entry, marks)| fits(entry, marks, filter));
    let total = fitting.clone().count() as u64;
    (total, fitting.skip(from as usize).take(count as usize).map(|(entry, marks)| row(entry, marks)).collect())
}

/// Paths of the layers below, if the item is a layer of an image: an entry of such a path changes what is there.
fn below(case: &Case, id: ItemId) -> BTreeSet<Vec<u8>> {
    let images = case.images();
    let lower = images.iter().find_map(|image| {
        let place = image.layers.iter().position(|layer| layer.item == Some(id))?;
        Some(&image.layers[..place])
    });
    let tars = lower.unwrap_or_default().iter().filter_map(|layer| case.item(layer.item?).tar());
    tars.flat_map(|tar| &tar.entries)
        .filter(|entry| entry.kind != EntryKind::Directory)
        .map(|entry| entry.clean().into_owned())
        .collect()
}

/// An entry fits a word that is one of its marks, or a text that its path contains.
fn fits(entry: &Entry, marks: &[&str], filter: &str) -> bool {
    filter.is_empty() || marks.contains(&filter) || visible(&entry.clean()).contains(filter)
}

fn marks(entry: &Entry, below: &BTreeSet<Vec<u8>>) -> Vec<&'static str> {
    let name = entry.clean();
    let base = name.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    let candidates = [
        (entry.mode & 0o6000 != 0 && entry.kind == EntryKind::File, "setuid"),
        (entry.device().is_some(), "device"),
        (base.starts_with(b".wh."), "whiteout"),
        (below.contains(&*name), "changed"),
        (entry.mode & 0o002 != 0 && entry.mode & 0o1000 == 0 && entry.kind != EntryKind::Symlink, "world-writable"),
    ];
    candidates.into_iter().filter(|(holds, _)| *holds).map(|(_, mark)| mark).collect()
}

fn row(entry: &Entry, marks: Vec<&'static str>) -> EntryRow {
    EntryRow {
        path: visible(&entry.name),
        kind: entry.kind.name(),
        mode: format!("{:04o}", entry.mode & 0o7777),
        owner: format!("{}:{}", entry.uid, entry.gid),
        size: entry.size,
        modified: crate::finding::rfc3339(entry.mtime),
        target: target(entry),
        sha256: entry.digest().map(|digest| digest.hex()).unwrap_or_default(),
        marks: marks.into_iter().map(str::to_owned).collect(),
    }
}

fn target(entry: &Entry) -> String {
    match entry.device() {
        Some((major, minor)) => format!("{major}, {minor}"),
        None => visible(&entry.link),
    }
}
