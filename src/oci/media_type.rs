use std::fmt;

/// Kinds of documents and blobs that a media type names.
///
/// OCI image-spec, media-types.md, and the Docker names that it lists beside its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MediaType {
    /// `application/vnd.oci.image.index.v1+json`
    OciIndex,
    /// `application/vnd.docker.distribution.manifest.list.v2+json`
    DockerManifestList,
    /// `application/vnd.oci.image.manifest.v1+json`
    OciManifest,
    /// `application/vnd.docker.distribution.manifest.v2+json`
    DockerManifest,
    /// `application/vnd.docker.distribution.manifest.v1+json`, or `…+prettyjws` when it is signed.
    DockerSchema1,
    /// `application/vnd.oci.image.config.v1+json`
    OciConfig,
    /// `application/vnd.docker.container.image.v1+json`
    DockerConfig,
    /// A layer, compressed as named. Docker and OCI names.
    Layer(LayerCompression),
    /// A layer that its publisher does not distribute through registries (Windows base layers), compressed as named.
    ForeignLayer(LayerCompression),
    /// `application/vnd.oci.empty.v1+json`: the two bytes `{}`.
    OciEmpty,
    /// `application/vnd.in-toto+json`: an attestation statement.
    InToto,
    /// Anything else, as it was written.
    Other(String),
}

/// What a layer's media type says about its compression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LayerCompression {
    /// A plain tar.
    Plain,
    /// gzip.
    Gzip,
    /// zstd.
    Zstd,
}

/// Every name that is not built from a pattern.
const NAMES: &[(&str, MediaType)] = &[
    ("application/vnd.oci.image.index.v1+json", MediaType::OciIndex),
    ("application/vnd.docker.distribution.manifest.list.v2+json", MediaType::DockerManifestList),
    ("application/vnd.oci.image.manifest.v1+json", MediaType::OciManifest),
    ("application/vnd.docker.distribution.manifest.v2+json", MediaType::DockerManifest),
    ("application/vnd.docker.distribution.manifest.v1+prettyjws", MediaType::DockerSchema1),
    ("application/vnd.docker.distribution.manifest.v1+json", MediaType::DockerSchema1),
    ("application/vnd.oci.image.config.v1+json", MediaType::OciConfig),
    ("application/vnd.docker.container.image.v1+json", MediaType::DockerConfig),
    ("application/vnd.oci.image.layer.v1.tar", MediaType::Layer(LayerCompression::Plain)),
    ("application/vnd.oci.image.layer.v1.tar+gzip", MediaType::Layer(LayerCompression::Gzip)),
    ("application/vnd.oci.image.layer.v1.tar+zstd", MediaType::Layer(LayerCompression::Zstd)),
    ("application/vnd.docker.image.rootfs.diff.tar", MediaType::Layer(LayerCompression::Plain)),
    ("application/vnd.docker.image.rootfs.diff.tar.gzip", MediaType::Layer(LayerCompression::Gzip)),
    ("application/vnd.docker.image.rootfs.diff.tar.zstd", MediaType::Layer(LayerCompression::Zstd)),
    ("application/vnd.oci.image.layer.nondistributable.v1.tar", MediaType::ForeignLayer(LayerCompression::Plain)),
    ("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", MediaType::ForeignLayer(LayerCompression::Gzip)),
    ("application/vnd.oci.image.layer.nondistributable.v1.tar+zstd", MediaType::ForeignLayer(LayerCompression::Zstd)),
    ("application/vnd.docker.image.rootfs.foreign.diff.tar", MediaType::ForeignLayer(LayerCompression::Plain)),
    ("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", MediaType::ForeignLayer(LayerCompression::Gzip)),
    ("application/vnd.oci.empty.v1+json", MediaType::OciEmpty),
    ("application/vnd.in-toto+json", MediaType::InToto),
];

impl MediaType {
    /// The media type of this name. Parameters (`; charset=…`) belong to no image media type and make it another one.
    pub fn parse(name: &str) -> Self {
        NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map_or_else(|| Self::Other(name.to_owned()), |(_, media_type)| media_type.clone())
    }

    /// An index or a manifest list.
    pub fn is_index(&self) -> bool {
        matches!(self, Self::OciIndex | Self::DockerManifestList)
    }

    /// An image manifest of schema 2.
    pub fn is_manifest(&self) -> bool {
        matches!(self, Self::OciManifest | Self::DockerManifest)
    }

    /// An image config.
    pub fn is_config(&self) -> bool {
        matches!(self, Self::OciConfig | Self::DockerConfig)
    }

    /// The compression that a layer's media type promises; `None` for what is no layer.
    pub fn layer_compression(&self) -> Option<LayerCompression> {
        match self {
            Self::Layer(compression) | Self::ForeignLayer(compression) => Some(*compression),
            _ => None,
        }
    }

    /// Whether its content is a JSON document by its name.
    pub fn is_json(&self) -> bool {
        match self {
            Self::Layer(_) | Self::ForeignLayer(_) => false,
            Self::Other(name) => name.ends_with("+json") || name == "application/json",
            _ => true,
        }
    }
}

impl fmt::Display for MediaType {
    /// The name, made safe to show. Where Docker has several names for one kind, the OCI one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other(name) => f.write_str(&crate::finding::visible(name.as_bytes())),
            known => f.write_str(NAMES.iter().find(|(_, media_type)| media_type == known).map_or("", |(name, _)| name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_recognised_exactly() {
        assert!(MediaType::parse("application/vnd.oci.image.index.v1+json").is_index());
        assert!(MediaType::parse("application/vnd.docker.distribution.manifest.v2+json").is_manifest());
        assert_eq!(
            MediaType::parse("application/vnd.docker.image.rootfs.diff.tar.gzip").layer_compression(),
            Some(LayerCompression::Gzip)
        );
        assert_eq!(MediaType::parse("Application/json"), MediaType::Other("Application/json".into()));
        assert_eq!(MediaType::parse("x/\u{1b}y").to_string(), "x/<U+001B>y");
        for (name, media_type) in NAMES {
            assert_eq!(&MediaType::parse(&media_type.to_string()), media_type, "{name}");
        }
    }
}
