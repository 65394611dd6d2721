//! Commands, arguments and exit codes.
//!
//! Exit: 0 everything was read and nothing is contradicted, ambiguous or an undecided `--claim`; 1 something is; 2 an input was
//! not recognised or not readable to its end (1 wins over 2), or the usage is wrong.

mod check;
mod digest;
mod explain;
mod pump;
mod rebuild;
mod sources;

use clap::{Parser, Subcommand, ValueEnum};
use layerproof::session::protocol::ExportFormat;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// Verifies locally, offline, that a container image is what its publisher says it is.
#[derive(Parser)]
#[command(name = "layerproof", version, about, long_about = None)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Read files, compare everything that can be compared, and say what is proved.
    Check(check::Arguments),
    /// Say what each digest of a file is.
    Digest(digest::Arguments),
    /// Show the history that each builder would write for a Dockerfile.
    Explain(explain::Arguments),
    /// Rebuild layer, config and manifest from a tarball and a Dockerfile, and write them.
    Rebuild(rebuild::Arguments),
}

/// Forms in which a report is printed.
#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For reading here.
    Text,
    /// The report itself, byte for byte what the page exports.
    Json,
    /// For an issue.
    Markdown,
    /// One printable file.
    Html,
}

impl Format {
    fn export(self) -> ExportFormat {
        match self {
            Self::Text => ExportFormat::Text,
            Self::Json => ExportFormat::Json,
            Self::Markdown => ExportFormat::Markdown,
            Self::Html => ExportFormat::Html,
        }
    }
}

/// What every command that reads evidence takes.
#[derive(clap::Args)]
struct Evidence {
    /// Files, folders (an OCI layout is one piece of evidence), or `-` for standard input.
    #[arg(value_name = "FILE|DIR|-")]
    inputs: Vec<PathBuf>,
    /// A digest, or text that holds digests, to find in the case.
    #[arg(long = "claim", value_name = "DIGEST")]
    claims: Vec<String>,
    /// The value of a build argument, as it was given to the builder.
    #[arg(long = "build-arg", value_name = "NAME=VALUE")]
    build_args: Vec<String>,
    /// Target stage, by name or number.
    #[arg(long, value_name = "STAGE")]
    target: Option<String>,
    /// Platform to choose from an index.
    #[arg(long, value_name = "OS/ARCH[/VARIANT]")]
    platform: Option<String>,
    /// Build context: every file in it is evidence, named by its path in the context.
    #[arg(long, value_name = "DIR")]
    context: Option<PathBuf>,
    /// A text, each line of which is what a builder recorded for a step: for pastes that cannot be told from other texts.
    #[arg(long = "history-lines", value_name = "FILE")]
    history_lines: Vec<PathBuf>,
    /// The day that counts as today.
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<String>,
    /// A budget, by its name in the report's `limits`.
    #[arg(long = "limit", value_name = "NAME=NUMBER")]
    limits: Vec<String>,
}

/// Something the tool could not do for the person who called it.
enum Failure {
    /// Wrong usage: what was given, and what is expected.
    Usage(String),
    /// A file could not be opened or written.
    File(PathBuf, std::io::Error),
}

pub(crate) fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let outcome = match arguments.command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Digest(arguments) => digest::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Rebuild(arguments) => rebuild::run(&arguments),
    };
    outcome.unwrap_or_else(|failure| {
        match failure {
            Failure::Usage(text) => eprintln!("layerproof: {text}"),
            Failure::File(path, error) => {
                eprintln!("layerproof: {}: {error}", layerproof::finding::visible(path.as_os_str().as_encoded_bytes()));
            }
        }
        ExitCode::from(2)
    })
}

/// Prints to standard output; a reader that has gone away (a closed pipe) ends the output silently.
fn print(text: &str) {
    use std::io::Write as _;
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}
