//! A tarball beside an image, and two images beside each other: the level at which they part, and what differs below it.
#![allow(clippy::unwrap_used)]

mod common;

use common::evidence::Given;
use common::image::{Image, Parts, archive, gzip};
use common::tarball::{Raw, Tarball};
use layerproof::report::model::{Check, Report, Verdict};

fn check<'r>(report: &'r Report, kind: &str) -> Option<&'r Check> {
    let mut found = report.checks.iter().filter(|check| check.kind == kind);
    let first = found.next();
    assert!(found.next().is_none(), "more than one {kind}: {:?}", report.checks);
    first
}

fn codes(check: &Check) -> Vec<&str> {
    check.details.iter().map(|detail| detail.code.as_str()).collect()
}

/// A root file system; `time` is the header field of every entry, `files` come in this order.
fn rootfs(time: &str, files: &[(&str, &str)]) -> Vec<u8> {
    let entry = |tar: Tarball, (name, content): &(&str, &str)| {
        let raw = Raw::new(name.as_bytes(), b'0', content.len() as u64).with(136, time.as_bytes());
        tar.header(raw).content(content.as_bytes())
    };
    files.iter().fold(Tarball::new(), entry).end()
}

const NOW: &str = "14000000000\0";
const LATER: &str = "14000000001\0";
const FILES: [(&str, &str); 4] =
    [("bin/sh", "#!"), ("etc/hostname", "a"), ("etc/passwd", "root"), ("usr/lib/os-release", "ID=x")];

fn image(layers: &[Vec<u8>]) -> Image {
    Image::new(Parts { layers: layers.to_vec(), ..Parts::default() })
}

fn beside(tarball: &[u8], layer: &[u8]) -> Report {
    let image = archive(&image(&[layer.to_vec()]).oci());
    Given::new().bytes("rootfs.tar", tarball).bytes("image.tar", &image).report()
}

#[test]
fn a_tarball_is_graded_against_the_closest_layer() {
    let layer = rootfs(NOW, &FILES);
    let mut turned = FILES;
    turned.reverse();
    let mut changed = FILES;
    changed[1].1 = "b";
    for (tarball, verdict, code) in [
        (gzip(&layer, 9), Verdict::Proved, "this very file"),
        (layer.clone(), Verdict::Proved, "same bytes"),
        (gzip(&layer, 1), Verdict::Proved, "same bytes"),
        (rootfs(NOW, &turned), Verdict::Proved, "only the order"),
        (rootfs(LATER, &FILES), Verdict::Proved, "4 of them have another time"),
        (rootfs(NOW, &changed), Verdict::Contradicted, "1 path differ"),
    ] {
        let report = beside(&tarball, &layer);
        let check = check(&report, "layer-tarball").unwrap();
        assert_eq!(check.verdict, verdict, "{code}: {check:?}");
        assert!(check.text.contains(code), "{code}: {}", check.text);
    }
}

#[test]
fn differences_between_a_tarball_and_a_layer_are_listed() {
    let layer =
        Tarball::new().file("a", b"1").file("b", b"1").link("c", b'2', "a").file("d", b"1").file("e", b"1").file("f", b"1");
    let other = Tarball::new()
        .file("a", b"2")
        .header(Raw::new(b"b", b'0', 1).with(100, b"0000755\0"))
        .content(b"1")
        .link("c", b'2', "b")
        .header(Raw::new(b"d", b'0', 1).with(108, b"0001750\0"))
        .content(b"1")
        .entry(b"e", b'5', b"")
        .file("g", b"1");
    let report = beside(&other.end(), &layer.end());
    let check = check(&report, "layer-tarball").unwrap();
    assert_eq!(
        codes(check),
        ["tree.content", "tree.mode", "tree.link", "tree.owner", "tree.kind", "tree.only-right", "tree.only-left"],
        "{check:?}"
    );
    assert!(check.text.contains("7 paths"), "{}", check.text);
}

#[test]
fn hard_links_are_files_whichever_name_comes_first() {
    let layer = Tarball::new().file("a", b"1").link("b", b'1', "a").file("c", b"1").end();
    let other = Tarball::new().file("b", b"1").link("a", b'1', "b").file("c", b"1").end();
    assert_eq!(check(&beside(&other, &layer), "layer-tarball").unwrap().verdict, Verdict::Proved);
}

#[test]
fn a_tarball_with_nothing_in_common_is_not_compared() {
    let report = beside(&rootfs(NOW, &[("app/main.py", "print()"), ("app/README", "x")]), &rootfs(NOW, &FILES));
    assert!(check(&report, "layer-tarball").is_none());
}

fn compare(left: &[u8], right: &[u8]) -> (Verdict, String, Vec<String>) {
    let report = Given::new().bytes("left.tar", left).bytes("right.tar", right).report();
    let check = check(&report, "image-compare").unwrap();
    (check.verdict, check.text.clone(), codes(check).into_iter().map(str::to_owned).collect())
}

#[test]
fn images_part_at_the_first_level_that_differs() {
    let layer = rootfs(NOW, &FILES);
    let parts = Parts { layers: vec![layer.clone()], ..Parts::default() };
    let base = archive(&Image::new(parts.clone()).oci());
    let oci = |parts: Parts| archive(&Image::new(parts).oci());

    let annotated = oci(Parts { annotation: "free", ..parts.clone() });
    let (verdict, text, details) = compare(&base, &annotated);
    assert_eq!((verdict, details.len()), (Verdict::Proved, 0), "{text}");
    assert!(text.contains("manifests are equal"), "{text}");

    let (verdict, text, details) = compare(&base, &oci(Parts { level: 1, ..parts.clone() }));
    assert_eq!(verdict, Verdict::Proved, "{text}");
    assert!(text.contains("configs are equal"), "{text}");
    assert_eq!(details, ["image-compare.compression"]);

    let dated = Parts { created: r#""created":"2026-01-01T00:00:00Z","#, ..parts.clone() };
    let (verdict, text, details) = compare(&base, &oci(dated));
    assert_eq!(verdict, Verdict::Agrees, "{text}");
    assert!(text.contains("same layers"), "{text}");
    assert_eq!(details, ["image-compare.created"]);

    let later = Parts { layers: vec![rootfs(LATER, &FILES)], ..parts.clone() };
    let (verdict, text, details) = compare(&base, &oci(later));
    assert_eq!(verdict, Verdict::Agrees, "{text}");
    assert_eq!(details, ["image-compare.times"]);

    let mut turned = FILES;
    turned.reverse();
    let (verdict, _, details) = compare(&base, &oci(Parts { layers: vec![rootfs(NOW, &turned)], ..parts.clone() }));
    assert_eq!((verdict, details), (Verdict::Agrees, vec!["image-compare.order".to_owned()]));

    let mut changed = FILES;
    changed[3].1 = "ID=y";
    let (verdict, _, details) = compare(&base, &oci(Parts { layers: vec![rootfs(NOW, &changed)], ..parts.clone() }));
    assert_eq!(verdict, Verdict::Contradicted);
    assert_eq!(details, ["image-compare.content", "tree.content"]);

    let (verdict, text, _) = compare(&base, &oci(Parts { architecture: "arm64", ..parts.clone() }));
    assert_eq!(verdict, Verdict::Unknown, "{text}");

    let (verdict, _, details) = compare(&base, &oci(Parts { layers: vec![layer.clone(), layer], ..parts }));
    assert_eq!(verdict, Verdict::Contradicted);
    assert!(details.contains(&"image-compare.layer-count".to_owned()), "{details:?}");
}

#[test]
fn an_image_whose_layer_is_missing_is_not_called_different() {
    let base = image(&[rootfs(NOW, &FILES)]);
    let mut files = image(&[rootfs(LATER, &FILES)]).oci();
    files.remove(2);
    let (verdict, text, details) = compare(&archive(&base.oci()), &archive(&files));
    assert_eq!(verdict, Verdict::Unknown, "{text}");
    assert_eq!(details, ["image-compare.layer-absent"]);
}

#[test]
fn one_image_saved_in_two_ways_is_one_image() {
    let image = image(&[rootfs(NOW, &FILES), rootfs(NOW, &FILES[..2])]);
    let (verdict, text, _) = compare(&archive(&image.oci()), &archive(&image.saved_before_25()));
    assert_eq!(verdict, Verdict::Proved, "{text}");
    assert!(text.contains("configs are equal"), "{text}");
}
