use super::Sentence;

/// What is said about library files.
pub(super) const SENTENCES: &[Sentence] = &[
    Sentence {
        code: "official.too-large",
        text: "The file is larger than any library file.",
        advice: "Library files have a few KiB. Bring the one file of the image, not the whole repository.",
    },
    Sentence {
        code: "official.no-fields",
        text: "Nothing in the file is a field of a library file.",
        advice: "A library file has lines such as “Tags: …” and “GitCommit: …”. It is in the folder “library” of docker-library/official-images.",
    },
    Sentence {
        code: "official.no-tags",
        text: "The library file has no tags.",
        advice: "The image is no longer built. An older commit of the file has its last tags.",
    },
    Sentence { code: "official.continues-nothing", text: "An indented line continues no field: “{text}”.", advice: "" },
    Sentence { code: "official.not-a-field", text: "A line is no known field: “{text}”.", advice: "" },
    Sentence {
        code: "official.field-twice",
        text: "A field stands twice in one paragraph: “{text}”.",
        advice: "The last one is used here.",
    },
    Sentence {
        code: "official.too-many-pins",
        text: "The library file names more than {limit} builds; the rest is left out.",
        advice: "",
    },
    Sentence {
        code: "official.pin-incomplete",
        text: "{field} is missing for {architecture}, so nothing is pinned for it.",
        advice: "",
    },
];
