//! All profiles in one pass, and the search for the second in which an image was built.

use super::layer::{BuildTime, END, header, padding};
use super::profile::Profile;
use crate::digest::{DiffId, Sha256};
use crate::rebuild::tree::{Item, Tree};
use crate::recipe::go_tar::{BLOCK, MTIME, put_octal, sum};

/// A layer that somebody's builder would have made of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerCandidate {
    /// How it was written.
    pub profile: Profile,
    /// Digest of the tar; `None` when it depends on the second of the build (see [`search`]).
    pub diff_id: Option<DiffId>,
    /// Size of the tar in bytes.
    pub size: u64,
}

/// Profiles whose tars were equal so far.
#[derive(Clone)]
struct Group {
    profiles: Vec<Profile>,
    hash: Sha256,
    size: u64,
    /// Whether a time of the builder's clock has come, so that the digest is not the layer's.
    is_timed: bool,
}

impl Group {
    fn update(&mut self, data: &[u8]) {
        self.hash.update(data);
        self.size += data.len() as u64;
    }
}

/// The layer in every profile, in the order of `profiles`. Contents are hashed once for all profiles that agree so far.
pub fn candidates(tree: &Tree, profiles: &[Profile]) -> Vec<LayerCandidate> {
    let mut groups = vec![Group { profiles: profiles.to_vec(), hash: Sha256::new(), size: 0, is_timed: false }];
    for item in &tree.list() {
        groups = groups.into_iter().flat_map(|group| branch(tree, item, group)).collect();
        for group in groups.iter_mut().filter(|group| !group.is_timed) {
            tree.content(item).for_each(|piece| group.hash.update(piece));
            group.hash.update(padding(item.size()));
        }
        groups.iter_mut().for_each(|group| group.size += item.size().next_multiple_of(BLOCK as u64));
    }
    groups.iter_mut().for_each(|group| group.update(END));
    let of = |profile: &Profile| {
        let group = groups.iter().find(|group| group.profiles.contains(profile))?;
        let diff_id = (!group.is_timed).then(|| DiffId(group.hash.digest()));
        Some(LayerCandidate { profile: *profile, diff_id, size: group.size })
    };
    profiles.iter().filter_map(of).collect()
}

/// Writes one header; a group whose profiles write different ones becomes several.
fn branch(tree: &Tree, item: &Item, group: Group) -> Vec<Group> {
    let mut branches: Vec<(Vec<u8>, bool, Group)> = Vec::new();
    for profile in &group.profiles {
        let written = header(tree, item, *profile, None);
        match branches.iter_mut().find(|(bytes, timed, _)| *bytes == written.bytes && *timed == written.is_timed) {
            Some((.., branch)) => branch.profiles.push(*profile),
            None => branches.push((written.bytes, written.is_timed, Group { profiles: vec![*profile], ..group.clone() })),
        }
    }
    let take = |(bytes, timed, mut branch): (Vec<u8>, bool, Group)| {
        branch.update(&bytes);
        branch.is_timed |= timed;
        branch
    };
    branches.into_iter().map(take).collect()
}

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
    /// Seconds nearest to the likeliest one first.
    fn seconds(self) -> impl Iterator<Item = i64> {
        let farthest = i64::from(self.before.max(self.after));
        let before = move |offset: i64| (offset > 0 && offset <= i64::from(self.before)).then(|| self.from - offset);
        let after = move |offset: i64| (offset <= i64::from(self.after)).then(|| self.from + offset);
        (0..=farthest).flat_map(move |offset| [after(offset), before(offset)]).flatten().filter(|second| *second >= 0)
    }
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Searched {
    /// The layer with the wanted digest.
    Found {
        /// How it was written.
        profile: Profile,
        /// The build's time.
        time: BuildTime,
    },
    /// Nothing in the window.
    NotFound,
    /// The budget ended before the window.
    Exhausted,
}

/// Looks for the second of the build with which the layer has the wanted digest. Returns what was found, and how many bytes
/// were hashed: at most `budget`.
///
/// Everything before the first unknown time is hashed once, the rest once for each second. Profiles are tried one after the
/// other. After whole seconds, builds that went on into the next second are tried.
pub fn search(tree: &Tree, profiles: &[Profile], wanted: DiffId, window: Window, budget: u64) -> (Searched, u64) {
    let items = tree.list();
    let mut tails: Vec<Tail> = Vec::new();
    for profile in profiles {
        let tail = Tail::new(tree, &items, *profile);
        if !tail.headers.is_empty() && tails.iter().all(|known| known.start != tail.start || known.headers != tail.headers) {
            tails.push(tail);
        }
    }
    let splits = splits(tree, &items);
    let (mut spent, mut outcome) = (0, Searched::NotFound);
    for tail in &mut tails {
        let seconds = (budget - spent) / tail.cost.max(1);
        let whole = window.seconds().map(BuildTime::at);
        let split = window.seconds().flat_map(|second| splits.iter().map(move |until| BuildTime { second, until: *until }));
        for (time, number) in whole.chain(split).zip(0..) {
            if number == seconds {
                outcome = Searched::Exhausted;
                break;
            }
            spent += tail.cost;
            if tail.digest(time) == wanted {
                return (Searched::Found { profile: tail.profile, time }, spent);
            }
        }
    }
    (outcome, spent)
}

/// After which entries the clock may have gone on: between two directories that changed at different entries.
fn splits(tree: &Tree, items: &[Item]) -> Vec<u32> {
    let timed = items.iter().filter(|item| header(tree, item, Profile::PLAIN, None).is_timed);
    let mut changes: Vec<u32> = timed.map(|item| tree.changed(item)).collect();
    changes.sort_unstable();
    changes.dedup();
    changes.pop();
    changes
}

/// A layer from its first unknown time on.
struct Tail<'a> {
    profile: Profile,
    tree: &'a Tree,
    items: &'a [Item],
    /// The state before the first header with an unknown time.
    hash: Sha256,
    start: usize,
    headers: Vec<Vec<u8>>,
    timed: Vec<bool>,
    /// Bytes to hash for one second.
    cost: u64,
}

impl<'a> Tail<'a> {
    fn new(tree: &'a Tree, items: &'a [Item], profile: Profile) -> Self {
        let (mut hash, mut start) = (Sha256::new(), 0);
        for item in items {
            let written = header(tree, item, profile, None);
            if written.is_timed {
                break;
            }
            hash.update(&written.bytes);
            tree.content(item).for_each(|piece| hash.update(piece));
            hash.update(padding(item.size()));
            start += 1;
        }
        let items = &items[start..];
        let (headers, timed): (Vec<_>, Vec<_>) = items
            .iter()
            .map(|item| {
                let written = header(tree, item, profile, None);
                (written.bytes, written.is_timed)
            })
            .unzip();
        let contents: u64 = items.iter().map(|item| item.size().next_multiple_of(BLOCK as u64)).sum();
        let cost = contents + headers.iter().map(|header| header.len() as u64).sum::<u64>() + END.len() as u64;
        Self { profile, tree, items, hash, start, headers, timed, cost }
    }

    fn digest(&mut self, time: BuildTime) -> DiffId {
        let mut hash = self.hash.clone();
        for ((item, header), timed) in self.items.iter().zip(&mut self.headers).zip(&self.timed) {
            if *timed {
                set_time(header, time.second + i64::from(self.tree.changed(item) > time.until));
            }
            hash.update(header);
            self.tree.content(item).for_each(|piece| hash.update(piece));
            hash.update(padding(item.size()));
        }
        hash.update(END);
        DiffId(hash.digest())
    }
}

/// Writes another time into the last block of a header.
fn set_time(header: &mut [u8], second: i64) {
    if let Some(block) = header.last_chunk_mut::<BLOCK>() {
        put_octal(&mut block[MTIME], second);
        sum(block);
    }
}
