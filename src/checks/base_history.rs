//! Check `base-history`: a base image's history against the beginning of another image's.

use super::{Check, End, Kind, Role, Verdict, edges};
use crate::align::{BasePrefix, base_prefix};
use crate::case::{Case, ItemId};
use crate::finding::Said;
use crate::history::History;
use crate::order::Gather;

/// How many histories are compared with each other; a whole archive of records would be too many.
const MOST: usize = 64;

/// One check for every history that begins with another one at hand; and for one that begins alike and then parts from it,
/// where a Dockerfile at hand builds on an image.
pub(super) fn run(case: &Case) -> Vec<Check> {
    let all: Vec<(ItemId, &History)> = case.histories().filter(|(_, history)| !history.entries.is_empty()).take(MOST).list();
    let mut checks = Vec::new();
    for (id, history) in &all {
        let bases = all.iter().filter(|(base, _)| base != id);
        checks.extend(bases.filter_map(|(base, base_history)| check(case, (*base, base_history), (*id, history))));
    }
    checks
}

fn check(case: &Case, base: (ItemId, &History), image: (ItemId, &History)) -> Option<Check> {
    let (shorter, longer) = (base.1.entries.len(), image.1.entries.len());
    let (verdict, said) = match base_prefix(base.1, image.1) {
        BasePrefix::Same { entries } if shorter < longer => {
            (Verdict::Agrees, Said::new("base-history.same").with("entries", entries).with("of", longer))
        }
        BasePrefix::Parts { at } if at > 0 && shorter < longer && is_expected(case, base.0, image.0) => {
            (Verdict::Contradicted, Said::new("base-history.parts").with("entry", at + 1).with("same", at))
        }
        _ => return None,
    };
    let end = |id: ItemId| End::new(Role::History, edges::label(case, id)).digest(case.item(id).sha256).item(id);
    let check = Check::new(Kind::BaseHistory, verdict, end(image.0), said).to(end(base.0));
    Some(check.repeat("docker image history --no-trunc --format '{{.CreatedBy}}' IMAGE"))
}

/// A Dockerfile at hand fits the image and takes as many entries for the base image's as the other history has.
fn is_expected(case: &Case, base: ItemId, image: ItemId) -> bool {
    let entries = case.item(base).history.as_ref().map_or(0, |history| history.entries.len());
    let fits = |alignment: &crate::align::Alignment| {
        alignment.outcome == crate::align::Outcome::Agrees && alignment.base_entries == entries
    };
    case.pairings().iter().any(|pairing| pairing.history == image && pairing.alignments.first().is_some_and(fits))
}
