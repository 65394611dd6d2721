//! Bits in the order of RFC 1951 §3.1.1: the first bit is the least significant bit of a byte.

/// Collects bits and hands whole bytes to the output.
#[derive(Debug, Default)]
pub(super) struct BitWriter {
    held: u64,
    count: u32,
}

impl BitWriter {
    /// Appends the `count` lowest bits of `value`; at most 32, and `value` has no higher ones.
    #[inline]
    pub(super) fn put(&mut self, value: u32, count: u32, out: &mut Vec<u8>) {
        self.held |= u64::from(value) << self.count;
        self.count += count;
        if self.count >= 32 {
            out.extend_from_slice(&(self.held as u32).to_le_bytes());
            self.held >>= 32;
            self.count -= 32;
        }
    }

    /// Zero bits up to the next byte, and everything held goes out.
    pub(super) fn align(&mut self, out: &mut Vec<u8>) {
        let bytes = self.count.div_ceil(8) as usize;
        out.extend_from_slice(&self.held.to_le_bytes()[..bytes]);
        *self = Self::default();
    }

    /// A stored block that is not the last one (RFC 1951 §3.2.4). `data` has at most 65535 bytes.
    pub(super) fn stored(&mut self, data: &[u8], last: bool, out: &mut Vec<u8>) {
        self.put(u32::from(last), 3, out);
        self.align(out);
        let length = data.len() as u16;
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&(!length).to_le_bytes());
        out.extend_from_slice(data);
    }
}
