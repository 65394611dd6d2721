//! Signs by which a builder is recognised, in one entry and in a whole history.
//!
//! Histories are usually mixed: a base image of one builder, the steps of another on top. So signs belong to entries first;
//! [`History::segments`] joins neighbours.

use std::ops::Range;

use super::entry::{History, HistoryEntry};

/// Programs that write history entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Builder {
    /// The classic builder of dockerd.
    Classic,
    /// BuildKit's Dockerfile front end, in dockerd or in buildx.
    BuildKit,
    /// buildah and `podman build`.
    Buildah,
    /// kaniko.
    Kaniko,
    /// `docker import`.
    DockerImport,
    /// `docker commit`.
    DockerCommit,
    /// `docker build --squash`.
    DockerSquash,
    /// debuerreotype, which makes the root file systems of debian.
    Debuerreotype,
    /// apko.
    Apko,
    /// ko.
    Ko,
    /// Jib.
    Jib,
    /// Bazel's container rules.
    Bazel,
    /// Nix's docker tools.
    Nix,
    /// Cloud Native Buildpacks.
    Buildpacks,
    /// Microsoft's base layers of Windows.
    WindowsBase,
}

impl Builder {
    /// A stable name for reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::BuildKit => "buildkit",
            Self::Buildah => "buildah",
            Self::Kaniko => "kaniko",
            Self::DockerImport => "docker-import",
            Self::DockerCommit => "docker-commit",
            Self::DockerSquash => "docker-squash",
            Self::Debuerreotype => "debuerreotype",
            Self::Apko => "apko",
            Self::Ko => "ko",
            Self::Jib => "jib",
            Self::Bazel => "bazel",
            Self::Nix => "nix",
            Self::Buildpacks => "buildpacks",
            Self::WindowsBase => "windows-base",
        }
    }
}

/// One mark in an entry or in a config.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Sign {
    /// `SHELL #(nop) ` before the instruction, with the two blanks of Docker 1.12 and later for metadata.
    NopTwoBlanks,
    /// `SHELL #(nop) ` with one blank: COPY, ADD, WORKDIR of docker, everything of buildah and of Docker up to 1.11.
    NopOneBlank,
    /// The text starts with a shell (`/bin/sh -c`, `cmd /S /C`, `powershell`), perhaps after `|N` build arguments.
    ShellFirst,
    /// `|N` build arguments first.
    ArgumentCount,
    /// ` # buildkit` at the end.
    BuildkitSuffix,
    /// The comment `buildkit.dockerfile.v0`.
    BuildkitComment,
    /// The comment `buildkit.exporter.image.v0`: a layer without an instruction.
    BuildkitExporter,
    /// `RUN`, then a shell or `|N` build arguments: BuildKit's way.
    RunThenShell,
    /// The text starts with an instruction's name.
    BareInstruction,
    /// The comment `FROM …`.
    FromComment,
    /// An instruction as written in a Dockerfile after `#(nop)`: quotes, JSON commas or variables that docker resolves.
    AsWritten,
    /// The author `kaniko`.
    KanikoAuthor,
    /// No text at all.
    EmptyText,
    /// The comment `Imported from …`.
    ImportedFrom,
    /// The comment `merge sha256:… to sha256:…` or `create new from sha256:…`.
    SquashComment,
    /// `# debian.sh …` or another script of debuerreotype.
    DebuerreotypeScript,
    /// The tool names itself in the text, the author or the comment.
    NamesItself,
    /// `Apply image …` or `Install update …`: a layer made by Microsoft.
    WindowsLayer,
    /// The time is 1970-01-01, 1980-01-01 or 0001-01-01: set by a tool, not by a clock.
    FixedTime,
}

/// What the signs say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fingerprint {
    /// The builder, if the signs name exactly one.
    pub builder: Option<Builder>,
    /// All signs, sorted.
    pub signs: Vec<Sign>,
}

/// Neighbouring entries with one builder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Positions in [`History::entries`], oldest first.
    pub entries: Range<usize>,
    /// The builder, `None` for entries whose signs fit several.
    pub builder: Option<Builder>,
}

/// Marks of the builder that stand outside the entries, in a config or an inspect output.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConfigMarks {
    /// `docker_version`: the classic builder's engine, or the one that committed.
    pub docker_version: Option<String>,
    /// `container_config.Cmd`, the unjoined command of the last step: only the classic builder and `docker commit` write it.
    pub last_command: Option<Vec<String>>,
    /// Whether there is a `container_config` or a `container` at all.
    pub has_container: bool,
    /// The label `io.buildah.version`.
    pub buildah_version: Option<String>,
    /// `moby.buildkit.buildinfo.v1` or `moby.buildkit.cache.v0`.
    pub buildkit_member: Option<String>,
    /// `author`.
    pub author: Option<String>,
    /// `os`.
    pub os: Option<String>,
    /// `architecture`.
    pub architecture: Option<String>,
    /// `config.Shell` of the image, joined by blanks.
    pub shell: Option<String>,
    /// The number of `rootfs.diff_ids`.
    pub diff_ids: Option<u64>,
    /// The image ID that the record names, as written.
    pub image_id: Option<String>,
}

impl HistoryEntry {
    /// The signs of this entry and the builder they name.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::default()
    }
}

impl History {
    /// The entries as runs of one builder each.
    pub fn segments(&self) -> Vec<Segment> {
        Vec::new()
    }
}
