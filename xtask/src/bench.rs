//! `cargo xtask bench`: the measurements of `benches/`, and the page beside the system's tools; each prints ratios.

use crate::{
    page,
    tools::{Outcome, Trouble, cargo, node, node_packages, root, run, say},
};
use std::fs;

/// The measurements that are no Rust programs, and their scripts.
const PAGES: [(&str, &str); 6] = [
    ("page", "tests/browser/bench.mjs"),
    ("page-formats", "tests/browser/bench-formats.mjs"),
    ("page-javascript", "tests/browser/bench-javascript.mjs"),
    ("page-memory", "tests/browser/bench-memory.mjs"),
    ("page-rebuild", "tests/browser/bench-rebuild.mjs"),
    ("page-start", "tests/browser/bench-start.mjs"),
];

/// The gzip writer alone in WebAssembly, beside Go's.
const WASM_GZIP: &str = "wasm-gzip";

/// The task: every measurement, or the one named.
pub(crate) fn task(arguments: &[String]) -> Outcome<bool> {
    let all = names();
    let chosen: Vec<&String> = all.iter().filter(|name| arguments.is_empty() || arguments.contains(name)).collect();
    if chosen.is_empty() {
        return Err(Trouble::new(format!("no such measurement; there are: {}", all.join(", "))));
    }
    for name in chosen {
        say(name);
        measure(name)?;
    }
    Ok(true)
}

fn measure(name: &str) -> Outcome {
    if let Some((_, script)) = PAGES.iter().find(|(known, _)| *known == name) {
        page::build()?;
        node_packages()?;
        return run(node()?.arg(script));
    }
    if name == WASM_GZIP {
        let folder = page::example("layerproof-deflate", "speed")?;
        return run(node()?.arg("tests/browser/bench-gzip.mjs").arg(folder));
    }
    run(&mut cargo(&["bench", "--quiet", "--locked", "--bench", name]))
}

fn names() -> Vec<String> {
    let files = fs::read_dir(root().join("benches")).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        files.filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".rs").map(str::to_string)).collect();
    names.extend(PAGES.map(|(name, _)| name.to_string()));
    names.push(WASM_GZIP.to_string());
    names.sort();
    names
}
