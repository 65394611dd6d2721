// The page's decoders beside the system's: `node bench-formats.mjs [MEBIBYTES]`, called by `cargo xtask bench page-formats`. One tar
// archive is packed by gzip, xz (one thread, so one block), bzip2 and zstd, each at its usual level, and dropped on the page in
// Chromium. Beside it, in the same round:
//
//   decoder           `TOOL -dc FILE >/dev/null`: decompression alone, what no reader can do without
//   decoder | hash    `TOOL -dc FILE | sha256sum`: with the digest of the uncompressed stream, on a second processor
//
//   page, plain       the archive itself, dropped: what the page takes without decompression
//
// The page does more than both programs: the digest of the file, the walk, the digest of every file in it, its checks, and the drawing, from the
// drop on. Speeds are bytes of content by time. Rounds are interleaved, medians.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { find } from "./engines/process.mjs";
import { dropped, inShell, measure, median, root } from "./measure.mjs";
import { tarball } from "./tarball.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const size = Number(process.argv[2] ?? 200);

/** How each is packed and unpacked, and the share of the native decoder's speed that is wanted. */
const FORMATS = {
  gzip: { ending: "gz", pack: "gzip -6n", unpack: "gzip -dc", wanted: null },
  xz: { ending: "xz", pack: "xz -T1 -6", unpack: "xz -T1 -dc", wanted: 0.75 },
  bzip2: { ending: "bz2", pack: "bzip2 -9", unpack: "bzip2 -dc", wanted: 0.8 },
  zstd: { ending: "zst", pack: "zstd -q -3", unpack: "zstd -q -dc", wanted: 0.3 },
};

/** The archive in a format; packed once, which takes minutes for xz. */
function packed(plain, { ending, pack }) {
  const file = plain.replace(/\.tar$/, `.tar.${ending}`), half = `${file}.half`;
  if (fs.existsSync(file)) return file;
  execFileSync("bash", ["-c", `${pack} < "$1" > "$2"`, "bash", plain, half], { stdio: ["ignore", "inherit", "inherit"] });
  fs.renameSync(half, file);
  return file;
}

async function compare(page, name, format, plain) {
  const file = packed(plain, format), bytes = fs.statSync(plain).size;
  const shows = execFileSync("sha256sum", [plain], { encoding: "utf8" }).slice(0, 8);
  const times = { page: [], "page, plain": [], decoder: [], "decoder | hash": [] };
  for (let round = 0; round < ROUNDS; round++) {
    times.page.push(await dropped(page, [file], shows));
    times["page, plain"].push(await dropped(page, [plain], shows));
    times.decoder.push(inShell(`${format.unpack} "$1" >/dev/null`, file));
    times["decoder | hash"].push(inShell(`${format.unpack} "$1" | sha256sum >/dev/null`, file));
  }
  const took = median(times.page);
  console.log(`${path.basename(file)}, ${(fs.statSync(file).size / 1e6).toFixed(0)} MB, ${(bytes / 1e6).toFixed(0)} MB inside, ${ROUNDS} rounds, medians`);
  for (const [what, all] of Object.entries(times)) {
    const speed = `${(bytes / 1e6 / median(all)).toFixed(0).padStart(5)} MB/s`, share = what.startsWith("page") ? "" : `   the page has ${(median(all) / took).toFixed(2)} of its speed`;
    const goal = what === "decoder" && format.wanted !== null ? `, wanted ${format.wanted}` : "";
    console.log(`    ${what.padEnd(16)}${median(all).toFixed(2).padStart(7)} s ${speed}${share}${goal}`);
  }
}

await measure(async (page) => {
  const plain = await tarball(root, size, false);
  for (const [name, format] of Object.entries(FORMATS)) {
    if (find(name)) await compare(page, name, format, plain);
    else console.log(`${name}: skipped: the program ${name} is not installed (Debian packages gzip, xz-utils, bzip2, zstd), so there is nothing to compare with`);
  }
});
