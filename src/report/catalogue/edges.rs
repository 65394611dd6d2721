use super::Sentence;

/// Sentences of the checks on image documents: `descriptor`, `platform`, `diff-id`, `history-layers`, `archive-ambiguity` and
/// `attestation`.
pub(super) const SENTENCES: &[Sentence] = &[
    plain("descriptor.equal", "The bytes at hand have this digest and this size ({size} bytes)."),
    plain("descriptor.rebuilt", "It was built here from {name}, bit for bit, with this digest and this size ({size} bytes)."),
    plain("descriptor.from-data", "The document carries these bytes itself, as “data” of the descriptor at {pointer}."),
    plain("descriptor.url", "The descriptor says that the blob may also be had from {url}."),
    Sentence {
        code: "descriptor.data-differs",
        text: "The embedded data is not the blob that the descriptor names: it has {size} bytes and digest {found}.",
        advice: "A tool that uses the embedded data sees another document than one that fetches {digest}.",
    },
    Sentence {
        code: "descriptor.algorithm",
        text: "{digest} cannot be recomputed here, or proves nothing: only SHA-256, SHA-384 and SHA-512 are used.",
        advice: "",
    },
    Sentence {
        code: "descriptor.index-too-deep",
        text: "{digest} is an index in an index in an index, deeper than {most} levels: what it names is not followed.",
        advice: "Nobody needs such a chain. The limit index-depth can be raised to follow it.",
    },
    Sentence {
        code: "descriptor.size-differs",
        text: "The bytes have the digest, but the size is wrong: {claimed} bytes are claimed, {found} are there.",
        advice: "Some tools take this, others refuse it. The document was not written by a tool that read the blob.",
    },
    Sentence {
        code: "descriptor.media-type",
        text: "The descriptor says {media_type}, but the bytes are something else: {found}.",
        advice: "A tool that believes the media type reads the blob as something that it is not.",
    },
    Sentence {
        code: "descriptor.own-media-type",
        text: "The document calls itself {media_type}, but its fields say otherwise.",
        advice: "Tools that go by the media type refuse it or read it as something else.",
    },
    Sentence {
        code: "descriptor.absent",
        text: "The document names the blob {digest}, which is not at hand, so nothing about it is decided.",
        advice: "Bring it to have it checked.",
    },
    Sentence {
        code: "descriptor.absent-foreign",
        text: "The blob {digest} is not at hand. Its publisher does not distribute it through registries.",
        advice: "Addresses in a descriptor are text; nothing is fetched from them.",
    },
    Sentence {
        code: "descriptor.link-text",
        text: "{name} is a small text in place of a symbolic link, so the blob itself is not at hand.",
        advice: "Git writes such texts where links are not supported. Bring the file that the text names.",
    },
    Sentence {
        code: "descriptor.blob-differs",
        text: "{name} stands where the blob {digest} belongs, but its bytes have digest {found}.",
        advice: "The blob was changed, or it was not copied completely.",
    },
    plain(
        "descriptor.reformatted",
        "{name} is a re-indented copy: with other white space its content has the digest {digest}, so it is the content that is \
         named. The digest of the copy itself says nothing.",
    ),
    plain(
        "descriptor.copy",
        "Both have the same content in other bytes, one is a re-indented copy: only one of the digests {digest} and {other} can be \
         the published one.",
    ),
    Sentence {
        code: "descriptor.orphan",
        text: "The blob {digest} of {size} bytes is missing, and {name}, which nothing names, has this size and digest {found}.",
        advice: "The document that names the blob was changed, or it belongs to another archive.",
    },
    Sentence {
        code: "descriptor.name-differs",
        text: "{name} is named by a digest that it does not have; its bytes have digest {found}.",
        advice: "The file was changed, or it was not copied completely.",
    },
    Sentence {
        code: "descriptor.no-image",
        text: "The document lists images, but none is in it: there is no image.",
        advice: "",
    },
    Sentence {
        code: "descriptor.empty-list",
        text: "This list of images is empty; the archive's other list names {count} {count:image|images}.",
        advice: "Tools that read this list find no image.",
    },
    Sentence {
        code: "descriptor.no-list",
        text: "The archive has parts of an image, but neither manifest.json nor index.json says which belong together.",
        advice: "Very old archives have only “repositories”. Save the image again with `docker save`.",
    },
    plain("descriptor.name-equal", "{name} has the digest that its name spells."),
    Sentence {
        code: "descriptor.config-name",
        text: "The config is called {name}, but its bytes have digest {found}, which is the image ID.",
        advice: "Tools that trust the name take it for another image.",
    },
    Sentence {
        code: "descriptor.entry-elsewhere",
        text: "manifest.json names {name}, which is not in the archive; what belongs there is in the archive as {found}.",
        advice: "The list or the archive was changed. Docker does not load it.",
    },
    Sentence { code: "descriptor.entry-absent", text: "manifest.json names {name}, which is not in the archive.", advice: "" },
    plain("platform.equal", "Index and config both say {claimed}."),
    Sentence {
        code: "platform.differs",
        text: "The index says {claimed}, the config says {found}.",
        advice: "Whoever asks for {claimed} gets an image for {found}. Usual tools do not notice.",
    },
    Sentence {
        code: "platform.no-config",
        text: "The index says {claimed}; the config, which says it too, is not at hand.",
        advice: "",
    },
    plain("diff-id.equal", "Layer {index}, uncompressed, has the diff_id that the config names: {diff_id}."),
    plain(
        "diff-id.rebuilt",
        "Layer {index} was built here with the digest that the manifest names; uncompressed it has the diff_id that the config names: {diff_id}.",
    ),
    plain("diff-id.equal-no-tar", "Layer {index} has the diff_id that the config names, but it is no tar archive: {found}."),
    Sentence {
        code: "diff-id.differs",
        text: "Layer {index} is not the one that the config names: uncompressed it has {found}, the config says {diff_id}.",
        advice: "The layer or the config was changed. Docker refuses to load it; some tools copy it without a word.",
    },
    Sentence {
        code: "diff-id.no-tar",
        text: "Layer {index} is no tar archive: {found}. The config names {diff_id}.",
        advice: "No tool can unpack this as a layer.",
    },
    Sentence {
        code: "diff-id.unreadable",
        text: "Layer {index} could not be read to its end, so its diff_id is not known.",
        advice: "",
    },
    plain("diff-id.absent", "Layer {index} is not at hand, so its diff_id {diff_id} is not checked."),
    plain("diff-id.algorithm", "Layer {index} has the diff_id {diff_id}, which cannot be recomputed here."),
    plain("diff-id.no-config", "The config is not at hand, so the diff_ids of {layers} {layers:layer|layers} are not known."),
    Sentence {
        code: "diff-id.count",
        text: "There are {layers} {layers:layer|layers}, but the config names {diff_ids} {diff_ids:diff_id|diff_ids}.",
        advice: "Tools stop at the shorter list, refuse the image, or fail later.",
    },
    plain("diff-id.chain-id", "Chain ID up to this layer: {chain_id}."),
    plain("history-layers.equal", "{layers} {layers:layer|layers}, and the history has an entry for each."),
    Sentence {
        code: "history-layers.none",
        text: "The config has no history, so nothing says how its {layers} {layers:layer|layers} came about.",
        advice: "",
    },
    Sentence {
        code: "history-layers.hidden",
        text: "This image carries {hidden} {hidden:layer|layers} that `docker history` does not show: it has {layers} {layers:layer|layers}, and its history accounts for {entries}.",
        advice: "The hidden layers are part of every container of this image. Look at what they hold before you run it.",
    },
    plain("history-layers.hidden-layer", "Hidden: layer {index}, {diff_id}, {files} {files:entry|entries}."),
    plain("history-layers.hidden-files", "In layer {index}: {files}."),
    plain("history-layers.hidden-files-more", "In layer {index}: {files}, and {more} more."),
    Sentence {
        code: "history-layers.too-many",
        text: "The history accounts for {entries} {entries:layer|layers}, but the image has {layers}.",
        advice: "Docker 20.10 refuses such an image; with the containerd store `docker history` fails.",
    },
    Sentence {
        code: "archive-ambiguity.differs",
        text: "Tools that accept this input read different things in {count} {count:place|places}.",
        advice: "Docker reads it as Go does. Do not trust a scanner's answer about it, and ask for a clean copy.",
    },
    plain("archive-ambiguity.equal", "Every tool that is known here reads the same in this file."),
    Sentence {
        code: "archive-ambiguity.part-twice",
        text: "{name} is in the archive twice, with different content: first {first}, last {last}.",
        advice: "Docker loads the last one; other tools look at the first.",
    },
    plain("attestation.listed", "The attestation is about {digest}, an image of the same index ({platform})."),
    Sentence {
        code: "attestation.of-nothing",
        text: "The attestation says that it is about {digest}, which is no image of this index.",
        advice: "It attests nothing that is published here.",
    },
    Sentence {
        code: "attestation.no-subject",
        text: "The index announces an attestation, but does not say of which image.",
        advice: "",
    },
    Sentence {
        code: "attestation.two-subjects",
        text: "The index says that the attestation is about {announced}; the attestation itself says {own}.",
        advice: "",
    },
    plain("attestation.subject", "The statement is about {digest} ({name}), which is at hand or listed by an index at hand."),
    Sentence {
        code: "attestation.subject-differs",
        text: "The statement is about {digest} ({name}), but the index announces it for {announced}.",
        advice: "The statement was made for another image.",
    },
    Sentence {
        code: "attestation.of-another",
        text: "This is about {digest} ({name}), which is no image at hand.",
        advice: "It says nothing about the images at hand.",
    },
    plain("attestation.image-absent", "This is about {digest} ({name}); no image is at hand to compare with."),
    plain("attestation.cosign", "The signed payload names {digest} ({name}), which is at hand or listed by an index at hand."),
    plain("attestation.dockerfile", "The builder says that it built {name}, and it is the Dockerfile at hand, byte for byte."),
    plain(
        "attestation.another-dockerfile",
        "The builder says that it built {name}, which is another one than the Dockerfile at hand.",
    ),
];

const fn plain(code: &'static str, text: &'static str) -> Sentence {
    Sentence { code, text, advice: "" }
}
