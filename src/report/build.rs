//! From a case and its checks to the report: everything is ordered and worded here.

use super::model::{At, Check, Detail, Evidence, Finding, InputError, Level, Report, SCHEMA, Summary, Tool};
use super::{catalogue, graph, summary, what};
use crate::case::{Body, Case, Item, ItemId};
use crate::checks;
use crate::finding::{self, Said};
use crate::order::{Gather, Map};

/// The report over a case.
pub fn build(case: &Case, checks: &[checks::Check]) -> Report {
    let evidence_id = |id: ItemId| case.item(id).id.clone();
    let graph = graph::graph(checks, &evidence_id);
    let alignments = super::alignment::all(case);
    Report {
        schema: SCHEMA.to_owned(),
        tool: Tool { name: "layerproof".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        summary: summarise(case, checks, &graph),
        evidence: case.inputs().map(|(id, _)| evidence(case, id)).list(),
        checks: checks.iter().map(check).list(),
        images: super::images::all(case, &alignments),
        alignments,
        graph,
        limits: case.options().limits.iter().map(|limit| (limit.name.to_owned(), limit.value)).collect(),
        next: super::next::next(case, checks),
    }
}

fn summarise(case: &Case, checks: &[checks::Check], graph: &super::model::Graph) -> Summary {
    let given = summary::Given {
        inputs: case.inputs().count(),
        unread: case.items().filter(|(_, item)| is_unread(item)).count(),
        read: case.inputs().filter(|(_, item)| !is_unread(item) && !item.is_unneeded()).count(),
        dockerfiles: case.dockerfiles().count(),
        histories: case.histories().count(),
        tarballs: case.tarballs().filter(|(_, item)| item.is_whole()).count(),
    };
    let mut counts = super::model::Counts::default();
    for check in checks {
        let count = match check.verdict {
            checks::Verdict::Proved => &mut counts.proved,
            checks::Verdict::Agrees => &mut counts.agrees,
            checks::Verdict::Contradicted => &mut counts.contradicted,
            checks::Verdict::Ambiguous => &mut counts.ambiguous,
            checks::Verdict::Unknown => &mut counts.unknown,
        };
        *count += 1;
    }
    Summary {
        verdict: graph::verdict(summary::verdict(checks)),
        counts,
        text: summary::text(checks, given),
        chain: graph::chain(graph),
    }
}

/// What was not read to its end, and inputs that were given themselves and are nothing that speaks about an image.
fn is_unread(item: &Item) -> bool {
    item.error.is_some() || item.parent.is_none() && matches!(item.body, Body::Other) && !item.is_unneeded()
}

fn evidence(case: &Case, id: ItemId) -> Evidence {
    let item = case.item(id);
    let mut findings: Vec<Finding> = item.findings.iter().map(finding).list();
    findings.dedup_by(|left, right| left.code == right.code && left.text == right.text);
    Evidence {
        id: item.id.clone(),
        name: item.name.clone(),
        kind: item.kind().to_owned(),
        what: what::what(case, id),
        size: item.size,
        digests: digests(item),
        parts: case.parts(id).iter().map(|part| evidence(case, *part)).list(),
        error: item.error.as_ref().map(input_error),
        findings,
        entries: item.tar().map(|tar| tar.count),
    }
}

/// Digests of an item by what they are of. A file that was cut short has no digest worth showing.
fn digests(item: &Item) -> Map<String, String> {
    let mut digests = Map::new();
    if matches!(item.body, Body::ImageFolder) {
        return digests;
    }
    digests.insert("sha256".to_owned(), item.sha256.to_string());
    if let Some(diff_id) = item.diff_id() {
        digests.insert("diff_id".to_owned(), diff_id.to_string());
    }
    digests
}

fn at(at: &finding::At) -> At {
    At { byte: at.byte, line: at.line, column: at.column, inside: at.inside.clone() }
}

fn finding(finding: &finding::Finding) -> Finding {
    Finding {
        code: finding.code.to_owned(),
        level: match finding.level {
            finding::Level::Note => Level::Note,
            finding::Level::Warn => Level::Warn,
        },
        at: finding.at.as_ref().map(at),
        text: catalogue::text(finding.code, &finding.args),
        advice: catalogue::advice(finding.code, &finding.args).unwrap_or_default(),
    }
}

fn input_error(error: &finding::ReadError) -> InputError {
    let args = error.args.clone().with("expected", &error.expected).with("found", &error.found);
    InputError {
        code: error.code.to_owned(),
        at: error.at.as_ref().map(at),
        expected: error.expected.clone(),
        found: error.found.clone(),
        text: catalogue::text(error.code, &args),
        advice: catalogue::advice(error.code, &args).unwrap_or_default(),
    }
}

fn check(check: &checks::Check) -> Check {
    let text = |code| catalogue::text(code, &check.said.args);
    let subject = match &check.to {
        Some(to) => format!("{} -> {}", check.from.shown(), to.shown()),
        None => check.from.shown(),
    };
    Check {
        kind: check.kind.id().to_owned(),
        verdict: graph::verdict(check.verdict),
        subject,
        title: text(check.kind.title()),
        text: text(check.said.code),
        proves: match check.verdict {
            checks::Verdict::Proved | checks::Verdict::Agrees => text(check.kind.proves()),
            checks::Verdict::Contradicted => text("check.proves-contradiction"),
            checks::Verdict::Ambiguous | checks::Verdict::Unknown => text("check.proves-nothing"),
        },
        does_not_prove: text(check.kind.does_not_prove()),
        details: check.details.iter().map(detail).list(),
        repeat: check.repeat.clone(),
        ends: std::iter::once(&check.from).chain(&check.to).map(graph::node_id).list(),
    }
}

fn detail(said: &Said) -> Detail {
    Detail {
        code: said.code.to_owned(),
        text: catalogue::text(said.code, &said.args),
        args: said.args.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
    }
}
