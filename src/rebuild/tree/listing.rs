//! The tree in the order in which builders write it.

use super::arena::Extent;
use super::node::{Content, Modified, NodeId, ROOT};
use super::{Node, Tree};
use std::collections::BTreeMap;

/// One path of the tree, as a tar writer needs it.
#[derive(Debug)]
pub(in crate::rebuild) struct Item {
    /// Path without a leading slash; a directory's ends with one.
    pub(in crate::rebuild) path: Vec<u8>,
    pub(in crate::rebuild) kind: ItemKind,
    /// Where this is a hard link: the first path of the same node.
    pub(in crate::rebuild) link: Option<Vec<u8>>,
    node: NodeId,
    extent: Extent,
}

/// What stands at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rebuild) enum ItemKind {
    Directory,
    File,
    Symlink(Vec<u8>),
    Char { major: u32, minor: u32 },
    Block { major: u32, minor: u32 },
    Fifo,
}

impl Item {
    /// Bytes of content that follow the header: none for a hard link.
    pub(in crate::rebuild) fn size(&self) -> u64 {
        self.extent.length
    }
}

impl Tree {
    /// Bytes of all paths together.
    pub(super) fn path_size(&self) -> u64 {
        let (mut size, mut ahead) = (0, vec![(ROOT, 0_u64)]);
        while let Some((id, prefix)) = ahead.pop() {
            for (name, child) in self.nodes[id as usize].children().into_iter().flatten() {
                let path = prefix + name.len() as u64 + 1;
                size += path;
                ahead.push((*child, path));
            }
        }
        size
    }

    /// All paths but the root: each directory before its children, children by the bytes of their names.
    pub(in crate::rebuild) fn list(&self) -> Vec<Item> {
        let mut items = Vec::new();
        let mut first_paths: BTreeMap<NodeId, Vec<u8>> = BTreeMap::new();
        // Reversed, so that the next one is at the end; depth costs no stack.
        let mut ahead: Vec<(Vec<u8>, NodeId)> = self.children_of(b"", ROOT).collect();
        while let Some((path, id)) = ahead.pop() {
            let node = &self.nodes[id as usize];
            let mut item = describe(path, id, node);
            if node.is_directory() {
                ahead.extend(self.children_of(&item.path, id));
            } else if let Some(first) = first_paths.get(&id) {
                (item.link, item.extent) = (Some(first.clone()), Extent::default());
            } else {
                first_paths.insert(id, item.path.clone());
            }
            items.push(item);
        }
        items
    }

    /// Children, last one first. `prefix` ends with a slash or is empty.
    fn children_of<'a>(&'a self, prefix: &[u8], id: NodeId) -> impl Iterator<Item = (Vec<u8>, NodeId)> + use<'a> {
        let prefix = prefix.to_vec();
        let children = self.nodes[id as usize].children().into_iter().flatten().rev();
        children.map(move |(name, id)| ([&prefix[..], name].concat(), *id))
    }

    /// The bytes of an item's content, in pieces.
    pub(in crate::rebuild) fn content(&self, item: &Item) -> impl Iterator<Item = &[u8]> {
        self.arena.pieces(item.extent)
    }

    /// Permission bits.
    pub(in crate::rebuild) fn mode(&self, item: &Item) -> u32 {
        self.nodes[item.node as usize].mode
    }

    /// Numeric owner and group.
    pub(in crate::rebuild) fn owner(&self, item: &Item) -> (u32, u32) {
        let node = &self.nodes[item.node as usize];
        (node.uid, node.gid)
    }

    /// Modification time; `first` asks for the one of a directory's first header.
    pub(in crate::rebuild) fn modified(&self, item: &Item, first: bool) -> Modified {
        let node = &self.nodes[item.node as usize];
        if first { node.first_mtime } else { node.mtime }
    }

    /// Extended attributes, sorted by name.
    pub(in crate::rebuild) fn xattrs(&self, item: &Item) -> &[(Vec<u8>, Vec<u8>)] {
        &self.nodes[item.node as usize].xattrs
    }

    /// For a directory: when a name was last added to it or removed from it, as the number of an entry.
    pub(in crate::rebuild) fn changed(&self, item: &Item) -> u32 {
        self.nodes[item.node as usize].changed
    }
}

fn describe(mut path: Vec<u8>, node: NodeId, of: &Node) -> Item {
    let mut extent = Extent::default();
    let kind = match &of.content {
        Content::Directory(_) => {
            path.push(b'/');
            ItemKind::Directory
        }
        Content::File(content) => {
            extent = *content;
            ItemKind::File
        }
        Content::Symlink(target) => ItemKind::Symlink(target.clone()),
        Content::Char { major, minor } => ItemKind::Char { major: *major, minor: *minor },
        Content::Block { major, minor } => ItemKind::Block { major: *major, minor: *minor },
        Content::Fifo => ItemKind::Fifo,
    };
    Item { path, kind, link: None, node, extent }
}
