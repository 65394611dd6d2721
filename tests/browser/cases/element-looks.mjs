// The element in a page of its own kind: narrow and wide, from right to left, on paper. The pictures are looked at by people.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { ociArchive, tar } from "../make.mjs";

export const name = "the element is whole on paper, from right to left and narrow, whatever its theme";
export const schemes = ["light", "dark"];
export const seconds = 240;

const STEP = "ADD rootfs.tar / # buildkit";
const layer = tar({ "etc/passwd": "root:x:0:0::/:/bin/sh\n", "bin/sh": "#!\n" });
const CASES = {
  good: { "image.tar": ociArchive(layer, STEP).archive, "rootfs.tar": layer, Dockerfile: 'FROM scratch\nADD rootfs.tar /\nCMD ["/bin/sh"]\n' },
  swapped: { "image.tar": ociArchive(layer, STEP).archive, "rootfs.tar": tar({ "etc/passwd": "root::0:0::/:/bin/sh\n", "bin/sh": "#!\n" }), Dockerfile: 'FROM scratch\nADD rootfs.tar /\nCMD ["/bin/bash"]\n' },
};
const THEMES = { good: "", swapped: 'theme="dark"' };
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>docs</title><link rel="icon" href="data:,"><script type="module" src="layerproof.js"></script>
  <main><h1>Docs</h1><p>A text beside the element.</p>
  ${Object.keys(CASES).map((name) => `<layer-proof id="${name}" src="${name}.json" view="texts next checks digests drop" ${THEMES[name]}>Not verified yet.</layer-proof>`).join("\n")}</main></html>`;

/** Opens a page with an element for each case, and waits for the results. */
export async function reach(page, { dist, scratch, serveFolder }) {
  const folder = fs.mkdtempSync(path.join(scratch, "looks-"));
  fs.cpSync(path.join(dist, "npm"), folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "page.html"), PAGE);
  for (const [name, files] of Object.entries(CASES)) {
    fs.mkdirSync(path.join(folder, name));
    for (const [file, content] of Object.entries(files)) fs.writeFileSync(path.join(folder, name, file), content);
    fs.writeFileSync(path.join(folder, `${name}.json`), JSON.stringify({ schema: "layerproof.case/1", files: Object.keys(files).map((file) => ({ name: file, url: `${name}/${file}` })), claims: [] }));
  }
  await page.open(`${(await serveFolder(folder)).url}page.html`);
  await page.until("all('layer-proof').every((one) => one.report?.evidence.length === 3 && !one.busy)", 60);
  assert.equal(await page.eval("document.querySelector('#good').report.summary.counts.contradicted"), 0);
  assert.notEqual(await page.eval("document.querySelector('#swapped').report.summary.counts.contradicted"), 0);
}

export async function look(page, what) {
  assert.equal(await page.overflows(), false, `${what} sticks out`);
  // What sticks out of the element itself is cut off, and the page does not notice.
  assert.deepEqual(await page.look("all('layer-proof').filter((one) => one.scrollWidth > one.clientWidth).map((one) => `${one.id}: ${one.scrollWidth} in ${one.clientWidth}`)"), [], `${what} is cut`);
  assert.deepEqual(await page.axe(), [], what);
  await page.screenshot(what);
}

/** Whether the texts of both elements are dark, which paper needs. */
const INK = "all('layer-proof').map((one) => getComputedStyle(one.shadowRoot.querySelector('.lp')).color)";

export async function run(page, bench) {
  const { scheme } = bench;
  await reach(page, bench);
  await look(page, `element-looks-${scheme}`);
  for (const width of [320, 1200]) {
    await page.resize(width);
    await page.eval("void (document.documentElement.dir = 'rtl')");
    await look(page, `element-rtl-${width}-${scheme}`);
    await page.eval("void document.documentElement.removeAttribute('dir')");
  }
  // A narrow column of a wide page.
  await page.resize(1200);
  await page.eval("void (document.querySelector('main').style.inlineSize = '22rem')");
  await look(page, `element-column-${scheme}`);
  assert.equal(await page.look("getComputedStyle(all('.rows')[0]).display"), "block", "two columns of text in a narrow column");
  await page.eval("void document.querySelector('main').removeAttribute('style')");
  await page.resize(1000);
  await page.print(true);
  assert.deepEqual(await page.look("all('layer-proof').flatMap((one) => [...one.shadowRoot.querySelectorAll('.buttons *, .command button')]).filter(shown).map(name)"), [], "what only a screen can do is on paper");
  assert.deepEqual(await page.look("all('layer-proof').flatMap((one) => [...one.shadowRoot.querySelectorAll('.digest')]).filter((one) => shown(one) && !shown(one.querySelector('.whole'))).map(name)"), [], "a digest is cut on paper");
  for (const ink of await page.look(INK)) assert.equal(ink, "rgb(29, 27, 24)", "text that paper does not show");
  await look(page, `element-paper-${scheme}`);
  await page.print(false);
  await page.resize(1200);
  assert.deepEqual(await page.problems(), []);
}
