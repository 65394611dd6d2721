// Layers and tarballs with their size and entries, and the files in each.
import { html, nothing, type TemplateResult } from "lit";
import type { Evidence, Report } from "../../protocol.js";
import { shortName } from "../format.js";
import type { Case } from "../shell/case.js";
import { bytes, count, strings } from "../strings.js";
import { digestName } from "./evidence.js";
import { grown, type Growing } from "./grow.js";
import { digest } from "./rich.js";

const words = strings.layers;

/** Everything at hand that has entries; `open` is the one whose files are shown. */
export function layers(report: Report, current: Case | null, open: string | null, growing: Growing, show: (id: string | null) => void): TemplateResult {
  const list = archives(report);
  if (list.length === 0) return html`<p class="quiet">${words.none}</p>`;
  return html`<ul class="layers">
    ${grown(list, growing, (one) => layer(one, current, open === one.id, show))}
  </ul>`;
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

function layer(one: Evidence, current: Case | null, open: boolean, show: (id: string | null) => void): TemplateResult {
  return html`<li class="layer">
    <p class="name" title=${one.name}>${shortName(one.name)}</p>
    <dl class="numbers">
      <div><dt>${words.size}</dt><dd>${bytes(one.size)}</dd></div>
      <div><dt>${words.entries}</dt><dd>${count(one.entries ?? 0)}</dd></div>
      ${Object.entries(one.digests).map(([name, value]) => html`<div><dt>${digestName(name)}</dt><dd>${digest(value)}</dd></div>`)}
    </dl>
    ${current ? files(one, current, open, show) : nothing}
  </li>`;
}

function files(one: Evidence, current: Case, open: boolean, show: (id: string | null) => void): TemplateResult {
  return html`<details class="listing" ?open=${open} @toggle=${(event: Event) => toggled(event, one.id, open, show)}>
    <summary>${words.show}</summary>
    ${open ? html`<lp-files .current=${current} .evidence=${one.id} .name=${one.name}></lp-files>` : nothing}
  </details>`;
}

function toggled(event: Event, id: string, open: boolean, show: (id: string | null) => void): void {
  const now = (event.currentTarget as HTMLDetailsElement).open;
  if (now !== open) show(now ? id : null);
}
