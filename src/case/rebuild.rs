//! What can be rebuilt from a case, and what it would be compared with.

use super::{Body, Case, Item, ItemId};
use crate::digest::{DiffId, Digest};
use crate::dockerfile::{Command, Dockerfile, Source, Transfer};
use crate::intake::Shape;
use crate::oci::{ClaimValue, Config, Content};
use crate::rebuild::tar::Window;
use crate::rebuild::tree::TreeLimits;
use crate::rebuild::{Added, RebuildLimits, Rebuilt, Wanted, is_whole_second, seconds};
use crate::recipe::{Base, BaseImage, Family, Program, StageChoice, State, Values};
use std::sync::Arc;

/// The most digests that one rebuild is compared with.
const MAX_WANTED: usize = 64;
/// Seconds that a build may take between unpacking a tarball and writing the time down.
const UNPACKING: u32 = 120;
/// Seconds within which a checkout is looked for: a week.
const CHECKOUT: u32 = 7 * 86_400;

/// How one source is rebuilt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RebuildPlan {
    /// How it becomes a layer.
    pub added: Added,
    /// What the layer is compared with.
    pub wanted: Wanted,
    /// The Dockerfile that says so, if one does.
    pub dockerfile: Option<ItemId>,
}

impl RebuildPlan {
    /// Whether there is something to compare the rebuilt layer with.
    pub fn is_comparable(&self) -> bool {
        !self.wanted.diff_ids.is_empty() || !self.wanted.blobs.is_empty()
    }
}

/// A rebuild that was done, and what it was done for.
#[derive(Debug, Clone)]
pub struct Rebuild {
    /// The plan it followed.
    pub plan: RebuildPlan,
    /// What came out.
    pub rebuilt: Arc<Rebuilt>,
}

impl Case {
    /// How the bytes of an item can become a layer; `None` if they cannot, as far as the case shows.
    pub fn rebuild_plan(&self, id: ItemId) -> Option<RebuildPlan> {
        let item = self.item(id);
        if !item.is_whole() || !matches!(item.body, Body::Tarball | Body::Other) {
            return None;
        }
        let is_rootfs = item.tar().is_some_and(|tar| tar.shape == Shape::Rootfs);
        let added = self.dockerfiles().find_map(|(dockerfile, file)| Some((self.added(file, item)?, Some(dockerfile))));
        let root = || (Added::Tarball { destination: b"/".to_vec(), compression: compression(item) }, None);
        let (added, dockerfile) = added.or_else(|| is_rootfs.then(root))?;
        let wanted = self.wanted(&added, item);
        let is_layer =
            wanted.blobs.contains(&item.sha256) || wanted.diff_ids.iter().any(|(diff_id, _)| Some(*diff_id) == item.diff_id());
        if is_layer {
            // The layer itself needs no rebuilding.
            return None;
        }
        Some(RebuildPlan { added, wanted, dockerfile })
    }

    /// Budgets of a rebuild in this case.
    pub fn rebuild_limits(&self) -> RebuildLimits {
        let limits = &self.options().limits;
        let tree = TreeLimits { content: limits.rebuild, ..TreeLimits::default() };
        RebuildLimits { tree, search: limits.rebuild_search, pack: limits.rebuild_pack }
    }

    /// Every rebuild that was done, with the item that it was done from.
    pub fn rebuilds(&self) -> impl Iterator<Item = (ItemId, &Item, &Rebuild)> {
        self.items().filter_map(|(id, item)| Some((id, item, self.reread(id)?.rebuild.as_ref()?)))
    }

    /// The program of a Dockerfile's target stage, if it begins with nothing.
    pub fn scratch_program<'a>(&self, file: &'a Dockerfile) -> Option<Program<'a>> {
        let given = self.build_arguments();
        let choice = self.options().target.as_deref().map_or(StageChoice::Last, StageChoice::Target);
        let program = Program::of(file, choice, &file.globals(&given).ok()?).ok()??;
        (program.base == BaseImage::Scratch).then_some(program)
    }

    /// How the first layer of a Dockerfile takes over the item, if it does.
    fn added(&self, file: &Dockerfile, item: &Item) -> Option<Added> {
        let program = self.scratch_program(file)?;
        let given = self.build_arguments();
        let values = Values { given: &given, open: &[], os: Default::default() };
        let mut state = State::new(Family::BuildKit, &program, &Base::default(), &values);
        for step in &program.steps {
            state.enter(step);
            match &step.instruction.command {
                Command::Add(transfer) => return taken(&mut state, transfer, item, true),
                Command::Copy(transfer) => return taken(&mut state, transfer, item, false),
                Command::Run(_) => return None,
                Command::Workdir(path) if state.text(path) != "/" => return None,
                _ => state.apply(step.instruction),
            }
        }
        None
    }

    fn wanted(&self, added: &Added, item: &Item) -> Wanted {
        let mut wanted = Wanted::default();
        for (_, document) in self.documents() {
            match &document.content {
                Content::Config(config) => want_config(&mut wanted, config, added),
                Content::Manifest(manifest) => {
                    let layer = manifest.layers.first();
                    let annotations = layer.map(|layer| &layer.annotations);
                    let epoch = annotations.and_then(|known| known.get("buildkit/rewritten-timestamp"));
                    wanted.epochs.extend(epoch.and_then(|epoch| epoch.parse::<i64>().ok()));
                    wanted.blobs.extend(layer.and_then(|layer| layer.digest.known()).copied());
                }
                Content::Inspect(images) => {
                    let ids = images.iter().filter_map(|image| Some((image, image.diff_ids.first()?.known()?)));
                    for (image, diff_id) in ids {
                        want(&mut wanted, DiffId(*diff_id), image.created.as_deref(), added);
                    }
                }
                Content::Skopeo(image) => wanted.blobs.extend(image.layers.first().and_then(|layer| layer.known()).copied()),
                _ => {}
            }
        }
        for digest in self.claimed_digests() {
            wanted.blobs.push(digest);
            want(&mut wanted, DiffId(digest), None, added);
        }
        self.want_layer_of_archive(&mut wanted, item);
        tidy(&mut wanted);
        wanted
    }

    /// A lone layer that was given beside the tarball: one that is compressed as Go's programs do it.
    fn want_layer_of_archive(&self, wanted: &mut Wanted, item: &Item) {
        let others = self.tarballs().filter(|(_, other)| other.sha256 != item.sha256 && is_packed_by_go(other));
        wanted.blobs.extend(others.map(|(_, other)| other.sha256));
    }

    /// Whole digests that somebody claims.
    pub fn claimed_digests(&self) -> Vec<Digest> {
        let claims = self.items().filter_map(|(_, item)| match &item.body {
            Body::Claims(claims) => Some(claims),
            _ => None,
        });
        let digests = claims.flat_map(|claims| claims.iter()).filter_map(|claim| match &claim.value {
            ClaimValue::Digest(digest) => Some(*digest),
            _ => None,
        });
        digests.collect()
    }
}

fn compression(item: &Item) -> Option<crate::intake::Compression> {
    item.facts.as_ref()?.compression.as_ref().map(|facts| facts.format)
}

/// Whether a file has the gzip header that Go writes: no time, no name, system unknown.
fn is_packed_by_go(item: &Item) -> bool {
    let compression = item.facts.as_ref().and_then(|facts| facts.compression.as_ref());
    let header = compression.and_then(|facts| facts.gzip.as_ref());
    header.is_some_and(|header| header.os == 255 && header.mtime == 0 && header.flags == 0)
}

/// How an ADD or COPY takes over the item; `None` if it takes something else, or in a way that is not rebuilt.
fn taken(state: &mut State<'_>, transfer: &Transfer, item: &Item, unpacks: bool) -> Option<Added> {
    let [Source::Path(source)] = transfer.sources.as_slice() else { return None };
    let source = state.text(source);
    let base = |path: &str| path.trim_end_matches('/').rsplit('/').next().unwrap_or(path).to_owned();
    if transfer.from.is_some() || transfer.chown.is_some() || base(&source) != base(&item.name) {
        return None;
    }
    let destination = state.text(&transfer.destination);
    let unpacks = unpacks && transfer.unpack != Some(false) && item.tar().is_some();
    if unpacks {
        return Some(Added::Tarball { destination: destination.into_bytes(), compression: compression(item) });
    }
    let path =
        if destination.ends_with('/') || destination == "." { format!("{destination}/{}", base(&source)) } else { destination };
    let given = transfer.chmod.as_deref().map(|mode| u32::from_str_radix(mode, 8));
    let modes = match given {
        None => vec![0o755, 0o644],
        Some(mode) => vec![mode.ok()?],
    };
    Some(Added::File { path: path.into_bytes(), modes })
}

fn want_config(wanted: &mut Wanted, config: &Config, added: &Added) {
    let Some(diff_id) = config.diff_ids.first().and_then(|reference| reference.known()) else { return };
    wanted.type_bits |= has_type_bits(config);
    let layer = config.history.iter().flatten().find(|entry| !entry.empty_layer);
    let created = layer.and_then(|entry| entry.created.as_deref()).or(config.created.as_deref());
    want(wanted, DiffId(*diff_id), created, added);
}

/// Wants a layer; `created` is when it was made, as far as somebody says.
fn want(wanted: &mut Wanted, diff_id: DiffId, created: Option<&str>, added: &Added) {
    let second = created.and_then(seconds);
    let is_epoch = created.is_some_and(is_whole_second);
    if is_epoch {
        wanted.epochs.extend(second);
    }
    let window = second.map(|from| match (added, is_epoch) {
        (Added::Tarball { .. }, _) => Window { from, before: UNPACKING, after: UNPACKING / 10 },
        // An epoch is the time of the commit: the checkout came later.
        (Added::File { .. }, true) => Window { from, before: 0, after: CHECKOUT },
        (Added::File { .. }, false) => Window { from, before: CHECKOUT, after: 1 },
    });
    wanted.diff_ids.push((diff_id, window));
}

/// Whether a config is by a builder that writes file type bits into layers: docker up to 23.
fn has_type_bits(config: &Config) -> bool {
    let version = config.docker_version.as_deref().map(|version| version.trim_start_matches('v'));
    let major = version.and_then(|version| version.split('.').next()?.parse::<u32>().ok());
    major.is_some_and(|major| major < 24) || config.buildkit.iter().any(|key| key == "moby.buildkit.buildinfo.v1")
}

/// Each digest once, in an order that does not depend on arrival.
fn tidy(wanted: &mut Wanted) {
    wanted.diff_ids.sort_by_key(|(diff_id, window)| (*diff_id, window.is_none(), window.map(|window| window.from)));
    wanted.diff_ids.dedup_by_key(|(diff_id, _)| *diff_id);
    wanted.diff_ids.truncate(MAX_WANTED);
    wanted.blobs.sort();
    wanted.blobs.dedup();
    wanted.blobs.truncate(MAX_WANTED);
    wanted.epochs.sort_unstable();
    wanted.epochs.dedup();
    wanted.epochs.truncate(8);
}
