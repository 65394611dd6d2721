//! Signs by which a builder is recognised, in one entry and in a whole history.
//!
//! Histories are usually mixed: a base image of one builder, the steps of another on top. So signs belong to entries first;
//! [`History::segments`] joins neighbours.

use crate::order;
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
    /// `config.OnBuild` of an image config, empty where it has none; `None` where the document does not say.
    pub onbuild: Option<Vec<String>>,
    /// The number of `rootfs.diff_ids`.
    pub diff_ids: Option<u64>,
    /// The image ID that the record names, as written.
    pub image_id: Option<String>,
}

impl HistoryEntry {
    /// The signs of this entry and the builder they name.
    ///
    /// ```
    /// use layerproof::history::{Builder, HistoryEntry};
    /// let entry = HistoryEntry { created_by: "COPY a /b # buildkit".into(), ..HistoryEntry::default() };
    /// assert_eq!(entry.fingerprint().builder, Some(Builder::BuildKit));
    /// ```
    pub fn fingerprint(&self) -> Fingerprint {
        let mut signs = Vec::new();
        text_signs(&self.created_by, &mut signs);
        comment_signs(self.comment.as_deref().unwrap_or(""), &mut signs);
        signs.extend(self.time_sign());
        if self.author.as_deref() == Some("kaniko") {
            signs.push(Sign::KanikoAuthor);
        }
        let named = self.named_tool();
        if named.is_some() {
            signs.push(Sign::NamesItself);
        }
        order::sort(&mut signs);
        signs.dedup();
        Fingerprint { builder: named.or_else(|| builder_of(&signs)), signs }
    }

    fn time_sign(&self) -> Option<Sign> {
        const FIXED: [&str; 3] = ["0001-01-01T", "1970-01-01T00:00:0", "1980-01-01T00:00:0"];
        let created = self.created.as_deref()?;
        FIXED.iter().any(|fixed| created.starts_with(fixed)).then_some(Sign::FixedTime)
    }

    /// A tool that names itself in the text, the author or the comment.
    fn named_tool(&self) -> Option<Builder> {
        const TEXTS: [(&str, Builder); 8] = [
            ("apko", Builder::Apko),
            ("ko build ", Builder::Ko),
            ("ko publish ", Builder::Ko),
            ("jib-", Builder::Jib),
            ("bazel build ", Builder::Bazel),
            ("Buildpacks ", Builder::Buildpacks),
            ("pack build", Builder::Buildpacks),
            ("Application Layer", Builder::Buildpacks),
        ];
        let by_text = TEXTS.iter().find(|(start, _)| self.created_by.starts_with(start)).map(|(_, builder)| *builder);
        let by_author = match self.author.as_deref().unwrap_or("") {
            "apko" => Some(Builder::Apko),
            "Bazel" => Some(if self.created_by.starts_with("jib") { Builder::Jib } else { Builder::Bazel }),
            "Jib" => Some(Builder::Jib),
            "github.com/ko-build/ko" | "github.com/google/ko" => Some(Builder::Ko),
            "kaniko" => Some(Builder::Kaniko),
            _ => None,
        };
        let comment = self.comment.as_deref().unwrap_or("");
        let by_comment = comment.starts_with("store paths: ").then_some(Builder::Nix);
        by_text.or(by_author).or(by_comment)
    }
}

impl History {
    /// The entries as runs of one builder each, oldest first.
    ///
    /// An entry whose own signs fit several builders belongs to the run it stands in, if there is one before it.
    pub fn segments(&self) -> Vec<Segment> {
        let mut segments: Vec<Segment> = Vec::new();
        for (at, builder) in self.entries.iter().map(|entry| self.builder_of(entry)).enumerate() {
            match segments.last_mut() {
                Some(last) if builder.is_none() || last.builder == builder => last.entries.end = at + 1,
                // What came before said nothing of its own; it is of this builder as far as anybody can tell.
                Some(last) if last.builder.is_none() => (last.builder, last.entries.end) = (builder, at + 1),
                _ => segments.push(Segment { entries: at..at + 1, builder }),
            }
        }
        segments
    }

    /// The builder of an entry. A repo-info record leaves out the marks in front: there only BuildKit's end tells.
    fn builder_of(&self, entry: &HistoryEntry) -> Option<Builder> {
        let print = entry.fingerprint();
        let is_bare = print.signs.contains(&Sign::BareInstruction) && print.builder == Some(Builder::BuildKit);
        let has_end = print.signs.iter().any(|sign| matches!(sign, Sign::BuildkitSuffix | Sign::BuildkitComment));
        print.builder.filter(|_| !(is_bare && !has_end && self.fidelity.prefix_stripped))
    }
}

/// The signs of a step's text.
fn text_signs(text: &str, signs: &mut Vec<Sign>) {
    let bare = text.trim();
    if bare.is_empty() {
        signs.push(Sign::EmptyText);
        return;
    }
    if bare.ends_with("# buildkit") {
        signs.push(Sign::BuildkitSuffix);
    }
    if bare.starts_with("# debian.sh ") || bare.starts_with("RUN # debian.sh ") || bare.contains("debuerreotype") {
        signs.push(Sign::DebuerreotypeScript);
    }
    if ["Apply image ", "Install update "].iter().any(|start| bare.trim_start_matches("RUN ").starts_with(start)) {
        signs.push(Sign::WindowsLayer);
    }
    let after_run = bare.strip_prefix("RUN ").unwrap_or(bare);
    let arguments = is_argument_count(after_run);
    let shell = arguments || starts_with_shell(after_run);
    if arguments {
        signs.push(Sign::ArgumentCount);
    }
    match (bare.starts_with("RUN "), shell) {
        (true, true) => signs.push(Sign::RunThenShell),
        (false, true) => signs.push(Sign::ShellFirst),
        (true, false) => signs.push(Sign::BareInstruction),
        (false, false) if starts_with_keyword(bare) => signs.push(Sign::BareInstruction),
        (false, false) => {}
    }
    if let Some((_, instruction)) = text.split_once("#(nop) ") {
        nop_signs(instruction, signs);
    }
}

/// The signs of what follows `#(nop) `.
fn nop_signs(instruction: &str, signs: &mut Vec<Sign>) {
    signs.push(if instruction.starts_with(' ') { Sign::NopTwoBlanks } else { Sign::NopOneBlank });
    let instruction = instruction.trim_start();
    let rest = instruction.split_once(' ').map_or("", |(_, rest)| rest);
    let json = ["CMD ", "ENTRYPOINT ", "VOLUME ", "SHELL "].iter().any(|keyword| instruction.starts_with(keyword))
        && rest.contains("\",");
    let variable =
        ["ENV ", "WORKDIR ", "USER ", "EXPOSE "].iter().any(|keyword| instruction.starts_with(keyword)) && rest.contains("${");
    if json || variable {
        signs.push(Sign::AsWritten);
    }
}

/// The signs of a step's comment.
fn comment_signs(comment: &str, signs: &mut Vec<Sign>) {
    let sign = match comment {
        "buildkit.dockerfile.v0" => Sign::BuildkitComment,
        "buildkit.exporter.image.v0" => Sign::BuildkitExporter,
        _ if comment.starts_with("FROM ") => Sign::FromComment,
        _ if comment.starts_with("Imported from ") => Sign::ImportedFrom,
        _ if comment.starts_with("merge sha256:") || comment.starts_with("create new from sha256:") => Sign::SquashComment,
        _ => return,
    };
    signs.push(sign);
}

/// The one builder that leaves these signs, if there is one. The surest signs come first.
fn builder_of(signs: &[Sign]) -> Option<Builder> {
    let has = |sign| signs.contains(&sign);
    let first = [
        (Sign::BuildkitComment, Builder::BuildKit),
        (Sign::BuildkitExporter, Builder::BuildKit),
        (Sign::BuildkitSuffix, Builder::BuildKit),
        (Sign::SquashComment, Builder::DockerSquash),
        (Sign::ImportedFrom, Builder::DockerImport),
        (Sign::KanikoAuthor, Builder::Kaniko),
        (Sign::DebuerreotypeScript, Builder::Debuerreotype),
        (Sign::WindowsLayer, Builder::WindowsBase),
        (Sign::FromComment, Builder::Buildah),
        (Sign::NopTwoBlanks, Builder::Classic),
        (Sign::AsWritten, Builder::Buildah),
        (Sign::RunThenShell, Builder::BuildKit),
    ];
    if let Some((_, builder)) = first.iter().find(|(sign, _)| has(*sign)) {
        return Some(*builder);
    }
    // Metadata of BuildKit is the bare instruction; a bare RUN or COPY without its end is kaniko's, and needs its author.
    (has(Sign::BareInstruction) && !has(Sign::FixedTime)).then_some(Builder::BuildKit)
}

/// `|2 A=1 …`
fn is_argument_count(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('|') else { return false };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0 && rest.as_bytes().get(digits) == Some(&b' ')
}

fn starts_with_shell(text: &str) -> bool {
    const SHELLS: [&str; 10] = [
        "/bin/sh ",
        "/bin/bash ",
        "/bin/ash ",
        "/bin/dash ",
        "/bin/busybox ",
        "/usr/bin/env ",
        "/usr/bin/bash ",
        "cmd ",
        "powershell ",
        "pwsh ",
    ];
    !text.starts_with("CMD ")
        && SHELLS.iter().any(|shell| text.get(..shell.len()).is_some_and(|start| start.eq_ignore_ascii_case(shell)))
}

fn starts_with_keyword(text: &str) -> bool {
    super::lines::KEYWORDS.contains(&text.split(' ').next().unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn builder(text: &str, comment: &str) -> Option<Builder> {
        let comment = Some(comment.to_owned()).filter(|comment| !comment.is_empty());
        HistoryEntry { created_by: text.to_owned(), comment, ..HistoryEntry::default() }.fingerprint().builder
    }

    #[test]
    fn marks_of_each_builder() {
        for (text, comment, expected) in [
            ("/bin/sh -c #(nop)  CMD [\"sh\"]", "", Some(Builder::Classic)),
            ("/bin/sh -c #(nop) ADD file:00 in / ", "", None),
            ("/bin/sh -c apt-get update", "", None),
            ("|1 A=1 /bin/sh -c x", "", None),
            ("RUN /bin/sh -c x # buildkit", "buildkit.dockerfile.v0", Some(Builder::BuildKit)),
            ("CMD [\"sh\"]", "buildkit.dockerfile.v0", Some(Builder::BuildKit)),
            ("CMD [\"sh\"]", "", Some(Builder::BuildKit)),
            ("/bin/sh -c #(nop) CMD [\"a\",\"b\"]", "", Some(Builder::Buildah)),
            ("/bin/sh -c #(nop) LABEL a=b", "FROM localhost/base:1", Some(Builder::Buildah)),
            ("", "Imported from -", Some(Builder::DockerImport)),
            ("", "merge sha256:aa to sha256:bb", Some(Builder::DockerSquash)),
            ("# debian.sh --arch 'amd64' out/ 'bookworm' '@1768176000'", "", Some(Builder::Debuerreotype)),
            ("bazel build //x", "", Some(Builder::Bazel)),
            ("ko build ko://example.com/x", "", Some(Builder::Ko)),
            ("Apply image 10.0.17763.6893", "", Some(Builder::WindowsBase)),
            ("bash", "my commit", None),
        ] {
            assert_eq!(builder(text, comment), expected, "{text:?} {comment:?}");
        }
    }

    #[test]
    fn a_mixed_history_has_two_segments() {
        let entries = [
            "/bin/sh -c #(nop) ADD file:00 in / ",
            "/bin/sh -c #(nop)  CMD [\"sh\"]",
            "RUN /bin/sh -c x # buildkit",
            "CMD [\"y\"]",
        ];
        let text = entries.join("\n");
        let history = crate::history::read(text.as_bytes(), crate::history::Hint::default()).unwrap();
        let segments: Vec<_> = history.segments().into_iter().map(|segment| (segment.entries, segment.builder)).collect();
        assert_eq!(segments, [(0..2, Some(Builder::Classic)), (2..4, Some(Builder::BuildKit))]);
    }
}
