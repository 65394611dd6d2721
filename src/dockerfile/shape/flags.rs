use super::super::nearest::nearest;
use super::super::{Flag, Keyword};
use super::{Line, Refusal};
use crate::order::{Gather, Set};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `--name`, `--name=true`, `--name=false`.
    Switch,
    /// `--name=value`.
    Value,
    /// `--name=value`, more than once.
    Values,
}

use Kind::{Switch, Value, Values};

/// The flags of an instruction.
fn known(keyword: Keyword) -> &'static [(&'static str, Kind)] {
    match keyword {
        Keyword::Add => &[
            ("checksum", Value),
            ("chmod", Value),
            ("chown", Value),
            ("exclude", Values),
            ("keep-git-dir", Switch),
            ("link", Switch),
            ("unpack", Switch),
        ],
        Keyword::Copy => {
            &[("chmod", Value), ("chown", Value), ("exclude", Values), ("from", Value), ("link", Switch), ("parents", Switch)]
        }
        Keyword::From => &[("platform", Value)],
        Keyword::Healthcheck => {
            &[("interval", Value), ("retries", Value), ("start-interval", Value), ("start-period", Value), ("timeout", Value)]
        }
        Keyword::Run => &[("device", Values), ("mount", Values), ("network", Value), ("security", Value)],
        _ => &[],
    }
}

/// Checks the flags of a line against those that the instruction has.
pub(super) fn check(line: &Line) -> Vec<Refusal> {
    // These never look at their flags, so BuildKit accepts any.
    let is_lax = match line.keyword {
        Keyword::Arg | Keyword::Stopsignal | Keyword::Unknown => true,
        Keyword::Healthcheck => super::health::is_none(line.args),
        _ => false,
    };
    if is_lax {
        return Vec::new();
    }
    let mut seen = Set::new();
    let wrong = line.flags.iter().filter_map(|flag| check_one(line, seen.insert(flag.name.as_str()), flag).err());
    wrong.take(super::MOST_REFUSALS).list()
}

fn check_one(line: &Line, is_first: bool, flag: &Flag) -> Result<(), Refusal> {
    let known = known(line.keyword);
    let refusal = |code| Refusal::new(code).with("flag", &flag.name).with("keyword", line.keyword.name()).at(flag.span);
    let Some((_, kind)) = known.iter().find(|(name, _)| *name == flag.name) else {
        let near = nearest(&flag.name, known.iter().map(|(name, _)| *name));
        return Err(near.map_or_else(
            || refusal("dockerfile.unknown-flag"),
            |near| refusal("dockerfile.unknown-flag-near").with("near", near),
        ));
    };
    if *kind != Values && !is_first {
        return Err(refusal("dockerfile.flag-repeated"));
    }
    match (kind, flag.value.as_deref()) {
        (Switch, None) | (Value | Values, Some(_)) => Ok(()),
        (Switch, Some(value)) if switch(value).is_some() => Ok(()),
        (Switch, Some(value)) if !value.is_empty() => Err(refusal("dockerfile.flag-not-boolean").with("value", value)),
        _ => Err(refusal("dockerfile.flag-value-missing")),
    }
}

fn switch(value: &str) -> Option<bool> {
    let is = |word| value.eq_ignore_ascii_case(word);
    if is("true") { Some(true) } else { is("false").then_some(false) }
}

/// The value of a flag; the last one of several.
pub(super) fn last(flags: &[Flag], name: &str) -> Option<String> {
    flags.iter().rev().find(|flag| flag.name == name)?.value.clone()
}

/// The values of a flag that may be repeated.
pub(super) fn all(flags: &[Flag], name: &str) -> Vec<String> {
    flags.iter().filter(|flag| flag.name == name).filter_map(|flag| flag.value.clone()).list()
}

/// Whether a switch is written, and how it stands.
pub(super) fn is_on(flags: &[Flag], name: &str) -> Option<bool> {
    let flag = flags.iter().rev().find(|flag| flag.name == name)?;
    flag.value.as_deref().map_or(Some(true), switch)
}
