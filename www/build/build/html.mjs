// The page's HTML: the template, a policy that names its one script by hash, and what the artefact adds.
import { sha256Base64 } from "./hash.mjs";

// A worker started from a blob: URL inherits these rules, so neither page nor worker can reach anything (docs/BUILDING.md).
const rules = (script, own) => [
  "default-src 'none'",
  `script-src 'sha256-${sha256Base64(script)}' 'wasm-unsafe-eval'`,
  ...own,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

export const policy = {
  /** One file that needs nothing from anywhere. */
  single: (script) => rules(script, ["worker-src blob:", "connect-src 'none'", "img-src data:"]),
  /** The hosted page loads its own module, icon, manifest and service worker, from its own origin only. */
  site: (script) => rules(script, ["worker-src 'self' blob:", "connect-src 'self'", "img-src 'self' data:", "manifest-src 'self'"]),
};

const HEAD = "<!-- build: head -->";
const BODY = "<!-- build: script -->";

export function fillTemplate(template, { csp, head, data = "", script }) {
  // The hash is over the text between the tags, as the browser sees it: no carriage returns, nothing that would end the script early.
  if (/<\/script|<!--|\r/i.test(script)) throw new Error("the script holds </script, <!-- or a carriage return and cannot be inlined");
  for (const place of [HEAD, BODY]) if (template.split(place).length !== 2) throw new Error(`index.html must hold ${place} once`);
  const meta = `<meta http-equiv="Content-Security-Policy" content="${csp(script)}">`;
  return template.replace(HEAD, () => `${meta}${head}`).replace(BODY, () => `${data}${data && "\n"}<script>${script}</script>`);
}
