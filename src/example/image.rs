//! The example image around its root file system: Dockerfile, history, documents, and what goes wrong in the broken variants.

use super::File;
use super::rootfs::{self, TIME};
use crate::digest::Digest;
use crate::finding::rfc3339;
use crate::recipe::add_hash::Header;
use serde_json::{Value, json};
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

/// Dockerfile, history, tarball, the documents of the image, and a checksum list.
pub(super) fn good() -> Vec<File> {
    let image = Image::of("amd64");
    let tarball = rootfs::tarball("amd64");
    let name = rootfs::file_name("amd64");
    let sums = format!("{}  {name}\n", Digest::sha256(&tarball).hex());
    let index = index(&[&image, &Image::of("arm64")]);
    vec![
        File::new("Dockerfile", DOCKERFILE),
        File::new("history.jsonl", image.history_lines()),
        File::new(&name, tarball),
        File::new("index.json", index),
        File::new("manifest-amd64.json", image.manifest),
        File::new("config-amd64.json", image.config),
        File::new("SHA256SUMS", sums),
    ]
}

/// The history names the amd64 tarball; the tarball is that of arm64.
pub(super) fn wrong_tarball() -> Vec<File> {
    let history = Image::of("amd64").history_lines();
    vec![
        File::new("Dockerfile", DOCKERFILE),
        File::new("history.jsonl", history),
        File::new(&rootfs::file_name("arm64"), rootfs::tarball("arm64")),
    ]
}

/// An image archive with one layer more than its history has entries for.
pub(super) fn hidden_layer() -> Vec<File> {
    let mut hidden = Builder::new(Vec::new());
    rootfs::append(&mut hidden, EntryType::Directory, "usr/bin/", 0o755, None, b"");
    rootfs::append(&mut hidden, EntryType::Regular, "usr/bin/doas", 0o4755, None, b"\x7fELF example, no real program\n");
    let mut image = Image::of("amd64");
    image.add_layer(&rootfs::finished(hidden));
    vec![File::new("Dockerfile", DOCKERFILE), File::new("exemplar.tar", image.archive())]
}

/// The index of the image, the manifest in it, and what `docker image ls --digests` prints.
pub(super) fn two_digests() -> Vec<File> {
    let amd64 = Image::of("amd64");
    let index = index(&[&amd64, &Image::of("arm64")]);
    let listing = format!(
        "REPOSITORY   TAG       DIGEST                                                                    IMAGE ID       CREATED        SIZE\n\
         exemplar     1.0       {}   {}   6 months ago   161kB\n",
        Digest::sha256(&index),
        &Digest::sha256(&amd64.config).hex()[..12],
    );
    vec![
        File::new("index.json", index),
        File::new("manifest-amd64.json", amd64.manifest),
        File::new("config-amd64.json", amd64.config),
        File::new("docker-image-ls.txt", listing),
    ]
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
        let entry = |(text, layer): &(String, bool)| {
            let mut entry = json!({"created": rfc3339(TIME as i64), "created_by": text});
            if !layer {
                entry["empty_layer"] = true.into();
            }
            entry
        };
        let diff_ids: Vec<String> = self.layers.iter().map(|(tar, _)| Digest::sha256(tar).to_string()).collect();
        self.config = compact(&json!({
            "architecture": self.architecture,
            "config": {
                "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
                "Cmd": ["/bin/sh"],
                "Labels": {"org.opencontainers.image.ref.name": "exemplar", "org.opencontainers.image.version": "1.0"},
            },
            "created": rfc3339(TIME as i64),
            "docker_version": "26.1.3",
            "history": self.history.iter().map(entry).collect::<Vec<_>>(),
            "os": "linux",
            "rootfs": {"type": "layers", "diff_ids": diff_ids},
        }));
        let layers: Vec<Value> =
            self.layers.iter().map(|(_, blob)| descriptor("application/vnd.oci.image.layer.v1.tar+gzip", blob)).collect();
        self.manifest = compact(&json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": descriptor("application/vnd.oci.image.config.v1+json", &self.config),
            "layers": layers,
        }));
    }

    /// The history as `docker image history --no-trunc --format '{{json .}}'` prints it: newest first.
    fn history_lines(&self) -> String {
        let line = |(text, layer): &(String, bool)| {
            let size = if *layer { "161kB" } else { "0B" };
            let created = rfc3339(TIME as i64);
            json!({"Comment": "", "CreatedAt": created, "CreatedBy": text, "CreatedSince": "6 months ago", "ID": "<missing>",
                "Size": size})
            .to_string()
        };
        self.history.iter().rev().map(|entry| line(entry) + "\n").collect()
    }

    /// The image as an OCI layout in one tar archive.
    fn archive(&self) -> Vec<u8> {
        let mut builder = Builder::new(Vec::new());
        let mut add = |path: &str, bytes: &[u8]| rootfs::append(&mut builder, EntryType::Regular, path, 0o644, None, bytes);
        let mut manifest = descriptor(MANIFEST, &self.manifest);
        manifest["annotations"] = json!({"org.opencontainers.image.ref.name": "1.0"});
        add("oci-layout", b"{\"imageLayoutVersion\":\"1.0.0\"}");
        add("index.json", &compact(&json!({"schemaVersion": 2, "manifests": [manifest]})));
        for blob in [&self.manifest, &self.config].into_iter().chain(self.layers.iter().map(|(_, blob)| blob)) {
            add(&format!("blobs/sha256/{}", Digest::sha256(blob).hex()), blob);
        }
        rootfs::finished(builder)
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

fn descriptor(media_type: &str, bytes: &[u8]) -> Value {
    json!({"mediaType": media_type, "digest": Digest::sha256(bytes).to_string(), "size": bytes.len()})
}

fn index(images: &[&Image]) -> Vec<u8> {
    let manifests: Vec<Value> = images
        .iter()
        .map(|image| {
            let mut descriptor = descriptor(MANIFEST, &image.manifest);
            descriptor["platform"] = json!({"architecture": image.architecture, "os": "linux"});
            descriptor
        })
        .collect();
    compact(&json!({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": manifests}))
}

fn compact(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}
