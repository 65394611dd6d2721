use super::Sentence;

/// What evidence is, in words, and what is said about evidence that is none.
pub(super) const SENTENCES: &[Sentence] = &[
    plain("check.proves-nothing", "Nothing yet."),
    plain("check.proves-contradiction", "That both cannot be true. It does not say which of them is wrong."),
    plain("what.dockerfile", "Dockerfile, {count} {count:line|lines}"),
    plain("what.history", "image history, {count} {count:entry|entries} ({format})"),
    plain("what.history-docker-table", "the table that docker prints"),
    plain("what.history-podman-table", "the table that podman prints"),
    plain("what.history-nerdctl-table", "the table that nerdctl prints"),
    plain("what.history-json-lines", "one line of JSON each"),
    plain("what.history-template", "lines of a template"),
    plain("what.history-engine-api", "from docker's HTTP API"),
    plain("what.history-podman-json", "JSON of podman"),
    plain("what.history-config", "inside a config"),
    plain("what.history-buildah-inspect", "inside the output of buildah inspect"),
    plain("what.history-schema-1", "inside an old manifest"),
    plain("what.history-array", "a list in JSON"),
    plain("what.history-repo-info", "a record of docker-library/repo-info"),
    plain("what.history-paste", "lines of the CREATED BY column"),
    plain("what.rootfs", "root file system tarball, {count} {count:entry|entries}, {compression}"),
    plain("what.layer", "layer, {count} {count:entry|entries}, {compression}"),
    plain("what.tarball", "tar archive, {count} {count:entry|entries}, {compression}"),
    plain("what.image-archive", "image archive, {count} part{count:|s}"),
    plain("what.image-folder", "image layout in a folder, {count} file{count:|s}"),
    plain("what.library-file", "library file of official-images, {count} {count:entry|entries}"),
    plain("what.checksum-list", "checksum list, {count} {count:line|lines}"),
    plain("what.claims", "{count} digest{count:|s} that somebody gives"),
    plain("what.unread", "could not be read"),
    plain("what.unknown", "not recognised"),
    plain("what.unneeded", "another file of the folder"),
    plain("what.index", "index: a list of {count} image{count:|s}"),
    plain("what.manifest", "image manifest, {count} layer{count:|s}"),
    plain("what.schema1", "old manifest (schema 1), {count} layer{count:|s}"),
    plain("what.config", "image config for {platform}, {count} layer{count:|s}"),
    plain("what.docker-save", "manifest.json of `docker save`, {count} image{count:|s}"),
    plain("what.repositories", "tag list of `docker save`"),
    plain("what.legacy-layer", "layer description of an older `docker save`"),
    plain("what.oci-layout", "marker of an OCI layout"),
    plain("what.inspect", "`docker image inspect` of {count} image{count:|s}"),
    plain("what.skopeo", "`skopeo inspect`"),
    plain("what.attestation", "attestation"),
    plain("what.envelope", "signed envelope (DSSE)"),
    plain("what.cosign", "what a cosign signature signs"),
    plain("what.json", "JSON of no known kind"),
    plain(
        "case.unneeded",
        "This is none of the documents known here. It counts only if a Dockerfile copies it or a checksum list names it.",
    ),
    Sentence {
        code: "case.container-export",
        text: "This is the file system of a container, as `docker export` or `podman export` writes it: it has no layers, no \
               history and no config, so no digest of the image can be checked with it.",
        advice: "Bring the image itself: `docker save IMAGE -o image.tar`.",
    },
    plain("case.unknown-part", "This part of the archive says nothing about an image."),
    Sentence {
        code: "case.unknown-json",
        text: "This is JSON, but nothing that is known about images.",
        advice: "Bring an index, a manifest, a config, a history or the output of `docker image inspect`.",
    },
    Sentence {
        code: "case.unknown-binary",
        text: "This is binary data of no kind that is known here.",
        advice: "Bring a tarball, an image archive, a Dockerfile, a history, JSON or a checksum list.",
    },
    Sentence {
        code: "case.unknown-text",
        text: "This text is nothing that is known here: {found}.",
        advice: "Bring a Dockerfile (it has a FROM line), the output of `docker image history --no-trunc`, JSON, a checksum list \
                 or a digest. If each line is the CREATED BY text of one step, say so: on the page by the button beside it, on the \
                 command line by `--history-lines FILE`.",
    },
    plain(
        "session.need-add-hash",
        "{count} {count:way|ways} in which a builder may have named this file are tried against the history's ADD hashes.",
    ),
    plain("session.need-content", "The file is part of a directory whose hash the history records: it is read with the others."),
    plain("session.need-digest", "A checksum list names this file by {algorithms}."),
    plain(
        "session.need-both",
        "{count} {count:way|ways} in which a builder may have named this file are tried against the history's ADD hashes, and a \
         checksum list names it by {algorithms}.",
    ),
    plain("explain.base", "Here stand the entries of the base image {image}."),
    plain("explain.trigger", "A trigger of the base image: its ONBUILD runs here."),
    plain("explain.if-changed", "Recorded only if the step changes files."),
    plain("explain.never", "This builder records nothing for this line."),
    Sentence {
        code: "web.unreadable-message",
        text: "The page sent a message that the program does not know: {found}.",
        advice: "Page and program are of different versions. Reload the page.",
    },
    Sentence {
        code: "web.panicked",
        text: "This is a fault of layerproof: it stopped while it worked on this request. {found}",
        advice: "The command line tool may read the file: layerproof check FILE. Please report what you did.",
    },
    Sentence { code: "session.unknown-limit", text: "There is no limit named {found}.", advice: "The limits are: {expected}." },
    Sentence {
        code: "session.bad-date",
        text: "{found} is no day.",
        advice: "Write a day as YYYY-MM-DD, for example 2026-11-25.",
    },
    Sentence {
        code: "session.changed",
        text: "The file changed while it was read: its second reading gave other bytes than the first.",
        advice: "Wait until nothing writes to the file any more, then give it again.",
    },
    Sentence {
        code: "session.nothing-rebuilt",
        text: "Nothing was rebuilt yet, so there is nothing to save.",
        advice: "Bring a rootfs tarball and its Dockerfile, then build it here.",
    },
];

const fn plain(code: &'static str, text: &'static str) -> Sentence {
    Sentence { code, text, advice: "" }
}
