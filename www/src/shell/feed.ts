// Gives one item to an engine: whole, or once more for a second pass.
import type { Need, Request } from "../../protocol.js";
import { AssetsError } from "./assets.js";
import { EngineGone, type Engine } from "./engine.js";
import { troubleOf, type Item } from "./item.js";
import { stream, type Push } from "./read.js";

/** Where a feed tells how far it is, and how it is told to stop. */
export interface Watch {
  tick(): void;
  signal: AbortSignal;
}

/** Reads an item for the first time. A file that cannot be read is set aside; only a lost engine or a stop is thrown. */
export async function feed(engine: Engine, item: Item, watch: Watch): Promise<void> {
  item.state = "reading";
  await guarded(engine, item, watch, async () => {
    if (item.pasted !== null) {
      item.source = (await engine.ask({ type: "paste", text: item.pasted }, "opened")).source;
      if (item.areLines) await engine.ask(linesOf(item, item.source), "done");
      item.read = item.size;
    } else {
      const { source } = await engine.ask({ type: "open", name: item.name, size: item.size }, "opened");
      item.source = source;
      if (item.areLines) await engine.ask(linesOf(item, source), "done");
      await stream(item.blob, pusher(engine, item, watch, { type: "push", source }), watch.signal);
      item.what = (await engine.ask({ type: "close", source }, "closed")).what;
    }
    item.state = "read";
  });
}

/** Tells the engine what a person said about an item's lines. */
export function linesOf(item: Item, source: number): Request {
  return { type: "set", option: { name: "history-lines", source, value: item.areLines } };
}

/** Reads an item once more, for everything the engine needs of it. `finishing` is called when its bytes are there: what is built from them can take much longer. */
export async function feedAgain(engine: Engine, item: Item, need: Need, watch: Watch, finishing: () => void): Promise<void> {
  const { source } = need;
  await guarded(engine, item, watch, async () => {
    await engine.ask({ type: "begin-pass", source }, "done");
    await stream(item.blob, pusher(engine, item, watch, { type: "pass-push", source }), watch.signal);
    finishing();
    await engine.ask({ type: "end-pass", source }, "done");
  });
}

async function guarded(engine: Engine, item: Item, watch: Watch, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (watch.signal.aborted) throw error;
    const { source } = item;
    if (error instanceof AssetsError) {
      // No fault of the file: it can be read once the rest of the page is there.
      item.reset("waiting");
      throw error;
    }
    item.fail(troubleOf(error));
    if (error instanceof EngineGone) throw error;
    // What was read of it must not speak in the report.
    if (source !== null) await engine.ask({ type: "remove", source }, "done");
  }
}

function pusher(engine: Engine, item: Item, watch: Watch, body: Request): Push {
  return async (buffer, length) => {
    const { bytes, read } = await engine.ask(body, "taken", buffer, length);
    item.read = read;
    watch.tick();
    return bytes;
  };
}
