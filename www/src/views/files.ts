// The entries of an archive: searched, filtered, a page at a time. The engine keeps them; a list can have 200,000 rows.
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { EntryRow } from "../../protocol.js";
import { shortName } from "../format.js";
import type { Case, EntriesPage } from "../shell/case.js";
import { bytes, strings } from "../strings.js";
import { digest } from "./rich.js";

const words = strings.layers;
/** Rows of a page. */
const ROWS = 100;
/** A search starts this long after the last key, in milliseconds. */
const PAUSE = 150;

export class FileList extends LitElement {
  static override properties = {
    current: { attribute: false },
    evidence: { attribute: false },
    name: { attribute: false },
    page: { state: true },
    filter: { state: true },
    word: { state: true },
    from: { state: true },
  };
  declare current: Case;
  declare evidence: string;
  declare name: string;
  declare page: EntriesPage | undefined;
  declare filter: string;
  declare word: string;
  declare from: number;
  #timer = 0;
  #asked = 0;

  constructor() {
    super();
    this.filter = this.word = "";
    this.from = 0;
  }

  /** Drawn into the page's own tree: one set of styles, one place that listens for digests. */
  protected override createRenderRoot(): this {
    return this;
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("evidence")) this.#load(0);
  }

  protected override render(): TemplateResult {
    const label = words.files(this.name);
    return html`<form class="filter" role="search" aria-label=${label} @submit=${(event: Event) => event.preventDefault()}>
        <label>${words.search} <input type="search" class="find" .value=${this.filter} @input=${this.#typed} spellcheck="false" autocomplete="off" /></label>
        <label>${words.filter}
          <select @change=${this.#picked}>
            ${Object.entries(words.filters).map(([word, text]) => html`<option value=${word} ?selected=${word === this.word}>${text}</option>`)}
          </select>
        </label>
      </form>
      <div role="status">${this.page ? this.#position(this.page) : words.loading}</div>
      ${this.page && this.page.entries.length > 0 ? table(this.page.entries, label) : nothing} ${this.page ? this.#pager(this.page) : nothing}`;
  }

  #position({ total, entries }: EntriesPage): string {
    return total === 0 ? words.empty : words.page(this.from + 1, this.from + entries.length, total);
  }

  #pager({ total }: EntriesPage): TemplateResult | typeof nothing {
    if (total <= ROWS) return nothing;
    return html`<p class="buttons">
      <button type="button" ?disabled=${this.from === 0} @click=${() => this.#load(Math.max(0, this.from - ROWS))}>${words.previous}</button>
      <button type="button" ?disabled=${this.from + ROWS >= total} @click=${() => this.#load(this.from + ROWS)}>${words.next}</button>
    </p>`;
  }

  #typed(event: Event): void {
    this.filter = (event.target as HTMLInputElement).value;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#load(0), PAUSE);
  }

  #picked(event: Event): void {
    this.word = (event.target as HTMLSelectElement).value;
    this.#load(0);
  }

  /** Loads a page; an answer that was overtaken by a later question is dropped. */
  #load(from: number): void {
    const asked = ++this.#asked;
    const filter = [this.word, this.filter].filter((part) => part !== "").join(" ");
    void this.current.entries(this.evidence, filter, from, ROWS).then(
      (page) => {
        if (asked !== this.#asked) return;
        this.from = from;
        this.page = page;
      },
      () => (this.page = { total: 0, entries: [] }),
    );
  }
}

function table(entries: readonly EntryRow[], label: string): TemplateResult {
  return html`<div class="wide" tabindex="0" role="group" aria-label=${label}>
    <table class="files">
      <thead><tr>
        <th scope="col">${words.kind}</th><th scope="col">${words.mode}</th><th scope="col">${words.owner}</th>
        <th scope="col" class="number">${words.size}</th><th scope="col">${words.modified}</th><th scope="col">${words.path}</th>
        <th scope="col">${words.sha256}</th>
      </tr></thead>
      <tbody>${entries.map(row)}</tbody>
    </table>
  </div>`;
}

function row(entry: EntryRow): TemplateResult {
  return html`<tr>
    <td>${entry.kind}</td><td>${entry.mode}</td><td>${entry.owner}</td>
    <td class="number">${bytes(entry.size)}</td><td>${entry.modified}</td>
    <td class="path" title=${entry.path}>${shortName(entry.path)}${entry.target ? html` <span class="quiet">→ ${shortName(entry.target)}</span>` : nothing}
      ${entry.marks.map((mark) => html`<span class="tag">${mark}</span>`)}</td>
    <td>${entry.sha256 ? digest(entry.sha256) : nothing}</td>
  </tr>`;
}
