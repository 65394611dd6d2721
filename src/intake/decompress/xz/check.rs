//! The integrity checks of a block (section 3.4 of the format).

use crate::digest::Sha256;
use flate2::Crc;
use std::sync::LazyLock;

/// A check that is being computed.
pub(super) enum Check {
    None,
    Crc32(Crc),
    Crc64(u64),
    Sha256(Box<Sha256>),
}

impl Check {
    pub(super) fn new(id: u8) -> Self {
        match id {
            1 => Self::Crc32(Crc::new()),
            4 => Self::Crc64(!0),
            10 => Self::Sha256(Box::default()),
            _ => Self::None,
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::None => {}
            Self::Crc32(crc) => crc.update(bytes),
            Self::Crc64(state) => *state = crc64(*state, bytes),
            Self::Sha256(hash) => hash.update(bytes),
        }
    }

    /// The computed value in hexadecimal, if it is not the one given.
    pub(super) fn wrong(&self, given: &[u8]) -> Option<String> {
        let computed = match self {
            Self::None => return None,
            Self::Crc32(crc) => crc.sum().to_le_bytes().to_vec(),
            Self::Crc64(state) => (!state).to_le_bytes().to_vec(),
            Self::Sha256(hash) => hash.digest().as_bytes().to_vec(),
        };
        (computed != given).then(|| computed.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// CRC-64 of ECMA-182, reflected, eight bytes at a time.
fn crc64(mut state: u64, bytes: &[u8]) -> u64 {
    let tables = &*TABLES;
    let (chunks, rest) = bytes.as_chunks::<8>();
    for chunk in chunks {
        let mixed = (state ^ u64::from_le_bytes(*chunk)).to_le_bytes();
        state = mixed.iter().enumerate().fold(0, |sum, (at, byte)| sum ^ tables[7 - at][usize::from(*byte)]);
    }
    rest.iter().fold(state, |state, byte| tables[0][usize::from(state as u8 ^ byte)] ^ state >> 8)
}

/// Made when the first CRC-64 is: as constants these are 16 kB that no compression makes smaller, and every visit would load them.
static TABLES: LazyLock<Box<Tables>> = LazyLock::new(tables);

type Tables = [[u64; 256]; 8];

fn tables() -> Box<Tables> {
    const POLYNOMIAL: u64 = 0xc96c_5795_d787_0f42;
    let mut tables = Box::new([[0; 256]; 8]);
    for (byte, entry) in (0..).zip(&mut tables[0]) {
        *entry = (0..8).fold(byte, |value, _| if value & 1 == 1 { value >> 1 ^ POLYNOMIAL } else { value >> 1 });
    }
    for table in 1..tables.len() {
        for byte in 0..256 {
            let before = tables[table - 1][byte];
            tables[table][byte] = tables[0][(before & 255) as usize] ^ before >> 8;
        }
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_crc_64_xz() {
        assert_eq!(!crc64(!0, b"123456789"), 0x995d_c9bb_df19_39fa);
        let long: Vec<u8> = (0..=255).cycle().take(1000).collect();
        let by_bytes = long.iter().fold(!0, |state, byte| crc64(state, &[*byte]));
        assert_eq!(crc64(!0, &long), by_bytes);
    }
}
