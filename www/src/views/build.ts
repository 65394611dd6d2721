// The rebuild: asked for by a button, saved by others.
import { html, nothing, type TemplateResult } from "lit";
import type { Artefact, Check, Report } from "../../protocol.js";
import { strings } from "../strings.js";
import { mark } from "./mark.js";
import { rich } from "./rich.js";

const words = strings.build;

/** What a person can do here. */
export interface Build {
  start(): void;
  save(artefact: Artefact): void;
}

/** Whether there is anything to build from: a Dockerfile and a tarball, or a tarball alone for its layer. */
export function buildable(report: Report): boolean {
  return report.evidence.some((one) => one.kind === "rootfs-tarball");
}

export function build(report: Report, busy: boolean, actions: Build): TemplateResult | typeof nothing {
  if (!buildable(report)) return nothing;
  const built = report.checks.map((check, at) => ({ check, at })).filter(({ check }) => check.kind.endsWith("-rebuild"));
  return html`<p>${words.lead}</p>
    <p class="buttons"><button type="button" class="main" ?disabled=${busy} @click=${actions.start}>${words.start}</button></p>
    ${built.length > 0 ? html`${results(built)} ${saving(actions)}` : nothing}`;
}

/** What came out, beside the button that asked for it; each leads to its check. */
function results(built: readonly { check: Check; at: number }[]): TemplateResult {
  return html`<h3>${words.result}</h3>
    <ul class="built">
      ${built.map(({ check, at }) => html`<li data-verdict=${check.verdict}>
        <p>${mark(check.verdict)} <a href="#check-${at}">${check.title}</a></p>
        <p>${rich(check.text)}</p>
        ${check.details.length === 0 ? nothing : html`<ul class="facts">${check.details.map((detail) => html`<li>${rich(detail.text)}</li>`)}</ul>`}
      </li>`)}
    </ul>`;
}

function saving(actions: Build): TemplateResult {
  const artefacts = Object.keys(words.artefacts) as Artefact[];
  return html`<h3>${words.save}</h3>
    <p class="buttons">
      ${artefacts.map((artefact) => html`<button type="button" @click=${() => actions.save(artefact)}>${words.artefacts[artefact]}</button>`)}
    </p>`;
}
