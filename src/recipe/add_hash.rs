//! The hash that the classic builder writes for the sources of ADD and COPY (`ADD file:… in /`).
//!
//! It is the SHA-256 of a few header fields of the file as it came in the build context, then the file's bytes
//! (moby, `pkg/tarsum`). Only the bytes are in the tarball; name, mode and owner depend on who sent the context, so several
//! headers are tried: [`candidates`]. The header comes first, so each candidate is a hash of its own over the whole file.
//!
//! ```
//! use layerproof::recipe::add_hash::{Header, Kind, multi};
//! use layerproof::digest::Digest;
//! let header = Header::file("hello.txt", 0o100_644, 6);
//! let bytes = [header.bytes(), b"hello\n".to_vec()].concat();
//! assert_eq!(Digest::sha256(&bytes).hex(), "7d1b8e6c9123955c22ae5efea6309bc3436ed116b03932f650caae30c06ab651");
//! ```

use crate::digest::{Algorithm, Digest};
use crate::order::{self, Gather};

/// The fields of a context entry that go into the hash.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Header {
    /// Path in the context, without a leading slash.
    pub name: String,
    /// Mode as a number: permission bits, with `S_IFREG` or `S_IFDIR` if the sender set them.
    pub mode: u32,
    /// Owner.
    pub uid: u64,
    /// Group.
    pub gid: u64,
    /// Owner's name; empty from Docker 18.05 on.
    pub uname: String,
    /// Group's name; empty from Docker 18.05 on.
    pub gname: String,
    /// Size in bytes; 0 for everything but files.
    pub size: u64,
    /// What it is.
    pub kind: Kind,
    /// Modification time in seconds since 1970: only the first form of the hash (Docker 0.9 to 1.7) has it.
    pub mtime: Option<i64>,
    /// The attribute `security.capability`, if the file has it.
    pub capability: Option<Vec<u8>>,
}

/// What a context entry is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory; its name ends with a slash.
    Directory,
    /// A symbolic link and its target.
    Link(String),
}

impl Header {
    /// A regular file that belongs to root.
    pub fn file(name: impl Into<String>, mode: u32, size: u64) -> Self {
        let (name, nobody) = (name.into(), String::new());
        Self {
            name,
            mode,
            uid: 0,
            gid: 0,
            uname: nobody.clone(),
            gname: nobody,
            size,
            kind: Kind::File,
            mtime: None,
            capability: None,
        }
    }

    /// A directory that belongs to root; the slash at the end of its name is added.
    pub fn directory(name: &str, mode: u32) -> Self {
        let name = format!("{}/", name.trim_end_matches('/'));
        Self { kind: Kind::Directory, ..Self::file(name, mode, 0) }
    }

    /// What is hashed before the content.
    pub fn bytes(&self) -> Vec<u8> {
        let (flag, target) = match &self.kind {
            Kind::File => ('0', ""),
            Kind::Directory => ('5', ""),
            Kind::Link(target) => ('2', target.as_str()),
        };
        let Self { name, mode, uid, gid, uname, gname, size, .. } = self;
        let mtime = self.mtime.map(|seconds| format!("mtime{seconds}")).unwrap_or_default();
        let text = format!(
            "name{name}mode{mode}uid{uid}gid{gid}size{size}{mtime}typeflag{flag}linkname{target}uname{uname}gname{gname}devmajor0devminor0"
        );
        let mut bytes = text.into_bytes();
        if let Some(capability) = &self.capability {
            bytes.extend_from_slice(b"security.capability");
            bytes.extend_from_slice(capability);
        }
        bytes
    }

    /// The hash of an entry without content, or with content at hand.
    pub fn hash(&self, content: &[u8]) -> Digest {
        Digest::sha256(&[&self.bytes(), content].concat())
    }
}

/// Ways in which a file may have come into a context, the likeliest first. `paths` are the names under which the Dockerfile or
/// the person's folder knows it (`rootfs.tar.gz`, `x86_64/rootfs.tar.gz`).
///
/// The number is bounded: at most 8 paths count.
pub fn candidates(paths: &[String], size: u64) -> Vec<Header> {
    let mut names: Vec<String> = Vec::new();
    for path in paths.iter().take(8) {
        let path = path.trim_start_matches("./").trim_start_matches('/');
        let base = path.rsplit('/').next().unwrap_or(path);
        // The path, its base name, and how `tar c .` spells both.
        for name in [path.to_owned(), base.to_owned(), format!("./{path}"), format!("./{base}")] {
            if !name.trim_start_matches("./").is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    order::sort_by_key(&mut names, |name| name.starts_with("./"));
    let mut found = Vec::new();
    for (uid, owner) in OWNERS {
        for mode in MODES {
            for name in &names {
                let (uname, gname) = (owner.to_string(), owner.to_string());
                found.push(Header { uid: *uid, gid: *uid, uname, gname, ..Header::file(name.clone(), *mode, size) });
            }
        }
    }
    found
}

/// Modes of files, the likeliest first: `git archive` (bashbrew), docker's command line up to 23 and later, odd umasks,
/// addresses (always 0600), executables.
const MODES: &[u32] = &[0o664, 0o100_644, 0o644, 0o100_664, 0o100_600, 0o600, 0o755, 0o100_755, 0o775, 0o100_775];
/// Owners: root without a name (Docker 18.06 and later), root by name (18.04 and earlier), the first user of a machine.
const OWNERS: &[(u64, &str)] = &[(0, ""), (0, "root"), (1000, "")];

/// The hashes that a history entry records for sources: the digits behind `file:`, `dir:` and `multi:`.
pub fn recorded(created_by: &str) -> Vec<Digest> {
    let words = created_by.split([' ', '\t']);
    let hashes = words.filter_map(|word| ["file:", "dir:", "multi:"].iter().find_map(|kind| word.strip_prefix(kind)));
    hashes.filter_map(|hex| Digest::from_hex(Algorithm::Sha256, hex).ok()).list()
}

/// The hash of a directory: of the hashes of all entries below it, its own among them unless it is the context itself.
pub fn directory(entries: &[Digest]) -> Digest {
    let mut hexes: Vec<String> = entries.iter().map(Digest::hex).list();
    order::sort(&mut hexes);
    Digest::sha256(hexes.join(",").as_bytes())
}

/// The hash of several sources, given as they would stand alone (`file:…`, `dir:…`), in the order of the instruction.
pub fn multi(sources: &[String]) -> Digest {
    Digest::sha256(sources.join(",").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hashes that docker 20.10 and 28.5 wrote (facts measured on running builders).
    #[test]
    fn files_directories_and_several_sources_hash_as_docker_hashes_them() {
        let old = |name: &str, content: &[u8]| Header::file(name, 0o100_644, content.len() as u64).hash(content);
        let new = |name: &str, content: &[u8]| Header::file(name, 0o644, content.len() as u64).hash(content);
        assert_eq!(new("hello.txt", b"hello\n").hex(), "c50ecf0f8081044924e199cfe6cfd18d0c9dd4d16be07790bb24f7088112b98e");
        let both = [old("hello.txt", b"hello\n"), old("other.txt", b"o\n")].map(|hash| format!("file:{}", hash.hex()));
        assert_eq!(multi(&both).hex(), "2db7f85b40e11663bd09593f20afe7ac291f55912f6858006ce3101fe441371e");
        let tree = [
            Header::directory("d", 0o40755).hash(b""),
            old("d/a", b"a"),
            Header::directory("d/b", 0o40755).hash(b""),
            old("d/b/c", b"c"),
        ];
        assert_eq!(directory(&tree).hex(), "430e3e2b8773628430ddcd0ba0787e6e8966eb346e58b88c52a133539952a875");
    }

    #[test]
    fn candidates_are_bounded_and_begin_with_the_likeliest() {
        let found = candidates(&["x86_64/rootfs.tar.gz".to_owned()], 3);
        assert_eq!((found[0].name.as_str(), found[0].mode), ("x86_64/rootfs.tar.gz", 0o664));
        assert_eq!((found[1].name.as_str(), found[1].mode), ("rootfs.tar.gz", 0o664));
        assert!(found.len() < 200);
        assert!(candidates(&["".to_owned()], 0).is_empty());
    }
}
