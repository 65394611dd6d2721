//! How deep indexes lie in indexes. One index in an index is what builders write; a long chain is made to tire readers.

use super::edges::Reference;
use crate::case::{Case, ItemId};
use crate::oci::Content;
use crate::order::{Gather, Map, Set};

/// Marks the references that lead beyond the limit `index-depth`, and takes away those of documents that only they lead to:
/// what lies below is not followed, and the mark says so.
pub(super) fn cut<'c>(case: &'c Case, mut references: Vec<Reference<'c>>) -> Vec<Reference<'c>> {
    let is_index = |id: ItemId| case.item(id).document().is_some_and(|document| matches!(document.content, Content::Index(_)));
    if references.iter().filter(|reference| reference.target.is_some_and(is_index)).count() < most(case) {
        return references;
    }
    let targets: Set<ItemId> = references.iter().filter_map(|reference| reference.target).collect();
    let mut below: Map<ItemId, Vec<usize>> = Map::new();
    for (number, reference) in references.iter().enumerate() {
        below.entry(reference.holder).or_default().push(number);
    }
    let mut reached: Set<ItemId> = below.keys().copied().filter(|holder| !targets.contains(holder)).collect();
    let mut level: Vec<ItemId> = reached.iter().copied().list();
    let mut beyond = Vec::new();
    for depth in 1.. {
        let mut next = Vec::new();
        while let Some(holder) = level.pop() {
            for number in below.get(&holder).into_iter().flatten() {
                let Some(target) = references[*number].target else { continue };
                match (is_index(target), depth < most(case)) {
                    (true, false) => beyond.push((*number, target)),
                    (true, true) if reached.insert(target) => next.push(target),
                    // A manifest lies as deep as the index that names it.
                    (false, _) if reached.insert(target) => level.push(target),
                    _ => {}
                }
            }
        }
        if next.is_empty() {
            break;
        }
        level = next;
    }
    let dropped = closure(&references, &below, &reached, &beyond);
    for (number, target) in &beyond {
        references[*number].is_too_deep = !reached.contains(target);
    }
    references.retain(|reference| !dropped.contains(&reference.holder));
    references
}

fn most(case: &Case) -> usize {
    usize::try_from(case.options().limits.index_depth).unwrap_or(usize::MAX)
}

/// The documents that only references beyond the limit lead to.
fn closure(
    references: &[Reference<'_>],
    below: &Map<ItemId, Vec<usize>>,
    reached: &Set<ItemId>,
    beyond: &[(usize, ItemId)],
) -> Set<ItemId> {
    let mut dropped = Set::new();
    let mut open: Vec<ItemId> = beyond.iter().map(|(_, target)| *target).list();
    while let Some(id) = open.pop() {
        if !reached.contains(&id) && dropped.insert(id) {
            open.extend(below.get(&id).into_iter().flatten().filter_map(|number| references[*number].target));
        }
    }
    dropped
}
