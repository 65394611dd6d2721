//! Check `layer-rebuild`: the layers that a builder makes of a tarball at hand, against the layers that images name.

use super::layer_difference;
use super::rebuilt_image::{self, Followed, LayerAt};
use super::tree::Tree;
use super::{Check, End, Kind, Role, Verdict, Want, fetch};
use crate::case::{Case, Item, ItemId, LayerOf, Rebuild};
use crate::digest::{DiffId, Digest};
use crate::finding::{Said, rfc3339};
use crate::official::raw_document;
use crate::order::Gather;
use crate::rebuild::gzip::Generation;
use crate::rebuild::tree::Diff;
use crate::rebuild::{FoundLayer, PackedLayer, RebuiltLayer};

/// The most layers that are said not to be reproduced from one tarball.
const MAX_MISSED: usize = 8;
/// Differences that are named.
const DIFFERENCES: usize = 5;

pub(super) fn run(case: &Case) -> Vec<Check> {
    let followed = rebuilt_image::named_manifests(case);
    case.rebuilds().flat_map(|(id, item, rebuild)| checks(case, (id, item, rebuild), &followed)).list()
}

fn checks(case: &Case, (id, item, rebuild): (ItemId, &Item, &Rebuild), followed: &[Followed<'_>]) -> Vec<Check> {
    let rebuilt = &*rebuild.rebuilt;
    let mut checks: Vec<Check> = Vec::new();
    let layers: Vec<LayerAt<'_>> = rebuilt_image::layers(case).filter(|at| at.id == id).list();
    for at in &layers {
        checks.extend(known(at, from(case, at)));
        let packed = |packed: &PackedLayer| followed.iter().any(|one| one.packed.iter().any(|theirs| **theirs == *packed));
        if let Some(packed) = at.layer.packed.iter().find(|one| packed(one) && !at.layer.wanted.blobs.contains(&one.digest)) {
            checks.push(in_manifest(packed, from(case, at)));
        }
    }
    let is_met = !checks.is_empty();
    for at in &layers {
        checks.extend(unmet(case, at, rebuild, is_met));
    }
    let end = || End::new(Role::Tarball, &item.name).digest(item.sha256).item(id);
    let unknown = |said| Check::new(Kind::LayerRebuild, Verdict::Unknown, end(), said);
    if let Some(error) = &rebuilt.error {
        let said = Said { code: error.code, args: error.args.clone() };
        checks.push(unknown(Said::new("layer-rebuild.not-read")).detail(said));
    }
    if let Some(refused) = &rebuilt.refused {
        let why = Said::new(refused.code).with("entry", &refused.entry);
        let is_ours = refused.code.starts_with("rebuild.layer-");
        let said = if is_ours { "layer-rebuild.not-written" } else { "layer-rebuild.refused" };
        checks.push(unknown(Said::new(said)).detail(why));
    }
    if let Some(stop) = &rebuild.plan.stop
        && let Some(last) = checks.pop()
    {
        checks.push(last.detail(stop.clone()));
    }
    checks
}

/// Where a layer comes from: the source that was read, or the Dockerfile for the layer of a WORKDIR.
fn from(case: &Case, at: &LayerAt<'_>) -> End {
    match (at.of, at.rebuild.plan.dockerfile) {
        (Some(LayerOf { directory: Some(_), .. }), Some(dockerfile)) => {
            let item = case.item(dockerfile);
            End::new(Role::Dockerfile, &item.name).digest(item.sha256).item(dockerfile)
        }
        _ => End::new(Role::Tarball, &at.item.name).digest(at.item.sha256).item(at.id),
    }
}

/// What was met of what is wanted.
fn known(at: &LayerAt<'_>, from: End) -> Vec<Check> {
    let wanted = |packed: &&PackedLayer| at.layer.wanted.blobs.contains(&packed.digest);
    let found = at.layer.found.iter().map(|found| reproduced(at, found, from.clone()));
    let packed = at.layer.packed.iter().filter(wanted).map(|packed| blob(at, packed, from.clone()));
    found.chain(packed).list()
}

/// What was not met; `is_met` says whether another layer of the same source was.
fn unmet(case: &Case, at: &LayerAt<'_>, rebuild: &Rebuild, is_met: bool) -> Vec<Check> {
    let layer = at.layer;
    if !layer.found.is_empty() || layer.packed.iter().any(|packed| layer.wanted.blobs.contains(&packed.digest)) {
        return Vec::new();
    }
    let unknown = |said| instruction(at, Check::new(Kind::LayerRebuild, Verdict::Unknown, from(case, at), said));
    if !rebuild.plan.is_comparable() {
        return vec![computed(layer, unknown(Said::new("layer-rebuild.computed")))];
    }
    // A claim has no time: nobody says that it is an uncompressed layer.
    let named = layer.wanted.diff_ids.iter().filter(|(_, times)| times.is_some()).map(|(diff_id, _)| *diff_id);
    let mut checks: Vec<Check> = named.take(MAX_MISSED).map(|diff_id| missing(case, at, diff_id)).list();
    if checks.is_empty() && !is_met {
        checks.push(computed(layer, profiles(layer, unknown(Said::new("layer-rebuild.no-match")))));
    }
    checks
}

/// The instruction that makes the layer.
fn instruction(at: &LayerAt<'_>, check: Check) -> Check {
    match at.of {
        Some(LayerOf { line, directory: Some(directory) }) => {
            check.detail(Said::new("layer-rebuild.of-workdir").with("line", *line).with("directory", directory))
        }
        Some(LayerOf { line, .. }) if at.layer.number > 0 => {
            check.detail(Said::new("layer-rebuild.of-line").with("line", *line).with("below", at.layer.number))
        }
        _ => check,
    }
}

/// The beginning of a digest, as a label.
pub(super) fn short(digest: Digest) -> String {
    format!("{}:{}", digest.algorithm().name(), &digest.hex()[..12])
}

/// The layer came out.
fn reproduced(at: &LayerAt<'_>, found: &FoundLayer, from: End) -> Check {
    let to = End::new(Role::DiffId, short(found.diff_id.0)).digest(found.diff_id.0);
    let check = Check::new(Kind::LayerRebuild, Verdict::Proved, from, Said::new("layer-rebuild.reproduced")).to(to);
    let packed = at.layer.packed.iter().filter(|packed| packed.layer.diff_id == found.diff_id);
    let check = packed.fold(how(instruction(at, check), found), |check, packed| check.detail(stored(packed)));
    match &at.layer.wanted.generations {
        Some(generations) if generations.is_empty() => check.detail(Said::new("layer-rebuild.stored-otherwise")),
        Some(_) => check.detail(Said::new("layer-rebuild.generation-seen")),
        None => check,
    }
}

/// The stored layer came out, compression included.
fn blob(at: &LayerAt<'_>, packed: &PackedLayer, from: End) -> Check {
    let to = End::new(Role::Layer, short(packed.digest)).digest(packed.digest);
    let said = Said::new("layer-rebuild.blob").with("size", packed.size);
    let check = Check::new(Kind::LayerRebuild, Verdict::Proved, from, said).to(to);
    how(instruction(at, check), &packed.layer)
        .detail(Said::new("layer-rebuild.diff-id").with("diff_id", packed.layer.diff_id))
        .detail(stored(packed))
}

/// Nothing names the layer, but a manifest that was written with it has the digest that something names.
fn in_manifest(packed: &PackedLayer, from: End) -> Check {
    let to = End::new(Role::Layer, short(packed.digest)).digest(packed.digest);
    let said = Said::new("layer-rebuild.in-manifest").with("size", packed.size);
    let check = Check::new(Kind::LayerRebuild, Verdict::Proved, from, said).to(to);
    how(check, &packed.layer).detail(stored(packed))
}

/// Who writes the layer like this, and when.
fn how(mut check: Check, found: &FoundLayer) -> Check {
    check = check.detail(Said::new(found.profile.code()).with("epoch", found.profile.latest.map(rfc3339).unwrap_or_default()));
    if found.diff == Diff::Sorted {
        check = check.detail(Said::new("rebuild.diff-sorted"));
    }
    if let Some(time) = found.time {
        let code = if time.until == u32::MAX { "layer-rebuild.build-time" } else { "layer-rebuild.build-time-split" };
        check = check.detail(Said::new(code).with("second", time.second).with("date", rfc3339(time.second)));
        if let Some(second) = time.checked_out {
            let said = Said::new("layer-rebuild.checkout-time").with("second", second);
            check = check.detail(said.with("date", rfc3339(second)));
        }
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
fn missing(case: &Case, at: &LayerAt<'_>, diff_id: DiffId) -> Check {
    let real = case.by_diff_id(&diff_id).first().copied();
    let to = End { item: real, ..End::new(Role::DiffId, short(diff_id.0)).digest(diff_id.0) };
    let said = Said::new("layer-rebuild.not-reproduced");
    let check = instruction(at, Check::new(Kind::LayerRebuild, Verdict::Unknown, from(case, at), said)).to(to);
    let mut check = profiles(at.layer, check);
    if let Some(searched) = at.layer.searched.iter().find(|searched| searched.diff_id == diff_id) {
        let code = match (searched.is_checkout, searched.is_cut) {
            (false, false) => "layer-rebuild.searched",
            (false, true) => "layer-rebuild.searched-partly",
            (true, false) => "layer-rebuild.searched-checkout",
            (true, true) => "layer-rebuild.searched-checkout-partly",
        };
        let window = if searched.is_checkout { searched.times.checked_out } else { searched.times.built };
        let (first, last) = window.bounds();
        check = check.detail(Said::new(code).with("first", rfc3339(first)).with("last", rfc3339(last)));
    } else if at.layer.candidates.iter().any(|candidate| candidate.diff_id.is_none()) {
        check = check.detail(Said::new("layer-rebuild.time-unknown"));
    }
    match real {
        Some(layer) => {
            let first = case.item(layer).tar().and_then(|tar| layer_difference::first(&at.layer.written, tar));
            let check = first.into_iter().flatten().fold(check, Check::detail);
            differences(at.item, case.item(layer)).into_iter().fold(check, Check::detail)
        }
        None => check.want(Want {
            bring: Said::new("layer-rebuild.bring-layer"),
            why: Said::new("layer-rebuild.bring-layer-why"),
            command: Some(fetch::save(None)),
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

fn profiles(layer: &RebuiltLayer, check: Check) -> Check {
    let mut said: Vec<Said> = Vec::new();
    for candidate in &layer.candidates {
        let epoch = candidate.profile.latest.map(rfc3339).unwrap_or_default();
        said.push(Said::new(candidate.profile.code()).with("epoch", epoch));
    }
    said.dedup();
    said.into_iter().fold(check.detail(Said::new("layer-rebuild.tried")), Check::detail)
}

/// The digests to look up by hand.
fn computed(layer: &RebuiltLayer, check: Check) -> Check {
    let mut check = check;
    for packed in &layer.packed {
        check = how(check, &packed.layer).detail(stored(packed));
    }
    if layer.packed.is_empty() {
        check = check.detail(Said::new("layer-rebuild.time-unknown"));
    }
    check.want(Want {
        bring: Said::new("layer-rebuild.bring-manifest"),
        why: Said::new("layer-rebuild.bring-manifest-why"),
        command: Some(raw_document(fetch::IMAGE, "index.json")),
    })
}
