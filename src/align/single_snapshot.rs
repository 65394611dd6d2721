//! kaniko with `--single-snapshot`: one entry for the whole Dockerfile, and in it the last line alone.

use super::solve::{Solution, Task};
use super::{Alignment, Outcome, Relation, Row};
use crate::finding::{Said, visible};
use crate::history::Sign;
use crate::order::Gather;
use crate::recipe::{BaseImage, Family, Program, RECIPES, StepOrigin};

/// The alignment of such a history, if the usual way of kaniko does not explain it. The one entry is kaniko's own, it is the
/// newest, and its text is the last line's.
pub(super) fn align(task: &Task<'_>, program: &Program<'_>, best: &Solution) -> Option<Alignment> {
    let (last, newest) = (program.steps.last()?, task.history.entries.last()?);
    let is_kaniko = |entry: &super::prepare::Entry<'_>| entry.signs.contains(&Sign::KanikoAuthor);
    let one = is_kaniko(newest) && task.history.entries.iter().filter(|entry| is_kaniko(entry)).count() == 1;
    let base_entries = task.history.len() - 1;
    let from_nothing = program.base == BaseImage::Scratch && base_entries > 0;
    let same = task.history.history.fidelity.prints(newest.raw, &last.instruction.original);
    if !best.is_bad() || !one || !same || from_nothing || program.steps.len() < 2 {
        return None;
    }
    Some(Alignment {
        family: Some(Family::Kaniko),
        recipes: RECIPES.iter().filter(|recipe| recipe.family == Family::Kaniko).list(),
        builder: vec![Said::new("align.builder").with("versions", "kaniko")],
        stage: program.stage_label(),
        stage_index: program.stage.index,
        outcome: Outcome::Unknown,
        said: Said::new("align.single-snapshot"),
        inferred: Vec::new(),
        rows: rows(program, base_entries),
        base_entries,
        base_checked: false,
        tie: false,
        notes: Vec::new(),
    })
}

/// The base image's entries, and the lines, of which the last one has kaniko's.
fn rows(program: &Program<'_>, base_entries: usize) -> Vec<Row> {
    let image = match &program.base {
        BaseImage::Image(name) => visible(name.as_bytes()),
        BaseImage::Scratch => "scratch".to_owned(),
    };
    let base = (0..base_entries)
        .map(|entry| Row { entry: Some(entry), ..Row::new(Relation::Base, Said::new("align.base").with("image", &image)) });
    let own = program.steps.iter().filter(|step| step.origin == StepOrigin::Own);
    let count = own.clone().count();
    let lines = own.enumerate().map(|(number, step)| match number + 1 == count {
        true => Row {
            instruction: Some(step.index),
            entry: Some(base_entries),
            ..Row::new(Relation::Equivalent, Said::new("align.equivalent"))
        },
        false => Row {
            instruction: Some(step.index),
            doubtful: true,
            ..Row::new(Relation::Explained, Said::new("align.single-snapshot-step"))
        },
    });
    base.chain(lines).list()
}
