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

/// A file's bytes, decompressed if they are compressed.
pub(crate) fn decompressed(path: &std::path::Path) -> Vec<u8> {
    use std::io::Read;
    let packed = std::fs::read(path).unwrap();
    let mut bytes = Vec::new();
    match packed[0] {
        0x1f => flate2::read::MultiGzDecoder::new(&packed[..]).read_to_end(&mut bytes).map(drop).unwrap(),
        0xfd => lzma_rust2::XzReader::new(&packed[..], true).read_to_end(&mut bytes).map(drop).unwrap(),
        _ => bytes = packed,
    }
    bytes
}

/// Unpacks a tarball as the strict walk reads it.
pub(crate) fn unpack(tarball: &[u8]) -> Result<super::tree::Tree, super::tree::Refused> {
    unpack_with(tarball, |_| {})
}

/// As [`unpack`]; before that something happens to the tree.
pub(crate) fn unpack_with(
    tarball: &[u8],
    before: impl FnOnce(&mut super::tree::Unpack),
) -> Result<super::tree::Tree, super::tree::Refused> {
    let mut unpack = super::tree::Unpack::new(b"/", super::tree::TreeLimits::default());
    before(&mut unpack);
    let mut visitor = super::tree::TreeVisitor::new(unpack);
    let mut walk = crate::intake::tar::Walk::new(&crate::intake::limits::Limits::default());
    tarball.chunks(10_000).for_each(|piece| walk.push(piece, &mut visitor).unwrap());
    walk.finish(&mut visitor).unwrap();
    visitor.finish().unwrap()
}

/// Offsets of all header blocks of a tarball.
pub(crate) fn headers(tarball: &[u8]) -> Vec<usize> {
    let mut archive = tar::Archive::new(tarball);
    archive.entries().unwrap().map(|entry| entry.unwrap().raw_header_position() as usize).collect()
}

/// Makes the checksum of a header block right.
pub(crate) fn sum(tarball: &mut [u8], header: usize) {
    let block = &mut tarball[header..header + 512];
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}
