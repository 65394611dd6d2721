// A worker's first lines (a classic script, made from a blob: URL): the first message carries the compiled engine, all later ones
// are answered by Rust (`src/web`).
import { help, initSync, sha256, start } from "layerproof-wasm";

/** A part of the engine that is loaded when one of its functions is called. */
export interface Part {
  url: string;
  /** In hex. */
  sha256: string;
}

/** What a worker says when a part cannot be had. */
export interface Missing {
  missing: string;
}

/** The first message. */
export interface First {
  module: WebAssembly.Module;
  /** Empty where the module is whole. */
  parts: Part[];
  /** The engine's sentences; a helper says none. */
  texts?: string;
  /** Given to a helper: what it is for. */
  role?: number;
}

addEventListener(
  "message",
  ({ data }: MessageEvent<First>) => {
    const main = initSync({ module: data.module });
    Object.assign(globalThis, { layerproofLoad: (number: number) => load(data.parts[number - 1]!, main) });
    if (data.role === undefined) start(data.texts ?? "");
    else help(data.role);
  },
  { once: true },
);

/** Loads a part while the engine waits in the middle of a call; its functions take their places when it is instantiated. */
function load({ url, sha256: expected }: Part, main: WebAssembly.Exports): void {
  const bytes = fetched(url);
  if (sha256(bytes) !== expected) {
    postMessage({ missing: url } satisfies Missing);
    // Nothing can come back to the middle of that call: the page ends this worker.
    throw new Error(url);
  }
  new WebAssembly.Instance(new WebAssembly.Module(bytes), { main });
}

/** The bytes at a URL, or none. */
function fetched(url: string): Uint8Array<ArrayBuffer> {
  try {
    const request = new XMLHttpRequest();
    request.open("GET", url, false);
    request.responseType = "arraybuffer";
    request.send();
    return new Uint8Array((request.response as ArrayBuffer | null) ?? []);
  } catch {
    return new Uint8Array();
  }
}
