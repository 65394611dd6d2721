// The element in the colours that a person's system forces on every page.
import assert from "node:assert/strict";
import { look, reach } from "./element-looks.mjs";

export const name = "the element can be read in forced colours, verdicts by shape and word";
export const colours = "forced";
export const seconds = 120;

export async function run(page, bench) {
  assert.ok(await page.eval("matchMedia('(forced-colors: active)').matches"), "colours are not forced");
  await reach(page, bench);
  await look(page, "element-forced");
  await page.resize(320);
  await look(page, "element-forced-narrow");
  await page.resize(1200);
  assert.deepEqual(await page.problems(), []);
}
