// How soon the page can be used: `node bench-start.mjs`, called by `cargo xtask bench page-start`. dist/layerproof.html is opened from
// disk in Chromium, at full speed and with the main thread slowed to a quarter and a sixth (the browser slows no worker and none of its
// own processes). The file is in the system's memory already. Rounds are interleaved, medians of milliseconds.
//
//   script    from the start of the navigation until the page's script begins
//   usable    … until the page takes a drop: a drag over it is accepted, and the input of files is there
//   drawn     … until that was drawn
//   decoded   from the first drop until the module's bytes are there
//   compiled  … until they are compiled
//   ready     … until the worker's session is there: the engine's `ready`
//   result    … until the page says what the file is
//   held      `ready` and `result` from the drop on, when the file was held over the page for half a second before; 0 where it was
//             ready before the drop
import fs from "node:fs";
import path from "node:path";
import { pause, scratch } from "./engines/process.mjs";
import { measure, median, single } from "./measure.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const RATES = [1, 4, 6];
const OPENING = ["script", "usable", "drawn"];
const DROPPED = ["decoded", "compiled", "ready", "result"];
const HELD = ["ready", "result"];

/** Runs in the page before anything else does. */
function probe() {
  const at = (window.__at = {}), note = (what) => (at[what] ??= performance.now());
  const accepts = () => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["x"], "x"));
    return !document.body.dispatchEvent(new DragEvent("dragover", { dataTransfer, bubbles: true, cancelable: true }));
  };
  const observer = new MutationObserver(() => {
    // The parser tells of a script just before it runs it.
    if ([...document.scripts].some((script) => script.type === "")) note("script");
    if (!document.querySelector("input[data-pick=files]") || !accepts()) return;
    observer.disconnect();
    note("usable");
    requestAnimationFrame(() => setTimeout(() => note("drawn")));
  });
  observer.observe(document, { childList: true, subtree: true });
  for (const type of ["dragenter", "drop"]) addEventListener(type, () => note(type), { capture: true });
  const { compile } = WebAssembly, Plain = window.Worker;
  WebAssembly.compile = async (bytes) => {
    note("decoded");
    const module = await compile.call(WebAssembly, bytes);
    note("compiled");
    return module;
  };
  window.Worker = class extends Plain {
    constructor(...how) {
      super(...how);
      this.addEventListener("message", () => note("ready"), { once: true });
    }
  };
  window.__result = () => {
    const look = () => (/Dockerfile, \d line/.test(document.querySelector(".evidence")?.textContent ?? "") ? note("result") : requestAnimationFrame(look));
    look();
  };
}

async function once(page, file, rate, held) {
  await page.browser.devtools("Emulation.setCPUThrottlingRate", { rate });
  await page.open(single);
  await page.waitFor("Is this image what it says it is?");
  await pause(500);
  if (held) await page.eval("void dispatchEvent(new DragEvent('dragenter', { dataTransfer: (() => { const data = new DataTransfer(); data.items.add(new File(['x'], 'x')); return data; })() }))");
  if (held) await pause(500);
  await page.eval("void __result()");
  await page.drop([file]);
  await page.until("window.__at.result", 60);
  const at = await page.eval("window.__at");
  await page.browser.devtools("Emulation.setCPUThrottlingRate", { rate: 1 });
  const since = (parts, from, mark) => parts.map((part) => [part + mark, Math.max(0, at[part] - from)]);
  return Object.fromEntries(held ? since(HELD, at.drop, ", held") : [...since(OPENING, 0, ""), ...since(DROPPED, at.dragenter, "")]);
}

await measure(async (page, browser) => {
  const file = path.join(scratch, "Dockerfile");
  fs.writeFileSync(file, 'FROM scratch\nCMD ["/bin/sh"]\n');
  await browser.devtools("Page.addScriptToEvaluateOnNewDocument", { source: `(${probe})()` });
  const times = new Map(RATES.map((rate) => [rate, []]));
  await once(page, file, 1, false);
  for (let round = 0; round < ROUNDS; round++)
    for (const rate of RATES) times.get(rate).push({ ...(await once(page, file, rate, false)), ...(await once(page, file, rate, true)) });
  console.log(`dist/layerproof.html, ${(fs.statSync(single).size / 1e6).toFixed(1)} MB, from file://, ${ROUNDS} rounds, medians in ms`);
  const parts = [...OPENING, ...DROPPED, ...HELD.map((part) => `${part}, held`)], width = (part) => part.length + 4;
  console.log(`    main thread${parts.map((part) => part.padStart(width(part))).join("")}`);
  for (const [rate, all] of times) {
    const row = parts.map((part) => median(all.map((one) => one[part])).toFixed(0).padStart(width(part)));
    console.log(`    ${(rate === 1 ? "full speed" : `1/${rate}`).padEnd(11)}${row.join("")}`);
  }
});
