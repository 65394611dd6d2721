// What the build puts into the page for one artefact (www/build/bundle.mjs).
declare module "layerproof:assets" {
  /** Text of the worker: a classic script, to be started from a blob: URL, so that it inherits the page's policy. */
  export const workerSource: string;
  /** The bytes of a WebAssembly module, or of its main part, of wasm-pack.toml, by its name there. Loaded anew on each call: keep what you compiled. */
  export function moduleBytes(name: string): Promise<ArrayBuffer>;
  /** The sentences of the engine, in UTF-8. */
  export function textBytes(): Promise<ArrayBuffer>;
  /** The parts of a module that are loaded when they are called; none where the module is whole. */
  export function parts(name: string): import("./worker.js").Part[];
  /** What this is a build of. */
  export const build: {
    /** Version of the program. */
    readonly version: string;
    /** Hash of everything that was built, 12 hexadecimal digits; a label, no proof. */
    readonly label: string;
    /** Which artefact this page is part of. */
    readonly artefact: "site" | "single" | "npm";
    /** Address of the source, as Cargo.toml names it; empty where it names none. */
    readonly repository: string;
  };
}
