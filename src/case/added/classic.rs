//! Hashes of the classic builder for directories, several sources, and files behind links.
//!
//! Only names and content are at hand. What else goes into a hash is tried as builds have it: all entries sent alike
//! ([`Sender`]), files with one of a few modes ([`Modes`]), programs among them executable, and, while that is little work,
//! every other choice. A directory without files is not seen.

use super::context::{Context, File, clean, is_link, is_program};
use super::{Part, Question, Sent};
use crate::digest::Digest;
use crate::order::{self, Gather};
use crate::recipe::add_hash::{Header, multi};

/// How a build context was sent: what all its entries have in common.
#[derive(Debug, Clone, Copy)]
struct Sender {
    /// `./` before every name, or nothing.
    prefix: &'static str,
    /// Whether modes have type bits.
    type_bits: bool,
    uid: u64,
    uname: &'static str,
}

/// Modes of files, programs and directories that go together: what a umask leaves.
struct Modes {
    plain: u32,
    program: u32,
    directory: u32,
}

const MODES: [Modes; 4] = [
    Modes { plain: 0o644, program: 0o755, directory: 0o755 },
    Modes { plain: 0o664, program: 0o775, directory: 0o775 },
    Modes { plain: 0o600, program: 0o755, directory: 0o700 },
    Modes { plain: 0o644, program: 0o755, directory: 0o775 },
];
const TYPE_FILE: u32 = 0o100_000;
const TYPE_DIRECTORY: u32 = 0o40_000;

/// How many entries are hashed together for one sender and its modes, counted once for each try.
const MOST_WORK: usize = 8000;
/// How many ways of one source among several are kept.
const MOST_OF_SOURCE: usize = 64;
/// How many ways of all sources are tried for one sender and its modes.
const MOST_WAYS: usize = 4000;

/// The headers that give the hash of a question.
pub(super) fn find(context: &Context<'_>, question: &Question<'_>) -> Option<Vec<Part>> {
    let (kind, digest) = &question.token;
    let sources: Vec<String> = question.sources.iter().flat_map(|source| context.named(source)).list();
    let ways = senders().into_iter().flat_map(|sender| MODES.iter().map(move |modes| Search { context, sender, modes }));
    for search in ways {
        let found = match (kind.as_str(), sources.as_slice()) {
            ("dir:", [only]) => search.directory(&clean(only), MOST_WORK).find(|way| way.hash == *digest).map(|way| way.parts),
            ("file:", [only]) => search.file(only).into_iter().find(|way| way.hash == *digest).map(|way| way.parts),
            ("multi:", several) => search.several(several, digest),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

fn senders() -> Vec<Sender> {
    let mut all = Vec::new();
    for (uid, uname) in [(0, ""), (0, "root"), (1000, "")] {
        for type_bits in [true, false] {
            all.extend(["", "./"].map(|prefix| Sender { prefix, type_bits, uid, uname }));
        }
    }
    all
}

/// One way of naming a source, and its hash.
struct Way {
    kind: &'static str,
    hash: Digest,
    parts: Vec<Part>,
}

struct Search<'s, 'c> {
    context: &'s Context<'c>,
    sender: Sender,
    modes: &'s Modes,
}

/// One entry of a directory in one way: what stands in the list that is hashed, and what it was.
type Choice = (String, Part);

impl<'s, 'c: 's> Search<'s, 'c> {
    fn mode(&self, mode: u32, type_bits: u32) -> u32 {
        if self.sender.type_bits { mode | type_bits } else { mode }
    }

    /// The header with which a file was sent, with this mode; its hash is known from the second pass.
    fn sent(&self, file: &File<'c>, mode: u32) -> Option<(&'c Header, Digest)> {
        let mode = self.mode(mode, TYPE_FILE);
        let name = format!("{}{}", self.sender.prefix, file.path);
        let same = |header: &Header| {
            (header.mode, header.uid, header.uname.as_str()) == (mode, self.sender.uid, self.sender.uname) && header.name == name
        };
        file.reread.add_hashes.iter().find(|(header, _)| same(header)).map(|(header, hash)| (header, *hash))
    }

    /// Ways in which a file may have been sent, the likeliest first: as the program that it is or is not, or as the file that a
    /// link leads to.
    fn choices(&self, file: &File<'c>) -> Vec<Choice> {
        let by_mode = |file: &File<'c>| -> Vec<Choice> {
            let mut modes = [self.modes.plain, self.modes.program];
            if is_program(file.item) {
                modes.reverse();
            }
            let sent = modes.into_iter().filter_map(|mode| self.sent(file, mode));
            sent.map(|(header, hash)| (hash.hex(), Part { item: Some(file.id), sent: Sent::InContext(header.clone()) })).list()
        };
        let mut own = by_mode(file);
        let behind: Vec<Choice> = self.context.leads_to(file).into_iter().flat_map(by_mode).list();
        if is_link(file.item) && !behind.is_empty() {
            return [behind, own].concat();
        }
        own.extend(behind);
        own
    }

    fn file(&self, path: &str) -> Vec<Way> {
        let Some(file) = self.context.file(path) else { return Vec::new() };
        let way = |(hex, part): Choice| {
            let hash = Digest::from_hex(crate::digest::Algorithm::Sha256, &hex).ok()?;
            Some(Way { kind: "file:", hash, parts: vec![part] })
        };
        self.choices(file).into_iter().filter_map(way).list()
    }

    /// Directories below a source, the source itself among them unless it is the whole context.
    fn folders(&self, directory: &str) -> Vec<Choice> {
        let is_inside = |path: &str| path == directory || super::context::is_below(path, directory);
        let folders = self.context.directories.iter().filter(|(path, _)| is_inside(path));
        let choice = |(path, own): (&String, &bool)| {
            if !own {
                // The builder makes it to put a file there, and has no header to hash.
                return (path.clone(), Part { item: None, sent: Sent::Implied(path.clone()) });
            }
            let Sender { prefix, uid, uname, .. } = self.sender;
            let plain = Header::directory(&format!("{prefix}{path}"), self.mode(self.modes.directory, TYPE_DIRECTORY));
            let header = Header { uid, gid: uid, uname: uname.to_owned(), gname: uname.to_owned(), ..plain };
            (header.hash(b"").hex(), Part { item: None, sent: Sent::InContext(header) })
        };
        folders.map(choice).list()
    }

    /// Ways of a directory, the likeliest first.
    fn directory(&self, directory: &str, work: usize) -> impl Iterator<Item = Way> {
        let choices: Option<Vec<Vec<Choice>>> = self
            .context
            .below_directory(directory)
            .map(|file| Some(self.choices(file)).filter(|ways| !ways.is_empty()))
            .collect();
        let choices = choices.unwrap_or_default();
        let folders = if choices.is_empty() { Vec::new() } else { self.folders(directory) };
        let entries = choices.len() + folders.len();
        let most = if choices.is_empty() { 0 } else { (work / entries.max(1)).max(4) };
        picks(&choices.iter().map(Vec::len).list(), most).into_iter().map(move |pick| {
            let files = choices.iter().zip(pick).map(|(choice, at)| &choice[at]);
            let all: Vec<&Choice> = folders.iter().chain(files).list();
            let mut hexes: Vec<&str> = all.iter().map(|(hex, _)| hex.as_str()).list();
            order::sort(&mut hexes);
            let hash = Digest::sha256(hexes.join(",").as_bytes());
            Way { kind: "dir:", hash, parts: all.into_iter().map(|(_, part)| part.clone()).list() }
        })
    }

    fn several(&self, sources: &[String], digest: &Digest) -> Option<Vec<Part>> {
        let choices: Vec<Vec<Way>> = sources
            .iter()
            .map(|source| match self.context.file(source) {
                Some(_) => self.file(source),
                None => self.directory(source, MOST_WORK / 8).take(MOST_OF_SOURCE).list(),
            })
            .list();
        if choices.iter().any(Vec::is_empty) || choices.is_empty() {
            return None;
        }
        let pick = picks(&choices.iter().map(Vec::len).list(), MOST_WAYS).into_iter().find(|pick| {
            let chosen = choices.iter().zip(pick).map(|(choice, at)| &choice[*at]);
            let words: Vec<String> = chosen.map(|way| format!("{}{}", way.kind, way.hash.hex())).list();
            multi(&words) == *digest
        })?;
        Some(choices.iter().zip(pick).flat_map(|(choice, at)| choice[at].parts.clone()).list())
    }
}

/// Ways to pick one of each, the first of all first: then the second of all, every pick while there are few, else each single
/// change.
pub(super) fn picks(counts: &[usize], most: usize) -> Vec<Vec<usize>> {
    let product = counts.iter().try_fold(1_usize, |product, count| product.checked_mul(*count)).unwrap_or(usize::MAX);
    let first = vec![0; counts.len()];
    let second: Vec<usize> = counts.iter().map(|count| 1.min(count - 1)).list();
    let mut all = vec![first.clone(), second];
    if product <= most {
        all.extend((0..product).map(|number| {
            let mut rest = number;
            counts.iter().map(|count| (rest % count, rest /= count).0).list()
        }));
    } else {
        let single = counts.iter().enumerate().flat_map(|(at, count)| (1..*count).map(move |pick| (at, pick)));
        all.extend(single.map(|(at, pick)| {
            let mut changed = first.clone();
            changed[at] = pick;
            changed
        }));
    }
    all.truncate(most);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picks_begin_with_the_likeliest_and_stay_within_bounds() {
        assert_eq!(picks(&[2, 2], 100), [[0, 0], [1, 1], [0, 0], [1, 0], [0, 1], [1, 1]]);
        assert_eq!(picks(&[2, 3], 5), [[0, 0], [1, 1], [1, 0], [0, 1], [0, 2]]);
        assert_eq!(picks(&[2; 100], 10).len(), 10);
        assert!(picks(&[2; 100], 0).is_empty());
        let entries = [b"a", b"b"].map(|byte| Digest::sha256(byte));
        let mut hexes = entries.map(|digest| digest.hex());
        hexes.sort();
        assert_eq!(crate::recipe::add_hash::directory(&entries), Digest::sha256(hexes.join(",").as_bytes()));
    }
}
