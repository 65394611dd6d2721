// The engine in Node, spoken to as the page speaks to its worker: for the build's profile of it, and for tests of what is cut.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const texts = fs.readFileSync(new URL("../../src/report/english.txt", import.meta.url), "utf8");
/** Lengths of pieces of a file, one after the other. */
const PIECES = [2 << 20, 1 << 16, 7_777, 1_000, 100];

/** The worker's global scope, as far as the engine knows it; all instances share it, one at a time. */
let listener, answers = [];
Object.assign(globalThis, {
  DedicatedWorkerGlobalScope: class { static [Symbol.hasInstance]() { return true; } },
  addEventListener: (_type, action) => (listener = action),
  postMessage: (message) => answers.push(message),
});

/**
 * Sessions in a module, each in an instance of its own. `called` is told the number of each stretch that a module made for that
 * executes, `load` gives the bytes of a part by its number.
 */
export function engine(glue, bytes, { called, load } = {}) {
  const module = new WebAssembly.Module(bytes);
  // wasm-bindgen's own way to instantiate, with one more import.
  const text = fs.readFileSync(glue, "utf8"), seam = "__load: (part)";
  if (text.split(seam).length !== 2) throw new Error(`${glue} has no place for another import`);
  const copy = path.join(path.dirname(glue), `${path.basename(glue, ".js")}_in_node.mjs`);
  fs.writeFileSync(copy, text.replace(seam, `__called: (number) => globalThis.layerproofCalled(number),\n        ${seam}`));
  return async () => {
    const instance = await import(`${pathToFileURL(copy).href}?${Math.random()}`);
    const main = instance.initSync({ module });
    globalThis.layerproofCalled = called;
    globalThis.layerproofLoad = (part) => new WebAssembly.Instance(new WebAssembly.Module(load(part)), { main });
    instance.sha256(new Uint8Array(1));
    instance.start(texts);
    let last = 0;
    return (body, bytes) => {
      const request = ++last;
      answers = [];
      listener(new MessageEvent("message", { data: { request, body, bytes: bytes && new Uint8Array(bytes).buffer, length: bytes?.length } }));
      const answer = answers.find((message) => message.request === request);
      if (!answer || answer.body.type === "failed") throw new Error(`the engine fails: ${JSON.stringify([body, answer?.body])}`);
      return answer;
    };
  };
}

/** Works a case through as the page does; gives the answers. */
export async function work(session, { files = [], texts = [] }) {
  const speak = await session(), said = [];
  const ask = (body, bytes) => {
    const answer = speak(body, bytes);
    said.push(answer);
    return answer;
  };
  const push = (type, source, content) => {
    for (let at = 0, piece = 0; at < content.length; at += PIECES[piece++ % PIECES.length]) ask({ type, source }, content.subarray(at, at + PIECES[piece % PIECES.length]));
  };
  const opened = new Map(files.map(({ name, content }) => {
    const { source } = ask({ type: "open", name, size: content.length }).body;
    push("push", source, content);
    ask({ type: "close", source });
    return [source, content];
  }));
  for (const text of texts) ask({ type: "paste", text });
  let { report } = ask({ type: "report" }).body;
  for (let need; (need = ask({ type: "needs" }).body.needs[0]); { report } = ask({ type: "report" }).body) {
    ask({ type: "begin-pass", source: need.source });
    push("pass-push", need.source, opened.get(need.source));
    ask({ type: "end-pass", source: need.source });
  }
  for (const { id, entries } of report.evidence) {
    if (entries) for (const filter of ["", "bin/", "setuid", "changed"]) ask({ type: "entries", evidence: id, filter, from: 0, count: 100 });
  }
  for (const source of opened.keys()) ask({ type: "remove", source });
  return said;
}

/** The files of a case; those of a built-in example are made by the engine. */
export async function given(session, { example, without, ...rest }) {
  if (!example) return rest;
  const { body, bytes } = (await session())({ type: "example", name: example });
  let at = 0;
  const files = body.files.map((file) => ({ name: file.name, content: new Uint8Array(bytes).slice(at, (at += file.size)) }));
  return { files: files.filter(({ name }) => !without?.test(name)) };
}
