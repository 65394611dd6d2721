//! Every digest that the case knows, and what it is of.

use super::Role;
use super::edges::{Reference, descriptor_label, label, role_of, role_of_descriptor};
use super::rebuilt_image::{self, Blobs};
use crate::case::{Body, Case, ItemId, Origin};
use crate::digest::{Algorithm, Digest};
use crate::finding::visible;
use crate::oci::{Content, DigestRef, Document, Platform};
use crate::order::{self, Gather};

/// One digest of the case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Node {
    /// Whether nothing at hand has these bytes; nodes with bytes sort first.
    pub(super) is_only_named: bool,
    /// What the digest is of.
    pub(super) role: Role,
    /// How a person points at it.
    pub(super) label: String,
    /// The digest.
    pub(super) digest: Digest,
    /// The platform of an image, where an index names one.
    pub(super) platform: String,
    /// The item that holds the bytes, or the one that names them.
    pub(super) item: ItemId,
}

/// All of them, those whose bytes are at hand first.
pub(super) fn nodes(case: &Case, references: &[Reference<'_>], blobs: &Blobs) -> Vec<Node> {
    let mut nodes = Vec::new();
    at_hand(case, &mut nodes);
    rebuilt(case, blobs, &mut nodes);
    for reference in references {
        let descriptor = reference.descriptor;
        let platform = descriptor.platform.as_ref().filter(|platform| !platform.is_unknown());
        let mut node = Nodes { case, item: reference.holder, nodes: &mut nodes };
        let label = format!("{} in {}", descriptor_label(descriptor), node.label());
        node.named(role_of_descriptor(descriptor), &descriptor.digest, label, platform);
    }
    for (id, document) in case.documents() {
        named_by_document(&mut Nodes { case, item: id, nodes: &mut nodes }, document);
    }
    for (id, history) in case.histories() {
        let mut node = Nodes { case, item: id, nodes: &mut nodes };
        for (index, entry) in history.entries.iter().enumerate() {
            for digest in add_hashes(&entry.created_by) {
                let label = format!("history entry {} of {}", index + 1, node.label());
                node.named(Role::AddHash, &DigestRef::Known(digest), label, None);
            }
        }
    }
    listed(case, &mut nodes);
    order::sort(&mut nodes);
    nodes.dedup();
    nodes
}

/// Bytes at hand: items as they are, and tar archives without their compression.
fn at_hand(case: &Case, nodes: &mut Vec<Node>) {
    for (id, item) in case.items() {
        if item.origin == Origin::Pasted || matches!(item.body, Body::ImageFolder | Body::Claims(_)) {
            continue;
        }
        let node = |role, digest| Node {
            is_only_named: false,
            role,
            label: label(case, id),
            digest,
            platform: platform_of(case, id),
            item: id,
        };
        nodes.push(node(role_of(item), item.sha256));
        nodes.extend(item.diff_id().map(|diff_id| node(Role::DiffId, diff_id.0)));
        let reread = case.reread(id);
        nodes.extend(reread.into_iter().flat_map(|reread| &reread.add_hashes).map(|(_, hash)| node(Role::AddHash, *hash)));
        nodes.extend(reread.into_iter().flat_map(|reread| &reread.digests).map(|digest| node(role_of(item), *digest)));
    }
}

/// What was built here: its bytes can be saved, so they are at hand.
fn rebuilt(case: &Case, blobs: &Blobs, nodes: &mut Vec<Node>) {
    let node = |item, name: &str, role, digest| Node {
        is_only_named: false,
        role,
        label: format!("built here from {name}"),
        digest,
        platform: String::new(),
        item,
    };
    let mut first = None;
    for at in rebuilt_image::layers(case) {
        nodes.extend(at.layer.found.iter().map(|found| node(at.id, &at.item.name, Role::DiffId, found.diff_id.0)));
        first.get_or_insert(at.id);
    }
    let Some(first) = first else { return };
    nodes.extend(blobs.iter().map(|(digest, blob)| node(first, &blob.from, blob.role, *digest)));
}

fn platform_of(case: &Case, id: ItemId) -> String {
    match case.item(id).document().map(|document| &document.content) {
        Some(Content::Config(config)) => config.platform.to_string(),
        Some(Content::Manifest(manifest)) => {
            let config = manifest.config.as_ref().and_then(|config| case.resolve(case.outermost(id), config));
            config.filter(|config| *config != id).map(|config| platform_of(case, config)).unwrap_or_default()
        }
        _ => String::new(),
    }
}

struct Nodes<'c, 'n> {
    case: &'c Case,
    item: ItemId,
    nodes: &'n mut Vec<Node>,
}

impl Nodes<'_, '_> {
    fn label(&self) -> String {
        label(self.case, self.item)
    }

    fn named(&mut self, role: Role, digest: &DigestRef, label: String, platform: Option<&Platform>) {
        let Some(digest) = digest.known().copied() else { return };
        let platform = platform.map(ToString::to_string).unwrap_or_default();
        self.nodes.push(Node { is_only_named: true, role, label, digest, platform, item: self.item });
    }
}

/// Digests that a document names otherwise than by descriptors.
fn named_by_document(nodes: &mut Nodes<'_, '_>, document: &Document) {
    let of = nodes.label();
    let mut all = |role, digests: &[DigestRef], what: &str| {
        for (index, digest) in digests.iter().enumerate() {
            nodes.named(role, digest, format!("{what} {} of {of}", index + 1), None);
        }
    };
    match &document.content {
        Content::Config(config) => {
            all(Role::DiffId, &config.diff_ids, "layer");
            let chain: Vec<DigestRef> = config.chain_ids().into_iter().map(|chain| DigestRef::Known(chain.0)).list();
            all(Role::ChainId, &chain, "layers 1 to");
        }
        Content::Inspect(images) => {
            for image in images {
                all(Role::DiffId, &image.diff_ids, "layer");
            }
        }
        Content::Skopeo(image) => all(Role::Layer, &image.layers, "layer"),
        Content::Schema1(manifest) => all(Role::Layer, &manifest.layers, "layer"),
        Content::Statement(statement) => {
            for material in statement.provenance.iter().flat_map(|provenance| &provenance.materials) {
                let digests: Vec<DigestRef> = material.digests.iter().map(|digest| DigestRef::Known(*digest)).list();
                all(Role::File, &digests, &format!("{}, used by the build,", material.uri));
            }
        }
        _ => {}
    }
}

/// What checksum lists name.
fn listed(case: &Case, nodes: &mut Vec<Node>) {
    for (id, item) in case.items() {
        let Body::ChecksumList(list) = &item.body else { continue };
        for line in &list.lines {
            let name = line.name.as_deref().map_or_else(|| format!("line {}", line.line), visible);
            let label = format!("{name} in {}", item.name);
            nodes.push(Node {
                is_only_named: true,
                role: Role::File,
                label,
                digest: line.digest,
                platform: String::new(),
                item: id,
            });
        }
    }
}

/// The hashes in `ADD file:HEX in /`, `COPY dir:HEX in /`, `COPY multi:HEX in /` of the classic builder.
fn add_hashes(created_by: &str) -> Vec<Digest> {
    let marks = ["file:", "dir:", "multi:"];
    let found = marks.iter().flat_map(|mark| created_by.match_indices(mark).map(|(at, mark)| at + mark.len()));
    found.filter_map(|start| Digest::from_hex(Algorithm::Sha256, created_by.get(start..start + 64)?).ok()).list()
}
