//! What second passes over the bytes of a source found out.

use crate::digest::Digest;
use crate::recipe::add_hash::Header;

/// Results of the second passes over one source.
#[derive(Debug, Clone, Default)]
pub struct Reread {
    /// Ways in which the file may have come into a build context, each with the hash that it gives.
    pub add_hashes: Vec<(Header, Digest)>,
    /// Digests of the bytes by other algorithms than SHA-256.
    pub digests: Vec<Digest>,
    /// The layer that was rebuilt from it.
    pub rebuild: Option<super::Rebuild>,
}
