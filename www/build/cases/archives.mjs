// Archives of the cases, as tar writes them.
import { gzipSync } from "node:zlib";

const BLOCK = 512;

/** Writes a header's checksum, which is counted with blanks in its place. */
function sum(header) {
  header.fill(" ", 148, 156);
  header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\u0000 `, 148);
}

/** An entry of a tar archive (ustar); `link` is where a link leads. */
function entry(name, { content = "", type = "0", mode = 0o644, link = "", prefix = "" } = {}) {
  const header = Buffer.alloc(BLOCK), bytes = Buffer.from(content);
  const octal = (value, at, width) => header.write(value.toString(8).padStart(width - 1, "0"), at);
  header.write(name, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(type === "2" ? 1000 : 0, 116, 8);
  octal(bytes.length, 124, 12);
  octal(1709640000, 136, 12);
  header.write(type, 156);
  header.write(link, 157);
  header.write("ustar\u000000", 257);
  header.write("root", 265);
  header.write(prefix, 345);
  if (type === "3") octal(1, 329, 8);
  sum(header);
  return Buffer.concat([header, bytes, Buffer.alloc(-bytes.length & (BLOCK - 1))]);
}

/** An entry as GNU tar writes it, with a name that is too long for its field. */
function gnu(name, content) {
  const blocks = Buffer.concat([entry("././@LongLink", { type: "L", content: `${name}\u0000` }), entry(name.slice(0, 100), { content })]);
  const at = blocks.length - BLOCK - (Math.ceil(content.length / BLOCK) * BLOCK);
  for (const start of [0, at]) {
    blocks.write("ustar  \u0000", start + 257, "latin1");
    sum(blocks.subarray(start, start + BLOCK));
  }
  return blocks;
}

/** An extended header before an entry. */
const pax = (records) => entry("./PaxHeaders/0", { type: "x", content: records.map(([key, value]) => {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 2;
  while (`${length}${rest}`.length !== length) length = `${length}${rest}`.length;
  return `${length}${rest}`;
}).join("") });

/** An archive as tar writes it: its end is filled up to a record of twenty blocks. */
const archive = (...entries) => {
  const content = Buffer.concat([...entries, Buffer.alloc(2 * BLOCK)]);
  return Buffer.concat([content, Buffer.alloc((20 * BLOCK - (content.length % (20 * BLOCK))) % (20 * BLOCK))]);
};

/** Bytes that no compressor makes smaller, the same ones for the same seed. */
function noise(length, seed) {
  const bytes = Buffer.alloc(length);
  for (let place = 0; place < length; place++) {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    bytes[place] = seed >>> 16;
  }
  return bytes;
}

/** What the files of a system begin with: programs, scripts, texts, keys, compressed manuals, archives of package managers. */
const CONTENTS = [
  (number) => Buffer.concat([Buffer.from("\x7fELF\x02\x01\x01"), noise(4000 + number, number), Buffer.alloc(300)]),
  (number) => `#!/bin/sh\nset -e\n${"echo a line\n".repeat(number % 50)}`,
  (number) => `${number} `.repeat(number),
  () => "",
  (number) => gzipSync(`.TH MANUAL ${number}\n${"a manual\n".repeat(number)}`),
  (number) => `-----BEGIN PUBLIC KEY-----\n${noise(200, number).toString("base64")}\n-----END PUBLIC KEY-----\n`,
  (number) => JSON.stringify({ number, list: [1, "a", null] }),
  (number) => `P:package${number}\nV:1.2\nC:Q1${noise(20, number).toString("base64")}\n\n`.repeat(1 + (number % 9)),
  (number) => archive(entry("inner", { content: `${number}` })),
  (number) => noise(number, number),
  (number) => `[section]\nkey = value ${number}\n# caf\u00e9\n`,
  (number) => Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), noise(900, number)]),
  (number) => `${noise(32, number).toString("hex")}  file${number}\n`,
];

/** A few large files: a program, bytes of no kind, a text, a compressed one, an archive. */
const LARGE = [
  Buffer.concat([Buffer.from("\x7fELF\x02\x01\x01"), noise(600_000, 1), Buffer.alloc(600_000), noise(100_000, 2)]),
  noise(900_000, 3),
  "a line of a text\n".repeat(20_000),
  gzipSync(noise(300_000, 4)),
  archive(...Array.from({ length: 300 }, (_, number) => entry(`scripts/${number}.sh`, { content: `#!/bin/sh\nexec app${number}\n` }))),
];

/** Far more entries than a page of a list has, in no order of their names. */
const many = (prefix) => Array.from({ length: 2000 }, (_, place) => {
  const number = (place * 911) % 2000;
  const name = `${prefix}usr/share/${["doc", "man", "lib", "zoneinfo"][number % 4]}/package${number >> 4}/file${number}`;
  if (number % 4 === 3) return entry(name, { type: "2", link: number % 8 === 3 ? `../../../..${"/..".repeat(number % 3)}/bin/applet${number}` : `/usr/lib/file${number}` });
  return entry(name, { content: number % 400 ? CONTENTS[number % CONTENTS.length](number) : LARGE[number / 400], mode: number % 5 ? 0o644 : 0o755 });
});

/** A root file system with files, directories, links, a device, and every way to write a long name. */
export const rootfs = (prefix) => archive(
  entry(`${prefix}`, { type: "5", mode: 0o755 }),
  entry(`${prefix}bin/`, { type: "5", mode: 0o755 }),
  entry(`${prefix}bin/busybox`, { content: CONTENTS[0](70_000), mode: 0o755 }),
  ...CONTENTS.map((content, number) => entry(`${prefix}bin/command${number}`, { content: content(number), mode: 0o755 })),
  entry(`${prefix}bin/sh`, { type: "2", link: "busybox" }),
  entry(`${prefix}bin/su`, { content: "su", mode: 0o4755 }),
  entry(`${prefix}bin/ash`, { type: "1", link: `${prefix}bin/busybox` }),
  entry(`${prefix}dev/null`, { type: "3", mode: 0o666 }),
  entry(`${prefix}etc/os-release`, { content: 'ID=bench\nVERSION_ID="3.0"\n' }),
  pax([["path", `${prefix}usr/share/${"long/".repeat(24)}file`], ["mtime", "1709640000.5"], ...Array.from({ length: 14 }, (_, number) => [`SCHILY.xattr.user.note${number}`, "a"])]),
  entry(`${prefix}usr/share/short`, { content: "long" }),
  entry("inside", { content: "a name in two fields", prefix: `${prefix}usr/share/${"part/".repeat(22)}` }),
  gnu(`${prefix}usr/share/${"long/".repeat(24)}other`, "an older form"),
  entry(`${prefix}usr/lib/n\u00e4me`, { content: "not ASCII" }),
  ...Array.from({ length: 40 }, (_, number) => entry(`${prefix}bin/applet${number}`, { type: "2", link: "busybox" })),
  ...many(prefix),
  ...Array.from({ length: 400 }, (_, number) => entry(`${prefix}usr/lib/${number % 7}/file${number}`, { content: `${number}`.repeat(number) })),
);
