import assert from "node:assert/strict";

export const name = "each example gives its own answer with one click";
export const artefacts = ["single"];
export const seconds = 120;

const EXAMPLES = {
  "A good image": /Contradicted\s+0/,
  "A hidden layer": /Contradicted\s+[1-9]/,
  "Why two digests?": /Proved\s+[1-9]/,
  "The wrong tarball": /(Contradicted|Not decided)\s+[1-9]/,
};

export async function run(page) {
  for (const [example, expected] of Object.entries(EXAMPLES)) {
    await page.click(example);
    await page.waitFor(/Checks \([1-9]/);
    await page.until("!document.querySelector('.work')", 30);
    await page.waitFor(expected);
    assert.equal(await page.eval("[...document.querySelectorAll('.trouble')].map((one) => one.innerText).join()"), "", example);
    assert.deepEqual(await page.axe(), [], example);
    await page.screenshot(`example-${example.replaceAll(/\W+/g, "-")}`);
    await page.click("Start over");
    await page.waitFor("Drop files or folders");
  }
  assert.deepEqual(await page.problems(), []);
}
