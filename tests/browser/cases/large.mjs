import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import { gunzipSync } from "node:zlib";
import { compressedImage } from "../saved.mjs";
import { tarball } from "../tarball.mjs";

export const name = "a large archive is read by several workers, by one where a worker may have none, and the result is the same";
export const artefacts = ["single", "site"];
export const seconds = 120;

/** What becomes of a helper's script: it is as it should be, it cannot be made a worker, it breaks at once. */
const SCRIPTS = ["source", "(() => { throw new Error('not allowed'); })()", "URL.createObjectURL(new Blob(['broken']))"];

export async function run(page, { root }) {
  const file = await tarball(root, 32, true), bytes = fs.readFileSync(file);
  assert.ok(bytes.length > 8 << 20, "too small for a helper");
  const sha256 = (content) => createHash("sha256").update(content).digest("hex");
  const { file: archive, sha256: whole, layer, diffId, manifest, config } = await compressedImage(root, 32);
  const cases = [
    { file, wanted: [sha256(bytes), sha256(gunzipSync(bytes))], remove: "Remove 32.tar.gz" },
    // Its layer is hashed and decompressed by the second helper.
    { file: archive, wanted: [whole, layer, diffId, manifest, config], remove: "Remove compressed-32.tar", says: "nothing speaks against" },
  ];
  await page.eval(`void (() => {
    const { Worker } = window;
    window.Worker = class extends Worker {
      constructor(source, how) {
        const isHelper = how?.name === "layerproof-helper";
        if (isHelper) window.__hired++;
        super(isHelper ? window.__script(source) : source, how);
      }
    };
  })()`);
  for (const script of SCRIPTS) {
    for (const { file, wanted, remove, says } of cases) {
      await page.eval(`void (window.__hired = 0, window.__script = (source) => ${script})`);
      await page.drop([file]);
      for (const text of [...wanted.map((digest) => digest.slice(0, 8)), says ?? ""]) await page.waitFor(text, 60);
      assert.equal(await page.eval("window.__hired"), 2, script);
      await page.click(remove);
      await page.until("!document.querySelector('.work')");
    }
  }
}
