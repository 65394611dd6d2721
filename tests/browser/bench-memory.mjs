// The memory of the page with a large image: `node bench-memory.mjs [MEBIBYTES]`, called by `cargo xtask bench page-memory`. An archive
// as `docker save` writes it (4 GiB where nothing is said, nearly empty on disk) is dropped on dist/layerproof.html in Chromium. The
// memory is that of all processes of the browser (PSS, shared pages counted in parts), looked at four times a second from the drop
// until the result is drawn. Every layer must come out as proved.
import fs from "node:fs";
import path from "node:path";
import { drop, growth, measure, mebibytes, opened, root } from "./measure.mjs";
import { LAYERS, savedImage } from "./saved.mjs";

const wanted = Number(process.argv[2] ?? 4096);
/** What may be added to the idle page, in MiB. */
const GOAL = 64;

const file = savedImage(root, wanted);
await measure(async (page) => {
  await opened(page);
  let seconds = 0;
  const { idle, most } = await growth(async () => (seconds = await drop(page, [file], path.basename(file))));
  const { counts, layers } = await page.eval(`(() => {
    const { summary, checks } = document.querySelector("lp-page").current.report;
    return { counts: summary.counts, layers: checks.filter((check) => check.kind === "diff-id" && check.verdict === "proved").length };
  })()`);
  if (layers !== LAYERS || counts.contradicted > 0) throw new Error(`${layers} of ${LAYERS} layers are proved, ${counts.contradicted} contradictions`);
  const { size } = fs.statSync(file);
  console.log(`${path.basename(file)}, ${(size / 1e6).toFixed(0)} MB, ${LAYERS} layers, all proved; ${seconds.toFixed(1)} s from the drop, ${(size / 1e6 / seconds).toFixed(0)} MB/s`);
  console.log(`    idle ${mebibytes(idle)}, at most + ${mebibytes(most)} (wanted: + ${GOAL} MiB at most)`);
});
