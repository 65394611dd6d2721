// Ways to bring something, and the first minute: what this page is, that nothing leaves it, examples, where to get each input.
import { html, type TemplateResult } from "lit";
import type { Example } from "../../protocol.js";
import { bytes, strings } from "../strings.js";
import { mark, VERDICTS } from "./mark.js";
import { command, rich } from "./rich.js";

const words = strings.bring;
/** A longer text belongs into a file. */
export const LONGEST_PASTE = 8 << 20;

/** What a person can do to bring something. */
export interface Bring {
  files(): void;
  folder(): void;
  paste(): void;
  pasted(text: string): void;
  closePaste(): void;
  example(name: Example): void;
}

/** The page before anything was brought. */
export function welcome(bring: Bring, notice: string): TemplateResult {
  return html`
    <section class="welcome" aria-labelledby="question">
      <h1 id="question">${words.question}</h1>
      <p class="lead">${rich(words.lead)}</p>
      <div class="drop" id="bring">
        <p class="big">${words.drop}</p>
        ${buttons(bring)}
        <p class="private"><a href="#privacy">${words.privacy} <span>${words.privacyHow}</span></a></p>
      </div>
      <p class="notice" role="alert">${notice}</p>
      ${examples(bring)}
    </section>
    ${where()} ${how()} ${privacy()}
  `;
}

/** Files, folder, paste. */
export function buttons(bring: Bring, small = false): TemplateResult {
  const [first, other] = small ? ["small", "small"] : ["main", ""];
  return html`<p class="buttons ways">
    <button type="button" class=${first} @click=${bring.files} aria-keyshortcuts="o">${words.files}</button>
    <button type="button" class=${other} @click=${bring.folder}>${words.folder}</button>
    <button type="button" class=${other} @click=${bring.paste} aria-keyshortcuts="v">${words.paste}</button>
  </p>`;
}

/** A field for a text. It stands over the page: results that come in meanwhile must not move its buttons under the pointer. */
export function pasteBox(bring: Bring): TemplateResult {
  return html`<dialog class="paste" aria-label=${words.paste}>
    <form @submit=${(event: SubmitEvent) => submit(event, bring)}>
      <label>${words.pasteLabel}<textarea rows="8" spellcheck="false" autocomplete="off" autocapitalize="off" autofocus></textarea></label>
      <p class="buttons">
        <button type="submit" class="main">${words.pasteAdd}</button>
        <button type="button" @click=${bring.closePaste}>${words.pasteClose}</button>
      </p>
    </form>
  </dialog>`;
}

function submit(event: SubmitEvent, bring: Bring): void {
  event.preventDefault();
  const field = (event.currentTarget as HTMLFormElement).querySelector("textarea");
  if (!field) return;
  bring.pasted(field.value);
  field.value = "";
}

/** What is said of a text that is too long. */
export function tooLong(): string {
  return words.tooLarge(bytes(LONGEST_PASTE));
}

function examples(bring: Bring): TemplateResult {
  const names = Object.keys(strings.examples.names) as Example[];
  return html`<section class="examples" aria-labelledby="try">
    <h2 id="try">${strings.examples.title}</h2>
    <ul>
      ${names.map(
        (name) => html`<li>
          <button type="button" class="example" @click=${() => bring.example(name)}
            ><b>${strings.examples.names[name]}</b> <span>${strings.examples.what[name]}</span></button>
        </li>`,
      )}
    </ul>
    <p class="quiet">${strings.examples.running}</p>
  </section>`;
}

/** Commands that produce each input. */
export function where(): TemplateResult {
  return html`<section class="where" aria-labelledby="where">
    <h2 id="where">${strings.where.title}</h2>
    ${strings.where.groups.map(
      ({ name, items }, at) => html`<details ?open=${at === 0}>
        <summary>${name}</summary>
        <ul>${items.map(({ what, command: text }) => html`<li><p>${rich(what)}</p>${command(text)}</li>`)}</ul>
      </details>`,
    )}
  </section>`;
}

/** What the page does with what it is given, and the five words in which it answers. */
export function how(): TemplateResult {
  return html`<section class="how" id="how" aria-labelledby="how-title" tabindex="-1">
    <h2 id="how-title">${strings.how.title}</h2>
    <ol>${strings.how.lines.map((line) => html`<li>${line}</li>`)}</ol>
    <dl>${VERDICTS.map((verdict) => html`<div data-verdict=${verdict}><dt>${mark(verdict)}</dt><dd>${strings.verdictsMean[verdict]}</dd></div>`)}</dl>
  </section>`;
}

/** How a person sees that nothing leaves the page. */
export function privacy(): TemplateResult {
  return html`<section class="privacy" id="privacy" aria-labelledby="privacy-title" tabindex="-1">
    <h2 id="privacy-title">${strings.privacy.title}</h2>
    <ol>${strings.privacy.lines.map((line) => html`<li>${rich(line)}</li>`)}</ol>
  </section>`;
}
