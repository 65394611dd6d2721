// What can be seen of the artefacts without a browser: `node artefacts.mjs`. The last line counts.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const dist = path.join(root, "dist");
const files = fs.readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name)).sort();
const name = (file) => path.relative(dist, file);
const text = (file) => fs.readFileSync(path.join(dist, file), "utf8");
const hash = (content, form) => createHash("sha256").update(content).digest(form);
const pages = ["layerproof.html", "site/index.html"];
const scripts = [...pages, "site/sw.js", "npm/layerproof.js"];

const policy = (html) => Object.fromEntries(html.match(/<meta http-equiv="Content-Security-Policy" content="([^"]*)">/)[1].split("; ").map((rule) => [rule.split(" ")[0], rule.split(" ").slice(1)]));
const script = (html) => html.match(/<script>([^]*?)<\/script>/)[1];

const tests = {
  "each page has one script, and its policy names it by hash": () => {
    for (const page of pages) {
      const html = text(page);
      assert.equal(html.match(/<script>/g).length, 1, page);
      assert.deepEqual(policy(html)["script-src"], [`'sha256-${hash(script(html), "base64")}'`, "'wasm-unsafe-eval'"], page);
      assert.ok(html.indexOf("http-equiv") < html.indexOf("<script"), `${page}: the policy stands before what it rules`);
    }
  },
  "the policies allow nothing but the page's own parts": () => {
    const rest = { "default-src": ["'none'"], "base-uri": ["'none'"], "form-action": ["'none'"] };
    const but = ({ "script-src": _, ...rules }) => rules;
    assert.deepEqual(but(policy(text(pages[0]))), { ...rest, "worker-src": ["blob:"], "connect-src": ["'none'"], "img-src": ["data:"] });
    assert.deepEqual(but(policy(text(pages[1]))), { ...rest, "worker-src": ["'self'", "blob:"], "connect-src": ["'self'"], "img-src": ["'self'", "data:"], "manifest-src": ["'self'"] });
  },
  "no markup runs or styles by itself": () => {
    for (const page of pages) assert.ok(!/\s(on[a-z]+|style)=/.test(text(page).replace(/<script[^]*?<\/script>/g, "")), page);
  },
  "no code path uses what a policy does not stop": () => {
    // Only parts of the page's own reloading and its links are let through: there is no assignment to location, no WebRTC, no ping.
    for (const file of scripts) {
      for (const word of [/\bRTCPeerConnection\b/, /\bsendBeacon\b/, /\blocation\.(href\s*=[^=]|assign|replace\()/, /\bwindow\.open\(/, /\sping=/, /\beval\(/, /new Function\(/]) assert.ok(!word.test(text(file)), `${file}: ${word}`);
    }
  },
  "workers are made from blob: URLs, in one place": () => {
    for (const file of [...pages, "npm/layerproof.js"]) {
      const made = [...text(file).matchAll(/([\w$]+)\s*=\s*URL\.createObjectURL\(new Blob\(\[[^\]]*\],\s*{\s*type:\s*"text\/javascript"[^]{0,200}?new Worker\(\1,\s*{\s*name:/g)];
      assert.deepEqual([made.length, text(file).match(/new Worker\(/g)?.length], [1, 1], file);
    }
  },
  "no address of anybody else is loaded": () => {
    for (const page of pages) {
      const markup = text(page).replace(/<script[^]*?<\/script>/g, "").replace(/content="[^"]*"/g, "");
      for (const [, value] of markup.matchAll(/\s(?:src|href|action|data|poster)="([^"]*)"/g)) assert.match(value, /^(data:|#|[\w.-]+$)/, page);
    }
  },
  "nothing names a folder of the machine that built it": () => {
    const folders = [root, ...[".cargo", ".rustup"].map((name) => path.join(os.homedir(), name))].map((folder) => Buffer.from(`${folder}/`));
    for (const file of files) for (const folder of folders) assert.ok(!fs.readFileSync(file).includes(folder), `${name(file)} holds ${folder}`);
  },
  "the site, the single file and the package are of one build": () => {
    const labels = [script(text(pages[0])), script(text(pages[1])), text("npm/layerproof.js"), text("site/sw.js")].map((t) => t.match(/(?:label:|layerproof )\W*([0-9a-f]{12})\b/)?.[1]);
    assert.ok(labels[0] && labels.every((label) => label === labels[0]), labels.join(" "));
    assert.ok(!files.some((file) => fs.readFileSync(file).includes("@layerproof-build@")), "a label was not put in");
  },
  "the single file carries the whole module, the site its main part and the parts that it loads": () => {
    const modules = files.filter((file) => name(file).startsWith("site/") && file.endsWith(".wasm")).map((file) => fs.readFileSync(file));
    const carried = [...text("layerproof.html").matchAll(/<script type="text\/plain" id="layerproof-data-layerproof">([^<]*)<\/script>/g)].map((found) => Buffer.from(found[1], "base64"));
    assert.equal(carried.length, 1);
    const [whole, ...cut] = [...carried, ...modules].map((bytes) => new WebAssembly.Module(bytes));
    const names = (list) => list.map(({ name }) => name);
    const imports = (module) => names(WebAssembly.Module.imports(module)), exports = (module) => names(WebAssembly.Module.exports(module));
    const [main, ...more] = cut.filter((module) => imports(module).includes("__load"));
    assert.equal(more.length, 0, "one main part");
    assert.ok(!imports(whole).includes("__load"), "the single file would have to load something");
    for (const one of exports(whole)) assert.ok(exports(main).includes(one), one);
    const parts = cut.filter((module) => module !== main);
    assert.ok(parts.length > 0);
    for (const one of parts.flatMap(imports)) assert.ok(exports(main).includes(one), one);
  },
  "the service worker keeps every file of a visit, and only files that are there": () => {
    const kept = JSON.parse(text("site/sw.js").match(/\["\.\/"[^\]]*\]/)[0]);
    for (const file of kept.slice(1)) assert.ok(fs.existsSync(path.join(dist, "site", file)), file);
    for (const file of files.map(name).filter((file) => /^site\/(?!index\.html|sw\.js)/.test(file) && !/-signatures-/.test(file))) assert.ok(kept.includes(file.slice("site/".length)), file);
  },
  "the web manifest names files that are there": () => {
    const manifest = JSON.parse(text("site/manifest.webmanifest"));
    for (const { src } of manifest.icons) assert.ok(fs.existsSync(path.join(dist, "site", src)), src);
    assert.deepEqual([manifest.start_url, manifest.scope], ["./", "./"], "any sub-path");
  },
  "the package names files that are there": () => {
    const manifest = JSON.parse(text("npm/package.json"));
    for (const file of [manifest.types, manifest.exports["."].types, manifest.exports["."].default]) assert.ok(fs.existsSync(path.join(dist, "npm", file)), file);
    assert.equal(manifest.version, fs.readFileSync(path.join(root, "Cargo.toml"), "utf8").match(/^version = "(.+)"$/m)[1]);
    for (const file of files.map(name).filter((file) => file.startsWith("npm/types/") && file.endsWith(".d.ts"))) {
      for (const [, to] of text(file).matchAll(/from "(\.[^"]+)"/g)) assert.ok(fs.existsSync(path.join(dist, path.dirname(file), to.replace(/\.js$/, ".d.ts"))), `${file}: ${to}`);
    }
  },
  "SHA256SUMS names every file": () => {
    const sums = files.filter((file) => name(file) !== "SHA256SUMS").map((file) => `${hash(fs.readFileSync(file), "hex")}  ${name(file)}\n`);
    assert.deepEqual(text("SHA256SUMS").split(/(?<=\n)/).toSorted(), sums.toSorted());
  },
};

let passed = 0, failed = 0;
for (const [what, test] of Object.entries(tests)) {
  try {
    test();
    passed++;
  } catch (error) {
    failed++;
    console.log(`    FAILED ${what}\n        ${String(error.message).slice(0, 2000)}`);
  }
}
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exitCode = failed > 0 ? 1 : 0;
