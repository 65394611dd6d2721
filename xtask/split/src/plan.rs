//! What goes where: which part has which function, and what the parts need of each other.
//!
//! A function that another part calls, or that is in a table or exported, is an entry: the main part has a stub in its place, which
//! loads the part if its slot is empty and calls through the slot. Whatever else a part needs, the main part exports.

use crate::Outcome;
use std::collections::{BTreeMap, BTreeSet};
use walrus::ir::{Visitor, dfs_in_order};
use walrus::{ConstExpr, DataId, ElementItems, ExportItem, FunctionId, FunctionKind, GlobalId, MemoryId, Module, TableId};

/// Something that a body names, by its place in the file: ids belong to one reading of a module, places to all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Thing {
    Function(usize),
    Global(usize),
    Memory(usize),
    Table(usize),
}

/// The plan. Functions are named by their place in the file, imports first.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The part that has the body of a function; 0 is the main part.
    part: BTreeMap<usize, usize>,
    /// How many parts there are beside the main one.
    pub(crate) parts: usize,
    /// Entries of the other parts, in the order of their slots: those of one part follow each other.
    pub(crate) entries: Vec<usize>,
    /// Functions with a body or a stub in the main part that other parts call, in the order of their slots in a second table.
    pub(crate) called: Vec<usize>,
    /// What else the main part exports for the others, with the names of the exports.
    pub(crate) shared: BTreeMap<Thing, String>,
}

impl Plan {
    /// Plans a module, given the part of each of its own functions and the number of the last part.
    pub(crate) fn new(module: &Module, part: BTreeMap<usize, usize>, parts: usize) -> Outcome<Self> {
        let functions = local_functions(module);
        let mut plan = Self { part, parts, entries: Vec::new(), called: Vec::new(), shared: BTreeMap::new() };
        let mut entries: BTreeSet<(usize, usize)> = BTreeSet::new();
        let mut called = BTreeSet::new();
        for id in held(module) {
            entries.extend(plan.elsewhere(id.index(), 0));
        }
        for id in functions {
            let here = plan.part_of(id.index());
            for thing in named(module, id)? {
                if let Thing::Function(function) = thing {
                    entries.extend(plan.elsewhere(function, here));
                }
                match thing {
                    _ if here == 0 => {}
                    Thing::Function(function) if plan.part.contains_key(&function) => {
                        called.extend((plan.part_of(function) != here).then_some(function));
                    }
                    _ => {
                        let name = format!("${}", plan.shared.len());
                        plan.shared.entry(thing).or_insert(name);
                    }
                }
            }
        }
        plan.entries = entries.into_iter().map(|(_, id)| id).collect();
        plan.called = called.into_iter().collect();
        Ok(plan)
    }

    /// The part with the body of a function; imports are the main part's.
    pub(crate) fn part_of(&self, function: usize) -> usize {
        self.part.get(&function).copied().unwrap_or(0)
    }

    /// The entries of a part, and the slot of the first.
    pub(crate) fn entries_of(&self, part: usize) -> (usize, Vec<usize>) {
        let first = self.entries.partition_point(|id| self.part_of(*id) < part);
        (first, self.entries.iter().copied().filter(|id| self.part_of(*id) == part).collect())
    }

    fn elsewhere(&self, function: usize, here: usize) -> Option<(usize, usize)> {
        let part = self.part_of(function);
        (part != 0 && part != here).then_some((part, function))
    }
}

/// The functions that a module has of its own, in the order of the file: their place is their number.
pub(crate) fn local_functions(module: &Module) -> Vec<FunctionId> {
    let mut functions: Vec<FunctionId> = module.funcs.iter_local().map(|(id, _)| id).collect();
    functions.sort_unstable();
    functions
}

/// What the body of a function names.
pub(crate) fn named(module: &Module, id: FunctionId) -> Outcome<BTreeSet<Thing>> {
    let mut names = Names::default();
    if let FunctionKind::Local(body) = &module.funcs.get(id).kind {
        dfs_in_order(&mut names, body, body.entry_block());
    }
    if names.uses_data {
        Err("a function copies from a passive data segment, which is not known here".to_owned())
    } else {
        Ok(names.things)
    }
}

/// Functions that are reached by something else than a call: tables, exports, the start.
fn held(module: &Module) -> Vec<FunctionId> {
    let mut held: Vec<FunctionId> = module.start.into_iter().collect();
    for export in module.exports.iter() {
        if let ExportItem::Function(id) = export.item {
            held.push(id);
        }
    }
    for element in module.elements.iter() {
        match &element.items {
            ElementItems::Functions(ids) => held.extend(ids),
            ElementItems::Expressions(_, items) => {
                held.extend(items.iter().filter_map(|item| if let ConstExpr::RefFunc(id) = item { Some(*id) } else { None }));
            }
        }
    }
    held
}

#[derive(Default)]
struct Names {
    things: BTreeSet<Thing>,
    uses_data: bool,
}

impl Visitor<'_> for Names {
    fn visit_function_id(&mut self, id: &FunctionId) {
        self.things.insert(Thing::Function(id.index()));
    }

    fn visit_global_id(&mut self, id: &GlobalId) {
        self.things.insert(Thing::Global(id.index()));
    }

    fn visit_memory_id(&mut self, id: &MemoryId) {
        self.things.insert(Thing::Memory(id.index()));
    }

    fn visit_table_id(&mut self, id: &TableId) {
        self.things.insert(Thing::Table(id.index()));
    }

    fn visit_data_id(&mut self, _: &DataId) {
        self.uses_data = true;
    }
}
