//! Every recorded build that begins with nothing and adds a file: its layer is built again from the file, the Dockerfile and the
//! config of each builder, whatever the file is compressed with.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::fixtures;
use common::sources::Sources;
use layerproof::report::model::Verdict;
use layerproof::session::Session;
use layerproof::session::protocol::Setting;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What the checks say about the layers: the verdicts, or nothing.
fn layers(files: &[PathBuf]) -> Vec<Verdict> {
    let mut session = Session::new();
    session.set(&Setting::Limit { key: "rebuild-search".to_owned(), value: 200 << 20 }).unwrap();
    let mut sources = Sources::in_pieces(100_000);
    files.iter().for_each(|path| sources.open_file(&mut session, path));
    session.rebuild_comparable();
    sources.pass_all(&mut session);
    let report = session.report();
    report.checks.iter().filter(|check| check.kind == "layer-rebuild").map(|check| check.verdict).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

#[test]
fn each_builder_and_each_compression() {
    let Some(folder) = fixtures("builders") else { return };
    let cases = [
        "add-mode-0600",
        "add-mode-0755",
        "add-rootfs-gz",
        "add-rootfs-xz-debian",
        "add-tar-bz2",
        "add-tar-tar",
        "add-tar-zst",
        "ubuntu-like",
    ];
    let mut missed: BTreeMap<String, Vec<Verdict>> = BTreeMap::new();
    let mut proved = 0;
    for case in cases {
        for builder in entries(&folder.join(case).join("out")) {
            let config = builder.join("config.json");
            let name = builder.file_name().unwrap().to_str().unwrap().to_owned();
            // kaniko writes the times of its own run into the layer.
            if !config.is_file() || name.starts_with("kaniko") {
                continue;
            }
            let mut files = entries(&folder.join(case).join("context"));
            files.push(config);
            match layers(&files) {
                verdicts if verdicts == [Verdict::Proved] => proved += 1,
                verdicts => drop(missed.insert(format!("{case}/{name}"), verdicts)),
            }
        }
    }
    // docker 20.10 does not know zstd and takes the file over as it is, with the time of a checkout; a squashed image has an entry
    // for its root. Neither is followed here, and nobody is accused.
    let known = [
        "add-rootfs-gz/buildah128-squash",
        "add-tar-zst/docker20-buildkit",
        "add-tar-zst/docker20-classic",
        "ubuntu-like/buildah128-squash",
    ];
    assert_eq!(missed.keys().collect::<Vec<_>>(), known, "{missed:#?}");
    assert!(missed.values().all(|verdicts| *verdicts == [Verdict::Unknown]), "{missed:#?}");
    assert!(proved > 80, "proved {proved}");
}

/// A file that ADD takes over as it is, since it is no tarball: its time is searched, and the search ends with its limit.
#[test]
fn a_file_that_only_looks_like_a_tarball() {
    let Some(folder) = fixtures("builders/add-not-a-tar-gz") else { return };
    let mut files = entries(&folder.join("context"));
    files.push(folder.join("out/docker28-classic/config.json"));
    let verdicts = layers(&files);
    assert!(verdicts.len() == 1 && matches!(verdicts[0], Verdict::Proved | Verdict::Unknown), "{verdicts:?}");
}
