// Where the engine's two parts come from: the worker's script and the compiled module.
//
// The single file carries both in inert <script> elements (`layerproof-worker`: the text, `layerproof-wasm`: base64, since
// `connect-src 'none'` forbids fetch even of data: URLs). Everywhere else they lie beside this script.

/** What an engine is started from. */
export interface Assets {
  /** Source text of the classic worker script. */
  worker: string;
  /** The compiled engine; it can be posted to any number of workers. */
  module: WebAssembly.Module;
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

/** Loads worker script and module; once, whoever asks. A failed attempt is forgotten, so that a retry can succeed. */
export function assets(): Promise<Assets> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<Assets> {
  const [worker, bytes] = await Promise.all([workerText(), wasmBytes()]).catch((error: unknown) => {
    throw new AssetsError("not-loaded", error);
  });
  try {
    return { worker, module: await WebAssembly.compile(bytes) };
  } catch (error) {
    throw new AssetsError("wasm-blocked", error);
  }
}

function workerText(): Promise<string> {
  const inlined = document.getElementById("layerproof-worker")?.textContent;
  return inlined ? Promise.resolve(inlined) : beside("layerproof.worker.js").then((response) => response.text());
}

function wasmBytes(): Promise<BufferSource> {
  const inlined = document.getElementById("layerproof-wasm")?.textContent;
  return inlined ? Promise.resolve(fromBase64(inlined)) : beside("layerproof.wasm").then((response) => response.arrayBuffer());
}

/** A file that lies beside this script. */
async function beside(name: string): Promise<Response> {
  const response = await fetch(new URL(name, import.meta.url));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.trim());
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
