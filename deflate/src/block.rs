//! What both generations do with a list of tokens: count its symbols, write it with a table.

use super::bits::BitWriter;
use super::huffman::{Code, LIMIT, Table, code_lengths};
use super::symbols::{
    DISTANCE_EXTRA, DISTANCES, END_OF_BLOCK, LENGTH_EXTRA, LENGTH_SYMBOL, LITERALS, Token, distance_extra_value, distance_symbol,
    length_extra_value,
};

/// How often each symbol occurs in a list of tokens.
#[derive(Debug, Clone)]
pub(super) struct Counts {
    pub(super) literals: [u32; LITERALS],
    pub(super) distances: [u32; DISTANCES],
}

impl Counts {
    /// Counts the tokens; the end-of-block symbol counts once.
    pub(super) fn of(tokens: &[Token]) -> Self {
        let mut counts = Self { literals: [0; LITERALS], distances: [0; DISTANCES] };
        for token in tokens {
            if token.is_match() {
                counts.literals[257 + usize::from(LENGTH_SYMBOL[usize::from(token.length_less_3())])] += 1;
                counts.distances[distance_symbol(token.distance_less_1())] += 1;
            } else {
                counts.literals[usize::from(token.byte())] += 1;
            }
        }
        counts.literals[END_OF_BLOCK] = 1;
        counts
    }

    /// Extra bits of all length and distance symbols.
    pub(super) fn extra_bits(&self) -> u64 {
        let lengths = self.literals[257..].iter().zip(LENGTH_EXTRA).map(|(count, extra)| u64::from(*count) * u64::from(extra));
        let distances = self.distances.iter().zip(DISTANCE_EXTRA).map(|(count, extra)| u64::from(*count) * u64::from(extra));
        lengths.chain(distances).sum()
    }

    /// Matches among the tokens.
    pub(super) fn matches(&self) -> u32 {
        self.distances.iter().sum()
    }

    /// Code lengths for both alphabets.
    pub(super) fn lengths(&self) -> ([u8; LITERALS], [u8; DISTANCES]) {
        let (mut literals, mut distances) = ([0; LITERALS], [0; DISTANCES]);
        code_lengths(&self.literals, LIMIT, &mut literals);
        code_lengths(&self.distances, LIMIT, &mut distances);
        (literals, distances)
    }
}

/// The part of `lengths` that a header describes: up to the highest used symbol, at least `least` entries.
pub(super) fn used(lengths: &[u8], least: usize) -> &[u8] {
    let end = lengths.iter().rposition(|length| *length > 0).map_or(0, |last| last + 1);
    &lengths[..end.max(least)]
}

/// Writes one code word.
#[inline]
pub(super) fn put_code(code: Code, bits: &mut BitWriter, out: &mut Vec<u8>) {
    bits.put(u32::from(code.bits), u32::from(code.length), out);
}

/// Writes tokens, without the end-of-block symbol.
pub(super) fn put_tokens(tokens: &[Token], table: &Table, bits: &mut BitWriter, out: &mut Vec<u8>) {
    let lengths = length_words(table);
    out.reserve(tokens.len() * 2);
    for token in tokens {
        if !token.is_match() {
            put_code(table.literals[usize::from(token.byte())], bits, out);
            continue;
        }
        let (word, size) = lengths[usize::from(token.length_less_3())];
        bits.put(word, size, out);
        let less_1 = token.distance_less_1();
        let symbol = distance_symbol(less_1);
        let code = table.distances[symbol];
        let word = u32::from(code.bits) | u32::from(distance_extra_value(less_1, symbol)) << code.length;
        bits.put(word, u32::from(code.length) + u32::from(DISTANCE_EXTRA[symbol]), out);
    }
}

/// Code word and extra bits of each match length (by length - 3), and their number.
fn length_words(table: &Table) -> [(u32, u32); 256] {
    std::array::from_fn(|less_3| {
        let symbol = usize::from(LENGTH_SYMBOL[less_3]);
        let code = table.literals[257 + symbol];
        let extra = length_extra_value(less_3 as u8, symbol);
        (u32::from(code.bits) | u32::from(extra) << code.length, u32::from(code.length + LENGTH_EXTRA[symbol]))
    })
}
