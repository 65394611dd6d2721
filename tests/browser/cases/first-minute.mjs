import assert from "node:assert/strict";

export const name = "the first minute: what the page is, what it takes, that nothing leaves it";
export const artefacts = ["site", "single"];
export const schemes = ["light", "dark"];

export async function run(page, { artefact, scheme }) {
  await page.waitFor("Is this image what it says it is?");
  for (const words of ["Nothing leaves this page", "Choose files", "Choose a folder", "Paste text", "The wrong tarball", "Where do I get these?"]) await page.waitFor(words);
  assert.deepEqual(await page.axe(), []);
  await page.screenshot(`first-minute-${artefact}-${scheme}`);
  await page.resize(320);
  assert.equal(await page.overflows(), false, "sticks out at 320 px");
  assert.deepEqual(await page.axe(), []);
  await page.screenshot(`first-minute-narrow-${artefact}-${scheme}`);

  // Keys and the field for a text.
  await page.press("?");
  await page.waitFor("previous finding");
  await page.press("Escape");
  await page.press("v");
  assert.match(await page.press("Tab"), /Add this text/);
  await page.press("Escape");
  assert.deepEqual(await page.problems(), [], artefact);
}
