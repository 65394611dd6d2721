import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

export const name = "the hosted page works without a network after one visit, and never mixes two builds";

const KEPT = "caches.keys().then((names) => Promise.all(names.map(async (name) => [name, (await (await caches.open(name)).keys()).map((request) => request.url)])))";
const STATE = "navigator.serviceWorker.getRegistration().then((r) => ({ active: r?.active?.state, waiting: Boolean(r?.waiting), installing: Boolean(r?.installing), ours: Boolean(navigator.serviceWorker.controller) }))";

export async function run(page, { dist, scratch, serveFolder }) {
  const folder = fs.mkdtempSync(path.join(scratch, "site-")), inFolder = (name) => path.join(folder, name);
  fs.cpSync(path.join(dist, "site"), folder, { recursive: true });
  const server = await serveFolder(folder, "/a/b/");
  await page.open(server.url);
  await page.eval("navigator.serviceWorker.ready.then(() => true)");
  await page.until(`${STATE}.then((s) => s.active === "activated")`);
  const [[cache, files], ...others] = await page.eval(KEPT);
  assert.deepEqual(others, [], "one build is kept");
  const [, build] = cache.match(/^layerproof ([0-9a-f]{12}) http/);
  assert.ok(files.length >= 4 && files.every((url) => url.startsWith(server.url)), files.join(" "));

  // A later build of which one file cannot be had: it is not taken at all.
  const worker = fs.readFileSync(inFolder("sw.js"), "utf8"), later = worker.replaceAll(build, "0123456789ab");
  assert.notEqual(later, worker);
  fs.writeFileSync(inFolder("sw.js"), later.replace('"icon.svg"', '"not-there.svg"'));
  await page.eval("navigator.serviceWorker.getRegistration().then((r) => r.update()).catch(() => {})");
  await page.until(`${STATE}.then((s) => !s.installing)`);
  assert.equal((await page.eval(STATE)).waiting, false, "half a build must not wait to be used");

  // A whole later build waits; a person is asked before it replaces the old one.
  fs.writeFileSync(inFolder("sw.js"), later);
  await page.open(server.url);
  await page.eval("navigator.serviceWorker.getRegistration().then((r) => r.update())");
  await page.until(`${STATE}.then((s) => s.waiting)`);
  assert.equal((await page.eval(STATE)).ours, true);

  await server.close();
  await page.open(server.url);
  await page.waitFor("layerproof");
  for (const file of files) assert.equal(await page.eval(`fetch(${JSON.stringify(file)}).then((r) => r.ok, () => false)`), true, `${file} without a network`);
}
