//! The classic builder of dockerd (moby, `builder/dockerfile`).

use super::text::{Expected, Layer, Sources, Text};
use super::{State, go, unreadable, workdir};
use crate::dockerfile::{Command, CommandLine, Healthcheck, Instruction, Pairs, Source, Transfer};
use crate::finding::Said;
use crate::order::{self, Gather};

/// What differs between its versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rules {
    /// Docker 1.12 and later: two blanks behind `#(nop)`, a trailing blank behind ADD's and COPY's destination.
    pub(crate) two_blanks: bool,
    /// Docker 1.12 only: WORKDIR has two blanks too.
    pub(crate) workdir_two_blanks: bool,
    /// Up to 1.5: CMD and ENTRYPOINT as plain lists.
    pub(crate) plain_commands: bool,
    /// How EXPOSE is printed.
    pub(crate) expose: Expose,
    /// 1.3 to 17.09: USER and STOPSIGNAL as lists.
    pub(crate) listed_words: bool,
    /// Before the digits of an address' hash.
    pub(crate) address: &'static str,
    /// Up to 24: no blank behind `--chown=…`.
    pub(crate) chown_glued: bool,
    /// Up to 23: an absolute WORKDIR keeps its trailing slash.
    pub(crate) keeps_slash: bool,
    /// How HEALTHCHECK is printed.
    pub(crate) health: Health,
}

/// Ways to print EXPOSE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expose {
    /// Up to 1.3: `[443/tcp 80/tcp]`.
    List,
    /// Up to 17.09: ports with protocol, ranges expanded, sorted.
    Ports,
    /// Later: the words as written, sorted, then expanded.
    Words,
}

/// Ways to print HEALTHCHECK.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Health {
    /// `&{["CMD-SHELL" "x"] "0s" "0s" "0s" '\x00'}`.
    Three,
    /// With the start interval as fourth duration.
    Four,
    /// `&{Test:[CMD-SHELL x] Interval:0s …}`, without `&` in BuildKit.
    Named,
}

pub(crate) fn write(rules: &Rules, state: &mut State<'_>, instruction: &Instruction) -> Expected {
    let mut expected = match &instruction.command {
        Command::Run(line) => run(state, instruction, line),
        Command::Copy(transfer) => copy(rules, state, "COPY", transfer),
        Command::Add(transfer) => copy(rules, state, "ADD", transfer),
        Command::Workdir(path) => directory(rules, state, path),
        Command::Onbuild(_) => comment(rules, state, format!("ONBUILD {}", instruction.args)),
        Command::Unreadable | Command::From(_) => return unreadable(instruction),
        _ => {
            let text = plain(rules, state, instruction);
            comment(rules, state, text)
        }
    };
    state.apply(instruction);
    expected.arguments = state.used();
    expected
}

/// Everything that changes only the config: `SHELL #(nop)  TEXT`.
fn comment(rules: &Rules, state: &State<'_>, text: String) -> Expected {
    let blanks = if rules.two_blanks { "  " } else { " " };
    let text = Text::whole(format!("{} #(nop){blanks}{text}", state.shell_text()));
    Expected { texts: vec![text], layer: Layer::Never, ..Expected::default() }
}

/// The text of a config instruction without the prefix.
fn plain(rules: &Rules, state: &mut State<'_>, instruction: &Instruction) -> String {
    let list = if rules.plain_commands { go::plain_list } else { go::quoted_list };
    match &instruction.command {
        Command::Cmd(line) => format!("CMD {}", list(&command(state, line))),
        Command::Entrypoint(line) => format!("ENTRYPOINT {}", list(&command(state, line))),
        Command::Expose(words) => format!("EXPOSE {}", expose(rules.expose, state, words)),
        Command::User(name) => listed(rules, "USER", state.text(name)),
        Command::Stopsignal(signal) => listed(rules, "STOPSIGNAL", state.text(signal)),
        Command::Healthcheck(check) => match rules.health {
            Health::Named => format!("HEALTHCHECK &{}", health(rules.health, check)),
            _ => format!("HEALTHCHECK {}", health(rules.health, check)),
        },
        Command::Arg(list) => {
            let words = list.iter().map(|argument| match &argument.default {
                Some(default) => format!("{}={}", argument.name, state.text(default)),
                None => argument.name.clone(),
            });
            format!("ARG {}", words.list().join(" "))
        }
        _ => common(state, instruction),
    }
}

/// Texts that the classic builder and BuildKit write alike.
pub(crate) fn common(state: &mut State<'_>, instruction: &Instruction) -> String {
    match &instruction.command {
        Command::Cmd(line) => format!("CMD {}", go::quoted_list(&command(state, line))),
        Command::Entrypoint(line) => format!("ENTRYPOINT {}", go::quoted_list(&command(state, line))),
        Command::Env(list) => format!("ENV {}", pairs(state, list)),
        Command::Label(list) => format!("LABEL {}", pairs(state, list)),
        Command::Maintainer(name) => format!("MAINTAINER {name}"),
        Command::Volume(paths) => format!("VOLUME {}", go::plain_list(&state.texts(paths))),
        Command::User(name) => format!("USER {}", state.text(name)),
        Command::Stopsignal(signal) => format!("STOPSIGNAL {}", state.text(signal)),
        Command::Shell(words) => {
            // The line itself is written with the new shell already.
            state.shell.clone_from(words);
            format!("SHELL {}", go::plain_list(words))
        }
        _ => instruction.original.clone(),
    }
}

fn listed(rules: &Rules, keyword: &str, value: String) -> String {
    if rules.listed_words { format!("{keyword} [{value}]") } else { format!("{keyword} {value}") }
}

/// The command as a list: the shell form gets the shell in front.
pub(crate) fn command(state: &State<'_>, line: &CommandLine) -> Vec<String> {
    match line {
        CommandLine::Exec(words) => words.clone(),
        CommandLine::Shell(text) => state.shell.iter().chain([text]).cloned().list(),
    }
}

/// `K=V K2=V2`, expanded and without quotes. All values see the variables from before the line.
fn pairs(state: &mut State<'_>, list: &Pairs) -> String {
    let words = list.pairs.iter().map(|(name, value)| format!("{}={}", state.text(name), state.text(value)));
    words.list().join(" ")
}

/// Ports as `EXPOSE` prints them.
fn expose(way: Expose, state: &mut State<'_>, words: &[String]) -> String {
    let mut sorted: Vec<&String> = words.iter().list();
    order::sort(&mut sorted);
    let expanded: Vec<String> = sorted.into_iter().flat_map(|word| state.expand(word).words).list();
    match way {
        Expose::Words => expanded.join(" "),
        Expose::Ports | Expose::List => {
            let mut ports: Vec<String> = expanded.iter().flat_map(|word| port_range(word)).list();
            order::sort(&mut ports);
            ports.dedup();
            if way == Expose::List { go::plain_list(&ports) } else { ports.join(" ") }
        }
    }
}

/// `8000-8001/udp` as `8000/udp`, `8001/udp`; the host's part before a colon falls away.
pub(crate) fn port_range(word: &str) -> Vec<String> {
    let (ports, protocol) = word.split_once('/').unwrap_or((word, "tcp"));
    let ports = ports.rsplit(':').next().unwrap_or(ports);
    let protocol = protocol.to_lowercase();
    let bounds = ports.split_once('-').unwrap_or((ports, ports));
    match (bounds.0.parse::<u16>(), bounds.1.parse::<u16>()) {
        (Ok(first), Ok(last)) if first <= last => (first..=last).map(|port| format!("{port}/{protocol}")).list(),
        _ => vec![format!("{ports}/{protocol}")],
    }
}

/// The health check's fields.
pub(crate) fn health(way: Health, check: &Healthcheck) -> String {
    let zero = crate::dockerfile::Duration::from_nanos(0);
    let (test, times, retries) = match check {
        Healthcheck::Disabled => (vec!["NONE".to_owned()], [zero; 4], 0),
        Healthcheck::Test { command, interval, timeout, start_period, start_interval, retries } => {
            (health_test(command), [*interval, *timeout, *start_period, *start_interval], *retries)
        }
    };
    let [interval, timeout, start_period, start_interval] = times.map(|time| time.to_string());
    let retries_rune = go::quote_rune(retries);
    let test_list = go::quoted_list(&test);
    match way {
        Health::Three => format!("&{{{test_list} \"{interval}\" \"{timeout}\" \"{start_period}\" {retries_rune}}}"),
        Health::Four => {
            format!("&{{{test_list} \"{interval}\" \"{timeout}\" \"{start_period}\" \"{start_interval}\" {retries_rune}}}")
        }
        Health::Named => format!(
            "{{Test:{} Interval:{interval} Timeout:{timeout} StartPeriod:{start_period} StartInterval:{start_interval} Retries:{retries}}}",
            go::plain_list(&test)
        ),
    }
}

pub(crate) fn health_test(command: &CommandLine) -> Vec<String> {
    match command {
        CommandLine::Shell(text) => vec!["CMD-SHELL".to_owned(), text.clone()],
        CommandLine::Exec(words) => std::iter::once("CMD".to_owned()).chain(words.iter().cloned()).list(),
    }
}

/// `RUN`: the arguments' values, then shell and text.
fn run(state: &mut State<'_>, instruction: &Instruction, line: &CommandLine) -> Expected {
    let command = command(state, line).join(" ");
    let mut arguments = state.arguments();
    arguments.retain(|(name, _)| !state.scope.is_env(name));
    order::sort(&mut arguments);
    let values = arguments.into_iter().filter_map(|(name, value)| value.map(|value| format!("{name}={value}")));
    let values: Vec<String> = values.list();
    let mut texts = match values.len() {
        0 => vec![command.clone()],
        count => vec![format!("|{count} {} {command}", values.join(" "))],
    };
    if values.is_empty() {
        // Proxy variables that are passed without being declared are counted as arguments, but not printed.
        texts.push(format!("|0 {command}"));
    }
    let mut blind = Vec::new();
    if !instruction.heredocs.is_empty() {
        blind.push(Said::new("recipe.heredoc-ignored"));
    }
    Expected { texts: texts.into_iter().map(Text::whole).list(), blind, ..Expected::default() }
}

/// `WORKDIR`: an entry with a layer if the directory is new.
fn directory(rules: &Rules, state: &mut State<'_>, path: &str) -> Expected {
    let path = state.text(path);
    let path = workdir::join(state.os, &state.workdir, &path);
    let cleaned = workdir::clean(state.os, &path);
    let (first, second) = if rules.keeps_slash { (&path, &cleaned) } else { (&cleaned, &path) };
    let blanks = if rules.workdir_two_blanks { "  " } else { " " };
    let shell = state.shell_text();
    let mut texts = vec![Text::whole(format!("{shell} #(nop){blanks}WORKDIR {first}"))];
    if first != second {
        texts.push(Text::whole(format!("{shell} #(nop){blanks}WORKDIR {second}")));
    }
    state.workdir = path;
    Expected { texts, ..Expected::default() }
}

/// `ADD` and `COPY`: a hash in place of the sources.
fn copy(rules: &Rules, state: &mut State<'_>, keyword: &str, transfer: &Transfer) -> Expected {
    let destination = state.text(&transfer.destination);
    let (sources, paths) = sources(state, transfer, keyword == "ADD", rules.address);
    let chown = transfer.chown.as_ref().map(|owner| state.text(owner));
    let chown = match chown {
        Some(owner) if rules.chown_glued => format!("--chown={owner}"),
        Some(owner) => format!("--chown={owner} "),
        None => String::new(),
    };
    let end = if rules.two_blanks { " " } else { "" };
    let head = format!("{} #(nop) {keyword} {chown}", state.shell_text());
    let text = Text { head, hole: Some((sources, format!(" in {destination}{end}"))) };
    let mut blind = vec![Said::new("recipe.sources-as-hash")];
    blind.extend(hidden_flags(transfer));
    Expected { texts: vec![text], blind, paths, ..Expected::default() }
}

/// What may stand in place of the sources, and the sources themselves as far as they come from the build context.
pub(crate) fn sources(state: &mut State<'_>, transfer: &Transfer, add: bool, address: &'static str) -> (Sources, Vec<String>) {
    let written: Vec<String> = transfer.paths().map(str::to_owned).list();
    let expanded = state.texts(&written);
    let is_address = |source: &String| add && (source.starts_with("http://") || source.starts_with("https://"));
    let is_pattern = |source: &String| source.contains(['*', '?', '[']) || super::Values::has_marks(source);
    let is_directory = |source: &String| matches!(source.as_str(), "." | "./" | "/") || source.ends_with('/');
    let single = transfer.sources.len() == 1;
    let pattern = expanded.iter().any(is_pattern);
    let heredocs = transfer.sources.iter().any(|source| matches!(source, Source::Heredoc(_)));
    let addresses = expanded.iter().any(is_address);
    let sources = Sources {
        file: single && !addresses && (pattern || !expanded.iter().any(is_directory)),
        directory: single && !addresses && !heredocs,
        multi: !single || pattern,
        address: (single && addresses).then_some(address),
    };
    let local = transfer.from.is_none() && !addresses && !heredocs;
    (sources, if local { expanded } else { Vec::new() })
}

/// Flags that the classic builder and buildah do not write down.
pub(crate) fn hidden_flags(transfer: &Transfer) -> Vec<Said> {
    let written = [
        (transfer.from.is_some(), "--from"),
        (transfer.link, "--link"),
        (!transfer.exclude.is_empty(), "--exclude"),
        (transfer.checksum.is_some(), "--checksum"),
        (transfer.keep_git_dir.is_some(), "--keep-git-dir"),
        (transfer.unpack.is_some(), "--unpack"),
    ];
    let flags: Vec<&str> = written.iter().filter(|(written, _)| *written).map(|(_, flag)| *flag).list();
    match flags.is_empty() {
        true => Vec::new(),
        false => vec![Said::new("recipe.flags-not-recorded").with("flags", flags.join(", "))],
    }
}
