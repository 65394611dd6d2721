//! Sparse files: the four ways GNU tar has written them (GNU tar manual, "Storing Sparse Files"), expanded as Go does.

use super::block::{BLOCK, Block};
use super::number::{decimal, numeric};
use super::pax::{Records, SPARSE_MAP};
use crate::finding::{At, ReadError, visible};

/// A stored part of a sparse file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) offset: u64,
    pub(super) len: u64,
}

/// How the records of an entry announce a sparse file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Announced {
    No,
    /// Formats 0.0 and 0.1: the map is a record.
    InRecords,
    /// Format 1.0: the map is text before the content.
    BeforeContent,
}

pub(super) fn announced(records: &Records) -> Announced {
    let version = (records.value(b"GNU.sparse.major"), records.value(b"GNU.sparse.minor"));
    match version {
        (Some(b"0"), Some(b"0" | b"1")) => Announced::InRecords,
        (Some(b"1"), Some(b"0")) => Announced::BeforeContent,
        (None, None) if records.value(SPARSE_MAP).is_some() => Announced::InRecords,
        _ => Announced::No,
    }
}

pub(super) fn bad_map(at: u64, found: impl Into<String>) -> ReadError {
    ReadError::new("intake.tar-sparse-map", "ascending parts inside the file", found).at(At::byte(at))
}

/// The map of formats 0.0 and 0.1.
pub(super) fn map_in_records(records: &Records, at: u64) -> Result<Pairs, ReadError> {
    let count = records.values.get(&b"GNU.sparse.numblocks"[..]).and_then(|count| decimal(count));
    let count = count.filter(|count| *count >= 0).ok_or_else(|| bad_map(at, "no count of parts"))?;
    let map = records.value(SPARSE_MAP).unwrap_or_default();
    let numbers: Vec<&[u8]> = if map.is_empty() { Vec::new() } else { map.split(|byte| *byte == b',').collect() };
    if numbers.len() as u64 != (count as u64).saturating_mul(2) {
        return Err(bad_map(at, format!("{} numbers for {count} parts", numbers.len())));
    }
    numbers.chunks_exact(2).map(|pair| pair_of(pair[0], pair[1], at)).collect()
}

fn pair_of(offset: &[u8], len: &[u8], at: u64) -> Result<(i64, i64), ReadError> {
    decimal(offset).zip(decimal(len)).ok_or_else(|| bad_map(at, visible(offset)))
}

/// The map of format 1.0, gathered block by block.
#[derive(Debug, Default)]
pub(super) struct TextMap {
    text: Vec<u8>,
    lines: u64,
}

impl TextMap {
    /// Takes one block; `Some` once the map is complete.
    pub(super) fn take(&mut self, block: &Block, at: u64) -> Result<Option<Pairs>, ReadError> {
        self.text.extend_from_slice(block);
        self.lines += memchr::memchr_iter(b'\n', block).count() as u64;
        if self.lines == 0 {
            return Ok(None);
        }
        let mut lines = self.text.split(|byte| *byte == b'\n');
        let first = lines.next().unwrap_or_default();
        let count = decimal(first).and_then(|count| u64::try_from(count).ok()).filter(|count| *count <= i64::MAX as u64 / 2);
        let count = count.ok_or_else(|| bad_map(at, visible(&first[..first.len().min(40)])))?;
        if self.lines < 1 + 2 * count {
            return Ok(None);
        }
        let mut parts = Vec::new();
        for _ in 0..count {
            parts.push(pair_of(lines.next().unwrap_or_default(), lines.next().unwrap_or_default(), at)?);
        }
        Ok(Some(parts))
    }

    pub(super) fn len(&self) -> u64 {
        self.text.len() as u64
    }
}

/// Offset and length of each stored part, as written.
pub(super) type Pairs = Vec<(i64, i64)>;

/// The real size in an old GNU header.
pub(super) fn old_gnu_size(block: &Block, at: u64) -> Result<i64, ReadError> {
    numeric(&block[483..495]).ok_or_else(|| bad_map(at, visible(&block[483..495])))
}

/// The first parts in an old GNU header, and whether a block with more parts follows.
pub(super) fn old_gnu(block: &Block, parts: &mut Pairs, at: u64) -> Result<bool, ReadError> {
    old_parts(&block[386..482], parts, at)?;
    Ok(block[482] > 0)
}

/// The parts in a block that continues an old GNU header, and whether another follows.
pub(super) fn old_gnu_more(block: &Block, parts: &mut Pairs, at: u64) -> Result<bool, ReadError> {
    old_parts(&block[..504], parts, at)?;
    Ok(block[504] > 0)
}

fn old_parts(fields: &[u8], parts: &mut Pairs, at: u64) -> Result<(), ReadError> {
    for field in fields.chunks_exact(24).take_while(|field| field[0] != 0) {
        let pair = numeric(&field[..12]).zip(numeric(&field[12..]));
        parts.push(pair.ok_or_else(|| bad_map(at, visible(field)))?);
    }
    Ok(())
}

/// Parts that lie in order, do not overlap and stay inside the file.
pub(super) fn validate(pairs: &[(i64, i64)], size: u64, at: u64) -> Result<Vec<Part>, ReadError> {
    let mut end = 0;
    let mut parts = Vec::with_capacity(pairs.len());
    for (offset, len) in pairs {
        let part = u64::try_from(*offset).ok().zip(u64::try_from(*len).ok()).map(|(offset, len)| Part { offset, len });
        let part = part.filter(|part| part.offset >= end && part.offset + part.len <= size);
        let part = part.ok_or_else(|| bad_map(at, format!("a part at {offset} of {len} bytes in a file of {size}")))?;
        end = part.offset + part.len;
        parts.push(part);
    }
    Ok(parts)
}

/// Turns stored bytes into content: parts where they belong, holes between them.
#[derive(Debug)]
pub(super) struct Expansion {
    parts: std::vec::IntoIter<Part>,
    current: Part,
    position: u64,
    size: u64,
}

/// The next thing to hand on.
pub(super) enum Piece {
    Hole(u64),
    /// Up to that many stored bytes.
    Stored(u64),
    Done,
}

impl Expansion {
    pub(super) fn new(parts: Vec<Part>, size: u64) -> Self {
        let mut parts = parts.into_iter();
        let end = Part { offset: size, len: 0 };
        let current = parts.find(|part| part.len > 0).unwrap_or(end);
        Self { parts, current, position: 0, size }
    }

    pub(super) fn next(&self) -> Piece {
        if self.position < self.current.offset {
            Piece::Hole(self.current.offset - self.position)
        } else if self.current.len > 0 {
            Piece::Stored(self.current.offset + self.current.len - self.position)
        } else {
            Piece::Done
        }
    }

    pub(super) fn advance(&mut self, len: u64) {
        self.position += len;
        if self.current.len > 0 && self.position == self.current.offset + self.current.len {
            self.current = self.parts.find(|part| part.len > 0).unwrap_or(Part { offset: self.size, len: 0 });
        }
    }
}

const _: () = assert!(BLOCK == 512);
