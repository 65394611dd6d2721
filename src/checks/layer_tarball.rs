//! Check `layer-tarball`: a tarball that was given beside an image, against the image's layers, graded: the same file, the same
//! uncompressed tar, the same entries in another order or with other times, the same tree; else what differs first.

use super::tree::{Differences, Tree};
use super::{Check, End, Kind, Role, Verdict, edges};
use crate::case::{Body, Case, Item, ItemId, Origin};
use crate::finding::Said;
use crate::order::Gather;

/// The most layers that one tarball is compared with.
const MAX_LAYERS: usize = 200;

/// Compares every tarball that was given by itself with every layer, and keeps the closest layer of each image.
pub(super) fn run(case: &Case) -> Vec<Check> {
    let layers: Vec<(ItemId, &Item)> = layers(case).take(MAX_LAYERS).list();
    let tarballs = case.tarballs().filter(|(_, item)| item.parent.is_none() && item.origin == Origin::Input && item.is_whole());
    tarballs.filter_map(|(id, item)| closest(case, id, item, &layers)).list()
}

/// Layers are the tar archives inside image archives and folders.
fn layers(case: &Case) -> impl Iterator<Item = (ItemId, &Item)> {
    case.tarballs().filter(|(_, item)| {
        item.is_whole()
            && item.parent.is_some_and(|parent| matches!(case.item(parent).body, Body::ImageArchive | Body::ImageFolder))
    })
}

/// How close a layer is to the tarball, closest first.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Grade {
    SameFile,
    SameTar,
    SameEntries,
    SameTree(Differences),
    Differs(Differences),
}

impl Grade {
    fn rank(&self) -> (u8, u64) {
        match self {
            Self::SameFile => (0, 0),
            Self::SameTar => (1, 0),
            Self::SameEntries => (2, 0),
            Self::SameTree(_) => (3, 0),
            Self::Differs(differences) => (4, differences.count),
        }
    }
}

fn closest(case: &Case, id: ItemId, tarball: &Item, layers: &[(ItemId, &Item)]) -> Option<Check> {
    let graded = layers.iter().filter_map(|(layer, item)| Some((grade(tarball, item)?, *layer, *item)));
    let (grade, layer, item) = graded.min_by_key(|(grade, layer, _)| (grade.rank(), *layer))?;
    let check = check(&grade, tarball, item)?;
    Some(Check {
        from: End::new(Role::Tarball, &tarball.name).digest(tarball.sha256).item(id),
        to: Some(End::new(Role::Layer, edges::label(case, layer)).digest(item.sha256).item(layer)),
        ..check
    })
}

fn grade(tarball: &Item, layer: &Item) -> Option<Grade> {
    if tarball.sha256 == layer.sha256 {
        return Some(Grade::SameFile);
    }
    if tarball.diff_id().is_some() && tarball.diff_id() == layer.diff_id() {
        return Some(Grade::SameTar);
    }
    let (left, right) = (tarball.tar()?, layer.tar()?);
    let differences = Tree::of(left)?.differences(&Tree::of(right)?);
    Some(match (differences.count, differences.times) {
        (0, 0) => Grade::SameEntries,
        (0, _) => Grade::SameTree(differences),
        _ => Grade::Differs(differences),
    })
}

/// The result for a grade; `None` if tarball and layer have so little in common that comparing them says nothing.
fn check(grade: &Grade, tarball: &Item, layer: &Item) -> Option<Check> {
    let result = |verdict, said| Some(Check::new(Kind::LayerTarball, verdict, End::new(Role::Tarball, ""), said));
    let repeat = |check: Check| check.repeat(format!("sha256sum {}", crate::official::shell_quote(&tarball.name)));
    match grade {
        Grade::SameFile => result(Verdict::Proved, Said::new("layer-tarball.same-file")).map(repeat),
        Grade::SameTar => result(Verdict::Proved, Said::new("layer-tarball.same-tar")),
        Grade::SameEntries => result(Verdict::Proved, Said::new("layer-tarball.same-entries")),
        Grade::SameTree(differences) => {
            result(Verdict::Proved, Said::new("layer-tarball.same-tree").with("count", differences.times))
        }
        Grade::Differs(differences) => {
            let (left, right) = (Tree::of(tarball.tar()?)?.len(), Tree::of(layer.tar()?)?.len());
            if differences.common * 2 < left.min(right) {
                return None;
            }
            let said = Said::new("layer-tarball.differs")
                .with("count", differences.count)
                .with("common", differences.common)
                .with("left", left)
                .with("right", right);
            let mut check = result(Verdict::Contradicted, said)?;
            check.details.clone_from(&differences.said);
            Some(check)
        }
    }
}
