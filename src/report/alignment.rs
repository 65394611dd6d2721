//! Alignments in the report's words.

use super::catalogue;
use super::model::{Alignment, Inferred, InstructionRef, Relation, Row, Verdict};
use crate::align::{self, Outcome};
use crate::case::{Case, Pairing};
use crate::dockerfile::{Dockerfile, Instruction};
use crate::finding::{Said, visible};
use crate::history::History;
use crate::order::Gather;

/// Every Dockerfile beside every history, the best alignment of each pair first.
pub(super) fn all(case: &Case) -> Vec<Alignment> {
    case.pairings().iter().flat_map(|pairing| of_pair(case, pairing)).list()
}

fn of_pair(case: &Case, pairing: &Pairing) -> Vec<Alignment> {
    let (dockerfile, history) = (case.item(pairing.dockerfile), case.item(pairing.history));
    let Some((file, entries)) = dockerfile.dockerfile().zip(history.history.as_deref()) else { return Vec::new() };
    let one = |alignment: &align::Alignment| Alignment {
        dockerfile: dockerfile.id.clone(),
        history: history.id.clone(),
        builder: alignment.family.map_or("unknown", |family| family.name()).to_owned(),
        builder_text: alignment.builder.iter().map(say).list().join(" "),
        stage: alignment.stage.clone(),
        verdict: verdict(alignment.outcome),
        inferred: alignment.inferred.iter().map(inferred).list(),
        rows: alignment.rows.iter().map(|item| row(item, file, entries)).list(),
    };
    pairing.alignments.iter().map(one).list()
}

fn say(said: &Said) -> String {
    catalogue::text(said.code, &said.args)
}

fn verdict(outcome: Outcome) -> Verdict {
    match outcome {
        Outcome::Contradicted => Verdict::Contradicted,
        Outcome::Unknown => Verdict::Unknown,
        Outcome::Agrees => Verdict::Agrees,
    }
}

fn inferred(inferred: &align::Inferred) -> Inferred {
    Inferred { name: visible(inferred.name.as_bytes()), value: visible(inferred.value.as_bytes()), from: say(&inferred.from) }
}

fn row(row: &align::Row, file: &Dockerfile, history: &History) -> Row {
    let instruction = row.instruction.and_then(|index| file.instructions.get(index));
    let entry = row.entry.and_then(|index| history.entries.get(index));
    let why: Vec<String> = std::iter::once(&row.why).chain(&row.blind).map(say).list();
    Row {
        instruction: instruction.map(|instruction| reference(instruction, file)),
        history: row.entry.and_then(|index| u32::try_from(index).ok()),
        created_by: entry.map(|entry| shown(&entry.created_by)),
        relation: relation(row.relation),
        why: why.join(" "),
        proved: row.proved,
    }
}

fn relation(relation: align::Relation) -> Relation {
    match relation {
        align::Relation::Exact => Relation::Exact,
        align::Relation::Equivalent => Relation::Equivalent,
        align::Relation::Explained => Relation::Explained,
        align::Relation::Differs => Relation::Differs,
        align::Relation::Missing => Relation::Missing,
        align::Relation::Extra => Relation::Extra,
        align::Relation::Base => Relation::Base,
    }
}

fn reference(instruction: &Instruction, file: &Dockerfile) -> InstructionRef {
    let span = instruction.span;
    let lines = file.lines.get(span.line.saturating_sub(1) as usize..span.last_line as usize).unwrap_or_default();
    InstructionRef {
        line: span.line,
        last_line: span.last_line,
        keyword: instruction.keyword.name().to_owned(),
        text: shown(lines.concat().trim_end()),
    }
}

/// Text of several lines, made safe to show; its line breaks and tabs stay.
pub(super) fn shown(text: &str) -> String {
    let lines = text.split('\n').map(|line| line.split('\t').map(|part| visible(part.as_bytes())).list().join("\t"));
    lines.list().join("\n")
}
