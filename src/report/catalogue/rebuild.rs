use super::Sentence;

/// What is said about rebuilt layers, configs and manifests.
pub(super) const SENTENCES: &[Sentence] = &[
    advise(
        "session.layout-incomplete",
        "The image has parts that were not rebuilt here.",
        "Save the layer, the config or the manifest by itself.",
    ),
    say("session.need-rebuild", "The layer is built again from this file, to be compared with the images at hand."),
    say(
        "rebuild.profile-plain",
        "Written as Docker 24 or later, BuildKit and containerd write layers: permission bits only, no user names.",
    ),
    say(
        "rebuild.profile-type-bits",
        "Written as Docker up to 23.0 writes layers: file type bits in the mode field, no user names.",
    ),
    say(
        "rebuild.profile-debian",
        "Written as Debian's Docker up to 20.10 writes layers: file type bits in the mode field, the host's user names.",
    ),
    say(
        "rebuild.profile-rewritten",
        "Written as BuildKit 0.13 or later with rewrite-timestamp=true: times later than {epoch} are set to it.",
    ),
    say("rebuild.profile-buildah", "Written as buildah up to 1.28 writes layers."),
    say("rebuild.profile-buildah-plain", "Written as later versions of buildah write layers."),
    advise(
        "rebuild.too-large",
        "The tarball's files are larger than what a rebuild may hold in memory ({limit} bytes).",
        "Raise the limit “rebuild”, or use the command line, where memory is cheaper.",
    ),
    advise(
        "rebuild.too-many-nodes",
        "The tarball has more files and directories than a rebuild may hold ({limit}).",
        "Split the tarball, or compare it file by file.",
    ),
    say("rebuild.parent-missing", "Docker stops at “{entry}”: a symbolic link in its path leads nowhere."),
    say("rebuild.parent-no-directory", "Docker stops at “{entry}”: a part of its path is no directory."),
    say("rebuild.symlink-loop", "Docker stops at “{entry}”: symbolic links in its path lead in a circle."),
    say("rebuild.name-too-long", "Docker stops at “{entry}”: the name is longer than Linux allows."),
    say(
        "rebuild.name-outside",
        "Docker stops at “{entry}”: the name leads out of the directory that the tarball is unpacked in.",
    ),
    say(
        "rebuild.link-outside",
        "Docker stops at “{entry}”: the link leads out of the directory that the tarball is unpacked in.",
    ),
    say("rebuild.link-target-missing", "Docker stops at “{entry}”: what it links to is not there."),
    say("rebuild.link-to-directory", "Docker stops at “{entry}”: a directory has no hard links."),
    say("rebuild.type-refused", "Docker stops at “{entry}”: it extracts no entries of this type."),
    say(
        "rebuild.replaces-root",
        "Docker stops at “{entry}”: the entry would replace the directory that the tarball is unpacked in.",
    ),
    say("rebuild.directory-gone", "Docker stops at “{entry}”: the directory is gone when its time is set."),
    say("layer-rebuild.reproduced", "The layer was built again from this file, bit for bit."),
    say(
        "layer-rebuild.blob",
        "The stored layer, compression included, was built again from this file, bit for bit ({size} bytes).",
    ),
    say("layer-rebuild.diff-id", "Uncompressed it is {diff_id}."),
    say(
        "layer-rebuild.build-time",
        "Times that the tarball does not give, such as those of directories known from paths only, are all second {second} ({date}): it was found by trying.",
    ),
    say(
        "layer-rebuild.build-time-split",
        "Directories known from paths only have the second {second} ({date}) or the next one: both were found by trying.",
    ),
    say(
        "layer-rebuild.first-difference",
        "Entry {index} of the archive is the first that differs, “{entry}”: {field} is {ours} as built here and {theirs} in the layer.",
    ),
    say("layer-rebuild.nearest", "The nearest of these ways is the following one."),
    say("layer-rebuild.checkout-time", "The copied file has the second {second} ({date}): it was found by trying."),
    say("layer-rebuild.of-workdir", "It is the layer of WORKDIR {directory} in line {line}: directories and nothing else."),
    say("layer-rebuild.of-line", "It is the layer of line {line}, on top of {below:one layer|many layers}."),
    say(
        "layer-rebuild.in-manifest",
        "The stored layer was built again from this file ({size} bytes): with it the manifest has the digest that is named.",
    ),
    say(
        "layer-rebuild.stored-otherwise",
        "The stored layer at hand was not compressed as docker and other Go programs do it, so only its content was built again.",
    ),
    say("layer-rebuild.generation-seen", "The stored layer at hand shows by its last bytes which version of Go compressed it."),
    say("layer-rebuild.not-written", "The tree was built; its layer was not written."),
    say("layer-rebuild.stop-run", "Layers from line {line} on are not built again: a program runs there."),
    say(
        "layer-rebuild.stop-option",
        "Layers from line {line} on are not built again: the instruction takes its source from elsewhere, or has options that are not followed here.",
    ),
    say(
        "layer-rebuild.stop-owner",
        "Layers from line {line} on are not built again: “{owner}” is a name, and only the builder knew its number.",
    ),
    say("layer-rebuild.stop-absent", "Layers from line {line} on are not built again: “{source}” is not at hand as one file."),
    say("layer-rebuild.stop-twice", "Layers from line {line} on are not built again: “{source}” is used a second time there."),
    say(
        "rebuild.diff-sorted",
        "Changes are ordered by whole paths, as Docker does where its storage keeps no directory of changes (vfs).",
    ),
    say(
        "rebuild.layer-hides",
        "At “{entry}” a directory takes the place of something else in a layer below: the mark that hides it is not written here.",
    ),
    say(
        "rebuild.layer-tears-links",
        "“{entry}” has several names in the layers below and is changed through one of them: what builders make of that differs.",
    ),
    say("rebuild.file-over-directory", "The builder stops at “{entry}”: a file cannot take the place of a directory."),
    say("layer-rebuild.mode", "The file's mode was {mode}."),
    say("layer-rebuild.stored-legacy", "Compressed by a program built with Go 1.8 to 1.26 it is {digest}, {size} bytes."),
    say("layer-rebuild.stored-modern", "Compressed by a program built with Go 1.27 or later it is {digest}, {size} bytes."),
    say(
        "layer-rebuild.not-reproduced",
        "No builder that is known here makes this layer from this file. That says nothing against either of them.",
    ),
    say("layer-rebuild.no-match", "The layer was built again, and nothing at hand names it. That says nothing against anybody."),
    say("layer-rebuild.computed", "The layer was built again from this file; nothing at hand says which one is published."),
    say("layer-rebuild.tried", "These ways of writing the layer were tried:"),
    say(
        "layer-rebuild.searched-checkout",
        "Every second from {first} to {last} was tried as the time at which the copied file was checked out.",
    ),
    say(
        "layer-rebuild.searched-checkout-partly",
        "Seconds between {first} and {last} were tried as the time at which the copied file was checked out, until the limit “rebuild-search” was reached.",
    ),
    say("layer-rebuild.searched", "Every second from {first} to {last} was tried as the time of the build."),
    say(
        "layer-rebuild.searched-partly",
        "Seconds between {first} and {last} were tried as the time of the build, until the limit “rebuild-search” was reached.",
    ),
    say(
        "layer-rebuild.time-unknown",
        "The layer depends on the second in which it was built, since some directories are known from paths only, or in which the file was checked out.",
    ),
    say("layer-rebuild.refused", "Docker makes no layer of this tarball: it stops with an error."),
    say("layer-rebuild.not-read", "The file was not read to its end, so no layer was built."),
    say("layer-rebuild.bring-layer", "The layer itself (docker save, or the blob from the registry)."),
    say("layer-rebuild.bring-layer-why", "The first difference can then be named."),
    say("layer-rebuild.bring-manifest", "The image's manifest or config, or a digest from the registry's page."),
    say("layer-rebuild.bring-manifest-why", "The layer can then be compared with the published one."),
    say("config-rebuild.reproduced", "BuildKit writes exactly this config for this Dockerfile."),
    say(
        "config-rebuild.not-reproduced",
        "No version of BuildKit that is known here writes this config for this Dockerfile. That says nothing against either of them.",
    ),
    say(
        "config-rebuild.classic",
        "The classic builder writes random identifiers into a config, so it cannot be written again; it is taken as it is.",
    ),
    say("config-rebuild.recipe", "The history is that of {builder}."),
    say("config-rebuild.form-healthcheck-first", "The JSON fields stand in the order of the BuildKit inside Docker up to 24."),
    say("config-rebuild.form-onbuild-always", "The JSON fields stand in the order of BuildKit up to 0.12."),
    say("config-rebuild.form-onbuild-if-any", "The JSON fields stand in the order of BuildKit 0.13 or later."),
    say("config-rebuild.no-args-escaped", "ArgsEscaped is left out, as the builder of Docker Official Images does."),
    say(
        "config-rebuild.other-builder",
        "The config was written by {builder}, whose configs are not written here; it is taken as it is.",
    ),
    say("config-rebuild.times-taken-over", "The times are those that the config claims."),
    say("config-rebuild.arguments-taken-over", "The build arguments are those that the config shows: {arguments}."),
    say("config-rebuild.times-of-history", "The times are those of a history at hand."),
    say("config-rebuild.layers-rebuilt", "{count:Its layer was|All of its layers were} built again from files at hand."),
    say("config-rebuild.layers-partly", "{count} of its {all} layers were built again from files at hand."),
    say("config-rebuild.layers-taken-over", "The layers are those that the config names; none of them was built again."),
    say("config-rebuild.other-layers", "The Dockerfile has another number of layers."),
    say("config-rebuild.difference", "The nearest one differs at {at}: {ours} here, {theirs} there."),
    say("config-rebuild.order", "All JSON fields are equal; their order or spelling differs."),
    say("config-rebuild.bring", "The config itself."),
    say("config-rebuild.bring-why", "Its bytes can then be read beside the Dockerfile."),
    say("manifest-rebuild.reproduced", "The manifest follows from the rebuilt layer, bit for bit."),
    say("manifest-rebuild.from-nothing", "The manifest's digest follows from the file and the Dockerfile alone ({size} bytes)."),
    say(
        "manifest-rebuild.not-reproduced",
        "The rebuilt layer is the one that the manifest names; the manifest's own text is in a form that is not known here.",
    ),
    say("manifest-rebuild.chain", "Tarball → tar {diff_id} → layer {layer} → config {config} → manifest."),
    say("manifest-rebuild.form-buildkit", "Written as BuildKit writes OCI manifests."),
    say("manifest-rebuild.form-buildkit-docker", "Written as BuildKit writes Docker manifests."),
    say("manifest-rebuild.form-docker-push", "Written as docker push writes manifests."),
    say("manifest-rebuild.config-rebuilt", "The config was written again from the Dockerfile."),
    say("manifest-rebuild.config-taken-over", "The config's digest is taken from the manifest."),
    say("manifest-rebuild.layers-rebuilt", "All of its {count} layers were built again."),
    say("manifest-rebuild.layers-taken-over", "{count} further layers are taken from the manifest."),
    say("manifest-rebuild.annotations-taken-over", "{count} annotations are taken from the manifest."),
];

const fn say(code: &'static str, text: &'static str) -> Sentence {
    Sentence { code, text, advice: "" }
}

const fn advise(code: &'static str, text: &'static str, advice: &'static str) -> Sentence {
    Sentence { code, text, advice }
}
