//! The encoder of Go 1.8 to 1.26 at its default level, one Write.
//!
//! Chains of earlier positions by the hash of four bytes, lazy matching, blocks of 16384 tokens. The numbers below are the
//! default level's; every rule was taken from observed streams.

use super::bits::BitWriter;
use super::block::{Counts, put_code, put_tokens, used};
use super::huffman::{Header, Table, fixed_size, weighted};
use super::symbols::{END_OF_BLOCK, Token};
use super::wrapper::Wrapper;
use super::zeroed;

/// Bytes that the encoder looks at together.
const WINDOW: usize = 65536;
/// How far the window moves, and the longest distance.
const REACH: usize = 32768;
/// Positions are visited while so many bytes lie ahead, or the input has ended.
const AHEAD: usize = 262;
const SHORTEST: usize = 4;
const LONGEST: usize = 258;
/// A match of four bytes farther away than this is not taken.
const NEAR_ENOUGH: usize = 4096;
/// A held match of this length is emitted without a look at the next position.
const LAZY: usize = 16;
/// A match of this length ends the search.
const NICE: usize = 128;
/// Candidates examined for one position.
const CHAIN: usize = 128;
const TOKENS_PER_BLOCK: usize = 16384;
const BUCKETS: usize = 1 << 17;
/// Bytes behind the window, so that eight can be read anywhere in it.
const PADDING: usize = 8;

/// A streaming gzip encoder whose output equals that of `gzip.NewWriter` in programs built with Go 1.8 to 1.26 (docker,
/// BuildKit and containerd until 2026), default level, when the input comes in one Write.
///
/// Memory is bounded (about 600 KiB), whatever the size of the input; how the input is cut into pieces does not matter.
///
/// ```
/// use layerproof_deflate::GzipLegacy;
/// let (mut encoder, mut out) = (GzipLegacy::new(), Vec::new());
/// encoder.write(b"a", &mut out);
/// encoder.finish(&mut out);
/// assert_eq!(out[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/// assert_eq!(out[10..17], [0x4a, 0x04, 0x04, 0, 0, 0xff, 0xff]);
/// ```
pub struct GzipLegacy {
    wrapper: Wrapper,
    bits: BitWriter,
    /// Input bytes from the window's base on.
    window: Box<[u8; WINDOW + PADDING]>,
    filled: usize,
    index: Index,
    /// Next position to visit, counted from the window's base like all positions here.
    position: usize,
    held: Match,
    pending: bool,
    tokens: Vec<Token>,
    /// First byte that the collected tokens cover; negative when it has left the window.
    block_start: isize,
}

/// A match found at one position; `length` 3 means that nothing was found.
#[derive(Debug, Clone, Copy)]
struct Match {
    length: usize,
    distance: usize,
}

const NOTHING: Match = Match { length: SHORTEST - 1, distance: 0 };

impl Default for GzipLegacy {
    fn default() -> Self {
        Self::new()
    }
}

impl GzipLegacy {
    /// An encoder before any byte.
    pub fn new() -> Self {
        Self {
            wrapper: Wrapper::new(),
            bits: BitWriter::default(),
            window: zeroed(),
            filled: 0,
            index: Index { newest: zeroed(), older: zeroed() },
            position: 0,
            held: NOTHING,
            pending: false,
            tokens: Vec::with_capacity(TOKENS_PER_BLOCK),
            block_start: 0,
        }
    }

    /// Takes the next bytes of the input; what is complete goes to `out`.
    pub fn write(&mut self, mut data: &[u8], out: &mut Vec<u8>) {
        self.wrapper.take(data, out);
        while !data.is_empty() {
            if self.filled == WINDOW {
                self.run(WINDOW - AHEAD, out);
                self.advance();
            }
            let (now, later) = data.split_at(data.len().min(WINDOW - self.filled));
            self.window[self.filled..self.filled + now.len()].copy_from_slice(now);
            self.filled += now.len();
            data = later;
        }
    }

    /// Ends the stream.
    pub fn finish(mut self, out: &mut Vec<u8>) {
        self.wrapper.take(&[], out);
        if self.filled > 0 {
            self.run(self.filled - 1, out);
        }
        if self.pending {
            self.emit(Token::literal(self.window[self.filled - 1]), self.filled, out);
        }
        self.end_block(self.filled, out);
        self.bits.stored(&[], true, out);
        self.wrapper.end(out);
    }

    /// Moves the window on by 32768 bytes.
    fn advance(&mut self) {
        self.window.copy_within(REACH..WINDOW, 0);
        self.filled = WINDOW - REACH;
        self.position -= REACH;
        self.block_start -= REACH as isize;
        self.index.advance();
    }

    /// Visits positions up to and including `last`.
    fn run(&mut self, last: usize, out: &mut Vec<u8>) {
        while self.position <= last {
            self.visit(out);
        }
    }

    #[inline]
    fn visit(&mut self, out: &mut Vec<u8>) {
        let (here, held) = (self.position, self.held);
        let found = self.look(here, held.length);
        if held.length >= SHORTEST && found.length <= held.length {
            let next = here - 1 + held.length;
            self.emit(Token::matched(held.length, held.distance), next, out);
            let last = next.min((self.filled + 1).saturating_sub(SHORTEST));
            for position in here + 1..last {
                self.index.insert(&self.window, position);
            }
            (self.held, self.pending, self.position) = (NOTHING, false, next);
            return;
        }
        if self.pending {
            self.emit(Token::literal(self.window[here - 1]), here, out);
        }
        (self.held, self.pending, self.position) = (found, true, here + 1);
    }

    /// Indexes the position and searches there, if the match held is short enough.
    #[inline]
    fn look(&mut self, here: usize, held: usize) -> Match {
        if here + SHORTEST > self.filled {
            return NOTHING;
        }
        let step = self.index.insert(&self.window, here);
        let left = self.filled - here;
        if held >= LAZY || left <= held || step == 0 {
            return NOTHING;
        }
        self.index.search(&self.window, here, usize::from(step), held.max(NOTHING.length), left.min(LONGEST))
    }

    /// Adds a token; what it covers ends at `end`.
    #[inline]
    fn emit(&mut self, token: Token, end: usize, out: &mut Vec<u8>) {
        self.tokens.push(token);
        if self.tokens.len() == TOKENS_PER_BLOCK {
            self.end_block(end, out);
        }
    }

    /// Writes the collected tokens, which cover the bytes before `end`, in the smallest form.
    fn end_block(&mut self, end: usize, out: &mut Vec<u8>) {
        let tokens = std::mem::take(&mut self.tokens);
        if !tokens.is_empty() {
            let bytes = end as isize - self.block_start;
            let covered = usize::try_from(self.block_start).ok().map(|start| &self.window[start..end]);
            write_block(&tokens, bytes as u64, covered, &mut self.bits, out);
        }
        self.block_start = end as isize;
        self.tokens = tokens;
        self.tokens.clear();
    }
}

/// Writes one block. `covered` is `None` when its bytes are gone; then so many bytes are covered that storing is never best.
fn write_block(tokens: &[Token], bytes: u64, covered: Option<&[u8]>, bits: &mut BitWriter, out: &mut Vec<u8>) {
    let mut counts = Counts::of(tokens);
    if counts.matches() == 0 {
        // Go counts a distance symbol that is never written.
        counts.distances[0] = 1;
    }
    let extra = counts.extra_bits();
    let (literals, distances) = counts.lengths();
    let header = Header::new(used(&literals, 257), used(&distances, 1));
    let fixed = 3 + fixed_size(&counts.literals, &counts.distances) + extra;
    let dynamic = header.size + weighted(&counts.literals, &literals) + weighted(&counts.distances, &distances) + extra;
    if let Some(data) = covered.filter(|_| 40 + 8 * bytes < dynamic.min(fixed)) {
        bits.stored(data, false, out);
        return;
    }
    let table = if dynamic < fixed {
        header.write(bits, out);
        Table::new(&literals, &distances)
    } else {
        bits.put(0b010, 3, out);
        Table::fixed()
    };
    put_tokens(tokens, &table, bits, out);
    put_code(table.literals[END_OF_BLOCK], bits, out);
}

/// For each hash the positions with it, newest first.
struct Index {
    /// Newest position + 1 by hash; 0 when there is none in the window.
    newest: Box<[u16; BUCKETS]>,
    /// By position modulo 32768: how far back the next older position of the same hash lies; 0 when there is none.
    older: Box<[u16; REACH]>,
}

impl Index {
    /// Adds a position whose four bytes exist. Returns how far back the position is that was the newest; 0 for none.
    #[inline]
    fn insert(&mut self, window: &[u8; WINDOW + PADDING], position: usize) -> u16 {
        let word = u32::from_be_bytes(*bytes_at(window, position));
        let newest = &mut self.newest[(word.wrapping_mul(0x1E35_A7BD) >> 15) as usize];
        let entry = position as u16 + 1;
        let step = if *newest == 0 { 0 } else { entry - *newest };
        *newest = entry;
        self.older[position % REACH] = step;
        step
    }

    /// The best match at `here` longer than `best`; `step` leads to the newest candidate.
    #[inline]
    fn search(&self, window: &[u8; WINDOW + PADDING], here: usize, step: usize, best: usize, longest: usize) -> Match {
        let mut found = Match { length: best, distance: 0 };
        let farthest = here.min(REACH);
        let enough = NICE.min(longest);
        let mut distance = step;
        // A candidate that is better has these four bytes, too: they end where the best one must be surpassed.
        let mut tail = *bytes_at::<4>(window, here + best - 3);
        for _ in 0..CHAIN {
            if distance > farthest {
                break;
            }
            let candidate = here - distance;
            if *bytes_at::<4>(window, candidate + found.length - 3) == tail {
                let length = common(window, candidate, here, longest);
                if length > found.length && (length > SHORTEST || distance <= NEAR_ENOUGH) {
                    found = Match { length, distance };
                    if length >= enough {
                        break;
                    }
                    tail = *bytes_at(window, here + length - 3);
                }
            }
            let step = usize::from(self.older[candidate % REACH]);
            if step == 0 || distance == REACH {
                break;
            }
            distance += step;
        }
        if found.distance == 0 { NOTHING } else { found }
    }

    /// The window has moved by 32768: positions before it are forgotten.
    fn advance(&mut self) {
        for entry in self.newest.iter_mut() {
            *entry = entry.saturating_sub(REACH as u16);
        }
    }
}

/// `N` (at most eight) bytes of the window.
#[inline]
fn bytes_at<const N: usize>(window: &[u8; WINDOW + PADDING], position: usize) -> &[u8; N] {
    // The mask changes nothing: positions are below 65536. It tells the compiler so.
    let start = position % WINDOW;
    window[start..start + PADDING].first_chunk().unwrap_or(&[0; N])
}

/// How many bytes at `earlier` and `later` are equal, at most `longest`.
#[inline]
fn common(window: &[u8; WINDOW + PADDING], earlier: usize, later: usize, longest: usize) -> usize {
    let mut length = 0;
    while length < longest {
        let difference =
            u64::from_le_bytes(*bytes_at(window, earlier + length)) ^ u64::from_le_bytes(*bytes_at(window, later + length));
        if difference != 0 {
            return longest.min(length + difference.trailing_zeros() as usize / 8);
        }
        length += 8;
    }
    longest
}
