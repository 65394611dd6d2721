// Every word that the page itself says, in one place: a translation is a file like this one. (What the report says comes from
// the engine.) Sentences in `backticks` are drawn as code.
import type { Artefact, Example, Relation, Verdict } from "../protocol.js";

const number = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const decimal = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** A number of bytes with its unit; powers of ten, as file managers and image sizes use them. */
export function bytes(count: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let power = 0;
  while (count >= 1000 && power < units.length - 1) {
    count /= 1000;
    power++;
  }
  return `${(count < 10 && power > 0 ? decimal : number).format(count)} ${units[power]}`;
}

/** A whole number with its thousands apart. */
export const count = (value: number): string => number.format(value);

const seconds = (left: number): string =>
  left < 90 ? `${number.format(Math.max(1, left))} s` : `${number.format(left / 60)} min`;

export const strings = {
  name: "layerproof",
  language: "en",
  title: "layerproof: is this image what it says it is?",
  skip: { result: "Skip to the result", bring: "Skip to bringing files" },

  header: {
    how: "How it works",
    source: "Source",
    keys: "Keys",
    framed: "This page is shown inside another page. Whoever made that page can draw over this one.",
  },

  bring: {
    question: "Is this image what it says it is?",
    lead:
      "Drop what you have of a container image: a Dockerfile, `docker history`, a rootfs tarball, `docker save`, OCI JSON, SHA256SUMS, a digest. " +
      "Hashes are recomputed here, and each claim is proved, contradicted, or named as not decided.",
    drop: "Drop files or folders",
    dropNow: "Drop them anywhere on this page",
    files: "Choose files",
    folder: "Choose a folder",
    paste: "Paste text",
    or: "or",
    more: "Bring more",
    privacy: "Nothing leaves this page.",
    privacyHow: "How do I know?",
    pasteLabel: "A digest, a Dockerfile, a history, JSON, or a checksum list",
    pasteAdd: "Add this text",
    pasteClose: "Close",
    closedFolders: (names: string) =>
      `This browser does not open dropped folders for a page that lies on disk (${names}). Use “Choose a folder”, or drop the files.`,
    nothing: "There was no file and no text in that.",
    tooLarge: (limit: string) => `A pasted text may have up to ${limit}. Save it to a file and drop that.`,
  },

  how: {
    title: "How it works",
    lines: [
      "You bring files; the page finds out from their content what each one is.",
      "Every digest and hash that one file gives for another is computed again from the bytes, and texts that should say the same are compared line by line.",
      "Each comparison ends in one of five words, and says what it proves, what it does not, and how to repeat it by hand:",
    ],
  },

  privacy: {
    title: "How do I know that nothing leaves this page?",
    lines: [
      "The page forbids itself to connect anywhere: open its source (Ctrl+U) and read the Content-Security-Policy in its first lines. `connect-src` says where data could go: nowhere, or (hosted) only to the place that the page itself came from, for its own parts.",
      "Open the browser's developer tools, choose Network, and drop a file: no request carries it.",
      "Turn the network off and reload. Everything works as before. Or save the single-file page and open it from disk.",
    ],
  },

  examples: {
    title: "Try it",
    running: "The files of the examples are made by this page while you wait; they are fetched from nowhere.",
    names: {
      "good-image": "A good image",
      "wrong-tarball": "The wrong tarball",
      "hidden-layer": "A hidden layer",
      "two-digests": "Why two digests?",
    } satisfies Record<Example, string>,
    what: {
      "good-image": "Everything fits together",
      "wrong-tarball": "It is for another machine",
      "hidden-layer": "History does not show it",
      "two-digests": "Both name the image",
    } satisfies Record<Example, string>,
  },

  where: {
    title: "Where do I get these?",
    groups: [
      {
        name: "An official image",
        items: [
          {
            what: "The library file. It names the repository, the branch (GitFetch) or commit, and the folder of each tag.",
            command: "curl -O https://raw.githubusercontent.com/docker-library/official-images/master/library/ubuntu",
          },
          {
            what: "Dockerfile and tarball lie in that repository; often SHA256SUMS and its signature lie beside them.",
            command: "git clone --depth 1 --branch BRANCH REPOSITORY image && ls image/FOLDER",
          },
        ],
      },
      {
        name: "docker",
        items: [
          { what: "The history, one line of JSON for each entry.", command: "docker image history --no-trunc --format '{{json .}}' IMAGE > history.jsonl" },
          { what: "The image itself, with its config and layers.", command: "docker save IMAGE -o image.tar" },
          { what: "The digest that names it in its registry.", command: "docker image ls --digests IMAGE" },
        ],
      },
      {
        name: "podman",
        items: [
          { what: "The history.", command: "podman history --no-trunc --format json IMAGE > history.json" },
          { what: "The image as an OCI archive.", command: "podman save --format oci-archive IMAGE -o image.tar" },
          { what: "Names and digests.", command: "podman image inspect IMAGE > inspect.json" },
        ],
      },
      {
        name: "skopeo",
        items: [
          { what: "The index or manifest, byte for byte.", command: "skopeo inspect --raw docker://docker.io/library/ubuntu:22.04 > index.json" },
          { what: "The config, byte for byte.", command: "skopeo inspect --config --raw docker://docker.io/library/ubuntu:22.04 > config.json" },
          { what: "The whole image, as an OCI layout; drop the folder.", command: "skopeo copy --all docker://docker.io/library/ubuntu:22.04 oci:ubuntu" },
        ],
      },
      {
        name: "A registry",
        items: [
          { what: "The manifest, with curl, where no token is asked for.", command: "curl -H 'Accept: application/vnd.oci.image.index.v1+json' https://REGISTRY/v2/NAME/manifests/TAG > index.json" },
          { what: "The same with buildx.", command: "docker buildx imagetools inspect --raw IMAGE > index.json" },
        ],
      },
    ],
  },

  verdicts: {
    proved: "Proved",
    agrees: "Agrees",
    contradicted: "Contradicted",
    ambiguous: "Read differently by different tools",
    unknown: "Not decided",
  } satisfies Record<Verdict, string>,
  verdictsShort: {
    proved: "Proved",
    agrees: "Agrees",
    contradicted: "Contradicted",
    ambiguous: "Read differently",
    unknown: "Not decided",
  } satisfies Record<Verdict, string>,
  verdictsMean: {
    proved: "Recomputed here from bytes at hand, and equal.",
    agrees: "Two claims say the same; somebody could have written both.",
    contradicted: "They cannot both be true.",
    ambiguous: "The input itself reads differently for tools that accept it.",
    unknown: "Something is missing that would decide it.",
  } satisfies Record<Verdict, string>,

  work: {
    starting: "Starting …",
    judging: "Comparing …",
    building: "Building …",
    reading: (done: string, total: string) => `Reading … ${done} of ${total}`,
    again: (done: string, total: string) => `Reading once more … ${done} of ${total}`,
    rate: (perSecond: string) => `${perSecond}/s`,
    left: (left: number) => `${seconds(left)} left`,
    cancel: "Cancel",
    bar: "Share of the bytes read",
    title: (share: number) => `${number.format(share * 100)} %`,
    stopped: "Stopped. What is marked as not read can be read again.",
  },

  evidence: {
    title: "Evidence",
    waiting: "waiting",
    reading: (share: number) => `${number.format(share * 100)} %`,
    stopped: "not read (stopped)",
    failed: "not part of the report",
    again: "Read it",
    remove: (name: string) => `Remove ${name}`,
    over: "Start over",
    pasted: "Pasted text",
    parts: (n: number) => (n === 1 ? "1 part inside" : `${number.format(n)} parts inside`),
    digestNames: { sha256: "file", layer: "layer", diff_id: "diff_id" },
    findings: (n: number) => (n === 1 ? "1 oddity" : `${number.format(n)} oddities`),
    same: "The same bytes are in the list already.",
    expected: "Expected:",
    found: "Found:",
    levels: { note: "Note", warn: "Look at this" },
    line: (line: number) => `line ${line}`,
    column: (column: number) => `column ${column}`,
    byte: (byte: number) => `byte ${number.format(byte)}`,
    mayBeLines: "Is each line of it what `docker image history` shows as CREATED BY for one step?",
    readLines: "Read it as a history",
    areLines: "Each line is taken for the CREATED BY text of one step, because you said so.",
    notLines: "Undo: read it as what it looks like",
    changed: "This file changed, or went away, while it was read.",
    changedAdvice: "Bring it again when nothing writes to it.",
    crashed: "The program ended while it read this file; it was started again without it.",
    crashedAdvice: "This is a fault of layerproof. The command line tool may read the file: `layerproof check FILE`.",
  },

  answer: {
    title: "Result",
    reading: "Nothing is decided before something is read.",
    chain: "From the claimed digest to the bytes",
    counts: "Checks by verdict",
    first: (verdict: string) => `Go to the first: ${verdict}`,
    /** Beside a verdict that is not loud; numbers say what else came out. */
    tail: (proved: number, agrees: number, open: number) =>
      [
        proved > 0 ? `${proved} proved` : "",
        agrees > 0 ? `${agrees} ${agrees === 1 ? "agrees" : "agree"}` : "",
        open > 0 ? `${open} not decided` : "",
        "nothing speaks against it",
      ].filter((part) => part !== "").join(", "),
    incomplete: "Not everything in the list has been read yet: this speaks of what was read.",
  },

  next: { title: "To prove more", none: "Nothing else would decide more here.", why: "This decides:" },

  texts: {
    title: "Dockerfile and history",
    line: "Line",
    dockerfile: "Dockerfile",
    relation: "How they stand to each other",
    entry: "Entry",
    history: "History",
    part: (holder: string, what: string) => `${holder} (${what})`,
    nothingLeft: "no instruction",
    nothingRight: "no entry",
    proved: "hash proved",
    stage: (stage: string) => `Target stage: ${stage}.`,
    inferred: "Inferred",
    inferredFrom: (name: string, value: string, from: string) => `\`${name}\` is \`${value}\`: ${from}`,
    others: (n: number) => (n === 1 ? "1 other reading" : `${n} other readings`),
    choose: (name: string) => `Stage and build arguments of ${name}`,
    rows: (n: number) => (n === 1 ? "1 row" : `${number.format(n)} rows, side by side`),
    target: "Target stage",
    last: "the last one",
    argument: "Build arguments",
    defaultIs: (value: string) => `default: ${value}`,
    noDefault: "no default",
    apply: "Judge again",
    onlyLeft: "only in the Dockerfile:",
    onlyRight: "only in the history:",
    relations: {
      exact: "exact",
      equivalent: "equivalent",
      explained: "explained",
      differs: "differs",
      missing: "missing in the history",
      extra: "not in the Dockerfile",
      base: "from the base image",
    } satisfies Record<Relation, string>,
  },

  graph: {
    title: "Digests",
    lead: "Point at a digest, or focus it, and all its places light up. `c` copies it whole.",
    picture: "The digests of this case and the checks that join them",
    list: "The same as a list",
    edge: (from: string, to: string, verdict: string) => `${from} → ${to}: ${verdict}`,
    more: (n: number, role: string) => `${number.format(n)} more: ${role}`,
    seeAll: "all digests are in the list below",
  },

  layers: {
    title: "Layers and files",
    none: "No layer and no tarball is at hand.",
    layer: "Layer",
    size: "Size",
    entries: "Entries",
    image: (name: string, layers: number) => `${name}, ${layers === 1 ? "1 layer" : `${number.format(layers)} layers, the lowest first`}`,
    number: (at: number) => `Layer ${number.format(at)}`,
    absent: "(not at hand)",
    hidden: "No entry of the history is left for this layer: `docker history` does not show it.",
    fromLine: (line: number) => `Made by line ${line} of the Dockerfile, as the history says:`,
    fromEntry: (entry: number) => `Made by entry ${entry} of the history, which says:`,
    files: (name: string) => `Files in ${name}`,
    show: "Show files",
    search: "Part of a path",
    filter: "Show",
    filters: {
      "": "everything",
      setuid: "setuid and setgid",
      device: "devices",
      changed: "changes a lower layer",
      whiteout: "removes from a lower layer",
      "world-writable": "writable by everybody",
    },
    path: "Path",
    mode: "Mode",
    owner: "Owner",
    modified: "Modified",
    sha256: "SHA-256",
    kind: "Type",
    page: (from: number, to: number, total: number) => `${number.format(from)} to ${number.format(to)} of ${number.format(total)}`,
    empty: "No entry fits.",
    previous: "Previous",
    next: "Next",
    loading: "Loading …",
  },

  checks: {
    title: "Checks",
    none: "Nothing could be compared yet.",
    proves: "What this proves",
    notProves: "What it does not prove",
    details: "Facts",
    repeat: "Repeat it by hand",
    open: "Why, and how to repeat it",
  },

  explain: {
    title: "What each builder would write",
    lead: (name: string) => `The history that each builder would write for ${name}. Parts in {braces} depend on the build.`,
    show: "Show it",
    layer: { yes: "makes a layer", no: "no layer", depends: "a layer if something changed" },
    line: "Line",
    entry: "History entry",
    makes: "Layer",
  },

  build: {
    title: "Build it here",
    lead: "Rebuilds layer, config and manifest from the tarball and the Dockerfile, as the known builders do, and compares the digests.",
    start: "Build it here",
    result: "What came out",
    save: "Save what was built",
    artefacts: {
      layer: "Layer",
      config: "Config",
      manifest: "Manifest",
      "oci-layout": "Whole image (OCI layout, one tar)",
    } satisfies Record<Artefact, string>,
    nothing: "Nothing has been built.",
  },

  report: {
    title: "Report",
    lead: "The report says what was compared, what each result proves and what it does not. It holds no time, no host and no path of yours.",
    json: "JSON",
    markdown: "Markdown, for an issue",
    html: "One HTML page, for printing",
    print: "Print this page",
    link: "Link with the claims",
    linkLead: "The link carries the digests that were claimed and the names of the files, never a result and never bytes: whoever opens it brings the files and sees for themselves.",
    copyMarkdown: "Copy Markdown",
    claim: "This is a saved report. It is a claim, like any other: anybody could have written it. Bring the files it names, and it is run again.",
    says: "The saved report says:",
    claimBy: (tool: string, version: string) => `It says that ${tool} ${version} wrote it.`,
    claimFiles: "Files that it names",
    claimClose: "Put the saved report away",
    claimBad: "This is not a report that this version can show.",
    linked: "The link that you followed claims:",
    linkedFiles: "It names these files; bring them:",
    limits: "Limits that were in force",
    limit: "Limit",
    value: "Value",
  },

  words: {
    title: "Words",
    see: "See it yourself:",
    list: [
      {
        id: "manifest",
        term: "manifest",
        match: "manifests?",
        text: "A small JSON text that names one config and the layers of one image, each by digest and size. Its own digest names the image for one platform.",
        command: "docker buildx imagetools inspect --raw IMAGE@DIGEST",
      },
      {
        id: "index",
        term: "index",
        match: "index(?:es)?|manifest lists?",
        text: "A JSON text that lists one manifest for each platform. Its digest is what `docker image ls --digests` and most web pages print for an image.",
        command: "docker buildx imagetools inspect --raw IMAGE",
      },
      {
        id: "image-id",
        term: "image ID",
        match: "image IDs?",
        text: "The digest of the config, for stores that keep images as docker did for years. Since Docker 29 the ID that is shown can be the digest of a manifest or an index instead.",
        command: "docker image inspect --format '{{.Id}}' IMAGE",
      },
      {
        id: "diff-id",
        term: "diff_id",
        match: "diff_ids?",
        text: "The digest of a layer's tar before compression. The same files packed by another gzip have another layer digest and the same diff_id.",
        command: "gzip -dc layer.tar.gz | sha256sum",
      },
      {
        id: "chain-id",
        term: "chain ID",
        match: "chain IDs?",
        text: "One digest for a stack of layers: each step hashes the one before with the next diff_id. It names what is below a layer as well as the layer.",
        command: "printf '%s %s' CHAIN_ID DIFF_ID | sha256sum",
      },
      {
        id: "add-hash",
        term: "ADD hash",
        match: "ADD hash(?:es)?",
        text: "The classic builder writes `ADD file:HASH in /` into the history. HASH covers the file's content and its tar header (name, mode, owner), so it proves which file was added.",
        command: "docker image history --no-trunc IMAGE | grep 'ADD file:'",
      },
      {
        id: "config",
        term: "config",
        match: "configs?",
        text: "A JSON text that says how a container of the image is started, lists the diff_id of every layer, and holds the history. A manifest names it by digest.",
        command: "skopeo inspect --config --raw docker://docker.io/library/ubuntu:22.04",
      },
      {
        id: "descriptor",
        term: "descriptor",
        match: "descriptors?",
        text: "The part of a JSON text that names a blob: its media type, its digest and its size.",
        command: "docker buildx imagetools inspect --raw IMAGE",
      },
      {
        id: "blob",
        term: "blob",
        match: "blobs?",
        text: "One thing that a registry keeps under its digest: a manifest, a config, a layer.",
        command: "skopeo copy docker://docker.io/library/ubuntu:22.04 oci:ubuntu && ls ubuntu/blobs/sha256",
      },
      {
        id: "media-type",
        term: "media type",
        match: "media types?",
        text: "The name of a kind of content, such as `application/vnd.oci.image.manifest.v1+json`. It tells tools how to read a blob.",
        command: "docker buildx imagetools inspect --raw IMAGE | grep mediaType",
      },
      {
        id: "oci-layout",
        term: "OCI layout",
        match: "OCI layouts?",
        text: "A folder, or a tar of it, that holds an image as files named by their digests; its `index.json` says where to begin.",
        command: "skopeo copy docker://docker.io/library/ubuntu:22.04 oci:ubuntu && ls ubuntu",
      },
      {
        id: "rootfs",
        term: "rootfs tarball",
        match: "rootfs tarballs?",
        text: "A tar archive with all files of a small Linux system, from which a base image is made: `ADD rootfs.tar.gz /`.",
        command: "tar -tvf rootfs.tar.gz | head",
      },
      {
        id: "builder",
        term: "builder",
        match: "classic builder|BuildKit",
        text: "The program that makes an image from a Dockerfile. Docker had the classic builder; since version 23 BuildKit is the usual one. Each writes histories of its own form.",
        command: "docker image history --no-trunc IMAGE | grep buildkit",
      },
      {
        id: "attestation",
        term: "attestation",
        match: "attestations?",
        text: "A statement about an image, mostly of its builder: from what and how it was made. Without a signature it is only a claim.",
        command: "docker buildx imagetools inspect --format '{{json .Provenance}}' IMAGE",
      },
      {
        id: "library-file",
        term: "library file",
        match: "library files?",
        text: "A text in docker-library/official-images that names, for each tag of an official image, the repository, commit and folder that it is made from.",
        command: "curl -O https://raw.githubusercontent.com/docker-library/official-images/master/library/ubuntu",
      },
      {
        id: "whiteout",
        term: "whiteout",
        match: "whiteouts?",
        text: "A file in a layer whose name begins with `.wh.`: it removes the file of that name that a lower layer holds.",
        command: "tar -tf layer.tar | grep '\\.wh\\.'",
      },
      {
        id: "pax",
        term: "PAX",
        match: "PAX",
        text: "An addition to the tar format: a text before an entry that gives what the entry itself has no room for, such as a long name.",
        command: "tar --format=pax -cf - FILE | od -c | head -40",
      },
    ],
  },

  keys: {
    title: "Keys",
    close: "Close",
    list: [
      ["o", "open files"],
      ["v", "paste text"],
      ["n", "next finding"],
      ["p", "previous finding"],
      ["/", "search the file list"],
      ["c", "copy the focused digest"],
      ["Esc", "cancel, or close"],
      ["?", "these keys"],
    ] as const,
  },

  digest: { copy: (short: string) => `${short}, copy whole`, copied: (what: string) => `Copied ${what}`, notCopied: "The browser did not allow copying." },
  copy: "Copy",
  copyCommand: (command: string) => `Copy the command: ${command}`,
  download: "Save",
  index: "On this page",
  more: (n: number) => `${number.format(n)} more`,
  announce: {
    result: (verdict: string, text: string) => `${verdict}. ${text}`,
    found: (position: number, total: number) => `Finding ${position} of ${total}`,
    noFinding: "No finding.",
  },

  trouble: {
    title: "The engine is not running",
    "wasm-blocked": "This browser, or a policy of this machine, does not allow WebAssembly. layerproof reads files with it and cannot do without.",
    "not-loaded": "A part of this page could not be loaded. Is there a network, and does the server still have this version?",
    broken: "The engine ended unexpectedly. That is a fault of layerproof; what it said before cannot be relied on.",
    instead: "The command line tool does the same, with the same report:",
    command: "layerproof check FILE...",
    retry: "Try again",
  },

  footer: {
    version: (version: string, build: string) => `layerproof ${version} (${build})`,
    label: "The build label is only a label: a page that names its own hash proves nothing.",
    check: "How do I check this page?",
    checkLines: [
      "Save the single-file page once and compare `sha256sum layerproof.html` with the value that is published in two other places: the release and the repository.",
      "Or drop the saved file on an older copy that you trust: it shows the file's digest.",
      "Or build it: `cargo xtask build` makes the same bytes.",
    ],
    update: "A newer version of this page is ready.",
    updateNow: "Use it now",
  },

  element: { open: "Open in full", loading: "Loading …", failed: "The recorded case could not be loaded.", unverified: "Nothing was verified yet." },
};

export type Strings = typeof strings;
