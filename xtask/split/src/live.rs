//! Which locals are live where: whose value may still be read before another one takes its place.

use std::collections::{BTreeMap, BTreeSet};
use walrus::LocalFunction;
use walrus::ir::{Instr, InstrSeqId, LocalId};

/// A set of locals.
pub(crate) type Locals = BTreeSet<LocalId>;

/// A place in a function: before the instruction of a sequence with this number, or after its last one.
pub(crate) type Place = (InstrSeqId, usize);

/// Follows a function, or a run of its instructions, from its end to its start.
pub(crate) struct Live<'a> {
    body: &'a LocalFunction,
    /// What is live where a branch to a label leads.
    pub(crate) labels: BTreeMap<InstrSeqId, Locals>,
    /// What is live where the function is returned from.
    returned: Locals,
    /// The places that are asked for, with what is live there.
    places: BTreeMap<Place, Locals>,
}

impl<'a> Live<'a> {
    /// Follows a whole function and notes what is live at some places of it.
    pub(crate) fn of(body: &'a LocalFunction, places: impl IntoIterator<Item = Place>) -> Self {
        let places = places.into_iter().map(|place| (place, Locals::new())).collect();
        let mut live = Self { body, labels: BTreeMap::new(), returned: Locals::new(), places };
        let entry = body.entry_block();
        live.labels.insert(entry, Locals::new());
        live.before(entry, 0, body.block(entry).instrs.len(), Locals::new());
        live
    }

    /// What is live at a place that was asked for.
    pub(crate) fn at(&self, place: Place) -> &Locals {
        &self.places[&place]
    }

    /// What is live before a run of instructions if the same locals are live wherever it is left.
    pub(crate) fn before_run(
        body: &'a LocalFunction,
        (sequence, first): Place,
        end: usize,
        left: &Locals,
        exits: &[InstrSeqId],
    ) -> Locals {
        let labels = exits.iter().map(|label| (*label, left.clone())).collect();
        let mut live = Self { body, labels, returned: left.clone(), places: BTreeMap::new() };
        live.before(sequence, first, end, left.clone())
    }

    /// What is live before some instructions of a sequence, given what is after them.
    fn before(&mut self, sequence: InstrSeqId, first: usize, end: usize, after: Locals) -> Locals {
        let mut live = after;
        for place in (first..end).rev() {
            self.note((sequence, place + 1), &live);
            live = self.before_one(&self.body.block(sequence).instrs[place].0, live);
        }
        self.note((sequence, first), &live);
        live
    }

    fn note(&mut self, place: Place, live: &Locals) {
        if let Some(noted) = self.places.get_mut(&place) {
            noted.clone_from(live);
        }
    }

    fn whole(&mut self, sequence: InstrSeqId, after: Locals) -> Locals {
        self.before(sequence, 0, self.body.block(sequence).instrs.len(), after)
    }

    fn before_one(&mut self, instruction: &Instr, mut live: Locals) -> Locals {
        match instruction {
            Instr::LocalGet(get) => {
                live.insert(get.local);
            }
            Instr::LocalSet(set) => {
                live.remove(&set.local);
            }
            Instr::LocalTee(tee) => {
                live.remove(&tee.local);
            }
            Instr::Br(branch) => live.clone_from(&self.labels[&branch.block]),
            Instr::BrIf(branch) => live.extend(&self.labels[&branch.block]),
            Instr::BrTable(table) => {
                let labels = table.blocks.iter().chain([&table.default]);
                live = labels.flat_map(|label| self.labels[label].iter().copied()).collect();
            }
            Instr::Return(_) => live.clone_from(&self.returned),
            Instr::Unreachable(_) => live.clear(),
            Instr::Block(block) => {
                self.labels.insert(block.seq, live.clone());
                live = self.whole(block.seq, live);
            }
            Instr::IfElse(both) => {
                for arm in [both.consequent, both.alternative] {
                    self.labels.insert(arm, live.clone());
                }
                let otherwise = self.whole(both.alternative, live.clone());
                live = self.whole(both.consequent, live);
                live.extend(otherwise);
            }
            // A branch to a loop leads to its start: what is live there grows until it is what its instructions say.
            Instr::Loop(block) => loop {
                let start = self.labels.entry(block.seq).or_default().clone();
                let found = self.whole(block.seq, live.clone());
                if found == start {
                    break live = found;
                }
                self.labels.insert(block.seq, found);
            },
            _ => {}
        }
        live
    }
}
