//! `xtask-bindgen MODULE.wasm FOLDER NAME`: writes `NAME.js`, `NAME.d.ts` and `NAME_bg.wasm` into the folder.
//!
//! A crate of its own, so that `cargo xtask` itself starts without compiling wasm-bindgen.

use std::{env, fs, path::Path, process::ExitCode};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [module, folder, name] = arguments.as_slice() else {
        eprintln!("usage: xtask-bindgen MODULE.wasm FOLDER NAME");
        return ExitCode::from(2);
    };
    match bind(module, folder, name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("wasm-bindgen: {why}");
            ExitCode::FAILURE
        }
    }
}

fn bind(module: &str, folder: &str, name: &str) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name(name).typescript(true);
    bindgen.web(true).map_err(|e| format!("{e:#}"))?;
    // The page always hands the module's bytes over: the glue must not look for a file of its own, which a blob: worker could not load.
    bindgen.omit_default_module_path(true);
    // Names are for debuggers; they would be a third of the file.
    bindgen.remove_name_section(true).remove_producers_section(true);
    bindgen.generate(folder).map_err(|e| format!("{e:#}"))?;
    allow_parts(&Path::new(folder).join(format!("{name}.js")))
}

/// Lets a module that is cut into parts (xtask-split) ask for them: `__load` is no import that wasm-bindgen knows.
fn allow_parts(glue: &Path) -> Result<(), String> {
    let text = fs::read_to_string(glue).map_err(|why| format!("{}: {why}", glue.display()))?;
    let seam = "const import0 = {\n        __proto__: null,";
    let [before, after] = text.split(seam).collect::<Vec<_>>()[..] else {
        return Err(format!("{}: wasm-bindgen writes its imports in another way than before", glue.display()));
    };
    let text = format!("{before}{seam}\n        __load: (part) => globalThis.layerproofLoad(part),{after}");
    fs::write(glue, text).map_err(|why| format!("{}: {why}", glue.display()))
}
