import assert from "node:assert/strict";

export const name = "the page starts its engine";
export const artefacts = ["site", "single"];

export async function run(page, { artefact }) {
  await page.waitFor("layerproof");
  await page.click("Start the engine");
  await page.waitFor(/The engine runs: version \d/);
  assert.deepEqual(await page.problems(), [], artefact);
}
