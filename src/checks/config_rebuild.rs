//! Check `config-rebuild`: the config that BuildKit writes for a Dockerfile at hand, against configs at hand and configs that
//! manifests and people name.

use super::layer_rebuild::short;
use super::rebuilt_image::{self, Written};
use super::{Check, End, Kind, Role, Verdict, Want, edges, fetch};
use crate::case::{Case, ItemId, Pairing};
use crate::digest::Digest;
use crate::finding::{Said, visible};
use crate::json::{self, Kind as Json, Value};
use crate::oci::{Config, Content};
use crate::order::{Gather, Set};
use crate::rebuild::image::ConfigForm;
use crate::recipe::Family;

pub(super) fn run(case: &Case) -> Vec<Check> {
    let mut checks = Vec::new();
    for (dockerfile, file) in case.dockerfiles() {
        if case.scratch_program(file).is_none() {
            continue;
        }
        let from =
            || End::new(Role::Dockerfile, &case.item(dockerfile).name).digest(case.item(dockerfile).sha256).item(dockerfile);
        for (id, document) in case.documents() {
            if let Content::Config(config) = &document.content {
                checks.extend(compare(case, dockerfile, id, config, from()));
            }
        }
        checks.extend(rebuilt_image::named_configs(case, dockerfile).into_iter().map(|written| named(&written, from())));
    }
    checks
}

/// One Dockerfile against one config at hand; `None` if they have nothing to do with each other.
fn compare(case: &Case, dockerfile: ItemId, id: ItemId, config: &Config, from: End) -> Option<Check> {
    let item = case.item(id);
    let to = End::new(Role::Config, edges::label(case, id)).digest(item.sha256).item(id);
    let count = rebuilt_layers(case, config);
    let rebuilt = count > 0;
    if config.docker_version.is_some() || config.container.is_some() || config.container_config.is_some() {
        let said = Said::new("config-rebuild.classic");
        return rebuilt.then(|| Check::new(Kind::ConfigRebuild, Verdict::Unknown, from, said).to(to));
    }
    if let Some(builder) = other_builder(case, dockerfile, id) {
        let said = Said::new("config-rebuild.other-builder").with("builder", builder);
        return rebuilt.then(|| Check::new(Kind::ConfigRebuild, Verdict::Unknown, from, said).to(to));
    }
    let written = rebuilt_image::for_config(case, dockerfile, id, config);
    if let Some(written) = written.iter().find(|written| written.candidate.image_id().0 == item.sha256) {
        let check = Check::new(Kind::ConfigRebuild, Verdict::Proved, from, Said::new("config-rebuild.reproduced")).to(to);
        let layers = match config.diff_ids.len() - count {
            0 => "config-rebuild.layers-rebuilt",
            _ if rebuilt => "config-rebuild.layers-partly",
            _ => "config-rebuild.layers-taken-over",
        };
        let layers = Said::new(layers).with("count", count).with("all", config.diff_ids.len());
        let check = how(check, written).detail(Said::new("config-rebuild.times-taken-over"));
        return Some(match taken_over(case, dockerfile, id) {
            Some(arguments) => check.detail(arguments).detail(layers),
            None => check.detail(layers),
        });
    }
    if written.is_empty() && !rebuilt {
        return None;
    }
    let check = Check::new(Kind::ConfigRebuild, Verdict::Unknown, from, Said::new("config-rebuild.not-reproduced")).to(to);
    let nearest = item.document().and_then(|document| nearest_difference(&written, &document.bytes));
    Some(match (nearest, written.is_empty()) {
        (Some(said), _) => check.detail(said),
        (None, true) => check.detail(Said::new("config-rebuild.other-layers")),
        (None, false) => check,
    })
}

/// The builder that wrote the history of a config, if it is one whose configs are not written here.
fn other_builder(case: &Case, dockerfile: ItemId, config: ItemId) -> Option<&'static str> {
    let is_pair = |pairing: &&Pairing| pairing.dockerfile == dockerfile && pairing.history == config && pairing.agrees();
    let family = case.pairings().iter().find(is_pair)?.alignments.first()?.family?;
    matches!(family, Family::Buildah | Family::Kaniko).then(|| family.name())
}

/// The build arguments that nobody gave.
fn taken_over(case: &Case, dockerfile: ItemId, config: ItemId) -> Option<Said> {
    let shown = rebuilt_image::arguments(case, dockerfile, config).values;
    let given = case.build_arguments().values;
    let pairs = shown.iter().filter(|(name, _)| !given.contains_key(*name)).map(|(name, value)| format!("{name}={value}"));
    let pairs: Vec<String> = pairs.list();
    let said = || Said::new("config-rebuild.arguments-taken-over").with("arguments", visible(pairs.join(", ").as_bytes()));
    (!pairs.is_empty()).then(said)
}

/// A config that only its digest names: a manifest's descriptor, or a claim.
fn named(written: &Written, from: End) -> Check {
    let to = End::new(Role::Config, short(written.candidate.image_id().0)).digest(written.candidate.image_id().0);
    let check = Check::new(Kind::ConfigRebuild, Verdict::Proved, from, Said::new("config-rebuild.reproduced")).to(to);
    how(check, written)
        .detail(Said::new("config-rebuild.times-of-history"))
        .detail(Said::new("config-rebuild.layers-rebuilt").with("count", written.diff_ids.len()))
        .want(Want {
            bring: Said::new("config-rebuild.bring"),
            why: Said::new("config-rebuild.bring-why"),
            command: Some(fetch::blob(None, written.candidate.image_id().0, "config.json")),
        })
}

fn how(check: Check, written: &Written) -> Check {
    let form = match written.candidate.form {
        ConfigForm::HealthcheckFirst => "config-rebuild.form-healthcheck-first",
        ConfigForm::OnBuildAlways => "config-rebuild.form-onbuild-always",
        ConfigForm::OnBuildIfAny => "config-rebuild.form-onbuild-if-any",
    };
    let versions: Vec<&str> = written.candidate.recipes.iter().map(|recipe| recipe.versions).list();
    let check = check.detail(Said::new("config-rebuild.recipe").with("builder", versions.join("; "))).detail(Said::new(form));
    if written.candidate.args_escaped { check } else { check.detail(Said::new("config-rebuild.no-args-escaped")) }
}

/// How many of a config's layers were built again, from the lowest one on.
fn rebuilt_layers(case: &Case, config: &Config) -> usize {
    let is_rebuilt = |digest: &Digest| {
        let found = rebuilt_image::layers(case).flat_map(|at| &at.layer.found);
        found.map(|found| found.diff_id.0).any(|diff_id| diff_id == *digest)
    };
    config.diff_ids.iter().take_while(|reference| reference.known().is_some_and(is_rebuilt)).count()
}

/// The first member in which the nearest candidate differs: where, ours, theirs.
fn nearest_difference(written: &[Written], theirs: &[u8]) -> Option<Said> {
    let theirs = json::parse(theirs, &json::Limits::default()).ok()?.root;
    let differences = written.iter().filter_map(|written| {
        let ours = json::parse(written.candidate.document.as_bytes(), &json::Limits::default()).ok()?.root;
        let mut found = Vec::new();
        differ("", Some(&ours), Some(&theirs), &mut found);
        Some(found)
    });
    let nearest = differences.min_by_key(Vec::len)?;
    match nearest.first() {
        Some((at, ours, theirs)) => {
            Some(Said::new("config-rebuild.difference").with("at", at).with("ours", ours).with("theirs", theirs))
        }
        None => Some(Said::new("config-rebuild.order")),
    }
}

/// Every place in which two documents differ. A member that is not there equals `null`.
fn differ(at: &str, ours: Option<&Value>, theirs: Option<&Value>, found: &mut Vec<(String, String, String)>) {
    match (ours.map(|value| &value.kind), theirs.map(|value| &value.kind)) {
        (Some(Json::Object(left)), Some(Json::Object(right))) => {
            let members = left.members().iter().chain(right.members());
            let keys: Set<&str> = members.map(|member| member.key.as_str()).gather();
            for key in keys {
                differ(&format!("{at}/{}", visible(key.as_bytes())), left.get_last(key), right.get_last(key), found);
            }
        }
        (Some(Json::Array(left)), Some(Json::Array(right))) if left.len() == right.len() => {
            for (index, (left, right)) in left.iter().zip(right).enumerate() {
                differ(&format!("{at}/{index}"), Some(left), Some(right), found);
            }
        }
        _ => {
            let (ours, theirs) = (written(ours), written(theirs));
            if ours != theirs {
                found.push((at.to_owned(), shown(&ours), shown(&theirs)));
            }
        }
    }
}

/// The value without white space; `nothing` for none and `null`.
fn written(value: Option<&Value>) -> String {
    let value = value.filter(|value| !value.is_null());
    value.map_or_else(|| "nothing".to_owned(), |value| String::from_utf8_lossy(&json::canonical(value)).into_owned())
}

fn shown(text: &str) -> String {
    let cut: String = text.chars().take(120).collect();
    visible(if cut.len() < text.len() { cut + "…" } else { cut }.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_difference_has_its_place() {
        let parsed = |text: &str| json::parse(text.as_bytes(), &json::Limits::default()).unwrap().root;
        let (ours, theirs) = (parsed(r#"{"a":[1,{"b":2}],"c":1,"n":null}"#), parsed(r#"{"d":1, "a":[1, {"b":3}]}"#));
        let mut found = Vec::new();
        differ("", Some(&ours), Some(&theirs), &mut found);
        let places: Vec<&str> = found.iter().map(|(at, ..)| at.as_str()).collect();
        assert_eq!(places, ["/a/1/b", "/c", "/d"]);
        assert_eq!((found[1].1.as_str(), found[1].2.as_str()), ("1", "nothing"));
    }
}
