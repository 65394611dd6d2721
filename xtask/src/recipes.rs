//! The element in pages that other generators make: each recipe of `tests/recipes` is built with the real generator, to be opened
//! in a browser. The generators are installed below `target/recipes`, once.

use crate::tools::{Outcome, Trouble, cargo, root, run, say, target_folder};
use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

/// Versions that the recipes were seen to work with.
const MDBOOK: &str = "0.4.52";
const MKDOCS: &str = "1.6.1";

/// Builds all recipes; gives the folder that holds one site for each.
pub(crate) fn build() -> Outcome<PathBuf> {
    let sites = target_folder().join("recipes/sites");
    remove(&sites)?;
    let plain = assemble("plain", "")?;
    copy(&plain, &sites.join("plain"))?;
    let mdbook = mdbook()?;
    let book = assemble("mdbook", "src")?;
    run(Command::new(mdbook).arg("build").arg(book).arg("--dest-dir").arg(sites.join("mdbook")))?;
    let mkdocs = mkdocs()?;
    let site = assemble("mkdocs", "docs")?;
    run(Command::new(mkdocs).args(["build", "--quiet", "--strict", "--site-dir"]).arg(sites.join("mkdocs")).current_dir(site))?;
    Ok(sites)
}

/// A copy of a recipe with the package and the case in the folder that it names.
fn assemble(name: &str, inside: &str) -> Outcome<PathBuf> {
    let recipes = root().join("tests/recipes");
    let made = target_folder().join("recipes/sources").join(name);
    remove(&made)?;
    copy(&recipes.join(name), &made)?;
    let beside = made.join(inside).join("layerproof");
    copy(&recipes.join("case"), &beside)?;
    for file in files(&root().join("dist/npm"))? {
        let wanted = file.extension().is_some_and(|extension| extension == "js" || extension == "wasm" || extension == "txt");
        if let Some(name) = file.file_name().filter(|_| wanted) {
            fs::copy(&file, beside.join(name)).map_err(|why| trouble(&file, &why))?;
        }
    }
    Ok(made)
}

fn mdbook() -> Outcome<PathBuf> {
    let folder = target_folder().join("recipes/mdbook");
    let program = folder.join("bin").join(format!("mdbook{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        say("cargo install mdbook (the first time takes minutes)");
        let mut install = cargo(&["install", "--quiet", "--locked", "--no-default-features", "--version", MDBOOK, "mdbook"]);
        run(install.arg("--root").arg(&folder).arg("--target-dir").arg(target_folder().join("recipes/build")))?;
    }
    Ok(program)
}

fn mkdocs() -> Outcome<PathBuf> {
    let folder = target_folder().join("recipes/mkdocs");
    let program = folder.join("bin/mkdocs");
    if !program.is_file() {
        say("pip install mkdocs");
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        run(Command::new(folder.join("bin/pip")).args(["install", "--quiet", &format!("mkdocs=={MKDOCS}")]))?;
    }
    Ok(program)
}

fn copy(from: &Path, to: &Path) -> Outcome {
    fs::create_dir_all(to).map_err(|why| trouble(to, &why))?;
    for path in files(from)? {
        let Some(name) = path.file_name() else { continue };
        if path.is_dir() {
            copy(&path, &to.join(name))?;
        } else {
            fs::copy(&path, to.join(name)).map_err(|why| trouble(&path, &why))?;
        }
    }
    Ok(())
}

fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|why| trouble(folder, &why).advice("cargo xtask build"))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

fn remove(folder: &Path) -> Outcome {
    match fs::remove_dir_all(folder) {
        Err(why) if why.kind() != io::ErrorKind::NotFound => Err(trouble(folder, &why)),
        _ => Ok(()),
    }
}

fn trouble(path: &Path, why: &io::Error) -> Trouble {
    Trouble::new(format!("{}: {why}", path.display()))
}
