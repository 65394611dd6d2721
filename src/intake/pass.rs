//! Second passes: the same bytes once more, for whoever needs them after the first pass told what they are.
//!
//! A hash whose input begins with something that was not known at first (docker's ADD hash), another algorithm of a checksum
//! list, a tree to rebuild a layer from: each is a consumer, and one pass feeds them all. If the bytes are not those of the
//! first pass, nothing that was made from them may be used: [`Pass::close`] is then an error.

use super::decompress::Decompressor;
use super::facts::Compression;
use super::limits::Limits;
use super::sniff;
use super::tar::{Header, Visitor, Walk};
use crate::digest::{Digest, Hasher, Sha256};
use crate::finding::ReadError;
use std::ops::ControlFlow;

/// Takes all bytes of something, in order.
pub trait Consumer {
    /// The next bytes.
    fn push(&mut self, bytes: &[u8]);
}

impl Consumer for Hasher {
    fn push(&mut self, bytes: &[u8]) {
        self.update(bytes);
    }
}

impl Consumer for Sha256 {
    fn push(&mut self, bytes: &[u8]) {
        self.update(bytes);
    }
}

impl Consumer for Vec<u8> {
    fn push(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// One more reading of a source.
///
/// ```
/// use layerproof::digest::{Algorithm, Digest, Hasher};
/// use layerproof::intake::{limits::Limits, pass::Pass};
/// let first = Digest::sha256(b"abc");
/// let mut sha512 = Hasher::new(Algorithm::Sha512);
/// let mut pass = Pass::new(first, &Limits::default());
/// pass.file(&mut sha512);
/// pass.push(b"ab")?;
/// pass.push(b"c")?;
/// pass.close()?;
/// assert!(sha512.digest().hex().starts_with("ddaf35a193617aba"));
/// # Ok::<(), layerproof::finding::ReadError>(())
/// ```
pub struct Pass<'a> {
    expected: Digest,
    limits: Limits,
    hash: Sha256,
    start: Vec<u8>,
    decided: bool,
    codec: Option<Box<Decompressor>>,
    file: Vec<&'a mut dyn Consumer>,
    stream: Vec<&'a mut dyn Consumer>,
    tar: Option<(Box<Walk>, &'a mut dyn Visitor)>,
}

impl<'a> Pass<'a> {
    /// A pass over the source whose first pass gave `expected`.
    pub fn new(expected: Digest, limits: &Limits) -> Self {
        Self {
            expected,
            limits: limits.clone(),
            hash: Sha256::new(),
            start: Vec::new(),
            decided: false,
            codec: None,
            file: Vec::new(),
            stream: Vec::new(),
            tar: None,
        }
    }

    /// Feeds the bytes as they arrive.
    pub fn file(&mut self, consumer: &'a mut dyn Consumer) -> &mut Self {
        self.file.push(consumer);
        self
    }

    /// Feeds the decompressed bytes.
    pub fn stream(&mut self, consumer: &'a mut dyn Consumer) -> &mut Self {
        self.stream.push(consumer);
        self
    }

    /// Walks the archive; the content of one entry only: [`OneEntry`].
    pub fn tar(&mut self, visitor: &'a mut dyn Visitor) -> &mut Self {
        self.tar = Some((Box::new(Walk::new(&self.limits)), visitor));
        self
    }

    /// Takes the next bytes of the source.
    ///
    /// # Errors
    /// What decompression or the walk refuses.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), ReadError> {
        self.hash.update(bytes);
        self.file.iter_mut().for_each(|consumer| consumer.push(bytes));
        if self.stream.is_empty() && self.tar.is_none() {
            return Ok(());
        }
        if self.decided {
            return self.decompress(bytes);
        }
        self.start.extend_from_slice(bytes);
        if self.start.len() >= 6 { self.decide() } else { Ok(()) }
    }

    /// Ends the pass.
    ///
    /// # Errors
    /// `intake.changed` if these were not the bytes of the first pass; what decompression or the walk refuses at the end.
    pub fn close(mut self) -> Result<(), ReadError> {
        if !self.decided {
            self.decide()?;
        }
        let found = self.hash.digest();
        if found != self.expected {
            return Err(ReadError::new("intake.changed", self.expected.to_string(), found.to_string()));
        }
        if let Some(codec) = self.codec {
            codec.finish()?;
        }
        if let Some((walk, visitor)) = self.tar {
            walk.finish(visitor)?;
        }
        Ok(())
    }

    fn decide(&mut self) -> Result<(), ReadError> {
        self.decided = true;
        let format: Option<Compression> = sniff::compression(&self.start);
        self.codec = format.map(|format| Box::new(Decompressor::new(format, &self.limits)));
        let start = std::mem::take(&mut self.start);
        self.decompress(&start)
    }

    fn decompress(&mut self, bytes: &[u8]) -> Result<(), ReadError> {
        let Self { codec, stream, tar, .. } = self;
        let mut refused = None;
        let mut next = |piece: &[u8]| {
            stream.iter_mut().for_each(|consumer| consumer.push(piece));
            if let Some((walk, visitor)) = tar {
                refused = walk.push(piece, *visitor).err();
            }
            if refused.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        match codec {
            Some(codec) => codec.push(bytes, &mut next)?,
            None => drop(next(bytes)),
        }
        refused.map_or(Ok(()), Err)
    }
}

/// Feeds a consumer the content of one entry of an archive, named by the place of its header ([`super::Entry::at`]).
pub struct OneEntry<'a> {
    at: u64,
    open: bool,
    found: bool,
    consumer: &'a mut dyn Consumer,
}

impl<'a> OneEntry<'a> {
    /// Waits for the entry whose header is at `at`.
    pub fn new(at: u64, consumer: &'a mut dyn Consumer) -> Self {
        Self { at, open: false, found: false, consumer }
    }

    /// Whether the whole entry came by.
    pub fn found(&self) -> bool {
        self.found
    }
}

impl Visitor for OneEntry<'_> {
    fn entry(&mut self, header: &Header) {
        self.open = header.at == self.at;
    }

    fn data(&mut self, content: &[u8]) {
        if self.open {
            self.consumer.push(content);
        }
    }

    fn end_entry(&mut self) {
        self.found |= std::mem::take(&mut self.open);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_bytes_are_an_error() {
        let mut pass = Pass::new(Digest::sha256(b"abc"), &Limits::default());
        pass.push(b"abd").unwrap();
        assert_eq!(pass.close().unwrap_err().code, "intake.changed");
    }
}
