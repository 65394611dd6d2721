// The gzip writer as WebAssembly beside Go's own encoder: `node bench-gzip.mjs FOLDER`, called by `cargo xtask bench wasm-gzip`. It runs in
// this process, whose engine is Chromium's. The input is made here, rounds are interleaved, and both sides give their digest.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { endAll, find, scratch } from "./engines/process.mjs";
import { makeTarball } from "./rootfs.mjs";

const ROUNDS = 5;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const folder = path.resolve(process.argv[2]);

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

try {
  const go = find("go");
  if (!go) throw new Error("skipped: go is not installed (Debian package golang-go), so there is nothing to compare with");
  const program = path.join(scratch, "chain"), tar = makeTarball(scratch, 24, false), data = fs.readFileSync(tar);
  execFileSync(go, ["build", "-o", program, path.join(root, "benches/go/chain.go")], { stdio: "inherit", env: { ...process.env, GOFLAGS: "-mod=mod", GO111MODULE: "off" } });
  // The JavaScript side is an ES module; its folder says so.
  fs.writeFileSync(path.join(folder, "package.json"), '{"type":"module"}');
  const { gzip, initSync } = await import(pathToFileURL(path.join(folder, "speed.js")).href);
  initSync({ module: fs.readFileSync(path.join(folder, "speed_bg.wasm")) });
  const times = { legacy: [], modern: [], go: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const [theirs, seconds] = execFileSync(program, ["gzip", tar], { encoding: "utf8" }).trim().split(" ");
    times.go.push(Number(seconds));
    for (const generation of ["legacy", "modern"]) {
      const start = performance.now(), packed = gzip(data, generation === "modern");
      times[generation].push((performance.now() - start) / 1000);
      // Go 1.27 writes the modern stream, every version before it the other one.
      const ours = createHash("sha256").update(packed).digest("hex");
      if (generation === "legacy" && ours !== theirs && !newGo(go)) throw new Error(`the gzip streams differ: ${ours}, Go's ${theirs}`);
    }
  }
  const theirs = median(times.go), speed = (seconds) => `${seconds.toFixed(2)} s ${(data.length / 1e6 / seconds).toFixed(1)} MB/s`;
  console.log(`tar ${(data.length / 1e6).toFixed(0)} MB, ${ROUNDS} rounds, medians`);
  console.log(`${"Go's gzip writer".padEnd(28)} ${speed(theirs)}`);
  for (const [name, which] of [["of Go 1.8 to 1.26", "legacy"], ["of Go 1.27", "modern"]]) {
    const ours = median(times[which]);
    console.log(`${`writer ${name}`.padEnd(28)} ${speed(ours)}, wasm : Go = ${(ours / theirs).toFixed(2)}`);
  }
} catch (error) {
  console.error(String(error.stack ?? error).slice(0, 3000));
  process.exitCode = 1;
} finally {
  await endAll();
}
process.exit();

function newGo(go) {
  const [, minor] = /go1\.(\d+)/.exec(execFileSync(go, ["version"], { encoding: "utf8" })) ?? [];
  return Number(minor) >= 27;
}
