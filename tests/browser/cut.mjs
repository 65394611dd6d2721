// Whether the module answers alike however it is cut (xtask-split): `node cut.mjs`. Functions are cut to pieces at random here, so
// that the ways out of a piece, and what it reads and writes, are tried by thousands of pieces. The last line counts.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Worker, isMainThread, parentPort } from "node:worker_threads";
import { GROUPS } from "../../www/build/cases/cases.mjs";
import { engine, given, work } from "../../www/build/engine.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const built = (end) => path.join(root, "target/page", `layerproof${end}`);

/** Numbers below one, the same ones for the same seed (Park and Miller). */
const numbers = (seed) => () => (seed = (seed * 48271) % 0x7fffffff) / 0x7fffffff;

/** The parts of the module, cut by a list of groups. */
function cut(groups, scratch) {
  fs.writeFileSync(path.join(scratch, "groups"), groups.map((group) => `${group.join(" ")}\n`).join(""));
  execFileSync("cargo", ["run", "--quiet", "--locked", "--package", "xtask-split", "--", "cut", built("_bg.wasm"), path.join(scratch, "groups"), path.join(scratch, "part")], { cwd: root, stdio: "inherit" });
  return Array.from({ length: groups.length }, (_, part) => fs.readFileSync(path.join(scratch, `part-${part}.wasm`)));
}

/** The built module's account: what cases come to very often, and the groups. */
const account = () => fs.readFileSync(built("_groups"), "utf8").trimEnd().split("\n").map((line) => line.split(" ").map(Number));
const MINUTES = 15;

const tests = {
  "as it is built": async (answersAlike) => {
    await answersAlike(account());
  },
  "with three of four functions and of their stretches in other parts": async (answersAlike) => {
    for (const seed of [1, 2, 3]) {
      const [, ...groups] = account(), random = numbers(seed), parts = [[], [], []];
      for (const number of groups.flat()) parts[Math.floor(4 * random())]?.push(number);
      // What is executed very often would be slow: nothing is said to be, for once.
      const loaded = await answersAlike([[], ...parts]);
      assert.deepEqual([...loaded].sort(), [1, 2, 3]);
    }
  },
  "with most functions where they are and every fifth stretch elsewhere": async (answersAlike) => {
    for (const seed of [4, 5]) {
      const [, ...groups] = account(), random = numbers(seed);
      await answersAlike([[], groups.flat().filter(() => random() < 0.8)]);
    }
  },
};

async function runAll() {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "layerproof-cut-"));
  const whole = engine(built(".js"), fs.readFileSync(built("_bg.wasm")));
  const inputs = [], expected = [];
  for (const one of GROUPS.flat()) {
    inputs.push(await given(whole, one));
    expected.push(await work(whole, inputs.at(-1)));
  }
  const failures = [];
  for (const [how, test] of Object.entries(tests)) {
    try {
      await test(async (groups) => {
        const parts = cut(groups, scratch), loaded = new Set();
        const session = engine(built(".js"), parts[0], { load: (part) => (loaded.add(part), parts[part]) });
        for (const [place, input] of inputs.entries()) assert.deepEqual(await work(session, input), expected[place], `case ${place}`);
        return loaded;
      });
    } catch (error) {
      failures.push(`${how}\n        ${String(error.message).slice(0, 2000)}`);
    }
  }
  fs.rmSync(scratch, { recursive: true });
  return failures;
}

function say(failures) {
  for (const failure of failures) console.log(`    FAILED the module answers like the whole one ${failure}`);
  const failed = Math.min(failures.length, Object.keys(tests).length);
  console.log(`${Object.keys(tests).length - failed} passed, ${failed} failed, 0 skipped`);
  process.exit(failed > 0 ? 1 : 0);
}

// A module that is cut wrongly may run for ever: it is left to a thread that can be ended.
if (isMainThread) {
  const thread = new Worker(new URL(import.meta.url));
  setTimeout(() => say(Object.keys(tests).map((how) => `${how}: no end after ${MINUTES} minutes`)), MINUTES * 60_000);
  thread.once("message", say).once("error", (error) => say([`at all\n        ${error.stack}`]));
} else {
  parentPort.postMessage(await runAll());
}
