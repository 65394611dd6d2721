//! Where the recorded inputs lie, for the tests of this room.

use std::path::PathBuf;

/// The path of a fixture, or `None` (said on the test's output) where they are not there.
pub(crate) fn path(inside: &str) -> Option<PathBuf> {
    let root = std::env::var_os("LAYERPROOF_FIXTURES")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures"), PathBuf::from);
    let path = root.join(inside);
    if !path.exists() {
        println!("skipped: fixtures absent");
        return None;
    }
    Some(path)
}
