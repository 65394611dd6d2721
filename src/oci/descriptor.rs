use super::fields::{Fields, Notes, wrong_type};
use super::media_type::MediaType;
use crate::digest::{Algorithm, Digest, DigestError};
use crate::finding::{At, ReadError, visible};
use crate::json::Value;
use crate::order::{Gather, Map};
use base64::Engine as _;
use std::fmt;

/// A digest as a document writes it: one that can be recomputed, or well-formed in an algorithm that cannot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DigestRef {
    /// An algorithm that this program computes.
    Known(Digest),
    /// Another algorithm; the text is safe to show.
    Unsupported(String),
}

impl DigestRef {
    /// Reads `algorithm:encoded` by the grammar of image-spec, descriptor.md, "Digests".
    ///
    /// # Errors
    /// `oci.digest-upper-case` (the specification wants lower case hex digits), `oci.digest-algorithm` for an algorithm that
    /// nobody uses (every tool refuses it), `oci.digest` for everything else.
    pub fn parse(text: &str) -> Result<Self, ReadError> {
        match text.parse::<Digest>() {
            Ok(digest) => Ok(Self::Known(digest)),
            Err(DigestError::UnknownAlgorithm) if follows_grammar(text) => Ok(Self::Unsupported(visible(text.as_bytes()))),
            Err(DigestError::UnknownAlgorithm) if text.contains(':') => {
                Err(bad_digest("oci.digest-algorithm", "sha256, or another registered algorithm", text))
            }
            Err(DigestError::UpperCase) => Err(bad_digest("oci.digest-upper-case", "lower case hex digits", text)),
            Err(DigestError::Length { expected, .. }) => {
                Err(bad_digest("oci.digest", &format!("{expected} hex digits after the colon"), text))
            }
            Err(_) => Err(bad_digest("oci.digest", "a digest such as sha256: and 64 hex digits", text)),
        }
    }

    /// The digest, if it can be recomputed.
    pub fn known(&self) -> Option<&Digest> {
        match self {
            Self::Known(digest) => Some(digest),
            Self::Unsupported(_) => None,
        }
    }

    /// The digest, if equal values mean equal bytes: image-spec registers sha256 and sha512; MD5 and SHA-1 prove nothing.
    pub fn provable(&self) -> Option<&Digest> {
        self.known().filter(|digest| matches!(digest.algorithm(), Algorithm::Sha256 | Algorithm::Sha384 | Algorithm::Sha512))
    }
}

impl fmt::Display for DigestRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(digest) => digest.fmt(f),
            Self::Unsupported(text) => f.write_str(text),
        }
    }
}

/// Algorithms that documents may use and that are not computed here: image-spec registers blake3; the others are in use for
/// digests elsewhere.
const NOT_COMPUTED: &[&str] = &["blake3", "blake2b-256", "blake2b-512", "sha224", "sha3-256", "sha3-512", "sm3"];

/// `algorithm ":" encoded` with `encoded ::= [a-zA-Z0-9=_-]+`.
fn follows_grammar(text: &str) -> bool {
    let Some((algorithm, encoded)) = text.split_once(':') else { return false };
    let symbol = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'=' | b'_' | b'-');
    NOT_COMPUTED.contains(&algorithm) && !encoded.is_empty() && encoded.bytes().all(symbol)
}

fn bad_digest(code: &'static str, expected: &str, text: &str) -> ReadError {
    let shown: String = visible(text.as_bytes()).chars().take(160).collect();
    ReadError::new(code, expected, format!("“{shown}”"))
}

/// A content descriptor (image-spec, descriptor.md): what a document says about another blob.
#[derive(Debug, Clone, PartialEq)]
pub struct Descriptor {
    /// What kind of blob it claims to be.
    pub media_type: MediaType,
    /// The digest that the blob's bytes must have.
    pub digest: DigestRef,
    /// The size in bytes that the blob must have.
    pub size: u64,
    /// The blob itself, embedded (image-spec 1.1). Nothing is checked yet: [`Descriptor::data_matches`].
    pub data: Option<Vec<u8>>,
    /// Where else the blob may be had; text, never a link. Made safe to show.
    pub urls: Vec<String>,
    /// Free text that nothing binds to the blob.
    pub annotations: Map<String, String>,
    /// The platform that an index claims for an image.
    pub platform: Option<Platform>,
    /// What kind of artifact the named manifest is.
    pub artifact_type: Option<String>,
    /// JSON pointer of the descriptor inside its document.
    pub pointer: String,
}

impl Descriptor {
    /// Reads a descriptor. One whose digest or size is missing or unreadable names nothing: it is an error in the notes and
    /// `None`. A missing media type is an error too, but the blob is named all the same.
    pub(super) fn read(value: &Value, pointer: String, notes: &mut Notes) -> Option<Self> {
        let fields = Fields::of(value, pointer, notes)?;
        let media_type = fields.string("mediaType", notes).map(|name| MediaType::parse(&name));
        let digest = read_digest(&fields, notes);
        let size = read_size(&fields, notes);
        let data = read_data(&fields, notes);
        let urls = fields.strings("urls", notes).unwrap_or_default();
        let annotations = fields.map("annotations", notes);
        let platform = fields.object("platform", notes).map(|fields| Platform::read(&fields, notes));
        let artifact_type = fields.string("artifactType", notes);
        if media_type.is_none() && !fields.has("mediaType") {
            let error = ReadError::new("oci.field-missing", "a media type", "none").at(fields.at());
            notes.fail(error.with("field", "mediaType"));
        }
        Some(Self {
            media_type: media_type.unwrap_or_else(|| MediaType::Other(String::new())),
            digest: digest?,
            size: size?,
            data,
            urls: urls.iter().map(|url| visible(url.as_bytes())).list(),
            annotations,
            platform,
            artifact_type,
            pointer: fields.pointer,
        })
    }

    /// Reads an array of descriptors; those that can be read are kept.
    pub(super) fn read_all(fields: &Fields<'_>, name: &'static str, notes: &mut Notes) -> Vec<Self> {
        let items = fields.array(name, notes).unwrap_or_default();
        let base = fields.inside(name);
        items.iter().enumerate().filter_map(|(index, item)| Self::read(item, format!("{base}/{index}"), notes)).list()
    }

    /// Whether the embedded bytes are those that digest and size name. `None`: no `data`, or a digest that cannot be
    /// recomputed.
    pub fn data_matches(&self) -> Option<bool> {
        let data = self.data.as_deref()?;
        let digest = self.digest.known()?;
        let mut hasher = crate::digest::Hasher::new(digest.algorithm());
        hasher.update(data);
        Some(hasher.digest() == *digest && data.len() as u64 == self.size)
    }

    /// The attestation that an index entry announces in BuildKit's way: annotations with a type and the image it is about.
    pub fn attests(&self) -> Option<Attests> {
        let kind = self.annotations.get("vnd.docker.reference.type")?;
        let subject = self.annotations.get("vnd.docker.reference.digest").map(|text| DigestRef::parse(text));
        (kind == "attestation-manifest").then_some(Attests { subject })
    }
}

/// What an index entry of an attestation manifest says it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Attests {
    /// `vnd.docker.reference.digest`: the manifest it is about; the error if that is no digest; `None` if it is not there.
    pub subject: Option<Result<DigestRef, ReadError>>,
}

fn read_digest(fields: &Fields<'_>, notes: &mut Notes) -> Option<DigestRef> {
    let Some(text) = fields.string("digest", notes) else {
        if !fields.has("digest") {
            notes.fail(ReadError::new("oci.field-missing", "a digest", "none").at(fields.at()).with("field", "digest"));
        }
        return None;
    };
    DigestRef::parse(&text).map_err(|error| notes.fail(error.at(At::inside(fields.inside("digest"))))).ok()
}

/// Sizes are int64 in every implementation; below zero or above that they are no sizes.
fn read_size(fields: &Fields<'_>, notes: &mut Notes) -> Option<u64> {
    let Some(value) = fields.value("size", notes) else {
        notes.fail(ReadError::new("oci.field-missing", "a size in bytes", "none").at(fields.at()).with("field", "size"));
        return None;
    };
    let size = value.as_u64().filter(|size| i64::try_from(*size).is_ok());
    if size.is_none() {
        let error = wrong_type(value, &fields.inside("size"), "a size in bytes, from 0 to 2^63 - 1");
        notes.fail(ReadError { code: "oci.size", ..error });
    }
    size
}

fn read_data(fields: &Fields<'_>, notes: &mut Notes) -> Option<Vec<u8>> {
    let text = fields.string("data", notes)?;
    // Go's decoder passes over line breaks inside base64.
    let compact: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).list();
    let decoded = base64::engine::general_purpose::STANDARD.decode(compact);
    decoded
        .map_err(|_| {
            let error = ReadError::new("oci.data-base64", "base64 of the blob", "other characters or a cut");
            notes.fail(error.at(At::inside(fields.inside("data"))));
        })
        .ok()
}

/// What an image runs on.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Platform {
    /// `linux`, `windows`, …: Go's GOOS.
    pub os: String,
    /// `amd64`, `arm64`, …: Go's GOARCH.
    pub architecture: String,
    /// `v7`, `v8`, …
    pub variant: Option<String>,
    /// Windows: the build that the image needs.
    pub os_version: Option<String>,
    /// Windows: `win32k`.
    pub os_features: Vec<String>,
}

impl Platform {
    pub(super) fn read(fields: &Fields<'_>, notes: &mut Notes) -> Self {
        Self {
            os: fields.string("os", notes).unwrap_or_default(),
            architecture: fields.string("architecture", notes).unwrap_or_default(),
            variant: fields.string("variant", notes).filter(|text| !text.is_empty()),
            os_version: fields.string("os.version", notes).filter(|text| !text.is_empty()),
            os_features: fields.strings("os.features", notes).unwrap_or_default(),
        }
    }

    /// `unknown/unknown`: what BuildKit writes for attestations.
    pub fn is_unknown(&self) -> bool {
        self.os == "unknown" && self.architecture == "unknown"
    }

    /// The variant that tools assume where none is written: containerd normalises `arm64` to `v8` and `arm` to `v7`, and
    /// leaves out `amd64`'s `v1`.
    pub fn normal_variant(&self) -> Option<&str> {
        match (self.architecture.as_str(), self.variant.as_deref()) {
            ("arm64", None) => Some("v8"),
            ("arm", None) => Some("v7"),
            ("amd64", Some("v1")) => None,
            (_, variant) => variant,
        }
    }

    /// Whether both name one platform. Variants are compared as tools do; a variant that only one side writes is the
    /// assumed one.
    pub fn agrees_with(&self, other: &Self) -> bool {
        self.os == other.os
            && self.architecture == other.architecture
            && (self.normal_variant() == other.normal_variant() || self.variant.is_none() || other.variant.is_none())
            && (self.os_version == other.os_version || self.os_version.is_none() || other.os_version.is_none())
    }
}

impl fmt::Display for Platform {
    /// `os/architecture[/variant]`, made safe to show.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = format!("{}/{}", self.os, self.architecture);
        if let Some(variant) = &self.variant {
            text.push('/');
            text.push_str(variant);
        }
        f.write_str(&visible(text.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, parse};

    const A: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn read(text: &str) -> (Option<Descriptor>, Notes) {
        let document = parse(text.as_bytes(), &Limits::default()).unwrap();
        let mut notes = Notes::default();
        let descriptor = Descriptor::read(&document.root, "/manifests/0".into(), &mut notes);
        (descriptor, notes)
    }

    fn code(text: &str) -> &'static str {
        read(text).1.errors[0].code
    }

    #[test]
    fn sizes_are_exact_and_never_negative() {
        let with = |size: &str| format!(r#"{{"mediaType":"x","digest":"{A}","size":{size}}}"#);
        assert_eq!(read(&with("9007199254740993")).0.unwrap().size, 9_007_199_254_740_993);
        for bad in ["-1", "1.0", "9223372036854775808", "\"3\""] {
            assert_eq!(code(&with(bad)), "oci.size", "{bad}");
        }
        assert_eq!(code(&format!(r#"{{"mediaType":"x","digest":"{A}"}}"#)), "oci.field-missing");
    }

    #[test]
    fn digests_follow_the_grammar() {
        let with = |digest: &str| format!(r#"{{"mediaType":"x","digest":"{digest}","size":0}}"#);
        assert_eq!(code(&with(&A.to_uppercase().replace("SHA256", "sha256"))), "oci.digest-upper-case");
        assert_eq!(code(&with("sha256:../../etc/passwd")), "oci.digest");
        assert_eq!(code(&with("sha256:abc")), "oci.digest");
        assert_eq!(code(&with("")), "oci.digest");
        assert_eq!(code(&with(&A.replace("sha", "rha"))), "oci.digest-algorithm");
        let blake = read(&with("blake3:abc")).0.unwrap().digest;
        assert_eq!((blake.known(), blake.to_string().as_str()), (None, "blake3:abc"));
        let md5 = read(&with("md5:d41d8cd98f00b204e9800998ecf8427e")).0.unwrap().digest;
        assert!(md5.known().is_some() && md5.provable().is_none());
        assert!(DigestRef::parse(&format!("sha512:{}", "a".repeat(128))).unwrap().provable().is_some());
    }

    #[test]
    fn embedded_data_is_decoded_and_checked() {
        let with = |data: &str| format!(r#"{{"mediaType":"x","digest":"{}","size":2,"data":"{data}"}}"#, Digest::sha256(b"{}"));
        assert_eq!(read(&with("e30=")).0.unwrap().data_matches(), Some(true));
        assert_eq!(read(&with("e30\\n=")).0.unwrap().data_matches(), Some(true));
        assert_eq!(read(&with("W10=")).0.unwrap().data_matches(), Some(false));
        assert_eq!(code(&with("e30")), "oci.data-base64");
        assert_eq!(read(&format!(r#"{{"mediaType":"x","digest":"{A}","size":1}}"#)).0.unwrap().data_matches(), None);
    }

    #[test]
    fn keys_in_another_case_are_read_as_go_does_and_noted() {
        let (descriptor, notes) = read(&format!(r#"{{"MediaType":"x","digest":"{A}","Digest":"{A}","size":1}}"#));
        assert_eq!(descriptor.unwrap().media_type, MediaType::Other("x".into()));
        let codes: Vec<_> = notes.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, ["oci.key-in-another-case", "oci.key-in-two-cases"]);
    }

    #[test]
    fn platforms_are_compared_as_tools_do() {
        let platform = |architecture: &str, variant: Option<&str>| Platform {
            os: "linux".into(),
            architecture: architecture.into(),
            variant: variant.map(str::to_owned),
            ..Platform::default()
        };
        assert!(platform("arm64", Some("v8")).agrees_with(&platform("arm64", None)));
        assert!(platform("amd64", Some("v1")).agrees_with(&platform("amd64", None)));
        assert!(!platform("arm", Some("v5")).agrees_with(&platform("arm", Some("v7"))));
        assert!(!platform("arm64", None).agrees_with(&platform("amd64", None)));
        assert_eq!(platform("arm", Some("v7")).to_string(), "linux/arm/v7");
    }
}
