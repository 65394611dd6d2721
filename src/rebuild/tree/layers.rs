//! A tree on top of another one.

use super::Tree;
use super::arena::Arena;
use super::node::{Content, Modified, Node, NodeId, ROOT};
use crate::order::{Gather, Map};
use std::sync::Arc;

/// How a builder finds out what belongs to a layer above the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Diff {
    /// Everything that was touched, equal or not: docker with overlay2 packs the upper directory as it is.
    Touched,
    /// What was touched and is not equal: BuildKit and containerd compare contents, too. A directory's time is not compared.
    Compared,
    /// What differs by `stat`, ordered by whole paths: docker with vfs and other drivers without a directory of changes.
    Sorted,
}

impl Diff {
    /// All of them, the likeliest first.
    pub const ALL: [Self; 3] = [Self::Touched, Self::Compared, Self::Sorted];
}

impl Tree {
    /// The root directory and nothing in it.
    pub(super) fn empty() -> Self {
        Self { nodes: vec![Node::implied()], arena: Arena::default(), count: 0, layer: 0, lower: None, copied: Vec::new() }
    }

    /// The same tree, for the next instruction to change; its layer is empty so far.
    pub fn next_layer(self: &Arc<Self>) -> Self {
        Self { layer: self.layer + 1, lower: Some(Arc::clone(self)), copied: Vec::new(), ..(**self).clone() }
    }

    /// Number of the layer that is being made; the lowest is 0.
    pub fn layer(&self) -> u32 {
        self.layer
    }

    /// Whether files of this layer came from a context without their modes.
    pub fn has_copied(&self) -> bool {
        !self.copied.is_empty()
    }

    /// Gives the files that came from a context their modes: `program` to programs, `other` to other files.
    /// Returns the modes, in the order of the files.
    pub fn set_copied_modes(&mut self, program: u32, other: u32) -> Vec<u32> {
        let copied = self.copied.clone();
        let modes: Vec<u32> = copied.iter().map(|id| if self.is_program(*id) { program } else { other }).list();
        for (id, mode) in copied.iter().zip(&modes) {
            self.nodes[*id as usize].mode = *mode;
        }
        modes
    }

    /// Whether a file's time is that of a checkout that nobody wrote down.
    pub fn has_checked_out(&self) -> bool {
        self.nodes.iter().any(|node| node.mtime == Modified::WhenCheckedOut)
    }

    /// Whether a file begins as programs and scripts do.
    fn is_program(&self, id: NodeId) -> bool {
        let Content::File(extent) = self.nodes[id as usize].content else { return false };
        let start: Vec<u8> = self.arena.pieces(extent).flatten().take(4).copied().list();
        start == b"\x7fELF" || start.starts_with(b"#!")
    }

    /// Puts known times in the place of those that only a clock knew. `built` gets the number of the entry after which a
    /// directory last changed.
    pub fn settle(&mut self, built: impl Fn(u32) -> i64, checked_out: Option<i64>) {
        for node in &mut self.nodes {
            let changed = node.changed;
            for time in [&mut node.mtime, &mut node.first_mtime] {
                *time = match *time {
                    Modified::WhenBuilt => Modified::At(built(changed)),
                    Modified::WhenCheckedOut => checked_out.map_or(Modified::WhenCheckedOut, Modified::At),
                    known => known,
                };
            }
        }
    }

    /// What stands at each child's name in the tree below.
    pub(super) fn lower_child(&self, parent: Option<NodeId>, name: &[u8]) -> Option<NodeId> {
        self.lower.as_ref()?.nodes[parent? as usize].children()?.get(name).copied()
    }

    /// The root of the tree below.
    pub(super) fn lower_root(&self) -> Option<NodeId> {
        self.lower.as_ref().map(|_| ROOT)
    }

    /// Whether a builder leaves out of the layer what stands at a path: nothing touched it, or it is as before.
    pub(super) fn is_unchanged(&self, id: NodeId, below: Option<NodeId>, diff: Diff) -> bool {
        let Some(lower) = &self.lower else { return false };
        let node = &self.nodes[id as usize];
        let before = below.map(|below| &lower.nodes[below as usize]);
        node.layer != self.layer
            || (diff != Diff::Touched && before.is_some_and(|before| self.is_equal(node, lower, before, diff)))
    }

    fn is_equal(&self, node: &Node, lower: &Self, before: &Node, diff: Diff) -> bool {
        let owner = |node: &Node| (node.mode, node.uid, node.gid);
        if owner(node) != owner(before) || capability(node) != capability(before) {
            return false;
        }
        let bytes = |tree: &Self, extent| tree.arena.pieces(extent).flatten().copied().collect::<Vec<u8>>();
        match (&node.content, &before.content) {
            (Content::Directory(_), Content::Directory(_)) => true,
            _ if !matches!(node.mtime, Modified::At(_)) || node.mtime != before.mtime => false,
            (Content::File(ours), Content::File(theirs)) => {
                ours.length == theirs.length && (diff == Diff::Sorted || bytes(self, *ours) == bytes(lower, *theirs))
            }
            (Content::Symlink(ours), Content::Symlink(theirs)) => {
                if diff == Diff::Sorted {
                    ours.len() == theirs.len()
                } else {
                    ours == theirs
                }
            }
            (ours, theirs) => ours.is_same_device(theirs),
        }
    }

    /// Why the layer is not written: a new directory where something else was needs a mark that hides the old one, and a file
    /// with several names that is changed through one of them is torn apart by some file systems and not by others.
    pub(super) fn obstacle_at(&self, id: NodeId, below: Option<NodeId>, names: &Map<NodeId, u32>) -> Option<&'static str> {
        let lower = self.lower.as_ref()?;
        let node = &self.nodes[id as usize];
        let is_new = id as usize >= lower.nodes.len();
        if is_new && below.is_some_and(|below| !lower.nodes[below as usize].is_directory()) && node.is_directory() {
            return Some("rebuild.layer-hides");
        }
        let is_shared = names.get(&id).is_some_and(|count| *count > 1);
        (!is_new && is_shared && node.layer == self.layer && !node.is_directory()).then_some("rebuild.layer-tears-links")
    }
}

fn capability(node: &Node) -> Option<&Vec<u8>> {
    node.xattrs.iter().find(|(name, _)| name == b"security.capability").map(|(_, value)| value)
}
