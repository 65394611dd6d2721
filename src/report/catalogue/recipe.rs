use super::Sentence;

/// What of an instruction a builder does not write down.
pub(super) const SENTENCES: &[Sentence] = &[
    said("recipe.not-recorded", "This builder records nothing for this line."),
    said(
        "recipe.unreadable",
        "No builder that is known here can read this line ({keyword}), so what it would leave in a history is not known.",
    ),
    said(
        "recipe.buildkit-onbuild",
        "BuildKit records nothing for ONBUILD; the trigger stands in the image's config only. Its text is not compared here.",
    ),
    said(
        "recipe.kaniko-metadata",
        "kaniko records only steps that change files, and this line changes none. It is not compared here.",
    ),
    said(
        "recipe.kaniko-unchanged",
        "kaniko records only steps that change files. If this line changed none, it has no entry, and nothing here tells whether it was run.",
    ),
    said(
        "recipe.sources-as-hash",
        "In place of the sources this builder writes a hash of their content: the text does not name them.",
    ),
    said("recipe.content-not-recorded", "The text names the sources, and nothing in it binds their content."),
    said(
        "recipe.copied-from-stage",
        "The text does not say from where: the files come from stage “{stage}”, whose steps leave no entry. An edit there cannot be seen in this history.",
    ),
    said("recipe.copied-from-image", "The text does not say from where: the files come from the image “{image}”."),
    said("recipe.flags-not-recorded", "{flags}: this builder does not write it into the history, so it is not compared."),
    said("recipe.heredoc-body", "The text of a heredoc that is copied does not stand in the history, only its name."),
    said("recipe.heredoc-ignored", "The classic builder knows no heredocs: it records the first line only."),
    said("recipe.heredoc-blanks", "buildah trims the heredoc's text before it records it."),
    said(
        "recipe.script-body",
        "A heredoc that begins with #! is run as a file: the history names the file, the script's text is not in it.",
    ),
    said("recipe.argument-names-only", "buildah records the names of all arguments so far, and no default."),
];

const fn said(code: &'static str, text: &'static str) -> Sentence {
    Sentence { code, text, advice: "" }
}
