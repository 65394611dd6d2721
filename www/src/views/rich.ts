// Texts of the report with their digests, code and terms made into things one can point at. Everything goes through Lit's text
// bindings: a file name or a history line is never read as HTML.
import { html, nothing, type TemplateResult } from "lit";
import { shortDigest } from "../format.js";
import { strings } from "../strings.js";

const { list: WORDS } = strings.words;
const DIGEST = "(?:sha256:|file:|dir:|multi:)?\\b[0-9a-f]{64}\\b";
const PARTS = new RegExp(`(${DIGEST})|\`([^\`]+)\``, "g");
const TERMS = new RegExp(`(?<![\\w/.-])(${WORDS.map((word) => `(?<${group(word.id)}>${word.match})`).join("|")})(?![\\w/.-])`, "g");

/** The terms that a section has explained already: each is underlined once. */
export type Terms = Set<string>;

/**
 * A digest as a thing: short, copied whole by a click or by `c`, lit up together with all its places. Its name is what is seen,
 * which on paper is the whole digest.
 */
export function digest(value: string): TemplateResult {
  const short = shortDigest(value);
  return html`<button type="button" class="digest" part="digest" data-digest=${key(value)} data-whole=${value} title=${value}
    ><span class="short">${short}</span><span class="whole">${value}</span></button>`;
}

/** What two places of one digest have in common, whatever stands before the hex digits. */
export function key(digest: string): string {
  return digest.slice(digest.lastIndexOf(":") + 1);
}

/** A sentence: digests become buttons, `code` becomes code, terms not seen yet in this section are explained. */
export function rich(text: string, terms?: Terms): unknown[] {
  const parts: unknown[] = [];
  let from = 0;
  for (const match of text.matchAll(PARTS)) {
    if (match.index > from) parts.push(withTerms(text.slice(from, match.index), terms));
    parts.push(match[1] ? digest(match[1]) : html`<code>${match[2]}</code>`);
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push(withTerms(text.slice(from), terms));
  return parts;
}

/** A line of a file or a history, in the face of code; only digests are special in it. */
export function line(text: string): unknown[] {
  const parts: unknown[] = [];
  let from = 0;
  for (const match of text.matchAll(new RegExp(DIGEST, "g"))) {
    parts.push(text.slice(from, match.index), digest(match[0]));
    from = match.index + match[0].length;
  }
  parts.push(text.slice(from));
  return parts;
}

function withTerms(text: string, terms: Terms | undefined): unknown {
  if (!terms) return text;
  const parts: unknown[] = [];
  let from = 0;
  for (const match of text.matchAll(TERMS)) {
    const word = WORDS.find((word) => match.groups?.[group(word.id)] !== undefined);
    if (!word || terms.has(word.id)) continue;
    terms.add(word.id);
    parts.push(text.slice(from, match.index), html`<a class="term" href="#word-${word.id}" data-word=${word.id}>${match[0]}</a>`);
    from = match.index + match[0].length;
  }
  parts.push(text.slice(from));
  return parts;
}

/** Names of regular expression groups have no hyphens. */
function group(id: string): string {
  return id.replaceAll("-", "_");
}

/** A command with its copy button. */
export function command(text: string): TemplateResult | typeof nothing {
  if (text === "") return nothing;
  return html`<div class="command"><code>${text}</code
    ><button type="button" class="small" data-copy=${text} aria-label=${strings.copyCommand(text)}>${strings.copy}</button></div>`;
}
