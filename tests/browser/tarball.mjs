// The archives that are measured with: the same bytes on every machine, made once and kept below target/bench/.
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";

export const BLOCK = 512;
/** Text that files are cut from; longer than any window of gzip, so that no file repeats the one before. */
const POOL = 8 << 20;

function generator() {
  let state = 1;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8;
}

function pools() {
  const next = generator();
  const words = Array.from({ length: 4000 }, () => next().toString(36).slice(0, 2 + (next() % 6)));
  const phrases = Array.from({ length: 3000 }, () => Array.from({ length: 2 + (next() % 5) }, () => words[next() % (1 + (next() % words.length))]).join(" "));
  const parts = [];
  for (let length = 0; length < POOL; length += parts.at(-1).length) parts.push(`${phrases[next() % (1 + (next() % phrases.length))]}${next() % 11 ? " " : "\n"}`);
  return { next, text: Buffer.from(parts.join("")).subarray(0, POOL), noise: Buffer.from(Uint32Array.from({ length: POOL >> 2 }, () => next() ^ (next() << 16)).buffer) };
}

export function header(name, size, flag) {
  const block = Buffer.alloc(BLOCK), octal = (number, at, length) => block.write(number.toString(8).padStart(length - 1, "0"), at, "latin1");
  block.write(name, 0, "latin1");
  for (const [number, at, length] of [[flag === "5" ? 0o755 : 0o644, 100, 8], [0, 108, 8], [0, 116, 8], [size, 124, 12], [1_700_000_000, 136, 12]]) octal(number, at, length);
  block.write(`        ${flag}`, 148, "latin1");
  block.write("ustar\x0000", 257, "latin1");
  octal(block.reduce((sum, byte) => sum + byte, 0), 148, 7);
  return block;
}

/** The archive as pieces: files of 64 bytes to 256 KiB and a few of 6 MiB, most of them text. */
function* pieces(bytes) {
  const { next, text, noise } = pools();
  yield header("usr/", 0, "5");
  for (let made = 0, number = 0; made < bytes; number++) {
    const size = number % 800 === 799 ? 6 << 20 : 64 << (next() % 13), pool = number % 8 === 0 ? noise : text;
    if (number % 100 === 0) yield header(`usr/part${number / 100}/`, 0, "5");
    yield header(`usr/part${Math.floor(number / 100)}/file${number}`, size, "0");
    const from = next() % (POOL - size);
    yield pool.subarray(from, from + size);
    yield Buffer.alloc(-size & (BLOCK - 1));
    made += size;
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** A tar archive with about so many mebibytes in it, through `gzip -6n` when `packed`; gives its path. */
export async function tarball(root, mebibytes, packed) {
  const folder = path.join(root, "target/bench"), file = path.join(folder, `${mebibytes}.tar${packed ? ".gz" : ""}`);
  if (fs.existsSync(file)) return file;
  fs.mkdirSync(folder, { recursive: true });
  const half = `${file}.half`, out = fs.openSync(half, "w");
  if (packed) {
    const gzip = spawn("gzip", ["-6n"], { stdio: ["pipe", out, "inherit"] });
    for (const piece of pieces(mebibytes * 1024 * 1024)) if (!gzip.stdin.write(piece)) await once(gzip.stdin, "drain");
    gzip.stdin.end();
    await once(gzip, "close");
  } else {
    for (const piece of pieces(mebibytes * 1024 * 1024)) fs.writeSync(out, piece);
  }
  fs.closeSync(out);
  fs.renameSync(half, file);
  return file;
}
