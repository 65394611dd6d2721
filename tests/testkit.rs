//! Whole cases: inputs, the report they must give, and where the truth comes from (tests/testkit/README.md).
//!
//! `LAYERPROOF_BLESS=1 cargo test --test testkit` writes the expected reports anew; read the difference before you commit it.
#![allow(clippy::unwrap_used)]

mod common;

use common::sources::Sources;
use layerproof::report;
use layerproof::session::Session;
use layerproof::session::protocol::Example;
use std::fs;
use std::path::{Path, PathBuf};

/// Size of the pieces in which inputs are pushed; a prime, so that no boundary falls on a block.
const PIECE: usize = 1_009;

#[test]
fn every_case_gives_its_report() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testkit");
    let mut cases = 0;
    let mut wrong = Vec::new();
    for folder in folders(&root) {
        let inputs = inputs(&folder);
        assert!(!inputs.is_empty(), "{} has no input", folder.display());
        assert!(folder.join("SOURCE.md").is_file(), "{} does not say where its truth comes from", folder.display());
        compare(&folder.join("expected.json"), &run(&inputs), &mut wrong);
        cases += 1;
    }
    for (name, example) in EXAMPLES {
        let files = layerproof::example::files(example);
        let inputs: Vec<_> = files.into_iter().map(|file| (file.name, file.bytes)).collect();
        compare(&root.join(format!("example-{name}.json")), &run(&inputs), &mut wrong);
        cases += 1;
    }
    assert!(cases >= 5, "only {cases} cases");
    assert!(wrong.is_empty(), "other reports than expected:\n{}", wrong.join("\n"));
}

#[test]
fn the_order_of_arrival_changes_nothing() {
    for (name, example) in EXAMPLES {
        let files = layerproof::example::files(example);
        let mut inputs: Vec<_> = files.into_iter().map(|file| (file.name, file.bytes)).collect();
        let forwards = run(&inputs);
        inputs.reverse();
        assert!(forwards == run(&inputs), "{name}: another report when the files arrive in another order");
    }
}

const EXAMPLES: [(&str, Example); 4] = [
    ("good-image", Example::GoodImage),
    ("wrong-tarball", Example::WrongTarball),
    ("hidden-layer", Example::HiddenLayer),
    ("two-digests", Example::TwoDigests),
];

/// The report over inputs, everything rebuilt that can be.
fn run(inputs: &[(String, Vec<u8>)]) -> String {
    let (mut session, mut sources) = (Session::new(), Sources::in_pieces(PIECE));
    inputs.iter().for_each(|(name, bytes)| sources.open(&mut session, name, bytes.clone()));
    session.rebuild();
    sources.pass_all(&mut session);
    report::json(&session.report())
}

fn compare(path: &Path, made: &str, wrong: &mut Vec<String>) {
    if std::env::var_os("LAYERPROOF_BLESS").is_some() {
        fs::write(path, made).unwrap();
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    if expected != made {
        let line = expected.lines().zip(made.lines()).position(|(expected, made)| expected != made);
        let line = line.unwrap_or_else(|| expected.lines().count().min(made.lines().count()));
        let at = |text: &str| text.lines().nth(line).unwrap_or("(nothing)").trim().to_owned();
        wrong.push(format!("{} line {}: expected {}, made {}", path.display(), line + 1, at(&expected), at(made)));
    }
}

fn folders(root: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn inputs(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut inputs: Vec<(String, Vec<u8>)> = fs::read_dir(folder.join("input"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap()))
        .collect();
    inputs.sort();
    inputs
}
