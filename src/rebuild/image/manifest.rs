//! Manifests as BuildKit and `docker push` write them, byte for byte.

use super::json::quoted;
use crate::digest::Digest;
use crate::order::Map;

/// Who writes the manifest, and so its media types, indentation and order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ManifestForm {
    /// BuildKit with OCI media types; indented by two blanks.
    BuildKit,
    /// BuildKit with Docker media types; indented by two blanks.
    BuildKitDocker,
    /// `docker push` from a graphdriver store: schema 2, indented by three blanks, size before digest.
    DockerPush,
}

impl ManifestForm {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::BuildKit, Self::BuildKitDocker, Self::DockerPush];

    fn media_types(self) -> [&'static str; 3] {
        match self {
            Self::BuildKit => [
                "application/vnd.oci.image.manifest.v1+json",
                "application/vnd.oci.image.config.v1+json",
                "application/vnd.oci.image.layer.v1.tar+gzip",
            ],
            Self::BuildKitDocker | Self::DockerPush => [
                "application/vnd.docker.distribution.manifest.v2+json",
                "application/vnd.docker.container.image.v1+json",
                "application/vnd.docker.image.rootfs.diff.tar.gzip",
            ],
        }
    }

    fn indent(self) -> usize {
        if self == Self::DockerPush { 3 } else { 2 }
    }
}

/// A blob that a manifest names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// Digest of its bytes.
    pub digest: Digest,
    /// Size in bytes.
    pub size: u64,
    /// Annotations of its descriptor.
    pub annotations: Map<String, String>,
}

impl Blob {
    /// A blob without annotations.
    pub fn new(digest: Digest, size: u64) -> Self {
        Self { digest, size, annotations: Map::new() }
    }

    /// A layer that BuildKit wrote with `rewrite-timestamp=true`.
    pub fn rewritten(self, epoch: i64) -> Self {
        let annotations = Map::from([("buildkit/rewritten-timestamp".to_owned(), epoch.to_string())]);
        Self { annotations, ..self }
    }
}

/// What a manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageManifest {
    /// The config.
    pub config: Blob,
    /// Lowest layer first.
    pub layers: Vec<Blob>,
    /// Annotations of the manifest.
    pub annotations: Map<String, String>,
}

impl ImageManifest {
    /// The document.
    pub fn write(&self, form: ManifestForm) -> String {
        let [manifest, config, layer] = form.media_types();
        let mut lines = Lines { text: String::new(), indent: form.indent(), depth: 0 };
        lines.open('{');
        lines.item("\"schemaVersion\": 2");
        lines.item(&format!("\"mediaType\": {}", quoted(manifest)));
        lines.key("config");
        descriptor(&mut lines, &self.config, config, form);
        lines.key("layers");
        lines.open('[');
        for blob in &self.layers {
            lines.begin();
            descriptor(&mut lines, blob, layer, form);
        }
        lines.close(']');
        annotations(&mut lines, &self.annotations);
        lines.close('}');
        lines.text
    }
}

fn descriptor(lines: &mut Lines, blob: &Blob, media_type: &str, form: ManifestForm) {
    let digest = format!("\"digest\": {}", quoted(&blob.digest.to_string()));
    let size = format!("\"size\": {}", blob.size);
    lines.open('{');
    lines.item(&format!("\"mediaType\": {}", quoted(media_type)));
    let order = if form == ManifestForm::DockerPush { [size, digest] } else { [digest, size] };
    order.iter().for_each(|item| lines.item(item));
    annotations(lines, &blob.annotations);
    lines.close('}');
}

fn annotations(lines: &mut Lines, annotations: &Map<String, String>) {
    if annotations.is_empty() {
        return;
    }
    lines.key("annotations");
    lines.open('{');
    for (key, value) in annotations {
        lines.item(&format!("{}: {}", quoted(key), quoted(value)));
    }
    lines.close('}');
}

/// Indented JSON as Go's `MarshalIndent` breaks it into lines.
struct Lines {
    text: String,
    indent: usize,
    depth: usize,
}

impl Lines {
    fn open(&mut self, bracket: char) {
        self.text.push(bracket);
        self.depth += 1;
    }

    /// Begins the line of an item: the text so far ends with an opening bracket or an item.
    fn begin(&mut self) {
        if !self.text.ends_with(['{', '[']) {
            self.text.push(',');
        }
        self.line();
    }

    fn item(&mut self, text: &str) {
        self.begin();
        self.text.push_str(text);
    }

    fn key(&mut self, key: &str) {
        self.item(&format!("{}: ", quoted(key)));
    }

    /// Closes; an empty list stays on its line.
    fn close(&mut self, bracket: char) {
        self.depth -= 1;
        if !self.text.ends_with(['{', '[']) {
            self.line();
        }
        self.text.push(bracket);
    }

    fn line(&mut self) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n(' ', self.indent * self.depth));
    }
}
