// A root file system tarball rebuilt in the page to its layer digest, beside the same chain natively in Go:
// `node bench-rebuild.mjs [MEBIBYTES]`, called by `cargo xtask bench page-rebuild`. The tarball is made here. Rounds are interleaved.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Browser, packages, programs } from "./engines/chromium.mjs";
import { endAll, find, scratch } from "./engines/process.mjs";
import { Page } from "./page.mjs";

const ROUNDS = 3;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const mebibytes = Number(process.argv[2] ?? 76);

/** A tar.gz of files from some hundred bytes to some mebibytes that shrinks to about two fifths; the same on every machine with the same tools. */
function makeTarball() {
  let state = 1;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8;
  const words = Array.from({ length: 4000 }, () => next().toString(36).slice(0, 2 + (next() % 6)));
  const tree = path.join(scratch, "tree"), file = path.join(scratch, "rootfs.tar.gz");
  for (let made = 0, number = 0; made < mebibytes << 20; number++) {
    const size = 200 << (next() % 15), folder = path.join(tree, "usr", String(number % 50));
    let content;
    if (number % 8 === 0) content = Buffer.from(Uint32Array.from({ length: size >> 2 }, () => next() ^ (next() << 16)).buffer);
    else for (content = ""; content.length < size; ) content += `${words[next() % words.length]} `;
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, String(number)), content);
    made += size;
  }
  execFileSync("sh", ["-c", 'tar -C "$1" --sort=name --owner=0 --group=0 --mtime=@1 -c usr | gzip -6n > "$2"', "sh", tree, file]);
  return file;
}

/** Seconds and digests of Go's chain. */
function inGo(program, file) {
  const [diffId, layer, size, seconds] = execFileSync(program, ["chain", file], { encoding: "utf8" }).trim().split(" ");
  return { diffId, layer, size, seconds: Number(seconds) };
}

/** Mebibytes that all processes of this run's browser hold, shared pages counted in parts. */
function memory() {
  let kibibytes = 0;
  for (const id of fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (!fs.readFileSync(`/proc/${id}/cmdline`, "utf8").includes(scratch) && !fs.readFileSync(`/proc/${id}/environ`, "utf8").includes(scratch)) continue;
      kibibytes += Number(/^Pss:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${id}/smaps_rollup`, "utf8"))?.[1] ?? 0);
    } catch {
      // It ended meanwhile.
    }
  }
  return kibibytes / 1024;
}

async function inPage(page, file, claim) {
  await page.open(path.join(root, "dist/layerproof.html"));
  await page.waitFor("Is this image what it says it is?");
  const idle = memory();
  await page.drop([file, claim]);
  // A heading that opens the part has the same name, so the button is taken by what it is.
  const button = "all('button').find((element) => name(element) === 'Build it here')";
  await page.until(`${button} && !${button}.disabled`, 120);
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, memory())), 250);
  const start = performance.now();
  await page.look(`${button}.click()`);
  await page.until("all('li, p, td, span, h3, h4, summary').some((element) => element.textContent.includes('was built again from this file'))", 600);
  clearInterval(watch);
  return { seconds: (performance.now() - start) / 1000, memory: most - idle };
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

try {
  if (!programs().browser || !programs().driver) throw new Error(`chromium is not installed (Debian packages ${packages})`);
  const go = find("go");
  if (!go) throw new Error("skipped: go is not installed (Debian package golang-go), so there is nothing to compare with");
  const program = path.join(scratch, "chain");
  execFileSync(go, ["build", "-o", program, path.join(root, "benches/go/chain.go")], { stdio: "inherit", env: { ...process.env, GOFLAGS: "-mod=mod", GO111MODULE: "off" } });
  const file = makeTarball(), { layer, size } = inGo(program, file);
  const claim = path.join(scratch, "claim.txt");
  fs.writeFileSync(claim, `sha256:${layer}\n`);
  const browser = new Browser();
  await browser.start({ scheme: "light", motion: "no-preference" });
  const page = new Page(browser, "chromium"), times = { page: [], go: [] }, memories = [];
  for (let round = 0; round < ROUNDS; round++) {
    const made = await inPage(page, file, claim);
    times.page.push(made.seconds);
    memories.push(made.memory);
    times.go.push(inGo(program, file).seconds);
  }
  await browser.end();
  const [p, g] = [median(times.page), median(times.go)];
  console.log(`tar.gz ${(fs.statSync(file).size / 1e6).toFixed(0)} MB of ${mebibytes} MiB, layer ${(size / 1e6).toFixed(0)} MB, ${ROUNDS} rounds, medians`);
  console.log(`page, from the button to the layer's digest  ${p.toFixed(2)} s, idle + ${median(memories).toFixed(0)} MiB`);
  console.log(`Go, the same chain in memory                 ${g.toFixed(2)} s`);
  console.log(`page : Go = ${(p / g).toFixed(2)}`);
} catch (error) {
  console.error(String(error.stack ?? error).slice(0, 3000));
  process.exitCode = 1;
} finally {
  await endAll();
}
process.exit();
