// Inputs that tests make themselves: tar archives and an image in an OCI archive, as plain as the formats allow.
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** A tar of regular files, by name and content. */
export function tar(files) {
  const parts = Object.entries(files).flatMap(([name, content]) => {
    const body = Buffer.from(content), header = Buffer.alloc(512);
    const put = (text, at) => header.write(text, at, "latin1");
    put(name, 0), put("0000644\0", 100), put("0000000\0", 108), put("0000000\0", 116);
    put(`${body.length.toString(8).padStart(11, "0")}\0`, 124), put("00000000000\0", 136), put("        ", 148), put("0", 156), put("ustar\0", 257), put("00", 263);
    put(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `, 148);
    return [header, body, Buffer.alloc(-body.length & 511)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

/** An image of one layer for linux/amd64 as an OCI archive; `made` is the text of the layer's history entry. */
export function ociArchive(layer, made) {
  const stored = gzipSync(layer), blobs = {};
  const blob = (mediaType, bytes) => {
    const digest = sha256(bytes);
    blobs[`blobs/sha256/${digest}`] = bytes;
    return { mediaType, digest: `sha256:${digest}`, size: bytes.length };
  };
  const json = (value) => Buffer.from(JSON.stringify(value));
  const created = "2024-05-14T09:26:40Z";
  const config = blob("application/vnd.oci.image.config.v1+json", json({
    created, architecture: "amd64", os: "linux", config: { Cmd: ["/bin/sh"] },
    rootfs: { type: "layers", diff_ids: [`sha256:${sha256(layer)}`] },
    history: [{ created, created_by: made }, { created, created_by: 'CMD ["/bin/sh"]', empty_layer: true, comment: "buildkit.dockerfile.v0" }],
  }));
  const manifest = blob("application/vnd.oci.image.manifest.v1+json", json({
    schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json", config, layers: [blob("application/vnd.oci.image.layer.v1.tar+gzip", stored)],
  }));
  const archive = tar({ "oci-layout": '{"imageLayoutVersion":"1.0.0"}', "index.json": json({ schemaVersion: 2, manifests: [manifest] }), ...blobs });
  return { archive, manifest: manifest.digest };
}
