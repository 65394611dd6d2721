//! The container of RFC 1952 as Go writes it: no optional fields, time 0, operating system unknown.

const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// Header, and the checksum and length for the trailer.
pub(super) struct Wrapper {
    started: bool,
    checksum: flate2::Crc,
    /// Modulo 2^32, as the trailer has it.
    length: u32,
}

impl Wrapper {
    pub(super) fn new() -> Self {
        Self { started: false, checksum: flate2::Crc::new(), length: 0 }
    }

    /// Takes input bytes; the first call writes the header.
    pub(super) fn take(&mut self, data: &[u8], out: &mut Vec<u8>) {
        if !self.started {
            out.extend_from_slice(&HEADER);
            self.started = true;
        }
        self.checksum.update(data);
        self.length = self.length.wrapping_add(data.len() as u32);
    }

    /// Writes the trailer.
    pub(super) fn end(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.checksum.sum().to_le_bytes());
        out.extend_from_slice(&self.length.to_le_bytes());
    }
}
