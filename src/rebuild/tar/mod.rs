//! Layers as builders write them: Go's `archive/tar` bytes by [`Profile`], their digests, and the second of a build.

mod candidates;
mod entries;
mod layer;
mod names;
mod profile;
#[cfg(test)]
mod recorded;
mod search;

pub use candidates::{LayerCandidate, candidates};
pub use entries::{WrittenEntry, entries};
pub use layer::{BuildTime, write_layer};
pub use profile::Profile;
pub use search::{Found, Searched, Times, Window, search};
