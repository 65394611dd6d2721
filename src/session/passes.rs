//! Second passes: what needs the bytes of a source once more, and one streaming for all of it.

use super::protocol::Need;
use crate::case::{Case, Item, ItemId, Origin, Rebuild, RebuildPlan, Reread};
use crate::digest::{Algorithm, Digest, Hasher, Sha256};
use crate::finding::{ReadError, Said};
use crate::rebuild::Job;
use crate::recipe::add_hash::{self, Header};
use crate::report::catalogue;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Ways of naming a large file that are tried first: nearly every builder in use is among them. The rest, ten times as many
/// hashes, are tried only if none of these fits.
const LIKELY: usize = 12;
/// Files up to this size, in bytes, are tried in every way at once.
const SMALL: u64 = 2 << 20;

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
    headers: Vec<(Header, Sha256)>,
    hashers: Vec<Hasher>,
    rebuild: Option<(RebuildPlan, Box<Job>)>,
}

/// What one item wants to know from its bytes.
struct Wanted {
    headers: Vec<Header>,
    algorithms: Vec<Algorithm>,
    rebuild: Option<RebuildPlan>,
}

impl Wanted {
    fn is_nothing(&self) -> bool {
        self.headers.is_empty() && self.algorithms.is_empty() && self.rebuild.is_none()
    }
}

/// Sources to stream once more, in the order of their numbers.
pub(super) fn needs(case: &Case, results: &BTreeMap<u32, Reread>, rebuilds: Rebuilds) -> Vec<Need> {
    let hashes = recorded_hashes(case);
    let mut needs: Vec<Need> = streamed(case)
        .filter_map(|(id, item)| {
            let wanted = wanted(case, id, results.get(&item.source), &hashes, rebuilds);
            (!wanted.is_nothing()).then(|| Need { source: item.source, why: why(&wanted) })
        })
        .collect();
    needs.sort_by_key(|need| need.source);
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

/// Hashes that histories of the case record for sources of ADD and COPY.
fn recorded_hashes(case: &Case) -> BTreeSet<Digest> {
    case.histories().flat_map(|(_, history)| &history.entries).flat_map(|entry| add_hash::recorded(&entry.created_by)).collect()
}

fn wanted(case: &Case, id: ItemId, known: Option<&Reread>, hashes: &BTreeSet<Digest>, rebuilds: Rebuilds) -> Wanted {
    let item = case.item(id);
    let tried = known.map_or(0, |known| known.add_hashes.len());
    let found = known.is_some_and(|known| known.add_hashes.iter().any(|(_, hash)| hashes.contains(hash)));
    let mut headers = Vec::new();
    if !hashes.is_empty() && !found && item.is_whole() && could_be_added(item) {
        headers = add_hash::candidates(std::slice::from_ref(&item.name), item.size);
        headers.drain(..tried.min(headers.len()));
        if item.size > SMALL && tried == 0 {
            headers.truncate(LIKELY);
        }
    }
    Wanted { headers, algorithms: algorithms(case, id, known), rebuild: plan(case, id, known, rebuilds) }
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

/// Whether a Dockerfile could have added the file: everything that is no account of an image itself.
fn could_be_added(item: &Item) -> bool {
    use crate::case::Body;
    matches!(item.body, Body::Tarball | Body::Other) || (matches!(item.body, Body::Document(_)) && item.history.is_none())
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
    let names: Vec<&str> = wanted.algorithms.iter().map(|algorithm| algorithm.name()).collect();
    let said = match (wanted.headers.len(), names.len()) {
        (0, 0) => Said::new("session.need-rebuild"),
        (0, _) => Said::new("session.need-digest"),
        (_, 0) => Said::new("session.need-add-hash"),
        _ => Said::new("session.need-both"),
    };
    let said = said.with("count", wanted.headers.len()).with("algorithms", names.join(", "));
    catalogue::text(said.code, &said.args)
}

impl Pass {
    /// Prepares everything that the source is needed for.
    pub(super) fn new(case: &Case, source: u32, known: Option<&Reread>, rebuilds: Rebuilds) -> Option<Self> {
        let (id, item) = streamed(case).find(|(_, item)| item.source == source)?;
        let wanted = wanted(case, id, known, &recorded_hashes(case), rebuilds);
        let job = |plan: RebuildPlan| {
            let job = Job::new(plan.added.clone(), plan.wanted.clone(), case.rebuild_limits(), &case.options().limits);
            (plan, Box::new(job))
        };
        let start = |header: Header| {
            let mut hasher = Sha256::new();
            hasher.update(&header.bytes());
            (header, hasher)
        };
        Some(Self {
            expected: item.sha256,
            whole: Sha256::new(),
            headers: wanted.headers.into_iter().map(start).collect(),
            hashers: wanted.algorithms.into_iter().map(Hasher::new).collect(),
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
        results.digests.extend(self.hashers.iter().map(Hasher::digest));
        if let Some((plan, job)) = self.rebuild {
            results.rebuild = Some(Rebuild { plan, rebuilt: Arc::new(job.finish()) });
        }
        Ok(())
    }
}
