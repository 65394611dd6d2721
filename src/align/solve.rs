//! The search: stages, builders, ends of the base image, values of arguments.

use crate::order::{self, Gather, Map};
use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::compare::{CUT, Fit, Ready, cost};
use super::lay::{self, Board, Move, Way};
use super::prepare::Prepared;
use super::{Alignment, Context, base, builder, files, foreign, open, rows, single_snapshot, verdict};
use crate::dockerfile::{self, BuildArguments, Dockerfile, Limits};
use crate::history::Sign;
use crate::recipe::{Base, BaseImage, Expected, Os, Program, RECIPES, Recipe, Recorded, StageChoice, Step, StepOrigin, Values};

/// How many other stages are looked at when the last one does not fit.
pub(super) const MOST_STAGES: usize = 32;
/// How many ends of the base image are tried, the likeliest first.
const MOST_BASES: usize = 12;

/// Two texts and what is known about them.
pub(super) struct Task<'t> {
    pub(super) file: &'t Dockerfile,
    pub(super) history: &'t Prepared<'t>,
    pub(super) context: &'t Context<'t>,
    pub(super) arguments: &'t BuildArguments,
}

/// The best way to join both under one recipe.
pub(super) struct Solution {
    pub(super) recipe: &'static Recipe,
    pub(super) way: Way,
    pub(super) steps: Vec<SolvedStep>,
    /// Values of arguments that were found out, and the step that shows each.
    pub(super) inferred: Map<String, open::Found>,
}

/// One step of a solution.
pub(super) struct SolvedStep {
    /// Index of the instruction; of the ONBUILD for a trigger.
    pub(super) index: usize,
    pub(super) origin: StepOrigin,
    pub(super) ready: Ready,
    /// An inferred value changes its text.
    pub(super) depends: bool,
}

impl Solution {
    pub(super) fn is_bad(&self) -> bool {
        lay::is_bad(self.way.cost)
    }
}

/// One possible end of the base image's entries, or several that hand on the same.
struct Beginning {
    base: Base,
    entries: RangeInclusive<usize>,
}

impl Task<'_> {
    /// The best alignment of one stage.
    pub(super) fn stage(&self, choice: StageChoice<'_>) -> Alignment {
        let globals = self.file.globals(self.arguments).unwrap_or_default();
        // A FROM line may need a build argument that nobody gave; its steps can be compared all the same.
        let program = Program::of(self.file, choice, &globals).unwrap_or_else(|_| Program::unresolved(self.file, choice));
        let Some(program) = program else {
            return verdict::no_stage(self.context.target.as_deref().unwrap_or_default());
        };
        if let Some(alignment) = foreign::align(self, &program) {
            return alignment;
        }
        let prefix = base::given(self, &program);
        let beginnings = self.beginnings(&program, &prefix);
        let mut solutions = self.recipes(&program, &beginnings);
        let Some(best) = (0..solutions.len()).min_by_key(|number| solutions[*number].way.cost) else {
            return verdict::no_stage("");
        };
        let (least, family) = (solutions[best].way.cost, solutions[best].recipe.family);
        let alike = solutions.iter().filter(|solution| solution.way.cost == least && solution.recipe.family == family);
        let recipes: Vec<&'static Recipe> = alike.flat_map(|solution| self.same_as(&program, solution.recipe)).list();
        let recipes = builder::narrowed(self.history, recipes);
        let best = solutions.swap_remove(best);
        let beginning = beginnings_base(&beginnings, &best);
        let best = files::infer(self, &program, best, &beginning);
        if let Some(alignment) = single_snapshot::align(self, &program, &best) {
            return alignment;
        }
        let rows = rows::rows(self, &program, &best, &prefix);
        verdict::conclude(self, &program, &best, recipes, rows, prefix)
    }

    /// Solves the recipes of the builders that may have written the newest entry.
    fn recipes(&self, program: &Program<'_>, beginnings: &[Beginning]) -> Vec<Solution> {
        let families = builder::families(self.history, program);
        let mut different: Vec<&'static Recipe> = Vec::new();
        let mut written: Vec<Vec<Expected>> = Vec::new();
        for recipe in RECIPES.iter().filter(|recipe| families.contains(&recipe.family)) {
            let first = self.write(recipe, program, &Base::default(), self.arguments, &[]);
            // Versions that write the same for this file need one search.
            if !written.contains(&first) {
                written.push(first);
                different.push(recipe);
            }
        }
        // Nearly always the base image ends where its number of entries says; only if nothing fits there, other ends are tried.
        let likeliest = &beginnings[..beginnings.len().min(1)];
        let solve = |beginnings: &[Beginning]| different.iter().map(|recipe| self.recipe(recipe, program, beginnings)).list();
        let solutions: Vec<Solution> = solve(likeliest);
        if beginnings.len() > 1 && solutions.iter().all(Solution::is_bad) { solve(beginnings) } else { solutions }
    }

    /// The recipe and the later ones of its builder that write the same for this file.
    fn same_as(&self, program: &Program<'_>, recipe: &'static Recipe) -> Vec<&'static Recipe> {
        let write = |recipe: &Recipe| self.write(recipe, program, &Base::default(), self.arguments, &[]);
        let own = write(recipe);
        RECIPES.iter().filter(|other| other.family == recipe.family && write(other) == own).list()
    }

    pub(super) fn write(
        &self,
        recipe: &Recipe,
        program: &Program<'_>,
        base: &Base,
        given: &BuildArguments,
        open: &[String],
    ) -> Vec<Expected> {
        recipe.write(program, base, &Values { given, open, os: self.os() })
    }

    pub(super) fn os(&self) -> Os {
        let platform = self.context.platform.as_deref().or(self.history.history.subject.as_deref()).unwrap_or_default();
        let marks = self.history.history.marks.os.as_deref();
        let shell = |text: &str| {
            ["cmd /S /C ", "powershell ", "SHELL [powershell", "SHELL [cmd"].iter().any(|shell| text.starts_with(shell))
        };
        let entries = &self.history.entries;
        let signed = entries.iter().any(|entry| shell(&entry.raw.created_by) || entry.signs.contains(&Sign::WindowsLayer));
        if platform.starts_with("windows") || marks == Some("windows") || signed { Os::Windows } else { Os::Unix }
    }

    /// Where the base image may end, the likeliest first.
    fn beginnings(&self, program: &Program<'_>, prefix: &base::Given) -> Vec<Beginning> {
        let all = self.history.len();
        if program.base == BaseImage::Scratch {
            return vec![Beginning { base: Base::default(), entries: 0..=0 }];
        }
        let mut base = Base::default();
        let mut found = vec![Beginning { base: base.clone(), entries: 0..=0 }];
        for (number, entry) in self.history.entries.iter().enumerate() {
            let text = match entry.raw.truncated {
                true => Cow::Owned(format!("{}{CUT}", entry.raw.created_by)),
                false => Cow::Borrowed(entry.raw.created_by.as_str()),
            };
            let changed = crate::recipe::read_base(&mut base, &text);
            match found.last_mut() {
                Some(last) if !changed => last.entries = *last.entries.start()..=number + 1,
                _ => found.push(Beginning { base: base.clone(), entries: number + 1..=number + 1 }),
            }
        }
        if let Some(known) = prefix.entries {
            found.retain(|beginning| beginning.entries.contains(&known));
            // BuildKit keeps triggers in the config only; those that a history shows may be of an image further down.
            let listed = self.context.base.and_then(|base| base.marks.onbuild.clone()).filter(|listed| !listed.is_empty());
            for beginning in &mut found {
                beginning.entries = known..=known;
                if let Some(triggers) = &listed {
                    beginning.base.triggers.clone_from(triggers);
                }
            }
            return found;
        }
        let likely = all.saturating_sub(program.steps.len());
        order::sort_by_key(&mut found, |beginning| match beginning.entries.contains(&likely) {
            true => 0,
            false => beginning.entries.start().abs_diff(likely).min(beginning.entries.end().abs_diff(likely)),
        });
        found.truncate(MOST_BASES);
        found
    }

    fn recipe(&self, recipe: &'static Recipe, program: &Program<'_>, beginnings: &[Beginning]) -> Solution {
        let mut best: Option<Solution> = None;
        for beginning in beginnings {
            let solution = self.beginning(recipe, program, beginning);
            let better = best.as_ref().is_none_or(|best| solution.way.cost < best.way.cost);
            if better {
                best = Some(solution);
            }
            if best.as_ref().is_some_and(|best| !best.is_bad()) {
                break;
            }
        }
        best.unwrap_or_else(|| self.beginning(recipe, program, &Beginning { base: Base::default(), entries: 0..=0 }))
    }

    /// One recipe and one beginning; the base image's triggers come before the file's own steps.
    fn beginning(&self, recipe: &'static Recipe, program: &Program<'_>, beginning: &Beginning) -> Solution {
        let entries = beginning.entries.clone();
        if beginning.base.triggers.is_empty() {
            return open::solve(self, recipe, program, &beginning.base, entries);
        }
        let text = format!("FROM scratch\n{}\n", beginning.base.triggers.join("\n"));
        let Ok(triggers) = dockerfile::parse(text.as_bytes(), &Limits::default()) else {
            return open::solve(self, recipe, program, &beginning.base, entries);
        };
        let stage = program.steps.first().map_or(program.stage.index, |step| step.stage);
        let own = triggers.instructions.iter().skip(1);
        let own = own.map(|instruction| Step { index: 0, instruction, origin: StepOrigin::BaseTrigger, stage });
        let steps = own.chain(program.steps.iter().copied()).list();
        let longer = Program { file: program.file, stage: program.stage, base: program.base.clone(), steps };
        open::solve(self, recipe, &longer, &beginning.base, entries)
    }

    /// Joins under fixed values. `open` names the arguments whose values may be looked up.
    pub(super) fn join(&self, fixed: &Fixed<'_>, open: &[String]) -> (Vec<Ready>, Vec<Fit>, Way) {
        let Fixed { recipe, program, base, given, entries } = fixed;
        let expected = self.write(recipe, program, base, given, &[]);
        let marked = (!open.is_empty()).then(|| self.write(recipe, program, base, given, open));
        let steps = program.steps.iter().zip(expected).enumerate();
        let ready: Vec<Ready> = steps
            .map(|(number, (step, expected))| {
                let marked = marked.as_ref().and_then(|marked| marked.get(number));
                Ready::new(step.instruction.keyword, expected, marked, self.history)
            })
            .list();
        let fits: Vec<Fit> =
            ready.iter().flat_map(|ready| self.history.entries.iter().map(|entry| ready.fit(entry, self.history))).list();
        let width = self.history.len();
        let pair = |step: usize, entry: usize| fits[step * width + entry].cost();
        let alone = |step: usize| alone(&ready[step].expected, program.steps[step].origin, recipe);
        let added = |entry: usize| added(&self.history.entries[entry].signs);
        let board =
            Board { steps: ready.len(), entries: width, base: entries.clone(), pair: &pair, alone: &alone, added: &added };
        let way = lay::lay(&board);
        (ready, fits, way)
    }
}

/// What one join holds fixed.
pub(super) struct Fixed<'f> {
    pub(super) recipe: &'static Recipe,
    pub(super) program: &'f Program<'f>,
    pub(super) base: &'f Base,
    pub(super) given: &'f BuildArguments,
    pub(super) entries: RangeInclusive<usize>,
}

/// Cost of a step without an entry.
fn alone(expected: &Expected, origin: StepOrigin, recipe: &Recipe) -> u32 {
    match (expected.recorded, origin) {
        (Recorded::Never, _) => 0,
        (_, StepOrigin::BaseTrigger) => cost::IDLE_TRIGGER,
        // buildah does not run triggers of images in OCI format.
        (_, StepOrigin::Trigger) if recipe.family == crate::recipe::Family::Buildah => cost::UNCHANGED,
        (Recorded::IfChanged, _) => cost::UNCHANGED,
        (Recorded::Always, _) => cost::MISSING,
    }
}

/// Cost of an entry without a step.
fn added(signs: &[Sign]) -> u32 {
    let own = [Sign::BuildkitExporter, Sign::SquashComment];
    if own.iter().any(|sign| signs.contains(sign)) { cost::ADDED } else { cost::EXTRA }
}

/// The base that a solution began with.
fn beginnings_base(beginnings: &[Beginning], solution: &Solution) -> (Base, RangeInclusive<usize>) {
    let start = solution.way.moves.iter().filter(|each| matches!(each, Move::Base(_))).count();
    let found = beginnings.iter().find(|beginning| beginning.entries.contains(&start));
    found.map_or_else(|| (Base::default(), 0..=0), |beginning| (beginning.base.clone(), beginning.entries.clone()))
}
