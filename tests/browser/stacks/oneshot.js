// The one-shot stack in a worker: whole buffers, and the browser's own digest of each.
importScripts("walk.js");

/** Digests that are asked for at once. */
const LANES = 8;

const hex = (digest) => Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
const sha256 = async (bytes) => hex(await crypto.subtle.digest("SHA-256", bytes));

/** Every regular file of an archive as a view into it. */
function views(archive) {
  const found = [];
  let at = null;
  const walk = new Walk({ begin: () => (at = null), content: (bytes) => (at = bytes), end: (name) => found.push([name, at ?? new Uint8Array(0)]) });
  walk.feed(new Uint8Array(archive));
  return found;
}

async function whole({ file, packed }) {
  const stored = await file.arrayBuffer(), ofFile = sha256(stored);
  const archive = packed ? await new Response(file.stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer() : stored;
  const ofStream = packed ? sha256(archive) : ofFile, found = views(archive), files = Array(found.length);
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < found.length; at = next++) files[at] = `${found[at][0]} ${await sha256(found[at][1])}`;
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { file: await ofFile, stream: await ofStream, files };
}

onmessage = ({ data }) => whole(data).then(postMessage, (error) => postMessage({ error: String(error) }));
