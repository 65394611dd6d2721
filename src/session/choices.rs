//! What a person can choose for the Dockerfiles at hand.

use super::protocol::{ArgumentChoice, Choices, SourceEvidence};
use crate::case::{Case, ItemId};
use crate::dockerfile::{Command, Dockerfile};
use crate::order::{self, Gather};

/// Stages and build arguments of every Dockerfile.
pub(super) fn choices(case: &Case) -> Vec<Choices> {
    case.dockerfiles().map(|(id, file)| of(case, id, file)).list()
}

fn of(case: &Case, id: ItemId, file: &Dockerfile) -> Choices {
    let name = |index: usize, name: &Option<String>| name.clone().unwrap_or_else(|| index.to_string());
    Choices {
        dockerfile: case.item(id).id.clone(),
        stages: file.stages.iter().map(|stage| name(stage.index, &stage.name)).list(),
        target: case.options().target.clone(),
        arguments: arguments(case, file),
    }
}

/// Every argument once, at its first declaration.
fn arguments(case: &Case, file: &Dockerfile) -> Vec<ArgumentChoice> {
    let mut choices: Vec<ArgumentChoice> = Vec::new();
    for instruction in &file.instructions {
        let Command::Arg(list) = &instruction.command else { continue };
        for argument in list {
            if !choices.iter().any(|known| known.name == argument.name) {
                choices.push(ArgumentChoice {
                    name: argument.name.clone(),
                    default: argument.default.clone(),
                    value: case.options().build_args.get(&argument.name).cloned(),
                });
            }
        }
    }
    choices
}

/// Which evidence each source became.
pub(super) fn sources(case: &Case) -> Vec<SourceEvidence> {
    let mut sources: Vec<SourceEvidence> = case
        .items()
        .filter(|(_, item)| !matches!(item.origin, crate::case::Origin::Data(_)))
        .filter(|(_, item)| item.parent.is_none_or(|parent| case.item(parent).facts.is_none()))
        .filter(|(_, item)| item.facts.is_some() || item.parent.is_none())
        .map(|(_, item)| SourceEvidence { source: item.source, evidence: item.id.clone(), may_be_lines: item.may_be_lines() })
        .list();
    order::sort_by_key(&mut sources, |entry| entry.source);
    sources
}
