//! Makes the parts of a plan.

use crate::stretches::inner;
use crate::{
    Outcome,
    outline::outlined,
    plan::{Plan, Thing},
    profile::Profile,
};
use std::collections::BTreeMap;
use walrus::ir::{BinaryOp, Instr, InstrSeqId, Value};
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind, GlobalId, GlobalKind,
    ImportKind, ImportedFunction, InstrSeqBuilder, LocalFunction, MemoryId, Module, RefType, TableId, TypeId, ValType,
    passes::gc,
};

/// The name by which a part imports what the main part exports.
const MAIN: &str = "main";
/// The export of the table with the slots of all entries.
const SLOTS: &str = "$slots";
/// How many calls of a function are smaller than calls of a stub and the stub.
const FEW: usize = 2;
/// The export of the table with the functions of the main part that the others call: a thousand names would be a hundredth of it.
const SHARED: &str = "$shared";

/// Reads a module.
pub(crate) fn parsed(whole: &[u8]) -> Outcome<Module> {
    Module::from_buffer(whole).map_err(|why| format!("{why:#}"))
}

/// The module that all imports come from.
pub(crate) fn import_module(module: &Module) -> Outcome<String> {
    module.imports.iter().next().map(|import| import.module.clone()).ok_or_else(|| "the module imports nothing".to_owned())
}

/// All parts of a module, the main one first.
pub(crate) fn parts(whole: &[u8], profile: &Profile) -> Outcome<Vec<Vec<u8>>> {
    let (module, plan) = outlined(whole, profile)?;
    let mut parts = vec![main_part(module, &plan)?];
    for part in 1..=plan.parts {
        parts.push(other_part(outlined(whole, profile)?.0, &plan, part));
    }
    // Whether what was taken out stands on its own, a reader says: the values of a run are all in locals, or it is no module.
    parts.iter().try_for_each(|part| parsed(part).map(drop))?;
    Ok(parts)
}

/// What is always loaded: stubs stand for the entries of the other parts. It imports `__load`, which is given a part's number.
fn main_part(mut module: Module, plan: &Plan) -> Outcome<Vec<u8>> {
    let from = import_module(&module)?;
    let takes_a_number = module.types.add(&[ValType::I32], &[]);
    let (load, _) = module.add_import_func(&from, "__load", takes_a_number);
    let places = Places::of(&module);
    let size = plan.entries.len() as u64;
    let slots = module.tables.add_local(false, size, Some(size), RefType::FUNCREF);
    module.exports.add(SLOTS, slots);
    let ensure = ensure(&mut module, plan, slots, load);
    let entries = plan.entries.iter().enumerate().map(|(slot, function)| (places.functions[*function], slot)).collect();
    call_through(&mut module, slots, Some(ensure), &entries);
    let size = plan.called.len() as u64;
    let table = module.tables.add_local(false, size, Some(size), RefType::FUNCREF);
    module.exports.add(SHARED, table);
    fill(&mut module, table, 0, plan.called.iter().map(|function| places.functions[*function]).collect());
    for (thing, name) in &plan.shared {
        module.exports.add(name, places.item(*thing));
    }
    gc::run(&mut module);
    Ok(module.emit_wasm())
}

/// A function that loads the part of a slot if the slot is empty, and gives the slot back. Slots of one part follow each other.
fn ensure(module: &mut Module, plan: &Plan, slots: TableId, load: FunctionId) -> FunctionId {
    let slot = module.locals.add(ValType::I32);
    let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[ValType::I32]);
    let mut body = builder.func_body();
    body.local_get(slot).table_get(slots).ref_is_null();
    body.if_else(
        None,
        |then| {
            then.i32_const(1);
            for part in 2..=plan.parts {
                then.local_get(slot).i32_const(plan.entries_of(part).0 as i32).binop(BinaryOp::I32GeU).binop(BinaryOp::I32Add);
            }
            then.call(load);
        },
        |_| {},
    );
    body.local_get(slot);
    builder.finish(vec![slot], &mut module.funcs)
}

/// Lets functions be called through their slots of a table, which `ensure` fills if it is given. Where there are few calls of one they
/// say so themselves; for more, and for what else names the function, its body becomes such a call.
fn call_through(module: &mut Module, table: TableId, ensure: Option<FunctionId>, slots: &BTreeMap<FunctionId, usize>) {
    let types: BTreeMap<FunctionId, TypeId> = slots.keys().map(|id| (*id, module.funcs.get(*id).ty())).collect();
    let through = |call: &mut InstrSeqBuilder<'_>, id: FunctionId| {
        call.i32_const(slots[&id] as i32);
        if let Some(ensure) = ensure {
            call.call(ensure);
        }
        call.call_indirect(types[&id], table);
    };
    let mut calls: BTreeMap<FunctionId, usize> = BTreeMap::new();
    each_sequence(module, |body, sequence| {
        let called = body.block(sequence).instrs.iter().filter_map(|(one, _)| called(one));
        called.for_each(|id| *calls.entry(id).or_default() += 1);
    });
    each_sequence(module, |body, sequence| {
        for place in (0..body.block(sequence).instrs.len()).rev() {
            let id = called(&body.block(sequence).instrs[place].0);
            let Some(id) = id.filter(|id| slots.contains_key(id) && calls[id] <= FEW) else { continue };
            let mut call = body.builder_mut().dangling_instr_seq(None);
            through(&mut call, id);
            let call = std::mem::take(call.instrs_mut());
            body.block_mut(sequence).instrs.splice(place..=place, call);
        }
    });
    for id in slots.keys() {
        let function = module.funcs.get_mut(*id).kind.unwrap_local_mut();
        let (entry, arguments) = (function.entry_block(), function.args.clone());
        function.block_mut(entry).instrs.clear();
        let mut body = function.builder_mut().func_body();
        for argument in arguments {
            body.local_get(argument);
        }
        through(&mut body, *id);
    }
}

/// What an instruction calls by its name.
fn called(one: &Instr) -> Option<FunctionId> {
    if let Instr::Call(call) = one { Some(call.func) } else { None }
}

/// Does something with every sequence of instructions.
fn each_sequence(module: &mut Module, mut act: impl FnMut(&mut LocalFunction, InstrSeqId)) {
    for (_, body) in module.funcs.iter_local_mut() {
        let mut open = vec![body.entry_block()];
        while let Some(sequence) = open.pop() {
            open.extend(body.block(sequence).instrs.iter().flat_map(|(one, _)| inner(one)));
            act(body, sequence);
        }
    }
}

/// Fills a table from a slot on when an instance is made.
fn fill(module: &mut Module, table: TableId, first: usize, functions: Vec<FunctionId>) {
    let kind = ElementKind::Active { table, offset: ConstExpr::Value(Value::I32(first as i32)) };
    let element = module.elements.add(kind, ElementItems::Functions(functions));
    module.tables.get_mut(table).elem_segments.insert(element);
}

/// A part that fills its slots when an instance is made of it, with the exports of the main part as its one import module.
fn other_part(mut module: Module, plan: &Plan, part: usize) -> Vec<u8> {
    let all: Vec<_> = module.exports.iter().map(|export| export.id()).collect();
    all.into_iter().for_each(|id| module.exports.delete(id));
    module.start = None;
    forget_contents(&mut module);
    let places = Places::of(&module);
    for (thing, name) in &plan.shared {
        import(&mut module, places.item(*thing), name);
    }
    let (first, entries) = plan.entries_of(part);
    let size = plan.entries.len() as u64;
    let (slots, _) = module.add_import_table(MAIN, SLOTS, false, size, Some(size), RefType::FUNCREF);
    fill(&mut module, slots, first, entries.into_iter().map(|function| places.functions[function]).collect());
    let size = plan.called.len() as u64;
    let (shared, _) = module.add_import_table(MAIN, SHARED, false, size, Some(size), RefType::FUNCREF);
    let called = plan.called.iter().enumerate().filter(|(_, function)| plan.part_of(**function) != part);
    let called = called.map(|(slot, function)| (places.functions[*function], slot)).collect();
    call_through(&mut module, shared, None, &called);
    gc::run(&mut module);
    module.emit_wasm()
}

/// Takes out what the main part puts into memory and tables.
fn forget_contents(module: &mut Module) {
    let data: Vec<_> = module.data.iter().map(|data| data.id()).collect();
    data.into_iter().for_each(|id| module.data.delete(id));
    let elements: Vec<_> = module.elements.iter().map(|element| element.id()).collect();
    elements.into_iter().for_each(|id| module.elements.delete(id));
    let memories: Vec<_> = module.memories.iter().map(|memory| memory.id()).collect();
    memories.into_iter().for_each(|id| module.memories.get_mut(id).data_segments.clear());
    module.tables.iter_mut().for_each(|table| table.elem_segments.clear());
}

/// Lets something come from the main part, where it is exported by this name.
fn import(module: &mut Module, thing: ExportItem, name: &str) {
    match thing {
        ExportItem::Function(id) => {
            let ty = module.funcs.get(id).ty();
            if let FunctionKind::Import(old) = &module.funcs.get(id).kind {
                let old = old.import;
                module.imports.delete(old);
            }
            let import = module.imports.add(MAIN, name, ImportKind::Function(id));
            module.funcs.get_mut(id).kind = FunctionKind::Import(ImportedFunction { import, ty });
        }
        ExportItem::Global(id) => {
            let import = module.imports.add(MAIN, name, ImportKind::Global(id));
            module.globals.get_mut(id).kind = GlobalKind::Import(import);
        }
        ExportItem::Memory(id) => {
            module.memories.get_mut(id).import = Some(module.imports.add(MAIN, name, ImportKind::Memory(id)))
        }
        ExportItem::Table(id) => module.tables.get_mut(id).import = Some(module.imports.add(MAIN, name, ImportKind::Table(id))),
        ExportItem::Tag(_) => {}
    }
}

/// The ids of one reading of a module, by the places in the file.
struct Places {
    functions: Vec<FunctionId>,
    globals: Vec<GlobalId>,
    memories: Vec<MemoryId>,
    tables: Vec<TableId>,
}

impl Places {
    fn of(module: &Module) -> Self {
        let mut places = Self {
            functions: module.funcs.iter().map(|function| function.id()).collect(),
            globals: module.globals.iter().map(|global| global.id()).collect(),
            memories: module.memories.iter().map(|memory| memory.id()).collect(),
            tables: module.tables.iter().map(|table| table.id()).collect(),
        };
        places.functions.sort_unstable();
        places.globals.sort_unstable();
        places.memories.sort_unstable();
        places.tables.sort_unstable();
        places
    }

    fn item(&self, thing: Thing) -> ExportItem {
        match thing {
            Thing::Function(place) => ExportItem::Function(self.functions[place]),
            Thing::Global(place) => ExportItem::Global(self.globals[place]),
            Thing::Memory(place) => ExportItem::Memory(self.memories[place]),
            Thing::Table(place) => ExportItem::Table(self.tables[place]),
        }
    }
}
