//! Builds an image's layers again, from the files that were added, as the builder did it: bit for bit, without a daemon.
//!
//! The chain, each step a module:
//!
//! 1. [`tree`]: the tarball unpacked in memory by the rules of docker's ADD. Many tarballs give one tree.
//! 2. [`tar`]: the tree packed by Go's `archive/tar`, in the ways in which builders differ ([`tar::Profile`]), all of them in
//!    one pass: candidates for the diff_id. Directories that no entry names, and files of a checkout, carry a time that only
//!    the build knew; where a digest is wanted, the second is searched.
//! 3. [`gzip`]: the tar compressed by Go's `compress/gzip` of either generation: the layer's digest and size.
//! 4. [`image`]: the config that BuildKit writes for the Dockerfile, the layers and their times, and the manifest of both. The
//!    classic builder's configs hold random identifiers; they are taken as they are.
//! 5. [`oci_layout`]: all of it as one file that other tools read.
//!
//! [`Job`] does 1 to 3 for one source: for the layer that it is added in, for the layers of WORKDIR around it, and on top of the
//! tree that an earlier source left. What does not come out accuses nobody: builders that are not known here exist.

mod compare;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod image;
mod job;
#[cfg(test)]
mod layers_recorded;
pub mod oci_layout;
pub mod tar;
mod time;
pub mod tree;

pub use compare::{FoundLayer, PackedLayer, RebuiltLayer, SearchedLayer, Wanted};
pub use job::{Added, Job, RebuildLimits, Rebuilt, Step, Task};
pub use layerproof_deflate as gzip;
pub use time::{is_whole_second, seconds};
