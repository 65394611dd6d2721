//! How bytes arrive must not matter: any split gives the same facts, and no cut makes the reader panic.
#![allow(clippy::unwrap_used)]

mod common;

use common::tarball::{Raw, Tarball};
use flate2::Compression;
use flate2::write::GzEncoder;
use layerproof::digest::{Digest, Sha256};
use layerproof::intake::limits::Limits;
use layerproof::intake::pass::{OneEntry, Pass};
use layerproof::intake::stage::{Errands, FileFacts, FileStage, Tail};
use layerproof::intake::tar::{Header, Visitor, Walk};
use layerproof::intake::{BlobFacts, Content, Shape, Source};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn read(pieces: impl IntoIterator<Item = impl AsRef<[u8]>>) -> BlobFacts {
    let mut source = Source::new("sample", None, &Limits::default());
    pieces.into_iter().for_each(|piece| source.push(piece.as_ref()));
    source.close()
}

/// A deterministic sequence of piece lengths.
struct Lengths(u64);

impl Lengths {
    fn next(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most + 1
    }
}

fn split<'a>(mut bytes: &'a [u8], lengths: &mut Lengths, most: usize) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    while !bytes.is_empty() {
        let (piece, rest) = bytes.split_at(lengths.next(most).min(bytes.len()));
        pieces.push(piece);
        bytes = rest;
    }
    pieces
}

/// An archive with something of everything that the walk knows.
fn sample() -> Vec<u8> {
    let layer = Tarball::new().entry(b"etc/", b'5', b"").file("etc/motd", b"hello\n").end();
    Tarball::new()
        .file("manifest.json", br#"[{"Config":"c.json","Layers":["l/layer.tar"]}]"#)
        .file("l/layer.tar", &layer)
        .file("blobs/sha256/0123456789012345678901234567890123456789012345678901234567890123", &gzip(&layer))
        .pax(&[("path", b"long/name"), ("mtime", b"1.25"), ("SCHILY.xattr.user.a", b"b\nc")])
        .file("short", &[b'x'; 1500])
        .global(&[("comment", b"x")])
        .long(b'L', &[b'n'; 600])
        .file("short", b"1")
        .header(Raw::new(b"s", b'S', 4).gnu().with(386, b"00000001000\x0000000000004\0").with(483, b"00000002000\0"))
        .content(b"data")
        .link("hard", b'1', "short")
        .zeros(2)
        .raw(b"after the end")
        .0
}

/// The smallest file of each compressed kind among the fixtures, and what is made here.
fn samples() -> Vec<(String, Vec<u8>)> {
    let tar = sample();
    let mut samples = vec![
        ("gzip".to_owned(), gzip(&tar)),
        ("gzip members".to_owned(), [gzip(&tar[..100]), gzip(&tar[100..])].concat()),
        ("json".to_owned(), br#"{"a":[1,2,3]}"#.repeat(200)),
        ("text".to_owned(), b"FROM scratch\nADD rootfs.tar.xz /\n".repeat(60)),
        ("binary".to_owned(), (0..=255).cycle().take(3000).collect()),
        ("tar".to_owned(), tar),
    ];
    let names = [
        "archives/xz/good-1-check-crc64.xz",
        "archives/xz/good-1-3delta-lzma2.xz",
        "archives/xz/good-1-x86-lzma2.xz",
        "archives/xz/good-2-lzma2.xz",
        "archives/bzip2/sample3.bz2",
        "archives/zstd/golden-decompression/rle-first-block.zst",
        "archives/zstd/golden-compression/http",
        "archives/go-archive-tar/testdata/sparse-formats.tar",
        "trust/hostile/X01-xz-two-streams.tar.xz",
        "trust/hostile/X08-bz2-two-streams.tar.bz2",
        "trust/hostile/D16-manifest-after-200.tar",
    ];
    for path in names.iter().filter_map(|name| common::fixtures(name)) {
        samples.push((path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap()));
    }
    samples
}

#[test]
fn any_split_gives_the_same_facts() {
    let mut lengths = Lengths(7);
    for (name, bytes) in samples() {
        let whole = format!("{:?}", read([&bytes]));
        for most in [1, 2, 13, 511, 1500, 70_000] {
            if most < 13 && bytes.len() > 50_000 {
                continue;
            }
            let pieces = split(&bytes, &mut lengths, most);
            assert!(format!("{:?}", read(&pieces)) == whole, "{name}, pieces of at most {most}");
        }
    }
}

/// The file stage as another worker would run it: in bites, its facts sent as bytes. Gives what it makes of a compressed file.
struct Elsewhere {
    stage: FileStage,
    windows: Vec<Vec<u8>>,
}

impl Elsewhere {
    fn new() -> Self {
        Self { stage: FileStage::new(&Limits::default()), windows: Vec::new() }
    }

    fn push(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let (bite, later) = rest.split_at(self.stage.bite().min(rest.len()));
            let mut made = Vec::new();
            self.stage.push(bite, &mut |piece| made.extend_from_slice(piece));
            self.windows.push(made);
            rest = later;
        }
    }

    fn end(self) -> (Vec<Vec<u8>>, FileFacts) {
        let Self { stage, mut windows } = self;
        let mut last = Vec::new();
        let facts = stage.finish(&mut |piece| last.extend_from_slice(piece)).to_wire();
        let facts = FileFacts::from_wire(&facts).unwrap();
        windows.push(last);
        (windows, facts)
    }
}

fn read_in_two_places(bytes: &[u8]) -> BlobFacts {
    let (mut file, mut tail) = (Elsewhere::new(), Tail::new("sample", None, &Limits::default()));
    file.push(bytes);
    bytes.chunks(5000).for_each(|piece| tail.file(piece));
    let (windows, facts) = file.end();
    windows.iter().for_each(|window| tail.unpacked(window));
    tail.close(facts)
}

/// What is to be done for the parts of an archive, in its order.
#[derive(Default)]
struct Queue {
    next: u32,
    begun: Vec<(u32, Elsewhere)>,
    ended: Vec<u32>,
}

struct Outbox {
    queue: Arc<Mutex<Queue>>,
    /// How many parts somebody is there for.
    most: u32,
}

impl Errands for Outbox {
    fn begin(&mut self) -> Option<u32> {
        let queue = &mut *self.queue.lock().unwrap();
        let part = (queue.next < self.most).then_some(queue.next)?;
        queue.next += 1;
        queue.begun.push((part, Elsewhere::new()));
        Some(part)
    }

    fn push(&mut self, part: u32, bytes: &[u8]) {
        self.queue.lock().unwrap().begun.iter_mut().find(|(begun, _)| *begun == part).unwrap().1.push(bytes);
    }

    fn end(&mut self, part: u32) {
        self.queue.lock().unwrap().ended.push(part);
    }
}

/// Reads an archive with the file stages of its large parts in a third place, which falls `behind` by so many pieces.
fn read_in_three_places(bytes: &[u8], behind: usize, most: u32) -> (BlobFacts, u32) {
    let queue = Arc::new(Mutex::new(Queue::default()));
    let outbox = Box::new(Outbox { queue: Arc::clone(&queue), most });
    let (mut file, mut tail) = (Elsewhere::new(), Tail::new("sample", None, &Limits::default()).with_errands(outbox));
    let mut ended = Vec::new();
    file.push(bytes);
    let (windows, facts) = file.end();
    let deliver = |tail: &mut Tail, ended: &mut Vec<u32>, keep: usize| {
        ended.append(&mut queue.lock().unwrap().ended);
        for part in ended.drain(..ended.len().saturating_sub(keep)) {
            let place = queue.lock().unwrap().begun.iter().position(|(begun, _)| *begun == part).unwrap();
            let (_, done) = queue.lock().unwrap().begun.remove(place);
            let (windows, facts) = done.end();
            windows.iter().for_each(|window| tail.part_unpacked(part, window));
            tail.part_done(part, facts);
        }
    };
    for piece in bytes.chunks(1 << 20) {
        tail.file(piece);
        deliver(&mut tail, &mut ended, behind);
    }
    for window in &windows {
        tail.unpacked(window);
        deliver(&mut tail, &mut ended, behind);
    }
    tail.end();
    deliver(&mut tail, &mut ended, 0);
    assert_eq!(tail.open_parts(), 0);
    let sent = queue.lock().unwrap().next;
    (tail.close(facts), sent)
}

/// A `docker save` of large layers: plain, compressed, compressed and broken, and one that is no archive at all; small parts between.
fn large_parts() -> Vec<u8> {
    let layer = |seed: u64| {
        // Bytes that do not compress.
        let mut lengths = Lengths(seed);
        let file: Vec<u8> = (0..9 << 20).map(|_| (lengths.next(256) - 1) as u8).collect();
        Tarball::new().file("etc/large", &file).file("etc/small", b"small\n").end()
    };
    let mut broken = gzip(&layer(2));
    let middle = broken.len() / 2;
    broken[middle] ^= 0xff;
    let parts: [(&str, Vec<u8>); 7] = [
        ("a/layer.tar", layer(0)),
        ("a/json", b"{}".to_vec()),
        ("b/layer.tar", gzip(&layer(1))),
        ("c/layer.tar", broken),
        ("d/layer.tar", vec![7; 9 << 20]),
        ("e/layer.tar", layer(3)),
        ("manifest.json", b"[]".to_vec()),
    ];
    parts.iter().fold(Tarball::new(), |tar, (name, content)| tar.file(name, content)).end()
}

#[test]
fn what_reads_can_be_moved_to_another_thread() {
    fn moved<T: Send>(value: T) -> T {
        std::thread::scope(|scope| scope.spawn(|| value).join().unwrap())
    }
    let mut source = moved(Source::new("sample", None, &Limits::default()));
    source.push(b"FROM scratch\n");
    let mut session = moved(layerproof::session::Session::new());
    session.paste("FROM scratch\n");
    assert_eq!(moved(source).close().sha256, Digest::sha256(b"FROM scratch\n"));
    assert_eq!(moved(session).report().evidence.len(), 1);
}

#[test]
fn three_places_find_what_one_finds() {
    let whole = large_parts();
    let cut = &whole[..whole.len() - (5 << 20)];
    for (name, bytes) in [("whole", &whole[..]), ("cut", cut), ("compressed", &gzip(&whole))] {
        let here = format!("{:?}", read([bytes]));
        for (behind, most) in [(0, 9), (1, 9), (9, 9), (0, 1), (1, 0)] {
            let (facts, sent) = read_in_three_places(bytes, behind, most);
            assert!(format!("{facts:?}") == here, "{name}, {behind} behind, {most} parts");
            assert_eq!(sent, most.min(4), "{name}: parts that were read elsewhere");
        }
    }
}

#[test]
fn two_places_find_what_one_finds() {
    let gzips = samples().into_iter().filter(|(name, _)| name == "gzip").flat_map(|(_, gzip)| {
        let (mut flipped, half) = (gzip.clone(), gzip[..gzip.len() / 2].to_vec());
        let middle = gzip.len() / 2;
        flipped[middle] ^= 0xff;
        [("trailing".to_owned(), [&gzip[..], b"more"].concat()), ("cut".to_owned(), half), ("flipped".to_owned(), flipped)]
    });
    let small = [("empty".to_owned(), Vec::new()), ("short".to_owned(), b"abc".to_vec()), ("magic".to_owned(), vec![0x1f, 0x8b])];
    let corpora = ["archives/gzip", "archives/xz", "archives/bzip2", "archives/zstd"].into_iter().filter_map(common::fixtures);
    let corpora = corpora.flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let corpora = corpora.filter(|path| path.is_file()).map(|path| (path.display().to_string(), std::fs::read(path).unwrap()));
    for (name, bytes) in samples().into_iter().chain(gzips).chain(small).chain(corpora) {
        assert_eq!(format!("{:?}", read_in_two_places(&bytes)), format!("{:?}", read([&bytes])), "{name}");
    }
}

#[test]
fn a_cut_anywhere_is_an_error_or_a_shorter_file_and_never_a_panic() {
    for (name, bytes) in samples().into_iter().filter(|(_, bytes)| bytes.len() < 30_000) {
        let step = bytes.len() / 1500 + 1;
        for cut in (0..bytes.len()).step_by(step) {
            let facts = read([&bytes[..cut]]);
            assert_eq!(facts.sha256, Digest::sha256(&bytes[..cut]), "{name} cut at {cut}");
            let compressed = facts.compression.as_ref().is_some_and(|facts| facts.trailing == 0 && facts.members == 1);
            if compressed && !name.contains("two-streams") && !name.contains("members") {
                assert!(facts.error.is_some(), "{name} cut at {cut}");
            }
        }
    }
}

#[test]
fn a_flipped_byte_never_makes_a_panic() {
    for (name, bytes) in samples().into_iter().filter(|(_, bytes)| bytes.len() < 12_000) {
        let mut bytes = bytes;
        let step = bytes.len() / 700 + 1;
        for at in (0..bytes.len()).step_by(step) {
            for value in [0xff, 0x01, 0x80] {
                bytes[at] ^= value;
                assert_eq!(read([&bytes]).sha256, Digest::sha256(&bytes), "{name}");
                bytes[at] ^= value;
            }
        }
    }
}

#[test]
fn parts_of_an_image_are_read_in_the_same_pass() {
    let facts = read([sample()]);
    let tar = facts.tar().unwrap();
    assert_eq!(tar.shape, Shape::Image);
    let nested = |name: &[u8]| tar.entries.iter().find(|entry| &*entry.name == name).and_then(|entry| entry.nested()).unwrap();
    assert!(matches!(&nested(b"manifest.json").content, Content::Json(raw) if raw.starts_with(b"[{")));
    let plain = nested(b"l/layer.tar");
    let packed = nested(b"blobs/sha256/0123456789012345678901234567890123456789012345678901234567890123");
    assert!(plain.diff_id().is_some());
    assert_eq!(plain.diff_id(), packed.diff_id());
    assert_ne!(plain.sha256, packed.sha256);
    let names = |facts: &BlobFacts| facts.tar().unwrap().entries.iter().map(|entry| entry.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(plain), [(*b"etc/").into(), Box::<[u8]>::from(*b"etc/motd")]);
}

#[test]
fn files_of_a_root_file_system_are_not_kept() {
    let rootfs = Tarball::new().file("etc/os-release", b"ID=x\n").file("bin/sh", b"\x7fELF").file("usr/list.json", b"{}").end();
    let facts = read([&rootfs]);
    let tar = facts.tar().unwrap();
    assert_eq!(tar.shape, Shape::Rootfs);
    assert!(tar.entries.iter().all(|entry| entry.extra.is_none() && entry.sha256.is_some()));
}

/// Content of all files of an archive, one after another.
#[derive(Default)]
struct Contents(Vec<u8>);

impl Visitor for Contents {
    fn entry(&mut self, _header: &Header) {}
    fn data(&mut self, content: &[u8]) {
        self.0.extend_from_slice(content);
    }
    fn end_entry(&mut self) {}
}

#[test]
fn a_second_pass_feeds_everyone_at_once() {
    let packed = gzip(&sample());
    let facts = read([&packed]);
    let layer = facts.tar().unwrap().entries.iter().find(|entry| &*entry.name == b"l/layer.tar").unwrap();
    let (mut file, mut stream, mut content) = (Sha256::new(), Sha256::new(), Sha256::new());
    let mut one = OneEntry::new(layer.at, &mut content);
    let mut pass = Pass::new(facts.sha256, &Limits::default());
    pass.file(&mut file).stream(&mut stream).tar(&mut one);
    for piece in split(&packed, &mut Lengths(1), 300) {
        pass.push(piece).unwrap();
    }
    pass.close().unwrap();
    assert!(one.found());
    assert_eq!(content.digest(), layer.digest().unwrap());
    assert_eq!(file.digest(), facts.sha256);
    assert_eq!(Some(stream.digest()), facts.stream.map(|stream| stream.sha256));
}

#[test]
fn a_source_that_changed_gives_no_second_pass() {
    let packed = gzip(&sample());
    let facts = read([&packed]);
    let other = gzip(&Tarball::new().file("f", b"other").end());
    let mut contents = Contents::default();
    let mut pass = Pass::new(facts.sha256, &Limits::default());
    pass.tar(&mut contents);
    pass.push(&other).unwrap();
    assert_eq!(pass.close().unwrap_err().code, "intake.changed");
}

/// What Go's tests of cut archives expect: the number of headers read, and whether the end is clean.
#[test]
fn archives_cut_as_go_cuts_them() {
    let Some(folder) = common::fixtures("archives/go-archive-tar/testdata") else { return };
    let file = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let first = file("gnu.tar");
    let mut second = file("ustar-file-reg.tar");
    let pax = file("pax-path-hdr.tar");
    let sparse = file("sparse-formats.tar");
    second.truncate(1536);
    second.extend([0; 10 * 512]);
    let trash = b"garbage ".repeat(64);
    let joined = |bytes: &[u8], tail: &[u8]| [bytes, tail].concat();
    let cases: Vec<(Vec<u8>, usize, Option<&str>)> = vec![
        (Vec::new(), 0, None),
        (first[..511].to_vec(), 0, Some("intake.tar-truncated")),
        (first[..512].to_vec(), 1, Some("intake.tar-truncated")),
        (first[..1024].to_vec(), 1, None),
        (first[..1536].to_vec(), 2, Some("intake.tar-truncated")),
        (first[..2048].to_vec(), 2, None),
        (first.clone(), 2, None),
        (second[..511].to_vec(), 0, Some("intake.tar-truncated")),
        (second[..1195].to_vec(), 1, Some("intake.tar-truncated")),
        (second[..1196].to_vec(), 1, None),
        (second[..1535].to_vec(), 1, None),
        (joined(&second[..1536], &trash[..1]), 1, Some("intake.tar-truncated")),
        (joined(&second[..1536], &trash), 1, Some("intake.tar-sum")),
        (second[..2048].to_vec(), 1, None),
        (joined(&second[..2048], &trash[..511]), 1, Some("intake.tar-truncated")),
        (joined(&second[..2048], &trash), 1, Some("intake.tar-lone-zero-block")),
        (second[..2560].to_vec(), 1, None),
        (joined(&second[..2560], &trash), 1, None),
        (pax.clone(), 0, None),
        (joined(&pax, &trash[..1]), 0, Some("intake.tar-truncated")),
        (sparse[..511].to_vec(), 0, Some("intake.tar-truncated")),
        (sparse[..3584].to_vec(), 1, None),
    ];
    for (at, (bytes, headers, refused)) in cases.iter().enumerate() {
        let (mut count, mut walk) = (Count(0), Walk::new(&Limits::default()));
        let result = walk.push(bytes, &mut count).and_then(|()| walk.finish(&mut count).map(drop));
        assert_eq!((count.0, result.err().map(|error| error.code)), (*headers, *refused), "case {at}");
    }
}

struct Count(usize);

impl Visitor for Count {
    fn entry(&mut self, _header: &Header) {
        self.0 += 1;
    }
    fn data(&mut self, _content: &[u8]) {}
    fn end_entry(&mut self) {}
}

fn all_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all_below(&path, found) } else { found.push(path) }
    }
}

#[test]
fn image_archives_of_other_projects_are_read() {
    let Some(folder) = common::fixtures("images") else { return };
    let (mut files, mut layers, mut wrong) = (Vec::new(), 0, Vec::new());
    all_below(&folder, &mut files);
    files.sort();
    for path in files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "tar" || extension == "zst")) {
        let facts = read([std::fs::read(path).unwrap()]);
        let Some(tar) = facts.tar().filter(|_| facts.error.is_none()) else {
            wrong.push(format!("{}: {:?} {:?}", path.display(), facts.content, facts.error));
            continue;
        };
        layers += tar.entries.iter().filter_map(|entry| entry.nested()).filter(|nested| nested.diff_id().is_some()).count();
        wrong.extend(
            tar.entries
                .iter()
                .filter_map(|entry| entry.nested())
                .filter_map(|nested| nested.error.as_ref().map(|error| format!("{}: {}: {error}", path.display(), nested.name))),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(layers > 50, "{layers}");
}

#[test]
fn root_file_systems_give_their_published_diff_id() {
    let Some(folder) = common::fixtures("official/rootfs") else { return };
    let mut files = Vec::new();
    all_below(&folder, &mut files);
    let tarballs = files.iter().filter(|path| path.to_string_lossy().contains(".tar."));
    for path in tarballs.take(6) {
        let facts = read([std::fs::read(path).unwrap()]);
        let tar = facts.tar().unwrap();
        assert!(facts.diff_id().is_some() && tar.shape == Shape::Rootfs, "{}", path.display());
        assert_eq!(facts.divergences().count(), 0, "{}", path.display());
    }
}
