// What was brought: what each thing was recognised as, how far it is read, what is odd about it.
import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import type { At, Evidence, Finding, InputError, Report } from "../../protocol.js";
import { never, shortName } from "../format.js";
import type { Case } from "../shell/case.js";
import type { Item, Trouble } from "../shell/item.js";
import { bytes, strings } from "../strings.js";
import { grown, type Growing } from "./grow.js";
import { digest, rich } from "./rich.js";

const words = strings.evidence;

/** The list, with the ways to bring more, and to start over. */
export function evidence(current: Case, growing: Growing, more: TemplateResult, over: () => void): TemplateResult {
  const shown = current.items.slice(0, growing.of(current.items, current));
  const first = firstOfEach(current.items);
  const pace = { left: PORTION, later: () => growing.later() };
  return html`
    <ul class="evidence" data-long=${shown.length > LONG ? "" : nothing}>
      ${repeat(shown, (item) => item.key, (item) => guard(paced(item, seen(item, current, first, growing), pace), () => one(item, current, first, growing)))}
    </ul>
    ${more}
    <p class="buttons"><button type="button" class="plain" @click=${over}>${words.over}</button></p>
  `;
}

/** From this many rows on the browser lays out only those in sight. */
const LONG = 100;

/**
 * Everything that a row shows: while many files are read, only the rows that change are drawn anew. The id of an evidence stands
 * for its content; what is said about it can grow.
 */
function seen(item: Item, { report }: Case, first: Map<string, Item>, growing: Growing): unknown[] {
  const found = report && item.evidence !== null ? byId(report).get(item.evidence) : undefined;
  const shown = found ? [found.id, found.findings.length, found.parts.length, found.parts.length > 0 ? report : null] : [];
  const grows = found && found.parts.length > 0 ? growing.version : 0;
  return [item.state, item.read, item.what, item.trouble, item.mayBeLines, item.areLines, item.evidence !== null && first.get(item.evidence) === item, grows, ...shown];
}

/** Rows that may change in one drawing; a report over a thousand files changes them all. */
const PORTION = 80;

const drawn = new WeakMap<Item, unknown[]>();

/** What a row is to show now: the newest, or, when enough rows change in this drawing already, what it shows. */
function paced(item: Item, newest: unknown[], pace: { left: number; later(): void }): unknown[] {
  const before = drawn.get(item);
  const same = before?.length === newest.length && before.every((value, at) => value === newest[at]);
  if (before && !same && pace.left-- <= 0) {
    pace.later();
    return before;
  }
  drawn.set(item, newest);
  return newest;
}

/** The evidence of a saved report, which nobody can remove or read again. */
export function claimed(report: Report, growing: Growing): TemplateResult {
  return html`<ul class="evidence">${report.evidence.map((one) => html`<li><div class="head">${described(one, growing)}</div></li>`)}</ul>`;
}

/** The first item that became each evidence: a later one brings the same bytes. */
function firstOfEach(items: readonly Item[]): Map<string, Item> {
  const first = new Map<string, Item>();
  for (const item of items) if (item.evidence !== null && !first.has(item.evidence)) first.set(item.evidence, item);
  return first;
}

const tables = new WeakMap<Report, Map<string, Evidence>>();

/** The evidence of a report by its id; a file of a dropped folder that is an image is a part of that. */
function byId(report: Report): Map<string, Evidence> {
  const known = tables.get(report);
  if (known) return known;
  const table = new Map<string, Evidence>();
  const walk = (one: Evidence) => {
    if (!table.has(one.id)) table.set(one.id, one);
    one.parts.forEach(walk);
  };
  report.evidence.forEach(walk);
  tables.set(report, table);
  return table;
}

function one(item: Item, current: Case, first: Map<string, Item>, growing: Growing): TemplateResult {
  const found = current.report && item.evidence !== null ? byId(current.report).get(item.evidence) : undefined;
  const name = item.name || found?.name || words.pasted;
  const twin = item.evidence !== null && first.get(item.evidence) !== item;
  return html`<li data-state=${item.state}>
    <div class="head">
      ${found ? described(found, growing) : html`<p class="name">${shortName(name)}</p><p class="quiet">${item.what || bytes(item.size)}</p>`}
      ${twin ? html`<p class="quiet">${words.same}</p>` : nothing} ${state(item, current)}
    </div>
    <button type="button" class="remove" aria-label=${words.remove(name)} title=${words.remove(name)}
      @click=${() => void current.remove(item)}>✕</button>
  </li>`;
}

function state(item: Item, current: Case): TemplateResult | typeof nothing {
  switch (item.state) {
    case "waiting":
      return html`<p class="quiet">${words.waiting}</p>`;
    case "reading":
      return html`<p class="quiet"><progress max="1" .value=${item.size > 0 ? item.read / item.size : 0} aria-label=${item.name}></progress>
        ${words.reading(item.size > 0 ? item.read / item.size : 0)}</p>`;
    case "read":
      return lines(item, current);
    case "stopped":
      return html`<p class="quiet">${words.stopped} ${againButton(item, current)}</p>`;
    case "failed":
      return html`<div class="trouble" data-finding tabindex="-1">${item.trouble ? trouble(item.trouble) : nothing} ${againButton(item, current)}</div>`;
    default:
      return never(item.state);
  }
}

/** A text that says of itself nothing: a person may say what it is, and take it back. */
function lines(item: Item, current: Case): TemplateResult | typeof nothing {
  if (item.areLines) {
    return html`<p class="quiet">${rich(words.areLines)}
      <button type="button" class="small" @click=${() => void current.readLines(item, false)}>${words.notLines}</button></p>`;
  }
  if (!item.mayBeLines) return nothing;
  return html`<p class="quiet">${rich(words.mayBeLines)}
    <button type="button" class="small" @click=${() => void current.readLines(item, true)}>${words.readLines}</button></p>`;
}

function againButton(item: Item, current: Case): TemplateResult {
  return html`<button type="button" class="small" @click=${() => void current.again(item)}>${words.again}</button>`;
}

function trouble(what: Trouble): TemplateResult {
  switch (what.kind) {
    case "changed":
      return html`<p>${words.changed}</p><p>${words.changedAdvice}</p>`;
    case "engine":
      return html`<p>${rich(what.text)}</p><p>${rich(what.advice)}</p>`;
    case "crashed":
      return html`<p>${words.crashed}</p><p>${rich(words.crashedAdvice)}</p>`;
    default:
      return never(what);
  }
}

function described(one: Evidence, growing: Growing): TemplateResult {
  return html`<p class="name" title=${one.name}>${shortName(blobName(one.name))}</p>
    <p class="quiet">${rich(one.what)} · ${bytes(one.size)}</p>
    ${one.error ? unread(one.error) : nothing} ${oddities(one.findings)} ${digests(one)} ${parts(one, growing)}`;
}

/** A blob's name is its digest, which stands below it. */
function blobName(name: string): string {
  return name.replace(/^(blobs\/sha256\/[0-9a-f]{8})[0-9a-f]{51}([0-9a-f]{5})$/, "$1…$2");
}

function unread(error: InputError): TemplateResult {
  return html`<div class="trouble" data-finding tabindex="-1">
    <p>${rich(error.text)}${place(error.at)}</p>
    <p class="quiet">${words.expected} ${rich(error.expected)} · ${words.found} ${rich(error.found)}</p>
    <p>${rich(error.advice)}</p>
  </div>`;
}

function oddities(all: readonly Finding[]): TemplateResult | typeof nothing {
  // What is not needed says so in its name for what it is.
  const findings = all.filter(({ code }) => code !== "case.unneeded");
  if (findings.length === 0) return nothing;
  const loud = findings.some((finding) => finding.level === "warn");
  return html`<details ?open=${loud && findings.length < 6} class="oddities">
    <summary>${words.findings(findings.length)}</summary>
    <ul>${findings.map(oddity)}</ul>
  </details>`;
}

function oddity(finding: Finding): TemplateResult {
  return html`<li data-level=${finding.level} data-finding=${finding.level === "warn" ? "" : nothing} tabindex="-1">
    <b>${words.levels[finding.level]}</b> ${rich(finding.text)}${place(finding.at)}
    ${finding.advice ? html`<span class="advice">${rich(finding.advice)}</span>` : nothing}
  </li>`;
}

/** A place inside an input, in words. */
function place(at: At | null): TemplateResult | typeof nothing {
  if (!at) return nothing;
  const parts = [
    at.inside ? shortName(at.inside) : undefined,
    at.line === undefined ? undefined : words.line(at.line),
    at.column === undefined ? undefined : words.column(at.column),
    at.byte === undefined ? undefined : words.byte(at.byte),
  ].filter((part) => part !== undefined);
  return html` <span class="place">(${parts.join(", ")})</span>`;
}

function digests(one: Evidence): TemplateResult | typeof nothing {
  // What is not compressed is its own uncompressed form.
  const list = Object.entries(one.digests).filter(([name, value]) => name !== "diff_id" || value !== one.digests["sha256"]);
  if (list.length === 0) return nothing;
  return html`<dl class="digests">
    ${list.map(([name, value]) => html`<div><dt>${digestName(name)}</dt><dd>${digest(value)}</dd></div>`)}
  </dl>`;
}

/** The name of a digest as a person reads it. */
export function digestName(name: string): string {
  return strings.evidence.digestNames[name as keyof typeof strings.evidence.digestNames] ?? name;
}

function parts(one: Evidence, growing: Growing): TemplateResult | typeof nothing {
  if (one.parts.length === 0) return nothing;
  return html`<details class="parts">
    <summary>${words.parts(one.parts.length)}</summary>
    <ul>${grown(one.parts, growing, (part) => html`<li>${described(part, growing)}</li>`)}</ul>
  </details>`;
}
