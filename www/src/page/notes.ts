// The two sentences behind an underlined term: shown beside it while it has the focus or the pointer, and on every pointer or
// keyboard also to be had by following the link to the list of words.
import { html, render } from "lit";
import { strings } from "../strings.js";
import { rich } from "../views/rich.js";

const ID = "word-note";

/** Begins to listen; returns how to stop. */
export function notes(root: Document | HTMLElement, box: HTMLElement): () => void {
  const stop = new AbortController();
  const on = { signal: stop.signal };
  box.id = ID;
  for (const type of ["pointerover", "focusin"]) root.addEventListener(type, (event) => show(event, box), on);
  root.addEventListener("focusout", () => hide(box), on);
  root.addEventListener("keydown", (event) => (event as KeyboardEvent).key === "Escape" && hide(box), on);
  // Focusing a term may scroll to it: the note goes along.
  addEventListener("scroll", () => follow(root, box), { ...on, passive: true });
  return () => stop.abort();
}

function show(event: Event, box: HTMLElement): void {
  const target = event.target instanceof Element ? event.target : undefined;
  if (target && box.contains(target)) return;
  const term = target?.closest<HTMLElement>("a.term");
  const word = strings.words.list.find(({ id }) => id === term?.dataset["word"]);
  if (!term || !word) return hide(box);
  render(html`<p>${rich(word.text)}</p><p class="quiet">${strings.words.see} <code>${word.command}</code></p>`, box);
  for (const noted of document.querySelectorAll("a.term[data-noted]")) noted.removeAttribute("data-noted");
  term.setAttribute("data-noted", "");
  term.setAttribute("aria-describedby", ID);
  box.hidden = false;
  beside(term, box);
}

function follow(root: Document | HTMLElement, box: HTMLElement): void {
  const term = box.hidden ? null : root.querySelector<HTMLElement>("a.term[data-noted]");
  if (term) beside(term, box);
}

function hide(box: HTMLElement): void {
  box.hidden = true;
}

/** Below the term, inside the window. Set through the CSSOM: the page allows no style attributes in its source. */
function beside(term: HTMLElement, box: HTMLElement): void {
  const place = term.getBoundingClientRect();
  const left = Math.max(8, Math.min(place.left, document.documentElement.clientWidth - box.offsetWidth - 8));
  const below = place.bottom + 6;
  const top = below + box.offsetHeight > innerHeight ? Math.max(8, place.top - box.offsetHeight - 6) : below;
  box.style.setProperty("left", `${left}px`);
  box.style.setProperty("top", `${top}px`);
}
