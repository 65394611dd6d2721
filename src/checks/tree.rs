//! What an archive leaves on disk, and how two of them differ.
//!
//! Names are cleaned, the last entry of a name counts, the root's own entry does not. Hard links are files with the content of
//! what they link to, since which of several names is the file depends on the order of the archive.

use crate::finding::{Said, visible};
use crate::intake::{Entry, EntryKind, TarFacts};
use crate::order::{self, Map};

/// Differences that are kept one by one; more are counted.
const KEPT: usize = 50;

/// A file system tree as an archive describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tree<'a>(Map<Vec<u8>, Node<'a>>);

/// What is at one path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Node<'a> {
    kind: EntryKind,
    mode: u32,
    owner: (i64, i64),
    size: u64,
    sha256: Option<[u8; 32]>,
    link: &'a [u8],
    device: Option<(i64, i64)>,
    capability: Option<&'a [u8]>,
    mtime: i64,
}

/// How two trees differ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Differences {
    /// The first differences, sorted by path, each a sentence.
    pub(super) said: Vec<Said>,
    /// Paths that differ in more than their times.
    pub(super) count: u64,
    /// Paths that are in both.
    pub(super) common: u64,
    /// Paths that differ in their times only.
    pub(super) times: u64,
}

impl<'a> Tree<'a> {
    /// The tree of an archive. `None` if not all of its entries are at hand.
    pub(super) fn of(tar: &'a TarFacts) -> Option<Self> {
        if tar.beyond() > 0 {
            return None;
        }
        let mut nodes: Map<Vec<u8>, Node<'a>> = Map::new();
        for entry in tar.entries.iter().filter(|entry| entry.kind != EntryKind::Global) {
            let path = entry.clean().into_owned();
            if path.is_empty() {
                continue;
            }
            let mut node = node(entry);
            if entry.kind == EntryKind::HardLink
                && let Some(target) = nodes.get(&*crate::intake::clean(&entry.link))
            {
                node = Node { mtime: node.mtime, ..*target };
            }
            nodes.insert(path, node);
        }
        Some(Self(nodes))
    }

    /// Number of paths.
    pub(super) fn len(&self) -> u64 {
        self.0.len() as u64
    }

    /// What differs, seen from `self` (left) to `other` (right).
    pub(super) fn differences(&self, other: &Self) -> Differences {
        let mut differences = Differences::default();
        for (path, left) in &self.0 {
            match other.0.get(path) {
                None => differences.add(only("tree.only-left", path)),
                Some(right) => {
                    differences.common += 1;
                    differences.compare(path, left, right);
                }
            }
        }
        for path in other.0.keys().filter(|path| !self.0.contains_key(*path)) {
            differences.add(only("tree.only-right", path));
        }
        order::sort_by(&mut differences.said, |left, right| left.args.cmp(&right.args));
        differences
    }
}

fn node(entry: &Entry) -> Node<'_> {
    let capability = entry.xattrs().iter().find(|(name, _)| name == b"security.capability");
    Node {
        kind: entry.kind,
        mode: entry.mode & 0o7777,
        owner: (entry.uid, entry.gid),
        size: if entry.kind.has_content() { entry.size } else { 0 },
        sha256: entry.sha256,
        link: &entry.link,
        device: entry.device().filter(|_| matches!(entry.kind, EntryKind::CharDevice | EntryKind::BlockDevice)),
        capability: capability.map(|(_, value)| value.as_slice()),
        mtime: entry.mtime,
    }
}

fn only(code: &'static str, path: &[u8]) -> Said {
    Said::new(code).with("path", visible(path))
}

impl Differences {
    fn add(&mut self, said: Said) {
        self.count += 1;
        if self.said.len() < KEPT {
            self.said.push(said);
        }
    }

    /// The first property in which two nodes differ; the mode of a symbolic link means nothing.
    fn compare(&mut self, path: &[u8], left: &Node<'_>, right: &Node<'_>) {
        let is_link = left.kind == EntryKind::Symlink;
        let different = [
            (left.kind != right.kind, "tree.kind", left.kind.name(), right.kind.name()),
            (left.sha256 != right.sha256 || left.size != right.size, "tree.content", content(left), content(right)),
            (left.link != right.link, "tree.link", visible(left.link), visible(right.link)),
            (left.mode != right.mode && !is_link, "tree.mode", octal(left.mode), octal(right.mode)),
            (left.owner != right.owner, "tree.owner", owner(left.owner), owner(right.owner)),
            (left.device != right.device, "tree.device", device(left.device), device(right.device)),
            (left.capability != right.capability, "tree.capability", hex(left.capability), hex(right.capability)),
        ];
        match different.into_iter().find(|(differs, ..)| *differs) {
            Some((_, code, left, right)) => {
                self.add(Said::new(code).with("path", visible(path)).with("left", left).with("right", right));
            }
            None if left.mtime != right.mtime => self.times += 1,
            None => {}
        }
    }
}

fn content(node: &Node<'_>) -> String {
    let digest = node.sha256.map(|value| crate::digest::hex(&value[..6]));
    format!("{} bytes, sha256 {}…", node.size, digest.unwrap_or_default())
}

fn octal(mode: u32) -> String {
    format!("{mode:04o}")
}

fn owner((uid, gid): (i64, i64)) -> String {
    format!("{uid}:{gid}")
}

fn device(numbers: Option<(i64, i64)>) -> String {
    numbers.map_or_else(|| "none".to_owned(), |(major, minor)| format!("{major},{minor}"))
}

fn hex(value: Option<&[u8]>) -> String {
    value.map_or_else(|| "none".to_owned(), crate::digest::hex)
}
