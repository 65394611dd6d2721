// An image archive as `docker save` of version 25 and later writes it, as large as one likes and nearly empty on disk: the files in its
// layers hold zeros, which the archive leaves out as holes. Every digest in it is right.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { BLOCK, header, tarball } from "./tarball.mjs";

export const LAYERS = 8;
/** Bytes of a file in a layer. */
const FILE = 4 << 20;
const ZEROS = Buffer.alloc(FILE);
const CREATED = "2024-05-14T09:26:40Z";

/** A layer as pieces: buffers to write, numbers of zeros to leave out. */
function* layer(number, bytes) {
  for (let made = 0, file = 0; made < bytes; made += FILE) {
    yield header(`srv/layer${number}/file${file++}`, FILE, "0");
    yield FILE;
  }
  yield 2 * BLOCK;
}

function digestOf(pieces) {
  const hash = createHash("sha256");
  let size = 0;
  for (const piece of pieces) {
    hash.update(typeof piece === "number" ? ZEROS.subarray(0, piece) : piece);
    size += typeof piece === "number" ? piece : piece.length;
  }
  return { digest: hash.digest("hex"), size };
}

const json = (value) => [Buffer.from(JSON.stringify(value))];
const padded = (size) => -size & (BLOCK - 1);

/**
 * An image with layers, each a media type, its pieces and, where it is compressed, its diff_id. Gives the members (names with their
 * pieces and size) and the descriptors.
 */
function imageOf(contents) {
  const blobs = [], blob = (mediaType, pieces) => {
    const { digest, size } = digestOf(pieces());
    blobs.push({ name: `blobs/sha256/${digest}`, pieces, size });
    return { mediaType, digest: `sha256:${digest}`, size };
  };
  const type = "application/vnd.oci.image", file = ({ digest }) => `blobs/sha256/${digest.slice(7)}`;
  const layers = contents.map(({ form, pieces }) => blob(`${type}.layer.v1.${form}`, pieces));
  const config = blob(`${type}.config.v1+json`, () => json({
    created: CREATED, architecture: "amd64", os: "linux", config: { Cmd: ["/bin/sh"] },
    rootfs: { type: "layers", diff_ids: layers.map(({ digest }, number) => contents[number].diffId ?? digest) },
    history: layers.map((_, number) => ({ created: CREATED, created_by: `COPY layer${number} /srv/layer${number} # buildkit`, comment: "buildkit.dockerfile.v0" })),
  }));
  const manifest = blob(`${type}.manifest.v1+json`, () => json({ schemaVersion: 2, mediaType: `${type}.manifest.v1+json`, config, layers }));
  const texts = {
    "index.json": { schemaVersion: 2, mediaType: `${type}.index.v1+json`, manifests: [{ ...manifest, annotations: { "io.containerd.image.name": "docker.io/library/bench:latest", "org.opencontainers.image.ref.name": "latest" } }] },
    "manifest.json": [{ Config: file(config), RepoTags: ["bench:latest"], Layers: layers.map(file) }],
    "oci-layout": { imageLayoutVersion: "1.0.0" },
  };
  const members = [...blobs, ...Object.entries(texts).map(([name, value]) => ({ name, pieces: () => json(value), size: json(value)[0].length }))];
  return { members, layers, config, manifest };
}

/** Writes an archive; zeros that are left out become holes. */
function write(file, members) {
  const half = `${file}.half`;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const out = fs.openSync(half, "w");
  let at = 0;
  const put = (piece) => (at += typeof piece === "number" ? piece : fs.writeSync(out, piece, 0, piece.length, at));
  for (const { name, pieces, size } of members) {
    put(header(name, size, "0"));
    for (const piece of pieces()) put(piece);
    put(padded(size));
  }
  put(2 * BLOCK);
  fs.ftruncateSync(out, at);
  fs.closeSync(out);
  fs.renameSync(half, file);
}

/** Makes the archive once, below target/bench; gives its path. */
export function savedImage(root, mebibytes) {
  const file = path.join(root, "target/bench", `saved-${mebibytes}.tar`), bytes = (mebibytes * 1024 * 1024) / LAYERS;
  if (!fs.existsSync(file)) write(file, imageOf(Array.from({ length: LAYERS }, (_, number) => ({ form: "tar", pieces: () => layer(number, bytes) }))).members);
  return file;
}

/** Such an archive whose one layer is compressed and full of files; gives its path and all digests that it holds, in hex. */
export async function compressedImage(root, mebibytes) {
  const content = fs.readFileSync(await tarball(root, mebibytes, true)), diffId = digestOf([gunzipSync(content)]).digest;
  const { members, layers, config, manifest } = imageOf([{ form: "tar+gzip", pieces: () => [content], diffId: `sha256:${diffId}` }]);
  const file = path.join(root, "target/bench", `compressed-${mebibytes}.tar`);
  write(file, members);
  const hex = ({ digest }) => digest.slice(7);
  return { file, sha256: digestOf([fs.readFileSync(file)]).digest, layer: hex(layers[0]), diffId, manifest: hex(manifest), config: hex(config) };
}
