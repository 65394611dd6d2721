//! The teaching view: the history that each builder would write for a Dockerfile at hand.

use super::protocol::{ExplainedEntry, Explanation};
use crate::case::Case;
use crate::dockerfile::Dockerfile;
use crate::finding::Said;
use crate::order::Gather;
use crate::recipe::{self, Explained, ExplainedLine, Layer, Recorded};
use crate::report::catalogue;

/// One explanation for each builder whose text differs from the others'; empty if the evidence is no Dockerfile.
pub(super) fn explain(case: &Case, evidence: &str) -> Vec<Explanation> {
    let item = case.items().find(|(_, item)| item.id == evidence);
    let Some(file) = item.and_then(|(_, item)| item.dockerfile()) else { return Vec::new() };
    let arguments = case.build_arguments();
    let explained = recipe::explain(file, case.options().target.as_deref(), &arguments);
    explained.iter().map(|explained| explanation(file, explained)).list()
}

fn explanation(file: &Dockerfile, explained: &Explained) -> Explanation {
    let mut entries: Vec<ExplainedEntry> = explained.lines.iter().map(|line| entry(file, line)).list();
    if let Some(base) = &explained.base {
        let note = say(Said::new("explain.base").with("image", base));
        entries.insert(0, ExplainedEntry { line: 0, created_by: String::new(), layer: "depends".to_owned(), note });
    }
    Explanation { builder: explained.builders().join(", "), entries }
}

fn entry(file: &Dockerfile, line: &ExplainedLine) -> ExplainedEntry {
    let instruction = file.instructions.get(line.instruction);
    let mut notes: Vec<String> = Vec::new();
    if line.trigger {
        notes.push(say(Said::new("explain.trigger")));
    }
    match line.recorded {
        Recorded::Always => {}
        Recorded::IfChanged => notes.push(say(Said::new("explain.if-changed"))),
        Recorded::Never => notes.push(say(Said::new("explain.never"))),
    }
    notes.extend(line.blind.iter().cloned().map(say));
    ExplainedEntry {
        line: instruction.map_or(0, |instruction| instruction.span.line),
        created_by: line.created_by.clone().unwrap_or_default(),
        layer: match line.layer {
            Layer::Always => "yes",
            Layer::Never => "no",
            Layer::Either => "depends",
        }
        .to_owned(),
        note: notes.join(" "),
    }
}

fn say(said: Said) -> String {
    catalogue::text(said.code, &said.args)
}
