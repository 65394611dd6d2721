//! Takes out of functions what common cases never come to: a run of such instructions becomes a function of its own, which can lie
//! in another part.

use crate::Outcome;
use crate::cut::parsed;
use crate::live::{Live, Locals};
use crate::plan::{Plan, local_functions};
use crate::profile::Profile;
use crate::stretches::{Stretch, inner, stretches};
use std::collections::{BTreeMap, BTreeSet};
use walrus::ir::{
    BinaryOp, Br, BrTable, Call, Instr, InstrLocId, InstrSeqId, InstrSeqType, LocalId, LocalSet, Return, Unreachable,
};
use walrus::{FunctionBuilder, FunctionId, LocalFunction, Module, ValType};

/// A run of instructions of one sequence.
type Run = Stretch;

/// Where control may go from a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    Label(InstrSeqId),
    Return,
    /// To what follows the run.
    On,
}

/// Reads a module whose functions have in them only what belongs to their own group, and plans its parts: one for each group.
///
/// One reading of the same module is like the other: the ids of the plan are those of every such module.
pub(crate) fn outlined(whole: &[u8], profile: &Profile) -> Outcome<(Module, Plan)> {
    let mut module = parsed(whole)?;
    let mut part = BTreeMap::new();
    let mut before = 0;
    for function in local_functions(&module) {
        let body = module.funcs.get(function).kind.unwrap_local();
        let stretches: Vec<(Stretch, usize)> =
            stretches(body)?.into_iter().zip(before..).map(|(stretch, number)| (stretch, profile.group(number))).collect();
        let numbers = before..before + stretches.len();
        before = numbers.end;
        // A function without instructions is smaller than a way to it.
        let own = stretches.first().map_or(0, |(_, group)| *group);
        part.insert(function.index(), own);
        // What a short text never comes to, a large archive may come to at every byte: a call is too slow for that.
        if own == 0 && !profile.is_often(numbers) {
            let runs = runs(body, &stretches);
            let taken = take_out(&mut module, function, &runs);
            part.extend(taken.into_iter().map(|(function, group)| (function.index(), group)));
        }
    }
    let plan = Plan::new(&module, part, profile.last())?;
    Ok((module, plan))
}

/// The longest runs that belong to other groups than the first, in the order of their sequences and places.
fn runs(body: &LocalFunction, stretches: &[(Stretch, usize)]) -> Vec<(Run, usize)> {
    let mut cold: Vec<_> = stretches.iter().copied().filter(|(_, group)| *group > 0).collect();
    let instructions = |run: Run| &body.block(run.sequence).instrs[run.first..run.end];
    let within: BTreeSet<InstrSeqId> =
        cold.iter().flat_map(|(run, _)| instructions(*run)).flat_map(|(one, _)| inner(one)).collect();
    cold.retain(|(run, _)| !within.contains(&run.sequence));
    cold.sort_unstable_by_key(|(run, _)| (run.sequence, run.first));
    let mut found: Vec<(Run, usize)> = Vec::new();
    for (next, group) in cold {
        match found.last_mut() {
            Some((run, before)) if run.sequence == next.sequence && run.end == next.first => {
                run.end = next.end;
                *before = group.min(*before);
            }
            _ => found.push((next, group)),
        }
    }
    found
}

/// Makes functions of runs where that is worth it. Returns them with their groups.
fn take_out(module: &mut Module, function: FunctionId, runs: &[(Run, usize)]) -> Vec<(FunctionId, usize)> {
    let body = module.funcs.get(function).kind.unwrap_local();
    let live = Live::of(body, runs.iter().map(|(run, _)| (run.sequence, run.end)));
    let results = module.types.results(body.ty()).to_vec();
    let plans: Vec<_> = runs
        .iter()
        .filter_map(|(run, group)| Some((Outlined::new(body, *run, &live, &results)?, *group)))
        .filter(|(plan, _)| plan.is_worth_it(body))
        .collect();
    // From the back: the places of those before stay what they are.
    plans.into_iter().rev().map(|(plan, group)| (plan.take_out(module, function, &results), group)).collect()
}

/// A run that can be a function of its own.
#[derive(Debug)]
struct Outlined {
    run: Run,
    /// The values it is given.
    given: Vec<LocalId>,
    /// The values it gives back.
    back: Vec<LocalId>,
    exits: Vec<Exit>,
}

impl Outlined {
    /// `None` if a value would have to go along with a branch.
    fn new(body: &LocalFunction, run: Run, live: &Live<'_>, results: &[ValType]) -> Option<Self> {
        let mut seen = Seen::default();
        seen.look(body, run.sequence, run.first, run.end);
        let mut exits: BTreeSet<Exit> = seen.branches.difference(&seen.within).copied().map(Exit::Label).collect();
        exits.extend(seen.returns.then_some(Exit::Return));
        let last = &body.block(run.sequence).instrs[run.end - 1].0;
        let goes_on = !matches!(last, Instr::Br(_) | Instr::BrTable(_) | Instr::Return(_) | Instr::Unreachable(_));
        exits.extend(goes_on.then_some(Exit::On));
        let is_end = run.end == body.block(run.sequence).instrs.len();
        let carries = |label: InstrSeqId| match body.block(label).ty {
            InstrSeqType::Simple(None) => false,
            _ => label != body.entry_block() || !results.is_empty(),
        };
        if exits.iter().any(|exit| match exit {
            Exit::Label(label) => carries(*label),
            Exit::On => is_end && carries(run.sequence),
            Exit::Return => results.len() > 1,
        }) {
            return None;
        }
        let mut wanted = Locals::new();
        for exit in &exits {
            match exit {
                Exit::Label(label) => wanted.extend(&live.labels[label]),
                Exit::On => wanted.extend(live.at((run.sequence, run.end))),
                Exit::Return => {}
            }
        }
        let back: Locals = seen.written.intersection(&wanted).copied().collect();
        let labels: Vec<InstrSeqId> =
            exits.iter().filter_map(|exit| if let Exit::Label(label) = exit { Some(*label) } else { None }).collect();
        let given = Live::before_run(body, (run.sequence, run.first), run.end, &back, &labels);
        Some(Self {
            run,
            given: given.into_iter().collect(),
            back: back.into_iter().collect(),
            exits: exits.into_iter().collect(),
        })
    }

    /// Whether the run is larger than a call of it, the stub that is called, and what the call's results lead to.
    fn is_worth_it(&self, body: &LocalFunction) -> bool {
        let size: usize = self.instructions(body).iter().map(|(one, _)| size(body, one)).sum();
        size > 18 + self.given.len() + self.back.len() + 4 * (self.exits.len().max(1) - 1)
    }

    fn instructions<'a>(&self, body: &'a LocalFunction) -> &'a [(Instr, InstrLocId)] {
        &body.block(self.run.sequence).instrs[self.run.first..self.run.end]
    }

    fn take_out(&self, module: &mut Module, function: FunctionId, results: &[ValType]) -> FunctionId {
        let ty = |module: &Module, local: &LocalId| module.locals.get(*local).ty();
        let given: Vec<ValType> = self.given.iter().map(|local| ty(module, local)).collect();
        let mut back: Vec<ValType> = self.back.iter().map(|local| ty(module, local)).collect();
        let returned = results.first().filter(|_| self.exits.contains(&Exit::Return)).map(|ty| module.locals.add(*ty));
        back.extend(returned.map(|local| ty(module, &local)));
        let which = (self.exits.len() > 1).then(|| module.locals.add(ValType::I32));
        back.extend(which.map(|_| ValType::I32));

        let mut new = FunctionBuilder::new(&mut module.types, &given, &back);
        let body = module.funcs.get(function).kind.unwrap_local();
        self.write(body, &mut new, returned);
        let new = new.finish(self.given.clone(), &mut module.funcs);

        let body = module.funcs.get_mut(function).kind.unwrap_local_mut();
        let call = self.call(body.builder_mut(), new, returned, which);
        body.block_mut(self.run.sequence).instrs.splice(self.run.first..self.run.end, call);
        new
    }

    /// Writes the new function: the run within one block for each exit, and after each block what the exit gives back.
    fn write(&self, body: &LocalFunction, new: &mut FunctionBuilder, returned: Option<LocalId>) {
        let mut copy = Copy { body, new, labels: BTreeMap::new(), returns: None, returned };
        let entry = copy.new.func_body_id();
        let jumps: Vec<Exit> = self.exits.iter().copied().filter(|exit| *exit != Exit::On).collect();
        // The innermost block belongs to the first exit.
        let blocks: Vec<InstrSeqId> = jumps.iter().map(|_| copy.new.dangling_instr_seq(None).id()).collect();
        for (exit, block) in jumps.iter().zip(&blocks) {
            match exit {
                Exit::Label(label) => drop(copy.labels.insert(*label, *block)),
                Exit::Return => copy.returns = Some(*block),
                Exit::On => {}
            }
        }
        let innermost = blocks.first().copied().unwrap_or(entry);
        for (one, _) in self.instructions(body) {
            copy.instruction(innermost, one);
        }
        let number = |exit: Exit| self.exits.iter().position(|one| *one == exit).unwrap_or_default();
        if self.exits.contains(&Exit::On) {
            self.give_back(copy.new, innermost, returned, number(Exit::On));
        }
        for (place, block) in blocks.iter().enumerate() {
            let outer = blocks.get(place + 1).copied().unwrap_or(entry);
            copy.new.instr_seq(outer).instr(walrus::ir::Block { seq: *block });
            self.give_back(copy.new, outer, returned, number(jumps[place]));
        }
    }

    /// Ends the new function.
    fn give_back(&self, new: &mut FunctionBuilder, sequence: InstrSeqId, returned: Option<LocalId>, number: usize) {
        let mut end = new.instr_seq(sequence);
        for local in self.back.iter().copied().chain(returned) {
            end.local_get(local);
        }
        if self.exits.len() > 1 {
            end.i32_const(number as i32);
        }
        end.return_();
    }

    /// What stands in the run's place.
    fn call(
        &self,
        builder: &mut FunctionBuilder,
        new: FunctionId,
        returned: Option<LocalId>,
        which: Option<LocalId>,
    ) -> Vec<(Instr, InstrLocId)> {
        let mut call = builder.dangling_instr_seq(None);
        for local in &self.given {
            call.local_get(*local);
        }
        call.instr(Call { func: new });
        for local in self.back.iter().copied().chain(returned).chain(which).rev() {
            call.local_set(local);
        }
        let Some((last, others)) = self.exits.split_last() else {
            call.unreachable();
            return std::mem::take(call.instrs_mut());
        };
        for (number, exit) in others.iter().enumerate() {
            if let Some(which) = which {
                call.local_get(which).i32_const(number as i32).binop(BinaryOp::I32Eq);
            }
            match exit {
                Exit::Label(label) => {
                    call.br_if(*label);
                }
                _ => {
                    call.if_else(None, |then| leave(then, *exit, returned), |_| {});
                }
            }
        }
        leave(&mut call, *last, returned);
        std::mem::take(call.instrs_mut())
    }
}

/// Goes where an exit leads.
fn leave(sequence: &mut walrus::InstrSeqBuilder<'_>, exit: Exit, returned: Option<LocalId>) {
    match exit {
        Exit::Label(label) => {
            sequence.br(label);
        }
        Exit::Return => {
            if let Some(local) = returned {
                sequence.local_get(local);
            }
            sequence.return_();
        }
        Exit::On => {}
    }
}

fn size(body: &LocalFunction, one: &Instr) -> usize {
    1 + inner(one).into_iter().flat_map(|sequence| &body.block(sequence).instrs).map(|(one, _)| size(body, one)).sum::<usize>()
}

/// What a run has in it.
#[derive(Default)]
struct Seen {
    within: BTreeSet<InstrSeqId>,
    branches: BTreeSet<InstrSeqId>,
    written: Locals,
    returns: bool,
}

impl Seen {
    fn look(&mut self, body: &LocalFunction, sequence: InstrSeqId, first: usize, end: usize) {
        for (one, _) in &body.block(sequence).instrs[first..end] {
            match one {
                Instr::LocalSet(set) => drop(self.written.insert(set.local)),
                Instr::LocalTee(tee) => drop(self.written.insert(tee.local)),
                Instr::Br(branch) => drop(self.branches.insert(branch.block)),
                Instr::BrIf(branch) => drop(self.branches.insert(branch.block)),
                Instr::BrTable(table) => self.branches.extend(table.blocks.iter().chain([&table.default])),
                Instr::Return(_) => self.returns = true,
                _ => {}
            }
            for sequence in inner(one) {
                self.within.insert(sequence);
                self.look(body, sequence, 0, body.block(sequence).instrs.len());
            }
        }
    }
}

/// Copies instructions of one function into another; both use the same locals.
struct Copy<'a> {
    body: &'a LocalFunction,
    new: &'a mut FunctionBuilder,
    /// The sequences of the new function that stand for those of the old one.
    labels: BTreeMap<InstrSeqId, InstrSeqId>,
    /// Where a return leads, with its value in `returned`.
    returns: Option<InstrSeqId>,
    returned: Option<LocalId>,
}

impl Copy<'_> {
    fn sequence(&mut self, old: InstrSeqId) -> InstrSeqId {
        let new = self.new.dangling_instr_seq(self.body.block(old).ty).id();
        self.labels.insert(old, new);
        for (one, _) in &self.body.block(old).instrs {
            self.instruction(new, one);
        }
        new
    }

    fn instruction(&mut self, to: InstrSeqId, one: &Instr) {
        let mut one = one.clone();
        match &mut one {
            Instr::Block(block) => block.seq = self.sequence(block.seq),
            Instr::Loop(block) => block.seq = self.sequence(block.seq),
            Instr::IfElse(both) => {
                both.consequent = self.sequence(both.consequent);
                both.alternative = self.sequence(both.alternative);
            }
            Instr::Br(branch) => branch.block = self.labels[&branch.block],
            Instr::BrIf(branch) => branch.block = self.labels[&branch.block],
            Instr::BrTable(BrTable { blocks, default }) => {
                blocks.iter_mut().chain([default]).for_each(|label| *label = self.labels[label]);
            }
            Instr::Return(Return {}) => {
                if let Some(local) = self.returned {
                    self.new.instr_seq(to).instr(LocalSet { local });
                }
                one = self.returns.map_or(Instr::Unreachable(Unreachable {}), |block| Instr::Br(Br { block }));
            }
            _ => {}
        }
        self.new.instr_seq(to).instr(one);
    }
}
