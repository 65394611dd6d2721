//! `cargo xtask bench`: the measurements of `benches/`, each a program that prints ratios.

use crate::tools::{Outcome, Trouble, cargo, root, run, say};
use std::fs;

/// The task: every measurement, or the one named.
pub(crate) fn task(arguments: &[String]) -> Outcome<bool> {
    let all = names();
    let chosen: Vec<&String> = all.iter().filter(|name| arguments.is_empty() || arguments.contains(name)).collect();
    if chosen.is_empty() {
        return Err(Trouble::new(format!(
            "no such measurement; there are: {}",
            if all.is_empty() { "none yet".into() } else { all.join(", ") }
        )));
    }
    for name in chosen {
        say(name);
        run(&mut cargo(&["bench", "--quiet", "--locked", "--bench", name]))?;
    }
    Ok(true)
}

fn names() -> Vec<String> {
    let files = fs::read_dir(root().join("benches")).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        files.filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".rs").map(str::to_string)).collect();
    names.sort();
    names
}
