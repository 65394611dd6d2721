//! The build driver: `cargo xtask serve | build | test | bench | fixtures`.

fn main() {}
