//! Image configs as BuildKit writes them, byte for byte.
//!
//! Configs of the classic builder hold random container and parent identifiers: they cannot be written again, only taken over.

use super::json::{Object, quoted, strings};
use crate::digest::DiffId;
use crate::order::{Gather, Map, Set};

/// Which generation of BuildKit's config writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConfigForm {
    /// Inside dockerd up to 24: the health check before `ArgsEscaped`, `OnBuild` always there.
    HealthcheckFirst,
    /// BuildKit up to 0.12 (dockerd 25): `ArgsEscaped` before the health check, `OnBuild` always there.
    OnBuildAlways,
    /// BuildKit 0.13 and later (dockerd 26 and later): empty `OnBuild` is left out.
    OnBuildIfAny,
}

impl ConfigForm {
    /// All of them, newest first.
    pub const ALL: [Self; 3] = [Self::OnBuildIfAny, Self::OnBuildAlways, Self::HealthcheckFirst];
}

/// What a container of the image runs with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunSettings {
    /// User and group; empty if none.
    pub user: String,
    /// Ports with their protocols.
    pub exposed_ports: Set<String>,
    /// `NAME=value`, in order.
    pub env: Vec<String>,
    /// Entrypoint; empty if none.
    pub entrypoint: Vec<String>,
    /// Command; empty if none.
    pub cmd: Vec<String>,
    /// Whether the command was set by CMD.
    pub args_escaped: bool,
    /// Volumes.
    pub volumes: Set<String>,
    /// Working directory.
    pub working_dir: String,
    /// Labels.
    pub labels: Map<String, String>,
    /// Signal that stops the container; empty if none.
    pub stop_signal: String,
    /// Health check.
    pub healthcheck: Option<HealthSettings>,
    /// Triggers for images built on this one.
    pub on_build: Vec<String>,
    /// Shell of RUN in shell form; empty if not set.
    pub shell: Vec<String>,
}

/// A health check; times in nanoseconds, 0 for the default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HealthSettings {
    /// What is run.
    pub test: Vec<String>,
    /// Time between two checks.
    pub interval: i64,
    /// Time that one check may take.
    pub timeout: i64,
    /// Time for the container to start.
    pub start_period: i64,
    /// Time between two checks while it starts.
    pub start_interval: i64,
    /// Failures before the container counts as unhealthy.
    pub retries: u32,
}

/// One entry of a config's history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryItem {
    /// RFC 3339 with as many decimals as needed; `None` leaves it out.
    pub created: Option<String>,
    /// What the builder wrote for the instruction.
    pub created_by: String,
    /// Whether it made no layer.
    pub empty_layer: bool,
}

/// The comment that BuildKit's Dockerfile front end writes into each history entry.
const COMMENT: &str = "buildkit.dockerfile.v0";

/// Everything that a config says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImageConfig {
    /// `amd64`, `arm64`, …
    pub architecture: String,
    /// `linux`, `windows`.
    pub os: String,
    /// `v8` of `arm64/v8`.
    pub variant: Option<String>,
    /// From MAINTAINER.
    pub author: Option<String>,
    /// RFC 3339 with as many decimals as needed.
    pub created: Option<String>,
    /// Execution parameters.
    pub run: RunSettings,
    /// Oldest first.
    pub history: Vec<HistoryItem>,
    /// Lowest layer first.
    pub diff_ids: Vec<DiffId>,
    /// The value of `moby.buildkit.buildinfo.v1` (BuildKit 0.9 to 0.11), base64.
    pub build_info: Option<String>,
}

impl ImageConfig {
    /// The document.
    pub fn write(&self, form: ConfigForm) -> String {
        let history: Vec<String> = self.history.iter().map(history_item).list();
        let diff_ids: Vec<String> = self.diff_ids.iter().map(ToString::to_string).list();
        let rootfs = Object::default().member("type", "\"layers\"").member("diff_ids", strings(&diff_ids));
        Object::default()
            .member("architecture", quoted(&self.architecture))
            .maybe("author", self.author.as_deref().map(quoted))
            .member("config", self.run.write(form))
            .maybe("created", self.created.as_deref().map(quoted))
            .member("history", format!("[{}]", history.join(",")))
            .maybe("moby.buildkit.buildinfo.v1", self.build_info.as_deref().map(quoted))
            .member("os", quoted(&self.os))
            .member("rootfs", rootfs.end())
            .maybe("variant", self.variant.as_deref().map(quoted))
            .end()
    }
}

fn history_item(item: &HistoryItem) -> String {
    Object::default()
        .maybe("created", item.created.as_deref().map(quoted))
        .member("created_by", quoted(&item.created_by))
        .member("comment", quoted(COMMENT))
        .maybe("empty_layer", item.empty_layer.then_some("true"))
        .end()
}

impl RunSettings {
    fn write(&self, form: ConfigForm) -> String {
        let text = |text: &String| (!text.is_empty()).then(|| quoted(text));
        let list = |list: &Vec<String>| (!list.is_empty()).then(|| strings(list));
        let set = |set: &Set<String>| {
            let members = set.iter().fold(Object::default(), |object, key| object.member(key, "{}"));
            (!set.is_empty()).then(|| members.end())
        };
        let labels = self.labels.iter().fold(Object::default(), |object, (key, value)| object.member(key, quoted(value)));
        let object = Object::default()
            .maybe("User", text(&self.user))
            .maybe("ExposedPorts", set(&self.exposed_ports))
            .maybe("Env", list(&self.env))
            .maybe("Entrypoint", list(&self.entrypoint))
            .maybe("Cmd", list(&self.cmd))
            .maybe("Volumes", set(&self.volumes))
            .maybe("WorkingDir", text(&self.working_dir))
            .maybe("Labels", (!self.labels.is_empty()).then(|| labels.end()))
            .maybe("StopSignal", text(&self.stop_signal));
        let escaped = self.args_escaped.then_some("true");
        let health = self.healthcheck.as_ref().map(HealthSettings::write);
        let object = match form {
            ConfigForm::HealthcheckFirst => object.maybe("Healthcheck", health).maybe("ArgsEscaped", escaped),
            ConfigForm::OnBuildAlways | ConfigForm::OnBuildIfAny => {
                object.maybe("ArgsEscaped", escaped).maybe("Healthcheck", health)
            }
        };
        let null = (form != ConfigForm::OnBuildIfAny).then(|| "null".to_owned());
        object.maybe("OnBuild", list(&self.on_build).or(null)).maybe("Shell", list(&self.shell)).end()
    }
}

impl HealthSettings {
    fn write(&self) -> String {
        let number = |number: i64| (number != 0).then(|| number.to_string());
        Object::default()
            .maybe("Test", (!self.test.is_empty()).then(|| strings(&self.test)))
            .maybe("Interval", number(self.interval))
            .maybe("Timeout", number(self.timeout))
            .maybe("StartPeriod", number(self.start_period))
            .maybe("StartInterval", number(self.start_interval))
            .maybe("Retries", number(i64::from(self.retries)))
            .end()
    }
}
