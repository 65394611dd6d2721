//! Pages through the entries of an archive, for lists that are too long for a report.

use super::protocol::EntryRow;
use crate::case::Case;
use crate::finding::visible;
use crate::intake::{Entry, EntryKind};

/// The page of entries that fit a filter, and how many fit in all.
pub(super) fn page(case: &Case, evidence: &str, filter: &str, from: u32, count: u32) -> (u64, Vec<EntryRow>) {
    let item = case.items().find(|(_, item)| item.id == evidence);
    let Some(tar) = item.and_then(|(_, item)| item.tar()) else { return (0, Vec::new()) };
    let fitting = tar.entries.iter().filter(|entry| fits(entry, filter));
    let total = fitting.clone().count() as u64;
    (total, fitting.skip(from as usize).take(count as usize).map(row).collect())
}

/// An entry fits a word that is one of its marks, or a text that its path contains.
fn fits(entry: &Entry, filter: &str) -> bool {
    filter.is_empty() || marks(entry).contains(&filter) || visible(&entry.clean()).contains(filter)
}

fn marks(entry: &Entry) -> Vec<&'static str> {
    let name = entry.clean();
    let base = name.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    let candidates = [
        (entry.mode & 0o6000 != 0 && entry.kind == EntryKind::File, "setuid"),
        (entry.device().is_some(), "device"),
        (base.starts_with(b".wh."), "whiteout"),
        (entry.mode & 0o002 != 0 && entry.mode & 0o1000 == 0 && entry.kind != EntryKind::Symlink, "world-writable"),
    ];
    candidates.into_iter().filter(|(holds, _)| *holds).map(|(_, mark)| mark).collect()
}

fn row(entry: &Entry) -> EntryRow {
    EntryRow {
        path: visible(&entry.name),
        kind: entry.kind.name(),
        mode: format!("{:04o}", entry.mode & 0o7777),
        owner: format!("{}:{}", entry.uid, entry.gid),
        size: entry.size,
        modified: crate::finding::rfc3339(entry.mtime),
        target: target(entry),
        sha256: entry.digest().map(|digest| digest.hex()).unwrap_or_default(),
        marks: marks(entry).into_iter().map(str::to_owned).collect(),
    }
}

fn target(entry: &Entry) -> String {
    match entry.device() {
        Some((major, minor)) => format!("{major}, {minor}"),
        None => visible(&entry.link),
    }
}
