//! Build arguments that only the name of a file at hand gives away.

use crate::order::{Gather, Map};
use std::ops::RangeInclusive;

use super::open::{Found, From, declared, evaluate};
use super::solve::{Solution, Task};
use crate::recipe::{Base, Program, Values};

/// Adds values that the history does not show but the names of files at hand do: a source such as
/// `ubuntu-*-oci-$ARCH-root.tar.gz` and a file `ubuntu-jammy-oci-amd64-root.tar.gz` say ARCH. A value counts only if all files
/// that fit say the same, and only if the texts still agree with it.
pub(super) fn infer(
    task: &Task<'_>,
    program: &Program<'_>,
    solution: Solution,
    beginning: &(Base, RangeInclusive<usize>),
) -> Solution {
    let (base, entries) = beginning;
    let found = found(task, program, &solution, base);
    if found.is_empty() || !base.triggers.is_empty() {
        return solution;
    }
    let mut all = solution.inferred.clone();
    all.extend(found);
    let with_files = evaluate(task, solution.recipe, program, base, entries.clone(), all);
    if with_files.way.cost <= solution.way.cost { with_files } else { solution }
}

fn found(task: &Task<'_>, program: &Program<'_>, solution: &Solution, base: &Base) -> Map<String, Found> {
    let taken = |name: &String| task.arguments.values.contains_key(name) || solution.inferred.contains_key(name);
    let open: Vec<String> = declared(program).into_iter().filter(|name| !taken(name)).list();
    if open.is_empty() || task.context.files.is_empty() {
        return Map::new();
    }
    let mut given = task.arguments.clone();
    given.values.extend(solution.inferred.iter().map(|(name, found)| (name.clone(), found.value.clone())));
    let expected = task.write(solution.recipe, program, base, &given, &open);
    let patterns = expected.iter().flat_map(|expected| &expected.paths).filter(|path| Values::has_marks(path));
    let mut values: Map<String, Option<Found>> = Map::new();
    for pattern in patterns {
        for file in &task.context.files {
            let Some(captured) = fit(pattern, &file.name) else { continue };
            for (position, value) in captured {
                let Some(name) = open.get(position) else { continue };
                let from = From::File { name: file.name.clone(), pattern: readable(pattern, &open) };
                let same = |known: &Option<Found>| known.as_ref().is_some_and(|known| known.value == value);
                // Files that say different things say nothing.
                let found = if values.get(name).is_none_or(same) { Some(Found { value, from }) } else { None };
                values.insert(name.clone(), found);
            }
        }
    }
    values.into_iter().filter_map(|(name, found)| found.map(|found| (name, found))).gather()
}

/// The pattern with names instead of marks.
fn readable(pattern: &str, open: &[String]) -> String {
    let mut out = String::new();
    for letter in pattern.chars() {
        match Values::marked(letter).and_then(|position| open.get(position)) {
            Some(name) => out.push_str(&format!("${{{name}}}")),
            None => out.push(letter),
        }
    }
    out
}

/// Whether a source pattern (Go's `filepath.Match`: `*`, `?`, `[…]`, with marks for unknown values) names this file: by its whole
/// path, or by its base name when the file lies elsewhere here than in the build context. Answers the values of the marks.
pub(crate) fn fit(pattern: &str, name: &str) -> Option<Vec<(usize, String)>> {
    let pattern = pattern.trim_start_matches("./").trim_start_matches('/');
    let name = name.trim_start_matches("./");
    let last = |text: &str| text.rsplit('/').next().unwrap_or_default().to_owned();
    glob(pattern, name).or_else(|| glob(&last(pattern), &last(name)))
}

/// How many places are tried for one name.
const MOST_STEPS: u32 = 20_000;

fn glob(pattern: &str, name: &str) -> Option<Vec<(usize, String)>> {
    let pattern: Vec<char> = pattern.chars().list();
    let name: Vec<char> = name.chars().list();
    let mut run = Run { values: Vec::new(), steps: 0 };
    run.fits(&pattern, &name).then_some(run.values)
}

struct Run {
    values: Vec<(usize, String)>,
    steps: u32,
}

impl Run {
    fn fits(&mut self, pattern: &[char], name: &[char]) -> bool {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return false;
        }
        let Some((first, more)) = pattern.split_first() else { return name.is_empty() };
        if let Some(position) = Values::marked(*first) {
            return self.mark(position, more, name);
        }
        match (first, name.split_first()) {
            ('*', _) => {
                let longest = name.iter().take_while(|letter| **letter != '/').count();
                (0..=longest).any(|end| self.fits(more, &name[end..]))
            }
            ('?', Some((letter, rest))) => *letter != '/' && self.fits(more, rest),
            ('[', Some((letter, rest))) => match class(more, *letter) {
                Some((true, more)) => self.fits(more, rest),
                _ => false,
            },
            ('\\', Some((letter, rest))) if !more.is_empty() => more[0] == *letter && self.fits(&more[1..], rest),
            (literal, Some((letter, rest))) => literal == letter && self.fits(more, rest),
            (_, None) => false,
        }
    }

    fn mark(&mut self, position: usize, more: &[char], name: &[char]) -> bool {
        if let Some((_, value)) = self.values.iter().find(|(known, _)| *known == position) {
            let value: Vec<char> = value.chars().list();
            return name.starts_with(&value) && self.fits(more, &name[value.len()..]);
        }
        let longest = name.iter().take_while(|letter| **letter != '/').count();
        (1..=longest).any(|end| {
            self.values.push((position, name[..end].iter().collect()));
            let depth = self.values.len();
            let fits = self.fits(more, &name[end..]);
            if !fits {
                self.values.truncate(depth - 1);
            }
            fits
        })
    }
}

/// `a-z]` against one letter, behind the opening bracket: whether it is in the class, and what follows the class.
fn class(pattern: &[char], letter: char) -> Option<(bool, &[char])> {
    let end = pattern.iter().skip(1).position(|each| *each == ']')? + 1;
    let (inner, negated) = match pattern.first() {
        Some('^') => (&pattern[1..end], true),
        _ => (&pattern[..end], false),
    };
    let mut found = false;
    let mut at = 0;
    while at < inner.len() {
        let range = inner.get(at + 1) == Some(&'-') && at + 2 < inner.len();
        let last = if range { inner[at + 2] } else { inner[at] };
        found |= (inner[at]..=last).contains(&letter);
        at += if range { 3 } else { 1 };
    }
    Some((found != negated, &pattern[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_gives_the_value_away() {
        let pattern = format!("ubuntu-*-oci-{}-root.tar.gz", Values::mark(3).unwrap_or(' '));
        assert_eq!(fit(&pattern, "ubuntu-jammy-oci-amd64-root.tar.gz"), Some(vec![(3, "amd64".to_owned())]));
        assert_eq!(fit(&pattern, "debian.tar.gz"), None);
        assert_eq!(fit("./x/rootfs.tar", "rootfs.tar"), Some(vec![]));
        assert_eq!(fit("root[a-f]s.t?r", "down/rootfs.tar"), Some(vec![]));
        assert_eq!(fit("root[^f]s.tar", "rootfs.tar"), None);
    }
}
