import assert from "node:assert/strict";

export const name = "each example gives its own answer with one click";
export const artefacts = ["single", "site"];
export const seconds = 120;

/** What each shows; the first two of a good one say that nothing was left open. */
const EXAMPLES = {
  "A good image": [/Contradicted\s+0/, /Not decided\s+0/, "The tarball is the very file that the history names", "Made by line 7 of the Dockerfile"],
  "A hidden layer": [/Contradicted\s+1/, /Not decided\s+0/, "This image carries 1 layer that docker history does not show", "In layer 2: usr/bin/doas", "No entry of the history is left for this layer"],
  "Why two digests?": [/Contradicted\s+0/, /Not decided\s+0/, "Both digests are right."],
  "The wrong tarball": [/Contradicted\s+2/, "is not the file that the list names", "none of 60 ways of naming it gives the ADD hash"],
};

export async function run(page) {
  for (const [example, expected] of Object.entries(EXAMPLES)) {
    await page.click(example);
    await page.waitFor(/Checks \([1-9]/);
    await page.until("!document.querySelector('.work')", 30);
    for (const one of expected) await page.waitFor(one);
    assert.equal(await page.eval("[...document.querySelectorAll('.trouble')].map((one) => one.innerText).join()"), "", example);
    assert.deepEqual(await page.axe(), [], example);
    await page.screenshot(`example-${example.replaceAll(/\W+/g, "-")}`);
    await page.click("Start over");
    await page.waitFor("Drop files or folders");
  }
  assert.deepEqual(await page.problems(), []);
}
