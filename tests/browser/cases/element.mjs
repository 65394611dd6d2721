// A docs author: the element beside a text, under a strict policy, several on a page, and in a sandboxed frame.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

export const name = "a docs author embeds the element: recorded cases, events, a strict policy, a sandboxed frame";
export const seconds = 120;

const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; connect-src 'self'; base-uri 'none'; form-action 'none'";
const CASE = JSON.stringify({
  schema: "layerproof.case/1",
  files: [{ name: "Dockerfile", url: "inputs/Dockerfile" }, { name: "history.jsonl", text: '{"CreatedBy":"/bin/sh -c #(nop)  CMD [\\"/bin/sh\\"]","Size":"0B"}\n' }],
  claims: [`sha256:${"ab".repeat(32)}`],
});
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><title>docs</title>
  <script type="module" src="layerproof.js"></script><script type="module" src="listen.js"></script>
  <main><h1>Docs</h1>
  <layer-proof id="one" src="case.json" view="texts next checks digests" theme="dark">Not verified yet.</layer-proof>
  <layer-proof id="two" claim="sha256:${"cd".repeat(32)}" page="https://example.org/"><p slot="footer">ours</p></layer-proof>
  <layer-proof id="three" src="none.json">Not verified yet.</layer-proof></main>`;
const LISTEN = `window.heard = []; for (const type of ["layerproof-report", "layerproof-error"]) addEventListener(type, (event) => heard.push([type, event.target.id, event.detail.report?.summary.verdict ?? event.detail.message]));`;
const FRAME = `<!doctype html><title>frame</title><iframe title="proof" sandbox="allow-scripts" width="900" height="700" src="layerproof.html#embed"></iframe>`;

export async function run(page, { dist, scratch, serveFolder }) {
  const folder = fs.mkdtempSync(path.join(scratch, "docs-"));
  fs.cpSync(path.join(dist, "npm"), folder, { recursive: true });
  fs.mkdirSync(path.join(folder, "inputs"));
  const files = { "page.html": PAGE, "case.json": CASE, "listen.js": LISTEN, "inputs/Dockerfile": "FROM scratch\nCMD [\"/bin/sh\"]\n" };
  for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), content);
  const server = await serveFolder(folder);
  await page.open(`${server.url}page.html`);
  await page.until("window.heard?.filter(([type]) => type === 'layerproof-report').length >= 2 && window.heard.some(([type, id]) => type === 'layerproof-error' && id === 'three')", 60);
  await page.waitFor("Dockerfile · history.jsonl");
  await page.waitFor("Open in full");
  await page.waitFor("ours");
  assert.match(await page.eval("document.querySelector('#one').report.schema"), /^layerproof\.report/);
  assert.deepEqual(await page.axe(), []);
  await page.screenshot("element");
  // The page around can set the accent, not what a verdict looks like.
  await page.eval("document.querySelector('#one').style.setProperty('--contradicted', 'green')");
  await page.eval("document.querySelector('#one').style.setProperty('--unknown', 'green')");
  const colour = "getComputedStyle(document.querySelector('#one').shadowRoot.querySelector('.mark')).color";
  assert.notEqual(await page.eval(colour), "rgb(0, 128, 0)");
  await page.resize(320);
  assert.equal(await page.overflows(), false, "sticks out at 320 px");
  await page.screenshot("element-narrow");
  await page.resize(1200);

  // The element can be given files by the page.
  await page.eval("document.querySelector('#two').open([new File(['FROM scratch\\nUSER x\\n'], 'Dockerfile')])");
  await page.until("document.querySelector('#two').report.evidence.length === 2");

  // The single file in a sandboxed frame: an origin of its own, fed by messages.
  fs.copyFileSync(path.join(dist, "layerproof.html"), path.join(folder, "layerproof.html"));
  fs.writeFileSync(path.join(folder, "frame.html"), FRAME);
  await page.open(`${server.url}frame.html`);
  await page.until("document.querySelector('iframe')");
  const answer = await page.eval(`new Promise((resolve) => {
    const frame = document.querySelector("iframe").cloneNode();
    const send = () => frame.contentWindow.postMessage({ layerproof: "open", files: [{ name: "Dockerfile", bytes: new TextEncoder().encode("FROM scratch\\nUSER x\\n").buffer }], claims: [] }, "*");
    addEventListener("message", ({ source, data }) => { if (source !== frame.contentWindow) return; if (data.layerproof === "ready") send(); if (data.layerproof === "report") resolve(data.report); });
    document.querySelector("iframe").replaceWith(frame);
  })`);
  assert.equal(answer.evidence[0].name, "Dockerfile");
  await page.screenshot("element-frame");
}
