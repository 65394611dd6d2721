// What a docs author writes in TypeScript against the package in dist/npm; it has to compile, and the lines marked so must not.
import { LayerProof, type LayerProofEvents, type RecordedCase, type Report, type View } from "layerproof";

const recorded: RecordedCase = {
  schema: "layerproof.case/1",
  files: [{ name: "Dockerfile", url: "Dockerfile" }, { name: "history.jsonl", text: "{}" }],
  claims: ["sha256:00"],
};
// @ts-expect-error A file has an address or a text.
const incomplete: RecordedCase = { schema: "layerproof.case/1", files: [{ name: "Dockerfile" }] };

const element = document.createElement("layer-proof");
const same: LayerProof = element;
const views: View[] = ["texts", "next", "digests", "checks", "drop"];
element.src = "case.json";
element.view = views.join(" ");
const report: Report | null = element.report;
const verdict: "proved" | "agrees" | "contradicted" | "ambiguous" | "unknown" | undefined = report?.summary.verdict;
// @ts-expect-error A report is what was verified, and cannot be set.
element.report = null;

element.addEventListener("layerproof-report", ({ detail }) => detail.report.images.flatMap((image) => image.layers.map((layer) => layer.made_by?.created_by)));
element.addEventListener("layerproof-progress", ({ detail }) => detail.done / detail.total);
element.addEventListener("layerproof-error", ({ detail }) => detail.message.length);
const heard = (event: LayerProofEvents["layerproof-report"]): string => event.detail.report.summary.text;
const opened: Promise<void> = element.open([new File(["FROM scratch\n"], "Dockerfile")], ["sha256:00"]);

export { heard, incomplete, opened, recorded, same, verdict };
