//! From the parts of a line to a typed command: argument counts, flags, forms.

mod flags;
mod health;
mod mount;
mod ports;
mod transfer;

use super::words::{self, Array, array};
use super::{Argument, Command, CommandLine, Flag, From, Keyword, Pairs, Span};
use crate::finding::{Args, visible};
use crate::order::Gather;

/// How many refusals of one kind one line gets.
const MOST_REFUSALS: usize = 20;

/// The parts of one line.
pub(super) struct Line<'a> {
    pub(super) keyword: Keyword,
    pub(super) args: &'a str,
    pub(super) flags: &'a [Flag],
    pub(super) escape: char,
}

/// Why BuildKit refuses a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: &'static str,
    pub(super) args: Args,
    /// Where, when it is not the whole line.
    pub(super) span: Option<Span>,
}

impl Refusal {
    fn new(code: &'static str) -> Self {
        Self { code, args: Args::new(), span: None }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.args = self.args.with(name, visible(value.as_bytes()));
        self
    }

    fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }
}

/// A line as read.
pub(super) struct Shaped {
    pub(super) command: Command,
    pub(super) json: Option<Vec<String>>,
    pub(super) refusals: Vec<Refusal>,
}

/// Types a line. What can be read is read even when something else on the line is refused.
/// [`Keyword::Onbuild`] and [`Keyword::Unknown`] are the caller's.
pub(super) fn shape(line: &Line) -> Shaped {
    let mut refusals = flags::check(line);
    let array = match line.keyword {
        Keyword::Run | Keyword::Cmd | Keyword::Entrypoint | Keyword::Shell => array(line.args),
        Keyword::Add | Keyword::Copy | Keyword::Volume => array(line.args),
        Keyword::Healthcheck => health::array(line.args),
        _ => Array::No,
    };
    let json = match array {
        Array::Strings(strings) => Some(strings),
        Array::No => None,
        Array::OtherValues => {
            let name = line.keyword.name();
            refusals.push(Refusal::new("dockerfile.json-not-strings").with("keyword", name));
            return Shaped { command: Command::Unreadable, json: None, refusals };
        }
    };
    let command = command(line, json.as_deref(), &mut refusals).unwrap_or_else(|refusal| {
        refusals.push(refusal);
        Command::Unreadable
    });
    Shaped { command, json, refusals }
}

fn command(line: &Line, json: Option<&[String]>, refusals: &mut Vec<Refusal>) -> Result<Command, Refusal> {
    Ok(match line.keyword {
        Keyword::Add => Command::Add(transfer::transfer(line, json, refusals)?),
        Keyword::Copy => Command::Copy(transfer::transfer(line, json, refusals)?),
        Keyword::Run => {
            refusals.extend(mount::check(line));
            Command::Run(command_line(line.args, json))
        }
        Keyword::Cmd => Command::Cmd(command_line(line.args, json)),
        Keyword::Entrypoint => Command::Entrypoint(command_line(line.args, json)),
        Keyword::Env => Command::Env(pairs(line)?),
        Keyword::Label => Command::Label(pairs(line)?),
        Keyword::Arg => Command::Arg(arguments(line)?),
        Keyword::From => Command::From(from(line, refusals)?),
        Keyword::Healthcheck => Command::Healthcheck(health::healthcheck(line, json)?),
        Keyword::Expose => Command::Expose(ports::ports(line, refusals)?),
        Keyword::Volume => Command::Volume(volumes(line, json)?),
        Keyword::Shell => Command::Shell(shell(line, json)?),
        Keyword::User => Command::User(one(line)?),
        Keyword::Workdir => Command::Workdir(one(line)?),
        Keyword::Stopsignal => Command::Stopsignal(one(line)?),
        Keyword::Maintainer => Command::Maintainer(one(line)?),
        Keyword::Onbuild | Keyword::Unknown => Command::Unreadable,
    })
}

fn command_line(args: &str, json: Option<&[String]>) -> CommandLine {
    json.map_or_else(|| CommandLine::Shell(args.to_owned()), |list| CommandLine::Exec(list.to_vec()))
}

fn needs(line: &Line) -> Refusal {
    Refusal::new("dockerfile.argument-missing").with("keyword", line.keyword.name())
}

/// The whole text as one argument.
fn one(line: &Line) -> Result<String, Refusal> {
    if line.args.is_empty() { Err(needs(line)) } else { Ok(line.args.to_owned()) }
}

fn some<T>(line: &Line, list: Vec<T>) -> Result<Vec<T>, Refusal> {
    if list.is_empty() { Err(needs(line)) } else { Ok(list) }
}

/// `NAME=value …`, or the old `NAME value`.
fn pairs(line: &Line) -> Result<Pairs, Refusal> {
    let words = some(line, words::quoted(line.args, line.escape))?;
    if !words[0].contains('=') {
        let (name, value) = line.args.split_once(super::split::BLANKS).ok_or_else(|| {
            Refusal::new("dockerfile.value-missing").with("keyword", line.keyword.name()).with("name", line.args)
        })?;
        let value = value.trim_start_matches(super::split::BLANKS);
        return Ok(Pairs { pairs: vec![(name.to_owned(), value.to_owned())], legacy: true });
    }
    let pairs = words.iter().map(|word| match word.split_once('=') {
        Some(("", _)) => Err(Refusal::new("dockerfile.name-blank").with("keyword", line.keyword.name())),
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
        None => Err(Refusal::new("dockerfile.equals-missing").with("keyword", line.keyword.name()).with("word", word)),
    });
    Ok(Pairs { pairs: pairs.collect::<Result<_, _>>()?, legacy: false })
}

fn arguments(line: &Line) -> Result<Vec<Argument>, Refusal> {
    let words = some(line, words::quoted(line.args, line.escape))?;
    let arguments = words.into_iter().map(|word| match word.split_once('=') {
        Some(("", _)) => Err(Refusal::new("dockerfile.name-blank").with("keyword", line.keyword.name())),
        Some((name, default)) => Ok(Argument { name: name.to_owned(), default: Some(default.to_owned()) }),
        None => Ok(Argument { name: word, default: None }),
    });
    arguments.collect()
}

/// `image`, `image AS name`. A stage begins even when the rest of the line is refused, so that the file's stages stay apart.
fn from(line: &Line, refusals: &mut Vec<Refusal>) -> Result<From, Refusal> {
    let words = words::listed(line.args);
    let alias = match words.as_slice() {
        [_] => None,
        [_, separator, alias] if separator.eq_ignore_ascii_case("as") => {
            if !is_stage_name(alias) {
                refusals.push(Refusal::new("dockerfile.stage-name").with("name", alias));
            }
            Some(alias.clone())
        }
        [] => return Err(needs(line)),
        _ => {
            refusals.push(Refusal::new("dockerfile.from-arguments").with("args", line.args));
            None
        }
    };
    let platform = flags::last(line.flags, "platform");
    Ok(From { image: words[0].clone(), platform, alias })
}

/// Stage names begin with a letter; letters, digits, `-`, `_` and `.` follow.
fn is_stage_name(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(is_part)
}

fn volumes(line: &Line, json: Option<&[String]>) -> Result<Vec<String>, Refusal> {
    let list = some(line, json.map_or_else(|| words::listed(line.args), <[String]>::to_vec))?;
    let list: Vec<String> = list.iter().map(|volume| volume.trim().to_owned()).list();
    match list.iter().any(String::is_empty) {
        true => Err(Refusal::new("dockerfile.volume-blank")),
        false => Ok(list),
    }
}

fn shell(line: &Line, json: Option<&[String]>) -> Result<Vec<String>, Refusal> {
    match json {
        Some(list) => some(line, list.to_vec()),
        None if line.args.is_empty() => Err(needs(line)),
        None => Err(Refusal::new("dockerfile.shell-not-json").with("args", line.args)),
    }
}
