// A recorded case: the inputs and claims that a page wants verified beside its text. It carries no result; the inputs are fetched
// and verified on the spot.
import type { Brought } from "../shell/collect.js";

/** The form of the file behind `src`. */
export interface RecordedCase {
  /** Always `layerproof.case/1`. */
  schema: "layerproof.case/1";
  /** Inputs: each with its text, or with an address relative to that of the case. */
  files?: ({ name: string; url: string } | { name: string; text: string })[];
  /** Digests that somebody claims for the image. */
  claims?: string[];
}

/** A case with its inputs at hand. */
export interface LoadedCase {
  files: Brought[];
  claims: string[];
}

/** Loads a recorded case and its inputs. */
export async function load(src: string, signal: AbortSignal): Promise<LoadedCase> {
  const address = new URL(src, document.baseURI);
  const value: unknown = await (await got(address, signal)).json();
  if (!isCase(value)) throw new Error(`${address.href} is no layerproof.case/1`);
  const files = await Promise.all((value.files ?? []).map(async (file) => {
    const parts: BlobPart[] = ["text" in file ? file.text : await (await got(new URL(file.url, address), signal)).blob()];
    return { name: file.name, blob: new File(parts, file.name) };
  }));
  return { files, claims: value.claims ?? [] };
}

async function got(address: URL, signal: AbortSignal): Promise<Response> {
  const reply = await fetch(address, { signal });
  if (!reply.ok) throw new Error(`${address.href}: ${reply.status}`);
  return reply;
}

function isCase(value: unknown): value is RecordedCase {
  const { schema, files = [], claims = [] } = (value ?? {}) as Partial<RecordedCase>;
  const isText = (one: unknown) => typeof one === "string";
  const isFile = (file: { name?: unknown; url?: unknown; text?: unknown } | null) => isText(file?.name) && (isText(file?.url) || isText(file?.text));
  return schema === "layerproof.case/1" && Array.isArray(files) && files.every(isFile) && Array.isArray(claims) && claims.every(isText);
}
