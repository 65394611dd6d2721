//! Commands that fetch what a check asks for. Where nothing at hand names the image, [`IMAGE`] stands for its name.

use crate::official::{raw_document, shell_quote};
use std::fmt::Display;

/// Stands in a command for the name of the image, which the reader knows.
pub const IMAGE: &str = "IMAGE";

/// The image as an archive.
pub fn save(name: Option<&str>) -> String {
    format!("docker save {} -o image.tar", shell_quote(name.unwrap_or(IMAGE)))
}

/// A layer or a config, as the registry has it: by its digest, under any name of its repository.
pub(super) fn blob(name: Option<&str>, digest: impl Display, file: &str) -> String {
    format!("crane blob {} > {file}", by_digest(name, digest))
}

/// An index or a manifest, byte by byte as the registry has it.
pub(super) fn document(name: Option<&str>, digest: impl Display, file: &str) -> String {
    raw_document(&by_digest(name, digest), file)
}

fn by_digest(name: Option<&str>, digest: impl Display) -> String {
    shell_quote(&format!("{}@{digest}", name.unwrap_or(IMAGE)))
}
