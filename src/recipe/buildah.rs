//! buildah, `podman build` and kaniko: they write the line as it stands in the Dockerfile.

use super::classic;
use super::state::COUNT_MARK;
use super::text::{Expected, Layer, Recorded, Tail, Text};
use super::{State, Values, unreadable};
use crate::dockerfile::{Command, Instruction, Transfer};
use crate::finding::Said;
use crate::order::{self, Gather};

/// What differs between buildah's versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rules {
    /// 1.41 and later: five more blanks behind a destination, `--link`, and heredoc bodies behind RUN.
    pub(crate) slots: bool,
}

/// buildah's prefix does not follow SHELL.
const PREFIX: &str = "/bin/sh -c";

pub(crate) fn write(rules: &Rules, state: &mut State<'_>, instruction: &Instruction) -> Expected {
    let mut expected = match &instruction.command {
        Command::Run(_) => run(rules, state, instruction),
        Command::Copy(transfer) => copy(rules, state, "COPY", transfer),
        Command::Add(transfer) => copy(rules, state, "ADD", transfer),
        Command::Arg(_) => {
            state.apply(instruction);
            let mut names: Vec<String> = state.scope.arguments().iter().map(|declared| declared.name.clone()).list();
            order::sort(&mut names);
            let expected = comment(&format!("ARG {}", names.join(" ")), vec![Said::new("recipe.argument-names-only")]);
            return Expected { tail: Tail::Buildah(0), ..expected };
        }
        Command::Unreadable | Command::From(_) => return unreadable(instruction),
        _ => comment(&instruction.original, Vec::new()),
    };
    state.apply(instruction);
    expected.arguments = state.used();
    expected.tail = Tail::Buildah(bind_mounts(instruction));
    expected
}

/// How many mounts of a RUN line are of files: buildah adds a hash for each.
fn bind_mounts(instruction: &Instruction) -> usize {
    let mounts = instruction.flags.iter().filter(|flag| flag.name == "mount").filter_map(|flag| flag.value.as_deref());
    mounts.filter(|mount| mount.split(',').any(|option| option == "type=bind")).count()
}

fn comment(text: &str, blind: Vec<Said>) -> Expected {
    Expected { texts: vec![Text::whole(format!("{PREFIX} #(nop) {text}"))], blind, ..Expected::default() }
}

/// `|N K=V… /bin/sh -c ` and everything behind `RUN `; N counts words, so a value with a blank counts twice.
fn run(rules: &Rules, state: &mut State<'_>, instruction: &Instruction) -> Expected {
    let line = instruction.original.get(4..).unwrap_or_default();
    let mut arguments = state.arguments();
    order::sort(&mut arguments);
    let values = arguments.into_iter().filter_map(|(name, value)| value.map(|value| format!("{name}={value}")));
    let values = values.list().join(" ");
    let mut line = line.to_owned();
    let mut blind = Vec::new();
    if !instruction.heredocs.is_empty() && rules.slots {
        for document in &instruction.heredocs {
            line = format!("{line}\n{}", document.content.trim());
        }
        blind.push(Said::new("recipe.heredoc-blanks"));
    }
    let text = match values.is_empty() {
        true => format!("{PREFIX} {line}"),
        false => {
            let words = values.split(' ').count();
            let count = if Values::has_marks(&values) { COUNT_MARK.to_string() } else { words.to_string() };
            format!("|{count} {values} {PREFIX} {line}")
        }
    };
    Expected { texts: vec![Text::whole(text)], blind, ..Expected::default() }
}

/// A hash in place of the sources; the destination as written.
fn copy(rules: &Rules, state: &mut State<'_>, keyword: &str, transfer: &Transfer) -> Expected {
    let (sources, paths) = classic::sources(state, transfer, keyword == "ADD", "");
    let link = if rules.slots && transfer.link { " --link" } else { "" };
    let end = if rules.slots { "      " } else { " " };
    let head = format!("{PREFIX} #(nop) {keyword}{link} ");
    let text = Text { head, hole: Some((sources, format!(" in {}{end}", transfer.destination))) };
    let mut blind = vec![Said::new("recipe.sources-as-hash")];
    let written = [(transfer.chown.is_some(), "--chown"), (transfer.chmod.is_some(), "--chmod")];
    let dropped: Vec<&str> = written.iter().filter(|(written, _)| *written).map(|(_, flag)| *flag).list();
    if !dropped.is_empty() {
        blind.push(Said::new("recipe.flags-not-recorded").with("flags", dropped.join(", ")));
    }
    blind.extend(classic::hidden_flags(transfer));
    Expected { texts: vec![text], blind, paths, ..Expected::default() }
}

/// kaniko: steps that changed files, as written, and nothing else.
pub(crate) fn write_kaniko(state: &mut State<'_>, instruction: &Instruction) -> Expected {
    let written = |recorded: Recorded, blind: Vec<Said>| Expected {
        texts: vec![Text::whole(instruction.original.clone())],
        recorded,
        layer: Layer::Always,
        blind,
        ..Expected::default()
    };
    let expected = match &instruction.command {
        Command::Run(_) | Command::Workdir(_) => written(Recorded::IfChanged, vec![Said::new("recipe.kaniko-unchanged")]),
        Command::Copy(_) | Command::Add(_) => written(Recorded::Always, vec![Said::new("recipe.content-not-recorded")]),
        Command::Unreadable => unreadable(instruction),
        _ => Expected { recorded: Recorded::Never, blind: vec![Said::new("recipe.kaniko-metadata")], ..Expected::default() },
    };
    state.apply(instruction);
    expected
}
