//! Single edits of Dockerfiles: each is found where the history carries the information, and where it does not the
//! alignment says so.

use std::collections::BTreeMap;

use layerproof::align::{Alignment, Context, Outcome, Relation};
use layerproof::dockerfile::{BuildArguments, Command, Dockerfile, Instruction, Keyword, Source, Span};
use layerproof::recipe::explain;

use crate::common::{Pair, bad_rows, builders, fixtures, official, parse};

/// One edited Dockerfile.
struct Mutant {
    kind: &'static str,
    /// Index of the instruction that was edited, in the original; of the new one where one was added.
    index: usize,
    text: Vec<u8>,
}

/// All edits of one file.
fn mutants(pair: &Pair) -> Vec<Mutant> {
    let file = &pair.file;
    let last = file.stages.last().unwrap();
    let mut found = Vec::new();
    for (index, instruction) in file.instructions.iter().enumerate() {
        let mut push = |kind: &'static str, text: Option<Vec<u8>>| {
            let index = if kind.contains(" added") { index + 1 } else { index };
            found.extend(text.map(|text| Mutant { kind, index, text }));
        };
        let edit = |span: Span, from: &str, to: &str| replace(&pair.text, span, from, to);
        let span = instruction.args_span;
        if index == last.from {
            if let Command::From(from) = &instruction.command
                && from.image != "scratch"
            {
                push("another base tag", edit(span, &from.image, &format!("{}x", from.image)));
            }
            push("a RUN added at the top", insert(&pair.text, file, index + 1, "RUN added-by-nobody"));
            continue;
        }
        if !last.instructions.contains(&index) {
            if instruction.keyword == Keyword::Run {
                push("a word in another stage", word(&pair.text, span));
            }
            continue;
        }
        push("an instruction dropped", Some(remove(&pair.text, file, index)));
        push("an instruction added", insert(&pair.text, file, index + 1, "LABEL added=\"by nobody\""));
        if last.instructions.contains(&(index + 1)) && !same(instruction, &file.instructions[index + 1]) {
            push("two instructions swapped", Some(swap(&pair.text, file, index)));
        }
        match &instruction.command {
            Command::Run(_) => {
                push("a word in RUN", word(&pair.text, span));
                push("a blank in RUN", blank(&pair.text, span));
                if let Some(heredoc) = instruction.heredocs.first() {
                    push("a word in a heredoc", word(&pair.text, heredoc.span));
                }
            }
            Command::Env(pairs) | Command::Label(pairs) => {
                let kind = if instruction.keyword == Keyword::Env { "a value of ENV" } else { "a value of LABEL" };
                let value = pairs.pairs.last().map_or("", |(_, value)| value.as_str());
                let plain: String = value.chars().rev().take_while(char::is_ascii_alphanumeric).collect();
                let plain: String = plain.chars().rev().collect();
                if !plain.is_empty() && !value.contains('$') {
                    push(kind, edit(span, value, &format!("{value}7")));
                }
            }
            Command::Add(transfer) | Command::Copy(transfer) => {
                if let Some(Source::Path(path)) = transfer.sources.first() {
                    push("a source of ADD or COPY", edit(span, path, &format!("x{path}")));
                }
                push("a destination of ADD or COPY", edit(span, &transfer.destination, &format!("{}/y", transfer.destination)));
                if let Some(heredoc) = instruction.heredocs.first() {
                    push("a word in a heredoc", word(&pair.text, heredoc.span));
                }
                if transfer.from.is_some() {
                    push("another --from", replace_first(&pair.text, instruction.span, "--from=", "--from=other"));
                }
            }
            Command::Cmd(_) | Command::Entrypoint(_) => push("a word in CMD or ENTRYPOINT", word(&pair.text, span)),
            Command::Workdir(path) => push("a WORKDIR", edit(span, path, &format!("{}x", path.trim_end_matches('/')))),
            Command::Arg(_) => push("a default of ARG", default(&pair.text, instruction)),
            Command::Onbuild(_) => push("a word in ONBUILD", word(&pair.text, span)),
            _ => {}
        }
    }
    found
}

fn same(one: &Instruction, other: &Instruction) -> bool {
    one.original == other.original && one.heredocs == other.heredocs
}

/// Byte offset of a place.
fn offset(text: &[u8], line: u32, column: u32) -> usize {
    let start: usize = text.split_inclusive(|byte| *byte == b'\n').take(line as usize - 1).map(<[u8]>::len).sum();
    start + column as usize - 1
}

fn range(text: &[u8], span: Span) -> std::ops::Range<usize> {
    offset(text, span.line, span.column)..offset(text, span.last_line, span.last_column).min(text.len())
}

fn splice(text: &[u8], at: usize, length: usize, with: &[u8]) -> Vec<u8> {
    [&text[..at], with, &text[at + length..]].concat()
}

/// Replaces the last `from` within a span.
fn replace(text: &[u8], span: Span, from: &str, to: &str) -> Option<Vec<u8>> {
    let range = range(text, span);
    let at = text[range.clone()].windows(from.len().max(1)).rposition(|window| window == from.as_bytes())?;
    Some(splice(text, range.start + at, from.len(), to.as_bytes()))
}

fn replace_first(text: &[u8], span: Span, from: &str, to: &str) -> Option<Vec<u8>> {
    let range = range(text, span);
    let at = text[range.clone()].windows(from.len()).position(|window| window == from.as_bytes())?;
    Some(splice(text, range.start + at, from.len(), to.as_bytes()))
}

/// Lengthens the first word of letters in a span.
fn word(text: &[u8], span: Span) -> Option<Vec<u8>> {
    let range = range(text, span);
    let inside = &text[range.clone()];
    let start = inside.windows(2).position(|pair| pair.iter().all(u8::is_ascii_lowercase))?;
    Some(splice(text, range.start + start + 1, 0, b"zz"))
}

/// Doubles the last blank between two words of the first line of a span.
fn blank(text: &[u8], span: Span) -> Option<Vec<u8>> {
    let range = range(text, span);
    let line: Vec<u8> = text[range.clone()].iter().copied().take_while(|byte| *byte != b'\n').collect();
    let between = |three: &[u8]| three[0].is_ascii_alphanumeric() && three[1] == b' ' && three[2].is_ascii_alphanumeric();
    let at = line.windows(3).rposition(between)?;
    Some(splice(text, range.start + at + 1, 0, b" "))
}

fn default(text: &[u8], instruction: &Instruction) -> Option<Vec<u8>> {
    let Command::Arg(list) = &instruction.command else { return None };
    let default = list.first()?.default.clone().filter(|default| default.bytes().all(|byte| byte.is_ascii_alphanumeric()))?;
    replace_first(text, instruction.args_span, &format!("={default}"), &format!("={default}7"))
}

/// All lines of an instruction, as bytes.
fn lines(text: &[u8], instruction: &Instruction) -> std::ops::Range<usize> {
    offset(text, instruction.span.line, 1)..offset(text, instruction.span.last_line + 1, 1)
}

fn remove(text: &[u8], file: &Dockerfile, index: usize) -> Vec<u8> {
    let range = lines(text, &file.instructions[index]);
    splice(text, range.start, range.len(), b"")
}

/// Puts a line before the instruction with this index, or at the end.
fn insert(text: &[u8], file: &Dockerfile, index: usize, line: &str) -> Option<Vec<u8>> {
    let at = file.instructions.get(index).map_or(text.len(), |instruction| lines(text, instruction).start);
    let mut with = format!("{line}\n");
    if at > 0 && text[at - 1] != b'\n' {
        with.insert(0, '\n');
    }
    Some(splice(text, at, 0, with.as_bytes()))
}

fn swap(text: &[u8], file: &Dockerfile, index: usize) -> Vec<u8> {
    let (first, second) = (lines(text, &file.instructions[index]), lines(text, &file.instructions[index + 1]));
    let ended = |part: &[u8]| if part.ends_with(b"\n") { part.to_vec() } else { [part, b"\n"].concat() };
    [
        text[..first.start].to_vec(),
        ended(&text[second.clone()]),
        text[first.end..second.start].to_vec(),
        ended(&text[first]),
        text[second.end..].to_vec(),
    ]
    .concat()
}

#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    found: usize,
    not_covered: usize,
    missed: usize,
}

/// Why the history cannot show an edit, said by the alignment of the edited file.
fn not_covered(pair: &Pair, mutant: &Mutant, file: &Dockerfile, alignment: &Alignment, known: &Alignment) -> bool {
    let unrecorded = |row: &layerproof::align::Row| row.instruction == Some(mutant.index) && row.entry.is_none();
    if mutant.kind == "an instruction dropped" && known.rows.iter().any(unrecorded) {
        return true;
    }
    // What this builder writes is the same for both files: nothing in the history can tell.
    let written = |file: &Dockerfile| {
        let all = explain(
            file,
            None,
            &BuildArguments { values: pair.flags.clone().into_iter().collect(), ..BuildArguments::default() },
        );
        let own = all.into_iter().filter(|explained| alignment.recipes.contains(&explained.recipe));
        own.map(|explained| explained.lines.into_iter().filter_map(|line| line.created_by).collect::<Vec<_>>()).next()
    };
    if written(file) == written(&pair.file) {
        return true;
    }
    let noted = |code: &str| alignment.notes.iter().any(|note| note.code == code);
    if noted("align.note-base-unchecked") {
        // Where the base image ends is not known, so an entry at the top may be its own.
        let stage = pair.file.stages.last().unwrap();
        let at_top = |row: &&layerproof::align::Row| row.instruction.is_some() && row.entry.is_some();
        let first = alignment.rows.iter().find(at_top).and_then(|row| row.instruction);
        let dropped_top = mutant.kind == "an instruction dropped" && first.is_none_or(|first| first >= mutant.index);
        if mutant.kind == "another base tag" || dropped_top || stage.instructions.is_empty() {
            return true;
        }
    }
    // The edited instruction's row says that it is not recorded, or what of it is not.
    let said = |row: &layerproof::align::Row| {
        let unrecorded = row.entry.is_none() && row.relation == Relation::Explained;
        unrecorded || !row.blind.is_empty() || row.why.code == "align.argument"
    };
    alignment.rows.iter().any(|row| row.instruction == Some(mutant.index) && said(row))
}

fn judge(pair: &Pair, mutant: &Mutant, file: &Dockerfile, known: &Alignment) -> (Tally, Alignment) {
    let alignment = pair.best(file, &Context::default());
    let mut tally = Tally::default();
    match alignment.outcome {
        _ if !bad_rows(&alignment).is_empty() => tally.found = 1,
        Outcome::Contradicted => tally.found = 1,
        _ if not_covered(pair, mutant, file, &alignment, known) => tally.not_covered = 1,
        _ => tally.missed = 1,
    }
    (tally, alignment)
}

#[test]
fn single_edits_are_found_where_the_history_can_show_them() {
    let Some(fixtures) = fixtures() else { return };
    let mut table: BTreeMap<(&'static str, String), Tally> = BTreeMap::new();
    let (mut missed, mut edits) = (Vec::new(), 0);
    for pair in builders(&fixtures).into_iter().chain(official(&fixtures)) {
        let known =
            pair.best(&pair.file, &Context { build_args: pair.flags.clone().into_iter().collect(), ..Context::default() });
        if !bad_rows(&known).is_empty() {
            continue;
        }
        for mutant in mutants(&pair) {
            let Some(file) = parse(&mutant.text) else { continue };
            edits += 1;
            let (tally, alignment) = judge(&pair, &mutant, &file, &known);
            let sum = table.entry((mutant.kind, pair.builder.clone())).or_default();
            sum.found += tally.found;
            sum.not_covered += tally.not_covered;
            sum.missed += tally.missed;
            if tally.missed > 0 {
                missed.push(format!("{} in {}, instruction {}", mutant.kind, pair.label(), mutant.index));
                println!("  missed: {}", missed.last().unwrap());
                crate::common::show(&file, pair.history(), &alignment);
            }
        }
    }
    print_table(&table);
    println!("corpus mutants: {edits} edits, {} missed", missed.len());
    assert!(missed.is_empty(), "{missed:#?}");
}

/// Kinds × builders: found/not covered/missed.
fn print_table(table: &BTreeMap<(&'static str, String), Tally>) {
    let mut builders: Vec<&String> = table.keys().map(|(_, builder)| builder).collect();
    builders.sort();
    builders.dedup();
    let mut kinds: Vec<&str> = table.keys().map(|(kind, _)| *kind).collect();
    kinds.dedup();
    for (number, builder) in builders.iter().enumerate() {
        println!("  [{number}] {builder}");
    }
    let heads: String = (0..builders.len()).map(|number| format!("{:>10}", format!("[{number}]"))).collect();
    println!("{:30}{heads}  found/not covered/missed", "");
    for kind in kinds {
        let cells = builders.iter().map(|builder| table.get(&(kind, (*builder).clone())).copied().unwrap_or_default());
        let cells: String =
            cells.map(|cell| format!("{:>10}", format!("{}/{}/{}", cell.found, cell.not_covered, cell.missed))).collect();
        println!("{kind:30}{cells}");
    }
}
