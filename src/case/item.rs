//! One piece of evidence: what was recognised in one stream of bytes, or in a part of one.

use crate::digest::{DiffId, Digest};
use crate::dockerfile::Dockerfile;
use crate::finding::{Finding, ReadError};
use crate::history::History;
use crate::intake::{self, BlobFacts, Shape, TarFacts};
use crate::oci::{Claim, Content, Document, DocumentKind};
use std::sync::Arc;

/// Code of the note on files of a folder that are none of the documents known here.
pub(super) const UNNEEDED: &str = "case.unneeded";

/// Index of an item of a [`Case`](super::Case). Items are sorted by content, so equal cases have equal numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(pub usize);

/// How an item came here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It was given as a file.
    Input,
    /// It was typed or pasted.
    Pasted,
    /// It is the entry of that name in its parent archive, or the file of that path in its parent folder.
    Entry(String),
    /// It is the `data` of the descriptor at that JSON pointer of its parent.
    Data(String),
}

/// What an item is.
#[derive(Debug, Clone)]
pub enum Body {
    /// A Dockerfile.
    Dockerfile(Arc<Dockerfile>),
    /// A history export; the history itself is in [`Item::history`].
    History,
    /// A JSON document; if it is an image config, [`Item::history`] holds its history.
    Document(Arc<Document>),
    /// A tar archive that is no image: a root file system, a layer, a build context.
    Tarball,
    /// A tar archive with the parts of images: `docker save`, an OCI layout.
    ImageArchive,
    /// A folder that is an OCI layout or an unpacked `docker save`.
    ImageFolder,
    /// A library file of docker-library/official-images.
    LibraryFile(Arc<crate::official::LibraryFile>),
    /// A checksum list.
    ChecksumList(Arc<crate::trust::ChecksumList>),
    /// Digests that somebody typed or copied.
    Claims(Arc<Vec<Claim>>),
    /// Bytes that say nothing about an image by themselves; the kind is in [`Item::facts`].
    Other,
}

/// One piece of evidence.
#[derive(Debug, Clone)]
pub struct Item {
    /// Identifier in reports: made of kind and content, never of the order of arrival.
    pub id: String,
    /// Base name, or path inside the dropped folder or archive; safe to show.
    pub name: String,
    /// How it came here.
    pub origin: Origin,
    /// The archive, folder or document that it is part of.
    pub parent: Option<ItemId>,
    /// Name of the dropped folder that it came with, unless the folder as a whole is an image.
    pub folder: Option<Arc<str>>,
    /// Size of its bytes.
    pub size: u64,
    /// SHA-256 of its bytes as they arrived.
    pub sha256: Digest,
    /// What it is.
    pub body: Body,
    /// What the pass over its bytes found, for everything that was streamed.
    pub facts: Option<Arc<BlobFacts>>,
    /// The history that it carries.
    pub history: Option<Arc<History>>,
    /// Number of the session's source that holds its bytes (for second passes).
    pub source: u32,
    /// What is odd about it.
    pub findings: Vec<Finding>,
    /// Why it was not read to its end.
    pub error: Option<ReadError>,
}

impl Item {
    /// The JSON document, if it is one.
    pub fn document(&self) -> Option<&Document> {
        match &self.body {
            Body::Document(document) => Some(document),
            _ => None,
        }
    }

    /// The Dockerfile, if it is one.
    pub fn dockerfile(&self) -> Option<&Dockerfile> {
        match &self.body {
            Body::Dockerfile(dockerfile) => Some(dockerfile),
            _ => None,
        }
    }

    /// The entries, if it is a tar archive of any kind.
    pub fn tar(&self) -> Option<&TarFacts> {
        self.facts.as_ref().and_then(|facts| facts.tar())
    }

    /// The diff_id that a layer of these bytes has.
    pub fn diff_id(&self) -> Option<DiffId> {
        self.facts.as_ref().and_then(|facts| facts.diff_id())
    }

    /// Whether its digest is that of a whole file: nothing was cut off while it was read.
    pub fn is_whole(&self) -> bool {
        self.facts.as_ref().is_none_or(|facts| facts.error.is_none())
    }

    /// Whether it is one of the files that a dropped folder holds besides: it is none of the documents known here, and need not
    /// be.
    pub fn is_unneeded(&self) -> bool {
        matches!(self.body, Body::Other) && self.findings.iter().any(|finding| finding.code == UNNEEDED)
    }

    /// Whether a person may say that each of its lines is the text of a step: it came as a text in which no form was found, or
    /// nothing but digests between other words.
    pub fn may_be_lines(&self) -> bool {
        let Some(intake::Content::Text(bytes)) = self.facts.as_ref().map(|facts| &facts.content) else { return false };
        match &self.body {
            Body::Other => self.error.is_some(),
            Body::Claims(claims) => !is_mostly(claims, bytes),
            _ => false,
        }
    }

    /// The word for its kind in reports; stable.
    pub fn kind(&self) -> &'static str {
        match &self.body {
            Body::Dockerfile(_) => "dockerfile",
            Body::History => "history",
            Body::Document(document) => document_kind(document),
            Body::Tarball => match self.tar().map(|tar| tar.shape) {
                Some(Shape::Rootfs) => "rootfs-tarball",
                _ => "tarball",
            },
            Body::ImageArchive => "image-archive",
            Body::ImageFolder => "image-folder",
            Body::LibraryFile(_) => "library-file",
            Body::ChecksumList(_) => "checksum-list",
            Body::Claims(_) => "claims",
            Body::Other if self.is_unneeded() => "file",
            Body::Other => "unknown",
        }
    }
}

/// Whether every second line of a text is a claim: scripts and README files of a folder quote a digest here and there.
pub(super) fn is_mostly(claims: &[Claim], bytes: &[u8]) -> bool {
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    claims.len() * 2 >= lines.count()
}

fn document_kind(document: &Document) -> &'static str {
    match (&document.content, document.kind) {
        (Content::Index(_), Some(DocumentKind::ManifestList)) => "manifest-list",
        (Content::Index(_), _) => "index",
        (Content::Manifest(_), _) => "manifest",
        (Content::Schema1(_), _) => "manifest-schema1",
        (Content::Config(_), _) => "config",
        (Content::DockerSave(_), _) => "docker-save-manifest",
        (Content::Repositories(_), _) => "docker-save-repositories",
        (Content::LegacyLayer(_), _) => "docker-save-layer",
        (Content::Layout(_), _) => "oci-layout",
        (Content::Inspect(_) | Content::Skopeo(_), _) => "inspect",
        (Content::Statement(_) | Content::Provenance(_), _) => "attestation",
        (Content::Envelope(_), _) => "dsse-envelope",
        (Content::SimpleSigning(_), _) => "cosign-payload",
        _ => "json",
    }
}
