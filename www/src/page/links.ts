// A link that carries claims: digests and names, in the fragment, which no server sees. Never a verdict, never bytes.
import type { Report } from "../../protocol.js";

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

/** The link to this page that carries what a report's claims are. */
export function writeLink(report: Report, page: URL): string {
  const fields = new URLSearchParams();
  for (const node of report.graph.nodes) if (node.role === "claim" && node.digest) fields.append("claim", node.digest);
  for (const { kind, name } of report.evidence) if (kind !== "claim") fields.append("file", name);
  const link = new URL(page);
  link.hash = fields.toString();
  return link.href;
}
