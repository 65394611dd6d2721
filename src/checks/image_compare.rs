//! Check `image-compare`: "I built it myself, why is the digest another?" Two images, from the outside in: manifest, config field
//! by field, layers, files; the first level at which they part, what differs below it, and the usual cause.

use super::tree::Tree;
use super::{Check, End, Kind, Role, Verdict};
use crate::case::{Case, Image, ImageLayer, Item, ItemId};
use crate::finding::{Said, visible};
use crate::oci::{Config, Content};
use crate::order::Gather;

/// Compares two images, if the case has exactly two from different places; more would be a guess at what is meant.
pub(super) fn run(case: &Case) -> Vec<Check> {
    let images = case.images();
    let [left, right] = images.as_slice() else { return Vec::new() };
    if left.home == right.home {
        return Vec::new();
    }
    compare(case, left, right).into_iter().list()
}

fn compare(case: &Case, left: &Image, right: &Image) -> Option<Check> {
    let level = level(case, left, right)?;
    let (verdict, code) = match level {
        Level::Manifest => (Verdict::Proved, "image-compare.same-manifest"),
        Level::Config => (Verdict::Proved, "image-compare.same-config"),
        Level::Layers => (Verdict::Agrees, "image-compare.same-layers"),
        Level::Files => (Verdict::Agrees, "image-compare.same-files"),
        Level::Platform => (Verdict::Unknown, "image-compare.other-platform"),
        Level::Incomplete => (Verdict::Unknown, "image-compare.incomplete"),
        Level::Nothing => (Verdict::Contradicted, "image-compare.differs"),
    };
    let mut check = Check::new(Kind::ImageCompare, verdict, end(case, left), Said::new(code)).to(end(case, right));
    if level != Level::Manifest {
        check.details = details(case, left, right);
    }
    Some(check)
}

/// The outermost level at which two images are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Manifest,
    Config,
    Layers,
    Files,
    Platform,
    Incomplete,
    Nothing,
}

fn level(case: &Case, left: &Image, right: &Image) -> Option<Level> {
    let digest = |id: Option<ItemId>| id.map(|id| case.item(id).sha256);
    if left.manifest.is_some() && digest(left.manifest) == digest(right.manifest) {
        return Some(Level::Manifest);
    }
    if left.config.is_some() && digest(left.config) == digest(right.config) {
        return Some(Level::Config);
    }
    let (one, other) = (config(case, left)?, config(case, right)?);
    if one.platform != other.platform {
        return Some(Level::Platform);
    }
    if one.diff_ids == other.diff_ids {
        return Some(Level::Layers);
    }
    if left.layers.len() != right.layers.len() {
        return Some(Level::Nothing);
    }
    let same = left.layers.iter().zip(&right.layers).map(|(left, right)| same_files(case, left, right));
    Some(same.fold(Level::Files, |level, same| match (level, same) {
        (Level::Nothing, _) | (_, Some(false)) => Level::Nothing,
        (_, None) => Level::Incomplete,
        (level, Some(true)) => level,
    }))
}

fn config<'a>(case: &'a Case, image: &Image) -> Option<&'a Config> {
    match &case.item(image.config?).document()?.content {
        Content::Config(config) => Some(config),
        _ => None,
    }
}

fn same_files(case: &Case, left: &ImageLayer, right: &ImageLayer) -> Option<bool> {
    if left.diff_id.is_some() && left.diff_id == right.diff_id {
        return Some(true);
    }
    let (left, right) = (case.item(left.item?), case.item(right.item?));
    Some(trees(left)?.differences(&trees(right)?).count == 0)
}

fn trees(item: &Item) -> Option<Tree<'_>> {
    item.tar().and_then(Tree::of)
}

fn end(case: &Case, image: &Image) -> End {
    let (role, id) = match (image.manifest, image.config) {
        (Some(manifest), _) => (Role::Manifest, manifest),
        (None, Some(config)) => (Role::Config, config),
        (None, None) => (Role::Archive, image.home),
    };
    End::new(role, &image.label).digest(case.item(id).sha256).item(id)
}

fn details(case: &Case, left: &Image, right: &Image) -> Vec<Said> {
    let mut details = Vec::new();
    if let Some((left, right)) = config(case, left).zip(config(case, right)) {
        details.extend(config_fields(left, right));
    }
    if left.layers.len() != right.layers.len() {
        details.push(pair("image-compare.layer-count", left.layers.len(), right.layers.len()));
    }
    for (number, (left, right)) in (1..).zip(left.layers.iter().zip(&right.layers)) {
        details.extend(layer(case, number, left, right));
    }
    details
}

fn pair(code: &'static str, left: impl ToString, right: impl ToString) -> Said {
    Said::new(code).with("left", left).with("right", right)
}

/// Fields of two configs that differ, each with the usual cause in its sentence.
fn config_fields(left: &Config, right: &Config) -> Vec<Said> {
    let text = |value: &Option<String>| value.as_ref().map_or_else(|| "nothing".to_owned(), |text| visible(text.as_bytes()));
    let list = |value: &Option<Vec<String>>| visible(value.clone().unwrap_or_default().join(" ").as_bytes());
    let (one, other) = (&left.config, &right.config);
    let fields = [
        (left.created != right.created, "image-compare.created", text(&left.created), text(&right.created)),
        (
            left.docker_version != right.docker_version,
            "image-compare.builder",
            text(&left.docker_version),
            text(&right.docker_version),
        ),
        (left.author != right.author, "image-compare.author", text(&left.author), text(&right.author)),
        (left.container != right.container, "image-compare.container", text(&left.container), text(&right.container)),
        (one.env != other.env, "image-compare.env", list(&one.env), list(&other.env)),
        (one.cmd != other.cmd, "image-compare.cmd", list(&one.cmd), list(&other.cmd)),
        (one.entrypoint != other.entrypoint, "image-compare.entrypoint", list(&one.entrypoint), list(&other.entrypoint)),
        (one.user != other.user, "image-compare.user", text(&one.user), text(&other.user)),
        (one.working_dir != other.working_dir, "image-compare.workdir", text(&one.working_dir), text(&other.working_dir)),
        (one.labels != other.labels, "image-compare.labels", labels(&one.labels), labels(&other.labels)),
        (
            one.exposed_ports != other.exposed_ports,
            "image-compare.ports",
            one.exposed_ports.join(" "),
            other.exposed_ports.join(" "),
        ),
        (one.volumes != other.volumes, "image-compare.volumes", one.volumes.join(" "), other.volumes.join(" ")),
    ];
    let mut said: Vec<Said> =
        fields.into_iter().filter(|field| field.0).map(|(_, code, left, right)| pair(code, left, right)).list();
    said.extend(history(left, right));
    said
}

fn labels(labels: &crate::order::Map<String, String>) -> String {
    let pairs: Vec<String> = labels.iter().map(|(name, value)| format!("{name}={value}")).list();
    visible(pairs.join(" ").as_bytes())
}

/// The first history entry whose text differs; entries that differ in their times only are one sentence.
fn history(left: &Config, right: &Config) -> Option<Said> {
    let (left, right) = (left.history.as_ref()?, right.history.as_ref()?);
    if left.len() != right.len() {
        return Some(pair("image-compare.history-count", left.len(), right.len()));
    }
    let texts = |entry: &crate::oci::ConfigHistory| entry.created_by.clone().unwrap_or_default();
    let differs = left.iter().zip(right).zip(0..).find(|((left, right), _)| texts(left) != texts(right));
    if let Some(((left, right), index)) = differs {
        let (left, right) = (visible(texts(left).as_bytes()), visible(texts(right).as_bytes()));
        return Some(pair("image-compare.history", left, right).with("index", index));
    }
    let times = left.iter().zip(right).filter(|(left, right)| left.created != right.created).count();
    (times > 0).then(|| Said::new("image-compare.history-times").with("count", times))
}

fn layer(case: &Case, number: usize, left: &ImageLayer, right: &ImageLayer) -> Vec<Said> {
    let said = |code| Said::new(code).with("layer", number);
    if left.diff_id.is_some() && left.diff_id == right.diff_id {
        let recompressed = left.digest.is_some() && right.digest.is_some() && left.digest != right.digest;
        return if recompressed { vec![said("image-compare.compression")] } else { Vec::new() };
    }
    let items = left.item.map(|id| case.item(id)).zip(right.item.map(|id| case.item(id)));
    let Some((left, right)) = items.and_then(|(left, right)| trees(left).zip(trees(right))) else {
        return vec![said("image-compare.layer-absent")];
    };
    let differences = left.differences(&right);
    match (differences.count, differences.times) {
        (0, 0) => vec![said("image-compare.order")],
        (0, times) => vec![said("image-compare.times").with("count", times)],
        (count, _) => {
            let mut details = vec![said("image-compare.content").with("count", count)];
            details.extend(differences.said);
            details
        }
    }
}
