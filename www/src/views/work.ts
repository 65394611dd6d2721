// What is under way: the sentence, the bar, and how to stop it. Also what there is to say when there is no engine.
import { html, nothing, type TemplateResult } from "lit";
import { never } from "../format.js";
import { AssetsError } from "../shell/assets.js";
import type { Case } from "../shell/case.js";
import { bytes, strings } from "../strings.js";
import { command, rich } from "./rich.js";

const words = strings.work;

/** The line of progress. Once there are results it lies at the window's lower edge, so that they do not jump when it goes. */
export function work(current: Case, cancel: () => void): TemplateResult | typeof nothing {
  if (!current.busy) return nothing;
  return html`<div class="work" data-over=${current.report ? "" : nothing}>
    <p><span>${sentence(current)}</span> <button type="button" class="small" @click=${cancel} aria-keyshortcuts="Escape">${words.cancel}</button></p>
    ${bar(current)}
  </div>`;
}

function sentence(current: Case): string {
  const { progress } = current;
  const [done, total] = [bytes(progress.done), bytes(progress.total)];
  switch (current.phase) {
    case "idle":
      return "";
    case "starting":
      return words.starting;
    case "judging":
      return words.judging;
    case "building":
      return words.building;
    case "reading":
      return [words.reading(done, total), ...pace(current)].join(", ");
    case "again":
      return `${[words.again(done, total), ...pace(current)].join(", ")}. ${current.why}`;
    default:
      return never(current.phase);
  }
}

function pace({ progress }: Case): string[] {
  return progress.left === null ? [] : [words.rate(bytes(progress.rate)), words.left(progress.left)];
}

function bar({ phase, progress }: Case): TemplateResult {
  const known = phase === "reading" || phase === "again";
  return known
    ? html`<progress max="1" .value=${progress.share} aria-label=${words.bar}></progress>`
    : html`<progress aria-label=${words.bar}></progress>`;
}

/** Why there is no engine, and what to do without one. */
export function engineTrouble(error: unknown, retry: () => void): TemplateResult | typeof nothing {
  if (!error) return nothing;
  const { trouble } = strings;
  const why = error instanceof AssetsError ? trouble[error.reason] : trouble.broken;
  return html`<section class="trouble" role="alert" aria-labelledby="engine-trouble">
    <h2 id="engine-trouble">${trouble.title}</h2>
    <p>${why}</p>
    <p class="quiet">${error instanceof Error ? error.message : String(error)}</p>
    <p>${rich(trouble.instead)}</p>
    ${command(trouble.command)}
    <p class="buttons"><button type="button" @click=${retry}>${trouble.retry}</button></p>
  </section>`;
}
