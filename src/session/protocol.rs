//! What passes between a shell (page, tests) and a session behind a message channel.
//!
//! The TypeScript of these types is made from them (`www/protocol.d.ts`), so both sides cannot part. Bytes never pass serde:
//! a `push` or `pass-push` message carries its `ArrayBuffer` beside the request, and gets it back in `taken`.

use crate::report::model::Report;
use serde::Serialize;

/// What a shell asks for. Every request is answered by exactly one [`Response`] with the same `request` number.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "snake_case")]
pub enum Request {
    /// A new source begins. Answered by [`Response::Opened`].
    Open {
        /// Base name, or path inside a dropped folder.
        name: String,
        /// Size in bytes, if known.
        #[cfg_attr(test, ts(type = "number | null"))]
        size: Option<u64>,
    },
    /// The next bytes of a source; they travel beside this message. Answered by [`Response::Taken`].
    Push {
        /// The source.
        source: u32,
    },
    /// The source is complete. Answered by [`Response::Closed`].
    Close {
        /// The source.
        source: u32,
    },
    /// Forgets a source. Answered by [`Response::Done`].
    Remove {
        /// The source.
        source: u32,
    },
    /// Text that was typed or pasted: a digest, or the output of a command that prints digests, or any document.
    /// Answered by [`Response::Opened`].
    Paste {
        /// The text.
        text: String,
    },
    /// Sets an option. Answered by [`Response::Done`].
    Set {
        /// The option.
        option: Setting,
    },
    /// Which sources must be streamed once more, and why. Answered by [`Response::Needs`].
    Needs,
    /// A source will be streamed once more, for all passes that it needs. Answered by [`Response::Done`].
    BeginPass {
        /// The source.
        source: u32,
    },
    /// The next bytes of a second pass. Answered by [`Response::Taken`].
    PassPush {
        /// The source.
        source: u32,
    },
    /// The second pass is complete. Answered by [`Response::Done`], or [`Response::Failed`] if the bytes were others.
    EndPass {
        /// The source.
        source: u32,
    },
    /// The report over everything at hand. Answered by [`Response::Report`].
    Report,
    /// The report as a text for export. Answered by [`Response::Text`].
    Export {
        /// Which form.
        format: ExportFormat,
    },
    /// A page of the entries of an archive. Answered by [`Response::Entries`].
    Entries {
        /// Evidence id.
        evidence: String,
        /// Only entries whose path contains this text, or that fit a filter word (`setuid`, `device`, `changed`).
        filter: String,
        /// First entry wanted, after filtering.
        from: u32,
        /// How many.
        count: u32,
    },
    /// The history that each builder would write for a Dockerfile at hand. Answered by [`Response::Explained`].
    Explain {
        /// Evidence id of the Dockerfile.
        evidence: String,
    },
    /// The files of a built-in example, to be opened like any others. Answered by [`Response::Example`].
    Example {
        /// Which one.
        name: Example,
    },
    /// Asks for the rebuild of everything that can be rebuilt; its passes then show up in [`Response::Needs`].
    /// Answered by [`Response::Done`].
    Rebuild,
    /// The next chunk of a rebuilt artefact, its bytes beside the answer. Answered by [`Response::Chunk`].
    Save {
        /// Which artefact.
        artefact: Artefact,
        /// Offset of the chunk.
        #[cfg_attr(test, ts(type = "number"))]
        from: u64,
    },
}

/// An option of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "name", rename_all = "kebab-case")]
pub enum Setting {
    /// The value of a build argument, as `--build-arg` would give it; `null` takes it back.
    BuildArg {
        /// Name of the argument.
        key: String,
        /// Its value.
        value: Option<String>,
    },
    /// The target stage, by name or number.
    Target {
        /// The stage; `null` is the last one.
        value: Option<String>,
    },
    /// The platform to choose from an index, `os/arch[/variant]`.
    Platform {
        /// The platform; `null` is every platform.
        value: Option<String>,
    },
    /// The day that counts as today, `YYYY-MM-DD`.
    AsOf {
        /// The day; `null` is unknown.
        value: Option<String>,
    },
    /// Whether each line of a text is taken for what a builder recorded for a step (`CREATED BY`), though nothing in it shows
    /// that. What is recognised as another form of history stays that.
    HistoryLines {
        /// The source.
        source: u32,
        /// Whether.
        value: bool,
    },
    /// A budget by its name in the report's `limits`.
    Limit {
        /// Name of the budget.
        key: String,
        /// Its value.
        #[cfg_attr(test, ts(type = "number"))]
        value: u64,
    },
}

/// The built-in examples; their bytes are made by the program itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Example {
    /// Dockerfile, history, tarball and image that belong together.
    GoodImage,
    /// The same with the tarball of another architecture.
    WrongTarball,
    /// An image with a layer that its history does not show.
    HiddenLayer,
    /// Two digests that both name the image.
    TwoDigests,
}

/// Forms in which a report can leave the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// The report itself.
    Json,
    /// For an issue.
    Markdown,
    /// For printing; carries the report's data.
    Html,
    /// For a terminal, without colours.
    Text,
}

/// Something that was rebuilt and can be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Artefact {
    /// The compressed layer.
    Layer,
    /// The config document.
    Config,
    /// The manifest document.
    Manifest,
    /// A complete OCI layout as one tar, which `docker load` and skopeo read.
    OciLayout,
}

/// What a session answers.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "snake_case")]
pub enum Response {
    /// The session is there.
    Ready {
        /// Version of the program.
        version: String,
    },
    /// A source was opened.
    Opened {
        /// Its number.
        source: u32,
    },
    /// Bytes were read; the buffer comes back beside this message.
    Taken {
        /// The source.
        source: u32,
        /// Bytes of it read so far.
        #[cfg_attr(test, ts(type = "number"))]
        read: u64,
    },
    /// A source was read to its end.
    Closed {
        /// The source.
        source: u32,
        /// What it was recognised as, in words.
        what: String,
    },
    /// Nothing to say but that it is done.
    Done,
    /// Sources to stream once more.
    Needs {
        /// In the order in which they are best done.
        needs: Vec<Need>,
    },
    /// The report.
    Report {
        /// The report.
        report: Box<Report>,
        /// Which evidence each source became; the report itself knows no order of arrival.
        sources: Vec<SourceEvidence>,
        /// What a person can set for the Dockerfiles at hand.
        choices: Vec<Choices>,
    },
    /// A text for export.
    Text {
        /// The text.
        text: String,
        /// A file name for it.
        file_name: String,
        /// Its media type.
        media_type: String,
    },
    /// Entries of an archive.
    Entries {
        /// How many entries fit the filter.
        #[cfg_attr(test, ts(type = "number"))]
        total: u64,
        /// The page of them.
        entries: Vec<EntryRow>,
    },
    /// What each builder would write.
    Explained {
        /// One per builder whose text differs.
        builders: Vec<Explanation>,
    },
    /// The files of an example; their bytes travel beside this message, one after the other.
    Example {
        /// Names and sizes, in the order of the bytes.
        files: Vec<ExampleFile>,
    },
    /// A chunk of an artefact; its bytes travel beside this message.
    Chunk {
        /// Size of the whole artefact.
        #[cfg_attr(test, ts(type = "number"))]
        total: u64,
        /// A file name for it.
        file_name: String,
    },
    /// The request could not be done.
    Failed {
        /// Stable code.
        code: String,
        /// What happened.
        text: String,
        /// What to do.
        advice: String,
    },
}

/// A source that must be streamed once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Need {
    /// The source.
    pub source: u32,
    /// What for, in words: "24 ways of naming this file are tried against the ADD hash".
    pub why: String,
}

/// Which evidence of the report a source became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SourceEvidence {
    /// The source.
    pub source: u32,
    /// Evidence id in the report.
    pub evidence: String,
    /// Whether its lines may be taken for texts of steps (`history-lines`), and are not yet.
    pub may_be_lines: bool,
}

/// What a person can set for one Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Choices {
    /// Evidence id of the Dockerfile.
    pub dockerfile: String,
    /// Its stages in order: the name, or the number where it has none.
    pub stages: Vec<String>,
    /// The stage that is the target now.
    pub target: Option<String>,
    /// Its build arguments in order of declaration.
    pub arguments: Vec<ArgumentChoice>,
}

/// A build argument that a Dockerfile declares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ArgumentChoice {
    /// Its name.
    pub name: String,
    /// The default that the Dockerfile gives.
    pub default: Option<String>,
    /// The value that was set.
    pub value: Option<String>,
}

/// One file of an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ExampleFile {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    #[cfg_attr(test, ts(type = "number"))]
    pub size: u64,
}

/// One entry of an archive, ready to show.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EntryRow {
    /// Path, made safe to show.
    pub path: String,
    /// `file`, `dir`, `symlink`, `hardlink`, `char`, `block`, `fifo` or another type's letter.
    pub kind: String,
    /// Mode in octal, four digits.
    pub mode: String,
    /// `uid:gid`.
    pub owner: String,
    /// Size in bytes.
    #[cfg_attr(test, ts(type = "number"))]
    pub size: u64,
    /// Modification time, RFC 3339.
    pub modified: String,
    /// Link target, or device numbers; empty otherwise.
    pub target: String,
    /// SHA-256 of the content; empty where there is none.
    pub sha256: String,
    /// Words that the filter knows: `setuid`, `device`, `changed`, `whiteout`.
    pub marks: Vec<String>,
}

/// The history that one builder would write.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Explanation {
    /// The builder and its versions, in words.
    pub builder: String,
    /// Its entries, oldest first.
    pub entries: Vec<ExplainedEntry>,
}

/// One entry that a builder would write.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ExplainedEntry {
    /// Line of the instruction.
    pub line: u32,
    /// The `created_by` text; parts that depend on the build are named in `{…}`.
    pub created_by: String,
    /// Whether it makes a layer: `yes`, `no` or `depends`.
    pub layer: String,
    /// What a newcomer should know about this line; empty where it speaks for itself.
    pub note: String,
}
