//! A module that tells which stretches of its functions are executed, and what such an account says.

use crate::{Outcome, cut::parsed, plan::local_functions, stretches::stretches};
use std::collections::BTreeSet;
use walrus::ValType;
use walrus::ir::{Call, Const, Value};

/// The same module; each stretch first calls the import `__called` with its number: they are counted in the order of the functions.
pub(crate) fn instrumented(whole: &[u8]) -> Outcome<Vec<u8>> {
    let mut module = parsed(whole)?;
    let functions = local_functions(&module);
    let from = crate::cut::import_module(&module)?;
    let takes_a_number = module.types.add(&[ValType::I32], &[]);
    let (called, _) = module.add_import_func(&from, "__called", takes_a_number);
    let mut before = 0;
    for id in functions {
        let body = module.funcs.get_mut(id).kind.unwrap_local_mut();
        let mut found: Vec<_> = stretches(body)?.into_iter().zip(before..).collect();
        before += found.len() as i32;
        // From the back: the places of those before stay what they are.
        found.sort_unstable_by_key(|(stretch, _)| std::cmp::Reverse(stretch.first));
        for (stretch, number) in found {
            let mut sequence = body.builder_mut().instr_seq(stretch.sequence);
            sequence.instr_at(stretch.first, Call { func: called });
            sequence.instr_at(stretch.first, Const { value: Value::I32(number) });
        }
    }
    Ok(module.emit_wasm())
}

/// Which stretches each group of cases came to that no group before it did.
#[derive(Debug)]
pub(crate) struct Profile {
    often: BTreeSet<usize>,
    groups: Vec<BTreeSet<usize>>,
}

impl Profile {
    /// Reads an account: a line with the numbers of the stretches that one case came to very often, and a line for each group.
    pub(crate) fn read(text: &str) -> Outcome<Self> {
        let number = |word: &str| word.parse().map_err(|_| format!("“{word}” is no number of a stretch"));
        let mut lines = text.lines().map(|line| line.split_whitespace().map(number).collect::<Outcome<_>>());
        Ok(Self { often: lines.next().transpose()?.unwrap_or_default(), groups: lines.collect::<Outcome<_>>()? })
    }

    /// Whether one of some stretches is the inside of a loop that runs for every byte, or nearly so.
    pub(crate) fn is_often(&self, mut stretches: std::ops::Range<usize>) -> bool {
        stretches.any(|stretch| self.often.contains(&stretch))
    }

    /// The group of a stretch; what no case came to is the last group.
    pub(crate) fn group(&self, stretch: usize) -> usize {
        self.groups.iter().position(|group| group.contains(&stretch)).unwrap_or(self.last())
    }

    /// The number of the last group.
    pub(crate) fn last(&self) -> usize {
        self.groups.len()
    }
}
