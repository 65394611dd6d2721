//! The report as it is written and drawn: schema `layerproof.report/1`.
//!
//! These types are the JSON, byte for byte, and (through ts-rs, in tests) the TypeScript that the page reads. Texts are
//! filled in already: who draws a report decides nothing and words nothing.

use crate::order::Map;
use serde::Serialize;

/// Identifier of the report's form; the number grows when a reader of the old form would misread the new one.
pub const SCHEMA: &str = "layerproof.report/1";

/// A whole report.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Report {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The program that wrote it.
    pub tool: Tool,
    /// The answer first.
    pub summary: Summary,
    /// Everything that was given, sorted by content.
    pub evidence: Vec<Evidence>,
    /// Every comparison, loudest first.
    pub checks: Vec<Check>,
    /// Dockerfiles beside histories, the best alignment of each pair first.
    pub alignments: Vec<Alignment>,
    /// The images of the case, layer by layer.
    pub images: Vec<Image>,
    /// The digests of the case and which check joins them.
    pub graph: Graph,
    /// Budgets that were in force, by name.
    #[cfg_attr(test, ts(as = "std::collections::BTreeMap<String, u64>"))]
    pub limits: Map<String, u64>,
    /// What to bring to prove more, most useful first.
    pub next: Vec<Next>,
}

/// The program that wrote a report.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Tool {
    /// `layerproof`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A verdict's word in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// They cannot both be true.
    Contradicted,
    /// Reads differently for different tools.
    Ambiguous,
    /// Not decided.
    Unknown,
    /// Two claims say the same.
    Agrees,
    /// Recomputed and equal.
    Proved,
}

/// How often each verdict was given.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Counts {
    /// Checks with verdict `proved`.
    pub proved: u32,
    /// Checks with verdict `agrees`.
    pub agrees: u32,
    /// Checks with verdict `contradicted`.
    pub contradicted: u32,
    /// Checks with verdict `ambiguous`.
    pub ambiguous: u32,
    /// Checks with verdict `unknown`.
    pub unknown: u32,
}

/// The answer in one sentence, and the chain that carries it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Summary {
    /// The loudest verdict.
    pub verdict: Verdict,
    /// How often each was given.
    pub counts: Counts,
    /// The answer, in one or a few short sentences.
    pub text: String,
    /// From the claimed digest down to the tarball: node ids of the graph, each joined to the next one.
    pub chain: Vec<Link>,
}

/// One station of the summary's chain.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Link {
    /// Node of the graph.
    pub node: String,
    /// Verdict of the edge to the next station; `null` for the last one.
    pub verdict: Option<Verdict>,
    /// Index into `checks` of that edge.
    pub check: Option<u32>,
}

/// A place inside an input.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct At {
    /// Bytes from the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub byte: Option<u64>,
    /// Line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub line: Option<u32>,
    /// Column, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub column: Option<u32>,
    /// Entry of an archive or pointer into a document.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub inside: Option<String>,
}

/// How loud a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth knowing.
    Note,
    /// Somebody should look.
    Warn,
}

/// Something odd about one input.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Finding {
    /// Stable code.
    pub code: String,
    /// How loud.
    pub level: Level,
    /// Where.
    pub at: Option<At>,
    /// The sentence.
    pub text: String,
    /// What to do about it; empty where there is nothing to do.
    pub advice: String,
}

/// Why an input could not be read to its end.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct InputError {
    /// Stable code.
    pub code: String,
    /// Where reading ended.
    pub at: Option<At>,
    /// What the format asks for there.
    pub expected: String,
    /// What stood there.
    pub found: String,
    /// The sentence.
    pub text: String,
    /// What to do about it.
    pub advice: String,
}

/// One input, or a part of one.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Evidence {
    /// Stable within equal cases: made of kind and content, never of the order of arrival.
    pub id: String,
    /// Base name, or path inside the dropped folder or archive.
    pub name: String,
    /// What it was recognised as, for example `dockerfile`, `history`, `rootfs-tarball`, `docker-archive`, `oci-index`.
    pub kind: String,
    /// The same in words, with what it holds: "Dockerfile, 7 lines".
    pub what: String,
    /// Size in bytes.
    #[cfg_attr(test, ts(type = "number"))]
    pub size: u64,
    /// What each digest of the bytes is: `sha256` of the file; `diff_id` of the uncompressed stream, where there is one.
    #[cfg_attr(test, ts(as = "std::collections::BTreeMap<String, String>"))]
    pub digests: Map<String, String>,
    /// Parts that were found inside: documents and layers of an archive, documents embedded in a descriptor.
    pub parts: Vec<Evidence>,
    /// Set when it could not be read to its end.
    pub error: Option<InputError>,
    /// What is odd about it.
    pub findings: Vec<Finding>,
    /// For archives: how many entries it has (`entries` of the session pages through them).
    #[cfg_attr(test, ts(type = "number | null"))]
    pub entries: Option<u64>,
}

/// One comparison.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Check {
    /// Stable identifier of the kind.
    pub kind: String,
    /// The outcome.
    pub verdict: Verdict,
    /// Both ends in words: "index.json -> manifest linux/amd64".
    pub subject: String,
    /// Title of the kind.
    pub title: String,
    /// The result in one sentence.
    pub text: String,
    /// What this result proves.
    pub proves: String,
    /// What even a good result does not prove.
    pub does_not_prove: String,
    /// Facts behind the result.
    pub details: Vec<Detail>,
    /// Shell commands by which a person repeats it by hand.
    pub repeat: Vec<String>,
    /// Graph nodes of the ends.
    pub ends: Vec<String>,
}

/// A fact behind a result.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Detail {
    /// Stable code.
    pub code: String,
    /// The sentence.
    pub text: String,
    /// Its arguments, by name.
    #[cfg_attr(test, ts(as = "std::collections::BTreeMap<String, String>"))]
    pub args: Map<String, String>,
}

/// The digests of a case, and how they hang together.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Graph {
    /// Nodes, sorted by role and label.
    pub nodes: Vec<Node>,
    /// Edges, in the order of the checks.
    pub edges: Vec<Edge>,
}

/// One thing that has a digest or a name.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Node {
    /// Identifier, unique in the report.
    pub id: String,
    /// Stable role: `index`, `manifest`, `config`, `layer`, `diff-id`, `tarball`, `dockerfile`, `history`, …
    pub role: String,
    /// The role in words: "config = image ID".
    pub role_text: String,
    /// How a person points at it.
    pub label: String,
    /// Its digest.
    pub digest: Option<String>,
    /// The evidence that holds it.
    pub evidence: Option<String>,
}

/// Two nodes that a check joins.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Edge {
    /// Node that claims.
    pub from: String,
    /// Node that is claimed.
    pub to: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Index into `checks`.
    pub check: u32,
}

/// Something worth bringing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Next {
    /// What.
    pub bring: String,
    /// What it would decide.
    pub why: String,
    /// The exact command that produces it; empty where there is none.
    pub command: String,
}

/// A Dockerfile beside a history.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Alignment {
    /// Evidence id of the Dockerfile.
    pub dockerfile: String,
    /// Evidence id of the history.
    pub history: String,
    /// `classic`, `buildkit`, `buildah`, `kaniko` or `unknown`.
    pub builder: String,
    /// Why that builder, in words.
    pub builder_text: String,
    /// Target stage: its name or number.
    pub stage: String,
    /// The outcome of the whole alignment.
    pub verdict: Verdict,
    /// Arguments that were inferred: name, value, from what.
    pub inferred: Vec<Inferred>,
    /// Rows in the order of the Dockerfile and of the history, oldest first.
    pub rows: Vec<Row>,
}

/// A build argument whose value the history or a file name gives away.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Inferred {
    /// Name of the argument.
    pub name: String,
    /// Its value.
    pub value: String,
    /// What it was inferred from, in words.
    pub from: String,
}

/// An image, as far as it is at hand.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Image {
    /// How a person points at it: the name of its archive or document, its tag, its platform.
    pub label: String,
    /// Evidence id of its config.
    pub config: Option<String>,
    /// Its layers, lowest first.
    pub layers: Vec<Layer>,
}

/// A layer of an image, at hand or only named.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Layer {
    /// Digest of the layer as it is stored, if a manifest names it.
    pub digest: Option<String>,
    /// Digest of the layer without compression, if the config names it.
    pub diff_id: Option<String>,
    /// Evidence id of its bytes, if they are at hand.
    pub evidence: Option<String>,
    /// The step that made it, as the config's history says.
    pub made_by: Option<MadeBy>,
    /// Whether the config has a history in which no entry is left for this layer, so that `docker history` never shows it.
    pub hidden: bool,
}

/// The step that made a layer: a claim of the image's history.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MadeBy {
    /// Index of the history entry, oldest first.
    pub history: u32,
    /// The entry's text.
    pub created_by: String,
    /// The instruction that stands beside the entry in the best alignment with a Dockerfile at hand.
    pub instruction: Option<InstructionRef>,
}

/// How an instruction and a history entry stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// The text that this builder writes.
    Exact,
    /// The same after a normalisation that this export is known to apply.
    Equivalent,
    /// Differs in a way that the builder leaves open, or is not recorded by it.
    Explained,
    /// Both there and not reconcilable.
    Differs,
    /// The builder would have recorded it.
    Missing,
    /// Nothing in the Dockerfile accounts for it.
    Extra,
    /// Belongs to the FROM image.
    Base,
}

/// One row of an alignment.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Row {
    /// The instruction.
    pub instruction: Option<InstructionRef>,
    /// Index of the history entry, oldest first.
    pub history: Option<u32>,
    /// The entry's text.
    pub created_by: Option<String>,
    /// How they stand to each other.
    pub relation: Relation,
    /// Why, in a sentence.
    pub why: String,
    /// Whether a hash of this row was recomputed from a file at hand.
    pub proved: bool,
}

/// Where an instruction stands.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct InstructionRef {
    /// Its first line.
    pub line: u32,
    /// Its last line.
    pub last_line: u32,
    /// Its keyword in upper case.
    pub keyword: String,
    /// Its lines as written.
    pub text: String,
}
