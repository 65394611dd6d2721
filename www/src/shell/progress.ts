// How far the work under way is: bytes, rate, time left. Rates need a clock, so they live in the shell, not in the engine.
import type { Item } from "./item.js";

/** Views are told about progress at most this often, in milliseconds. */
const EVERY = 100;
/** The rate is that of the last few seconds. */
const WINDOW = 4_000;

export class Progress {
  /** Bytes read, of the items of this round. */
  done = 0;
  /** Bytes of the items of this round. */
  total = 0;
  /** Bytes a second; 0 while it is not known. */
  rate = 0;

  #items: readonly Item[] = [];
  #samples: { at: number; done: number }[] = [];
  #told = 0;

  constructor(private readonly changed: () => void) {}

  /** Seconds left; `null` while the rate is not known. */
  get left(): number | null {
    return this.rate > 0 ? (this.total - this.done) / this.rate : null;
  }

  /** Share from 0 to 1. */
  get share(): number {
    return this.total > 0 ? Math.min(1, this.done / this.total) : 0;
  }

  /** Follows these items; those that were read before count as done. `anew` begins at nothing, for a second pass. */
  begin(items: readonly Item[], anew = false): void {
    this.#items = items.filter((item) => item.state !== "failed" && item.state !== "stopped");
    if (anew) {
      for (const item of items) item.read = 0;
      this.#samples = [];
    }
    this.total = sum(this.#items, (item) => item.size);
    this.tick();
  }

  /** Something was read. */
  tick(): void {
    const now = performance.now();
    this.done = sum(this.#items, (item) => item.read);
    this.#samples.push({ at: now, done: this.done });
    while (this.#samples.length > 2 && now - this.#samples[0]!.at > WINDOW) this.#samples.shift();
    this.rate = rateOf(this.#samples);
    if (now - this.#told >= EVERY) {
      this.#told = now;
      this.changed();
    }
  }

  end(): void {
    this.#items = [];
    this.#samples = [];
    this.done = this.total = this.rate = 0;
  }
}

function rateOf(samples: readonly { at: number; done: number }[]): number {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last.at - first.at < 200) return 0;
  return ((last.done - first.done) * 1_000) / (last.at - first.at);
}

function sum(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
