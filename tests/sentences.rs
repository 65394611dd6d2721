//! Every code that the rooms speak in has a sentence, and every sentence is spoken somewhere.
#![allow(clippy::unwrap_used)]

use layerproof::report::catalogue;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_code_has_a_sentence() {
    let silent: Vec<String> = codes()
        .into_iter()
        .filter(|(code, _)| catalogue::sentence(code).is_none())
        .map(|(code, file)| format!("{code} ({file})"))
        .collect();
    assert!(silent.is_empty(), "codes without a sentence:\n{}", silent.join("\n"));
}

#[test]
fn no_sentence_shouts() {
    let shouting = |text: &str| text.replace("#!", "").replace("/!", "").contains('!');
    let loud: Vec<&str> = catalogue::all()
        .filter(|sentence| shouting(sentence.text) || shouting(sentence.advice))
        .map(|sentence| sentence.code)
        .collect();
    assert!(loud.is_empty(), "an exclamation mark in {loud:?}");
}

/// Codes that the source says, with the file of each. A code is a text such as `room.what-happened` whose first word is the name
/// of a room or of a check.
fn codes() -> BTreeSet<(String, String)> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut rooms: BTreeSet<String> = layerproof::checks::Kind::ALL.iter().map(|kind| kind.id().to_owned()).collect();
    rooms.extend(fs::read_dir(&source).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()));
    rooms.extend(["tree".to_owned(), "summary".to_owned(), "explain".to_owned(), "what".to_owned()]);
    let mut codes = BTreeSet::new();
    for file in files(&source).into_iter().filter(|file| !file.to_string_lossy().contains("catalogue")) {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let name = file.strip_prefix(&source).unwrap().display().to_string();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        codes.extend(
            lines
                .flat_map(|line| line.split('"').skip(1).step_by(2))
                .filter(|text| is_code(text, &rooms))
                .map(|text| (text.to_owned(), name.clone())),
        );
    }
    assert!(codes.len() > 100, "found only {} codes", codes.len());
    codes
}

fn is_code(text: &str, rooms: &BTreeSet<String>) -> bool {
    let Some((room, what)) = text.split_once('.') else { return false };
    let plain = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    rooms.contains(room) && plain(what) && !["json", "jsonl", "tar", "rs"].contains(&what) && !what.ends_with('-')
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}
