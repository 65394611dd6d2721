// Every comparison: its result, what that proves, what it does not, and how to repeat it by hand.
import { html, nothing, type TemplateResult } from "lit";
import type { Check, Report } from "../../protocol.js";
import { strings } from "../strings.js";
import { grown, type Growing } from "./grow.js";
import { mark } from "./mark.js";
import { command, rich, type Terms } from "./rich.js";

export function checks(report: Report, growing: Growing): TemplateResult {
  if (report.checks.length === 0) return html`<p class="quiet">${strings.checks.none}</p>`;
  const terms: Terms = new Set();
  return html`<ol class="checks">${grown(report.checks, growing, (check, at) => one(check, at, terms))}</ol>`;
}

function one(check: Check, at: number, terms: Terms): TemplateResult {
  const loud = check.verdict === "contradicted" || check.verdict === "ambiguous";
  return html`<li class="check bar" id="check-${at}" data-verdict=${check.verdict} data-finding=${settled(check) ? nothing : ""}
    tabindex="-1">
    <h3>${mark(check.verdict)} <span class="title">${check.title}</span></h3>
    <p class="subject">${rich(check.subject.replace(" -> ", " → "))}</p>
    <p>${rich(check.text, terms)}</p>
    <details ?open=${loud}>
      <summary>${strings.checks.open}</summary>
      <dl class="proves">
        <div><dt>${strings.checks.proves}</dt><dd>${rich(check.proves, terms)}</dd></div>
        <div><dt>${strings.checks.notProves}</dt><dd>${rich(check.does_not_prove, terms)}</dd></div>
      </dl>
      ${facts(check)} ${repeat(check)}
    </details>
  </li>`;
}

/** Whether nobody needs to look: what is proved or agrees is no finding. */
function settled(check: Check): boolean {
  return check.verdict === "proved" || check.verdict === "agrees";
}

function facts(check: Check): TemplateResult | typeof nothing {
  if (check.details.length === 0) return nothing;
  return html`<h4>${strings.checks.details}</h4>
    <ul class="facts">${check.details.map((detail) => html`<li>${rich(detail.text)}</li>`)}</ul>`;
}

function repeat(check: Check): TemplateResult | typeof nothing {
  if (check.repeat.length === 0) return nothing;
  return html`<h4>${strings.checks.repeat}</h4>${check.repeat.map(command)}`;
}
