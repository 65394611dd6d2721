// Made from src/report/model.rs and src/session/protocol.rs; do not edit.
// LAYERPROOF_BLESS=1 cargo test --lib session::typescript
/**
 * A whole report.
 */
export type Report = {
/**
 * Always [`SCHEMA`].
 */
schema: string,
/**
 * The program that wrote it.
 */
tool: Tool,
/**
 * The answer first.
 */
summary: Summary,
/**
 * Everything that was given, sorted by content.
 */
evidence: Array<Evidence>,
/**
 * Every comparison, loudest first.
 */
checks: Array<Check>,
/**
 * Dockerfiles beside histories, the best alignment of each pair first.
 */
alignments: Array<Alignment>,
/**
 * The images of the case, layer by layer.
 */
images: Array<Image>,
/**
 * The digests of the case and which check joins them.
 */
graph: Graph,
/**
 * Budgets that were in force, by name.
 */
limits: { [key in string]: number },
/**
 * What to bring to prove more, most useful first.
 */
next: Array<Next>, };
/**
 * The program that wrote a report.
 */
export type Tool = {
/**
 * `layerproof`.
 */
name: string,
/**
 * Its version.
 */
version: string, };
/**
 * A verdict's word in JSON.
 */
export type Verdict = "contradicted" | "ambiguous" | "unknown" | "agrees" | "proved";
/**
 * How often each verdict was given.
 */
export type Counts = {
/**
 * Checks with verdict `proved`.
 */
proved: number,
/**
 * Checks with verdict `agrees`.
 */
agrees: number,
/**
 * Checks with verdict `contradicted`.
 */
contradicted: number,
/**
 * Checks with verdict `ambiguous`.
 */
ambiguous: number,
/**
 * Checks with verdict `unknown`.
 */
unknown: number, };
/**
 * The answer in one sentence, and the chain that carries it.
 */
export type Summary = {
/**
 * The loudest verdict.
 */
verdict: Verdict,
/**
 * How often each was given.
 */
counts: Counts,
/**
 * The answer, in one or a few short sentences.
 */
text: string,
/**
 * From the claimed digest down to the tarball: node ids of the graph, each joined to the next one.
 */
chain: Array<Link>, };
/**
 * One station of the summary's chain.
 */
export type Link = {
/**
 * Node of the graph.
 */
node: string,
/**
 * Verdict of the edge to the next station; `null` for the last one.
 */
verdict: Verdict | null,
/**
 * Index into `checks` of that edge.
 */
check: number | null, };
/**
 * A place inside an input.
 */
export type At = {
/**
 * Bytes from the start.
 */
byte?: number,
/**
 * Line, from 1.
 */
line?: number,
/**
 * Column, from 1.
 */
column?: number,
/**
 * Entry of an archive or pointer into a document.
 */
inside?: string, };
/**
 * How loud a finding is.
 */
export type Level = "note" | "warn";
/**
 * Something odd about one input.
 */
export type Finding = {
/**
 * Stable code.
 */
code: string,
/**
 * How loud.
 */
level: Level,
/**
 * Where.
 */
at: At | null,
/**
 * The sentence.
 */
text: string,
/**
 * What to do about it; empty where there is nothing to do.
 */
advice: string, };
/**
 * Why an input could not be read to its end.
 */
export type InputError = {
/**
 * Stable code.
 */
code: string,
/**
 * Where reading ended.
 */
at: At | null,
/**
 * What the format asks for there.
 */
expected: string,
/**
 * What stood there.
 */
found: string,
/**
 * The sentence.
 */
text: string,
/**
 * What to do about it.
 */
advice: string, };
/**
 * One input, or a part of one.
 */
export type Evidence = {
/**
 * Stable within equal cases: made of kind and content, never of the order of arrival.
 */
id: string,
/**
 * Base name, or path inside the dropped folder or archive.
 */
name: string,
/**
 * What it was recognised as, for example `dockerfile`, `history`, `rootfs-tarball`, `docker-archive`, `oci-index`.
 */
kind: string,
/**
 * The same in words, with what it holds: "Dockerfile, 7 lines".
 */
what: string,
/**
 * Size in bytes.
 */
size: number,
/**
 * What each digest of the bytes is: `sha256` of the file; `diff_id` of the uncompressed stream, where there is one.
 */
digests: { [key in string]: string },
/**
 * Parts that were found inside: documents and layers of an archive, documents embedded in a descriptor.
 */
parts: Array<Evidence>,
/**
 * Set when it could not be read to its end.
 */
error: InputError | null,
/**
 * What is odd about it.
 */
findings: Array<Finding>,
/**
 * For archives: how many entries it has (`entries` of the session pages through them).
 */
entries: number | null, };
/**
 * One comparison.
 */
export type Check = {
/**
 * Stable identifier of the kind.
 */
kind: string,
/**
 * The outcome.
 */
verdict: Verdict,
/**
 * Both ends in words: "index.json -> manifest linux/amd64".
 */
subject: string,
/**
 * Title of the kind.
 */
title: string,
/**
 * The result in one sentence.
 */
text: string,
/**
 * What this result proves.
 */
proves: string,
/**
 * What even a good result does not prove.
 */
does_not_prove: string,
/**
 * Facts behind the result.
 */
details: Array<Detail>,
/**
 * Shell commands by which a person repeats it by hand.
 */
repeat: Array<string>,
/**
 * Graph nodes of the ends.
 */
ends: Array<string>, };
/**
 * A fact behind a result.
 */
export type Detail = {
/**
 * Stable code.
 */
code: string,
/**
 * The sentence.
 */
text: string,
/**
 * Its arguments, by name.
 */
args: { [key in string]: string }, };
/**
 * The digests of a case, and how they hang together.
 */
export type Graph = {
/**
 * Nodes, sorted by role and label.
 */
nodes: Array<Node>,
/**
 * Edges, in the order of the checks.
 */
edges: Array<Edge>, };
/**
 * One thing that has a digest or a name.
 */
export type Node = {
/**
 * Identifier, unique in the report.
 */
id: string,
/**
 * Stable role: `index`, `manifest`, `config`, `layer`, `diff-id`, `tarball`, `dockerfile`, `history`, …
 */
role: string,
/**
 * The role in words: "config = image ID".
 */
role_text: string,
/**
 * How a person points at it.
 */
label: string,
/**
 * Its digest.
 */
digest: string | null,
/**
 * The evidence that holds it.
 */
evidence: string | null, };
/**
 * Two nodes that a check joins.
 */
export type Edge = {
/**
 * Node that claims.
 */
from: string,
/**
 * Node that is claimed.
 */
to: string,
/**
 * The verdict.
 */
verdict: Verdict,
/**
 * Index into `checks`.
 */
check: number, };
/**
 * Something worth bringing.
 */
export type Next = {
/**
 * What.
 */
bring: string,
/**
 * What it would decide.
 */
why: string,
/**
 * The exact command that produces it; empty where there is none.
 */
command: string, };
/**
 * A Dockerfile beside a history.
 */
export type Alignment = {
/**
 * Evidence id of the Dockerfile.
 */
dockerfile: string,
/**
 * Evidence id of the history.
 */
history: string,
/**
 * `classic`, `buildkit`, `buildah`, `kaniko` or `unknown`.
 */
builder: string,
/**
 * Why that builder, in words.
 */
builder_text: string,
/**
 * Target stage: its name or number.
 */
stage: string,
/**
 * The outcome of the whole alignment.
 */
verdict: Verdict,
/**
 * Arguments that were inferred: name, value, from what.
 */
inferred: Array<Inferred>,
/**
 * Rows in the order of the Dockerfile and of the history, oldest first.
 */
rows: Array<Row>, };
/**
 * A build argument whose value the history or a file name gives away.
 */
export type Inferred = {
/**
 * Name of the argument.
 */
name: string,
/**
 * Its value.
 */
value: string,
/**
 * What it was inferred from, in words.
 */
from: string, };
/**
 * How an instruction and a history entry stand to each other.
 */
export type Relation = "exact" | "equivalent" | "explained" | "differs" | "missing" | "extra" | "base";
/**
 * One row of an alignment.
 */
export type Row = {
/**
 * The instruction.
 */
instruction: InstructionRef | null,
/**
 * Index of the history entry, oldest first.
 */
history: number | null,
/**
 * The entry's text.
 */
created_by: string | null,
/**
 * How they stand to each other.
 */
relation: Relation,
/**
 * Why, in a sentence.
 */
why: string,
/**
 * Whether a hash of this row was recomputed from a file at hand.
 */
proved: boolean, };
/**
 * Where an instruction stands.
 */
export type InstructionRef = {
/**
 * Its first line.
 */
line: number,
/**
 * Its last line.
 */
last_line: number,
/**
 * Its keyword in upper case.
 */
keyword: string,
/**
 * Its lines as written.
 */
text: string, };
/**
 * An image, as far as it is at hand.
 */
export type Image = {
/**
 * How a person points at it: the name of its archive or document, its tag, its platform.
 */
label: string,
/**
 * Evidence id of its config.
 */
config: string | null,
/**
 * Its layers, lowest first.
 */
layers: Array<Layer>, };
/**
 * A layer of an image, at hand or only named.
 */
export type Layer = {
/**
 * Digest of the layer as it is stored, if a manifest names it.
 */
digest: string | null,
/**
 * Digest of the layer without compression, if the config names it.
 */
diff_id: string | null,
/**
 * Evidence id of its bytes, if they are at hand.
 */
evidence: string | null,
/**
 * The step that made it, as the config's history says.
 */
made_by: MadeBy | null,
/**
 * Whether the config has a history in which no entry is left for this layer, so that `docker history` never shows it.
 */
hidden: boolean, };
/**
 * The step that made a layer: a claim of the image's history.
 */
export type MadeBy = {
/**
 * Index of the history entry, oldest first.
 */
history: number,
/**
 * The entry's text.
 */
created_by: string,
/**
 * The instruction that stands beside the entry in the best alignment with a Dockerfile at hand.
 */
instruction: InstructionRef | null, };
/**
 * What a shell asks for. Every request is answered by exactly one [`Response`] with the same `request` number.
 */
export type Request = { "type": "open",
/**
 * Base name, or path inside a dropped folder.
 */
name: string,
/**
 * Size in bytes, if known.
 */
size: number | null, } | { "type": "push",
/**
 * The source.
 */
source: number, } | { "type": "close",
/**
 * The source.
 */
source: number, } | { "type": "remove",
/**
 * The source.
 */
source: number, } | { "type": "paste",
/**
 * The text.
 */
text: string, } | { "type": "set",
/**
 * The option.
 */
option: Setting, } | { "type": "needs" } | { "type": "begin-pass",
/**
 * The source.
 */
source: number, } | { "type": "pass-push",
/**
 * The source.
 */
source: number, } | { "type": "end-pass",
/**
 * The source.
 */
source: number, } | { "type": "report" } | { "type": "export",
/**
 * Which form.
 */
format: ExportFormat, } | { "type": "entries",
/**
 * Evidence id.
 */
evidence: string,
/**
 * Only entries whose path contains this text, or that fit a filter word (`setuid`, `device`, `changed`).
 */
filter: string,
/**
 * First entry wanted, after filtering.
 */
from: number,
/**
 * How many.
 */
count: number, } | { "type": "explain",
/**
 * Evidence id of the Dockerfile.
 */
evidence: string, } | { "type": "example",
/**
 * Which one.
 */
name: Example, } | { "type": "rebuild" } | { "type": "save",
/**
 * Which artefact.
 */
artefact: Artefact,
/**
 * Offset of the chunk.
 */
from: number, };
/**
 * An option of a session.
 */
export type Setting = { "name": "build-arg",
/**
 * Name of the argument.
 */
key: string,
/**
 * Its value.
 */
value: string | null, } | { "name": "target",
/**
 * The stage; `null` is the last one.
 */
value: string | null, } | { "name": "platform",
/**
 * The platform; `null` is every platform.
 */
value: string | null, } | { "name": "as-of",
/**
 * The day; `null` is unknown.
 */
value: string | null, } | { "name": "history-lines",
/**
 * The source.
 */
source: number,
/**
 * Whether.
 */
value: boolean, } | { "name": "limit",
/**
 * Name of the budget.
 */
key: string,
/**
 * Its value.
 */
value: number, };
/**
 * The built-in examples; their bytes are made by the program itself.
 */
export type Example = "good-image" | "wrong-tarball" | "hidden-layer" | "two-digests";
/**
 * Forms in which a report can leave the page.
 */
export type ExportFormat = "json" | "markdown" | "html" | "text";
/**
 * Something that was rebuilt and can be saved.
 */
export type Artefact = "layer" | "config" | "manifest" | "oci-layout";
/**
 * What a session answers.
 */
export type Response = { "type": "ready",
/**
 * Version of the program.
 */
version: string, } | { "type": "opened",
/**
 * Its number.
 */
source: number, } | { "type": "taken",
/**
 * The source.
 */
source: number,
/**
 * Bytes of it read so far.
 */
read: number, } | { "type": "closed",
/**
 * The source.
 */
source: number,
/**
 * What it was recognised as, in words.
 */
what: string, } | { "type": "done" } | { "type": "needs",
/**
 * In the order in which they are best done.
 */
needs: Array<Need>, } | { "type": "report",
/**
 * The report.
 */
report: Report,
/**
 * Which evidence each source became; the report itself knows no order of arrival.
 */
sources: Array<SourceEvidence>,
/**
 * What a person can set for the Dockerfiles at hand.
 */
choices: Array<Choices>, } | { "type": "text",
/**
 * The text.
 */
text: string,
/**
 * A file name for it.
 */
file_name: string,
/**
 * Its media type.
 */
media_type: string, } | { "type": "entries",
/**
 * How many entries fit the filter.
 */
total: number,
/**
 * The page of them.
 */
entries: Array<EntryRow>, } | { "type": "explained",
/**
 * One per builder whose text differs.
 */
builders: Array<Explanation>, } | { "type": "example",
/**
 * Names and sizes, in the order of the bytes.
 */
files: Array<ExampleFile>, } | { "type": "chunk",
/**
 * Size of the whole artefact.
 */
total: number,
/**
 * A file name for it.
 */
file_name: string, } | { "type": "failed",
/**
 * Stable code.
 */
code: string,
/**
 * What happened.
 */
text: string,
/**
 * What to do.
 */
advice: string, };
/**
 * A source that must be streamed once more.
 */
export type Need = {
/**
 * The source.
 */
source: number,
/**
 * What for, in words: "24 ways of naming this file are tried against the ADD hash".
 */
why: string, };
/**
 * Which evidence of the report a source became.
 */
export type SourceEvidence = {
/**
 * The source.
 */
source: number,
/**
 * Evidence id in the report.
 */
evidence: string,
/**
 * Whether its lines may be taken for texts of steps (`history-lines`), and are not yet.
 */
may_be_lines: boolean, };
/**
 * What a person can set for one Dockerfile.
 */
export type Choices = {
/**
 * Evidence id of the Dockerfile.
 */
dockerfile: string,
/**
 * Its stages in order: the name, or the number where it has none.
 */
stages: Array<string>,
/**
 * The stage that is the target now.
 */
target: string | null,
/**
 * Its build arguments in order of declaration.
 */
arguments: Array<ArgumentChoice>, };
/**
 * A build argument that a Dockerfile declares.
 */
export type ArgumentChoice = {
/**
 * Its name.
 */
name: string,
/**
 * The default that the Dockerfile gives.
 */
default: string | null,
/**
 * The value that was set.
 */
value: string | null, };
/**
 * One file of an example.
 */
export type ExampleFile = {
/**
 * Its name.
 */
name: string,
/**
 * Its size in bytes.
 */
size: number, };
/**
 * One entry of an archive, ready to show.
 */
export type EntryRow = {
/**
 * Path, made safe to show.
 */
path: string,
/**
 * `file`, `dir`, `symlink`, `hardlink`, `char`, `block`, `fifo` or another type's letter.
 */
kind: string,
/**
 * Mode in octal, four digits.
 */
mode: string,
/**
 * `uid:gid`.
 */
owner: string,
/**
 * Size in bytes.
 */
size: number,
/**
 * Modification time, RFC 3339.
 */
modified: string,
/**
 * Link target, or device numbers; empty otherwise.
 */
target: string,
/**
 * SHA-256 of the content; empty where there is none.
 */
sha256: string,
/**
 * Words that the filter knows: `setuid`, `device`, `changed`, `whiteout`.
 */
marks: Array<string>, };
/**
 * The history that one builder would write.
 */
export type Explanation = {
/**
 * The builder and its versions, in words.
 */
builder: string,
/**
 * Its entries, oldest first.
 */
entries: Array<ExplainedEntry>, };
/**
 * One entry that a builder would write.
 */
export type ExplainedEntry = {
/**
 * Line of the instruction.
 */
line: number,
/**
 * The `created_by` text; parts that depend on the build are named in `{…}`.
 */
created_by: string,
/**
 * Whether it makes a layer: `yes`, `no` or `depends`.
 */
layer: string,
/**
 * What a newcomer should know about this line; empty where it speaks for itself.
 */
note: string, };
