//! Values of build arguments, found out by joining.

use crate::order::{self, Gather, Map};
use std::ops::RangeInclusive;

use super::compare::Fit;
use super::solve::{Fixed, Solution, SolvedStep, Task};
use crate::dockerfile::{BuildArguments, Command, Keyword};
use crate::recipe::{Base, Family, Program, Recipe, StepOrigin, Values};

/// Where a value was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) value: String,
    /// The entry that shows it, or the file whose name does.
    pub(super) from: From,
}

/// What shows a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum From {
    /// A history entry, by its index, and the line of the instruction.
    Entry { entry: usize, keyword: Keyword },
    /// The name of a file at hand that fits a source.
    File { name: String, pattern: String },
}

/// How often values may be looked up, one after the other (a default may use another argument).
const MOST_ROUNDS: usize = 6;

/// The best join of one recipe and one base: with the defaults, or with values that the history shows.
pub(super) fn solve(
    task: &Task<'_>,
    recipe: &'static Recipe,
    program: &Program<'_>,
    base: &Base,
    entries: RangeInclusive<usize>,
) -> Solution {
    let mut best = evaluate(task, recipe, program, base, entries.clone(), Map::new());
    if !best.is_bad() {
        return best;
    }
    for names in open_sets(task, program, recipe) {
        let found = look_up(task, recipe, program, base, entries.clone(), &names);
        if found.is_empty() {
            continue;
        }
        let solution = evaluate(task, recipe, program, base, entries.clone(), found);
        if solution.way.cost < best.way.cost {
            best = solution;
        }
        if !best.is_bad() {
            break;
        }
    }
    best
}

/// Joins with these values, every text written out.
pub(super) fn evaluate(
    task: &Task<'_>,
    recipe: &'static Recipe,
    program: &Program<'_>,
    base: &Base,
    entries: RangeInclusive<usize>,
    inferred: Map<String, Found>,
) -> Solution {
    let given = with(task.arguments, &inferred);
    let (ready, _, mut way) = task.join(&Fixed { recipe, program, base, given: &given, entries }, &[]);
    let pairs = way.moves.iter().any(|each| matches!(each, super::lay::Move::Pair(..)));
    if recipe.family == Family::Kaniko && !pairs && task.history.len() > 0 {
        // kaniko may have recorded nothing of any file: that explains nothing.
        way.cost = way.cost.saturating_add(super::compare::cost::MISSING);
    }
    let plain = (!inferred.is_empty()).then(|| task.write(recipe, program, base, task.arguments, &[]));
    let depends = |number: usize, ready: &super::compare::Ready| {
        plain.as_ref().and_then(|plain| plain.get(number)).is_some_and(|plain| plain.texts != ready.expected.texts)
    };
    let steps = program.steps.iter().zip(ready).enumerate();
    let steps = steps
        .map(|(number, (step, ready))| SolvedStep {
            index: step.index,
            origin: step.origin,
            depends: depends(number, &ready),
            ready,
        })
        .list();
    Solution { recipe, way, steps, inferred }
}

fn with(arguments: &BuildArguments, inferred: &Map<String, Found>) -> BuildArguments {
    let mut given = arguments.clone();
    given.values.extend(inferred.iter().map(|(name, found)| (name.clone(), found.value.clone())));
    given
}

/// Names whose values are looked up together, the likeliest set first.
///
/// The classic builder and buildah leave arguments without a value out of RUN's list, so there a name is open only if some
/// entry's list has it; where no list tells, all are.
fn open_sets(task: &Task<'_>, program: &Program<'_>, recipe: &Recipe) -> Vec<Vec<String>> {
    let all = declared(program);
    let all: Vec<String> = all.into_iter().filter(|name| !task.arguments.values.contains_key(name)).list();
    if all.is_empty() {
        return Vec::new();
    }
    let lists: Vec<&str> =
        task.history.entries.iter().map(|entry| &*entry.shown).filter(|text| text.starts_with(['|', '#'])).list();
    let listed = |name: &String| lists.iter().any(|list| list.contains(&format!(" {name}=")));
    let some: Vec<String> = all.iter().filter(|name| listed(name)).cloned().list();
    match recipe.family {
        Family::Classic | Family::Buildah if !lists.is_empty() && some.len() < all.len() => vec![some, all],
        _ => vec![all],
    }
}

/// The names that ARG lines of the steps declare, and the global ones.
pub(super) fn declared(program: &Program<'_>) -> Vec<String> {
    let first = program.file.stages.first().map_or(0, |stage| stage.from);
    let globals = program.file.instructions.iter().take(first);
    let steps = program.steps.iter().filter(|step| step.origin != StepOrigin::BaseTrigger).map(|step| step.instruction);
    let mut names: Vec<String> = Vec::new();
    for instruction in steps.chain(globals) {
        let Command::Arg(list) = &instruction.command else { continue };
        for argument in list {
            if !names.contains(&argument.name) {
                names.push(argument.name.clone());
            }
        }
    }
    names
}

/// Joins with open values, takes those that the cheapest way shows, and goes on until it shows no more.
fn look_up(
    task: &Task<'_>,
    recipe: &'static Recipe,
    program: &Program<'_>,
    base: &Base,
    entries: RangeInclusive<usize>,
    names: &[String],
) -> Map<String, Found> {
    let mut found: Map<String, Found> = Map::new();
    for _ in 0..MOST_ROUNDS {
        let open: Vec<String> = names.iter().filter(|name| !found.contains_key(*name)).cloned().list();
        if open.is_empty() || has_marks(program) {
            break;
        }
        let given = with(task.arguments, &found);
        let (_, fits, way) = task.join(&Fixed { recipe, program, base, given: &given, entries: entries.clone() }, &open);
        let before = found.len();
        let width = task.history.len();
        for (step, entry) in ordered(program, &way) {
            let Fit::If(values) = &fits[step * width + entry] else { continue };
            for (position, value) in values {
                let Some(name) = open.get(*position) else { continue };
                let keyword = program.steps[step].instruction.keyword;
                let from = From::Entry { entry, keyword };
                found.entry(name.clone()).or_insert(Found { value: value.clone(), from });
            }
        }
        if found.len() == before {
            break;
        }
    }
    found
}

/// The pairs of a way: first those that name their arguments (ARG, RUN), then the rest.
fn ordered(program: &Program<'_>, way: &super::lay::Way) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> = way
        .moves
        .iter()
        .filter_map(|each| match each {
            super::lay::Move::Pair(step, entry) => Some((*step, *entry)),
            _ => None,
        })
        .list();
    order::sort_by_key(&mut pairs, |(step, entry)| {
        let names_itself = matches!(program.steps[*step].instruction.keyword, Keyword::Arg | Keyword::Run);
        (!names_itself, *entry)
    });
    pairs
}

/// Whether the file itself contains characters that stand for unknown values here; then nothing is looked up.
fn has_marks(program: &Program<'_>) -> bool {
    program.steps.iter().any(|step| Values::has_marks(&step.instruction.original))
}
