//! What to bring, most useful first.

use super::catalogue;
use super::model::Next;
use crate::case::{Body, Case};
use crate::checks::{self, Kind, Want, fetch};
use crate::finding::Said;
use crate::order::Map;

/// Fetches the library file of an official image; NAME stands for the image's name, such as `ubuntu`.
const LIBRARY: &str = "curl -fsSLO https://raw.githubusercontent.com/docker-library/official-images/HEAD/library/NAME";

/// What decides a loud or an open result before what would only add to a good one, and last what nothing at hand asks for, but the
/// question does. One thing is listed once, with its command if any check knows one.
pub(super) fn next(case: &Case, checks: &[checks::Check]) -> Vec<Next> {
    let mut next: Vec<Next> = Vec::new();
    let mut known: Map<String, Vec<usize>> = Map::new();
    for want in checks.iter().flat_map(|check| &check.wants).chain(&missing(case, checks)) {
        let line = Next {
            bring: catalogue::text(want.bring.code, &want.bring.args),
            why: catalogue::text(want.why.code, &want.why.args),
            command: want.command.clone().unwrap_or_default(),
        };
        let places = known.entry(line.bring.clone()).or_default();
        let same = places.iter().find(|place| {
            let known = &next[**place].command;
            *known == line.command || is_vague(known) || is_vague(&line.command)
        });
        match same {
            Some(place) if is_vague(&next[*place].command) => next[*place] = line,
            Some(_) => {}
            None => {
                places.push(next.len());
                next.push(line);
            }
        }
    }
    next
}

/// Whether a command leaves it to the reader what to ask for: there is none, or it has a word for the image's name.
fn is_vague(command: &str) -> bool {
    command.is_empty() || command.contains(fetch::IMAGE)
}

/// Kinds of evidence that are not here at all and would be compared with what is: a check asks only for what belongs to both of
/// its ends.
fn missing(case: &Case, checks: &[checks::Check]) -> Vec<Want> {
    let has = |kinds: fn(&Body) -> bool| case.items().any(|(_, item)| kinds(&item.body));
    let (dockerfile, history) = (case.dockerfiles().next().is_some(), case.histories().next().is_some());
    let tarball = has(|body| matches!(body, Body::Tarball));
    let image = has(|body| matches!(body, Body::Document(_) | Body::ImageArchive | Body::ImageFolder));
    let want = |bring, why, command: Option<&str>| Want {
        bring: Said::new(bring),
        why: Said::new(why),
        command: command.map(str::to_owned),
    };
    let mut wants = Vec::new();
    if dockerfile && !history {
        let why = "next.why-history";
        wants.push(want(
            "next.history",
            why,
            Some("docker image history --no-trunc --format '{{json .}}' IMAGE > history.jsonl"),
        ));
        wants.push(want("next.history-podman", why, Some("podman history --no-trunc --format json IMAGE > history.json")));
    }
    if history && !dockerfile {
        wants.push(want("next.dockerfile", "next.why-dockerfile", None));
    }
    let lacks_file = || checks.iter().any(|check| check.kind == Kind::AddHash && !check.wants.is_empty());
    if history && (!dockerfile || lacks_file()) && !has(|body| matches!(body, Body::LibraryFile(_))) {
        wants.push(want("next.library", "next.why-library", Some(LIBRARY)));
    }
    if !image && (history || tarball) {
        let why = if tarball { "next.why-image-of-tarball" } else { "next.why-image" };
        wants.push(want("next.image", why, Some(&fetch::save(None))));
    }
    wants
}
