//! The gzip streams of Go's `compress/gzip`, byte for byte: layers are compressed with it by docker, BuildKit and containerd.
//!
//! DEFLATE leaves an encoder free in nearly everything, so a layer's digest is reproduced only by the same choices. Go made
//! them in one way from 1.8 to 1.26 ([`GzipLegacy`]) and in another since 1.27 ([`GzipModern`]). [`generation_of`] tells which
//! one may have written a given stream.

mod bits;
mod block;
mod estimate;
mod huffman;
mod legacy;
mod modern;
mod symbols;
#[cfg(test)]
mod vectors;
mod wrapper;

pub use estimate::Arithmetic;
pub use legacy::GzipLegacy;
pub use modern::GzipModern;

/// Which encoder of Go's standard library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Generation {
    /// Go 1.8 to 1.26.
    Legacy,
    /// Go 1.27 and later.
    Modern,
}

impl Generation {
    /// Both, in the order in which they appeared.
    pub const ALL: [Self; 2] = [Self::Legacy, Self::Modern];
}

/// Either encoder behind one face.
pub enum GzipEncoder {
    /// Go 1.8 to 1.26.
    Legacy(Box<GzipLegacy>),
    /// Go 1.27 and later.
    Modern(Box<GzipModern>),
}

impl GzipEncoder {
    /// The encoder of that generation, with plain arithmetic.
    pub fn new(generation: Generation) -> Self {
        match generation {
            Generation::Legacy => Self::Legacy(Box::default()),
            Generation::Modern => Self::Modern(Box::new(GzipModern::new(Arithmetic::Plain))),
        }
    }

    /// Takes the next bytes of the input; what is complete goes to `out`.
    pub fn write(&mut self, data: &[u8], out: &mut Vec<u8>) {
        match self {
            Self::Legacy(encoder) => encoder.write(data, out),
            Self::Modern(encoder) => encoder.write(data, out),
        }
    }

    /// Ends the stream.
    pub fn finish(self, out: &mut Vec<u8>) {
        match self {
            Self::Legacy(encoder) => encoder.finish(out),
            Self::Modern(encoder) => encoder.finish(out),
        }
    }
}

/// Which generation of Go's encoder can have written a gzip stream at its default level, seen from its first ten bytes and
/// its last twelve or more; `None` if neither can.
///
/// A stream that ends as a [`Generation::Legacy`] stream is hardly ever anything else. One stream of about 500 of other
/// encoders ends like a [`Generation::Modern`] one by chance.
pub fn generation_of(first: &[u8], last: &[u8]) -> Option<Generation> {
    if first.get(..10)? != [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff] {
        return None;
    }
    let (data, _trailer) = last.split_at_checked(last.len().checked_sub(8)?)?;
    match data {
        [.., 0, 0, 0xff, 0xff] => Some(Generation::Legacy),
        [.., before, 1, 0] if *before >= 0x80 => Some(Generation::Modern),
        [.., byte, 0] if is_final_block(*byte) => Some(Generation::Modern),
        _ => None,
    }
}

/// Whether the highest set bits are two that follow each other: those of the final empty fixed block, wherever it begins.
fn is_final_block(byte: u8) -> bool {
    byte >= 2 && byte.checked_shl(byte.leading_zeros()).is_some_and(|shifted| shifted >= 0xc0)
}

/// A boxed array of zeros.
fn zeroed<T: Copy + Default, const N: usize>() -> Box<[T; N]> {
    let boxed: Result<Box<[T; N]>, _> = vec![T::default(); N].into_boxed_slice().try_into();
    boxed.unwrap_or_else(|_| Box::new([T::default(); N]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compress(generation: Generation, data: &[u8]) -> Vec<u8> {
        let (mut encoder, mut out) = (GzipEncoder::new(generation), Vec::new());
        encoder.write(data, &mut out);
        encoder.finish(&mut out);
        out
    }

    /// Bytes with repetitions near and far, from a linear congruential generator.
    fn mixed(size: usize) -> Vec<u8> {
        let mut state = 7_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize
        };
        let mut data: Vec<u8> = Vec::new();
        while data.len() < size {
            let (kind, length) = (next() % 3, 1 + next() % 300);
            let back = 1 + next() % data.len().max(1);
            for _ in 0..length {
                let byte =
                    if kind == 0 { next() as u8 } else { data.get(data.len().wrapping_sub(back)).copied().unwrap_or(b'a') };
                data.push(byte);
            }
        }
        data
    }

    #[test]
    fn what_is_written_can_be_read() {
        use std::io::Read;
        for size in [0, 1, 4, 33, 127, 128, 65535, 65536, 65537, 98_304, 98_305, 400_000] {
            let data = mixed(size);
            for generation in Generation::ALL {
                let packed = compress(generation, &data);
                let mut back = Vec::new();
                flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut back).unwrap();
                assert!(back == data, "{generation:?} {size}");
                assert_eq!(generation_of(&packed[..10], &packed[packed.len() - 12..]), Some(generation), "{size}");
            }
        }
    }

    #[test]
    fn streams_recorded_from_go_programs() {
        use base64::Engine as _;
        // Go 1.25.5 and Go 1.27.3, `gzip.NewWriter`, one Write.
        let recorded = [
            (
                Generation::Legacy,
                "bcde abcdX bcdefgh abcdefgh bcdefgh",
                "H4sIAAAAAAAA/0pKTklVSExKTolQADHT0jPAPDADSgMCAAD//6gKHkcjAAAA",
            ),
            (Generation::Modern, &"hello world, ".repeat(12), "H4sIAAAAAAAA/8pIzcnJVyjPL8pJ0VEYZBzAAEjEqHucAAAA"),
            (Generation::Modern, &"a".repeat(127), "H4sIAAAAAAAA/wTAgQAAAAAAkFb/EwAAAAAAAAAAAAAAAAAAAAAOAJa+vvB/AAAA"),
        ];
        for (generation, input, expected) in recorded {
            let packed = compress(generation, input.as_bytes());
            assert_eq!(base64::engine::general_purpose::STANDARD.encode(packed), expected, "{generation:?}");
        }
    }

    #[test]
    fn pieces_give_the_same_stream() {
        let data = mixed(300_000);
        for generation in Generation::ALL {
            let whole = compress(generation, &data);
            for piece in [1000, 32768, 65536] {
                let (mut encoder, mut out) = (GzipEncoder::new(generation), Vec::new());
                data.chunks(piece).for_each(|piece| encoder.write(piece, &mut out));
                encoder.finish(&mut out);
                assert!(out == whole, "{generation:?} in pieces of {piece}");
            }
        }
    }

    #[test]
    fn other_encoders_are_recognised_as_such() {
        let first = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
        assert_eq!(generation_of(&first, &[5, 5, 5, 1, 2, 3, 4, 5, 6, 7, 8]), None);
        assert_eq!(generation_of(&first, &[]), None);
        assert_eq!(generation_of(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], &[0, 0, 255, 255, 1, 2, 3, 4, 5, 6, 7, 8]), None);
    }
}
