// The page's keys. None works while a person types into a field, except Escape.
import { inField } from "./bringing.js";

/** What each key does; `c` belongs to the digests (`lights`). */
export interface Keys {
  open(): void;
  paste(): void;
  find(): void;
  help(): void;
  escape(): void;
  move(by: 1 | -1): void;
}

/** Begins to listen; returns how to stop. */
export function keys(actions: Keys): () => void {
  const table: Record<string, () => void> = {
    o: actions.open,
    v: actions.paste,
    "/": actions.find,
    "?": actions.help,
    n: () => actions.move(1),
    p: () => actions.move(-1),
  };
  const listener = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    // An open dialog closes itself on Escape, and has keys of its own.
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") return actions.escape();
    const action = inField(event) ? undefined : table[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  addEventListener("keydown", listener);
  return () => removeEventListener("keydown", listener);
}

/** Moves the focus to the next or previous finding; says which one of how many it is. */
export function moveFinding(root: ParentNode, by: 1 | -1): { position: number; total: number } {
  const all = Array.from(root.querySelectorAll<HTMLElement>("[data-finding]")).filter((one) => !insideClosed(one));
  if (all.length === 0) return { position: 0, total: 0 };
  const here = document.activeElement;
  const at = all.findIndex((one) => one === here);
  const after = all.findIndex((one) => here && here !== document.body && one.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_PRECEDING);
  const next = at >= 0 ? at + by : by > 0 ? Math.max(0, after) : (after < 0 ? all.length : after) - 1;
  const target = all[(next + all.length) % all.length]!;
  target.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  target.scrollIntoView({ block: "center", behavior: calm ? "instant" : "smooth" });
  return { position: all.indexOf(target) + 1, total: all.length };
}

function insideClosed(element: Element): boolean {
  return element.closest("details:not([open]) > :not(summary)") !== null;
}
