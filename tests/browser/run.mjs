// The page in one browser: `node run.mjs --engine chromium|firefox|webkit [--case TEXT] [--folder cases|recipes]`. The last line
// counts.
//
// Every file in the folder is one test and exports
//   name     what holds when it passes
//   run      async (page, bench) => …; throws when it does not hold
// and, if it is not for all of them: engines (names), artefacts ("site", "single"; the test runs once for each, already opened),
// schemes ("light", "dark"), motion ("reduce"), colours ("forced"; WebKitGTK has none), width in pixels, seconds of patience.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import * as chromium from "./engines/chromium.mjs";
import * as firefox from "./engines/firefox.mjs";
import { endAll, pause, scratch } from "./engines/process.mjs";
import * as webkit from "./engines/webkit.mjs";
import { Page } from "./page.mjs";
import { canary, closeAll, serveFolder } from "./servers.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const dist = path.join(root, "dist");
const ENGINES = { chromium, firefox, webkit };
const { values } = parseArgs({ options: { engine: { type: "string" }, case: { type: "string", default: "" }, folder: { type: "string", default: "cases" } } });
const engine = ENGINES[values.engine];
if (!engine) throw new Error(`--engine is one of ${Object.keys(ENGINES).join(", ")}`);

/** What a test may need beside the page. */
const bench = {
  root,
  dist,
  engine: values.engine,
  /** A folder for files that the test makes. */
  scratch,
  /** Recorded inputs outside the repository, or null. */
  fixtures: [process.env.LAYERPROOF_FIXTURES, path.join(root, "../shared/fixtures")].find((folder) => folder && fs.existsSync(folder)) ?? null,
  single: path.join(dist, "layerproof.html"),
  serveSite: (base, pages) => serveFolder(path.join(dist, "site"), base, pages),
  serveFolder,
  canary,
};

/** Thrown by a test that cannot look at anything here. */
export class Skipped extends Error {}
bench.skip = (why) => {
  throw new Skipped(why);
};

async function cases() {
  const files = fs.readdirSync(path.join(here, values.folder)).filter((name) => name.endsWith(".mjs")).sort();
  const tests = [];
  for (const file of files) {
    const test = await import(pathToFileURL(path.join(here, values.folder, file)).href);
    if (test.engines && !test.engines.includes(values.engine)) continue;
    if (test.colours === "forced" && !engine.forcesColours) continue;
    for (const scheme of test.schemes ?? ["light"]) {
      for (const artefact of test.artefacts ?? [null]) tests.push({ width: 1200, seconds: 60, ...test, file, scheme, artefact, motion: test.motion ?? "no-preference", colours: test.colours ?? "own" });
    }
  }
  const title = (test) => `${test.file} ${test.name}`;
  // One start of the browser for each way that the person has set it up.
  const setUp = (test) => `${test.scheme === "light" ? 0 : 1} ${test.motion} ${test.colours}`;
  return tests.filter((test) => title(test).includes(values.case)).sort((a, b) => setUp(a).localeCompare(setUp(b)));
}

const tally = { passed: 0, failed: 0, skipped: 0 };

async function perform(test, page) {
  const what = `${values.engine}: ${test.name}${[test.artefact, test.scheme === "dark" ? "dark" : null].filter(Boolean).map((word) => ` (${word})`).join("")}`;
  try {
    await Promise.race([attempt(test, page), pause(test.seconds * 1000).then(() => Promise.reject(new Error(`not done after ${test.seconds} s`)))]);
    tally.passed++;
    console.log(`    ok ${what}`);
  } catch (error) {
    if (error instanceof Skipped) {
      tally.skipped++;
      console.log(`    skipped: ${what}: ${error.message}`);
    } else {
      tally.failed++;
      console.log(`    FAILED ${what}\n${String(error.stack ?? error).replace(/^/gm, "        ")}`);
    }
  } finally {
    await closeAll();
  }
}

async function attempt(test, page) {
  await page.open("about:blank");
  await page.resize(test.width);
  await page.problems();
  if (test.artefact === "single") await page.open(bench.single);
  if (test.artefact === "site") await page.open((await bench.serveSite("/some/folder/")).url);
  await test.run(page, { ...bench, artefact: test.artefact, scheme: test.scheme });
}

async function main() {
  const missing = Object.entries(engine.programs()).filter(([, file]) => !file).map(([what]) => what);
  if (missing.length > 0) {
    console.log(`    skipped: ${values.engine} is not installed (${missing.join(", ")}; Debian packages ${engine.packages})`);
    tally.skipped++;
    return;
  }
  let browser = null, setUp = null;
  for (const test of await cases()) {
    const wanted = `${test.scheme} ${test.motion} ${test.colours}`;
    if (browser === null || setUp !== wanted) {
      await browser?.end();
      browser = new engine.Browser();
      setUp = wanted;
      await browser.start(test);
      console.log(`    ${values.engine} ${browser.version}`);
    }
    const failedBefore = tally.failed;
    await perform(test, new Page(browser, values.engine));
    if (tally.failed > failedBefore) {
      // Whatever state it is in now: the next test gets another.
      await browser.end().catch(() => {});
      browser = null;
    }
  }
  await browser?.end();
}

try {
  await main();
} catch (error) {
  tally.failed++;
  console.log(`    FAILED ${values.engine}\n${String(error.stack ?? error).replace(/^/gm, "        ")}`);
} finally {
  await endAll();
}
console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
process.exit(tally.failed > 0 ? 1 : 0);
