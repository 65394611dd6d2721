use super::Sentence;

/// What is said about history exports.
pub(super) const SENTENCES: &[Sentence] = &[
    Sentence {
        code: "history.empty",
        text: "The input has no bytes.",
        advice: "Run the command again and look whether it printed an error instead.",
    },
    Sentence {
        code: "history.too-large",
        text: "This is larger than any history this program reads.",
        advice: "A history has a few hundred lines. If the file is right, raise the limit.",
    },
    Sentence {
        code: "history.too-many-entries",
        text: "This has more entries than any image can have.",
        advice: "Export the history of one image only.",
    },
    Sentence {
        code: "history.not-text",
        text: "A history is text, and this input has bytes that no text has.",
        advice: "Bring the output of: docker image history --no-trunc --format '{{json .}}' IMAGE",
    },
    Sentence {
        code: "history.not-recognised",
        text: "This is no history export that this program knows.",
        advice: "Bring the output of: docker image history --no-trunc --format '{{json .}}' IMAGE",
    },
    Sentence {
        code: "history.unknown-columns",
        text: "The table has columns that no history has.",
        advice: "Print the table without a format of your own: docker image history --no-trunc IMAGE",
    },
    Sentence {
        code: "history.identifiers-only",
        text: "These are identifiers only, as --quiet prints them. They say nothing about the steps.",
        advice: "Leave --quiet out: docker image history --no-trunc --format '{{json .}}' IMAGE",
    },
    Sentence {
        code: "history.no-history-inside",
        text: "An inspect output names the layers and the configuration, but it holds no history.",
        advice: "Bring the history as well (docker image history --no-trunc --format '{{json .}}' IMAGE), or the image (docker save IMAGE), which holds both.",
    },
    Sentence {
        code: "history.platform-absent",
        text: "The record holds no image for the platform that was asked for.",
        advice: "Choose one of the platforms that the record lists.",
    },
    Sentence {
        code: "history.byte-order-mark",
        text: "The text begins with a byte order mark, which an editor added. It is left out.",
        advice: "",
    },
    Sentence { code: "history.utf-16", text: "The text is UTF-16, as PowerShell writes files. It is read as such.", advice: "" },
    Sentence {
        code: "history.not-utf8",
        text: "Some bytes are not UTF-8, the usual encoding of text. The replacement character U+FFFD is shown for them, and it matches nothing.",
        advice: "Export again with a UTF-8 locale, or use --format '{{json .}}'.",
    },
    Sentence {
        code: "history.crlf",
        text: "Lines end in carriage return and line feed, as on Windows. The carriage returns are left out.",
        advice: "",
    },
    Sentence {
        code: "history.colours",
        text: "The text has {count} terminal colour {count:code|codes}. They are left out.",
        advice: "",
    },
    Sentence {
        code: "history.lines-before-table",
        text: "{count} {count:line|lines} before the table are not part of it.",
        advice: "",
    },
    Sentence { code: "history.stray-line", text: "This line is not part of the history.", advice: "" },
    Sentence {
        code: "history.blank-lines",
        text: "{count} blank {count:line is|lines are} left out; a step without a text prints such a line too.",
        advice: "",
    },
    Sentence {
        code: "history.row-without-end",
        text: "No size ends this row. Its text may go on or be cut.",
        advice: "Export again into a file instead of copying from a terminal.",
    },
    Sentence {
        code: "history.ambiguous-rows",
        text: "Line {line} looks like a row of the table and may be a part of the step before it.",
        advice: "JSON keeps steps apart: docker image history --no-trunc --format '{{json .}}' IMAGE",
    },
    Sentence {
        code: "history.ambiguous-size",
        text: "More than one place in line {line} may be the size column.",
        advice: "JSON keeps columns apart: docker image history --no-trunc --format '{{json .}}' IMAGE",
    },
    Sentence {
        code: "history.heading-repeated",
        text: "The heading of the table stands in line {line} again: two tables, or a step whose text has such a line.",
        advice: "Bring one table at a time, or JSON: docker image history --no-trunc --format '{{json .}}' IMAGE",
    },
    Sentence {
        code: "history.not-an-entry",
        text: "Where a history entry belongs, there is {found}. It is left out.",
        advice: "",
    },
    Sentence {
        code: "history.absent",
        text: "The config has no history. Builders may leave it out; nothing follows from that.",
        advice: "",
    },
    Sentence {
        code: "history.several-images",
        text: "This holds {count} {count:image|images}. {chosen} is read.",
        advice: "Choose a platform to read another one.",
    },
    Sentence {
        code: "history.chosen-image",
        text: "This holds {count} {count:image|images}. {chosen} is read, since it fits best what else is here. Left aside: {left}.",
        advice: "Choose a platform to read another one.",
    },
    say("history.order-newest", "The newest step comes first here: times, identifiers or steps say so."),
    say("history.order-oldest", "The oldest step comes first here: times, identifiers or steps say so."),
    Sentence {
        code: "history.order-assumed-newest",
        text: "Nothing here says which step is the newest. The first one is taken for it, as docker prints them.",
        advice: "Turn the lines round if the oldest step comes first.",
    },
    Sentence {
        code: "history.order-assumed-oldest",
        text: "Nothing here says which step is the oldest. The first one is taken for it.",
        advice: "Turn the lines round if the newest step comes first.",
    },
    Sentence {
        code: "history.order-of-config",
        text: "The first step is taken for the oldest, as an image config has them; no time here says otherwise.",
        advice: "Turn the array round if the newest step comes first.",
    },
    say("history-export.same", "Both name the same image, and their {count} {count:step|steps} say the same."),
    say(
        "history-export.same-texts",
        "All {count} {count:step|steps} say the same. Nothing names the image, so both may be of two images with equal steps.",
    ),
    say("history-export.differs", "Both name the same image, but they cannot both be right. Places that differ: {differences}."),
    Sentence {
        code: "history-export.not-linked",
        text: "Places that differ: {differences}. Nothing says that they are of one image.",
        advice: "Export with identifiers: docker image history --no-trunc --format '{{json .}}' IMAGE",
    },
    Sentence {
        code: "history-export.ambiguous",
        text: "They differ, and one of them can be split into steps in more than one way.",
        advice: "JSON keeps steps apart: docker image history --no-trunc --format '{{json .}}' IMAGE",
    },
    say("history-export.count", "One has {left} {left:step|steps}, the other {right}."),
    say("history-export.text", "Step {number}: “{left}” here, “{right}” there."),
    say("history-export.time", "Step {number}: created {left} here, {right} there."),
    say("history-export.empty-layer", "Step {number}: whether it made no layer (empty_layer) is {left} here, {right} there."),
    say("history-export.comment", "Step {number}: the comment is “{left}” here, “{right}” there."),
    say("history-export.cut", "{count} {count:text|texts} were cut by the export; only their beginnings are compared."),
    say("history-export.blanks", "An export does not keep every blank and tab; they are compared as far as it does."),
    say("history-export.prefix", "A record leaves out the shell and “#(nop)” before the steps; the rest is compared."),
];

/// A sentence without advice.
const fn say(code: &'static str, text: &'static str) -> Sentence {
    Sentence { code, text, advice: "" }
}
