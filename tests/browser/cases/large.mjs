import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import { gunzipSync } from "node:zlib";
import { compressedImage } from "../saved.mjs";
import { tarball } from "../tarball.mjs";

export const name = "a large archive is read by several workers, by one where a worker may have none, and the result is the same";
export const artefacts = ["single", "site"];
export const seconds = 120;

/** What stands before the worker's own script, and how many helpers it then makes. */
const WORKERS = [
  ["", 2],
  // One that cannot be made, and one that never answers.
  ["self.Worker = undefined;", 0],
  ["{ const W = self.Worker; self.Worker = class extends W { constructor() { super(URL.createObjectURL(new Blob(['broken']))); } }; }", 2],
];
const COUNT = "{ const W = self.Worker; if (W) self.Worker = class extends W { constructor(...how) { super(...how); self.postMessage({ hired: true }); } }; }";

export async function run(page, { root, artefact }) {
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
    const { Blob, Worker } = window;
    window.Blob = class extends Blob { constructor(parts, how) { super(how?.type === "text/javascript" ? [window.__before, ...parts] : parts, how); } };
    window.Worker = class extends Worker { constructor(...how) { super(...how); this.addEventListener("message", ({ data }) => (window.__hired += data.hired ? 1 : 0)); } };
  })()`);
  for (const [before, hired] of WORKERS) {
    for (const { file, wanted, remove, says } of cases) {
      await page.eval(`void (window.__hired = 0, window.__before = ${JSON.stringify(before + COUNT)})`);
      await page.drop([file]);
      for (const text of [...wanted.map((digest) => digest.slice(0, 8)), says ?? ""]) await page.waitFor(text, 60);
      // On file:// WebKit lets no worker make another one, and reads with one.
      assert.equal(await page.eval("window.__hired"), page.engine === "webkit" && artefact === "single" ? 0 : hired, before);
      await page.click(remove);
      await page.until("!document.querySelector('.work')");
    }
  }
}
