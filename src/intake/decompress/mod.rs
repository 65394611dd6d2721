//! Decompressors that bytes are pushed into, in pieces of any size, and that hand on output in bounded slices.
//!
//! Every format is read as the tools docker calls read it; where those tools part from each other the facts say so
//! ([`CompressionFacts::readers`]). Output is counted against the absolute budget `output`, dictionaries and windows against
//! their own before anything is allocated.

mod bzip2;
mod gzip;
mod xz;
mod zstd;

use super::facts::{Compression, CompressionFacts, over_limit};
use super::limits::Limits;
use super::notes::Notes;
use crate::finding::{At, Finding, ReadError};
use std::ops::ControlFlow;

/// Output is handed on in slices of at most this many bytes.
pub const OUTPUT: usize = 128 << 10;

/// Where output goes. `Break` stops the decompressor; it then takes no more input.
pub type Sink<'a> = dyn FnMut(&[u8]) -> ControlFlow<()> + 'a;

/// A decompressor of one of the formats.
///
/// ```
/// use layerproof::intake::{Compression, Decompressor, limits::Limits};
/// use std::ops::ControlFlow;
/// // 20 bytes of gzip that hold nothing
/// let gzip = *b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x03\0\0\0\0\0\0\0\0\0";
/// let mut decompressor = Decompressor::new(Compression::Gzip, &Limits::default());
/// let mut output = Vec::new();
/// for byte in gzip {
///     decompressor.push(&[byte], &mut |piece| { output.extend_from_slice(piece); ControlFlow::Continue(()) })?;
/// }
/// let (facts, _) = decompressor.finish()?;
/// assert_eq!((facts.members, output.len()), (1, 0));
/// # Ok::<(), layerproof::finding::ReadError>(())
/// ```
pub struct Decompressor {
    codec: Codec,
    common: Common,
    stopped: bool,
}

enum Codec {
    Gzip(Box<gzip::Gzip>),
    Bzip2(Box<bzip2::Bzip2>),
    Xz(Box<xz::Xz>),
    Zstd(Box<zstd::Zstd>),
}

/// What every codec needs at hand.
struct Common {
    limits: Limits,
    facts: CompressionFacts,
    notes: Notes,
    /// Bytes of input taken.
    taken: u64,
    /// Bytes of output made.
    made: u64,
    buffer: Vec<u8>,
}

impl Decompressor {
    /// A decompressor that has seen nothing yet.
    pub fn new(format: Compression, limits: &Limits) -> Self {
        let codec = match format {
            Compression::Gzip => Codec::Gzip(Box::default()),
            Compression::Bzip2 => Codec::Bzip2(Box::default()),
            Compression::Xz => Codec::Xz(Box::new(xz::Xz::new(limits))),
            Compression::Zstd => Codec::Zstd(Box::new(zstd::Zstd::new(limits))),
        };
        let common = Common {
            limits: limits.clone(),
            facts: CompressionFacts::new(format),
            notes: Notes::default(),
            taken: 0,
            made: 0,
            buffer: vec![0; OUTPUT],
        };
        Self { codec, common, stopped: false }
    }

    /// Takes the next compressed bytes and hands on what they decompress to.
    ///
    /// # Errors
    /// `intake.compressed-…` for bytes that the format does not allow, `intake.limit` when a budget is used up. Nothing more is
    /// taken after an error or after the sink broke off.
    pub fn push(&mut self, bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), ReadError> {
        if self.stopped {
            return Ok(());
        }
        let common = &mut self.common;
        let result = match &mut self.codec {
            Codec::Gzip(codec) => codec.push(bytes, common, sink),
            Codec::Bzip2(codec) => codec.push(bytes, common, sink),
            Codec::Xz(codec) => codec.push(bytes, common, sink),
            Codec::Zstd(codec) => codec.push(bytes, common, sink),
        };
        match result {
            Ok(()) => Ok(()),
            Err(Stop::Broken) => {
                self.stopped = true;
                Ok(())
            }
            Err(Stop::Error(error)) => {
                self.stopped = true;
                Err(*error)
            }
        }
    }

    /// Says that no more bytes come.
    ///
    /// # Errors
    /// `intake.compressed-truncated` if the input ends inside a member.
    pub fn finish(mut self) -> Result<(CompressionFacts, Notes), ReadError> {
        self.check_end()?;
        Ok(self.parts())
    }

    fn check_end(&mut self) -> Result<(), ReadError> {
        if self.stopped {
            return Ok(());
        }
        match &mut self.codec {
            Codec::Gzip(codec) => codec.finish(&mut self.common),
            Codec::Bzip2(codec) => codec.finish(&mut self.common),
            Codec::Xz(codec) => codec.finish(&mut self.common),
            Codec::Zstd(codec) => codec.finish(&mut self.common),
        }
    }

    /// The facts so far, after an error.
    pub fn parts(mut self) -> (CompressionFacts, Notes) {
        let mut facts = self.common.facts;
        if facts.format == Compression::Gzip && facts.members > 1 {
            self.common.notes.finding(Finding::note("intake.gzip-members").with("count", facts.members));
        }
        let (findings, divergences) = self.common.notes.finish();
        facts.readers = divergences;
        let mut notes = Notes::default();
        findings.into_iter().for_each(|finding| notes.finding(finding));
        (facts, notes)
    }

    /// Ends the input and gives the facts whether or not it ended well.
    pub fn end(mut self) -> (CompressionFacts, Notes, Option<ReadError>) {
        let error = self.check_end().err();
        let (facts, notes) = self.parts();
        (facts, notes, error)
    }

    /// The format.
    pub fn format(&self) -> Compression {
        self.common.facts.format
    }

    /// Bytes handed on so far.
    pub fn made(&self) -> u64 {
        self.common.made
    }
}

/// Why a codec stops before its input ends.
enum Stop {
    /// The sink wants no more.
    Broken,
    Error(Box<ReadError>),
}

impl From<ReadError> for Stop {
    fn from(error: ReadError) -> Self {
        Self::Error(Box::new(error))
    }
}

impl Common {
    /// Counts the first `len` bytes of the buffer against the budget and hands them on.
    fn hand_on(&mut self, len: usize, sink: &mut Sink<'_>) -> Result<(), Stop> {
        let left = self.limits.output.saturating_sub(self.made);
        let allowed = usize::try_from(left).map_or(len, |left| left.min(len));
        self.made += allowed as u64;
        if allowed > 0 && sink(&self.buffer[..allowed]).is_break() {
            return Err(Stop::Broken);
        }
        if allowed < len {
            return Err(over_limit(&self.limits, "output", "more decompressed bytes").at(At::byte(self.taken)).into());
        }
        Ok(())
    }

    /// Counts a member; too many of them are an attack on time.
    fn member(&mut self) -> Result<(), Stop> {
        self.facts.members += 1;
        if self.facts.members + self.facts.skippable > self.limits.members {
            return Err(over_limit(&self.limits, "members", "one more").at(At::byte(self.taken)).into());
        }
        Ok(())
    }

    fn corrupt(&self, expected: impl Into<String>, found: impl Into<String>) -> ReadError {
        self.error("intake.compressed-corrupt", expected, found)
    }

    fn truncated(&self, expected: impl Into<String>) -> ReadError {
        self.error("intake.compressed-truncated", expected, "the end of the input")
    }

    fn error(&self, code: &'static str, expected: impl Into<String>, found: impl Into<String>) -> ReadError {
        ReadError::new(code, expected, found).at(At::byte(self.taken)).with("format", self.facts.format.name())
    }

    /// Takes `len` bytes of input off the front.
    fn take<'a>(&mut self, bytes: &mut &'a [u8], len: usize) -> &'a [u8] {
        let (part, rest) = bytes.split_at(len.min(bytes.len()));
        self.taken += part.len() as u64;
        *bytes = rest;
        part
    }
}
