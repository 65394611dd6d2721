//! Holds the committed `www/protocol.d.ts` against the Rust types that it is made from.
//!
//! `LAYERPROOF_BLESS=1 cargo test --lib session::typescript` writes the file anew.

use super::protocol::*;
use crate::report::model::*;
use ts_rs::{Config, TS};

const HEAD: &str = "// Made from src/report/model.rs and src/session/protocol.rs; do not edit.\n\
    // LAYERPROOF_BLESS=1 cargo test --lib session::typescript\n";

/// The declaration of one type, with its documentation.
fn declaration<T: TS>(config: &Config) -> String {
    let docs = T::docs().unwrap_or_default();
    format!("{}\nexport {}\n", docs.trim_end(), T::decl(config))
}

macro_rules! declarations {
    ($config:expr; $($type:ty),* $(,)?) => { [$(declaration::<$type>($config)),*].concat() };
}

/// The whole file: the report first, then what carries it.
fn typescript() -> String {
    let config = &Config::new().with_large_int("number");
    let report = declarations!(config;
        Report, Tool, Verdict, Counts, Summary, Link, At, Level, Finding, InputError, Evidence, Check, Detail, Graph, Node,
        Edge, Next, Alignment, Inferred, Relation, Row, InstructionRef, Image, Layer, MadeBy,
    );
    let protocol = declarations!(config;
        Request, Setting, Example, ExportFormat, Artefact, Response, Need, SourceEvidence, Choices, ArgumentChoice, ExampleFile,
        EntryRow, Explanation, ExplainedEntry,
    );
    let whole = format!("{HEAD}{report}{protocol}");
    let lines: Vec<&str> = whole.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

#[test]
fn the_committed_types_are_those_of_the_program() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/www/protocol.d.ts");
    let made = typescript();
    if std::env::var_os("LAYERPROOF_BLESS").is_some() {
        std::fs::write(path, &made).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == made, "www/protocol.d.ts is stale: LAYERPROOF_BLESS=1 cargo test --lib session::typescript");
}

#[test]
fn no_number_is_a_bigint_on_the_page() {
    assert!(!typescript().contains("bigint"));
}
