// The element <layer-proof>: one verification beside a text. docs/ELEMENT.md describes it.
import { build } from "layerproof:assets";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Report } from "../protocol.js";
import { lease } from "./element/pool.js";
import { load } from "./element/recorded.js";
import { lights } from "./page/lights.js";
import { writeLink } from "./page/links.js";
import { Case } from "./shell/case.js";
import { chosen, collect } from "./shell/collect.js";
import { strings } from "./strings.js";
import { elementStyles } from "./styles/adopt.js";
import { answer } from "./views/answer.js";
import { checks } from "./views/checks.js";
import { graph } from "./views/graph.js";
import { Growing } from "./views/grow.js";
import { next } from "./views/next.js";
import { texts } from "./views/texts.js";
import { engineTrouble, work } from "./views/work.js";

export type { RecordedCase } from "./element/recorded.js";
export type { OpenMessage } from "./element/handshake.js";
export type { Report } from "../protocol.js";

/** A part that `view` can name; the answer is always there. */
export type View = "texts" | "next" | "digests" | "checks" | "drop";

/** Events of the element, with what they carry. */
export interface LayerProofEvents {
  /** Bytes were read. */
  "layerproof-progress": CustomEvent<{ done: number; total: number }>;
  /** Everything at hand was judged. */
  "layerproof-report": CustomEvent<{ report: Report }>;
  /** The recorded case could not be loaded, or there is no engine. */
  "layerproof-error": CustomEvent<{ message: string }>;
}

/**
 * @attribute src - address of a recorded case (`RecordedCase`), whose inputs are fetched and verified on the spot
 * @attribute claim - digests that somebody claims for the image, apart by blanks
 * @attribute view - which parts are drawn below the answer, apart by blanks: `texts`, `next`, `digests`, `checks`, `drop`
 * @attribute page - address of a hosted page, to which "Open in full" leads
 * @attribute theme - `light` or `dark`; without it, what the reader's system has
 * @slot - shown until there is a result
 * @slot footer - shown below the result
 * @csspart answer, sentence, chain, counts, digest, texts, digests, checks
 */
export class LayerProof extends LitElement {
  static override styles = elementStyles;
  static override properties = {
    src: { type: String, reflect: true },
    claim: { type: String, reflect: true },
    view: { type: String, reflect: true },
    page: { type: String, reflect: true },
  };
  /** Address of a recorded case. */
  declare src: string | null;
  /** Digests that somebody claims, apart by blanks. */
  declare claim: string | null;
  /** Parts below the answer, apart by blanks. */
  declare view: string | null;
  /** Address of a hosted page. */
  declare page: string | null;
  /** Whether the reader has brought something: then nothing of it is told to anybody. */
  foreign = false;

  #current = new Case(lease);
  #growing = new Growing(() => this.requestUpdate());
  #loading: AbortController | undefined;
  #trouble = "";
  #said = "";
  #judged: Report | null = null;
  #stop: (() => void) | undefined;

  constructor() {
    super();
    this.src = this.claim = this.view = this.page = null;
    this.#current.addEventListener("change", () => this.#changed());
  }

  /** The report over everything at hand; `null` before there is one. */
  get report(): Report | null {
    return this.#current.report;
  }

  /** Whether anything is under way. */
  get busy(): boolean {
    return this.#current.busy || this.#loading !== undefined;
  }

  /** Adds files and claims, and verifies; resolves when everything was judged. */
  async open(files: Iterable<File>, claims: Iterable<string> = []): Promise<void> {
    const reading = this.#current.add(Array.from(files, (blob) => ({ name: blob.name, blob })));
    await Promise.all([reading, ...Array.from(claims, (claim) => this.#current.paste(claim))]);
  }

  /** Stops what is under way. */
  async cancel(): Promise<void> {
    this.#loading?.abort();
    await this.#current.cancel();
  }

  /** Forgets everything. */
  async clear(): Promise<void> {
    this.foreign = false;
    this.#trouble = "";
    await this.#current.clear();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = lights(this.renderRoot as ShadowRoot, (text) => this.#say(text));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    void this.cancel();
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("src") || changed.has("claim")) void this.#load();
  }

  protected override render(): TemplateResult {
    const { report, items } = this.#current;
    return html`<div class="lp" @dragover=${this.#over} @drop=${this.#dropped}>
      ${engineTrouble(this.#current.engineTrouble, () => void this.#current.retry())}
      ${this.#trouble ? html`<p class="trouble" role="alert">${this.#trouble}</p>` : nothing}
      ${this.busy ? work(this.#current, () => void this.cancel()) : nothing}
      <div role="status">${report ? answer(report, items.some((item) => item.state !== "read" && item.state !== "waiting"), { words: false, checks: this.#shows("checks") }) : nothing}</div>
      ${report ? this.#parts(report) : html`<slot></slot>`} ${this.#shows("drop") ? this.#bring() : nothing}
      ${report && this.page ? html`<p><a href=${writeLink(items, new URL(this.page, document.baseURI))}>${strings.element.open}</a></p>` : nothing}
      <slot name="footer"></slot>
      <p class="unseen" role="status">${this.#said}</p>
    </div>`;
  }

  #parts(report: Report): unknown[] {
    const part = (view: View, title: string, there: boolean, draw: () => unknown) =>
      there && this.#shows(view) ? html`<section part=${view}><h2>${title}</h2>${draw()}</section>` : nothing;
    return [
      part("texts", strings.texts.title, report.alignments.length > 0, () => texts(report, [], this.#growing, () => undefined)),
      this.#shows("next") && report.next.length > 0 ? next(report) : nothing,
      part("digests", strings.graph.title, report.graph.nodes.length > 0, () => graph(report.graph, this.#growing)),
      part("checks", strings.checks.title, true, () => checks(report, this.#growing)),
    ];
  }

  #bring(): TemplateResult {
    return html`<p class="buttons">
      <label class="pick">${strings.bring.files} <input type="file" multiple @change=${this.#picked} /></label>
      <span class="quiet">${strings.bring.privacy}</span>
    </p>`;
  }

  #shows(view: View): boolean {
    return (this.view ?? "").split(/\s+/).includes(view);
  }

  #over = (event: DragEvent): void => {
    if (this.#shows("drop")) event.preventDefault();
  };

  #dropped = (event: DragEvent): void => {
    if (!this.#shows("drop") || !event.dataTransfer) return;
    event.preventDefault();
    void collect(event.dataTransfer).then(({ files }) => this.#brought(files));
  };

  #picked = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    this.#brought(chosen(input));
    input.value = "";
  };

  #brought(files: { name: string; blob: File }[]): void {
    this.foreign ||= files.length > 0;
    void this.#current.add(files);
  }

  async #load(): Promise<void> {
    this.#loading?.abort();
    await this.clear();
    const loading = (this.#loading = new AbortController());
    try {
      const { files, claims } = this.src ? await load(this.src, loading.signal) : { files: [], claims: [] };
      const own = (this.claim ?? "").split(/\s+/).filter((claim) => claim !== "");
      if (!loading.signal.aborted) await this.#current.together(files, [...claims, ...own]);
    } catch (error) {
      if (!loading.signal.aborted) this.#failed(error instanceof Error ? error.message : String(error));
    } finally {
      if (this.#loading === loading) this.#loading = undefined;
      this.requestUpdate();
    }
  }

  #failed(message: string): void {
    this.#trouble = `${strings.element.failed} ${message}`;
    this.#tell("layerproof-error", { message });
  }

  #changed(): void {
    const { busy, progress, report, engineTrouble } = this.#current;
    if (busy && progress.total > 0) this.#tell("layerproof-progress", { done: progress.done, total: progress.total });
    if (!busy && report && report !== this.#judged) {
      this.#judged = report;
      this.#tell("layerproof-report", { report });
      // The report stays; the worker is for the next element.
      this.#current.rest();
    }
    if (!busy && engineTrouble) this.#tell("layerproof-error", { message: String(engineTrouble) });
    this.requestUpdate();
  }

  #say(text: string): void {
    this.#said = text;
    this.requestUpdate();
  }

  #tell<Name extends keyof LayerProofEvents>(name: Name, detail: LayerProofEvents[Name]["detail"]): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  /** Version and label of this build. */
  static readonly build = build;
}

// A page may load the script twice, in two versions: the first one stays.
if (!customElements.get("layer-proof")) customElements.define("layer-proof", LayerProof);

declare global {
  interface HTMLElementTagNameMap {
    "layer-proof": LayerProof;
  }
  interface HTMLElementEventMap extends LayerProofEvents {}
}
