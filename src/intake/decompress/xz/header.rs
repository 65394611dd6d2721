//! Stream headers, block headers and footers (sections 2.1.1, 3.1 and 2.1.2 of the format).

use super::super::Common;
use super::index::vli;
use crate::finding::{ReadError, visible};
use flate2::Crc;
use lzma_rust2::FilterConfig;

pub(super) const MAGIC: [u8; 6] = [0xfd, b'7', b'z', b'X', b'Z', 0];

/// What is wrong with a header.
#[derive(Debug)]
pub(super) enum Fault {
    Corrupt(&'static str, String),
    Unsupported(&'static str, String),
}

impl Fault {
    pub(super) fn error(self, common: &Common) -> ReadError {
        match self {
            Self::Corrupt(expected, found) => common.corrupt(expected, found),
            Self::Unsupported(expected, found) => common.error("intake.compressed-unsupported", expected, found),
        }
    }
}

/// The two flag bytes of a stream.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct StreamFlags {
    pub(super) check: u8,
}

impl StreamFlags {
    pub(super) fn check_len(self) -> usize {
        [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64][usize::from(self.check & 15)]
    }

    pub(super) fn check_name(self) -> &'static str {
        match self.check {
            0 => "none",
            1 => "CRC-32",
            4 => "CRC-64",
            10 => "SHA-256",
            _ => "unknown",
        }
    }
}

pub(super) fn stream_flags(flags: &[u8], sum: &[u8]) -> Result<StreamFlags, Fault> {
    check_sum(flags, sum)?;
    let known = flags[0] == 0 && matches!(flags[1], 0 | 1 | 4 | 10);
    if !known {
        return Err(Fault::Unsupported("a check of xz 5.4", visible(flags)));
    }
    Ok(StreamFlags { check: flags[1] })
}

/// Sum, size of the index, flags, magic.
pub(super) fn footer(bytes: &[u8], flags: &StreamFlags, index_size: u64) -> Result<(), Fault> {
    check_sum(&bytes[4..10], &bytes[..4])?;
    let backward = u64::from(u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]));
    if (backward + 1) * 4 != index_size {
        return Err(Fault::Corrupt("the size of the index in the footer", format!("{}", (backward + 1) * 4)));
    }
    if bytes[8..10] != [0, flags.check] || &bytes[10..12] != b"YZ" {
        return Err(Fault::Corrupt("a footer like the header", visible(&bytes[8..12])));
    }
    Ok(())
}

fn check_sum(bytes: &[u8], sum: &[u8]) -> Result<(), Fault> {
    let mut crc = Crc::new();
    crc.update(bytes);
    if crc.sum().to_le_bytes() != *sum {
        return Err(Fault::Corrupt("a header with its CRC-32", visible(sum)));
    }
    Ok(())
}

/// One block as its header describes it.
pub(super) struct Block {
    pub(super) header_len: u64,
    compressed: Option<u64>,
    uncompressed: Option<u64>,
    pub(super) dictionary: u64,
    /// The filter next to LZMA2, which the decoder applies.
    pub(super) filter: Option<FilterConfig>,
    /// Delta filters outside of it, the outermost first.
    deltas: Vec<Delta>,
}

impl Block {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        let (body, sum) = bytes.split_at(bytes.len() - 4);
        check_sum(body, sum)?;
        let flags = body[1];
        if flags & 0x3c != 0 {
            return Err(Fault::Unsupported("block flags of xz 5.4", format!("{flags:02x}")));
        }
        let mut rest = &body[2..];
        let mut size = |is_there: bool| if is_there { number(&mut rest).map(Some) } else { Ok(None) };
        let compressed = size(flags & 0x40 != 0)?;
        let uncompressed = size(flags & 0x80 != 0)?;
        // The whole block with header and check has to stay below 2^63.
        if compressed.is_some_and(|size| size == 0 || size > (1 << 63) - 1 - 1024 - 64) {
            return Err(Fault::Corrupt("a size that a block can have", format!("{compressed:?}")));
        }
        let mut block =
            Self { header_len: bytes.len() as u64, compressed, uncompressed, dictionary: 0, filter: None, deltas: Vec::new() };
        let count = usize::from(flags & 3) + 1;
        let mut filters = Vec::with_capacity(count);
        for _ in 0..count {
            filters.push(filter(&mut rest)?);
        }
        if rest.iter().any(|byte| *byte != 0) {
            return Err(Fault::Unsupported("zero bytes at the end of a block header", visible(rest)));
        }
        block.chain(filters)?;
        Ok(block)
    }

    /// LZMA2 is last and only last. The decoder takes one filter beside it; Delta filters may stand outside of that.
    fn chain(&mut self, mut filters: Vec<Filter>) -> Result<(), Fault> {
        let refuse = || Fault::Unsupported("filters of xz 5.4 with LZMA2 as the last", "another chain".to_owned());
        let Some(Filter::Lzma2(dictionary)) = filters.pop() else { return Err(refuse()) };
        self.dictionary = dictionary;
        self.filter = match filters.pop() {
            None => None,
            Some(Filter::Delta(distance)) => Some(FilterConfig::new_delta(distance)),
            Some(Filter::Branch(config)) => Some(config),
            Some(Filter::Lzma2(_)) => return Err(refuse()),
        };
        for filter in filters {
            match filter {
                Filter::Delta(distance) => self.deltas.push(Delta::new(distance)),
                Filter::Branch(_) | Filter::Lzma2(_) => return Err(refuse()),
            }
        }
        Ok(())
    }

    pub(super) fn undo_deltas(&mut self, bytes: &mut [u8]) {
        self.deltas.iter_mut().rev().for_each(|delta| delta.undo(bytes));
    }

    /// Whether the sizes that the header gives can still hold, or hold at the end.
    pub(super) fn check_sizes(&self, compressed: u64, uncompressed: u64, at_end: bool) -> Result<(), Fault> {
        for (given, found) in [(self.compressed, compressed), (self.uncompressed, uncompressed)] {
            if given.is_some_and(|given| found > given || at_end && found != given) {
                return Err(Fault::Corrupt("a block of the size in its header", format!("{found} bytes")));
            }
        }
        Ok(())
    }
}

enum Filter {
    Lzma2(u64),
    Delta(u32),
    Branch(FilterConfig),
}

fn number(rest: &mut &[u8]) -> Result<u64, Fault> {
    let (value, len) = vli(rest).ok_or_else(|| Fault::Corrupt("a number of at most nine bytes", visible(rest)))?;
    *rest = &rest[len..];
    Ok(value)
}

fn filter(rest: &mut &[u8]) -> Result<Filter, Fault> {
    let id = number(rest)?;
    let len = number(rest)?;
    let len = usize::try_from(len).ok().filter(|len| *len <= rest.len());
    let (properties, after) = rest.split_at(len.ok_or_else(|| Fault::Corrupt("properties inside the header", id.to_string()))?);
    *rest = after;
    let refuse = || Fault::Unsupported("a filter of xz 5.4", format!("filter {id:#x}"));
    let start = || match *properties {
        [] => Ok(0),
        [a, b, c, d] => Ok(u32::from_le_bytes([a, b, c, d])),
        _ => Err(refuse()),
    };
    Ok(match (id, properties) {
        (0x21, [bits]) => Filter::Lzma2(dictionary(*bits).ok_or_else(refuse)?),
        (0x03, [distance]) => Filter::Delta(u32::from(*distance) + 1),
        (0x04, _) => Filter::Branch(FilterConfig::new_bcj_x86(start()?)),
        (0x05, _) => Filter::Branch(FilterConfig::new_bcj_ppc(start()?)),
        (0x06, _) => Filter::Branch(FilterConfig::new_bcj_ia64(start()?)),
        (0x07, _) => Filter::Branch(FilterConfig::new_bcj_arm(start()?)),
        (0x08, _) => Filter::Branch(FilterConfig::new_bcj_arm_thumb(start()?)),
        (0x09, _) => Filter::Branch(FilterConfig::new_bcj_sparc(start()?)),
        (0x0a, _) => Filter::Branch(FilterConfig::new_bcj_arm64(start()?)),
        (0x0b, _) => Filter::Branch(FilterConfig::new_bcj_risc_v(start()?)),
        _ => return Err(refuse()),
    })
}

/// Dictionary size by its property (section 5.3.1).
fn dictionary(bits: u8) -> Option<u64> {
    match bits {
        0..=39 => Some((2 | u64::from(bits & 1)) << (bits / 2 + 11)),
        40 => Some(u64::from(u32::MAX)),
        _ => None,
    }
}

/// A delta filter: each byte is the sum of what is stored and the byte so far before it (section 5.3.3).
struct Delta {
    history: [u8; 256],
    distance: u32,
    at: u8,
}

impl Delta {
    fn new(distance: u32) -> Self {
        Self { history: [0; 256], distance, at: 0 }
    }

    fn undo(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            let before = self.history[usize::from(self.at.wrapping_sub(self.distance as u8))];
            *byte = byte.wrapping_add(before);
            self.history[usize::from(self.at)] = *byte;
            self.at = self.at.wrapping_add(1);
        }
    }
}
