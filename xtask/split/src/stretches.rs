//! Stretches: runs of instructions that are executed as a whole, so that one mark at their start tells of all.

use crate::Outcome;
use walrus::LocalFunction;
use walrus::ir::{Instr, InstrSeqId};

/// A run of instructions of one sequence, from a place that control may come to up to the first instruction that it may leave from.
/// Sequences within it are stretches of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) sequence: InstrSeqId,
    pub(crate) first: usize,
    /// The place after its last instruction.
    pub(crate) end: usize,
}

/// The stretches of a function: the one it is entered by first, each before those within it.
pub(crate) fn stretches(body: &LocalFunction) -> Outcome<Vec<Stretch>> {
    let mut found = Vec::new();
    let mut open = vec![body.entry_block()];
    while let Some(sequence) = open.pop() {
        let instructions = &body.block(sequence).instrs;
        let mut first = 0;
        for (place, (instruction, _)) in instructions.iter().enumerate() {
            let within = inner(instruction);
            open.extend(&within);
            if !within.is_empty() || leaves(instruction)? || place + 1 == instructions.len() {
                found.push(Stretch { sequence, first, end: place + 1 });
                first = place + 1;
            }
        }
    }
    Ok(found)
}

/// The sequences within an instruction.
pub(crate) fn inner(instruction: &Instr) -> Vec<InstrSeqId> {
    match instruction {
        Instr::Block(block) => vec![block.seq],
        Instr::Loop(block) => vec![block.seq],
        Instr::IfElse(both) => vec![both.consequent, both.alternative],
        _ => Vec::new(),
    }
}

/// Whether control may go elsewhere than to the next instruction.
fn leaves(instruction: &Instr) -> Outcome<bool> {
    match instruction {
        Instr::Br(_) | Instr::BrIf(_) | Instr::BrTable(_) | Instr::Return(_) | Instr::Unreachable(_) => Ok(true),
        Instr::TryTable(_)
        | Instr::Try(_)
        | Instr::Throw(_)
        | Instr::ThrowRef(_)
        | Instr::Rethrow(_)
        | Instr::BrOnNull(_)
        | Instr::BrOnNonNull(_)
        | Instr::BrOnCast(_)
        | Instr::BrOnCastFail(_)
        | Instr::ReturnCall(_)
        | Instr::ReturnCallIndirect(_)
        | Instr::ReturnCallRef(_) => Err(format!("a function goes elsewhere in a way that is not known here: {instruction:?}")),
        _ => Ok(false),
    }
}
