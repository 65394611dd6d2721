// The npm package: one script that carries the element, its types, and the module beside it.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

export const npmManifest = (version, dependencies) => JSON.stringify({
  name: "layerproof",
  version,
  description: "<layer-proof>: verifies in the browser, offline, that a container image is what its publisher says it is",
  license: "MIT OR Apache-2.0",
  type: "module",
  exports: { ".": { types: "./types/src/element.d.ts", default: "./layerproof.js" } },
  types: "./types/src/element.d.ts",
  sideEffects: ["./layerproof.js"],
  files: ["*.js", "*.wasm", "*.txt", "types"],
  // For its types only; the script carries what it needs.
  dependencies,
}, null, 2) + "\n";

/** Declarations of the element, as TypeScript sees them. */
export function declareTypes(plan) {
  const www = path.join(plan.root, "www"), out = path.join(plan.glue, "types");
  fs.rmSync(out, { recursive: true, force: true });
  const tsc = path.join(www, "node_modules", "typescript", "bin", "tsc");
  execFileSync(process.execPath, [tsc, "--project", path.join(www, "tsconfig.types.json"), "--outDir", out], { stdio: "inherit" });
  const names = fs.readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map((entry) => path.relative(out, path.join(entry.parentPath ?? entry.path, entry.name))).sort();
  const files = new Map(names.map((name) => [path.join("types", name), fs.readFileSync(path.join(out, name), "utf8")]));
  files.set(path.join("types", "protocol.d.ts"), fs.readFileSync(path.join(www, "protocol.d.ts"), "utf8"));
  return files;
}
