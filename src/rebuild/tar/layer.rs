//! A tree as a layer's tar, in each profile.

use super::names;
use super::profile::Profile;
use crate::rebuild::tree::{Diff, Item, ItemKind, Modified, Tree};
use crate::recipe::go_tar::{BLOCK, Header};

/// The last second that a builder's file system keeps; later times become 1970.
const LATEST: i64 = i64::MAX / 1_000_000_000;

/// What takes the place of times that only clocks knew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BuildTime {
    /// Seconds since 1970 when the layer was made.
    pub second: i64,
    /// Directories that changed after so many entries have the next second: unpacking went on in it.
    pub until: u32,
    /// Seconds since 1970 when copied files were checked out; `None` where nothing was copied.
    pub checked_out: Option<i64>,
}

impl BuildTime {
    /// One second for all.
    pub fn at(second: i64) -> Self {
        Self { second, until: u32::MAX, checked_out: None }
    }

    /// The time of a directory that last changed with this entry.
    pub fn built(self, changed: u32) -> i64 {
        self.second + i64::from(changed > self.until)
    }

    /// The time of a copied file.
    pub fn copied(self) -> i64 {
        self.checked_out.unwrap_or(self.second)
    }
}

/// Whose clock a time is by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    /// The input says it.
    None,
    /// The builder's.
    Build,
    /// That of the checkout.
    Checkout,
}

/// An entry's header in one profile.
pub(super) struct Written {
    /// All header blocks.
    pub(super) bytes: Vec<u8>,
    /// Whose clock the last block's time is by.
    pub(super) clock: Clock,
    /// That time.
    pub(super) mtime: i64,
}

/// Writes the header of one item; times that only clocks knew are those of `time`, or 0.
pub(super) fn header(tree: &Tree, item: &Item, profile: Profile, time: Option<BuildTime>) -> Written {
    let (modified, clock) = match tree.modified(item, profile.buildah) {
        Modified::At(second) if profile.buildah || (0..=LATEST).contains(&second) => (second, Clock::None),
        Modified::At(_) => (0, Clock::None),
        // A rewritten time is the epoch: the build was later, and so was the checkout of what the epoch is the commit's time of.
        Modified::WhenBuilt | Modified::WhenCheckedOut if profile.latest.is_some() => (i64::MAX, Clock::None),
        Modified::WhenBuilt => (time.map_or(0, |time| time.built(tree.changed(item))), Clock::Build),
        Modified::WhenCheckedOut => (time.map_or(0, BuildTime::copied), Clock::Checkout),
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
    Written { mtime: header.mtime, bytes, clock }
}

/// Type flag, file type bits, link target and device numbers.
pub(super) fn kind(item: &Item) -> (u8, u32, &[u8], (u32, u32)) {
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
pub fn write_layer(tree: &Tree, form: (Profile, Diff), time: Option<BuildTime>, mut sink: impl FnMut(&[u8])) {
    let (profile, diff) = form;
    for item in &tree.list(diff) {
        sink(&header(tree, item, profile, time).bytes);
        tree.content(item).for_each(&mut sink);
        sink(padding(item.size()));
    }
    sink(END);
}
