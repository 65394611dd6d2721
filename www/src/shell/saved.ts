// A report that was saved and comes back, as JSON or inside an exported HTML page. It is a claim: it is shown as one, and never
// mixed with what was verified here.
import type { Report } from "../../protocol.js";
import type { Brought } from "./collect.js";

const SCHEMA = "layerproof.report/1";
/** Larger files are no reports. */
const LARGEST = 64 << 20;

/** The saved report that a file holds; `undefined` when it holds none, `"unreadable"` when it says that it does but does not. */
export async function savedReport({ blob, name }: Brought): Promise<Report | "unreadable" | undefined> {
  if (!/\.(json|html?)$/i.test(name) || blob.size > LARGEST) return undefined;
  const head = await blob.slice(0, 4096).text().catch(() => "");
  if (!/"schema":\s*"layerproof\.report\/|layerproof-report/.test(head) && !/\.html?$/i.test(name)) return undefined;
  const text = await blob.text().catch(() => "");
  const json = /\.json$/i.test(name) ? text : embedded(text);
  return json === undefined ? undefined : parse(json);
}

/** How the data block of an exported page begins (`src/report/html.rs`); inside it every `<` is escaped. */
const BLOCK = '<script type="application/json" id="layerproof-report">';

/** The data block of an exported page. It is cut out of the text: parsed as a document, the page's style would offend the policy. */
function embedded(page: string): string | undefined {
  const begin = page.lastIndexOf(BLOCK);
  const end = page.indexOf("</script>", begin);
  return begin < 0 || end < 0 ? undefined : page.slice(begin + BLOCK.length, end);
}

function parse(json: string): Report | "unreadable" {
  try {
    const value: unknown = JSON.parse(json);
    return isReport(value) ? value : "unreadable";
  } catch {
    return "unreadable";
  }
}

type Guard = (value: unknown) => boolean;

const text: Guard = (value) => typeof value === "string";
const amount: Guard = (value) => typeof value === "number" && value >= 0;
const flag: Guard = (value) => typeof value === "boolean";
const oneOf = (...words: string[]): Guard => (value) => words.includes(value as string);
const maybe = (guard: Guard): Guard => (value) => value === null || guard(value);
const absent = (guard: Guard): Guard => (value) => value === undefined || guard(value);
const list = (guard: Guard): Guard => (value) => Array.isArray(value) && value.every(guard);
const map = (guard: Guard): Guard => (value) => typeof value === "object" && value !== null && Object.values(value).every(guard);
const shape = (fields: Record<string, Guard>): Guard => (value) =>
  typeof value === "object" && value !== null && Object.entries(fields).every(([name, guard]) => guard((value as Record<string, unknown>)[name]));

const verdict = oneOf("proved", "agrees", "contradicted", "ambiguous", "unknown");
const at = maybe(shape({ byte: absent(amount), line: absent(amount), column: absent(amount), inside: absent(text) }));
const finding = shape({ code: text, level: oneOf("note", "warn"), at, text, advice: text });
const evidence: Guard = (value) =>
  shape({
    id: text, name: text, kind: text, what: text, size: amount, digests: map(text), parts: list(evidence), entries: maybe(amount),
    error: maybe(shape({ code: text, at, expected: text, found: text, text, advice: text })), findings: list(finding),
  })(value);
const check = shape({
  kind: text, verdict, subject: text, title: text, text, proves: text, does_not_prove: text, repeat: list(text), ends: list(text),
  details: list(shape({ code: text, text, args: map(text) })),
});
const relation = oneOf("exact", "equivalent", "explained", "differs", "missing", "extra", "base");
const instruction = maybe(shape({ line: amount, last_line: amount, keyword: text, text }));
const row = shape({
  instruction,
  history: maybe(amount), created_by: maybe(text), relation, why: text, proved: flag,
});
const alignment = shape({
  dockerfile: text, history: text, builder: text, builder_text: text, stage: text, verdict,
  inferred: list(shape({ name: text, value: text, from: text })), rows: list(row),
});
const layer = shape({
  digest: maybe(text), diff_id: maybe(text), evidence: maybe(text), hidden: flag,
  made_by: maybe(shape({ history: amount, created_by: text, instruction })),
});
const report = shape({
  schema: oneOf(SCHEMA),
  tool: shape({ name: text, version: text }),
  summary: shape({
    verdict, text,
    counts: shape({ proved: amount, agrees: amount, contradicted: amount, ambiguous: amount, unknown: amount }),
    chain: list(shape({ node: text, verdict: maybe(verdict), check: maybe(amount) })),
  }),
  evidence: list(evidence),
  checks: list(check),
  alignments: list(alignment),
  images: list(shape({ label: text, config: maybe(text), layers: list(layer) })),
  graph: shape({
    nodes: list(shape({ id: text, role: text, role_text: text, label: text, digest: maybe(text), evidence: maybe(text) })),
    edges: list(shape({ from: text, to: text, verdict, check: amount })),
  }),
  limits: map(amount),
  next: list(shape({ bring: text, why: text, command: text })),
});

/** Whether a value has the form of a report of this version, to its last field: it was written by nobody knows whom. */
export function isReport(value: unknown): value is Report {
  return report(value);
}
