//! Check `diff-id`: each layer, uncompressed, against the diff_id that the config names for it, and their number.

use super::edges::{diff_id_sum, end, short};
use super::rebuilt_image::Blobs;
use super::{Check, End, Kind, Role, Verdict, Want, fetch};
use crate::case::{Case, Image, ImageLayer, ItemId};
use crate::digest::{ChainId, DiffId};
use crate::finding::Said;
use crate::oci::{Config, Content};
use crate::order::Gather;

/// One check for each layer of each image, and one where config and manifest count differently.
pub(super) fn run(case: &Case, rebuilt: &Blobs) -> Vec<Check> {
    case.images().iter().flat_map(|image| of_image(case, image, rebuilt)).list()
}

fn of_image(case: &Case, image: &Image, rebuilt: &Blobs) -> Vec<Check> {
    let Some((id, config)) = config(case, image) else {
        let at = image.manifest.unwrap_or(image.home);
        let said = Said::new("diff-id.no-config").with("layers", image.layers.len());
        return vec![Check::new(Kind::DiffId, Verdict::Unknown, end(case, at), said)];
    };
    let mut checks = Vec::new();
    let listed = image.layers.len();
    if listed != config.diff_ids.len() {
        let said = Said::new("diff-id.count").with("layers", listed).with("diff_ids", config.diff_ids.len());
        let other = end(case, image.manifest.unwrap_or(image.home));
        checks.push(Check::new(Kind::DiffId, Verdict::Contradicted, end(case, id), said).to(other));
    }
    let mut chain: Option<ChainId> = None;
    for (index, (layer, named)) in image.layers.iter().zip(&config.diff_ids).enumerate() {
        let Some(diff_id) = named.known().copied().map(DiffId) else {
            let said = Said::new("diff-id.algorithm").with("diff_id", named).with("index", index + 1);
            checks.push(Check::new(Kind::DiffId, Verdict::Unknown, end(case, id), said));
            chain = None;
            continue;
        };
        chain = if index == 0 { Some(ChainId::base(diff_id)) } else { chain.map(|below| below.extend(diff_id)) };
        checks.push(of_layer(case, id, layer, diff_id, (index, chain), rebuilt));
    }
    checks
}

fn of_layer(
    case: &Case,
    config: ItemId,
    layer: &ImageLayer,
    diff_id: DiffId,
    (index, chain): (usize, Option<ChainId>),
    rebuilt: &Blobs,
) -> Check {
    let (verdict, code, found) = judge(case, layer, diff_id, rebuilt);
    let mut said = Said::new(code).with("diff_id", diff_id).with("index", index + 1);
    if let Some(found) = found {
        said = said.with("found", found);
    }
    let label = format!("layer {} {}", index + 1, short(&diff_id.to_string()));
    let mut to = End::new(Role::DiffId, label).digest(diff_id.0);
    to.item = layer.item;
    let mut check = Check::new(Kind::DiffId, verdict, end(case, config), said).to(to);
    if let Some(chain) = chain {
        check = check.detail(Said::new("diff-id.chain-id").with("chain_id", chain));
    }
    match layer.item {
        Some(item) => check.repeat(diff_id_sum(case, item)),
        None if verdict != Verdict::Unknown => check,
        None => check.want(Want {
            bring: match layer.digest {
                Some(digest) => Said::new("want.layer").with("digest", digest).with("label", index + 1),
                None => Said::new("want.layer-diff-id").with("digest", diff_id).with("label", index + 1),
            },
            why: Said::new("want.why-diff-id").with("diff_id", diff_id),
            command: Some(match layer.digest {
                Some(digest) => fetch::blob(None, digest, "blob"),
                None => fetch::save(None),
            }),
        }),
    }
}

fn judge(case: &Case, layer: &ImageLayer, diff_id: DiffId, rebuilt: &Blobs) -> (Verdict, &'static str, Option<String>) {
    let Some(item) = layer.item.map(|id| case.item(id)) else {
        let blob = layer.digest.and_then(|digest| rebuilt.get(&digest)).and_then(|blob| blob.diff_id);
        return match blob {
            Some(found) if found == diff_id => (Verdict::Proved, "diff-id.rebuilt", None),
            Some(found) => (Verdict::Contradicted, "diff-id.differs", Some(found.to_string())),
            None => (Verdict::Unknown, "diff-id.absent", None),
        };
    };
    match item.diff_id() {
        Some(found) if found == diff_id => (Verdict::Proved, "diff-id.equal", None),
        Some(found) => (Verdict::Contradicted, "diff-id.differs", Some(found.to_string())),
        None if item.error.is_some() => (Verdict::Unknown, "diff-id.unreadable", None),
        // What is no tar archive has bytes all the same, and a diff_id is a digest of bytes.
        None if item.sha256 == diff_id.0 => (Verdict::Proved, "diff-id.equal-no-tar", Some(item.kind().to_owned())),
        None => (Verdict::Contradicted, "diff-id.no-tar", Some(item.kind().to_owned())),
    }
}

fn config<'c>(case: &'c Case, image: &Image) -> Option<(ItemId, &'c Config)> {
    let id = image.config?;
    match &case.item(id).document()?.content {
        Content::Config(config) => Some((id, config)),
        _ => None,
    }
}
