// What common cases look like, for www/build/profile.mjs: the first group is what a person with a Dockerfile, a history and a tarball
// brings, the second adds image archives, JSON, checksum lists and digests. What a case says matters little; that its lines have all
// the usual forms does, since each form has functions of its own.
import { gzipSync } from "node:zlib";

const BLOCK = 512;
const text = (content) => Buffer.from(content);
const CREATED = "2024-03-05T12:00:00.123456789Z";

/** An entry of a tar archive (ustar); `link` is where a link leads. */
function entry(name, { content = "", type = "0", mode = 0o644, link = "", prefix = "" } = {}) {
  const header = Buffer.alloc(BLOCK), bytes = text(content);
  const octal = (value, at, width) => header.write(value.toString(8).padStart(width - 1, "0"), at);
  header.write(name, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(type === "2" ? 1000 : 0, 116, 8);
  octal(bytes.length, 124, 12);
  octal(1709640000, 136, 12);
  header.write(type, 156);
  header.write(link, 157);
  header.write("ustar\u000000", 257);
  header.write("root", 265);
  header.write(prefix, 345);
  if (type === "3") octal(1, 329, 8);
  header.fill(" ", 148, 156);
  header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\u0000 `, 148);
  return Buffer.concat([header, bytes, Buffer.alloc(-bytes.length & (BLOCK - 1))]);
}

/** An entry as GNU tar writes it, with a name that is too long for its field. */
function gnu(name, content) {
  const blocks = Buffer.concat([entry("././@LongLink", { type: "L", content: `${name}\u0000` }), entry(name.slice(0, 100), { content })]);
  const at = blocks.length - BLOCK - (Math.ceil(content.length / BLOCK) * BLOCK);
  for (const start of [0, at]) {
    blocks.write("ustar  \u0000", start + 257, "latin1");
    blocks.fill(" ", start + 148, start + 156);
    blocks.write(`${blocks.subarray(start, start + BLOCK).reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\u0000 `, start + 148);
  }
  return blocks;
}

/** An extended header before an entry. */
const pax = (records) => entry("./PaxHeaders/0", { type: "x", content: records.map(([key, value]) => {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 2;
  while (`${length}${rest}`.length !== length) length = `${length}${rest}`.length;
  return `${length}${rest}`;
}).join("") });

/** An archive as tar writes it: its end is filled up to a record of twenty blocks. */
const archive = (...entries) => {
  const content = Buffer.concat([...entries, Buffer.alloc(2 * BLOCK)]);
  return Buffer.concat([content, Buffer.alloc((20 * BLOCK - (content.length % (20 * BLOCK))) % (20 * BLOCK))]);
};

const rootfs = (prefix) => archive(
  entry(`${prefix}`, { type: "5", mode: 0o755 }),
  entry(`${prefix}bin/`, { type: "5", mode: 0o755 }),
  entry(`${prefix}bin/busybox`, { content: "x".repeat(70_000), mode: 0o755 }),
  entry(`${prefix}bin/sh`, { type: "2", link: "busybox" }),
  entry(`${prefix}bin/su`, { content: "su", mode: 0o4755 }),
  entry(`${prefix}bin/ash`, { type: "1", link: `${prefix}bin/busybox` }),
  entry(`${prefix}dev/null`, { type: "3", mode: 0o666 }),
  entry(`${prefix}etc/os-release`, { content: 'ID=bench\nVERSION_ID="3.0"\n' }),
  pax([["path", `${prefix}usr/share/${"long/".repeat(24)}file`], ["mtime", "1709640000.5"], ...Array.from({ length: 14 }, (_, number) => [`SCHILY.xattr.user.note${number}`, "a"])]),
  entry(`${prefix}usr/share/short`, { content: "long" }),
  entry("inside", { content: "a name in two fields", prefix: `${prefix}usr/share/${"part/".repeat(22)}` }),
  gnu(`${prefix}usr/share/${"long/".repeat(24)}other`, "an older form"),
  entry(`${prefix}usr/lib/n\u00e4me`, { content: "not ASCII" }),
  ...Array.from({ length: 40 }, (_, number) => entry(`${prefix}bin/applet${number}`, { type: "2", link: "busybox" })),
  ...Array.from({ length: 400 }, (_, number) => entry(`${prefix}usr/lib/${number % 7}/file${number}`, { content: `${number}`.repeat(number) })),
);

const HASH = "1b7ca6aea1ddfe716f3694edb811ab35114db9e93f3ce38d7dab6b4d9270cb0c";
const OTHER = "6d827a3ef358f4fa21ef8251f95492e667da826653fd43641cef5a877dc03a70";

/** Instructions, with what the classic builder and BuildKit write for them. */
const STEPS = [
  ["ADD rootfs.tar.gz /", `ADD file:${HASH} in / `],
  ["LABEL maintainer=\"A Person <a@example.org>\" version=1", " LABEL maintainer=A Person <a@example.org> version=1"],
  ["ARG VERSION=1.2", " ARG VERSION=1.2"],
  ["ENV PATH=/usr/local/bin:$PATH LANG=C.UTF-8", " ENV PATH=/usr/local/bin:/usr/bin LANG=C.UTF-8", "ENV PATH=/usr/local/bin:/usr/bin LANG=C.UTF-8"],
  ["ENV NAME a value  with blanks", " ENV NAME=a value  with blanks", "ENV NAME=a value  with blanks"],
  ["RUN set -eux; \\\n# a comment\n\tapk add --no-cache tzdata; \\\n\techo \"$NAME\" > /etc/name", "set -eux; \tapk add --no-cache tzdata; \techo \"$NAME\" > /etc/name", null, "|1 VERSION=1.2 "],
  ["RUN [\"/bin/true\", \"-x\"]", "/bin/true -x", null, "|1 VERSION=1.2 ", true],
  ["RUN <<EOF\napk update\nEOF", null, "RUN |1 VERSION=1.2 /bin/sh -c apk update\n # buildkit"],
  ["RUN [ -e /etc/name ] || true", "[ -e /etc/name ] || true", null, "|1 VERSION=1.2 "],
  ["WORKDIR /srv/app", "WORKDIR /srv/app", "WORKDIR /srv/app"],
  ["COPY --chown=65534:0 docker-entrypoint.sh conf/*.conf /usr/local/bin/", `COPY --chown=65534:0 multi:${OTHER} in /usr/local/bin/ `, "COPY --chown=65534:0 docker-entrypoint.sh conf/*.conf /usr/local/bin/ # buildkit"],
  ["VOLUME /data /var/lib/app", " VOLUME [/data /var/lib/app]", "VOLUME [/data /var/lib/app]"],
  ["EXPOSE 80/tcp 443", " EXPOSE 443/tcp 80/tcp", "EXPOSE map[443/tcp:{} 80/tcp:{}]"],
  ["USER nobody", " USER nobody", "USER nobody"],
  ["STOPSIGNAL SIGQUIT", " STOPSIGNAL SIGQUIT", "STOPSIGNAL SIGQUIT"],
  ["HEALTHCHECK --interval=5s CMD curl -f http://localhost/ || exit 1", " HEALTHCHECK &{[\"CMD-SHELL\" \"curl -f http://localhost/ || exit 1\"] \"5s\" \"0s\" \"0s\" '\\x00'}", "HEALTHCHECK &{[\"CMD-SHELL\" \"curl -f http://localhost/ || exit 1\"] \"5s\" \"0s\" \"0s\" \"0s\" '\\x00'}"],
  ["ENTRYPOINT [\"docker-entrypoint.sh\"]", " ENTRYPOINT [\"docker-entrypoint.sh\"]", "ENTRYPOINT [\"docker-entrypoint.sh\"]"],
  ["ONBUILD COPY . /srv", " ONBUILD COPY . /srv", "ONBUILD COPY . /srv"],
  ["CMD app --serve", " CMD [\"/bin/sh\" \"-c\" \"app --serve\"]", "CMD [\"/bin/sh\" \"-c\" \"app --serve\"]"],
];

const dockerfile = (steps, from = "scratch") => `# syntax=docker/dockerfile:1\n# A comment\nFROM ${from}\n\n${steps.map(([line]) => line).join("\n")}\n`;
const isNop = (line) => !/^RUN/.test(line);
const classic = ([line, said, , args = "", exec]) => (isNop(line) ? `/bin/sh -c #(nop) ${said}` : exec ? said : `${args}/bin/sh -c ${said}`);
const buildkit = ([line, said, built, args = ""]) => built ?? (isNop(line) ? line : `RUN ${args}/bin/sh -c ${said} # buildkit`).replace("ADD rootfs.tar.gz /", "ADD rootfs.tar.gz / # buildkit");
const isEmpty = ([line]) => !/^(ADD|COPY|RUN|WORKDIR)/.test(line);
const records = (steps, say, comment) => steps.map((step) => ({ created: CREATED, created_by: say(step), ...(isEmpty(step) ? { empty_layer: true } : {}), ...(comment ? { comment } : {}) }));

/** What `docker history --no-trunc` prints. */
const table = (lines) => `IMAGE${" ".repeat(69)}CREATED        CREATED BY${" ".repeat(60)}SIZE      COMMENT\n${lines.map(({ created_by, comment = "", empty_layer }, number) =>
  `${(number === 0 ? `sha256:${HASH}` : "<missing>").padEnd(74)}2 years ago    ${created_by.padEnd(70)}${empty_layer ? "0B" : "5.58MB"}    ${comment}`).toReversed().join("\n")}\n`;
/** What `docker history --no-trunc --format '{{json .}}'` prints. */
const lines = (history) => history.map(({ created_by, comment = "", empty_layer }) => JSON.stringify({ Comment: comment, CreatedAt: "2024-03-05T12:00:00Z", CreatedBy: created_by, CreatedSince: "2 years ago", ID: "<missing>", Size: empty_layer ? "0B" : "5.58MB" })).toReversed().join("\n");

/** Two stages, lower case, many of one kind, blanks and escapes in odd places. */
const STAGES = `from golang:1.22 as build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app\n\nFROM alpine:3.19\nCOPY --from=build /app /usr/bin/app\nCOPY --chmod=755 ["a b", "/srv/c d"]\nADD --chown=1:1 https://example.org/x.tar /srv/\n${Array.from({ length: 30 }, (_, number) => `ENV KEY${number}="va\\"lue ${number}" \\\n    OTHER${number}=$KEY${number}\nRUN echo ${number} \\\n  && true`).join("\n")}\ncmd ["app"]\n`;
const BUILT = [
  "ADD file:3f0c1d0e0a9d3c1fb2e9a1a9c6a5b8d5e1c7ff2a5a7d9b3c4e5f60718293a4b5 in / ", "CMD [\"/bin/sh\"]",
  "COPY /app /usr/bin/app # buildkit", "COPY a b /srv/c d # buildkit", "ADD https://example.org/x.tar /srv/ # buildkit",
  ...Array.from({ length: 30 }, (_, number) => [`ENV KEY${number}=va"lue ${number} OTHER${number}=`, `RUN /bin/sh -c echo ${number}   && true # buildkit`]).flat(), "CMD [\"app\"]",
].map((created_by, number) => ({ created: CREATED, created_by, comment: number > 1 ? "buildkit.dockerfile.v0" : "", ...(/^(ENV|CMD)/.test(created_by) ? { empty_layer: true } : {}) }));

const STUDENT = STEPS.filter(([, said]) => said !== null);
const BARE = [STEPS[0], ["CMD [\"/bin/sh\"]", " CMD [\"/bin/sh\"]", "CMD [\"/bin/sh\"]"]];
const KIT = "buildkit.dockerfile.v0";
const tarball = { name: "rootfs.tar.gz", content: gzipSync(rootfs("")) };
const file = (name, content) => ({ name, content: text(content) });

const pairs = [
  [BARE, JSON.stringify(records(BARE, classic))],
  [BARE, JSON.stringify(records(BARE, buildkit, KIT))],
  [STUDENT, JSON.stringify(records(STUDENT, classic))],
  [STEPS, JSON.stringify(records(STEPS, buildkit, KIT))],
  [STUDENT, table(records(STUDENT, classic))],
  [STEPS, lines(records(STEPS, buildkit, KIT))],
  // One line is another one, one is missing, one is too many.
  [STUDENT, JSON.stringify(records(STUDENT.filter((_, number) => number !== 4), classic).map((record, number) => (number === 7 ? { ...record, created_by: "/bin/sh -c rm -rf /" } : record)))],
  [STEPS.slice(3), JSON.stringify(records(STEPS, buildkit, KIT)), "alpine:3.19"],
  [STUDENT.slice(3), JSON.stringify(records(STUDENT, classic)), "debian:bookworm"],
  [[...BARE.slice(1), STEPS[9], STEPS[11]], JSON.stringify(records([STEPS[0], ...BARE.slice(1), STEPS[10], STEPS[12]], classic)), "alpine:3.19"],
];

// Histories that leave open which builder wrote them.
const RUNS = STEPS.filter(([line]) => /^RUN (set|\[ )/.test(line)).map(([line, said]) => [line, said]);
const COPY = ["COPY app.conf /etc/app.conf", `COPY file:${OTHER} in /etc/app.conf `, "COPY app.conf /etc/app.conf # buildkit"];
const TWO = [["ARG A=1", " ARG A=1", "ARG A=1"], ["ARG B", " ARG B", "ARG B"], ["RUN echo $A $B", "echo $A $B", null, "|2 A=1 B=2 "], ["RUN true", "true", null, "|2 A=1 B=2 "]];
const URLS = ["a", "b"].map((name) => [`ADD https://example.org/${name} /srv/`, `ADD ${HASH.replace("1", name)} in /srv/ `, `ADD https://example.org/${name} /srv/ # buildkit`]);
const ONBUILD = [STEPS[16], ["ONBUILD RUN make", " ONBUILD RUN make", "ONBUILD RUN make"]];
const FEW = [URLS, ONBUILD, [COPY], [...RUNS, COPY], [COPY, STEPS[15], BARE[1]], TWO, [COPY, ...TWO], RUNS, [...RUNS, STEPS[3]], [...RUNS, STEPS[9]], [...RUNS, STEPS[4], STEPS[8]], [STEPS[1], ...RUNS]];
for (const few of FEW) {
  pairs.push([few, JSON.stringify(records([STEPS[0], ...few], classic)), "debian:bookworm"], [few, JSON.stringify(records([STEPS[0], ...few], buildkit)), "debian:bookworm"]);
  pairs.push([few, JSON.stringify([...records(BARE, classic), ...records(few, buildkit, KIT)]), "alpine:3.19"]);
}

const config = (history) => ({ architecture: "amd64", os: "linux", created: CREATED, config: { Cmd: ["/bin/sh"], Env: ["PATH=/bin"] }, rootfs: { type: "layers", diff_ids: [`sha256:${HASH}`] }, history });

/** What of an example is an image. */
const IMAGES = /\.tar$/;

/** Groups of cases. A case has files and texts, or is a built-in example by its name. */
export const GROUPS = [
  [
    ...pairs.map(([steps, history, from]) => ({ files: [file("Dockerfile", dockerfile(steps, from)), file("history.json", history)] })),
    { files: [file("Dockerfile", STAGES), file("history.json", JSON.stringify(BUILT, null, 1))] },
    { files: [file("Dockerfile", dockerfile(BARE)), file("history.json", JSON.stringify(records(BARE, classic))), tarball] },
    { files: [{ name: "rootfs.tar", content: Buffer.concat([rootfs("./"), Buffer.alloc(100)]) }] },
    { example: "good-image", without: IMAGES },
    { example: "wrong-tarball", without: IMAGES },
    { files: [file("SHA256SUMS", `${HASH} *rootfs.tar.gz\n${OTHER}  ./other file\n`), tarball] },
  ],
  [
    ...["good-image", "wrong-tarball", "hidden-layer", "two-digests"].map((example) => ({ example })),
    { files: [file("Dockerfile", dockerfile(BARE)), file("config.json", JSON.stringify(config(records(BARE, classic)))), tarball] },
    { texts: [`sha256:${HASH}`, `REPOSITORY   TAG       DIGEST                                                                    IMAGE ID       CREATED       SIZE\nubuntu       22.04     sha256:${OTHER}   ${HASH.slice(0, 12)}   2 weeks ago   77.8MB`] },
  ],
];
