use super::Sentence;

/// Sentences of the checks `checksum-list`, `digest-claim` and `library-file`, and of what is worth bringing.
pub(super) const SENTENCES: &[Sentence] = &[
    plain("checksum-list.equal", "{file} has the digest that line {line} names."),
    plain("checksum-list.renamed", "{file} has the digest of line {line}, which lists it as {name}."),
    plain("checksum-list.bare-equals", "The digest in line {line} equals that of {file}."),
    Sentence {
        code: "checksum-list.differs",
        text: "{name} is not the file that the list names: line {line} gives {claimed}, the file at hand has {found}.",
        advice: "It is another version of the file, it was changed, or the download is not complete.",
    },
    plain(
        "checksum-list.is-diff-id",
        "The listed digest is that of the uncompressed tar: the list and the file mean two different things.",
    ),
    Sentence {
        code: "checksum-list.size-differs",
        text: "Line {line} claims {claimed} bytes for {name}, but the file at hand has {found}.",
        advice: "",
    },
    Sentence {
        code: "checksum-list.weak",
        text: "{algorithm} no longer proves content: two different files with one digest can be made.",
        advice: "Look for a list with SHA-256.",
    },
    plain("checksum-list.refused-by", "These checkers do not read the line: {checkers}."),
    Sentence {
        code: "checksum-list.read-differently",
        text: "Checkers read this list differently.",
        advice: "Get the list again as it was published.",
    },
    Sentence {
        code: "checksum-list.name-twice",
        text: "{name} is listed twice with different digests.",
        advice: "A checker that stops at the first line and one that goes through all of them disagree.",
    },
    plain("checksum-list.other-name", "Line {line} names {name}, but {checkers} read {other}, which is at hand, too."),
    Sentence {
        code: "checksum-list.two-lines",
        text: "Several lines list a file called {name}, and none of them fits.",
        advice: "Bring the file in its folder, so that it is clear which line is meant.",
    },
    plain("checksum-list.not-hashed", "Line {line} names {name} by {algorithm}, which was not computed for it yet."),
    plain("checksum-list.bare-unknown", "The list holds one digest, {digest}, and nothing at hand has it."),
    plain(
        "checksum-list.absent",
        "{count} of {total} {total:line lists|lines list} files that are not at hand, {name} among them.",
    ),
    Sentence {
        code: "checksum-list.unread",
        text: "{count} {count:line fits|lines fit} no form of a checksum list, the first is line {line}: “{text}”.",
        advice: "",
    },
    plain("checksum-list.not-listed", "No list at hand names this file."),
    plain(
        "digest-claim.is-index",
        "It is an index, {label}: what a registry serves under a tag, a list of images for several platforms.",
    ),
    plain("digest-claim.is-manifest", "It is an image manifest, {label} {platform}."),
    plain("digest-claim.is-config", "It is an image config, {label} {platform}: its digest is the image ID."),
    plain("digest-claim.is-layer", "It is a layer as it is stored, {label}."),
    plain("digest-claim.is-diff-id", "It is a diff_id, the digest of a layer without its compression: {label}."),
    plain("digest-claim.is-chain-id", "It is a chain ID, which names a stack of layers and no bytes: {label}."),
    plain(
        "digest-claim.is-add-hash",
        "It is the hash that the classic builder writes into the history for a file that it adds: {label}.",
    ),
    plain("digest-claim.is-tarball", "It is the tarball {label}, as it is."),
    plain("digest-claim.is-attestation", "It is an attestation, {label}: no image, but what a builder says about one."),
    plain("digest-claim.is-archive", "It is the digest of the archive itself, {label}, which no registry knows."),
    plain("digest-claim.is-file", "It is a file: {label}."),
    plain(
        "digest-claim.reformatted",
        "It is {name} with other white space: what is at hand is a re-indented copy, whose content has this digest once it is \
         written as it was published.",
    ),
    plain("digest-claim.only-named", "Its bytes are not at hand; {by} names it."),
    plain("digest-claim.also", "It is also: {role}, {label}."),
    plain(
        "digest-claim.why-index",
        "Each of its images has a digest of its own. Tools that pick a platform first, and files that hold one image, show that one.",
    ),
    plain("digest-claim.index-entry", "{platform}: manifest {digest}."),
    plain(
        "digest-claim.why-in-index",
        "{name} lists it for {platform}. A registry serves the index under the tag, so `docker image ls --digests` shows \
         {index}; both are right.",
    ),
    plain(
        "digest-claim.why-image-id",
        "Docker's classic store shows it as IMAGE ID. With the containerd image store, the default since Docker 29, the IMAGE ID \
         is the digest of the manifest or index instead.",
    ),
    plain(
        "digest-claim.why-containerd-store",
        "That an IMAGE ID names this document means that docker uses the containerd image store (the default since Docker 29). \
         In the classic store the IMAGE ID is the digest of the config.",
    ),
    plain(
        "digest-claim.why-layer",
        "It is over the compressed bytes; another compression gives another digest of the same content.",
    ),
    plain(
        "digest-claim.why-diff-id",
        "It is over the uncompressed bytes; `docker inspect` lists these, a manifest lists the compressed ones.",
    ),
    Sentence {
        code: "digest-claim.broken",
        text: "“{claim}” is written like a digest, but is none.",
        advice: "A SHA-256 digest has 64 characters from 0 to 9 and a to f. Copy it again, as a whole.",
    },
    Sentence {
        code: "digest-claim.part",
        text: "Only a part of the digest is given: {claim}. {count} {count:digest|digests} at hand fit it, and a part proves nothing.",
        advice: "Copy the whole digest.",
    },
    Sentence {
        code: "digest-claim.part-fits-nothing",
        text: "Only a part of the digest is given, {claim}, and nothing at hand fits it.",
        advice: "Copy the whole digest.",
    },
    plain("digest-claim.part-fits", "It could be {digest}: {role}, {label}."),
    Sentence {
        code: "digest-claim.unknown",
        text: "No digest at hand is {claim} ({count} {count:was|were} compared), so it cannot be told what it is of.",
        advice: "A digest does not say what it is of. Bring the document or file that it may belong to.",
    },
    Sentence {
        code: "digest-claim.unknown-repo-digest",
        text: "{claim} is what a registry serves under a name: an index, or the manifest of an image for one platform only. Its \
               bytes are not at hand.",
        advice: "Bring them to see what they list.",
    },
    Sentence {
        code: "digest-claim.unknown-image-id",
        text: "{claim} is an image ID: the digest of a config, or, in the containerd image store (the default since Docker 29), of \
               a manifest or index. Its bytes are not at hand.",
        advice: "Bring the image to see which of them it is.",
    },
    plain(
        "digest-claim.puzzle",
        "It need not contradict what is at hand. A tag usually points to an index, which lists one manifest for each platform; \
         the index has one digest, each manifest another.",
    ),
    plain("digest-claim.puzzle-manifest", "At hand or named: manifest {digest} {platform}."),
    plain("digest-claim.puzzle-sibling", "Also given for the same name: {claim}."),
    plain(
        "library-file.pins",
        "The library file of {image} names the exact source of {pins} {pins:build|builds}, for {tags} {tags:group|groups} of tags.",
    ),
    plain("library-file.pin", "{tags} for {architectures}: {path} of {repo} at commit {commit}, {builder}."),
    plain("library-file.more", "There are more; choose a platform to see fewer."),
    plain(
        "library-file.oci-import",
        "oci-import means that nothing is built: the folder holds the finished image as an OCI layout, and it is published as it \
         is. That is why there is an index.json where one expects a Dockerfile. A Dockerfile beside it is not used.",
    ),
    plain(
        "library-file.same-commit",
        "The index says that {label} was made from commit {found}, and the library file pins that commit.",
    ),
    Sentence {
        code: "library-file.other-commit",
        text: "The index says that {label} was made from commit {found}; the library file pins {commit}.",
        advice: "One of them is older. Take the library file of the day on which the index was made.",
    },
    plain(
        "library-file.tag",
        "The layout calls itself {tag} for {label}, and the library file pins commit {commit} for that tag ({builder}). A layout \
         does not say which commit it is from; the command compares it.",
    ),
    plain(
        "library-file.not-built",
        "The Dockerfile at hand is not what {image} is published from: the library file names oci-import for every build.",
    ),
    plain(
        "library-file.dockerfile",
        "A Dockerfile does not say which commit it is from. The commands compare it with those that the library file of {image} pins.",
    ),
    plain("want.layer", "Layer {label}, {digest}"),
    plain("want.layer-diff-id", "Layer {label}, the tar archive whose uncompressed digest is {digest}"),
    plain("want.config", "The config {digest}"),
    plain("want.blob", "The blob {digest}"),
    plain("want.why-descriptor", "It is named by digest, so its bytes prove themselves."),
    plain("want.archive-part", "An archive that holds {name}"),
    plain("want.why-part", "The archive names it, but does not hold it."),
    plain("want.why-diff-id", "Its uncompressed digest shows whether it is {diff_id}."),
    plain("want.listed-file", "The file {name}"),
    plain("want.why-listed", "Its digest is compared with the list."),
    plain("want.whole-digest", "The whole digest"),
    plain("want.why-whole-digest", "A part of a digest fits many digests."),
    plain("want.index", "The index or manifest itself"),
    plain("want.layer-blob", "The image that the layer belongs to"),
    plain("want.saved-image", "The image as an archive"),
    plain("want.why-claim", "Its bytes prove themselves and show which images and layers belong to {claim}."),
    plain("want.why-image-id", "Its documents show which of them has the digest {claim}."),
    plain("want.pinned-file", "{path} as it is pinned for {tag} on {architecture}, from {address}"),
    plain("want.pinned-folder", "The folder that is pinned for {tag} on {architecture}"),
    plain("want.published", "What the registry serves as {tag} today"),
    plain("want.why-pinned", "What is published can be compared with what is pinned."),
];

const fn plain(code: &'static str, text: &'static str) -> Sentence {
    Sentence { code, text, advice: "" }
}
