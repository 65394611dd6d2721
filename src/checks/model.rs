use crate::digest::Digest;
use crate::finding::Said;
use std::cmp::Ordering;

/// The outcome of one comparison; there are no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Two claims cannot both be true.
    Contradicted,
    /// The input itself reads differently for different tools that accept it.
    Ambiguous,
    /// Not decided: evidence is missing, or the builder's behaviour is not known.
    Unknown,
    /// Two claims say the same, and somebody could have written both.
    Agrees,
    /// Recomputed from bytes at hand and equal.
    Proved,
}

impl Verdict {
    /// All five, loudest first (the order of a report).
    pub const ALL: [Self; 5] = [Self::Contradicted, Self::Ambiguous, Self::Unknown, Self::Agrees, Self::Proved];
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $id:literal,)*) => {
        /// What a check compares. The identifiers are stable: reports, links and documentation use them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($(#[$doc])* $variant,)* }

        impl Kind {
            /// Every kind, in the order in which a report lists equal verdicts.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable identifier.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// Catalogue code of the title.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => concat!("check.", $id, ".title"),)* }
            }

            /// Catalogue code of what a good result proves.
            pub const fn proves(self) -> &'static str {
                match self { $(Self::$variant => concat!("check.", $id, ".proves"),)* }
            }

            /// Catalogue code of what even a good result does not prove.
            pub const fn does_not_prove(self) -> &'static str {
                match self { $(Self::$variant => concat!("check.", $id, ".does-not-prove"),)* }
            }
        }
    };
}

kinds! {
    /// A descriptor's digest and size against the bytes it names.
    Descriptor = "descriptor",
    /// The platform an index claims against the config's.
    Platform = "platform",
    /// A layer's uncompressed digest against the config's diff_id.
    DiffId = "diff-id",
    /// History entries of a config against its layers.
    HistoryLayers = "history-layers",
    /// Two exports of one history.
    HistoryExport = "history-export",
    /// A Dockerfile against a history, line by line.
    DockerfileHistory = "dockerfile-history",
    /// A base image's history against the beginning of another.
    BaseHistory = "base-history",
    /// The hash in `ADD file:…` or `COPY file:…` against a file.
    AddHash = "add-hash",
    /// A tarball against an image's layer.
    LayerTarball = "layer-tarball",
    /// Two images.
    ImageCompare = "image-compare",
    /// A layer rebuilt from a tarball.
    LayerRebuild = "layer-rebuild",
    /// A config rebuilt from a Dockerfile and layers.
    ConfigRebuild = "config-rebuild",
    /// A manifest rebuilt from config and layers.
    ManifestRebuild = "manifest-rebuild",
    /// A checksum list against files.
    ChecksumList = "checksum-list",
    /// A signature.
    Signature = "signature",
    /// A library file of official-images against a Dockerfile or index.
    LibraryFile = "library-file",
    /// A digest that somebody typed or copied.
    DigestClaim = "digest-claim",
    /// An archive or document that tools read differently.
    ArchiveAmbiguity = "archive-ambiguity",
    /// An attestation.
    Attestation = "attestation",
    /// Files of a root file system against its package database.
    PackageFiles = "package-files",
    /// Advice.
    BestPractice = "best-practice",
}

/// What one end of a check is, in the field's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// An OCI index or Docker manifest list.
    Index,
    /// An image manifest.
    Manifest,
    /// An image config; its digest is the image ID of docker's graphdriver store.
    Config,
    /// A layer blob as stored (usually compressed).
    Layer,
    /// A layer's uncompressed tar.
    DiffId,
    /// A root file system tarball, or another file that a Dockerfile adds.
    Tarball,
    /// A Dockerfile.
    Dockerfile,
    /// A history export.
    History,
    /// The hash that the classic builder writes for ADD and COPY sources.
    AddHash,
    /// Identity of a stack of layers.
    ChainId,
    /// A checksum list.
    ChecksumList,
    /// A library file of docker-library/official-images.
    LibraryFile,
    /// A digest that somebody typed or copied.
    Claim,
    /// An attestation manifest or statement.
    Attestation,
    /// An image archive or layout.
    Archive,
    /// Any other file.
    File,
}

/// One end of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// What it is.
    pub role: Role,
    /// How a person would point at it: a file name, a platform, a line. Already safe to show.
    pub label: String,
    /// Its digest, if it has one.
    pub digest: Option<Digest>,
    /// The item of the case that holds its bytes or its text, if one does.
    pub item: Option<crate::case::ItemId>,
}

impl Ord for End {
    fn cmp(&self, other: &Self) -> Ordering {
        let rest = |end: &Self| (end.digest, end.item);
        let label = || by_number(&self.label, &other.label).then_with(|| self.label.cmp(&other.label));
        self.role.cmp(&other.role).then_with(label).then_with(|| rest(self).cmp(&rest(other)))
    }
}

impl PartialOrd for End {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// As a person counts: "line 2" before "line 10".
fn by_number(one: &str, other: &str) -> Ordering {
    let mut rests = (one, other);
    loop {
        let (before, after) = (digits(rests.0), digits(rests.1));
        let text = before.text.cmp(after.text);
        let number = (before.number.len(), before.number).cmp(&(after.number.len(), after.number));
        let order = text.then(number);
        if order.is_ne() || before.rest.is_empty() || after.rest.is_empty() {
            return order.then(before.rest.len().cmp(&after.rest.len()));
        }
        rests = (before.rest, after.rest);
    }
}

struct Digits<'t> {
    text: &'t str,
    number: &'t str,
    rest: &'t str,
}

/// What comes before the first number, that number without its leading zeros, and what follows.
fn digits(text: &str) -> Digits<'_> {
    let start = text.find(|letter: char| letter.is_ascii_digit()).unwrap_or(text.len());
    let (text, number) = text.split_at(start);
    let end = number.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(number.len());
    let (number, rest) = number.split_at(end);
    Digits { text, number: number.trim_start_matches('0'), rest }
}

impl End {
    /// An end that no item of the case holds.
    pub fn new(role: Role, label: impl Into<String>) -> Self {
        Self { role, label: label.into(), digest: None, item: None }
    }

    /// The label, or the beginning of the digest for an end that only its digest names.
    pub fn shown(&self) -> String {
        match self.digest {
            Some(digest) if self.label.is_empty() => format!("{}:{}", digest.algorithm().name(), &digest.hex()[..12]),
            _ => self.label.clone(),
        }
    }

    /// Names its digest.
    pub fn digest(mut self, digest: Digest) -> Self {
        self.digest = Some(digest);
        self
    }

    /// Names the item that holds it.
    pub fn item(mut self, item: crate::case::ItemId) -> Self {
        self.item = Some(item);
        self
    }
}

/// Something that would decide more if the person brought it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Want {
    /// What to bring.
    pub bring: Said,
    /// What it would decide.
    pub why: Said,
    /// The exact command that produces it, where there is one.
    pub command: Option<String>,
}

/// The result of one comparison: one edge between two ends, one verdict.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Check {
    /// The verdict; first, so that checks sort loudest first.
    pub verdict: Verdict,
    /// What was compared.
    pub kind: Kind,
    /// The end that claims.
    pub from: End,
    /// The end that is claimed, or checked against; `None` where a check looks at one thing only.
    pub to: Option<End>,
    /// The result in one sentence.
    pub said: Said,
    /// Facts behind it, each a sentence.
    pub details: Vec<Said>,
    /// Shell commands by which a person repeats it by hand.
    pub repeat: Vec<String>,
    /// What would decide it, or prove more.
    pub wants: Vec<Want>,
}

impl Check {
    /// A check with its one sentence; the rest is added.
    pub fn new(kind: Kind, verdict: Verdict, from: End, said: Said) -> Self {
        Self { verdict, kind, from, to: None, said, details: Vec::new(), repeat: Vec::new(), wants: Vec::new() }
    }

    /// Names the other end.
    pub fn to(mut self, to: End) -> Self {
        self.to = Some(to);
        self
    }

    /// Adds a fact.
    pub fn detail(mut self, said: Said) -> Self {
        self.details.push(said);
        self
    }

    /// Adds a command that repeats the check by hand.
    pub fn repeat(mut self, command: impl Into<String>) -> Self {
        self.repeat.push(command.into());
        self
    }

    /// Adds something worth bringing.
    pub fn want(mut self, want: Want) -> Self {
        self.wants.push(want);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_sorted_as_a_person_counts() {
        let mut labels = ["line 10", "line 2", "line 02", "line", "a", "line 2 of 3", "line 2 of 11", "10", "9"];
        labels.sort_by(|one, other| End::new(Role::File, *one).cmp(&End::new(Role::File, *other)));
        assert_eq!(labels, ["9", "10", "a", "line", "line 02", "line 2", "line 2 of 3", "line 2 of 11", "line 10"]);
    }
}
