//! What a path of the tree leads to. Hard links lead to one node.

use super::arena::Extent;
use std::collections::BTreeMap;

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
    /// For a directory: number of the tarball's entry that last added or removed a name in it.
    pub(super) changed: u32,
}

/// What a node is.
#[derive(Debug, Clone)]
pub(super) enum Content {
    Directory(BTreeMap<Vec<u8>, NodeId>),
    File(Extent),
    Symlink(Vec<u8>),
    Char { major: u32, minor: u32 },
    Block { major: u32, minor: u32 },
    Fifo,
}

/// A modification time in whole seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modified {
    /// The input says it.
    At(i64),
    /// The builder's clock said it when the image was built.
    WhenBuilt,
}

impl Node {
    /// A directory that the builder makes because a name needs it.
    pub(super) fn implied() -> Self {
        Self::new(Content::Directory(BTreeMap::new()), 0o755)
    }

    pub(super) fn new(content: Content, mode: u32) -> Self {
        let mtime = Modified::WhenBuilt;
        Self { content, mode, uid: 0, gid: 0, mtime, first_mtime: mtime, xattrs: Vec::new(), changed: 0 }
    }

    pub(super) fn is_directory(&self) -> bool {
        matches!(self.content, Content::Directory(_))
    }

    pub(super) fn is_symlink(&self) -> bool {
        matches!(self.content, Content::Symlink(_))
    }

    pub(super) fn children(&self) -> Option<&BTreeMap<Vec<u8>, NodeId>> {
        match &self.content {
            Content::Directory(children) => Some(children),
            _ => None,
        }
    }
}
