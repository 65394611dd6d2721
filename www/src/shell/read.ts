// Reads a file on the main thread and hands it over in pieces of 2 MiB, a few in flight. (In WebKit a worker may not read
// files of a page that was opened from disk, so nobody else can do this.)

/** Size of one piece. */
const PIECE = 2 << 20;
/** Slices are larger where buffers cannot be recycled: a slice costs about 3 ms whatever its size. */
const SLICE = 4 << 20;
/** Pieces that may be under way at once. */
const CREDITS = 4;

/** Takes a piece (`length` bytes of the buffer count) and gives the buffer back when it was read. */
export type Push = (buffer: ArrayBuffer, length: number) => Promise<ArrayBuffer | undefined>;

/** The file is not what it was when it was chosen. */
export class FileChanged extends Error {}

/**
 * Streams a blob to `push` from its first to its last byte.
 *
 * @throws FileChanged when fewer or more bytes came than the blob's size says, or it cannot be read any more.
 */
export async function stream(blob: Blob, push: Push, signal: AbortSignal): Promise<void> {
  const read = await pieces(blob, push, signal).catch((error: unknown) => {
    throw error instanceof DOMException && error.name !== "AbortError" ? new FileChanged(error.message) : error;
  });
  if (read !== blob.size) throw new FileChanged(`${read} of ${blob.size} bytes`);
}

function pieces(blob: Blob, push: Push, signal: AbortSignal): Promise<number> {
  // A small file is one slice of its own size: a stream and a full buffer for each of thousands would cost more than their bytes.
  const reader = blob.size > PIECE ? byobReader(blob) : undefined;
  return reader ? recycled(reader, push, signal) : sliced(blob, push, signal);
}

/** A reader that fills our own buffers, where the browser has one for files. */
function byobReader(blob: Blob): ReadableStreamBYOBReader | undefined {
  if (!("ReadableStreamBYOBReader" in globalThis)) return undefined;
  try {
    return blob.stream().getReader({ mode: "byob" });
  } catch {
    return undefined;
  }
}

async function recycled(reader: ReadableStreamBYOBReader, push: Push, signal: AbortSignal): Promise<number> {
  const flight = new Flight(push), stopped = stop(signal);
  let total = 0;
  try {
    for (;;) {
      signal.throwIfAborted();
      const { buffer, length, done } = await Promise.race([fill(reader, await flight.buffer()), stopped]);
      total += length;
      if (length > 0) flight.send(buffer, length);
      if (done) break;
    }
    await flight.landed();
    return total;
  } finally {
    // Not awaited: a browser whose read hangs may never come back from here either.
    reader.cancel().catch(() => undefined);
  }
}

/** Fails when somebody stops: a read that hangs (a network share, a browser at its limits) must not hold them up. */
function stop(signal: AbortSignal): Promise<never> {
  const stopped = new Promise<never>((_, refuse) => signal.addEventListener("abort", () => refuse(signal.reason), { once: true }));
  // Nobody may be waiting just then.
  stopped.catch(() => undefined);
  return stopped;
}

/** Reads until the buffer is full or the file ends. */
async function fill(reader: ReadableStreamBYOBReader, buffer: ArrayBuffer): Promise<{ buffer: ArrayBuffer; length: number; done: boolean }> {
  let length = 0;
  while (length < buffer.byteLength) {
    const view = new Uint8Array(buffer, length);
    // Where a browser does not know `min` it gives what it has, in many small steps that each leave something to be collected.
    const { value, done } = await reader.read(view, { min: view.byteLength });
    if (!value) return { buffer, length, done: true };
    buffer = value.buffer;
    length += value.byteLength;
    if (done) return { buffer, length, done };
  }
  return { buffer, length, done: false };
}

async function sliced(blob: Blob, push: Push, signal: AbortSignal): Promise<number> {
  const flight = new Flight(push), stopped = stop(signal);
  let total = 0;
  while (total < blob.size) {
    signal.throwIfAborted();
    const buffer = await Promise.race([blob.slice(total, total + SLICE).arrayBuffer(), stopped]);
    if (buffer.byteLength === 0) break;
    total += buffer.byteLength;
    await flight.credit();
    flight.send(buffer, buffer.byteLength);
  }
  await flight.landed();
  return total;
}

/** The pieces that are under way, oldest first, and the buffers that came back. */
class Flight {
  #free: ArrayBuffer[] = [];
  #under: Promise<void>[] = [];

  constructor(private readonly push: Push) {}

  /** Waits until one more piece may go. */
  async credit(): Promise<void> {
    if (this.#under.length >= CREDITS) await this.#under.shift();
  }

  /** A buffer to read into. */
  async buffer(): Promise<ArrayBuffer> {
    await this.credit();
    return this.#free.pop() ?? new ArrayBuffer(PIECE);
  }

  send(buffer: ArrayBuffer, length: number): void {
    const landed = this.push(buffer, length).then((back) => {
      if (back?.byteLength === PIECE) this.#free.push(back);
    });
    // Awaited later; until then a refusal must not count as unhandled.
    landed.catch(() => undefined);
    this.#under.push(landed);
  }

  /** Waits until every piece was read. */
  async landed(): Promise<void> {
    await Promise.all(this.#under);
  }
}
