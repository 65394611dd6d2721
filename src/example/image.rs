//! The example image around its root file system: Dockerfile, history, documents, and what goes wrong in the broken variants.

use super::File;
use super::rootfs::{self, TIME};
use crate::digest::Digest;
use crate::finding::rfc3339;
use crate::json::quoted;
use crate::order::{Gather, Map};
use crate::rebuild::image::{Blob, ImageManifest, ManifestForm};
use crate::recipe::add_hash::Header;
use tar::{Builder, EntryType};

const DOCKERFILE: &str = "\
# The example image. Every byte of it is made by layerproof itself.
FROM scratch
ARG RELEASE
ARG BUILD_ARCH
LABEL org.opencontainers.image.ref.name=exemplar
LABEL org.opencontainers.image.version=1.0
ADD exemplar-*-$BUILD_ARCH-rootfs.tar.gz /
CMD [\"/bin/sh\"]
";
/// The prefix that the classic builder writes before instructions that run nothing.
const NOP: &str = "/bin/sh -c #(nop) ";
/// Media type of an image manifest.
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// Media type of a list of images.
const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// What a container of the image runs and with what around it.
const CONFIG: &str = concat!(
    r#"{"Cmd":["/bin/sh"],"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],"#,
    r#""Labels":{"org.opencontainers.image.ref.name":"exemplar","org.opencontainers.image.version":"1.0"}}"#,
);

/// Dockerfile, history, tarball, the image in an archive, and a checksum list.
pub(super) fn good() -> Vec<File> {
    around("amd64")
}

/// The same with another machine's tarball under the name of the right one.
pub(super) fn wrong_tarball() -> Vec<File> {
    around("arm64")
}

/// The image for amd64 and what its publisher puts beside it, with the tarball of an architecture.
fn around(tarball: &str) -> Vec<File> {
    let image = Image::of("amd64");
    let name = rootfs::file_name("amd64");
    let sums = format!("{}  {name}\n", Digest::sha256(&rootfs::tarball("amd64")).hex());
    vec![
        File::new("Dockerfile", DOCKERFILE),
        File::new("history.jsonl", image.history_lines()),
        File::new(&name, rootfs::tarball(tarball)),
        File::new("exemplar.tar", image.archive()),
        File::new("SHA256SUMS", sums),
    ]
}

/// An image archive with one layer more than its history has entries for.
pub(super) fn hidden_layer() -> Vec<File> {
    let mut hidden = Builder::new(Vec::new());
    rootfs::append(&mut hidden, EntryType::Directory, "usr/bin/", 0o755, None, b"");
    rootfs::append(&mut hidden, EntryType::Regular, "usr/bin/doas", 0o4755, None, b"\x7fELF example, no real program\n");
    let mut image = Image::of("amd64");
    image.add_layer(&rootfs::finished(hidden));
    vec![
        File::new("Dockerfile", DOCKERFILE),
        File::new(&rootfs::file_name("amd64"), rootfs::tarball("amd64")),
        File::new("exemplar.tar", image.archive()),
    ]
}

/// The image for two platforms in one archive, what `docker image ls --digests --no-trunc` prints for it, and the digest that
/// its publisher's page names.
pub(super) fn two_digests() -> Vec<File> {
    let images = [Image::of("amd64"), Image::of("arm64")];
    let index = index(&[&images[0], &images[1]]);
    let digests = [Digest::sha256(&index), Digest::sha256(&images[0].config), Digest::sha256(&images[0].manifest)];
    let columns = |cells: [&str; 6]| {
        let [repository, tag, digest, id, created, size] = cells;
        format!("{repository:<12} {tag:<9} {digest:<73} {id:<73} {created:<14} {size}\n")
    };
    let [listed, id, published] = digests.map(|digest| digest.to_string());
    let listing = columns(["REPOSITORY", "TAG", "DIGEST", "IMAGE ID", "CREATED", "SIZE"])
        + &columns(["exemplar", "1.0", &listed, &id, "6 months ago", "161kB"]);
    vec![
        File::new("docker-image-ls.txt", listing),
        File::new("publisher.txt", format!("exemplar@{published}\n")),
        File::new("exemplar-all.tar", archive_of_all(&images, &index)),
    ]
}

/// An index and its images as `skopeo copy --all` writes them: an OCI layout whose list names the index.
fn archive_of_all(images: &[Image], index: &[u8]) -> Vec<u8> {
    let mut builder = layout(INDEX, index);
    append_blob(&mut builder, index);
    images.iter().for_each(|image| image.append_blobs(&mut builder));
    rootfs::finished(builder)
}

/// The beginning of an OCI layout in one tar archive; `named` is the document that it holds.
fn layout(media_type: &str, named: &[u8]) -> Builder<Vec<u8>> {
    let members = descriptor(media_type, named, "");
    let annotations = r#"{"org.opencontainers.image.ref.name":"1.0"}"#;
    let index = format!(r#"{{"manifests":[{{"annotations":{annotations},{members}}}],"schemaVersion":2}}"#);
    let mut builder = Builder::new(Vec::new());
    let marker = b"{\"imageLayoutVersion\":\"1.0.0\"}";
    rootfs::append(&mut builder, EntryType::Regular, "oci-layout", 0o644, None, marker);
    rootfs::append(&mut builder, EntryType::Regular, "index.json", 0o644, None, index.as_bytes());
    builder
}

fn append_blob(builder: &mut Builder<Vec<u8>>, bytes: &[u8]) {
    let path = format!("blobs/sha256/{}", Digest::sha256(bytes).hex());
    rootfs::append(builder, EntryType::Regular, &path, 0o644, None, bytes);
}

/// One image of the example.
struct Image {
    architecture: &'static str,
    /// Layers, uncompressed and compressed, lowest first.
    layers: Vec<(Vec<u8>, Vec<u8>)>,
    /// Texts of the history, oldest first, and whether each has a layer.
    history: Vec<(String, bool)>,
    config: Vec<u8>,
    manifest: Vec<u8>,
}

impl Image {
    fn of(architecture: &'static str) -> Self {
        let layer = rootfs::layer(architecture);
        let mut image = Self {
            architecture,
            history: history(architecture),
            layers: vec![(layer.clone(), rootfs::gzip(&layer))],
            config: Vec::new(),
            manifest: Vec::new(),
        };
        image.write();
        image
    }

    /// Puts a layer on top that the history does not tell of.
    fn add_layer(&mut self, tar: &[u8]) {
        self.layers.push((tar.to_vec(), rootfs::gzip(tar)));
        self.write();
    }

    /// Writes config and manifest for the layers.
    fn write(&mut self) {
        let created = rfc3339(TIME as i64);
        let entry = |(text, layer): &(String, bool)| {
            let empty = if *layer { "" } else { r#","empty_layer":true"# };
            format!(r#"{{"created":"{created}","created_by":{}{empty}}}"#, quoted(text))
        };
        let history = self.history.iter().map(entry).list().join(",");
        let diff_ids: Vec<String> = self.layers.iter().map(|(tar, _)| quoted(&Digest::sha256(tar).to_string())).list();
        let (architecture, diff_ids) = (self.architecture, diff_ids.join(","));
        self.config = format!(
            "{{\"architecture\":\"{architecture}\",\"config\":{CONFIG},\"created\":\"{created}\",\"docker_version\":\"26.1.3\",\
             \"history\":[{history}],\"os\":\"linux\",\"rootfs\":{{\"diff_ids\":[{diff_ids}],\"type\":\"layers\"}}}}"
        )
        .into_bytes();
        let blob = |bytes: &Vec<u8>| Blob::new(Digest::sha256(bytes), bytes.len() as u64);
        let manifest = ImageManifest {
            config: blob(&self.config),
            layers: self.layers.iter().map(|(_, stored)| blob(stored)).list(),
            annotations: Map::new(),
        };
        self.manifest = manifest.write(ManifestForm::BuildKit).into_bytes();
    }

    /// The history as `docker image history --no-trunc --format '{{json .}}'` prints it: newest first.
    fn history_lines(&self) -> String {
        let line = |(text, layer): &(String, bool)| {
            let size = if *layer { "161kB" } else { "0B" };
            let created = rfc3339(TIME as i64);
            format!(
                "{{\"Comment\":\"\",\"CreatedAt\":\"{created}\",\"CreatedBy\":{},\"CreatedSince\":\"6 months ago\",\
                 \"ID\":\"<missing>\",\"Size\":\"{size}\"}}",
                quoted(text)
            )
        };
        self.history.iter().rev().map(|entry| line(entry) + "\n").collect()
    }

    /// The image as an OCI layout in one tar archive.
    fn archive(&self) -> Vec<u8> {
        let mut builder = layout(MANIFEST, &self.manifest);
        self.append_blobs(&mut builder);
        rootfs::finished(builder)
    }

    fn append_blobs(&self, builder: &mut Builder<Vec<u8>>) {
        let layers = self.layers.iter().map(|(_, blob)| blob);
        [&self.manifest, &self.config].into_iter().chain(layers).for_each(|blob| append_blob(builder, blob));
    }
}

/// What the classic builder of Docker 25 and later records for the Dockerfile.
fn history(architecture: &str) -> Vec<(String, bool)> {
    let tarball = rootfs::tarball(architecture);
    let header = Header::file(rootfs::file_name(architecture), 0o644, tarball.len() as u64);
    let hash = header.hash(&tarball).hex();
    vec![
        (format!("{NOP} ARG RELEASE"), false),
        (format!("{NOP} ARG BUILD_ARCH"), false),
        (format!("{NOP} LABEL org.opencontainers.image.ref.name=exemplar"), false),
        (format!("{NOP} LABEL org.opencontainers.image.version=1.0"), false),
        (format!("{NOP}ADD file:{hash} in / "), true),
        (format!("{NOP} CMD [\"/bin/sh\"]"), false),
    ]
}

/// The members of a descriptor in the order of the alphabet; `platform` is a member too, or nothing.
fn descriptor(media_type: &str, bytes: &[u8], platform: &str) -> String {
    let (digest, size) = (Digest::sha256(bytes), bytes.len());
    format!(r#""digest":"{digest}","mediaType":"{media_type}",{platform}"size":{size}"#)
}

fn index(images: &[&Image]) -> Vec<u8> {
    let manifest = |image: &&Image| {
        let platform = format!(r#""platform":{{"architecture":"{}","os":"linux"}},"#, image.architecture);
        format!("{{{}}}", descriptor(MANIFEST, &image.manifest, &platform))
    };
    let manifests: Vec<String> = images.iter().map(manifest).list();
    format!(r#"{{"manifests":[{}],"mediaType":"{INDEX}","schemaVersion":2}}"#, manifests.join(",")).into_bytes()
}
