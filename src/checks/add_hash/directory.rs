//! The hash of a directory: of everything below it, each entry with its mode.
//!
//! Only names and content are at hand. Modes are tried as builds have them: all files alike, or, in small directories, some of
//! them executable. Empty directories and links are not seen, so a directory with those is not found.

use std::collections::BTreeSet;

use crate::case::Case;
use crate::digest::Digest;
use crate::dockerfile::Transfer;
use crate::recipe::add_hash::{Header, directory};

/// Up to this many files every choice of executables is tried.
const MOST_CHOICES: usize = 8;
/// Modes of files, of executables and of directories that go together.
const FILE_MODES: [u32; 3] = [0o644, 0o664, 0o600];
const EXECUTABLE_MODES: [u32; 2] = [0o755, 0o775];
const DIRECTORY_MODES: [u32; 3] = [0o755, 0o775, 0o700];
const TYPE_FILE: u32 = 0o100_000;
const TYPE_DIRECTORY: u32 = 0o40_000;

type Tried<'c> = (String, &'c [(Header, Digest)]);

/// How a build context was sent: what all its entries have in common.
#[derive(Debug, Clone, Copy)]
struct Sender<'s> {
    /// `./` before every name, or nothing.
    prefix: &'s str,
    /// Whether modes have type bits.
    type_bits: bool,
    uid: u64,
    uname: &'s str,
}

/// The headers below the one source of a line that give this hash.
pub(super) fn find(case: &Case, transfer: &Transfer, digest: &Digest) -> Option<Vec<Header>> {
    let [source] = transfer.paths().collect::<Vec<_>>()[..] else { return None };
    let root = source.trim_start_matches("./").trim_matches('/');
    let root = if root == "." { "" } else { root };
    let below = |name: &str| root.is_empty() || name.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'));
    let files: Vec<Tried<'_>> = super::tried(case)
        .map(|(_, item, headers)| (item.name.trim_start_matches("./").to_owned(), headers))
        .filter(|(name, _)| below(name))
        .collect();
    if files.is_empty() {
        return None;
    }
    let directories = directories(&files, root);
    senders().into_iter().find_map(|sender| with_sender(&files, &directories, &sender, digest))
}

fn senders() -> Vec<Sender<'static>> {
    let mut all = Vec::new();
    for (uid, uname) in [(0, ""), (0, "root"), (1000, "")] {
        for type_bits in [true, false] {
            all.extend(["", "./"].map(|prefix| Sender { prefix, type_bits, uid, uname }));
        }
    }
    all
}

/// The source itself, unless it is the whole context, and every directory below it that has a file.
fn directories(files: &[Tried<'_>], root: &str) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = if root.is_empty() { BTreeSet::new() } else { BTreeSet::from([root.to_owned()]) };
    for (name, _) in files {
        let mut name = name.as_str();
        while let Some((parent, _)) = name.rsplit_once('/') {
            if parent.len() > root.len() {
                found.insert(parent.to_owned());
            }
            name = parent;
        }
    }
    found
}

fn with_sender(files: &[Tried<'_>], directories: &BTreeSet<String>, sender: &Sender<'_>, digest: &Digest) -> Option<Vec<Header>> {
    let entry = |tried: &Tried<'_>, mode: u32| {
        let mode = if sender.type_bits { mode | TYPE_FILE } else { mode };
        let name = format!("{}{}", sender.prefix, tried.0);
        let same = |header: &Header| {
            (header.mode, header.uid, header.uname.as_str()) == (mode, sender.uid, sender.uname) && header.name == name
        };
        tried.1.iter().find(|(header, _)| same(header)).cloned()
    };
    let all = |mode: u32| files.iter().map(|tried| entry(tried, mode)).collect::<Option<Vec<_>>>();
    for folder in folders(directories, sender) {
        for plain in FILE_MODES.iter().filter_map(|mode| all(*mode)) {
            for executable in EXECUTABLE_MODES.iter().filter_map(|mode| all(*mode)) {
                if let Some(found) = choose(&plain, &executable, &folder, digest) {
                    return Some(found);
                }
            }
        }
    }
    None
}

/// The directories' headers and hashes, once for each mode.
fn folders(directories: &BTreeSet<String>, sender: &Sender<'_>) -> Vec<Vec<(Header, Digest)>> {
    let folder = |mode: u32| {
        let mode = if sender.type_bits { mode | TYPE_DIRECTORY } else { mode };
        let header = |name: &String| {
            let owner = sender.uname.to_owned();
            let plain = Header::directory(&format!("{}{name}", sender.prefix), mode);
            Header { uid: sender.uid, gid: sender.uid, uname: owner.clone(), gname: owner, ..plain }
        };
        directories.iter().map(header).map(|header| (header.clone(), header.hash(b""))).collect()
    };
    DIRECTORY_MODES.map(folder).to_vec()
}

fn choose(
    plain: &[(Header, Digest)],
    executable: &[(Header, Digest)],
    folders: &[(Header, Digest)],
    digest: &Digest,
) -> Option<Vec<Header>> {
    let choices: Vec<usize> = match plain.len() {
        count if count <= MOST_CHOICES => (0..1 << count).collect(),
        _ => vec![0, usize::MAX],
    };
    choices.into_iter().find_map(|choice| {
        let pick = |at: usize| {
            if choice == usize::MAX || choice >> at.min(63) & 1 == 1 && choice != 0 { &executable[at] } else { &plain[at] }
        };
        let entries: Vec<&(Header, Digest)> = folders.iter().chain((0..plain.len()).map(pick)).collect();
        let hashes: Vec<Digest> = entries.iter().map(|(_, hash)| *hash).collect();
        (directory(&hashes) == *digest).then(|| entries.iter().map(|(header, _)| header.clone()).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Algorithm;
    use crate::recipe::add_hash::candidates;

    /// `COPY d /srv/d` of a directory with `a` and `b/c`: what docker 20.10 and 28.5 wrote for it.
    #[test]
    fn a_directory_is_found_whichever_way_it_was_sent() {
        let tried = |name: &str, content: &[u8]| -> Vec<(Header, Digest)> {
            let headers = candidates(&[name.to_owned()], content.len() as u64);
            headers.into_iter().map(|header| (header.clone(), header.hash(content))).collect()
        };
        let (a, c) = (tried("d/a", b"a"), tried("d/b/c", b"c"));
        let files: Vec<Tried<'_>> = vec![("d/a".to_owned(), a.as_slice()), ("d/b/c".to_owned(), c.as_slice())];
        let directories = directories(&files, "d");
        assert_eq!(directories.iter().collect::<Vec<_>>(), ["d", "d/b"]);
        let found = |hex: &str| {
            let digest = Digest::from_hex(Algorithm::Sha256, hex).unwrap();
            senders().iter().find_map(|sender| with_sender(&files, &directories, sender, &digest)).map(|found| found[0].mode)
        };
        assert_eq!(found("430e3e2b8773628430ddcd0ba0787e6e8966eb346e58b88c52a133539952a875"), Some(0o40755));
        assert_eq!(found("55085341d7aa9b9e3284994feff0b4b538937bd2a8fc538184dd833e336e7a82"), Some(0o755));
        assert_eq!(found(&"0".repeat(64)), None);
    }
}
