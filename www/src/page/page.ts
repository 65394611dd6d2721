// The page: draws a case, and hands on what a person does.
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { keepOffline } from "../offline.js";
import type { Ahead } from "../shell/ahead.js";
import { Case } from "../shell/case.js";
import type { Brought, Collected } from "../shell/collect.js";
import { chosen } from "../shell/collect.js";
import { savedReport } from "../shell/saved.js";
import { strings } from "../strings.js";
import { answer } from "../views/answer.js";
import { buttons, how, LONGEST_PASTE, pasteBox, privacy, tooLong, welcome, where, type Bring } from "../views/bring.js";
import { claimed, evidence } from "../views/evidence.js";
import { footer, glossary, header, keyList } from "../views/frame.js";
import type { FileList } from "../views/files.js";
import { Growing } from "../views/grow.js";
import { firstListed } from "../views/layers.js";
import { next } from "../views/next.js";
import { claimBanner } from "../views/report.js";
import { engineTrouble, work } from "../views/work.js";
import { bringing } from "./bringing.js";
import { keys, moveFinding } from "./keys.js";
import { buildOf, leaveOf } from "./leave.js";
import { lights } from "./lights.js";
import { readLink } from "./links.js";
import { notes } from "./notes.js";
import { sections } from "./sections.js";
import type { Ui } from "./ui.js";

export class Page extends LitElement {
  static override properties = { ui: { state: true } };
  declare ui: Ui;
  #growing = new Growing(() => this.requestUpdate());
  #stops: (() => void)[] = [];
  #announced: unknown = null;
  #said = "";
  #result = "";
  #silence = 0;
  readonly current: Case;

  constructor(private readonly engines: Ahead) {
    super();
    this.current = new Case(engines.start);
    this.ui = { hovering: false, notice: "", open: null, saved: null, linked: { claims: [], names: [] }, update: null };
  }

  /** Drawn into the document itself: skip links, find-in-page and the index need its ids. */
  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.current.addEventListener("change", () => this.#changed());
    const say = (text: string) => this.#say(text);
    this.#stops = [
      lights(this, say),
      bringing({ brought: (what) => void this.#brought(what), hovering: (hovering) => this.#hovering(hovering) }),
      keys({
        open: () => this.#pick("files"),
        paste: () => this.#openPaste(),
        find: () => this.#find(),
        help: () => this.#dialog("keys")?.showModal(),
        escape: () => this.#escape(),
        move: (by) => this.#move(by),
      }),
    ];
    keepOffline((update) => this.#ui({ update })).catch(() => undefined);
    this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops) stop();
  }

  protected override firstUpdated(): void {
    const box = this.querySelector<HTMLElement>(".note");
    if (box) this.#stops.push(notes(this, box));
  }

  protected override render(): TemplateResult {
    const { ui, current } = this;
    return html`
      ${header(ui.saved !== null || current.items.length > 0, () => this.#dialog("keys")?.showModal())}
      <main id="top">
        ${engineTrouble(current.engineTrouble, () => void current.retry())} ${this.#linked()}
        ${ui.saved ? this.#saved() : current.items.length > 0 ? this.#workspace() : welcome(this.#bring, ui.notice)}
        ${glossary()}
      </main>
      ${footer(ui.update ? () => ui.update?.apply() : null)} ${keyList(() => undefined)} ${pasteBox(this.#bring)}
      <div class="note" role="tooltip" hidden></div>
      <p class="toast" role="status">${this.#said}</p>
      <p class="unseen" role="status">${this.#result}</p>
      <div class="over" ?hidden=${!ui.hovering}><p>${strings.bring.dropNow}</p></div>
      <div hidden>
        <input type="file" multiple aria-label=${strings.bring.files} data-pick="files" @change=${this.#picked} />
        <input type="file" webkitdirectory aria-label=${strings.bring.folder} data-pick="folder" @change=${this.#picked} />
      </div>
    `;
  }

  /** Evidence and answer side by side, everything else below. */
  #workspace(): TemplateResult {
    const { ui, current } = this;
    const { report } = current;
    return html`
      <div class="first">
        <section class="brought" aria-labelledby="evidence">
          <h1 class="unseen">${strings.bring.question}</h1>
          <h2 id="evidence">${strings.evidence.title} <span class="many">(${current.items.length})</span></h2>
          ${evidence(current, this.#growing, buttons(this.#bring, true), () => void this.#over())}
          <p class="notice" role="alert">${ui.notice}</p>
          <p class="private"><a href="#privacy">${strings.bring.privacy} <span>${strings.bring.privacyHow}</span></a></p>
        </section>
        <section class="result" id="result" aria-labelledby="result-title" tabindex="-1">
          <h2 id="result-title" class="unseen">${strings.answer.title}</h2>
          ${work(current, () => void this.#cancel())}
          ${report ? html`${answer(report, this.#incomplete)} ${next(report)}` : html`<p class="quiet">${strings.answer.reading}</p>`}
        </section>
      </div>
      ${report
        ? sections({
            report,
            current,
            growing: this.#growing,
            open: ui.open,
            show: (open) => this.#ui({ open }),
            leave: leaveOf(current, (text) => this.#say(text)),
            build: buildOf(current, (text) => this.#say(text)),
          })
        : nothing}
      ${where()} ${how()} ${privacy()}
    `;
  }

  /** A saved report, marked as the claim that it is, and drawn like any other. */
  #saved(): TemplateResult | typeof nothing {
    const report = this.ui.saved;
    if (!report) return nothing;
    const say = (text: string) => this.#say(text);
    return html`
      ${claimBanner(report, () => this.#ui({ saved: null }))}
      <div class="first saved">
        <section class="brought" aria-labelledby="evidence">
          <h1 class="unseen">${strings.bring.question}</h1>
          <h2 id="evidence">${strings.evidence.title}</h2>
          ${claimed(report, this.#growing)} ${buttons(this.#bring, true)}
        </section>
        <section class="result" id="result" aria-labelledby="result-title" tabindex="-1">
          <h2 id="result-title" class="unseen">${strings.answer.title}</h2>
          <p class="says">${strings.report.says}</p>
          ${answer(report, false)} ${next(report)}
        </section>
      </div>
      ${sections({
        report,
        current: null,
        growing: this.#growing,
        open: null,
        show: () => undefined,
        leave: leaveOf(this.current, say),
        build: buildOf(this.current, say),
      })}
      ${how()} ${privacy()}
    `;
  }

  #linked(): TemplateResult | typeof nothing {
    const { claims, names } = this.ui.linked;
    if (claims.length + names.length === 0) return nothing;
    const list = (items: string[]) => html`<ul>${items.map((item) => html`<li><code>${item}</code></li>`)}</ul>`;
    return html`<section class="claim" aria-label=${strings.report.linked}>
      ${claims.length > 0 ? html`<p>${strings.report.linked}</p>${list(claims)}` : nothing}
      ${names.length > 0 ? html`<p>${strings.report.linkedFiles}</p>${list(names)}` : nothing}
    </section>`;
  }

  get #incomplete(): boolean {
    return !this.current.busy && this.current.items.some((item) => item.state === "stopped" || item.state === "failed");
  }

  readonly #bring: Bring = {
    files: () => this.#pick("files"),
    folder: () => this.#pick("folder"),
    paste: () => this.#openPaste(),
    pasted: (text) => void this.#brought({ files: [], text, closedFolders: [] }),
    closePaste: () => this.#dialog("paste")?.close(),
    // Why it could not be made is shown by the case.
    example: (name) => void this.current.example(name).catch(() => undefined),
  };

  /** The first file is about to come; later ones find an engine. */
  #prepare(): void {
    if (this.current.items.length === 0) this.engines.prepare();
  }

  #hovering(hovering: boolean): void {
    if (hovering) this.#prepare();
    this.#ui({ hovering });
  }

  #pick(which: "files" | "folder"): void {
    this.#prepare();
    this.querySelector<HTMLInputElement>(`input[data-pick=${which}]`)?.click();
  }

  #picked(event: Event): void {
    const input = event.currentTarget as HTMLInputElement;
    const files = chosen(input);
    void this.#brought({ files, text: "", closedFolders: [] }).then(() => (input.value = ""));
  }

  async #brought({ files, text, closedFolders }: Collected): Promise<void> {
    const { bring } = strings;
    const nothingCame = files.length === 0 && text.trim() === "" && closedFolders.length === 0;
    const long = text.length > LONGEST_PASTE;
    this.#dialog("paste")?.close();
    this.#ui({
      notice: closedFolders.length > 0 ? bring.closedFolders(closedFolders.join(", ")) : nothingCame ? bring.nothing : long ? tooLong() : "",
    });
    const evidence = await this.#withoutReports(files);
    if (evidence.length > 0) this.#ui({ saved: null });
    await Promise.all([this.current.add(evidence), long ? undefined : this.current.paste(text)]);
  }

  /** Takes saved reports out of what came: they are shown, not read as evidence. */
  async #withoutReports(files: Brought[]): Promise<Brought[]> {
    const rest: Brought[] = [];
    for (const file of files) {
      const report = await savedReport(file);
      if (report === undefined) rest.push(file);
      else if (report === "unreadable") this.#ui({ notice: strings.report.claimBad });
      else this.#ui({ saved: report });
    }
    return rest;
  }

  /** A link's claims are evidence like a pasted digest; its names only say what to bring. */
  #follow(): void {
    const linked = readLink(location.hash);
    if (linked.claims.length + linked.names.length === 0) return;
    this.#ui({ linked });
    for (const claim of linked.claims) void this.current.paste(claim);
  }

  async #over(): Promise<void> {
    this.#growing = new Growing(() => this.requestUpdate());
    this.#ui({ open: null, notice: "", linked: { claims: [], names: [] } });
    await this.current.clear();
    await this.updateComplete;
    this.querySelector<HTMLElement>(".welcome button")?.focus();
  }

  async #cancel(): Promise<void> {
    await this.current.cancel();
    this.#say(strings.work.stopped);
    this.querySelector<HTMLElement>("#result")?.focus();
  }

  #escape(): void {
    if (this.current.busy) void this.#cancel();
  }

  #openPaste(): void {
    this.#prepare();
    const dialog = this.#dialog("paste");
    if (dialog && !dialog.open) dialog.showModal();
  }

  #dialog(which: "keys" | "paste"): HTMLDialogElement | null {
    return this.querySelector<HTMLDialogElement>(`dialog.${which}`);
  }

  /** Leads to the file list's search field, opening the first list if none is open. */
  async #find(): Promise<void> {
    const first = this.current.report && firstListed(this.current.report);
    if (!first || this.ui.saved) return;
    if (this.ui.open === null) this.#ui({ open: first });
    await this.updateComplete;
    const list = this.querySelector<FileList>("lp-files");
    await list?.updateComplete;
    list?.querySelector("input")?.focus();
  }

  #move(by: 1 | -1): void {
    const { position, total } = moveFinding(this, by);
    this.#say(total === 0 ? strings.announce.noFinding : strings.announce.found(position, total));
  }

  #ui(change: Partial<Ui>): void {
    this.ui = { ...this.ui, ...change };
  }

  #say(text: string): void {
    this.#said = text;
    this.requestUpdate();
    clearTimeout(this.#silence);
    this.#silence = window.setTimeout(() => {
      this.#said = "";
      this.requestUpdate();
    }, 5_000);
  }

  /** The case changed: draws it, and says aloud what came out when everything is read. */
  #changed(): void {
    const { current } = this;
    const focused = document.activeElement !== document.body;
    document.title = current.busy && current.progress.total > 0 ? `${strings.work.title(current.progress.share)} · ${strings.name}` : strings.title;
    if (!current.busy && current.report && current.report !== this.#announced) {
      this.#announced = current.report;
      const { verdict, text } = current.report.summary;
      this.#result = strings.announce.result(strings.verdicts[verdict], text);
    }
    this.requestUpdate();
    // A button that vanished with what it stood in must not take the focus with it.
    void this.updateComplete.then(() => {
      if (focused && document.activeElement === document.body) this.querySelector<HTMLElement>("#result")?.focus();
    });
  }
}
