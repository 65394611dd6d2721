//! Comparisons: each file compares one kind of thing and says one of five verdicts, what it proves and what it does not.
//!
//! [`run`] goes through the registry; a check reads the [`Case`] and nothing else. Texts are codes; room `report` words them.

mod add_hash;
mod archive_ambiguity;
mod attestation;
mod base_history;
mod checksum_list;
mod config_rebuild;
mod descriptor;
mod diff_id;
mod digest_claim;
mod dockerfile_history;
mod edges;
pub mod fetch;
mod history_export;
mod history_layers;
mod image_compare;
mod layer_difference;
mod layer_rebuild;
mod layer_tarball;
mod levels;
mod library_file;
mod manifest_rebuild;
mod model;
mod nodes;
mod platform;
mod rebuilt_image;
mod tree;

pub use model::{Check, End, Kind, Role, Verdict, Want};
pub use rebuilt_image::{RebuiltImage, rebuilt_image};

use crate::case::Case;
use crate::finding::Said;
use crate::order::{self, Gather, Set};
use rebuilt_image::Blobs;

/// A check: everything of one kind that the case allows to compare, knowing what was built here.
type Run = fn(&Case, &Blobs) -> Vec<Check>;

/// Every check there is. One line here, one file beside it, one page in `docs/checks/`.
#[rustfmt::skip]
const REGISTRY: &[(Kind, Run)] = &[
    (Kind::AddHash, |case, _| add_hash::run(case)),
    (Kind::ArchiveAmbiguity, |case, _| archive_ambiguity::run(case)),
    (Kind::Attestation, |case, _| attestation::run(case)),
    (Kind::BaseHistory, |case, _| base_history::run(case)),
    (Kind::ChecksumList, |case, _| checksum_list::run(case)),
    (Kind::ConfigRebuild, |case, _| config_rebuild::run(case)),
    (Kind::Descriptor, descriptor::run),
    (Kind::DiffId, diff_id::run),
    (Kind::DigestClaim, digest_claim::run),
    (Kind::DockerfileHistory, |case, _| dockerfile_history::run(case)),
    (Kind::HistoryExport, |case, _| history_export::run(case)),
    (Kind::HistoryLayers, |case, _| history_layers::run(case)),
    (Kind::ImageCompare, |case, _| image_compare::run(case)),
    (Kind::LayerRebuild, |case, _| layer_rebuild::run(case)),
    (Kind::LayerTarball, |case, _| layer_tarball::run(case)),
    (Kind::LibraryFile, |case, _| library_file::run(case)),
    (Kind::ManifestRebuild, |case, _| manifest_rebuild::run(case)),
    (Kind::Platform, |case, _| platform::run(case)),
];

/// All comparisons that the case allows, sorted by content (loudest verdict first), each edge once: a document that is at hand
/// three times (as a blob, as `data` of a descriptor, dropped beside both) is one node, and is compared once.
pub fn run(case: &Case) -> Vec<Check> {
    let blobs = rebuilt_image::blobs(case);
    let mut checks: Vec<Check> = REGISTRY.iter().flat_map(|(_, run)| run(case, &blobs)).list();
    order::sort(&mut checks);
    let mut seen = Set::new();
    checks.retain(|check| seen.insert(edge(check)));
    checks
}

/// One end of a comparison: what it is, and its digest or its name.
type Node = (Role, String);

/// What makes two results one: kind, verdict and sentence, and both ends by their digests.
fn edge(check: &Check) -> (Kind, Verdict, Said, Node, Option<Node>) {
    let node = |end: &End| -> Node { (end.role, end.digest.map_or_else(|| end.label.clone(), |digest| digest.to_string())) };
    (check.kind, check.verdict, check.said.clone(), node(&check.from), check.to.as_ref().map(node))
}
