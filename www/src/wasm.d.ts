// What wasm-bindgen writes for `src/web`. The build puts its output (target `web`) behind this name: esbuild by an alias,
// TypeScript by this file.
declare module "layerproof-wasm" {
  /** Compiles nothing: makes an instance of a compiled module at once. */
  export function initSync(options: { module: WebAssembly.Module }): WebAssembly.Exports;
  /** SHA-256 in hex. */
  export function sha256(bytes: Uint8Array): string;
  /** Starts the message loop of the worker that calls it; answers request 0 with `ready`. */
  export function start(texts: string): void;
  /** Makes the worker that calls it a helper of this role. */
  export function help(role: number): void;
}
