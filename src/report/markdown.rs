//! The report as Markdown, for an issue or a pull request. Outside text stands in code spans whose fence is longer than any
//! run of backticks inside, so that no name can break out.

use super::model::{Alignment, Check, Evidence, Report};
use super::words;
use std::fmt::Write as _;

/// The whole report as Markdown.
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "## layerproof: {}\n", words::verdict(report.summary.verdict));
    let _ = writeln!(out, "{}\n\n{}\n", prose(&report.summary.text), words::counts(&report.summary.counts));
    out.push_str("### Evidence\n\n");
    for evidence in &report.evidence {
        write_evidence(&mut out, evidence, 0);
    }
    write_layers(&mut out, report);
    for alignment in &report.alignments {
        write_alignment(&mut out, alignment);
    }
    out.push_str("\n### Checks\n\n");
    for check in &report.checks {
        write_check(&mut out, check);
    }
    write_next(&mut out, report);
    let _ = writeln!(out, "\n{} {}. A report is a claim: run it again on the same files.", report.tool.name, report.tool.version);
    out
}

fn write_evidence(out: &mut String, evidence: &Evidence, depth: usize) {
    let indent = "  ".repeat(depth);
    let _ = writeln!(out, "{indent}- {} – {}, {}", code(&evidence.name), prose(&evidence.what), words::size(evidence.size));
    for (name, digest) in &evidence.digests {
        let _ = writeln!(out, "{indent}  - {name} {}", code(digest));
    }
    if let Some(error) = &evidence.error {
        let place = error.at.as_ref().map(|at| format!(" ({})", escape(&words::place(at)))).unwrap_or_default();
        let _ = writeln!(out, "{indent}  - **not read to its end**: {}{place} {}", prose(&error.text), prose(&error.advice));
    }
    for finding in &evidence.findings {
        let place = finding.at.as_ref().map(|at| format!(" ({})", escape(&words::place(at)))).unwrap_or_default();
        let _ = writeln!(out, "{indent}  - {}{place}", prose(&finding.text));
    }
    for part in &evidence.parts {
        write_evidence(out, part, depth + 1);
    }
}

fn write_layers(out: &mut String, report: &Report) {
    if report.images.is_empty() {
        return;
    }
    out.push_str("\n### Layers, the lowest first\n\n");
    for image in &report.images {
        let _ = writeln!(out, "- {}", code(&image.label));
        for layer in &image.layers {
            let (how, step) = words::made_by(layer);
            let digest = layer.digest.as_ref().or(layer.diff_id.as_ref()).map(|digest| code(digest)).unwrap_or_default();
            let step = if step.is_empty() { String::new() } else { format!(": {}", code(step)) };
            let _ = writeln!(out, "  1. {digest} {}{step}", prose(&how));
        }
    }
}

fn write_alignment(out: &mut String, alignment: &Alignment) {
    let _ = writeln!(out, "\n### Dockerfile and history: {}\n", words::verdict(alignment.verdict));
    let _ = writeln!(out, "{}\n", prose(&alignment.builder_text));
    out.push_str("| line | instruction | history | relation | why |\n|---|---|---|---|---|\n");
    for row in &alignment.rows {
        let line = row.instruction.as_ref().map(|at| at.line.to_string()).unwrap_or_default();
        let instruction = row.instruction.as_ref().map(|at| cell(&at.text)).unwrap_or_default();
        let entry = row.created_by.as_deref().map(cell).unwrap_or_default();
        let relation = format!("{:?}", row.relation).to_lowercase();
        let _ = writeln!(out, "| {line} | {instruction} | {entry} | {relation} | {} |", prose_with(&row.why, cell));
    }
}

fn write_check(out: &mut String, check: &Check) {
    let _ = writeln!(out, "- **{}** {}: {}", words::verdict(check.verdict), prose(&check.title), code(&check.subject));
    let _ = writeln!(out, "  {}", prose(&check.text));
    for detail in &check.details {
        let _ = writeln!(out, "  - {}", prose(&detail.text));
    }
    for command in &check.repeat {
        let _ = writeln!(out, "  - {}", code(command));
    }
}

fn write_next(out: &mut String, report: &Report) {
    if report.next.is_empty() {
        return;
    }
    out.push_str("\n### To prove more\n\n");
    for next in &report.next {
        let command = if next.command.is_empty() { String::new() } else { format!(" {}", code(&next.command)) };
        let _ = writeln!(out, "- {}: {}{command}", prose(&next.bring), prose(&next.why));
    }
}

/// A code span that its content cannot end.
fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if longest == 0 { format!("{fence}{text}{fence}") } else { format!("{fence} {text} {fence}") }
}

/// A sentence: what stands in `backticks` is code, everything else is plain. A name that holds a backtick can shift where code
/// begins, and no more.
fn prose(text: &str) -> String {
    prose_with(text, code)
}

fn prose_with(text: &str, span: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('`') {
        let Some((inside, after)) = tail.split_once('`') else { break };
        out.push_str(&escape(before));
        out.push_str(&span(inside));
        rest = after;
    }
    out + &escape(rest)
}

/// A code span inside a table, where a bar would end the cell.
fn cell(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    let more = if text.lines().nth(1).is_some() { " …" } else { "" };
    code(&format!("{first}{more}")).replace('|', "\\|")
}

/// Plain text with every character that Markdown or HTML could act on made literal.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' | '@' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '\n' | '\r' => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_out() {
        assert_eq!(code("a``b"), "``` a``b ```");
        assert_eq!(cell("a|b"), "`a\\|b`");
        assert_eq!(prose("see `a_b` <i>"), "see `a_b` &lt;i&gt;");
        assert_eq!(prose_with("a|b `a|b`", cell), "a\\|b `a\\|b`");
        assert_eq!(prose("odd `<i>"), "odd \\`&lt;i&gt;");
        assert_eq!(escape("<img src=x>[a](b)"), "&lt;img src=x&gt;\\[a\\](b)");
    }
}
