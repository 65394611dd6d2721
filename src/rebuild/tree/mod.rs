//! The file system that docker's ADD makes out of a tarball, without a file system.
//!
//! docker unpacks the tarball into an empty directory and packs the directory again, so the layer is a function of the
//! *tree*: later entries replace earlier ones, a hard link's header changes the file that it shares, parents that no entry
//! names appear with the time of the build. [`Unpack`] takes the entries one by one and follows these rules;
//! [`Tree`] is the result. BuildKit's ADD calls the same code, buildah's differs in three small ways that the tree remembers.

mod arena;
mod listing;
mod node;
mod path;
#[cfg(test)]
mod tests;
mod unpack;
mod visitor;

pub use node::Modified;
pub use unpack::{Kind, Refused, TreeEntry, Unpack};
pub use visitor::TreeVisitor;

pub(super) use listing::{Item, ItemKind};

use arena::Arena;
use node::Node;

/// What is allowed to grow, and how far. Absolute numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeLimits {
    /// Bytes of all file contents together; they are held in memory once.
    pub content: u64,
    /// Files, directories and other nodes, replaced ones included.
    pub nodes: u32,
}

impl Default for TreeLimits {
    /// 1 GiB and a million nodes.
    fn default() -> Self {
        Self { content: 1 << 30, nodes: 1_000_000 }
    }
}

/// A file system tree, ready to be written as a layer.
#[derive(Debug)]
pub struct Tree {
    nodes: Vec<Node>,
    arena: Arena,
}

impl Tree {
    /// Bytes of file contents that are held, replaced files included.
    pub fn content_size(&self) -> u64 {
        self.arena.size()
    }
}
