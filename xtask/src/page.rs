//! `cargo xtask build`: library -> WebAssembly -> JavaScript beside it -> the artefacts in `dist/`.

use crate::{
    config::{self, Config, Module},
    tools::{
        Outcome, Trouble, cannot_start, cargo, json_string, node, node_packages, output, root, run, say, target_folder,
        wasm_target, words,
    },
};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

const TARGET: &str = "wasm32-unknown-unknown";
/// What the bundler ends with when everything is made and something is too large.
const OVER_BUDGET: i32 = 3;

/// The task: builds everything that wasm-pack.toml names.
pub(crate) fn task(arguments: &[String]) -> Outcome<bool> {
    if let Some(unknown) = arguments.first() {
        return Err(Trouble::new(format!("“{unknown}” is no option of build")));
    }
    build()
}

/// Builds everything that wasm-pack.toml names; false when it is all there, but larger than that file allows.
pub(crate) fn build() -> Outcome<bool> {
    let config = config::load()?;
    let node = node()?;
    node_packages()?;
    wasm_target()?;
    for module in &config.modules {
        compile(&config, module)?;
        bind(&config, module)?;
        // What waits until it is needed comes whole then.
        if !module.on_demand {
            cut(module)?;
        }
    }
    bundle(&config, node)
}

/// Where the JavaScript side of the modules is put.
fn glue_folder() -> PathBuf {
    target_folder().join("page")
}

fn compile(config: &Config, module: &Module) -> Outcome {
    say(format!("cargo: {} for WebAssembly (the first time takes minutes)", module.package));
    let mut command = cargo(&["build", "--quiet", "--locked", "--lib", "--target", TARGET, "--no-default-features"]);
    command.args(["--profile", &config.profile, "--package", &module.package, "--features", &module.features.join(",")]);
    run(command.env("CARGO_ENCODED_RUSTFLAGS", rust_flags(config)?))
}

/// Builds an example of a package as the page is built, with its JavaScript side; gives the folder of both.
pub(crate) fn example(package: &str, name: &str) -> Outcome<PathBuf> {
    let config = config::load()?;
    wasm_target()?;
    let mut command = cargo(&["build", "--quiet", "--locked", "--target", TARGET, "--profile", &config.profile]);
    run(command.args(["--package", package, "--example", name]).env("CARGO_ENCODED_RUSTFLAGS", rust_flags(&config)?))?;
    let built = target_folder().join(TARGET).join(&config.profile).join("examples").join(format!("{name}.wasm"));
    let folder = target_folder().join("examples").join(name);
    run(cargo(&["run", "--quiet", "--locked", "--package", "xtask-bindgen", "--"]).arg(built).arg(&folder).arg(name))?;
    Ok(folder)
}

/// Flags of every WebAssembly build: the CPU features, and names for the folders of this machine, whose paths would otherwise be in
/// the panic messages and make two machines' builds differ.
pub(crate) fn rust_flags(config: &Config) -> Outcome<String> {
    let features: Vec<String> = config.target_features.iter().map(|name| format!("+{name}")).collect();
    let mut flags = vec!["-C".to_string(), format!("target-feature={}", features.join(","))];
    let sysroot = sysroot()?;
    // Where the component rust-src is installed, rustc names the library's files there, else as they were when it was built: the same
    // name for both. Of two flags that fit, the later one counts.
    let sources = (sysroot.join("lib/rustlib/src/rust"), format!("/rustc/{}", rustc_commit()?));
    let named = [(cargo_home(), "/cargo"), (root(), "/layerproof"), (sysroot, "/rust")];
    for (folder, name) in named.into_iter().map(|(folder, name)| (folder, name.to_owned())).chain([sources]) {
        flags.push(format!("--remap-path-prefix={}={name}", folder.display()));
    }
    Ok(flags.join("\u{1f}"))
}

fn cargo_home() -> PathBuf {
    let home = || Path::new(&env::var_os("HOME").unwrap_or_default()).join(".cargo");
    env::var_os("CARGO_HOME").map_or_else(home, PathBuf::from).join("registry/src")
}

fn rustc_commit() -> Outcome<String> {
    let about = output(Command::new("rustc").arg("-vV").current_dir(root()))?;
    let commit = about.lines().find_map(|line| line.strip_prefix("commit-hash: "));
    commit.map(str::to_owned).ok_or_else(|| Trouble::new("rustc -vV names no commit"))
}

fn sysroot() -> Outcome<PathBuf> {
    output(Command::new("rustc").args(["--print", "sysroot"]).current_dir(root())).map(PathBuf::from)
}

fn bind(config: &Config, module: &Module) -> Outcome {
    say(format!("wasm-bindgen: {}", module.name));
    let file = format!("{}.wasm", module.package.replace('-', "_"));
    let built = target_folder().join(TARGET).join(&config.profile).join(file);
    run(cargo(&["run", "--quiet", "--locked", "--package", "xtask-bindgen", "--"])
        .arg(built)
        .arg(glue_folder())
        .arg(&module.name))
}

/// Cuts a module into what common cases need and parts that load when they are called: www/build/profile.mjs finds out what such
/// cases come to.
fn cut(module: &Module) -> Outcome {
    say(format!("split: {}", module.name));
    let file = |end: &str| glue_folder().join(format!("{}{end}", module.name));
    let split = |step: &str| cargo(&["run", "--quiet", "--locked", "--package", "xtask-split", "--", step]);
    run(split("profile").arg(file("_bg.wasm")).arg(file("_profiled.wasm")))?;
    run(node()?.arg("www/build/profile.mjs").arg(file(".js")).arg(file("_profiled.wasm")).arg(file("_groups")))?;
    run(split("cut").arg(file("_bg.wasm")).arg(file("_groups")).arg(file("_part")))
}

fn bundle(config: &Config, mut node: Command) -> Outcome<bool> {
    say("esbuild: the artefacts");
    let plan = glue_folder().join("plan.json");
    fs::write(&plan, plan_json(config)).map_err(|why| Trouble::new(format!("{}: {why}", plan.display())))?;
    let status = node.arg("www/build/build.mjs").arg(&plan).status().map_err(|why| cannot_start(&node, &why))?;
    match status.code() {
        Some(0) => Ok(true),
        Some(OVER_BUDGET) => Ok(false),
        _ => Err(Trouble::new(format!("{} ended with {status}", words(&node)))),
    }
}

/// What the bundler is to do.
fn plan_json(config: &Config) -> String {
    let module = |module: &Module| {
        let (name, budget, goal, on_demand) = (json_string(&module.name), module.budget, module.goal, module.on_demand);
        let parts_budget = module.parts_budget;
        format!(r#"{{"name":{name},"budget":{budget},"goal":{goal},"partsBudget":{parts_budget},"onDemand":{on_demand}}}"#)
    };
    let modules: Vec<String> = config.modules.iter().map(module).collect();
    let artefacts: Vec<String> = config.artefacts.iter().map(|name| json_string(name)).collect();
    format!(
        r#"{{"root":{},"glue":{},"out":{},"modules":[{}],"artefacts":[{}],"visitBudget":{},"visitGoal":{}}}"#,
        json_string(&root().to_string_lossy()),
        json_string(&glue_folder().to_string_lossy()),
        json_string(&root().join("dist").to_string_lossy()),
        modules.join(","),
        artefacts.join(","),
        config.visit_budget,
        config.visit_goal
    )
}
