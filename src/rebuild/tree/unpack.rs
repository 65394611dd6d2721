//! Entry by entry: what `archive.Unpack` of docker does to a directory.

use super::node::{Content, Modified, Node, NodeId};
use super::path::{Lost, Spot, is_within, join, parent, real_path, walk};
use super::{Tree, TreeLimits};
use crate::finding::{ReadError, visible};
use crate::order::Map;
use std::cell::Cell;

/// One entry of a tarball as Go's reader gives it, extended headers applied.
#[derive(Debug, Clone, Copy)]
pub struct TreeEntry<'a> {
    /// Name as written.
    pub name: &'a [u8],
    /// What it is.
    pub kind: Kind,
    /// Mode as written; only the lowest twelve bits count.
    pub mode: i64,
    /// Numeric owner.
    pub uid: i64,
    /// Numeric group.
    pub gid: i64,
    /// Modification time in seconds since 1970, rounded down.
    pub mtime: i64,
    /// Target of a hard or symbolic link.
    pub link: &'a [u8],
    /// Major and minor number of a device.
    pub device: (i64, i64),
    /// Extended attributes, in the order in which they are set.
    pub xattrs: &'a [(Vec<u8>, Vec<u8>)],
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Regular file (flag `0` or NUL).
    File,
    /// Hard link.
    HardLink,
    /// Symbolic link.
    Symlink,
    /// Character device.
    Char,
    /// Block device.
    Block,
    /// Directory.
    Directory,
    /// Named pipe.
    Fifo,
    /// PAX global header; docker passes it over.
    Global,
    /// Another flag; docker refuses it.
    Other(u8),
}

/// Why docker would not have made an image of this tarball: it stops with an error, and so there is no layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Stable code; the catalogue has the sentence.
    pub code: &'static str,
    /// Name of the entry, safe to show.
    pub entry: String,
}

/// Takes the entries of a tarball and unpacks them in memory.
///
/// ```
/// use layerproof::rebuild::tree::{Kind, TreeEntry, TreeLimits, Unpack};
/// let mut unpack = Unpack::new(b"/", TreeLimits::default());
/// let entry = TreeEntry {
///     name: b"etc/motd", kind: Kind::File, mode: 0o644, uid: 0, gid: 0, mtime: 1, link: b"", device: (0, 0), xattrs: &[],
/// };
/// unpack.entry(&entry)?;
/// unpack.data(b"hello\n")?;
/// let tree = unpack.finish();
/// assert_eq!(tree.map(|tree| tree.content_size()), Ok(6));
/// # Ok::<(), layerproof::finding::ReadError>(())
/// ```
pub struct Unpack {
    tree: Tree,
    limits: TreeLimits,
    /// Where the tarball is unpacked, joined (empty for the root).
    destination: Vec<u8>,
    /// Directory entries with their times; they are applied again at the end.
    directories: Vec<(Vec<u8>, Modified)>,
    /// Who owns everything, whatever the entries say (`ADD --chown`).
    owner: Option<Owner>,
    /// The file that takes the content that comes.
    open: Option<NodeId>,
    refused: Option<Refused>,
    /// Path components that may still be walked.
    budget: Cell<u64>,
}

/// Numeric user and group.
pub type Owner = (u32, u32);

/// Path components that one tarball may make this program walk: a few symbolic links can make every path very long.
const STEPS: u64 = 100_000_000;

fn too_much(what: &str, limit: u64) -> ReadError {
    ReadError::new("rebuild.too-many-nodes", format!("at most {limit} {what}"), "more").with("limit", limit)
}

/// What stops one entry.
enum Stop {
    Refused(&'static str),
    Read(ReadError),
}

impl From<Lost> for Stop {
    fn from(lost: Lost) -> Self {
        Self::Refused(match lost {
            Lost::Exhausted => return Self::Read(too_much("path components", STEPS)),
            Lost::Missing => "rebuild.parent-missing",
            Lost::NotDirectory => "rebuild.parent-no-directory",
            Lost::Loop => "rebuild.symlink-loop",
            Lost::TooLong => "rebuild.name-too-long",
        })
    }
}

impl Unpack {
    /// An empty root; the tarball will be unpacked at `destination` (`/` for `ADD rootfs.tar /`), which is made if it is not
    /// the root.
    pub fn new(destination: &[u8], limits: TreeLimits) -> Self {
        let mut unpack = Self::on(Tree::empty(), limits);
        unpack.begin_tarball(destination, None);
        unpack
    }

    /// Goes on with a tree.
    pub fn on(tree: Tree, limits: TreeLimits) -> Self {
        Self {
            tree,
            limits,
            destination: Vec::new(),
            directories: Vec::new(),
            owner: None,
            open: None,
            refused: None,
            budget: Cell::new(STEPS),
        }
    }

    /// Goes on with an empty tree.
    pub fn on_nothing(limits: TreeLimits) -> Self {
        Self::on(Tree::empty(), limits)
    }

    /// What comes is a tarball that is unpacked at `destination`, which is made if it is not there. With `owner` everything
    /// belongs to that user and group.
    pub fn begin_tarball(&mut self, destination: &[u8], owner: Option<Owner>) {
        // Builders follow the destination's symbolic links once, before anything is unpacked.
        let destination = self.followed(&join(b"", destination));
        if self.make_directories(&destination, owner.unwrap_or_default()).is_err() {
            self.refuse("rebuild.name-too-long", &destination);
        }
        (self.destination, self.owner) = (destination, owner);
    }

    /// The real path of a directory, as far as there is one.
    fn followed(&self, path: &[u8]) -> Vec<u8> {
        real_path(&self.tree.nodes, &self.budget, path).unwrap_or_else(|| path.to_vec())
    }

    /// What comes is the content of a file that COPY takes over: into the directory at `path` if there is one or `path` ends
    /// with a slash, else to `path` itself. Directories that are missing are made and belong to `owner`, too. `mode` is `None`
    /// where nobody wrote it down; nobody ever writes the time down.
    ///
    /// # Errors
    /// As [`Unpack::entry`].
    pub fn begin_file(&mut self, path: &[u8], name: &[u8], mode: Option<u32>, owner: Owner) -> Result<(), ReadError> {
        self.tree.count += 1;
        let placed = self.place_file(path, name, mode, owner);
        self.keep(placed, path)
    }

    fn place_file(&mut self, path: &[u8], name: &[u8], mode: Option<u32>, owner: Owner) -> Result<(), Stop> {
        let joined = join(b"", path);
        let found = walk(&self.tree.nodes, &self.budget, &joined, true).ok().and_then(|spot| spot.node);
        let is_directory = found.is_some_and(|id| self.tree.nodes[id as usize].is_directory());
        let joined = if is_directory || path.ends_with(b"/") { join(&joined, name) } else { joined };
        self.make_directories(parent(&joined), owner)?;
        if let Some(id) = walk(&self.tree.nodes, &self.budget, &joined, false)?.node {
            if self.tree.nodes[id as usize].is_directory() {
                return Err(Stop::Refused("rebuild.file-over-directory"));
            }
            self.unlink(&joined)?;
        }
        let mut node = Node::new(Content::File(self.tree.arena.begin()), mode.unwrap_or(0o644));
        (node.uid, node.gid) = owner;
        node.set_time(Modified::WhenCheckedOut);
        let id = self.add_node(node)?;
        self.add_name(&joined, id)?;
        if mode.is_none() {
            self.tree.copied.push(id);
        }
        self.open = Some(id);
        Ok(())
    }

    fn keep(&mut self, placed: Result<(), Stop>, name: &[u8]) -> Result<(), ReadError> {
        match placed {
            Ok(()) => Ok(()),
            Err(Stop::Read(error)) => Err(error),
            Err(Stop::Refused(code)) => {
                self.refuse(code, name);
                Ok(())
            }
        }
    }

    /// The next entry. After a refusal nothing more is unpacked.
    ///
    /// # Errors
    /// `rebuild.too-many-nodes` when the tree outgrows its limit.
    pub fn entry(&mut self, entry: &TreeEntry<'_>) -> Result<(), ReadError> {
        self.open = None;
        self.tree.count += 1;
        if self.refused.is_some() || entry.kind == Kind::Global {
            return Ok(());
        }
        let placed = self.place(entry);
        self.keep(placed, entry.name)
    }

    /// The next bytes of the entry's content.
    ///
    /// # Errors
    /// `rebuild.too-large` when all contents together outgrow the limit.
    pub fn data(&mut self, content: &[u8]) -> Result<(), ReadError> {
        let Some(id) = self.open else { return Ok(()) };
        if self.tree.arena.size() + content.len() as u64 > self.limits.content {
            return Err(ReadError::new("rebuild.too-large", format!("at most {} bytes of content", self.limits.content), "more")
                .with("limit", self.limits.content));
        }
        if let Content::File(extent) = &mut self.tree.nodes[id as usize].content {
            self.tree.arena.append(extent, content);
        }
        Ok(())
    }

    /// A directory that an instruction makes (`WORKDIR`), with those above it; those that are missing belong to `owner`.
    ///
    /// # Errors
    /// As [`Unpack::entry`].
    pub fn directory(&mut self, path: &[u8], owner: Owner) -> Result<(), ReadError> {
        self.tree.count += 1;
        let path = self.followed(&join(b"", path));
        let made = self.make_directories(&path, owner);
        self.keep(made, &path)
    }

    /// Bytes of all paths together.
    pub(super) fn path_size(&self) -> u64 {
        self.tree.path_size()
    }

    /// A tarball ends: the directories that it names get their times.
    pub fn end_tarball(&mut self) {
        self.settle_directories();
        (self.destination, self.owner, self.open) = (Vec::new(), None, None);
    }

    /// The tree.
    ///
    /// # Errors
    /// Why docker would have stopped.
    pub fn finish(mut self) -> Result<Tree, Refused> {
        self.end_tarball();
        match self.refused {
            Some(refused) => Err(refused),
            None => Ok(self.tree),
        }
    }

    fn refuse(&mut self, code: &'static str, name: &[u8]) {
        self.refused.get_or_insert_with(|| Refused { code, entry: visible(name) });
    }

    fn place(&mut self, entry: &TreeEntry<'_>) -> Result<(), Stop> {
        let path = join(&self.destination, entry.name);
        if !is_within(&path, &self.destination) {
            return Err(Stop::Refused("rebuild.name-outside"));
        }
        self.make_directories(parent(&path), Owner::default())?;
        if path == self.destination {
            return self.place_root(entry, &path);
        }
        let existing = walk(&self.tree.nodes, &self.budget, &path, false)?.node;
        let merges = entry.kind == Kind::Directory && existing.is_some_and(|id| self.tree.nodes[id as usize].is_directory());
        if existing.is_some() && !merges {
            self.unlink(&path)?;
        }
        let id = match existing {
            Some(id) if merges => id,
            _ => self.create(entry, &path)?,
        };
        self.apply(id, entry);
        if entry.kind == Kind::Directory {
            self.directories.push((path, Modified::At(entry.mtime)));
        }
        Ok(())
    }

    /// An entry for the destination itself: `./` is passed over, other spellings of it set its attributes.
    fn place_root(&mut self, entry: &TreeEntry<'_>, path: &[u8]) -> Result<(), Stop> {
        if join(b"", entry.name).is_empty() && !entry.name.starts_with(b"/") {
            return Ok(());
        }
        if entry.kind != Kind::Directory {
            return Err(Stop::Refused("rebuild.replaces-root"));
        }
        if let Some(id) = walk(&self.tree.nodes, &self.budget, path, false)?.node {
            self.apply(id, entry);
            self.directories.push((path.to_vec(), Modified::At(entry.mtime)));
        }
        Ok(())
    }

    /// Makes the node of an entry at a path where nothing is.
    fn create(&mut self, entry: &TreeEntry<'_>, path: &[u8]) -> Result<NodeId, Stop> {
        let mode = (entry.mode & 0o7777) as u32;
        let (major, minor) = ((entry.device.0 & 0xfff) as u32, (entry.device.1 & 0xf_ffff) as u32);
        let content = match entry.kind {
            Kind::Directory => Content::Directory(Map::new()),
            Kind::File => Content::File(self.tree.arena.begin()),
            Kind::Symlink => self.symlink(entry, path)?,
            Kind::Char => Content::Char { major, minor },
            Kind::Block => Content::Block { major, minor },
            Kind::Fifo => Content::Fifo,
            Kind::HardLink => {
                let id = self.link_target(entry)?;
                self.add_name(path, id)?;
                return Ok(id);
            }
            Kind::Other(_) | Kind::Global => return Err(Stop::Refused("rebuild.type-refused")),
        };
        let is_file = matches!(content, Content::File(_));
        let id = self.add_node(Node::new(content, mode))?;
        self.add_name(path, id)?;
        self.open = is_file.then_some(id);
        Ok(id)
    }

    fn symlink(&self, entry: &TreeEntry<'_>, path: &[u8]) -> Result<Content, Stop> {
        if !is_within(&join(parent(path), entry.link), &self.destination) {
            return Err(Stop::Refused("rebuild.link-outside"));
        }
        match entry.link.len() {
            0 => Err(Stop::Refused("rebuild.link-target-missing")),
            1..=4095 => Ok(Content::Symlink(entry.link.to_vec())),
            _ => Err(Stop::Refused("rebuild.name-too-long")),
        }
    }

    /// The node that a hard link shares.
    fn link_target(&self, entry: &TreeEntry<'_>) -> Result<NodeId, Stop> {
        let target = join(&self.destination, entry.link);
        if !is_within(&target, &self.destination) {
            return Err(Stop::Refused("rebuild.link-outside"));
        }
        let found = walk(&self.tree.nodes, &self.budget, &target, false).ok().and_then(|spot| spot.node);
        let id = found.ok_or(Stop::Refused("rebuild.link-target-missing"))?;
        if self.tree.nodes[id as usize].is_directory() {
            return Err(Stop::Refused("rebuild.link-to-directory"));
        }
        Ok(id)
    }

    /// Owner, attributes, mode and time of an entry's header, in this order.
    fn apply(&mut self, id: NodeId, entry: &TreeEntry<'_>) {
        // docker looks the target up from the root, wherever it unpacks.
        let sets_mode = match entry.kind {
            Kind::HardLink => {
                let target = walk(&self.tree.nodes, &self.budget, entry.link, false).ok().and_then(|spot| spot.node);
                target.is_some_and(|target| !self.tree.nodes[target as usize].is_symlink())
            }
            _ => true,
        };
        let layer = self.tree.layer;
        let node = &mut self.tree.nodes[id as usize];
        node.layer = layer;
        (node.uid, node.gid) = self.owner.unwrap_or((entry.uid as u32, entry.gid as u32));
        if !node.is_directory() {
            // Linux drops file capabilities when the owner is set.
            node.xattrs.retain(|(name, _)| name != b"security.capability");
        }
        for (name, value) in entry.xattrs {
            set_xattr(&mut node.xattrs, name, value);
        }
        if node.is_symlink() {
            node.mode = 0o777;
        } else if sets_mode {
            node.mode = (entry.mode & 0o7777) as u32;
        }
        if sets_mode {
            node.set_time(Modified::At(entry.mtime));
        }
    }

    /// Makes every missing directory of a joined path.
    fn make_directories(&mut self, path: &[u8], owner: Owner) -> Result<(), Stop> {
        match walk(&self.tree.nodes, &self.budget, path, false) {
            Ok(Spot { node: Some(_), .. }) => return Ok(()),
            Ok(_) | Err(Lost::Missing) => {}
            Err(lost) => return Err(lost.into()),
        }
        let ends = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(index, _)| index);
        for end in ends.chain([path.len()]) {
            let prefix = &path[..end];
            match walk(&self.tree.nodes, &self.budget, prefix, true) {
                Ok(Spot { node: Some(id), .. }) if self.tree.nodes[id as usize].is_directory() => {}
                Ok(Spot { node: Some(_), .. }) => return Err(Lost::NotDirectory.into()),
                _ => {
                    // A symbolic link that leads nowhere is in the way of the directory.
                    if walk(&self.tree.nodes, &self.budget, prefix, false)?.node.is_some() {
                        return Err(Lost::NotDirectory.into());
                    }
                    let mut node = Node::implied();
                    (node.uid, node.gid) = owner;
                    let id = self.add_node(node)?;
                    self.add_name(prefix, id)?;
                }
            }
        }
        Ok(())
    }

    fn add_node(&mut self, mut node: Node) -> Result<NodeId, Stop> {
        let id = self.tree.nodes.len() as NodeId;
        if id >= self.limits.nodes {
            return Err(Stop::Read(too_much("files", self.limits.nodes.into())));
        }
        node.layer = self.tree.layer;
        self.tree.nodes.push(node);
        Ok(id)
    }

    /// Gives a node a name where none is.
    fn add_name(&mut self, path: &[u8], id: NodeId) -> Result<(), Stop> {
        let spot = walk(&self.tree.nodes, &self.budget, path, false)?;
        let (directory, name) = (spot.parent, spot.name.to_vec());
        self.change(directory, |children| {
            children.insert(name, id);
        });
        Ok(())
    }

    /// Removes a name with all that is below it; other names of the node stay.
    fn unlink(&mut self, path: &[u8]) -> Result<(), Stop> {
        let spot = walk(&self.tree.nodes, &self.budget, path, false)?;
        let (directory, name) = (spot.parent, spot.name.to_vec());
        self.change(directory, |children| {
            children.remove(&name);
        });
        Ok(())
    }

    fn change(&mut self, directory: NodeId, change: impl FnOnce(&mut Map<Vec<u8>, NodeId>)) {
        let (count, layer) = (self.tree.count, self.tree.layer);
        let node = &mut self.tree.nodes[directory as usize];
        if let Content::Directory(children) = &mut node.content {
            change(children);
            (node.changed, node.layer) = (count, layer);
            // A directory that an entry names gets the entry's time back in the end.
            node.set_time(Modified::WhenBuilt);
        }
    }

    /// Applies directory times once more, since unpacking into a directory changed them. Symbolic links are followed, so a
    /// directory that was replaced by a link hands its time to where the link leads.
    fn settle_directories(&mut self) {
        let directories = std::mem::take(&mut self.directories);
        for (path, time) in &directories {
            match self.settled(path) {
                Some(id) => self.tree.nodes[id as usize].mtime = *time,
                None => self.refuse("rebuild.directory-gone", path),
            }
        }
        for (path, time) in directories.iter().rev() {
            if let Some(id) = self.settled(path) {
                self.tree.nodes[id as usize].first_mtime = *time;
            }
        }
    }

    fn settled(&self, path: &[u8]) -> Option<NodeId> {
        walk(&self.tree.nodes, &self.budget, path, true).ok().and_then(|spot| spot.node)
    }
}

fn set_xattr(xattrs: &mut Vec<(Vec<u8>, Vec<u8>)>, name: &[u8], value: &[u8]) {
    match xattrs.binary_search_by(|(known, _)| known.as_slice().cmp(name)) {
        Ok(index) => xattrs[index].1 = value.to_vec(),
        Err(index) => xattrs.insert(index, (name.to_vec(), value.to_vec())),
    }
}
