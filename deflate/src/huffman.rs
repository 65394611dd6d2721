//! Code lengths by package-merge with Go's tie rule, canonical codes, and the header of a dynamic block.

use super::bits::BitWriter;
use super::symbols::{DISTANCES, LITERALS};

/// The longest literal, length or distance code (RFC 1951 §3.2.7).
pub(super) const LIMIT: usize = 15;
/// The longest code of the code-length alphabet.
const RUN_LIMIT: usize = 7;
/// Order in which the lengths of the code-length alphabet are written (RFC 1951 §3.2.7).
const RUN_ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// One code word: its bits in writing order, and how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Code {
    pub(super) bits: u16,
    pub(super) length: u8,
}

/// Code lengths for symbol counts. Unused symbols get 0; one or two used symbols get 1 each.
///
/// Package-merge, where at equal weight a package comes before a leaf; leaves of equal weight are in symbol order. These two
/// rules decide which of several optimal codes Go writes.
pub(super) fn code_lengths(counts: &[u32], limit: usize, lengths: &mut [u8]) {
    lengths.fill(0);
    let mut leaves: Vec<u64> =
        (0..counts.len()).filter(|&i| counts[i] > 0).map(|i| u64::from(counts[i]) << 16 | i as u64).collect();
    if leaves.len() <= 2 {
        leaves.iter().for_each(|leaf| lengths[symbol_of(*leaf)] = 1);
        return;
    }
    leaves.sort_unstable();
    let per_length = symbols_per_length(&leaves, limit.min(leaves.len() - 1));
    let mut longest_first = leaves.iter();
    for (length, count) in per_length.iter().enumerate().rev() {
        for leaf in longest_first.by_ref().take(*count) {
            lengths[symbol_of(*leaf)] = length as u8;
        }
    }
}

fn symbol_of(leaf: u64) -> usize {
    usize::from(leaf as u16)
}

/// How many symbols have each length (by index), for at least three leaves in ascending order.
fn symbols_per_length(leaves: &[u64], levels: usize) -> [usize; LIMIT + 1] {
    let wanted = 2 * leaves.len() - 2;
    // leaves_before[t][k]: leaves among the first k items of the list of level t.
    let mut leaves_before: Vec<Vec<u16>> = Vec::with_capacity(levels);
    let mut list: Vec<u64> = Vec::new();
    for _ in 0..levels {
        let (next, before) = merge(leaves, &list, wanted);
        list = next;
        leaves_before.push(before);
    }
    let mut per_length = [0; LIMIT + 1];
    let mut items = wanted;
    let mut taken = [0; LIMIT + 1];
    for level in (0..levels).rev() {
        taken[level + 1] = usize::from(leaves_before[level][items]);
        items = 2 * (items - taken[level + 1]);
    }
    for length in 1..=levels {
        per_length[length] = taken[levels - length + 1] - taken[levels - length];
    }
    per_length
}

/// The list of the next level: leaves and packages of the list below, by weight; only the first `wanted` items matter.
fn merge(leaves: &[u64], below: &[u64], wanted: usize) -> (Vec<u64>, Vec<u16>) {
    let mut list = Vec::with_capacity(wanted);
    let mut before = Vec::with_capacity(wanted + 1);
    before.push(0);
    let mut leaf = 0;
    let mut packages = below.chunks_exact(2).map(|pair| pair[0] + pair[1]);
    let mut package = packages.next();
    while list.len() < wanted {
        let weight = leaves.get(leaf).map(|leaf| leaf >> 16);
        match (package, weight) {
            (Some(heavy), Some(weight)) if weight < heavy => {
                list.push(weight);
                leaf += 1;
            }
            (Some(heavy), _) => {
                list.push(heavy);
                package = packages.next();
            }
            (None, Some(weight)) => {
                list.push(weight);
                leaf += 1;
            }
            (None, None) => break,
        }
        before.push(leaf as u16);
    }
    // Level 1 has the leaves only: fewer items than wanted. Whoever asks beyond its end takes all of them.
    before.resize(wanted + 1, leaf as u16);
    (list, before)
}

/// The canonical codes of RFC 1951 §3.2.2, bits already in writing order.
pub(super) fn canonical(lengths: &[u8], codes: &mut [Code]) {
    let mut next = [0_u16; LIMIT + 2];
    for length in lengths.iter().filter(|length| **length > 0) {
        next[usize::from(*length) + 1] += 1;
    }
    for length in 1..next.len() {
        next[length] = (next[length] + next[length - 1]) << 1;
    }
    for (code, &length) in codes.iter_mut().zip(lengths) {
        *code = Code::default();
        if length > 0 {
            let value = &mut next[usize::from(length)];
            *code = Code { bits: value.reverse_bits() >> (16 - length), length };
            *value += 1;
        }
    }
}

/// Literal/length and distance codes of one Huffman block.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) literals: [Code; LITERALS],
    pub(super) distances: [Code; DISTANCES],
}

impl Table {
    /// Canonical codes for both sets of lengths.
    pub(super) fn new(literals: &[u8; LITERALS], distances: &[u8; DISTANCES]) -> Self {
        let mut table = Self { literals: [Code::default(); LITERALS], distances: [Code::default(); DISTANCES] };
        canonical(literals, &mut table.literals);
        canonical(distances, &mut table.distances);
        table
    }

    /// The fixed codes of RFC 1951 §3.2.6.
    pub(super) fn fixed() -> Self {
        let mut lengths = [8; 288];
        lengths[144..256].fill(9);
        lengths[256..280].fill(7);
        // The two symbols that never occur take part in the code.
        let mut codes = [Code::default(); 288];
        canonical(&lengths, &mut codes);
        let mut table = Self { literals: [Code::default(); LITERALS], distances: [Code::default(); DISTANCES] };
        table.literals.copy_from_slice(&codes[..LITERALS]);
        canonical(&[5; DISTANCES], &mut table.distances);
        table
    }
}

/// Bits of the tokens in the fixed code, without extra bits: for the comparison of block forms.
pub(super) fn fixed_size(literals: &[u32; LITERALS], distances: &[u32; DISTANCES]) -> u64 {
    let length = |symbol: usize| match symbol {
        0..144 | 280.. => 8,
        144..256 => 9,
        _ => 7,
    };
    let literal_bits: u64 = literals.iter().enumerate().map(|(symbol, count)| u64::from(*count) * length(symbol)).sum();
    literal_bits + 5 * distances.iter().map(|count| u64::from(*count)).sum::<u64>()
}

/// Σ count · length.
pub(super) fn weighted(counts: &[u32], lengths: &[u8]) -> u64 {
    counts.iter().zip(lengths).map(|(count, length)| u64::from(*count) * u64::from(*length)).sum()
}

/// The header of a dynamic block (RFC 1951 §3.2.7), ready to be measured and written.
#[derive(Debug)]
pub(super) struct Header {
    literals: usize,
    distances: usize,
    runs: Vec<Run>,
    lengths: [u8; 19],
    written_lengths: usize,
    /// Bits from the block's first bit to the last one before the tokens.
    pub(super) size: u64,
}

/// A symbol of the code-length alphabet with its extra value.
#[derive(Debug, Clone, Copy)]
struct Run {
    symbol: u8,
    extra: u8,
}

fn run_extra_bits(symbol: u8) -> u32 {
    match symbol {
        16 => 2,
        17 => 3,
        18 => 7,
        _ => 0,
    }
}

impl Header {
    /// Describes code lengths; both slices end with the highest used symbol (at least 257 and 1 long).
    pub(super) fn new(literals: &[u8], distances: &[u8]) -> Self {
        let runs = runs(literals, distances);
        let mut counts = [0_u32; 19];
        runs.iter().for_each(|run| counts[usize::from(run.symbol)] += 1);
        let mut lengths = [0; 19];
        code_lengths(&counts, RUN_LIMIT, &mut lengths);
        let written_lengths = RUN_ORDER.iter().rposition(|symbol| counts[*symbol] > 0).map_or(4, |last| last + 1);
        let extra: u64 = runs.iter().map(|run| u64::from(run_extra_bits(run.symbol))).sum();
        let size = 17 + 3 * written_lengths as u64 + weighted(&counts, &lengths) + extra;
        Self { literals: literals.len(), distances: distances.len(), runs, lengths, written_lengths, size }
    }

    /// Writes the header of a block that is not the last one.
    pub(super) fn write(&self, bits: &mut BitWriter, out: &mut Vec<u8>) {
        bits.put(0b100, 3, out);
        bits.put(self.literals as u32 - 257, 5, out);
        bits.put(self.distances as u32 - 1, 5, out);
        bits.put(self.written_lengths as u32 - 4, 4, out);
        for symbol in &RUN_ORDER[..self.written_lengths] {
            bits.put(u32::from(self.lengths[*symbol]), 3, out);
        }
        let mut codes = [Code::default(); 19];
        canonical(&self.lengths, &mut codes);
        for run in &self.runs {
            let code = codes[usize::from(run.symbol)];
            bits.put(u32::from(code.bits), u32::from(code.length), out);
            bits.put(u32::from(run.extra), run_extra_bits(run.symbol), out);
        }
    }
}

/// The lengths of both codes as one sequence, in maximal runs of equal values.
fn runs(literals: &[u8], distances: &[u8]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut sequence = literals.iter().chain(distances).copied().peekable();
    while let Some(value) = sequence.next() {
        let mut count = 1_usize;
        while sequence.next_if_eq(&value).is_some() {
            count += 1;
        }
        push_run(value, count, &mut runs);
    }
    runs
}

fn push_run(value: u8, mut left: usize, runs: &mut Vec<Run>) {
    let plain = Run { symbol: value, extra: 0 };
    if value == 0 {
        while left >= 11 {
            let count = left.min(138);
            runs.push(Run { symbol: 18, extra: (count - 11) as u8 });
            left -= count;
        }
        if left >= 3 {
            runs.push(Run { symbol: 17, extra: (left - 3) as u8 });
            left = 0;
        }
    } else {
        runs.push(plain);
        left -= 1;
        while left >= 3 {
            let count = left.min(6);
            runs.push(Run { symbol: 16, extra: (count - 3) as u8 });
            left -= count;
        }
    }
    runs.extend(std::iter::repeat_n(plain, left));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths_of(counts: &[u32], limit: usize) -> Vec<u8> {
        let mut lengths = vec![0; counts.len()];
        code_lengths(counts, limit, &mut lengths);
        lengths
    }

    #[test]
    fn a_package_comes_before_a_leaf_of_its_weight() {
        assert_eq!(lengths_of(&[1, 1, 2, 2], 15), [3, 3, 2, 1]);
    }

    #[test]
    fn the_limit_binds() {
        let counts = [11, 1, 1, 23, 53, 33, 6, 2, 1, 3];
        assert_eq!(lengths_of(&counts, 7), [4, 7, 7, 3, 1, 2, 6, 7, 7, 6]);
        assert_eq!(lengths_of(&counts, 15), [4, 9, 9, 3, 1, 2, 5, 7, 8, 6]);
    }

    #[test]
    fn one_and_two_symbols_have_one_bit() {
        assert_eq!(lengths_of(&[0, 9, 0], 15), [0, 1, 0]);
        assert_eq!(lengths_of(&[7, 0, 1], 15), [1, 0, 1]);
    }

    #[test]
    fn runs_are_cut_as_go_cuts_them() {
        let cut = |value, count| {
            let mut runs = Vec::new();
            push_run(value, count, &mut runs);
            runs.iter().map(|run| (run.symbol, run.extra)).collect::<Vec<_>>()
        };
        assert_eq!(cut(5, 3), [(5, 0); 3]);
        assert_eq!(cut(5, 9), [(5, 0), (16, 3), (5, 0), (5, 0)]);
        assert_eq!(cut(5, 10), [(5, 0), (16, 3), (16, 0)]);
        assert_eq!(cut(0, 140), [(18, 127), (0, 0), (0, 0)]);
        assert_eq!(cut(0, 141), [(18, 127), (17, 0)]);
        assert_eq!(cut(0, 149), [(18, 127), (18, 0)]);
    }
}
