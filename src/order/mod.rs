//! Order at the price of one sort: sorting and collecting that take little room in the page's module.
//!
//! The sort of the standard library and the bulk build of its trees are made anew for every type that is sorted or collected,
//! each time some kilobytes of the module that every visit loads. What is sorted once a report is sorted here by its indices,
//! with one sort for all types. What runs once a byte or an entry of an archive keeps the standard library's speed.

use std::cmp::Ordering;

/// Sorts by an order of one's own; equal items stay in their order.
pub fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    let mut order: Vec<usize> = (0..items.len()).collect();
    sort_indices(&mut order, &mut |left, right| compare(&items[left], &items[right]));
    arrange(&mut order, &mut |left, right| items.swap(left, right));
}

/// Sorts by the order of the type; equal items stay in their order.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// Sorts by a key; items with equal keys stay in their order. The key is made anew for each comparison.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], mut key: impl FnMut(&T) -> K) {
    sort_by(items, |left, right| key(left).cmp(&key(right)));
}

fn sort_indices(order: &mut [usize], compare: &mut dyn FnMut(usize, usize) -> Ordering) {
    order.sort_by(|left, right| compare(*left, *right));
}

/// Swaps until each place holds what `order` names for it: along each cycle, so no item moves more often than it must.
fn arrange(order: &mut [usize], swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..order.len() {
        let mut place = start;
        while order[place] != start {
            let from = std::mem::replace(&mut order[place], place);
            swap(place, from);
            place = from;
        }
        order[place] = place;
    }
}

/// Collects one by one.
pub trait Gather: Iterator + Sized {
    /// Like `collect`, for a map or a set: the last value of a key counts.
    fn gather<C: Default + Extend<Self::Item>>(self) -> C {
        let mut all = C::default();
        all.extend(self);
        all
    }
}

impl<I: Iterator> Gather for I {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// Every list of `length` numbers below `length`: all permutations are among them, and all ways of being equal.
    fn lists(length: usize) -> impl Iterator<Item = Vec<usize>> {
        (0..length.pow(length as u32)).map(move |number| (0..length as u32).map(|at| number / length.pow(at) % length).collect())
    }

    #[test]
    fn every_short_list_as_the_standard_library_sorts_it() {
        for list in (0..=6).flat_map(lists) {
            let numbered: Vec<(usize, String)> = list.iter().enumerate().map(|(at, key)| (*key, at.to_string())).collect();
            let (mut ours, mut theirs) = (numbered.clone(), numbered);
            sort_by_key(&mut ours, |(key, _)| *key);
            theirs.sort_by_key(|(key, _)| *key);
            assert_eq!(ours, theirs, "{list:?}");
            sort_by(&mut ours, |left, right| right.0.cmp(&left.0));
            theirs.sort_by_key(|pair| std::cmp::Reverse(pair.0));
            assert_eq!(ours, theirs, "{list:?} backwards");
        }
    }

    #[test]
    fn a_long_list_is_sorted_and_stays_stable() {
        let mut ours: Vec<(u64, u64)> = (0..5000).map(|at| (at * 7919 % 61, at)).collect();
        let mut theirs = ours.clone();
        sort_by_key(&mut ours, |pair| pair.0);
        theirs.sort_by_key(|pair| pair.0);
        assert_eq!(ours, theirs);
        ours.reverse();
        sort(&mut ours);
        assert_eq!(ours, theirs);
    }

    #[test]
    fn gathering_keeps_what_collecting_keeps() {
        let pairs = [("b", 1), ("a", 2), ("b", 3)];
        let (ours, theirs): (BTreeMap<_, _>, BTreeMap<_, _>) = (pairs.into_iter().gather(), pairs.into_iter().collect());
        assert_eq!((&ours, ours["b"]), (&theirs, 3));
        let set: BTreeSet<&str> = pairs.into_iter().map(|pair| pair.0).gather();
        assert_eq!(set, BTreeSet::from(["a", "b"]));
    }
}
