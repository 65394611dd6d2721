// Long lists are drawn in portions, a portion a frame, so that no task holds the page up; in the end everything is there, for
// find-in-page and for printing.
import type { TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";

/** Rows that are added in one go. */
const PORTION = 60;

/** How far each long list of a view is drawn. */
export class Growing {
  #drawn = new WeakMap<object, number>();
  #asked = false;
  /** Grows with every portion: what is drawn only when its inputs change can depend on it. */
  version = 0;

  constructor(private readonly redraw: () => void) {}

  /**
   * How many rows of this list are to be drawn now; asks for another drawing when that is not all. A list that is often replaced
   * by a longer one names something that stays.
   */
  of(list: readonly unknown[], key: object = list): number {
    const drawn = this.#drawn.get(key) ?? PORTION;
    if (drawn < list.length) this.#more(key, drawn + PORTION);
    return drawn;
  }

  /** Asks for another drawing, for what did not fit into this one. */
  later(): void {
    if (this.#asked) return;
    this.#asked = true;
    setTimeout(() => {
      this.#asked = false;
      this.redraw();
    });
  }

  #more(key: object, drawn: number): void {
    if (this.#asked) return;
    this.#asked = true;
    setTimeout(() => {
      this.#asked = false;
      this.#drawn.set(key, drawn);
      this.version++;
      this.redraw();
    });
  }
}

/** The rows of a list that are to be drawn now. */
export function grown<Row>(list: readonly Row[], growing: Growing, row: (item: Row, at: number) => TemplateResult): unknown {
  return repeat(list.slice(0, growing.of(list)), (_, at) => at, row);
}
