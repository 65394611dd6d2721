//! OCI and Docker documents: descriptors, indexes, manifests, configs, `docker save` and layouts, and what tools print about them.
//!
//! [`read`] takes the bytes of any JSON document and answers with a [`Document`]: the bytes themselves, their digest, a parsed
//! view ([`Content`]), findings, and errors for the parts that cannot be read. Fields are read as Go programs read them, since
//! docker, containerd and the registries are Go programs; where another reader would see something else, a finding says so.
//! Specifications: opencontainers/image-spec v1.1 (descriptor, index, manifest, config, layout), moby image specification v1.2.
//!
//! No view decides whether bytes have the digest that a descriptor names; that is a comparison and belongs to room `checks`.

mod attestation;
mod claims;
mod config;
mod descriptor;
mod document;
mod fields;
mod inspect;
mod manifest;
mod media_type;
mod save;
mod sniff;

pub use attestation::{
    Envelope, EnvelopeSignature, Material, Provenance, SimpleSigning, SourceFile, Statement, StepLayers, Subject,
};
pub use claims::{Claim, ClaimHint, ClaimValue, parse_claims};
pub use config::{Config, ConfigHistory, LegacyLayer, RepoDigest, RunConfig};
pub use descriptor::{Attests, Descriptor, DigestRef, Platform};
pub use document::{AMBIGUOUS, Content, Document, is_ambiguous, read, read_as};
pub use inspect::{Inspect, SkopeoInspect};
pub use manifest::{Index, Manifest, ManifestRole, Schema1};
pub use media_type::{LayerCompression, MediaType};
pub use save::SaveImage;
pub use sniff::{DocumentKind, is_manifest_and_index, sniff};

#[cfg(test)]
mod tests;
