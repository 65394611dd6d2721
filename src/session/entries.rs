//! Pages through the entries of an archive, for lists that are too long for a report.

use super::protocol::EntryRow;
use crate::case::{Case, ItemId};
use crate::finding::visible;
use crate::intake::{Entry, EntryKind};
use crate::order::{Gather, Set};

/// The page of entries that fit a filter, and how many fit in all.
pub(super) fn page(case: &Case, evidence: &str, filter: &str, from: u32, count: u32) -> (u64, Vec<EntryRow>) {
    let item = case.items().find(|(_, item)| item.id == evidence);
    let Some((id, tar)) = item.and_then(|(id, item)| Some((id, item.tar()?))) else { return (0, Vec::new()) };
    let below = below(case, id);
    let marked = tar.entries.iter().map(|entry| (entry, marks(entry, &below)));
    let fitting = marked.filter(|(entry, marks)| fits(entry, marks, filter));
    let total = fitting.clone().count() as u64;
    (total, fitting.skip(from as usize).take(count as usize).map(|(entry, marks)| row(entry, marks)).list())
}

/// Paths of the layers below, if the item is a layer of an image: an entry of such a path changes what is there.
fn below(case: &Case, id: ItemId) -> Set<Vec<u8>> {
    let images = case.images();
    let lower = images.iter().find_map(|image| {
        let place = image.layers.iter().position(|layer| layer.item == Some(id))?;
        Some(&image.layers[..place])
    });
    let tars = lower.unwrap_or_default().iter().filter_map(|layer| case.item(layer.item?).tar());
    tars.flat_map(|tar| &tar.entries)
        .filter(|entry| entry.kind != EntryKind::Directory)
        .map(|entry| entry.clean().into_owned())
        .gather()
}

/// Marks that a filter can ask for.
const MARKS: [&str; 5] = ["setuid", "device", "whiteout", "changed", "world-writable"];

/// A filter is a mark, a text that the path contains (large and small letters alike), or a mark, a blank and such a text.
fn fits(entry: &Entry, marks: &[&str], filter: &str) -> bool {
    let (first, rest) = filter.split_once(' ').unwrap_or((filter, ""));
    let (mark, text) = if MARKS.contains(&first) { (first, rest) } else { ("", filter) };
    let holds = |text: &str| visible(&entry.clean()).to_lowercase().contains(&text.to_lowercase());
    (mark.is_empty() || marks.contains(&mark)) && (text.is_empty() || holds(text))
}

fn marks(entry: &Entry, below: &Set<Vec<u8>>) -> Vec<&'static str> {
    let name = entry.clean();
    let base = name.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    let candidates = [
        (entry.mode & 0o6000 != 0 && entry.kind == EntryKind::File, "setuid"),
        (entry.device().is_some(), "device"),
        (base.starts_with(b".wh."), "whiteout"),
        (below.contains(&*name), "changed"),
        (entry.mode & 0o002 != 0 && entry.mode & 0o1000 == 0 && entry.kind != EntryKind::Symlink, "world-writable"),
    ];
    candidates.into_iter().filter(|(holds, _)| *holds).map(|(_, mark)| mark).list()
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
        marks: marks.into_iter().map(str::to_owned).list(),
    }
}

fn target(entry: &Entry) -> String {
    match entry.device() {
        Some((major, minor)) => format!("{major}, {minor}"),
        None => visible(&entry.link),
    }
}

#[cfg(test)]
mod tests {
    use crate::example::files;
    use crate::session::Session;
    use crate::session::protocol::Example;

    #[test]
    fn a_filter_is_a_mark_a_text_or_both() {
        let mut session = Session::new();
        for file in files(Example::HiddenLayer) {
            let source = session.open(&file.name, None);
            session.push(source, &file.bytes);
            session.close(source);
        }
        let tarball = session.report().evidence.into_iter().find(|one| one.kind == "rootfs-tarball").map(|one| one.id);
        let paths = |filter: &str| -> Vec<String> {
            let (_, rows) = super::page(session.case(), tarball.as_deref().unwrap_or_default(), filter, 0, 100);
            rows.into_iter().map(|row| row.path).collect()
        };
        assert_eq!(paths("setuid"), ["bin/su"]);
        assert_eq!(paths("setuid BIN/S"), ["bin/su"]);
        assert_eq!(paths("setuid etc"), Vec::<String>::new());
        assert_eq!(paths("ETC/host"), ["etc/hostname"]);
        assert_eq!(paths("").len(), 24);
    }
}
