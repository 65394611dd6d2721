//! The index of a stream (section 4 of the format), compared with the blocks that went before it.

use crate::digest::Sha256;
use flate2::Crc;

/// A number of seven bits a byte, at most nine bytes, none of them in vain. Gives the bytes it takes.
pub(super) fn vli(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0;
    for (at, byte) in bytes.iter().take(9).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return (at == 0 || *byte != 0).then_some((value, at + 1));
        }
    }
    None
}

/// Sizes of the blocks of a stream, summed up so that they take no room.
#[derive(Clone, Default)]
pub(super) struct Totals {
    pub(super) blocks: u64,
    sizes: Sha256,
}

impl Totals {
    pub(super) fn add(&mut self, unpadded: u64, uncompressed: u64) {
        self.blocks += 1;
        self.sizes.update(&unpadded.to_le_bytes());
        self.sizes.update(&uncompressed.to_le_bytes());
    }

    fn equals(&self, other: &Self) -> bool {
        self.blocks == other.blocks && self.sizes.digest() == other.sizes.digest()
    }
}

/// An index that is being read; its first byte, the indicator, was taken before.
pub(super) struct Index {
    crc: Crc,
    len: u64,
    /// Records that the index announces, once that is known.
    records: Option<u64>,
    read: Totals,
    /// Bytes of a number that is not complete, of the padding, of the sum.
    part: Vec<u8>,
    unpadded: Option<u64>,
    end: Option<Vec<u8>>,
}

impl Default for Index {
    fn default() -> Self {
        let mut crc = Crc::new();
        crc.update(&[0]);
        Self { crc, len: 1, records: None, read: Totals::default(), part: Vec::new(), unpadded: None, end: None }
    }
}

impl Index {
    /// Takes bytes and says how many belong to the index.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<usize, String> {
        let mut used = 0;
        while used < bytes.len() && !self.is_whole() {
            match &mut self.end {
                Some(end) => end.push(bytes[used]),
                None => self.number_byte(bytes[used])?,
            }
            used += 1;
        }
        Ok(used)
    }

    /// The size of the whole index once it is there and equals what the blocks were.
    pub(super) fn complete(&mut self, blocks: &Totals) -> Result<Option<u64>, String> {
        if !self.is_whole() {
            return Ok(None);
        }
        let end = self.end.take().unwrap_or_default();
        let (padding, sum) = end.split_at(end.len() - 4);
        self.crc.update(padding);
        if padding.iter().any(|byte| *byte != 0) || self.crc.sum().to_le_bytes() != *sum {
            return Err("an index whose padding or CRC-32 is wrong".to_owned());
        }
        if !self.read.equals(blocks) {
            return Err("sizes that the blocks do not have".to_owned());
        }
        Ok(Some(self.len + end.len() as u64))
    }

    /// Numbers are followed by zero to three bytes of padding and four of CRC.
    fn is_whole(&self) -> bool {
        self.end.as_ref().is_some_and(|end| end.len() as u64 == self.len.wrapping_neg() % 4 + 4)
    }

    fn number_byte(&mut self, byte: u8) -> Result<(), String> {
        self.crc.update(&[byte]);
        self.len += 1;
        self.part.push(byte);
        if byte & 0x80 != 0 && self.part.len() < 9 {
            return Ok(());
        }
        let (value, _) = vli(&self.part).ok_or("a number of too many bytes")?;
        self.part.clear();
        match (self.records, self.unpadded.take()) {
            (None, _) => self.records = Some(value),
            (Some(_), None) => self.unpadded = Some(value),
            (Some(_), Some(unpadded)) => self.read.add(unpadded, value),
        }
        if self.unpadded.is_none() && self.records == Some(self.read.blocks) {
            self.end = Some(Vec::new());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_the_shortest_way() {
        assert_eq!(vli(&[0]), Some((0, 1)));
        assert_eq!(vli(&[0x80, 1]), Some((128, 2)));
        assert_eq!(vli(&[0x8d, 0]), None);
        assert_eq!(vli(&[0x80]), None);
        assert_eq!(vli(&[0xff; 10]), None);
        assert_eq!(vli(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]), Some((u64::MAX >> 1, 9)));
    }
}
