// An engineer with an image archive, a tarball and SHA256SUMS: looks for the red line, takes the report along.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

export const name = "an engineer finds the contradiction, reads how to repeat it, and takes the report along";
export const artefacts = ["site"];
export const seconds = 120;

/** A tar with one file, as plain as can be. */
function tarball(name, content) {
  const header = Buffer.alloc(512);
  const put = (text, at) => header.write(text, at, "latin1");
  put(name, 0), put("0000644\0", 100), put("0000000\0", 108), put("0000000\0", 116);
  put(`${content.length.toString(8).padStart(11, "0")}\0`, 124), put("00000000000\0", 136), put("        ", 148), put("0", 156), put("ustar\0", 257), put("00", 263);
  put(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `, 148);
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body, Buffer.alloc(1024)]);
}

export async function run(page, { scratch, fixtures }) {
  const folder = fs.mkdtempSync(path.join(scratch, "engineer-")), file = (name, content) => (fs.writeFileSync(path.join(folder, name), content), path.join(folder, name));
  const bytes = tarball("etc/hostname", "box\n"), sha256 = createHash("sha256").update(bytes).digest("hex");
  const files = [file("rootfs.tar", bytes), file("SHA256SUMS", `${sha256}  rootfs.tar\n`), file("empty.txt", ""), file("photo.png", Buffer.from("89504e470d0a1a0a", "hex"))];
  const archive = fixtures && path.join(fixtures, "images/go-containerregistry/testdata/test_image_1.tar");
  if (archive && fs.existsSync(archive)) files.push(archive);
  await page.drop(files);
  await page.waitFor(`Evidence (${files.length})`);
  await page.waitFor(/Proved\s+[1-9]/, 40);
  // What is no evidence is named all the same.
  await page.waitFor("empty.txt");
  await page.waitFor("photo.png");
  assert.deepEqual(await page.axe(), []);
  await page.screenshot("engineer-good");

  // The same list with one digit changed.
  const wrong = sha256.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
  await page.choose([file("SHA256SUMS.other", `${wrong}  rootfs.tar\n`)]);
  await page.waitFor(/Contradicted\s+[1-9]/);
  await page.until("!document.querySelector('.work')");
  assert.equal(await page.eval("document.title"), "layerproof: is this image what it says it is?");
  await page.click("Contradicted");
  await page.until("document.activeElement?.matches('.check[data-verdict=contradicted]')");
  assert.match(await page.eval("document.activeElement.innerText"), /What it does not prove[\s\S]*sha256sum/);
  assert.deepEqual(await page.axe(), []);
  await page.screenshot("engineer-contradicted");

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
