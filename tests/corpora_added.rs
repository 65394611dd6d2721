//! Hashes that running builders recorded for ADD and COPY, found again from the build contexts; and not found from contexts in
//! which one byte is another. Without the fixtures every test says that it is skipped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::evidence::files;
use common::fixtures;
use common::sources::Sources;
use layerproof::report::model::{Report, Verdict};
use layerproof::session::Session;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One recorded build.
struct Build {
    label: String,
    config: Vec<u8>,
    /// The files of the context by path, the Dockerfile among them.
    context: BTreeMap<String, Vec<u8>>,
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.is_dir());
    found.sort();
    found
}

fn builds(fixtures: &Path) -> Vec<Build> {
    let mut found = Vec::new();
    for case in folders(fixtures) {
        let context = case.join("context");
        if !context.is_dir() {
            continue;
        }
        let read = |path: &PathBuf| {
            let name = path.strip_prefix(&context).unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read(path).unwrap())
        };
        let mut context: BTreeMap<String, Vec<u8>> = files(&context).iter().map(read).collect();
        context.insert("Dockerfile".to_owned(), std::fs::read(case.join("Dockerfile")).unwrap());
        for out in folders(&case.join("out")) {
            let builder = out.file_name().unwrap().to_str().unwrap();
            let hashes = ["classic", "buildah", "podman"].iter().any(|name| builder.contains(name));
            let Ok(config) = std::fs::read(out.join("config.json")) else { continue };
            if hashes {
                let label = format!("{}/{builder}", case.file_name().unwrap().to_str().unwrap());
                found.push(Build { label, config, context: context.clone() });
            }
        }
    }
    found
}

/// The report over a build, its context dropped as a folder.
fn report(build: &Build) -> Report {
    let (mut session, mut sources) = (Session::new(), Sources::in_pieces(100_000));
    sources.open(&mut session, "config.json", build.config.clone());
    for (name, bytes) in &build.context {
        sources.open(&mut session, &format!("context/{name}"), bytes.clone());
    }
    sources.pass_all(&mut session);
    session.report()
}

/// The hashes of lines of the Dockerfile, and whether they were found.
fn hashes(report: &Report) -> Vec<(String, bool, String)> {
    let checks = report.checks.iter().filter(|check| check.kind == "add-hash");
    checks.map(|check| (check.subject.clone(), check.verdict == Verdict::Proved, check.text.clone())).collect()
}

#[test]
fn recorded_hashes_are_found_again() {
    let Some(fixtures) = fixtures("builders") else { return };
    let (mut table, mut open): (BTreeMap<&str, (u32, u32)>, Vec<String>) = (BTreeMap::new(), Vec::new());
    let all = builds(&fixtures);
    for build in &all {
        let builder = build.label.split('/').nth(1).unwrap();
        let report = report(build);
        let contradicted: Vec<&str> = report
            .checks
            .iter()
            .filter(|check| check.verdict == Verdict::Contradicted)
            .map(|check| check.text.as_str())
            .collect();
        assert!(contradicted.is_empty(), "{}: {contradicted:?}", build.label);
        for (subject, proved, text) in hashes(&report) {
            let count = table.entry(builder).or_default();
            *(if proved { &mut count.0 } else { &mut count.1 }) += 1;
            if !proved {
                open.push(format!("{}: {subject}: {text}", build.label));
            }
        }
    }
    println!("corpus builders/add-hash: {} builds; proved and open by builder: {table:?}", all.len());
    open.iter().for_each(|open| println!("  open: {open}"));
    // What addresses, other stages and heredocs held is not in the build context.
    let elsewhere = ["add-checksum", "add-url", "copy-from-stage", "copy-heredoc"];
    open.retain(|open| !elsewhere.iter().any(|case| open.starts_with(case)));
    assert!(open.is_empty(), "{open:#?}");
}

/// A hash that is found again although a file in the context is another would be a wrong green: every file is changed by one
/// byte, longer by one, and left out, and no hash that it is part of may be found.
#[test]
fn no_hash_is_found_from_other_content() {
    let Some(fixtures) = fixtures("builders") else { return };
    let (mut changed, mut wrong) = (0, Vec::new());
    for build in builds(&fixtures) {
        let before = hashes(&report(&build));
        let names: Vec<String> =
            build.context.keys().filter(|name| *name != "Dockerfile" && *name != ".dockerignore").cloned().collect();
        for name in names {
            let mut longer = build.context[&name].clone();
            longer.insert(longer.len() / 2, b'x');
            let mut other = build.context[&name].clone();
            let middle = other.len() / 2;
            let other = other.get_mut(middle).map(|byte| *byte ^= 1).map(|()| other);
            let variants = [Some(Some(longer)), other.map(Some), Some(None)];
            for content in variants.into_iter().flatten() {
                let mut context = build.context.clone();
                match content {
                    Some(content) => drop(context.insert(name.clone(), content)),
                    None => drop(context.remove(&name)),
                }
                let mutant = Build { label: build.label.clone(), config: build.config.clone(), context };
                let after = hashes(&report(&mutant));
                changed += 1;
                for (subject, proved, text) in &before {
                    let still = after.iter().any(|(other, proved, _)| other == subject && *proved);
                    if *proved && still && covers(&build, &name, subject, text) {
                        wrong.push(format!("{}: {subject} is found although {name} is another", build.label));
                    }
                }
            }
        }
    }
    println!("corpus builders/add-hash/mutants: {changed} changed contexts, {} wrongly found", wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether the hash of a check is over this file: the sentence names it, or it is over a directory that holds it.
fn covers(build: &Build, name: &str, subject: &str, text: &str) -> bool {
    let dockerfile = String::from_utf8_lossy(&build.context["Dockerfile"]).into_owned();
    // A directory is told by its number of files: all of the context, or the one directory that the file lies in.
    let below = |folder: &str| build.context.keys().filter(|path| path.starts_with(folder)).count();
    let whole = build.context.keys().filter(|path| *path != ".dockerignore").count();
    let ignored = build.context.contains_key(".dockerignore") && name == "b.txt";
    match name.rsplit_once('/') {
        _ if ignored => false,
        _ if !subject.starts_with("dir:") => text.contains(&format!("“{name}”")) || text.contains(&format!(" {name}")),
        Some((folder, _)) => {
            let top = folder.split('/').next().unwrap_or(folder);
            dockerfile.contains(&format!(" {top}")) && text.contains(&format!(" {} files", below(&format!("{top}/"))))
                || text.contains(&format!(" {whole} files"))
        }
        None => text.contains(&format!(" {whole} files")),
    }
}
