// Bundles the page and writes the artefacts that wasm-pack.toml names: `node build.mjs PLAN.json`, called by `cargo xtask build`.
// The same inputs give the same bytes: there is no clock in here, and the build label is a hash of what was built.
import fs from "node:fs";
import path from "node:path";
import { bundlePage, bundleServiceWorker, bundleWorker } from "./bundle.mjs";
import { LABEL, sha256Base64, sha256Hex } from "./hash.mjs";
import { fillTemplate, policy } from "./html.mjs";
import { declareTypes, npmManifest } from "./npm.mjs";
import { checkBudgets } from "./sizes.mjs";

const plan = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const www = path.join(plan.root, "www");
const version = fs.readFileSync(path.join(plan.root, "Cargo.toml"), "utf8").match(/^version = "(.+)"$/m)[1];
const repository = fs.readFileSync(path.join(plan.root, "Cargo.toml"), "utf8").match(/^repository = "(https:.+)"$/m)?.[1] ?? "";
const readText = (...names) => fs.readFileSync(path.join(...names), "utf8");
/** A file that is loaded by its own name, which has a part of its hash. */
const loaded = (from, name, end) => {
  const bytes = fs.readFileSync(from), sha256 = sha256Hex(bytes);
  return { name, bytes, sha256, file: `${name}-${sha256.slice(0, 16)}.${end}`, integrity: `sha256-${sha256Base64(bytes)}` };
};
const wasm = (name) => loaded(path.join(plan.glue, name), name.replace(/_.*/, ""), "wasm");
const texts = loaded(path.join(plan.root, "src/report/english.txt"), "english", "txt");
// What is loaded over a network is cut into parts; the single file has all of it anyway.
const whole = plan.modules.map((module) => ({ ...wasm(`${module.name}_bg.wasm`), ...module, parts: [] }));
const modules = plan.modules.map((module, place) => {
  if (module.onDemand) return whole[place];
  // A line of what is executed very often, and one for each part but the last.
  const { length } = fs.readFileSync(path.join(plan.glue, `${module.name}_groups`), "utf8").trimEnd().split("\n");
  const [main, ...parts] = Array.from({ length }, (_, number) => wasm(`${module.name}_part-${number}.wasm`));
  return { ...main, ...module, parts };
});
const filesOf = ({ file, bytes, parts }) => [{ file, bytes }, ...parts];
const template = readText(plan.root, "index.html");
const icon = readText(www, "public", "icon.svg").trim();

/** One artefact: a map from the file's name to its content, before the label is put in. */
const make = {
  async site(worker) {
    const script = await bundlePage(plan, { artefact: "site", entry: "main.ts", worker, modules, texts, version, repository });
    const files = new Map();
    files.set("icon.svg", icon);
    files.set("manifest.webmanifest", readText(www, "public", "manifest.webmanifest"));
    for (const { file, bytes } of [texts, ...modules.flatMap(filesOf)]) files.set(file, bytes);
    files.set("index.html", (label) => fillTemplate(template, {
      csp: policy.site,
      head: '<link rel="icon" href="icon.svg" type="image/svg+xml"><link rel="manifest" href="manifest.webmanifest">',
      script: label(script),
    }));
    const precache = modules.filter((module) => !module.onDemand).flatMap(filesOf).map(({ file }) => file);
    precache.push(texts.file);
    const files0 = ["./", "icon.svg", "manifest.webmanifest", ...precache];
    files.set("sw.js", await bundleServiceWorker(plan, files0));
    return files;
  },
  async single(worker) {
    const script = await bundlePage(plan, { artefact: "single", entry: "main.ts", worker, modules: whole, texts, version, repository });
    const data = [...whole, texts].map(({ name, bytes }) => `<script type="text/plain" id="layerproof-data-${name}">${bytes.toString("base64")}</script>`);
    return new Map([["layerproof.html", (label) => fillTemplate(template, {
      csp: policy.single,
      head: `<link rel="icon" href="data:image/svg+xml;base64,${Buffer.from(icon).toString("base64")}">`,
      data: data.join("\n"),
      script: label(script),
    })]]);
  },
  async npm(worker) {
    const script = await bundlePage(plan, { artefact: "npm", entry: "element.ts", worker, modules, texts, version, repository });
    const files = declareTypes(plan);
    files.set("layerproof.js", script);
    for (const { file, bytes } of [texts, ...modules.flatMap(filesOf)]) files.set(file, bytes);
    files.set("package.json", npmManifest(version, JSON.parse(readText(www, "package.json")).dependencies));
    files.set("README.md", readText(www, "public", "npm.md"));
    return files;
  },
};
const folders = { site: "site", single: ".", npm: "npm" };

const worker = await bundleWorker(plan);
const made = {};
for (const artefact of plan.artefacts) made[artefact] = await make[artefact](worker);

// The label names all that was built, whatever the artefact: a page and an element of one build carry the same.
const unlabelled = Object.entries(made).flatMap(([artefact, files]) => [...files].map(([name, content]) =>
  `${artefact}/${name} ${sha256Hex(typeof content === "function" ? content((text) => text) : content)}\n`));
const label = sha256Hex(unlabelled.sort().join("")).slice(0, 12);
const labelled = (text) => text.replaceAll(LABEL, label);

fs.rmSync(plan.out, { recursive: true, force: true });
for (const [artefact, files] of Object.entries(made)) {
  for (const [name, content] of files) {
    const file = path.join(plan.out, folders[artefact], name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, typeof content === "function" ? content(labelled) : typeof content === "string" ? labelled(content) : content);
  }
}
// What somebody needs to check a published copy: `sha256sum --check SHA256SUMS`.
const published = fs.readdirSync(plan.out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  .map((entry) => path.relative(plan.out, path.join(entry.parentPath ?? entry.path, entry.name))).sort();
fs.writeFileSync(path.join(plan.out, "SHA256SUMS"), published.map((name) => `${sha256Hex(fs.readFileSync(path.join(plan.out, name)))}  ${name}\n`).join(""));

console.log(`    layerproof ${version}, build ${label}`);
// 3: everything was made, but is larger than it may be.
process.exitCode = checkBudgets(plan, modules, path.join(plan.out, folders.site)) ? 0 : 3;
