//! Check `layer-rebuild`: the layer that a builder makes of a tarball at hand, against the layers that images name.

use super::tree::Tree;
use super::{Check, End, Kind, Role, Verdict, Want};
use crate::case::{Case, Item, ItemId, Rebuild};
use crate::digest::{DiffId, Digest};
use crate::finding::{Said, rfc3339};
use crate::rebuild::gzip::Generation;
use crate::rebuild::{FoundLayer, PackedLayer, Rebuilt};

/// The most layers that are said not to be reproduced from one tarball.
const MAX_MISSED: usize = 8;
/// Differences that are named.
const DIFFERENCES: usize = 5;

pub(super) fn run(case: &Case) -> Vec<Check> {
    case.rebuilds().flat_map(|(id, item, rebuild)| checks(case, id, item, rebuild)).collect()
}

fn checks(case: &Case, id: ItemId, item: &Item, rebuild: &Rebuild) -> Vec<Check> {
    let rebuilt = &*rebuild.rebuilt;
    let from = || End::new(Role::Tarball, &item.name).digest(item.sha256).item(id);
    let unknown = |said| Check::new(Kind::LayerRebuild, Verdict::Unknown, from(), said);
    if let Some(error) = &rebuilt.error {
        return vec![unknown(Said::new("layer-rebuild.not-read")).detail(Said { code: error.code, args: error.args.clone() })];
    }
    if let Some(refused) = &rebuilt.refused {
        let why = Said::new(refused.code).with("entry", &refused.entry);
        return vec![unknown(Said::new("layer-rebuild.refused")).detail(why)];
    }
    let mut checks: Vec<Check> = rebuilt.found.iter().map(|found| reproduced(rebuilt, found, from())).collect();
    let wanted = |packed: &&PackedLayer| rebuild.plan.wanted.blobs.contains(&packed.digest);
    checks.extend(rebuilt.packed.iter().filter(wanted).map(|packed| blob(packed, from())));
    if checks.is_empty() && !rebuild.plan.is_comparable() {
        return vec![computed(rebuilt, unknown(Said::new("layer-rebuild.computed")))];
    }
    if checks.is_empty() {
        // A claim has no time: nobody says that it is an uncompressed layer.
        let named = rebuild.plan.wanted.diff_ids.iter().filter(|(_, window)| window.is_some()).map(|(diff_id, _)| *diff_id);
        checks.extend(named.take(MAX_MISSED).map(|diff_id| missing(case, item, rebuilt, diff_id, from())));
    }
    if checks.is_empty() {
        checks.push(computed(rebuilt, profiles(rebuilt, unknown(Said::new("layer-rebuild.no-match")))));
    }
    checks
}

/// The beginning of a digest, as a label.
pub(super) fn short(digest: Digest) -> String {
    format!("{}:{}", digest.algorithm().name(), &digest.hex()[..12])
}

/// The layer came out.
fn reproduced(rebuilt: &Rebuilt, found: &FoundLayer, from: End) -> Check {
    let to = End::new(Role::DiffId, short(found.diff_id.0)).digest(found.diff_id.0);
    let check = Check::new(Kind::LayerRebuild, Verdict::Proved, from, Said::new("layer-rebuild.reproduced")).to(to);
    let packed = rebuilt.packed.iter().filter(|packed| packed.layer.diff_id == found.diff_id);
    packed.fold(how(check, found), |check, packed| check.detail(stored(packed)))
}

/// The stored layer came out, compression included.
fn blob(packed: &PackedLayer, from: End) -> Check {
    let to = End::new(Role::Layer, short(packed.digest)).digest(packed.digest);
    let said = Said::new("layer-rebuild.blob").with("size", packed.size);
    let check = Check::new(Kind::LayerRebuild, Verdict::Proved, from, said).to(to);
    how(check, &packed.layer)
        .detail(Said::new("layer-rebuild.diff-id").with("diff_id", packed.layer.diff_id))
        .detail(stored(packed))
}

/// Who writes the layer like this, and when.
fn how(mut check: Check, found: &FoundLayer) -> Check {
    check = check.detail(Said::new(found.profile.code()).with("epoch", found.profile.latest.map(rfc3339).unwrap_or_default()));
    if let Some(time) = found.time {
        let code = if time.until == u32::MAX { "layer-rebuild.build-time" } else { "layer-rebuild.build-time-split" };
        check = check.detail(Said::new(code).with("second", time.second).with("date", rfc3339(time.second)));
    }
    match found.mode {
        Some(mode) => check.detail(Said::new("layer-rebuild.mode").with("mode", format!("{mode:04o}"))),
        None => check,
    }
}

fn stored(packed: &PackedLayer) -> Said {
    let code = match packed.generation {
        Generation::Legacy => "layer-rebuild.stored-legacy",
        Generation::Modern => "layer-rebuild.stored-modern",
    };
    Said::new(code).with("digest", packed.digest).with("size", packed.size)
}

/// No profile gives the layer: that accuses nobody.
fn missing(case: &Case, item: &Item, rebuilt: &Rebuilt, diff_id: DiffId, from: End) -> Check {
    let layer = case.by_diff_id(&diff_id).first().copied();
    let to = End { item: layer, ..End::new(Role::DiffId, short(diff_id.0)).digest(diff_id.0) };
    let check = Check::new(Kind::LayerRebuild, Verdict::Unknown, from, Said::new("layer-rebuild.not-reproduced")).to(to);
    let mut check = profiles(rebuilt, check);
    if let Some((_, window, exhausted)) = rebuilt.searched.iter().find(|(wanted, ..)| *wanted == diff_id) {
        let code = if *exhausted { "layer-rebuild.searched-partly" } else { "layer-rebuild.searched" };
        let (first, last) = (window.from - i64::from(window.before), window.from + i64::from(window.after));
        check = check.detail(Said::new(code).with("first", rfc3339(first)).with("last", rfc3339(last)));
    } else if rebuilt.candidates.iter().any(|candidate| candidate.diff_id.is_none()) {
        check = check.detail(Said::new("layer-rebuild.time-unknown"));
    }
    match layer {
        Some(layer) => differences(item, case.item(layer)).into_iter().fold(check, Check::detail),
        None => check.want(Want {
            bring: Said::new("layer-rebuild.bring-layer"),
            why: Said::new("layer-rebuild.bring-layer-why"),
            command: None,
        }),
    }
}

/// What differs first between the tarball and the layer.
fn differences(tarball: &Item, layer: &Item) -> Vec<Said> {
    let trees = tarball.tar().and_then(Tree::of).zip(layer.tar().and_then(Tree::of));
    let Some((tarball, layer)) = trees else { return Vec::new() };
    let mut said = tarball.differences(&layer).said;
    said.truncate(DIFFERENCES);
    said
}

fn profiles(rebuilt: &Rebuilt, check: Check) -> Check {
    let mut said: Vec<Said> = Vec::new();
    for candidate in &rebuilt.candidates {
        let epoch = candidate.profile.latest.map(rfc3339).unwrap_or_default();
        said.push(Said::new(candidate.profile.code()).with("epoch", epoch));
    }
    said.dedup();
    said.into_iter().fold(check.detail(Said::new("layer-rebuild.tried")), Check::detail)
}

/// The digests to look up by hand.
fn computed(rebuilt: &Rebuilt, check: Check) -> Check {
    let mut check = check;
    for packed in &rebuilt.packed {
        check = how(check, &packed.layer).detail(stored(packed));
    }
    if rebuilt.packed.is_empty() {
        check = check.detail(Said::new("layer-rebuild.time-unknown"));
    }
    check.want(Want {
        bring: Said::new("layer-rebuild.bring-manifest"),
        why: Said::new("layer-rebuild.bring-manifest-why"),
        command: Some("docker buildx imagetools inspect --raw IMAGE".to_owned()),
    })
}
