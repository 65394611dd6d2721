// A student with an official image: Dockerfile, history, tarball. Without recorded inputs the built-in example stands in.
import assert from "node:assert/strict";
import path from "node:path";

export const name = "a student sees the tarball proved, what each word means, and what to bring next";
export const artefacts = ["single"];
export const schemes = ["light", "dark"];
export const seconds = 120;

export async function run(page, { fixtures, scheme }) {
  if (fixtures) {
    const pair = path.join(fixtures, "official/pairs/alpine__3.12.12__amd64"), rootfs = path.join(fixtures, "official/rootfs/alpine-3.12.12");
    await page.drop([path.join(pair, "Dockerfile")]);
    await page.waitFor("Evidence (1)");
    await page.choose([path.join(pair, "history.json"), path.join(rootfs, "alpine-minirootfs-3.12.12-x86_64.tar.gz")]);
    await page.waitFor("Evidence (3)");
  } else {
    await page.click("A good image");
  }
  await page.waitFor(/hash proved/, 60);
  await page.until("!document.querySelector('.work')", 60);
  await page.waitFor(/Proved\s+[1-9]/);
  await page.waitFor(/Contradicted\s+0/);
  assert.match(await page.eval("document.querySelector('.sentence').innerText"), /\w{3,}.*\./);
  assert.deepEqual(await page.axe(), []);
  await page.screenshot(`student-${scheme}`);

  // A term explains itself on focus, and one digest lights up everywhere.
  await page.eval("document.querySelector('a.term')?.focus()");
  await page.until("!document.querySelector('a.term') || !document.querySelector('.note').hidden");
  const lit = await page.eval(`(() => {
    const buttons = [...document.querySelectorAll('button.digest')], many = (one) => document.querySelectorAll('[data-digest="' + one.dataset.digest + '"]').length;
    const one = buttons.find((button) => many(button) > 1);
    one.focus();
    return { places: many(one), lit: document.querySelectorAll('[data-lit]').length };
  })()`);
  assert.ok(lit.places > 1 && lit.lit === lit.places, JSON.stringify(lit));

  // Built here, with what came out beside the button.
  await page.eval("document.querySelector('#build button').focus()");
  await page.press("Enter");
  await page.waitFor("What came out", 60);
  await page.until("!document.querySelector('.work')", 60);
  assert.match(await page.eval("document.querySelector('.built').innerText"), /Layer rebuilt/);
  await page.waitFor("Whole image (OCI layout, one tar)");
  assert.deepEqual(await page.axe(), []);
  await page.screenshot(`built-${scheme}`);

  // The files of the tarball, searched.
  await page.press("/");
  await page.until("document.activeElement?.matches('input.find')");
  await page.type("bin/");
  await page.waitFor(/1 to \d+ of \d+/);
  assert.deepEqual(await page.axe(), []);

  await page.resize(320);
  assert.equal(await page.overflows(), false, "sticks out at 320 px");
  assert.deepEqual(await page.axe(), []);
  await page.screenshot(`student-narrow-${scheme}`);
  await page.resize(1200);

  // Taking one away changes the answer; starting over leads back, with the focus on something.
  const before = await page.eval("document.querySelector('.counts').innerText");
  await page.eval("[...document.querySelectorAll('.remove')].find((button) => /tar\\.gz/.test(button.title)).click()");
  await page.until(`document.querySelector('.counts').innerText !== ${JSON.stringify(before)}`);
  await page.click("Start over");
  await page.waitFor("Drop files or folders");
  await page.until("document.activeElement !== document.body");
  assert.deepEqual(await page.problems(), []);
}
