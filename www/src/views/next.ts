// What to bring to prove more, each with the command that produces it.
import { html, nothing, type TemplateResult } from "lit";
import type { Report } from "../../protocol.js";
import { strings } from "../strings.js";
import { command, rich, type Terms } from "./rich.js";

export function next(report: Report): TemplateResult | typeof nothing {
  const terms: Terms = new Set();
  // Where nothing was compared, that nothing else is wanted would be wrong: the rows of the evidence say what to bring instead.
  if (report.checks.length === 0 && report.next.length === 0) return nothing;
  if (report.next.length === 0) return html`<p class="quiet">${strings.next.none}</p>`;
  return html`<h2 class="more" id="more">${strings.next.title}</h2>
    <ol class="next">
    ${report.next.map(
      (want) => html`<li>
        <p class="what">${rich(want.bring, terms)}</p>
        ${want.why ? html`<p class="quiet">${rich(want.why, terms)}</p>` : nothing} ${command(want.command)}
      </li>`,
    )}
  </ol>`;
}
