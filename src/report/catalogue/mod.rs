//! All sentences that layerproof says, by code.
//!
//! The rooms below speak in codes and arguments; here every code has its English text, and errors and undecided results
//! their advice. A translation replaces these tables and touches no code. One file per room, so that a sentence is found
//! beside its siblings.

mod align;
mod alignment_checks;
mod case;
mod checks;
mod claims;
mod compare;
mod dockerfile;
mod edges;
mod history;
mod intake;
mod json;
mod oci;
mod official;
mod rebuild;
mod recipe;
mod summary;
mod trust;

use crate::finding::Args;
use std::borrow::Cow;

/// The English of one code.
#[derive(Debug, Clone, Copy)]
pub struct Sentence {
    /// The stable code, `room.what-happened`.
    pub code: &'static str,
    /// What is said. `{name}` stands for an argument.
    pub text: &'static str,
    /// What to do about it; empty where there is nothing to do.
    pub advice: &'static str,
}

/// Every table of the catalogue.
// One table a line, so that rooms that grow side by side do not meet here.
#[rustfmt::skip]
const TABLES: &[&[Sentence]] = &[
    align::SENTENCES,
    alignment_checks::SENTENCES,
    case::SENTENCES,
    checks::SENTENCES,
    claims::SENTENCES,
    compare::SENTENCES,
    dockerfile::SENTENCES,
    edges::SENTENCES,
    history::SENTENCES,
    intake::SENTENCES,
    json::SENTENCES,
    oci::SENTENCES,
    official::SENTENCES,
    recipe::SENTENCES,
    rebuild::SENTENCES,
    summary::SENTENCES,
    trust::SENTENCES,
];

/// Every sentence there is.
pub fn all() -> impl Iterator<Item = &'static Sentence> {
    TABLES.iter().flat_map(|table| table.iter())
}

/// The sentence of a code.
pub fn sentence(code: &str) -> Option<&'static Sentence> {
    all().find(|sentence| sentence.code == code)
}

/// The text of a code with its arguments filled in. A code without a sentence shows itself (a test forbids that it happens).
pub fn text(code: &str, args: &Args) -> String {
    sentence(code).map_or_else(|| code.to_owned(), |sentence| fill(sentence.text, args))
}

/// The advice of a code with its arguments filled in, if there is any.
pub fn advice(code: &str, args: &Args) -> Option<String> {
    let advice = sentence(code)?.advice;
    (!advice.is_empty()).then(|| fill(advice, args))
}

/// Replaces each `{name}` by the argument of that name, each `{name:one|many}` by one of its two words, as that argument is `1` or
/// not, and each `{name?one|many}` likewise by a part in which `#` is the number, or by nothing where the argument is `0`. What
/// names no argument stays as it is.
fn fill(template: &str, args: &Args) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        match after.split_once('}').and_then(|(hole, tail)| Some((word(hole, args)?, tail))) {
            Some((word, tail)) => {
                filled.push_str(&word);
                rest = tail;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// What stands in a hole of a template.
fn word<'a>(hole: &'a str, args: &'a Args) -> Option<Cow<'a, str>> {
    let Some(at) = hole.find([':', '?']) else { return args.value(hole).map(Cow::Borrowed) };
    let (name, words) = (&hole[..at], &hole[at + 1..]);
    let (one, many) = words.split_once('|')?;
    let value = args.value(name)?;
    let word = if value == "1" { one } else { many };
    Some(match hole.as_bytes()[at] {
        b'?' if value == "0" => Cow::Borrowed(""),
        b'?' => Cow::Owned(word.replace('#', value)),
        _ => Cow::Borrowed(word),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn arguments_are_filled_in_and_never_parsed_again() {
        let args = Args::new().with("a", "{b}").with("b", "2");
        assert_eq!(fill("{a} and {b}, {c} and {", &args), "{b} and 2, {c} and {");
        let one = Args::new().with("n", 1);
        assert_eq!(fill("{n} {n:file|files}, {m:a|b}", &one), "1 file, {m:a|b}");
        let some = Args::new().with("none", 0).with("one", 1).with("two", 2);
        let part = |name: &str| fill(&format!("So.{{{name}? # line.| # lines.}}"), &some);
        assert_eq!([part("none"), part("one"), part("two")], ["So.", "So. 1 line.", "So. 2 lines."]);
    }

    #[test]
    fn every_kind_of_check_says_what_it_proves_and_what_not() {
        for kind in crate::checks::Kind::ALL {
            for code in [kind.title(), kind.proves(), kind.does_not_prove()] {
                assert!(sentence(code).is_some(), "{code} has no sentence");
            }
        }
    }

    #[test]
    fn every_code_stands_once() {
        let mut seen = BTreeSet::new();
        for sentence in TABLES.iter().flat_map(|table| table.iter()) {
            assert!(seen.insert(sentence.code), "{} has two sentences", sentence.code);
        }
    }
}
