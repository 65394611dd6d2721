//! Configs and manifests that follow from what was rebuilt, for the checks that compare them.

use crate::case::{Case, Item, ItemId, Rebuild};
use crate::digest::{DiffId, Digest};
use crate::oci::{Config, Content, Platform};
use crate::rebuild::image::{Blob, ConfigCandidate, ImageManifest, Known, ManifestForm, configs as candidates};
use crate::rebuild::{FoundLayer, PackedLayer};
use crate::recipe::Values;
use std::sync::Arc;

/// The image that was rebuilt, as far as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RebuiltImage {
    /// The compressed layer.
    pub layer: Arc<Vec<u8>>,
    /// The config: the one at hand that names the layer, else the likeliest one that follows from a Dockerfile at hand.
    pub config: Option<Vec<u8>>,
    /// The manifest: the one at hand that names the layer, else the one that BuildKit writes.
    pub manifest: Option<Vec<u8>>,
    /// Whether the layer is the image's only one.
    pub is_whole: bool,
}

/// The image to save: one that something at hand names, else the likeliest; `None` if no layer was rebuilt.
pub fn rebuilt_image(case: &Case) -> Option<RebuiltImage> {
    let rank = |rebuild: &Rebuild, packed: &PackedLayer| {
        (!rebuild.plan.wanted.blobs.contains(&packed.digest), rebuild.rebuilt.found.is_empty())
    };
    let kept = case.rebuilds().filter_map(|(.., rebuild)| {
        let packed = rebuild.rebuilt.packed.iter().find(|packed| packed.kept)?;
        Some((rank(rebuild, packed), packed, Arc::clone(rebuild.rebuilt.bytes.as_ref()?)))
    });
    let (_, packed, layer) = kept.min_by_key(|(rank, ..)| *rank)?;
    let (config, layers) = config_of(case, packed).unzip();
    let manifest = manifest_at_hand(case, packed).or_else(|| {
        let config = config.as_deref().filter(|_| layers == Some(1))?;
        Some(manifest(config, packed, ManifestForm::BuildKit).into_bytes())
    });
    Some(RebuiltImage { layer, config, manifest, is_whole: layers == Some(1) })
}

/// The config on a layer, and how many layers it has.
fn config_of(case: &Case, packed: &PackedLayer) -> Option<(Vec<u8>, usize)> {
    let diff_id = packed.layer.diff_id.0;
    let at_hand = case.documents().find_map(|(_, document)| match &document.content {
        Content::Config(config) if config.diff_ids.first()?.known() == Some(&diff_id) => {
            Some((document.bytes.to_vec(), config.diff_ids.len()))
        }
        _ => None,
    });
    let named = named_digests(case);
    let written = || {
        let all = configs(case).into_iter().filter(|written| written.diff_ids == [packed.layer.diff_id]);
        let likeliest = all.min_by_key(|written| !named.contains(&written.candidate.image_id().0))?;
        Some((likeliest.candidate.document.into_bytes(), 1))
    };
    at_hand.or_else(written)
}

fn manifest_at_hand(case: &Case, packed: &PackedLayer) -> Option<Vec<u8>> {
    case.documents().find_map(|(_, document)| match &document.content {
        Content::Manifest(manifest) if manifest.layers.first()?.digest.known() == Some(&packed.digest) => {
            Some(document.bytes.to_vec())
        }
        _ => None,
    })
}

/// Digests of configs that manifests and people name.
fn named_digests(case: &Case) -> Vec<Digest> {
    let mut named = case.claimed_digests();
    for (_, document) in case.documents() {
        if let Content::Manifest(manifest) = &document.content {
            named.extend(manifest.config.as_ref().and_then(|config| config.digest.known()).copied());
        }
    }
    named
}

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
    let mut wanted = named_digests(case);
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
                let document = manifest(written.candidate.document.as_bytes(), packed, form);
                all.push((id, item, packed, written.clone(), form, document));
            }
        }
    }
    all
}

fn manifest(config: &[u8], packed: &PackedLayer, form: ManifestForm) -> String {
    let layer = Blob::new(packed.digest, packed.size);
    ImageManifest {
        config: Blob::new(Digest::sha256(config), config.len() as u64),
        layers: vec![packed.layer.profile.latest.map_or(layer.clone(), |epoch| layer.rewritten(epoch))],
        annotations: Default::default(),
    }
    .write(form)
}

/// Configs of one rebuilt layer each, dated by the histories at hand (1970 where there are none: a time must stand there).
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
    if times.is_empty() {
        times.push("1970-01-01T00:00:00Z".to_owned());
    }
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
