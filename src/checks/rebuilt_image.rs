//! Configs and manifests that follow from what was rebuilt, for the checks that compare them.

use crate::case::{Case, Item, ItemId};
use crate::digest::{DiffId, Digest};
use crate::oci::{Config, Content, Platform};
use crate::rebuild::image::{Blob, ConfigCandidate, ImageManifest, Known, ManifestForm, configs as candidates};
use crate::rebuild::{FoundLayer, PackedLayer};
use crate::recipe::Values;

/// A config that was written for a Dockerfile.
#[derive(Debug, Clone)]
pub(super) struct Written {
    /// The config.
    pub(super) candidate: ConfigCandidate,
    /// Its layers.
    pub(super) diff_ids: Vec<DiffId>,
}

/// Every config that BuildKit would have written for a Dockerfile with the layers, times and platform of a config at hand.
pub(super) fn for_config(case: &Case, dockerfile: ItemId, config: &Config) -> Vec<Written> {
    let diff_ids: Option<Vec<DiffId>> = config.diff_ids.iter().map(|reference| reference.known().copied().map(DiffId)).collect();
    let layers = config.history.iter().flatten().filter(|entry| !entry.empty_layer);
    let times: Option<Vec<String>> = layers.map(|entry| entry.created.clone()).collect();
    match (diff_ids, times) {
        (Some(diff_ids), Some(times)) => write(case, dockerfile, known(&config.platform, times, diff_ids)),
        _ => Vec::new(),
    }
}

/// Configs of one rebuilt layer that a manifest or a claim names and that are not at hand themselves. Their times are those of
/// a history at hand.
pub(super) fn named_configs(case: &Case, dockerfile: ItemId) -> Vec<Written> {
    let mut wanted = case.claimed_digests();
    for (_, document) in case.documents() {
        if let Content::Manifest(manifest) = &document.content {
            wanted.extend(manifest.config.as_ref().and_then(|config| config.digest.known()).copied());
        }
    }
    wanted.retain(|digest| case.by_digest(digest).is_empty());
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut named = from_histories(case, dockerfile);
    named.retain(|written| wanted.contains(&written.candidate.image_id().0));
    named
}

/// Every config that is written for a Dockerfile of the case, be it for a config at hand or for a history.
pub(super) fn configs(case: &Case) -> Vec<Written> {
    let mut all = Vec::new();
    for (dockerfile, _) in case.dockerfiles() {
        for (_, document) in case.documents() {
            if let Content::Config(config) = &document.content {
                all.extend(for_config(case, dockerfile, config));
            }
        }
        all.extend(from_histories(case, dockerfile));
    }
    all
}

/// Compressed layers that were rebuilt, with the item that each was rebuilt from.
pub(super) fn packed(case: &Case) -> impl Iterator<Item = (ItemId, &Item, &PackedLayer)> {
    case.rebuilds().flat_map(|(id, item, rebuild)| rebuild.rebuilt.packed.iter().map(move |packed| (id, item, packed)))
}

/// A manifest that follows from a rebuilt layer: source, its item, the layer, the config, the form and the document.
type Followed<'a> = (ItemId, &'a Item, &'a PackedLayer, Written, ManifestForm, String);

/// Every manifest of a single rebuilt layer and a config that was written for it.
pub(super) fn manifests(case: &Case) -> Vec<Followed<'_>> {
    let configs = configs(case);
    let mut all = Vec::new();
    for (id, item, packed) in packed(case) {
        let fitting = configs.iter().filter(|written| written.diff_ids == [packed.layer.diff_id]);
        for written in fitting {
            for form in ManifestForm::ALL {
                all.push((id, item, packed, written.clone(), form, manifest(written, packed, form)));
            }
        }
    }
    all
}

fn manifest(written: &Written, packed: &PackedLayer, form: ManifestForm) -> String {
    let layer = Blob::new(packed.digest, packed.size);
    let document = written.candidate.document.as_bytes();
    ImageManifest {
        config: Blob::new(Digest::sha256(document), document.len() as u64),
        layers: vec![packed.layer.profile.latest.map_or(layer.clone(), |epoch| layer.rewritten(epoch))],
        annotations: Default::default(),
    }
    .write(form)
}

/// Configs of one rebuilt layer each, dated by the histories at hand.
fn from_histories(case: &Case, dockerfile: ItemId) -> Vec<Written> {
    let mut times: Vec<String> = Vec::new();
    for (_, history) in case.histories() {
        let created = history
            .entries
            .iter()
            .filter_map(|entry| entry.created.as_deref())
            .filter(|time| crate::rebuild::seconds(time).is_some());
        times.extend(created.map(str::to_owned));
    }
    times.sort();
    times.dedup();
    let platform = case.options().platform.clone().unwrap_or_else(|| "linux/amd64".to_owned());
    let mut parts = platform.split('/').map(str::to_owned);
    let mut part = || parts.next().unwrap_or_default();
    let platform = Platform {
        os: part(),
        architecture: part(),
        variant: Some(part()).filter(|text| !text.is_empty()),
        ..Platform::default()
    };
    let layers = layers(case, dockerfile);
    let dated = layers.iter().flat_map(|layer| times.iter().take(MAX_TIMES).map(move |time| (layer, time)));
    dated.flat_map(|(layer, time)| write(case, dockerfile, known(&platform, vec![time.clone()], vec![layer.diff_id]))).collect()
}

/// The most times of a history that are tried.
const MAX_TIMES: usize = 16;

/// Layers that were rebuilt as a Dockerfile says.
fn layers(case: &Case, dockerfile: ItemId) -> Vec<FoundLayer> {
    let rebuilds = case.rebuilds().filter(|(.., rebuild)| rebuild.plan.dockerfile == Some(dockerfile));
    let mut layers: Vec<FoundLayer> = Vec::new();
    for (.., rebuild) in rebuilds {
        let known = rebuild.rebuilt.found.iter().chain(rebuild.rebuilt.packed.iter().map(|packed| &packed.layer));
        for layer in known {
            if layers.iter().all(|other| other.diff_id != layer.diff_id) {
                layers.push(*layer);
            }
        }
    }
    layers
}

fn known(platform: &Platform, times: Vec<String>, diff_ids: Vec<DiffId>) -> Known {
    Known {
        architecture: platform.architecture.clone(),
        os: platform.os.clone(),
        variant: platform.variant.clone(),
        times,
        diff_ids,
    }
}

fn write(case: &Case, dockerfile: ItemId, known: Known) -> Vec<Written> {
    let Some(program) = case.item(dockerfile).dockerfile().and_then(|file| case.scratch_program(file)) else { return Vec::new() };
    let given = case.build_arguments();
    let values = Values { given: &given, open: &[], os: Default::default() };
    let written = candidates(&program, &values, &known);
    written.into_iter().map(|candidate| Written { candidate, diff_ids: known.diff_ids.clone() }).collect()
}
