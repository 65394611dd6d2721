// The page beside the tools of the system: `node bench.mjs [gz MEBIBYTES] [tar MEBIBYTES]`, called by `cargo xtask bench page`.
// An archive is made, dropped on the single file in Chromium, and read until its digest is shown; in between, the same file goes through
// the page that is served, whose module is cut, and through sha256sum, gzip, sha256sum and tar -t, all at once. Rounds are interleaved
// and medians compared, since a shared machine wanders. The page does more: it hashes every file of the archive too.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { pause } from "./engines/process.mjs";
import { inShell, measure, median, opened, root } from "./measure.mjs";
import { serveFolder } from "./servers.mjs";
import { tarball } from "./tarball.mjs";

const ROUNDS = 5;
const MANY = 1500;
const wanted = process.argv.length > 2 ? process.argv.slice(2) : ["gz", "430", "tar", "2000"];

async function inPage(page, file, digest, url) {
  await opened(page, url);
  const start = performance.now();
  await page.drop([file]);
  await page.waitFor(digest.slice(0, 8), 600);
  return (performance.now() - start) / 1000;
}

/** The longest task of the main thread, in milliseconds, from `give` on until the page is at rest. */
async function longestTask(page, give) {
  await opened(page);
  await page.eval("void (window.__tasks = [0], new PerformanceObserver((list) => __tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask' }))");
  await give();
  // Looking costs the page time: it is looked at seldom, and only for its rows.
  for (let rest = 0; rest < 2; ) {
    await pause(1000);
    const still = await page.eval("document.querySelector('.work') === null && document.querySelectorAll('.evidence > li').length > 0");
    rest = still ? rest + 1 : 0;
  }
  return page.eval("Math.max(...__tasks)");
}

/** Drops many small files. They are made in the page: handing over so many from disk is a long task of the browser itself, whatever the page does. */
const dropMany = (page) => page.eval(`new Promise((done) => {
  const dataTransfer = new DataTransfer();
  for (let number = 0; number < ${MANY}; number++) dataTransfer.items.add(new File([JSON.stringify({ number })], number + ".json"));
  setTimeout(() => { __tasks.length = 1; document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true })); done(true); }, 1000);
})`);

/** The recorded Dockerfile and history with the most lines times entries; nothing where the recorded inputs are not at hand. */
function longestPair() {
  const pairs = path.join(process.env.LAYERPROOF_FIXTURES ?? path.join(root, "../shared/fixtures"), "official/pairs");
  if (!fs.existsSync(pairs)) return null;
  const read = (name) => {
    const dockerfile = fs.readFileSync(path.join(pairs, name, "Dockerfile"), "utf8"), history = fs.readFileSync(path.join(pairs, name, "history.json"), "utf8");
    return { name, dockerfile, history, work: dockerfile.split("\n").length * history.split('"created_by"').length };
  };
  return fs.readdirSync(pairs).filter((name) => fs.existsSync(path.join(pairs, name, "Dockerfile"))).map(read).sort((a, b) => b.work - a.work)[0];
}

/** Milliseconds from the drop of a history, its Dockerfile being there already, until the page shows both side by side: reading, matching, every other check, and drawing. */
async function matching(page, pair) {
  await opened(page);
  const drop = (name, text) => `(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)}));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  })()`;
  await page.eval(`void ${drop("Dockerfile", pair.dockerfile)}`);
  await page.waitFor("Dockerfile,", 60);
  await pause(1000);
  return page.eval(`new Promise((done) => {
    const start = performance.now(), shown = () => /Dockerfile and history|lines have their|line has its/.test(document.body.innerText);
    const observer = new MutationObserver(() => { if (shown()) { observer.disconnect(); done(performance.now() - start); } });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    for (const element of document.querySelectorAll("*")) if (element.shadowRoot) observer.observe(element.shadowRoot, { subtree: true, childList: true, characterData: true });
    setTimeout(() => done(-1), 20000);
    ${drop("history.json", pair.history)};
  })`);
}

const SHELL = {
  gz: 'sha256sum "$1" & gzip -dc "$1" | tee >(sha256sum) | tar -t >/dev/null; wait',
  tar: 'tee < "$1" >(sha256sum) | tar -t >/dev/null; wait',
};

async function compare(page, kind, mebibytes) {
  const file = await tarball(root, mebibytes, kind === "gz");
  const digest = execFileSync("sha256sum", [file], { encoding: "utf8" });
  // The module of the site is cut, that of the single file is whole.
  const { url } = await serveFolder(path.join(root, "dist/site"));
  const times = { page: [], site: [], shell: [] };
  for (let round = 0; round < ROUNDS; round++) {
    times.page.push(await inPage(page, file, digest));
    times.site.push(await inPage(page, file, digest, url));
    times.shell.push(inShell(SHELL[kind], file));
  }
  const [p, site, s] = [median(times.page), median(times.site), median(times.shell)];
  console.log(`${path.basename(file)}, ${(fs.statSync(file).size / 1e6).toFixed(0)} MB, ${mebibytes} MiB inside, ${ROUNDS} rounds, medians`);
  console.log(`    page, from drop to digest           ${p.toFixed(2)} s`);
  console.log(`    ${{ gz: "sha256sum, gzip -dc, sha256sum, tar", tar: "sha256sum, tar" }[kind].padEnd(36)}${s.toFixed(2)} s`);
  console.log(`    page : system = ${(p / s).toFixed(2)}, site : single file = ${(site / p).toFixed(2)}`);
}

await measure(async (page) => {
  for (let i = 0; i < wanted.length; i += 2) await compare(page, wanted[i], Number(wanted[i + 1]));
  // Tasks under 50 ms are not reported by the browser and count as 0.
  const middle = await tarball(root, 64, true);
  const tasks = [await longestTask(page, () => page.choose([middle])), await longestTask(page, () => dropMany(page))];
  console.log(`longest task on the main thread: ${tasks[0].toFixed(0)} ms with a large file, ${tasks[1].toFixed(0)} ms with ${MANY} small ones`);
  const pair = longestPair(), matched = [];
  for (let round = 0; pair && round < ROUNDS; round++) matched.push(await matching(page, pair));
  if (pair) console.log(`${pair.name}: history dropped to rows shown      ${median(matched).toFixed(0)} ms, least ${Math.min(...matched).toFixed(0)} ms`);
});
