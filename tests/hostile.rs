//! What people really drop, and inputs that were made to mislead, through the whole way: the outcome is read from the report.
//! Numbers such as D15 are those of the measured table; `oci_hostile.rs` has the rows on documents, `archive_ambiguity.rs` those
//! on tar and compression.
#![allow(clippy::unwrap_used)]

mod common;

use common::evidence::{Given, contradictions, count};
use common::image::{File, Image, Parts, archive, gzip};
use common::tarball::Tarball;
use layerproof::report::model::{Evidence, Report, Verdict};

fn all(report: &Report) -> Vec<&Evidence> {
    fn walk<'r>(evidence: &'r Evidence, found: &mut Vec<&'r Evidence>) {
        found.push(evidence);
        evidence.parts.iter().for_each(|part| walk(part, found));
    }
    let mut found = Vec::new();
    report.evidence.iter().for_each(|evidence| walk(evidence, &mut found));
    found
}

fn errors(report: &Report) -> Vec<&str> {
    all(report).into_iter().filter_map(|evidence| Some(evidence.error.as_ref()?.code.as_str())).collect()
}

/// The findings of what was given, each of which must say something.
fn findings(report: &Report) -> Vec<&str> {
    let found = report.evidence.iter().flat_map(|evidence| &evidence.findings);
    found.inspect(|finding| assert!(!finding.text.is_empty() && finding.text != finding.code)).map(|f| f.code.as_str()).collect()
}

fn one(name: &str, bytes: &[u8]) -> Report {
    Given::new().bytes(name, bytes).report()
}

#[test]
fn what_stands_for_a_file_is_told_from_the_file() {
    for (name, bytes, code) in [
        ("Dockerfile", &b"<!DOCTYPE html>\n<html><body>FROM scratch</body></html>"[..], "intake.kind-html"),
        (
            "rootfs.tar.xz",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n",
            "intake.kind-lfs-pointer",
        ),
        ("Dockerfile", b"../jammy/Dockerfile", "intake.kind-symlink-text"),
        ("repo-main.zip", b"PK\x03\x04\x14\0\0\0\0\0", "intake.kind-zip"),
        ("photo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "intake.kind-picture"),
    ] {
        let report = one(name, bytes);
        assert_eq!(findings(&report), [code], "{name}");
        assert_eq!(report.evidence[0].kind, "unknown", "{name}");
        assert!(!report.evidence[0].findings[0].advice.is_empty(), "{name} says what to bring instead");
        assert!(report.summary.text.contains("what to bring instead"), "{}", report.summary.text);
    }
}

#[test]
fn a_container_export_is_told_from_an_image() {
    for mark in [".dockerenv", "run/.containerenv"] {
        let root = ["bin", "dev", "etc", "proc", "sys", "usr"]
            .iter()
            .fold(Tarball::new(), |tar, name| tar.entry(name.as_bytes(), b'5', b""));
        let export = root.file(mark, b"").file("bin/sh", b"#!").end();
        let report = one("export.tar", &export);
        assert_eq!(findings(&report), ["case.container-export"]);
        assert!(report.evidence[0].findings[0].advice.contains("docker save"));
    }
}

#[test]
fn a_partial_download_proves_nothing() {
    let image = Image::new(Parts::default());
    let saved = archive(&image.saved());
    for cut in [600, 700, 1500, saved.len() / 2 + 300, saved.len() - 1024 - 300] {
        let report = one("image.tar", &saved[..cut]);
        assert_eq!(errors(&report).first(), Some(&"intake.tar-truncated"), "{cut} {:?}", errors(&report));
    }
    let packed = gzip(&image.layers[0], 6);
    for cut in [5, 20, packed.len() / 2, packed.len() - 1] {
        let report = one("rootfs.tar.gz", &packed[..cut]);
        assert_eq!(errors(&report).len(), 1, "{cut}");
        assert_eq!(count(&report, "archive-ambiguity", Verdict::Agrees), 0, "{cut}");
        assert!(report.summary.text.contains("what to bring instead"), "{cut} {}", report.summary.text);
    }
}

#[test]
fn a_checkout_has_files_that_nobody_asked_about() {
    let report = Given::new()
        .bytes("repo/Dockerfile", b"FROM scratch\nADD rootfs.tar.gz /\nCMD [\"sh\"]\n")
        .bytes("repo/Dockerfile.template", b"{{ include \"shared\" }}\nFROM {{ .from }}\n")
        .bytes(
            "repo/README.md",
            b"# Image\n\nIts digest is sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.\n\nMore.\n",
        )
        .bytes("repo/LICENSE", b"MIT License\n\nCopyright\n")
        .bytes("repo/.github/workflows/ci.yml", b"name: CI\non: push\n")
        .bytes("repo/update.sh", b"#!/usr/bin/env bash\nset -e\n")
        .bytes("repo/logo.png", b"\x89PNG\r\n\x1a\n")
        .bytes("repo/.gitkeep", b"")
        .bytes("repo/rootfs.tar.gz", &gzip(&Image::new(Parts::default()).layers[0], 6))
        .report();
    assert_eq!(errors(&report), Vec::<&str>::new());
    assert_eq!(count(&report, "digest-claim", Verdict::Unknown), 0);
    let unneeded: Vec<&str> =
        report.evidence.iter().filter(|evidence| evidence.kind == "file").map(|evidence| evidence.name.as_str()).collect();
    assert_eq!(unneeded.len(), 6 + usize::from(unneeded.contains(&"Dockerfile.template")), "{unneeded:?}");
    assert!(report.evidence.iter().all(|evidence| evidence.kind != "unknown"), "{:?}", report.evidence);
}

#[test]
fn what_is_missing_in_a_checkout_is_said() {
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 1\n";
    let report = Given::new().bytes("repo/Dockerfile", b"FROM scratch\nADD a.tar /\n").bytes("repo/a.tar", pointer).report();
    assert_eq!(findings(&report), ["intake.kind-lfs-pointer"]);
    let report = Given::new().bytes("repo/Dockerfile", b"FORM scratch\n").report();
    assert_eq!(errors(&report).len(), 1, "a Dockerfile that is none is an error in a folder too");
}

/// D15, D14: links in place of layers.
#[test]
fn links_of_an_archive_stay_inside() {
    let image = Image::new(Parts { layers: vec![common::image::layer("a", "b")], ..Parts::default() });
    let folder = "1a".repeat(32);
    let with = |target: &str| {
        let mut files = image.saved_before_25();
        files.retain(|file| !file.name.ends_with("layer.tar"));
        let mut bytes = archive(&files);
        bytes.truncate(bytes.len() - 1024);
        let tar = Tarball(bytes).link(&format!("{folder}/layer.tar"), b'2', target).file("real.tar", &image.layers[0]);
        one("image.tar", &tar.end())
    };
    let inside = with("../real.tar");
    assert_eq!((errors(&inside).len(), count(&inside, "diff-id", Verdict::Proved)), (0, 1));
    for outside in ["../../../etc/passwd", "/etc/passwd"] {
        let report = with(outside);
        assert_eq!(errors(&report), ["oci.name-outside"], "{outside}");
        // The very layer lies elsewhere in the archive, where the list does not name it.
        assert_eq!(count(&report, "diff-id", Verdict::Proved), 0, "{outside}");
    }
}

#[test]
fn a_list_that_names_nothing_beside_the_very_part_is_contradicted() {
    let image = Image::new(Parts::default());
    for files in [image.saved(), image.saved_before_25()] {
        let mut files = files;
        let list = files.iter_mut().find(|file| file.name == "manifest.json").unwrap();
        let text = String::from_utf8(list.bytes.clone()).unwrap();
        let layers = text.find("Layers").unwrap();
        let from = layers + text[layers..].find('[').unwrap() + 4;
        let mut changed = text.into_bytes();
        changed[from] = b'0';
        list.bytes = changed;
        let report = one("image.tar", &archive(&files));
        assert_eq!(count(&report, "descriptor", Verdict::Contradicted), 1, "{:?}", contradictions(&report));
    }
    // D08: a layer that is not there at all is only missing.
    let mut files = image.saved_before_25();
    files.retain(|file| !file.name.starts_with("1a") || !file.name.ends_with("layer.tar"));
    let report = one("image.tar", &archive(&files));
    assert_eq!(contradictions(&report), Vec::<String>::new());
    assert_eq!(count(&report, "diff-id", Verdict::Unknown), 1);
}

#[test]
fn layer_content_that_docker_history_hides_is_loud_in_an_archive() {
    let mut image = Image::new(Parts::default());
    image.config = image.config.replacen(r#","history":[{"created_by":"ADD rootfs.tar / # buildkit"},"#, r#","history":["#, 1);
    let report = one("image.tar", &archive(&image.saved_before_25()));
    let check = report.checks.iter().find(|check| check.kind == "history-layers").unwrap();
    assert_eq!(check.verdict, Verdict::Contradicted);
    assert!(report.summary.text.contains("docker history"), "{}", report.summary.text);
    assert!(check.details.iter().any(|detail| detail.text.contains("layer 2")), "{check:?}");
}

/// W07: the same file twice, and two files of one name.
#[test]
fn files_are_told_apart_by_their_digest() {
    let (first, second) = (b"FROM scratch\nCMD [\"a\"]\n", b"FROM scratch\nCMD [\"b\"]\n");
    let report = Given::new().bytes("Dockerfile", first).bytes("Dockerfile", second).report();
    assert_eq!(report.evidence.len(), 2);
    assert_ne!(report.evidence[0].id, report.evidence[1].id);
    let saved = archive(&Image::new(Parts::default()).saved());
    let once = one("image.tar", &saved);
    let twice = Given::new().bytes("image.tar", &saved).bytes("copy.tar", &saved).report();
    assert_eq!(twice.evidence.len(), 2);
    assert_ne!(twice.evidence[0].id, twice.evidence[1].id);
    let proved = |report: &Report| count(report, "descriptor", Verdict::Proved);
    assert_eq!(proved(&twice), proved(&once), "the same edges are not counted twice");
}

/// W06, T62: nothing at all.
#[test]
fn an_empty_file_is_an_error() {
    let report = one("image.tar", b"");
    assert_eq!(errors(&report).len(), 1);
    assert!(!report.evidence[0].error.as_ref().unwrap().advice.is_empty());
}

/// D13, D16, D19, D21: archives that are odd and right.
#[test]
fn odd_archives_that_are_right_are_not_accused() {
    let (good, other) = (Image::new(Parts::default()), Image::new(Parts { architecture: "arm64", ..Parts::default() }));
    let mut packed = good.saved_before_25();
    for file in packed.iter_mut().filter(|file| file.name.ends_with("layer.tar")) {
        file.bytes = gzip(&file.bytes, 6);
    }
    let report = one("image.tar", &archive(&packed));
    assert_eq!((contradictions(&report).len(), count(&report, "diff-id", Verdict::Proved)), (0, 2));

    let mut two: Vec<File> = good.oci();
    let known: Vec<String> = two.iter().map(|file| file.name.clone()).collect();
    two.extend(other.oci().into_iter().filter(|file| !known.contains(&file.name)));
    let second = &other.index[other.index.find("[{").unwrap() + 1..other.index.len() - 2];
    let index = two.iter_mut().find(|file| file.name == "index.json").unwrap();
    index.bytes = good.index.replace("]}", &format!(",{second}]}}")).into_bytes();
    let report = one("image.tar", &archive(&two));
    assert_eq!(contradictions(&report), Vec::<String>::new());
    assert_eq!(count(&report, "platform", Verdict::Agrees), 2);

    let mut none = good.oci();
    none.retain(|file| file.name.starts_with("blobs/"));
    let report = one("image.tar", &archive(&none));
    assert!(report.checks.iter().all(|check| check.verdict != Verdict::Contradicted));
}

#[test]
fn a_text_with_a_sentence_that_begins_with_from_is_no_dockerfile() {
    let prose = b"# Notes\nYou have an image, a tarball and a few digests. Does it come\nfrom this Dockerfile?\nThe answer says what it proves.\n";
    assert_eq!(errors(&one("README.md", prose)), ["case.unknown-text"]);
    let typo = b"FROM scratch\nFETCH something\nCMD [\"/bin/sh\"]\n";
    assert_eq!(one("recipe", typo).evidence[0].kind, "dockerfile");
    assert_eq!(one("Dockerfile", prose).evidence[0].kind, "dockerfile");
}

/// Windows PowerShell 5 writes what a program prints as UTF-16.
fn powershell(text: &str) -> Vec<u8> {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

#[test]
fn what_a_windows_shell_wrote_is_read_where_no_digest_is_over_it() {
    let digest = format!("sha256:{}", "ab".repeat(32));
    let history = "IMAGE          CREATED       CREATED BY        SIZE      COMMENT\n90e47d88ba9f   2 weeks ago   /bin/sh -c true   0B        \n";
    let digests = format!("REPOSITORY   TAG       DIGEST    IMAGE ID\nubuntu       22.04     {digest}   3b418d7b466a\n");
    let inspect =
        format!(r#"[{{"Id":"{digest}","RepoTags":["a:1"],"RepoDigests":[],"Config":{{}},"RootFS":{{"Type":"layers"}}}}]"#);
    for (text, kind) in
        [(history, "history"), (&digests, "claims"), (&inspect, "inspect"), (&format!("{digest}  x\n"), "checksum-list")]
    {
        let report = one("printed.txt", &powershell(text));
        assert_eq!((report.evidence[0].kind.as_str(), errors(&report).len()), (kind, 0), "{text}");
    }
    for text in [
        r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#,
        r#"{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[]},"history":[{"created_by":"x"}]}"#,
    ] {
        assert_eq!(errors(&one("document.json", &powershell(text))), ["json.utf16"], "{text}");
    }
}

#[test]
fn digests_without_names_are_claims() {
    let lines = |count: usize| (0..count).map(|number| format!("sha256:{number:064x}\n")).collect::<String>();
    assert_eq!(one("ids.txt", lines(3).as_bytes()).evidence[0].kind, "claims");
    assert_eq!(one("rootfs.tar.xz.sha256", lines(1).as_bytes()).evidence[0].kind, "checksum-list");
    let pinned = format!("FROM debian@sha256:{:064x}\n", 7);
    assert_eq!(one("pasted.txt", pinned.as_bytes()).evidence[0].kind, "claims");
    assert_eq!(one("web.Dockerfile", pinned.as_bytes()).evidence[0].kind, "dockerfile");
}

/// A Dockerfile of a base image's version, and the history that the classic builder writes for it.
fn version(number: u32) -> (String, String) {
    let file = format!("FROM debian:12\nENV VERSION {number}\nRUN make\nCMD [\"run\"]\n");
    let history = format!(
        "/bin/sh -c #(nop)  CMD [\"run\"]\n/bin/sh -c make\n/bin/sh -c #(nop)  ENV VERSION={number}\n/bin/sh -c #(nop)  CMD [\"bash\"]\n"
    );
    (file, history)
}

fn verdicts(report: &Report, kind: &str) -> Vec<Verdict> {
    report.checks.iter().filter(|check| check.kind == kind).map(|check| check.verdict).collect()
}

#[test]
fn of_a_checkout_the_dockerfile_that_fits_speaks_for_the_folder() {
    let folder = |given: Given, root: &str, numbers: &[u32]| {
        numbers
            .iter()
            .fold(given, |given, number| given.bytes(&format!("{root}{number}/Dockerfile"), version(*number).0.as_bytes()))
    };
    let history = version(2).1;
    let fits = folder(Given::new(), "checkout/", &[1, 2, 3]).bytes("history.txt", history.as_bytes()).report();
    assert_eq!(verdicts(&fits, "dockerfile-history"), [Verdict::Agrees]);
    let check = fits.checks.iter().find(|check| check.kind == "dockerfile-history").unwrap();
    assert!(
        check.subject.contains("2/Dockerfile") && check.details.iter().any(|detail| detail.code == "dockerfile-history.others")
    );
    assert!(fits.alignments.iter().all(|alignment| alignment.verdict == Verdict::Agrees));

    let none = folder(Given::new(), "checkout/", &[1, 3]).bytes("history.txt", history.as_bytes()).report();
    assert_eq!(verdicts(&none, "dockerfile-history"), [Verdict::Contradicted], "none fits, and the closest says so");
    // Files given one by one are each meant.
    let loose = Given::new().bytes("Dockerfile", version(1).0.as_bytes()).bytes("history.txt", history.as_bytes());
    let report = folder(loose, "checkout/", &[2, 3]).report();
    assert_eq!(verdicts(&report, "dockerfile-history"), [Verdict::Contradicted, Verdict::Agrees]);
}

#[test]
fn pairs_beyond_the_limit_are_told() {
    let mut given = Given::new();
    for number in 0..20 {
        let (file, history) = version(number);
        given =
            given.bytes(&format!("Dockerfile.{number}"), file.as_bytes()).bytes(&format!("h{number}.txt"), history.as_bytes());
    }
    let report = given.report();
    assert!(report.checks.iter().any(|check| check.kind == "dockerfile-history" && check.text.contains("144 more pairs")));
}

#[test]
fn texts_part_where_they_differ_and_not_where_the_export_leaves_words_out() {
    let record = "### `app:1` - linux; amd64\n\n```dockerfile\n# Tue, 12 Dec 2017 01:41:34 GMT\nENV VERSION=2\n# Tue, 12 Dec 2017 01:41:35 GMT\nRUN make\n```\n";
    let report = Given::new()
        .bytes("Dockerfile", b"FROM scratch\nENV VERSION=1\nRUN make\n")
        .bytes("record.md", record.as_bytes())
        .report();
    let why: Vec<&str> = report.alignments[0].rows.iter().map(|row| row.why.as_str()).collect();
    assert!(why.iter().any(|why| why.contains("at character 13") && why.contains("“ENV VERSION=1”")), "{why:?}");
}
