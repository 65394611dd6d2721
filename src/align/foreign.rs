//! Histories that no Dockerfile builder wrote: imports, root file system makers, other tools.

use super::solve::Task;
use super::{Alignment, Outcome, Relation, Row};
use crate::finding::Said;
use crate::history::Builder;
use crate::order::Gather;
use crate::recipe::{BaseImage, Program, StepOrigin};

/// An alignment of a history whose newest entry was written by a program that builds no Dockerfiles. `None` if a builder may
/// have written it.
pub(super) fn align(task: &Task<'_>, program: &Program<'_>) -> Option<Alignment> {
    let newest = task.history.entries.last()?.builder.filter(|builder| is_foreign(*builder))?;
    // On a base image the entry may be the base's, and the Dockerfile may add nothing that is recorded.
    let all_foreign = task.history.entries.iter().all(|entry| entry.builder.is_some_and(is_foreign));
    if program.base != BaseImage::Scratch && !all_foreign {
        return None;
    }
    let tool = Said::new("align.foreign").with("tool", newest.name());
    let entries = (0..task.history.len()).map(|entry| Row {
        entry: Some(entry),
        ..Row::new(Relation::Explained, Said::new("align.foreign-entry").with("tool", newest.name()))
    });
    let own = program.steps.iter().filter(|step| step.origin == StepOrigin::Own);
    let steps = own.map(|step| Row {
        instruction: Some(step.index),
        ..Row::new(Relation::Explained, Said::new("align.foreign-step").with("tool", newest.name()))
    });
    Some(Alignment {
        family: None,
        recipes: Vec::new(),
        builder: vec![tool.clone()],
        stage: program.stage_label(),
        stage_index: program.stage.index,
        outcome: Outcome::Unknown,
        said: tool,
        inferred: Vec::new(),
        rows: entries.chain(steps).list(),
        base_entries: 0,
        base_checked: false,
        tie: false,
        notes: Vec::new(),
    })
}

fn is_foreign(builder: Builder) -> bool {
    !matches!(
        builder,
        Builder::Classic
            | Builder::BuildKit
            | Builder::Buildah
            | Builder::Kaniko
            | Builder::DockerSquash
            | Builder::WindowsBase
            | Builder::DockerCommit
    )
}
