//! Order at the price of one sort: sorting, maps, sets and collecting that take little room in the page's module.
//!
//! The sort of the standard library and its trees are made anew for every type that is sorted or kept, each time some kilobytes
//! of the module that every visit loads. What is sorted once a report is sorted here by its indices, with one sort for all types,
//! and maps and sets are lists with such indices beside them. What runs once a byte or an entry of an archive keeps the standard
//! library's speed.

mod index;
mod map;
mod set;
#[cfg(test)]
mod tests;

pub use map::Map;
pub use set::Set;

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
    /// Like `collect`, for a list: the items are pushed one after the other, whatever the iterator says of their number. The
    /// standard library asks for the number and takes the first item by itself, which is twice the code for each list.
    fn list(self) -> Vec<Self::Item> {
        let mut all = Vec::new();
        self.for_each(|item| all.push(item));
        all
    }

    /// Like `collect`, for a map or a set: the last value of a key counts.
    fn gather<C: Default + Extend<Self::Item>>(self) -> C {
        let mut all = C::default();
        all.extend(self);
        all
    }
}

impl<I: Iterator> Gather for I {}
