//! Digests as types, and hashers that are fed piece by piece.
//!
//! A hash that names an OCI object is written `algorithm:hex` (image-spec, descriptor.md, "Digests"). What a hash *is of*
//! decides its meaning, so the different meanings are different types: [`DiffId`], [`ChainId`], [`ImageId`].
//! Hex strings are compared nowhere else in this crate.

mod hasher;
#[cfg(any(test, target_family = "wasm"))]
mod lanes;
#[cfg(any(test, target_family = "wasm"))]
mod vector;

use crate::order::Gather;
pub use hasher::{Hasher, Sha256};

use std::fmt;
use std::str::FromStr;

/// Hash algorithms that somebody may have used to name or to list a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// MD5, 128 bits. Proves nothing today; seen in old checksum lists and package databases.
    Md5,
    /// SHA-1, 160 bits. Collisions can be made.
    Sha1,
    /// SHA-256, the algorithm of nearly every OCI digest.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512, the other algorithm that the OCI image specification registers.
    Sha512,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Md5, Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512];

    /// Length of the digest in bytes.
    pub const fn size_bytes(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The name before the colon of a digest, as the OCI specification writes it: `sha256`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// Whether two different files with one digest are out of anybody's reach.
    pub const fn is_collision_resistant(self) -> bool {
        matches!(self, Self::Sha256 | Self::Sha384 | Self::Sha512)
    }

    /// The algorithm of that name, in lower case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }
}

/// A hash value together with its algorithm.
///
/// ```
/// use layerproof::digest::Digest;
/// let empty = Digest::sha256(b"");
/// assert_eq!(empty.to_string(), "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
/// assert_eq!(empty.to_string().parse(), Ok(empty));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest {
    algorithm: Algorithm,
    bytes: [u8; 64],
}

/// Why a text is not a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DigestError {
    /// No colon between algorithm and hex digits.
    NoAlgorithm,
    /// An algorithm that this program does not compute.
    UnknownAlgorithm,
    /// Not as many hex digits as the algorithm has.
    Length {
        /// Hex digits that the algorithm has.
        expected: usize,
        /// Characters that were there.
        found: usize,
    },
    /// The OCI grammar wants lower case hex digits.
    UpperCase,
    /// A character that is no hex digit.
    NotHex,
}

impl fmt::Display for DigestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAlgorithm => f.write_str("no `algorithm:` before the hex digits"),
            Self::UnknownAlgorithm => f.write_str("an algorithm that is not md5, sha1, sha256, sha384 or sha512"),
            Self::Length { expected, found } => write!(f, "{found} characters where {expected} hex digits belong"),
            Self::UpperCase => f.write_str("upper case hex digits; a digest is written in lower case"),
            Self::NotHex => f.write_str("a character that is no hex digit"),
        }
    }
}

impl std::error::Error for DigestError {}

impl Digest {
    /// A digest from its bytes; `None` if their number is not the algorithm's.
    pub fn from_bytes(algorithm: Algorithm, value: &[u8]) -> Option<Self> {
        let mut bytes = [0; 64];
        bytes.get_mut(..algorithm.size_bytes())?;
        if value.len() != algorithm.size_bytes() {
            return None;
        }
        bytes[..value.len()].copy_from_slice(value);
        Some(Self { algorithm, bytes })
    }

    /// SHA-256 of bytes at hand. For streams use [`Sha256`].
    pub fn sha256(data: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(data);
        hasher.digest()
    }

    /// SHA-256 of many short messages at hand, in their order; in WebAssembly several at once.
    pub fn sha256_all(messages: &[&[u8]]) -> Vec<Self> {
        #[cfg(target_family = "wasm")]
        let values = lanes::sha256_all(messages);
        #[cfg(not(target_family = "wasm"))]
        let values = messages.iter().map(|message| Self::sha256(message));
        #[cfg(target_family = "wasm")]
        let values = values.iter().filter_map(|value| Self::from_bytes(Algorithm::Sha256, value));
        values.list()
    }

    /// A digest from hex digits of either case, as checksum lists have them.
    ///
    /// # Errors
    /// [`DigestError::Length`] or [`DigestError::NotHex`].
    pub fn from_hex(algorithm: Algorithm, hex: &str) -> Result<Self, DigestError> {
        let size = algorithm.size_bytes();
        if hex.len() != size * 2 {
            return Err(DigestError::Length { expected: size * 2, found: hex.chars().count() });
        }
        let mut bytes = [0; 64];
        for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
            let (high, low) = (hex_value(pair[0]), hex_value(pair[1]));
            *byte = high.zip(low).map(|(high, low)| high << 4 | low).ok_or(DigestError::NotHex)?;
        }
        Ok(Self { algorithm, bytes })
    }

    /// The algorithm.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The hash value.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.algorithm.size_bytes()]
    }

    /// The hash value in lower case hex digits, without the algorithm.
    pub fn hex(&self) -> String {
        hex(self.as_bytes())
    }
}

/// Bytes in lower case hex digits. Reports write thousands of digests, and the formatter of the standard library does a digit's
/// work for each byte.
pub fn hex(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        digits.extend([byte >> 4, byte & 15].map(|value| char::from(b"0123456789abcdef"[usize::from(value)])));
    }
    digits
}

fn hex_value(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.algorithm.name())?;
        f.write_str(":")?;
        f.write_str(&self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    /// Reads `algorithm:hex` by the grammar of the OCI image specification (lower case only).
    fn from_str(text: &str) -> Result<Self, DigestError> {
        let (name, hex) = text.split_once(':').ok_or(DigestError::NoAlgorithm)?;
        let algorithm = Algorithm::from_name(name).ok_or(DigestError::UnknownAlgorithm)?;
        if hex.bytes().any(|digit| digit.is_ascii_uppercase()) {
            return Err(DigestError::UpperCase);
        }
        Self::from_hex(algorithm, hex)
    }
}

macro_rules! meaning {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Digest);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

meaning! {
    /// Digest of a layer's uncompressed tar stream (`rootfs.diff_ids` in the config).
    DiffId
}
meaning! {
    /// Digest of an image's config document: what docker's graphdriver store calls the image ID.
    ImageId
}
meaning! {
    /// Identifies a layer applied on top of all layers below it (image-spec, config.md, "Layer ChainID").
    ChainId
}

impl ChainId {
    /// The chain ID of the lowest layer is its diff_id.
    pub fn base(lowest: DiffId) -> Self {
        Self(lowest.0)
    }

    /// The chain ID after one more layer: SHA-256 of both identifiers as text, with one blank between.
    pub fn extend(self, next: DiffId) -> Self {
        Self(Digest::sha256(format!("{self} {next}").as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_of_either_case_is_the_same_value_but_a_digest_is_lower_case() {
        let upper = "AB".repeat(32);
        assert_eq!(Digest::from_hex(Algorithm::Sha256, &upper), Digest::from_hex(Algorithm::Sha256, &upper.to_lowercase()));
        assert_eq!(format!("sha256:{upper}").parse::<Digest>(), Err(DigestError::UpperCase));
        assert_eq!("sha256:abc".parse::<Digest>(), Err(DigestError::Length { expected: 64, found: 3 }));
        assert_eq!("abc".parse::<Digest>(), Err(DigestError::NoAlgorithm));
        assert_eq!(format!("sha256:{}", "é".repeat(32)).parse::<Digest>(), Err(DigestError::NotHex));
    }
}
