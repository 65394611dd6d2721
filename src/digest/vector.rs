//! Four 32-bit words at once: a WebAssembly vector, or in tests elsewhere an array.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) use simd::Vector;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(super) use plain::Vector;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd {
    use core::arch::wasm32::*;

    #[derive(Clone, Copy)]
    pub(in super::super) struct Vector(v128);

    impl Vector {
        #[inline(always)]
        pub(in super::super) fn splat(word: u32) -> Self {
            Self(u32x4_splat(word))
        }

        pub(in super::super) fn from_words([a, b, c, d]: [u32; 4]) -> Self {
            Self(u32x4(a, b, c, d))
        }

        pub(in super::super) fn to_words(self) -> [u32; 4] {
            let v = self.0;
            [u32x4_extract_lane::<0>(v), u32x4_extract_lane::<1>(v), u32x4_extract_lane::<2>(v), u32x4_extract_lane::<3>(v)]
        }

        #[inline(always)]
        pub(in super::super) fn add(self, other: Self) -> Self {
            Self(u32x4_add(self.0, other.0))
        }

        #[inline(always)]
        pub(in super::super) fn xor(self, other: Self) -> Self {
            Self(v128_xor(self.0, other.0))
        }

        #[inline(always)]
        pub(in super::super) fn and(self, other: Self) -> Self {
            Self(v128_and(self.0, other.0))
        }

        #[inline(always)]
        pub(in super::super) fn shift<const BY: u32>(self) -> Self {
            Self(u32x4_shr(self.0, BY))
        }

        #[inline(always)]
        pub(in super::super) fn rotate<const BY: u32>(self) -> Self {
            Self(v128_or(u32x4_shr(self.0, BY), u32x4_shl(self.0, 32 - BY)))
        }

        /// The sixteen words of a block of each lane.
        #[inline(always)]
        pub(in super::super) fn message(blocks: [&[u8]; 4]) -> [Self; 16] {
            let mut words = [Self(u32x4_splat(0)); 16];
            for quarter in 0..4 {
                let at = quarter * 16;
                let (a, b) = (load(blocks[0], at), load(blocks[1], at));
                let (c, d) = (load(blocks[2], at), load(blocks[3], at));
                let (ab, cd) = (u32x4_shuffle::<0, 4, 1, 5>(a, b), u32x4_shuffle::<0, 4, 1, 5>(c, d));
                let (ef, gh) = (u32x4_shuffle::<2, 6, 3, 7>(a, b), u32x4_shuffle::<2, 6, 3, 7>(c, d));
                words[quarter * 4] = Self(u64x2_shuffle::<0, 2>(ab, cd));
                words[quarter * 4 + 1] = Self(u64x2_shuffle::<1, 3>(ab, cd));
                words[quarter * 4 + 2] = Self(u64x2_shuffle::<0, 2>(ef, gh));
                words[quarter * 4 + 3] = Self(u64x2_shuffle::<1, 3>(ef, gh));
            }
            words
        }
    }

    /// Four big-endian words.
    #[inline(always)]
    fn load(block: &[u8], at: usize) -> v128 {
        let bytes = match block.get(at..at + 16).and_then(|bytes| bytes.first_chunk::<16>()) {
            Some(bytes) => {
                let both = u128::from_le_bytes(*bytes);
                u64x2(both as u64, (both >> 64) as u64)
            }
            None => u64x2(0, 0),
        };
        u8x16_shuffle::<3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12>(bytes, bytes)
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod plain {
    #[derive(Clone, Copy)]
    pub(in super::super) struct Vector([u32; 4]);

    impl Vector {
        fn each(self, other: Self, both: impl Fn(u32, u32) -> u32) -> Self {
            Self(std::array::from_fn(|lane| both(self.0[lane], other.0[lane])))
        }

        pub(in super::super) fn splat(word: u32) -> Self {
            Self([word; 4])
        }

        pub(in super::super) fn from_words(words: [u32; 4]) -> Self {
            Self(words)
        }

        pub(in super::super) fn to_words(self) -> [u32; 4] {
            self.0
        }

        pub(in super::super) fn add(self, other: Self) -> Self {
            self.each(other, u32::wrapping_add)
        }

        pub(in super::super) fn xor(self, other: Self) -> Self {
            self.each(other, |left, right| left ^ right)
        }

        pub(in super::super) fn and(self, other: Self) -> Self {
            self.each(other, |left, right| left & right)
        }

        pub(in super::super) fn shift<const BY: u32>(self) -> Self {
            Self(self.0.map(|word| word >> BY))
        }

        pub(in super::super) fn rotate<const BY: u32>(self) -> Self {
            Self(self.0.map(|word| word.rotate_right(BY)))
        }

        /// The sixteen words of a block of each lane.
        pub(in super::super) fn message(blocks: [&[u8]; 4]) -> [Self; 16] {
            let word = |block: &[u8], at: usize| block[at * 4..].first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes));
            std::array::from_fn(|at| Self(blocks.map(|block| word(block, at))))
        }
    }
}
