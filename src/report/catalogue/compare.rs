use super::Sentence;

/// Sentences of the checks `layer-tarball` and `image-compare`.
pub(super) const SENTENCES: &[Sentence] = &[
    plain("tree.only-left", "{path}: only in the first."),
    plain("tree.only-right", "{path}: only in the second."),
    plain("tree.kind", "{path}: {left} in the first, {right} in the second."),
    plain("tree.content", "{path}: other content: {left}, and {right}."),
    plain("tree.link", "{path}: points to {left} in the first, to {right} in the second."),
    plain("tree.mode", "{path}: mode {left} in the first, {right} in the second."),
    plain("tree.owner", "{path}: owner {left} in the first, {right} in the second."),
    plain("tree.device", "{path}: device {left} in the first, {right} in the second."),
    plain("tree.capability", "{path}: file capability {left} in the first, {right} in the second."),
    plain("layer-tarball.same-file", "The layer is this very file, byte for byte."),
    plain("layer-tarball.same-tar", "The layer is this tarball, compressed differently: uncompressed they are the same bytes."),
    plain(
        "layer-tarball.same-entries",
        "The layer holds the same files as the tarball, with the same owners, modes, content and times; only the order or the \
         form of the archive differs. That is what a builder does when it unpacks a tarball and packs it again.",
    ),
    plain(
        "layer-tarball.same-tree",
        "The layer holds the same files as the tarball, with the same owners, modes and content; {count} of them have another time.",
    ),
    plain(
        "layer-tarball.differs",
        "The layer does not hold what the tarball holds: {count} {count:path differs|paths differ}. {common} {common:path is|paths are} in both, of \
         {left} in the tarball and {right} in the layer.",
    ),
    plain("image-compare.same-manifest", "Both images are the same: their manifests are equal, byte for byte."),
    plain(
        "image-compare.same-config",
        "Both are the same image: their configs are equal, byte for byte, and so are their image IDs. Only how the layers are \
         stored differs.",
    ),
    plain("image-compare.same-layers", "Both images hold the same layers; only their configs differ, and so do their digests."),
    plain(
        "image-compare.same-files",
        "Both images hold the same files; their layers are packed differently, and so all digests differ.",
    ),
    plain("image-compare.other-platform", "The two images are for different platforms, so their digests must differ."),
    plain("image-compare.incomplete", "The two images differ, and not every layer is at hand to say in what."),
    plain("image-compare.differs", "The two images hold different files."),
    plain("image-compare.layer-count", "The first has {left} {left:layer|layers}, the second {right}."),
    plain(
        "image-compare.created",
        "Created {left}, and {right}: the time of the build is part of the config, so every build gives another digest.",
    ),
    plain("image-compare.builder", "Built by docker {left}, and {right}: versions write configs and layers differently."),
    plain("image-compare.author", "Author {left}, and {right}."),
    plain(
        "image-compare.container",
        "Build container {left}, and {right}: the classic builder writes a random identifier into each config.",
    ),
    plain("image-compare.env", "Environment {left}, and {right}."),
    plain("image-compare.cmd", "CMD {left}, and {right}."),
    plain("image-compare.entrypoint", "ENTRYPOINT {left}, and {right}."),
    plain("image-compare.user", "USER {left}, and {right}."),
    plain("image-compare.workdir", "WORKDIR {left}, and {right}."),
    plain("image-compare.labels", "Labels {left}, and {right}."),
    plain("image-compare.ports", "EXPOSE {left}, and {right}."),
    plain("image-compare.volumes", "VOLUME {left}, and {right}."),
    plain(
        "image-compare.history-count",
        "The first history has {left} {left:entry|entries}, the second {right}: another base image or another Dockerfile.",
    ),
    plain("image-compare.history", "History entry {index} says “{left}”, and “{right}”."),
    plain("image-compare.history-times", "{count} history {count:entry has|entries have} other times and the same text."),
    plain("image-compare.compression", "Layer {layer} has the same content, compressed differently."),
    plain("image-compare.order", "Layer {layer} holds the same files; only the order or the form of the archive differs."),
    plain(
        "image-compare.times",
        "Layer {layer} holds the same files; {count} of them have other times: they were written during the build.",
    ),
    plain("image-compare.content", "Layer {layer} differs in {count} {count:path|paths}:"),
    plain("image-compare.layer-absent", "Layer {layer} differs, and it is not at hand in both images."),
];

const fn plain(code: &'static str, text: &'static str) -> Sentence {
    Sentence { code, text, advice: "" }
}
