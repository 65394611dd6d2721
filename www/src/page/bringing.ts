// The whole window is the place to drop, and a paste anywhere but in a field is evidence.
import { collect, type Collected } from "../shell/collect.js";

/** What the page does with what comes. */
export interface Receiver {
  /** Files or a text came. */
  brought(what: Collected): void;
  /** Something is held over the window, or no longer. */
  hovering(now: boolean): void;
}

/** Begins to listen; returns how to stop. */
export function bringing(receiver: Receiver): () => void {
  const stop = new AbortController();
  const on = { signal: stop.signal };
  let depth = 0;
  const over = (change: number) => {
    depth = Math.max(0, depth + change);
    receiver.hovering(depth > 0);
  };
  addEventListener("dragenter", (event) => carries(event) && over(1), on);
  addEventListener("dragleave", (event) => carries(event) && over(-1), on);
  addEventListener("dragover", (event) => carries(event) && event.preventDefault(), on);
  addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    over(-depth);
    if (event.dataTransfer) void collect(event.dataTransfer).then(receiver.brought);
  }, on);
  addEventListener("paste", (event) => {
    if (inField(event) || !event.clipboardData) return;
    event.preventDefault();
    void collect(event.clipboardData).then(receiver.brought);
  }, on);
  return () => stop.abort();
}

/** Text that is dragged inside the page itself is nobody's evidence. */
function carries(event: DragEvent): boolean {
  const types = event.dataTransfer?.types ?? [];
  return types.includes("Files") || (types.includes("text/plain") && !inField(event));
}

/** Whether an event belongs to a field that a person types into. */
export function inField(event: Event): boolean {
  const target = event.composedPath()[0];
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
