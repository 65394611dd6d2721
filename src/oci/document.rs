use super::attestation::{Envelope, Provenance, SimpleSigning, Statement};
use super::config::{Config, LegacyLayer};
use super::descriptor::Descriptor;
use super::fields::{Fields, Notes};
use super::inspect::{Inspect, SkopeoInspect};
use super::manifest::{Index, Manifest, Schema1};
use super::media_type::MediaType;
use super::save::{SaveImage, read_repositories};
use super::sniff::{DocumentKind, is_manifest_and_index, sniff};
use crate::digest::Digest;
use crate::finding::{Finding, ReadError};
use crate::json::{self, Limits, Value, canonical};
use crate::order::{Gather, Map};
use std::sync::Arc;

/// A JSON document: its bytes as they arrived, what they are, and what was odd or unreadable.
#[derive(Debug, Clone)]
pub struct Document {
    /// The bytes. A digest is always over these, never over what we would write.
    pub bytes: Arc<[u8]>,
    /// SHA-256 of the bytes.
    pub digest: Digest,
    /// SHA-256 of the content in one fixed form ([`json::canonical`]): equal for a document and its re-indented copy. It is
    /// nobody's digest but ours and is never shown.
    pub content_digest: Digest,
    /// The whole document as JSON.
    pub root: Value,
    /// What it is; `None` for JSON that is nothing known here.
    pub kind: Option<DocumentKind>,
    /// The parsed view.
    pub content: Content,
    /// The other view of a document that is an index and a manifest at once.
    pub other: Option<Box<Content>>,
    /// Odd things, in the order in which they were met.
    pub findings: Vec<Finding>,
    /// Parts that cannot be read. The other parts are there.
    pub errors: Vec<ReadError>,
}

/// The parsed view of a document.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Content {
    /// Index or manifest list.
    Index(Index),
    /// Image manifest.
    Manifest(Box<Manifest>),
    /// Manifest schema 1.
    Schema1(Schema1),
    /// Image config.
    Config(Box<Config>),
    /// Images of a `manifest.json`.
    DockerSave(Vec<SaveImage>),
    /// Repository -> tag -> version 1 id.
    Repositories(Map<String, Map<String, String>>),
    /// Version 1 document of a layer.
    LegacyLayer(LegacyLayer),
    /// The layout's version, as written.
    Layout(String),
    /// Images of `docker image inspect`.
    Inspect(Vec<Inspect>),
    /// `skopeo inspect`.
    Skopeo(SkopeoInspect),
    /// An in-toto statement.
    Statement(Statement),
    /// A provenance alone.
    Provenance(Provenance),
    /// A DSSE envelope.
    Envelope(Envelope),
    /// A cosign payload.
    SimpleSigning(SimpleSigning),
    /// Recognised or not, but without a view of its own: read [`Document::root`].
    Plain,
}

/// The layout version that image-spec defines.
const LAYOUT_VERSION: &str = "1.0.0";

/// Reads a JSON document and recognises what it is.
///
/// # Errors
/// Those of [`json::parse`]. Parts of a JSON document that cannot be read are in [`Document::errors`].
///
/// ```
/// use layerproof::oci::{self, Content};
/// let empty = br#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#;
/// let document = oci::read(empty, &Default::default()).unwrap();
/// assert!(matches!(document.content, Content::Index(index) if index.manifests.is_empty()));
/// ```
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Document, ReadError> {
    read_as(bytes, None, limits)
}

/// Reads a JSON document as what its place says it is (an entry named `manifest.json`, a blob that a config descriptor
/// names). `None` recognises it by its fields.
///
/// # Errors
/// Those of [`json::parse`].
pub fn read_as(bytes: &[u8], kind: Option<DocumentKind>, limits: &Limits) -> Result<Document, ReadError> {
    let json::Document { root, mut findings } = json::parse(bytes, limits)?;
    let kind = kind.or_else(|| sniff(&root));
    let mut notes = Notes::default();
    let content = view(&root, kind, &mut notes);
    let other = other_view(&root, kind, &mut notes);
    findings.append(&mut notes.findings);
    Ok(Document {
        digest: Digest::sha256(bytes),
        content_digest: Digest::sha256(&canonical(&root)),
        bytes: Arc::from(bytes),
        root,
        kind,
        content,
        other,
        findings,
        errors: notes.errors,
    })
}

impl Document {
    /// Size in bytes.
    pub fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// Whether `other` says the same in other bytes: a re-indented or re-ordered copy, whose digest says nothing about the
    /// original.
    pub fn is_copy_of(&self, other: &Self) -> bool {
        self.content_digest == other.content_digest && self.digest != other.digest
    }

    /// The media type that the document claims for itself.
    pub fn media_type(&self) -> Option<&MediaType> {
        match &self.content {
            Content::Index(index) => index.media_type.as_ref(),
            Content::Manifest(manifest) => manifest.media_type.as_ref(),
            _ => None,
        }
    }

    /// Whether the document is what a descriptor's media type says. `None`: its media type promises nothing that can be seen
    /// in the content.
    pub fn fits(&self, descriptor: &Descriptor) -> Option<bool> {
        let claimed = &descriptor.media_type;
        let kind_fits = match claimed {
            MediaType::OciIndex | MediaType::DockerManifestList => matches!(self.content, Content::Index(_)),
            MediaType::OciManifest | MediaType::DockerManifest => matches!(self.content, Content::Manifest(_)),
            MediaType::DockerSchema1 => matches!(self.content, Content::Schema1(_)),
            // A config may lack every field that would show what it is.
            MediaType::OciConfig | MediaType::DockerConfig => self.kind.is_none_or(|kind| kind == DocumentKind::Config),
            MediaType::Layer(_) | MediaType::ForeignLayer(_) => false,
            MediaType::OciEmpty => &*self.bytes == b"{}",
            MediaType::InToto => matches!(self.content, Content::Statement(_) | Content::Envelope(_)),
            // Artifacts choose their own media types, but never for an index, a manifest or an image config.
            MediaType::Other(_) if self.kind.is_some_and(DocumentKind::is_hashed) => false,
            MediaType::Other(_) => return None,
        };
        Some(kind_fits && self.media_type().is_none_or(|own| own == claimed))
    }

    /// Whether the media type that the document claims for itself is another than its fields show.
    pub fn contradicts_itself(&self) -> bool {
        self.media_type().is_some_and(|own| match self.content {
            Content::Index(_) => !own.is_index(),
            _ => !own.is_manifest(),
        })
    }

    /// Every descriptor of the document, in order.
    pub fn descriptors(&self) -> Vec<&Descriptor> {
        let views = std::iter::once(&self.content).chain(self.other.as_deref());
        views.flat_map(Content::descriptors).list()
    }

    /// Findings which mean that readers of this document see different things.
    pub fn ambiguities(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| is_ambiguous(finding.code))
    }
}

impl Content {
    /// The descriptors of this view, in order.
    pub fn descriptors(&self) -> Vec<&Descriptor> {
        match self {
            Self::Index(index) => index.manifests.iter().chain(index.subject.as_deref()).list(),
            Self::Manifest(manifest) => manifest.config.iter().chain(&manifest.layers).chain(manifest.subject.as_deref()).list(),
            _ => Vec::new(),
        }
    }
}

/// Codes of this room that mean: readers which accept the document see different things.
pub const AMBIGUOUS: &[&str] = &["oci.key-in-another-case", "oci.key-in-two-cases", "oci.manifest-and-index"];

/// Whether a finding's code, of this room or of the JSON reader, means that readers see different things.
pub fn is_ambiguous(code: &str) -> bool {
    AMBIGUOUS.contains(&code) || json::AMBIGUOUS.contains(&code)
}

fn view(root: &Value, kind: Option<DocumentKind>, notes: &mut Notes) -> Content {
    match kind {
        Some(DocumentKind::DockerSave) => return Content::DockerSave(SaveImage::read_all(root, notes)),
        Some(DocumentKind::DockerInspect) => return Content::Inspect(Inspect::read_all(root, notes)),
        Some(DocumentKind::Repositories) => return Content::Repositories(read_repositories(root, notes)),
        None => return Content::Plain,
        Some(_) => {}
    }
    let has_view =
        !matches!(kind, Some(DocumentKind::History | DocumentKind::ManifestInspect | DocumentKind::Sbom | DocumentKind::Report));
    if !has_view {
        return Content::Plain;
    }
    let Some(fields) = Fields::of(root, String::new(), notes) else { return Content::Plain };
    match kind {
        Some(DocumentKind::Index | DocumentKind::ManifestList) => Content::Index(Index::read(&fields, notes)),
        Some(DocumentKind::Manifest) => Content::Manifest(Box::new(Manifest::read(&fields, notes))),
        Some(DocumentKind::Schema1) => Content::Schema1(Schema1::read(&fields, notes)),
        Some(DocumentKind::Config) => Content::Config(Box::new(Config::read(&fields, notes))),
        Some(DocumentKind::LegacyLayer) => Content::LegacyLayer(LegacyLayer::read(&fields, notes)),
        Some(DocumentKind::OciLayout) => Content::Layout(layout_version(&fields, notes)),
        Some(DocumentKind::SkopeoInspect) => Content::Skopeo(SkopeoInspect::read(&fields, notes)),
        Some(DocumentKind::Statement) => Content::Statement(Statement::read(&fields, notes)),
        Some(DocumentKind::Provenance) => provenance(&fields, notes),
        Some(DocumentKind::Envelope) => Content::Envelope(Envelope::read(&fields, notes)),
        Some(DocumentKind::SimpleSigning) => Content::SimpleSigning(SimpleSigning::read(&fields, notes)),
        _ => Content::Plain,
    }
}

/// `docker buildx imagetools inspect --format '{{json .Provenance}}'` puts the predicate under `SLSA`.
fn provenance(fields: &Fields<'_>, notes: &mut Notes) -> Content {
    let inner = fields.object("SLSA", notes);
    Provenance::read(inner.as_ref().unwrap_or(fields), notes).map_or(Content::Plain, Content::Provenance)
}

fn layout_version(fields: &Fields<'_>, notes: &mut Notes) -> String {
    let version = fields.string("imageLayoutVersion", notes).unwrap_or_default();
    if version != LAYOUT_VERSION {
        let found = crate::finding::visible(version.as_bytes());
        notes.find(Finding::warn("oci.layout-version").with("found", found).with("expected", LAYOUT_VERSION));
    }
    version
}

/// The view that a reader takes who looks at the other field first.
fn other_view(root: &Value, kind: Option<DocumentKind>, notes: &mut Notes) -> Option<Box<Content>> {
    let both = root.as_object().is_some_and(is_manifest_and_index);
    let fields = both.then(|| Fields::of(root, String::new(), notes)).flatten()?;
    let other = match kind? {
        DocumentKind::Manifest => Content::Index(Index::read(&fields, &mut Notes::default())),
        DocumentKind::Index | DocumentKind::ManifestList => {
            Content::Manifest(Box::new(Manifest::read(&fields, &mut Notes::default())))
        }
        _ => return None,
    };
    notes.find(Finding::warn("oci.manifest-and-index"));
    Some(Box::new(other))
}
