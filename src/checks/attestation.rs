//! Check `attestation`: what attestations and cosign payloads are about, against the images at hand. Nothing unsigned is more
//! than the builder's own words, so a fitting attestation `agrees`.

use super::edges::{Reference, end, is_first_copy, label, named_end, references, short};
use super::{Check, End, Kind, Role, Verdict};
use crate::case::{Body, Case, ItemId};
use crate::digest::Digest;
use crate::finding::Said;
use crate::oci::{Content, Document, Index, Provenance, Statement};
use crate::order::{Gather, Map, Set};

/// One check for each announced attestation, each subject and each embedded Dockerfile.
pub(super) fn run(case: &Case) -> Vec<Check> {
    let about = About::of(case);
    let mut checks = announced(case, &about);
    for (id, document) in case.documents().filter(|(id, _)| is_first_copy(case, *id)) {
        match &document.content {
            Content::Statement(statement) => {
                checks.extend(subjects(case, &about, id, statement));
                checks.extend(statement.provenance.as_ref().map(|provenance| sources(case, id, provenance)).unwrap_or_default());
            }
            Content::Provenance(provenance) => checks.extend(sources(case, id, provenance)),
            Content::SimpleSigning(payload) => checks.extend(payload.manifest_digest.as_ref().and_then(|digest| {
                let from = end(case, id);
                digest.known().map(|digest| named(&about, from, digest, "attestation.cosign", &payload.reference))
            })),
            _ => {}
        }
    }
    checks
}

/// What the case knows about images by their digests, gathered once.
struct About<'c> {
    case: &'c Case,
    references: Vec<Reference<'c>>,
    /// Digests that some document names.
    named: Set<Digest>,
    /// Statements, with the attestation manifests that hold them.
    holders: Map<ItemId, ItemId>,
    /// Attestation manifests, with the image that an index announces them for.
    announced: Map<ItemId, Digest>,
    has_images: bool,
}

impl<'c> About<'c> {
    fn of(case: &'c Case) -> Self {
        let references = references(case);
        let named = references.iter().filter_map(|reference| reference.descriptor.digest.known().copied()).collect();
        let holders = references.iter().filter_map(|reference| Some((reference.target?, reference.holder))).collect();
        let announced = references.iter().filter_map(|reference| Some((reference.target?, subject(reference)?))).collect();
        let is_image = |document: &Document| matches!(document.content, Content::Manifest(_) | Content::Index(_));
        let has_images = case.documents().any(|(_, document)| is_image(document));
        Self { case, references, named, holders, announced, has_images }
    }
}

/// The image that an index entry announces its attestation for.
fn subject(reference: &Reference<'_>) -> Option<Digest> {
    match reference.descriptor.attests()?.subject? {
        Ok(subject) => subject.known().copied(),
        Err(_) => None,
    }
}

/// Index entries that announce an attestation: the image that they are about must be an image of the same index, and the
/// attestation's own subject the same.
fn announced(case: &Case, about: &About<'_>) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut images: Map<ItemId, Map<Digest, String>> = Map::new();
    for reference in about.references.iter().filter(|reference| reference.descriptor.attests().is_some()) {
        let Some(Content::Index(index)) = case.item(reference.holder).document().map(|document| &document.content) else {
            continue;
        };
        let from = named_end(case, reference);
        let Some(image) = subject(reference) else {
            let said = Said::new("attestation.no-subject");
            checks.push(Check::new(Kind::Attestation, Verdict::Contradicted, from, said).to(end(case, reference.holder)));
            continue;
        };
        let listed = images.entry(reference.holder).or_insert_with(|| listed_images(index));
        checks.push(is_listed(listed, from.clone(), &image));
        let own = reference.target.and_then(|id| case.item(id).document()).and_then(own_subject);
        if let Some(own) = own.filter(|own| *own != image) {
            let said = Said::new("attestation.two-subjects").with("announced", image).with("own", own);
            checks.push(Check::new(Kind::Attestation, Verdict::Contradicted, from, said));
        }
    }
    checks
}

fn listed_images(index: &Index) -> Map<Digest, String> {
    let platform = |entry: &crate::oci::Descriptor| entry.platform.as_ref().map(ToString::to_string).unwrap_or_default();
    index.images().filter_map(|entry| Some((*entry.digest.known()?, platform(entry)))).gather()
}

fn own_subject(document: &Document) -> Option<Digest> {
    match &document.content {
        Content::Manifest(manifest) => manifest.subject.as_ref()?.digest.known().copied(),
        _ => None,
    }
}

fn is_listed(listed: &Map<Digest, String>, from: End, image: &Digest) -> Check {
    let to = End::new(Role::Manifest, short(&image.to_string())).digest(*image);
    let (verdict, said) = match listed.get(image) {
        Some(platform) => (Verdict::Agrees, Said::new("attestation.listed").with("platform", platform)),
        None => (Verdict::Contradicted, Said::new("attestation.of-nothing")),
    };
    Check::new(Kind::Attestation, verdict, from, said.with("digest", image)).to(to)
}

/// A statement's subjects. A statement that an attestation manifest of an index holds must be about the image that the index
/// announces; a loose one is about whatever image has that digest.
fn subjects(case: &Case, about: &About<'_>, id: ItemId, statement: &Statement) -> Vec<Check> {
    let digests = statement.subjects.iter().flat_map(|subject| subject.digests.iter().map(move |digest| (subject, digest)));
    let announced = about.holders.get(&id).and_then(|holder| about.announced.get(holder));
    digests
        .map(|(subject, digest)| {
            let from = end(case, id);
            match announced {
                Some(image) if image == digest => {
                    let said = Said::new("attestation.subject").with("digest", digest).with("name", &subject.name);
                    let to = End::new(Role::Manifest, short(&digest.to_string())).digest(*digest);
                    Check::new(Kind::Attestation, Verdict::Agrees, from, said).to(to)
                }
                Some(image) => {
                    let said = Said::new("attestation.subject-differs").with("digest", digest).with("announced", image);
                    Check::new(Kind::Attestation, Verdict::Contradicted, from, said.with("name", &subject.name))
                }
                None => named(about, from, digest, "attestation.subject", &subject.name),
            }
        })
        .list()
}

/// Something that is about an image by its digest.
fn named(about: &About<'_>, from: End, digest: &Digest, code: &'static str, name: &str) -> Check {
    let at_hand = about.case.by_digest(digest).first();
    let is_listed = about.named.contains(digest);
    let has_images = about.has_images;
    let (verdict, code) = match (at_hand.is_some() || is_listed, has_images) {
        (true, _) => (Verdict::Agrees, code),
        (false, true) => (Verdict::Contradicted, "attestation.of-another"),
        (false, false) => (Verdict::Unknown, "attestation.image-absent"),
    };
    let mut to = End::new(Role::Manifest, short(&digest.to_string())).digest(*digest);
    to.item = at_hand.copied();
    Check::new(Kind::Attestation, verdict, from, Said::new(code).with("digest", digest).with("name", name)).to(to)
}

/// The Dockerfiles inside of a provenance (BuildKit, `mode=max`) against those at hand.
fn sources(case: &Case, id: ItemId, provenance: &Provenance) -> Vec<Check> {
    let dockerfiles: Vec<ItemId> =
        case.items().filter(|(_, item)| matches!(item.body, Body::Dockerfile(_))).map(|(id, _)| id).list();
    let mut checks = Vec::new();
    for source in &provenance.sources {
        let digest = Digest::sha256(&source.data);
        let equal = dockerfiles.iter().find(|dockerfile| case.item(**dockerfile).sha256 == digest);
        let said = |code| Said::new(code).with("name", &source.name);
        let from = End::new(Role::Attestation, format!("{} in {}", source.name, label(case, id))).digest(digest).item(id);
        checks.push(match (equal, dockerfiles.first()) {
            (Some(dockerfile), _) => {
                Check::new(Kind::Attestation, Verdict::Agrees, from, said("attestation.dockerfile")).to(end(case, *dockerfile))
            }
            (None, Some(dockerfile)) => {
                let check = Check::new(Kind::Attestation, Verdict::Unknown, from, said("attestation.another-dockerfile"));
                check.to(end(case, *dockerfile))
            }
            (None, None) => continue,
        });
    }
    checks
}
