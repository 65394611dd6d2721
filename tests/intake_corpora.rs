//! Corpora of other projects: compressed files that are good, bad or unsupported by their name, and Go's own tar archives.
#![allow(clippy::unwrap_used)]

mod common;

use layerproof::digest::Digest;
use layerproof::finding::ReadError;
use layerproof::intake::limits::Limits;
use layerproof::intake::tar::{Header, Visitor, Walk};
use layerproof::intake::{BlobFacts, Compression, Content, Decompressor, Kind, Source};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

fn decompress(format: Compression, bytes: &[u8]) -> Result<Vec<u8>, ReadError> {
    let mut output = Vec::new();
    let mut decompressor = Decompressor::new(format, &Limits::default());
    decompressor.push(bytes, &mut |piece| {
        output.extend_from_slice(piece);
        ControlFlow::Continue(())
    })?;
    decompressor.finish().map(|_| output)
}

fn read(name: &str, bytes: &[u8]) -> BlobFacts {
    let mut source = Source::new(name, Some(bytes.len() as u64), &Limits::default());
    source.push(bytes);
    source.close()
}

#[test]
fn xz_files_are_judged_as_their_names_say() {
    let Some(folder) = common::fixtures("archives/xz") else { return };
    let (mut judged, mut wrong) = (0, Vec::new());
    for path in files(&folder).iter().filter(|path| name(path).ends_with(".xz")) {
        let bytes = std::fs::read(path).unwrap();
        // A first stream without its magic is no xz file at all; that is for the sniffing to say.
        let verdict = decompress(Compression::Xz, &bytes);
        let expected = name(path).split('-').next().unwrap();
        let fits = match &verdict {
            Ok(_) => expected == "good",
            Err(error) if expected == "unsupported" => error.code == "intake.compressed-unsupported",
            Err(_) => expected == "bad",
        };
        judged += 1;
        if !fits {
            wrong.push(format!("{}: {:?}", name(path), verdict.map(|output| output.len())));
        }
    }
    assert!(judged > 50, "{judged}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn lzma_and_lzip_files_are_recognised_and_not_extracted() {
    let Some(folder) = common::fixtures("archives/xz") else { return };
    for path in files(&folder) {
        let kind = match path.extension().and_then(|extension| extension.to_str()) {
            Some("lz") if !name(&path).contains("-v1-magic-") => Kind::Lzip,
            Some("lzma") => Kind::Lzma,
            _ => continue,
        };
        let facts = read(name(&path), &std::fs::read(&path).unwrap());
        assert!(matches!(facts.content, Content::Other(found) if found == kind), "{}: {:?}", name(&path), facts.content);
    }
}

#[test]
fn bzip2_files_equal_their_references() {
    let Some(folder) = common::fixtures("archives/bzip2") else { return };
    for sample in ["sample1", "sample2", "sample3"] {
        let packed = std::fs::read(folder.join(sample).with_extension("bz2")).unwrap();
        let expected = std::fs::read(folder.join(sample).with_extension("ref")).unwrap();
        assert!(decompress(Compression::Bzip2, &packed) == Ok(expected), "{sample}");
        let twice = [&packed[..], &packed].concat();
        assert!(decompress(Compression::Bzip2, &twice).is_ok());
    }
}

#[test]
fn zstd_golden_files() {
    let Some(folder) = common::fixtures("archives/zstd/golden-decompression") else { return };
    let empty = std::fs::read(folder.join("empty-block.zst")).unwrap();
    assert_eq!(decompress(Compression::Zstd, &empty), Ok(Vec::new()));
    let rle = std::fs::read(folder.join("rle-first-block.zst")).unwrap();
    assert_eq!(
        decompress(Compression::Zstd, &rle).map(|output| (output.len(), output.iter().all(|byte| *byte == 0))),
        Ok((1 << 20, true))
    );
    let dictionary = std::fs::read(folder.join("../golden-dictionaries/http-dict-missing-symbols")).unwrap();
    assert!(matches!(read("dictionary", &dictionary).content, Content::Other(Kind::ZstdDictionary)));
}

#[test]
fn a_gzip_file_that_crashed_old_readers_is_refused() {
    let Some(file) = common::fixtures("archives/gzip/hufts-segv.gz") else { return };
    let facts = read("hufts-segv.gz", &std::fs::read(file).unwrap());
    assert_eq!(facts.error.map(|error| error.code), Some("intake.compressed-corrupt"));
}

/// Names, sizes and link targets without hashing gigabytes of holes.
#[derive(Default)]
struct Listing(Vec<Header>);

impl Visitor for Listing {
    fn entry(&mut self, header: &Header) {
        self.0.push(header.clone());
    }
    fn data(&mut self, _content: &[u8]) {}
    fn hole(&mut self, _len: u64) {}
    fn end_entry(&mut self) {}
}

fn list(bytes: &[u8]) -> (Vec<Header>, Option<&'static str>) {
    let mut limits = Limits::default();
    limits.set("output", u64::MAX).unwrap();
    limits.set("holes", u64::MAX).unwrap();
    let mut listing = Listing::default();
    let mut walk = Walk::new(&limits);
    let result = walk.push(bytes, &mut listing).and_then(|()| walk.finish(&mut listing).map(drop));
    (listing.0, result.err().map(|error| error.code))
}

/// What Go's own tests expect of these archives: names and sizes as its reader gives them, or a refusal.
const GO: &[(&str, &[(&str, u64)], Option<&str>)] = &[
    ("file-and-dir.tar", &[("small.txt", 5), ("dir/", 0)], None),
    ("gnu-incremental.tar", &[("test2/", 14), ("test2/foo", 64), ("test2/sparse", 536_870_912)], None),
    ("gnu-long-nul.tar", &[("0123456789", 0)], None),
    ("gnu-multi-hdrs.tar", &[("GNU2/GNU2/long-path-name", 0)], None),
    ("gnu-nil-sparse-data.tar", &[("sparse.db", 1000)], None),
    ("gnu-nil-sparse-hole.tar", &[("sparse.db", 1000)], None),
    ("gnu-not-utf8.tar", &[("hi<0x80><0x81><0x82><0x83>bye", 0)], None),
    ("gnu-sparse-big.tar", &[("gnu-sparse", 60_000_000_000)], None),
    ("gnu-utf8.tar", &[("☺☻☹☺☻☹☺☻☹☺☻☹☺☻☹☺☻☹☺☻☹☺☻☹☺☻☹☺☻☹☺☻☹☺☻☹☺☻☹☺☻☹☺☻☹☺☻☹☺☻☹☺☻☹", 0)], None),
    ("gnu.tar", &[("small.txt", 5), ("small2.txt", 11)], None),
    ("hardlink.tar", &[("file.txt", 15), ("hard.txt", 0)], None),
    (
        "hdr-only.tar",
        &[
            ("dir/", 0),
            ("fifo", 0),
            ("file", 46),
            ("hardlink", 0),
            ("null", 0),
            ("sda", 0),
            ("symlink", 0),
            ("badlink", 0),
            ("dir/", 5),
            ("fifo", 5),
            ("file", 46),
            ("hardlink", 5),
            ("null", 5),
            ("sda", 5),
            ("symlink", 5),
            ("badlink", 5),
        ],
        None,
    ),
    (
        "invalid-go17.tar",
        &[("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/foo", 0)],
        None,
    ),
    ("issue10968.tar", &[], Some("intake.tar-sum")),
    ("issue11169.tar", &[], Some("intake.pax-record")),
    ("issue12435.tar", &[], Some("intake.tar-number")),
    ("neg-size.tar", &[], Some("intake.tar-number")),
    ("nil-uid.tar", &[("P1050238.JPG.log", 14)], None),
    ("pax-bad-hdr-file.tar", &[], Some("intake.pax-record")),
    ("pax-bad-mtime-file.tar", &[], Some("intake.pax-value")),
    (
        "pax-global-records.tar",
        &[("global1", 0), ("file1", 0), ("file2", 0), ("GlobalHead.0.0", 0), ("file3", 0), ("file4", 0)],
        None,
    ),
    ("pax-multi-hdrs.tar", &[("bar", 0)], None),
    ("pax-nil-sparse-data.tar", &[("sparse.db", 1000)], None),
    ("pax-nil-sparse-hole.tar", &[("sparse.db", 1000)], None),
    ("pax-nul-path.tar", &[], Some("intake.pax-record")),
    ("pax-nul-xattrs.tar", &[], Some("intake.pax-record")),
    // An extended header with nothing after it describes nothing.
    ("pax-path-hdr.tar", &[], None),
    ("pax-pos-size-file.tar", &[("foo", 999)], None),
    ("pax-records.tar", &[("file", 0)], None),
    ("pax-sparse-big.tar", &[("pax-sparse", 60_000_000_000)], None),
    (
        "sparse-formats.tar",
        &[("sparse-gnu", 200), ("sparse-posix-0.0", 200), ("sparse-posix-0.1", 200), ("sparse-posix-1.0", 200), ("end", 4)],
        None,
    ),
    ("star.tar", &[("small.txt", 5), ("small2.txt", 11)], None),
    (
        "trailing-slash.tar",
        &[(
            "123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/",
            0,
        )],
        None,
    ),
    ("ustar-file-devs.tar", &[("file", 0)], None),
    ("ustar-file-reg.tar", &[("foo", 684)], None),
    ("v7.tar", &[("small.txt", 5), ("small2.txt", 11)], None),
    ("xattrs.tar", &[("small.txt", 5), ("small2.txt", 11)], None),
];

#[test]
fn go_tar_archives_read_as_go_reads_them() {
    let Some(folder) = common::fixtures("archives/go-archive-tar/testdata") else { return };
    let mut wrong = Vec::new();
    for (file, entries, error) in GO {
        let (found, refused) = list(&std::fs::read(folder.join(file)).unwrap());
        let shown: Vec<(String, u64)> =
            found.iter().map(|header| (layerproof::finding::visible(&header.name), header.size)).collect();
        let same =
            shown.len() == entries.len() && shown.iter().zip(*entries).all(|(left, right)| (left.0.as_str(), left.1) == *right);
        if !same || refused != *error {
            wrong.push(format!("{file}: {shown:?} {refused:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn sparse_files_of_every_format_expand_to_the_same_content() {
    let Some(file) = common::fixtures("archives/go-archive-tar/testdata/sparse-formats.tar") else { return };
    let facts = read("sparse-formats.tar", &std::fs::read(file).unwrap());
    let digests: Vec<Digest> =
        facts.tar().unwrap().entries.iter().filter(|entry| entry.size == 200).filter_map(|entry| entry.digest()).collect();
    assert_eq!(digests.len(), 4);
    assert!(digests.iter().all(|digest| *digest == digests[0]));
}

#[test]
fn details_of_go_tar_archives() {
    let Some(folder) = common::fixtures("archives/go-archive-tar/testdata") else { return };
    let first = |file: &str| list(&std::fs::read(folder.join(file)).unwrap()).0.swap_remove(0);
    let pax = first("pax.tar");
    assert_eq!((pax.mtime, pax.mtime_nanos, pax.name.len()), (1_350_244_992, 23_960_108, 194));
    let xattrs = first("xattrs.tar");
    assert_eq!(
        xattrs.xattrs.iter().map(|(name, _)| name.as_slice()).collect::<Vec<_>>(),
        [&b"security.selinux"[..], b"user.key", b"user.key2"]
    );
    let star = first("star.tar");
    assert_eq!((star.uid, star.gid, star.mode & 0o7777, star.user.as_slice()), (73_025, 5_000, 0o640, &b"dsymonds"[..]));
}
