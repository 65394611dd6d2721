import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { makeTarball } from "../rootfs.mjs";

export const name = "a visit loads what common cases come to; the rest comes when it is come to, or the page says that it cannot";
export const seconds = 120;

const HISTORY = JSON.stringify([
  { created: "2024-05-14T09:26:40Z", created_by: "/bin/sh -c #(nop) ADD file:1b7ca6aea1ddfe716f3694edb811ab35114db9e93f3ce38d7dab6b4d9270cb0c in / " },
  { created: "2024-05-14T09:26:40Z", created_by: '/bin/sh -c #(nop)  CMD ["/bin/sh"]', empty_layer: true },
]);

/** A frame of Zstandard with one raw block. */
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 5, 0x29, 0, 0, ...Buffer.from("hello")]);

/** Copies the site without the module's parts on call, which are all but the one that is named first in the page. */
function crippled(site, scratch) {
  const folder = fs.mkdtempSync(path.join(scratch, "parts-")), page = fs.readFileSync(path.join(site, "index.html"), "utf8");
  const main = page.match(/file:"(layerproof-[0-9a-f]+\.wasm)"/)[1];
  for (const file of fs.readdirSync(site)) if (!file.endsWith(".wasm") || file === main) fs.copyFileSync(path.join(site, file), path.join(folder, file));
  return { folder, main };
}

export async function run(page, { dist, scratch, serveFolder }) {
  const { folder, main } = crippled(path.join(dist, "site"), scratch);
  const files = [path.join(folder, "Dockerfile"), path.join(folder, "history.json")];
  fs.writeFileSync(files[0], 'FROM scratch\nADD rootfs.tar.gz /\nCMD ["/bin/sh"]\n');
  fs.writeFileSync(files[1], HISTORY);
  // The service worker's script is not served: it would load everything for later.
  fs.rmSync(path.join(folder, "sw.js"));
  const wasm = ({ requests }) => [...new Set(requests.map((file) => path.basename(file)).filter((file) => file.endsWith(".wasm")))];
  let server = await serveFolder(folder);
  await page.open(server.url);
  await page.drop(files);
  await page.waitFor("The Dockerfile and the history say the same");
  assert.deepEqual(wasm(server), [main], "a Dockerfile and a history need more than the main part");
  await page.drop([makeTarball(folder, 4)]);
  await page.waitFor("Evidence (3)");
  await page.until("!document.querySelector('.work')", 60);
  await page.press("/");
  await page.until("document.activeElement?.matches('input.find')");
  await page.type("usr/1");
  await page.waitFor(/1 to \d+ of \d+/);
  assert.deepEqual(wasm(server), [main], "a tarball and its files need more than the main part");

  // Zstandard is not in the main part.
  const other = path.join(folder, "other.zst");
  fs.writeFileSync(other, ZSTD);
  await page.drop([other]);
  await page.waitFor("A part of this page could not be loaded");
  assert.ok(wasm(server).length > 1);
  // What was there is read again once the rest is there.
  for (const file of fs.readdirSync(path.join(dist, "site"))) fs.copyFileSync(path.join(dist, "site", file), path.join(folder, file));
  await page.click("Try again");
  await page.waitFor("a text that begins “hello”");
  await page.waitFor("The Dockerfile and the history say the same");
  await page.until("!pageText().includes('could not be loaded')");

  // A part of another build is refused.
  for (const file of wasm(server).filter((file) => file !== main)) fs.copyFileSync(path.join(folder, main), path.join(folder, file));
  fs.rmSync(path.join(folder, "sw.js"));
  server = await serveFolder(folder, "/other/");
  await page.open(server.url);
  await page.click("Why two digests?");
  await page.waitFor("A part of this page could not be loaded");
}
