use super::Sentence;

/// What is said about OCI and Docker documents.
pub(super) const SENTENCES: &[Sentence] = &[
    Sentence {
        code: "oci.field-type",
        text: "The field {field} holds a value of the wrong type, such as a text in place of a number.",
        advice: "Go programs (docker, containerd) refuse the whole document.",
    },
    Sentence {
        code: "oci.field-missing",
        text: "The field {field} is missing.",
        advice: "The specification asks for it. Get the original document.",
    },
    Sentence {
        code: "oci.size",
        text: "What stands for the size of a blob is not a size.",
        advice: "Sizes are whole numbers of bytes, from 0 to 2^63 - 1. No tool can fetch this blob.",
    },
    Sentence {
        code: "oci.digest",
        text: "What stands in place of a digest is not one.",
        advice: "A digest is written as the algorithm, a colon and the hex digits, such as sha256: and 64 digits.",
    },
    Sentence {
        code: "oci.digest-algorithm",
        text: "A digest names an algorithm that no tool knows.",
        advice: "Tools refuse the document. Image documents use sha256, seldom sha512.",
    },
    Sentence {
        code: "oci.digest-upper-case",
        text: "A digest is written in upper case.",
        advice: "The OCI specification asks for lower case hex digits, and tools compare digests as text. Write it in lower case if you typed it; in a document it is an error.",
    },
    Sentence {
        code: "oci.data-base64",
        text: "Embedded data is not base64.",
        advice: "The field “data” holds the blob itself in base64. Without it the blob has to be brought by itself.",
    },
    Sentence {
        code: "oci.name-outside",
        text: "A name leads out of the archive.",
        advice: "It names nothing in this archive, and nothing outside is read. Do not load this archive.",
    },
    Sentence {
        code: "oci.key-in-another-case",
        text: "The key “{key}” is read as “{field}” by Go programs; other readers see no “{field}”.",
        advice: "Docker and containerd match keys without regard to case. No tool writes keys like this.",
    },
    Sentence {
        code: "oci.key-in-two-cases",
        text: "“{key}” and “{field}” stand in one object.",
        advice: "Go programs (docker, containerd) take the last one of both; other readers take “{field}”. No tool writes documents like this.",
    },
    Sentence {
        code: "oci.manifest-and-index",
        text: "The document is a manifest and an index at once.",
        advice: "Some tools read it as one image, others as a list of other images (CVE-2021-41190). containerd refuses it.",
    },
    Sentence {
        code: "oci.not-an-integer",
        text: "{field} is written as {found}, which Go programs refuse for a whole number.",
        advice: "Docker and containerd cannot read this document.",
    },
    Sentence { code: "oci.schema-version", text: "schemaVersion is {found}; tools know {expected}.", advice: "" },
    Sentence {
        code: "oci.no-schema-version",
        text: "The document has no schemaVersion, the number that says how it is to be read.",
        advice: "",
    },
    Sentence {
        code: "oci.layout-version",
        text: "The layout says version “{found}”; the specification defines {expected}.",
        advice: "Tools may refuse this layout.",
    },
];
