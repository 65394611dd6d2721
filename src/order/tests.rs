//! Sorts, maps and sets beside those of the standard library.

use super::{Gather, Map, Set, sort, sort_by, sort_by_key};
use std::collections::{BTreeMap, BTreeSet};

/// Numbers that look random (Knuth's MMIX generator), the same ones in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

fn key(number: u64) -> String {
    format!("{number:05}")
}

/// Holds everything that can be read from our map against theirs.
fn assert_same(ours: &Map<String, u64>, theirs: &BTreeMap<String, u64>) {
    assert_eq!((ours.len(), ours.is_empty()), (theirs.len(), theirs.is_empty()));
    assert!(ours.iter().eq(theirs.iter()));
    assert!(ours.iter().rev().eq(theirs.iter().rev()));
    assert!(ours.keys().eq(theirs.keys()) && ours.values().rev().eq(theirs.values().rev()));
    assert_eq!(ours.iter().len(), theirs.len());
    assert!(ours.clone().into_iter().eq(theirs.clone()));
}

/// One operation on both.
fn step(numbers: &mut Numbers, keys: u64, ours: &mut Map<String, u64>, theirs: &mut BTreeMap<String, u64>) {
    let (name, value) = (key(numbers.below(keys)), numbers.below(1000));
    match numbers.below(8) {
        0..=2 => assert_eq!(ours.insert(name.clone(), value), theirs.insert(name, value)),
        3 | 4 => assert_eq!(ours.remove(name.as_str()), theirs.remove(name.as_str())),
        5 => {
            *ours.entry(name.clone()).or_insert(value) += 1;
            *theirs.entry(name).or_insert(value) += 1;
        }
        6 => assert_eq!(ours.get(&name), theirs.get(&name)),
        _ => {
            assert_eq!(ours.get_mut(&name), theirs.get_mut(&name));
            assert_eq!(ours.contains_key(&name), theirs.contains_key(&name));
        }
    }
}

#[test]
fn a_map_does_what_a_tree_does() {
    for (seed, keys) in [(1, 3), (2, 40), (3, 3000), (4, 90_000)] {
        let (mut numbers, mut ours, mut theirs) = (Numbers(seed), Map::new(), BTreeMap::new());
        for round in 0..20 {
            for _ in 0..400 {
                step(&mut numbers, keys, &mut ours, &mut theirs);
            }
            if round % 5 == 4 {
                ours.retain(|name, value| name.ends_with('3') || *value % 2 == 0);
                theirs.retain(|name, value| name.ends_with('3') || *value % 2 == 0);
            }
            if round % 7 == 6 {
                ours.values_mut().zip(0..).for_each(|(value, number)| *value += number);
                theirs.values_mut().zip(0..).for_each(|(value, number)| *value += number);
            }
            assert_same(&ours, &theirs);
        }
    }
}

#[test]
fn a_map_may_come_in_any_order_and_go_in_any_other() {
    const MANY: u64 = 3000;
    let orders: [fn(u64) -> u64; 4] =
        [|at| at, |at| MANY - 1 - at, |at| at * 7919 % MANY, |at| if at % 2 == 0 { at / 2 } else { MANY - 1 - at / 2 }];
    for come in orders {
        let pairs = || (0..MANY).map(|at| (key(come(at)), at));
        let (mut ours, mut theirs): (Map<_, _>, BTreeMap<_, _>) = (pairs().collect(), pairs().collect());
        assert_same(&ours, &theirs);
        for go in orders {
            for at in (0..MANY / 4).map(go) {
                assert_eq!(ours.remove(&key(at)), theirs.remove(&key(at)));
            }
            assert_same(&ours, &theirs);
        }
        ours.clear();
        assert_same(&ours, &BTreeMap::new());
    }
}

#[test]
fn an_entry_is_made_once_and_the_first_key_stays() {
    let mut map = Map::from([("b", 1)]);
    assert_eq!(*map.entry("a").or_insert(7), 7);
    assert_eq!(*map.entry("a").or_insert_with(|| unreachable!()), 7);
    *map.entry("c").or_default() += 2;
    assert_eq!(map, Map::from([("c", 2), ("a", 7), ("b", 1)]));
    assert_eq!(format!("{map:?}"), r#"{"a": 7, "b": 1, "c": 2}"#);
    assert_eq!(serde_json::to_string(&map).unwrap(), r#"{"a":7,"b":1,"c":2}"#);
    assert!(map.into_values().eq([7, 1, 2]));
}

#[test]
fn maps_compare_by_keys_and_values_and_not_by_arrival() {
    let lists = [vec![], vec![(1, 1)], vec![(1, 2)], vec![(2, 0), (1, 1)], vec![(1, 1), (2, 0)], vec![(2, 0)]];
    for (left, right) in lists.iter().flat_map(|left| lists.iter().map(move |right| (left, right))) {
        let ours: [Map<i32, i32>; 2] = [left, right].map(|list| list.iter().copied().collect());
        let theirs: [BTreeMap<i32, i32>; 2] = [left, right].map(|list| list.iter().copied().collect());
        assert_eq!(ours[0].cmp(&ours[1]), theirs[0].cmp(&theirs[1]), "{left:?} {right:?}");
        assert_eq!(ours[0] == ours[1], theirs[0] == theirs[1], "{left:?} {right:?}");
    }
}

#[test]
fn a_set_does_what_a_tree_does() {
    let (mut numbers, mut ours, mut theirs) = (Numbers(5), Set::new(), BTreeSet::new());
    for _ in 0..8000 {
        let item = key(numbers.below(2000));
        match numbers.below(3) {
            0 => assert_eq!(ours.remove(item.as_str()), theirs.remove(item.as_str())),
            1 => assert_eq!(ours.contains(item.as_str()), theirs.contains(item.as_str())),
            _ => assert_eq!(ours.insert(item.clone()), theirs.insert(item)),
        }
    }
    assert_eq!((ours.len(), ours.is_empty(), Set::from([1; 0]).is_empty()), (theirs.len(), false, true));
    assert!(ours.iter().eq(theirs.iter()) && ours.iter().rev().eq(theirs.iter().rev()));
    assert_eq!(ours, theirs.iter().rev().cloned().collect());
    assert!(ours.into_iter().eq(theirs));
}

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
    let (ours, theirs): (Map<_, _>, BTreeMap<_, _>) = (pairs.into_iter().gather(), pairs.into_iter().collect());
    assert_eq!((ours.iter().eq(&theirs), ours.get("b")), (true, Some(&3)));
    let set: BTreeSet<&str> = pairs.into_iter().map(|pair| pair.0).gather();
    assert_eq!(set, BTreeSet::from(["a", "b"]));
}
