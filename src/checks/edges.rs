//! What the checks on documents share: every reference from one document to another blob, and how ends and commands are written.

use super::{End, Role, levels};
use crate::case::{Body, Case, Item, ItemId, Origin};
use crate::digest::{Algorithm, Digest, Hasher};
use crate::json::{Form, reformat};
use crate::oci::{Content, Descriptor, Document, ManifestRole, MediaType};
use crate::official::shell_quote;
use crate::order::{Gather, Map};

/// A descriptor, and the item whose document holds it.
pub(super) struct Reference<'c> {
    pub(super) holder: ItemId,
    pub(super) descriptor: &'c Descriptor,
    /// The item whose bytes the descriptor names, if they are at hand.
    pub(super) target: Option<ItemId>,
    /// The target is an index that lies deeper than the limit `index-depth`: it is not followed.
    pub(super) is_too_deep: bool,
}

/// Every descriptor of every document of the case. A document that stands in one archive or folder several times counts once.
pub(super) fn references(case: &Case) -> Vec<Reference<'_>> {
    let mut references = Vec::new();
    let mut others = None;
    for (holder, document) in case.documents().filter(|(id, _)| is_first_copy(case, *id)) {
        follow(case, holder, document, &mut others, &mut references);
    }
    if references.is_empty() { references } else { levels::cut(case, references) }
}

fn follow<'a>(
    case: &'a Case,
    holder: ItemId,
    document: &'a Document,
    others: &mut Option<Map<Digest, ItemId>>,
    references: &mut Vec<Reference<'a>>,
) {
    let home = case.outermost(holder);
    let own = embedded(case, holder);
    for descriptor in document.descriptors() {
        let own = own.get(descriptor.pointer.as_str()).copied().filter(|_| descriptor.data_matches() == Some(true));
        let target = own.or_else(|| case.resolve(home, descriptor)).or_else(|| {
            let wanted = descriptor.digest.known().filter(|digest| digest.algorithm() != Algorithm::Sha256)?;
            others.get_or_insert_with(|| by_other_algorithms(case)).get(wanted).copied()
        });
        references.push(Reference { holder, descriptor, target, is_too_deep: false });
    }
}

/// Whether no other part of the same archive or folder with these bytes comes before this one.
pub(super) fn is_first_copy(case: &Case, id: ItemId) -> bool {
    case.in_home(case.outermost(id), &case.item(id).sha256).is_none_or(|first| first == id)
}

/// Items made of the `data` of a document's descriptors, by JSON pointer.
fn embedded(case: &Case, holder: ItemId) -> Map<&str, ItemId> {
    let parts = case.parts(holder).iter();
    let pointed = parts.filter_map(|id| match &case.item(*id).origin {
        Origin::Data(pointer) => Some((pointer.as_str(), *id)),
        _ => None,
    });
    pointed.gather()
}

/// Documents by their SHA-384 and SHA-512: their bytes are kept, so they can be hashed again.
fn by_other_algorithms(case: &Case) -> Map<Digest, ItemId> {
    let algorithms = [Algorithm::Sha384, Algorithm::Sha512];
    let all = case.documents().flat_map(|(id, document)| algorithms.map(|algorithm| (hash(algorithm, &document.bytes), id)));
    all.gather()
}

/// Documents that are tried in other forms, and the size of a form.
const REFORMATTED: (usize, usize) = (64, 4 << 20);

/// Digests that the content of given documents has in other forms: compact, or indented in another way. People copy documents
/// from tools that indent them, and the digest of what they have is then nobody's.
pub(super) fn reformatted(case: &Case) -> Map<Digest, ItemId> {
    let given = case.documents().filter(|(id, document)| {
        case.item(*id).parent.is_none() && document.kind.is_some_and(crate::oci::DocumentKind::is_hashed)
    });
    let mut found = Map::new();
    for (id, document) in given.take(REFORMATTED.0) {
        for form in Form::ALL {
            let Some(text) = reformat(&document.bytes, &document.root, form, REFORMATTED.1) else { continue };
            if *text != *document.bytes {
                found.insert(Digest::sha256(&text), id);
            }
        }
    }
    found
}

fn hash(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    let mut hasher = Hasher::new(algorithm);
    hasher.update(bytes);
    hasher.digest()
}

/// What an item is, in the field's words.
pub(super) fn role_of(item: &Item) -> Role {
    match &item.body {
        Body::Dockerfile(_) => Role::Dockerfile,
        Body::History => Role::History,
        Body::Document(document) => role_of_document(document),
        Body::Tarball if item.parent.is_some() => Role::Layer,
        Body::Tarball => Role::Tarball,
        Body::ImageArchive | Body::ImageFolder => Role::Archive,
        Body::LibraryFile(_) => Role::LibraryFile,
        Body::ChecksumList(_) => Role::ChecksumList,
        _ => Role::File,
    }
}

fn role_of_document(document: &Document) -> Role {
    match &document.content {
        Content::Index(_) => Role::Index,
        Content::Manifest(manifest) => match manifest.role() {
            ManifestRole::AttestationImage | ManifestRole::AttestationArtifact | ManifestRole::CosignSignature => {
                Role::Attestation
            }
            _ => Role::Manifest,
        },
        Content::Schema1(_) => Role::Manifest,
        Content::Config(_) => Role::Config,
        Content::DockerSave(_) | Content::Repositories(_) | Content::Layout(_) => Role::Archive,
        Content::Statement(_) | Content::Provenance(_) | Content::Envelope(_) | Content::SimpleSigning(_) => Role::Attestation,
        _ => Role::File,
    }
}

/// What a descriptor says that its blob is.
pub(super) fn role_of_descriptor(descriptor: &Descriptor) -> Role {
    if descriptor.attests().is_some() {
        return Role::Attestation;
    }
    match &descriptor.media_type {
        MediaType::OciIndex | MediaType::DockerManifestList => Role::Index,
        MediaType::OciManifest | MediaType::DockerManifest | MediaType::DockerSchema1 => Role::Manifest,
        MediaType::OciConfig | MediaType::DockerConfig => Role::Config,
        MediaType::Layer(_) | MediaType::ForeignLayer(_) => Role::Layer,
        MediaType::InToto => Role::Attestation,
        MediaType::OciEmpty | MediaType::Other(_) => Role::File,
    }
}

/// An item as one end of a check.
pub(super) fn end(case: &Case, id: ItemId) -> End {
    let item = case.item(id);
    End::new(role_of(item), label(case, id)).digest(item.sha256).item(id)
}

/// The blob that a descriptor names as one end of a check: the item if it is at hand, else what the descriptor says of it.
pub(super) fn named_end(case: &Case, reference: &Reference<'_>) -> End {
    let descriptor = reference.descriptor;
    let role = match (reference.target.map(|id| role_of(case.item(id))), role_of_descriptor(descriptor)) {
        (Some(Role::Tarball), _) => Role::Layer,
        (Some(role), Role::File) => role,
        (_, role) => role,
    };
    let mut end = End::new(role, descriptor_label(descriptor));
    end.digest = descriptor.digest.known().copied();
    end.item = reference.target;
    end
}

/// Platform, or place in its list, or the short digest: what tells a descriptor from its siblings.
pub(super) fn descriptor_label(descriptor: &Descriptor) -> String {
    let digest = short(&descriptor.digest.to_string());
    let platform = descriptor.platform.as_ref().filter(|platform| !platform.is_unknown());
    match (platform, descriptor.pointer.strip_prefix("/layers/").and_then(|index| index.parse::<u64>().ok())) {
        (Some(platform), _) => platform.to_string(),
        (None, Some(index)) => format!("layer {} {digest}", index + 1),
        (None, None) => digest,
    }
}

/// How a person points at an item: its name, with the archive's name before it for parts, or where it is embedded.
pub(super) fn label(case: &Case, id: ItemId) -> String {
    let item = case.item(id);
    match (&item.origin, item.parent) {
        (Origin::Data(_), Some(parent)) => format!("{} inside {}", short(&item.sha256.to_string()), label(case, parent)),
        (_, Some(parent)) => format!("{}: {}", case.item(parent).name, part_name(item)),
        _ => item.name.clone(),
    }
}

/// What a blob of an OCI layout is, since its name is only its digest: `config 654fc8fd836e…`; the name of anything else.
fn part_name(item: &Item) -> String {
    let hex = item.name.strip_prefix("blobs/sha256/").filter(|hex| **hex == *item.sha256.hex());
    match (hex, blob_word(role_of(item))) {
        (Some(hex), Some(word)) => format!("{word} {}…", &hex[..12]),
        _ => short_name(&item.name),
    }
}

fn blob_word(role: Role) -> Option<&'static str> {
    match role {
        Role::Index => Some("index"),
        Role::Manifest => Some("manifest"),
        Role::Config => Some("config"),
        Role::Layer => Some("layer"),
        _ => None,
    }
}

/// A name in which a long run of hex digits is cut to twelve: `blobs/sha256/654fc8fd836e…`.
fn short_name(name: &str) -> String {
    let hex = name.rsplit('/').next().and_then(|last| last.strip_prefix("sha256:").unwrap_or(last).split('.').next());
    match hex {
        Some(hex) if hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            name.replacen(hex, &format!("{}…", &hex[..12]), 1)
        }
        _ => name.to_owned(),
    }
}

/// `sha256:` and the first twelve hex digits.
pub(super) fn short(digest: &str) -> String {
    match digest.split_once(':') {
        Some((algorithm, hex)) if hex.len() > 12 && hex.is_ascii() => format!("{algorithm}:{}", &hex[..12]),
        _ => digest.to_owned(),
    }
}

/// A shell pipeline that prints an item's bytes: from the file, or out of the archive or the descriptor that holds it.
pub(super) fn print_bytes(case: &Case, id: ItemId) -> String {
    let item = case.item(id);
    match (&item.origin, item.parent) {
        (Origin::Entry(name), Some(parent)) if matches!(case.item(parent).body, Body::ImageArchive) => {
            format!("tar -xOf {} {}", shell_quote(&case.item(parent).name), shell_quote(name))
        }
        (Origin::Data(pointer), Some(parent)) => {
            format!("{} | jq -j {} | base64 -d", print_bytes(case, parent), shell_quote(&format!("{}.data", jq_path(pointer))))
        }
        (Origin::Pasted, _) => "cat pasted.txt".to_owned(),
        _ => format!("cat {}", shell_quote(&item.name)),
    }
}

/// The command that prints an item's SHA-256.
pub(super) fn sha256sum(case: &Case, id: ItemId) -> String {
    let item = case.item(id);
    if item.parent.is_none() && item.origin == Origin::Input {
        return format!("sha256sum {}", shell_quote(&item.name));
    }
    format!("{} | sha256sum", print_bytes(case, id))
}

/// The command that prints the SHA-256 of an item's uncompressed bytes.
pub(super) fn diff_id_sum(case: &Case, id: ItemId) -> String {
    let compression = case.item(id).facts.as_ref().and_then(|facts| facts.compression.as_ref());
    let decompress = compression.map_or_else(String::new, |facts| format!(" | {} -dc", facts.format.name()));
    format!("{}{decompress} | sha256sum", print_bytes(case, id))
}

/// A JSON pointer as a path of `jq`.
pub(super) fn jq_path(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').skip(1) {
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            path.push_str(&format!("[{part}]"));
        } else {
            path.push_str(&format!(".{part}"));
        }
    }
    if path.starts_with('[') || path.is_empty() { format!(".{path}") } else { path }
}
