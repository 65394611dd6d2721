//! Tokens, and the length and distance symbols of RFC 1951 §3.2.5.

/// Literal/length symbols in use.
pub(super) const LITERALS: usize = 286;
/// Distance symbols in use.
pub(super) const DISTANCES: usize = 30;
/// The symbol that ends a block.
pub(super) const END_OF_BLOCK: usize = 256;

/// Extra bits after length symbol 257 + index.
pub(super) const LENGTH_EXTRA: [u8; 29] = length_extra();
/// Extra bits after the distance symbol.
pub(super) const DISTANCE_EXTRA: [u8; DISTANCES] = distance_extra();
/// Index of the length symbol by length - 3.
pub(super) const LENGTH_SYMBOL: [u8; 256] = length_symbols();

const LENGTH_BASE: [u8; 29] = length_bases();
const DISTANCE_BASE: [u16; DISTANCES] = distance_bases();
const NEAR: [u8; 256] = near_symbols();

/// A literal or a match, in 32 bits: matches have the highest bit, length - 3 in bits 16 to 23, distance - 1 below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token(u32);

impl Token {
    const MATCH: u32 = 1 << 31;

    #[inline]
    pub(super) fn literal(byte: u8) -> Self {
        Self(u32::from(byte))
    }

    /// A match of 3 to 258 bytes at distance 1 to 32768.
    #[inline]
    pub(super) fn matched(length: usize, distance: usize) -> Self {
        Self(Self::MATCH | ((length as u32 - 3) << 16) | (distance as u32 - 1))
    }

    #[inline]
    pub(super) fn is_match(self) -> bool {
        self.0 & Self::MATCH != 0
    }

    /// The byte of a literal.
    #[inline]
    pub(super) fn byte(self) -> u8 {
        self.0 as u8
    }

    /// Length - 3 of a match.
    #[inline]
    pub(super) fn length_less_3(self) -> u8 {
        (self.0 >> 16) as u8
    }

    /// Distance - 1 of a match.
    #[inline]
    pub(super) fn distance_less_1(self) -> u16 {
        self.0 as u16
    }
}

/// The distance symbol of distance - 1.
#[inline]
pub(super) fn distance_symbol(less_1: u16) -> usize {
    let near = less_1 < 256;
    let index = if near { less_1 as u8 } else { (less_1 >> 7) as u8 };
    NEAR[usize::from(index)] as usize + if near { 0 } else { 14 }
}

/// The value of the extra bits after a distance symbol.
#[inline]
pub(super) fn distance_extra_value(less_1: u16, symbol: usize) -> u16 {
    less_1 - DISTANCE_BASE[symbol]
}

/// The value of the extra bits after a length symbol (counted from 257).
#[inline]
pub(super) fn length_extra_value(less_3: u8, symbol: usize) -> u8 {
    less_3 - LENGTH_BASE[symbol]
}

const fn length_extra() -> [u8; 29] {
    let mut extra = [0; 29];
    let mut symbol = 8;
    while symbol < 28 {
        extra[symbol] = (symbol / 4 - 1) as u8;
        symbol += 1;
    }
    extra
}

const fn length_bases() -> [u8; 29] {
    let mut bases = [0; 29];
    let mut base = 0_u16;
    let mut symbol = 0;
    while symbol < 28 {
        bases[symbol] = base as u8;
        base += 1 << LENGTH_EXTRA[symbol];
        symbol += 1;
    }
    bases[28] = 255;
    bases
}

const fn length_symbols() -> [u8; 256] {
    let mut symbols = [0; 256];
    let mut symbol = 0;
    while symbol < 29 {
        let mut value = LENGTH_BASE[symbol] as usize;
        let end = if symbol == 28 { 256 } else { LENGTH_BASE[symbol + 1] as usize };
        while value < end {
            symbols[value] = symbol as u8;
            value += 1;
        }
        symbol += 1;
    }
    symbols
}

const fn distance_extra() -> [u8; DISTANCES] {
    let mut extra = [0; DISTANCES];
    let mut symbol = 4;
    while symbol < DISTANCES {
        extra[symbol] = (symbol / 2 - 1) as u8;
        symbol += 1;
    }
    extra
}

const fn distance_bases() -> [u16; DISTANCES] {
    let mut bases = [0; DISTANCES];
    let mut symbol = 1;
    while symbol < DISTANCES {
        bases[symbol] = bases[symbol - 1] + (1 << DISTANCE_EXTRA[symbol - 1]);
        symbol += 1;
    }
    bases
}

/// The symbol of distance - 1 below 256. A distance 128 times as far has the symbol 14 further on.
const fn near_symbols() -> [u8; 256] {
    let mut symbols = [0; 256];
    let mut symbol = 0;
    while symbol < 16 {
        let mut value = DISTANCE_BASE[symbol] as usize;
        while value < DISTANCE_BASE[symbol + 1] as usize {
            symbols[value] = symbol as u8;
            value += 1;
        }
        symbol += 1;
    }
    symbols
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_of_rfc_1951() {
        let length = |length: usize| {
            let token = Token::matched(length, 1);
            let symbol = usize::from(LENGTH_SYMBOL[usize::from(token.length_less_3())]);
            (257 + symbol, LENGTH_EXTRA[symbol], length_extra_value(token.length_less_3(), symbol))
        };
        assert_eq!([length(3), length(10), length(11), length(12)], [(257, 0, 0), (264, 0, 0), (265, 1, 0), (265, 1, 1)]);
        assert_eq!([length(257), length(258)], [(284, 5, 30), (285, 0, 0)]);
        let distance = |distance: usize| {
            let less_1 = Token::matched(3, distance).distance_less_1();
            let symbol = distance_symbol(less_1);
            (symbol, DISTANCE_EXTRA[symbol], distance_extra_value(less_1, symbol))
        };
        assert_eq!([distance(1), distance(4), distance(5), distance(6)], [(0, 0, 0), (3, 0, 0), (4, 1, 0), (4, 1, 1)]);
        assert_eq!([distance(256), distance(257), distance(385)], [(15, 6, 63), (16, 7, 0), (17, 7, 0)]);
        assert_eq!([distance(32767), distance(32768)], [(29, 13, 8190), (29, 13, 8191)]);
    }
}
