import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

export const name = "a file that is held over the page begins the engine, and there is one engine only";
export const artefacts = ["single", "site"];

const HOLD = `(() => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(["x"], "x"));
  for (const type of ["dragenter", "dragleave"]) document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
})()`;

export async function run(page, { scratch }) {
  const folder = fs.mkdtempSync(path.join(scratch, "ahead-")), file = path.join(folder, "Dockerfile");
  fs.writeFileSync(file, "FROM scratch\nCMD [\"/bin/sh\"]\n");
  await page.waitFor("Is this image what it says it is?");
  await page.eval(`void (() => {
    const { Worker } = window;
    window.__begun = window.__ready = 0;
    window.Worker = class extends Worker { constructor(...how) { super(...how); window.__begun++; this.addEventListener("message", () => window.__ready++, { once: true }); } };
  })()`);
  await page.eval(`void ${HOLD}`);
  await page.until("window.__ready === 1");
  assert.match(await page.text(), /Is this image what it says it is\?/, "a file that only passed by changes nothing");
  await page.drop([file]);
  await page.waitFor("Dockerfile, 2 lines");
  await page.eval(`void ${HOLD}`);
  assert.equal(await page.eval("window.__begun"), 1);
  assert.deepEqual(await page.problems(), []);
}
