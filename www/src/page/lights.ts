// One mechanism for all digests: pointing at one, or focusing it, lights up every place where it stands; a click, or `c`, copies
// it whole. It also serves the copy buttons of commands, and the counts. It listens at the root, so views only write `data-digest`.
import { strings } from "../strings.js";

/** Tells a person what happened, aloud too. */
export type Say = (text: string) => void;

type Root = Document | ShadowRoot | HTMLElement;

/** Begins to listen; returns how to stop. */
export function lights(root: Root, say: Say): () => void {
  const stop = new AbortController();
  const on = { signal: stop.signal };
  for (const type of ["pointerover", "focusin"]) root.addEventListener(type, (event) => light(root, digestAt(event)), on);
  for (const type of ["pointerleave", "focusout"]) root.addEventListener(type, () => light(root, undefined), on);
  root.addEventListener("click", (event) => void clicked(event, say), on);
  root.addEventListener("click", (event) => leadToFirst(root, element(event)), on);
  root.addEventListener("keydown", (event) => void pressed(event as KeyboardEvent, say), on);
  return () => stop.abort();
}

function digestAt(event: Event): string | undefined {
  return element(event)?.closest<HTMLElement>("[data-digest]")?.dataset["digest"];
}

function element(event: Event): Element | undefined {
  const target = event.composedPath()[0];
  return target instanceof Element ? target : undefined;
}

function light(root: Root, digest: string | undefined): void {
  for (const lit of root.querySelectorAll("[data-lit]")) if (lit.getAttribute("data-digest") !== digest) lit.removeAttribute("data-lit");
  if (digest === undefined) return;
  for (const place of root.querySelectorAll("[data-digest]")) if (place.getAttribute("data-digest") === digest) place.setAttribute("data-lit", "");
}

/** A count leads to the first check with its verdict. */
function leadToFirst(root: Root, from: Element | undefined): void {
  const verdict = from?.closest<HTMLElement>("[data-first]")?.dataset["first"];
  const first = verdict === undefined ? null : root.querySelector<HTMLElement>(`.check[data-verdict="${verdict}"]`);
  first?.scrollIntoView({ block: "start" });
  first?.focus({ preventScroll: true });
}

async function clicked(event: Event, say: Say): Promise<void> {
  const source = element(event)?.closest<HTMLElement>("[data-whole], [data-copy]");
  const text = source?.dataset["whole"] ?? source?.dataset["copy"];
  if (text !== undefined) await copy(text, say);
}

async function pressed(event: KeyboardEvent, say: Say): Promise<void> {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const source = element(event)?.closest<HTMLElement>("[data-whole]");
  const svg = source && !(source instanceof HTMLButtonElement) && (event.key === "Enter" || event.key === " ");
  if (!source || !(event.key === "c" || svg)) return;
  event.preventDefault();
  await copy(source.dataset["whole"] ?? "", say);
}

/** Puts a text on the clipboard; where the modern way is not to be had (a page from disk, a sandbox), by the old one. */
export async function copy(text: string, say: Say, what = text): Promise<void> {
  const done = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  say(done || copyOldWay(text) ? strings.digest.copied(what) : strings.digest.notCopied);
}

function copyOldWay(text: string): boolean {
  const listener = (event: ClipboardEvent) => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener("copy", listener, { capture: true });
  const done = document.execCommand("copy");
  document.removeEventListener("copy", listener, { capture: true });
  return done;
}
