//! What every export is turned into.

use std::borrow::Cow;

use super::fingerprint::ConfigMarks;
use super::size::Size;
use crate::finding::{At, Finding};

/// One image's history, whatever it was exported with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// What the export is.
    pub format: Format,
    /// In which order the export had its entries, and how that is known.
    pub order: Order,
    /// The entries, **always oldest first**, as the image config has them.
    pub entries: Vec<HistoryEntry>,
    /// What this kind of export does to the text that the builder wrote.
    pub fidelity: Fidelity,
    /// Marks of the builder outside the entries; only a config or an inspect output has them.
    pub marks: ConfigMarks,
    /// Which image of a record that holds several this one is (`linux; amd64`), as written there.
    pub subject: Option<String>,
    /// What is odd about the export.
    pub findings: Vec<Finding>,
}

/// What one build step left behind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryEntry {
    /// When, as RFC 3339 where the export has an absolute time. Kept as written when it is already RFC 3339.
    pub created: Option<String>,
    /// The age as a table prints it (`5 weeks ago`, `N/A`), relative to a day nobody recorded.
    pub age: Option<String>,
    /// The text the builder wrote, after what [`Fidelity`] says happened to it.
    pub created_by: String,
    /// `created_by` is only the beginning of the builder's text: the export cut it and its mark (`…`) is removed here.
    pub truncated: bool,
    /// The author of the step.
    pub author: Option<String>,
    /// The comment of the step: `buildkit.dockerfile.v0`, `FROM …`, a commit message.
    pub comment: Option<String>,
    /// Whether the step has no layer of its own. `None` if the export does not say.
    pub empty_layer: Option<bool>,
    /// Size of the step's layer, uncompressed.
    pub size: Option<Size>,
    /// The first column as printed: an image ID, 12 digits of one, `<missing>`, or nerdctl's chain ID.
    pub id: Option<String>,
    /// Names that pointed at this step's image.
    pub tags: Vec<String>,
    /// Where the entry stands in the export.
    pub at: At,
}

/// The kinds of exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Format {
    /// The table of `docker image history`, any width, cut or not.
    DockerTable,
    /// The table of `podman history` and `buildah`.
    PodmanTable,
    /// The table of `nerdctl history`.
    NerdctlTable,
    /// One JSON object per line: `docker image history --format '{{json .}}'` or `--format json`, nerdctl's too.
    JsonLines,
    /// Lines of a template of the user's own that contains `{{.CreatedBy}}`.
    Template,
    /// The engine's HTTP API: `GET /images/NAME/history`.
    EngineApi,
    /// `podman history --format json`.
    PodmanJson,
    /// An image config: the blob itself, `crane config`, `skopeo inspect --config`, a file of an archive.
    Config,
    /// `buildah inspect`: the config inside a larger document.
    BuildahInspect,
    /// A manifest of Docker's schema 1, which holds a v1 image JSON per entry.
    SchemaOne,
    /// A plain JSON array of history entries, the `history` member of a config without the rest.
    HistoryArray,
    /// A record of docker-library/repo-info (Markdown).
    RepoInfo,
    /// Lines of the CREATED BY column without anything else.
    Paste,
    /// `docker image inspect` or `podman inspect`: recognised, but it carries no history.
    Inspect,
    /// `docker image history --quiet`: recognised, but it is only identifiers.
    Quiet,
}

impl Format {
    /// A stable name for reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DockerTable => "docker-table",
            Self::PodmanTable => "podman-table",
            Self::NerdctlTable => "nerdctl-table",
            Self::JsonLines => "json-lines",
            Self::Template => "template",
            Self::EngineApi => "engine-api",
            Self::PodmanJson => "podman-json",
            Self::Config => "config",
            Self::BuildahInspect => "buildah-inspect",
            Self::SchemaOne => "schema-1-manifest",
            Self::HistoryArray => "history-array",
            Self::RepoInfo => "repo-info",
            Self::Paste => "paste",
            Self::Inspect => "inspect",
            Self::Quiet => "quiet",
        }
    }
}

/// Direction of an export and where the knowledge of it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Order {
    /// The direction of the export (entries in [`History`] are oldest first in any case).
    pub direction: Direction,
    /// How that is known.
    pub known_from: OrderSource,
}

/// Which entry an export has first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// The last build step first, as the command line tools print.
    NewestFirst,
    /// The first build step first, as a config has it.
    OldestFirst,
}

/// How a [`Direction`] is known, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum OrderSource {
    /// The format has this order by its specification, and nothing in the export speaks against it.
    Format,
    /// The absolute times of the entries.
    Times,
    /// The ages (`2 weeks ago`) of the entries.
    Ages,
    /// Which entry has an image ID, while the others are `<missing>`.
    Ids,
    /// Where a step stands that can only come first (a root file system that is added to `/`).
    Steps,
    /// Nothing tells; the usual order of this kind of export is assumed.
    Assumed,
}

/// What an export did to the text of the builder. All `false` means: the text is the builder's, character by character.
///
/// To compare a text that a builder would have written with an entry, ask [`Fidelity::apply`] what this export would have
/// made of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fidelity {
    /// Every tab became one blank (docker's command line, all its formats).
    pub tabs_to_blanks: bool,
    /// Tabs may have become any number of blanks, or moved text to another column (podman's table).
    pub tabs_lost: bool,
    /// Blanks at the start and at the end of a text cannot be told from the table's padding.
    pub edge_blanks_lost: bool,
    /// Blanks at the end of a text are lost or uncertain.
    pub trailing_blanks_lost: bool,
    /// At least one entry is only the beginning of its text.
    pub truncated: bool,
    /// The record leaves out `/bin/sh -c #(nop) ` and writes `RUN` for `/bin/sh -c ` (repo-info).
    pub prefix_stripped: bool,
    /// The image's own shell, which such a record leaves out as well (`powershell -Command …`).
    pub stripped_shell: Option<String>,
    /// Runs of blanks may have become one (a paste from a page that was drawn by a browser).
    pub blanks_squeezed: bool,
    /// Line breaks inside a text may be lost or may separate entries (plain lines).
    pub line_breaks_lost: bool,
}

impl Fidelity {
    /// What this export would print for a text that a builder wrote.
    ///
    /// Cutting is not part of it: an entry that is [`HistoryEntry::truncated`] is compared as a prefix of the answer.
    ///
    /// ```
    /// use layerproof::history::Fidelity;
    /// let table = Fidelity { tabs_to_blanks: true, edge_blanks_lost: true, ..Fidelity::default() };
    /// assert_eq!(table.apply("/bin/sh -c #(nop) ADD file:00 in / "), "/bin/sh -c #(nop) ADD file:00 in /");
    /// assert_eq!(table.apply("RUN a\tb"), "RUN a b");
    /// ```
    pub fn apply<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(text);
        if self.prefix_stripped {
            text = Cow::Owned(super::repo_info::shorten(&text, self.stripped_shell.as_deref()));
        }
        self.blur(&text).map_or(text, Cow::Owned)
    }

    /// Whether `entry`, read from this export, is what this export prints for `text`: the whole of it, or its beginning if the
    /// entry was cut.
    pub fn prints(&self, entry: &HistoryEntry, text: &str) -> bool {
        let (mut printed, mut shown) = (self.apply(text), self.normal(&entry.created_by));
        if self.tabs_lost && text.contains('\t') {
            (printed, shown) = (squeeze(&printed).into(), squeeze(&shown).into());
        }
        if entry.truncated { printed.starts_with(&*shown) } else { printed == shown }
    }

    /// A text of this export in the form in which it can be compared with [`Fidelity::apply`].
    pub fn normal<'a>(&self, shown: &'a str) -> Cow<'a, str> {
        self.blur(shown).map_or(Cow::Borrowed(shown), Cow::Owned)
    }

    /// What is lost in white space; `None` if the text has nothing to lose.
    fn blur(&self, text: &str) -> Option<String> {
        let mut now = Cow::Borrowed(text);
        if self.tabs_to_blanks && now.contains('\t') {
            now = now.replace('\t', " ").into();
        }
        if self.line_breaks_lost && now.contains('\n') {
            now = now.replace('\n', " ").into();
        }
        if self.blanks_squeezed {
            now = squeeze(&now).into();
        }
        let kept = match (self.edge_blanks_lost, self.trailing_blanks_lost) {
            (true, _) => now.trim_matches([' ', '\t']),
            (false, true) => now.trim_end_matches([' ', '\t']),
            (false, false) => &now,
        };
        (kept != text).then(|| kept.to_owned())
    }

    /// Whether two exports of one step can have come from the same text: each side is taken down to what the other one kept, and
    /// a text that was cut is compared as far as it goes.
    ///
    /// ```
    /// use layerproof::history::{Fidelity, HistoryEntry};
    /// let exact = HistoryEntry { created_by: "RUN a\tb ".into(), ..HistoryEntry::default() };
    /// let shown = HistoryEntry { created_by: "RUN a b".into(), ..HistoryEntry::default() };
    /// let table = Fidelity { tabs_to_blanks: true, edge_blanks_lost: true, ..Fidelity::default() };
    /// assert!(Fidelity::same_text((&exact, &Fidelity::default()), (&shown, &table)));
    /// assert!(!Fidelity::same_text((&exact, &Fidelity::default()), (&shown, &Fidelity::default())));
    /// ```
    pub fn same_text(ours: (&HistoryEntry, &Self), theirs: (&HistoryEntry, &Self)) -> bool {
        let mut both = ours.1.and(theirs.1);
        both.blanks_squeezed |= both.tabs_lost;
        let read = |(entry, own): (&HistoryEntry, &Self)| {
            let shorten = both.prefix_stripped && !own.prefix_stripped;
            let text = if shorten { both.apply(&entry.created_by) } else { both.normal(&entry.created_by) };
            text.into_owned()
        };
        let (left, right) = (read(ours), read(theirs));
        match (ours.0.truncated, theirs.0.truncated) {
            (false, false) => left == right,
            (true, false) => right.starts_with(&left),
            (false, true) => left.starts_with(&right),
            (true, true) => left.starts_with(&right) || right.starts_with(&left),
        }
    }

    /// The losses of both: what two exports of one image can be compared on.
    pub fn and(&self, other: &Self) -> Self {
        Self {
            tabs_to_blanks: self.tabs_to_blanks || other.tabs_to_blanks,
            tabs_lost: self.tabs_lost || other.tabs_lost,
            edge_blanks_lost: self.edge_blanks_lost || other.edge_blanks_lost,
            trailing_blanks_lost: self.trailing_blanks_lost || other.trailing_blanks_lost,
            truncated: self.truncated || other.truncated,
            prefix_stripped: self.prefix_stripped || other.prefix_stripped,
            stripped_shell: self.stripped_shell.clone().or_else(|| other.stripped_shell.clone()),
            blanks_squeezed: self.blanks_squeezed || other.blanks_squeezed,
            line_breaks_lost: self.line_breaks_lost || other.line_breaks_lost,
        }
    }
}

/// Every run of blanks, tabs and line breaks becomes one blank.
pub(super) fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            ' ' | '\t' | '\n' if out.ends_with(' ') => {}
            ' ' | '\t' | '\n' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}
