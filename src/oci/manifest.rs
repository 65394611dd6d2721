use super::descriptor::{Descriptor, DigestRef, Platform};
use super::fields::{Fields, Notes};
use super::media_type::MediaType;
use crate::finding::{Finding, ReadError};
use crate::order::{Gather, Map};

/// An image index (image-spec, image-index.md) or a Docker manifest list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Index {
    /// 2 in every index there is.
    pub schema_version: Option<u64>,
    /// What the document says about itself.
    pub media_type: Option<MediaType>,
    /// What kind of artifact it is.
    pub artifact_type: Option<String>,
    /// Its entries that could be read, in order.
    pub manifests: Vec<Descriptor>,
    /// The manifest it refers to.
    pub subject: Option<Box<Descriptor>>,
    /// Free text.
    pub annotations: Map<String, String>,
}

impl Index {
    pub(super) fn read(fields: &Fields<'_>, notes: &mut Notes) -> Self {
        Self {
            schema_version: schema_version(fields, 2, notes),
            media_type: media_type(fields, notes),
            artifact_type: fields.string("artifactType", notes),
            manifests: Descriptor::read_all(fields, "manifests", notes),
            subject: subject(fields, notes),
            annotations: fields.map("annotations", notes),
        }
    }

    /// The entries that are images: everything but attestations.
    pub fn images(&self) -> impl Iterator<Item = &Descriptor> {
        self.manifests
            .iter()
            .filter(|entry| entry.attests().is_none() && !entry.platform.as_ref().is_some_and(Platform::is_unknown))
    }
}

/// An image manifest (image-spec, manifest.md; Docker schema 2).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Manifest {
    /// 2 in every manifest of this kind.
    pub schema_version: Option<u64>,
    /// What the document says about itself.
    pub media_type: Option<MediaType>,
    /// What kind of artifact it is; absent for images.
    pub artifact_type: Option<String>,
    /// The config. `None` is an error in the notes of the document.
    pub config: Option<Descriptor>,
    /// The layers that could be read, lowest first.
    pub layers: Vec<Descriptor>,
    /// How many layers the document lists, readable or not.
    pub layers_listed: usize,
    /// The manifest it refers to.
    pub subject: Option<Box<Descriptor>>,
    /// Free text.
    pub annotations: Map<String, String>,
}

/// What a manifest is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ManifestRole {
    /// A runnable image.
    Image,
    /// An attestation in BuildKit's older form: a manifest whose layers are in-toto statements, with the config of no image.
    AttestationImage,
    /// An attestation as OCI artifact, with `artifactType` and `subject`.
    AttestationArtifact,
    /// A cosign signature: layers are simple-signing payloads.
    CosignSignature,
    /// Another artifact.
    Artifact,
}

impl Manifest {
    pub(super) fn read(fields: &Fields<'_>, notes: &mut Notes) -> Self {
        let config = fields.value("config", notes).and_then(|value| Descriptor::read(value, fields.inside("config"), notes));
        if config.is_none() && !fields.has("config") {
            let error = ReadError::new("oci.field-missing", "the descriptor of a config", "none");
            notes.fail(error.at(fields.at()).with("field", "config"));
        }
        Self {
            schema_version: schema_version(fields, 2, notes),
            media_type: media_type(fields, notes),
            artifact_type: fields.string("artifactType", notes),
            config,
            layers: Descriptor::read_all(fields, "layers", notes),
            layers_listed: fields.array("layers", &mut Notes::default()).map_or(0, <[_]>::len),
            subject: subject(fields, notes),
            annotations: fields.map("annotations", notes),
        }
    }

    /// What the manifest is for, from its media types.
    pub fn role(&self) -> ManifestRole {
        let all_layers = |wanted: &dyn Fn(&MediaType) -> bool| {
            !self.layers.is_empty() && self.layers.iter().all(|layer| wanted(&layer.media_type))
        };
        let simple_signing = MediaType::Other("application/vnd.dev.cosign.simplesigning.v1+json".to_owned());
        if self.artifact_type.as_deref() == Some("application/vnd.docker.attestation.manifest.v1+json") {
            ManifestRole::AttestationArtifact
        } else if all_layers(&|media_type| *media_type == MediaType::InToto) {
            ManifestRole::AttestationImage
        } else if all_layers(&|media_type| *media_type == simple_signing) {
            ManifestRole::CosignSignature
        } else if self.artifact_type.is_some()
            || self.config.as_ref().is_some_and(|config| is_artifact_config(&config.media_type))
        {
            ManifestRole::Artifact
        } else {
            ManifestRole::Image
        }
    }
}

/// A config that is named and is no image's config makes the manifest an artifact (manifest.md, "Guidelines for Artifact Usage").
fn is_artifact_config(media_type: &MediaType) -> bool {
    match media_type {
        MediaType::OciEmpty => true,
        MediaType::Other(name) => name.starts_with("application/") && !name.contains("container.image"),
        _ => false,
    }
}

/// A Docker manifest of schema 1 (retired 2017): layer digests beside the history as text, no config document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Schema1 {
    /// Repository name, as text.
    pub name: Option<String>,
    /// Tag.
    pub tag: Option<String>,
    /// Architecture.
    pub architecture: Option<String>,
    /// Layer digests, newest first.
    pub layers: Vec<DigestRef>,
    /// `v1Compatibility` documents as text, newest first.
    pub history: Vec<String>,
    /// Whether signatures stand in the document. They cover its formatted text, not the file.
    pub signed: bool,
}

impl Schema1 {
    pub(super) fn read(fields: &Fields<'_>, notes: &mut Notes) -> Self {
        Self {
            name: fields.string("name", notes),
            tag: fields.string("tag", notes),
            architecture: fields.string("architecture", notes),
            layers: texts_of(fields, "fsLayers", "blobSum", notes)
                .iter()
                .filter_map(|text| DigestRef::parse(text).map_err(|error| notes.fail(error.at(fields.at()))).ok())
                .list(),
            history: texts_of(fields, "history", "v1Compatibility", notes),
            signed: fields.has("signatures"),
        }
    }
}

/// The field `inner` of every object in the array `outer`.
fn texts_of(fields: &Fields<'_>, outer: &'static str, inner: &'static str, notes: &mut Notes) -> Vec<String> {
    let items = fields.array(outer, notes).unwrap_or_default();
    let base = fields.inside(outer);
    let mut texts = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let text = Fields::of(item, format!("{base}/{index}"), notes).and_then(|item| item.string(inner, notes));
        texts.extend(text);
    }
    texts
}

fn schema_version(fields: &Fields<'_>, wanted: u64, notes: &mut Notes) -> Option<u64> {
    let version = fields.version("schemaVersion", notes);
    if version != Some(wanted) && !fields.has("schemaVersion") {
        notes.find(Finding::note("oci.no-schema-version").at(fields.at()));
    } else if let Some(found) = version.filter(|version| *version != wanted) {
        notes.find(Finding::warn("oci.schema-version").with("found", found).with("expected", wanted).at(fields.at()));
    }
    version
}

fn media_type(fields: &Fields<'_>, notes: &mut Notes) -> Option<MediaType> {
    fields.string("mediaType", notes).map(|name| MediaType::parse(&name))
}

fn subject(fields: &Fields<'_>, notes: &mut Notes) -> Option<Box<Descriptor>> {
    let value = fields.value("subject", notes)?;
    Descriptor::read(value, fields.inside("subject"), notes).map(Box::new)
}
