// The five verdicts as shape and word. Colour only helps: each has its own outline, and the word is always there.
import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import type { Verdict } from "../../protocol.js";
import { never } from "../format.js";
import { strings } from "../strings.js";

/** All five, loudest last, as the count line has them. */
export const VERDICTS: readonly Verdict[] = ["proved", "agrees", "contradicted", "ambiguous", "unknown"];

/** The icon alone, for places where the word stands beside it. */
export function icon(verdict: Verdict): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" data-verdict=${verdict}>${shape(verdict)}</svg>`;
}

/** Icon and word. */
export function mark(verdict: Verdict, words: Record<Verdict, string> = strings.verdicts): TemplateResult {
  return html`<span class="mark" data-verdict=${verdict}>${icon(verdict)}<span>${words[verdict]}</span></span>`;
}

function shape(verdict: Verdict): SVGTemplateResult {
  switch (verdict) {
    case "proved":
      return svg`<circle class="fill" cx="8" cy="8" r="7"/><path class="on" d="M4.5 8.3 7 10.8l4.6-5.3"/>`;
    case "agrees":
      return svg`<circle class="line" cx="8" cy="8" r="6.3"/><path class="line" d="M4 6.7c1.3-1.4 2.7-1.4 4 0s2.7 1.4 4 0M4 9.9c1.3-1.4 2.7-1.4 4 0s2.7 1.4 4 0"/>`;
    case "contradicted":
      return svg`<path class="fill" d="M5 1h6l4 4v6l-4 4H5l-4-4V5z"/><path class="on" d="m5.2 5.2 5.6 5.6m0-5.6-5.6 5.6"/>`;
    case "ambiguous":
      return svg`<path class="line" d="M8 1.6 15 14H1z"/><path class="line" d="M8 6v4"/><circle class="fill" cx="8" cy="12" r=".9"/>`;
    case "unknown":
      return svg`<circle class="line dashed" cx="8" cy="8" r="6.3"/><path class="line" d="M6 6.4a2 2 0 1 1 2.7 1.9c-.5.2-.7.5-.7 1"/><circle class="fill" cx="8" cy="11.4" r=".8"/>`;
    default:
      return never(verdict);
  }
}
