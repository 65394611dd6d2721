//! The report as one printable HTML file. It runs no script, loads nothing, and carries the report's JSON, so that the page
//! can open it again as a claim to be run once more.

use super::model::{Alignment, Check, Evidence, Report};
use super::words;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write as _;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}\
code,td.text{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere;white-space:pre-wrap}\
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ccc;padding:.3rem .5rem;text-align:start;vertical-align:top}\
.verdict{font-weight:700}section{break-inside:avoid-page}aside{border:1px solid #999;padding:.5rem 1rem}";

/// The whole report as HTML. `json` is the report's own JSON.
pub fn render(report: &Report, json: &str) -> String {
    let hash = STANDARD.encode(crate::digest::Digest::sha256(STYLE.as_bytes()).as_bytes());
    let mut out = String::new();
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{hash}'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>layerproof report</title>\n<style>{STYLE}</style>\n\
         <h1>{}</h1>\n<p>{}</p>\n<p>{}</p>\n\
         <aside>A report is a claim: whoever made this file could have written anything. Run it again on the same files.</aside>\n",
        words::verdict(report.summary.verdict),
        prose(&report.summary.text),
        words::counts(&report.summary.counts),
    );
    out.push_str("<h2>Evidence</h2>\n<ul>\n");
    for evidence in &report.evidence {
        write_evidence(&mut out, evidence);
    }
    out.push_str("</ul>\n");
    write_layers(&mut out, report);
    for alignment in &report.alignments {
        write_alignment(&mut out, alignment);
    }
    out.push_str("<h2>Checks</h2>\n");
    for check in &report.checks {
        write_check(&mut out, check);
    }
    let _ = writeln!(out, "<p>{} {}</p>", escape(&report.tool.name), escape(&report.tool.version));
    let _ = writeln!(out, "<script type=\"application/json\" id=\"layerproof-report\">{}</script>", inert(json));
    out
}

fn write_evidence(out: &mut String, evidence: &Evidence) {
    let _ = write!(out, "<li><code>{}</code> {}, {}", escape(&evidence.name), escape(&evidence.what), words::size(evidence.size));
    for (name, digest) in &evidence.digests {
        let _ = write!(out, "<br>{name} <code>{digest}</code>");
    }
    if let Some(error) = &evidence.error {
        let _ = write!(out, "<br><strong>{}</strong> {}", prose(&error.text), prose(&error.advice));
    }
    for finding in &evidence.findings {
        let _ = write!(out, "<br>{}", prose(&finding.text));
    }
    if !evidence.parts.is_empty() {
        out.push_str("<ul>");
        for part in &evidence.parts {
            write_evidence(out, part);
        }
        out.push_str("</ul>");
    }
    out.push_str("</li>\n");
}

fn write_layers(out: &mut String, report: &Report) {
    if report.images.is_empty() {
        return;
    }
    out.push_str("<h2>Layers, the lowest first</h2>\n");
    for image in &report.images {
        let _ = writeln!(out, "<section><h3>{}</h3><ol>", escape(&image.label));
        for layer in &image.layers {
            let (how, step) = words::made_by(layer);
            let digest = layer.digest.as_deref().or(layer.diff_id.as_deref()).unwrap_or_default();
            let _ = writeln!(out, "<li><code>{digest}</code> {}<br><code>{}</code>", prose(&how), escape(step));
        }
        out.push_str("</ol></section>\n");
    }
}

fn write_alignment(out: &mut String, alignment: &Alignment) {
    let _ = write!(
        out,
        "<section><h2>Dockerfile and history</h2>\n<p><span class=\"verdict\">{}</span> {}</p>\n\
         <table><tr><th>line<th>instruction<th>history<th>relation<th>why</tr>\n",
        words::verdict(alignment.verdict),
        prose(&alignment.builder_text)
    );
    for row in &alignment.rows {
        let line = row.instruction.as_ref().map(|at| at.line.to_string()).unwrap_or_default();
        let instruction = row.instruction.as_ref().map(|at| escape(&at.text)).unwrap_or_default();
        let entry = row.created_by.as_deref().map(escape).unwrap_or_default();
        let relation = format!("{:?}", row.relation).to_ascii_lowercase();
        let _ = writeln!(
            out,
            "<tr><td>{line}<td class=\"text\">{instruction}<td class=\"text\">{entry}<td>{relation}<td>{}</tr>",
            prose(&row.why)
        );
    }
    out.push_str("</table></section>\n");
}

fn write_check(out: &mut String, check: &Check) {
    let _ = write!(
        out,
        "<section><h3><span class=\"verdict\">{}</span> {}: <code>{}</code></h3>\n<p>{}</p>\n<ul>",
        words::verdict(check.verdict),
        escape(&check.title),
        escape(&check.subject),
        prose(&check.text)
    );
    for detail in &check.details {
        let _ = write!(out, "<li>{}", prose(&detail.text));
    }
    let _ = write!(out, "<li>Proves: {}<li>Does not prove: {}", prose(&check.proves), prose(&check.does_not_prove));
    for command in &check.repeat {
        let _ = write!(out, "<li><code>{}</code>", escape(command));
    }
    out.push_str("</ul></section>\n");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A sentence: what stands in `backticks` is code.
fn prose(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('`') {
        let Some((inside, after)) = tail.split_once('`') else { break };
        let _ = write!(out, "{}<code>{}</code>", escape(before), escape(inside));
        rest = after;
    }
    out + &escape(rest)
}

/// JSON that no HTML parser can leave: every `<` is written as its JSON escape.
fn inert(json: &str) -> String {
    json.replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_neither_the_script_nor_the_text() {
        assert_eq!(inert("{\"a\":\"</script>\"}"), "{\"a\":\"\\u003c/script>\"}");
        assert_eq!(prose("run `a<b` & `c"), "run <code>a&lt;b</code> &amp; `c");
        assert_eq!(escape("</li><script>"), "&lt;/li&gt;&lt;script&gt;");
    }
}
