// The same views in the colours that a person's system forces on every page.
import assert from "node:assert/strict";
import { look, VIEWS } from "./views.mjs";

export const name = "every view can be read in forced colours, verdicts by shape and word";
export const artefacts = ["single"];
export const colours = "forced";
export const seconds = 120;

export async function run(page) {
  assert.ok(await page.eval("matchMedia('(forced-colors: active)').matches"), "colours are not forced");
  for (const [view, reach] of Object.entries(VIEWS)) {
    await page.waitFor("Is this image what it says it is?");
    await reach(page);
    await look(page, `view-${view}-forced`);
    if (view !== "first-minute") await page.click("Start over");
  }
  assert.deepEqual(await page.problems(), []);
}
