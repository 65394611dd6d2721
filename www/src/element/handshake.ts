// How a page talks to an element inside a sandboxed frame (docs/ELEMENT.md has the steps):
//
//   frame -> page   { layerproof: "ready", version }
//   page -> frame   { layerproof: "open", files: [{ name, bytes }], claims: [text] }
//   frame -> page   { layerproof: "report", report }
//
// A report goes to the page only while everything in the case came from it: what a reader drops into the frame stays there.
import type { Report } from "../../protocol.js";

/** What the frame's side needs of an element. */
export interface Framed {
  open(files: Iterable<File>, claims?: Iterable<string>): Promise<void>;
  clear(): Promise<void>;
}

/** Form of a request of the page. */
export interface OpenMessage {
  layerproof: "open";
  files?: { name: string; bytes: ArrayBuffer | Blob }[];
  claims?: string[];
}

/** The frame's side; `foreign` says whether the reader has brought something too. */
export function answerParent(element: Framed & EventTarget, foreign: () => boolean, version: string): void {
  const { parent } = window;
  if (parent === window) return;
  addEventListener("message", (event: MessageEvent<unknown>) => {
    if (event.source !== parent || !isOpen(event.data)) return;
    const files = (event.data.files ?? []).map(({ name, bytes }) => new File([bytes], name));
    const claims = event.data.claims ?? [];
    void element.clear().then(() => element.open(files, claims));
  });
  element.addEventListener("layerproof-report", (event) => {
    const { report } = (event as CustomEvent<{ report: Report }>).detail;
    if (!foreign()) parent.postMessage({ layerproof: "report", report }, "*");
  });
  parent.postMessage({ layerproof: "ready", version }, "*");
}

function isOpen(data: unknown): data is OpenMessage {
  const { layerproof, files = [], claims = [] } = (data ?? {}) as Partial<OpenMessage>;
  const isFile = (file: { name?: unknown; bytes?: unknown } | null) =>
    typeof file?.name === "string" && (file.bytes instanceof ArrayBuffer || file.bytes instanceof Blob);
  return layerproof === "open" && Array.isArray(files) && files.every(isFile) && Array.isArray(claims) && claims.every((claim) => typeof claim === "string");
}
