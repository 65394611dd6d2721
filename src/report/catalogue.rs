//! All sentences that layerproof says, by code.
//!
//! The rooms speak in codes and arguments; `english.txt` has the English text of every code, and for errors and undecided results
//! the advice. A translation replaces that file and touches no code. A line that begins at the margin is a code, the line below it,
//! set in by two blanks, its text, and one that begins with `  > ` the advice. Lines that begin with `#` and empty ones say nothing.
//!
//! The page loads the file by itself (feature `texts-apart`), beside the module, which is a sixth smaller without it; everywhere
//! else it is part of the program.

use crate::finding::Args;
use std::borrow::Cow;
use std::sync::OnceLock;

#[cfg(not(feature = "texts-apart"))]
const BUILT_IN: &str = include_str!("english.txt");
#[cfg(feature = "texts-apart")]
const BUILT_IN: &str = "";

/// The sentences of the file, in its order: they never change once somebody has read one.
static SENTENCES: OnceLock<Vec<Sentence>> = OnceLock::new();

/// The text of one code.
#[derive(Debug, Clone, Copy)]
pub struct Sentence {
    /// The stable code, `room.what-happened`.
    pub code: &'static str,
    /// What is said. `{name}` stands for an argument.
    pub text: &'static str,
    /// What to do about it; empty where there is nothing to do.
    pub advice: &'static str,
}

/// Gives the sentences that are said from now on, in the form of `english.txt`. The first texts stay: a program gives them before
/// it reads anything.
pub fn install(texts: String) {
    // They are needed as long as the program lives.
    let _ = SENTENCES.set(parsed(texts.leak()));
}

fn parsed(texts: &'static str) -> Vec<Sentence> {
    let mut sentences: Vec<Sentence> = Vec::new();
    for line in texts.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match (line.strip_prefix("  > "), line.strip_prefix("  "), sentences.last_mut()) {
            (Some(advice), _, Some(last)) => last.advice = advice,
            (_, Some(text), Some(last)) => last.text = text,
            _ => sentences.push(Sentence { code: line, text: "", advice: "" }),
        }
    }
    sentences
}

/// Every sentence there is.
pub fn all() -> impl Iterator<Item = &'static Sentence> {
    SENTENCES.get_or_init(|| parsed(BUILT_IN)).iter()
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
    fn texts_are_read_by_their_margin() {
        let read = parsed("# a heading\n\na.b\n  Said of {x}.\n  > Do # that.\na.c\n  Said.\n");
        let said: Vec<_> = read.iter().map(|one| (one.code, one.text, one.advice)).collect();
        assert_eq!(said, [("a.b", "Said of {x}.", "Do # that."), ("a.c", "Said.", "")]);
        assert!(parsed("").is_empty());
    }

    #[test]
    fn every_code_stands_once() {
        let mut seen = BTreeSet::new();
        for sentence in all() {
            assert!(seen.insert(sentence.code), "{} has two sentences", sentence.code);
            assert!(!sentence.text.is_empty(), "{} says nothing", sentence.code);
        }
    }
}
