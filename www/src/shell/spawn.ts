// Makes workers, all from one script.
import type { First } from "../worker.js";
import type { Assets } from "./assets.js";

/**
 * A worker with its first message under way. It is made from a blob: URL, because only such a worker inherits the page's
 * Content-Security-Policy when that is given by <meta>. The URL is freed when the worker says something: some browsers read it late.
 */
export function workerFrom({ worker: script, module, parts }: Assets, name: string, first: Pick<First, "role" | "texts">): Worker {
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const free = () => URL.revokeObjectURL(url);
  try {
    const worker = new Worker(url, { name });
    for (const event of ["message", "error"]) worker.addEventListener(event, free, { once: true });
    worker.postMessage({ ...first, module, parts } satisfies First);
    return worker;
  } catch (error) {
    free();
    throw error;
  }
}
