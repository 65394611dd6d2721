//! `cargo xtask test`: every step even after a failure, and one last line that counts.

use crate::{
    config, page, recipes,
    tally::{RustOutput, Tally},
    tools::{
        Outcome, Trouble, cannot_start, cargo, json_string, node, node_packages, on_path, root, run, say, target_folder,
        wasm_target, words,
    },
};
use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

/// Crates that only carry other projects' programs; what they do is seen when the build and the tests use them.
const CARRIERS: [&str; 4] = ["--exclude", "xtask-bindgen", "--exclude", "xtask-wasm-test-runner"];
const ENGINES: [&str; 3] = ["chromium", "firefox", "webkit"];

/// What a person chose on the command line.
#[derive(Debug, Default)]
struct Choice {
    only: Vec<String>,
    engines: Vec<String>,
    case: Option<String>,
    /// The recipes of docs/ELEMENT.md and nothing else: they install other projects' generators.
    recipes: bool,
}

type Step = fn(&Choice) -> Outcome<Tally>;

/// Quick answers first. `page` makes what the browsers open.
const STEPS: &[(&str, &str, Step)] = &[
    ("format", "the Rust sources are formatted", format),
    ("native", "tests and examples of the library, the command line tool and this program", native),
    ("lint", "clippy for this machine and for WebAssembly", lint),
    ("doc", "the documentation has no broken link", doc),
    ("types", "the page's TypeScript", types),
    ("page", "the artefacts are built, within their budgets, and hold what they should", build_page),
    ("wasm", "tests of the WebAssembly module in a headless browser", wasm),
    ("browser", "the page in every browser found", browser),
];

/// The task. True when nothing failed.
pub(crate) fn task(arguments: &[String]) -> Outcome<bool> {
    let choice = choose(arguments)?;
    if choice.recipes {
        let tally = recipe_pages(&choice)?;
        println!("{tally}");
        return Ok(tally.failed == 0);
    }
    let (mut total, before) = (Tally::default(), tree());
    for (name, does, step) in STEPS {
        if !choice.only.is_empty() && !choice.only.iter().any(|only| only == name) {
            continue;
        }
        say(format!("{name}: {does}"));
        let start = Instant::now();
        let tally = step(&choice).unwrap_or_else(|trouble| {
            println!("FAILED {name}: {trouble}");
            Tally::one(false)
        });
        println!("    {name}: {tally} ({:.0} s)", start.elapsed().as_secs_f32());
        total += tally;
    }
    total += unchanged(before.as_deref());
    println!("{total}");
    Ok(total.failed == 0)
}

fn choose(arguments: &[String]) -> Outcome<Choice> {
    let mut choice = Choice::default();
    let mut rest = arguments.iter();
    while let Some(option) = rest.next() {
        let mut value = || rest.next().cloned().ok_or_else(|| Trouble::new(format!("{option} needs a value")));
        let list = |text: String| text.split(',').map(str::to_string).collect();
        match option.as_str() {
            "--only" => choice.only = list(value()?),
            "--engine" => choice.engines = list(value()?),
            "--case" => choice.case = Some(value()?),
            "--recipes" => choice.recipes = true,
            other => return Err(Trouble::new(format!("“{other}” is no option of test"))),
        }
    }
    let known = |name: &String| STEPS.iter().any(|(step, ..)| step == name);
    if let Some(unknown) = choice.only.iter().find(|name| !known(name)) {
        let names: Vec<&str> = STEPS.iter().map(|(name, ..)| *name).collect();
        return Err(Trouble::new(format!("“{unknown}” is no step; the steps are {}", names.join(", "))));
    }
    if let Some(unknown) = choice.engines.iter().find(|name| !ENGINES.contains(&name.as_str())) {
        return Err(Trouble::new(format!("“{unknown}” is no engine; the engines are {}", ENGINES.join(", "))));
    }
    Ok(choice)
}

/// Runs a command as one test: what it prints is seen, its exit code decides.
fn one(command: &mut Command, advice: &str) -> Tally {
    match run(command) {
        Ok(()) => Tally::one(true),
        Err(trouble) => {
            println!("FAILED {}", trouble.advice(advice));
            Tally::one(false)
        }
    }
}

fn format(_: &Choice) -> Outcome<Tally> {
    Ok(one(&mut cargo(&["fmt", "--all", "--check"]), "cargo fmt --all"))
}

fn native(_: &Choice) -> Outcome<Tally> {
    let mut command = cargo(&["test", "--locked", "--no-fail-fast", "--workspace"]);
    rust_tests(command.args(CARRIERS).args(["--", "--show-output"]))
}

fn lint(_: &Choice) -> Outcome<Tally> {
    wasm_target()?;
    let mut here = cargo(&["clippy", "--quiet", "--locked", "--workspace", "--all-targets"]);
    let mut tally = one(here.args(CARRIERS).args(["--", "--deny", "warnings"]), "cargo clippy --workspace --all-targets");
    let mut wasm =
        cargo(&["clippy", "--quiet", "--locked", "--lib", "--target", "wasm32-unknown-unknown", "--no-default-features"]);
    wasm.args(["--", "--deny", "warnings"]);
    tally += one(&mut wasm, "cargo clippy --lib --target wasm32-unknown-unknown --no-default-features");
    Ok(tally)
}

fn doc(_: &Choice) -> Outcome<Tally> {
    let mut command = cargo(&["doc", "--quiet", "--locked", "--no-deps", "--lib", "--document-private-items"]);
    Ok(one(
        command.env("RUSTDOCFLAGS", "--deny warnings --allow rustdoc::private_intra_doc_links"),
        "cargo doc --no-deps --lib --document-private-items",
    ))
}

fn types(_: &Choice) -> Outcome<Tally> {
    node()?;
    node_packages()?;
    let mut tally = Tally::default();
    for project in ["tsconfig.json", "tsconfig.service-worker.json"] {
        let mut tsc = Command::new("node");
        tsc.args(["node_modules/typescript/bin/tsc", "--noEmit", "--project", project]).current_dir(root().join("www"));
        tally += one(&mut tsc, &format!("(cd www && npx tsc --noEmit --project {project})"));
    }
    Ok(tally)
}

fn build_page(_: &Choice) -> Outcome<Tally> {
    let fits = page::build()?;
    let mut tally = own_tests(node()?.arg("tests/browser/artefacts.mjs"))?;
    tally += own_tests(node()?.arg("tests/browser/cut.mjs"))?;
    if !fits {
        println!("FAILED the page is over its budget in wasm-pack.toml");
    }
    tally += Tally::one(fits);
    // What others write against the package, with the types that were just made.
    let mut tsc = Command::new("node");
    tsc.args(["node_modules/typescript/bin/tsc", "--project", "../tests/types/tsconfig.json"]).current_dir(root().join("www"));
    tally += one(&mut tsc, "(cd www && npx tsc --project ../tests/types/tsconfig.json)");
    Ok(tally)
}

fn wasm(_: &Choice) -> Outcome<Tally> {
    if !on_path("chromedriver") {
        println!("    skipped: the WebAssembly tests need chromedriver (Debian packages chromium, chromium-driver)");
        return Ok(Tally { skipped: 1, ..Tally::default() });
    }
    wasm_target()?;
    say("cargo: the WebAssembly test runner (the first time takes minutes)");
    run(&mut cargo(&["build", "--quiet", "--locked", "--package", "xtask-wasm-test-runner"]))?;
    let driver = target_folder().join("webdriver.json");
    fs::write(&driver, driver_options()).map_err(|why| Trouble::new(format!("{}: {why}", driver.display())))?;
    let mut command = cargo(&["test", "--locked", "--target", "wasm32-unknown-unknown", "--no-default-features"]);
    command.args(web_tests().iter().flat_map(|name| ["--test", name]));
    command
        .env("CARGO_ENCODED_RUSTFLAGS", page::rust_flags(&config::load()?)?)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", target_folder().join("debug/xtask-wasm-test-runner"))
        .env("CHROMEDRIVER", "chromedriver")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", driver)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    rust_tests(&mut command)
}

/// Test programs for WebAssembly: `tests/web*.rs`.
fn web_tests() -> Vec<String> {
    let files = fs::read_dir(root().join("tests")).into_iter().flatten().flatten();
    let names = files.filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".rs").map(str::to_string));
    let mut names: Vec<String> = names.filter(|name| name.starts_with("web")).collect();
    names.sort();
    names
}

/// How chromedriver starts Chromium: alone, silent, and as root too.
fn driver_options() -> String {
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
    ];
    let quoted: Vec<String> = arguments.iter().map(|argument| json_string(argument)).collect();
    format!(r#"{{"goog:chromeOptions":{{"args":[{}]}}}}"#, quoted.join(","))
}

fn browser(choice: &Choice) -> Outcome<Tally> {
    browsers(choice, "cases")
}

/// What other generators make of the recipes, in every browser found.
fn recipe_pages(choice: &Choice) -> Outcome<Tally> {
    recipes::build()?;
    browsers(choice, "recipes")
}

/// The browser tests of a folder of `tests/browser`.
fn browsers(choice: &Choice, folder: &str) -> Outcome<Tally> {
    if !root().join("dist/site/index.html").is_file() {
        return Err(Trouble::new("dist/site is not there").advice("cargo xtask build"));
    }
    node_packages()?;
    let mut tally = Tally::default();
    for engine in ENGINES.iter().filter(|engine| choice.engines.is_empty() || choice.engines.iter().any(|name| name == *engine)) {
        let mut command = node()?;
        command.args(["tests/browser/run.mjs", "--folder", folder, "--engine", engine]);
        if let Some(case) = &choice.case {
            command.args(["--case", case]);
        }
        tally += own_tests(&mut command)?;
    }
    Ok(tally)
}

/// Runs Rust test programs and adds up their closing lines.
fn rust_tests(command: &mut Command) -> Outcome<Tally> {
    let mut output = RustOutput::default();
    let success = lines(command, |line| {
        if output.line(line) {
            println!("{line}");
        }
    })?;
    for skip in &output.skips {
        println!("    {skip}");
    }
    Ok(with_exit(output.tally, success))
}

/// Runs a test program of ours, whose last line counts.
fn own_tests(command: &mut Command) -> Outcome<Tally> {
    let mut tally = None;
    let success = lines(command, |line| {
        println!("{line}");
        tally = Tally::from_own_line(line).or(tally);
    })?;
    tally.map(|tally| with_exit(tally, success)).ok_or_else(|| Trouble::new(format!("{} did not count", words(command))))
}

/// A program that failed without a failed test (it did not compile, it broke) is one.
fn with_exit(tally: Tally, success: bool) -> Tally {
    Tally { failed: if success { tally.failed } else { tally.failed.max(1) }, ..tally }
}

/// Runs a command and hands over its standard output by lines. True when it succeeded.
fn lines(command: &mut Command, mut each: impl FnMut(&str)) -> Outcome<bool> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(|why| cannot_start(command, &why))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n').map_while(Result::ok) {
            each(String::from_utf8_lossy(&line).trim_end());
        }
    }
    child.wait().map(|status| status.success()).map_err(|why| Trouble::new(why.to_string()))
}

/// The state of the working tree, to see whether the tests changed a committed file or left something behind.
fn tree() -> Option<String> {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).current_dir(root()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    Path::new(&root()).join(".git").exists().then(|| Some(git(&["status", "--porcelain"])? + &git(&["diff", "HEAD"])?))?
}

fn unchanged(before: Option<&str>) -> Tally {
    let (Some(before), Some(after)) = (before, tree()) else {
        println!("    skipped: no git here to tell whether the tests left the tree as it was");
        return Tally { skipped: 1, ..Tally::default() };
    };
    if before != after {
        println!("FAILED the tests changed the tree\n  run: git status && git diff");
    }
    Tally::one(before == after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_checked() {
        let words = |text: &str| text.split(' ').map(str::to_string).collect::<Vec<_>>();
        assert_eq!(choose(&words("--only native,wasm --engine firefox")).unwrap().only, ["native", "wasm"]);
        assert!(choose(&words("--recipes --engine firefox")).unwrap().recipes);
        for wrong in ["--only", "--only all", "--engine opera", "--fast"] {
            assert!(choose(&words(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_program_that_breaks_counts_as_failed() {
        assert_eq!(with_exit(Tally::default(), false).failed, 1);
        assert_eq!(with_exit(Tally { failed: 3, ..Tally::default() }, false).failed, 3);
    }
}
