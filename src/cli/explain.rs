use super::{Evidence, Failure, sources};
use layerproof::session::protocol::Explanation;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The Dockerfile.
    dockerfile: PathBuf,
    /// Only builders whose name contains this text.
    #[arg(long, value_name = "NAME")]
    builder: Option<String>,
    /// The value of a build argument.
    #[arg(long = "build-arg", value_name = "NAME=VALUE")]
    build_args: Vec<String>,
    /// Target stage, by name or number.
    #[arg(long, value_name = "STAGE")]
    target: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let loaded = sources::load(&Evidence {
        inputs: vec![arguments.dockerfile.clone()],
        claims: Vec::new(),
        build_args: arguments.build_args.clone(),
        target: arguments.target.clone(),
        platform: None,
        context: None,
        history_lines: Vec::new(),
        as_of: None,
        limits: Vec::new(),
    })?;
    let report = loaded.session.report();
    let Some(dockerfile) = report.evidence.iter().find(|evidence| evidence.kind == "dockerfile") else {
        let read = report.evidence.first().map(|evidence| evidence.what.as_str()).unwrap_or("nothing");
        return Err(Failure::Usage(format!("expected a Dockerfile, read {read}")));
    };
    let wanted = arguments.builder.as_deref().unwrap_or_default().to_lowercase();
    let mut out = String::new();
    for explanation in loaded.session.explain(&dockerfile.id) {
        if explanation.builder.to_lowercase().contains(&wanted) {
            write(&mut out, &explanation);
        }
    }
    super::print(&out);
    Ok(ExitCode::SUCCESS)
}

fn write(out: &mut String, explanation: &Explanation) {
    let _ = writeln!(out, "{}", explanation.builder);
    for entry in &explanation.entries {
        let layer = match entry.layer.as_str() {
            "yes" => "layer  ",
            "no" => "       ",
            _ => "depends",
        };
        let text = entry.created_by.replace('\n', "\n                   ");
        let _ = writeln!(out, "  line {:<4} {layer} {text}", entry.line);
        if !entry.note.is_empty() {
            let _ = writeln!(out, "                   ({})", entry.note);
        }
    }
    out.push('\n');
}
