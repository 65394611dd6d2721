//! The search for the second in which a layer was made, or a file was checked out.

use super::candidates::listings;
use super::layer::{BuildTime, Clock, END, header, padding};
use super::profile::Profile;
use crate::digest::{DiffId, Sha256};
use crate::order::Gather;
use crate::rebuild::tree::{Diff, Item, Tree};
use crate::recipe::go_tar::{BLOCK, MTIME, put_octal, sum};

/// Seconds to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The likeliest second, tried first.
    pub from: i64,
    /// So many seconds before it are tried.
    pub before: u32,
    /// So many seconds after it are tried.
    pub after: u32,
}

impl Window {
    /// The first and the last second.
    pub fn bounds(self) -> (i64, i64) {
        (self.from - i64::from(self.before), self.from + i64::from(self.after))
    }

    /// Seconds nearest to the likeliest one first.
    fn seconds(self) -> impl Iterator<Item = i64> {
        let farthest = i64::from(self.before.max(self.after));
        let before = move |offset: i64| (offset > 0 && offset <= i64::from(self.before)).then(|| self.from - offset);
        let after = move |offset: i64| (offset <= i64::from(self.after)).then(|| self.from + offset);
        (0..=farthest).flat_map(move |offset| [after(offset), before(offset)]).flatten().filter(|second| *second >= 0)
    }
}

/// Where the two clocks are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// When the layer was made.
    pub built: Window,
    /// When files were checked out.
    pub checked_out: Window,
}

/// So many times are tried in every profile before the likeliest profile is tried alone.
const NEAR: usize = 600;
/// Where a layer holds times of both clocks, so many seconds of the builder's are tried.
const SECONDS_OF_BOTH: usize = 8;

impl Times {
    /// Every pair to try for a layer with these clocks; `splits` are the entries after which the builder's clock may have gone
    /// on.
    fn all(self, clocks: Clocks, splits: &[u32]) -> Box<dyn Iterator<Item = BuildTime> + '_> {
        match clocks {
            Clocks { checkout: false, .. } => {
                let whole = self.built.seconds().map(BuildTime::at);
                let split = move |second| splits.iter().map(move |until| BuildTime { until: *until, ..BuildTime::at(second) });
                Box::new(whole.chain(self.built.seconds().flat_map(split)))
            }
            Clocks { build: false, .. } => Box::new(
                self.checked_out.seconds().map(|second| BuildTime { checked_out: Some(second), ..BuildTime::at(second) }),
            ),
            Clocks { .. } => Box::new(self.checked_out.seconds().flat_map(move |checked_out| {
                let built = self.built.seconds().take(SECONDS_OF_BOTH);
                built.map(move |second| BuildTime { checked_out: Some(checked_out), ..BuildTime::at(second) })
            })),
        }
    }
}

/// Which clocks a layer holds times of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Clocks {
    build: bool,
    checkout: bool,
}

/// The layer with the wanted digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// How it was written.
    pub profile: Profile,
    /// How the builder found out what belongs to it.
    pub diff: Diff,
    /// Its times.
    pub time: BuildTime,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Searched {
    /// The layer with the wanted digest.
    Found(Found),
    /// Nothing in the window.
    NotFound,
    /// The budget ended before the window.
    Exhausted,
}

/// Looks for the times with which the layer has the wanted digest. Returns what was found, and how many bytes were hashed: at
/// most `budget`.
///
/// Everything before the first unknown time is hashed once, the rest once for each time. What is near is tried first, in all
/// profiles. After whole seconds, builds that went on into the next second are tried.
pub fn search(tree: &Tree, profiles: &[Profile], wanted: DiffId, times: Times, budget: u64) -> (Searched, u64) {
    let listings = listings(tree, profiles);
    let mut tails: Vec<Tail> = Vec::new();
    for (diff, items, profiles) in &listings {
        for profile in profiles {
            let tail = Tail::new(tree, items, (*profile, *diff));
            if !tail.headers.is_empty() && tails.iter().all(|known| !known.is_like(&tail)) {
                tails.push(tail);
            }
        }
    }
    let clocks = tails.iter().fold(Clocks::default(), |known, tail| known.with(tail.clocks()));
    let splits = splits(tree, &tails);
    let mut spent = 0;
    // Near ones in every profile, then the far ones profile by profile: the likeliest is through before the budget ends.
    let all = |far| times.all(clocks, &splits).skip(if far { NEAR } else { 0 }).take(if far { usize::MAX } else { NEAR });
    let near = all(false).flat_map(|time| (0..tails.len()).map(move |tail| (tail, time)));
    let far = (0..tails.len()).flat_map(|tail| all(true).map(move |time| (tail, time)));
    for (tail, time) in near.chain(far) {
        let tail = &tails[tail];
        if budget - spent < tail.cost {
            return (Searched::Exhausted, spent);
        }
        spent += tail.cost;
        if tail.digest(time) == wanted {
            return (Searched::Found(Found { profile: tail.form.0, diff: tail.form.1, time }), spent);
        }
    }
    (Searched::NotFound, spent)
}

impl Clocks {
    fn with(self, other: Self) -> Self {
        Self { build: self.build || other.build, checkout: self.checkout || other.checkout }
    }
}

/// After which entries the clock may have gone on: between two directories that changed at different entries.
fn splits(tree: &Tree, tails: &[Tail<'_>]) -> Vec<u32> {
    let timed = tails.iter().flat_map(|tail| tail.items.iter().zip(&tail.clocks).filter(|(_, clock)| **clock == Clock::Build));
    let mut changes: Vec<u32> = timed.map(|(item, _)| tree.changed(item)).list();
    changes.sort_unstable();
    changes.dedup();
    changes.pop();
    changes
}

/// A layer from its first unknown time on.
struct Tail<'a> {
    form: (Profile, Diff),
    tree: &'a Tree,
    items: &'a [Item],
    /// The state before the first header with an unknown time.
    hash: Sha256,
    headers: Vec<Vec<u8>>,
    clocks: Vec<Clock>,
    /// Bytes to hash for one time.
    cost: u64,
}

impl<'a> Tail<'a> {
    fn new(tree: &'a Tree, items: &'a [Item], form: (Profile, Diff)) -> Self {
        let mut hash = Sha256::new();
        let mut written: Vec<_> = items.iter().map(|item| header(tree, item, form.0, None)).list();
        let start = written.iter().position(|written| written.clock != Clock::None).unwrap_or(items.len());
        for (item, written) in items.iter().zip(written.drain(..start)) {
            hash.update(&written.bytes);
            tree.content(item).for_each(|piece| hash.update(piece));
            hash.update(padding(item.size()));
        }
        let items = &items[start..];
        let (headers, clocks): (Vec<_>, Vec<_>) = written.into_iter().map(|written| (written.bytes, written.clock)).unzip();
        let contents: u64 = items.iter().map(|item| item.size().next_multiple_of(BLOCK as u64)).sum();
        let cost = contents + headers.iter().map(|header| header.len() as u64).sum::<u64>() + END.len() as u64;
        Self { form, tree, items, hash, headers, clocks, cost }
    }

    /// Whether both give the same layers.
    fn is_like(&self, other: &Self) -> bool {
        self.hash.digest() == other.hash.digest() && self.headers == other.headers && self.clocks == other.clocks
    }

    fn clocks(&self) -> Clocks {
        Clocks { build: self.clocks.contains(&Clock::Build), checkout: self.clocks.contains(&Clock::Checkout) }
    }

    fn digest(&self, time: BuildTime) -> DiffId {
        let mut hash = self.hash.clone();
        for ((item, header), clock) in self.items.iter().zip(&self.headers).zip(&self.clocks) {
            match clock {
                Clock::None => hash.update(header),
                Clock::Build => with_time(header, time.built(self.tree.changed(item)), &mut hash),
                Clock::Checkout => with_time(header, time.copied(), &mut hash),
            }
            self.tree.content(item).for_each(|piece| hash.update(piece));
            hash.update(padding(item.size()));
        }
        hash.update(END);
        DiffId(hash.digest())
    }
}

/// Hashes a header with another time in its last block.
fn with_time(header: &[u8], second: i64, hash: &mut Sha256) {
    if let Some((before, block)) = header.split_last_chunk::<BLOCK>() {
        let mut block = *block;
        put_octal(&mut block[MTIME], second);
        sum(&mut block);
        hash.update(before);
        hash.update(&block);
    }
}
