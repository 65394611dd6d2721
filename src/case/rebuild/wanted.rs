//! What the layers of a rebuild are compared with.

use crate::case::{Body, Case, Item};
use crate::digest::{DiffId, Digest};
use crate::oci::{ClaimValue, Config, Content};
use crate::order::{self, Gather, Set};
use crate::rebuild::gzip::generation_of;
use crate::rebuild::tar::{Times, Window};
use crate::rebuild::{Wanted, is_whole_second, seconds};

/// The most digests that one layer is compared with.
const MAX_WANTED: usize = 64;
/// Seconds that a build may take between unpacking a tarball and writing the time down.
const UNPACKING: u32 = 120;
/// Seconds within which a checkout is looked for: a week.
const CHECKOUT: u32 = 7 * 86_400;

impl Case {
    /// What layer `number` (the lowest is 0) is compared with; `item` is its last source.
    pub(super) fn wanted(&self, number: usize, item: Option<&Item>) -> Wanted {
        let mut wanted = Wanted::default();
        let mut type_bits: Vec<Option<bool>> = Vec::new();
        for (_, document) in self.documents() {
            match &document.content {
                Content::Config(config) => {
                    type_bits.push(has_type_bits(config));
                    want_config(&mut wanted, config, number);
                }
                Content::Manifest(manifest) => {
                    let layer = manifest.layers.get(number);
                    let annotations = layer.map(|layer| &layer.annotations);
                    let epoch = annotations.and_then(|known| known.get("buildkit/rewritten-timestamp"));
                    wanted.epochs.extend(epoch.and_then(|epoch| epoch.parse::<i64>().ok()));
                    wanted.blobs.extend(layer.and_then(|layer| layer.digest.known()).copied());
                }
                Content::Inspect(images) => {
                    let ids = images.iter().filter_map(|image| Some((image, image.diff_ids.get(number)?.known()?)));
                    for (image, diff_id) in ids {
                        want(&mut wanted, DiffId(*diff_id), image.created.as_deref());
                    }
                }
                Content::Skopeo(image) => {
                    wanted.blobs.extend(image.layers.get(number).and_then(|layer| layer.known()).copied());
                }
                _ => {}
            }
        }
        for digest in self.claimed_digests() {
            wanted.blobs.push(digest);
            want(&mut wanted, DiffId(digest), None);
        }
        // A lone layer that was given beside the tarball: one that is compressed as Go's programs do it.
        let others = self.tarballs().filter(|(_, other)| item.is_none_or(|item| other.sha256 != item.sha256));
        wanted.blobs.extend(others.filter(|(_, other)| is_packed_by_go(other)).map(|(_, other)| other.sha256));
        wanted.type_bits =
            type_bits.first().copied().flatten().filter(|first| type_bits.iter().all(|known| *known == Some(*first)));
        wanted.likely_type_bits = self.has_build_info();
        wanted.epochs.extend(self.source_date_epoch());
        tidy(&mut wanted);
        wanted.generations = self.generations(&wanted.blobs);
        wanted.is_at_hand = wanted.diff_ids.iter().any(|(diff_id, _)| !self.by_diff_id(diff_id).is_empty());
        wanted
    }

    /// Who compressed the wanted layers, if all of them are at hand.
    fn generations(&self, blobs: &[Digest]) -> Option<Vec<crate::rebuild::gzip::Generation>> {
        let mut generations = Set::new();
        for blob in blobs {
            let item = self.item(*self.by_digest(blob).first()?);
            let compression = item.facts.as_ref()?.compression.as_ref()?;
            let header = compression.gzip.as_ref()?;
            let first = [0x1f, 0x8b, 8, header.flags, 0, 0, 0, 0, header.extra_flags, header.os];
            let last = [&compression.gzip_end[..], &[0; 8]].concat();
            generations.extend(generation_of(&first, &last).filter(|_| header.mtime == 0 && compression.members == 1));
        }
        (!blobs.is_empty()).then(|| generations.into_iter().list())
    }

    /// Digests of layers, stored or not, that documents at hand name.
    pub(super) fn find_named_layers(&self) -> Set<Digest> {
        let mut named = Set::new();
        for (_, document) in self.documents() {
            match &document.content {
                Content::Config(config) => named.extend(config.diff_ids.iter().filter_map(|digest| digest.known()).copied()),
                Content::Manifest(manifest) => {
                    named.extend(manifest.layers.iter().filter_map(|layer| layer.digest.known()).copied());
                }
                Content::Inspect(images) => {
                    named.extend(images.iter().flat_map(|image| &image.diff_ids).filter_map(|digest| digest.known()).copied());
                }
                Content::Skopeo(image) => named.extend(image.layers.iter().filter_map(|digest| digest.known()).copied()),
                _ => {}
            }
        }
        named.extend(self.claimed_digests());
        named
    }

    /// Whether a config at hand is by the classic builder.
    pub(super) fn is_classic(&self) -> bool {
        self.documents().any(|(_, document)| match &document.content {
            Content::Config(config) => config.docker_version.is_some() || config.container.is_some(),
            _ => false,
        })
    }

    /// Whether the builder leaves the owners of a tarball as they are, whatever `--chown` says: the classic one, and BuildKit
    /// before 2025.
    pub(super) fn keeps_owners(&self) -> bool {
        self.is_classic()
    }

    /// Whether a config at hand has what BuildKit 0.9 to 0.11 wrote about builds: the BuildKit of docker 20.10 and 23, mostly.
    fn has_build_info(&self) -> bool {
        self.documents().any(|(_, document)| match &document.content {
            Content::Config(config) => config.buildkit.iter().any(|key| key == "moby.buildkit.buildinfo.v1"),
            _ => false,
        })
    }

    /// The build argument by which BuildKit takes its clock from outside, in seconds since 1970.
    pub fn source_date_epoch(&self) -> Option<i64> {
        self.options().build_args.get("SOURCE_DATE_EPOCH")?.parse().ok()
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
        digests.list()
    }
}

/// Whether a file has the gzip header that Go writes: no time, no name, system unknown.
fn is_packed_by_go(item: &Item) -> bool {
    let compression = item.facts.as_ref().and_then(|facts| facts.compression.as_ref());
    let header = compression.and_then(|facts| facts.gzip.as_ref());
    header.is_some_and(|header| header.os == 255 && header.mtime == 0 && header.flags == 0)
}

fn want_config(wanted: &mut Wanted, config: &Config, number: usize) {
    let Some(diff_id) = config.diff_ids.get(number).and_then(|reference| reference.known()) else { return };
    let layer = config.history.iter().flatten().filter(|entry| !entry.empty_layer).nth(number);
    let created = layer.and_then(|entry| entry.created.as_deref()).or(config.created.as_deref());
    want(wanted, DiffId(*diff_id), created);
}

/// Wants a layer; `created` is when it was made, as far as somebody says.
fn want(wanted: &mut Wanted, diff_id: DiffId, created: Option<&str>) {
    let second = created.and_then(seconds);
    let is_epoch = created.is_some_and(is_whole_second);
    if is_epoch {
        wanted.epochs.extend(second);
    }
    let times = second.map(|from| Times {
        built: Window { from, before: UNPACKING, after: UNPACKING / 10 },
        // An epoch is the time of the commit: the checkout came later.
        checked_out: if is_epoch {
            Window { from, before: 0, after: CHECKOUT }
        } else {
            Window { from, before: CHECKOUT, after: 1 }
        },
    });
    wanted.diff_ids.push((diff_id, times));
}

/// Whether a config is by a builder that writes file type bits into layers: docker up to 23. `None` if it does not say its
/// builder.
fn has_type_bits(config: &Config) -> Option<bool> {
    let version = config.docker_version.as_deref()?.trim_start_matches('v');
    let major = version.split('.').next()?.parse::<u32>().ok()?;
    Some(major < 24)
}

/// Each digest once, in an order that does not depend on arrival.
fn tidy(wanted: &mut Wanted) {
    let from = |times: &Option<Times>| times.map(|times| times.built.from);
    order::sort_by_key(&mut wanted.diff_ids, |(diff_id, times)| (*diff_id, times.is_none(), from(times)));
    wanted.diff_ids.dedup_by_key(|(diff_id, _)| *diff_id);
    wanted.diff_ids.truncate(MAX_WANTED);
    order::sort(&mut wanted.blobs);
    wanted.blobs.dedup();
    wanted.blobs.truncate(MAX_WANTED);
    order::sort(&mut wanted.epochs);
    wanted.epochs.dedup();
    wanted.epochs.truncate(8);
}
