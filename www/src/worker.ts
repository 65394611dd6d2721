// The worker's first lines (a classic script, made from a blob: URL): the first message carries the compiled engine, all later
// ones are answered by Rust (`src/web`).
import { initSync, start } from "layerproof-wasm";

addEventListener(
  "message",
  (event: MessageEvent<{ module: WebAssembly.Module }>) => {
    initSync({ module: event.data.module });
    start();
  },
  { once: true },
);
