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
  /** Whether its lines may be taken for texts of steps. */
  mayBeLines = false;
  /** Whether a person said that its lines are texts of steps. */
  areLines = false;
  trouble: Trouble | null = null;
  /** Size in bytes. Asked for once: a browser may ask the disk each time, and make the page wait. */
  readonly size: number;

  private constructor(
    readonly name: string,
    readonly blob: Blob,
    /** The text, for what was pasted. */
    readonly pasted: string | null,
  ) {
    this.size = blob.size;
  }

  static file(name: string, blob: Blob): Item {
    return new Item(name, blob, null);
  }

  static text(text: string): Item {
    return new Item("", new Blob([text]), text);
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

/** How long items may be made in one go, in milliseconds: of thousands of files each size is asked of the disk. */
const AT_ONCE = 12;

/** Items for files; lets the page draw in between. */
export async function itemsOf(files: Iterable<{ name: string; blob: Blob }>): Promise<Item[]> {
  const items: Item[] = [];
  let began = performance.now();
  for (const { name, blob } of files) {
    items.push(Item.file(name, blob));
    if (performance.now() - began < AT_ONCE) continue;
    await new Promise((resolve) => setTimeout(resolve));
    began = performance.now();
  }
  return items;
}

/** An error as something that can be shown beside an item. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof FileChanged) return { kind: "changed" };
  if (error instanceof Failure) return { kind: "engine", text: error.text, advice: error.advice };
  return { kind: "crashed", detail: error instanceof Error ? error.message : String(error), told: false };
}
