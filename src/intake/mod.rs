//! One pass over a pushed stream of bytes: what it is, what it hashes to, what is inside.
//!
//! # Stages
//! ```text
//! bytes ─► SHA-256 of the file ─► decompress ─► SHA-256 of the stream ─► tar walk ─► SHA-256 of each file
//!          └───────── FileStage ──────────┘     └──────────────── StreamStage ─────────────────────┘
//! ```
//! A [`Source`] runs both stages in one place. Between them flow bytes and nothing else, and each gives plain facts at its
//! end, so they as well run in two workers ([`stage::Tail`] in the session's, the file stage in another) or on two threads. The
//! file stages of an image's layers can run in a third ([`stage::Errands`]). A chunk is never kept: what stays are digests, a
//! small record of every entry, small texts and small JSON.
//!
//! Entries of an archive that may be parts of an image (`manifest.json` may come last) go through a pipeline of their own in
//! the same pass ([`Entry::nested`]). What can only be hashed once something else is known is read in a second pass
//! ([`pass`]).
//!
//! # Budgets
//! Every number that an input could use to cost time or memory is bounded by an absolute budget ([`limits`]). Beyond it there
//! is an error that names the budget, never a guess.
//!
//! # Reading as docker reads
//! What docker extracts is what Go's `archive/tar` reads, so [`tar`] follows it, and reports every place where GNU tar,
//! BusyBox, Python or Rust's `tar` crate would see other names or other content ([`Divergence`]).
//!
//! ```
//! use layerproof::digest::Digest;
//! use layerproof::intake::{Content, Source, limits::Limits};
//!
//! let mut source = Source::new("config.json", None, &Limits::default());
//! for piece in [&b"{\"os\":"[..], b"\"linux\"}"] {
//!     source.push(piece);
//! }
//! let facts = source.close();
//! assert_eq!(facts.sha256, Digest::sha256(b"{\"os\":\"linux\"}"));
//! assert!(matches!(facts.content, Content::Json(raw) if raw == b"{\"os\":\"linux\"}"));
//! ```

mod collect;
mod decompress;
mod facts;
pub mod limits;
mod names;
mod notes;
pub mod pass;
mod sniff;
pub mod stage;
mod tail;
pub mod tar;
mod wire;

pub use decompress::{Decompressor, OUTPUT, Sink};
pub use facts::{
    BlobFacts, Compression, CompressionFacts, Content, Divergence, Entry, EntryKind, Extra, GzipHeader, Reader, Shape,
    StreamFacts, TarFacts, clean, escapes_root,
};
pub use notes::Notes;
pub use sniff::Kind;

use limits::Limits;
use stage::Pipeline;

/// One input that bytes are pushed into.
pub struct Source {
    pipeline: Pipeline,
}

impl Source {
    /// A source named `name` (a label, nothing is decided by it). If `size` is known and other than what arrives, a finding
    /// says so.
    pub fn new(name: impl Into<String>, size: Option<u64>, limits: &Limits) -> Self {
        Self { pipeline: Pipeline::new(name.into(), size, limits, 0, limits.kept) }
    }

    /// Takes the next bytes. Pieces may be of any size; large ones (1 MiB) are fastest.
    pub fn push(&mut self, bytes: &[u8]) {
        self.pipeline.push(bytes);
    }

    /// Bytes that arrived so far, for showing progress.
    pub fn received(&self) -> u64 {
        self.pipeline.received()
    }

    /// Bytes after decompression so far.
    pub fn streamed(&self) -> u64 {
        self.pipeline.streamed()
    }

    /// Ends the source.
    pub fn close(self) -> BlobFacts {
        self.pipeline.close()
    }
}
