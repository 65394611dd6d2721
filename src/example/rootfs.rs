//! The root file system of the example: a few directories, programs, links and a device, for two architectures.

use crate::rebuild::gzip::GzipLegacy;
use crate::rebuild::tar::{Profile, write_layer};
use crate::rebuild::tree::{Diff, Kind, TreeEntry, TreeLimits, Unpack};
use tar::{Builder, EntryType, Header};

/// When everything in the example was made: 2024-05-14T09:26:40Z.
pub(super) const TIME: u64 = 1_715_678_800;

/// Directories with their modes.
const DIRECTORIES: [(&str, u32); 12] = [
    ("bin/", 0o755),
    ("dev/", 0o755),
    ("etc/", 0o755),
    ("etc/opt/", 0o755),
    ("home/", 0o755),
    ("lib/", 0o755),
    ("root/", 0o700),
    ("tmp/", 0o1777),
    ("usr/", 0o755),
    ("usr/bin/", 0o755),
    ("var/", 0o755),
    ("var/cache/", 0o755),
];

/// Symbolic links and their targets.
const LINKS: [(&str, &str); 4] = [("bin/ls", "box"), ("bin/sh", "box"), ("usr/bin/env", "../../bin/box"), ("var/run", "../run")];

/// The tarball's file name for an architecture.
pub(super) fn file_name(architecture: &str) -> String {
    format!("exemplar-1.0-{architecture}-rootfs.tar.gz")
}

/// The tarball for an architecture, compressed.
pub(super) fn tarball(architecture: &str) -> Vec<u8> {
    gzip(&tar(architecture))
}

/// Bytes as gzip, the way Go up to 1.26 writes it.
pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = GzipLegacy::new();
    encoder.write(bytes, &mut out);
    encoder.finish(&mut out);
    out
}

/// The tarball for an architecture, plain.
fn tar(architecture: &str) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    each(architecture, |kind, path, mode, target, content| append(&mut builder, kind, path, mode, target, content));
    finished(builder)
}

/// The layer that docker's ADD makes of the tarball, uncompressed.
pub(super) fn layer(architecture: &str) -> Vec<u8> {
    let mut unpack = Unpack::new(b"/", TreeLimits::default());
    let mut outcome = Ok(());
    each(architecture, |kind, path, mode, target, content| {
        let entry = TreeEntry {
            name: path.as_bytes(),
            kind: match kind {
                EntryType::Directory => Kind::Directory,
                EntryType::Symlink => Kind::Symlink,
                _ => Kind::File,
            },
            mode: i64::from(mode),
            uid: 0,
            gid: 0,
            mtime: TIME as i64,
            link: target.unwrap_or_default().as_bytes(),
            device: (0, 0),
            xattrs: &[],
        };
        let unpacked = unpack.entry(&entry).and_then(|()| unpack.data(content));
        outcome = std::mem::replace(&mut outcome, Ok(())).and(unpacked);
    });
    let mut layer = Vec::new();
    // The example's own entries fit every limit; a test holds the layer against the check `layer-rebuild`.
    if let (Ok(()), Ok(tree)) = (outcome, unpack.finish()) {
        write_layer(&tree, (Profile::PLAIN, Diff::Touched), None, |piece| layer.extend_from_slice(piece));
    }
    layer
}

/// Goes through the entries of the tarball in its order.
fn each(architecture: &str, mut take: impl FnMut(EntryType, &str, u32, Option<&str>, &[u8])) {
    for (path, mode) in DIRECTORIES {
        take(EntryType::Directory, path, mode, None, b"");
    }
    for (path, mode, content) in contents(architecture) {
        take(EntryType::Regular, path, mode, None, &content);
    }
    for (path, target) in LINKS {
        take(EntryType::Symlink, path, 0o777, Some(target), b"");
    }
}

/// Regular files: a program that is as long as a small one, so that there is something to compress, and the usual texts.
fn contents(architecture: &str) -> Vec<(&'static str, u32, Vec<u8>)> {
    let release = "NAME=\"Exemplar Linux\"\nID=exemplar\nVERSION_ID=1.0\nHOME_URL=\"https://example.org/\"\n";
    vec![
        ("bin/box", 0o755, program(architecture)),
        ("bin/su", 0o4755, program("su")),
        ("etc/arch", 0o644, format!("{architecture}\n").into_bytes()),
        ("etc/hostname", 0o644, b"exemplar\n".to_vec()),
        ("etc/os-release", 0o644, release.as_bytes().to_vec()),
        ("etc/passwd", 0o644, b"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n".to_vec()),
        ("etc/shadow", 0o640, b"root:*:19857:0:::::\n".to_vec()),
        ("lib/libexample.so", 0o755, program("library")),
    ]
}

/// Bytes that stand for machine code: a stream that depends on a word, with repetitions as real code has them.
fn program(word: &str) -> Vec<u8> {
    let mut state = word.bytes().fold(2_166_136_261_u32, |state, byte| (state ^ u32::from(byte)).wrapping_mul(16_777_619));
    let mut bytes = b"\x7fELF example, no real program: ".to_vec();
    bytes.extend_from_slice(word.as_bytes());
    while bytes.len() < 48 * 1024 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        match state >> 30 {
            0 => bytes.extend_from_slice(b"\x48\x89\xe5\x48\x83\xec\x10"),
            1 => bytes.extend_from_slice(b"\x0f\x1f\x44\x00\x00"),
            _ => bytes.extend_from_slice(&state.to_le_bytes()),
        }
    }
    bytes
}

/// Appends one entry that belongs to root. Paths and targets are short constants, so the header always takes them; writing to
/// memory does not fail.
pub(super) fn append(
    builder: &mut Builder<Vec<u8>>,
    kind: EntryType,
    path: &str,
    mode: u32,
    target: Option<&str>,
    content: &[u8],
) {
    let mut header = Header::new_ustar();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(TIME);
    header.set_size(content.len() as u64);
    let named = header.set_path(path).and_then(|()| target.map_or(Ok(()), |target| header.set_link_name(target)));
    header.set_cksum();
    debug_assert!(named.is_ok());
    let _ = builder.append(&header, content);
}

/// Ends an archive in memory.
pub(super) fn finished(builder: Builder<Vec<u8>>) -> Vec<u8> {
    builder.into_inner().unwrap_or_default()
}
