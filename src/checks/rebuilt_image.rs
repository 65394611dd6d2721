//! Configs and manifests that follow from what was rebuilt, for the checks that compare them.

use super::Role;
use crate::case::{Case, Item, ItemId, LayerOf, Rebuild};
use crate::digest::{DiffId, Digest};
use crate::dockerfile::BuildArguments;
use crate::finding::rfc3339;
use crate::history::History;
use crate::oci::{Config, Content, Platform};
use crate::order::{self, Gather, Map};
use crate::rebuild::gzip::Generation;
use crate::rebuild::image::{
    Blob as Described, ConfigCandidate, ImageManifest, Known, ManifestForm, configs as candidates, recorded_arguments,
};
use crate::rebuild::{FoundLayer, PackedLayer, RebuiltLayer};
use crate::recipe::Values;
use std::sync::Arc;

/// The image that was rebuilt, as far as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RebuiltImage {
    /// The compressed layers, lowest first, as many as were rebuilt.
    pub layers: Vec<Arc<Vec<u8>>>,
    /// The config: the one at hand that names the layers, else the likeliest one that follows from a Dockerfile at hand.
    pub config: Option<Vec<u8>>,
    /// The manifest: the one at hand that names the layers, else the one that BuildKit writes.
    pub manifest: Option<Vec<u8>>,
    /// Whether these are all layers of the image.
    pub is_whole: bool,
}

/// A rebuilt layer, and where it came from.
#[derive(Clone, Copy)]
pub(super) struct LayerAt<'a> {
    /// The source that its rebuild read.
    pub(super) id: ItemId,
    /// The source.
    pub(super) item: &'a Item,
    /// The rebuild.
    pub(super) rebuild: &'a Rebuild,
    /// The instruction that makes it, if a Dockerfile says so.
    pub(super) of: Option<&'a LayerOf>,
    /// What was found out.
    pub(super) layer: &'a RebuiltLayer,
}

/// Every layer that was rebuilt.
pub(super) fn layers(case: &Case) -> impl Iterator<Item = LayerAt<'_>> {
    case.rebuilds().flat_map(|(id, item, rebuild)| {
        let layers = rebuild.rebuilt.layers.iter().enumerate();
        layers.map(move |(index, layer)| LayerAt { id, item, rebuild, of: rebuild.plan.instructions.get(index), layer })
    })
}

/// Rebuilt layers that lie on each other.
pub(super) struct Chain<'a> {
    /// The Dockerfile that says so.
    pub(super) dockerfile: Option<ItemId>,
    /// Lowest first.
    pub(super) layers: Vec<LayerAt<'a>>,
    /// Whether the Dockerfile makes no further layers.
    pub(super) is_complete: bool,
}

/// All chains: one for each Dockerfile, and one for each source that no Dockerfile names.
pub(super) fn chains(case: &Case) -> Vec<Chain<'_>> {
    let mut chains: Vec<Chain<'_>> = Vec::new();
    for layer in layers(case) {
        let dockerfile = layer.rebuild.plan.dockerfile;
        match chains.iter_mut().find(|chain| dockerfile.is_some() && chain.dockerfile == dockerfile) {
            Some(chain) => chain.layers.push(layer),
            None => chains.push(Chain { dockerfile, layers: vec![layer], is_complete: false }),
        }
    }
    for chain in &mut chains {
        order::sort_by_key(&mut chain.layers, |at| at.layer.number);
        let contiguous = chain.layers.iter().zip(0..).take_while(|(at, number)| at.layer.number == *number).count();
        chain.layers.truncate(contiguous);
        chain.is_complete = chain.layers.last().is_some_and(|last| {
            let plan = &last.rebuild.plan;
            plan.stop.is_none() && !plan.task.keeps_tree && last.rebuild.rebuilt.layers.len() == plan.instructions.len()
        });
    }
    chains.retain(|chain| !chain.layers.is_empty());
    chains
}

/// The compressed layer whose bytes are kept.
fn kept<'a>(at: &LayerAt<'a>) -> Option<&'a PackedLayer> {
    at.layer.packed.iter().find(|packed| packed.kept)
}

/// The image to save: one that something at hand names, else the likeliest; `None` if no layer was rebuilt.
pub fn rebuilt_image(case: &Case) -> Option<RebuiltImage> {
    named_manifests(case).iter().find_map(|one| named_image(case, one)).or_else(|| likeliest_image(case))
}

/// The bytes of layers, as far as they are in memory.
fn bytes(case: &Case, packed: &[&PackedLayer]) -> Vec<Arc<Vec<u8>>> {
    let of = |packed: &&PackedLayer| layers(case).find_map(|at| at.layer.bytes.get(&packed.digest).cloned());
    packed.iter().map_while(of).list()
}

/// The image whose manifest has a digest that is named.
fn named_image(case: &Case, one: &Followed<'_>) -> Option<RebuiltImage> {
    let layers = bytes(case, &one.packed);
    (layers.len() == one.packed.len()).then(|| RebuiltImage {
        layers,
        config: Some(one.written.candidate.document.clone().into_bytes()),
        manifest: Some(one.document.clone().into_bytes()),
        is_whole: true,
    })
}

fn likeliest_image(case: &Case) -> Option<RebuiltImage> {
    let rank = |chain: &Chain<'_>| {
        let named = |at: &LayerAt<'_>| kept(at).is_some_and(|packed| at.layer.wanted.blobs.contains(&packed.digest));
        let found = chain.layers.iter().filter(|at| !at.layer.found.is_empty()).count();
        (!chain.layers.iter().any(named), std::cmp::Reverse(found))
    };
    let mut chains = chains(case);
    chains.retain(|chain| chain.layers.first().and_then(kept).is_some());
    let chain = chains.into_iter().min_by_key(rank)?;
    let packed: Vec<&PackedLayer> = chain.layers.iter().map_while(kept).list();
    let is_complete = chain.is_complete && packed.len() == chain.layers.len();
    let (config, is_whole) = config_of(case, &packed, is_complete).unzip();
    let is_whole = is_whole.unwrap_or(false);
    let manifest = manifest_at_hand(case, &packed).or_else(|| {
        let config = config.as_deref().filter(|_| is_whole)?;
        Some(manifest(config, &packed, ManifestForm::BuildKit).into_bytes())
    });
    Some(RebuiltImage { layers: bytes(case, &packed), config, manifest, is_whole })
}

/// The config on the layers, and whether they are all of its layers.
fn config_of(case: &Case, packed: &[&PackedLayer], is_complete: bool) -> Option<(Vec<u8>, bool)> {
    let diff_ids: Vec<DiffId> = packed.iter().map(|packed| packed.layer.diff_id).list();
    let at_hand = case.documents().find_map(|(_, document)| match &document.content {
        Content::Config(config) if config.diff_ids.first()?.known() == Some(&diff_ids.first()?.0) => {
            let theirs = config.diff_ids.iter().map(|reference| reference.known().copied().map(DiffId));
            Some((document.bytes.to_vec(), theirs.eq(diff_ids.iter().copied().map(Some))))
        }
        _ => None,
    });
    let named = named_digests(case);
    let written = || {
        let all = configs(case).into_iter().filter(|written| is_complete && written.diff_ids == diff_ids);
        let likeliest = all.min_by_key(|written| !named.contains(&written.candidate.image_id().0))?;
        Some((likeliest.candidate.document.into_bytes(), true))
    };
    at_hand.or_else(written)
}

fn manifest_at_hand(case: &Case, packed: &[&PackedLayer]) -> Option<Vec<u8>> {
    case.documents().find_map(|(_, document)| match &document.content {
        Content::Manifest(manifest) => {
            let named = manifest.layers.iter().map(|layer| layer.digest.known().copied());
            let is_ours = named.take(packed.len()).eq(packed.iter().map(|packed| Some(packed.digest)));
            (is_ours && manifest.layers.len() >= packed.len()).then(|| document.bytes.to_vec())
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
pub(super) fn for_config(case: &Case, dockerfile: ItemId, id: ItemId, config: &Config) -> Vec<Written> {
    let diff_ids: Option<Vec<DiffId>> = config.diff_ids.iter().map(|reference| reference.known().copied().map(DiffId)).collect();
    let layers = config.history.iter().flatten().filter(|entry| !entry.empty_layer);
    let times: Option<Vec<String>> = layers.map(|entry| entry.created.clone()).collect();
    match (diff_ids, times) {
        (Some(diff_ids), Some(times)) => {
            write(case, dockerfile, &arguments(case, dockerfile, id), known(&config.platform, times, diff_ids))
        }
        _ => Vec::new(),
    }
}

/// The build arguments of a Dockerfile as a config at hand or its history shows them, beside those that were given.
pub(super) fn arguments(case: &Case, dockerfile: ItemId, config: ItemId) -> BuildArguments {
    let mut arguments = case.build_arguments_of(dockerfile, Some(config));
    let root = case.item(config).document().and_then(|document| document.root.as_object());
    let info = root.and_then(|root| root.get("moby.buildkit.buildinfo.v1")?.as_str());
    for (name, value) in info.map(recorded_arguments).unwrap_or_default() {
        arguments.values.entry(name).or_insert(value);
    }
    arguments
}

/// Configs of rebuilt layers that a manifest or a claim names and that are not at hand themselves. Their times are those of
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
        for (id, document) in case.documents() {
            if let Content::Config(config) = &document.content {
                all.extend(for_config(case, dockerfile, id, config));
            }
        }
        all.extend(from_histories(case, dockerfile));
    }
    all
}

/// A manifest that follows from rebuilt layers.
pub(super) struct Followed<'a> {
    /// The lowest layer.
    pub(super) lowest: LayerAt<'a>,
    /// All layers, compressed, lowest first.
    pub(super) packed: Vec<&'a PackedLayer>,
    /// The config.
    pub(super) written: Written,
    /// The form of the manifest.
    pub(super) form: ManifestForm,
    /// The manifest.
    pub(super) document: String,
}

/// Every manifest of a chain of rebuilt layers and a config that was written for it.
pub(super) fn manifests(case: &Case) -> Vec<Followed<'_>> {
    let configs = configs(case);
    let mut all = Vec::new();
    for chain in chains(case) {
        let Some(lowest) = chain.layers.first().copied() else { continue };
        for written in &configs {
            for packed in compressed(&chain, &written.diff_ids) {
                for form in ManifestForm::ALL {
                    let document = manifest(written.candidate.document.as_bytes(), &packed, form);
                    all.push(Followed { lowest, packed: packed.clone(), written: written.clone(), form, document });
                }
            }
        }
    }
    all
}

/// Manifests whose bytes are not at hand and that indexes and people name by the digest that comes out.
pub(super) fn named_manifests(case: &Case) -> Vec<Followed<'_>> {
    let mut wanted = case.claimed_digests();
    for (_, document) in case.documents() {
        if let Content::Index(index) = &document.content {
            wanted.extend(index.images().filter_map(|descriptor| descriptor.digest.known()).copied());
        }
    }
    // What is at hand is compared by itself.
    wanted.retain(|digest| case.by_digest(digest).is_empty());
    if wanted.is_empty() { Vec::new() } else { named(case, &wanted) }
}

fn named<'a>(case: &'a Case, wanted: &[Digest]) -> Vec<Followed<'a>> {
    let mut followed = manifests(case);
    followed.retain(|one| wanted.contains(&Digest::sha256(one.document.as_bytes())));
    followed
}

/// Bytes that were written here and can be saved.
pub(super) struct Blob {
    /// What they are.
    pub(super) role: Role,
    /// Their size.
    pub(super) size: u64,
    /// For a layer: the digest of the uncompressed bytes.
    pub(super) diff_id: Option<DiffId>,
    /// Name of the source that they were made of.
    pub(super) from: String,
}

/// Everything that was written here, by digest: compressed layers, and manifests and configs that something names.
pub(super) type Blobs = Map<Digest, Blob>;

/// Writes it: once for all checks, since each manifest that may follow is written to see whether something names it.
pub(super) fn blobs(case: &Case) -> Blobs {
    let mut blobs = Map::new();
    for at in layers(case) {
        for packed in &at.layer.packed {
            let (size, diff_id) = (packed.size, Some(packed.layer.diff_id));
            blobs.insert(packed.digest, Blob { role: Role::Layer, size, diff_id, from: at.item.name.clone() });
        }
    }
    for one in named_manifests(case) {
        for (role, document) in [(Role::Manifest, &one.document), (Role::Config, &one.written.candidate.document)] {
            let blob = Blob { role, size: document.len() as u64, diff_id: None, from: one.lowest.item.name.clone() };
            blobs.insert(Digest::sha256(document.as_bytes()), blob);
        }
    }
    blobs
}

/// The chain's layers with these uncompressed digests: as they are kept, and as one generation compressed all of them.
fn compressed<'a>(chain: &Chain<'a>, diff_ids: &[DiffId]) -> Vec<Vec<&'a PackedLayer>> {
    if chain.layers.len() != diff_ids.len() {
        return Vec::new();
    }
    let of = |fits: &dyn Fn(&PackedLayer) -> bool| -> Option<Vec<&'a PackedLayer>> {
        let layers = chain.layers.iter().zip(diff_ids);
        layers
            .map(|(at, diff_id)| at.layer.packed.iter().find(|packed| packed.layer.diff_id == *diff_id && fits(packed)))
            .collect()
    };
    let mut sets: Vec<Vec<&PackedLayer>> = Vec::new();
    let all = Generation::ALL.map(|generation| of(&|packed| packed.generation == generation));
    for set in std::iter::once(of(&|packed| packed.kept)).chain(all).flatten() {
        let set: Vec<&PackedLayer> = set;
        if !sets.contains(&set) {
            sets.push(set);
        }
    }
    sets
}

fn manifest(config: &[u8], packed: &[&PackedLayer], form: ManifestForm) -> String {
    let blob = |packed: &&PackedLayer| {
        let layer = Described::new(packed.digest, packed.size);
        packed.layer.profile.latest.map_or(layer.clone(), |epoch| layer.rewritten(epoch))
    };
    ImageManifest {
        config: Described::new(Digest::sha256(config), config.len() as u64),
        layers: packed.iter().map(blob).list(),
        annotations: Default::default(),
    }
    .write(form)
}

/// Configs of the rebuilt layers of a Dockerfile, dated by the histories at hand and by `SOURCE_DATE_EPOCH` (1970 where there are none: a time must stand
/// there).
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
    times.extend(case.source_date_epoch().map(rfc3339));
    order::sort(&mut times);
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
    let given = case.build_arguments_of(dockerfile, None);
    let mut all = Vec::new();
    for diff_ids in layer_sets(case, dockerfile) {
        let mut dated: Vec<Vec<String>> = times.iter().take(MAX_TIMES).map(|time| vec![time.clone(); diff_ids.len()]).list();
        dated.extend(layer_times(case).into_iter().filter(|times| times.len() == diff_ids.len()));
        dated.dedup();
        all.extend(
            dated.into_iter().flat_map(|times| write(case, dockerfile, &given, known(&platform, times, diff_ids.clone()))),
        );
    }
    all
}

/// The times of the entries with layers, for each history that says which these are.
fn layer_times(case: &Case) -> Vec<Vec<String>> {
    let of = |history: &History| {
        let layers = history.entries.iter().filter(|entry| entry.empty_layer != Some(true));
        layers.map(|entry| entry.created.clone()).collect::<Option<Vec<String>>>()
    };
    case.histories().filter_map(|(_, history)| of(history)).list()
}

/// The most times of a history that are tried.
const MAX_TIMES: usize = 16;

/// The layers that were rebuilt as a Dockerfile says, if they are all of its layers: one list for each profile.
fn layer_sets(case: &Case, dockerfile: ItemId) -> Vec<Vec<DiffId>> {
    let chains = chains(case).into_iter().filter(|chain| chain.dockerfile == Some(dockerfile) && chain.is_complete);
    let mut sets: Vec<Vec<DiffId>> = Vec::new();
    for chain in chains {
        let known = |at: &LayerAt<'_>| {
            let packed = at.layer.packed.iter().map(|packed| packed.layer);
            at.layer.found.iter().copied().chain(packed).collect::<Vec<FoundLayer>>()
        };
        let Some(lowest) = chain.layers.first() else { continue };
        for first in known(lowest) {
            // One builder wrote them all; where a layer is known in another profile only, it is equal in both.
            let upper = chain.layers[1..].iter().map(|at| {
                let all = known(at);
                let same = all.iter().find(|layer| layer.profile == first.profile);
                same.or(all.first()).map(|layer| layer.diff_id)
            });
            let set: Option<Vec<DiffId>> = std::iter::once(Some(first.diff_id)).chain(upper).collect();
            sets.extend(set.filter(|set| !sets.contains(set)));
        }
    }
    sets
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

fn write(case: &Case, dockerfile: ItemId, given: &BuildArguments, known: Known) -> Vec<Written> {
    let Some(program) = case.item(dockerfile).dockerfile().and_then(|file| case.scratch_program(file)) else { return Vec::new() };
    let values = Values { given, open: &[], os: Default::default() };
    let written = candidates(&program, &values, &known);
    written.into_iter().map(|candidate| Written { candidate, diff_ids: known.diff_ids.clone() }).list()
}
