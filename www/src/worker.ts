// A worker's first lines (a classic script, made from a blob: URL): the first message carries the compiled engine, all later ones
// are answered by Rust (`src/web`).
import { help, initSync, start } from "layerproof-wasm";

/** The first message. */
export interface First {
  module: WebAssembly.Module;
  /** Given to a helper: what it is for. */
  role?: number;
}

addEventListener(
  "message",
  ({ data }: MessageEvent<First>) => {
    initSync({ module: data.module });
    if (data.role === undefined) start();
    else help(data.role);
  },
  { once: true },
);
