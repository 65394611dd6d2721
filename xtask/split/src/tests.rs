//! Small modules in parts. What the parts of the real one answer, tests/browser/cut.mjs compares.

use crate::live::{Live, Locals};
use crate::profile::{Profile, instrumented};
use crate::stretches::{Stretch, stretches};
use crate::{cut, outline, plan};
use walrus::ir::{BinaryOp, Instr, LoadKind, MemArg, UnaryOp};
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

/// The first stretches of the functions `hot`, `cold`, `rare` and `listed`: `emit_wasm` orders functions anew. Each has one.
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
    let profile = Profile::read(&format!("\n{hot}\n{cold}\n")).unwrap();
    let (_, plan) = outline::outlined(&whole, &profile).unwrap();
    assert_eq!((plan.parts, plan.entries.len()), (2, 3));

    let parts = cut::parts(&whole, &profile).unwrap();
    let (imports, exports, functions) = names(&parts[0]);
    assert_eq!(imports, ["./m_bg.js host", "./m_bg.js __load"]);
    // The hot one, which calls the cold one through its slot; ways to the one in the table and to the rare one that another part
    // calls; what loads a part.
    assert_eq!(functions, 4);
    assert!(["hot", "table", "$slots", "$shared"].iter().all(|name| exports.iter().any(|export| export == name)), "{exports:?}");

    // The cold one; the rare one and the one in the table.
    for (part, own) in [(1, 1), (2, 2)] {
        let (imports, others, functions) = names(&parts[part]);
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
    let profile = Profile::read("\n0 1 2 3\n").unwrap();
    assert!(outline::outlined(&whole, &profile).unwrap().1.entries.is_empty());
    assert_eq!(names(&cut::parts(&whole, &profile).unwrap()[1]).2, 0);
    assert!(Profile::read("\n0 one").is_err());
}

#[test]
fn every_stretch_tells_its_number_first() {
    let (imports, _, functions) = names(&instrumented(&module()).unwrap());
    assert_eq!(imports, ["./m_bg.js host", "./m_bg.js __called"]);
    assert_eq!(functions, 4);
    assert!(instrumented(b"not wasm").is_err());
}

/// A function with a run in it that most calls pass by:
///
/// ```text
/// block { if argument == 0 leave; sum = 20 additions of the argument; if sum > 100 return 7 }
/// return sum + argument
/// ```
fn passing(carries: bool) -> Vec<u8> {
    let mut module = Module::default();
    let ty = module.types.add(&[], &[]);
    module.add_import_func("./m_bg.js", "host", ty);
    let memory = module.memories.add_local(false, false, 1, None, None);
    let (argument, sum) = (module.locals.add(ValType::I32), module.locals.add(ValType::I32));
    let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[ValType::I32]);
    let mut body = builder.func_body();
    body.block(carries.then_some(ValType::I32), |block| {
        let leave = block.id();
        if carries {
            block.i32_const(3);
        }
        block.local_get(argument).unop(UnaryOp::I32Eqz).br_if(leave);
        if carries {
            block.drop();
        }
        for _ in 0..20 {
            block.local_get(sum).local_get(argument).binop(BinaryOp::I32Add).local_set(sum);
        }
        block.local_get(sum).i32_const(100).binop(BinaryOp::I32GtU);
        block.if_else(
            None,
            |then| {
                then.i32_const(7).return_();
            },
            |_| {},
        );
        if carries {
            block.i32_const(4);
        }
    });
    if carries {
        body.drop();
    }
    body.local_get(sum).local_get(argument).load(memory, LoadKind::I32 { atomic: false }, MemArg { align: 4, offset: 0 });
    body.binop(BinaryOp::I32Add);
    let function = builder.finish(vec![argument], &mut module.funcs);
    module.exports.add("passing", function);
    module.emit_wasm()
}

/// An account of that function in which a call came to nothing that follows the first conditional branch.
fn passed_by(whole: &[u8]) -> String {
    let module = cut::parsed(whole).unwrap();
    let body = module.funcs.iter_local().next().unwrap().1;
    let all = stretches(body).unwrap();
    let branches = |stretch: &&Stretch| matches!(body.block(stretch.sequence).instrs[stretch.end - 1].0, Instr::BrIf(_));
    let branch = *all.iter().find(branches).unwrap();
    // The sequences of the arms come after the block that has them.
    let stays = |stretch: &Stretch| stretch.sequence < branch.sequence || *stretch == branch;
    let numbers: Vec<String> = (0..all.len()).filter(|number| stays(&all[*number])).map(|number| number.to_string()).collect();
    format!("\n{}\n", numbers.join(" "))
}

#[test]
fn a_run_that_is_passed_by_becomes_a_function_with_its_locals_and_ways_out() {
    let whole = passing(false);
    let profile = Profile::read(&passed_by(&whole)).unwrap();
    let (module, plan) = outline::outlined(&whole, &profile).unwrap();
    let taken: Vec<_> = module.funcs.iter_local().filter(|(id, _)| plan.part_of(id.index()) == 1).collect();
    let [(_, taken)] = taken.as_slice() else { panic!("{} functions were taken out", taken.len()) };
    // It is given the argument and the sum so far; it gives back the sum, what is returned, and where to go on.
    let ty = module.types.get(taken.ty());
    assert_eq!((ty.params(), ty.results()), (&[ValType::I32; 2][..], &[ValType::I32; 3][..]));
    let main = module.funcs.iter_local().find(|(id, _)| plan.part_of(id.index()) == 0).unwrap().1;
    assert!(main.size() < 30, "{} instructions stay", main.size());
    let parts = cut::parts(&whole, &profile).unwrap();
    assert_eq!((parts.len(), names(&parts[1]).2), (2, 1));
}

#[test]
fn a_function_with_a_loop_for_every_byte_stays_whole() {
    let whole = passing(false);
    let (module, _) = outline::outlined(&whole, &Profile::read(&format!("0{}", passed_by(&whole))).unwrap()).unwrap();
    assert_eq!(module.funcs.iter_local().count(), 1);
}

#[test]
fn a_run_with_a_way_out_that_takes_a_value_along_stays() {
    let whole = passing(true);
    let profile = Profile::read(&passed_by(&whole)).unwrap();
    assert_eq!(outline::outlined(&whole, &profile).unwrap().0.funcs.iter_local().count(), 1);
}

#[test]
fn what_a_loop_reads_again_is_live_at_its_end() {
    let mut module = Module::default();
    let [count, sum, spare] = [(); 3].map(|()| module.locals.add(ValType::I32));
    let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[ValType::I32]);
    let mut body = builder.func_body();
    let mut start = None;
    body.loop_(None, |again| {
        start = Some(again.id());
        again.local_get(count).i32_const(1).binop(BinaryOp::I32Sub).local_set(count);
        again.local_get(sum).i32_const(2).binop(BinaryOp::I32Add).local_tee(sum).local_set(spare);
        again.local_get(count).br_if(start.unwrap());
    });
    body.local_get(sum);
    let function = builder.finish(vec![count], &mut module.funcs);
    let body = module.funcs.get(function).kind.unwrap_local();
    let (start, entry) = (start.unwrap(), body.entry_block());
    let live = Live::of(body, [(start, 4), (start, 11), (entry, 0), (entry, 1), (entry, 2)]);
    let set = |locals: &[_]| locals.iter().copied().collect::<Locals>();
    // The sum before the loop is read by the loop: whoever calls gives none, so it is zero.
    assert_eq!(*live.at((entry, 0)), set(&[count, sum]));
    assert_eq!(*live.at((start, 4)), set(&[count, sum]));
    assert_eq!(*live.at((start, 11)), set(&[sum]));
    assert_eq!(*live.at((entry, 1)), set(&[sum]));
    assert!(live.at((entry, 2)).is_empty());
}
