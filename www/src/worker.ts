// The worker's first lines (a classic script, made from a blob: URL): the first message carries the compiled engine, all later
// ones are answered by Rust (`src/web`). The same script is the helpers that this worker makes, in workers of its own.
import { help, initSync, start } from "layerproof-wasm";

interface First {
  module: WebAssembly.Module;
  /** This script, to make a helper from: on file:// Chromium refuses a URL that the page made. */
  source: string;
  helper?: boolean;
}

/** Makes a helper; `undefined` where it would have no processor of its own or is refused. */
function hire({ module, source }: First): Worker | undefined {
  if ((navigator.hardwareConcurrency || 1) < 2) return undefined;
  try {
    // The URL is freed with this worker: some browsers read it only later.
    const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })), { name: "layerproof-helper" });
    worker.postMessage({ module, source: "", helper: true } satisfies First);
    return worker;
  } catch {
    return undefined;
  }
}

addEventListener(
  "message",
  ({ data }: MessageEvent<First>) => {
    initSync({ module: data.module });
    if (data.helper) help();
    else start(() => hire(data));
  },
  { once: true },
);
