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
use crate::order::{self, Set};

/// A check: everything of one kind that the case allows to compare.
pub type Run = fn(&Case) -> Vec<Check>;

/// Every check there is. One line here, one file beside it, one page in `docs/checks/`.
#[rustfmt::skip]
const REGISTRY: &[(Kind, Run)] = &[
    (Kind::AddHash, add_hash::run),
    (Kind::ArchiveAmbiguity, archive_ambiguity::run),
    (Kind::Attestation, attestation::run),
    (Kind::BaseHistory, base_history::run),
    (Kind::ChecksumList, checksum_list::run),
    (Kind::ConfigRebuild, config_rebuild::run),
    (Kind::Descriptor, descriptor::run),
    (Kind::DiffId, diff_id::run),
    (Kind::DigestClaim, digest_claim::run),
    (Kind::DockerfileHistory, dockerfile_history::run),
    (Kind::HistoryExport, history_export::run),
    (Kind::HistoryLayers, history_layers::run),
    (Kind::ImageCompare, image_compare::run),
    (Kind::LayerRebuild, layer_rebuild::run),
    (Kind::LayerTarball, layer_tarball::run),
    (Kind::LibraryFile, library_file::run),
    (Kind::ManifestRebuild, manifest_rebuild::run),
    (Kind::Platform, platform::run),
];

/// All comparisons that the case allows, sorted by content (loudest verdict first), each edge once: a document that is at hand
/// three times (as a blob, as `data` of a descriptor, dropped beside both) is one node, and is compared once.
pub fn run(case: &Case) -> Vec<Check> {
    let mut checks: Vec<Check> = REGISTRY.iter().flat_map(|(_, run)| run(case)).collect();
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
