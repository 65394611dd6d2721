// Which functions common cases call: `node profile.mjs GLUE.js PROFILED.wasm GROUPS`, called by `cargo xtask build`. The cases are
// worked through here, in Node, with a module that tells the number of each function that is entered (xtask-split). The first line
// of GROUPS is what the first group of cases calls, each further line what the next group calls beyond that.
//
// Nothing depends on this list but how much a visit loads: a function that no case calls is loaded when it is called.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { GROUPS } from "./cases.mjs";

const [glue, profiled, out] = process.argv.slice(2);
const module = new WebAssembly.Module(fs.readFileSync(profiled));
const texts = fs.readFileSync(new URL("../../src/report/english.txt", import.meta.url), "utf8");

/** The worker's global scope, as far as the engine knows it; all instances share it, one at a time. */
let listener, answers = [];
Object.assign(globalThis, {
  DedicatedWorkerGlobalScope: class { static [Symbol.hasInstance]() { return true; } },
  addEventListener: (_type, action) => (listener = action),
  postMessage: (message) => answers.push(message),
});
let called = new Set();
globalThis.layerproofCalled = (number) => called.add(number);

// wasm-bindgen's own way to instantiate, with one more import.
const text = fs.readFileSync(glue, "utf8");
const seam = "__load: (part)";
if (text.split(seam).length !== 2) throw new Error(`${glue} has no place for another import`);
const copy = path.join(path.dirname(glue), `${path.basename(glue, ".js")}_profiled.mjs`);
fs.writeFileSync(copy, text.replace(seam, `__called: (number) => globalThis.layerproofCalled(number),\n        ${seam}`));

/** A session in an instance of its own, spoken to as the page does. */
let instances = 0;
async function session() {
  const engine = await import(`${pathToFileURL(copy).href}?${instances++}`);
  engine.initSync({ module });
  engine.sha256(new Uint8Array(1));
  engine.start(texts);
  let last = 0;
  return (body, bytes) => {
    const request = ++last;
    answers = [];
    listener(new MessageEvent("message", { data: { request, body, bytes: bytes && new Uint8Array(bytes).buffer, length: bytes?.length } }));
    const answer = answers.find((message) => message.request === request);
    if (!answer || answer.body.type === "failed") throw new Error(`the profile's case does not work: ${JSON.stringify([body, answer?.body])}`);
    return answer;
  };
}

const PIECE = 2 << 20;
async function work({ files = [], texts = [] }) {
  const ask = await session();
  const push = (type, source, content) => {
    for (let at = 0; at < content.length; at += PIECE) ask({ type, source }, content.subarray(at, at + PIECE));
  };
  const opened = new Map(files.map(({ name, content }) => {
    const { source } = ask({ type: "open", name, size: content.length }).body;
    push("push", source, content);
    ask({ type: "close", source });
    return [source, content];
  }));
  for (const text of texts) ask({ type: "paste", text });
  ask({ type: "report" });
  for (const { source } of ask({ type: "needs" }).body.needs) {
    ask({ type: "begin-pass", source });
    push("pass-push", source, opened.get(source));
    ask({ type: "end-pass", source });
  }
  ask({ type: "report" });
  for (const source of opened.keys()) ask({ type: "remove", source });
}

/** The files of a built-in example; making them is not what a case calls. */
async function built(name) {
  const before = called;
  called = new Set();
  const ask = await session();
  const { body, bytes } = ask({ type: "example", name });
  called = before;
  let at = 0;
  return body.files.map((file) => ({ name: file.name, content: new Uint8Array(bytes).slice(at, (at += file.size)) }));
}

const groups = [];
for (const cases of GROUPS) {
  called = new Set();
  for (const { example, without, ...given } of cases) await work(example ? { files: (await built(example)).filter(({ name }) => !without?.test(name)) } : given);
  const before = new Set(groups.flat());
  groups.push([...called].filter((number) => !before.has(number)).sort((one, other) => one - other));
}
fs.writeFileSync(out, groups.map((numbers) => `${numbers.join(" ")}\n`).join(""));
