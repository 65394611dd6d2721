//! What an alignment comes to.

use super::base::Given;
use super::lay::Move;
use super::open::From;
use super::solve::{Solution, Task};
use super::{Alignment, Inferred, Outcome, Relation, Row, builder};
use crate::finding::{Said, visible};
use crate::order::Gather;
use crate::recipe::{BaseImage, Program, Recipe};

/// An alignment with a stage that the file does not have.
pub(super) fn no_stage(target: &str) -> Alignment {
    undecided(String::new(), 0, Said::new("align.no-stage").with("stage", visible(target.as_bytes())))
}

fn undecided(stage: String, stage_index: usize, said: Said) -> Alignment {
    Alignment {
        family: None,
        recipes: Vec::new(),
        builder: vec![Said::new("align.builder-none")],
        stage,
        stage_index,
        outcome: Outcome::Unknown,
        said,
        inferred: Vec::new(),
        rows: Vec::new(),
        base_entries: 0,
        base_checked: false,
        tie: false,
        notes: Vec::new(),
    }
}

/// Puts the alignment together.
pub(super) fn conclude(
    task: &Task<'_>,
    program: &Program<'_>,
    solution: &Solution,
    recipes: Vec<&'static Recipe>,
    rows: Vec<Row>,
    given: Given,
) -> Alignment {
    let base_entries = solution.way.moves.iter().filter(|each| matches!(each, Move::Base(_))).count();
    let other_base = other_base(task, program, base_entries);
    let recognised = builder::is_recognised(task.history, program, solution.recipe.family);
    let (outcome, said) = outcome(&rows, recognised, other_base.as_ref());
    let family = (recognised || rows.iter().any(is_good)).then_some(solution.recipe.family);
    Alignment {
        family,
        builder: builder::reasons(task.history, program, if family.is_some() { &recipes } else { &[] }),
        recipes,
        stage: program.stage_label(),
        stage_index: program.stage.index,
        outcome,
        said,
        inferred: inferred(task, solution),
        base_entries,
        base_checked: given.entries.is_some(),
        tie: solution.way.tie,
        notes: notes(task, program, &rows, &given, base_entries, other_base),
        rows,
    }
}

/// An instruction and its entry, joined.
fn is_good(row: &Row) -> bool {
    row.instruction.or(row.trigger).is_some() && row.entry.is_some() && !row.relation.is_bad()
}

fn outcome(rows: &[Row], recognised: bool, other_base: Option<&Said>) -> (Outcome, Said) {
    let count = |relation: Relation| rows.iter().filter(|row| row.relation == relation).count();
    let (differs, missing, extra) = (count(Relation::Differs), count(Relation::Missing), count(Relation::Extra));
    let good = rows.iter().filter(|row| is_good(row)).count();
    let counted =
        |code| Said::new(code).with("differs", differs).with("missing", missing).with("extra", extra).with("joined", good);
    match differs + missing + extra {
        0 if other_base.is_some() => {
            (Outcome::Contradicted, other_base.cloned().unwrap_or_else(|| counted("align.contradicted")))
        }
        0 if rows.iter().any(|row| row.doubtful) => (Outcome::Unknown, counted("align.doubtful")),
        0 if good == 0 => (Outcome::Unknown, Said::new("align.nothing-compared")),
        0 => (Outcome::Agrees, counted("align.agrees")),
        _ if good == 0 && !recognised => (Outcome::Unknown, counted("align.no-recipe")),
        _ => (Outcome::Contradicted, counted("align.contradicted")),
    }
}

/// buildah names the base image in the comment of the first step: another name than the Dockerfile's contradicts it.
fn other_base(task: &Task<'_>, program: &Program<'_>, base_entries: usize) -> Option<Said> {
    let BaseImage::Image(wanted) = &program.base else { return None };
    let own = task.history.entries.get(base_entries..)?;
    let comments = own.iter().filter_map(|entry| entry.raw.comment.as_deref()?.strip_prefix("FROM "));
    // From the second step on the comment has the short ID of the step before.
    let named = comments.filter(|name| !is_id(name)).list();
    let found = named.first()?;
    if same_image(wanted, found) {
        return None;
    }
    Some(Said::new("align.other-base").with("wanted", visible(wanted.as_bytes())).with("found", visible(found.as_bytes())))
}

fn is_id(name: &str) -> bool {
    name.len() >= 12 && name.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// Two names of one image, as far as names go: registry and path in front may be left out, `latest` may be, and a digest names
/// another thing than a tag, so it is not compared.
fn same_image(wanted: &str, found: &str) -> bool {
    let last = |name: &str| {
        let name = name.split('@').next().unwrap_or(name);
        let last = name.rsplit('/').next().unwrap_or(name);
        last.split_once(':')
            .map_or((last.to_ascii_lowercase(), None), |(image, tag)| (image.to_ascii_lowercase(), Some(tag.to_owned())))
    };
    let ((wanted_name, wanted_tag), (found_name, found_tag)) = (last(wanted), last(found));
    let by_digest = wanted.contains('@') || found.contains('@');
    let latest = |tag: Option<String>| tag.unwrap_or_else(|| "latest".to_owned());
    wanted_name == found_name && (by_digest || latest(wanted_tag) == latest(found_tag))
}

fn inferred(task: &Task<'_>, solution: &Solution) -> Vec<Inferred> {
    let said = |from: &From| match from {
        From::Entry { entry, keyword } => {
            Said::new("align.from-entry").with("entry", entry + 1).with("of", task.history.len()).with("keyword", keyword.name())
        }
        From::File { name, pattern } => {
            Said::new("align.from-file").with("file", visible(name.as_bytes())).with("pattern", visible(pattern.as_bytes()))
        }
    };
    let found = solution.inferred.iter();
    found.map(|(name, found)| Inferred { name: name.clone(), value: found.value.clone(), from: said(&found.from) }).list()
}

fn notes(
    task: &Task<'_>,
    program: &Program<'_>,
    rows: &[Row],
    given: &Given,
    base_entries: usize,
    other_base: Option<Said>,
) -> Vec<Said> {
    let mut notes: Vec<Said> = other_base.into_iter().list();
    if let BaseImage::Image(image) = &program.base {
        let image = visible(image.as_bytes());
        match (given.entries, given.parts_at) {
            (Some(_), _) => notes.push(Said::new("align.note-base-checked").with("image", image).with("entries", base_entries)),
            (_, Some(at)) => notes.push(Said::new("align.note-base-parts").with("image", image).with("entry", at + 1)),
            _ => notes.push(Said::new("align.note-base-unchecked").with("image", image).with("entries", base_entries)),
        }
    }
    let truncated = rows.iter().filter(|row| row.truncated && row.instruction.is_some()).count();
    if truncated > 0 {
        notes.push(Said::new("align.note-truncated").with("count", truncated));
    }
    let open = rows.iter().filter(|row| row.hash.is_some() && !row.proved && !row.relation.is_bad()).count();
    if open > 0 {
        notes.push(Said::new("align.note-hash-open").with("count", open));
    }
    if task.file.instructions.iter().any(|instruction| !instruction.accepted) {
        notes.push(Said::new("align.note-problems"));
    }
    notes
}
