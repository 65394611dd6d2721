// A link that carries claims: digests and names, in the fragment, which no server sees. Never a verdict, never bytes.
import type { Item } from "../shell/item.js";

/** What a link claims. */
export interface Linked {
  claims: string[];
  names: string[];
}

/** A link is made by anybody: it may name this many things, and none of them longer than this. */
const MOST = 64;
const LONGEST = 300;
const DIGEST = /^[a-z0-9]+:[0-9a-f]{32,128}$/;

/** The claims of a fragment; empty lists when it carries none. */
export function readLink(fragment: string): Linked {
  const fields = new URLSearchParams(fragment.replace(/^#/, ""));
  const sound = (list: string[]) => list.filter((one) => one.length <= LONGEST).slice(0, MOST);
  return { claims: sound(fields.getAll("claim")).filter((claim) => DIGEST.test(claim)), names: sound(fields.getAll("file")) };
}

/** The link to this page that carries what was claimed and the names of what was brought. */
export function writeLink(items: readonly Item[], page: URL): string {
  const fields = new URLSearchParams();
  const claims = items.flatMap(({ pasted }) => pasted?.slice(0, 1 << 16).match(/\b[a-z0-9]+:[0-9a-f]{32,128}\b/g) ?? []);
  for (const claim of new Set(claims)) fields.append("claim", claim);
  for (const { pasted, name } of items) if (pasted === null) fields.append("file", name);
  const link = new URL(page);
  link.hash = fields.toString();
  return link.href;
}
