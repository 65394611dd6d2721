//! What one pass over one input found out. Plain data: it can be moved between workers and joined by the session.

use super::limits::Limits;
use super::sniff::Kind;
use crate::digest::{Algorithm, DiffId, Digest};
use crate::finding::{At, Finding, ReadError};
use std::borrow::Cow;

/// Everything known about one stream of bytes after it was read once.
#[derive(Debug, Clone)]
pub struct BlobFacts {
    /// Base name of the file, or its path inside the dropped folder or archive. Only a label: nothing is decided by it.
    pub name: String,
    /// Bytes that arrived.
    pub size: u64,
    /// SHA-256 of the bytes as they arrived.
    pub sha256: Digest,
    /// How the bytes were compressed; `None` for plain content.
    pub compression: Option<CompressionFacts>,
    /// The decompressed stream; `None` if nothing had to be decompressed.
    pub stream: Option<StreamFacts>,
    /// What the (decompressed) bytes are.
    pub content: Content,
    /// Odd but readable.
    pub findings: Vec<Finding>,
    /// Why reading ended early; what was found up to there stays, but proves nothing about the whole.
    pub error: Option<ReadError>,
}

impl BlobFacts {
    /// The diff_id that a layer made of these bytes verbatim would have: SHA-256 of the uncompressed tar stream, padding
    /// and trailing bytes included. `None` if this is no tar or could not be read to its end.
    pub fn diff_id(&self) -> Option<DiffId> {
        match (&self.content, &self.error) {
            (Content::Tar(_), None) => Some(DiffId(self.stream.as_ref().map_or(self.sha256, |stream| stream.sha256))),
            _ => None,
        }
    }

    /// The archive inside, if there is one.
    pub fn tar(&self) -> Option<&TarFacts> {
        match &self.content {
            Content::Tar(tar) => Some(tar),
            _ => None,
        }
    }

    /// Everything that other programs read differently in this input (check `archive-ambiguity`); not those of nested
    /// blobs.
    pub fn divergences(&self) -> impl Iterator<Item = &Divergence> {
        let compression = self.compression.iter().flat_map(|facts| &facts.readers);
        compression.chain(self.tar().into_iter().flat_map(|facts| &facts.readers))
    }
}

/// Compression formats that a layer or a rootfs tarball comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Compression {
    /// RFC 1952.
    Gzip,
    /// bzip2 1.0.
    Bzip2,
    /// The .xz file format 1.2.
    Xz,
    /// RFC 8878.
    Zstd,
}

impl Compression {
    /// Lower case name, as in media types (`tar+gzip`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Zstd => "zstd",
        }
    }
}

/// What the compressed container says besides its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompressionFacts {
    /// The format.
    pub format: Compression,
    /// gzip members, bzip2 or xz streams, zstd frames (skippable ones not counted).
    pub members: u64,
    /// zstd: skippable frames.
    pub skippable: u64,
    /// Bytes after the last member that belong to no member; no reader takes them for content.
    pub trailing: u64,
    /// gzip: header of the first member.
    pub gzip: Option<GzipHeader>,
    /// gzip: the last four bytes of the first member's deflate stream (fewer if there are no four); they show who wrote it.
    pub gzip_end: Vec<u8>,
    /// xz: name of the integrity check of the first stream; zstd: `xxh64` if the first frame carries one.
    pub check: Option<&'static str>,
    /// Where other programs stop, go on or refuse where Go (which docker uses) does not, or the other way round.
    pub readers: Vec<Divergence>,
}

impl CompressionFacts {
    pub(super) fn new(format: Compression) -> Self {
        Self { format, members: 0, skippable: 0, trailing: 0, gzip: None, gzip_end: Vec::new(), check: None, readers: Vec::new() }
    }
}

/// Header of a gzip member (RFC 1952, section 2.3). Two gzip files of one content often differ only here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GzipHeader {
    /// Flag bits.
    pub flags: u8,
    /// Modification time, seconds since 1970; 0 for none.
    pub mtime: u32,
    /// Extra flags: 2 for slowest, 4 for fastest compression.
    pub extra_flags: u8,
    /// Operating system: 3 Unix, 255 unknown (what Go writes).
    pub os: u8,
    /// Original file name, as bytes; cut at the limit `name`. Never used as a file name.
    pub name: Option<Vec<u8>>,
    /// Comment, as bytes; cut at the limit `name`.
    pub comment: Option<Vec<u8>>,
    /// Bytes of the extra field.
    pub extra: Vec<u8>,
}

/// The decompressed stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamFacts {
    /// SHA-256 of the decompressed bytes.
    pub sha256: Digest,
    /// Number of decompressed bytes.
    pub size: u64,
}

/// What a stream of bytes is, judged by the bytes alone.
#[derive(Debug, Clone)]
pub enum Content {
    /// A tar archive, walked.
    Tar(Box<TarFacts>),
    /// Starts as a JSON document (or several lines of them); raw bytes, at most the limit `json`.
    Json(Vec<u8>),
    /// Text; raw bytes, at most the limit `history`.
    Text(Vec<u8>),
    /// Small bytes of no kind that is told apart here (a binary signature or key, perhaps); raw, at most 1 MiB.
    Binary(Vec<u8>),
    /// Something else; the bytes were hashed and let go.
    Other(Kind),
}

/// What a walk over a tar archive found.
#[derive(Debug, Clone, Default)]
pub struct TarFacts {
    /// Entries as Go's `archive/tar` lists them, in archive order, as many as the limit `entries` allows.
    pub entries: Vec<Entry>,
    /// All entries, kept or not.
    pub count: u64,
    /// Bytes of all regular files together, hard links not counted again.
    pub content_size: u64,
    /// SHA-256 over one record for every entry (kept or not), in order: equal exactly if all of name, kind, mode, owner, size,
    /// time, link, device, attributes and content are equal.
    pub listing: Option<Digest>,
    /// Names of users and groups that entries refer to.
    pub owners: Vec<Box<[u8]>>,
    /// Offset of the end-of-archive mark; `None` if the archive just ends.
    pub end: Option<u64>,
    /// Bytes after the end-of-archive mark that are not zero.
    pub trailing: u64,
    /// Which sort of archive this looks like.
    pub shape: Shape,
    /// Places where other readers see other names or other content.
    pub readers: Vec<Divergence>,
}

/// What an archive seems to be made for, judged by its entry names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Shape {
    /// Nothing in particular: a build context, a checkout, a few files.
    #[default]
    Other,
    /// Parts of an image: `manifest.json`, `index.json`, `oci-layout`, `repositories`, `blobs/…`, `…/layer.tar`.
    Image,
    /// A root file system or a layer: directories such as `bin`, `etc`, `usr` at the top.
    Rootfs,
}

impl TarFacts {
    /// Name of the entry's user, empty if the archive gives none.
    pub fn user(&self, entry: &Entry) -> &[u8] {
        self.owners.get(usize::from(entry.user)).map_or(&[], |name| name)
    }

    /// Name of the entry's group, empty if the archive gives none.
    pub fn group(&self, entry: &Entry) -> &[u8] {
        self.owners.get(usize::from(entry.group)).map_or(&[], |name| name)
    }

    /// Entries beyond the limit, which were counted and hashed but not kept.
    pub fn beyond(&self) -> u64 {
        self.count - self.entries.len() as u64
    }
}

/// One entry of an archive, as Go reads it. Kept small: a rootfs has tens of thousands of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The name as the archive writes it; at most the limit `name`, longer ones are cut and say so in a finding.
    pub name: Box<[u8]>,
    /// Target of a link, empty for other kinds.
    pub link: Box<[u8]>,
    /// Where the entry's own header starts in the tar stream (after any extended headers).
    pub at: u64,
    /// Size of the content in bytes, holes included. Headers of links and directories may claim one too; there is no content then.
    pub size: u64,
    /// Seconds since 1970.
    pub mtime: i64,
    /// Owner.
    pub uid: i64,
    /// Owning group.
    pub gid: i64,
    /// Nanoseconds of the modification time.
    pub mtime_nanos: i32,
    /// Mode bits as written, not only permissions.
    pub mode: u32,
    /// Place of the user's name in [`TarFacts::owners`].
    pub user: u16,
    /// Place of the group's name in [`TarFacts::owners`].
    pub group: u16,
    /// SHA-256 of the content of regular files.
    pub sha256: Option<[u8; 32]>,
    /// What the entry is.
    pub kind: EntryKind,
    /// What few entries have.
    pub extra: Option<Box<Extra>>,
}

/// Rare properties of an entry.
#[derive(Debug, Clone, Default)]
pub struct Extra {
    /// Major and minor device number.
    pub device: Option<(i64, i64)>,
    /// Extended attributes (`SCHILY.xattr.` records), by name.
    pub xattrs: Vec<(Vec<u8>, Vec<u8>)>,
    /// What the content is, when it looks like a part of an image.
    pub nested: Option<Box<BlobFacts>>,
}

impl PartialEq for Extra {
    fn eq(&self, other: &Self) -> bool {
        self.device == other.device && self.xattrs == other.xattrs
    }
}

impl Entry {
    /// The name that identifies the entry in the file system it is extracted to (see [`clean`]).
    pub fn clean(&self) -> Cow<'_, [u8]> {
        clean(&self.name)
    }

    /// The content's SHA-256.
    pub fn digest(&self) -> Option<Digest> {
        self.sha256.and_then(|value| Digest::from_bytes(Algorithm::Sha256, &value))
    }

    /// Extended attributes, sorted by name.
    pub fn xattrs(&self) -> &[(Vec<u8>, Vec<u8>)] {
        self.extra.as_ref().map_or(&[], |extra| &extra.xattrs)
    }

    /// What the content is, when it looks like a part of an image.
    pub fn nested(&self) -> Option<&BlobFacts> {
        self.extra.as_ref()?.nested.as_deref()
    }

    /// Device numbers.
    pub fn device(&self) -> Option<(i64, i64)> {
        self.extra.as_ref()?.device
    }
}

/// What an entry is, by its type flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// Regular file (flags `0`, NUL, `7`; also sparse ones).
    File,
    /// Hard link to an earlier entry.
    HardLink,
    /// Symbolic link.
    Symlink,
    /// Character device.
    CharDevice,
    /// Block device.
    BlockDevice,
    /// Directory.
    Directory,
    /// Named pipe.
    Fifo,
    /// A PAX global header: Go lists it, docker ignores it, other readers apply it to what follows. No file.
    Global,
    /// Any other flag; docker refuses to extract it.
    Unknown(u8),
}

impl EntryKind {
    /// A word for it, as reports write it; other flags by their letter.
    pub fn name(self) -> String {
        match self {
            Self::File => "file".to_owned(),
            Self::HardLink => "hardlink".to_owned(),
            Self::Symlink => "symlink".to_owned(),
            Self::CharDevice => "char".to_owned(),
            Self::BlockDevice => "block".to_owned(),
            Self::Directory => "dir".to_owned(),
            Self::Fifo => "fifo".to_owned(),
            Self::Global => "global".to_owned(),
            Self::Unknown(flag) => crate::finding::visible(&[flag]),
        }
    }

    /// Whether the entry carries content of its own.
    pub fn has_content(self) -> bool {
        matches!(self, Self::File | Self::Unknown(_))
    }
}

/// Programs that read archives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reader {
    /// GNU tar (measured: 1.34).
    GnuTar,
    /// BusyBox tar (1.38).
    BusyBox,
    /// Python's `tarfile` and `gzip` (3.11).
    Python,
    /// The `tar` crate of Rust (0.4.46).
    TarCrate,
    /// gzip (1.12).
    Gzip,
    /// bzip2 (1.0.8).
    Bzip2,
    /// xz (5.4).
    Xz,
    /// GNU tar with `--ignore-zeros`, and readers that go on after the end mark.
    IgnoreZeros,
    /// Readers that take the first of several entries of one name.
    FirstMatch,
}

impl Reader {
    /// The program's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GnuTar => "GNU tar",
            Self::BusyBox => "BusyBox tar",
            Self::Python => "Python tarfile",
            Self::TarCrate => "the tar crate",
            Self::Gzip => "gzip",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::IgnoreZeros => "tar --ignore-zeros",
            Self::FirstMatch => "readers that take the first of equal names",
        }
    }
}

/// One place where another program that accepts the archive reads other names or other content than Go does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Divergence {
    /// Stable code `intake.…`; the catalogue has its sentence with the arguments `go`, `readers`, `others`.
    pub code: &'static str,
    /// Offset in the (decompressed) stream.
    pub at: u64,
    /// The entry it is about, made visible; empty if it is about the whole.
    pub entry: String,
    /// Who reads otherwise.
    pub readers: Vec<Reader>,
    /// What Go, and so docker, sees: a name, a size, `error`, `end of archive`.
    pub go_sees: String,
    /// What the others see.
    pub others_see: String,
}

impl Divergence {
    /// The divergence as a finding, with the arguments `entry`, `go`, `readers` and `others` of its sentence.
    pub fn finding(&self) -> Finding {
        let inside = (!self.entry.is_empty()).then(|| self.entry.clone());
        let finding = Finding::warn(self.code).at(At { inside, ..At::byte(self.at) }).with("entry", &self.entry);
        finding.with("go", &self.go_sees).with("readers", self.reader_names()).with("others", &self.others_see)
    }

    /// The readers' names, joined by commas.
    pub fn reader_names(&self) -> String {
        self.readers.iter().map(|reader| reader.name()).collect::<Vec<_>>().join(", ")
    }
}

/// The name by which an archive's entry is known once extracted: no leading `/` or `./`, no empty or `.` parts, no trailing
/// `/`. `..` takes away the part before it and never leaves the root. The root itself is empty.
///
/// ```
/// use layerproof::intake::clean;
/// assert_eq!(&*clean(b"./a//b/./c/"), b"a/b/c");
/// assert_eq!(&*clean(b"/etc/passwd"), b"etc/passwd");
/// assert_eq!(&*clean(b"a/../../b"), b"b");
/// ```
pub fn clean(name: &[u8]) -> Cow<'_, [u8]> {
    let start = name.iter().position(|byte| *byte != b'/').unwrap_or(name.len());
    let mut trimmed = &name[start..];
    while let Some(rest) = trimmed.strip_prefix(b"./") {
        trimmed = rest;
        while let Some(rest) = trimmed.strip_prefix(b"/") {
            trimmed = rest;
        }
    }
    while let Some(rest) = trimmed.strip_suffix(b"/") {
        trimmed = rest;
    }
    if trimmed.split(|byte| *byte == b'/').any(|part| matches!(part, b"" | b"." | b"..")) {
        let mut parts: Vec<&[u8]> = Vec::new();
        for part in trimmed.split(|byte| *byte == b'/') {
            match part {
                b"" | b"." => {}
                b".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        return Cow::Owned(parts.join(&b'/'));
    }
    Cow::Borrowed(trimmed)
}

/// Whether resolving `..` in this name leaves the root (docker refuses such an entry as a breakout).
pub fn escapes_root(name: &[u8]) -> bool {
    let mut depth = 0_u64;
    for part in name.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." if depth == 0 => return true,
            b".." => depth -= 1,
            _ => depth += 1,
        }
    }
    false
}

/// The limit as an in-memory length.
pub(super) fn as_len(limit: u64) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

/// An error that names the budget that was used up, so that a person can raise it.
pub(super) fn over_limit(limits: &Limits, name: &'static str, found: impl Into<String>) -> ReadError {
    let value = limits.iter().find(|limit| limit.name == name).map_or(0, |limit| limit.value);
    ReadError::new("intake.limit", format!("at most {value} ({name})"), found).with("limit", name).with("value", value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cleaned_as_the_kernel_would_resolve_them() {
        for (raw, expected) in [
            ("", ""),
            ("/", ""),
            ("./", ""),
            (".", ""),
            ("..", ""),
            (".//.//a", "a"),
            ("a/..", ""),
            ("//a///b//", "a/b"),
            (".wh.x", ".wh.x"),
            ("...", "..."),
            ("/..a", "..a"),
        ] {
            assert_eq!(&*clean(raw.as_bytes()), expected.as_bytes(), "{raw}");
        }
        assert!(escapes_root(b"a/../../b") && escapes_root(b"../x") && !escapes_root(b"a/b/../../c"));
    }

    #[test]
    fn an_entry_stays_small() {
        assert!(size_of::<Entry>() <= 136, "{}", size_of::<Entry>());
    }
}
