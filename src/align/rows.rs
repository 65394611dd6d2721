//! Rows and their reasons.

use super::base::Given;
use super::compare::Fit;
use super::lay::Move;
use super::solve::{Solution, SolvedStep, Task};
use super::{Relation, Row, files};
use crate::finding::{Said, visible};
use crate::history::Sign;
use crate::order::Gather;
use crate::recipe::{BaseImage, Family, Program, Recorded, StepOrigin};

impl Row {
    pub(super) fn new(relation: Relation, why: Said) -> Self {
        Self {
            instruction: None,
            trigger: None,
            entry: None,
            relation,
            why,
            expected: None,
            hash: None,
            sources: Vec::new(),
            proved: false,
            truncated: false,
            blind: Vec::new(),
            doubtful: false,
        }
    }
}

/// The rows of a solution, oldest first.
pub(super) fn rows(task: &Task<'_>, program: &Program<'_>, solution: &Solution, given: &Given) -> Vec<Row> {
    let moves = solution.way.moves.iter();
    let first = moves.clone().find_map(|each| match each {
        Move::Pair(_, entry) => Some(*entry),
        _ => None,
    });
    let first = first.unwrap_or(task.history.len());
    moves
        .filter_map(|each| match each {
            Move::Base(entry) => Some(base(*entry, program, given)),
            Move::Pair(step, entry) => Some(pair(task, solution, &solution.steps[*step], *entry)),
            Move::Step(step) => alone(solution, &solution.steps[*step]),
            Move::Entry(entry) => Some(added(task, *entry, first, given)),
        })
        .list()
}

fn base(entry: usize, program: &Program<'_>, given: &Given) -> Row {
    let image = match &program.base {
        BaseImage::Image(name) => visible(name.as_bytes()),
        BaseImage::Scratch => "scratch".to_owned(),
    };
    let code = if given.entries.is_some() { "align.base-checked" } else { "align.base" };
    Row { entry: Some(entry), ..Row::new(Relation::Base, Said::new(code).with("image", image)) }
}

/// An entry that no instruction of the file left.
/// `first` is the entry of the first line that has one.
fn added(task: &Task<'_>, number: usize, first: usize, given: &Given) -> Row {
    let entry = &task.history.entries[number];
    let has = |sign| entry.signs.contains(&sign);
    let row = |relation, code| Row { entry: Some(number), ..Row::new(relation, Said::new(code)) };
    if has(Sign::SquashComment) {
        return row(Relation::Explained, "align.squash");
    }
    if has(Sign::BuildkitExporter) {
        return Row { doubtful: true, ..row(Relation::Explained, "align.exporter") };
    }
    match may_be_hidden_trigger(task, number, first, given) {
        true => Row { doubtful: true, ..row(Relation::Explained, "align.hidden-trigger") },
        false => row(Relation::Extra, "align.extra"),
    }
}

/// BuildKit hides ONBUILD in the base image's history, so entries between that and the first line's may be triggers'. A config of
/// the base image says which triggers there are.
fn may_be_hidden_trigger(task: &Task<'_>, number: usize, first: usize, given: &Given) -> bool {
    let Some(base) = given.entries.filter(|base| (*base..first).contains(&number)) else { return false };
    let buildkit = |entry: &super::prepare::Entry<'_>| {
        entry.signs.contains(&Sign::BuildkitComment) || entry.signs.contains(&Sign::BuildkitSuffix)
    };
    let listed = task.context.base.is_some_and(|base| base.marks.onbuild.is_some());
    !listed && task.history.entries.iter().take(base).any(buildkit)
}

/// A step without an entry. A trigger of the base image that did not run leaves no row.
fn alone(solution: &Solution, step: &SolvedStep) -> Option<Row> {
    let expected = step.ready.expected.texts.first().map(|text| text.filled("file:…"));
    let (relation, why) = match (step.ready.expected.recorded, step.origin) {
        (_, StepOrigin::BaseTrigger) => return None,
        (Recorded::Never, _) => {
            (Relation::Explained, step.ready.expected.blind.first().cloned().unwrap_or_else(|| Said::new("recipe.not-recorded")))
        }
        (Recorded::IfChanged, _) => (Relation::Explained, Said::new("recipe.kaniko-unchanged")),
        (Recorded::Always, StepOrigin::Trigger) if solution.recipe.family == Family::Buildah => {
            (Relation::Explained, Said::new("align.buildah-trigger"))
        }
        (Recorded::Always, _) => (Relation::Missing, Said::new("align.missing").with("builder", solution.recipe.family.name())),
    };
    let (instruction, trigger) = owner(step);
    // Whoever can read the line may have left an entry for it.
    let doubtful = why.code == "recipe.unreadable";
    let blind = step.ready.expected.blind.iter().filter(|said| **said != why).cloned().list();
    Some(Row { instruction, trigger, expected, blind, doubtful, ..Row::new(relation, why) })
}

fn owner(step: &SolvedStep) -> (Option<usize>, Option<usize>) {
    match step.origin {
        StepOrigin::Own => (Some(step.index), None),
        StepOrigin::Trigger => (None, Some(step.index)),
        StepOrigin::BaseTrigger => (None, None),
    }
}

/// A step and its entry.
fn pair(task: &Task<'_>, solution: &Solution, step: &SolvedStep, number: usize) -> Row {
    let entry = &task.history.entries[number];
    let fit = step.ready.fit(entry, task.history);
    let hash = entry.source.clone().filter(|_| step.ready.expected.texts.iter().any(|text| text.hole.is_some()));
    let token = hash.as_ref().map_or_else(|| "file:…".to_owned(), crate::recipe::Source::token);
    let expected = step.ready.expected.texts.first().map(|text| text.filled(&token));
    let proof = Proof::of(task, step, hash.as_ref());
    let (relation, why) = match &fit {
        Fit::Same { .. } if matches!(proof, Proof::Other(_)) => proof.differs(),
        Fit::Same { exact, second, odd_layer } => {
            let facts = Facts { exact: *exact, second: *second, odd_layer: *odd_layer, truncated: entry.raw.truncated };
            same(solution, step, &facts, hash.is_some(), &proof)
        }
        _ => {
            // As this export would print it: what the export itself changes is no difference.
            let printed = task.history.history.fidelity.apply(expected.as_deref().unwrap_or_default());
            (Relation::Differs, differs(&printed, &entry.shown))
        }
    };
    let (instruction, trigger) = owner(step);
    Row {
        instruction,
        trigger,
        entry: Some(number),
        expected,
        hash,
        sources: step.ready.expected.paths.clone(),
        proved: matches!(proof, Proof::Proved(_)),
        truncated: entry.raw.truncated,
        blind: step.ready.expected.blind.clone(),
        ..Row::new(relation, why)
    }
}

struct Facts {
    exact: bool,
    second: bool,
    odd_layer: bool,
    truncated: bool,
}

/// The reason of a pair whose text is the builder's: what is weakest about it is said.
fn same(solution: &Solution, step: &SolvedStep, facts: &Facts, hashed: bool, proof: &Proof) -> (Relation, Said) {
    if step.origin != StepOrigin::Own {
        return (Relation::Explained, Said::new("align.trigger"));
    }
    if facts.odd_layer {
        let buildah = solution.recipe.family == Family::Buildah;
        return (Relation::Explained, Said::new(if buildah { "align.single-layer" } else { "align.odd-layer" }));
    }
    if step.depends {
        return (Relation::Explained, argument(solution, step));
    }
    if facts.second {
        return (Relation::Explained, Said::new("align.second-text"));
    }
    match proof {
        Proof::Proved(path) => return (exact(facts), Said::new("align.hash-proved").with("file", visible(path.as_bytes()))),
        _ if hashed => return (Relation::Explained, Said::new("align.hash-open")),
        _ => {}
    }
    match (facts.exact, facts.truncated) {
        (true, _) => (Relation::Exact, Said::new("align.exact")),
        (false, true) => (Relation::Equivalent, Said::new("align.truncated")),
        (false, false) => (Relation::Equivalent, Said::new("align.equivalent")),
    }
}

fn exact(facts: &Facts) -> Relation {
    if facts.exact { Relation::Exact } else { Relation::Equivalent }
}

/// Which inferred arguments a text depends on.
fn argument(solution: &Solution, step: &SolvedStep) -> Said {
    let used = step.ready.expected.arguments.iter().filter_map(|name| solution.inferred.get(name).map(|found| (name, found)));
    let pairs: Vec<String> = used.map(|(name, found)| format!("{name}={}", found.value)).list();
    match pairs.is_empty() {
        true => Said::new("align.argument-behind"),
        false => Said::new("align.argument").with("values", visible(pairs.join(", ").as_bytes())),
    }
}

/// Where two texts part.
fn differs(ours: &str, theirs: &str) -> Said {
    let front = ours.chars().zip(theirs.chars()).take_while(|(ours, theirs)| ours == theirs).count();
    // Tabs are shown as such only where they may be the difference.
    let is_blank = |text: &str| text.chars().nth(front).is_some_and(char::is_whitespace);
    let tab = if is_blank(ours) || is_blank(theirs) { '\t' } else { ' ' };
    let around = |text: &str| {
        let from = front.saturating_sub(12);
        let cut: String = text.chars().skip(from).take(48).map(|letter| if letter == '\t' { tab } else { letter }).collect();
        let mut shown = visible(cut.as_bytes());
        if from > 0 {
            shown.insert(0, '…');
        }
        if text.chars().count() > from + 48 {
            shown.push('…');
        }
        shown
    };
    Said::new("align.differs").with("expected", around(ours)).with("found", around(theirs)).with("column", front + 1)
}

/// What is known about the hash of an entry.
enum Proof {
    /// No file at hand gives it.
    Open,
    /// This file gives it, and it is the one that the instruction names.
    Proved(String),
    /// This file gives it, and the instruction names another one.
    Other(String),
}

impl Proof {
    fn of(task: &Task<'_>, step: &SolvedStep, hash: Option<&crate::recipe::Source>) -> Self {
        let Some(hash) = hash else { return Self::Open };
        let same = |proved: &&super::ProvedHash| proved.kind == hash.kind && proved.hex == hash.hex;
        let mut proved = task.context.add_hashes.iter().filter(same).peekable();
        let Some(first) = proved.peek() else { return Self::Open };
        let (first, paths) = (first.path.clone(), &step.ready.expected.paths);
        let named = |proved: &&super::ProvedHash| {
            let fits = |pattern: &String| files::fit(pattern, &proved.path).is_some();
            paths.is_empty() || !proved.named || paths.iter().any(fits)
        };
        match proved.find(named) {
            Some(proved) => Self::Proved(proved.path.clone()),
            None => Self::Other(first),
        }
    }

    fn differs(&self) -> (Relation, Said) {
        let file = match self {
            Self::Other(file) | Self::Proved(file) => visible(file.as_bytes()),
            Self::Open => String::new(),
        };
        (Relation::Differs, Said::new("align.hash-of-other-file").with("file", file))
    }
}
