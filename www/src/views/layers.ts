// The layers of each image with size, entries and the step that made them; tarballs beside them; and the files in each.
import { html, nothing, type TemplateResult } from "lit";
import type { Evidence, Image, Layer, MadeBy, Report } from "../../protocol.js";
import { shortName } from "../format.js";
import type { Case } from "../shell/case.js";
import { bytes, count, strings } from "../strings.js";
import { digestName } from "./evidence.js";
import { grown, type Growing } from "./grow.js";
import { digest, line, rich } from "./rich.js";

const words = strings.layers;

/** What the list of layers needs of the page. */
export interface Lists {
  /** The case whose engine lists files; `null` for a saved report. */
  current: Case | null;
  /** The evidence whose files are shown. */
  open: string | null;
  show(id: string | null): void;
}

/** Whether there is anything to show. */
export function hasLayers(report: Report): boolean {
  return archives(report).length > 0 || report.images.some((image) => image.layers.length > 0);
}

/** The evidence whose files stand first on the page. */
export function firstListed(report: Report): string | undefined {
  const layers = report.images.flatMap((image) => image.layers.map((layer) => layer.evidence));
  return layers.find((id) => id !== null) ?? archives(report)[0]?.id;
}

/** Images layer by layer, then every other archive at hand. */
export function layers(report: Report, lists: Lists, growing: Growing): TemplateResult {
  const byId = new Map(archives(report).map((one) => [one.id, one]));
  const shown = new Set(report.images.flatMap((image) => image.layers.map((layer) => layer.evidence)));
  const others = archives(report).filter((one) => !shown.has(one.id));
  return html`${report.images.map((one) => image(one, byId, lists, growing))}
    ${others.length === 0
      ? nothing
      : html`<ul class="layers">${grown(others, growing, (one) => html`<li class="layer">
          <p class="name" title=${one.name}>${shortName(one.name)}</p>
          ${numbers(one, Object.entries(one.digests).filter(([name, value]) => name !== "diff_id" || value !== one.digests["sha256"]))} ${files(one, one.name, lists)}
        </li>`)}</ul>`}`;
}

const found = new WeakMap<Report, readonly Evidence[]>();

/** Evidence with entries, parts included, each once. */
export function archives(report: Report): readonly Evidence[] {
  const known = found.get(report);
  if (known) return known;
  const list = new Map<string, Evidence>();
  const walk = (one: Evidence) => {
    if (one.entries !== null) list.set(one.id, one);
    one.parts.forEach(walk);
  };
  report.evidence.forEach(walk);
  found.set(report, [...list.values()]);
  return [...list.values()];
}

function image({ label, layers }: Image, byId: Map<string, Evidence>, lists: Lists, growing: Growing): TemplateResult {
  const rows = grown(layers, growing, (layer, at) => one(layer, at, byId.get(layer.evidence ?? ""), `${label}, ${words.number(at + 1)}`, lists));
  return html`<h3>${words.image(shortName(label), layers.length)}</h3>
    <ol class="layers">${rows}</ol>`;
}

function one(layer: Layer, at: number, evidence: Evidence | undefined, name: string, lists: Lists): TemplateResult {
  const digests: [string, string | null][] = [["layer", layer.digest], ["diff_id", layer.diff_id]];
  const named = digests.filter((pair): pair is [string, string] => pair[1] !== null);
  return html`<li class="layer" data-finding=${layer.hidden ? "" : nothing} tabindex=${layer.hidden ? "-1" : nothing}>
    <p class="name">${words.number(at + 1)}${evidence ? nothing : html` <span class="many">${words.absent}</span>`}</p>
    ${layer.hidden ? html`<p class="hidden-layer">${rich(words.hidden)}</p>` : layer.made_by ? madeBy(layer.made_by) : nothing}
    ${numbers(evidence, named)} ${evidence ? files(evidence, name, lists) : nothing}
  </li>`;
}

/** The instruction, where a Dockerfile at hand has it; else what the history says. */
function madeBy({ history, created_by, instruction }: MadeBy): TemplateResult {
  const from = instruction ? words.fromLine(instruction.line) : words.fromEntry(history + 1);
  return html`<p class="made"><span class="quiet">${from}</span> <span class="text">${line(instruction?.text ?? created_by)}</span></p>`;
}

function numbers(evidence: Evidence | undefined, digests: [string, string][]): TemplateResult {
  return html`<dl class="numbers">
    ${evidence ? html`<div><dt>${words.size}</dt><dd>${bytes(evidence.size)}</dd></div>` : nothing}
    ${evidence && evidence.entries !== null ? html`<div><dt>${words.entries}</dt><dd>${count(evidence.entries)}</dd></div>` : nothing}
    ${digests.map(([name, value]) => html`<div><dt>${digestName(name)}</dt><dd>${digest(value)}</dd></div>`)}
  </dl>`;
}

function files(one: Evidence, name: string, { current, open, show }: Lists): TemplateResult | typeof nothing {
  if (!current || one.entries === null) return nothing;
  const isOpen = open === one.id;
  return html`<details class="listing" ?open=${isOpen} @toggle=${(event: Event) => toggled(event, one.id, isOpen, show)}>
    <summary>${words.show}</summary>
    ${isOpen ? html`<lp-files .current=${current} .evidence=${one.id} .name=${name}></lp-files>` : nothing}
  </details>`;
}

function toggled(event: Event, id: string, open: boolean, show: (id: string | null) => void): void {
  const now = (event.currentTarget as HTMLDetailsElement).open;
  if (now !== open) show(now ? id : null);
}
