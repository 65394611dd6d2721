//! What the integration tests share.
#![allow(dead_code, clippy::expect_used, clippy::panic, clippy::unwrap_used)] // each test file uses a part of it

pub(crate) mod tarball;

pub(crate) mod evidence;

pub(crate) mod image;

pub(crate) mod sources;

use std::path::PathBuf;

/// A file or folder of the fixtures beside the project; `None`, and a line that says so, if they are not there.
pub(crate) fn fixtures(path: &str) -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures");
    let found = std::env::var_os("LAYERPROOF_FIXTURES").map_or_else(beside, PathBuf::from).join(path);
    if found.exists() {
        return Some(found);
    }
    println!("skipped: fixtures absent ({path})");
    None
}
