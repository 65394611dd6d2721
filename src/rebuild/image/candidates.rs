//! Every config that a version of BuildKit would have written for a Dockerfile and its layers.

use super::config::{ConfigForm, ImageConfig};
use super::settings::{history, settings};
use crate::digest::{DiffId, Digest, ImageId};
use crate::order::Gather;
use crate::recipe::{Base, BaseImage, Family, Program, RECIPES, Recipe, Values};
use base64::Engine as _;

/// What is known about an image beside its Dockerfile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// `amd64`, `arm64`, …
    pub architecture: String,
    /// `linux`.
    pub os: String,
    /// `v8` of `arm64/v8`.
    pub variant: Option<String>,
    /// When each layer was made, lowest first: RFC 3339 as the config writes it.
    pub times: Vec<String>,
    /// The layers, lowest first.
    pub diff_ids: Vec<DiffId>,
}

/// A config that some version of BuildKit would have written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigCandidate {
    /// Who writes the history like this, newest first.
    pub recipes: Vec<&'static Recipe>,
    /// Who orders the members like this.
    pub form: ConfigForm,
    /// Whether `ArgsEscaped` is written; the builder of Docker Official Images leaves it out.
    pub args_escaped: bool,
    /// Whether `moby.buildkit.buildinfo.v1` is written.
    pub build_info: bool,
    /// The document.
    pub document: String,
}

impl ConfigCandidate {
    /// The image ID of docker's graphdriver store.
    pub fn image_id(&self) -> ImageId {
        ImageId(Digest::sha256(self.document.as_bytes()))
    }
}

/// All different configs for a program that begins with `scratch`, newest builder first; none if it begins with another image
/// (its config would be needed), or if the number of layers is not the program's.
pub fn configs(program: &Program<'_>, values: &Values<'_>, known: &Known) -> Vec<ConfigCandidate> {
    if program.base != BaseImage::Scratch {
        return Vec::new();
    }
    let mut candidates: Vec<ConfigCandidate> = Vec::new();
    for recipe in RECIPES.iter().filter(|recipe| recipe.family == Family::BuildKit) {
        let Some(config) = config(program, values, known, recipe) else { continue };
        for form in ConfigForm::ALL {
            for (args_escaped, build_info) in [(true, false), (false, false), (true, true), (false, true)] {
                let document = variant(&config, args_escaped, build_info).write(form);
                match candidates.iter_mut().find(|known| known.document == document) {
                    Some(known) if known.recipes.contains(&recipe) => {}
                    Some(known) => known.recipes.push(recipe),
                    None => candidates.push(ConfigCandidate { recipes: vec![recipe], form, args_escaped, build_info, document }),
                }
            }
        }
    }
    candidates
}

fn variant(config: &ImageConfig, args_escaped: bool, build_info: bool) -> ImageConfig {
    let mut config = config.clone();
    config.run.args_escaped &= args_escaped;
    if !build_info {
        config.build_info = None;
    }
    config
}

fn config(program: &Program<'_>, values: &Values<'_>, known: &Known, recipe: &Recipe) -> Option<ImageConfig> {
    let history = history(&recipe.write(program, &Base::default(), values), &known.times)?;
    let (run, author) = settings(program, values);
    Some(ImageConfig {
        architecture: known.architecture.clone(),
        os: known.os.clone(),
        variant: known.variant.clone(),
        author,
        created: known.times.last().cloned(),
        run,
        history,
        diff_ids: known.diff_ids.clone(),
        build_info: Some(build_info(values)),
    })
}

/// The build arguments that a config's `moby.buildkit.buildinfo.v1` names, as BuildKit 0.9 to 0.11 write it: base64 of a JSON
/// object whose `attrs` hold `build-arg:NAME`. Empty if it is anything else.
///
/// ```
/// # use layerproof::rebuild::image::recorded_arguments;
/// let info = "eyJmcm9udGVuZCI6ImRvY2tlcmZpbGUudjAiLCJhdHRycyI6eyJidWlsZC1hcmc6QSI6IjEifX0=";
/// assert_eq!(recorded_arguments(info), [("A".to_owned(), "1".to_owned())]);
/// ```
pub fn recorded_arguments(build_info: &str) -> Vec<(String, String)> {
    let decoded = base64::engine::general_purpose::STANDARD.decode(build_info).unwrap_or_default();
    let parsed = crate::json::parse(&decoded, &crate::json::Limits::default()).ok();
    let attributes = parsed.as_ref().and_then(|parsed| parsed.root.as_object()?.get("attrs")?.as_object());
    let arguments = attributes.into_iter().flat_map(crate::json::Object::members).filter_map(|member| {
        let name = member.key.strip_prefix("build-arg:")?;
        Some((name.to_owned(), member.value.as_str()?.to_owned()))
    });
    arguments.list()
}

/// What BuildKit 0.9 to 0.11 write about the build: the front end and the build arguments.
fn build_info(values: &Values<'_>) -> String {
    let arguments = values.given.values.iter();
    let attributes = arguments.fold(super::json::Object::default(), |object, (name, value)| {
        object.member(&format!("build-arg:{name}"), super::json::quoted(value))
    });
    let attributes = (!values.given.values.is_empty()).then(|| attributes.end());
    let info = super::json::Object::default().member("frontend", "\"dockerfile.v0\"").maybe("attrs", attributes).end();
    base64::engine::general_purpose::STANDARD.encode(info)
}
