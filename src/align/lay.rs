//! The cheapest way to join steps and entries, by dynamic programming.

use crate::order::Gather;
use std::ops::RangeInclusive;

use super::compare::cost;

/// What there is to join.
pub(super) struct Board<'b> {
    pub(super) steps: usize,
    pub(super) entries: usize,
    /// How many entries the base image may have.
    pub(super) base: RangeInclusive<usize>,
    /// Cost of a pair; `None` if it cannot be one.
    pub(super) pair: &'b dyn Fn(usize, usize) -> Option<u32>,
    /// Cost of a step without an entry.
    pub(super) alone: &'b dyn Fn(usize) -> u32,
    /// Cost of an entry without a step.
    pub(super) added: &'b dyn Fn(usize) -> u32,
}

/// One move along the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// An entry of the base image.
    Base(usize),
    /// A step and its entry.
    Pair(usize, usize),
    /// A step without an entry.
    Step(usize),
    /// An entry without a step.
    Entry(usize),
}

/// The cheapest way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) cost: u32,
    pub(super) moves: Vec<Move>,
    /// Another way costs the same and makes other pairs.
    pub(super) tie: bool,
}

/// Finds it. Costs of what remains from (step, entry) to both ends stand in `rest`.
pub(super) fn lay(board: &Board<'_>) -> Way {
    let pairs = pairs(board);
    let rest = rest(board, &pairs);
    let width = board.entries + 1;
    let starts = board.base.clone().filter(|start| *start <= board.entries);
    // Among equals the largest base: its entries need no explanation.
    let start = starts.clone().rev().min_by_key(|start| rest[*start]).unwrap_or(0);
    let least = rest[start];
    let moves = walk(board, &pairs, &rest, start, true);
    let other_start = starts.clone().min_by_key(|start| rest[*start]).unwrap_or(0);
    let tie = matched(&moves) != matched(&walk(board, &pairs, &rest, other_start, false));
    debug_assert_eq!(rest.len(), (board.steps + 1) * width);
    Way { cost: least, moves: (0..start).map(Move::Base).chain(moves).list(), tie }
}

fn pairs(board: &Board<'_>) -> Vec<Option<u32>> {
    let cells = (0..board.steps).flat_map(|step| (0..board.entries).map(move |entry| (step, entry)));
    cells.map(|(step, entry)| (board.pair)(step, entry)).list()
}

fn rest(board: &Board<'_>, pairs: &[Option<u32>]) -> Vec<u32> {
    let width = board.entries + 1;
    let mut rest = vec![0_u32; (board.steps + 1) * width];
    for step in (0..=board.steps).rev() {
        for entry in (0..=board.entries).rev() {
            let here = step * width + entry;
            let mut least = if step == board.steps && entry == board.entries { 0 } else { u32::MAX };
            if step < board.steps {
                least = least.min((board.alone)(step).saturating_add(rest[here + width]));
            }
            if entry < board.entries {
                least = least.min((board.added)(entry).saturating_add(rest[here + 1]));
            }
            if let Some(Some(pair)) = (step < board.steps && entry < board.entries).then(|| pairs[step * board.entries + entry]) {
                least = least.min(pair.saturating_add(rest[here + width + 1]));
            }
            rest[here] = least;
        }
    }
    rest
}

/// Follows the costs from `start`: pairs before gaps, or the other way round, so that two walks show whether there is a choice.
fn walk(board: &Board<'_>, pairs: &[Option<u32>], rest: &[u32], start: usize, pairs_first: bool) -> Vec<Move> {
    let width = board.entries + 1;
    let (mut step, mut entry) = (0, start);
    let mut moves = Vec::with_capacity(board.steps + board.entries);
    while step < board.steps || entry < board.entries {
        let here = step * width + entry;
        let pair = (step < board.steps && entry < board.entries).then(|| pairs[step * board.entries + entry]).flatten();
        let pair = pair.is_some_and(|pair| pair.saturating_add(rest[here + width + 1]) == rest[here]);
        let alone = step < board.steps && (board.alone)(step).saturating_add(rest[here + width]) == rest[here];
        let added = entry < board.entries && (board.added)(entry).saturating_add(rest[here + 1]) == rest[here];
        let next = match (pair, alone, added) {
            (true, false, false) => Move::Pair(step, entry),
            (true, _, _) if pairs_first => Move::Pair(step, entry),
            (_, true, _) => Move::Step(step),
            _ => Move::Entry(entry),
        };
        step += usize::from(!matches!(next, Move::Entry(_)));
        entry += usize::from(!matches!(next, Move::Step(_)));
        moves.push(next);
    }
    moves
}

fn matched(moves: &[Move]) -> Vec<(usize, usize)> {
    let pairs = moves.iter().filter_map(|each| match each {
        Move::Pair(step, entry) => Some((*step, *entry)),
        _ => None,
    });
    pairs.list()
}

/// Whether a cost includes something that is not explained.
pub(super) fn is_bad(cost: u32) -> bool {
    cost >= cost::DIFFERS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn board(steps: &[&str], entries: &[&str], base: RangeInclusive<usize>) -> Way {
        let pair = |step: usize, entry: usize| (steps[step] == entries[entry]).then_some(0);
        let (alone, added) = (|_: usize| cost::MISSING, |_: usize| cost::EXTRA);
        lay(&Board { steps: steps.len(), entries: entries.len(), base, pair: &pair, alone: &alone, added: &added })
    }

    #[test]
    fn the_base_ends_where_the_steps_begin() {
        let way = board(&["a", "b"], &["x", "a", "a", "b"], 0..=4);
        assert_eq!((way.cost, way.tie), (0, false));
        assert_eq!(way.moves, [Move::Base(0), Move::Base(1), Move::Pair(0, 2), Move::Pair(1, 3)]);
    }

    #[test]
    fn a_choice_is_a_tie() {
        let way = board(&["a", "b", "a"], &["a"], 0..=0);
        assert_eq!((way.cost, way.tie), (2 * cost::MISSING, true));
        assert!(!board(&["a", "b"], &["a"], 0..=0).tie);
    }
}
