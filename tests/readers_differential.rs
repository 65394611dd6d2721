//! Random archives read by our walk and by Rust's `tar` crate: where the walk says nothing about the crate, and neither
//! refuses the archive, both must list the same.
#![allow(clippy::unwrap_used)]

mod common;

use common::tarball::{Raw, Tarball, record};
use layerproof::intake::limits::Limits;
use layerproof::intake::{BlobFacts, EntryKind, Reader, Source};

/// Enough of a random number generator, and always the same one.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }
}

const NAMES: [&[u8]; 8] = [b"a", b"b/", b"./c", b"d/e", b"f\0g", b"/h", b"", b"i//j/"];

fn value(random: &mut Random, key: &str) -> Vec<u8> {
    let values: &[&[u8]] = match key {
        "size" => &[b"0", b"6", b"512", b"1024", b"", b"06", b"+6", b"x"],
        "uid" => &[b"0", b"7", b"-1", b""],
        "mtime" => &[b"1", b"1.5", b""],
        _ => &[b"one", b"two", b"", b"with\nline", b"x\n12 path=fake", b"x\n\ny", b"n/", b"./z"],
    };
    random.pick(values).to_vec()
}

fn records(random: &mut Random) -> Vec<u8> {
    let mut body = Vec::new();
    for _ in 0..random.below(4) {
        let key = random.pick(&["path", "path", "linkpath", "size", "uid", "mtime", "comment", "SCHILY.xattr.user.a", "uname"]);
        let value = value(random, key);
        body.extend(record(key, &value));
    }
    body
}

fn entry(random: &mut Random, tarball: Tarball) -> Tarball {
    let flag = *random.pick(&[&b'0', &b'0', &b'0', &0, &b'1', &b'2', &b'5', &b'6', &b'7', &b'Z', &b'X']);
    let stored = [0, 6, 512, 700][random.below(4)];
    let has_content = !matches!(flag, b'1'..=b'6');
    let claimed = if has_content || random.chance(4) { stored } else { 0 };
    let mut header = Raw::new(random.pick(&NAMES), flag, claimed as u64);
    match random.below(6) {
        0 => header = header.gnu(),
        1 => header = header.with(257, &[0; 8]),
        2 => header = header.with(345, b"prefix"),
        3 => header = header.gnu().with(345, random.pick(&[&b"prefix"[..], b"00000000001\0", b"12345670"])),
        _ => {}
    }
    if matches!(flag, b'1' | b'2') {
        header = header.with(157, random.pick(&[&b"a"[..], b"d/e", b"x\0y"]));
    }
    let tarball = tarball.header(header);
    if has_content { tarball.content(&vec![b'c'; stored]) } else { tarball }
}

fn archive(random: &mut Random) -> Vec<u8> {
    let mut tarball = Tarball::new();
    for _ in 0..=random.below(4) {
        for _ in 0..[0, 0, 1, 1, 2][random.below(5)] {
            let long = random.pick(&[&b"long"[..], b"long\0er", b"other/"]);
            tarball = match random.below(5) {
                0 => tarball.long(b'L', long),
                1 => tarball.long(b'K', long),
                2 => tarball.entry(b"g", b'g', &records(random)),
                _ => tarball.entry(b"x", b'x', &records(random)),
            };
        }
        tarball = entry(random, tarball);
    }
    match random.below(8) {
        0 => tarball.0,
        1 => tarball.zeros(1).0,
        2 => tarball.zeros(2).file("late", b"x").end(),
        3 => tarball.zeros(1).file("late", b"x").end(),
        _ => tarball.end(),
    }
}

fn read(bytes: &[u8]) -> BlobFacts {
    let mut source = Source::new("random", None, &Limits::default());
    source.push(bytes);
    source.close()
}

/// Name, link target and size of each entry, as the crate lists them; `None` if it refuses the archive.
fn crate_lists(bytes: &[u8]) -> Option<Vec<(Vec<u8>, Vec<u8>, u64)>> {
    let mut archive = tar::Archive::new(bytes);
    let mut listed = Vec::new();
    for entry in archive.entries().ok()? {
        let entry = entry.ok()?;
        if entry.header().entry_type().is_pax_global_extensions() {
            continue;
        }
        let link = entry.link_name_bytes().unwrap_or_default().into_owned();
        let is_link = entry.header().entry_type().is_symlink() || entry.header().entry_type().is_hard_link();
        listed.push((entry.path_bytes().into_owned(), if is_link { link } else { Vec::new() }, entry.size()));
    }
    Some(listed)
}

fn we_list(facts: &BlobFacts) -> Vec<(Vec<u8>, Vec<u8>, u64)> {
    let entries = facts.tar().map_or(&[][..], |tar| &tar.entries);
    let files = entries.iter().filter(|entry| entry.kind != EntryKind::Global);
    let is_link = |kind| matches!(kind, EntryKind::Symlink | EntryKind::HardLink);
    files
        .map(|entry| (entry.name.to_vec(), if is_link(entry.kind) { entry.link.to_vec() } else { Vec::new() }, entry.size))
        .collect()
}

#[test]
fn where_nothing_is_said_the_crate_lists_the_same() {
    let mut random = Random(1);
    let (mut compared, mut told, mut wrong) = (0, 0, Vec::new());
    for _ in 0..20_000 {
        let bytes = archive(&mut random);
        let facts = read(&bytes);
        let Some(theirs) = crate_lists(&bytes).filter(|_| facts.error.is_none()) else { continue };
        if facts.divergences().any(|divergence| divergence.readers.contains(&Reader::TarCrate)) {
            told += 1;
            continue;
        }
        compared += 1;
        let ours = we_list(&facts);
        if ours != theirs && wrong.len() < 5 {
            wrong.push(format!("{ours:?}\n  the crate: {theirs:?}"));
        }
    }
    assert!(compared > 2000 && told > 1000, "{compared} compared, {told} told");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
