// The streaming stack in a worker: hash-wasm, DecompressionStream, and the walk. With `second` the uncompressed bytes are handed to
// another such worker, which hashes and walks them.
importScripts("sha256.umd.min.js", "walk.js");

const PIECE = 1 << 20;
/** Chunks that may be on their way to the second worker. */
const CREDITS = 64;

/** Hashes an uncompressed stream, walks it, hashes every file. */
async function reader() {
  const stream = await hashwasm.createSHA256(), one = await hashwasm.createSHA256(), files = [];
  const walk = new Walk({ begin: () => one.init(), content: (bytes) => one.update(bytes), end: (name) => files.push(`${name} ${one.digest("hex")}`) });
  stream.init();
  return {
    feed(bytes) {
      stream.update(bytes);
      walk.feed(bytes);
    },
    end: () => ({ stream: stream.digest("hex"), files }),
  };
}

/** Hands chunks to the second worker, a few at a time. */
function forward(worker) {
  let credits = CREDITS, free = null, done = null;
  const ended = new Promise((resolve) => (done = resolve));
  worker.onmessage = ({ data }) => {
    if (data.files) return done(data);
    credits += data.taken;
    free?.();
  };
  worker.postMessage({ second: true });
  return {
    async feed(bytes) {
      while (credits === 0) await new Promise((resolve) => (free = resolve));
      credits--;
      worker.postMessage({ bytes }, [bytes.buffer]);
    },
    end() {
      worker.postMessage({ end: true });
      return ended;
    },
  };
}

async function inflated(file, hash, to) {
  const { writable, readable } = new DecompressionStream("gzip"), writer = writable.getWriter(), out = readable.getReader();
  const input = pieces(file, async (bytes) => {
    hash.update(bytes);
    await writer.write(bytes);
  }).then(() => writer.close());
  for (let chunk; !(chunk = await out.read()).done; ) await to.feed(chunk.value);
  await input;
}

/** Every piece of a file, in one buffer that is used again. */
async function pieces(file, each) {
  const from = file.stream().getReader({ mode: "byob" });
  for (let buffer = new ArrayBuffer(PIECE); ; ) {
    const { value, done } = await from.read(new Uint8Array(buffer));
    if (done) return;
    await each(value);
    buffer = value.buffer;
  }
}

async function whole({ file, packed, workers }) {
  const to = workers === 2 ? forward(new Worker("streaming.js")) : await reader();
  if (packed) {
    const hash = await hashwasm.createSHA256();
    hash.init();
    await inflated(file, hash, to);
    return { file: hash.digest("hex"), ...(await to.end()) };
  }
  // The digest of what is not compressed is that of its stream; a piece for another worker is a copy, since the buffer is used again.
  await pieces(file, workers === 2 ? (bytes) => to.feed(bytes.slice()) : (bytes) => to.feed(bytes));
  const { stream, files } = await to.end();
  return { file: stream, stream, files };
}

async function second() {
  const to = await reader();
  let taken = 0;
  onmessage = ({ data }) => {
    if (data.end) return postMessage(to.end());
    to.feed(data.bytes);
    if (++taken < CREDITS / 4) return;
    postMessage({ taken });
    taken = 0;
  };
}

// What comes while the hashes of the second worker are made waits in line.
const waiting = [];
onmessage = async ({ data }) => {
  if (data.second) {
    onmessage = ({ data }) => waiting.push({ data });
    await second();
    waiting.splice(0).forEach((event) => onmessage(event));
  } else {
    whole(data).then(postMessage, (error) => postMessage({ error: String(error) }));
  }
};
