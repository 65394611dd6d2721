use super::descriptor::{DigestRef, Platform};
use super::fields::{Fields, Notes, wrong_type};
use crate::digest::{ChainId, DiffId, Digest};
use crate::finding::{At, visible};
use crate::json::Span;
use crate::order::{Gather, Map};

/// An image config (image-spec, config.md; the same document in Docker). Its digest is what docker's graphdriver store calls
/// the image ID.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Config {
    /// Operating system, architecture, variant.
    pub platform: Platform,
    /// When it was made, as written.
    pub created: Option<String>,
    /// Who made it, as written.
    pub author: Option<String>,
    /// `layers` in every config there is.
    pub rootfs_type: Option<String>,
    /// Digests of the uncompressed layers, lowest first. Those that are no digests are errors in the notes.
    pub diff_ids: Vec<DigestRef>,
    /// The history as it stands in the document, oldest first. `None`: the config has none.
    pub history: Option<Vec<ConfigHistory>>,
    /// Execution parameters.
    pub config: RunConfig,
    /// Docker: the version that wrote it.
    pub docker_version: Option<String>,
    /// Docker classic builder: the container of the last step.
    pub container: Option<String>,
    /// Docker: the execution parameters of the last build step.
    pub container_config: Option<RunConfig>,
    /// Docker: the parent image ID, in some stores.
    pub parent: Option<String>,
    /// BuildKit's inline cache or build info, recognised by its key.
    pub buildkit: Vec<String>,
}

/// One entry of a config's history.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ConfigHistory {
    /// When, as written.
    pub created: Option<String>,
    /// What made the layer, as written.
    pub created_by: Option<String>,
    /// Who, as written.
    pub author: Option<String>,
    /// Free text.
    pub comment: Option<String>,
    /// Whether the entry made no layer.
    pub empty_layer: bool,
    /// Where the entry stands in the document.
    pub span: Option<Span>,
}

/// What a container of the image runs with. `None` and empty are kept apart, since their bytes differ.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunConfig {
    /// User, as written.
    pub user: Option<String>,
    /// Ports, sorted.
    pub exposed_ports: Vec<String>,
    /// `NAME=value`, in order.
    pub env: Option<Vec<String>>,
    /// Entrypoint.
    pub entrypoint: Option<Vec<String>>,
    /// Command.
    pub cmd: Option<Vec<String>>,
    /// Volumes, sorted.
    pub volumes: Vec<String>,
    /// Working directory.
    pub working_dir: Option<String>,
    /// Labels.
    pub labels: Map<String, String>,
    /// Stop signal.
    pub stop_signal: Option<String>,
    /// Docker: shell of RUN and CMD in shell form.
    pub shell: Option<Vec<String>>,
    /// Docker: triggers for images built on this one.
    pub on_build: Option<Vec<String>>,
    /// Docker: the test of a health check.
    pub healthcheck_test: Option<Vec<String>>,
    /// Windows: the command is one escaped string.
    pub args_escaped: Option<bool>,
    /// Docker classic builder: the image of the step before.
    pub image: Option<String>,
}

impl Config {
    pub(super) fn read(fields: &Fields<'_>, notes: &mut Notes) -> Self {
        let rootfs = fields.object("rootfs", notes);
        Self {
            platform: Platform::read(fields, notes),
            created: fields.string("created", notes),
            author: fields.string("author", notes),
            rootfs_type: rootfs.as_ref().and_then(|rootfs| rootfs.string("type", notes)),
            diff_ids: rootfs.map(|rootfs| digests(&rootfs, "diff_ids", notes)).unwrap_or_default(),
            history: read_history(fields, notes),
            config: fields.object("config", notes).map(|inner| RunConfig::read(&inner, notes)).unwrap_or_default(),
            docker_version: fields.string("docker_version", notes),
            container: fields.string("container", notes),
            container_config: fields.object("container_config", notes).map(|inner| RunConfig::read(&inner, notes)),
            parent: fields.string("parent", notes),
            buildkit: fields
                .members()
                .iter()
                .filter(|member| member.key.starts_with("moby.buildkit."))
                .map(|member| visible(member.key.as_bytes()))
                .list(),
        }
    }

    /// The chain IDs of all layers, lowest first; up to the first diff_id that cannot be computed with.
    pub fn chain_ids(&self) -> Vec<ChainId> {
        let mut chain: Vec<ChainId> = Vec::with_capacity(self.diff_ids.len());
        for diff_id in self.diff_ids.iter().map_while(|diff_id| diff_id.known().copied().map(DiffId)) {
            let next = chain.last().map_or_else(|| ChainId::base(diff_id), |below| below.extend(diff_id));
            chain.push(next);
        }
        chain
    }

    /// History entries that say that they made a layer.
    pub fn layers_in_history(&self) -> Option<usize> {
        self.history.as_ref().map(|history| history.iter().filter(|entry| !entry.empty_layer).count())
    }
}

impl RunConfig {
    pub(super) fn read(fields: &Fields<'_>, notes: &mut Notes) -> Self {
        Self {
            user: fields.string("User", notes),
            exposed_ports: fields.keys("ExposedPorts", notes),
            env: fields.strings("Env", notes),
            entrypoint: fields.strings("Entrypoint", notes),
            cmd: fields.strings("Cmd", notes),
            volumes: fields.keys("Volumes", notes),
            working_dir: fields.string("WorkingDir", notes),
            labels: fields.map("Labels", notes),
            stop_signal: fields.string("StopSignal", notes),
            shell: fields.strings("Shell", notes),
            on_build: fields.strings("OnBuild", notes),
            healthcheck_test: fields.object("Healthcheck", notes).and_then(|inner| inner.strings("Test", notes)),
            args_escaped: fields.bool("ArgsEscaped", notes),
            image: fields.string("Image", notes),
        }
    }
}

fn read_history(fields: &Fields<'_>, notes: &mut Notes) -> Option<Vec<ConfigHistory>> {
    let items = fields.array("history", notes)?;
    let base = fields.inside("history");
    let mut history = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let Some(entry) = Fields::of(item, format!("{base}/{index}"), notes) else { continue };
        history.push(ConfigHistory {
            created: entry.string("created", notes),
            created_by: entry.string("created_by", notes),
            author: entry.string("author", notes),
            comment: entry.string("comment", notes),
            empty_layer: entry.bool("empty_layer", notes).unwrap_or(false),
            span: Some(item.span),
        });
    }
    Some(history)
}

/// An array of digests.
pub(super) fn digests(fields: &Fields<'_>, name: &'static str, notes: &mut Notes) -> Vec<DigestRef> {
    let items = fields.array(name, notes).unwrap_or_default();
    let mut digests = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let pointer = format!("{}/{index}", fields.inside(name));
        match item.as_str().map(DigestRef::parse) {
            Some(Ok(digest)) => digests.push(digest),
            Some(Err(error)) => notes.fail(error.at(At { byte: Some(item.span.start as u64), ..At::inside(pointer) })),
            None => notes.fail(wrong_type(item, &pointer, "a digest")),
        }
    }
    digests
}

/// The version 1 document that old `docker save` puts beside each layer (`<id>/json`). Its id is no digest of anything.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LegacyLayer {
    /// 64 hex digits chosen by docker.
    pub id: Option<String>,
    /// The id below.
    pub parent: Option<String>,
    /// Operating system and architecture, in the topmost one.
    pub platform: Platform,
}

impl LegacyLayer {
    pub(super) fn read(fields: &Fields<'_>, notes: &mut Notes) -> Self {
        Self { id: fields.string("id", notes), parent: fields.string("parent", notes), platform: Platform::read(fields, notes) }
    }
}

/// A digest that stands for an image in a text, with the name before the `@`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RepoDigest {
    /// Repository, made safe to show.
    pub name: String,
    /// The digest.
    pub digest: Digest,
}

impl RepoDigest {
    /// Reads `name@sha256:…`.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, digest) = text.rsplit_once('@')?;
        Some(Self { name: visible(name.as_bytes()), digest: digest.parse().ok()? })
    }
}
