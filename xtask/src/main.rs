//! The build driver: `cargo xtask` prints what it can do.

mod bench;
mod config;
mod fixtures;
mod page;
mod recipes;
mod serve;
mod tally;
mod test;
mod tools;

use std::process::ExitCode;
use tools::Outcome;

/// One thing that this program does.
struct Task {
    name: &'static str,
    options: &'static str,
    does: &'static str,
    run: fn(&[String]) -> Outcome<bool>,
}

const TASKS: &[Task] = &[
    Task {
        name: "build",
        options: "",
        does: "the page in its three artefacts: dist/site, dist/layerproof.html, dist/npm",
        run: page::task,
    },
    Task { name: "serve", options: "[--port N] [--as-is]", does: "builds, then serves dist/site on loopback", run: serve::task },
    Task {
        name: "test",
        options: "[--only STEP,…] [--engine NAME,…] [--case TEXT] [--recipes]",
        does: "every test: native, WebAssembly, the page in every browser found",
        run: test::task,
    },
    Task { name: "bench", options: "[NAME]", does: "the measurements, as ratios against other programs", run: bench::task },
    Task {
        name: "fixtures",
        options: "[--write]",
        does: "says which recorded inputs the tests find; --write makes generated files anew",
        run: fixtures::task,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(task) = arguments.first().and_then(|name| TASKS.iter().find(|task| task.name == name)) else {
        print!("{}", table());
        return ExitCode::from(if arguments.is_empty() { 0 } else { 2 });
    };
    match (task.run)(&arguments[1..]) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(trouble) => {
            eprintln!("cargo xtask {}: {trouble}", task.name);
            ExitCode::FAILURE
        }
    }
}

fn table() -> String {
    let mut out = String::from("cargo xtask TASK\n\n");
    for task in TASKS {
        out += &format!("  {:<9} {}\n", task.name, task.does);
        if !task.options.is_empty() {
            out += &format!("  {:<9} {}\n", "", task.options);
        }
    }
    out
}
