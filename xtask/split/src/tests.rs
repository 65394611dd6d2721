//! A module of four functions in three parts.

use crate::{cut, plan, profile};
use walrus::ir::BinaryOp;
use walrus::{ConstExpr, ElementItems, ElementKind, FunctionBuilder, FunctionId, Module, RefType, ValType, ir::Value};

/// `hot` (exported) calls `cold`, which calls `rare` and an import; `listed` is reached through a table alone.
fn module() -> Vec<u8> {
    let mut module = Module::default();
    let ty = module.types.add(&[ValType::I64], &[ValType::I64]);
    let (host, _) = module.add_import_func("./m_bg.js", "host", ty);
    module.memories.add_local(false, false, 1, None, None);
    let depth = module.globals.add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(7)));
    let function = |module: &mut Module, calls: &[FunctionId]| {
        let argument = module.locals.add(ValType::I64);
        let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::I64], &[ValType::I64]);
        let mut body = builder.func_body();
        body.i32_const(1).global_set(depth).local_get(argument);
        calls.iter().for_each(|called| {
            body.call(*called);
        });
        body.i64_const(1).binop(BinaryOp::I64Add);
        builder.finish(vec![argument], &mut module.funcs)
    };
    let rare = function(&mut module, &[]);
    let cold = function(&mut module, &[rare, host]);
    let hot = function(&mut module, &[cold]);
    let listed = function(&mut module, &[]);
    let table = module.tables.add_local(false, 1, Some(1), RefType::FUNCREF);
    let kind = ElementKind::Active { table, offset: ConstExpr::Value(Value::I32(0)) };
    let element = module.elements.add(kind, ElementItems::Functions(vec![listed]));
    module.tables.get_mut(table).elem_segments.insert(element);
    module.exports.add("hot", hot);
    module.exports.add("table", table);
    module.emit_wasm()
}

/// The numbers of the functions in a module as it was written: `emit_wasm` orders them anew.
fn numbers(whole: &[u8]) -> [usize; 4] {
    let module = cut::parsed(whole).unwrap();
    let functions = plan::local_functions(&module);
    let number = |id: FunctionId| functions.iter().position(|one| *one == id).unwrap();
    let calls = |id: FunctionId| {
        let things = plan::named(&module, id).unwrap();
        functions.iter().copied().filter(|one| things.contains(&plan::Thing::Function(one.index()))).collect::<Vec<_>>()
    };
    let hot = module.exports.get_func("hot").unwrap();
    let (cold, rare) = (calls(hot)[0], calls(calls(hot)[0])[0]);
    let listed = functions.iter().copied().find(|id| ![hot, cold, rare].contains(id)).unwrap();
    [hot, cold, rare, listed].map(number)
}

fn names(whole: &[u8]) -> (Vec<String>, Vec<String>, usize) {
    let module = cut::parsed(whole).unwrap();
    let imports = module.imports.iter().map(|import| format!("{} {}", import.module, import.name)).collect();
    let exports = module.exports.iter().map(|export| export.name.clone()).collect();
    (imports, exports, module.funcs.iter_local().count())
}

#[test]
fn each_part_has_its_functions_and_imports_only_what_the_main_part_exports() {
    let whole = module();
    let [hot, cold, _, _] = numbers(&whole);
    let groups = plan::groups(&format!("{hot}\n{cold}\n")).unwrap();
    let plan = plan::Plan::new(&cut::parsed(&whole).unwrap(), &groups).unwrap();
    assert_eq!((plan.parts, plan.entries.len()), (2, 3));

    let main = cut::main_part(&whole, &plan).unwrap();
    let (imports, exports, functions) = names(&main);
    assert_eq!(imports, ["./m_bg.js host", "./m_bg.js __load"]);
    // The hot one; stubs for the cold one, the one in the table, and the rare one that another part calls; what loads a part.
    assert_eq!(functions, 5);
    assert!(["hot", "table", "$slots", "$shared"].iter().all(|name| exports.iter().any(|export| export == name)), "{exports:?}");

    // The cold one and a way to the rare one; the rare one and the one in the table.
    for (part, own) in [(1, 2), (2, 2)] {
        let (imports, others, functions) = names(&cut::other_part(&whole, &plan, part).unwrap());
        assert_eq!((others.len(), functions), (0, own), "part {part}");
        for import in &imports {
            let name = import.strip_prefix("main ").unwrap();
            assert!(exports.iter().any(|export| export == name), "part {part} wants {name}");
        }
        assert!(imports.iter().any(|import| import == "main $slots"));
    }
}

#[test]
fn what_no_line_names_is_the_last_part() {
    let whole = module();
    let plan = plan::Plan::new(&cut::parsed(&whole).unwrap(), &plan::groups("0 1 2 3\n").unwrap()).unwrap();
    assert!(plan.entries.is_empty());
    assert_eq!(names(&cut::other_part(&whole, &plan, 1).unwrap()).2, 0);
    assert!(plan::groups("0 one").is_err());
}

#[test]
fn every_function_tells_its_number_first() {
    let (imports, _, functions) = names(&profile::instrumented(&module()).unwrap());
    assert_eq!(imports, ["./m_bg.js host", "./m_bg.js __called"]);
    assert_eq!(functions, 4);
    assert!(profile::instrumented(b"not wasm").is_err());
}
