// A root file system tarball rebuilt in the page to its layer digest, beside the same chain natively in Go:
// `node bench-rebuild.mjs [MEBIBYTES]`, called by `cargo xtask bench page-rebuild`. The tarball is made here. Rounds are interleaved.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { find, scratch } from "./engines/process.mjs";
import { measure, mebibytes, median, memory, opened, root } from "./measure.mjs";
import { makeTarball } from "./rootfs.mjs";

const ROUNDS = 3;
const wanted = Number(process.argv[2] ?? 76);

/** Seconds and digests of Go's chain. */
function inGo(program, file) {
  const [diffId, layer, size, seconds] = execFileSync(program, ["chain", file], { encoding: "utf8" }).trim().split(" ");
  return { diffId, layer, size, seconds: Number(seconds) };
}

/** A manifest that names the layer: what somebody has who wants to know whether the tarball is in a published image. */
function makeManifest(layer, size) {
  const file = path.join(scratch, "manifest.json"), type = "application/vnd.oci.image";
  const config = { mediaType: `${type}.config.v1+json`, digest: `sha256:${"0".repeat(64)}`, size: 2 };
  const layers = [{ mediaType: `${type}.layer.v1.tar+gzip`, digest: `sha256:${layer}`, size: Number(size) }];
  fs.writeFileSync(file, JSON.stringify({ schemaVersion: 2, mediaType: `${type}.manifest.v1+json`, config, layers }));
  return file;
}

/** One rebuild. Memory is watched in a round of its own: looking at it takes a processor's time. */
async function inPage(page, file, manifest, watched) {
  await opened(page);
  const idle = memory();
  await page.drop([file, manifest]);
  // A heading that opens the part has the same name, so the button is taken by what it is.
  const button = "all('button').find((element) => name(element) === 'Build it here')";
  await page.until(`${button} && !${button}.disabled`, 120);
  let most = 0;
  const watch = watched && setInterval(() => (most = Math.max(most, memory())), 250);
  // The page's own clock, and a look ten times a second: what crosses to this process would take longer than that.
  const isMet = "all('li, p, td, span, h3, h4, summary').some((element) => element.textContent.includes('compression included, was built again from this file'))";
  await page.look(`void (${button}.click(), window.__start = performance.now(), window.__watch = setInterval(() => { if (${isMet}) { clearInterval(__watch); window.__seconds = (performance.now() - __start) / 1000; } }, 100))`);
  await page.until("window.__seconds", 600);
  clearInterval(watch);
  return { seconds: await page.eval("window.__seconds"), memory: most - idle };
}

await measure(async (page) => {
  const go = find("go");
  if (!go) throw new Error("skipped: go is not installed (Debian package golang-go), so there is nothing to compare with");
  const program = path.join(scratch, "chain");
  execFileSync(go, ["build", "-o", program, path.join(root, "benches/go/chain.go")], { stdio: "inherit", env: { ...process.env, GOFLAGS: "-mod=mod", GO111MODULE: "off" } });
  const file = makeTarball(scratch, wanted), { layer, size } = inGo(program, file);
  const manifest = makeManifest(layer, size), times = { page: [], go: [] };
  for (let round = 0; round < ROUNDS; round++) {
    times.page.push((await inPage(page, file, manifest, false)).seconds);
    times.go.push(inGo(program, file).seconds);
  }
  const { memory: most } = await inPage(page, file, manifest, true), [p, g] = [median(times.page), median(times.go)];
  console.log(`tar.gz ${(fs.statSync(file).size / 1e6).toFixed(0)} MB of ${wanted} MiB, layer ${(size / 1e6).toFixed(0)} MB, ${ROUNDS} rounds, medians`);
  console.log(`page, from the button to the layer's digest  ${p.toFixed(2)} s, idle + ${mebibytes(most)}`);
  console.log(`Go, the same chain in memory                 ${g.toFixed(2)} s`);
  console.log(`page : Go = ${(p / g).toFixed(2)}`);
});
