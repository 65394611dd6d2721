use super::Sentence;

/// Verdict words, roles and the summary's sentences.
pub(super) const SENTENCES: &[Sentence] = &[
    plain("verdict.proved", "Proved"),
    plain("verdict.agrees", "Agrees"),
    plain("verdict.contradicted", "Contradicted"),
    plain("verdict.ambiguous", "Read differently by different tools"),
    plain("verdict.unknown", "Not decided"),
    plain(
        "summary.counts",
        "Proved {proved} · Agrees {agrees} · Contradicted {contradicted} · Read differently {ambiguous} · Not decided {unknown}",
    ),
    plain("summary.nothing", "Nothing is here yet."),
    plain("summary.nothing-read", "Nothing is decided yet: see beside each input what it is and what to bring instead."),
    plain(
        "summary.nothing-needed",
        "None of these files says anything about an image. Bring a Dockerfile, an image history, a tarball, an image archive or a digest.",
    ),
    plain(
        "summary.no-history",
        "Not enough yet. Nothing here says which image the Dockerfile and the tarball made. Bring the image's history, or the image \
         itself, to compare them with.",
    ),
    plain(
        "summary.only-dockerfile",
        "Not enough yet. A Dockerfile alone is a text. Bring the image's history to compare it with, and the files that the Dockerfile \
         adds, such as a rootfs tarball, to prove it.",
    ),
    plain("next.history", "The image's history"),
    plain("next.history-podman", "The image's history, if podman has the image"),
    plain("next.why-history", "It is compared with the Dockerfile, line by line."),
    plain("next.dockerfile", "The Dockerfile that the image is said to be built from"),
    plain("next.why-dockerfile", "It is compared with the history, line by line."),
    plain("next.image", "The image itself"),
    plain("next.why-image", "Its config holds the history that belongs to it, and its layers show what each step left."),
    plain("next.why-image-of-tarball", "Its config and manifest show whether the tarball is one of its layers."),
    plain(
        "summary.only-history",
        "Not enough yet. A history is what the builder wrote down, and anybody could have written it. Bring the Dockerfile to \
         compare it with, and the tarball or the image to prove it.",
    ),
    plain(
        "summary.only-tarball",
        "The tarball was read and hashed. Bring the image's history, its config or a checksum list to compare it with.",
    ),
    plain("summary.nothing-compared", "What is here does not speak about the same thing yet, so nothing was compared."),
    plain("summary.one-input", "It was read. There is nothing else here yet to compare it with."),
    plain("summary.nothing-decided", "Nothing is decided yet."),
    plain(
        "summary.open",
        "{count} {count:thing is not decided; it says|things are not decided; each says} what would decide it.",
    ),
    plain("summary.more", "{count} more {count:result speaks|results speak} against it."),
    plain("summary.unread", "{count} {count:input was|inputs were} not recognised or not read to the end."),
    plain(
        "summary.two-digests",
        "Both digests are right. {index} names the list of platforms, and that is what `docker image ls --digests` prints. \
         {manifest} names the manifest of {platform} in that list.",
    ),
    plain(
        "summary.add-hash-no-match",
        "No file at hand was recognised as the one that the history names: none of {ways} ways of naming {files:it|them} gives the ADD hash.",
    ),
    plain("summary.add-hash", "The tarball is the very file that the history names: its ADD hash was recomputed here."),
    plain(
        "summary.add-hash-of-files",
        "A file that the Dockerfile adds is the very one that the history names: its hash was recomputed here.",
    ),
    plain("summary.manifest-rebuilt", "The manifest digest was rebuilt here from the tarball and the Dockerfile, bit for bit."),
    plain("summary.layer-rebuilt", "The image's layer was rebuilt here from the tarball, bit for bit."),
    plain("summary.layer-is-tarball", "The image's layer holds what the tarball holds."),
    plain(
        "summary.image-whole",
        "Every digest from the manifest down to those of its layers that are at hand was recomputed here.",
    ),
    plain(
        "summary.image-without-layers",
        "The digests of the documents that the manifest names were recomputed here; none of its layers is at hand.",
    ),
    plain("summary.checksum", "A checksum list names a file that you brought, with the right digest."),
    plain("summary.texts-agree", "The Dockerfile and the history say the same, line by line."),
    plain(
        "summary.images-equal",
        "The two images are the same: their configs are equal, byte for byte, and so are their image IDs.",
    ),
    plain("summary.claim", "The digest you gave names bytes that are here."),
    plain("summary.edges", "{count} {count:digest was|digests were} recomputed here and fit."),
    plain("summary.layer-line", "made by line {line} of the Dockerfile, as the history says"),
    plain("summary.layer-entry", "made by entry {entry} of the history"),
    plain("summary.layer-hidden", "`docker history` does not show it: no entry of the history is left for it"),
    plain("summary.layer-untold", "no history at hand says what made it"),
    plain("role.index", "index (list of platforms)"),
    plain("role.manifest", "manifest"),
    plain("role.config", "config = image ID"),
    plain("role.layer", "layer (as stored)"),
    plain("role.diff-id", "diff_id (layer, uncompressed)"),
    plain("role.tarball", "tarball"),
    plain("role.dockerfile", "Dockerfile"),
    plain("role.history", "history"),
    plain("role.add-hash", "ADD hash"),
    plain("role.chain-id", "chain ID"),
    plain("role.checksum-list", "checksum list"),
    plain("role.library-file", "library file"),
    plain("role.claim", "digest you gave"),
    plain("role.attestation", "attestation"),
    plain("role.archive", "image archive"),
    plain("role.file", "file"),
];

const fn plain(code: &'static str, text: &'static str) -> Sentence {
    Sentence { code, text, advice: "" }
}
