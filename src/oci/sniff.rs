use super::media_type::MediaType;
use crate::json::{Kind, Object, Value};

/// Kinds of JSON documents that people have beside an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DocumentKind {
    /// OCI image index.
    Index,
    /// Docker manifest list.
    ManifestList,
    /// Image manifest, OCI or Docker schema 2.
    Manifest,
    /// Docker manifest schema 1.
    Schema1,
    /// Image config.
    Config,
    /// `manifest.json` of a `docker save` archive.
    DockerSave,
    /// `repositories` of an older `docker save` archive.
    Repositories,
    /// `<id>/json` of an older `docker save` archive.
    LegacyLayer,
    /// The marker file `oci-layout`.
    OciLayout,
    /// `docker image inspect`.
    DockerInspect,
    /// `docker manifest inspect -v`, which wraps manifests and prints them anew.
    ManifestInspect,
    /// `docker buildx imagetools inspect --format '{{json .}}'`, which wraps manifests and prints them anew.
    ImagetoolsInspect,
    /// `skopeo inspect` without `--raw`.
    SkopeoInspect,
    /// `buildah inspect`.
    BuildahInspect,
    /// A history export: the engine's API, `docker history --format json`, podman's.
    History,
    /// An in-toto statement.
    Statement,
    /// BuildKit's provenance without a statement around it.
    Provenance,
    /// A DSSE envelope.
    Envelope,
    /// A sigstore bundle.
    SigstoreBundle,
    /// The payload of a cosign image signature.
    SimpleSigning,
    /// An SPDX or CycloneDX document.
    Sbom,
    /// A report of this program.
    Report,
}

impl DocumentKind {
    /// Whether the document's own bytes are what a digest names (unlike a daemon's account of them).
    pub fn is_hashed(self) -> bool {
        matches!(self, Self::Index | Self::ManifestList | Self::Manifest | Self::Schema1 | Self::Config)
    }
}

/// What a JSON value is, from its fields; `None` if it is nothing that is known here.
pub fn sniff(value: &Value) -> Option<DocumentKind> {
    match &value.kind {
        Kind::Object(object) => sniff_object(object),
        Kind::Array(items) => items.first().and_then(Value::as_object).and_then(sniff_item),
        _ => None,
    }
}

/// Whether a document has the fields of an index and those of a manifest. Tools that look at one field first take it for one
/// thing or for the other (CVE-2021-41190).
pub fn is_manifest_and_index(object: &Object) -> bool {
    object.get_go("manifests").is_some() && (object.get_go("layers").is_some() || object.get_go("config").is_some())
}

fn sniff_object(object: &Object) -> Option<DocumentKind> {
    sniff_hashed(object).or_else(|| sniff_trust(object)).or_else(|| sniff_printed(object)).or_else(|| sniff_archive(object))
}

/// Documents that digests name.
fn sniff_hashed(object: &Object) -> Option<DocumentKind> {
    let has = |name: &str| object.get_go(name).is_some();
    let declared = object.get_go("mediaType").and_then(Value::as_str).map(MediaType::parse);
    let is_array = |name: &str| object.get_go(name).is_some_and(|value| value.as_array().is_some());
    // A document that is both is read as what it says it is.
    if is_manifest_and_index(object) && declared.as_ref().is_some_and(MediaType::is_manifest) {
        return Some(DocumentKind::Manifest);
    }
    if object.get_go("schemaVersion").and_then(Value::as_u64) == Some(1) || is_array("fsLayers") {
        return Some(DocumentKind::Schema1);
    }
    if is_array("manifests") || declared.as_ref().is_some_and(MediaType::is_index) {
        let list = declared == Some(MediaType::DockerManifestList);
        return Some(if list { DocumentKind::ManifestList } else { DocumentKind::Index });
    }
    if is_array("layers") && has("schemaVersion")
        || is_descriptor(object.get_go("config"))
        || declared.is_some_and(|d| d.is_manifest())
    {
        return Some(DocumentKind::Manifest);
    }
    let config = has("rootfs") && object.get("Id").is_none() && object.get("RootFS").is_none();
    (config || has("architecture") && has("os") && has("history")).then_some(DocumentKind::Config)
}

fn is_descriptor(value: Option<&Value>) -> bool {
    value.and_then(Value::as_object).is_some_and(|object| object.get_go("digest").is_some() && object.get_go("size").is_some())
}

/// Signatures, attestations and what they hold.
fn sniff_trust(object: &Object) -> Option<DocumentKind> {
    let has = |name: &str| object.get(name).is_some();
    let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default();
    if has("payloadType") && has("payload") && has("signatures") {
        Some(DocumentKind::Envelope)
    } else if text("mediaType").starts_with("application/vnd.dev.sigstore.bundle") {
        Some(DocumentKind::SigstoreBundle)
    } else if text("_type").starts_with("https://in-toto.io/Statement") || has("predicateType") && has("subject") {
        Some(DocumentKind::Statement)
    } else if has("buildDefinition") || has("buildType") && (has("materials") || has("invocation")) || has("SLSA") {
        Some(DocumentKind::Provenance)
    } else if object.get("critical").and_then(Value::as_object).is_some_and(|critical| critical.get("image").is_some()) {
        Some(DocumentKind::SimpleSigning)
    } else if has("spdxVersion") || has("SPDXID") || text("bomFormat") == "CycloneDX" {
        Some(DocumentKind::Sbom)
    } else if text("schema").starts_with("layerproof.report/") {
        Some(DocumentKind::Report)
    } else {
        None
    }
}

/// What tools print about images.
fn sniff_printed(object: &Object) -> Option<DocumentKind> {
    let has = |name: &str| object.get(name).is_some();
    if has("Descriptor") && (has("SchemaV2Manifest") || has("OCIManifest") || has("Ref")) {
        Some(DocumentKind::ManifestInspect)
    } else if has("manifest") && has("name") && object.get("manifest").is_some_and(|inner| is_descriptor(Some(inner))) {
        Some(DocumentKind::ImagetoolsInspect)
    } else if has("FromImage") && has("OCIv1") {
        Some(DocumentKind::BuildahInspect)
    } else if has("Digest") && has("Layers") && (has("RepoTags") || has("Name")) {
        Some(DocumentKind::SkopeoInspect)
    } else {
        sniff_item(object)
    }
}

/// Files of archives.
fn sniff_archive(object: &Object) -> Option<DocumentKind> {
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    let is_id = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if object.get_go("imageLayoutVersion").is_some() {
        return Some(DocumentKind::OciLayout);
    }
    if text("id").is_some_and(is_id)
        && ["parent", "created", "container_config", "os"].iter().any(|key| object.get(key).is_some())
    {
        return Some(DocumentKind::LegacyLayer);
    }
    let tags = |value: &Value| {
        let tags = value.as_object();
        tags.is_some_and(|tags| !tags.is_empty() && tags.members().iter().all(|tag| tag.value.as_str().is_some_and(is_id)))
    };
    let repositories = !object.is_empty() && object.members().iter().all(|member| tags(&member.value));
    repositories.then_some(DocumentKind::Repositories)
}

/// One object of an array, or printed alone.
fn sniff_item(object: &Object) -> Option<DocumentKind> {
    let has = |name: &str| object.get(name).is_some();
    let save = object.get_go("Config").is_some_and(|value| value.as_str().is_some()) && object.get_go("Layers").is_some();
    if save && object.get_go("RootFS").is_none() {
        Some(DocumentKind::DockerSave)
    } else if has("Id") && (has("RootFS") || has("RepoDigests") || has("RepoTags")) && !has("CreatedBy") {
        Some(DocumentKind::DockerInspect)
    } else if ["CreatedBy", "created_by", "createdBy"].iter().any(|key| has(key)) {
        Some(DocumentKind::History)
    } else if has("Descriptor") && has("Ref") {
        Some(DocumentKind::ManifestInspect)
    } else {
        None
    }
}
