// The root file system that the rebuild is measured with.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/**
 * An archive of files from some hundred bytes to some mebibytes that gzip shrinks to about two fifths, compressed or not; the same
 * on every machine with the same tools.
 */
export function makeTarball(folder, mebibytes, compressed = true) {
  let state = 1;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8;
  const words = Array.from({ length: 4000 }, () => next().toString(36).slice(0, 2 + (next() % 6)));
  const tree = path.join(folder, "tree"), file = path.join(folder, compressed ? "rootfs.tar.gz" : "rootfs.tar");
  for (let made = 0, number = 0; made < mebibytes << 20; number++) {
    const size = 200 << (next() % 15), inside = path.join(tree, "usr", String(number % 50));
    let content;
    if (number % 8 === 0) content = Buffer.from(Uint32Array.from({ length: size >> 2 }, () => next() ^ (next() << 16)).buffer);
    else for (content = ""; content.length < size; ) content += `${words[next() % words.length]} `;
    fs.mkdirSync(inside, { recursive: true });
    fs.writeFileSync(path.join(inside, String(number)), content);
    made += size;
  }
  const pack = 'tar -C "$1" --sort=name --owner=0 --group=0 --mtime=@1 -c usr';
  execFileSync("sh", ["-c", `${pack} ${compressed ? "| gzip -6n " : ""}> "$2"`, "sh", tree, file]);
  return file;
}
