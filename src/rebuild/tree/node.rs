//! What a path of the tree leads to. Hard links lead to one node.

use super::arena::Extent;
use crate::order::Map;

/// Index of a node.
pub(super) type NodeId = u32;

/// The root directory.
pub(super) const ROOT: NodeId = 0;

/// An inode.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) content: Content,
    /// Permission, setuid, setgid and sticky bits.
    pub(super) mode: u32,
    pub(super) uid: u32,
    pub(super) gid: u32,
    pub(super) mtime: Modified,
    /// The modification time where the first of several headers of a directory wins (buildah).
    pub(super) first_mtime: Modified,
    /// Sorted by name.
    pub(super) xattrs: Vec<(Vec<u8>, Vec<u8>)>,
    /// For a directory: number of the entry that last added or removed a name in it.
    pub(super) changed: u32,
    /// The layer that last touched it.
    pub(super) layer: u32,
}

/// What a node is.
#[derive(Debug, Clone)]
pub(super) enum Content {
    Directory(Map<Vec<u8>, NodeId>),
    File(Extent),
    Symlink(Vec<u8>),
    Char { major: u32, minor: u32 },
    Block { major: u32, minor: u32 },
    Fifo,
}

impl Content {
    /// Whether both are the same device, or both are pipes.
    pub(super) fn is_same_device(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Char { major: a, minor: b }, Self::Char { major: c, minor: d })
            | (Self::Block { major: a, minor: b }, Self::Block { major: c, minor: d }) => (a, b) == (c, d),
            (Self::Fifo, Self::Fifo) => true,
            _ => false,
        }
    }
}

/// A modification time in whole seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modified {
    /// The input says it.
    At(i64),
    /// The builder's clock said it when the image was built.
    WhenBuilt,
    /// The clock of the machine said it on which somebody checked the file out.
    WhenCheckedOut,
}

impl Node {
    /// A directory that the builder makes because a name needs it.
    pub(super) fn implied() -> Self {
        Self::new(Content::Directory(Map::new()), 0o755)
    }

    pub(super) fn new(content: Content, mode: u32) -> Self {
        let mtime = Modified::WhenBuilt;
        Self { content, mode, uid: 0, gid: 0, mtime, first_mtime: mtime, xattrs: Vec::new(), changed: 0, layer: 0 }
    }

    /// Sets the modification time, whichever header of several counts.
    pub(super) fn set_time(&mut self, time: Modified) {
        (self.mtime, self.first_mtime) = (time, time);
    }

    pub(super) fn is_directory(&self) -> bool {
        matches!(self.content, Content::Directory(_))
    }

    pub(super) fn is_symlink(&self) -> bool {
        matches!(self.content, Content::Symlink(_))
    }

    pub(super) fn children(&self) -> Option<&Map<Vec<u8>, NodeId>> {
        match &self.content {
            Content::Directory(children) => Some(children),
            _ => None,
        }
    }
}
