// What common cases look like, for www/build/profile.mjs: the first group is what a person with a Dockerfile, a history and a tarball
// brings, the second adds image archives, JSON, checksum lists and digests. What a case says matters little; that its lines have all
// the usual forms does, since each form has instructions of its own.
import { constants, gzipSync } from "node:zlib";
import { rootfs } from "./archives.mjs";
import { BARE, HASH, OTHER, PAIRS, classic, dockerfile, records } from "./histories.mjs";

const tar = rootfs("");
const tarball = { name: "rootfs.tar.gz", content: gzipSync(tar) };
const file = (name, content) => ({ name, content: Buffer.from(content) });
const history = records(BARE, classic);
const config = { architecture: "amd64", os: "linux", created: history[0].created, config: { Cmd: ["/bin/sh"], Env: ["PATH=/bin"] }, rootfs: { type: "layers", diff_ids: [`sha256:${HASH}`] }, history };

/** A gzip stream with a name in its header. */
const named = (name, gzip) => Buffer.concat([gzip.subarray(0, 3), Buffer.from([8]), gzip.subarray(4, 10), Buffer.from(`${name}\0`), gzip.subarray(10)]);

/** What of an example is an image. */
const IMAGES = /\.tar$/;

/** Groups of cases. A case has files and texts, or is a built-in example by its name. */
export const GROUPS = [
  [
    ...PAIRS.map(([lines, said]) => ({ files: [file("Dockerfile", lines), file("history.json", said)] })),
    { files: [file("Dockerfile", dockerfile(BARE)), file("history.json", JSON.stringify(history)), tarball] },
    { files: [{ name: "rootfs.tar", content: Buffer.concat([rootfs("./"), Buffer.alloc(100)]) }] },
    // Compressors differ in the codes that they choose; gzip writes the file's name into its header.
    ...[{ level: 1 }, { level: 9 }, { strategy: constants.Z_FIXED }, { strategy: constants.Z_HUFFMAN_ONLY }].map((options) => ({ files: [{ name: "rootfs.tar.gz", content: named("rootfs.tar", gzipSync(tar, options)) }] })),
    { example: "good-image", without: IMAGES },
    { example: "wrong-tarball", without: IMAGES },
    { files: [file("SHA256SUMS", `${HASH} *rootfs.tar.gz\n${OTHER}  ./other file\n`), tarball] },
  ],
  [
    ...["good-image", "wrong-tarball", "hidden-layer", "two-digests"].map((example) => ({ example })),
    { files: [file("Dockerfile", dockerfile(BARE)), file("config.json", JSON.stringify(config)), tarball] },
    { texts: [`sha256:${HASH}`, `REPOSITORY   TAG       DIGEST                                                                    IMAGE ID       CREATED       SIZE\nubuntu       22.04     sha256:${OTHER}   ${HASH.slice(0, 12)}   2 weeks ago   77.8MB`] },
  ],
];
