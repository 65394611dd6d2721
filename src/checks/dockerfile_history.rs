//! Check `dockerfile-history`: a Dockerfile against a history, line by line (room `align` joins them).

use super::{Check, End, Kind, Role, Verdict, Want, edges};
use crate::align::{Alignment, Outcome, Row};
use crate::case::{Case, MAX_PAIRS, Pairing};
use crate::dockerfile::Keyword;
use crate::finding::Said;
use crate::order::{self, Gather};

/// How many rows that do not fit are told one by one.
const MOST_ROWS: usize = 20;
/// How many other Dockerfiles of a folder are told by name.
const MOST_NAMES: usize = 5;

/// One check for every Dockerfile and history that may belong together.
pub(super) fn run(case: &Case) -> Vec<Check> {
    let pairings = case.pairings();
    pairings
        .iter()
        .filter(|pairing| !is_base_of_another(pairing, pairings))
        .filter_map(|pairing| check(case, pairing, pairings))
        .chain(left_out(case))
        .list()
}

/// What is said of pairs beyond the limit: nothing is skipped silently.
fn left_out(case: &Case) -> Option<Check> {
    let histories = case.histories().filter(|(_, history)| !history.entries.is_empty()).count();
    let pairs = case.dockerfiles().count() * histories;
    let said = Said::new("dockerfile-history.left-out").with("count", pairs.saturating_sub(MAX_PAIRS)).with("most", MAX_PAIRS);
    let from = End::new(Role::Dockerfile, "Dockerfiles");
    let check = || Check::new(Kind::DockerfileHistory, Verdict::Unknown, from, said).to(End::new(Role::History, "histories"));
    (pairs > MAX_PAIRS).then(check)
}

/// The history is that of the base image of another history that this Dockerfile fits: check `base-history` speaks about it.
fn is_base_of_another(pairing: &Pairing, pairings: &[Pairing]) -> bool {
    let uses = |other: &Pairing| other.dockerfile == pairing.dockerfile && other.base == Some(pairing.history) && other.agrees();
    !pairing.agrees() && pairings.iter().any(uses)
}

/// Both fit something else at hand, so nobody claims that they belong together.
fn fits_elsewhere(pairing: &Pairing, pairings: &[Pairing]) -> bool {
    let fits = |same: fn(&Pairing, &Pairing) -> bool| pairings.iter().any(|other| other.agrees() && same(other, pairing));
    !pairing.agrees() && fits(|one, other| one.dockerfile == other.dockerfile) && fits(|one, other| one.history == other.history)
}

fn check(case: &Case, pairing: &Pairing, pairings: &[Pairing]) -> Option<Check> {
    let alignment = pairing.alignments.first()?;
    let (dockerfile, history) = (case.item(pairing.dockerfile), case.item(pairing.history));
    let elsewhere = fits_elsewhere(pairing, pairings);
    let (verdict, said) = match alignment.outcome {
        Outcome::Agrees => (Verdict::Agrees, alignment.said.clone()),
        _ if elsewhere => (Verdict::Unknown, Said::new("dockerfile-history.elsewhere")),
        Outcome::Contradicted => (Verdict::Contradicted, alignment.said.clone()),
        Outcome::Unknown => (Verdict::Unknown, alignment.said.clone()),
    };
    let from =
        End::new(Role::Dockerfile, edges::label(case, pairing.dockerfile)).digest(dockerfile.sha256).item(pairing.dockerfile);
    let to = End::new(Role::History, edges::label(case, pairing.history)).digest(history.sha256).item(pairing.history);
    let mut check = Check::new(Kind::DockerfileHistory, verdict, from, said).to(to);
    if !elsewhere {
        check.details = details(case, pairing, alignment).into_iter().filter(|detail| *detail != check.said).list();
        check.wants = wants(alignment);
    }
    Some(check.repeat(format!("layerproof explain {}", crate::official::shell_quote(&dockerfile.name))))
}

fn details(case: &Case, pairing: &Pairing, alignment: &Alignment) -> Vec<Said> {
    let mut details = alignment.builder.clone();
    if case.options().target.is_none()
        && case.item(pairing.dockerfile).dockerfile().is_some_and(|file| file.stages.len() > alignment.stage_index + 1)
    {
        details.push(Said::new("dockerfile-history.other-stage").with("stage", &alignment.stage));
    }
    if alignment.tie {
        details.push(Said::new("dockerfile-history.tie"));
    }
    for inferred in &alignment.inferred {
        let from = &inferred.from;
        let mut said = Said::new(if from.code == "align.from-file" {
            "dockerfile-history.inferred-file"
        } else {
            "dockerfile-history.inferred-entry"
        });
        said = said.with("name", &inferred.name).with("value", crate::finding::visible(inferred.value.as_bytes()));
        for name in ["entry", "of", "keyword", "file", "pattern"] {
            if let Some(value) = from.args.value(name) {
                said = said.with(name, value);
            }
        }
        details.push(said);
    }
    details.extend(others(case, pairing));
    details.extend(rows(case, pairing, alignment));
    if binds_nothing(case, pairing, alignment) {
        details.push(Said::new("dockerfile-history.no-content"));
    }
    details.extend(alignment.notes.iter().cloned());
    details
}

/// The other Dockerfiles of the folder.
fn others(case: &Case, pairing: &Pairing) -> Option<Said> {
    let mut names: Vec<&str> = pairing.others.iter().map(|id| case.item(*id).name.as_str()).list();
    order::sort(&mut names);
    names.truncate(MOST_NAMES);
    let code = if pairing.agrees() { "dockerfile-history.others" } else { "dockerfile-history.closest" };
    let said = || Said::new(code).with("count", pairing.others.len()).with("names", names.join(", "));
    (!names.is_empty()).then(said)
}

/// The rows that do not fit, one sentence each.
fn rows(case: &Case, pairing: &Pairing, alignment: &Alignment) -> Vec<Said> {
    let file = case.item(pairing.dockerfile).dockerfile();
    let line = |row: &Row| file.and_then(|file| Some(file.instructions.get(row.instruction?)?.span.line));
    let bad: Vec<&Row> = alignment.rows.iter().filter(|row| row.relation.is_bad()).list();
    let told = bad.iter().take(MOST_ROWS).map(|row| match (line(row), row.entry) {
        (Some(line), Some(entry)) => {
            let part = |name| row.why.args.value(name).unwrap_or_default().to_owned();
            let said = match row.why.code {
                "align.differs" => {
                    Said::new("dockerfile-history.row-differs").with("expected", part("expected")).with("found", part("found"))
                }
                _ => Said::new("dockerfile-history.row-hash").with("file", part("file")),
            };
            said.with("line", line).with("entry", entry + 1)
        }
        (Some(line), None) => Said::new("dockerfile-history.row-missing").with("line", line),
        (None, entry) => Said::new("dockerfile-history.row-extra").with("entry", entry.map_or(0, |entry| entry + 1)),
    });
    let mut told: Vec<Said> = told.list();
    if bad.len() > MOST_ROWS {
        told.push(Said::new("dockerfile-history.rows-more").with("count", bad.len() - MOST_ROWS));
    }
    told
}

/// Files are copied, and no entry carries a hash of them.
fn binds_nothing(case: &Case, pairing: &Pairing, alignment: &Alignment) -> bool {
    let Some(file) = case.item(pairing.dockerfile).dockerfile() else { return false };
    let copies = |row: &&Row| {
        let keyword = row.instruction.and_then(|index| file.instructions.get(index)).map(|instruction| instruction.keyword);
        matches!(keyword, Some(Keyword::Add | Keyword::Copy)) && row.entry.is_some()
    };
    let mut rows = alignment.rows.iter().filter(copies).peekable();
    rows.peek().is_some() && rows.all(|row| row.hash.is_none())
}

fn wants(alignment: &Alignment) -> Vec<Want> {
    let mut wants = Vec::new();
    if alignment.rows.iter().any(|row| row.truncated) {
        wants.push(Want {
            bring: Said::new("dockerfile-history.bring-whole"),
            why: Said::new("dockerfile-history.why-whole"),
            command: Some("docker image history --no-trunc --format '{{json .}}' IMAGE".to_owned()),
        });
    }
    if alignment.outcome == Outcome::Agrees && !alignment.base_checked && alignment.base_entries > 0 {
        wants.push(Want {
            bring: Said::new("dockerfile-history.bring-base"),
            why: Said::new("dockerfile-history.why-base"),
            command: Some("docker image history --no-trunc --format '{{json .}}' BASE".to_owned()),
        });
    }
    wants
}
