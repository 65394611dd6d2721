//! One source rebuilt: bytes in, layers out.

use super::compare::{self, Budget, RebuiltLayer, Wanted};
use super::tree::{Owner, Refused, Tree, TreeLimits, TreeVisitor, Unpack};
use crate::finding::ReadError;
use crate::intake::limits::Limits;
use crate::intake::tar::Walk;
use crate::intake::{Compression, Decompressor};
use std::ops::ControlFlow;
use std::sync::Arc;

/// How a source becomes a part of the image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// A tarball that ADD unpacks at a directory (`/` for the root).
    Tarball {
        /// Where.
        destination: Vec<u8>,
        /// How the tarball is compressed.
        compression: Option<Compression>,
        /// Who owns everything, whatever the tarball says.
        owner: Option<Owner>,
    },
    /// A file that COPY or ADD takes over as it is. Its time is that of somebody's checkout, so it is searched.
    File {
        /// Path in the image; a directory takes the file in.
        path: Vec<u8>,
        /// The file's own name.
        name: Vec<u8>,
        /// Its mode, if the instruction says it.
        mode: Option<u32>,
        /// Who owns it.
        owner: Owner,
    },
}

/// A step of a stage, as far as it changes the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The source is read.
    Source(Added),
    /// WORKDIR: a directory is made, if it is not there.
    Directory {
        /// The directory.
        path: Vec<u8>,
        /// Who owns what is made.
        owner: Owner,
    },
    /// An instruction ends, and its layer is written and compared.
    End(Box<Wanted>),
}

/// What is done with one source: exactly one of the steps reads it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Task {
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// Whether the first step belongs to the instruction that the tree so far is of (`ADD a.tar b.tar /`).
    pub continues: bool,
    /// Whether the tree is needed for what comes after.
    pub keeps_tree: bool,
}

impl Task {
    /// One source, one layer.
    pub fn single(added: Added, wanted: Wanted) -> Self {
        Self { steps: vec![Step::Source(added), Step::End(Box::new(wanted))], ..Self::default() }
    }

    /// How the source is taken over.
    pub fn added(&self) -> Option<&Added> {
        self.steps.iter().find_map(|step| match step {
            Step::Source(added) => Some(added),
            _ => None,
        })
    }

    /// What the layers are compared with.
    pub fn wanted(&self) -> impl Iterator<Item = &Wanted> {
        self.steps.iter().filter_map(|step| match step {
            Step::End(wanted) => Some(&**wanted),
            _ => None,
        })
    }
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
    /// A tree of 1 GiB, 8 GiB of hashing, 8 GiB of compression.
    fn default() -> Self {
        Self { tree: TreeLimits::default(), search: 8 << 30, pack: 8 << 30 }
    }
}

/// What a rebuild found out.
#[derive(Debug, Clone, Default)]
pub struct Rebuilt {
    /// Why a builder would have stopped, or why the layer is not written.
    pub refused: Option<Refused>,
    /// Why the source could not be read to its end.
    pub error: Option<ReadError>,
    /// The layers, lowest first: as many as were finished.
    pub layers: Vec<RebuiltLayer>,
    /// The tree after the last step, if the task keeps it.
    pub tree: Option<Arc<Tree>>,
}

/// A rebuild in the making: all bytes of the source are pushed, then it is finished.
pub struct Job {
    steps: std::vec::IntoIter<Step>,
    keeps_tree: bool,
    limits: RebuildLimits,
    budget: Budget,
    /// What the steps change; none while a tarball is being read, and after an end.
    unpack: Option<Unpack>,
    reader: Reader,
    outcome: Rebuilt,
}

enum Reader {
    /// Before the source, or after it.
    Nothing,
    Tarball {
        codec: Option<Box<Decompressor>>,
        walk: Box<Walk>,
        visitor: Box<TreeVisitor>,
    },
    File,
}

impl Job {
    /// A rebuild before any byte, on top of a tree if there is one.
    pub fn new(task: &Task, base: Option<&Arc<Tree>>, limits: RebuildLimits, reading: &Limits) -> Self {
        let unpack = match base {
            None => Unpack::on_nothing(limits.tree),
            Some(tree) if task.continues => Unpack::on((**tree).clone(), limits.tree),
            Some(tree) => Unpack::on(tree.next_layer(), limits.tree),
        };
        let mut job = Self {
            steps: task.steps.clone().into_iter(),
            keeps_tree: task.keeps_tree,
            limits,
            budget: Budget { search: limits.search, pack: limits.pack },
            unpack: Some(unpack),
            reader: Reader::Nothing,
            outcome: Rebuilt::default(),
        };
        job.run(Some(reading));
        job
    }

    /// Takes the next bytes. After an error nothing more is read; [`Job::finish`] says it.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.outcome.error.is_some() {
            return;
        }
        let outcome = match (&mut self.reader, &mut self.unpack) {
            (Reader::Tarball { codec, walk, visitor }, _) => push(codec.as_deref_mut(), walk, visitor, bytes),
            (Reader::File, Some(unpack)) => unpack.data(bytes),
            _ => Ok(()),
        };
        self.outcome.error = outcome.err();
    }

    /// Builds, compares and compresses.
    pub fn finish(mut self) -> Rebuilt {
        if self.outcome.error.is_none()
            && let Err(error) = self.end_source()
        {
            self.outcome.error = Some(error);
        }
        self.run(None);
        self.outcome
    }

    /// Does the steps up to the source (`reading` says how it is read), or those after it.
    fn run(&mut self, reading: Option<&Limits>) {
        while !self.is_stopped()
            && let Some(step) = self.steps.next()
        {
            let done = match step {
                Step::Source(added) => match reading {
                    Some(reading) => {
                        self.outcome.error = self.begin_source(&added, reading).err();
                        return;
                    }
                    // A task has one source.
                    None => Ok(()),
                },
                Step::Directory { path, owner } => self.unpack.as_mut().map_or(Ok(()), |unpack| unpack.directory(&path, owner)),
                Step::End(wanted) => {
                    self.end_layer(*wanted);
                    Ok(())
                }
            };
            self.outcome.error = done.err();
        }
        if reading.is_none() && !self.is_stopped() && self.keeps_tree {
            self.keep_unfinished();
        }
    }

    fn is_stopped(&self) -> bool {
        self.outcome.error.is_some() || self.outcome.refused.is_some()
    }

    fn begin_source(&mut self, added: &Added, reading: &Limits) -> Result<(), ReadError> {
        match added {
            Added::Tarball { destination, compression, owner } => {
                let Some(mut unpack) = self.unpack.take() else { return Ok(()) };
                unpack.begin_tarball(destination, *owner);
                self.reader = Reader::Tarball {
                    codec: compression.map(|format| Box::new(Decompressor::new(format, reading))),
                    walk: Box::new(Walk::new(reading)),
                    visitor: Box::new(TreeVisitor::new(unpack)),
                };
                Ok(())
            }
            Added::File { path, name, mode, owner } => {
                self.reader = Reader::File;
                self.unpack.as_mut().map_or(Ok(()), |unpack| unpack.begin_file(path, name, *mode, *owner))
            }
        }
    }

    fn end_source(&mut self) -> Result<(), ReadError> {
        if let Reader::Tarball { codec, walk, mut visitor } = std::mem::replace(&mut self.reader, Reader::Nothing) {
            if let Some(codec) = codec {
                codec.finish()?;
            }
            walk.finish(&mut *visitor)?;
            self.unpack = Some(visitor.into_unpack()?);
        }
        Ok(())
    }

    /// Writes the layer; then the next one begins, if something is left to do.
    fn end_layer(&mut self, wanted: Wanted) {
        let tree = match self.unpack.take().map(Unpack::finish) {
            Some(Ok(tree)) => tree,
            Some(Err(refused)) => return self.outcome.refused = Some(refused),
            None => return,
        };
        if let Some(refused) = tree.obstacle() {
            return self.outcome.refused = Some(refused);
        }
        let number = tree.layer();
        let (layer, tree) = compare::layer(tree, number, wanted, &mut self.budget);
        self.outcome.layers.push(layer);
        let tree = Arc::new(tree);
        if self.steps.len() > 0 {
            self.unpack = Some(Unpack::on(tree.next_layer(), self.limits.tree));
        } else if self.keeps_tree {
            self.outcome.tree = Some(tree);
        }
    }

    /// The tree in the middle of an instruction with several sources.
    fn keep_unfinished(&mut self) {
        match self.unpack.take().map(Unpack::finish) {
            Some(Ok(tree)) => self.outcome.tree = Some(Arc::new(tree)),
            Some(Err(refused)) => self.outcome.refused = Some(refused),
            None => {}
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::{DiffId, Digest};
    use crate::rebuild::compare::FoundLayer;
    use crate::rebuild::fixtures;
    use crate::rebuild::tar::{BuildTime, Profile, Times, Window};
    use crate::rebuild::tree::Diff;

    fn rebuilt(path: &str, added: Added, wanted: Wanted) -> Option<RebuiltLayer> {
        let bytes = std::fs::read(fixtures::path(path)?).unwrap();
        let mut job = Job::new(&Task::single(added, wanted), None, RebuildLimits::default(), &Limits::default());
        bytes.chunks(50_000).for_each(|piece| job.push(piece));
        Some(job.finish().layers.remove(0))
    }

    fn root(compression: Compression) -> Added {
        Added::Tarball { destination: b"/".to_vec(), compression: Some(compression), owner: None }
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
        assert_eq!(Digest::sha256(rebuilt.bytes.get(&blob).unwrap()), blob);
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
        let times = Times { built: window, checked_out: window };
        let wanted = Wanted { diff_ids: vec![(diff_id, Some(times))], blobs: vec![blob], ..Wanted::default() };
        let added = Added::File { path: b"/".to_vec(), name: b"hello".to_vec(), mode: None, owner: (0, 0) };
        let Some(rebuilt) = rebuilt("rebuild/hello-world-official-2025-08/hello", added, wanted) else { return };
        let time = BuildTime { checked_out: Some(1_755_123_432), ..BuildTime::at(1_755_123_432) };
        let found = FoundLayer { diff_id, profile: Profile::PLAIN, diff: Diff::Touched, time: Some(time), mode: Some(0o755) };
        assert_eq!(rebuilt.found, [found]);
        assert!(rebuilt.packed.iter().any(|packed| packed.kept && packed.digest == blob));
    }
}
