use super::Sentence;

/// What the checks `dockerfile-history`, `base-history` and `add-hash` say.
pub(super) const SENTENCES: &[Sentence] = &[
    advised(
        "dockerfile-history.elsewhere",
        "This Dockerfile does not fit this history. Each of them fits something else that is here.",
        "Give only the files of one image if this pair was meant.",
    ),
    advised(
        "dockerfile-history.left-out",
        "{count} more pairs of a Dockerfile and a history are here than the {most} that were laid side by side.",
        "Give the Dockerfiles and histories of fewer images at once.",
    ),
    said(
        "dockerfile-history.others",
        "{count} other {count:Dockerfile|Dockerfiles} of the folder {count:was|were} laid beside this history too and \
         {count:does|do} not fit it: {names}.",
    ),
    advised(
        "dockerfile-history.closest",
        "No Dockerfile of the folder fits this history; this one comes closest. {count} {count:other|others}: {names}.",
        "Bring the folder as it was when the image was built: its library file in official-images names the commit.",
    ),
    said(
        "dockerfile-history.other-stage",
        "The history is that of stage “{stage}”, which is not the last one: a build with --target makes it.",
    ),
    said("dockerfile-history.tie", "Another way to join lines and entries fits just as well."),
    said("dockerfile-history.inferred-entry", "{name}={value} was found out from entry {entry} of {of}, which {keyword} wrote."),
    said("dockerfile-history.inferred-file", "{name}={value} was found out from the name of “{file}”, which fits {pattern}."),
    said(
        "dockerfile-history.row-differs",
        "Line {line} and entry {entry} differ: the builder would write “{expected}”, the history has “{found}”.",
    ),
    said("dockerfile-history.row-hash", "Line {line} names another file than “{file}”, whose hash entry {entry} has."),
    said("dockerfile-history.row-missing", "Line {line} has no entry."),
    said("dockerfile-history.row-extra", "Entry {entry} has no line."),
    said("dockerfile-history.rows-more", "{count} more {count:row does|rows do} not fit."),
    said(
        "dockerfile-history.no-content",
        "This history binds no content: it has the names of copied files and no hash of them. Another file of that name would leave the same text.",
    ),
    said("dockerfile-history.bring-whole", "The history without cuts"),
    said("dockerfile-history.why-whole", "The texts are then compared to their end."),
    said("dockerfile-history.bring-base", "The history of the base image"),
    said(
        "dockerfile-history.why-base",
        "It says where the base image's entries end, so that a line removed at the top is noticed.",
    ),
    said("base-history.same", "The first {entries} of {of} entries are those of the base image."),
    said(
        "base-history.parts",
        "The history does not begin with this base image's: {same} entries are the same, entry {entry} is another.",
    ),
    said("add-hash.proved", "The history's hash was recomputed here from “{file}”."),
    said("add-hash.proved-several", "The history's hash of several sources was recomputed here from {files}."),
    said(
        "add-hash.proved-directory",
        "The history's hash of a directory was recomputed here from {files} files and the directories they lie in.",
    ),
    said("add-hash.header", "In the build context it was {name}, mode {mode}, user {uid}, group {gid}, owner's name {owner}."),
    said(
        "add-hash.header-type-bits",
        "In the build context it was {name}, mode {mode} with the type bits that Docker sent up to version 23, user {uid}, group {gid}, owner's name {owner}.",
    ),
    advised(
        "add-hash.no-match",
        "No file at hand gives this hash. {ways} {ways:way|ways} of naming {files} {files:file|files} were tried. It is another file, or it was sent to the builder under another name or mode.",
        "Bring the file as it lay in the build context, compressed if it was, under the path that the Dockerfile names.",
    ),
    advised(
        "add-hash.no-file",
        "The history records a hash of a file, and no file is at hand to recompute it from.",
        "Bring the file as it lay in the build context, compressed if it was.",
    ),
    said(
        "add-hash.directory",
        "The history records a hash of a directory, and the files at hand do not give it. It covers name, mode and owner of every entry, empty directories too.",
    ),
    advised(
        "add-hash.several",
        "The history records one hash of several sources, and the files at hand do not give it.",
        "Bring all sources of the line, under the names that the Dockerfile has.",
    ),
    said("add-hash.address", "The history records a hash of what an address held on the day of the build."),
    said(
        "add-hash.buildah",
        "buildah writes a hash of its own kind, over an archive that it makes of the sources. It covers names, modes, owners and content, no times.",
    ),
    said(
        "add-hash.directory-buildah",
        "The history records buildah's hash of a directory, and the files at hand do not give it. It covers name, mode and owner of every entry, empty directories too. Files over 1 MiB are not tried.",
    ),
    said("add-hash.proved-many", "The history's hash of several sources was recomputed here from {files} files."),
    said(
        "add-hash.proved-unpacked",
        "The history's hash was recomputed here from the entries of “{file}”, which buildah unpacked. Neither its name nor how it is compressed is part of the hash.",
    ),
    said("add-hash.packed", "In buildah's archive it was {name}, mode {mode}, user {uid}, group {gid}, owner's name {owner}."),
    said("add-hash.implied", "The directory {name} was there by the path of a file in it only."),
    said("add-hash.more-parts", "{count} more {count:entry|entries} went into it."),
    said("add-hash.tried", "{file}: {ways} {ways:way|ways} of naming it were tried."),
    said("add-hash.bring", "The file that the line adds, as it lay in the build context"),
    said("add-hash.why", "Its hash can be recomputed and binds the history to this very file."),
];

const fn said(code: &'static str, text: &'static str) -> Sentence {
    Sentence { code, text, advice: "" }
}

const fn advised(code: &'static str, text: &'static str, advice: &'static str) -> Sentence {
    Sentence { code, text, advice }
}
