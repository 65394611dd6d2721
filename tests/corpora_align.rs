//! Recorded histories of real builders and published images, laid beside their Dockerfiles. One line per corpus is printed.
//! Without the fixtures every test says that it is skipped.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use layerproof::align::{Alignment, Context, Outcome, align};
use layerproof::dockerfile::{self, Dockerfile};
use layerproof::history::{self, History};

fn fixtures() -> Option<PathBuf> {
    let given = std::env::var_os("LAYERPROOF_FIXTURES").map(PathBuf::from);
    let folder = given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures"));
    let found = folder.is_dir();
    if !found {
        println!("skipped: fixtures absent");
    }
    found.then_some(folder)
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(path)
        .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()).collect())
        .unwrap_or_default();
    found.sort();
    found
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn read_dockerfile(path: &Path) -> Dockerfile {
    dockerfile::parse(&std::fs::read(path).unwrap(), &dockerfile::Limits::default()).unwrap()
}

fn read_history(path: &Path) -> Option<History> {
    history::read(&std::fs::read(path).ok()?, history::Hint::default()).ok()
}

/// One Dockerfile and what one builder recorded for it.
struct Recorded {
    case: String,
    builder: String,
    /// The Dockerfile that this builder read (kaniko had another base).
    file: PathBuf,
    flags: BTreeMap<String, String>,
    /// Every export of the history.
    exports: Vec<(String, History)>,
}

fn recorded(fixtures: &Path) -> Vec<Recorded> {
    let mut found = Vec::new();
    for case in folders(&fixtures.join("builders")) {
        let flags = build_flags(&case.join("context.json"));
        for out in folders(&case.join("out")) {
            let used = out.join("Dockerfile.used");
            let file = if used.is_file() { used } else { case.join("Dockerfile") };
            let names = [
                "config.json",
                "history.txt",
                "history-nohuman.txt",
                "history-trunc.txt",
                "history.jsonl",
                "history.json",
                "history-tmpl.txt",
            ];
            let exports: Vec<(String, History)> =
                names.iter().filter_map(|export| Some(((*export).to_owned(), read_history(&out.join(export))?))).collect();
            if !exports.is_empty() {
                found.push(Recorded { case: name(&case), builder: name(&out), file, flags: flags.clone(), exports });
            }
        }
    }
    found
}

fn build_flags(path: &Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let flags = value["build_flags"].as_array().cloned().unwrap_or_default();
    let pairs = flags.iter().filter_map(|flag| flag.as_str()?.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn best(file: &Dockerfile, history: &History, context: &Context<'_>) -> Alignment {
    align(file, history, context).remove(0)
}

fn bad_rows(alignment: &Alignment) -> usize {
    alignment.rows.iter().filter(|row| row.relation.is_bad()).count()
}

fn show(file: &Dockerfile, history: &History, alignment: &Alignment) {
    println!("    {:?} {:?} {:?}", alignment.family, alignment.outcome, alignment.recipes.first().map(|recipe| recipe.id));
    for row in &alignment.rows {
        let line = row.instruction.map(|index| file.instructions[index].original.clone()).unwrap_or_default();
        let entry = row.entry.map(|index| history.entries[index].created_by.clone()).unwrap_or_default();
        println!(
            "      {:?} {} | {line:.90} | {entry:.90} | want {:.120}",
            row.relation,
            row.why.code,
            row.expected.clone().unwrap_or_default()
        );
    }
}

#[test]
fn every_builder_aligns_with_its_own_history() {
    let Some(fixtures) = fixtures() else { return };
    let (mut exports, mut bad, mut empty, mut need_flags) = (0, Vec::new(), 0, BTreeSet::new());
    for recorded in recorded(&fixtures) {
        let file = read_dockerfile(&recorded.file);
        for (export, history) in &recorded.exports {
            exports += 1;
            let mut alignment = best(&file, history, &Context::default());
            if bad_rows(&alignment) > 0 && !recorded.flags.is_empty() {
                need_flags.insert(format!("{}/{}/{export}", recorded.case, recorded.builder));
                let context = Context { build_args: recorded.flags.clone(), ..Context::default() };
                alignment = best(&file, history, &context);
            }
            empty += usize::from(alignment.outcome == Outcome::Unknown && bad_rows(&alignment) == 0);
            if bad_rows(&alignment) > 0 {
                bad.push(format!("{}/{}/{export}", recorded.case, recorded.builder));
                if bad.len() < 40 {
                    println!("  {}", bad.last().unwrap());
                    show(&file, history, &alignment);
                }
            }
        }
    }
    println!(
        "builders: {exports} exports, {} not aligned, {empty} with nothing to compare, {} needed build arguments",
        bad.len(),
        need_flags.len()
    );
    for each in &need_flags {
        println!("  needed build arguments: {each}");
    }
    assert!(bad.is_empty(), "{bad:#?}");
}
