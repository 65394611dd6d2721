// Dockerfiles of the cases, and the histories that builders write for them.

export const HASH = "1b7ca6aea1ddfe716f3694edb811ab35114db9e93f3ce38d7dab6b4d9270cb0c";
export const OTHER = "6d827a3ef358f4fa21ef8251f95492e667da826653fd43641cef5a877dc03a70";

const CREATED = "2024-03-05T12:00:00.123456789Z";

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

export const dockerfile = (steps, from = "scratch") => `# syntax=docker/dockerfile:1\n# A comment\nFROM ${from}\n\n${steps.map(([line]) => line).join("\n")}\n`;
const isNop = (line) => !/^RUN/.test(line);
export const classic = ([line, said, , args = "", exec]) => (isNop(line) ? `/bin/sh -c #(nop) ${said}` : exec ? said : `${args}/bin/sh -c ${said}`);
const buildkit = ([line, said, built, args = ""]) => built ?? (isNop(line) ? line : `RUN ${args}/bin/sh -c ${said} # buildkit`).replace("ADD rootfs.tar.gz /", "ADD rootfs.tar.gz / # buildkit");
const isEmpty = ([line]) => !/^(ADD|COPY|RUN|WORKDIR)/.test(line);
export const records = (steps, say, comment) => steps.map((step) => ({ created: CREATED, created_by: say(step), ...(isEmpty(step) ? { empty_layer: true } : {}), ...(comment ? { comment } : {}) }));

/** What `docker history --no-trunc` prints. */
const table = (lines) => `IMAGE${" ".repeat(69)}CREATED        CREATED BY${" ".repeat(60)}SIZE      COMMENT\n${lines.map(({ created_by, comment = "", empty_layer }, number) =>
  `${(number === 0 ? `sha256:${HASH}` : "<missing>").padEnd(74)}2 years ago    ${created_by.padEnd(70)}${empty_layer ? "0B" : "5.58MB"}    ${comment}`).toReversed().join("\n")}\n`;
/** What `docker history --no-trunc --format '{{json .}}'` prints. */
const lines = (history) => history.map(({ created_by, comment = "", empty_layer }) => JSON.stringify({ Comment: comment, CreatedAt: "2024-03-05T12:00:00Z", CreatedBy: created_by, CreatedSince: "2 years ago", ID: "<missing>", Size: empty_layer ? "0B" : "5.58MB" })).toReversed().join("\n");

/** JSON as other programs write it: every kind of value, Go's way to write what HTML would take for markup. */
const dressed = (history) => JSON.stringify(history.map((record, number) => ({ ...record, empty_layer: record.empty_layer ?? false, author: "", layer: `sha256:${OTHER}`, size: number * 1024, parent: null, tags: number ? [] : ["a", { b: true }] })), null, " ")
  .replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`).replace("/", "\\/");

/** The times that builders write. */
const TIMES = ["2024-03-05T12:00:00Z", "2024-03-05T12:00:00.5+02:00", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z"];
const timed = (history) => history.map((record, number) => ({ ...record, created: TIMES[number % TIMES.length] }));

/** Two stages, lower case, many of one kind, blanks and escapes in odd places. */
const STAGES = `from golang:1.22 as build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app\n\nFROM alpine:3.19\nCOPY --from=build /app /usr/bin/app\nCOPY --from=build --link /target/ /\nCOPY --chmod=755 ["a b", "/srv/c d"]\nADD --chown=1:1 https://example.org/x.tar /srv/\n${Array.from({ length: 30 }, (_, number) => `ENV KEY${number}="va\\"lue ${number}" \\\n    OTHER${number}=$KEY${number}\nRUN echo ${number} \\\n  && true`).join("\n")}\ncmd ["app"]\n`;
const BUILT = [
  "ADD file:3f0c1d0e0a9d3c1fb2e9a1a9c6a5b8d5e1c7ff2a5a7d9b3c4e5f60718293a4b5 in / ", "CMD [\"/bin/sh\"]",
  "COPY /app /usr/bin/app # buildkit", "COPY /target/ / # buildkit", "COPY a b /srv/c d # buildkit", "ADD https://example.org/x.tar /srv/ # buildkit",
  ...Array.from({ length: 30 }, (_, number) => [`ENV KEY${number}=va"lue ${number} OTHER${number}=`, `RUN /bin/sh -c echo ${number}   && true # buildkit`]).flat(), "CMD [\"app\"]",
].map((created_by, number) => ({ created: CREATED, created_by, comment: number > 1 ? "buildkit.dockerfile.v0" : "", ...(/^(ENV|CMD)/.test(created_by) ? { empty_layer: true } : {}) }));

/** A server as many images have one: users, versions and checksums in variables, long commands with comments and blank lines in them. */
const SERVER = [
  ["MAINTAINER A Person \"a@example.org\"", " MAINTAINER A Person \"a@example.org\"", "MAINTAINER A Person \"a@example.org\""],
  ["# users come first\nRUN groupadd -r app && useradd -r -g app app", "groupadd -r app && useradd -r -g app app"],
  ["ENV STEP_VERSION 1.14", " ENV STEP_VERSION=1.14", "ENV STEP_VERSION=1.14"],
  ["RUN set -x \\\n\t&& apt-get update && apt-get install -y --no-install-recommends ca-certificates wget && rm -rf /var/lib/apt/lists/* \\\n\n\t# said inside\n\t&& wget -O /usr/local/bin/step \"https://example.org/step-$(dpkg --print-architecture)\" \\\n  && chmod +x /usr/local/bin/step", "set -x \t&& apt-get update && apt-get install -y --no-install-recommends ca-certificates wget && rm -rf /var/lib/apt/lists/* \t&& wget -O /usr/local/bin/step \"https://example.org/step-$(dpkg --print-architecture)\"   && chmod +x /usr/local/bin/step"],
  ["RUN mkdir /docker-entrypoint-initdb.d", "mkdir /docker-entrypoint-initdb.d"],
  // Lines of their own that look like those of other files: fingerprints, names with values, names in brackets.
  ["RUN set -ex; \\\n\tfor key in \\\n# a key: of somebody\n\t\t0D96DF4D4110E5C43FBFB17F2D347EA6AA65421D \\\n\t\t05CE15085FC09D18E99EFB22684A14CF2582E0C5 ; \\\n\tdo gpg --keyserver keys.example.org --recv-keys \"$key\"; \\\n\tdone", "set -ex; \tfor key in \t\t0D96DF4D4110E5C43FBFB17F2D347EA6AA65421D \t\t05CE15085FC09D18E99EFB22684A14CF2582E0C5 ; \tdo gpg --keyserver keys.example.org --recv-keys \"$key\"; \tdone"],
  [`# a note (of somebody) = long, and a checksum\n# SHA256 (a.tar.gz) = ${HASH}\nRUN (cd /tmp && echo "${HASH}  a.tar.gz" | sha256sum -c -) \\\n && \\\n${HASH.toUpperCase()} \\\n || echo 'hosts: files dns' >> /etc/nsswitch.conf`, `(cd /tmp && echo "${HASH}  a.tar.gz" | sha256sum -c -)  && ${HASH.toUpperCase()}  || echo 'hosts: files dns' >> /etc/nsswitch.conf`],
  ["ENV APP_MAJOR=8.0 APP_VERSION=\"8.0.1-1debian12\"", " ENV APP_MAJOR=8.0 APP_VERSION=8.0.1-1debian12", "ENV APP_MAJOR=8.0 APP_VERSION=8.0.1-1debian12"],
  ["ENV PATH $PATH:/usr/lib/app/$APP_MAJOR/bin", " ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/app/8.0/bin", "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/app/8.0/bin"],
  ["ENV KEYS='A B' \\\n\tOTHER=${APP_MAJOR:-none}-${NONE:+some}", " ENV KEYS=A B OTHER=8.0-", "ENV KEYS=A B OTHER=8.0-"],
  ["RUN { \\\n\t\techo 'a: <b> & \"c\"'; \\\n\t\techo \"${KEYS%% *}\"; \\\n\t} | tee /etc/app.conf \\\n\t&& find . -name '*.pyc' -exec rm -rf '{}' +", "{ \t\techo 'a: <b> & \"c\"'; \t\techo \"${KEYS%% *}\"; \t} | tee /etc/app.conf \t&& find . -name '*.pyc' -exec rm -rf '{}' +"],
  ["RUN echo \"caf\u00e9 \u2014 \ud83d\udc33\"", "echo \"caf\u00e9 \u2014 \ud83d\udc33\""],
  [`RUN ${"true && ".repeat(90)}true`, `${"true && ".repeat(90)}true`],
  ["LABEL org.opencontainers.image.title=\"An app\" \\\n      org.opencontainers.image.version=8", " LABEL org.opencontainers.image.title=An app org.opencontainers.image.version=8", "LABEL org.opencontainers.image.title=An app org.opencontainers.image.version=8"],
  ["VOLUME [\"/var/lib/app\"]", " VOLUME [/var/lib/app]", "VOLUME [/var/lib/app]"],
  ["ADD https://example.org/a.tar.gz /tmp/", `ADD ${HASH} in /tmp/ `, "ADD https://example.org/a.tar.gz /tmp/ # buildkit"],
  ["COPY docker-entrypoint.sh /usr/local/bin/", `COPY file:${OTHER} in /usr/local/bin/ `, "COPY docker-entrypoint.sh /usr/local/bin/ # buildkit"],
  ["COPY --chmod=755 conf /etc/app/", `COPY dir:${OTHER} in /etc/app/ `, "COPY --chmod=755 conf /etc/app/ # buildkit"],
  ["COPY app.conf /etc/app/app.conf", `COPY file:${HASH} in /etc/app/app.conf `, "COPY app.conf /etc/app/app.conf # buildkit"],
  ["WORKDIR $GOPATH/srv", " WORKDIR /srv", "WORKDIR /srv"],
  ["SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]", " SHELL [/bin/bash -o pipefail -c]", "SHELL [/bin/bash -o pipefail -c]"],
  ["EXPOSE 3306 8000-8002 53/udp", " EXPOSE 3306 53/udp 8000 8001 8002", "EXPOSE map[3306/tcp:{} 53/udp:{} 8000/tcp:{} 8001/tcp:{} 8002/tcp:{}]"],
  ["USER 1000:1000", " USER 1000:1000", "USER 1000:1000"],
  ["HEALTHCHECK NONE", " HEALTHCHECK &{[\"NONE\"] \"0s\" \"0s\" \"0s\" '\\x00'}", "HEALTHCHECK &{[\"NONE\"] \"0s\" \"0s\" \"0s\" \"0s\" '\\x00'}"],
  ["ENTRYPOINT []", " ENTRYPOINT []", "ENTRYPOINT []"],
  ["CMD [\"app\", \"--config\", \"/etc/app.conf\"]", " CMD [\"app\" \"--config\" \"/etc/app.conf\"]", "CMD [\"app\" \"--config\" \"/etc/app.conf\"]"],
];

/** How somebody may have changed a history: another letter, another value, two in another order, one missing at the end, one more. */
const CHANGES = [
  (history) => history.map((record) => ({ ...record, created_by: record.created_by.replace("useradd -r", "useradd -R") })),
  (history) => history.map((record) => ({ ...record, created_by: record.created_by.replace("=8.0", "=8.1") })),
  (history) => history.map((_, number) => history[number ^ (number === 6 || number === 7 ? 1 : 0)]),
  (history) => history.slice(0, -1),
  (history) => [...history, { created: CREATED, created_by: "/bin/sh -c curl -s https://example.org/x | sh" }],
  (history) => history.filter((_, number) => number % 3),
];

/** Windows: another shell, folders with backslashes; with the backtick as escape and without. */
const PREFERENCE = "$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue';";
const windows = (escape, folder) => `${escape === "\\" ? "" : `# escape=${escape}\n\n`}FROM example/nanoserver:sac2016\n\n# A note: C:\\app is where it is\nSHELL ["powershell", "-Command", "${PREFERENCE}"]\n\nENV HOMEPATH ${folder}\n\nRUN $newPath = ('{0}\\bin;C:\\app\\bin;{1}' -f $env:HOMEPATH, $env:PATH); ${escape}\n\tWrite-Host ('Path: {0}' -f $newPath); ${escape}\n# said inside\n\tsetx /M PATH $newPath;\n# at the end\n\nENV APP_VERSION 1.2\nRUN Invoke-WebRequest -Uri $url -OutFile 'a.zip'; ${escape}\n\t${escape}\n\tif ((Get-FileHash a.zip).Hash -ne $sha256) { ${escape}\n\t\texit 1; ${escape}\n\t}\n\nWORKDIR $HOMEPATH\nCOPY app.ps1 C:/app/\nCMD ["powershell.exe"]\n`;
const windowsBuilt = (shell) => [
  "Apply image 10.0.14393.0", "Install update 10.0.14393.1066", `${shell} #(nop)  SHELL [powershell -Command ${PREFERENCE}]`, `${shell} #(nop)  ENV HOMEPATH=C:\\app`,
  `${shell} $newPath = ('{0}\\bin;C:\\app\\bin;{1}' -f $env:HOMEPATH, $env:PATH); \tWrite-Host ('Path: {0}' -f $newPath); \tsetx /M PATH $newPath;`, `${shell} #(nop)  ENV APP_VERSION=1.2`,
  `${shell} Invoke-WebRequest -Uri $url -OutFile 'a.zip'; \t\tif ((Get-FileHash a.zip).Hash -ne $sha256) { \t\texit 1; \t}`,
  `${shell} #(nop) WORKDIR C:\\app`, `${shell} #(nop) COPY file:${OTHER} in C:/app/ `, `${shell} #(nop)  CMD ["powershell.exe"]`,
].map((created_by) => ({ created: CREATED, created_by }));

const STUDENT = STEPS.filter(([, said]) => said !== null);
export const BARE = [STEPS[0], ["CMD [\"/bin/sh\"]", " CMD [\"/bin/sh\"]", "CMD [\"/bin/sh\"]"]];
const KIT = "buildkit.dockerfile.v0";

// Histories that leave open which builder wrote them.
const RUNS = STEPS.filter(([line]) => /^RUN (set|\[ )/.test(line)).map(([line, said]) => [line, said]);
const COPY = ["COPY app.conf /etc/app.conf", `COPY file:${OTHER} in /etc/app.conf `, "COPY app.conf /etc/app.conf # buildkit"];
const TWO = [["ARG A=1", " ARG A=1", "ARG A=1"], ["ARG B", " ARG B", "ARG B"], ["RUN echo $A $B", "echo $A $B", null, "|2 A=1 B=2 "], ["RUN true", "true", null, "|2 A=1 B=2 "]];
const URLS = ["a", "b"].map((name) => [`ADD https://example.org/${name} /srv/`, `ADD ${HASH.replace("1", name)} in /srv/ `, `ADD https://example.org/${name} /srv/ # buildkit`]);
const ONBUILD = [STEPS[16], ["ONBUILD RUN make", " ONBUILD RUN make", "ONBUILD RUN make"]];
const FEW = [URLS, ONBUILD, [COPY], [...RUNS, COPY], [COPY, STEPS[15], BARE[1]], TWO, [COPY, ...TWO], RUNS, [...RUNS, STEPS[3]], [...RUNS, STEPS[9]], [...RUNS, STEPS[4], STEPS[8]], [STEPS[1], ...RUNS]];

/** Histories of one Dockerfile by the classic builder, by its releases before 1.12, by BuildKit, and by BuildKit on a classic base. */
const built = (steps) => [
  records([...BARE, ...steps], classic),
  records([...BARE, ...steps], (step) => classic(step).replace("#(nop)  ", "#(nop) ")),
  records([...BARE, ...steps], buildkit, KIT),
  [...records(BARE, classic), ...records(steps, buildkit, KIT)],
];

/** Dockerfiles with histories. */
export const PAIRS = [
  ...[
    [BARE, JSON.stringify(records(BARE, classic))],
    [BARE, JSON.stringify(records(BARE, buildkit, KIT))],
    [BARE, dressed(records(BARE, classic))],
    [STUDENT, JSON.stringify(records(STUDENT, classic))],
    [STEPS, JSON.stringify(records(STEPS, buildkit, KIT))],
    [STUDENT, table(records(STUDENT, classic))],
    [STEPS, lines(records(STEPS, buildkit, KIT))],
    // One line is another one, one is missing, one is too many.
    [STUDENT, JSON.stringify(records(STUDENT.filter((_, number) => number !== 4), classic).map((record, number) => (number === 7 ? { ...record, created_by: "/bin/sh -c rm -rf /" } : record)))],
    [STEPS.slice(3), JSON.stringify(records(STEPS, buildkit, KIT)), "alpine:3.19"],
    [STUDENT.slice(3), JSON.stringify(records(STUDENT, classic)), "debian:bookworm"],
    [[...BARE.slice(1), STEPS[9], STEPS[11]], JSON.stringify(records([STEPS[0], ...BARE.slice(1), STEPS[10], STEPS[12]], classic)), "alpine:3.19"],
    ...built(SERVER).flatMap((history) => [
      [SERVER, JSON.stringify(timed(history)), "debian:bookworm-slim@sha256:" + HASH],
      [SERVER, dressed(timed(history).toReversed()), "registry.example.org:5000/debian:bookworm"],
      [SERVER, table(history), "debian:bookworm"],
      [SERVER, lines(history), "debian:bookworm"],
      [SERVER.slice(0, 4), JSON.stringify(history), "debian:bookworm"],
      ...CHANGES.map((change) => [SERVER, dressed(change(history)), "debian:bookworm"]),
    ]),
    // The base has many lines of its own.
    ...built(SERVER).flatMap((history) => [SERVER.slice(8), SERVER.slice(-2), FEW[0]].map((steps) => [steps, dressed([...history, ...history.slice(4), ...records(steps, buildkit, KIT)]), "example/app:8"])),
    ...FEW.flatMap((few) => [
      [few, JSON.stringify(records([STEPS[0], ...few], classic)), "debian:bookworm"],
      [few, JSON.stringify(records([STEPS[0], ...few], buildkit)), "debian:bookworm"],
      [few, JSON.stringify([...records(BARE, classic), ...records(few, buildkit, KIT)]), "alpine:3.19"],
    ]),
  ].map(([steps, history, from]) => [dockerfile(steps, from), history]),
  [STAGES, JSON.stringify(BUILT, null, 1)],
  ...["/bin/sh -c", `powershell -Command ${PREFERENCE}`, "cmd /S /C"].flatMap((shell) => [
    [windows("\\", "C:\\\\app"), JSON.stringify(windowsBuilt(shell))],
    [windows("`", "C:\\app"), JSON.stringify(windowsBuilt(shell))],
  ]),
];
