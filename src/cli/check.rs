use super::{Evidence, Failure, Format, sources};
use layerproof::report::model::{Evidence as ReportEvidence, Report, Verdict};
use layerproof::session::Export;
use std::process::ExitCode;

#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    evidence: Evidence,
    /// Do not rebuild layers, even when a tarball and a digest to compare with are at hand.
    #[arg(long)]
    no_rebuild: bool,
    /// Form of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut loaded = sources::load(&arguments.evidence)?;
    if !arguments.no_rebuild {
        loaded.session.rebuild_comparable();
    }
    loaded.run_passes()?;
    let report = loaded.session.report();
    super::print(&Export::of(&report, arguments.format.export()).text);
    Ok(ExitCode::from(exit_code(&report)))
}

/// 1 for a result that speaks against the image or an undecided claim, 2 for an input that was not read, else 0.
fn exit_code(report: &Report) -> u8 {
    let against = report.checks.iter().any(|check| match check.verdict {
        Verdict::Contradicted | Verdict::Ambiguous => true,
        Verdict::Unknown => check.kind == layerproof::checks::Kind::DigestClaim.id(),
        Verdict::Agrees | Verdict::Proved => false,
    });
    if against {
        1
    } else if report.evidence.iter().any(unread) {
        2
    } else {
        0
    }
}

fn unread(evidence: &ReportEvidence) -> bool {
    evidence.error.is_some() || evidence.kind == "unknown" || evidence.parts.iter().any(|part| part.error.is_some())
}
