use super::Sentence;

/// What is said about reading files, compression and archives.
pub(super) const SENTENCES: &[Sentence] = &[
    Sentence {
        code: "intake.empty",
        text: "There is nothing to read: no byte at all.",
        advice: "The download or the export probably failed. Get the file again; GNU tar, BusyBox and Python refuse an empty archive, Go reads it as one without entries.",
    },
    Sentence {
        code: "intake.limit",
        text: "This needs more than the limit {name} of {value} allows.",
        advice: "If you trust where the file comes from, raise it: on the page under “Limits that were in force”, on the command line with “--limit {name}=…”.",
    },
    Sentence {
        code: "intake.changed",
        text: "The file changed while it was read.",
        advice: "Nothing is concluded from mixed reads. Wait until the download or build that writes it is done, then bring it again.",
    },
    Sentence {
        code: "intake.size-differs",
        text: "{found} bytes arrived where {expected} were announced.",
        advice: "The file changed or was cut while it was read. Bring it again.",
    },
    Sentence { code: "intake.and-more", text: "{of}: {count} more {count:place|places}.", advice: "" },
    Sentence {
        code: "intake.entries-not-kept",
        text: "{count} {count:entry|entries} beyond the limit were counted and hashed, {kept} are listed.",
        advice: "To list all of them raise the limit “entries”: on the page under “Limits that were in force”, on the command line with “--limit entries=…”.",
    },
    Sentence {
        code: "intake.kind-compressed-twice",
        text: "This is a compressed file inside a compressed file, not a tar archive.",
        advice: "Decompress it once and bring what comes out.",
    },
    Sentence {
        code: "intake.kind-lzma",
        text: "This is an .lzma file. Docker does not extract it.",
        advice: "Recompress the tar archive with gzip, xz or zstd, or bring the plain tar archive. A layer made from it has another digest.",
    },
    Sentence {
        code: "intake.kind-lzip",
        text: "This is an .lz file. Docker does not extract it.",
        advice: "Recompress the tar archive with gzip, xz or zstd, or bring the plain tar archive. A layer made from it has another digest.",
    },
    Sentence {
        code: "intake.kind-zstd-dictionary",
        text: "This is a zstd dictionary, not compressed data.",
        advice: "Bring the archive itself.",
    },
    Sentence {
        code: "intake.kind-zip",
        text: "This is a ZIP file.",
        advice: "For a repository downloaded as ZIP: unpack it and bring the folder, or the Dockerfile and the rootfs tarball in it. Docker neither extracts nor loads ZIP.",
    },
    Sentence {
        code: "intake.kind-other-archive",
        text: "This is an archive of a kind that Docker neither extracts nor loads.",
        advice: "Bring the tar archive, the Dockerfile or the JSON document itself.",
    },
    Sentence {
        code: "intake.kind-ar",
        text: "This is a Unix “ar” archive, such as a Debian package.",
        advice: "A package is not an image. Bring the rootfs tarball or the image archive.",
    },
    Sentence {
        code: "intake.kind-rpm",
        text: "This is an RPM package.",
        advice: "A package is not an image. Bring the rootfs tarball or the image archive.",
    },
    Sentence {
        code: "intake.kind-cpio",
        text: "This is a cpio archive, such as an initramfs.",
        advice: "Docker reads tar archives only. Bring the rootfs tarball.",
    },
    Sentence {
        code: "intake.kind-squashfs",
        text: "This is a SquashFS file system.",
        advice: "Bring the tar archive that the layer was made from.",
    },
    Sentence {
        code: "intake.kind-sqlite",
        text: "This is an SQLite database.",
        advice: "Bring the rootfs tarball that it comes from; package databases are read inside it.",
    },
    Sentence {
        code: "intake.kind-picture",
        text: "This is a picture.",
        advice: "Bring text instead: the Dockerfile, “docker image history --no-trunc --format '{{json .}}' IMAGE”, or the JSON document.",
    },
    Sentence {
        code: "intake.kind-pdf",
        text: "This is a PDF document.",
        advice: "Bring the Dockerfile, the history or the JSON document as text.",
    },
    Sentence {
        code: "intake.kind-program",
        text: "This is a program.",
        advice: "Bring the rootfs tarball, the image archive, the Dockerfile or the history.",
    },
    Sentence {
        code: "intake.kind-html",
        text: "This is a web page, saved in place of the file it shows.",
        advice: "Use the page's “Raw” or “Download” link, or “curl -LO” with the raw address, and bring that file.",
    },
    Sentence {
        code: "intake.kind-lfs-pointer",
        text: "This is a Git LFS pointer: a short text that stands for a file that was not downloaded.",
        advice: "Run “git lfs pull” in the checkout, or download the file by its raw address. The pointer holds the file's SHA-256.",
    },
    Sentence {
        code: "intake.kind-symlink-text",
        text: "This text stands for a symbolic link to {link}.",
        advice: "Bring the file that it points to.",
    },
    Sentence {
        code: "intake.kind-unknown",
        text: "The content is of no kind that is known here.",
        advice: "Bring a Dockerfile, a history, a rootfs tarball, an image archive, an OCI JSON document or a checksum list.",
    },
    Sentence {
        code: "intake.compressed-corrupt",
        text: "The {format} data is damaged.",
        advice: "Get the file again and compare its size and checksum with the publisher's. What was read up to here proves nothing.",
    },
    Sentence {
        code: "intake.compressed-truncated",
        text: "The {format} data ends too early.",
        advice: "The download is not complete. Get the file again. What was read up to here proves nothing.",
    },
    Sentence {
        code: "intake.compressed-check",
        text: "The {check} inside the {format} data is not that of its content.",
        advice: "The file is damaged or was changed. Get it again. What was read up to here proves nothing.",
    },
    Sentence {
        code: "intake.compressed-unsupported",
        text: "The {format} data uses a feature that is not read here.",
        advice: "Recompress it with the usual tool; the uncompressed stream, and so the diff_id, stays the same.",
    },
    Sentence {
        code: "intake.zstd-dictionary",
        text: "The zstd data needs a dictionary that is not in the file.",
        advice: "Docker has no dictionary either. Recompress it without one.",
    },
    Sentence {
        code: "intake.xz-no-check",
        text: "The xz stream carries no integrity check.",
        advice: "Damage would not be noticed by xz. The digests here still say what the bytes are.",
    },
    Sentence {
        code: "intake.gzip-members",
        text: "The gzip file is made of {count} {count:part|parts}, each compressed by itself. Docker writes one; the format estargz has one for each file.",
        advice: "",
    },
    Sentence {
        code: "intake.gzip-zeros-after",
        text: "Zero bytes follow the last gzip member. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.gzip-bytes-after",
        text: "Bytes follow the last gzip member. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.gzip-reserved-flag",
        text: "The gzip header sets a reserved flag. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.bzip2-bytes-after",
        text: "Bytes follow the last bzip2 stream. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.xz-bytes-after",
        text: "Bytes follow the last xz stream. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.tar-sum",
        text: "A block where a tar header belongs has a wrong checksum.",
        advice: "The archive is damaged, or this is no tar archive from here on. Get it again.",
    },
    Sentence {
        code: "intake.tar-number",
        text: "The field {field} of a tar header holds no number.",
        advice: "Docker refuses the archive here. Get it again, or make it with GNU tar or bsdtar.",
    },
    Sentence {
        code: "intake.tar-truncated",
        text: "The tar archive ends inside {part}.",
        advice: "The download is not complete. Get the file again. Digests are those of a truncated file.",
    },
    Sentence {
        code: "intake.tar-lone-zero-block",
        text: "One block of zeros stands where an archive ends with two.",
        advice: "Docker refuses the archive here. Get it again, or make it with GNU tar or bsdtar.",
    },
    Sentence {
        code: "intake.tar-sparse-map",
        text: "The map of a sparse file makes no sense.",
        advice: "Docker refuses the archive here. Make it again without “--sparse”.",
    },
    Sentence {
        code: "intake.pax-record",
        text: "A PAX record is malformed.",
        advice: "Docker refuses the archive here. Get it again, or make it with GNU tar or bsdtar.",
    },
    Sentence {
        code: "intake.pax-value",
        text: "The PAX record {key} holds no number.",
        advice: "Docker refuses the archive here. Get it again, or make it with GNU tar or bsdtar.",
    },
    Sentence {
        code: "intake.tar-name-twice",
        text: "Two entries have the name {entry} and differ. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.tar-content-of-link",
        text: "The entry {entry} has no content and claims a size. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.tar-prefix",
        text: "Bytes of the header can be taken for a part of the name of {entry}. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.tar-solaris-records",
        text: "The entry {entry} has the type X, which old Solaris tools wrote. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.tar-extension-without-magic",
        text: "An extended header stands in a block without the magic word “ustar”. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.tar-long-name-twice",
        text: "Two long names describe the entry {entry}. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.tar-long-name-nul",
        text: "The long name of {entry} goes on after a NUL. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.pax-and-long-name",
        text: "A PAX record and a GNU long name describe the entry {entry}. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.pax-key-twice",
        text: "A PAX record comes twice for the entry {entry}. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.pax-by-lines",
        text: "The PAX records of {entry} hold a line feed or an empty value. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.pax-header-twice",
        text: "Two PAX headers describe the entry {entry}. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.pax-size",
        text: "The size of {entry} in its PAX record is not the one in its header. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.pax-negative-size",
        text: "The PAX record of {entry} gives a size below zero. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.pax-nul",
        text: "A PAX record holds a NUL inside a name. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.pax-global",
        text: "A PAX global header changes every entry after it. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.tar-sparse",
        text: "The entry {entry} is a sparse file. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.tar-sparse-map-read",
        text: "The sparse file {entry} has a map that Go refuses. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.tar-sum-skipped",
        text: "A block where a tar header belongs has a wrong checksum. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.tar-lone-zero-read",
        text: "One block of zeros stands where an archive ends with two. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.tar-after-end",
        text: "A tar header follows the end of the archive. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.tar-no-end",
        text: "The archive ends without its end mark, two blocks of zeros. All readers accept that.",
        advice: "",
    },
    Sentence { code: "intake.tar-no-entry", text: "The archive has no entry.", advice: "" },
    Sentence {
        code: "intake.tar-bytes-after-end",
        text: "{count} {count:byte|bytes} that are not zero follow the end of the archive.",
        advice: "They belong to the layer's diff_id, and no reader extracts them. Ask the publisher what they are.",
    },
    Sentence {
        code: "intake.tar-bytes-after-nul",
        text: "Bytes follow the NUL that ends a name in a header. No reader shows them.",
        advice: "",
    },
    Sentence {
        code: "intake.tar-signed-sum",
        text: "The checksum of a header fits only when its bytes are added up as signed numbers, as some old tools did. The tar crate of Rust refuses that.",
        advice: "",
    },
    Sentence {
        code: "intake.tar-type-not-extracted",
        text: "The entry has the type flag “{flag}”, which Docker does not extract.",
        advice: "Docker stops with “unhandled tar header type”. Make the archive again with GNU tar or bsdtar.",
    },
    Sentence { code: "intake.tar-name-repeated", text: "The entry comes twice with the same content.", advice: "" },
    Sentence {
        code: "intake.pax-length-form",
        text: "The length {length} of a PAX record is written with a zero or a sign in front. All readers accept it.",
        advice: "",
    },
    Sentence {
        code: "intake.name-empty",
        text: "An entry has no name.",
        advice: "Docker extracts it onto the root directory. Ask the publisher for another archive.",
    },
    Sentence {
        code: "intake.name-absolute",
        text: "An entry's name begins with “/”. Docker extracts it below the container's root.",
        advice: "",
    },
    Sentence {
        code: "intake.name-outside",
        text: "An entry's name leads out of the root with “..”.",
        advice: "Docker refuses to extract it. The layer cannot be rebuilt from this archive.",
    },
    Sentence {
        code: "intake.name-cut",
        text: "A name of {length} bytes is longer than the limit; it is cut here. Its SHA-256 is {sha256}.",
        advice: "",
    },
    Sentence { code: "intake.name-not-utf8", text: "A name is not UTF-8. It is shown with its bytes escaped.", advice: "" },
    Sentence {
        code: "intake.name-control",
        text: "A name holds control characters. They are shown escaped.",
        advice: "Such a name can steer a terminal. Look at it before listing the archive elsewhere.",
    },
    Sentence {
        code: "intake.name-bidi",
        text: "A name holds characters that turn the direction of text. They are shown escaped.",
        advice: "The name reads differently elsewhere than it is. Look at its ending.",
    },
    Sentence {
        code: "intake.name-invisible",
        text: "A name holds characters that take no room. They are shown escaped.",
        advice: "The name looks like another one. Compare it with its neighbours.",
    },
    Sentence {
        code: "intake.names-look-alike",
        text: "The names {first} and {second} look alike.",
        advice: "They are two files. Check that the one you mean is the one that is used.",
    },
    Sentence {
        code: "intake.names-differ-in-case",
        text: "The names {first} and {second} differ in upper and lower case only.",
        advice: "On Windows and macOS they are one file after unpacking.",
    },
    Sentence {
        code: "intake.whiteout",
        text: "The entry acts as a whiteout: in a layer it removes what lies below, and no file of that name appears.",
        advice: "In a rootfs tarball this is unusual. Docker keeps it in the layer and applies it.",
    },
    Sentence {
        code: "intake.whiteout-invalid",
        text: "The entry is a whiteout of nothing, of the folder itself or of the one above.",
        advice: "Builders and runtimes treat it differently. Ask the publisher for an archive without it.",
    },
    Sentence {
        code: "intake.below-symlink",
        text: "The entry lies below a symbolic link of the same archive.",
        advice: "Where it lands depends on the link. Docker resolves it inside the container's root; tools that unpack elsewhere may write outside.",
    },
    Sentence {
        code: "intake.link-outside",
        text: "The hard link points out of the root, to {link}.",
        advice: "Docker refuses to extract it.",
    },
    Sentence {
        code: "intake.hardlink-to-nothing",
        text: "The hard link points to {link}, which is not in the archive.",
        advice: "Docker fails there unless a lower layer has that file.",
    },
    Sentence {
        code: "intake.hardlink-to-later",
        text: "The hard link points to {link}, which comes later in the archive.",
        advice: "Docker fails there, since the target does not exist yet.",
    },
    Sentence { code: "intake.hardlink-to-itself", text: "The hard link points to itself.", advice: "Docker fails there." },
    Sentence { code: "intake.device", text: "The entry is a device or a pipe.", advice: "" },
    Sentence {
        code: "intake.setuid",
        text: "The file has mode {mode}: it runs with the rights of its owner or group.",
        advice: "",
    },
    Sentence {
        code: "intake.file-capability",
        text: "The file carries Linux capabilities: run, it gets rights that its user does not have.",
        advice: "",
    },
    Sentence {
        code: "intake.owner-range",
        text: "The owner {uid}:{gid} is outside 0 to 4294967295.",
        advice: "No file system stores that. Docker's result depends on its version.",
    },
    Sentence {
        code: "intake.pax-empty-value",
        text: "A PAX record of {entry} has no value. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.tar-old-directory",
        text: "The entry {entry} is marked as a directory by a “/” in one of its two names only. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
    Sentence {
        code: "intake.pax-before-global",
        text: "A PAX global header stands between an extended header and its entry. Go programs such as Docker see: {go}. Seen by {readers}: {others}.",
        advice: "What counts is what the tool sees that runs the image. Ask the publisher for an archive that all tools read alike.",
    },
];
