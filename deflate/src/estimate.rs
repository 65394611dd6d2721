//! Go 1.27's approximation of a table's entropy, in single precision, bit for bit.

use super::block::Counts;

/// How the machine rounds the one estimate that Go 1.27's encoder computes in floating point.
///
/// Compilers contract a multiplication and an addition to one rounding on some architectures. The results differ by one bit
/// in about one of a thousand estimates, and the stream differs only when a decision hangs on that bit: no case was met in
/// 4.7 GB of files. So [`Arithmetic::Plain`] is the first choice everywhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Arithmetic {
    /// Every operation rounds: amd64, 386, arm, mips.
    #[default]
    Plain,
    /// Contracted as on arm64, s390x, ppc64le, riscv64, loong64.
    Fused,
    /// Contracted as on amd64 with GOAMD64=v3.
    V3,
}

impl Arithmetic {
    /// All three, the likeliest first.
    pub const ALL: [Self; 3] = [Self::Plain, Self::Fused, Self::V3];

    #[inline]
    fn inner(self, a: f32, b: f32, c: f32) -> f32 {
        if self == Self::Plain { a * b + c } else { fused(a, b, c) }
    }

    #[inline]
    fn outer(self, a: f32, b: f32, c: f32) -> f32 {
        if self == Self::Fused { fused(a, b, c) } else { a * b + c }
    }
}

/// a · b + c with one rounding to single precision.
///
/// The product of two singles is exact in double precision. Adding rounds to 53 bits first; rounding that again to 24 bits
/// goes wrong only if the first sum was inexact and landed on a tie, so then its last bit is set towards the exact value.
fn fused(a: f32, b: f32, c: f32) -> f32 {
    let (product, addend) = (f64::from(a) * f64::from(b), f64::from(c));
    let sum = product + addend;
    let bits = sum.to_bits();
    if bits & 0x1fff_ffff != 0x1000_0000 || !sum.is_finite() {
        return sum as f32;
    }
    // What the addition lost (exact, by the two-sum of Knuth).
    let virtual_addend = sum - product;
    let lost = (product - (sum - virtual_addend)) + (addend - virtual_addend);
    if lost == 0.0 {
        return sum as f32;
    }
    let away_from_zero = (lost > 0.0) == (sum > 0.0);
    f64::from_bits(if away_from_zero { bits + 1 } else { bits - 1 }) as f32
}

const C1: f32 = f32::from_bits(0xbeb0_8ff9);
const C2: f32 = f32::from_bits(0x4001_9420);
const C3: f32 = f32::from_bits(0xbf2c_c4c7);

fn log(x: f32, arithmetic: Arithmetic) -> f32 {
    let bits = x.to_bits();
    let exponent = ((bits >> 23) & 0xff) as i32 - 128;
    let fraction = f32::from_bits((bits & 0x007f_ffff) | 0x3f80_0000);
    let line = arithmetic.inner(C1, fraction, C2);
    exponent as f32 + arithmetic.outer(line, fraction, C3)
}

/// Estimated bits of the symbols, without extra bits. `units` is the number of tokens, and one for a final end of block.
pub(super) fn estimate(counts: &Counts, units: u32, arithmetic: Arithmetic) -> u64 {
    let add = |sum: f32, count: &u32, inverse: f32| {
        let share = *count as f32 * inverse;
        let cost = (-log(share, arithmetic)).clamp(1.0, 15.0);
        arithmetic.inner(cost, *count as f32, sum)
    };
    let used = |count: &&u32| **count > 0;
    let inverse = 1.0 / units as f32;
    let sum = counts.literals[..256].iter().filter(used).fold(0.0, |sum, count| add(sum, count, inverse)) + 15.0;
    let sum = counts.literals[257..].iter().filter(used).fold(sum, |sum, count| add(sum, count, inverse));
    let inverse = 1.0 / counts.matches() as f32;
    counts.distances.iter().filter(used).fold(sum, |sum, count| add(sum, count, inverse)) as u64
}
