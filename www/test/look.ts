// The page around an engine that always answers with one hand-made report: for looking at views (`node test/look.mjs`).
import type { Request, Response } from "../protocol.js";
import { Page } from "../src/page/page.js";
import type { Answer, Engine } from "../src/shell/engine.js";
import { adoptStyles } from "../src/styles/adopt.js";
import { Explain } from "../src/views/explain.js";
import { FileList } from "../src/views/files.js";
import { good } from "./reports.js";

let sources = 0;

function respond(body: Request): Response {
  switch (body.type) {
    case "open":
    case "paste":
      return { type: "opened", source: ++sources };
    case "push":
      return { type: "taken", source: body.source, read: 0 };
    case "close":
      return { type: "closed", source: body.source, what: "a file" };
    case "needs":
      return { type: "needs", needs: [] };
    case "report":
      return {
        type: "report", report: good,
        sources: good.evidence.slice(0, sources).map(({ id }, at) => ({ source: at + 1, evidence: id })),
        choices: [{ dockerfile: "e1", stages: ["build", "1"], target: null, arguments: [{ name: "RELEASE", default: null, value: null }] }],
      };
    case "entries":
      return { type: "entries", total: 3402, entries: Array.from({ length: 100 }, (_, at) => ({ path: `usr/bin/tool-${body.from + at}`, kind: "file", mode: "4755", owner: "0:0", size: at * 1000, modified: "2024-01-01T00:00:00Z", target: "", sha256: "a".repeat(64), marks: ["setuid"] })) };
    case "explain":
      return { type: "explained", builders: [{ builder: "classic builder, Docker 1.13 to 22", entries: [{ line: 2, created_by: "/bin/sh -c #(nop)  ARG RELEASE", layer: "no", note: "" }] }] };
    case "example":
      return { type: "example", files: good.evidence.map(({ name }) => ({ name, size: 10 })) };
    default:
      return { type: "done" };
  }
}

const engine: Engine = {
  alive: true,
  ask: async (body, expect, bytes) => {
    const answer = respond(body);
    if (answer.type !== expect) throw new Error(`${body.type}: ${answer.type} for ${expect}`);
    return { ...answer, bytes: body.type === "example" ? new ArrayBuffer(50) : bytes } as Answer<typeof expect>;
  },
  end: () => undefined,
};

adoptStyles(document);
customElements.define("lp-files", FileList);
customElements.define("lp-explain", Explain);
customElements.define("lp-page", Page);
document.querySelector("[data-page]")?.replaceWith(new Page(async () => engine));
