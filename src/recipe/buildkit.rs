//! BuildKit's Dockerfile front end (`frontend/dockerfile/dockerfile2llb`).

use crate::order::{self, Gather, Map};

use super::classic::{self, Health};
use super::text::{Expected, Layer, Recorded, Text};
use super::{Os, State, go, unreadable, workdir};
use crate::dockerfile::{Command, CommandLine, Instruction, Source, Transfer};
use crate::finding::Said;

/// What differs between its versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rules {
    /// Up to 0.4: WORKDIR never has a layer.
    pub(crate) workdir_empty: bool,
    /// 0.13 and later: COPY and ADD keep `--parents`, `--chown`, `--chmod`.
    pub(crate) copy_flags: bool,
    /// 0.14 and later: ARG with the value it has in this build.
    pub(crate) effective_arguments: bool,
    /// 0.18 and later: an ARG that is declared twice counts once.
    pub(crate) arguments_once: bool,
    /// Up to 0.24: `EXPOSE map[80/tcp:{}]`.
    pub(crate) expose_map: bool,
    /// How HEALTHCHECK is printed.
    pub(crate) health: Health,
}

const SUFFIX: &str = " # buildkit";

pub(crate) fn write(rules: &Rules, state: &mut State<'_>, instruction: &Instruction) -> Expected {
    if matches!(instruction.command, Command::Arg(_)) && rules.effective_arguments {
        return effective_arguments(state, instruction);
    }
    let mut expected = match &instruction.command {
        Command::Run(line) => run(rules, state, instruction, line),
        Command::Copy(transfer) => copy(rules, state, "COPY", transfer),
        Command::Add(transfer) => copy(rules, state, "ADD", transfer),
        Command::Workdir(path) => directory(rules, state, path),
        Command::Unreadable | Command::From(_) => return unreadable(instruction),
        Command::Onbuild(_) => unrecorded(),
        Command::Expose(words) => comment(format!("EXPOSE {}", expose(rules, state, words))),
        Command::Healthcheck(check) => comment(format!("HEALTHCHECK {}", classic::health(rules.health, check))),
        Command::Arg(list) => {
            let words = list.iter().map(|argument| match &argument.default {
                Some(default) => format!("{}={}", argument.name, state.text(default)),
                None => argument.name.clone(),
            });
            comment(format!("ARG {}", words.list().join(" ")))
        }
        _ => comment(classic::common(state, instruction)),
    };
    state.apply(instruction);
    expected.arguments = state.used();
    expected
}

fn comment(text: String) -> Expected {
    Expected { texts: vec![Text::whole(text)], layer: Layer::Never, ..Expected::default() }
}

fn unrecorded() -> Expected {
    Expected { recorded: Recorded::Never, blind: vec![Said::new("recipe.buildkit-onbuild")], ..Expected::default() }
}

/// `ARG K=value`: written after the line has acted.
fn effective_arguments(state: &mut State<'_>, instruction: &Instruction) -> Expected {
    state.apply(instruction);
    let Command::Arg(list) = &instruction.command else { return Expected::default() };
    let declared = state.scope.arguments();
    let words: Vec<String> = list
        .iter()
        .map(|argument| {
            let declared = declared.iter().find(|declared| declared.name == argument.name);
            match declared.and_then(|declared| declared.value.as_ref()) {
                Some((value, _)) => format!("{}={value}", argument.name),
                None => argument.name.clone(),
            }
        })
        .list();
    let names = list.iter().map(|argument| argument.name.clone()).list();
    Expected { arguments: names, ..comment(format!("ARG {}", words.join(" "))) }
}

/// `RUN |N K=V… SHELL text # buildkit`.
fn run(rules: &Rules, state: &mut State<'_>, instruction: &Instruction, line: &CommandLine) -> Expected {
    let (command, mut blind) = run_command(state, instruction, line);
    if !instruction.flags.is_empty() {
        let flags: Vec<String> = instruction.flags.iter().map(|flag| format!("--{}", flag.name)).list();
        blind.push(Said::new("recipe.flags-not-recorded").with("flags", flags.join(", ")));
    }
    let arguments = state.arguments();
    let pair = |(name, value): &(String, Option<String>)| format!("{name}={}", value.as_deref().unwrap_or_default());
    let values: Vec<String> = match rules.arguments_once {
        true => arguments.iter().map(pair).list(),
        false => {
            let by_name: Map<&str, String> = arguments.iter().map(|each| (each.0.as_str(), pair(each))).gather();
            state.declared.iter().filter_map(|name| by_name.get(name.as_str()).cloned()).list()
        }
    };
    let text = match values.len() {
        0 => format!("RUN {command}{SUFFIX}"),
        count => format!("RUN |{count} {} {command}{SUFFIX}", values.join(" ")),
    };
    Expected { texts: vec![Text::whole(text)], layer: Layer::Always, blind, ..Expected::default() }
}

/// Shell and text; heredocs as the front end puts them together.
fn run_command(state: &State<'_>, instruction: &Instruction, line: &CommandLine) -> (String, Vec<Said>) {
    let CommandLine::Shell(text) = line else { return (classic::command(state, line).join(" "), Vec::new()) };
    let with_shell = |text: &str| format!("{} {text}", state.shell_text());
    match instruction.heredocs.as_slice() {
        [] => (with_shell(text), Vec::new()),
        [only] if is_only_heredoc(text) => match state.os != Os::Windows && only.content.starts_with("#!") {
            true => (with_shell(&format!("/dev/pipes/{}", only.name)), vec![Said::new("recipe.script-body")]),
            false => (with_shell(&only.text()), Vec::new()),
        },
        several => {
            let documents: String = several.iter().map(|each| format!("\n{}{}", each.content, each.name)).collect();
            (with_shell(&format!("{text}{documents}")), Vec::new())
        }
    }
}

/// Whether the text is nothing but `<<NAME`: one word behind `<<` and perhaps `-`.
fn is_only_heredoc(text: &str) -> bool {
    let text = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let Some(word) = text.strip_prefix("<<") else { return false };
    let word = word.strip_prefix('-').unwrap_or(word);
    !word.is_empty() && !word.contains('<') && is_one_word(word)
}

fn is_one_word(word: &str) -> bool {
    let mut quote = None;
    for letter in word.trim().chars() {
        match (quote, letter) {
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            (None, letter) if letter.is_whitespace() => return false,
            _ => {}
        }
    }
    true
}

/// `COPY --chown=… source… destination # buildkit`.
fn copy(rules: &Rules, state: &mut State<'_>, keyword: &str, transfer: &Transfer) -> Expected {
    let mut words = vec![keyword.to_owned()];
    let flags = [("--chown", &transfer.chown), ("--chmod", &transfer.chmod)];
    if rules.copy_flags {
        words.extend(transfer.parents.then(|| "--parents".to_owned()));
        for (flag, value) in flags.iter().filter_map(|(flag, value)| value.as_ref().map(|value| (flag, value))) {
            words.push(format!("{flag}={}", state.text(value)));
        }
    }
    let (_, paths) = classic::sources(state, transfer, keyword == "ADD", "");
    let written: Vec<String> = transfer.paths().map(str::to_owned).list();
    words.extend(state.texts(&written));
    let heredocs = transfer.sources.iter().filter_map(|source| match source {
        Source::Heredoc(name) => Some(format!("<<{name}")),
        Source::Path(_) => None,
    });
    words.extend(heredocs);
    words.push(state.text(&transfer.destination));
    let text = format!("{}{SUFFIX}", words.join(" "));
    Expected {
        texts: vec![Text::whole(text)],
        layer: Layer::Always,
        blind: copy_blind(rules, state, transfer),
        paths,
        ..Expected::default()
    }
}

/// What COPY and ADD do not say: the content, and most flags.
fn copy_blind(rules: &Rules, state: &State<'_>, transfer: &Transfer) -> Vec<Said> {
    let mut blind = Vec::new();
    if transfer.sources.iter().any(|source| matches!(source, Source::Heredoc(_))) {
        blind.push(Said::new("recipe.heredoc-body"));
    }
    match &transfer.from {
        Some(from) if state.is_stage(from) => {
            blind.push(Said::new("recipe.copied-from-stage").with("stage", crate::finding::visible(from.as_bytes())))
        }
        Some(from) => blind.push(Said::new("recipe.copied-from-image").with("image", crate::finding::visible(from.as_bytes()))),
        None => blind.push(Said::new("recipe.content-not-recorded")),
    }
    let flags = Transfer { from: None, ..transfer.clone() };
    blind.extend(classic::hidden_flags(&flags));
    let dropped = [(transfer.parents, "--parents"), (transfer.chown.is_some(), "--chown"), (transfer.chmod.is_some(), "--chmod")];
    let dropped: Vec<&str> = dropped.iter().filter(|(written, _)| *written && !rules.copy_flags).map(|(_, flag)| *flag).list();
    if !dropped.is_empty() {
        blind.push(Said::new("recipe.flags-not-recorded").with("flags", dropped.join(", ")));
    }
    blind
}

/// `WORKDIR /absolute`: a layer for every directory but the root.
fn directory(rules: &Rules, state: &mut State<'_>, path: &str) -> Expected {
    let path = state.text(path);
    state.workdir = workdir::join(state.os, &state.workdir, &path);
    let layer = match (rules.workdir_empty, state.os) {
        (_, Os::Windows) => Layer::Either,
        (true, _) => Layer::Never,
        (false, _) if state.workdir == workdir::root(state.os) => Layer::Never,
        (false, _) => Layer::Always,
    };
    Expected { layer, ..comment(format!("WORKDIR {}", state.workdir)) }
}

fn expose(rules: &Rules, state: &mut State<'_>, words: &[String]) -> String {
    let mut sorted: Vec<&String> = words.iter().list();
    order::sort(&mut sorted);
    let expanded: Vec<String> = sorted.into_iter().flat_map(|word| state.expand(word).words).list();
    let mut ports: Vec<String> = expanded.iter().flat_map(|word| classic::port_range(word)).list();
    if !rules.expose_map {
        let mut seen = crate::order::Set::new();
        ports.retain(|port| seen.insert(port.clone()));
        return go::plain_list(&ports);
    }
    order::sort(&mut ports);
    ports.dedup();
    let keys: Vec<String> = ports.iter().map(|port| format!("{port}:{{}}")).list();
    format!("map[{}]", keys.join(" "))
}
