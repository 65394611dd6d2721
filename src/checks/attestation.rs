//! Check `attestation`: what attestations and cosign payloads are about, against the images at hand. Nothing unsigned is more
//! than the builder's own words, so a fitting attestation `agrees`.

use super::edges::{end, label, named_end, references, short};
use super::{Check, End, Kind, Role, Verdict};
use crate::case::{Body, Case, ItemId};
use crate::digest::Digest;
use crate::finding::Said;
use crate::oci::{Content, Document, Index, Provenance, Statement};

/// One check for each announced attestation, each subject and each embedded Dockerfile.
pub(super) fn run(case: &Case) -> Vec<Check> {
    let mut checks = announced(case);
    for (id, document) in case.documents() {
        match &document.content {
            Content::Statement(statement) => {
                checks.extend(subjects(case, id, statement));
                checks.extend(statement.provenance.as_ref().map(|provenance| sources(case, id, provenance)).unwrap_or_default());
            }
            Content::Provenance(provenance) => checks.extend(sources(case, id, provenance)),
            Content::SimpleSigning(payload) => checks.extend(payload.manifest_digest.as_ref().and_then(|digest| {
                let from = end(case, id);
                digest.known().map(|digest| named(case, from, digest, "attestation.cosign", &payload.reference))
            })),
            _ => {}
        }
    }
    checks
}

/// Index entries that announce an attestation: the image that they are about must be an image of the same index, and the
/// attestation's own subject the same.
fn announced(case: &Case) -> Vec<Check> {
    let mut checks = Vec::new();
    for reference in references(case) {
        let Some(attests) = reference.descriptor.attests() else { continue };
        let Some(Content::Index(index)) = case.item(reference.holder).document().map(|document| &document.content) else {
            continue;
        };
        let from = named_end(case, &reference);
        let about = match &attests.subject {
            Some(Ok(subject)) => subject.known(),
            _ => None,
        };
        let Some(about) = about else {
            let said = Said::new("attestation.no-subject");
            checks.push(Check::new(Kind::Attestation, Verdict::Contradicted, from, said).to(end(case, reference.holder)));
            continue;
        };
        checks.push(is_listed(index, from.clone(), about));
        let own = reference.target.and_then(|id| case.item(id).document()).and_then(own_subject);
        if let Some(own) = own.filter(|own| own != about) {
            let said = Said::new("attestation.two-subjects").with("announced", about).with("own", own);
            checks.push(Check::new(Kind::Attestation, Verdict::Contradicted, from, said));
        }
    }
    checks
}

fn own_subject(document: &Document) -> Option<Digest> {
    match &document.content {
        Content::Manifest(manifest) => manifest.subject.as_ref()?.digest.known().copied(),
        _ => None,
    }
}

fn is_listed(index: &Index, from: End, about: &Digest) -> Check {
    let image = index.images().find(|entry| entry.digest.known() == Some(about));
    let to = End::new(Role::Manifest, short(&about.to_string())).digest(*about);
    match image {
        Some(entry) => {
            let platform = entry.platform.as_ref().map(ToString::to_string).unwrap_or_default();
            let said = Said::new("attestation.listed").with("digest", about).with("platform", platform);
            Check::new(Kind::Attestation, Verdict::Agrees, from, said).to(to)
        }
        None => {
            let said = Said::new("attestation.of-nothing").with("digest", about);
            Check::new(Kind::Attestation, Verdict::Contradicted, from, said).to(to)
        }
    }
}

/// A statement's subjects. A statement that an attestation manifest of an index holds must be about the image that the index
/// announces; a loose one is about whatever image has that digest.
fn subjects(case: &Case, id: ItemId, statement: &Statement) -> Vec<Check> {
    let digests = statement.subjects.iter().flat_map(|subject| subject.digests.iter().map(move |digest| (subject, digest)));
    let announced = announced_subject(case, id);
    digests
        .map(|(subject, digest)| {
            let from = end(case, id);
            match &announced {
                Some(image) if image == digest => {
                    let said = Said::new("attestation.subject").with("digest", digest).with("name", &subject.name);
                    let to = End::new(Role::Manifest, short(&digest.to_string())).digest(*digest);
                    Check::new(Kind::Attestation, Verdict::Agrees, from, said).to(to)
                }
                Some(image) => {
                    let said = Said::new("attestation.subject-differs").with("digest", digest).with("announced", image);
                    Check::new(Kind::Attestation, Verdict::Contradicted, from, said.with("name", &subject.name))
                }
                None => named(case, from, digest, "attestation.subject", &subject.name),
            }
        })
        .collect()
}

/// The image that an index announces for the attestation manifest which holds this statement.
fn announced_subject(case: &Case, statement: ItemId) -> Option<Digest> {
    let holder = references(case).find(|reference| reference.target == Some(statement))?.holder;
    let announcing =
        references(case).find(|reference| reference.target == Some(holder) && reference.descriptor.attests().is_some())?;
    match announcing.descriptor.attests()?.subject? {
        Ok(subject) => subject.known().copied(),
        Err(_) => None,
    }
}

/// Something that is about an image by its digest.
fn named(case: &Case, from: End, digest: &Digest, code: &'static str, name: &str) -> Check {
    let to = End::new(Role::Manifest, short(&digest.to_string())).digest(*digest);
    let at_hand = case.by_digest(digest).first();
    let is_listed = references(case).any(|reference| reference.descriptor.digest.known() == Some(digest));
    let has_images = case.documents().any(|(_, document)| matches!(document.content, Content::Manifest(_) | Content::Index(_)));
    let (verdict, code) = match (at_hand.is_some() || is_listed, has_images) {
        (true, _) => (Verdict::Agrees, code),
        (false, true) => (Verdict::Contradicted, "attestation.of-another"),
        (false, false) => (Verdict::Unknown, "attestation.image-absent"),
    };
    let mut to = to;
    to.item = at_hand.copied();
    Check::new(Kind::Attestation, verdict, from, Said::new(code).with("digest", digest).with("name", name)).to(to)
}

/// The Dockerfiles inside of a provenance (BuildKit, `mode=max`) against those at hand.
fn sources(case: &Case, id: ItemId, provenance: &Provenance) -> Vec<Check> {
    let dockerfiles: Vec<ItemId> =
        case.items().filter(|(_, item)| matches!(item.body, Body::Dockerfile(_))).map(|(id, _)| id).collect();
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
