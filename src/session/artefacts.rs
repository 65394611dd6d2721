//! What was rebuilt, as files to save.

use super::Session;
use super::protocol::Artefact;
use crate::finding::ReadError;

/// A rebuilt artefact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// A name for the file.
    pub file_name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Session {
    /// A rebuilt artefact as a file.
    ///
    /// # Errors
    /// `session.nothing-rebuilt`, if it was not rebuilt.
    pub fn save(&self, artefact: Artefact) -> Result<Saved, ReadError> {
        Err(ReadError::new("session.nothing-rebuilt", "something that was rebuilt", format!("no {artefact:?}")))
    }
}
