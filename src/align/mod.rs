//! A Dockerfile beside a history: which instruction left which entry, and why.
//!
//! [`align`] writes the history that each builder would have written ([`crate::recipe`]), lays it beside the recorded one and
//! takes the cheapest way to join both: every pair, every entry of the base image, every gap has a cost, and the sum is the
//! least possible (dynamic programming). What a Dockerfile leaves open is then looked up in the history: the end of the base
//! image's entries, values of build arguments. One argument has one value; with the values found, every text is written again
//! and compared as a whole, so that a text never matches "somehow".
//!
//! A history is text that somebody could have written; an alignment agrees at most and proves nothing.
//!
//! ```
//! use layerproof::align::{Context, Relation, align};
//! use layerproof::{dockerfile, history};
//!
//! let file = dockerfile::parse(b"FROM scratch\nARG NAME\nLABEL name=$NAME\n", &dockerfile::Limits::default())?;
//! let text = r##"[{"created_by":"/bin/sh -c #(nop)  ARG NAME","empty_layer":true},
//!                 {"created_by":"/bin/sh -c #(nop)  LABEL name=demo","empty_layer":true}]"##;
//! let history = history::read(text.as_bytes(), history::Hint::default())?;
//! let best = &align(&file, &history, &Context::default())[0];
//! assert_eq!(best.family.map(|family| family.name()), Some("classic"));
//! assert_eq!(best.rows[1].relation, Relation::Explained);
//! assert_eq!((best.inferred[0].name.as_str(), best.inferred[0].value.as_str()), ("NAME", "demo"));
//! # Ok::<(), layerproof::finding::ReadError>(())
//! ```

mod base;
mod builder;
mod capture;
mod compare;
mod files;
mod foreign;
mod lay;
mod open;
mod prepare;
mod rows;
mod single_snapshot;
mod solve;
mod verdict;

pub use base::{BasePrefix, base_prefix};
pub(crate) use files::fit as name_fits;

use crate::order::{self, Map};

use crate::digest::Digest;
use crate::dockerfile::{BuildArguments, Dockerfile};
use crate::finding::Said;
use crate::history::History;
use crate::recipe::{Family, Recipe, StageChoice};

/// What is known beside the two texts.
#[derive(Debug, Clone, Default)]
pub struct Context<'a> {
    /// Build arguments, as `--build-arg` would give them.
    pub build_args: Map<String, String>,
    /// The target stage, by name or number; `None` is the last one, and others if that one does not fit.
    pub target: Option<String>,
    /// The image's platform, `os/arch[/variant]`.
    pub platform: Option<String>,
    /// Files at hand that an ADD or COPY may have taken.
    pub files: Vec<FileAtHand>,
    /// ADD hashes that were recomputed from files at hand.
    pub add_hashes: Vec<ProvedHash>,
    /// The base image's own history.
    pub base: Option<&'a History>,
}

/// A file at hand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileAtHand {
    /// Its base name, or its path in the dropped folder.
    pub name: String,
    /// SHA-256 of its bytes.
    pub digest: Option<Digest>,
}

/// A hash in an ADD or COPY entry that a file at hand gives.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProvedHash {
    /// The file's path in the build context, as it went into the hash.
    pub path: String,
    /// What stands before the digits: `file:`, `dir:`, `multi:`.
    pub kind: String,
    /// The digits, lower case.
    pub hex: String,
    /// The name went into the hash, so that a line with another name cannot have left it.
    pub named: bool,
}

/// A Dockerfile laid beside a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alignment {
    /// The program whose way of writing explains most; `None` if none explains anything.
    pub family: Option<Family>,
    /// The version range that is named, and others that write the same for this file.
    pub recipes: Vec<&'static Recipe>,
    /// Why this builder, each a sentence.
    pub builder: Vec<Said>,
    /// Name or number of the target stage.
    pub stage: String,
    /// The number of that stage.
    pub stage_index: usize,
    /// The outcome.
    pub outcome: Outcome,
    /// The outcome in one sentence.
    pub said: Said,
    /// Build arguments that were inferred.
    pub inferred: Vec<Inferred>,
    /// Rows in the order of both texts, oldest first.
    pub rows: Vec<Row>,
    /// Entries at the beginning of the history that belong to the base image.
    pub base_entries: usize,
    /// Whether the number of base entries is known from the base image's own history.
    pub base_checked: bool,
    /// Another way to join both costs the same, and pairs differently.
    pub tie: bool,
    /// What holds for the whole: limits of what was compared, odd things.
    pub notes: Vec<Said>,
}

/// How an alignment comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// They cannot belong together.
    Contradicted,
    /// Not decided.
    Unknown,
    /// They say the same.
    Agrees,
}

/// An argument whose value was found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inferred {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// From what.
    pub from: Said,
}

/// How an instruction and an entry stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// The text that this builder writes.
    Exact,
    /// The same after what this export does to texts.
    Equivalent,
    /// Differs in a way that the builder leaves open, or is not recorded by it.
    Explained,
    /// Both there and not reconcilable.
    Differs,
    /// The builder would have recorded it.
    Missing,
    /// Nothing in the Dockerfile accounts for it.
    Extra,
    /// Belongs to the base image.
    Base,
}

impl Relation {
    /// Whether the row speaks against the two belonging together.
    pub fn is_bad(self) -> bool {
        matches!(self, Self::Differs | Self::Missing | Self::Extra)
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Index of the instruction in [`Dockerfile::instructions`]; `None` for base, extra and trigger rows.
    pub instruction: Option<usize>,
    /// For a trigger row: index of the ONBUILD that caused it, if it stands in this file.
    pub trigger: Option<usize>,
    /// Index of the history entry, oldest first.
    pub entry: Option<usize>,
    /// How they stand to each other.
    pub relation: Relation,
    /// Why.
    pub why: Said,
    /// What the builder would have written; `None` where nothing is expected.
    pub expected: Option<String>,
    /// The hash in the entry's text, if the builder writes one.
    pub hash: Option<crate::recipe::Source>,
    /// For ADD and COPY from the build context: the sources, expanded. They may be patterns.
    pub sources: Vec<String>,
    /// The hash was recomputed from a file at hand.
    pub proved: bool,
    /// The entry is only the beginning of its text, so only that was compared.
    pub truncated: bool,
    /// Parts of the instruction that the history does not carry.
    pub blind: Vec<Said>,
    /// The row may be as it should be or not; nothing at hand decides it.
    pub doubtful: bool,
}

/// Lays a Dockerfile beside a history. The best alignment comes first: the one that explains most, and among equals the one
/// of the last stage and of the newest builder. Never empty.
pub fn align(file: &Dockerfile, history: &History, context: &Context<'_>) -> Vec<Alignment> {
    let arguments = BuildArguments {
        values: context.build_args.clone(),
        target_platform: context.platform.clone(),
        ..BuildArguments::default()
    };
    let prepared = prepare::Prepared::new(history);
    let task = solve::Task { file, history: &prepared, context, arguments: &arguments };
    let choice = context.target.as_deref().map_or(StageChoice::Last, StageChoice::Target);
    let mut found = vec![task.stage(choice)];
    let agrees = |found: &[Alignment]| found.iter().any(|alignment| alignment.outcome == Outcome::Agrees);
    if context.target.is_none() && !agrees(&found) {
        let others = (0..file.stages.len().saturating_sub(1)).rev().take(solve::MOST_STAGES);
        found.extend(
            others.map(|number| task.stage(StageChoice::Number(number))).filter(|other| other.outcome == Outcome::Agrees),
        );
    }
    order::sort_by_key(&mut found, |alignment| std::cmp::Reverse(alignment.outcome == Outcome::Agrees));
    found
}
