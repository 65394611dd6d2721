//! The report for a terminal: plain text, no colours, every outside text already made safe to show.

use super::model::{Alignment, Check, Evidence, Relation, Report};
use super::words;
use std::fmt::Write as _;

/// The whole report as text.
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}\n{}\n", report.summary.text, words::counts(&report.summary.counts));
    out.push_str("EVIDENCE\n");
    for evidence in &report.evidence {
        write_evidence(&mut out, evidence, 1);
    }
    for alignment in &report.alignments {
        write_alignment(&mut out, alignment);
    }
    if !report.checks.is_empty() {
        out.push_str("\nCHECKS\n");
    }
    for check in &report.checks {
        write_check(&mut out, check);
    }
    write_next(&mut out, report);
    out
}

fn write_evidence(out: &mut String, evidence: &Evidence, depth: usize) {
    let indent = "  ".repeat(depth);
    let _ = writeln!(out, "{indent}{}: {} ({})", evidence.name, evidence.what, words::size(evidence.size));
    for (name, digest) in &evidence.digests {
        let _ = writeln!(out, "{indent}    {name} {digest}");
    }
    if let Some(error) = &evidence.error {
        let place = error.at.as_ref().map(|at| format!(" ({})", words::place(at))).unwrap_or_default();
        let _ = writeln!(out, "{indent}    ! {}{place}", error.text);
        let _ = writeln!(out, "{indent}      expected {}; found {}", error.expected, error.found);
        write_advice(out, &indent, &error.advice);
    }
    for finding in &evidence.findings {
        let place = finding.at.as_ref().map(|at| format!(" ({})", words::place(at))).unwrap_or_default();
        let _ = writeln!(out, "{indent}    - {}{place}", finding.text);
        write_advice(out, &indent, &finding.advice);
    }
    for part in &evidence.parts {
        write_evidence(out, part, depth + 1);
    }
}

fn write_advice(out: &mut String, indent: &str, advice: &str) {
    if !advice.is_empty() {
        let _ = writeln!(out, "{indent}      {advice}");
    }
}

fn write_alignment(out: &mut String, alignment: &Alignment) {
    let _ = writeln!(out, "\nDOCKERFILE AND HISTORY: {} ({})", words::verdict(alignment.verdict), alignment.builder_text);
    for inferred in &alignment.inferred {
        let _ = writeln!(out, "    {}={} inferred from {}", inferred.name, inferred.value, inferred.from);
    }
    for row in &alignment.rows {
        let line = row.instruction.as_ref().map(|at| format!("{:>4} {}", at.line, first_line(&at.text)));
        let _ = writeln!(out, "  {}", line.unwrap_or_else(|| "   - (no instruction)".to_owned()));
        let entry = row.history.zip(row.created_by.as_ref());
        let entry = entry.map(|(index, text)| format!("[{index}] {}", first_line(text)));
        let _ = writeln!(out, "       {} {}", relation(row.relation), entry.unwrap_or_else(|| "(no history entry)".to_owned()));
        let _ = writeln!(out, "       {}", row.why);
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// The relation as a word of equal width.
fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Exact => "exact     ",
        Relation::Equivalent => "equivalent",
        Relation::Explained => "explained ",
        Relation::Differs => "DIFFERS   ",
        Relation::Missing => "MISSING   ",
        Relation::Extra => "EXTRA     ",
        Relation::Base => "base      ",
    }
}

fn write_check(out: &mut String, check: &Check) {
    let _ = writeln!(out, "  [{}] {}: {}", words::verdict(check.verdict), check.title, check.subject);
    let _ = writeln!(out, "      {}", check.text);
    for detail in &check.details {
        let _ = writeln!(out, "      - {}", detail.text);
    }
    let _ = writeln!(out, "      Proves: {}", check.proves);
    let _ = writeln!(out, "      Does not prove: {}", check.does_not_prove);
    for command in &check.repeat {
        let _ = writeln!(out, "      $ {command}");
    }
}

fn write_next(out: &mut String, report: &Report) {
    if report.next.is_empty() {
        return;
    }
    out.push_str("\nTO PROVE MORE, BRING\n");
    for next in &report.next {
        let _ = writeln!(out, "  {}\n      {}", next.bring, next.why);
        if !next.command.is_empty() {
            let _ = writeln!(out, "      $ {}", next.command);
        }
    }
}
