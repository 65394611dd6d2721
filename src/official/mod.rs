//! Library files of docker-library/official-images: which commit of which repository each tag of an official image is made of.
//!
//! The format is bashbrew's: paragraphs of `Field: value` lines, separated by empty lines; the first paragraph without `Tags`
//! gives defaults, later ones override them; `<arch>-Field` overrides a field for one architecture; `#` begins a comment line
//! anywhere; a line that begins with white space continues the value above. Until 2016 each tag was one line
//! `tag: git://repository@commit directory`; both are read.

mod fetch;
mod parse;

pub use fetch::{Fetch, raw_document, shell_quote};
pub use parse::{looks_like_library, parse};

use crate::finding::Finding;

/// A whole library file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LibraryFile {
    /// Who maintains the image, as written.
    pub maintainers: Vec<String>,
    /// One per paragraph with tags.
    pub entries: Vec<Entry>,
    /// Odd things.
    pub findings: Vec<Finding>,
}

/// One paragraph: tags that are made of the same sources.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    /// Line of its first field, from 1.
    pub line: u32,
    /// Tags that this paragraph alone makes.
    pub tags: Vec<String>,
    /// Tags that several paragraphs make together (Linux and Windows).
    pub shared_tags: Vec<String>,
    /// What each architecture is made of.
    pub pins: Vec<Pin>,
    /// What a builder must run on.
    pub constraints: Vec<String>,
}

/// What one architecture of an entry is made of. All texts are as written; show them through [`crate::finding::visible`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// bashbrew's name of the architecture: `amd64`, `arm32v7`, `arm64v8`, …
    pub architecture: String,
    /// Repository.
    pub git_repo: String,
    /// Branch or tag that holds the commit, if it is not on the default branch.
    pub git_fetch: Option<String>,
    /// Commit, 40 hex digits.
    pub git_commit: String,
    /// Folder in the repository, without slashes at its ends; `.` is its root.
    pub directory: String,
    /// File that is built: `Dockerfile`, or `index.json` for [`Builder::OciImport`].
    pub file: String,
    /// Who builds it.
    pub builder: Builder,
}

/// What makes an image from the pinned folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Builder {
    /// Not named: BuildKit since 2024, the classic builder before.
    Unnamed,
    /// docker's classic builder.
    Classic,
    /// BuildKit.
    BuildKit,
    /// No build at all: the folder is an OCI layout and its image is published as it is. That is why a JSON document stands
    /// where one expects a Dockerfile.
    OciImport,
    /// Another word.
    Other(String),
}

impl LibraryFile {
    /// The entries that make a tag, alone or together.
    pub fn entries_of<'a>(&'a self, tag: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(move |entry| entry.all_tags().any(|own| own == tag))
    }
}

impl Entry {
    /// Its own tags and the shared ones.
    pub fn all_tags(&self) -> impl Iterator<Item = &str> {
        self.tags.iter().chain(&self.shared_tags).map(String::as_str)
    }
}

impl Pin {
    /// The platform that OCI documents write for this architecture: `linux/arm/v7`. `None` for a name that is not known.
    pub fn platform(&self) -> Option<&'static str> {
        PLATFORMS.iter().find(|(name, _)| *name == self.architecture).map(|(_, platform)| *platform)
    }

    /// Path of the file inside the repository.
    pub fn path(&self) -> String {
        if self.directory == "." { self.file.clone() } else { format!("{}/{}", self.directory, self.file) }
    }
}

/// bashbrew's architectures as OCI platforms.
const PLATFORMS: &[(&str, &str)] = &[
    ("amd64", "linux/amd64"),
    ("arm32v5", "linux/arm/v5"),
    ("arm32v6", "linux/arm/v6"),
    ("arm32v7", "linux/arm/v7"),
    ("arm64v8", "linux/arm64/v8"),
    ("i386", "linux/386"),
    ("mips64le", "linux/mips64le"),
    ("ppc64le", "linux/ppc64le"),
    ("riscv64", "linux/riscv64"),
    ("s390x", "linux/s390x"),
    ("windows-amd64", "windows/amd64"),
];
