use super::Sentence;

/// What is said about checksum lists and the frames of signed lists.
pub(super) const SENTENCES: &[Sentence] = &[
    Sentence {
        code: "trust.list-too-large",
        text: "The checksum list is larger than the limit of {limit} bytes.",
        advice: "Raise the limit if you trust where the list comes from.",
    },
    Sentence {
        code: "trust.no-lines",
        text: "No line of the list names a digest.",
        advice: "A checksum list has lines such as “HEX  name” or “SHA256 (name) = HEX”.",
    },
    Sentence {
        code: "trust.too-many-lines",
        text: "The list has more than {limit} lines; the last {left} are not read.",
        advice: "Raise the limit if you trust where the list comes from.",
    },
    Sentence { code: "trust.long-name", text: "A name is longer than {limit} bytes and is cut.", advice: "" },
    Sentence {
        code: "trust.byte-order-mark",
        text: "The list begins with a byte order mark.",
        advice: "sha256sum and shasum refuse the first line, BusyBox reads another name. Get the list again as it was published.",
    },
    Sentence {
        code: "trust.utf16",
        text: "The list is UTF-16 and was read as such.",
        advice: "No checker reads it like this. Windows PowerShell's “>” writes UTF-16; save the list as it was published.",
    },
    Sentence {
        code: "trust.mixed-forms",
        text: "Lines with one blank before the name stand beside lines with two.",
        advice: "coreutils keeps to the form of the first line and reads other names in the rest, or refuses them; BusyBox reads both.",
    },
    Sentence {
        code: "trust.nul-in-line",
        text: "A line holds a NUL byte.",
        advice: "coreutils and BusyBox end the name there, shasum does not.",
    },
    Sentence {
        code: "trust.blank-before-name",
        text: "A name begins with a blank.",
        advice: "Checkers take the blank for part of the name; a person does not see it.",
    },
    Sentence {
        code: "trust.frame-unfinished",
        text: "The signed message does not end.",
        advice: "The download or the copy is not complete. Get the file again.",
    },
    Sentence {
        code: "trust.text-outside-signature",
        text: "A line stands outside of the signed text: “{text}”.",
        advice: "Nobody signed it, but “sha256sum -c” takes it for part of the list, and gpg says that the signature is good. It is no part of the list here.",
    },
    Sentence {
        code: "trust.several-frames",
        text: "The file holds {count} signed {count:message|messages}.",
        advice: "Tools differ in which one they check. Bring each message by itself.",
    },
    Sentence {
        code: "trust.header-in-frame",
        text: "The signed message has a header that does not belong there: “{text}”.",
        advice: "Headers are not signed. Only “Hash:” is allowed; one tool says that the signature is good all the same.",
    },
    Sentence { code: "trust.blank-separator", text: "The line before the signed text holds blanks.", advice: "" },
    Sentence {
        code: "trust.no-hash-header",
        text: "The signed message does not name its hash; the signature itself does.",
        advice: "",
    },
    Sentence { code: "trust.unsigned-blanks", text: "Blanks at the end of a line are not part of what was signed.", advice: "" },
    Sentence {
        code: "trust.dash-not-escaped",
        text: "A signed line begins with a dash that is not escaped.",
        advice: "Somebody changed the text after it was signed, or the signing tool is faulty.",
    },
];
