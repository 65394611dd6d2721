// Where the engine's two parts come from: the worker's script and the compiled module. Each artefact has its own way
// (www/build/bundle.mjs): the single file carries the module as text, since `connect-src 'none'` forbids fetch even of data: URLs;
// the others load it from beside the page or the script, and refuse one of another build.
import { moduleBytes, parts, textBytes, workerSource } from "layerproof:assets";
import type { Part } from "../worker.js";

/** What an engine is started from. */
export interface Assets {
  /** Source text of the classic worker script. */
  worker: string;
  /** The compiled engine; it can be posted to any number of workers. */
  module: WebAssembly.Module;
  /** What the engine loads when it is called; nothing where the module is whole. */
  parts: Part[];
  /** The sentences that the engine says (`src/report/english.txt`). */
  texts: string;
}

/** Why the engine's parts could not be had. */
export class AssetsError extends Error {
  constructor(
    readonly reason: "wasm-blocked" | "not-loaded",
    cause: unknown,
  ) {
    super(String(cause));
  }
}

let loading: Promise<Assets> | undefined;

/** Loads the module; once, whoever asks. A failed attempt is forgotten, so that a retry can succeed. */
export function assets(): Promise<Assets> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<Assets> {
  const [bytes, texts] = await Promise.all([moduleBytes("layerproof"), textBytes()]).catch((error: unknown) => {
    throw new AssetsError("not-loaded", error);
  });
  try {
    return { worker: workerSource, texts: new TextDecoder().decode(texts), parts: parts("layerproof"), module: await WebAssembly.compile(bytes) };
  } catch (error) {
    throw new AssetsError("wasm-blocked", error);
  }
}
