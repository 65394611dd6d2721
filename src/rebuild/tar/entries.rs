//! A layer's entries one by one, to be compared with those of a layer that did not come out.

use super::layer::{Clock, header, kind, padding};
use super::profile::Profile;
use crate::digest::Sha256;
use crate::rebuild::tree::{Diff, ItemKind, Tree};

/// An entry as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenEntry {
    /// Its name.
    pub name: Vec<u8>,
    /// Type flag.
    pub flag: u8,
    /// Mode field, file type bits included.
    pub mode: u32,
    /// Numeric user and group.
    pub owner: (u32, u32),
    /// Seconds since 1970; `None` where only a clock knew.
    pub mtime: Option<i64>,
    /// Bytes of content.
    pub size: u64,
    /// Target of a link.
    pub link: Vec<u8>,
    /// SHA-256 of a regular file's content.
    pub sha256: Option<[u8; 32]>,
    /// Offset of its own header block in the tar: behind extended headers.
    pub at: u64,
}

/// All entries of the layer, in order.
pub fn entries(tree: &Tree, form: (Profile, Diff)) -> Vec<WrittenEntry> {
    let (profile, diff) = form;
    let mut at = 0;
    let mut entries = Vec::new();
    for item in tree.list(diff) {
        let written = header(tree, &item, profile, None);
        let own = at + written.bytes.len() as u64 - 512;
        at = own + 512 + item.size() + padding(item.size()).len() as u64;
        let is_file = item.link.is_none() && item.kind == ItemKind::File;
        let sha256 = is_file.then(|| {
            let mut hash = Sha256::new();
            tree.content(&item).for_each(|piece| hash.update(piece));
            hash.digest().as_bytes().try_into().unwrap_or_default()
        });
        let (flag, bits, link, _) = kind(&item);
        entries.push(WrittenEntry {
            flag: if item.link.is_some() { b'1' } else { flag },
            mode: tree.mode(&item) | if profile.type_bits { bits } else { 0 },
            owner: tree.owner(&item),
            mtime: Some(written.mtime).filter(|_| written.clock == Clock::None),
            size: item.size(),
            link: item.link.clone().unwrap_or_else(|| link.to_vec()),
            sha256,
            at: own,
            name: item.path,
        });
    }
    entries
}
