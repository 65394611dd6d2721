use super::Sentence;

/// What the JSON reader says.
pub(super) const SENTENCES: &[Sentence] = &[
    Sentence {
        code: "json.too-large",
        text: "The JSON text is larger than the limit of {limit} bytes.",
        advice: "Raise the limit if you trust where the file comes from.",
    },
    Sentence {
        code: "json.too-deep",
        text: "Arrays and objects are nested deeper than {limit} levels.",
        advice: "No image document is nested like that. Raise the limit if you trust where the file comes from.",
    },
    Sentence {
        code: "json.too-many-values",
        text: "The JSON text holds more than {limit} values.",
        advice: "Raise the limit if you trust where the file comes from.",
    },
    Sentence {
        code: "json.byte-order-mark",
        text: "The text begins with a byte order mark, which JSON does not allow.",
        advice: "An editor or a shell added three bytes (EF BB BF), so the digest of the file is another one, too. Get the file again as the registry or the tool gives it; removing the mark gives the original only if nothing else changed.",
    },
    Sentence {
        code: "json.utf16",
        text: "The text is UTF-16. JSON documents are UTF-8.",
        advice: "Windows PowerShell's “>” writes UTF-16. Let the tool write the file itself, or use “cmd /c”, so that the bytes stay as they are.",
    },
    Sentence {
        code: "json.comment",
        text: "A comment stands where JSON allows none.",
        advice: "JSON has no comments. Get the original document; taking the comment out changes its digest.",
    },
    Sentence {
        code: "json.trailing",
        text: "Something follows after the end of the JSON value.",
        advice: "Only one value is allowed. If two documents were written into one file, save each one by itself.",
    },
    Sentence {
        code: "json.number-range",
        text: "A number is too large for the readers of image documents.",
        advice: "Go programs (docker, containerd) refuse this document.",
    },
    Sentence { code: "json.number", text: "A number is not written as JSON asks for.", advice: "Get the original document." },
    Sentence {
        code: "json.control-character",
        text: "A string holds a control character that is not escaped.",
        advice: "Often a line break that a terminal or an editor put into a long line. Save the output to a file instead of copying it from a terminal.",
    },
    Sentence {
        code: "json.escape",
        text: "A string holds an escape that JSON does not know.",
        advice: "Get the original document.",
    },
    Sentence {
        code: "json.ends-early",
        text: "The text ends inside of a JSON value.",
        advice: "The copy or the download is not complete. Get the file again.",
    },
    Sentence { code: "json.empty", text: "There is no JSON value in the text.", advice: "The file is empty. Get it again." },
    Sentence {
        code: "json.unexpected",
        text: "The text is not JSON at this place.",
        advice: "If this was saved from a web page, save the raw file instead.",
    },
    Sentence {
        code: "json.duplicate-key",
        text: "The key “{key}” stands twice in one object (first at byte {first}).",
        advice: "Readers differ in which one they take: Go programs (docker, containerd) take the last one.",
    },
    Sentence {
        code: "json.lone-surrogate",
        text: "The escape {escape} is half of a character.",
        advice: "Go programs (docker, containerd) read the replacement character U+FFFD here; other readers keep the escape or refuse the document.",
    },
    Sentence {
        code: "json.not-utf8",
        text: "A string holds the byte {byte}, which is not UTF-8.",
        advice: "Go programs (docker, containerd) read the replacement character U+FFFD here; other readers refuse the document.",
    },
    Sentence {
        code: "json.more-findings",
        text: "{count} more {count:finding|findings} of this kind are in the document.",
        advice: "",
    },
];
