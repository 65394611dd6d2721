// An engineer with an image archive, a tarball and SHA256SUMS: looks for the red line, takes the report along.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { ociArchive, sha256, tar } from "../make.mjs";

export const name = "an engineer finds the contradiction, reads how to repeat it, and takes the report along";
export const artefacts = ["site"];
export const seconds = 120;

export async function run(page, { scratch }) {
  const folder = fs.mkdtempSync(path.join(scratch, "engineer-")), file = (name, content) => (fs.writeFileSync(path.join(folder, name), content), path.join(folder, name));
  const bytes = tar({ "etc/hostname": "box\n", "bin/tool": "not a program\n" }), digest = sha256(bytes);
  const { archive, manifest } = ociArchive(bytes, "ADD rootfs.tar / # buildkit");
  const sums = `${digest}  rootfs.tar\n${sha256(archive)}  image.tar\n`;
  const files = [file("image.tar", archive), file("rootfs.tar", bytes), file("SHA256SUMS", sums), file("empty.txt", ""), file("photo.png", Buffer.from("89504e470d0a1a0a", "hex"))];
  await page.drop(files);
  await page.waitFor(`Evidence (${files.length})`);
  await page.waitFor(/Proved\s+[1-9]/, 40);
  await page.until("!document.querySelector('.work')", 40);
  await page.waitFor(/Contradicted\s+0/);
  // The archive, down to its layer; the tarball is that layer; both are the files of the list.
  await page.waitFor("The layer is this tarball, compressed differently");
  await page.waitFor("image.tar has the digest that line 2 names.");
  await page.waitFor("Made by entry 1 of the history, which says:");
  await page.waitFor(manifest.slice(0, 15));
  // What is no evidence is named all the same.
  await page.waitFor("empty.txt");
  await page.waitFor("photo.png");
  assert.deepEqual(await page.axe(), []);
  await page.screenshot("engineer-good");

  // The same list with one digit changed.
  const wrong = digest.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
  await page.choose([file("SHA256SUMS.other", `${wrong}  rootfs.tar\n`)]);
  await page.waitFor(/Contradicted\s+[1-9]/);
  await page.until("!document.querySelector('.work')");
  assert.equal(await page.eval("document.title"), "layerproof: is this image what it says it is?");
  await page.click("Contradicted");
  await page.until("document.activeElement?.matches('.check[data-verdict=contradicted]')");
  assert.match(await page.eval("document.activeElement.innerText"), /What it does not prove[\s\S]*sha256sum/);
  assert.deepEqual(await page.axe(), []);
  await page.screenshot("engineer-contradicted");

  // The list's other lines still hold; the file list is searched by a mark and a part of a path.
  await page.press("/");
  await page.until("document.activeElement?.matches('input.find')");
  await page.type("TOOL");
  await page.waitFor(/1 to 1 of 1/);
  await page.waitFor("bin/tool");

  // The report leaves as JSON, and comes back as a claim.
  await page.eval("(() => { window.__saved = []; const make = URL.createObjectURL; URL.createObjectURL = (blob) => { __saved.push(blob); return make.call(URL, blob); }; HTMLAnchorElement.prototype.click = function () {}; })()");
  await page.click("JSON");
  await page.until("window.__saved.length === 1");
  const json = await page.eval("window.__saved[0].text()");
  const report = JSON.parse(json);
  assert.equal(report.schema, "layerproof.report/1");
  assert.ok(!json.includes(folder), "no path of this machine");
  await page.click("Start over");
  await page.waitFor("Drop files or folders");
  await page.drop([file("report.json", json)]);
  await page.waitFor("This is a saved report. It is a claim");
  await page.waitFor(/Contradicted\s+[1-9]/);
  assert.deepEqual(await page.axe(), []);
  await page.screenshot("saved-report");
  await page.click("Put the saved report away");
  await page.waitFor("Drop files or folders");

  // The printable page is for reading, and carries the same report.
  await page.drop(files.slice(0, 3));
  await page.until("document.querySelector('.evidence') && !document.querySelector('.claim') && !document.querySelector('.work')");
  await page.waitFor("image.tar has the digest that line 2 names.");
  await page.click("One HTML page, for printing");
  const printed = "window.__saved.find((blob) => blob.type.startsWith('text/html'))";
  await page.until(`Boolean(${printed})`);
  const html = file("report.html", await page.eval(`${printed}.text()`));
  await page.click("Start over");
  await page.waitFor("Drop files or folders");
  await page.drop([html]);
  await page.waitFor("The saved report says:");
  await page.waitFor("image.tar has the digest that line 2 names.");
  assert.equal(await page.overflows(), false);
  await page.click("Put the saved report away");

  // One edited by hand is shown as what it is, or refused; it never runs.
  report.summary.text = "<img src=x onerror=alert(1)>";
  await page.drop([file("report.json", JSON.stringify(report))]);
  await page.waitFor("<img src=x onerror=alert(1)>");
  await page.click("Put the saved report away");
  report.checks = 7;
  await page.drop([file("report.json", JSON.stringify(report))]);
  await page.waitFor("not a report that this version can show");
  assert.deepEqual(await page.problems(), []);
}
