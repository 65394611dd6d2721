//! Layers on top of each other, as podman 4.3.1 (buildah) made them with overlay and with vfs storage. The sources are written
//! here again; what was recorded is each layer's diff_id and the second in which it was made.

use super::tar::{Profile, Times, Window};
use super::tree::{Diff, Tree};
use super::*;
use crate::digest::DiffId;
use crate::intake::limits::Limits;
use std::sync::Arc;

/// Name, type flag, mode, owner, time, content or link target.
type Entry = (&'static str, u8, u32, u64, u64, &'static str);

const A: &[Entry] = &[
    ("etc", b'5', 0o755, 0, 100, ""),
    ("etc/a", b'0', 0o644, 0, 100, "a"),
    ("etc/same", b'0', 0o644, 0, 100, "same"),
    ("usr", b'5', 0o755, 0, 101, ""),
    ("usr/bin", b'5', 0o755, 0, 102, ""),
    ("usr/bin/x", b'0', 0o755, 0, 103, "x"),
    ("bin", b'2', 0o777, 0, 104, "usr/bin"),
    ("usr/lib.d", b'5', 0o755, 0, 9, ""),
    ("usr/lib.d/q", b'0', 0o644, 0, 9, "q"),
    ("usr/lib", b'5', 0o755, 0, 9, ""),
    ("usr/lib/l", b'0', 0o644, 0, 9, "q"),
    ("var/implied/f", b'0', 0o644, 0, 9, "q"),
];

const B: &[Entry] = &[
    ("etc/a", b'0', 0o600, 5, 200, "changed"),
    ("etc/same", b'0', 0o644, 0, 100, "same"),
    ("usr/lib.d/r", b'0', 0o644, 0, 9, "r"),
    ("usr/lib/m", b'0', 0o644, 0, 9, "m"),
    ("usr/lib", b'5', 0o755, 0, 77, ""),
    ("bin/y", b'0', 0o755, 0, 103, "y"),
    ("usr", b'5', 0o755, 0, 105, ""),
    ("opt/app/z", b'0', 0o644, 0, 1, "z"),
    ("opt/app/zz", b'1', 0o644, 0, 1, "opt/app/z"),
];

/// A directory becomes a file; a file becomes a link to one of a lower layer, which changes with it.
const C: &[Entry] = &[("etc", b'0', 0o644, 0, 300, "file now"), ("usr/bin/x", b'1', 0o700, 0, 301, "usr/bin/y")];

fn tarball(entries: &[Entry]) -> Vec<u8> {
    let mut builder = ::tar::Builder::new(Vec::new());
    for (name, flag, mode, owner, time, text) in entries {
        let mut header = ::tar::Header::new_ustar();
        header.set_path(name).unwrap();
        header.set_entry_type(::tar::EntryType::new(*flag));
        header.set_mode(*mode);
        header.set_uid(*owner);
        header.set_gid(*owner);
        header.set_mtime(*time);
        let content = if *flag == b'0' { text.as_bytes() } else { b"" };
        header.set_size(content.len() as u64);
        if matches!(flag, b'1' | b'2') {
            header.set_link_name(text).unwrap();
        }
        header.set_cksum();
        builder.append(&header, content).unwrap();
    }
    builder.into_inner().unwrap()
}

fn unpacked_at(destination: &[u8]) -> Added {
    Added::Tarball { destination: destination.to_vec(), compression: None, owner: None }
}

/// The layer with this digest, made in this second.
fn wanted(diff_id: &str, second: i64) -> Wanted {
    let times = Times {
        built: Window { from: second, before: 3, after: 3 },
        checked_out: Window { from: 1_700_000_000, before: 0, after: 200 },
    };
    let diff_id = DiffId(format!("sha256:{diff_id}").parse().unwrap());
    Wanted { diff_ids: vec![(diff_id, Some(times))], ..Wanted::default() }
}

/// Does one source on top of a tree. Every layer must be met; gives how, and the tree.
fn done(base: Option<&Arc<Tree>>, task: &Task, bytes: &[u8]) -> (Vec<FoundLayer>, Option<Arc<Tree>>) {
    let mut job = Job::new(task, base, RebuildLimits::default(), &Limits::default());
    bytes.chunks(700).for_each(|piece| job.push(piece));
    let rebuilt = job.finish();
    assert!(rebuilt.error.is_none() && rebuilt.refused.is_none(), "{:?} {:?}", rebuilt.error, rebuilt.refused);
    let found = rebuilt.layers.iter().map(|layer| {
        assert!(!layer.found.is_empty(), "layer {} is not met", layer.number);
        layer.found[0]
    });
    (found.collect(), rebuilt.tree)
}

fn task(steps: Vec<Step>, continues: bool) -> Task {
    Task { steps, continues, keeps_tree: true }
}

fn end(diff_id: &str, second: i64) -> Step {
    Step::End(Box::new(wanted(diff_id, second)))
}

/// `ADD a.tar /`, `ADD b.tar /`, `COPY plain /srv/data/`.
#[test]
fn one_layer_on_another() {
    let overlay = [
        ("869afb2e88e290053f4226fa40321752cb8790d125a13c54a59596a132457b65", 1_795_634_861),
        ("e2a7b3d215e03ba2609071e8fdc57b499e26427ba0b4559e0f9d16b51080b516", 1_795_634_861),
        ("d28e60329ef30d7fb9dfed1a6244289e5e737f3aebe48cddddaa7d63cc27f0bd", 1_795_634_988),
    ];
    let vfs = [
        ("b7134d6fa2095e437548bf0b48b1df519e66dfbd4a6ab4e818822af79d961d63", 1_795_634_857),
        ("ad097e36727166279dd967735f2f044d19ff69e9888b6c0167760e106c20952c", 1_795_634_858),
        ("fe427614f7dfea7bec44d0c8f69e294894dd35cebfad7dd29e9cb9b1e812e15b", 1_795_634_984),
    ];
    for (layers, diff) in [(overlay, Diff::Touched), (vfs, Diff::Sorted)] {
        let of = |number: usize| end(layers[number].0, layers[number].1);
        let (found, tree) = done(None, &task(vec![Step::Source(unpacked_at(b"/")), of(0)], false), &tarball(A));
        assert_eq!(found[0].time.unwrap().second, layers[0].1);
        let add = task(vec![Step::Source(unpacked_at(b"/")), of(1)], false);
        let (found, tree) = done(tree.as_ref(), &add, &tarball(B));
        assert_eq!((found[0].profile.type_bits, found[0].diff), (true, diff));
        let plain = Added::File { path: b"/srv/data/".to_vec(), name: b"plain".to_vec(), mode: None, owner: (0, 0) };
        let (found, _) = done(tree.as_ref(), &task(vec![Step::Source(plain), of(2)], false), b"plain file\n");
        let time = found[0].time.unwrap();
        assert_eq!((time.second, time.checked_out, found[0].mode), (layers[2].1, Some(1_700_000_100), Some(0o644)));
    }
}

/// `ADD a.tar b.tar /`, `ADD c.tar /`, then two files with an owner into a directory that does not exist.
#[test]
fn several_sources_and_replaced_paths() {
    let overlay = [
        ("07c7ff257adb57e2590fa91176aa4ebaad12c69f14a2730d770f27e319f96d8e", 1_795_634_986),
        ("1f0b2728786c2ed47394fae21b81fd48e075f768de9cc5d678e11684d229a56f", 1_795_634_986),
        ("aaf33e60dc0f65339382ab254a32229e85422a282adab5cd54f878bba4da96db", 1_795_634_987),
    ];
    let vfs = [
        ("3b6fd95ab3c229f1dd7fecb1f07d84ae3a9045beedcf327673bd63802d4818f1", 1_795_634_981),
        ("89ffb9d164f7a91c7fc780060d4ba6e33b080b481307e6c68fc473c689f2a72b", 1_795_634_981),
        ("eb894946fa52c384afdcbd3f3c242712ecaa7d21d05418b718c2e4f15d885d60", 1_795_634_983),
    ];
    for layers in [overlay, vfs] {
        let of = |number: usize| end(layers[number].0, layers[number].1);
        let (_, tree) = done(None, &task(vec![Step::Source(unpacked_at(b"/"))], false), &tarball(A));
        let (found, tree) = done(tree.as_ref(), &task(vec![Step::Source(unpacked_at(b"/")), of(0)], true), &tarball(B));
        assert_eq!(found.len(), 1);
        let (_, tree) = done(tree.as_ref(), &task(vec![Step::Source(unpacked_at(b"/")), of(1)], false), &tarball(C));
        // The third instruction of the recorded build adds b.tar below /bin/sub; nothing of that is in the layer above.
        let file = |name: &str| {
            Step::Source(Added::File { path: b"/srv/data/".to_vec(), name: name.as_bytes().to_vec(), mode: None, owner: (3, 4) })
        };
        let (_, tree) = done(tree.as_ref(), &task(vec![file("plain")], false), b"plain file\n");
        let (found, _) = done(tree.as_ref(), &task(vec![file("prog"), of(2)], true), b"#!/bin/sh\n");
        assert_eq!(found[0].mode, Some(0o644));
    }
}

/// What a builder that compares contents leaves out, and which layers are not written at all.
#[test]
fn what_is_equal_is_left_out_by_builders_that_compare() {
    let (_, tree) = done(None, &task(vec![Step::Source(unpacked_at(b"/"))], false), &tarball(A));
    let tree = tree.unwrap();
    let layer = |entries: &[Entry]| {
        let end = Step::End(Box::default());
        let mut job = Job::new(
            &task(vec![Step::Source(unpacked_at(b"/")), end], false),
            Some(&tree),
            RebuildLimits::default(),
            &Limits::default(),
        );
        job.push(&tarball(entries));
        job.finish()
    };
    let same = layer(&[("etc/same", b'0', 0o644, 0, 100, "same")]);
    let sizes = |of: &Rebuilt, diff: Diff| {
        let candidates = &of.layers[0].candidates;
        candidates.iter().find(|candidate| candidate.profile == Profile::PLAIN && candidate.diff == diff).map(|found| found.size)
    };
    // A directory, a file with its content, and the end; or the end alone, since a directory's time is not compared.
    assert_eq!((sizes(&same, Diff::Touched), sizes(&same, Diff::Compared)), (Some(3 * 512 + 1024), Some(1024)));
    // vfs does not look into the file; that is the same list.
    assert_eq!(sizes(&same, Diff::Sorted), None);
    let other = layer(&[("etc/same", b'0', 0o644, 0, 100, "Same")]);
    assert_eq!((sizes(&other, Diff::Touched), sizes(&other, Diff::Sorted)), (Some(3 * 512 + 1024), Some(1024)));
    let hidden = layer(&[("etc/same", b'5', 0o755, 0, 1, "")]);
    assert_eq!(hidden.refused.map(|refused| refused.code), Some("rebuild.layer-hides"));
    let (_, linked) = done(None, &task(vec![Step::Source(unpacked_at(b"/"))], false), &tarball(B));
    let mut job = Job::new(
        &task(vec![Step::Source(unpacked_at(b"/")), Step::End(Box::default())], false),
        linked.as_ref(),
        RebuildLimits::default(),
        &Limits::default(),
    );
    job.push(&tarball(&[("third", b'1', 0o644, 0, 2, "opt/app/z")]));
    assert_eq!(job.finish().refused.map(|refused| refused.code), Some("rebuild.layer-tears-links"));
}
