//! What a piece of evidence is, in words: "Dockerfile, 7 lines", "image config for linux/amd64, 2 layers".

use super::catalogue;
use super::words::grouped;
use crate::case::{Body, Case, Item, ItemId};
use crate::finding::{Args, Said, visible};
use crate::history::Format;
use crate::intake::Shape;
use crate::oci::{Content, Document};

/// The words for one item.
pub fn what(case: &Case, id: ItemId) -> String {
    let item = case.item(id);
    let said = match &item.body {
        Body::Dockerfile(file) => counted("what.dockerfile", file.lines.len() as u64),
        Body::History => history(item),
        Body::Document(document) => self::document(document),
        Body::Tarball => tarball(item),
        Body::ImageArchive => counted("what.image-archive", case.parts(id).len() as u64),
        Body::ImageFolder => counted("what.image-folder", case.parts(id).len() as u64),
        Body::LibraryFile(file) => counted("what.library-file", file.entries.len() as u64),
        Body::ChecksumList(list) => counted("what.checksum-list", list.lines.len() as u64),
        Body::Claims(claims) => counted("what.claims", claims.len() as u64),
        Body::Other if item.is_unneeded() => Said::new("what.unneeded"),
        Body::Other => Said::new(if item.error.is_some() { "what.unread" } else { "what.unknown" }),
    };
    catalogue::text(said.code, &said.args)
}

fn counted(code: &'static str, count: u64) -> Said {
    Said::new(code).with("count", grouped(count))
}

fn history(item: &Item) -> Said {
    let Some(history) = &item.history else { return Said::new("what.unread") };
    counted("what.history", history.entries.len() as u64).with("format", catalogue::text(form(history.format), &Args::default()))
}

/// Code of the words for the form in which a history was exported.
const fn form(format: Format) -> &'static str {
    match format {
        Format::DockerTable => "what.history-docker-table",
        Format::PodmanTable => "what.history-podman-table",
        Format::NerdctlTable => "what.history-nerdctl-table",
        Format::JsonLines => "what.history-json-lines",
        Format::Template => "what.history-template",
        Format::EngineApi => "what.history-engine-api",
        Format::PodmanJson => "what.history-podman-json",
        Format::Config => "what.history-config",
        Format::BuildahInspect => "what.history-buildah-inspect",
        Format::SchemaOne => "what.history-schema-1",
        Format::HistoryArray => "what.history-array",
        Format::RepoInfo => "what.history-repo-info",
        Format::Paste => "what.history-paste",
        // Neither holds a history: each is refused before there is one to name.
        Format::Inspect | Format::Quiet => "what.unread",
    }
}

fn tarball(item: &Item) -> Said {
    let Some((tar, facts)) = item.tar().zip(item.facts.as_ref()) else { return Said::new("what.unread") };
    let code = match tar.shape {
        _ if item.parent.is_some() => "what.layer",
        Shape::Rootfs => "what.rootfs",
        _ => "what.tarball",
    };
    let compression = facts.compression.as_ref().map_or("uncompressed", |facts| facts.format.name());
    counted(code, tar.count).with("compression", compression)
}

fn document(document: &Document) -> Said {
    match &document.content {
        Content::Index(index) => counted("what.index", index.images().count() as u64),
        Content::Manifest(manifest) => counted("what.manifest", manifest.layers.len() as u64),
        Content::Schema1(manifest) => counted("what.schema1", manifest.layers.len() as u64),
        Content::Config(config) => {
            let platform = visible(config.platform.to_string().as_bytes());
            counted("what.config", config.diff_ids.len() as u64).with("platform", platform)
        }
        Content::DockerSave(images) => counted("what.docker-save", images.len() as u64),
        Content::Repositories(_) => Said::new("what.repositories"),
        Content::LegacyLayer(_) => Said::new("what.legacy-layer"),
        Content::Layout(_) => Said::new("what.oci-layout"),
        Content::Inspect(images) => counted("what.inspect", images.len() as u64),
        Content::Skopeo(_) => Said::new("what.skopeo"),
        Content::Statement(_) | Content::Provenance(_) => Said::new("what.attestation"),
        Content::Envelope(_) => Said::new("what.envelope"),
        Content::SimpleSigning(_) => Said::new("what.cosign"),
        _ => Said::new("what.json"),
    }
}
