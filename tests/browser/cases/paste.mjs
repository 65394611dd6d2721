import assert from "node:assert/strict";

export const name = "texts, digests and files can be pasted, and a link carries claims only";
export const artefacts = ["site"];

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

export async function run(page) {
  await page.paste({ text: "FROM scratch\nADD rootfs.tar.gz /\nCMD [\"/bin/sh\"]\n" });
  await page.waitFor("Evidence (1)");
  await page.waitFor(/Dockerfile, 3 lines/);
  await page.paste({ files: [["history.jsonl", "{\"CreatedBy\":\"/bin/sh -c #(nop)  CMD [\\\"/bin/sh\\\"]\",\"Size\":\"0B\",\"ID\":\"x\"}\n"]] });
  await page.waitFor("Evidence (2)");
  await page.paste({ text: "" });
  await page.waitFor("There was no file and no text in that.");

  // The field: opened by its key, handed over by the mouse while results may still come in.
  await page.press("v");
  await page.until("document.activeElement?.matches('.paste textarea')");
  await page.type(DIGEST);
  await page.until(`document.querySelector(".paste textarea").value === ${JSON.stringify(DIGEST)}`);
  await page.click("Add this text");
  await page.waitFor("Evidence (3)");
  await page.until("!document.querySelector('.work')");
  await page.waitFor(/Not decided\s+[1-9]/);
  assert.deepEqual(await page.axe(), []);
  await page.screenshot("pasted");

  // A text that shows nothing of what it is: a person says it, and takes it back.
  await page.paste({ text: "make all\ninstall -d /srv\n" });
  await page.waitFor("Is each line of it what docker image history shows as CREATED BY for one step?");
  await page.click("Read it as a history");
  await page.waitFor(/image history, 2 entries/);
  assert.deepEqual(await page.axe(), []);
  await page.screenshot("lines-as-history");
  await page.click("Undo: read it as what it looks like");
  await page.waitFor("This text is nothing that is known here");
  await page.eval("[...document.querySelectorAll('.remove')].at(-1).click()");
  await page.waitFor("Evidence (3)");
  await page.until("!document.querySelector('.work')");

  // The link names the digest and the files, and nothing of a result.
  await page.eval("void (window.__copied = '', navigator.clipboard && (navigator.clipboard.writeText = (text) => ((window.__copied = text), Promise.resolve())))");
  await page.click("Link with the claims");
  await page.until("window.__copied !== ''");
  const link = await page.eval("window.__copied");
  assert.match(link, /#.*claim=sha256%3A0123/);
  assert.doesNotMatch(link, /proved|agrees|verdict/i);
  await page.open("about:blank");
  await page.open(link);
  await page.waitFor("The link that you followed claims:");
  await page.waitFor("history.jsonl");
  await page.waitFor("Evidence (1)");
  assert.deepEqual(await page.axe(), []);
  await page.screenshot("linked");
  assert.deepEqual(await page.problems(), []);
}
