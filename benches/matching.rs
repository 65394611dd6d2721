//! Reading a Dockerfile and a history and laying one beside the other: `cargo bench --bench matching`.
//!
//! The input is the recorded pair with the most work, where the recorded inputs are at hand; else one that is made here, as long as
//! the longest of them. The least of several runs counts: what the machine does besides is not meant. The page's figure is in
//! `cargo xtask bench page`.
#![allow(clippy::unwrap_used)]

use layerproof::align::{Context, align};
use layerproof::{dockerfile, history};
use std::path::{Path, PathBuf};
use std::time::Instant;

const ROUNDS: usize = 20;

fn main() {
    let (name, file, entries) = longest().unwrap_or_else(made);
    let run = || {
        let start = Instant::now();
        let parsed = dockerfile::parse(&file, &dockerfile::Limits::default()).unwrap();
        let read = history::read(&entries, history::Hint::default()).unwrap();
        let outcome = align(&parsed, &read, &Context::default())[0].outcome;
        (start.elapsed().as_secs_f64() * 1000.0, outcome, parsed.instructions.len(), read.entries.len())
    };
    let (least, outcome, instructions, count) =
        (0..ROUNDS).map(|_| run()).min_by(|one, other| one.0.total_cmp(&other.0)).unwrap();
    println!("{name}: {instructions} instructions, {count} entries: {least:.2} ms, {outcome:?}; target in the page under 50 ms");
}

/// The recorded pair with the most lines times entries.
fn longest() -> Option<(String, Vec<u8>, Vec<u8>)> {
    let given = std::env::var_os("LAYERPROOF_FIXTURES").map(PathBuf::from);
    let fixtures = given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures"));
    let folders = std::fs::read_dir(fixtures.join("official/pairs")).ok()?.flatten();
    let pairs = folders.filter_map(|folder| {
        let read = |name: &str| std::fs::read(folder.path().join(name)).ok();
        Some((folder.file_name().to_string_lossy().into_owned(), read("Dockerfile")?, read("history.json")?))
    });
    pairs.max_by_key(|(name, file, entries)| {
        let count = entries.windows(12).filter(|text| text == b"\"created_by\"").count();
        (file.iter().filter(|byte| **byte == b'\n').count() * count, name.clone())
    })
}

fn made() -> (String, Vec<u8>, Vec<u8>) {
    let (mut file, mut entries) = ("FROM base\n".to_owned(), Vec::new());
    for number in 0..40 {
        file.push_str(&format!("ARG A{number}\nRUN set -eux; make step-{number}; rm -rf /tmp/*\n"));
        let arguments: Vec<String> = (0..=number).map(|each| format!("A{each}=v{each}")).collect();
        entries.push(format!("ARG A{number}=v{number}"));
        let text = format!(
            "RUN |{} {} /bin/sh -c set -eux; make step-{number}; rm -rf /tmp/* # buildkit",
            number + 1,
            arguments.join(" ")
        );
        entries.push(text);
    }
    let entries: Vec<_> =
        entries.iter().map(|text| serde_json::json!({"created_by": text, "comment": "buildkit.dockerfile.v0"})).collect();
    ("made here".to_owned(), file.into_bytes(), serde_json::to_vec(&entries).unwrap())
}
