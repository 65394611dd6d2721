// The page beside pages with other JavaScript stacks, all in Chromium and on the same files: `node bench-javascript.mjs [gz MEBIBYTES]
// [tar MEBIBYTES]`, called by `cargo xtask bench page-javascript`. The job is the same for all: SHA-256 of the file, of the
// uncompressed stream, and of every regular file in the archive. Ours runs from the drop until the report is drawn, with everything
// else that the page looks at; the others from the call until they have the digests, which nobody draws. Rounds are interleaved,
// and in every round all digests must agree.
//
//   streaming 1, 2   hash-wasm, DecompressionStream and a small tar walk in one worker, or in two
//   one-shot         whole buffers in a worker, with the browser's own digest (WebCrypto)
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { scratch } from "./engines/process.mjs";
import { dropped, growth, measure, mebibytes, median, root } from "./measure.mjs";
import { serveFolder } from "./servers.mjs";
import { tarball } from "./tarball.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const wanted = process.argv.length > 2 ? process.argv.slice(2) : ["gz", "430", "tar", "2000"];
const PAGE = `<!doctype html><title>stack</title><input type="file"><script>
const run = (script, how) => new Promise((resolve) => {
  const start = performance.now(), worker = new Worker(script);
  worker.onmessage = ({ data }) => (worker.terminate(), resolve({ seconds: (performance.now() - start) / 1000, ...data }));
  worker.onerror = ({ message }) => resolve({ error: message });
  worker.postMessage({ file: document.querySelector("input").files[0], ...how });
});
</script>`;
const OTHERS = { "streaming 1": ["streaming.js", { workers: 1 }], "streaming 2": ["streaming.js", { workers: 2 }], "one-shot": ["oneshot.js", {}] };

async function stacks() {
  const folder = path.join(scratch, "stacks");
  fs.cpSync(path.join(root, "tests/browser/stacks"), folder, { recursive: true });
  fs.copyFileSync(path.join(root, "www/node_modules/hash-wasm/dist/sha256.umd.min.js"), path.join(folder, "sha256.umd.min.js"));
  fs.writeFileSync(path.join(folder, "index.html"), PAGE);
  return (await serveFolder(folder)).url;
}

/** All results as one text: equal when all digests are. */
const digestOf = ({ file, stream, files }) => `${file} ${stream} ${files.length} ${createHash("sha256").update(files.toSorted().join("\n")).digest("hex")}`;

/** What the session knows of every regular file, a page at a time. */
const LISTED = `(async () => {
  const { current } = document.querySelector("lp-page"), { evidence } = current.items[0], files = [];
  const { sha256, diff_id } = current.report.evidence[0].digests;
  for (let from = 0, total = 1; from < total; from += 1000) {
    const page = await current.entries(evidence, "", from, 1000);
    total = page.total;
    for (const entry of page.entries) if (entry.kind === "file") files.push(entry.path + " " + entry.sha256);
  }
  return { file: sha256, stream: diff_id ?? sha256, files };
})()`;

async function ours(page, file, shows) {
  const seconds = await dropped(page, [file], shows);
  const { file: ofFile, stream, files } = await page.eval(LISTED), plain = (text) => text.replace(/ ?sha256:/, (all) => (all[0] === " " ? " " : ""));
  return { seconds, digests: digestOf({ file: plain(ofFile), stream: plain(stream), files: files.map(plain) }) };
}

async function other(page, url, name, file, packed) {
  const [script, how] = OTHERS[name];
  await page.open(url);
  await page.browser.setFiles("document.querySelector('input')", [file]);
  const result = await page.eval(`run(${JSON.stringify(script)}, ${JSON.stringify({ ...how, packed })})`);
  return result.error ? { error: result.error } : { seconds: result.seconds, digests: digestOf(result) };
}

async function compare(page, url, kind, size) {
  const packed = kind === "gz", file = await tarball(root, size, packed);
  const hash = createHash("sha256");
  for await (const piece of fs.createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(piece);
  const shows = hash.digest("hex").slice(0, 8);
  const times = { ours: [], ...Object.fromEntries(Object.keys(OTHERS).map((name) => [name, []])) }, failed = {};
  let agreed = "";
  const note = (name, { seconds, digests, error }) => {
    if (error) return void (failed[name] = error);
    agreed ||= digests;
    if (digests !== agreed) throw new Error(`${name} gives other digests: ${digests}, not ${agreed}`);
    times[name].push(seconds);
  };
  for (let round = 0; round < ROUNDS; round++) {
    note("ours", await ours(page, file, shows));
    for (const name of Object.keys(OTHERS)) if (!failed[name]) note(name, await other(page, url, name, file, packed));
  }
  console.log(`${path.basename(file)}, ${(fs.statSync(file).size / 1e6).toFixed(0)} MB, ${size} MiB and ${agreed.split(" ")[2]} files inside, ${ROUNDS} rounds, medians; all digests agree`);
  // Memory is watched in a round of its own: looking at it takes a processor's time.
  const grown = { ours: (await growth(() => ours(page, file, shows))).most };
  for (const name of Object.keys(OTHERS)) {
    if (failed[name]) continue;
    await page.open(url);
    grown[name] = (await growth(() => other(page, url, name, file, packed))).most;
  }
  const base = median(times.ours);
  for (const [name, all] of Object.entries(times)) {
    if (failed[name]) console.log(`    ${name.padEnd(14)} cannot: ${failed[name]}`);
    else console.log(`    ${name.padEnd(14)} ${median(all).toFixed(2).padStart(6)} s, ${(median(all) / base).toFixed(2)} of ours (${all.map((one) => one.toFixed(1)).join(" ")}); memory + ${mebibytes(grown[name])}${name === "ours" ? "" : `, ours is ${(grown.ours / grown[name]).toFixed(2)} of it`}`);
  }
}

await measure(async (page) => {
  const url = await stacks();
  for (let at = 0; at < wanted.length; at += 2) await compare(page, url, wanted[at], Number(wanted[at + 1]));
});
