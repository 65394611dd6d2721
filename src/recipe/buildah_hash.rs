//! The hash that buildah and `podman build` write for the sources of ADD and COPY (`ADD file:… in /`).
//!
//! It is the SHA-256 of a tar archive that buildah makes of the source and never keeps (buildah, `digester.go` and
//! `copier/copier.go`): of a file one entry, of a directory one for everything below it, of a tarball that ADD unpacks its
//! own entries written anew. All times in it are zero, so the hash binds names, modes, owners and content. Several sources have
//! the SHA-256 of their words, as with the classic builder.
//!
//! ```
//! use layerproof::recipe::buildah_hash::{Entry, Packer};
//! let mut packer = Packer::new();
//! packer.begin(&Entry { owner: "root".to_owned(), ..Entry::file("hello.txt", 0o644) }, 6);
//! packer.data(b"hello\n");
//! assert_eq!(packer.finish().hex(), "87c795a1e3e18049905e07b82affce1af157e2b015ba04257306df836f66869b");
//! ```

use super::go_tar::{self, BLOCK, Records, fits};
use crate::digest::{Digest, Sha256};
use crate::intake::EntryKind;
use crate::intake::tar::{Format, Header, Visitor};

/// What buildah's archive says of a file or directory besides its size and content.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Base name of a file, or its new one if the line copies it to a name; path inside a copied directory.
    pub name: String,
    /// Permission bits.
    pub mode: u32,
    /// Owner: root, or whom `--chown` names.
    pub uid: u64,
    /// Group.
    pub gid: u64,
    /// Name of the owner and the group of the file on the building machine; left out by later versions.
    pub owner: String,
    /// A directory; its name ends with a slash.
    pub directory: bool,
    /// The target of a symbolic link; empty for everything else.
    pub link: String,
}

impl Entry {
    /// A file of root's, without names.
    pub fn file(name: impl Into<String>, mode: u32) -> Self {
        Self { name: name.into(), mode, uid: 0, gid: 0, owner: String::new(), directory: false, link: String::new() }
    }

    /// A directory of root's, without names.
    pub fn directory(name: &str, mode: u32) -> Self {
        Self { directory: true, ..Self::file(format!("{}/", name.trim_end_matches('/')), mode) }
    }

    fn header(&self, size: u64) -> Vec<u8> {
        let mut out = Vec::with_capacity(BLOCK);
        go_tar::Header {
            name: self.name.as_bytes(),
            link: self.link.as_bytes(),
            flag: match (self.directory, self.link.is_empty()) {
                (true, _) => b'5',
                (false, true) => b'0',
                (false, false) => b'2',
            },
            mode: i64::from(self.mode),
            uid: i64::try_from(self.uid).unwrap_or(i64::MAX),
            gid: i64::try_from(self.gid).unwrap_or(i64::MAX),
            size,
            user: self.owner.as_bytes(),
            group: self.owner.as_bytes(),
            ..go_tar::Header::default()
        }
        .write(&mut out);
        out
    }
}

/// Hashes buildah's archive of files and directories that are told one after the other.
#[derive(Clone, Default)]
pub struct Packer {
    hasher: Sha256,
    /// Bytes that fill the last block of the entry's content.
    padding: usize,
}

impl Packer {
    /// An archive without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// The next entry, of which `size` bytes of content follow.
    pub fn begin(&mut self, entry: &Entry, size: u64) {
        self.end();
        self.hasher.update(&entry.header(size));
        self.padding = padding(size);
    }

    /// The entry's content, in pieces of any size.
    pub fn data(&mut self, content: &[u8]) {
        self.hasher.update(content);
    }

    fn end(&mut self) {
        self.hasher.update(&ZEROS[..std::mem::take(&mut self.padding)]);
    }

    /// The archive's digest.
    pub fn finish(mut self) -> Digest {
        self.end();
        self.hasher.update(&ZEROS);
        self.hasher.digest()
    }
}

static ZEROS: [u8; 2 * BLOCK] = [0; 2 * BLOCK];

fn padding(size: u64) -> usize {
    (size.wrapping_neg() % BLOCK as u64) as usize
}

/// Permission bits of files in a checkout, the likeliest first: those of common umasks, then odd ones.
const MODES: &[u32] = &[0o644, 0o755, 0o664, 0o775, 0o600, 0o700, 0o640, 0o750, 0o444, 0o555, 0o666, 0o777];
/// Names of owners that are tried: the building root's, and none.
pub const OWNERS: [&str; 2] = ["root", ""];

/// Ways in which buildah may have packed a file of these names. `mode` and `owners` are what `--chmod` and `--chown` say.
///
/// The number is bounded: at most 8 names and 8 owners count.
pub fn candidates(names: &[String], mode: Option<u32>, owners: &[(u64, u64)]) -> Vec<Entry> {
    let given = mode.map(|mode| vec![mode]);
    let modes = given.as_deref().unwrap_or(MODES);
    let mut found = Vec::new();
    for name in names.iter().take(8).filter(|name| !name.is_empty()) {
        for mode in modes {
            for owner in OWNERS {
                for (uid, gid) in owners.iter().take(8) {
                    let owner = owner.to_owned();
                    found.push(Entry { uid: *uid, gid: *gid, owner, ..Entry::file(name.clone(), *mode) });
                }
            }
        }
    }
    found
}

/// Hashes what buildah makes of a tarball that ADD unpacks: reads its entries and writes them again, as Go writes what Go read.
#[derive(Default)]
pub struct Rewriter {
    hasher: Sha256,
    padding: usize,
    /// An entry that Go would have refused to write, or that is not followed here.
    refused: bool,
}

impl Rewriter {
    /// One that has seen nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The digest, once the walk has come to its end; `None` if buildah would have stopped.
    pub fn finish(mut self) -> Option<Digest> {
        self.hasher.update(&ZEROS);
        (!self.refused).then(|| self.hasher.digest())
    }
}

impl Visitor for Rewriter {
    fn entry(&mut self, header: &Header) {
        match rewritten(header) {
            Some(bytes) => self.hasher.update(&bytes),
            None => self.refused = true,
        }
        self.padding = padding(if header.kind.has_content() { header.size } else { 0 });
    }

    fn data(&mut self, content: &[u8]) {
        if !self.refused {
            self.hasher.update(content);
        }
    }

    fn end_entry(&mut self) {
        self.hasher.update(&ZEROS[..self.padding]);
    }
}

/// PAX keys that Go takes from the header's own fields, and the times among them.
const BASIC: [&[u8]; 7] = [b"path", b"linkpath", b"size", b"uid", b"gid", b"uname", b"gname"];
const TIMES: [&[u8]; 3] = [b"mtime", b"atime", b"ctime"];

/// The header blocks of an entry that Go read and buildah wrote again, without its times.
fn rewritten(header: &Header) -> Option<Vec<u8>> {
    let sparse = header.flag == b'S' || header.pax.iter().any(|(key, _)| key.starts_with(b"GNU.sparse."));
    if header.kind == EntryKind::Global {
        return global(header);
    }
    if sparse || (!header.kind.has_content() && header.size > 0) {
        return None;
    }
    let flag = match (header.flag, header.kind) {
        (0, EntryKind::Directory) => b'5',
        (0, _) => b'0',
        (flag, _) => flag,
    };
    let plain = go_tar::Header {
        name: &header.name,
        link: &header.link,
        flag,
        mode: header.mode,
        uid: header.uid,
        gid: header.gid,
        size: header.size,
        user: &header.user,
        group: &header.group,
        device: header.device,
        ..go_tar::Header::default()
    };
    let mut out = Vec::with_capacity(BLOCK);
    match written_format(header, &plain)? {
        Format::Gnu => plain.write_gnu(&mut out),
        Format::Pax => plain.write_with(&records(header, &plain), &mut out),
        Format::Ustar | Format::Unknown => plain.write(&mut out),
    }
    Some(out)
}

/// The format that Go chooses for an entry that it read (`Header.allowedFormats`): the one it was in, if that can hold it.
fn written_format(header: &Header, plain: &go_tar::Header<'_>) -> Option<Format> {
    let small = [header.mode, header.device.0, header.device.1].iter().all(|number| fits(8, *number));
    let pax = small;
    let is_ustar = small && header.pax.is_empty() && fits(12, header.mtime) && plain.is_plain(&plain.records());
    let gnu = header.pax.is_empty() && [&header.user, &header.group].iter().all(|name| name.len() <= 32);
    let allowed = |format| match format {
        Format::Ustar => is_ustar,
        Format::Pax => pax,
        _ => gnu,
    };
    match header.format {
        Format::Unknown => [Format::Ustar, Format::Pax, Format::Gnu].into_iter().find(|format| allowed(*format)),
        format => Some(format).filter(|format| allowed(*format)),
    }
}

/// The records before an entry: what its header cannot hold, what was recorded although it could, and foreign ones.
fn records(header: &Header, plain: &go_tar::Header<'_>) -> Records {
    let mut records = plain.records();
    for (key, value) in &header.pax {
        let own: Option<Vec<u8>> = match key.as_slice() {
            b"path" => Some(header.name.clone()),
            b"linkpath" => Some(header.link.clone()),
            b"uname" => Some(header.user.clone()),
            b"gname" => Some(header.group.clone()),
            b"uid" => Some(header.uid.to_string().into_bytes()),
            b"gid" => Some(header.gid.to_string().into_bytes()),
            b"size" => Some(header.size.to_string().into_bytes()),
            _ => None,
        };
        let is_foreign = !BASIC.contains(&key.as_slice()) && !TIMES.contains(&key.as_slice());
        if is_foreign || own.is_some_and(|own| own == *value) {
            records.insert(key.clone(), value.clone());
        }
    }
    records
}

/// A global header keeps its records and its name.
fn global(header: &Header) -> Option<Vec<u8>> {
    let records: Records = header.pax.iter().cloned().collect();
    if matches!(header.format, Format::Ustar | Format::Gnu) {
        return None;
    }
    let name: &[u8] = if header.name.is_empty() { b"GlobalHead.0.0" } else { &header.name };
    let mut out = Vec::new();
    go_tar::write_records(name, b'g', &records, &mut out);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::limits::Limits;
    use crate::intake::tar::Walk;

    fn rewritten(archive: &[u8]) -> Option<Digest> {
        let (mut walk, mut rewriter) = (Walk::new(&Limits::default()), Rewriter::new());
        walk.push(archive, &mut rewriter).unwrap();
        walk.finish(&mut rewriter).unwrap();
        rewriter.finish()
    }

    fn archive(entries: &[(go_tar::Header<'_>, &[u8])], gnu: bool) -> Vec<u8> {
        let mut out = Vec::new();
        for (header, content) in entries {
            let header = go_tar::Header { size: content.len() as u64, ..header.clone() };
            if gnu {
                header.write_gnu(&mut out)
            } else {
                header.write(&mut out)
            }
            out.extend_from_slice(content);
            out.resize(out.len().next_multiple_of(BLOCK), 0);
        }
        out
    }

    fn digest(mut archive: Vec<u8>) -> Option<Digest> {
        archive.extend_from_slice(&ZEROS);
        Some(Digest::sha256(&archive))
    }

    #[test]
    fn only_times_and_the_end_are_lost() {
        let long = [b'n'; 130];
        let timed = |mtime| {
            let file =
                |name| go_tar::Header { name, flag: b'0', mode: 0o100_644, mtime, user: b"u", ..go_tar::Header::default() };
            [(file(&b"a"[..]), &b"content"[..]), (file(&long[..]), &b""[..])]
        };
        for gnu in [false, true] {
            let padded = [archive(&timed(7), gnu), vec![0; 10_240]].concat();
            assert_eq!(rewritten(&padded), digest(archive(&timed(0), gnu)));
        }
        let other = archive(&[(timed(0)[0].0.clone(), b"Content")], false);
        assert_ne!(rewritten(&other), rewritten(&archive(&timed(0)[..1], false)));
    }

    #[test]
    fn records_of_times_go_and_others_stay() {
        let header = go_tar::Header { name: b"f", flag: b'0', mode: 0o644, ..go_tar::Header::default() };
        let with = |pairs: &[(&[u8], &[u8])]| {
            let records: Records = pairs.iter().map(|(key, value)| (key.to_vec(), value.to_vec())).collect();
            let mut out = Vec::new();
            header.write_with(&records, &mut out);
            out
        };
        let times: [(&[u8], &[u8]); 2] = [(b"mtime", b"1.5"), (b"atime", b"2")];
        assert_eq!(rewritten(&with(&times)), digest(with(&[])));
        let more = [&times[..], &[(b"SCHILY.xattr.user.x", b"y"), (b"path", b"f")]].concat();
        assert_eq!(rewritten(&with(&more)), digest(with(&[(b"SCHILY.xattr.user.x", b"y"), (b"path", b"f")])));
    }

    #[test]
    fn what_go_would_not_write_gives_no_hash() {
        let link = go_tar::Header { name: b"l", link: b"t", flag: b'2', size: 5, ..go_tar::Header::default() };
        let mut out = Vec::new();
        link.write(&mut out);
        assert_eq!(rewritten(&out), None);
    }
}
