//! The file system that docker's ADD makes out of a tarball, without a file system.
//!
//! docker unpacks the tarball into an empty directory and packs the directory again, so the layer is a function of the
//! *tree*: later entries replace earlier ones, a hard link's header changes the file that it shares, parents that no entry
//! names appear with the time of the build. [`Unpack`] takes the entries one by one and follows these rules;
//! [`Tree`] is the result. BuildKit's ADD calls the same code, buildah's differs in three small ways that the tree remembers.
//!
//! The next instruction works on the tree so far ([`Tree::next_layer`]); its layer holds what it touched. How builders find
//! that out differs ([`Diff`]).

mod arena;
mod layers;
mod listing;
mod node;
mod path;
#[cfg(test)]
mod tests;
mod unpack;
mod visitor;

pub use layers::Diff;
pub use node::Modified;
pub use unpack::{Kind, Owner, Refused, TreeEntry, Unpack};
pub use visitor::TreeVisitor;

pub(super) use listing::{Item, ItemKind};

use arena::Arena;
use node::{Node, NodeId};
use std::sync::Arc;

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

/// A file system tree, ready to be written as a layer. Copies share the contents of files.
#[derive(Debug, Clone)]
pub struct Tree {
    nodes: Vec<Node>,
    arena: Arena,
    /// Entries so far, of all layers.
    count: u32,
    /// Number of the layer that is being made; the lowest is 0.
    layer: u32,
    /// The tree without this layer.
    lower: Option<Arc<Tree>>,
    /// Files that were copied from a context in this layer and whose mode nobody wrote down.
    copied: Vec<NodeId>,
}

impl Tree {
    /// Bytes of file contents that are held, replaced files included.
    pub fn content_size(&self) -> u64 {
        self.arena.size()
    }
}
