// What common cases execute: `node profile.mjs GLUE.js PROFILED.wasm GROUPS`, called by `cargo xtask build`. The cases are worked
// through here, in Node, with a module that tells the number of each stretch of instructions that it executes (xtask-split). The
// first line of GROUPS has those that one case came to very often, the second what the first group of cases came to, and each further
// line what the next group came to beyond that.
//
// Nothing depends on this list but how much a visit loads: what no case comes to is loaded when it is come to.
import fs from "node:fs";
import { GROUPS } from "./cases/cases.mjs";
import { engine, given, work } from "./engine.mjs";

const [glue, profiled, out] = process.argv.slice(2);

/** How often each stretch was executed. */
let times = new Uint32Array(1);
const called = (number) => {
  while (number >= times.length) times = Uint32Array.from({ length: 2 * times.length }, (_, place) => times[place] ?? 0);
  times[number]++;
};
const session = engine(glue, fs.readFileSync(profiled), { called });

/** How often a stretch is executed in one case that is a matter of bytes, not of lines or files. */
const OFTEN = 10_000;
const groups = [], often = new Set(), seen = new Set();
for (const cases of GROUPS) {
  const group = [];
  for (const one of cases) {
    const files = await given(session, one);
    times.fill(0);
    await work(session, files);
    times.forEach((count, number) => {
      if (count >= OFTEN) often.add(number);
      if (count === 0 || seen.has(number)) return;
      group.push(number);
      seen.add(number);
    });
  }
  groups.push(group);
}
const line = (numbers) => `${[...numbers].sort((one, other) => one - other).join(" ")}\n`;
fs.writeFileSync(out, [often, ...groups].map(line).join(""));
