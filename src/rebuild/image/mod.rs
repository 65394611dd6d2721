//! Configs and manifests as builders write them.

mod candidates;
mod config;
mod json;
mod manifest;
#[cfg(test)]
mod recorded;
mod settings;

pub use candidates::{ConfigCandidate, Known, configs, recorded_arguments};
pub use config::{ConfigForm, HealthSettings, HistoryItem, ImageConfig, RunSettings};
pub use manifest::{Blob, ImageManifest, ManifestForm};
pub use settings::{history, settings};
