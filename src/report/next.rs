//! What to bring, most useful first.

use super::catalogue;
use super::model::Next;
use crate::case::{Body, Case};
use crate::checks::{self, Want};
use crate::finding::Said;
use crate::order::Map;

/// What decides a loud or an open result before what would only add to a good one, and last what nothing at hand asks for, but the
/// question does. One thing is listed once, with its command if any check knows one.
pub(super) fn next(case: &Case, checks: &[checks::Check]) -> Vec<Next> {
    let mut next: Vec<Next> = Vec::new();
    let mut known: Map<String, Vec<usize>> = Map::new();
    for want in checks.iter().flat_map(|check| &check.wants).chain(&missing(case)) {
        let line = Next {
            bring: catalogue::text(want.bring.code, &want.bring.args),
            why: catalogue::text(want.why.code, &want.why.args),
            command: want.command.clone().unwrap_or_default(),
        };
        let places = known.entry(line.bring.clone()).or_default();
        let same = places.iter().find(|place| {
            let known = &next[**place].command;
            *known == line.command || known.is_empty() || line.command.is_empty()
        });
        match same {
            Some(place) if next[*place].command.is_empty() => next[*place] = line,
            Some(_) => {}
            None => {
                places.push(next.len());
                next.push(line);
            }
        }
    }
    next
}

/// Kinds of evidence that are not here at all and would be compared with what is: a check asks only for what belongs to both of
/// its ends.
fn missing(case: &Case) -> Vec<Want> {
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
    if !image && (history || tarball) {
        let why = if tarball { "next.why-image-of-tarball" } else { "next.why-image" };
        wants.push(want("next.image", why, Some("docker save IMAGE -o image.tar")));
    }
    wants
}
