use super::{Evidence, Failure, sources};
use layerproof::report::model::Evidence as ReportEvidence;
use layerproof::report::words;
use std::fmt::Write as _;
use std::process::ExitCode;

#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    evidence: Evidence,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let loaded = sources::load(&arguments.evidence)?;
    let report = loaded.session.report();
    let mut out = String::new();
    let mut unread = false;
    for evidence in &report.evidence {
        write(&mut out, evidence, 0);
        unread |= evidence.error.is_some();
    }
    super::print(&out);
    Ok(ExitCode::from(if unread { 2 } else { 0 }))
}

fn write(out: &mut String, evidence: &ReportEvidence, depth: usize) {
    let indent = "  ".repeat(depth);
    let _ = writeln!(out, "{indent}{}  {}, {}", evidence.name, evidence.what, words::size(evidence.size));
    for (role, digest) in &evidence.digests {
        let _ = writeln!(out, "{indent}  {role:<10} {digest}");
    }
    if let Some(error) = &evidence.error {
        let _ = writeln!(out, "{indent}  not read to its end: {} {}", error.text, error.advice);
    }
    for part in &evidence.parts {
        write(out, part, depth + 1);
    }
}
