//! One layer in every profile, compared with what is wanted, and compressed.

use super::gzip::{Arithmetic, Generation, GzipEncoder, GzipModern};
use super::tar::{
    BuildTime, Found, LayerCandidate, Profile, Searched, Times, WrittenEntry, candidates, entries, search, write_layer,
};
use super::tree::{Diff, Tree};
use crate::digest::{DiffId, Digest};
use crate::order::{self, Gather, Map};
use std::sync::Arc;

/// What a rebuilt layer is compared with, and what is known about the build.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Uncompressed digests that the layer may have, each with the seconds in which it may have been built.
    pub diff_ids: Vec<(DiffId, Option<Times>)>,
    /// Digests of stored layers.
    pub blobs: Vec<Digest>,
    /// Epochs that the build may have rewritten times with.
    pub epochs: Vec<i64>,
    /// Whether the image is by a builder that writes file type bits, if that is known: only such profiles are searched with.
    pub type_bits: Option<bool>,
    /// The image is likely by such a builder, so that those profiles are tried first.
    pub likely_type_bits: bool,
    /// Whether one of the uncompressed layers is at hand, so that a difference can be named.
    pub is_at_hand: bool,
    /// Which of Go's encoders wrote the stored layers, where all of them are at hand.
    pub generations: Option<Vec<Generation>>,
}

/// Bytes that may still be hashed and compressed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget {
    pub(super) search: u64,
    pub(super) pack: u64,
}

/// What was found out about one layer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RebuiltLayer {
    /// Its number; the lowest is 0.
    pub number: u32,
    /// What it was compared with.
    pub wanted: Wanted,
    /// The layer in each profile.
    pub candidates: Vec<LayerCandidate>,
    /// Wanted uncompressed layers that were met.
    pub found: Vec<FoundLayer>,
    /// What was searched for a wanted layer in vain, and whether the budget ended first.
    pub searched: Vec<SearchedLayer>,
    /// Where a layer at hand was not met: the entries in the likeliest profiles.
    pub written: Vec<(Profile, Vec<WrittenEntry>)>,
    /// Compressed layers, in the order in which they were tried.
    pub packed: Vec<PackedLayer>,
    /// Compressed layers that can be saved: the one that is kept, and others as long as they are small.
    pub bytes: Map<Digest, Arc<Vec<u8>>>,
}

/// A search for a wanted layer in vain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchedLayer {
    /// The wanted layer.
    pub diff_id: DiffId,
    /// Where its times were searched.
    pub times: Times,
    /// Whether the search was for the time of a checkout.
    pub is_checkout: bool,
    /// Whether the budget ended before the window.
    pub is_cut: bool,
}

/// A wanted layer that was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundLayer {
    /// Its uncompressed digest.
    pub diff_id: DiffId,
    /// How it was written.
    pub profile: Profile,
    /// How the builder found out what belongs to it.
    pub diff: Diff,
    /// The time of the build, if the layer depends on it.
    pub time: Option<BuildTime>,
    /// For copied files: the mode of the first one.
    pub mode: Option<u32>,
}

/// A layer as a registry stores it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackedLayer {
    /// The uncompressed layer.
    pub layer: FoundLayer,
    /// Who compressed it.
    pub generation: Generation,
    /// Digest of the compressed bytes.
    pub digest: Digest,
    /// Size of the compressed bytes.
    pub size: u64,
    /// Whether these are the bytes to save.
    pub kept: bool,
}

/// Profiles whose entries are kept to name a difference.
const PROFILES: usize = 3;
/// Bytes of a compressed layer that stays in memory although another one is likelier.
const SMALL: u64 = 8 << 20;
/// Modes that programs and other files of a checkout have, likeliest first.
const MODES: [(u32, u32); 5] = [(0o755, 0o644), (0o644, 0o644), (0o755, 0o755), (0o775, 0o664), (0o664, 0o664)];

/// Writes a layer in every profile, compares and compresses it. Gives back the tree with the times and modes that were found.
pub(super) fn layer(tree: Tree, number: u32, wanted: Wanted, budget: &mut Budget) -> (RebuiltLayer, Tree) {
    let mut comparison =
        Comparison { trees: variants(tree), budget, outcome: RebuiltLayer { number, wanted, ..RebuiltLayer::default() } };
    comparison.run();
    let Comparison { mut trees, outcome, .. } = comparison;
    let found = outcome.found.first().copied();
    let at = found.and_then(|found| trees.iter().position(|(_, mode)| *mode == found.mode)).unwrap_or(0);
    let mut tree = trees.swap_remove(at).0;
    if let Some(time) = found.and_then(|found| found.time) {
        tree.settle(|changed| time.built(changed), time.checked_out);
    }
    (outcome, tree)
}

/// The trees to write: one, or one for each way in which copied files may have got their modes. With the first one's mode.
type Trees = Vec<(Tree, Option<u32>)>;

fn variants(tree: Tree) -> Trees {
    if !tree.has_copied() {
        return vec![(tree, None)];
    }
    let mut trees: Vec<(Vec<u32>, Tree)> = Vec::new();
    for (program, other) in MODES {
        let mut variant = tree.clone();
        let modes = variant.set_copied_modes(program, other);
        if trees.iter().all(|(known, _)| *known != modes) {
            trees.push((modes, variant));
        }
    }
    trees.into_iter().map(|(modes, tree)| (tree, modes.first().copied())).list()
}

/// A comparison in the making.
struct Comparison<'a> {
    trees: Trees,
    budget: &'a mut Budget,
    outcome: RebuiltLayer,
}

impl Comparison<'_> {
    fn run(&mut self) {
        let mut profiles = Profile::all(&self.outcome.wanted.epochs);
        if self.outcome.wanted.type_bits == Some(true) || self.outcome.wanted.likely_type_bits {
            // Stable: the order of the others stays.
            order::sort_by_key(&mut profiles, |profile| !profile.type_bits);
        }
        for index in 0..self.trees.len() {
            let (tree, mode) = &self.trees[index];
            let candidates = candidates(tree, &profiles);
            let wanted = |diff_id: DiffId| self.outcome.wanted.diff_ids.iter().any(|(wanted, _)| *wanted == diff_id);
            for candidate in &candidates {
                let Some(diff_id) = candidate.diff_id.filter(|diff_id| wanted(*diff_id)) else { continue };
                if self.outcome.found.iter().all(|found| found.diff_id != diff_id) {
                    self.outcome.found.push(FoundLayer { mode: *mode, ..FoundLayer::of(candidate, diff_id) });
                }
            }
            if index == 0 {
                self.outcome.candidates = candidates;
            }
        }
        // Elsewhere a profile costs one pass, here one for each second.
        profiles.retain(|profile| self.outcome.wanted.type_bits.is_none_or(|type_bits| type_bits == profile.type_bits));
        self.search(&profiles);
        if self.outcome.wanted.is_at_hand && self.outcome.found.is_empty() {
            self.write_down();
        }
        self.pack();
    }

    /// Keeps the entries in each profile that writes others.
    fn write_down(&mut self) {
        let Some((tree, _)) = self.trees.first() else { return };
        for candidate in &self.outcome.candidates {
            let written = entries(tree, (candidate.profile, candidate.diff));
            if self.outcome.written.iter().all(|(_, known)| *known != written) && self.outcome.written.len() < PROFILES {
                self.outcome.written.push((candidate.profile, written));
            }
        }
    }

    /// Looks for the time of the build, for every wanted layer that is not found yet.
    fn search(&mut self, profiles: &[Profile]) {
        let is_timed = |candidate: &LayerCandidate| candidate.diff_id.is_none();
        if !self.outcome.candidates.iter().any(is_timed) {
            return;
        }
        for (diff_id, times) in self.outcome.wanted.diff_ids.clone() {
            let Some(times) = times.filter(|_| self.outcome.found.iter().all(|found| found.diff_id != diff_id)) else {
                continue;
            };
            let mut is_cut = false;
            for (tree, mode) in &self.trees {
                let (searched, spent) = search(tree, profiles, diff_id, times, self.budget.search);
                self.budget.search -= spent;
                match searched {
                    Searched::Found(Found { profile, diff, time }) => {
                        self.outcome.found.push(FoundLayer { diff_id, profile, diff, time: Some(time), mode: *mode });
                        break;
                    }
                    Searched::Exhausted => is_cut = true,
                    Searched::NotFound => {}
                }
            }
            if self.outcome.found.iter().all(|found| found.diff_id != diff_id) {
                let is_checkout = self.trees.iter().any(|(tree, _)| tree.has_checked_out());
                self.outcome.searched.push(SearchedLayer { diff_id, times, is_checkout, is_cut });
            }
        }
    }

    /// Compresses what was found, or else every candidate, until a wanted blob comes out. Without a wanted blob the likeliest
    /// are compressed, to be looked up by hand.
    fn pack(&mut self) {
        let mut layers = self.outcome.found.clone();
        if layers.is_empty() {
            let likely = if self.outcome.wanted.blobs.is_empty() { 2 } else { usize::MAX };
            layers = self.distinct().take(likely).list();
        }
        let trees = std::mem::take(&mut self.trees);
        for layer in layers {
            let tree = trees.iter().find(|(_, mode)| *mode == layer.mode || layer.mode.is_none());
            if tree.is_some_and(|(tree, _)| self.pack_one(tree, layer)) {
                break;
            }
        }
        self.trees = trees;
    }

    /// Compresses one layer in both generations; returns whether a wanted blob came out, or the budget ended.
    fn pack_one(&mut self, tree: &Tree, layer: FoundLayer) -> bool {
        let size = self.outcome.candidates.first().map_or(0, |candidate| candidate.size);
        let generations = self.outcome.wanted.generations.clone().unwrap_or(Generation::ALL.to_vec());
        for generation in &generations {
            let Some(left) = self.budget.pack.checked_sub(size) else { return true };
            self.budget.pack = left;
            let bytes = compress(tree, layer, GzipEncoder::new(*generation));
            if self.keep(layer, *generation, bytes) {
                return true;
            }
        }
        let is_modern = generations.contains(&Generation::Modern);
        if self.outcome.wanted.blobs.is_empty() || self.outcome.found.is_empty() || !is_modern {
            return false;
        }
        [Arithmetic::Fused, Arithmetic::V3].into_iter().any(|arithmetic| {
            let bytes = compress(tree, layer, GzipEncoder::Modern(Box::new(GzipModern::new(arithmetic))));
            self.outcome.wanted.blobs.contains(&Digest::sha256(&bytes)) && self.keep(layer, Generation::Modern, bytes)
        })
    }

    /// Candidates with a digest, each digest once.
    fn distinct(&self) -> impl Iterator<Item = FoundLayer> + use<> {
        let mut layers: Vec<FoundLayer> = Vec::new();
        for candidate in &self.outcome.candidates {
            let Some(diff_id) = candidate.diff_id.filter(|diff_id| layers.iter().all(|known| known.diff_id != *diff_id)) else {
                continue;
            };
            layers.push(FoundLayer::of(candidate, diff_id));
        }
        layers.into_iter()
    }

    /// Notes a compressed layer; the first one is kept until a wanted one comes. Returns whether it is wanted.
    fn keep(&mut self, layer: FoundLayer, generation: Generation, bytes: Vec<u8>) -> bool {
        let (digest, size) = (Digest::sha256(&bytes), bytes.len() as u64);
        let wanted = self.outcome.wanted.blobs.contains(&digest);
        let kept = wanted || self.outcome.packed.is_empty();
        if kept {
            self.outcome.packed.iter_mut().for_each(|packed| packed.kept = false);
            self.outcome.bytes.insert(digest, Arc::new(bytes));
            self.forget_large(digest);
        } else if size <= SMALL {
            self.outcome.bytes.insert(digest, Arc::new(bytes));
        }
        self.outcome.packed.push(PackedLayer { layer, generation, digest, size, kept });
        wanted
    }
}

impl Comparison<'_> {
    /// Of what is not kept only small layers stay in memory.
    fn forget_large(&mut self, kept: Digest) {
        self.outcome.bytes.retain(|digest, bytes| *digest == kept || bytes.len() as u64 <= SMALL);
    }
}

impl FoundLayer {
    fn of(candidate: &LayerCandidate, diff_id: DiffId) -> Self {
        Self { diff_id, profile: candidate.profile, diff: candidate.diff, time: None, mode: None }
    }
}

fn compress(tree: &Tree, layer: FoundLayer, mut encoder: GzipEncoder) -> Vec<u8> {
    let mut out = Vec::new();
    write_layer(tree, (layer.profile, layer.diff), layer.time, |piece| encoder.write(piece, &mut out));
    encoder.finish(&mut out);
    out
}
