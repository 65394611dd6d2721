import assert from "node:assert/strict";

export const name = "everything can be done with the keyboard, and the focus is never lost";
export const artefacts = ["single"];

const HERE = "(document.activeElement === document.body ? '' : document.activeElement.innerText || document.activeElement.ariaLabel || document.activeElement.localName)";

export async function run(page) {
  await page.waitFor("Try it");
  // From the top to an example, by Tab alone; the first stop is the skip link.
  assert.match(await page.press("Tab"), /Skip to/);
  for (let steps = 0; !/A hidden layer/.test(await page.eval(HERE)); steps++) {
    assert.ok(steps < 40, "Tab does not reach the example");
    await page.press("Tab");
  }
  await page.press("Space");
  await page.waitFor(/Contradicted\s+[1-9]/, 30);
  await page.until("!document.querySelector('.work')");
  assert.notEqual(await page.eval(HERE), "", "the focus went with the button");

  // Findings, forwards and back.
  await page.press("n");
  await page.until("document.activeElement?.matches('[data-finding]')");
  await page.waitFor(/Finding 1 of \d/);
  await page.press("p");
  await page.waitFor(/Finding \d+ of \d+/);
  // (A window that the desktop has not given the focus draws none.)
  assert.ok(await page.eval("!document.hasFocus() || getComputedStyle(document.activeElement).outlineStyle === 'solid'"), "the focus is not visible");

  // A digest, copied whole.
  await page.eval("void (window.__copied = '', navigator.clipboard && (navigator.clipboard.writeText = (text) => ((window.__copied = text), Promise.resolve())))");
  await page.eval("document.querySelector('button.digest').focus()");
  await page.press("c");
  await page.until("window.__copied !== '' || document.querySelector('.toast').innerText !== ''");
  if (await page.eval("Boolean(navigator.clipboard)")) assert.match(await page.eval("window.__copied"), /^sha256:[0-9a-f]{64}$/);

  await page.press("?");
  await page.until("document.querySelector('dialog').open");
  assert.deepEqual(await page.axe(), []);
  await page.press("Escape");
  await page.until("!document.querySelector('dialog').open");
  assert.deepEqual(await page.problems(), []);
}
