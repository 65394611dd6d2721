//! The encoder of Go 1.27 at its default level.
//!
//! Chunks of 65535 bytes, two tables of earlier positions (by four bytes and by seven), and Huffman tables that may be kept
//! from chunk to chunk. Every rule was taken from observed streams.

use super::bits::BitWriter;
use super::block::{Counts, put_code, put_tokens, used};
use super::estimate::{Arithmetic, estimate};
use super::huffman::{Header, LIMIT, Table, code_lengths, fixed_size, weighted};
use super::symbols::{DISTANCES, END_OF_BLOCK, LITERALS, Token};
use super::wrapper::Wrapper;
use super::zeroed;

const CHUNK: usize = 65535;
/// Bytes kept from before the chunk.
const HISTORY: usize = 32768;
const REACH: usize = 32767;
const LONGEST: usize = 258;
/// The search for matches stops so many bytes before the chunk's end.
const STOP: usize = 11;
/// Bytes behind the chunk, so that eight can be read anywhere in it.
const PADDING: usize = 8;
const BUFFER: usize = HISTORY + CHUNK + PADDING;
const ENTRIES: usize = 1 << 15;
/// Positions in the tables are moved down when they would become larger.
const REBASE: u32 = 1 << 31;

/// A streaming gzip encoder whose output equals that of `gzip.NewWriter` in programs built with Go 1.27 or later, default
/// level. How the input is cut into pieces does not matter, here as there.
///
/// One decision depends on rounding, and so on the machine: see [`Arithmetic`]. Memory is bounded (about 700 KiB).
///
/// ```
/// use layerproof_deflate::{Arithmetic, GzipModern};
/// let (encoder, mut out) = (GzipModern::new(Arithmetic::Plain), Vec::new());
/// encoder.finish(&mut out);
/// assert_eq!(out[10..12], [0x03, 0x00]);
/// ```
pub struct GzipModern {
    wrapper: Wrapper,
    coder: Coder,
    matcher: Matcher,
    /// The history, then the chunk that is being collected.
    buffer: Box<[u8; BUFFER]>,
    /// Bytes of the chunk so far.
    filled: usize,
}

impl GzipModern {
    /// An encoder before any byte.
    pub fn new(arithmetic: Arithmetic) -> Self {
        Self {
            wrapper: Wrapper::new(),
            coder: Coder { arithmetic, bits: BitWriter::default(), open: None },
            matcher: Matcher {
                short: zeroed(),
                long: Box::new([[0; 2]; ENTRIES]),
                base: (REACH + 1) as u32,
                floor: HISTORY,
                tokens: Vec::new(),
            },
            buffer: zeroed(),
            filled: 0,
        }
    }

    /// Takes the next bytes of the input; what is complete goes to `out`.
    pub fn write(&mut self, mut data: &[u8], out: &mut Vec<u8>) {
        self.wrapper.take(data, out);
        while !data.is_empty() {
            if self.filled == CHUNK {
                self.end_chunk(false, out);
                self.buffer.copy_within(CHUNK..CHUNK + HISTORY, 0);
                self.matcher.advance();
                self.filled = 0;
            }
            let (now, later) = data.split_at(data.len().min(CHUNK - self.filled));
            self.buffer[HISTORY + self.filled..][..now.len()].copy_from_slice(now);
            self.filled += now.len();
            data = later;
        }
    }

    /// Ends the stream.
    pub fn finish(mut self, out: &mut Vec<u8>) {
        self.wrapper.take(&[], out);
        if self.filled > 0 {
            self.end_chunk(true, out);
        }
        // An empty fixed block: final, type 1, end of block.
        self.coder.bits.put(0b011, 10, out);
        self.coder.bits.align(out);
        self.wrapper.end(out);
    }

    fn end_chunk(&mut self, closing: bool, out: &mut Vec<u8>) {
        let size = self.filled;
        let data = &self.buffer[HISTORY..HISTORY + size];
        if closing && size < 128 {
            return if size <= 32 { self.coder.stored(data, out) } else { self.coder.literals(data, true, out) };
        }
        self.matcher.tokenise(&self.buffer, HISTORY + size);
        let tokens = &self.matcher.tokens;
        if tokens.is_empty() {
            self.coder.stored(data, out);
        } else if tokens.len() > size - size / 16 {
            self.coder.literals(data, closing, out);
        } else {
            self.coder.tokens(tokens, data, closing, out);
        }
    }
}

/// Turns a chunk into tokens. Positions are indices into the buffer; in the tables `base` is added.
struct Matcher {
    /// Newest position by four bytes.
    short: Box<[u32; ENTRIES]>,
    /// Newest and older position by seven bytes.
    long: Box<[[u32; 2]; ENTRIES]>,
    base: u32,
    /// First index that belongs to the input.
    floor: usize,
    tokens: Vec<Token>,
}

/// Where a match begins, and how far back its copy lies.
#[derive(Clone, Copy)]
struct Found {
    start: usize,
    distance: usize,
}

impl Matcher {
    /// The buffer has moved on by one chunk.
    fn advance(&mut self) {
        self.floor = 0;
        self.base += CHUNK as u32;
        if self.base >= REBASE {
            let less = self.base - (REACH + 1) as u32;
            self.short.iter_mut().chain(self.long.as_flattened_mut()).for_each(|entry| *entry = entry.saturating_sub(less));
            self.base -= less;
        }
    }

    /// Collects the tokens of the chunk that ends at `end`; none at all if it has no match.
    fn tokenise(&mut self, buffer: &[u8; BUFFER], end: usize) {
        self.tokens.clear();
        let stop = end.saturating_sub(STOP);
        let (mut at, mut uncovered, mut last_distance) = (HISTORY, HISTORY, 1);
        loop {
            let next = at + 1 + (at - uncovered) / 128;
            if next > stop {
                break;
            }
            let Some(found) = self.step(buffer, at, next, end, last_distance) else {
                at = next;
                continue;
            };
            last_distance = self.take(buffer, found, &mut uncovered, end);
            // A match that ends before `next` was recorded: what lies between can become part of the next one.
            at = if next >= uncovered { next + 1 } else { uncovered };
            self.record_inside(buffer, next, at, stop, end);
            if at >= stop {
                break;
            }
        }
        if !self.tokens.is_empty() {
            self.tokens.extend(buffer[uncovered..end].iter().map(|byte| Token::literal(*byte)));
        }
    }

    /// Looks for a match at `at`, or just behind it.
    #[inline]
    fn step(&mut self, buffer: &[u8; BUFFER], at: usize, next: usize, end: usize, last_distance: usize) -> Option<Found> {
        let four = bytes_at::<4>(buffer, at);
        let fits = |distance: usize, here: usize| {
            distance <= REACH && bytes_at::<4>(buffer, here - distance) == bytes_at::<4>(buffer, here)
        };
        let short = self.record_short(buffer, at);
        let [newest, older] = self.record_long(buffer, at);
        if fits(newest, at) {
            self.record(buffer, next);
            let better = fits(older, at) && capped(buffer, at, older, end) > capped(buffer, at, newest, end);
            return Some(Found { start: at, distance: if better { older } else { newest } });
        }
        if fits(older, at) {
            self.record(buffer, next);
            return Some(Found { start: at, distance: older });
        }
        if short > REACH || bytes_at::<4>(buffer, at - short) != four {
            return None;
        }
        let mut length = capped(buffer, at, short, end);
        let mut found = Found { start: at, distance: short };
        // Read before `next` is recorded.
        let candidates = self.record(buffer, next);
        if bytes_at::<4>(buffer, at + 1) == bytes_at::<4>(buffer, at + 1 - last_distance)
            && capped(buffer, at + 1, last_distance, end) > length
        {
            return Some(Found { start: at + 1, distance: last_distance });
        }
        for distance in candidates {
            if fits(distance, next) {
                let longer = capped(buffer, next, distance, end);
                if longer > length {
                    (length, found) = (longer, Found { start: next, distance });
                }
            }
        }
        Some(found)
    }

    /// Extends a match both ways and emits it with the literals before it. Returns its distance.
    #[inline]
    fn take(&mut self, buffer: &[u8; BUFFER], found: Found, uncovered: &mut usize, end: usize) -> usize {
        let Found { mut start, mut distance } = found;
        let mut length = common(buffer, start - distance, start, end);
        self.look_at_end(buffer, &mut start, &mut distance, &mut length, end);
        while start > *uncovered && start - distance > self.floor && buffer[start - 1] == buffer[start - 1 - distance] {
            start -= 1;
            length += 1;
        }
        self.tokens.extend(buffer[*uncovered..start].iter().map(|byte| Token::literal(*byte)));
        *uncovered = start + length;
        while length > 0 {
            let piece = match length {
                0..=258 => length,
                259..=261 => 255,
                _ => LONGEST,
            };
            self.tokens.push(Token::matched(piece, distance));
            length -= piece;
        }
        distance
    }

    /// Tries whether what follows the match's end continues an earlier place that fits from its third byte on, too.
    #[inline]
    fn look_at_end(&self, buffer: &[u8; BUFFER], start: &mut usize, distance: &mut usize, length: &mut usize, end: usize) {
        let (origin, after) = (*start, *start + *length);
        if after + STOP >= end {
            return;
        }
        for position in self.long[long_key(buffer, after)] {
            // The second candidate is measured against the length that the first may have given.
            let back = (origin + *length) as u32 + self.base;
            let candidate = back.wrapping_sub(position) as usize;
            if candidate == 0 || candidate > REACH || origin + 2 < self.floor + candidate {
                continue;
            }
            let longer = common(buffer, origin + 2 - candidate, origin + 2, end);
            if longer > *length {
                (*start, *distance, *length) = (origin + 2, candidate, longer);
            }
        }
    }

    /// Records positions inside the match just taken.
    #[inline]
    fn record_inside(&mut self, buffer: &[u8; BUFFER], next: usize, at: usize, stop: usize, end: usize) {
        let mut position = next + 1;
        if at >= stop {
            while position + 8 < end {
                self.record(buffer, position);
                position += 2;
            }
            return;
        }
        while position + 1 < at {
            self.record(buffer, position);
            self.record_long(buffer, position + 1);
            position += 2;
        }
    }

    /// Records a position in both tables; returns how far back the positions of the long entry were.
    #[inline]
    fn record(&mut self, buffer: &[u8; BUFFER], position: usize) -> [usize; 2] {
        self.record_short(buffer, position);
        self.record_long(buffer, position)
    }

    #[inline]
    fn record_short(&mut self, buffer: &[u8; BUFFER], position: usize) -> usize {
        let entry = &mut self.short[short_key(buffer, position)];
        let here = position as u32 + self.base;
        (here - std::mem::replace(entry, here)) as usize
    }

    #[inline]
    fn record_long(&mut self, buffer: &[u8; BUFFER], position: usize) -> [usize; 2] {
        let entry = &mut self.long[long_key(buffer, position)];
        let here = position as u32 + self.base;
        let [newest, older] = *entry;
        *entry = [here, newest];
        [(here - newest) as usize, (here - older) as usize]
    }
}

#[inline]
fn short_key(buffer: &[u8; BUFFER], position: usize) -> usize {
    (u32::from_le_bytes(bytes_at(buffer, position)).wrapping_mul(0x9E37_79B1) >> 17) as usize
}

#[inline]
fn long_key(buffer: &[u8; BUFFER], position: usize) -> usize {
    ((u64::from_le_bytes(bytes_at(buffer, position)) << 8).wrapping_mul(0x00CF_1BBC_DCBF_A563) >> 49) as usize
}

/// `N` (at most eight) bytes of the buffer; zeros for a position that is never asked for.
#[inline]
fn bytes_at<const N: usize>(buffer: &[u8; BUFFER], position: usize) -> [u8; N] {
    buffer.get(position..).and_then(<[u8]>::first_chunk).copied().unwrap_or([0; N])
}

/// How many bytes at `earlier` and `later` are equal before `end`.
#[inline]
fn common(buffer: &[u8; BUFFER], earlier: usize, later: usize, end: usize) -> usize {
    let mut length = 0;
    while later + length < end {
        let difference =
            u64::from_le_bytes(bytes_at(buffer, earlier + length)) ^ u64::from_le_bytes(bytes_at(buffer, later + length));
        if difference != 0 {
            return (end - later).min(length + difference.trailing_zeros() as usize / 8);
        }
        length += 8;
    }
    end - later
}

/// As [`common`], but at most 258.
#[inline]
fn capped(buffer: &[u8; BUFFER], here: usize, distance: usize, end: usize) -> usize {
    common(buffer, here - distance, here, end.min(here + LONGEST))
}

/// Chooses how a chunk is coded and writes it.
struct Coder {
    arithmetic: Arithmetic,
    bits: BitWriter,
    /// A dynamic block whose end-of-block symbol has not been written.
    open: Option<OpenBlock>,
}

struct OpenBlock {
    table: Box<Table>,
    header_size: u64,
}

impl OpenBlock {
    /// Bits of the symbols in this block's codes; `None` if one has no code.
    fn size(&self, literals: &[u32], distances: &[u32]) -> Option<u64> {
        let pairs = literals.iter().zip(&self.table.literals).chain(distances.iter().zip(&self.table.distances));
        pairs
            .filter(|(count, _)| **count > 0)
            .try_fold(0, |sum, (count, code)| (code.length > 0).then(|| sum + u64::from(*count) * u64::from(code.length)))
    }
}

impl Coder {
    fn close(&mut self, out: &mut Vec<u8>) {
        if let Some(open) = self.open.take() {
            put_code(open.table.literals[END_OF_BLOCK], &mut self.bits, out);
        }
    }

    fn stored(&mut self, data: &[u8], out: &mut Vec<u8>) {
        self.close(out);
        self.bits.stored(data, false, out);
    }

    /// Starts a dynamic block.
    fn begin(&mut self, literals: &[u8; LITERALS], distances: &[u8; DISTANCES], header: &Header, out: &mut Vec<u8>) {
        header.write(&mut self.bits, out);
        self.open = Some(OpenBlock { table: Box::new(Table::new(literals, distances)), header_size: header.size });
    }

    /// All bytes of the chunk as literals.
    fn literals(&mut self, data: &[u8], closing: bool, out: &mut Vec<u8>) {
        let mut counts = [0_u32; LITERALS];
        data.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
        if is_flat(&counts[..256], data.len()) {
            return self.stored(data, out);
        }
        counts[END_OF_BLOCK] = 1;
        let mut lengths = [0; LITERALS];
        code_lengths(&counts[..=END_OF_BLOCK], LIMIT, &mut lengths[..=END_OF_BLOCK]);
        let header_size = self.open.as_ref().map_or(560, |open| open.header_size);
        let expected = weighted(&counts, &lengths) + header_size;
        let expected = expected + expected / 128;
        if 8 * (data.len() as u64 + 5) <= expected {
            return self.stored(data, out);
        }
        if self.open.as_ref().is_some_and(|open| open.size(&counts[..256], &[]).is_none_or(|reuse| expected < reuse)) {
            self.close(out);
        }
        if self.open.is_none() {
            let mut distances = [0; DISTANCES];
            distances[0] = 1;
            let header = Header::new(&lengths[..=END_OF_BLOCK], &distances[..1]);
            self.begin(&lengths, &distances, &header, out);
        }
        if let Some(open) = &self.open {
            data.iter().for_each(|byte| put_code(open.table.literals[usize::from(*byte)], &mut self.bits, out));
        }
        if closing {
            self.close(out);
        }
    }

    /// The chunk as tokens, with the open block's codes, new ones or the fixed ones; or stored after all.
    fn tokens(&mut self, tokens: &[Token], data: &[u8], closing: bool, out: &mut Vec<u8>) {
        let counts = Counts::of(tokens);
        let extra = counts.extra_bits();
        let units = tokens.len() as u32 + u32::from(closing);
        let stored = 8 * (data.len() as u64 + 5);
        let fixed = 3 + fixed_size(&counts.literals, &counts.distances) + extra;
        let is_small = units < 250;
        if let Some(reuse) = self.reusable(&counts, out) {
            let size = self.keep_or_close(&counts, reuse + extra, units, out);
            if is_small && fixed + 7 < size {
                return if stored <= size { self.stored(data, out) } else { self.fixed(tokens, out) };
            }
            if stored <= size {
                return self.stored(data, out);
            }
        }
        if self.open.is_none() {
            let (literals, distances) = counts.lengths();
            let header = Header::new(used(&literals, 257), used(&distances, 1));
            let dynamic = header.size + weighted(&counts.literals, &literals) + weighted(&counts.distances, &distances) + extra;
            if is_small && fixed <= dynamic {
                return if stored <= fixed { self.stored(data, out) } else { self.fixed(tokens, out) };
            }
            if stored <= dynamic {
                return self.stored(data, out);
            }
            self.begin(&literals, &distances, &header, out);
        }
        if let Some(open) = &self.open {
            put_tokens(tokens, &open.table, &mut self.bits, out);
        }
        if closing {
            self.close(out);
        }
    }

    /// Bits of the symbols in the open block's codes. If one has no code, the block is closed.
    fn reusable(&mut self, counts: &Counts, out: &mut Vec<u8>) -> Option<u64> {
        let reuse = self.open.as_ref()?.size(&counts.literals, &counts.distances);
        if reuse.is_none() {
            self.close(out);
        }
        reuse
    }

    /// Closes the open block if new codes look better; returns the size that was decided for.
    fn keep_or_close(&mut self, counts: &Counts, reuse: u64, units: u32, out: &mut Vec<u8>) -> u64 {
        let Some(open) = &self.open else { return reuse };
        let value = open.header_size + estimate(counts, units, self.arithmetic) + counts.extra_bits();
        let new = value + value / 128 + u64::from(open.table.literals[END_OF_BLOCK].length);
        if new < reuse {
            self.close(out);
            return new;
        }
        reuse
    }

    fn fixed(&mut self, tokens: &[Token], out: &mut Vec<u8>) {
        self.close(out);
        let table = Table::fixed();
        self.bits.put(0b010, 3, out);
        put_tokens(tokens, &table, &mut self.bits, out);
        put_code(table.literals[END_OF_BLOCK], &mut self.bits, out);
    }
}

/// Whether the byte values are so evenly spread that coding them gains nothing.
fn is_flat(counts: &[u32], size: usize) -> bool {
    let size = size as i64;
    let spread: i64 = counts.iter().map(|count| (256 * i64::from(*count) - size).pow(2)).sum();
    size > 1024 && spread < 131_072 * size
}
