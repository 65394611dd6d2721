//! Builds an image's first layer again, from the tarball that was added, as the builder did it.
//!
//! The chain: tarball -> tree (unpacked as docker's ADD unpacks) -> tar (as Go's writer writes it) -> diff_id ->
//! [gzip] (as Go compresses) -> layer digest -> config -> manifest.

#[cfg(test)]
pub(crate) mod fixtures;
pub mod gzip;
pub mod image;
mod job;
pub mod oci_layout;
pub mod tar;
mod time;
pub mod tree;

pub use job::{Added, FoundLayer, Job, PackedLayer, RebuildLimits, Rebuilt, Wanted};
pub use time::{is_whole_second, seconds};
