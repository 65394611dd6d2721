import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { tarball } from "../tarball.mjs";

export const name = "a build that is cancelled midway leaves a page that can be used, and a later build comes to its end";
export const artefacts = ["single"];
export const seconds = 240;

const BUTTON = "all('button').find((element) => name(element) === 'Build it here')";

export async function run(page, { root, scratch }) {
  const folder = fs.mkdtempSync(path.join(scratch, "cancel-build-")), dockerfile = path.join(folder, "Dockerfile");
  const rootfs = await tarball(root, 72, false);
  fs.writeFileSync(dockerfile, `FROM scratch\nADD ${path.basename(rootfs)} /\nCMD ["/bin/sh"]\n`);
  // Larger than what is read again by itself after any other cancel.
  assert.ok(fs.statSync(rootfs).size > 64 << 20);
  await page.drop([rootfs, dockerfile]);
  await page.waitFor("Evidence (2)");
  await page.until(`${BUTTON} && !${BUTTON}.disabled`, 60);
  const begin = () => page.look(`void ${BUTTON}.click()`);
  await begin();
  await page.waitFor("Building …");
  assert.deepEqual(await page.axe(), []);
  await page.press("Escape");
  await page.waitFor("Stopped.");
  await page.until("!document.querySelector('.work')", 60);
  assert.equal(await page.eval("document.activeElement === document.body"), false, "the focus is lost");
  // What was read stays read, whatever its size, and nothing was built.
  assert.doesNotMatch(await page.text(), /not read \(stopped\)/);
  assert.equal(await page.look("document.querySelectorAll('.built li').length"), 0);
  assert.deepEqual(await page.axe(), []);
  await page.until(`${BUTTON} && !${BUTTON}.disabled`, 60);
  await begin();
  await page.until("document.querySelectorAll('.built li').length > 0 && !document.querySelector('.work')", 120);
  await page.waitFor("What came out");
  assert.deepEqual(await page.problems(), []);
}
