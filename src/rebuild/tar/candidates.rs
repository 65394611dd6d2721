//! All profiles in one pass.

use super::layer::{Clock, END, header, padding};
use super::profile::Profile;
use crate::digest::{DiffId, Sha256};
use crate::order::Gather;
use crate::rebuild::tree::{Diff, Item, Tree};
use crate::recipe::go_tar::BLOCK;

/// A layer that somebody's builder would have made of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerCandidate {
    /// How it was written.
    pub profile: Profile,
    /// How the builder found out what belongs to it.
    pub diff: Diff,
    /// Digest of the tar; `None` when it depends on the second of the build (see [`search`](super::search())).
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

/// The paths of the layer in each way of finding changes that gives others, with the profiles that find them so. Profiles that
/// find the same in two ways are named once.
pub(super) fn listings(tree: &Tree, profiles: &[Profile]) -> Vec<(Diff, Vec<Item>, Vec<Profile>)> {
    if tree.layer() == 0 {
        return vec![(Diff::Touched, tree.list(Diff::Touched), profiles.to_vec())];
    }
    let mut listings: Vec<(Diff, Vec<Item>, Vec<Profile>)> = Vec::new();
    for diff in Diff::ALL {
        let items = tree.list(diff);
        let fitting = profiles.iter().copied().filter(|profile| profile.finds(diff));
        let equal = |known: &[Item]| known.iter().map(|item| &item.path).eq(items.iter().map(|item| &item.path));
        match listings.iter_mut().find(|(_, known, _)| equal(known)) {
            Some((.., known)) => {
                let more: Vec<Profile> = fitting.filter(|profile| !known.contains(profile)).list();
                known.extend(more);
            }
            None => listings.push((diff, items, fitting.list())),
        }
    }
    listings
}

/// The layer in every profile, in the order of `profiles`; a profile has several candidates where its builders find changes in
/// several ways. Contents are hashed once for all profiles that agree so far.
pub fn candidates(tree: &Tree, profiles: &[Profile]) -> Vec<LayerCandidate> {
    let listings = listings(tree, profiles);
    let groups: Vec<(Diff, Vec<Group>)> =
        listings.into_iter().map(|(diff, items, profiles)| (diff, groups(tree, &items, profiles))).list();
    let of = |profile: &Profile| {
        let profile = *profile;
        groups.iter().filter_map(move |(diff, groups)| {
            let group = groups.iter().find(|group| group.profiles.contains(&profile))?;
            let diff_id = (!group.is_timed).then(|| DiffId(group.hash.digest()));
            Some(LayerCandidate { profile, diff: *diff, diff_id, size: group.size })
        })
    };
    profiles.iter().flat_map(of).list()
}

/// Writes one list of paths in all profiles.
fn groups(tree: &Tree, items: &[Item], profiles: Vec<Profile>) -> Vec<Group> {
    let mut groups = vec![Group { profiles, hash: Sha256::new(), size: 0, is_timed: false }];
    for item in items {
        groups = groups.into_iter().flat_map(|group| branch(tree, item, group)).list();
        for group in groups.iter_mut().filter(|group| !group.is_timed) {
            tree.content(item).for_each(|piece| group.hash.update(piece));
            group.hash.update(padding(item.size()));
        }
        groups.iter_mut().for_each(|group| group.size += item.size().next_multiple_of(BLOCK as u64));
    }
    groups.iter_mut().for_each(|group| group.update(END));
    groups
}

/// Writes one header; a group whose profiles write different ones becomes several.
fn branch(tree: &Tree, item: &Item, group: Group) -> Vec<Group> {
    let mut branches: Vec<(Vec<u8>, bool, Group)> = Vec::new();
    for profile in &group.profiles {
        let written = header(tree, item, *profile, None);
        let is_timed = written.clock != Clock::None;
        match branches.iter_mut().find(|(bytes, timed, _)| *bytes == written.bytes && *timed == is_timed) {
            Some((.., branch)) => branch.profiles.push(*profile),
            None => branches.push((written.bytes, is_timed, Group { profiles: vec![*profile], ..group.clone() })),
        }
    }
    let take = |(bytes, timed, mut branch): (Vec<u8>, bool, Group)| {
        branch.update(&bytes);
        branch.is_timed |= timed;
        branch
    };
    branches.into_iter().map(take).list()
}
