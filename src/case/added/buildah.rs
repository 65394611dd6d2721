//! buildah's hashes of directories and of several sources.

use super::classic::picks;
use super::context::{Context, File, clean, is_link, is_program};
use super::{Part, Question, Sent};
use crate::digest::Digest;
use crate::order::{self, Gather};
use crate::recipe::add_hash::multi;
use crate::recipe::buildah_hash::{Entry, OWNERS, Packer};

/// Bytes that are packed at most to find one hash.
const MOST_BYTES: u64 = 256 << 20;
/// How many ways of packing a directory are tried for one choice of modes.
const MOST_WAYS: usize = 64;
/// Modes of files, programs and directories.
const MODES: [[u32; 3]; 3] = [[0o644, 0o755, 0o755], [0o664, 0o775, 0o775], [0o600, 0o700, 0o700]];

/// The entries that give the hash of a question.
pub(super) fn find(context: &Context<'_>, question: &Question<'_>) -> Option<Vec<Part>> {
    let (kind, digest) = &question.token;
    let sources: Vec<String> = question.sources.iter().flat_map(|source| context.named(source)).list();
    match (kind.as_str(), sources.as_slice()) {
        ("dir:", [only]) => {
            let mut left = MOST_BYTES;
            directory(context, question, &clean(only), &mut left, &mut |found, _| found == *digest)
        }
        ("multi:", several) => all(context, question, several, digest),
        _ => None,
    }
}

/// Owner and group of everything that is copied.
pub(super) fn owners(chown: Option<&str>) -> Vec<(u64, u64)> {
    let Some(chown) = chown else { return vec![(0, 0)] };
    let (user, group) = chown.split_once(':').unwrap_or((chown, ""));
    match (user.parse(), group.parse()) {
        (Ok(user), Ok(group)) => vec![(user, group)],
        (Ok(user), Err(_)) => vec![(user, user), (user, 0)],
        // The image's own list of users has the numbers; these are the common ones.
        _ => vec![(1000, 1000), (1001, 1001), (999, 999), (100, 101), (101, 101), (100, 100), (33, 33), (65_534, 65_534)],
    }
}

/// The mode that `--chmod` gives.
pub(super) fn mode(chmod: Option<&str>) -> Option<u32> {
    u32::from_str_radix(chmod?, 8).ok().filter(|mode| *mode <= 0o7777)
}

/// Packs a directory in one way after the other until `is_it` says so.
fn directory(
    context: &Context<'_>,
    question: &Question<'_>,
    source: &str,
    left: &mut u64,
    is_it: &mut dyn FnMut(Digest, &[Part]) -> bool,
) -> Option<Vec<Part>> {
    let files: Vec<&File<'_>> = context.below_directory(source).list();
    let all_kept = files.iter().all(|file| file.reread.content.is_some() || file.item.size == 0);
    if files.is_empty() || !all_kept { None } else { packed_somehow(context, question, source, &files, left, is_it) }
}

fn packed_somehow(
    context: &Context<'_>,
    question: &Question<'_>,
    source: &str,
    files: &[&File<'_>],
    left: &mut u64,
    is_it: &mut dyn FnMut(Digest, &[Part]) -> bool,
) -> Option<Vec<Part>> {
    let (chown, chmod) = (question.transfer.chown.as_deref(), mode(question.transfer.chmod.as_deref()));
    let size: u64 = files.iter().map(|file| file.item.size + 1024).sum();
    let counts = vec![if chmod.is_some() { 1 } else { 2 }; files.len()];
    for modes in chmod.map_or(MODES.to_vec(), |mode| vec![[mode; 3]]) {
        // Versions that write the owner's name end no directory's name with a slash.
        for (owner, slash) in OWNERS.into_iter().flat_map(|owner| [(owner, owner.is_empty()), (owner, !owner.is_empty())]) {
            for (uid, gid) in owners(chown) {
                for pick in picks(&counts, MOST_WAYS) {
                    *left = left.checked_sub(size)?;
                    let entries = entries(context, source, files, &modes, &pick);
                    let entries = entries.into_iter().map(|(entry, file)| {
                        let name = if slash { entry.name.as_str() } else { entry.name.trim_end_matches('/') };
                        (Entry { name: name.to_owned(), uid, gid, owner: owner.to_owned(), ..entry }, file)
                    });
                    let (digest, parts) = packed(entries);
                    if is_it(digest, &parts) {
                        return Some(parts);
                    }
                }
            }
        }
    }
    None
}

/// The entries of a directory in the order in which a walk meets them.
fn entries<'f, 'c>(
    context: &Context<'c>,
    source: &str,
    files: &[&'f File<'c>],
    modes: &[u32; 3],
    pick: &[usize],
) -> Vec<(Entry, Option<&'f File<'c>>)> {
    let inside = |path: &str| path.strip_prefix(source).unwrap_or(path).trim_start_matches('/').to_owned();
    let folders = context.directories.iter().filter(|(path, own)| **own && super::context::is_below(path, source));
    let mut all: Vec<(Entry, Option<&File<'c>>)> =
        folders.map(|(path, _)| (Entry::directory(&inside(path), modes[2]), None)).list();
    for (file, pick) in files.iter().zip(pick) {
        let entry = match target(file) {
            Some(target) => Entry { link: target, ..Entry::file(inside(&file.path), 0o777) },
            None => Entry::file(inside(&file.path), modes[usize::from(is_program(file.item) != (*pick == 1))]),
        };
        all.push((entry, Some(*file)));
    }
    order::sort_by(&mut all, |(one, _), (other, _)| {
        one.name.trim_end_matches('/').split('/').cmp(other.name.trim_end_matches('/').split('/'))
    });
    all
}

/// The target of a file that stands for a symbolic link.
fn target(file: &File<'_>) -> Option<String> {
    let content = file.reread.content.as_ref().filter(|_| is_link(file.item))?;
    String::from_utf8(content.to_vec()).ok()
}

fn packed<'f, 'c: 'f>(entries: impl Iterator<Item = (Entry, Option<&'f File<'c>>)>) -> (Digest, Vec<Part>) {
    let (mut packer, mut parts) = (Packer::new(), Vec::new());
    for (entry, file) in entries {
        let content = file.filter(|_| entry.link.is_empty()).and_then(|file| file.reread.content.as_deref());
        let content = content.map_or(&[][..], Vec::as_slice);
        packer.begin(&entry, content.len() as u64);
        packer.data(content);
        parts.push(Part { item: file.map(|file| file.id), sent: Sent::Packed(entry) });
    }
    (packer.finish(), parts)
}

/// One source in one way: its word in the list, and its parts.
type Way = (String, Vec<Part>);

/// Several sources: each hashed on its own, all words hashed together.
fn all(context: &Context<'_>, question: &Question<'_>, sources: &[String], digest: &Digest) -> Option<Vec<Part>> {
    let mut left = MOST_BYTES;
    let choices: Vec<Vec<Way>> = sources
        .iter()
        .map(|source| match context.file(source) {
            Some(file) => of_file(file),
            None => {
                let mut ways = Vec::new();
                directory(context, question, source, &mut left, &mut |digest, parts| {
                    ways.push((format!("dir:{}", digest.hex()), parts.to_vec()));
                    ways.len() >= MOST_WAYS
                });
                ways
            }
        })
        .list();
    if choices.is_empty() || choices.iter().any(Vec::is_empty) {
        return None;
    }
    let pick = picks(&choices.iter().map(Vec::len).list(), 20_000).into_iter().find(|pick| {
        let words: Vec<String> = choices.iter().zip(pick).map(|(choice, at)| choice[*at].0.clone()).list();
        multi(&words) == *digest
    })?;
    Some(choices.iter().zip(pick).flat_map(|(choice, at)| choice[at].1.clone()).list())
}

/// Several sources go to a directory, so a file keeps its name.
fn of_file(file: &File<'_>) -> Vec<Way> {
    let base = file.path.rsplit('/').next().unwrap_or(&file.path);
    let packed = file.reread.packed.iter().filter(|(entry, _)| entry.name == base);
    let unpacked = file.reread.unpacked.flatten().map(|digest| (Sent::Unpacked, digest));
    let all = packed.map(|(entry, digest)| (Sent::Packed(entry.clone()), *digest)).chain(unpacked);
    let way = |(sent, digest): (Sent, Digest)| (format!("file:{}", digest.hex()), vec![Part { item: Some(file.id), sent }]);
    all.map(way).list()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_say_owner_and_mode() {
        assert_eq!(owners(None), [(0, 0)]);
        assert_eq!(owners(Some("1000:50")), [(1000, 50)]);
        assert_eq!(owners(Some("7"))[0], (7, 7));
        assert!(owners(Some("app:app")).contains(&(1000, 1000)));
        assert_eq!([mode(Some("0750")), mode(Some("u+x")), mode(None)], [Some(0o750), None, None]);
    }
}
