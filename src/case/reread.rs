//! What second passes over the bytes of a source found out.

use crate::digest::Digest;
use crate::recipe::add_hash::Header;
use crate::recipe::buildah_hash::Entry;
use std::sync::Arc;

/// Results of the second passes over one source.
#[derive(Debug, Clone, Default)]
pub struct Reread {
    /// Ways in which the file may have come into a build context, each with the hash that it gives.
    pub add_hashes: Vec<(Header, Digest)>,
    /// Ways in which buildah may have packed the file, each with the hash that it gives.
    pub packed: Vec<(Entry, Digest)>,
    /// The hash that buildah gives the file as a tarball that it unpacks; `Some(None)` if it would have stopped.
    pub unpacked: Option<Option<Digest>>,
    /// The bytes of a small file: buildah's hash of a directory is over all files in it, one after the other.
    pub content: Option<Arc<Vec<u8>>>,
    /// Digests of the bytes by other algorithms than SHA-256.
    pub digests: Vec<Digest>,
    /// The layer that was rebuilt from it.
    pub rebuild: Option<super::Rebuild>,
}
