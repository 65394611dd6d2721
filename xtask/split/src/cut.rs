//! Makes the parts of a plan.

use crate::{
    Outcome,
    plan::{Plan, Thing},
};
use walrus::ir::Value;
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionId, FunctionKind, GlobalId, GlobalKind, ImportKind,
    ImportedFunction, MemoryId, Module, RefType, TableId, ValType, passes::gc,
};

/// The name by which a part imports what the main part exports.
const MAIN: &str = "main";
/// The export of the table with the slots of all entries.
const SLOTS: &str = "$slots";

/// Reads a module.
pub(crate) fn parsed(whole: &[u8]) -> Outcome<Module> {
    Module::from_buffer(whole).map_err(|why| format!("{why:#}"))
}

/// The module that all imports come from.
pub(crate) fn import_module(module: &Module) -> Outcome<String> {
    module.imports.iter().next().map(|import| import.module.clone()).ok_or_else(|| "the module imports nothing".to_owned())
}

/// What is always loaded: stubs stand for the entries of the other parts. It imports `__load`, which is given a part's number.
pub(crate) fn main_part(whole: &[u8], plan: &Plan) -> Outcome<Vec<u8>> {
    let mut module = parsed(whole)?;
    let from = import_module(&module)?;
    let takes_a_number = module.types.add(&[ValType::I32], &[]);
    let (load, _) = module.add_import_func(&from, "__load", takes_a_number);
    let places = Places::of(&module);
    let size = plan.entries.len() as u64;
    let slots = module.tables.add_local(false, size, Some(size), RefType::FUNCREF);
    module.exports.add(SLOTS, slots);
    for (slot, function) in plan.entries.iter().enumerate() {
        stub(&mut module, places.functions[*function], slot, slots, load, plan.part_of(*function));
    }
    for (thing, name) in &plan.shared {
        module.exports.add(name, places.item(*thing));
    }
    gc::run(&mut module);
    Ok(module.emit_wasm())
}

/// Puts a stub in the place of a function.
fn stub(module: &mut Module, id: FunctionId, slot: usize, slots: TableId, load: FunctionId, part: usize) {
    let ty = module.funcs.get(id).ty();
    let function = module.funcs.get_mut(id).kind.unwrap_local_mut();
    let (entry, arguments) = (function.entry_block(), function.args.clone());
    function.block_mut(entry).instrs.clear();
    let mut body = function.builder_mut().func_body();
    body.i32_const(slot as i32).table_get(slots).ref_is_null();
    body.if_else(
        None,
        |then| {
            then.i32_const(part as i32).call(load);
        },
        |_| {},
    );
    for argument in arguments {
        body.local_get(argument);
    }
    body.i32_const(slot as i32).call_indirect(ty, slots);
}

/// A part that fills its slots when an instance is made of it, with the exports of the main part as its one import module.
pub(crate) fn other_part(whole: &[u8], plan: &Plan, part: usize) -> Outcome<Vec<u8>> {
    let mut module = parsed(whole)?;
    let all: Vec<_> = module.exports.iter().map(|export| export.id()).collect();
    all.into_iter().for_each(|id| module.exports.delete(id));
    module.start = None;
    forget_contents(&mut module);
    let places = Places::of(&module);
    for (thing, name) in &plan.shared {
        if !matches!(thing, Thing::Function(id) if plan.part_of(*id) == part) {
            import(&mut module, places.item(*thing), name);
        }
    }
    let (first, entries) = plan.entries_of(part);
    let size = plan.entries.len() as u64;
    let (slots, _) = module.add_import_table(MAIN, SLOTS, false, size, Some(size), RefType::FUNCREF);
    let entries = entries.into_iter().map(|function| places.functions[function]).collect();
    let kind = ElementKind::Active { table: slots, offset: ConstExpr::Value(Value::I32(first as i32)) };
    let element = module.elements.add(kind, ElementItems::Functions(entries));
    module.tables.get_mut(slots).elem_segments.insert(element);
    gc::run(&mut module);
    Ok(module.emit_wasm())
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
