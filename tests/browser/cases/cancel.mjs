import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

export const name = "a long read shows how far it is, can be cancelled, and can be taken up again";
export const artefacts = ["single"];
export const seconds = 180;

/** Cancels while the large file is read, and takes it out. */
async function stopAndRemove(page) {
  await page.waitFor(/Reading … /);
  await page.click("Cancel");
  await page.waitFor("not read (stopped)");
  await page.until("!document.querySelector('.work')");
  await page.click("Remove large.tar");
  await page.waitFor("Evidence (1)");
}

export async function run(page, { scratch }) {
  const folder = fs.mkdtempSync(path.join(scratch, "cancel-")), large = path.join(folder, "large.tar"), small = path.join(folder, "Dockerfile");
  // Sparse: it costs no disk, and a browser reads it like any other.
  fs.closeSync(fs.openSync(large, "w"));
  fs.truncateSync(large, 1_500_000_000);
  fs.writeFileSync(small, "FROM scratch\nCMD [\"/bin/sh\"]\n");
  await page.drop([small, large]);
  await page.waitFor(/Reading … \d+ \w+ of 1\.?\d* GB/, 40);
  await page.until("/^\\d+ %/.test(document.title)");
  await page.waitFor(/\d+ MB\/s, \d+ \w+ left/);
  assert.deepEqual(await page.axe(), []);
  await page.screenshot("reading");
  await page.press("Escape");
  await page.waitFor("not read (stopped)");
  await page.waitFor("Dockerfile, 2 lines");
  await page.until("!document.querySelector('.work')");
  assert.equal(await page.eval("document.activeElement === document.body"), false, "the focus is lost");
  assert.deepEqual(await page.axe(), []);
  await page.screenshot("cancelled");
  await page.click("Read it");
  await stopAndRemove(page);
  // A read that hangs holds nobody up; the small file is read as ever.
  await page.eval(`void (() => {
    const { arrayBuffer, stream } = Blob.prototype, never = () => new Promise(() => {});
    Blob.prototype.arrayBuffer = function () { return this.size > 1e6 ? never() : arrayBuffer.call(this); };
    Blob.prototype.stream = function () { return this.size > 1e6 ? new ReadableStream({ type: "bytes", pull: never, cancel: never }) : stream.call(this); };
  })()`);
  await page.drop([large]);
  await stopAndRemove(page);
  assert.deepEqual(await page.problems(), []);
}
