//! Built-in examples: a small Linux-like image that a newcomer can try with one click.
//!
//! Every byte is made here, by the same code that reads and rebuilds real images and (for the archives) by the `tar` crate,
//! which shares nothing with it. There is no third-party content in them.

mod image;
mod rootfs;

use crate::session::protocol::{Example, ExampleFile};

/// One file of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl File {
    fn new(name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.to_owned(), bytes: bytes.into() }
    }

    /// Name and size.
    pub fn listed(&self) -> ExampleFile {
        ExampleFile { name: self.name.clone(), size: self.bytes.len() as u64 }
    }
}

/// The files of one example, as a person would drop them.
pub fn files(example: Example) -> Vec<File> {
    match example {
        Example::GoodImage => image::good(),
        Example::WrongTarball => image::wrong_tarball(),
        Example::HiddenLayer => image::hidden_layer(),
        Example::TwoDigests => image::two_digests(),
    }
}
