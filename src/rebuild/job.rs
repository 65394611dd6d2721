//! One source rebuilt: bytes in, layers out.

use super::gzip::{Arithmetic, Generation, GzipEncoder, GzipModern};
use super::tar::{BuildTime, LayerCandidate, Profile, Searched, Window, candidates, search, write_layer};
use super::tree::{Kind, Refused, Tree, TreeEntry, TreeLimits, TreeVisitor, Unpack};
use crate::digest::{DiffId, Digest};
use crate::finding::ReadError;
use crate::intake::limits::Limits;
use crate::intake::tar::Walk;
use crate::intake::{Compression, Decompressor};
use std::ops::ControlFlow;
use std::sync::Arc;

/// How a source becomes a layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// A tarball that ADD unpacks at a directory (`/` for the root).
    Tarball {
        /// Where.
        destination: Vec<u8>,
        /// How the tarball is compressed.
        compression: Option<Compression>,
    },
    /// A file that COPY or ADD takes over as it is. Its time is that of somebody's checkout, so it is searched.
    File {
        /// Path in the image.
        path: Vec<u8>,
        /// Modes that it may have had; programs are tried with the executable ones first.
        modes: Vec<u32>,
    },
}

/// What the rebuilt layer is compared with, and what is known about the build.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Uncompressed digests that a layer may have, each with the seconds in which it may have been built.
    pub diff_ids: Vec<(DiffId, Option<Window>)>,
    /// Digests of stored layers.
    pub blobs: Vec<Digest>,
    /// Epochs that the build may have rewritten times with.
    pub epochs: Vec<i64>,
    /// The image is by a builder that writes file type bits, so that those profiles are tried first.
    pub type_bits: bool,
    /// Directories that later instructions of the same layer make (buildah).
    pub directories: Vec<Vec<u8>>,
}

/// Budgets of a rebuild; absolute numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RebuildLimits {
    /// What the tree may hold.
    pub tree: TreeLimits,
    /// Bytes that may be hashed to find the second of a build.
    pub search: u64,
    /// Bytes that may be compressed to find a stored layer.
    pub pack: u64,
}

impl Default for RebuildLimits {
    /// A tree of 1 GiB, 12 GiB of hashing, 8 GiB of compression.
    fn default() -> Self {
        Self { tree: TreeLimits::default(), search: 12 << 30, pack: 8 << 30 }
    }
}

/// What a rebuild found out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Why docker would have made no layer of it.
    pub refused: Option<Refused>,
    /// Why the source could not be read to its end.
    pub error: Option<ReadError>,
    /// The layer in each profile.
    pub candidates: Vec<LayerCandidate>,
    /// Wanted uncompressed layers that were met.
    pub found: Vec<FoundLayer>,
    /// Windows that were searched for a wanted layer in vain, and whether the budget ended first.
    pub searched: Vec<(DiffId, Window, bool)>,
    /// Compressed layers, in the order in which they were tried.
    pub packed: Vec<PackedLayer>,
    /// The compressed layer to save: a wanted one, else the likeliest.
    pub bytes: Option<Arc<Vec<u8>>>,
}

/// A wanted layer that was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundLayer {
    /// Its uncompressed digest.
    pub diff_id: DiffId,
    /// How it was written.
    pub profile: Profile,
    /// The time of the build, if the layer depends on it.
    pub time: Option<BuildTime>,
    /// For a copied file: its mode.
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

/// A rebuild in the making: all bytes of the source are pushed, then it is finished.
pub struct Job {
    added: Added,
    wanted: Wanted,
    limits: RebuildLimits,
    reader: Reader,
    error: Option<ReadError>,
}

enum Reader {
    Tarball { codec: Option<Box<Decompressor>>, walk: Box<Walk>, visitor: Box<TreeVisitor> },
    File(Vec<u8>),
}

impl Job {
    /// A rebuild before any byte.
    pub fn new(added: Added, wanted: Wanted, limits: RebuildLimits, reading: &Limits) -> Self {
        let reader = match &added {
            Added::Tarball { destination, compression } => Reader::Tarball {
                codec: compression.map(|format| Box::new(Decompressor::new(format, reading))),
                walk: Box::new(Walk::new(reading)),
                visitor: Box::new(TreeVisitor::new(Unpack::new(destination, limits.tree))),
            },
            Added::File { .. } => Reader::File(Vec::new()),
        };
        Self { added, wanted, limits, reader, error: None }
    }

    /// Takes the next bytes. After an error nothing more is read; [`Job::finish`] says it.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.error.is_some() {
            return;
        }
        let outcome = match &mut self.reader {
            Reader::Tarball { codec, walk, visitor } => push(codec.as_deref_mut(), walk, visitor, bytes),
            Reader::File(content) if (content.len() + bytes.len()) as u64 > self.limits.tree.content => {
                Err(too_large(self.limits))
            }
            Reader::File(content) => {
                content.extend_from_slice(bytes);
                Ok(())
            }
        };
        self.error = outcome.err();
    }

    /// Builds, compares and compresses.
    pub fn finish(self) -> Rebuilt {
        let Self { added, wanted, limits, reader, error } = self;
        let mut outcome = Rebuilt { error, ..Rebuilt::default() };
        if outcome.error.is_some() {
            return outcome;
        }
        match trees(&added, &wanted, limits, reader) {
            Err(error) => outcome.error = Some(error),
            Ok(Err(refused)) => outcome.refused = Some(refused),
            Ok(Ok(trees)) => Comparison { trees, wanted, limits, outcome: &mut outcome }.run(),
        }
        outcome
    }
}

fn too_large(limits: RebuildLimits) -> ReadError {
    ReadError::new("rebuild.too-large", format!("at most {} bytes of content", limits.tree.content), "more")
        .with("limit", limits.tree.content)
}

fn push(codec: Option<&mut Decompressor>, walk: &mut Walk, visitor: &mut TreeVisitor, bytes: &[u8]) -> Result<(), ReadError> {
    let Some(codec) = codec else { return walk.push(bytes, visitor) };
    let mut refused = None;
    codec.push(bytes, &mut |piece| match walk.push(piece, visitor) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            refused = Some(error);
            ControlFlow::Break(())
        }
    })?;
    refused.map_or(Ok(()), Err)
}

/// The trees to write: one of a tarball, one for each mode of a file.
type Trees = Vec<(Tree, Option<u32>)>;

fn trees(added: &Added, wanted: &Wanted, limits: RebuildLimits, reader: Reader) -> Result<Result<Trees, Refused>, ReadError> {
    match (reader, added) {
        (Reader::Tarball { codec, walk, mut visitor }, _) => {
            if let Some(codec) = codec {
                codec.finish()?;
            }
            walk.finish(&mut *visitor)?;
            for directory in &wanted.directories {
                visitor.directory(directory)?;
            }
            Ok(visitor.finish()?.map(|tree| vec![(tree, None)]))
        }
        (Reader::File(content), Added::File { path, modes }) => {
            let is_program = content.starts_with(b"\x7fELF") || content.starts_with(b"#!");
            let mut modes = modes.clone();
            modes.sort_by_key(|mode| (mode & 0o111 != 0) != is_program);
            let trees = modes.iter().map(|mode| copied(path, *mode, &content, limits.tree));
            trees.collect::<Result<Result<Trees, Refused>, ReadError>>()
        }
        (Reader::File(_), Added::Tarball { .. }) => Ok(Ok(Vec::new())),
    }
}

/// A tree of one file whose time nobody wrote down.
fn copied(path: &[u8], mode: u32, content: &[u8], limits: TreeLimits) -> Result<Result<(Tree, Option<u32>), Refused>, ReadError> {
    let mut unpack = Unpack::new(b"/", limits);
    unpack.entry(&TreeEntry {
        name: path,
        kind: Kind::File,
        mode: i64::from(mode),
        uid: 0,
        gid: 0,
        mtime: None,
        link: b"",
        device: (0, 0),
        xattrs: &[],
    })?;
    unpack.data(content)?;
    Ok(unpack.finish().map(|tree| (tree, Some(mode))))
}

/// What is left of a rebuild when the trees are there.
struct Comparison<'a> {
    trees: Trees,
    wanted: Wanted,
    limits: RebuildLimits,
    outcome: &'a mut Rebuilt,
}

impl Comparison<'_> {
    fn run(mut self) {
        let mut profiles = Profile::all(&self.wanted.epochs);
        if self.wanted.type_bits {
            // Stable: the order of the others stays.
            profiles.sort_by_key(|profile| !profile.type_bits);
        }
        for index in 0..self.trees.len() {
            let (tree, mode) = &self.trees[index];
            let candidates = candidates(tree, &profiles);
            let wanted = |diff_id: DiffId| self.wanted.diff_ids.iter().any(|(wanted, _)| *wanted == diff_id);
            for candidate in &candidates {
                let Some(diff_id) = candidate.diff_id.filter(|diff_id| wanted(*diff_id)) else { continue };
                if self.outcome.found.iter().all(|found| found.diff_id != diff_id) {
                    let found = FoundLayer { diff_id, profile: candidate.profile, time: None, mode: *mode };
                    self.outcome.found.push(found);
                }
            }
            if index == 0 {
                self.outcome.candidates = candidates;
            }
        }
        self.search(&profiles);
        self.pack();
    }

    /// Looks for the time of the build, for every wanted layer that is not found yet.
    fn search(&mut self, profiles: &[Profile]) {
        let is_timed = |candidate: &LayerCandidate| candidate.diff_id.is_none();
        if !self.outcome.candidates.iter().any(is_timed) {
            return;
        }
        let mut budget = self.limits.search;
        for (diff_id, window) in self.wanted.diff_ids.clone() {
            let Some(window) = window.filter(|_| self.outcome.found.iter().all(|found| found.diff_id != diff_id)) else {
                continue;
            };
            let mut exhausted = false;
            for (tree, mode) in &self.trees {
                let (searched, spent) = search(tree, profiles, diff_id, window, budget);
                budget -= spent;
                match searched {
                    Searched::Found { profile, time } => {
                        self.outcome.found.push(FoundLayer { diff_id, profile, time: Some(time), mode: *mode });
                        break;
                    }
                    Searched::Exhausted => exhausted = true,
                    Searched::NotFound => {}
                }
            }
            if self.outcome.found.iter().all(|found| found.diff_id != diff_id) {
                self.outcome.searched.push((diff_id, window, exhausted));
            }
        }
    }

    /// Compresses what was found, or else every candidate, until a wanted blob comes out. Without a wanted blob the likeliest
    /// are compressed, to be looked up by hand.
    fn pack(&mut self) {
        let mut layers = self.outcome.found.clone();
        if layers.is_empty() {
            let likely = if self.wanted.blobs.is_empty() { 2 } else { usize::MAX };
            layers = self.distinct().take(likely).collect();
        }
        let trees = std::mem::take(&mut self.trees);
        let mut budget = self.limits.pack;
        for layer in layers {
            let tree = trees.iter().find(|(_, mode)| *mode == layer.mode || layer.mode.is_none());
            if tree.is_some_and(|(tree, _)| self.pack_one(tree, layer, &mut budget)) {
                return;
            }
        }
    }

    /// Compresses one layer in both generations; returns whether a wanted blob came out, or the budget ended.
    fn pack_one(&mut self, tree: &Tree, layer: FoundLayer, budget: &mut u64) -> bool {
        let size = self.outcome.candidates.first().map_or(0, |candidate| candidate.size);
        for generation in Generation::ALL {
            let Some(left) = budget.checked_sub(size) else { return true };
            *budget = left;
            let bytes = compress(tree, layer, GzipEncoder::new(generation));
            if self.keep(layer, generation, bytes) {
                return true;
            }
        }
        if self.wanted.blobs.is_empty() || self.outcome.found.is_empty() {
            return false;
        }
        [Arithmetic::Fused, Arithmetic::V3].into_iter().any(|arithmetic| {
            let bytes = compress(tree, layer, GzipEncoder::Modern(Box::new(GzipModern::new(arithmetic))));
            self.wanted.blobs.contains(&Digest::sha256(&bytes)) && self.keep(layer, Generation::Modern, bytes)
        })
    }

    /// Candidates with a digest, each digest once.
    fn distinct(&self) -> impl Iterator<Item = FoundLayer> + use<> {
        let mut layers: Vec<FoundLayer> = Vec::new();
        for candidate in &self.outcome.candidates {
            let Some(diff_id) = candidate.diff_id.filter(|diff_id| layers.iter().all(|known| known.diff_id != *diff_id)) else {
                continue;
            };
            layers.push(FoundLayer { diff_id, profile: candidate.profile, time: None, mode: None });
        }
        layers.into_iter()
    }

    /// Notes a compressed layer; the first one is kept until a wanted one comes. Returns whether it is wanted.
    fn keep(&mut self, layer: FoundLayer, generation: Generation, bytes: Vec<u8>) -> bool {
        let (digest, size) = (Digest::sha256(&bytes), bytes.len() as u64);
        let wanted = self.wanted.blobs.contains(&digest);
        let kept = wanted || self.outcome.bytes.is_none();
        if kept {
            self.outcome.packed.iter_mut().for_each(|packed| packed.kept = false);
            self.outcome.bytes = Some(Arc::new(bytes));
        }
        self.outcome.packed.push(PackedLayer { layer, generation, digest, size, kept });
        wanted
    }
}

fn compress(tree: &Tree, layer: FoundLayer, mut encoder: GzipEncoder) -> Vec<u8> {
    let mut out = Vec::new();
    write_layer(tree, layer.profile, layer.time, |piece| encoder.write(piece, &mut out));
    encoder.finish(&mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rebuild::fixtures;

    fn rebuilt(path: &str, added: Added, wanted: Wanted) -> Option<Rebuilt> {
        let bytes = std::fs::read(fixtures::path(path)?).unwrap();
        let mut job = Job::new(added, wanted, RebuildLimits::default(), &Limits::default());
        bytes.chunks(50_000).for_each(|piece| job.push(piece));
        Some(job.finish())
    }

    fn root(compression: Compression) -> Added {
        Added::Tarball { destination: b"/".to_vec(), compression: Some(compression) }
    }

    fn digest(hex: &str) -> Digest {
        format!("sha256:{hex}").parse().unwrap()
    }

    /// From docker-library/repo-info: alpine 3.18.9 amd64.
    #[test]
    fn a_published_blob_is_met_without_its_config() {
        let blob = digest("1cc3d825d8b2468ef662a8b631220516f492e24232477209fe863836d2d2ed44");
        let wanted = Wanted { blobs: vec![blob], ..Wanted::default() };
        let path = "official/rootfs/alpine-3.18.9/alpine-minirootfs-3.18.9-x86_64.tar.gz";
        let Some(rebuilt) = rebuilt(path, root(Compression::Gzip), wanted) else { return };
        let kept = rebuilt.packed.iter().find(|packed| packed.kept).unwrap();
        assert_eq!((kept.digest, kept.size), (blob, 3_416_313));
        assert_eq!(Digest::sha256(&rebuilt.bytes.unwrap()), blob);
    }

    #[test]
    fn without_anything_wanted_the_likeliest_layers_are_there() {
        let Some(rebuilt) = rebuilt("rebuild/local-busybox/busybox.tar.xz", root(Compression::Xz), Wanted::default()) else {
            return;
        };
        assert_eq!(rebuilt.packed.len(), 4);
        let plain = digest("5ca8f8a2792a859374d08678326ca8f7bd382a6fbd48c9bcee97a74fea9501c6");
        assert!(rebuilt.packed[0].kept && rebuilt.packed[0].digest == plain && rebuilt.found.is_empty());
    }

    #[test]
    fn a_copied_file_is_found_by_mode_and_second() {
        let diff_id = DiffId(digest("53d204b3dc5ddbc129df4ce71996b8168711e211274c785de5e0d4eb68ec3851"));
        let blob = digest("17eec7bbc9d79fa397ac95c7283ecd04d1fe6978516932a3db110c6206430809");
        let window = Window { from: 1_755_123_400, before: 10, after: 100 };
        let wanted = Wanted { diff_ids: vec![(diff_id, Some(window))], blobs: vec![blob], ..Wanted::default() };
        let added = Added::File { path: b"hello".to_vec(), modes: vec![0o644, 0o755] };
        let Some(rebuilt) = rebuilt("rebuild/hello-world-official-2025-08/hello", added, wanted) else { return };
        let time = Some(BuildTime::at(1_755_123_432));
        assert_eq!(rebuilt.found, [FoundLayer { diff_id, profile: Profile::PLAIN, time, mode: Some(0o755) }]);
        assert!(rebuilt.packed.iter().any(|packed| packed.kept && packed.digest == blob));
    }
}
