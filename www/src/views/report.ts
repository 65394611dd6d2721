// How a report leaves the page, how a saved one looks when it comes back, and the budgets that were in force.
import { html, nothing, type TemplateResult } from "lit";
import type { ExportFormat, Report, Setting } from "../../protocol.js";
import { count, strings } from "../strings.js";

const words = strings.report;

/** What a person can do with a report. */
export interface Leave {
  save(format: ExportFormat): void;
  copyMarkdown(): void;
  print(): void;
  link(): void;
}

/** Export buttons, and the link that carries claims only. */
export function leaving(leave: Leave): TemplateResult {
  const save = (format: ExportFormat, label: string) => html`<button type="button" @click=${() => leave.save(format)}>${label}</button>`;
  return html`<p>${words.lead}</p>
    <p class="buttons">
      ${save("json", words.json)} ${save("markdown", words.markdown)} ${save("html", words.html)}
      <button type="button" @click=${leave.copyMarkdown}>${words.copyMarkdown}</button>
      <button type="button" @click=${leave.print}>${words.print}</button>
    </p>
    <p class="buttons"><button type="button" @click=${leave.link}>${words.link}</button></p>
    <p class="quiet">${words.linkLead}</p>`;
}

/** Budgets, each of which can be changed. */
export function limits(report: Report, set: ((option: Setting) => void) | null): TemplateResult | typeof nothing {
  const list = Object.entries(report.limits);
  if (list.length === 0) return nothing;
  return html`<details class="limits">
    <summary>${words.limits}</summary>
    <table>
      <thead><tr><th scope="col">${words.limit}</th><th scope="col" class="number">${words.value}</th></tr></thead>
      <tbody>
        ${list.map(
          ([name, value]) => html`<tr><th scope="row">${name}</th>
            <td class="number">${set ? field(name, value, set) : count(value)}</td></tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}

function field(name: string, value: number, set: (option: Setting) => void): TemplateResult {
  const changed = (event: Event) => {
    const wanted = Number((event.target as HTMLInputElement).value);
    if (Number.isSafeInteger(wanted) && wanted >= 0) set({ name: "limit", key: name, value: wanted });
  };
  return html`<input type="number" min="0" step="1" .value=${String(value)} aria-label=${name} @change=${changed} />`;
}

/** The mark on a saved report: it is a claim. */
export function claimBanner(report: Report, close: () => void): TemplateResult {
  return html`<section class="claim" aria-label=${words.claimFiles}>
    <p><b>${words.claim}</b></p>
    <p>${words.claimBy(report.tool.name, report.tool.version)}</p>
    <p>${words.claimFiles}: ${report.evidence.map((one, at) => html`${at > 0 ? ", " : nothing}<code>${one.name}</code>`)}</p>
    <p class="buttons"><button type="button" @click=${close}>${words.claimClose}</button></p>
  </section>`;
}
