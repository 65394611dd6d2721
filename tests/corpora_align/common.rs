//! The recorded inputs, read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use layerproof::align::{Alignment, Context, Row, align};
use layerproof::dockerfile::{self, Dockerfile};
use layerproof::history::{self, Format, History};

/// The recorded inputs beside the checkout, if they are there.
pub(crate) fn fixtures() -> Option<PathBuf> {
    let given = std::env::var_os("LAYERPROOF_FIXTURES").map(PathBuf::from);
    let folder = given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures"));
    let found = folder.is_dir();
    if !found {
        println!("skipped: fixtures absent");
    }
    found.then_some(folder)
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(path).into_iter().flatten();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

pub(crate) fn parse(text: &[u8]) -> Option<Dockerfile> {
    dockerfile::parse(text, &dockerfile::Limits::default()).ok()
}

fn read_history(path: &Path) -> Option<History> {
    history::read(&std::fs::read(path).ok()?, history::Hint::default()).ok()
}

/// One Dockerfile and one history of it, in one or several exports.
pub(crate) struct Pair {
    /// The case or the image.
    pub(crate) case: String,
    /// Label of the builder.
    pub(crate) builder: String,
    /// The Dockerfile's text.
    pub(crate) text: Vec<u8>,
    pub(crate) file: Dockerfile,
    /// What the person would have typed.
    pub(crate) flags: BTreeMap<String, String>,
    /// The exports; the first one has the builder's own texts.
    pub(crate) exports: Vec<(String, History)>,
    /// Entries of the base image, where that is known.
    pub(crate) base_entries: Option<usize>,
    /// Instructions that truly do not belong to the history.
    pub(crate) mismatches: u64,
}

impl Pair {
    pub(crate) fn history(&self) -> &History {
        &self.exports[0].1
    }

    pub(crate) fn label(&self) -> String {
        format!("{}/{}", self.case, self.builder)
    }

    /// The best alignment of the first export with another Dockerfile.
    pub(crate) fn best(&self, file: &Dockerfile, context: &Context<'_>) -> Alignment {
        align(file, self.history(), context).remove(0)
    }
}

/// Everything that running builders recorded.
pub(crate) fn builders(fixtures: &Path) -> Vec<Pair> {
    const EXPORTS: [&str; 7] = [
        "config.json",
        "history.txt",
        "history-nohuman.txt",
        "history-trunc.txt",
        "history.jsonl",
        "history.json",
        "history-tmpl.txt",
    ];
    let mut found = Vec::new();
    for case in folders(&fixtures.join("builders")) {
        for out in folders(&case.join("out")) {
            // kaniko had no base image, so it was given another file.
            let used = out.join("Dockerfile.used");
            let text = std::fs::read(if used.is_file() { used } else { case.join("Dockerfile") }).unwrap();
            let read = |export: &&str| Some(((*export).to_owned(), read_history(&out.join(export))?));
            let exports: Vec<(String, History)> = EXPORTS.iter().filter_map(read).collect();
            if !exports.is_empty() {
                found.push(Pair {
                    case: name(&case),
                    builder: name(&out),
                    file: parse(&text).unwrap(),
                    text,
                    flags: build_flags(&case.join("context.json")),
                    exports,
                    base_entries: None,
                    mismatches: 0,
                });
            }
        }
    }
    found
}

fn build_flags(path: &Path) -> BTreeMap<String, String> {
    let flags = json(path)["build_flags"].as_array().cloned().unwrap_or_default();
    let pairs = flags.iter().filter_map(|flag| flag.as_str()?.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap_or_default()).unwrap_or_default()
}

/// The published images.
pub(crate) fn official(fixtures: &Path) -> Vec<Pair> {
    folders(&fixtures.join("official/pairs")).iter().map(|folder| official_pair(folder)).collect()
}

fn official_pair(folder: &Path) -> Pair {
    let text = std::fs::read(folder.join("Dockerfile")).unwrap();
    let meta = json(&folder.join("meta.json"));
    let windows = name(folder).contains("windows");
    let record = stripped(folder, windows);
    let original = read_history(&folder.join("config.json")).or_else(|| read_history(&folder.join("history.json")));
    let mut exports = vec![("repo-info".to_owned(), record)];
    if !windows {
        // In the records of Windows images the original text is a guess.
        exports.insert(0, ("original".to_owned(), original.unwrap()));
    }
    let builder = meta["builder"].as_str().unwrap_or("?").to_owned();
    Pair {
        case: name(folder),
        builder: if windows { format!("{builder}-windows") } else { builder },
        file: parse(&text).unwrap(),
        text,
        flags: BTreeMap::new(),
        exports,
        base_entries: meta["match"]["base_entries"].as_u64().map(|count| count as usize),
        mismatches: meta["match"]["mismatch"].as_u64().unwrap_or(0),
    }
}

/// The history as docker-library/repo-info prints it.
fn stripped(folder: &Path, windows: bool) -> History {
    let mut history = read_history(&folder.join("history.json")).unwrap();
    let rows = json(&folder.join("history.json"));
    for (entry, row) in history.entries.iter_mut().zip(rows.as_array().unwrap()) {
        entry.created_by = row["repo_info"].as_str().unwrap().to_owned();
        entry.comment = None;
        entry.empty_layer = row["empty_layer"].as_bool();
    }
    history.format = Format::RepoInfo;
    history.fidelity.prefix_stripped = true;
    history.fidelity.stripped_shell = history.entries.iter().find_map(|entry| {
        let shell = entry.created_by.strip_prefix("SHELL [")?;
        shell.strip_suffix(']').filter(|_| windows).map(str::to_owned)
    });
    history
}

pub(crate) fn bad_rows(alignment: &Alignment) -> Vec<&Row> {
    alignment.rows.iter().filter(|row| row.relation.is_bad()).collect()
}

pub(crate) fn show(file: &Dockerfile, history: &History, alignment: &Alignment) {
    println!("    {:?} {:?} {:?}", alignment.family, alignment.outcome, alignment.recipes.first().map(|recipe| recipe.id));
    for row in &alignment.rows {
        let line = row.instruction.map(|index| file.instructions[index].original.clone()).unwrap_or_default();
        let entry = row.entry.map(|index| history.entries[index].created_by.clone()).unwrap_or_default();
        let want = row.expected.clone().unwrap_or_default();
        println!("      {:?} {} | {line:.80} | {entry:.80} | want {want:.100}", row.relation, row.why.code);
    }
}
