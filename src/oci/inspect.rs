use super::config::{RepoDigest, RunConfig, digests};
use super::descriptor::{Descriptor, DigestRef, Platform};
use super::fields::{Fields, Notes};
use crate::finding::visible;
use crate::json::Value;
use crate::order::Gather;

/// One image of `docker image inspect` (podman's too). It is a daemon's account of an image: nothing in it is hashed bytes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Inspect {
    /// What this daemon calls the image: its config's digest (graphdriver store), or the digest of the manifest or index that
    /// the tag points to (containerd image store, the default since Docker 29).
    pub id: Option<DigestRef>,
    /// Tags.
    pub repo_tags: Vec<String>,
    /// What the registry calls it: usually the digest of an index.
    pub repo_digests: Vec<RepoDigest>,
    /// Operating system, architecture, variant.
    pub platform: Platform,
    /// When it was made, as written.
    pub created: Option<String>,
    /// Who made it.
    pub author: Option<String>,
    /// Version of the docker that built it.
    pub docker_version: Option<String>,
    /// diff_ids, lowest first: inspect calls them layers.
    pub diff_ids: Vec<DigestRef>,
    /// Execution parameters.
    pub config: RunConfig,
    /// The daemon's storage: `overlay2`, `overlayfs`, …
    pub graph_driver: Option<String>,
    /// Containerd store: the descriptor of what the tag points to.
    pub descriptor: Option<Descriptor>,
}

impl Inspect {
    /// Reads the array that `inspect` prints, or one image of it.
    pub(super) fn read_all(root: &Value, notes: &mut Notes) -> Vec<Self> {
        match root.as_array() {
            Some(items) => {
                items.iter().enumerate().filter_map(|(index, item)| Self::read(item, format!("/{index}"), notes)).list()
            }
            None => Self::read(root, String::new(), notes).into_iter().list(),
        }
    }

    fn read(value: &Value, pointer: String, notes: &mut Notes) -> Option<Self> {
        let fields = Fields::of(value, pointer, notes)?;
        let driver = fields.object("GraphDriver", notes);
        Some(Self {
            id: fields.string("Id", notes).and_then(|id| image_id(&id)),
            repo_tags: fields.strings("RepoTags", notes).unwrap_or_default(),
            repo_digests: repo_digests(&fields, notes),
            platform: inspect_platform(&fields, notes),
            created: fields.string("Created", notes),
            author: fields.string("Author", notes),
            docker_version: fields.string("DockerVersion", notes).filter(|text| !text.is_empty()),
            diff_ids: fields.object("RootFS", notes).map(|rootfs| digests(&rootfs, "Layers", notes)).unwrap_or_default(),
            config: fields.object("Config", notes).map(|inner| RunConfig::read(&inner, notes)).unwrap_or_default(),
            graph_driver: driver.and_then(|driver| driver.string("Name", notes)),
            descriptor: fields
                .value("Descriptor", notes)
                .and_then(|value| Descriptor::read(value, fields.inside("Descriptor"), notes)),
        })
    }
}

/// podman prints the ID without `sha256:`.
fn image_id(text: &str) -> Option<DigestRef> {
    DigestRef::parse(text).or_else(|_| DigestRef::parse(&format!("sha256:{text}"))).ok()
}

fn inspect_platform(fields: &Fields<'_>, notes: &mut Notes) -> Platform {
    Platform {
        os: fields.string("Os", notes).unwrap_or_default(),
        architecture: fields.string("Architecture", notes).unwrap_or_default(),
        variant: fields.string("Variant", notes).filter(|text| !text.is_empty()),
        os_version: fields.string("OsVersion", notes).filter(|text| !text.is_empty()),
        os_features: Vec::new(),
    }
}

fn repo_digests(fields: &Fields<'_>, notes: &mut Notes) -> Vec<RepoDigest> {
    let texts = fields.strings("RepoDigests", notes).unwrap_or_default();
    texts.iter().filter_map(|text| RepoDigest::parse(text)).list()
}

/// What `skopeo inspect` (without `--raw`) prints.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SkopeoInspect {
    /// Repository.
    pub name: Option<String>,
    /// Digest of the manifest or index that the name points to.
    pub digest: Option<DigestRef>,
    /// Operating system and architecture of the chosen image.
    pub platform: Platform,
    /// When it was made, as written.
    pub created: Option<String>,
    /// Digests of the compressed layers, lowest first.
    pub layers: Vec<DigestRef>,
    /// Labels, environment.
    pub env: Vec<String>,
}

impl SkopeoInspect {
    pub(super) fn read(fields: &Fields<'_>, notes: &mut Notes) -> Self {
        Self {
            name: fields.string("Name", notes).map(|name| visible(name.as_bytes())),
            digest: fields.string("Digest", notes).and_then(|text| DigestRef::parse(&text).ok()),
            platform: inspect_platform(fields, notes),
            created: fields.string("Created", notes),
            layers: digests(fields, "Layers", notes),
            env: fields.strings("Env", notes).unwrap_or_default(),
        }
    }
}
