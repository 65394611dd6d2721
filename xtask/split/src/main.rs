//! `xtask-split profile MODULE.wasm OUT.wasm`: every stretch of a function tells the import `__called` its number when it is
//! executed.
//!
//! `xtask-split cut MODULE.wasm GROUPS OUT`: writes `OUT-0.wasm`, `OUT-1.wasm` and so on. GROUPS has a line with the numbers of the
//! stretches that are executed very often, and one line for each part but the last with those that it begins with; what no line names
//! is the last part.

mod cut;
mod live;
mod outline;
mod plan;
mod profile;
mod stretches;

use std::{env, fs, process::ExitCode};

/// What a step gives: or why not, in words for the person who builds.
type Outcome<T> = Result<T, String>;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["profile", module, out] => read(module).and_then(|whole| write(out, &profile::instrumented(&whole)?)),
        ["cut", module, groups, out] => cut_all(module, groups, out),
        _ => Err("usage: xtask-split profile MODULE.wasm OUT.wasm | cut MODULE.wasm GROUPS OUT".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("split: {why}");
            ExitCode::FAILURE
        }
    }
}

fn cut_all(module: &str, groups: &str, out: &str) -> Outcome<()> {
    let whole = read(module)?;
    let groups = String::from_utf8(read(groups)?).map_err(|why| format!("{groups}: {why}"))?;
    let parts = cut::parts(&whole, &profile::Profile::read(&groups)?)?;
    parts.iter().enumerate().try_for_each(|(number, part)| write(&format!("{out}-{number}.wasm"), part))
}

fn read(file: &str) -> Outcome<Vec<u8>> {
    fs::read(file).map_err(|why| format!("{file}: {why}"))
}

fn write(file: &str, bytes: &[u8]) -> Outcome<()> {
    fs::write(file, bytes).map_err(|why| format!("{file}: {why}"))
}

#[cfg(test)]
mod tests;
