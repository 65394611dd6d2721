// What mdBook, MkDocs and a person make of the recipes of docs/ELEMENT.md, opened as their readers open it.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

export const name = "the element verifies its case in pages that other generators made";
export const seconds = 180;

const PAGES = { plain: ["index.html"], mdbook: ["image.html", "deeper/image.html"], mkdocs: ["index.html", "deeper/image/index.html"] };

export async function run(page, { root, serveFolder }) {
  for (const [recipe, pages] of Object.entries(PAGES)) {
    const folder = path.join(root, "target/recipes/sites", recipe);
    assert.ok(fs.existsSync(folder), `${recipe} was not built: cargo xtask test --recipes`);
    const server = await serveFolder(folder, "/some/docs/");
    for (const one of pages) {
      await page.open(server.url + one);
      await page.until("document.querySelector('layer-proof')?.report", 40);
      const { verdict } = await page.eval("document.querySelector('layer-proof').report.summary");
      assert.equal(verdict, "agrees", `${recipe}: ${one}`);
      await page.waitFor("Dockerfile · history.jsonl");
      assert.equal(await page.look("text(document.querySelector('layer-proof')).includes('Not verified yet')"), false, "what stands in for the result has gone");
    }
    await page.screenshot(`recipe-${recipe}`);
  }
}
