//! A strict push parser of tar archives that reads exactly what Go's `archive/tar` reads, because that is what docker
//! extracts, and that reports every place where GNU tar, BusyBox, Python's `tarfile` or Rust's `tar` crate would see other
//! names or other content.
//!
//! Bytes are pushed into a [`Walk`] in pieces of any size; a [`Visitor`] is told about entries and gets their content as
//! slices of what was pushed. Nothing is kept but the current header. What a header claims about sizes is never allocated.
//!
//! ```
//! use layerproof::intake::limits::Limits;
//! use layerproof::intake::tar::{Header, Visitor, Walk};
//!
//! struct Names(Vec<String>);
//! impl Visitor for Names {
//!     fn entry(&mut self, header: &Header) {
//!         self.0.push(layerproof::finding::visible(&header.name));
//!     }
//!     fn data(&mut self, _content: &[u8]) {}
//!     fn end_entry(&mut self) {}
//! }
//!
//! let mut names = Names(Vec::new());
//! let mut walk = Walk::new(&Limits::default());
//! walk.push(&[0; 1024], &mut names)?;
//! let end = walk.finish(&mut names)?;
//! assert_eq!((names.0.len(), end.end), (0, Some(0)));
//! # Ok::<(), layerproof::finding::ReadError>(())
//! ```

mod block;
mod number;
mod oddity;
mod pax;
mod resolve;
mod sparse;
mod walk;

pub use block::{BLOCK, Block, has_valid_sum};
pub use walk::{End, Walk};

use super::facts::EntryKind;

/// The format in which Go takes an entry to be written (`archive/tar`, `Header.Format`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// None of the others, or not exactly one of them.
    #[default]
    Unknown,
    /// A header alone, within the rules of USTAR.
    Ustar,
    /// A header behind PAX records.
    Pax,
    /// GNU's, with or without long names.
    Gnu,
}

/// One entry as Go reads it, extended headers and GNU long names applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Where the first header block of the entry starts, extended headers included; offset in the tar stream.
    pub starts_at: u64,
    /// Where the entry's own header block starts.
    pub at: u64,
    /// Where the content starts.
    pub data_at: u64,
    /// Name as written.
    pub name: Vec<u8>,
    /// Link target as written, empty if there is none.
    pub link: Vec<u8>,
    /// What the entry is.
    pub kind: EntryKind,
    /// The type flag as written.
    pub flag: u8,
    /// How Go takes it to be written; it writes the entry again in the same format.
    pub format: Format,
    /// Mode as written.
    pub mode: i64,
    /// Owner.
    pub uid: i64,
    /// Owning group.
    pub gid: i64,
    /// Name of the owner.
    pub user: Vec<u8>,
    /// Name of the group.
    pub group: Vec<u8>,
    /// Bytes of content, holes included; also a claim without content for kinds that have none.
    pub size: u64,
    /// Bytes in the archive that the content takes.
    pub stored: u64,
    /// Seconds since 1970.
    pub mtime: i64,
    /// Nanoseconds of `mtime`, 0 to 999,999,999.
    pub mtime_nanos: i32,
    /// Major and minor device number.
    pub device: (i64, i64),
    /// `SCHILY.xattr.` records without their prefix, sorted by name.
    pub xattrs: Vec<(Vec<u8>, Vec<u8>)>,
    /// All PAX records of the entry, sorted by key; the last of equal keys.
    pub pax: Vec<(Vec<u8>, Vec<u8>)>,
}

/// Is told what a [`Walk`] meets, in archive order.
pub trait Visitor {
    /// An entry starts.
    fn entry(&mut self, header: &Header);

    /// The next bytes of the entry's content.
    fn data(&mut self, content: &[u8]);

    /// The next `len` bytes of the entry's content are zeros that the archive does not store.
    fn hole(&mut self, len: u64) {
        let mut left = len;
        while left > 0 {
            let piece = left.min(ZEROS.len() as u64);
            self.data(&ZEROS[..piece as usize]);
            left -= piece;
        }
    }

    /// The entry is complete. Not called for an entry that the archive cuts off.
    fn end_entry(&mut self);
}

static ZEROS: [u8; 64 << 10] = [0; 64 << 10];
