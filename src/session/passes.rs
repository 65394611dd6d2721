//! Second passes: what needs the bytes of a source once more, and one streaming for all of it.

use super::protocol::Need;
use crate::case::{Case, Item, ItemId, Origin, Rebuild, RebuildPlan, Reread, Wish, Wishes};
use crate::digest::{Algorithm, Digest, Hasher, Sha256};
use crate::finding::{ReadError, Said};
use crate::intake::Decompressor;
use crate::intake::tar::Walk;
use crate::order::{self, Gather, Map};
use crate::rebuild::Job;
use crate::recipe::add_hash::Header;
use crate::recipe::buildah_hash::{Entry, Packer, Rewriter};
use crate::report::catalogue;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Which layers are rebuilt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rebuilds {
    /// None.
    #[default]
    None,
    /// Those that there is something to compare with.
    Comparable,
    /// All that can be.
    All,
}

/// The work that one streaming of a source does.
pub(super) struct Pass {
    expected: Digest,
    whole: Sha256,
    size: u64,
    headers: Vec<(Header, Sha256)>,
    packed: Vec<(Entry, Packer)>,
    unpacked: Option<Box<Unpacking>>,
    content: Option<Vec<u8>>,
    hashers: Vec<Hasher>,
    rebuild: Option<(RebuildPlan, Box<Job>)>,
}

/// A tarball that is read and written anew, as buildah does.
struct Unpacking {
    codec: Option<Decompressor>,
    walk: Walk,
    rewriter: Rewriter,
    failed: bool,
}

impl Unpacking {
    fn push(&mut self, bytes: &[u8]) {
        let Self { codec, walk, rewriter, failed } = self;
        if *failed {
            return;
        }
        let Some(codec) = codec else {
            *failed = walk.push(bytes, rewriter).is_err();
            return;
        };
        let read = codec.push(bytes, &mut |piece| match walk.push(piece, rewriter) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => {
                *failed = true;
                ControlFlow::Break(())
            }
        });
        *failed |= read.is_err();
    }

    fn finish(mut self) -> Option<Digest> {
        let ended = self.codec.is_none_or(|codec| codec.finish().is_ok()) && self.walk.finish(&mut self.rewriter).is_ok();
        if self.failed || !ended { None } else { self.rewriter.finish() }
    }
}

/// What one item wants to know from its bytes.
struct Wanted {
    added: Wish,
    algorithms: Vec<Algorithm>,
    rebuild: Option<RebuildPlan>,
}

impl Wanted {
    fn is_nothing(&self) -> bool {
        self.added.is_nothing() && self.algorithms.is_empty() && self.rebuild.is_none()
    }
}

/// Sources to stream once more, in the order of their numbers.
pub(super) fn needs(case: &Case, results: &Map<u32, Reread>, rebuilds: Rebuilds) -> Vec<Need> {
    let wishes = Wishes::of(case);
    let mut needs: Vec<Need> = streamed(case)
        .filter_map(|(id, item)| {
            let wanted = wanted(case, id, results.get(&item.source), &wishes, rebuilds);
            (!wanted.is_nothing()).then(|| Need { source: item.source, why: why(&wanted) })
        })
        .list();
    order::sort_by_key(&mut needs, |need| need.source);
    needs
}

/// Items that are whole sources: inputs, and files of a dropped folder.
fn streamed(case: &Case) -> impl Iterator<Item = (ItemId, &Item)> {
    case.items().filter(|(_, item)| match item.origin {
        Origin::Input => item.facts.is_some(),
        Origin::Entry(_) => item.parent.is_some_and(|parent| case.item(parent).facts.is_none()),
        Origin::Pasted | Origin::Data(_) => false,
    })
}

fn wanted(case: &Case, id: ItemId, known: Option<&Reread>, wishes: &Wishes<'_>, rebuilds: Rebuilds) -> Wanted {
    let added = wishes.for_item(case, id);
    Wanted { added, algorithms: algorithms(case, id, known), rebuild: plan(case, id, known, rebuilds) }
}

/// The rebuild that an item is needed for; `None` if it was done already, or is not asked for.
fn plan(case: &Case, id: ItemId, known: Option<&Reread>, rebuilds: Rebuilds) -> Option<RebuildPlan> {
    let plan = match rebuilds {
        Rebuilds::None => return None,
        Rebuilds::Comparable => case.rebuild_plan(id).filter(RebuildPlan::is_comparable),
        Rebuilds::All => case.rebuild_plan(id),
    };
    let done = known.and_then(|known| known.rebuild.as_ref());
    plan.filter(|plan| done.is_none_or(|done| done.plan != *plan))
}

/// Algorithms by which the lists at hand name this file, SHA-256 and what is known already left out.
fn algorithms(case: &Case, id: ItemId, known: Option<&Reread>) -> Vec<Algorithm> {
    let mut algorithms = case.listed_algorithms(id);
    algorithms.retain(|algorithm| {
        *algorithm != Algorithm::Sha256
            && !known.is_some_and(|known| known.digests.iter().any(|digest| digest.algorithm() == *algorithm))
    });
    algorithms
}

fn why(wanted: &Wanted) -> String {
    let names: Vec<&str> = wanted.algorithms.iter().map(|algorithm| algorithm.name()).list();
    let ways = wanted.added.ways();
    let said = match (ways, names.len()) {
        (0, 0) if wanted.added.content => Said::new("session.need-content"),
        (0, 0) => Said::new("session.need-rebuild"),
        (0, _) => Said::new("session.need-digest"),
        (_, 0) => Said::new("session.need-add-hash"),
        _ => Said::new("session.need-both"),
    };
    let said = said.with("count", ways).with("algorithms", names.join(", "));
    catalogue::text(said.code, &said.args)
}

impl Pass {
    /// Prepares everything that the source is needed for.
    pub(super) fn new(case: &Case, source: u32, known: Option<&Reread>, rebuilds: Rebuilds) -> Option<Self> {
        let (id, item) = streamed(case).find(|(_, item)| item.source == source)?;
        let wanted = wanted(case, id, known, &Wishes::of(case), rebuilds);
        let job = |plan: RebuildPlan| {
            let base = plan.base.as_ref().and_then(crate::case::BaseTree::tree);
            let job = Job::new(&plan.task, base, case.rebuild_limits(), &case.options().limits);
            (plan, Box::new(job))
        };
        let start = |header: Header| {
            let mut hasher = Sha256::new();
            hasher.update(&header.bytes());
            (header, hasher)
        };
        let pack = |entry: Entry| {
            let mut packer = Packer::new();
            packer.begin(&entry, item.size);
            (entry, packer)
        };
        let unpacking = || Unpacking {
            codec: item
                .facts
                .as_ref()
                .and_then(|facts| facts.compression.as_ref())
                .map(|compression| Decompressor::new(compression.format, &case.options().limits)),
            walk: Walk::new(&case.options().limits),
            rewriter: Rewriter::new(),
            failed: false,
        };
        Some(Self {
            size: item.size,
            packed: wanted.added.packed.into_iter().map(pack).list(),
            unpacked: wanted.added.unpacked.then(|| Box::new(unpacking())),
            content: wanted.added.content.then(Vec::new),
            expected: item.sha256,
            whole: Sha256::new(),
            headers: wanted.added.headers.into_iter().map(start).list(),
            hashers: wanted.algorithms.into_iter().map(Hasher::new).list(),
            rebuild: wanted.rebuild.map(job),
        })
    }

    /// Takes the next bytes.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.whole.update(bytes);
        for (_, hasher) in &mut self.headers {
            hasher.update(bytes);
        }
        for hasher in &mut self.hashers {
            hasher.update(bytes);
        }
        self.packed.iter_mut().for_each(|(_, packer)| packer.data(bytes));
        if let Some(unpacking) = &mut self.unpacked {
            unpacking.push(bytes);
        }
        // No more than was announced is kept; other bytes than those of the first pass are refused at the end.
        if let Some(content) = self.content.as_mut().filter(|content| (content.len() + bytes.len()) as u64 <= self.size) {
            content.extend_from_slice(bytes);
        }
        if let Some((_, job)) = &mut self.rebuild {
            job.push(bytes);
        }
    }

    /// Adds what was found out to `results`, if the bytes were those of the first pass.
    pub(super) fn finish(self, results: &mut Reread) -> Result<(), ReadError> {
        let found = self.whole.digest();
        if found != self.expected {
            return Err(ReadError::new("session.changed", self.expected.to_string(), found.to_string()));
        }
        results.add_hashes.extend(self.headers.into_iter().map(|(header, hasher)| (header, hasher.digest())));
        results.packed.extend(self.packed.into_iter().map(|(entry, packer)| (entry, packer.finish())));
        if let Some(unpacking) = self.unpacked {
            results.unpacked = Some(unpacking.finish());
        }
        if let Some(content) = self.content {
            results.content = Some(Arc::new(content));
        }
        results.digests.extend(self.hashers.iter().map(Hasher::digest));
        if let Some((plan, job)) = self.rebuild {
            results.rebuild = Some(Rebuild { plan, rebuilt: Arc::new(job.finish()) });
        }
        Ok(())
    }
}
