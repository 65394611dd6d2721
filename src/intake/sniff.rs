//! What a stream of bytes is, from its first [`WINDOW`] bytes. Names are never asked.

use super::facts::Compression;

/// Bytes that are looked at before deciding.
pub(super) const WINDOW: usize = 1024;

/// Kinds of content that are recognised in order to say what to bring instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// No byte at all.
    Empty,
    /// A compressed stream where a tar archive belongs (gzip in gzip).
    Compressed(Compression),
    /// `.lzma`: docker does not extract it.
    Lzma,
    /// `.lz`: docker does not extract it.
    Lzip,
    /// A zstd dictionary.
    ZstdDictionary,
    /// ZIP: a repository downloaded as an archive, a wheel, a jar.
    Zip,
    /// 7-Zip.
    SevenZip,
    /// RAR.
    Rar,
    /// Unix `ar`: a Debian package, a static library.
    Ar,
    /// RPM package.
    Rpm,
    /// cpio archive: an initramfs.
    Cpio,
    /// SquashFS image.
    SquashFs,
    /// SQLite database: a newer RPM database, for example.
    Sqlite,
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
    /// PDF.
    Pdf,
    /// ELF program or library.
    Elf,
    /// Windows program.
    Pe,
    /// WebAssembly module.
    Wasm,
    /// A web page, usually saved in place of the raw file.
    Html,
    /// A Git LFS pointer: the file itself was not downloaded.
    LfsPointer,
    /// A text that stands for a symbolic link (Git on Windows, raw views of web hosts): one path, no line end.
    SymlinkText,
    /// Nothing of the above.
    Unknown,
}

impl Kind {
    /// Code of the finding that says what the content is and what to bring instead.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "intake.empty",
            Self::Compressed(_) => "intake.kind-compressed-twice",
            Self::Lzma => "intake.kind-lzma",
            Self::Lzip => "intake.kind-lzip",
            Self::ZstdDictionary => "intake.kind-zstd-dictionary",
            Self::Zip => "intake.kind-zip",
            Self::SevenZip | Self::Rar => "intake.kind-other-archive",
            Self::Ar => "intake.kind-ar",
            Self::Rpm => "intake.kind-rpm",
            Self::Cpio => "intake.kind-cpio",
            Self::SquashFs => "intake.kind-squashfs",
            Self::Sqlite => "intake.kind-sqlite",
            Self::Png | Self::Jpeg | Self::Gif => "intake.kind-picture",
            Self::Pdf => "intake.kind-pdf",
            Self::Elf | Self::Pe | Self::Wasm => "intake.kind-program",
            Self::Html => "intake.kind-html",
            Self::LfsPointer => "intake.kind-lfs-pointer",
            Self::SymlinkText => "intake.kind-symlink-text",
            Self::Unknown => "intake.kind-unknown",
        }
    }
}

/// What the start of a stream says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sniffed {
    Compressed(Compression),
    Tar,
    Json,
    Text,
    Kind(Kind),
}

/// Magic numbers at the start.
const MAGIC: &[(&[u8], Kind)] = &[
    (b"LZIP", Kind::Lzip),
    (b"\x37\xa4\x30\xec", Kind::ZstdDictionary),
    (b"PK\x03\x04", Kind::Zip),
    (b"PK\x05\x06", Kind::Zip),
    (b"7z\xbc\xaf\x27\x1c", Kind::SevenZip),
    (b"Rar!\x1a\x07", Kind::Rar),
    (b"!<arch>\n", Kind::Ar),
    (b"\xed\xab\xee\xdb", Kind::Rpm),
    (b"070701", Kind::Cpio),
    (b"070702", Kind::Cpio),
    (b"070707", Kind::Cpio),
    (b"hsqs", Kind::SquashFs),
    (b"SQLite format 3\0", Kind::Sqlite),
    (b"\x89PNG\r\n\x1a\n", Kind::Png),
    (b"\xff\xd8\xff", Kind::Jpeg),
    (b"GIF87a", Kind::Gif),
    (b"GIF89a", Kind::Gif),
    (b"%PDF-", Kind::Pdf),
    (b"\x7fELF", Kind::Elf),
    (b"\0asm\x01\0\0\0", Kind::Wasm),
];

/// Compression format by magic number.
pub(super) fn compression(start: &[u8]) -> Option<Compression> {
    match start {
        [0x1f, 0x8b, ..] => Some(Compression::Gzip),
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => Some(Compression::Bzip2),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Compression::Xz),
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Compression::Zstd),
        _ => None,
    }
}

/// Decides by the first [`WINDOW`] bytes, or by all of them if there are fewer (`whole`).
pub(super) fn sniff(start: &[u8], whole: bool) -> Sniffed {
    if start.is_empty() {
        return Sniffed::Kind(Kind::Empty);
    }
    if let Some(format) = compression(start) {
        return Sniffed::Compressed(format);
    }
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| start.starts_with(magic)) {
        return Sniffed::Kind(*kind);
    }
    if is_tar(start) {
        return Sniffed::Tar;
    }
    if is_lzma_alone(start) {
        return Sniffed::Kind(Kind::Lzma);
    }
    if start.starts_with(b"MZ") && start.contains(&0) {
        return Sniffed::Kind(Kind::Pe);
    }
    if is_text(start) { text(start, whole) } else { Sniffed::Kind(Kind::Unknown) }
}

/// A first block whose header sum is right, that carries a magic (then the walk says what is wrong), or that is all zeros.
fn is_tar(start: &[u8]) -> bool {
    let magic = start.get(257..262) == Some(b"ustar");
    match start.first_chunk::<512>() {
        Some(block) => magic || super::tar::has_valid_sum(block) || block.iter().all(|byte| *byte == 0),
        None => magic,
    }
}

/// `.lzma` has no magic: a properties byte, a plausible dictionary size, and a size that is unknown or below 256 GiB, as
/// `file` and liblzma judge it.
fn is_lzma_alone(start: &[u8]) -> bool {
    let Some(header) = start.first_chunk::<13>() else { return false };
    let dictionary = u32::from_le_bytes([header[1], header[2], header[3], header[4]]);
    let size = header[5..].iter().rev().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    let plausible = |value: u32| value.is_power_of_two() || (value & (value - 1)).is_power_of_two() && (value >> 1) & value != 0;
    header[0] < 225 && dictionary != 0 && plausible(dictionary) && dictionary >= 4096 && (size == u64::MAX || size < 1 << 38)
}

/// Few control characters and few bytes that are not UTF-8. UTF-16 with its mark counts as text: its reader says what to do.
fn is_text(start: &[u8]) -> bool {
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
        return true;
    }
    let mut odd = 0;
    for chunk in start.utf8_chunks() {
        odd += chunk.valid().bytes().filter(|byte| *byte < 32 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)).count();
        odd += chunk.invalid().len();
    }
    odd * 8 <= start.len()
}

fn text(start: &[u8], whole: bool) -> Sniffed {
    let body = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    if is_json(body) {
        return Sniffed::Json;
    }
    if starts_with_ignoring_case(body, b"<!doctype html") || starts_with_ignoring_case(body, b"<html") {
        return Sniffed::Kind(Kind::Html);
    }
    if body.starts_with(b"version https://git-lfs.github.com/spec/") {
        return Sniffed::Kind(Kind::LfsPointer);
    }
    if whole && is_link_text(start) {
        return Sniffed::Kind(Kind::SymlinkText);
    }
    Sniffed::Text
}

/// An object, or an array of something that JSON allows in one (`[section]` of an ini file is none).
fn is_json(body: &[u8]) -> bool {
    match body {
        [b'{', ..] => true,
        [b'[', rest @ ..] => {
            let rest = rest.trim_ascii_start();
            matches!(rest.first(), None | Some(b'{' | b'[' | b'"' | b']' | b'-' | b'0'..=b'9'))
                || [&b"true"[..], b"false", b"null"].iter().any(|word| rest.starts_with(word))
        }
        _ => false,
    }
}

fn starts_with_ignoring_case(text: &[u8], start: &[u8]) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// One relative path and nothing else: not a digest, not an image reference, not an address.
fn is_link_text(text: &[u8]) -> bool {
    let path = text.len() <= 255
        && text.iter().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b':' | b'@' | b'=' | b'"' | b'{' | b'<'));
    let hex = text.len() >= 32 && text.iter().all(u8::is_ascii_hexdigit);
    let name = text.contains(&b'/') || text.eq_ignore_ascii_case(b"Dockerfile");
    path && !hex && name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        let kind = |bytes: &[u8]| sniff(bytes, true);
        assert_eq!(kind(b""), Sniffed::Kind(Kind::Empty));
        assert_eq!(kind(b"\x1f\x8b\x08"), Sniffed::Compressed(Compression::Gzip));
        assert_eq!(kind(b"\n  <!DOCTYPE HTML>"), Sniffed::Kind(Kind::Html));
        assert_eq!(kind(b"version https://git-lfs.github.com/spec/v1\noid"), Sniffed::Kind(Kind::LfsPointer));
        assert_eq!(kind(b"../jammy/Dockerfile"), Sniffed::Kind(Kind::SymlinkText));
        assert_eq!(kind(b"../jammy/Dockerfile\n"), Sniffed::Text);
        assert_eq!(kind("ab".repeat(32).as_bytes()), Sniffed::Text);
        assert_eq!(kind(b"library/alpine@sha256:ab"), Sniffed::Text);
        assert_eq!(kind(b" {\"a\":1}"), Sniffed::Json);
        assert_eq!(kind(b"\xef\xbb\xbf[ 1 ]"), Sniffed::Json);
        assert_eq!(kind(b"[Unit]\nDescription=x"), Sniffed::Text);
        assert_eq!(kind(b"FROM scratch\nADD \xff\xfe /\n"), Sniffed::Text);
        assert_eq!(kind(b"FROM scratch\n\0\nADD x /\n"), Sniffed::Text);
        assert_eq!(kind(&[1, 2, 3, 4, 200, 201]), Sniffed::Kind(Kind::Unknown));
        assert_eq!(kind(&[0; 512]), Sniffed::Tar);
        assert_eq!(kind(b"\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0"), Sniffed::Kind(Kind::Lzma));
    }
}
