//! `cargo xtask fixtures`: recorded inputs lie outside the repository; this says which of them the tests find.

use crate::tools::{Outcome, Trouble, cargo, root, run, say};
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The task.
pub(crate) fn task(arguments: &[String]) -> Outcome<bool> {
    match arguments {
        [] => show(),
        [write] if write == "--write" => {
            say("the generated files in the tree are written anew: read the difference before committing it");
            run(cargo(&["test", "--locked", "--package", "layerproof"]).env("LAYERPROOF_BLESS", "1"))?;
            Ok(true)
        }
        _ => Err(Trouble::new("the only option of fixtures is --write")),
    }
}

fn folder() -> PathBuf {
    env::var_os("LAYERPROOF_FIXTURES").map_or_else(|| root().join("../shared/fixtures"), PathBuf::from)
}

fn show() -> Outcome<bool> {
    let folder = folder();
    let Ok(entries) = fs::read_dir(&folder) else {
        println!(
            "{} is not there: tests on recorded inputs are skipped (LAYERPROOF_FIXTURES names another folder)",
            folder.display()
        );
        return Ok(true);
    };
    let mut names: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    names.sort();
    println!("{}", folder.display());
    for path in names {
        let (files, bytes) = weigh(&path);
        println!("  {:<24}{files:>6} files{:>8} MB", path.file_name().unwrap_or_default().to_string_lossy(), bytes / 1_000_000);
    }
    Ok(true)
}

/// Files below a folder and their bytes; links are not followed.
fn weigh(folder: &Path) -> (u64, u64) {
    let mut sum = (0, 0);
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            let (files, bytes) = weigh(&entry.path());
            sum = (sum.0 + files, sum.1 + bytes);
        } else if kind.is_file() {
            sum = (sum.0 + 1, sum.1 + entry.metadata().map_or(0, |meta| meta.len()));
        }
    }
    sum
}
