//! Check `digest-claim`: the digest translator. A digest that somebody typed or copied: which node of the case it is, or why
//! that cannot be told; and why another digest of the same image is not wrong.

use super::edges::{Reference, end, label, references, reformatted, sha256sum, short};
use super::nodes::{Node, nodes};
use super::rebuilt_image::Blobs;
use super::{Check, End, Kind, Role, Verdict, Want, fetch};
use crate::case::{Body, Case, ItemId};
use crate::digest::Digest;
use crate::finding::Said;
use crate::oci::{Claim, ClaimHint, ClaimValue, Content, Inspect};
use crate::order::{self, Gather, Map, Set};

/// Claims that are answered one by one.
const MOST: usize = 500;
/// Lines of one kind below an answer.
const SHOWN: usize = 20;

/// One check for each claim: typed and copied ones, and those that `docker image inspect` and Dockerfiles make.
pub(super) fn run(case: &Case, rebuilt: &Blobs) -> Vec<Check> {
    let claims = claims(case);
    if claims.is_empty() { Vec::new() } else { answers(case, rebuilt, &claims) }
}

fn answers(case: &Case, rebuilt: &Blobs, claims: &[Asked]) -> Vec<Check> {
    let references = references(case);
    let nodes = nodes(case, &references, rebuilt);
    let reformatted = reformatted(case);
    let answer =
        |asked| Answer { case, nodes: &nodes, references: &references, reformatted: &reformatted, asked, claims }.check();
    claims.iter().take(MOST).filter_map(answer).list()
}

/// A claim and where it stands.
struct Asked {
    claim: Claim,
    item: ItemId,
    /// A person asks; otherwise a document only mentions the digest, and silence is an answer.
    by_person: bool,
}

fn claims(case: &Case) -> Vec<Asked> {
    let mut claims = Vec::new();
    for (id, item) in case.items() {
        match &item.body {
            Body::Claims(all) => claims.extend(all.iter().map(|claim| Asked { claim: claim.clone(), item: id, by_person: true })),
            Body::Document(document) => {
                if let Content::Inspect(images) = &document.content {
                    let all = images.iter().flat_map(of_inspect);
                    claims.extend(all.map(|claim| Asked { claim, item: id, by_person: true }));
                }
            }
            Body::Dockerfile(file) => {
                let all = file.stages.iter().flat_map(|stage| crate::oci::parse_claims(&format!("FROM {}", stage.image)));
                claims.extend(all.map(|claim| Asked { claim, item: id, by_person: false }));
            }
            _ => {}
        }
    }
    claims
}

/// What a daemon calls its images.
fn of_inspect(image: &Inspect) -> Vec<Claim> {
    let claim = |digest: Digest, name: Option<String>, hint| Claim {
        value: ClaimValue::Digest(digest),
        name,
        hint: Some(hint),
        platform: None,
        at: crate::finding::At::default(),
    };
    let tag = image.repo_tags.first().map(|tag| crate::finding::visible(tag.as_bytes()));
    let id = image.id.as_ref().and_then(|id| id.known()).map(|id| claim(*id, tag, ClaimHint::ImageId));
    let named = image.repo_digests.iter().map(|known| claim(known.digest, Some(known.name.clone()), ClaimHint::RepoDigest));
    id.into_iter().chain(named).list()
}

struct Answer<'c> {
    case: &'c Case,
    nodes: &'c [Node],
    references: &'c [Reference<'c>],
    reformatted: &'c Map<Digest, ItemId>,
    asked: &'c Asked,
    claims: &'c [Asked],
}

impl Answer<'_> {
    fn check(&self) -> Option<Check> {
        match &self.asked.claim.value {
            ClaimValue::Digest(digest) => self.whole(digest),
            ClaimValue::Part { .. } => Some(self.part()),
            ClaimValue::Broken { text } => {
                Some(self.start(Verdict::Unknown, Said::new("digest-claim.broken").with("text", text)))
            }
        }
    }

    fn start(&self, verdict: Verdict, said: Said) -> Check {
        let claim = &self.asked.claim;
        let label = match &claim.name {
            Some(name) => format!("{name} {}", short(&claim.label())),
            None => short(&claim.label()),
        };
        let mut from = End::new(Role::Claim, label).item(self.asked.item);
        if let ClaimValue::Digest(digest) = claim.value {
            from = from.digest(digest);
        }
        Check::new(Kind::DigestClaim, verdict, from, said.with("claim", claim.label()))
    }

    fn whole(&self, digest: &Digest) -> Option<Check> {
        // Documents that only repeat the claim are no answer to it.
        let found: Vec<&Node> = self.nodes.iter().filter(|node| node.digest == *digest).list();
        let Some(node) = found.first() else {
            if let Some(id) = self.reformatted.get(digest) {
                let said = Said::new("digest-claim.reformatted").with("name", &self.case.item(*id).name);
                return Some(self.start(Verdict::Proved, said).to(end(self.case, *id)));
            }
            return self.asked.by_person.then(|| self.unknown());
        };
        let verdict = match (node.is_only_named, digest.algorithm().is_collision_resistant()) {
            (false, true) => Verdict::Proved,
            _ => Verdict::Agrees,
        };
        let said = Said::new(role_code(node.role)).with("label", &node.label).with("platform", &node.platform);
        let mut check = self.start(verdict, said).to(End { role: node.role, ..self.node_end(node) });
        if node.is_only_named {
            check = check.detail(Said::new("digest-claim.only-named").with("by", label(self.case, node.item)));
        } else if node.digest == self.case.item(node.item).sha256 {
            check = check.repeat(sha256sum(self.case, node.item));
        }
        for other in found.iter().skip(1).filter(|other| other.role != node.role).take(SHOWN) {
            check = check.detail(Said::new("digest-claim.also").with("label", &other.label).with("role", role_word(other.role)));
        }
        Some(self.why(node, digest).into_iter().fold(check, Check::detail))
    }

    fn node_end(&self, node: &Node) -> End {
        End::new(node.role, &node.label).digest(node.digest).item(node.item)
    }

    /// Why the same image has other digests, too.
    fn why(&self, node: &Node, digest: &Digest) -> Vec<Said> {
        let mut why = Vec::new();
        match node.role {
            Role::Index => {
                if self.asked.claim.hint == Some(ClaimHint::ImageId) {
                    why.push(Said::new("digest-claim.why-containerd-store"));
                }
                why.push(Said::new("digest-claim.why-index"));
                why.extend(self.entries_of(node));
            }
            Role::Manifest => {
                if self.asked.claim.hint == Some(ClaimHint::ImageId) {
                    why.push(Said::new("digest-claim.why-containerd-store"));
                }
                why.extend(self.indexes_of(digest));
            }
            Role::Config => why.push(Said::new("digest-claim.why-image-id")),
            Role::Layer => why.push(Said::new("digest-claim.why-layer")),
            Role::DiffId => why.push(Said::new("digest-claim.why-diff-id")),
            _ => {}
        }
        why
    }

    fn entries_of(&self, node: &Node) -> Vec<Said> {
        let document = (!node.is_only_named).then(|| self.case.item(node.item).document()).flatten();
        let Some(Content::Index(index)) = document.map(|document| &document.content) else { return Vec::new() };
        let entries = index.images().take(SHOWN);
        entries
            .map(|entry| {
                let platform = entry.platform.as_ref().map_or_else(|| "?".to_owned(), ToString::to_string);
                Said::new("digest-claim.index-entry").with("platform", platform).with("digest", &entry.digest)
            })
            .list()
    }

    /// The indexes that list a manifest: the digests that a registry serves under a tag.
    fn indexes_of(&self, digest: &Digest) -> Vec<Said> {
        let listing = self.references.iter().filter(|reference| reference.descriptor.digest.known() == Some(digest));
        let indexes = listing.filter(|reference| matches!(self.case.item(reference.holder).kind(), "index" | "manifest-list"));
        indexes
            .take(SHOWN)
            .map(|reference| {
                let index = self.case.item(reference.holder);
                let name = super::edges::label(self.case, reference.holder);
                let platform = reference.descriptor.platform.as_ref().map_or_else(|| "?".to_owned(), ToString::to_string);
                Said::new("digest-claim.why-in-index").with("index", index.sha256).with("platform", platform).with("name", name)
            })
            .list()
    }

    /// A digest of which only the beginning is known.
    fn part(&self) -> Check {
        let fits: Vec<&Node> = self.nodes.iter().filter(|node| self.asked.claim.fits(&node.digest)).list();
        let distinct: Set<&Digest> = fits.iter().map(|node| &node.digest).gather();
        let code = if fits.is_empty() { "digest-claim.part-fits-nothing" } else { "digest-claim.part" };
        let check = self.start(Verdict::Unknown, Said::new(code).with("count", distinct.len()));
        let mut seen = Vec::new();
        let mut details = Vec::new();
        for node in fits {
            if !seen.contains(&(node.digest, node.role)) && seen.len() < SHOWN {
                seen.push((node.digest, node.role));
                let said = Said::new("digest-claim.part-fits").with("digest", node.digest).with("label", &node.label);
                details.push(said.with("role", role_word(node.role)));
            }
        }
        let check = details.into_iter().fold(check, Check::detail);
        check.want(Want {
            bring: Said::new("want.whole-digest"),
            why: Said::new("want.why-whole-digest"),
            command: Some("docker image ls --digests --no-trunc".to_owned()),
        })
    }

    fn unknown(&self) -> Check {
        let code = match self.asked.claim.hint {
            Some(ClaimHint::RepoDigest | ClaimHint::From) => "digest-claim.unknown-repo-digest",
            Some(ClaimHint::Index | ClaimHint::Manifest) => "digest-claim.unknown-repo-digest",
            Some(ClaimHint::ImageId) => "digest-claim.unknown-image-id",
            _ => "digest-claim.unknown",
        };
        let distinct: Set<&Digest> = self.nodes.iter().map(|node| &node.digest).gather();
        let check = self.start(Verdict::Unknown, Said::new(code).with("count", distinct.len()));
        let check = self.puzzle().into_iter().fold(check, Check::detail);
        match self.want() {
            Some(want) => check.want(want),
            None => check,
        }
    }

    /// The usual puzzle: a registry's digest is that of an index, and what is at hand is one image of it.
    fn puzzle(&self) -> Vec<Said> {
        if self.asked.claim.hint == Some(ClaimHint::ImageId) || self.asked.claim.hint == Some(ClaimHint::Layer) {
            return Vec::new();
        }
        let manifests = self.nodes.iter().filter(|node| node.role == Role::Manifest);
        let mut known: Vec<(&Digest, &str)> = manifests.map(|node| (&node.digest, node.platform.as_str())).list();
        order::sort(&mut known);
        known.dedup_by(|left, right| left.0 == right.0);
        let mut details: Vec<Said> = known
            .iter()
            .take(SHOWN)
            .map(|(digest, platform)| Said::new("digest-claim.puzzle-manifest").with("digest", digest).with("platform", platform))
            .list();
        details.extend(self.siblings());
        if !details.is_empty() {
            details.insert(0, Said::new("digest-claim.puzzle"));
        }
        details
    }

    /// Other digests that are given for the same name.
    fn siblings(&self) -> Vec<Said> {
        let own = &self.asked.claim;
        let Some(name) = own.name.as_deref().map(repository) else { return Vec::new() };
        let others = self.claims.iter().filter(|other| {
            other.claim.name.as_deref().map(repository) == Some(name)
                && other.claim.value != own.value
                && other.claim.hint != own.hint
        });
        others.take(SHOWN).map(|other| Said::new("digest-claim.puzzle-sibling").with("claim", other.claim.label())).list()
    }

    fn want(&self) -> Option<Want> {
        let claim = &self.asked.claim;
        let (bring, why) = match claim.hint {
            Some(ClaimHint::ImageId) => ("want.saved-image", "want.why-image-id"),
            Some(ClaimHint::Layer | ClaimHint::DiffId) => ("want.layer-blob", "want.why-claim"),
            _ => ("want.index", "want.why-claim"),
        };
        let name = claim.name.as_deref().map(repository).filter(|name| name.bytes().all(|byte| byte.is_ascii_graphic()));
        let command = match claim.hint {
            Some(ClaimHint::ImageId) => fetch::save(Some(&claim.label())),
            Some(ClaimHint::Layer | ClaimHint::DiffId) => fetch::save(name),
            _ => fetch::document(name, claim.label(), "index.json"),
        };
        Some(Want { bring: Said::new(bring), why: Said::new(why).with("claim", claim.label()), command: Some(command) })
    }
}

/// A name without its tag.
fn repository(name: &str) -> &str {
    let slash = name.rfind('/').map_or(0, |slash| slash + 1);
    name[slash..].find(':').map_or(name, |colon| &name[..slash + colon])
}

const fn role_code(role: Role) -> &'static str {
    match role {
        Role::Index => "digest-claim.is-index",
        Role::Manifest => "digest-claim.is-manifest",
        Role::Config => "digest-claim.is-config",
        Role::Layer => "digest-claim.is-layer",
        Role::DiffId => "digest-claim.is-diff-id",
        Role::ChainId => "digest-claim.is-chain-id",
        Role::AddHash => "digest-claim.is-add-hash",
        Role::Tarball => "digest-claim.is-tarball",
        Role::Attestation => "digest-claim.is-attestation",
        Role::Archive => "digest-claim.is-archive",
        _ => "digest-claim.is-file",
    }
}

const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Index => "index",
        Role::Manifest => "manifest",
        Role::Config => "config = image ID",
        Role::Layer => "layer",
        Role::DiffId => "diff_id",
        Role::ChainId => "chain ID",
        Role::AddHash => "ADD hash",
        Role::Tarball => "tarball",
        Role::Attestation => "attestation",
        Role::Archive => "archive",
        _ => "file",
    }
}
