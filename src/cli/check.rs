use super::{Evidence, Failure, Format, sources};
use layerproof::case::CLAIM;
use layerproof::checks::Kind;
use layerproof::oci::parse_claims;
use layerproof::report::model::{Check, Evidence as ReportEvidence, Report, Verdict};
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
    Ok(ExitCode::from(exit_code(&report, &arguments.evidence.claims)))
}

/// 1 for a result that speaks against the image or an undecided `--claim`, 2 for an input that was not read, else 0.
fn exit_code(report: &Report, claims: &[String]) -> u8 {
    let asked = Asked::of(report, claims);
    let against = report.checks.iter().any(|check| match check.verdict {
        Verdict::Contradicted | Verdict::Ambiguous => true,
        Verdict::Unknown => check.kind == Kind::DigestClaim.id() && asked.has(check),
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

/// What `--claim` asks for. Digests that a file only mentions (`docker image inspect` names its image) ask nothing.
struct Asked<'r> {
    report: &'r Report,
    digests: Vec<String>,
}

impl<'r> Asked<'r> {
    fn of(report: &'r Report, claims: &[String]) -> Self {
        let digests = claims.iter().flat_map(|text| parse_claims(text)).map(|claim| claim.label()).collect();
        Self { report, digests }
    }

    fn has(&self, check: &Check) -> bool {
        let mut ends = self.report.graph.nodes.iter().filter(|node| check.ends.contains(&node.id));
        ends.any(|node| match &node.digest {
            Some(digest) => self.digests.contains(digest),
            // A part of a digest, or what is none.
            None => node.evidence.as_ref().is_some_and(|id| self.is_typed(id)),
        })
    }

    fn is_typed(&self, id: &str) -> bool {
        self.report.evidence.iter().any(|evidence| evidence.id == id && evidence.kind == "claims" && evidence.name == CLAIM)
    }
}

fn unread(evidence: &ReportEvidence) -> bool {
    evidence.error.is_some() || evidence.kind == "unknown" || evidence.parts.iter().any(|part| part.error.is_some())
}
