//! What `CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER` names: wasm-bindgen's own test runner, built from Cargo.lock like everything else.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os())
}
