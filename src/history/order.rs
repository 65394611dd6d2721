//! Which entry an export has first.

use super::entry::{Direction, Format, HistoryEntry, Order, OrderSource};
use super::when;
use crate::finding::Finding;
use crate::order::Gather;

/// The order of entries as they stand in an export.
///
/// A format that has an order by its specification has it, unless all that can be seen speaks for the other direction (a
/// table that went through `tac`). A config and the engine's answer are believed in any case: their times may be odd.
pub(super) fn detect(format: Format, entries: &[HistoryEntry]) -> Order {
    let (usual, certain) = usual(format);
    let steps = || if format == Format::HistoryArray { by_root(entries) } else { by_steps(entries) };
    let seen = by_times(entries).or_else(|| by_ages(entries)).or_else(|| by_ids(entries)).or_else(steps);
    match seen {
        Some(order) if certain == Certain::Never || (certain == Certain::Unless && order.direction != usual) => order,
        None if certain == Certain::Never => Order { direction: usual, known_from: OrderSource::Assumed },
        _ => Order { direction: usual, known_from: OrderSource::Format },
    }
}

/// How far a format's usual order can be relied on.
#[derive(PartialEq)]
enum Certain {
    Always,
    /// Unless the entries show the other one.
    Unless,
    Never,
}

fn usual(format: Format) -> (Direction, Certain) {
    use Direction::{NewestFirst, OldestFirst};
    match format {
        Format::Config | Format::BuildahInspect | Format::Inspect => (OldestFirst, Certain::Always),
        Format::EngineApi | Format::PodmanJson | Format::SchemaOne => (NewestFirst, Certain::Always),
        Format::DockerTable | Format::PodmanTable | Format::NerdctlTable | Format::JsonLines => (NewestFirst, Certain::Unless),
        Format::RepoInfo => (OldestFirst, Certain::Unless),
        // A bare array is a config's, cut out: only times, identifiers and a root file system turn it.
        Format::HistoryArray => (OldestFirst, Certain::Unless),
        Format::Template | Format::Paste | Format::Quiet => (NewestFirst, Certain::Never),
    }
}

/// The times rise or fall. Base images come before what is built on them, but a tool may set any time, so the larger part
/// decides only if the smaller part is a quarter of it at most.
fn by_times(entries: &[HistoryEntry]) -> Option<Order> {
    let times = entries.iter().filter_map(|entry| entry.created.as_deref().and_then(when::instant));
    by_trend(times, OrderSource::Times)
}

/// Ages fall where times rise.
fn by_ages(entries: &[HistoryEntry]) -> Option<Order> {
    let ages = entries.iter().filter_map(|entry| entry.age.as_deref().and_then(when::age_seconds));
    by_trend(ages.map(std::cmp::Reverse), OrderSource::Ages)
}

fn by_trend<T: Ord + Copy>(values: impl Iterator<Item = T>, known_from: OrderSource) -> Option<Order> {
    let values: Vec<T> = values.list();
    let rises = values.windows(2).filter(|pair| pair[0] < pair[1]).count();
    let falls = values.windows(2).filter(|pair| pair[0] > pair[1]).count();
    let direction = if rises > falls { Direction::OldestFirst } else { Direction::NewestFirst };
    (rises.max(falls) >= 4 * rises.min(falls) && rises != falls).then_some(Order { direction, known_from })
}

/// One entry has the image's ID and all others are `<missing>`: it is the newest.
fn by_ids(entries: &[HistoryEntry]) -> Option<Order> {
    let has_id = |entry: &HistoryEntry| entry.id.as_deref().is_some_and(|id| id != "<missing>");
    let with_id: Vec<usize> = entries.iter().enumerate().filter(|(_, entry)| has_id(entry)).map(|(at, _)| at).list();
    let direction = match with_id[..] {
        [0] if entries.len() > 1 => Direction::NewestFirst,
        [last] if last > 0 && last + 1 == entries.len() => Direction::OldestFirst,
        _ => return None,
    };
    Some(Order { direction, known_from: OrderSource::Ids })
}

/// A root file system is added to `/` first; a default command comes last if it stands at one end only.
fn by_steps(entries: &[HistoryEntry]) -> Option<Order> {
    let by_default = || {
        let (first, last) = (entries.first()?, entries.last().filter(|_| entries.len() > 1)?);
        let direction = match (is_default(&first.created_by), is_default(&last.created_by)) {
            (true, false) => Direction::NewestFirst,
            (false, true) => Direction::OldestFirst,
            _ => return None,
        };
        Some(Order { direction, known_from: OrderSource::Steps })
    };
    by_root(entries).or_else(by_default)
}

/// A root file system is added to `/` at one end only: that is the oldest.
fn by_root(entries: &[HistoryEntry]) -> Option<Order> {
    let (first, last) = (entries.first()?, entries.last().filter(|_| entries.len() > 1)?);
    let direction = match (is_root(&first.created_by), is_root(&last.created_by)) {
        (true, false) => Direction::OldestFirst,
        (false, true) => Direction::NewestFirst,
        _ => return None,
    };
    Some(Order { direction, known_from: OrderSource::Steps })
}

/// What a reader should know about the order: that it is not the one of the format, or that nothing tells.
pub(super) fn finding(format: Format, order: Order, count: usize) -> Option<Finding> {
    let (usual, certain) = usual(format);
    let turned = order.direction != usual;
    let code = match (order.direction, order.known_from) {
        _ if count < 2 => return None,
        (Direction::OldestFirst, OrderSource::Assumed) => "history.order-assumed-oldest",
        (Direction::NewestFirst, OrderSource::Assumed) => "history.order-assumed-newest",
        (_, OrderSource::Format) if format == Format::HistoryArray => "history.order-of-config",
        (Direction::NewestFirst, _) if turned && certain != Certain::Always => "history.order-newest",
        (Direction::OldestFirst, _) if turned && certain == Certain::Unless => "history.order-oldest",
        _ => return None,
    };
    Some(Finding::note(code))
}

/// The step without what stands before the instruction's name.
fn instruction(text: &str) -> &str {
    text.split_once("#(nop) ").map_or(text, |(_, rest)| rest).trim_start()
}

fn is_root(text: &str) -> bool {
    let step = instruction(text).trim_end().trim_end_matches("# buildkit").trim_end();
    let adds = ["ADD ", "COPY "].iter().any(|keyword| step.starts_with(keyword)) && step.ends_with(" /");
    adds || text.starts_with("# debian.sh ") || text.starts_with("RUN # debian.sh ") || step.ends_with("Apply image")
}

fn is_default(text: &str) -> bool {
    ["CMD ", "ENTRYPOINT "].iter().any(|keyword| instruction(text).starts_with(keyword))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(created: &str, text: &str) -> HistoryEntry {
        let created = Some(created.to_owned()).filter(|created| !created.is_empty());
        HistoryEntry { created, created_by: text.to_owned(), ..HistoryEntry::default() }
    }

    fn found(format: Format, entries: &[HistoryEntry]) -> (Direction, OrderSource) {
        let order = detect(format, entries);
        (order.direction, order.known_from)
    }

    #[test]
    fn times_decide_before_steps() {
        let entries = [entry("2022-01-01T00:00:00Z", "RUN x"), entry("2022-01-02T00:00:00Z", "ADD file:00 in /")];
        assert_eq!(found(Format::Paste, &entries), (Direction::OldestFirst, OrderSource::Times));
        assert_eq!(found(Format::DockerTable, &entries), (Direction::OldestFirst, OrderSource::Times));
        assert_eq!(found(Format::EngineApi, &entries), (Direction::NewestFirst, OrderSource::Format));
    }

    #[test]
    fn steps_and_nothing() {
        let root = entry("", "/bin/sh -c #(nop) ADD file:00 in /");
        let run = entry("", "/bin/sh -c x");
        assert_eq!(found(Format::Paste, &[root.clone(), run.clone()]), (Direction::OldestFirst, OrderSource::Steps));
        assert_eq!(found(Format::Paste, &[run.clone(), root]), (Direction::NewestFirst, OrderSource::Steps));
        assert_eq!(found(Format::Paste, &[run.clone(), run]), (Direction::NewestFirst, OrderSource::Assumed));
        assert_eq!(found(Format::Paste, &[]), (Direction::NewestFirst, OrderSource::Assumed));
    }
}
