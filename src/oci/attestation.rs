//! In-toto statements, BuildKit's provenance inside them, DSSE envelopes and cosign payloads: recognised and read, never believed.
//! An unsigned attestation is the builder's own word, covered by the index's digest only.

use super::descriptor::{Descriptor, DigestRef};
use super::fields::{Fields, Notes};
use crate::digest::{Algorithm, Digest};
use crate::finding::{At, ReadError, visible};
use crate::order::{Gather, Map};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// An in-toto statement: a predicate about subjects that are named by digest.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Statement {
    /// `_type`: `https://in-toto.io/Statement/v0.1` or `/v1`.
    pub statement_type: String,
    /// What it is about.
    pub subjects: Vec<Subject>,
    /// What kind of predicate it holds.
    pub predicate_type: String,
    /// BuildKit's provenance, if the predicate is one.
    pub provenance: Option<Provenance>,
}

/// One subject of a statement.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Subject {
    /// Its name, made safe to show.
    pub name: String,
    /// Its digests.
    pub digests: Vec<Digest>,
}

/// What BuildKit says about a build (SLSA provenance v0.2 or v1).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Provenance {
    /// `buildType`.
    pub build_type: String,
    /// The Dockerfiles that were built, byte for byte (only with `mode=max`).
    pub sources: Vec<SourceFile>,
    /// Build arguments: name and value.
    pub build_args: Map<String, String>,
    /// The target stage, if one was asked for.
    pub target: Option<String>,
    /// What the build took: base images, git commits, files by address.
    pub materials: Vec<Material>,
    /// The layers that steps made (only with `mode=max`).
    pub steps: Vec<StepLayers>,
    /// Where the Dockerfile came from: repository and commit, in the builder's words.
    pub vcs: Map<String, String>,
}

/// A source file inside a provenance.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SourceFile {
    /// Its name, made safe to show.
    pub name: String,
    /// `Dockerfile`, usually.
    pub language: String,
    /// Its bytes.
    pub data: Vec<u8>,
}

/// Something that a build took.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Material {
    /// Its address, made safe to show.
    pub uri: String,
    /// Its digests (commits are SHA-1).
    pub digests: Vec<Digest>,
}

/// Layers of one build step, and the Dockerfile lines that the step came from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StepLayers {
    /// The step's name in the build definition.
    pub step: String,
    /// First and last line, from 1.
    pub lines: Vec<(u64, u64)>,
    /// The layers below and of this step, lowest first; the last one is the step's own.
    pub layers: Vec<Descriptor>,
}

impl Statement {
    pub(super) fn read(fields: &Fields<'_>, notes: &mut Notes) -> Self {
        let predicate = fields.object("predicate", notes);
        Self {
            statement_type: fields.string("_type", notes).unwrap_or_default(),
            subjects: objects(fields, "subject", notes).iter().map(|subject| Subject::read(subject, notes)).list(),
            predicate_type: fields.string("predicateType", notes).unwrap_or_default(),
            provenance: predicate.and_then(|predicate| Provenance::read(&predicate, notes)),
        }
    }
}

impl Subject {
    fn read(fields: &Fields<'_>, notes: &mut Notes) -> Self {
        Self { name: shown(fields, "name", notes), digests: digest_set(fields, notes) }
    }
}

impl Provenance {
    /// `None` if the predicate is no provenance.
    pub(super) fn read(predicate: &Fields<'_>, notes: &mut Notes) -> Option<Self> {
        if let Some(definition) = predicate.object("buildDefinition", notes) {
            return Some(Self::read_v1(predicate, &definition, notes));
        }
        predicate.has("buildType").then(|| Self::read_v02(predicate, notes))
    }

    fn read_v1(predicate: &Fields<'_>, definition: &Fields<'_>, notes: &mut Notes) -> Self {
        let request = definition.object("externalParameters", notes).and_then(|outer| outer.object("request", notes));
        let metadata = predicate.object("runDetails", notes).and_then(|run| run.object("metadata", notes));
        let mut provenance = Self {
            build_type: shown(definition, "buildType", notes),
            materials: materials(definition, "resolvedDependencies", notes),
            ..Self::default()
        };
        provenance.read_request(request, notes);
        provenance.read_metadata(metadata.and_then(|metadata| metadata.object("buildkit_metadata", notes)), notes);
        provenance
    }

    fn read_v02(predicate: &Fields<'_>, notes: &mut Notes) -> Self {
        let request = predicate.object("invocation", notes).and_then(|outer| outer.object("parameters", notes));
        let metadata = predicate.object("metadata", notes);
        let mut provenance = Self {
            build_type: shown(predicate, "buildType", notes),
            materials: materials(predicate, "materials", notes),
            ..Self::default()
        };
        provenance.read_request(request, notes);
        let extension = metadata.and_then(|metadata| metadata.object("https://mobyproject.org/buildkit@v1#metadata", notes));
        provenance.read_metadata(extension, notes);
        provenance
    }

    fn read_request(&mut self, request: Option<Fields<'_>>, notes: &mut Notes) {
        let args = request.map(|request| request.map("args", notes)).unwrap_or_default();
        self.target = args.get("target").cloned();
        self.build_args =
            args.into_iter().filter_map(|(key, value)| Some((key.strip_prefix("build-arg:")?.to_owned(), value))).collect();
    }

    fn read_metadata(&mut self, metadata: Option<Fields<'_>>, notes: &mut Notes) {
        let Some(metadata) = metadata else { return };
        self.vcs = metadata.map("vcs", notes);
        let source = metadata.object("source", notes);
        if let Some(source) = &source {
            self.sources = objects(source, "infos", notes).iter().filter_map(|info| SourceFile::read(info, notes)).list();
        }
        let lines = source.map(|source| step_lines(&source, notes)).unwrap_or_default();
        let Some(layers) = metadata.object("layers", notes) else { return };
        for member in layers.members() {
            let step = member.key.split(':').next().unwrap_or_default();
            self.steps.push(StepLayers {
                step: visible(member.key.as_bytes()),
                lines: lines.get(step).cloned().unwrap_or_default(),
                layers: nested_descriptors(&member.value, &layers.inside(&member.key), notes),
            });
        }
    }
}

impl SourceFile {
    fn read(fields: &Fields<'_>, notes: &mut Notes) -> Option<Self> {
        let data = fields.string("data", notes)?;
        let Some(data) = decode_base64(&data) else {
            notes.fail(ReadError::new("oci.data-base64", "base64", "other characters or a cut").at(fields.at()));
            return None;
        };
        Some(Self { name: shown(fields, "filename", notes), language: shown(fields, "language", notes), data })
    }
}

/// `layers` holds, per step, a list of chains of descriptors; the first chain is the one of the output.
fn nested_descriptors(value: &crate::json::Value, pointer: &str, notes: &mut Notes) -> Vec<Descriptor> {
    let chain = value.as_array().and_then(|chains| chains.first()).and_then(|chain| chain.as_array()).unwrap_or_default();
    let read = |(index, item)| Descriptor::read(item, format!("{pointer}/0/{index}"), notes);
    chain.iter().enumerate().filter_map(read).list()
}

fn step_lines(source: &Fields<'_>, notes: &mut Notes) -> Map<String, Vec<(u64, u64)>> {
    let Some(locations) = source.object("locations", notes) else { return Map::new() };
    let mut steps = Map::new();
    for member in locations.members() {
        let Some(step) = Fields::of(&member.value, locations.inside(&member.key), notes) else { continue };
        let mut lines = Vec::new();
        for location in objects(&step, "locations", notes) {
            lines.extend(objects(&location, "ranges", notes).iter().filter_map(|range| line_range(range, notes)));
        }
        steps.insert(member.key.clone(), lines);
    }
    steps
}

fn line_range(range: &Fields<'_>, notes: &mut Notes) -> Option<(u64, u64)> {
    let start = range.object("start", notes)?.version("line", notes)?;
    let end = range.object("end", notes).and_then(|end| end.version("line", notes)).unwrap_or(start);
    Some((start, end))
}

fn materials(fields: &Fields<'_>, name: &'static str, notes: &mut Notes) -> Vec<Material> {
    let read = |item: &Fields<'_>| Material { uri: shown(item, "uri", notes), digests: digest_set(item, notes) };
    objects(fields, name, &mut Notes::default()).iter().map(read).list()
}

/// `digest: {"sha256": hex, …}`; algorithms that are not known are passed over.
fn digest_set(fields: &Fields<'_>, notes: &mut Notes) -> Vec<Digest> {
    let set = fields.map("digest", notes);
    set.iter().filter_map(|(name, hex)| Digest::from_hex(Algorithm::from_name(name)?, hex).ok()).list()
}

fn objects<'v>(fields: &Fields<'v>, name: &'static str, notes: &mut Notes) -> Vec<Fields<'v>> {
    let items = fields.array(name, notes).unwrap_or_default();
    let base = fields.inside(name);
    items.iter().enumerate().filter_map(|(index, item)| Fields::of(item, format!("{base}/{index}"), notes)).list()
}

fn shown(fields: &Fields<'_>, name: &'static str, notes: &mut Notes) -> String {
    visible(fields.string(name, notes).unwrap_or_default().as_bytes())
}

/// A DSSE envelope (in-toto's and sigstore's way to sign a payload).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Envelope {
    /// What the payload is.
    pub payload_type: String,
    /// The payload's bytes; only these are signed.
    pub payload: Vec<u8>,
    /// Key hint and signature of each signer.
    pub signatures: Vec<EnvelopeSignature>,
}

/// One signature of an envelope.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EnvelopeSignature {
    /// A hint which key it is; nothing binds it. Made safe to show.
    pub key_id: String,
    /// The signature.
    pub signature: Vec<u8>,
}

impl Envelope {
    pub(super) fn read(fields: &Fields<'_>, notes: &mut Notes) -> Self {
        let decode = |fields: &Fields<'_>, name: &'static str, notes: &mut Notes| {
            let decoded = fields.string(name, notes).and_then(|text| decode_base64(&text));
            if decoded.is_none() {
                let error = ReadError::new("oci.data-base64", "base64", "something else");
                notes.fail(error.at(At::inside(fields.inside(name))));
            }
            decoded.unwrap_or_default()
        };
        Self {
            payload_type: fields.string("payloadType", notes).unwrap_or_default(),
            payload: decode(fields, "payload", notes),
            signatures: objects(fields, "signatures", notes)
                .iter()
                .map(|item| EnvelopeSignature { key_id: shown(item, "keyid", notes), signature: decode(item, "sig", notes) })
                .list(),
        }
    }

    /// The bytes that the signatures are over (DSSE, "PAE").
    pub fn signed_bytes(&self) -> Vec<u8> {
        let mut signed = format!("DSSEv1 {} {} {} ", self.payload_type.len(), self.payload_type, self.payload.len()).into_bytes();
        signed.extend(&self.payload);
        signed
    }
}

/// Standard or URL alphabet, padded or not: DSSE accepts both.
pub(super) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let compact: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).list();
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let alphabet = if compact.iter().any(|byte| matches!(byte, b'-' | b'_')) { &alphabet::URL_SAFE } else { &alphabet::STANDARD };
    GeneralPurpose::new(alphabet, config).decode(compact).ok()
}

/// The payload of a cosign image signature.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SimpleSigning {
    /// The image that is signed.
    pub manifest_digest: Option<DigestRef>,
    /// What the signer called it; nothing binds the name to a registry. Made safe to show.
    pub reference: String,
    /// `cosign container image signature`.
    pub kind: String,
}

impl SimpleSigning {
    pub(super) fn read(fields: &Fields<'_>, notes: &mut Notes) -> Self {
        let Some(critical) = fields.object("critical", notes) else { return Self::default() };
        let image = critical.object("image", notes).and_then(|image| image.string("docker-manifest-digest", notes));
        let identity = critical.object("identity", notes);
        Self {
            manifest_digest: image
                .and_then(|text| DigestRef::parse(&text).map_err(|error| notes.fail(error.at(critical.at()))).ok()),
            reference: identity.map(|identity| shown(&identity, "docker-reference", notes)).unwrap_or_default(),
            kind: shown(&critical, "type", notes),
        }
    }
}
