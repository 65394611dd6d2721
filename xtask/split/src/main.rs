//! `xtask-split profile MODULE.wasm OUT.wasm`: every function tells the import `__called` its number when it is entered.
//!
//! `xtask-split cut MODULE.wasm GROUPS OUT`: writes `OUT-0.wasm`, `OUT-1.wasm` and so on. GROUPS has one line for each part but the
//! last, with the numbers of its functions; what no line names is the last part.

mod cut;
mod plan;
mod profile;

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
    let plan = plan::Plan::new(&cut::parsed(&whole)?, &plan::groups(&groups)?)?;
    write(&format!("{out}-0.wasm"), &cut::main_part(&whole, &plan)?)?;
    (1..=plan.parts).try_for_each(|part| write(&format!("{out}-{part}.wasm"), &cut::other_part(&whole, &plan, part)?))
}

fn read(file: &str) -> Outcome<Vec<u8>> {
    fs::read(file).map_err(|why| format!("{file}: {why}"))
}

fn write(file: &str, bytes: &[u8]) -> Outcome<()> {
    fs::write(file, bytes).map_err(|why| format!("{file}: {why}"))
}

#[cfg(test)]
mod tests;
