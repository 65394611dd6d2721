//! The arrows between the rooms go one way (docs/ARCHITECTURE.md): a room imports only rooms below it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Rooms from the lowest to the highest; rooms on one line do not import each other.
const FLOORS: &[&[&str]] = &[
    &["order"],
    &["finding"],
    &["digest"],
    &["json"],
    &["intake"],
    &["dockerfile", "history", "oci", "official", "trust", "packages", "claim"],
    &["recipe"],
    &["align", "rebuild"],
    &["case"],
    &["checks"],
    &["report"],
    &["session", "example"],
    &["web"],
];

#[test]
fn arrows_go_one_way() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let floor: BTreeMap<&str, usize> =
        FLOORS.iter().zip(0..).flat_map(|(rooms, floor)| rooms.iter().map(move |room| (*room, floor))).collect();
    let mut back = Vec::new();
    let mut rooms = 0;
    for (room, height) in &floor {
        for file in files(&source.join(room)) {
            rooms += 1;
            for used in imports(&fs::read_to_string(&file).unwrap()) {
                let lower = floor.get(used.as_str()).copied();
                if used != *room && lower.is_none_or(|lower| lower >= *height) && !is_pair(room, &used) {
                    back.push(format!("{}: room {room} imports {used}", file.strip_prefix(&source).unwrap().display()));
                }
            }
        }
    }
    assert!(rooms > 20, "found only {rooms} files");
    assert!(back.is_empty(), "{}", back.join("\n"));
}

/// The session hands the examples out, and the examples are named in its protocol.
fn is_pair(room: &str, used: &str) -> bool {
    matches!((room, used), ("session", "example") | ("example", "session"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() { files(&path) } else { vec![path] }
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// Rooms that the code of a file names as `crate::room`; unit tests at the end of a file may look anywhere.
fn imports(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| line.split("crate::").skip(1)).map(room_name).filter(|name| !name.is_empty()).collect()
}

fn room_name(rest: &str) -> String {
    rest.chars().take_while(|character| character.is_ascii_lowercase() || *character == '_').collect()
}
