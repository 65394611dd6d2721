// One thing in the list of what was brought, and how far it was read.
import { Failure } from "./engine.js";
import { FileChanged } from "./read.js";

/** How far an item is. */
export type ItemState = "waiting" | "reading" | "read" | "stopped" | "failed";

/** Why an item is not part of the report. */
export type Trouble =
  | { kind: "changed" }
  | { kind: "engine"; text: string; advice: string }
  /** The engine broke under it; `told` once the case has started again without it. */
  | { kind: "crashed"; detail: string; told: boolean };

let last = 0;

/** A file or a pasted text. */
export class Item {
  readonly key = ++last;
  state: ItemState = "waiting";
  /** Bytes read so far. */
  read = 0;
  /** Its number in the session that is running. */
  source: number | null = null;
  /** Evidence id in the report. */
  evidence: string | null = null;
  /** What it was recognised as, in words. */
  what = "";
  trouble: Trouble | null = null;

  private constructor(
    readonly name: string,
    readonly blob: Blob,
    /** The text, for what was pasted. */
    readonly pasted: string | null,
  ) {}

  static file(name: string, blob: Blob): Item {
    return new Item(name, blob, null);
  }

  static text(text: string): Item {
    return new Item("", new Blob([text]), text);
  }

  get size(): number {
    return this.blob.size;
  }

  /** Goes back to the start. */
  reset(state: "waiting" | "stopped"): void {
    this.state = state;
    this.read = 0;
    this.source = null;
    this.evidence = null;
    this.trouble = null;
  }

  fail(trouble: Trouble): void {
    this.state = "failed";
    this.source = null;
    this.evidence = null;
    this.trouble = trouble;
  }
}

/** An error as something that can be shown beside an item. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof FileChanged) return { kind: "changed" };
  if (error instanceof Failure) return { kind: "engine", text: error.text, advice: error.advice };
  return { kind: "crashed", detail: error instanceof Error ? error.message : String(error), told: false };
}
