//! Many short messages hashed at once. One SHA-256 is a chain of steps that wait for each other; four of them side by side in
//! 128-bit vectors take little longer than one. Where the processor has instructions for SHA-256 that is not worth it, so this
//! is for WebAssembly; elsewhere only tests run it.
//!
//! FIPS 180-4, section 6.2, with every variable of it four words wide.

use super::vector::Vector;
use crate::order::Gather;

/// Messages hashed side by side.
const LANES: usize = 4;

const ROUNDS: [u32; 64] = [
    0x428a_2f98,
    0x7137_4491,
    0xb5c0_fbcf,
    0xe9b5_dba5,
    0x3956_c25b,
    0x59f1_11f1,
    0x923f_82a4,
    0xab1c_5ed5,
    0xd807_aa98,
    0x1283_5b01,
    0x2431_85be,
    0x550c_7dc3,
    0x72be_5d74,
    0x80de_b1fe,
    0x9bdc_06a7,
    0xc19b_f174,
    0xe49b_69c1,
    0xefbe_4786,
    0x0fc1_9dc6,
    0x240c_a1cc,
    0x2de9_2c6f,
    0x4a74_84aa,
    0x5cb0_a9dc,
    0x76f9_88da,
    0x983e_5152,
    0xa831_c66d,
    0xb003_27c8,
    0xbf59_7fc7,
    0xc6e0_0bf3,
    0xd5a7_9147,
    0x06ca_6351,
    0x1429_2967,
    0x27b7_0a85,
    0x2e1b_2138,
    0x4d2c_6dfc,
    0x5338_0d13,
    0x650a_7354,
    0x766a_0abb,
    0x81c2_c92e,
    0x9272_2c85,
    0xa2bf_e8a1,
    0xa81a_664b,
    0xc24b_8b70,
    0xc76c_51a3,
    0xd192_e819,
    0xd699_0624,
    0xf40e_3585,
    0x106a_a070,
    0x19a4_c116,
    0x1e37_6c08,
    0x2748_774c,
    0x34b0_bcb5,
    0x391c_0cb3,
    0x4ed8_aa4a,
    0x5b9c_ca4f,
    0x682e_6ff3,
    0x748f_82ee,
    0x78a5_636f,
    0x84c8_7814,
    0x8cc7_0208,
    0x90be_fffa,
    0xa450_6ceb,
    0xbef9_a3f7,
    0xc671_78f2,
];

const START: [u32; 8] = [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// The SHA-256 of every message, in their order.
pub(super) fn sha256_all(messages: &[&[u8]]) -> Vec<[u8; 32]> {
    let mut found = vec![[0; 32]; messages.len()];
    // Long ones first: the lanes then end at about the same time.
    let mut order: Vec<(u64, u32)> = messages.iter().zip(0..).map(|(message, index)| (message.len() as u64, index)).list();
    order.sort_unstable();
    let mut take = || order.pop().map(|(_, index)| Lane::new(index as usize, messages[index as usize]));
    let mut lanes: [Option<Lane<'_>>; LANES] = [take(), take(), take(), take()];
    let mut state = [[0; LANES]; 8];
    (0..LANES).for_each(|lane| restart(&mut state, lane));
    while let Some(count) = lanes.iter().flatten().map(|lane| lane.part().len() / 64).min() {
        // A lane that has nothing left works on zeros, for nobody.
        let idle = [0; 64];
        let blocks = lanes.each_ref().map(|lane| lane.as_ref().map_or(&idle[..], Lane::part));
        compress(&mut state, blocks, count);
        for (place, slot) in lanes.iter_mut().enumerate() {
            let Some(lane) = slot else { continue };
            if lane.advance(count * 64) {
                found[lane.index] = digest(&state, place);
                restart(&mut state, place);
                *slot = take();
            }
        }
    }
    found
}

/// A message on its way: first its whole blocks, then what is left of it with the padding.
struct Lane<'a> {
    index: usize,
    whole: &'a [u8],
    tail: [u8; 128],
    /// Where the part of the tail begins and ends that is still to be hashed.
    left: (usize, usize),
}

impl<'a> Lane<'a> {
    fn new(index: usize, message: &'a [u8]) -> Self {
        let (whole, rest) = message.split_at(message.len() & !63);
        let end = if rest.len() < 56 { 64 } else { 128 };
        let mut tail = [0; 128];
        tail[..rest.len()].copy_from_slice(rest);
        tail[rest.len()] = 0x80;
        tail[end - 8..end].copy_from_slice(&(message.len() as u64 * 8).to_be_bytes());
        Self { index, whole, tail, left: (0, end) }
    }

    fn part(&self) -> &[u8] {
        if self.whole.is_empty() { &self.tail[self.left.0..self.left.1] } else { self.whole }
    }

    /// Goes on by so many bytes; true at the end.
    fn advance(&mut self, bytes: usize) -> bool {
        if self.whole.is_empty() {
            self.left.0 += bytes;
            return self.left.0 == self.left.1;
        }
        self.whole = &self.whole[bytes..];
        false
    }
}

fn restart(state: &mut [[u32; LANES]; 8], lane: usize) {
    state.iter_mut().zip(START).for_each(|(word, start)| word[lane] = start);
}

fn digest(state: &[[u32; LANES]; 8], lane: usize) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.chunks_exact_mut(4).zip(state).for_each(|(out, word)| out.copy_from_slice(&word[lane].to_be_bytes()));
    bytes
}

/// Takes `count` blocks of each lane; a lane that is one block long gives that one again and again.
fn compress(state: &mut [[u32; LANES]; 8], lanes: [&[u8]; LANES], count: usize) {
    let mut words = state.map(Vector::from_words);
    let [one, two, three, four] = lanes;
    for at in (0..count * 64).step_by(64) {
        words = one_block(words, Vector::message([block(one, at), block(two, at), block(three, at), block(four, at)]));
    }
    *state = words.map(Vector::to_words);
}

#[inline(always)]
fn block(lane: &[u8], at: usize) -> &[u8] {
    lane.get(at..at + 64).unwrap_or(lane)
}

macro_rules! round {
    ($a:ident $b:ident $c:ident $d:ident $e:ident $f:ident $g:ident $h:ident, $w:expr, $k:expr) => {
        let big1 = $e.rotate::<6>().xor($e.rotate::<11>()).xor($e.rotate::<25>());
        let choice = $g.xor($e.and($f.xor($g)));
        let one = $h.add(big1).add(choice).add($w.add(Vector::splat($k)));
        let big0 = $a.rotate::<2>().xor($a.rotate::<13>()).xor($a.rotate::<22>());
        let majority = $a.and($b).xor($c.and($a.xor($b)));
        $d = $d.add(one);
        $h = one.add(big0.add(majority));
    };
}

fn one_block(state: [Vector; 8], mut w: [Vector; 16]) -> [Vector; 8] {
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = state;
    for (quarter, k) in ROUNDS.as_chunks::<16>().0.iter().enumerate() {
        if quarter > 0 {
            w = schedule(w);
        }
        round!(a b c d e f g h, w[0], k[0]);
        round!(h a b c d e f g, w[1], k[1]);
        round!(g h a b c d e f, w[2], k[2]);
        round!(f g h a b c d e, w[3], k[3]);
        round!(e f g h a b c d, w[4], k[4]);
        round!(d e f g h a b c, w[5], k[5]);
        round!(c d e f g h a b, w[6], k[6]);
        round!(b c d e f g h a, w[7], k[7]);
        round!(a b c d e f g h, w[8], k[8]);
        round!(h a b c d e f g, w[9], k[9]);
        round!(g h a b c d e f, w[10], k[10]);
        round!(f g h a b c d e, w[11], k[11]);
        round!(e f g h a b c d, w[12], k[12]);
        round!(d e f g h a b c, w[13], k[13]);
        round!(c d e f g h a b, w[14], k[14]);
        round!(b c d e f g h a, w[15], k[15]);
    }
    let [a0, b0, c0, d0, e0, f0, g0, h0] = state;
    [a.add(a0), b.add(b0), c.add(c0), d.add(d0), e.add(e0), f.add(f0), g.add(g0), h.add(h0)]
}

/// The next sixteen words of the message schedule.
#[inline(always)]
fn schedule(mut w: [Vector; 16]) -> [Vector; 16] {
    macro_rules! word {
        ($($at:literal)*) => {$(
            let (early, late) = (w[($at + 1) % 16], w[($at + 14) % 16]);
            let small0 = early.rotate::<7>().xor(early.rotate::<18>()).xor(early.shift::<3>());
            let small1 = late.rotate::<17>().xor(late.rotate::<19>()).xor(late.shift::<10>());
            w[$at] = w[$at].add(small0).add(w[($at + 9) % 16].add(small1));
        )*};
    }
    word!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
    w
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;

    #[test]
    fn equal_to_one_after_the_other_for_every_length_around_a_block() {
        let bytes: Vec<u8> = (0..70_000_u32).map(|number| ((number * 167) >> 3) as u8).collect();
        let lengths = (0..200).chain([1000, 4096, 65_535, 64, 70_000]);
        let messages: Vec<&[u8]> = lengths.map(|len| &bytes[bytes.len() - len..]).collect();
        for some in [&messages[..], &messages[..1], &messages[60..63], &messages[200..], &[]] {
            let found: Vec<Digest> =
                sha256_all(some).iter().filter_map(|value| Digest::from_bytes(crate::digest::Algorithm::Sha256, value)).collect();
            let expected: Vec<Digest> = some.iter().map(|message| Digest::sha256(message)).collect();
            assert_eq!(found, expected);
        }
    }
}
