// The history that each builder would write for a Dockerfile: asked for, then kept until the evidence changes.
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { ExplainedEntry, Explanation } from "../../protocol.js";
import type { Case } from "../shell/case.js";
import { strings } from "../strings.js";
import { line, rich } from "./rich.js";

const words = strings.explain;

export class Explain extends LitElement {
  static override properties = { current: { attribute: false }, evidence: { attribute: false }, name: { attribute: false }, builders: { state: true } };
  declare current: Case;
  declare evidence: string;
  declare name: string;
  declare builders: Explanation[] | undefined;

  /** Drawn into the page's own tree, like the list of files. */
  protected override createRenderRoot(): this {
    return this;
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("evidence")) this.builders = undefined;
  }

  protected override render(): TemplateResult {
    return html`<details class="explain" @toggle=${this.#toggled}>
      <summary>${words.lead(this.name)}</summary>
      ${this.builders?.map(builder) ?? nothing}
    </details>`;
  }

  #toggled(event: Event): void {
    if (!(event.currentTarget as HTMLDetailsElement).open || this.builders) return;
    void this.current.explain(this.evidence).then(
      (builders) => (this.builders = builders),
      () => (this.builders = []),
    );
  }
}

function builder({ builder, entries }: Explanation): TemplateResult {
  return html`<h4>${rich(builder)}</h4>
    <div class="wide" tabindex="0" role="group" aria-label=${builder}>
      <table class="explained">
        <thead><tr><th scope="col" class="no">${words.line}</th><th scope="col">${words.entry}</th><th scope="col">${words.makes}</th></tr></thead>
        <tbody>${entries.map(entry)}</tbody>
      </table>
    </div>`;
}

function entry({ line: number, created_by, layer, note }: ExplainedEntry): TemplateResult {
  const makes = words.layer[layer as keyof typeof words.layer] ?? layer;
  return html`<tr>
    <td class="no">${number}</td>
    <td><div class="text">${line(created_by)}</div>${note ? html`<p class="why">${rich(note)}</p>` : nothing}</td>
    <td>${makes}</td>
  </tr>`;
}
