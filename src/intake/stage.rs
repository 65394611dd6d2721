//! The stages of the first pass. Each takes bytes and at its end gives facts; between them flow bytes and nothing else, so
//! that a stage may run in another worker.
//!
//! [`FileStage`]: SHA-256 of the file, decompression. [`StreamStage`]: SHA-256 of what comes out, sniffing, the tar walk,
//! per-file SHA-256. A [`Source`](super::Source) is both in one place; here they run in two threads:
//!
//! ```
//! use layerproof::digest::Digest;
//! use layerproof::intake::limits::Limits;
//! use layerproof::intake::stage::{FileStage, Tail};
//! use std::sync::mpsc::sync_channel;
//!
//! let limits = Limits::default();
//! let mut tail = Tail::new("Dockerfile", None, &limits);
//! let (sender, receiver) = sync_channel::<Vec<u8>>(8);
//! let mut file = FileStage::new(&limits);
//! let reader = std::thread::spawn(move || {
//!     let mut unpacked = Vec::new();
//!     receiver.iter().for_each(|piece| file.push(&piece, &mut |made| unpacked.extend_from_slice(made)));
//!     let facts = file.finish(&mut |made| unpacked.extend_from_slice(made));
//!     (unpacked, facts)
//! });
//! tail.file(b"FROM scratch\n");
//! sender.send(b"FROM scratch\n".to_vec()).unwrap();
//! drop(sender);
//! let (unpacked, facts) = reader.join().unwrap();
//! assert!(unpacked.is_empty(), "a Dockerfile is not compressed");
//! let facts = tail.close(facts);
//! assert_eq!(facts.sha256, Digest::sha256(b"FROM scratch\n"));
//! ```

use super::collect::Collector;
use super::decompress::Decompressor;
use super::facts::{BlobFacts, Compression, CompressionFacts, Content, StreamFacts, as_len, over_limit};
use super::limits::Limits;
use super::notes::Notes;
use super::sniff::{self, Kind, Sniffed};
pub use super::tail::{BoxedErrands, Errands, Tail};
use super::tar::{End, Walk};
use crate::digest::{Digest, Sha256};
use crate::finding::{Finding, ReadError};
use std::ops::ControlFlow;

/// Bytes that decide how a file is compressed.
pub(super) const MAGIC: usize = 6;

/// Files, and parts of an archive, below this size in bytes are read in one place: to bring them elsewhere would cost more.
pub const LARGE: u64 = 8 << 20;

/// Binary content of no known kind is kept up to this many bytes.
const SMALL_BINARY: usize = 1 << 20;

/// Hashes a file as it arrives and decompresses it.
pub struct FileStage {
    limits: Limits,
    hash: Sha256,
    size: u64,
    /// Bytes before the format is known.
    start: Vec<u8>,
    codec: Codec,
    error: Option<ReadError>,
}

enum Codec {
    Undecided,
    Plain,
    Compressed(Box<Decompressor>),
    Failed(Box<(CompressionFacts, Notes)>),
}

/// What a [`FileStage`] found.
#[derive(Debug, Clone)]
pub struct FileFacts {
    /// Bytes that arrived.
    pub size: u64,
    /// SHA-256 of them.
    pub sha256: Digest,
    /// How they were compressed.
    pub compression: Option<CompressionFacts>,
    /// What was odd.
    pub notes: Notes,
    /// Why decompression ended early.
    pub error: Option<ReadError>,
}

impl FileStage {
    /// A stage that has seen nothing yet.
    pub fn new(limits: &Limits) -> Self {
        Self { limits: limits.clone(), hash: Sha256::new(), size: 0, start: Vec::new(), codec: Codec::Undecided, error: None }
    }

    /// Takes the next bytes of the file and hands on what they decompress to: nothing if the file is not compressed, since its
    /// bytes are the stream as they stand, and whoever brought them has them ([`Tail::file`]).
    pub fn push(&mut self, bytes: &[u8], next: &mut dyn FnMut(&[u8])) {
        self.hash.update(bytes);
        self.size += bytes.len() as u64;
        if !matches!(self.codec, Codec::Undecided) {
            return self.forward(bytes, next);
        }
        let missing = MAGIC.saturating_sub(self.start.len()).min(bytes.len());
        let (head, rest) = bytes.split_at(missing);
        self.start.extend_from_slice(head);
        if self.start.len() == MAGIC {
            self.decide(next);
            self.forward(rest, next);
        }
    }

    /// Ends the file.
    pub fn finish(mut self, next: &mut dyn FnMut(&[u8])) -> FileFacts {
        if matches!(self.codec, Codec::Undecided) {
            self.decide(next);
        }
        let (mut compression, mut notes) = (None, Notes::default());
        match self.codec {
            Codec::Undecided | Codec::Plain => {}
            Codec::Compressed(decompressor) => {
                let (facts, found, error) = decompressor.end();
                (compression, notes) = (Some(facts), found);
                self.error = self.error.or(error);
            }
            Codec::Failed(parts) => (compression, notes) = (Some(parts.0), parts.1),
        }
        FileFacts { size: self.size, sha256: self.hash.digest(), compression, notes, error: self.error }
    }

    /// How the file is compressed; `None` until that is known.
    pub fn compression(&self) -> Option<Option<Compression>> {
        match &self.codec {
            Codec::Undecided => None,
            Codec::Plain => Some(None),
            Codec::Compressed(decompressor) => Some(Some(decompressor.format())),
            Codec::Failed(parts) => Some(Some(parts.0.format)),
        }
    }

    /// Bytes that arrived so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// How many bytes to push at once so that what comes out stays below some 64 MiB, whatever the bytes are: who runs this stage
    /// ahead of the next one can only wait between two pushes.
    pub fn bite(&self) -> usize {
        match self.compression().flatten() {
            // At most 1032 to 1.
            Some(Compression::Gzip) => 32 << 10,
            // A block of 900,000 bytes, each of them a run of 259, in some forty bytes.
            Some(Compression::Bzip2) => 64,
            // 7,000 to 1, and 128 KiB in a block of four bytes.
            Some(Compression::Xz | Compression::Zstd) => 2 << 10,
            None if self.compression().is_none() => MAGIC,
            None => 1 << 20,
        }
    }

    fn decide(&mut self, next: &mut dyn FnMut(&[u8])) {
        let start = std::mem::take(&mut self.start);
        self.codec = match sniff::compression(&start) {
            Some(format) => Codec::Compressed(Box::new(Decompressor::new(format, &self.limits))),
            None => Codec::Plain,
        };
        self.forward(&start, next);
    }

    fn forward(&mut self, bytes: &[u8], next: &mut dyn FnMut(&[u8])) {
        let Codec::Compressed(decompressor) = &mut self.codec else { return };
        let result = decompressor.push(bytes, &mut |piece| {
            next(piece);
            ControlFlow::Continue(())
        });
        if let Err(error) = result {
            self.error = Some(error);
            if let Codec::Compressed(decompressor) = std::mem::replace(&mut self.codec, Codec::Plain) {
                self.codec = Codec::Failed(Box::new(decompressor.parts()));
            }
        }
    }
}

/// Hashes a decompressed stream, decides what it is, and reads it if it is an archive.
pub struct StreamStage {
    limits: Limits,
    level: u64,
    room: u64,
    hash: Option<Sha256>,
    size: u64,
    /// Bytes before the kind is known, or all of them for what is kept.
    kept: Vec<u8>,
    state: State,
    /// Who runs the file stages of large parts, until there is an archive.
    errands: Option<BoxedErrands>,
    error: Option<ReadError>,
}

enum State {
    Undecided,
    Tar(Box<(Walk, Collector)>),
    Keep(Kept),
    Let(Kind),
}

#[derive(Clone, Copy, PartialEq)]
enum Kept {
    Json,
    Text,
    Binary,
    /// Text of at most a window that stands for something else.
    Kind(Kind),
}

/// What a [`StreamStage`] found.
#[derive(Debug, Clone)]
pub struct StreamPart {
    /// Number of bytes.
    pub size: u64,
    /// SHA-256 of the stream, if it was asked for.
    pub sha256: Option<Digest>,
    /// What it is.
    pub content: Content,
    /// What was odd.
    pub notes: Notes,
    /// Why reading it ended early.
    pub error: Option<ReadError>,
}

impl StreamStage {
    /// A stage that has seen nothing yet. A plain file's stream is the file: it need not be hashed twice (`hash`). `level`
    /// counts the archives around it, `room` the bytes that may be kept.
    pub fn new(limits: &Limits, hash: bool, level: u64, room: u64) -> Self {
        Self {
            limits: limits.clone(),
            level,
            room,
            hash: hash.then(Sha256::new),
            size: 0,
            kept: Vec::new(),
            state: State::Undecided,
            errands: None,
            error: None,
        }
    }

    /// Bytes of the stream so far.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Lets the file stages of large parts run elsewhere.
    pub(super) fn with_errands(self, errands: Option<BoxedErrands>) -> Self {
        Self { errands, ..self }
    }

    /// The collector, if this is an archive.
    pub(super) fn collector(&mut self) -> Option<&mut Collector> {
        match &mut self.state {
            State::Tar(tar) => Some(&mut tar.1),
            _ => None,
        }
    }

    /// Takes the next bytes of the stream.
    pub fn push(&mut self, bytes: &[u8]) {
        if let Some(hash) = &mut self.hash {
            hash.update(bytes);
        }
        self.size += bytes.len() as u64;
        if !matches!(self.state, State::Undecided) {
            return self.forward(bytes);
        }
        let missing = (sniff::WINDOW - self.kept.len()).min(bytes.len());
        let (head, rest) = bytes.split_at(missing);
        self.kept.extend_from_slice(head);
        if self.kept.len() == sniff::WINDOW {
            self.decide(false);
            self.forward(rest);
        }
    }

    /// Ends the stream.
    pub fn finish(mut self) -> StreamPart {
        if matches!(self.state, State::Undecided) {
            self.decide(true);
        }
        let mut notes = Notes::default();
        let content = match self.state {
            State::Undecided => Content::Other(Kind::Unknown),
            State::Tar(tar) => {
                let (walk, mut collector) = *tar;
                let end = end_of(walk, &mut collector, &mut self.error);
                let (facts, found) = collector.finish(end);
                notes.append(found);
                Content::Tar(Box::new(facts))
            }
            State::Keep(Kept::Json) => Content::Json(self.kept),
            State::Keep(Kept::Text) => Content::Text(self.kept),
            State::Keep(Kept::Binary) => Content::Binary(self.kept),
            State::Keep(Kept::Kind(kind)) | State::Let(kind) => {
                if kind == Kind::SymlinkText {
                    notes.finding(Finding::warn(kind.code()).with("link", crate::finding::visible(&self.kept)));
                } else if kind != Kind::Empty && self.level == 0 {
                    notes.finding(Finding::warn(kind.code()));
                }
                Content::Other(kind)
            }
        };
        StreamPart { size: self.size, sha256: self.hash.map(|hash| hash.digest()), content, notes, error: self.error }
    }

    fn decide(&mut self, whole: bool) {
        let sniffed = sniff::sniff(&self.kept, whole);
        self.state = match sniffed {
            Sniffed::Tar => {
                let collector = Collector::new(&self.limits, self.level, self.room, self.errands.take());
                State::Tar(Box::new((Walk::new(&self.limits), collector)))
            }
            Sniffed::Json => State::Keep(Kept::Json),
            Sniffed::Text => State::Keep(Kept::Text),
            Sniffed::Kind(Kind::Unknown) => State::Keep(Kept::Binary),
            Sniffed::Kind(kind @ (Kind::SymlinkText | Kind::LfsPointer)) => State::Keep(Kept::Kind(kind)),
            Sniffed::Kind(kind) => State::Let(kind),
            Sniffed::Compressed(format) => State::Let(Kind::Compressed(format)),
        };
        if sniffed == Sniffed::Kind(Kind::Empty) {
            self.error = Some(ReadError::new("intake.empty", "at least one byte", "nothing"));
        }
        if !matches!(self.state, State::Keep(_)) {
            let start = std::mem::take(&mut self.kept);
            self.forward(&start);
        }
    }

    fn forward(&mut self, bytes: &[u8]) {
        match &mut self.state {
            State::Tar(tar) => {
                let (walk, collector) = &mut **tar;
                if let Err(error) = walk.push(bytes, collector) {
                    self.error = Some(error);
                }
            }
            State::Keep(kept) => {
                let kept = *kept;
                self.keep(kept, bytes);
            }
            State::Undecided | State::Let(_) => {}
        }
    }

    /// Keeps bytes up to the budget of their kind and lets all go beyond it.
    fn keep(&mut self, kept: Kept, bytes: &[u8]) {
        let (name, limit) = match kept {
            Kept::Json if is_statement(&self.kept) => ("statement", self.limits.statement),
            Kept::Json => ("json", self.limits.json),
            Kept::Text | Kept::Kind(_) => ("history", self.limits.history),
            Kept::Binary => ("", SMALL_BINARY as u64),
        };
        let inside = self.level > 0;
        let limit = if inside { limit.min(self.room) } else { limit };
        if self.kept.len() + bytes.len() <= as_len(limit) {
            self.kept.extend_from_slice(bytes);
            return;
        }
        self.kept = Vec::new();
        self.state = State::Let(Kind::Unknown);
        if !inside && kept != Kept::Binary {
            self.error = Some(over_limit(&self.limits, name, "more"));
        }
    }
}

/// The kinds of document that are larger than others by nature.
fn is_statement(start: &[u8]) -> bool {
    let start = &start[..start.len().min(sniff::WINDOW)];
    [&b"in-toto"[..], b"spdxVersion", b"CycloneDX", b"payloadType"].iter().any(|word| memchr::memmem::find(start, word).is_some())
}

fn end_of(mut walk: Walk, collector: &mut Collector, error: &mut Option<ReadError>) -> End {
    let notes = walk.take_notes();
    match walk.finish(collector) {
        Ok(mut end) => {
            let mut all = notes;
            all.append(std::mem::take(&mut end.notes));
            End { notes: all, ..end }
        }
        Err(found) => {
            error.get_or_insert(found);
            End { notes, ..End::default() }
        }
    }
}

/// Both stages in one place.
pub(super) struct Pipeline {
    file: FileStage,
    tail: Tail,
}

impl Pipeline {
    pub(super) fn new(name: String, expected: Option<u64>, limits: &Limits, level: u64, room: u64) -> Self {
        Self { file: FileStage::new(limits), tail: Tail::inside(name, expected, limits, level, room) }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        let Self { file, tail } = self;
        tail.file(bytes);
        file.push(bytes, &mut |made| tail.unpacked(made));
    }

    pub(super) fn received(&self) -> u64 {
        self.file.size()
    }

    pub(super) fn streamed(&self) -> u64 {
        self.tail.streamed()
    }

    pub(super) fn close(self) -> BlobFacts {
        let Self { file, mut tail } = self;
        let facts = file.finish(&mut |made| tail.unpacked(made));
        tail.close(facts)
    }
}

/// Joins the facts of both stages.
pub fn join(name: String, expected: Option<u64>, file: FileFacts, stream: StreamPart) -> BlobFacts {
    let mut notes = file.notes;
    notes.append(stream.notes);
    if let Some(expected) = expected.filter(|expected| *expected != file.size) {
        notes.finding(Finding::warn("intake.size-differs").with("expected", expected).with("found", file.size));
    }
    let (findings, divergences) = notes.finish();
    let mut content = stream.content;
    if let Content::Tar(tar) = &mut content {
        tar.readers.extend(divergences);
    }
    let follows = |error: &ReadError| matches!(error.code, "intake.tar-truncated" | "intake.empty");
    let error = match (file.error, stream.error) {
        (Some(cause), Some(effect)) if !follows(&effect) => Some(if cause.code == "intake.limit" { cause } else { effect }),
        (cause, effect) => cause.or(effect),
    };
    let stream = file.compression.as_ref().and(stream.sha256).map(|sha256| StreamFacts { sha256, size: stream.size });
    BlobFacts { name, size: file.size, sha256: file.sha256, compression: file.compression, stream, content, findings, error }
}
