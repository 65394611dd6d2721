//! A tree as a layer's tar, in each profile.

use super::names;
use super::profile::Profile;
use crate::rebuild::tree::{Item, ItemKind, Modified, Tree};
use crate::recipe::go_tar::{BLOCK, Header};

/// The last second that a builder's file system keeps; later times become 1970.
const LATEST: i64 = i64::MAX / 1_000_000_000;

/// What takes the place of times that only the builder's clock knew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BuildTime {
    /// Seconds since 1970.
    pub second: i64,
    /// Directories that changed after so many entries of the tarball have the next second: unpacking went on in it.
    pub until: u32,
}

impl BuildTime {
    /// One second for all.
    pub fn at(second: i64) -> Self {
        Self { second, until: u32::MAX }
    }
}

/// An entry's header in one profile.
pub(super) struct Written {
    /// All header blocks.
    pub(super) bytes: Vec<u8>,
    /// Whether the last block's time is the builder's clock's.
    pub(super) is_timed: bool,
}

/// Writes the header of one item; its builder's time is `time`, or 0.
pub(super) fn header(tree: &Tree, item: &Item, profile: Profile, time: Option<BuildTime>) -> Written {
    let (modified, is_timed) = match tree.modified(item, profile.buildah) {
        Modified::At(second) if profile.buildah || (0..=LATEST).contains(&second) => (second, false),
        Modified::At(_) => (0, false),
        // A rewritten time is the epoch: the build was later.
        Modified::WhenBuilt if profile.latest.is_some() => (i64::MAX, false),
        Modified::WhenBuilt => (time.map_or(0, |time| time.second + i64::from(tree.changed(item) > time.until)), true),
    };
    let (uid, gid) = tree.owner(item);
    let (flag, bits, link, device) = kind(item);
    let capability = capability(tree, item);
    let mut header = Header {
        name: &item.path,
        link: item.link.as_deref().unwrap_or(link),
        flag: if item.link.is_some() { b'1' } else { flag },
        mode: i64::from(tree.mode(item) | if profile.type_bits { bits } else { 0 }),
        uid: i64::from(uid),
        gid: i64::from(gid),
        size: item.size(),
        mtime: profile.latest.map_or(modified, |latest| modified.min(latest)),
        device: (i64::from(device.0), i64::from(device.1)),
        ..Header::default()
    };
    if profile.debian_names {
        (header.user, header.group) = (names::user(uid).as_bytes(), names::group(gid).as_bytes());
    }
    header.xattrs.extend(capability.as_deref().map(|value| (&b"security.capability"[..], value)));
    if profile.buildah {
        let users = tree.xattrs(item).iter().filter(|(name, _)| name.starts_with(b"user."));
        header.xattrs.extend(users.map(|(name, value)| (name.as_slice(), value.as_slice())));
    }
    let mut bytes = Vec::with_capacity(BLOCK);
    header.write(&mut bytes);
    Written { bytes, is_timed }
}

/// Type flag, file type bits, link target and device numbers.
fn kind(item: &Item) -> (u8, u32, &[u8], (u32, u32)) {
    match &item.kind {
        ItemKind::File => (b'0', 0o100_000, b"", (0, 0)),
        ItemKind::Symlink(target) => (b'2', 0o120_000, target, (0, 0)),
        ItemKind::Char { major, minor } => (b'3', 0o020_000, b"", (*major, *minor)),
        ItemKind::Block { major, minor } => (b'4', 0o060_000, b"", (*major, *minor)),
        ItemKind::Directory => (b'5', 0o040_000, b"", (0, 0)),
        ItemKind::Fifo => (b'6', 0o010_000, b"", (0, 0)),
    }
}

/// File capabilities; those of revision 3, which are bound to a user namespace, are written as revision 2.
fn capability(tree: &Tree, item: &Item) -> Option<Vec<u8>> {
    let (_, value) = tree.xattrs(item).iter().find(|(name, _)| name == b"security.capability")?;
    let mut value = value.clone();
    if value.len() >= 20 && value[3] == 3 {
        value[3] = 2;
        value.truncate(20);
    }
    Some(value)
}

/// Bytes of zeros after a content of this size.
pub(super) fn padding(size: u64) -> &'static [u8] {
    &ZEROS[..(size.next_multiple_of(BLOCK as u64) - size) as usize]
}

/// Two zero blocks.
pub(super) const END: &[u8] = &ZEROS;

static ZEROS: [u8; 2 * BLOCK] = [0; 2 * BLOCK];

/// Writes the whole layer of one profile, piece by piece.
pub fn write_layer(tree: &Tree, profile: Profile, time: Option<BuildTime>, mut sink: impl FnMut(&[u8])) {
    for item in &tree.list() {
        sink(&header(tree, item, profile, time).bytes);
        tree.content(item).for_each(&mut sink);
        sink(padding(item.size()));
    }
    sink(END);
}
