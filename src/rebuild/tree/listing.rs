//! The tree in the order in which builders write it.

use super::arena::Extent;
use super::node::{Content, Modified, NodeId, ROOT};
use super::{Diff, Refused, Tree};
use crate::finding::visible;
use crate::order::{Gather, Map};

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

    /// The paths of the layer: each directory before its children, children by the bytes of their names ([`Diff::Sorted`] orders
    /// layers above the first by whole paths). Directories above a changed path are among them, the root never.
    pub(in crate::rebuild) fn list(&self, diff: Diff) -> Vec<Item> {
        let mut items: Vec<Item> = self.changed_paths(diff).into_iter().map(|(path, id)| describe(path, id, self)).list();
        if diff == Diff::Sorted && self.lower.is_some() {
            let key = |item: &Item| item.path.strip_suffix(b"/").unwrap_or(&item.path).to_vec();
            items.sort_by_cached_key(key);
        }
        let mut first_paths: Map<NodeId, usize> = Map::new();
        for index in 0..items.len() {
            let id = items[index].node;
            if self.nodes[id as usize].is_directory() {
                continue;
            }
            match first_paths.get(&id) {
                Some(first) => {
                    (items[index].link, items[index].extent) = (Some(items[*first].path.clone()), Extent::default());
                }
                None => drop(first_paths.insert(id, index)),
            }
        }
        items
    }

    /// Why the layer is not written, and the path at which that is so.
    pub(in crate::rebuild) fn obstacle(&self) -> Option<Refused> {
        self.lower.as_ref()?;
        let visited = self.visit();
        let mut names: Map<NodeId, u32> = Map::new();
        for below in visited.iter().filter_map(|one| one.below) {
            *names.entry(below).or_default() += 1;
        }
        visited.iter().find_map(|one| {
            let code = self.obstacle_at(one.id, one.below, &names)?;
            Some(Refused { code, entry: visible(&one.path) })
        })
    }

    fn changed_paths(&self, diff: Diff) -> Vec<(Vec<u8>, NodeId)> {
        let visited = self.visit();
        let mut is_in: Vec<bool> = visited.iter().map(|one| !self.is_unchanged(one.id, one.below, diff)).list();
        // Parents stand before their children.
        for index in (0..visited.len()).rev() {
            if let (true, Some(parent)) = (is_in[index], visited[index].parent) {
                is_in[parent] = true;
            }
        }
        visited.into_iter().zip(is_in).filter(|(_, is_in)| *is_in).map(|(one, _)| (one.path, one.id)).list()
    }

    /// All paths but the root, in the order of a walk.
    fn visit(&self) -> Vec<Visited> {
        let mut all: Vec<Visited> = Vec::new();
        // Reversed, so that the next one is at the end; depth costs no stack.
        let mut ahead: Vec<Visited> = self.children_of(b"", ROOT, self.lower_root(), None).list();
        while let Some(next) = ahead.pop() {
            if self.nodes[next.id as usize].is_directory() {
                let prefix = [&next.path[..], b"/"].concat();
                ahead.extend(self.children_of(&prefix, next.id, next.below, Some(all.len())));
            }
            all.push(next);
        }
        all
    }

    /// Children, last one first. `prefix` ends with a slash or is empty.
    fn children_of<'a>(
        &'a self,
        prefix: &[u8],
        id: NodeId,
        below: Option<NodeId>,
        parent: Option<usize>,
    ) -> impl Iterator<Item = Visited> + use<'a> {
        let prefix = prefix.to_vec();
        let children = self.nodes[id as usize].children().into_iter().flatten().rev();
        children.map(move |(name, id)| {
            let below = self.lower_child(below, name);
            Visited { path: [&prefix[..], name].concat(), id: *id, below, parent }
        })
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

/// A path that a walk came by.
struct Visited {
    /// Without a slash at either end.
    path: Vec<u8>,
    id: NodeId,
    /// What the tree below has at this path.
    below: Option<NodeId>,
    /// Index of the directory that it is in; none for the root.
    parent: Option<usize>,
}

fn describe(mut path: Vec<u8>, node: NodeId, tree: &Tree) -> Item {
    let of = &tree.nodes[node as usize];
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
