// What stands around the page: header, footer, the words, the keys.
import { build } from "layerproof:assets";
import { html, nothing, type TemplateResult } from "lit";
import { strings } from "../strings.js";
import { command, rich } from "./rich.js";

export function header(result: boolean, showKeys: () => void): TemplateResult {
  const words = strings.header;
  return html`<header class="top">
      <a class="skip" href=${result ? "#result" : "#bring"}>${result ? strings.skip.result : strings.skip.bring}</a>
      <a class="brand" href="#top">${strings.name}</a>
      <nav aria-label=${strings.name}>
        <a href="#how">${words.how}</a>
        ${build.repository === "" ? nothing : html`<a href=${build.repository} rel="noreferrer">${words.source}</a>`}
        <button type="button" class="plain" @click=${showKeys} aria-keyshortcuts="?">${words.keys}</button>
      </nav>
    </header>
    ${framed() ? html`<p class="framed">${words.framed}</p>` : nothing}`;
}

/** A <meta> policy cannot forbid framing, so at least it is said. */
function framed(): boolean {
  return window.top !== window;
}

export function footer(update: (() => void) | null): TemplateResult {
  const words = strings.footer;
  return html`<footer>
    ${update
      ? html`<p role="status">${words.update} <button type="button" class="small" @click=${update}>${words.updateNow}</button></p>`
      : nothing}
    <p>${words.version(build.version, build.label)}. ${words.label}</p>
    <details>
      <summary>${words.check}</summary>
      <ol>${words.checkLines.map((line) => html`<li>${rich(line)}</li>`)}</ol>
    </details>
  </footer>`;
}

/** All terms, each with the command that shows the thing itself. */
export function glossary(): TemplateResult {
  const { words } = strings;
  return html`<section class="words" aria-labelledby="words">
    <h2 id="words">${words.title}</h2>
    <dl>
      ${words.list.map(
        ({ id, term, text, command: see }) => html`<div id="word-${id}" tabindex="-1">
          <dt>${term}</dt>
          <dd><p>${rich(text)}</p><p class="quiet">${words.see}</p>${command(see)}</dd>
        </div>`,
      )}
    </dl>
  </section>`;
}

export function keyList(close: () => void): TemplateResult {
  const { keys } = strings;
  return html`<dialog class="keys" aria-labelledby="keys-title" @close=${close}>
    <h2 id="keys-title">${keys.title}</h2>
    <dl>${keys.list.map(([key, what]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${what}</dd></div>`)}</dl>
    <form method="dialog"><button class="main">${keys.close}</button></form>
  </dialog>`;
}
