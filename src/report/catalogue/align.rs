use super::Sentence;

/// Why a line of the Dockerfile and an entry of the history stand side by side, or why one stands alone.
pub(super) const SENTENCES: &[Sentence] = &[
    // Rows: a line and its entry.
    said("align.exact", "This is the text that the builder writes for this line."),
    said("align.equivalent", "The same text, after what this kind of export does to it (tabs and blanks, a prefix left out)."),
    said("align.truncated", "The export cut the text; what is left of it is the same."),
    said(
        "align.hash-open",
        "The text fits. The hash in it stands for the content of the sources; the text alone does not bind it to a file.",
    ),
    said("align.hash-proved", "The text fits, and the hash in it was recomputed from “{file}”."),
    said("align.hash-of-other-file", "The hash in the entry is that of “{file}”, and this line names another file."),
    said("align.argument", "The text fits with a build argument whose value the Dockerfile does not hold: {values}."),
    said("align.argument-behind", "The text fits with the build arguments that were found out for other lines."),
    said(
        "align.second-text",
        "The text fits a form that this builder writes in a few cases only: when proxy settings are passed, or, for buildah, with a hash of what a step mounts and notes about options such as --timestamp behind it.",
    ),
    said("align.odd-layer", "The text is the same, but the history marks the step's layer otherwise than this builder does."),
    said(
        "align.single-layer",
        "The text is the same. buildah put all steps into one layer and marks the last step with it, whichever step made the files.",
    ),
    said(
        "align.trigger",
        "An ONBUILD trigger: it is run at the beginning of the stage that builds on the image with the ONBUILD.",
    ),
    said(
        "align.differs",
        "The texts part at character {column}: the builder would write “{expected}”, the history has “{found}”.",
    ),
    // Rows: one of both alone.
    said("align.base", "Taken for an entry of the base image {image}: it comes before the first line of this Dockerfile."),
    said("align.base-checked", "An entry of the base image {image}, whose own history is at hand."),
    said("align.missing", "The history has no entry for this line, and the builder ({builder}) writes one."),
    said("align.extra", "No line of the Dockerfile accounts for this entry."),
    advised(
        "align.hidden-trigger",
        "No line of the Dockerfile accounts for this entry. It may be an ONBUILD trigger of the base image: BuildKit keeps those in the image's config only.",
        "Bring the base image's config: it lists the triggers.",
    ),
    advised(
        "align.single-snapshot",
        "This history has one entry of kaniko's, with the last line of the Dockerfile: kaniko writes that with --single-snapshot, whatever the lines before it are. So nothing is known about those.",
        "Compare the image itself: bring its layers.",
    ),
    said(
        "align.single-snapshot-step",
        "kaniko was told to take one snapshot at the end (--single-snapshot), so this line has no entry.",
    ),
    said("align.exporter", "A layer that BuildKit added without an instruction; what made it, the history does not say."),
    said("align.squash", "docker build --squash added this entry: it holds the files of all entries that it merged."),
    said("align.buildah-trigger", "buildah does not run ONBUILD triggers of images in OCI format."),
    said("align.foreign-entry", "Written by {tool}, which builds no Dockerfiles."),
    said("align.foreign-step", "Nothing to compare with: {tool} records no instructions."),
    // Which builder.
    advised(
        "align.builder-none",
        "No builder that is known here writes histories like this one.",
        "Bring the image's config: it carries more marks than a table does.",
    ),
    said("align.builder", "The history is written as {versions} writes it."),
    said(
        "align.builder-range",
        "The history is written as {newest} writes it; for this Dockerfile, versions back to {oldest} write the same.",
    ),
    said(
        "align.sign-buildkit-comment",
        "The newest entries carry BuildKit's comment “buildkit.dockerfile.v0” ({count} of {of}).",
    ),
    said("align.sign-buildkit-suffix", "The newest entries end with “# buildkit” ({count} of {of})."),
    said("align.sign-from-comment", "The newest entries carry buildah's comment “FROM …” ({count} of {of})."),
    said(
        "align.sign-two-blanks",
        "The newest entries have “#(nop)” with two blanks behind it, as docker writes since 1.12 ({count} of {of}).",
    ),
    said("align.sign-kaniko-author", "The newest entries name kaniko as their author ({count} of {of})."),
    said("align.sign-docker-version", "The config names Docker {version}."),
    said("align.foreign", "This history was written by {tool}, not by a builder that reads Dockerfiles."),
    // The whole.
    said(
        "align.agrees",
        "Dockerfile and history say the same, line by line: {joined} {joined:line has its|lines have their} entry.",
    ),
    said(
        "align.contradicted",
        "Dockerfile and history do not belong together.{differs? # line differs.| # lines differ.}{missing? # line has no entry.| # lines have no entry.}\
         {extra? # entry has no line.| # entries have no line.}{joined? # other line has its entry.| # other lines have their entry.}",
    ),
    advised(
        "align.doubtful",
        "{joined} {joined:line has its|lines have their} entry, but for a line or an entry that stands alone nothing here decides whether it is as it should be.",
        "Each row says what would decide it; the base image's config shows what the base image adds.",
    ),
    said("align.nothing-compared", "The history holds nothing of what this Dockerfile does, so nothing was compared."),
    advised(
        "align.no-recipe",
        "No builder that is known here writes this history for this Dockerfile.{differs? # line differs.| # lines differ.}\
         {missing? # line has no entry.| # lines have no entry.}{extra? # entry has no line.| # entries have no line.}",
        "Check that Dockerfile and history are of the same image; a history of another tool cannot be compared.",
    ),
    said("align.no-stage", "The Dockerfile has no stage “{stage}”."),
    said("align.other-base", "The history names the base image {found}; the Dockerfile says {wanted}."),
    // Arguments.
    said("align.from-entry", "entry {entry} of {of} of the history, written for {keyword}"),
    said("align.from-file", "the name of “{file}”, which fits {pattern}"),
    // Notes.
    said(
        "align.note-base-checked",
        "The first {entries} {entries:entry is|entries are} those of {image}: its own history is at hand and begins alike.",
    ),
    advised(
        "align.note-base-unchecked",
        "The first {entries} {entries:entry is|entries are} taken for those of {image}. A line removed from the top of the Dockerfile would look the same.",
        "Bring the history or config of the base image.",
    ),
    said(
        "align.note-base-parts",
        "The base history at hand is not the beginning of this one: they part at entry {entry}. It was not used for {image}.",
    ),
    advised(
        "align.note-truncated",
        "{count} {count:entry was|entries were} cut by the export and compared only as far as they go.",
        "Export again with --no-trunc.",
    ),
    advised(
        "align.note-hash-open",
        "{count} {count:hash of a copied file is|hashes of copied files are} not bound to a file.",
        "Bring the files that ADD and COPY take, as they lie in the build context.",
    ),
    said(
        "align.note-problems",
        "Some lines of the Dockerfile are not accepted by BuildKit's current front end; they were compared as far as they can be read.",
    ),
];

const fn said(code: &'static str, text: &'static str) -> Sentence {
    Sentence { code, text, advice: "" }
}

const fn advised(code: &'static str, text: &'static str, advice: &'static str) -> Sentence {
    Sentence { code, text, advice }
}
