import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { scratch } from "../engines/process.mjs";
import { compressedImage } from "../saved.mjs";

export const name = "an archive that ends in the middle of a layer leaves nothing behind for the next one";
export const artefacts = ["single", "site"];
export const seconds = 60;

export async function run(page, { root }) {
  const { file, sha256, diffId } = await compressedImage(root, 32), lost = path.join(scratch, "lost.tar");
  fs.copyFileSync(file, lost);
  // Its bytes end early, as those of a file that is shortened while it is read.
  await page.eval(`void (() => {
    const { slice, stream } = Blob.prototype, end = 5_500_000, isLost = (blob) => blob.name === "lost.tar";
    Blob.prototype.slice = function (from, to) { return isLost(this) ? slice.call(this, Math.min(from, end), Math.min(to, end)) : slice.call(this, from, to); };
    Blob.prototype.stream = function () { return stream.call(isLost(this) ? this.slice(0, end) : this); };
  })()`);
  await page.drop([lost]);
  await page.waitFor("changed", 60);
  await page.drop([file]);
  for (const text of [sha256.slice(0, 8), diffId.slice(0, 8), "nothing speaks against"]) await page.waitFor(text, 60);
  const counts = await page.eval('document.querySelector("lp-page").current.report.summary.counts');
  assert.equal(counts.contradicted, 0, JSON.stringify(counts));
}
