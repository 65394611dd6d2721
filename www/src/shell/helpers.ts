// The helpers of one engine: workers that the session's worker asks for when a large file comes, and the notes between them, which
// are passed on as they are. That the page is in the middle has measured reasons: src/web/note.rs.
import type { Missing } from "../worker.js";
import type { Assets } from "./assets.js";
import { workerFrom } from "./spawn.js";

/** A note to or from a helper (`src/web/note.rs`). */
export type Note = [role: number, op: number, source: number, length: number, text: string | undefined, bytes: ArrayBuffer | undefined];

const BROKEN = 0;
const HIRE = 8;
const DISMISS = 9;

/** What is transferred with a note. */
export const transferOf = ([, , , , , bytes]: Note): Transferable[] => (bytes ? [bytes] : []);

/** The helpers that there are, by what they are for. */
export class Helpers {
  #workers = new Map<number, Worker>();
  #ended = false;

  /** `tell` brings a note to the session's worker; `lost` is told when a helper cannot get at a part of the engine. */
  constructor(
    private readonly assets: Assets,
    private readonly tell: (note: Note) => void,
    private readonly lost: (missing: Missing) => void,
  ) {}

  /** Does what a note of the session's worker asks of the page, or brings it to its helper. */
  pass(note: Note): void {
    const [role, op] = note;
    if (this.#ended) return;
    if (op === HIRE) this.#hire(role);
    else if (op === DISMISS) this.#dismiss(role);
    else this.#workers.get(role)?.postMessage(note, transferOf(note));
  }

  /** Ends all helpers. */
  end(): void {
    this.#ended = true;
    for (const role of [...this.#workers.keys()]) this.#dismiss(role);
  }

  #hire(role: number): void {
    try {
      // One that would have no processor of its own is no help.
      if ((navigator.hardwareConcurrency || 1) < 2) throw new Error("one processor");
      const worker = workerFrom(this.assets, "layerproof-helper", { role });
      this.#workers.set(role, worker);
      worker.addEventListener("message", ({ data }: MessageEvent<Note | Missing | object>) => {
        if (Array.isArray(data)) this.tell(data as Note);
        else if ("missing" in data) this.lost(data);
        else this.#broken(role);
      });
      worker.addEventListener("messageerror", () => this.#broken(role));
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        this.#broken(role);
      });
    } catch {
      this.#broken(role);
    }
  }

  #broken(role: number): void {
    this.#dismiss(role);
    this.tell([role, BROKEN, 0, 0, undefined, undefined]);
  }

  #dismiss(role: number): void {
    this.#workers.get(role)?.terminate();
    this.#workers.delete(role);
  }
}
