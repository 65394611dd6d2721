//! Every recorded history export of every builder says the same as the image's config, as far as the export can say it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use layerproof::history::{Format, Hint, History, read, sniff};

/// The recorded inputs beside the checkout, if they are there.
fn fixtures() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures");
    let folder = std::env::var_os("LAYERPROOF_FIXTURES").map_or_else(beside, PathBuf::from);
    let there = folder.is_dir();
    if !there {
        println!("skipped: fixtures absent");
    }
    there.then_some(folder)
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn history(path: &Path) -> History {
    let bytes = fs::read(path).unwrap();
    read(&bytes, Hint::default()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[derive(Default)]
struct Tally {
    files: usize,
    rows: usize,
    same: usize,
    cut: usize,
    tabs: usize,
}

/// Counts the rows of `export` that are what this kind of export prints for the config's entry.
fn compare(path: &Path, export: &History, config: &History, tally: &mut Tally, wrong: &mut Vec<String>) {
    tally.files += 1;
    tally.rows += config.entries.len();
    if export.entries.len() != config.entries.len() {
        wrong.push(format!("{}: {} entries, the config has {}", path.display(), export.entries.len(), config.entries.len()));
        return;
    }
    for (number, (row, entry)) in export.entries.iter().zip(&config.entries).enumerate() {
        let comment = row.comment.is_none() && export.format != Format::Template || row.comment == entry.comment;
        if !export.fidelity.prints(row, &entry.created_by) || (!comment && export.format != Format::RepoInfo) {
            wrong.push(format!("{} entry {number}: {:?} for {:?}", path.display(), row.created_by, entry.created_by));
            continue;
        }
        tally.same += 1;
        tally.cut += usize::from(row.truncated);
        tally.tabs += usize::from(export.fidelity.tabs_lost && entry.created_by.contains('\t'));
    }
}

#[test]
fn exports_of_builders_say_what_the_config_says() {
    let Some(fixtures) = fixtures() else { return };
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut quiet = 0;
    for case in children(&fixtures.join("builders")) {
        for builder in children(&case.join("out")) {
            let config = builder.join("config.json");
            if !config.is_file() {
                continue;
            }
            let config = history(&config);
            assert_eq!(config.format, Format::Config);
            for file in children(&builder) {
                let file_name = name(&file);
                if file_name == "history-quiet.txt" {
                    let bytes = fs::read(&file).unwrap();
                    assert!(sniff(&bytes).is_none_or(|format| format == Format::Quiet), "{}", file.display());
                    assert!(read(&bytes, Hint::default()).is_err(), "{}", file.display());
                    quiet += 1;
                } else if file_name.starts_with("history") {
                    let tally = tallies.entry(format!("{} {file_name}", name(&builder))).or_default();
                    compare(&file, &history(&file), &config, tally, &mut wrong);
                }
            }
        }
    }
    println!("{:45} {:>5} {:>6} {:>6} {:>6} {:>5}", "builders: export", "files", "rows", "same", "cut", "tabs");
    for (export, tally) in &tallies {
        println!("{export:45} {:5} {:6} {:6} {:6} {:5}", tally.files, tally.rows, tally.same, tally.cut, tally.tabs);
    }
    let sum = |of: fn(&Tally) -> usize| tallies.values().map(of).sum::<usize>();
    println!(
        "corpus builders/history: {} files, {} of {} rows as the config has them ({} of them cut, {} with tabs that podman's table lost), {quiet} outputs of --quiet refused",
        sum(|tally| tally.files),
        sum(|tally| tally.same),
        sum(|tally| tally.rows),
        sum(|tally| tally.cut),
        sum(|tally| tally.tabs)
    );
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn other_files_beside_the_exports_are_not_taken_for_histories() {
    let Some(fixtures) = fixtures() else { return };
    let mut seen = 0;
    let mut wrong = Vec::new();
    for path in walk(&fixtures) {
        let file = name(&path);
        let other = file.starts_with("Dockerfile")
            || file.ends_with("SUMS")
            || file.contains("manifest")
            || file == "index.json"
            || path.components().any(|part| part.as_os_str() == "library");
        if !other || fs::metadata(&path).is_ok_and(|data| data.len() > 1 << 20) {
            continue;
        }
        seen += 1;
        if let Some(format) = fs::read(&path).ok().and_then(|bytes| sniff(&bytes)) {
            wrong.push(format!("{}: {}", path.display(), format.name()));
        }
    }
    println!("corpus other texts: {seen} Dockerfiles, lists, manifests and library files, {} taken for a history", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for path in children(&folder) {
            match path.symlink_metadata() {
                Ok(data) if data.is_dir() => folders.push(path),
                Ok(data) if data.is_file() => files.push(path),
                _ => {}
            }
        }
    }
    files
}

#[test]
fn official_pairs_are_read() {
    let Some(fixtures) = fixtures() else { return };
    let (mut files, mut entries) = (0, 0);
    for pair in children(&fixtures.join("official/pairs")) {
        let pairs = history(&pair.join("history.json"));
        assert_eq!(pairs.format, Format::HistoryArray, "{}", pair.display());
        (files, entries) = (files + 1, entries + pairs.entries.len());
        let config = pair.join("config.json");
        if config.is_file() {
            let config = history(&config);
            let texts = |history: &History| history.entries.iter().map(|entry| entry.created_by.clone()).collect::<Vec<_>>();
            assert_eq!(texts(&config), texts(&pairs), "{}", pair.display());
            files += 1;
        }
    }
    println!("corpus official/pairs: {files} histories with {entries} entries read");
    assert!(files > 0);
}
