import assert from "node:assert/strict";

export const name = "where WebAssembly is not allowed, the page says so and names the command line tool";
export const artefacts = ["single"];

export async function run(page) {
  await page.eval("void (WebAssembly.compile = () => Promise.reject(new WebAssembly.CompileError('blocked by policy')))");
  await page.paste({ text: "FROM scratch\n" });
  await page.waitFor("The engine is not running");
  await page.waitFor("does not allow WebAssembly");
  await page.waitFor("layerproof check FILE...");
  assert.doesNotMatch(await page.text(), /Proved\s+\d/, "no result without an engine");
  assert.deepEqual(await page.axe(), []);
  await page.screenshot("blocked");
}
