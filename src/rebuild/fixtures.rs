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

/// Unpacks a tarball with the entries that the `tar` crate sees.
pub(crate) fn unpack(tarball: &[u8]) -> Result<super::tree::Tree, super::tree::Refused> {
    unpack_with(tarball, |_| {})
}

/// As [`unpack`]; then something more happens to the tree.
pub(crate) fn unpack_with(
    tarball: &[u8],
    more: impl FnOnce(&mut super::tree::Unpack),
) -> Result<super::tree::Tree, super::tree::Refused> {
    use std::io::Read;
    let mut unpack = super::tree::Unpack::new(b"/", super::tree::TreeLimits::default());
    let mut archive = tar::Archive::new(tarball);
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let pax: Vec<(Vec<u8>, Vec<u8>)> = match entry.pax_extensions().unwrap() {
            Some(records) => records
                .map(|record| record.unwrap())
                .map(|record| (record.key_bytes().to_vec(), record.value_bytes().to_vec()))
                .collect(),
            None => Vec::new(),
        };
        let number = |key: &[u8]| {
            let value = pax.iter().find(|(name, _)| name == key)?;
            std::str::from_utf8(&value.1).unwrap().split('.').next().unwrap().parse::<i64>().ok()
        };
        let xattrs: Vec<(Vec<u8>, Vec<u8>)> =
            pax.iter().filter_map(|(key, value)| Some((key.strip_prefix(b"SCHILY.xattr.")?.to_vec(), value.clone()))).collect();
        let header = entry.header().clone();
        let name = entry.path_bytes().into_owned();
        let link = entry.link_name_bytes().map(|link| link.into_owned()).unwrap_or_default();
        let entry_of = super::tree::TreeEntry {
            name: &name,
            kind: kind(header.entry_type()),
            mode: i64::from(header.mode().unwrap()),
            uid: number(b"uid").unwrap_or_else(|| header.uid().unwrap() as i64),
            gid: number(b"gid").unwrap_or_else(|| header.gid().unwrap() as i64),
            mtime: Some(number(b"mtime").unwrap_or_else(|| header.mtime().unwrap() as i64)),
            link: &link,
            device: (
                header.device_major().unwrap_or_default().unwrap_or_default().into(),
                header.device_minor().unwrap_or_default().unwrap_or_default().into(),
            ),
            xattrs: &xattrs,
        };
        unpack.entry(&entry_of).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        content.chunks(4096).for_each(|piece| unpack.data(piece).unwrap());
    }
    more(&mut unpack);
    unpack.finish()
}

fn kind(of: tar::EntryType) -> super::tree::Kind {
    use super::tree::Kind;
    match of.as_byte() {
        b'0' | 0 => Kind::File,
        b'1' => Kind::HardLink,
        b'2' => Kind::Symlink,
        b'3' => Kind::Char,
        b'4' => Kind::Block,
        b'5' => Kind::Directory,
        b'6' => Kind::Fifo,
        b'g' => Kind::Global,
        other => Kind::Other(other),
    }
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
