use super::{Algorithm, Digest};
use sha2::Digest as _;

/// A SHA-256 that is fed piece by piece. Cloning it keeps the state, so that several endings of one stream can be hashed.
#[derive(Clone, Default)]
pub struct Sha256(sha2::Sha256);

impl Sha256 {
    /// The state before any byte.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes of the stream.
    pub fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    /// The digest of everything taken so far; the stream can go on.
    pub fn digest(&self) -> Digest {
        let mut bytes = [0; 64];
        bytes[..32].copy_from_slice(&self.0.clone().finalize());
        Digest { algorithm: Algorithm::Sha256, bytes }
    }
}

/// A hasher of any [`Algorithm`], fed piece by piece.
#[derive(Clone)]
pub enum Hasher {
    /// MD5.
    Md5(md5::Md5),
    /// SHA-1.
    Sha1(sha1::Sha1),
    /// SHA-256.
    Sha256(Sha256),
    /// SHA-384.
    Sha384(sha2::Sha384),
    /// SHA-512.
    Sha512(sha2::Sha512),
}

impl Hasher {
    /// The state before any byte.
    pub fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Md5 => Self::Md5(md5::Md5::new()),
            Algorithm::Sha1 => Self::Sha1(sha1::Sha1::new()),
            Algorithm::Sha256 => Self::Sha256(Sha256::new()),
            Algorithm::Sha384 => Self::Sha384(sha2::Sha384::new()),
            Algorithm::Sha512 => Self::Sha512(sha2::Sha512::new()),
        }
    }

    /// Takes the next bytes of the stream.
    pub fn update(&mut self, data: &[u8]) {
        match self {
            Self::Md5(state) => state.update(data),
            Self::Sha1(state) => state.update(data),
            Self::Sha256(state) => state.update(data),
            Self::Sha384(state) => state.update(data),
            Self::Sha512(state) => state.update(data),
        }
    }

    /// The digest of everything taken so far; the stream can go on.
    pub fn digest(&self) -> Digest {
        match self {
            Self::Md5(state) => wrap(Algorithm::Md5, &state.clone().finalize()),
            Self::Sha1(state) => wrap(Algorithm::Sha1, &state.clone().finalize()),
            Self::Sha256(state) => state.digest(),
            Self::Sha384(state) => wrap(Algorithm::Sha384, &state.clone().finalize()),
            Self::Sha512(state) => wrap(Algorithm::Sha512, &state.clone().finalize()),
        }
    }
}

fn wrap(algorithm: Algorithm, value: &[u8]) -> Digest {
    let mut bytes = [0; 64];
    bytes[..value.len()].copy_from_slice(value);
    Digest { algorithm, bytes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        let answers = [
            (Algorithm::Md5, "900150983cd24fb0d6963f7d28e17f72"),
            (Algorithm::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (Algorithm::Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                Algorithm::Sha384,
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
            ),
            (
                Algorithm::Sha512,
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            ),
        ];
        for (algorithm, expected) in answers {
            let mut hasher = Hasher::new(algorithm);
            hasher.update(b"a");
            hasher.update(b"bc");
            assert_eq!(hasher.digest().hex(), expected, "{}", algorithm.name());
        }
    }
}
