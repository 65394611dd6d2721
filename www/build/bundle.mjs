// esbuild, called for each piece of the page.
import path from "node:path";
import * as esbuild from "esbuild";
import { LABEL } from "./hash.mjs";

const common = { bundle: true, minify: true, write: false, charset: "ascii", target: ["es2022"], legalComments: "none", logLevel: "warning" };

async function bundle(plan, entry, options, plugins = []) {
  const { outputFiles } = await esbuild.build({
    ...common,
    absWorkingDir: plan.root,
    entryPoints: [path.join(plan.root, "www", "src", entry)],
    // The modules' JavaScript sides are imported by name: the main one as layerproof-wasm, others as layerproof-wasm-NAME.
    alias: Object.fromEntries(plan.modules.map(({ name }, i) => [i === 0 ? "layerproof-wasm" : `layerproof-wasm-${name}`, path.join(plan.glue, `${name}.js`)])),
    plugins,
    ...options,
  });
  return outputFiles[0].text.trimEnd();
}

/** The worker: a classic script, since a blob: worker that is a module does not start everywhere. */
export const bundleWorker = (plan) => bundle(plan, "worker.ts", { format: "iife" });

/** The page or the element, with `layerproof:assets` made for the artefact. */
export const bundlePage = (plan, { artefact, entry, worker, modules, texts, version, repository }) =>
  bundle(plan, entry, { format: artefact === "npm" ? "esm" : "iife" }, [assets(artefact, worker, modules, texts, { version, repository, label: LABEL, artefact })]);

/** The service worker, told what to keep. */
export const bundleServiceWorker = (plan, files) =>
  bundle(plan, "service-worker.ts", { format: "iife", define: { __FILES__: JSON.stringify(files), __LABEL__: JSON.stringify(LABEL) } });

const assets = (artefact, worker, modules, texts, about) => ({
  name: "layerproof:assets",
  setup(build) {
    build.onResolve({ filter: /^layerproof:assets$/ }, ({ path }) => ({ path, namespace: "layerproof" }));
    build.onLoad({ filter: /.*/, namespace: "layerproof" }, () => ({ contents: assetsSource(artefact, worker, modules, texts, about), loader: "js" }));
  },
});

/** Where the files of an artefact lie. */
const BASE = { site: "document.baseURI", npm: "import.meta.url", single: "''" };

/** How each artefact gets at a module's bytes. */
const LOAD = {
  site: "async ({ file, integrity }) => { const reply = await fetch(new URL(file, document.baseURI), { integrity }); if (!reply.ok) throw new Error(`${file}: ${reply.status}`); return reply.arrayBuffer(); }",
  npm: "async ({ file, integrity }) => { const reply = await fetch(new URL(`./${file}`, import.meta.url), { integrity }); if (!reply.ok) throw new Error(`${file}: ${reply.status}`); return reply.arrayBuffer(); }",
  // Not fetch(data:): connect-src 'none' stops that too.
  single: "async ({ name }) => { const base64 = document.getElementById(`layerproof-data-${name}`).textContent; if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64).buffer; const text = atob(base64); const bytes = new Uint8Array(text.length); for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i); return bytes.buffer; }",
};

function assetsSource(artefact, worker, modules, texts, about) {
  const table = Object.fromEntries(modules.map(({ name, file, integrity, parts }) => [name, { name, file, integrity, parts: parts.map(({ file, sha256 }) => [file, sha256]) }]));
  return `export const workerSource = ${JSON.stringify(worker)};
    export const build = ${JSON.stringify(about)};
    const modules = ${JSON.stringify(table)};
    const load = ${LOAD[artefact]};
    export const moduleBytes = (name) => load(modules[name]);
    export const textBytes = () => load(${JSON.stringify({ name: texts.name, file: texts.file, integrity: texts.integrity })});
    export const parts = (name) => modules[name].parts.map(([file, sha256]) => ({ url: new URL(file, ${BASE[artefact]}).href, sha256 }));`;
}
