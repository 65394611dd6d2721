//! Image histories: every export format becomes the same entries.
//!
//! A builder writes one history entry per step into the image config (OCI image-spec, config.md, "history"). People have them
//! as the table of `docker image history`, as JSON of several tools, as a config, as a record on the web, or as a paste.
//! [`read`] makes a [`History`] of any of them: entries oldest first, what the export did to the texts ([`Fidelity`]), in
//! which order the export had them and how that is known ([`Order`]). [`sniff`] says whether an input is one of them.
//!
//! A history is a claim: it is free text that the builder wrote, and nothing in it is proved by reading it.

mod entry;
mod fingerprint;
mod repo_info;
mod size;

pub use entry::{Direction, Fidelity, Format, History, HistoryEntry, Order, OrderSource};
pub use fingerprint::{Builder, ConfigMarks, Fingerprint, Segment, Sign};
pub use size::Size;

use crate::finding::ReadError;

/// Largest input that is read, unless [`Hint::max_bytes`] says otherwise: 32 MiB.
pub const MAX_BYTES: u64 = 32 << 20;

/// What is known about an input besides its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint<'a> {
    /// The format, if a person chose it; otherwise it is found by [`sniff`].
    pub format: Option<Format>,
    /// Which image of a record that holds several: `linux/amd64`, `arm64`, `linux/arm/v7`. The first one otherwise.
    pub platform: Option<&'a str>,
    /// Largest input that is read, in bytes.
    pub max_bytes: u64,
}

impl Default for Hint<'_> {
    fn default() -> Self {
        Self { format: None, platform: None, max_bytes: MAX_BYTES }
    }
}

/// The kind of export that these bytes are, by content alone. `None` for everything that is no history: a Dockerfile, a
/// checksum list, other JSON, binary data.
pub fn sniff(_bytes: &[u8]) -> Option<Format> {
    None
}

/// Reads one history.
///
/// # Errors
/// `history.not-recognised` and the codes of the formats; see the catalogue in room `report`.
pub fn read(bytes: &[u8], hint: Hint<'_>) -> Result<History, ReadError> {
    let _ = hint.max_bytes;
    Err(ReadError::new("history.not-recognised", "a history export", format!("{} bytes of something else", bytes.len())))
}
