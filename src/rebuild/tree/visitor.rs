//! The strict walk of room `intake` feeds the tree.

use super::{Kind, Refused, Tree, TreeEntry, Unpack};
use crate::finding::ReadError;
use crate::intake::EntryKind;
use crate::intake::tar::{Header, Visitor};

/// Bytes of all paths together; they are listed for each writing.
const PATHS: u64 = 256 << 20;

/// Unpacks what a walk over a tarball meets.
pub struct TreeVisitor {
    unpack: Unpack,
    error: Option<ReadError>,
}

impl TreeVisitor {
    /// A visitor that fills `unpack`.
    pub fn new(unpack: Unpack) -> Self {
        Self { unpack, error: None }
    }

    /// What the tarball was unpacked into; its directories have their times.
    ///
    /// # Errors
    /// The limit that the tarball went beyond.
    pub fn into_unpack(mut self) -> Result<Unpack, ReadError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        self.unpack.end_tarball();
        if self.unpack.path_size() > PATHS {
            let error = ReadError::new("rebuild.too-many-nodes", format!("at most {PATHS} bytes of paths"), "more");
            return Err(error.with("limit", PATHS));
        }
        Ok(self.unpack)
    }

    /// The tree, or why docker would have stopped.
    ///
    /// # Errors
    /// The limit that the tarball went beyond.
    pub fn finish(self) -> Result<Result<Tree, Refused>, ReadError> {
        self.into_unpack().map(Unpack::finish)
    }

    fn keep(&mut self, outcome: Result<(), ReadError>) {
        if let Err(error) = outcome {
            self.error.get_or_insert(error);
        }
    }
}

impl Visitor for TreeVisitor {
    fn entry(&mut self, header: &Header) {
        if self.error.is_some() {
            return;
        }
        let outcome = self.unpack.entry(&TreeEntry {
            name: &header.name,
            kind: kind(header),
            mode: header.mode,
            uid: header.uid,
            gid: header.gid,
            mtime: header.mtime,
            link: &header.link,
            device: header.device,
            xattrs: &header.xattrs,
        });
        self.keep(outcome);
    }

    fn data(&mut self, content: &[u8]) {
        if self.error.is_none() {
            let outcome = self.unpack.data(content);
            self.keep(outcome);
        }
    }

    fn end_entry(&mut self) {}
}

fn kind(header: &Header) -> Kind {
    match header.kind {
        // docker extracts regular files by their flag; contiguous files and GNU's sparse ones it refuses.
        EntryKind::File if !matches!(header.flag, b'0' | 0) => Kind::Other(header.flag),
        EntryKind::File => Kind::File,
        EntryKind::HardLink => Kind::HardLink,
        EntryKind::Symlink => Kind::Symlink,
        EntryKind::CharDevice => Kind::Char,
        EntryKind::BlockDevice => Kind::Block,
        EntryKind::Directory => Kind::Directory,
        EntryKind::Fifo => Kind::Fifo,
        EntryKind::Global => Kind::Global,
        EntryKind::Unknown(flag) => Kind::Other(flag),
    }
}
