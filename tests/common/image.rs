//! Small images of every archive form, made in the test.

use super::tarball::Tarball;
use flate2::Compression;
use flate2::write::GzEncoder;
use layerproof::digest::Digest;
use std::io::Write;

pub(crate) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(crate) const INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub(crate) const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
pub(crate) const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// One entry of an archive, in the form in which the test speaks of it.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

impl File {
    pub(crate) fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }

    pub(crate) fn blob(bytes: &[u8]) -> Self {
        Self::new(format!("blobs/sha256/{}", Digest::sha256(bytes).hex()), bytes)
    }
}

pub(crate) fn gzip(bytes: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn layer(name: &str, content: &str) -> Vec<u8> {
    Tarball::new().file(name, content.as_bytes()).end()
}

pub(crate) fn descriptor(media_type: &str, bytes: &[u8], rest: &str) -> String {
    format!(r#"{{"mediaType":"{media_type}","digest":"{}","size":{}{rest}}}"#, Digest::sha256(bytes), bytes.len())
}

pub(crate) fn config(layers: &[Vec<u8>], architecture: &str, created: &str) -> String {
    let diff_ids: Vec<String> = layers.iter().map(|layer| format!("\"{}\"", Digest::sha256(layer))).collect();
    let history = vec![r#"{"created_by":"ADD rootfs.tar / # buildkit"}"#; layers.len()].join(",");
    format!(
        r#"{{"architecture":"{architecture}",{created}"os":"linux","config":{{"Cmd":["sh"]}},"rootfs":{{"type":"layers","diff_ids":[{}]}},"history":[{history}]}}"#,
        diff_ids.join(",")
    )
}

/// Layers, config, manifest and index of one image of two gzip layers.
pub(crate) struct Image {
    pub(crate) layers: Vec<Vec<u8>>,
    pub(crate) blobs: Vec<Vec<u8>>,
    pub(crate) config: String,
    pub(crate) manifest: String,
    pub(crate) index: String,
}

/// What an image is made of.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) layers: Vec<Vec<u8>>,
    pub(crate) level: u32,
    pub(crate) architecture: &'static str,
    /// `"created":"…",` or nothing.
    pub(crate) created: &'static str,
    pub(crate) manifest_type: &'static str,
    pub(crate) annotation: &'static str,
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            layers: vec![layer("etc/hostname", "good\n"), layer("bin/sh", "#!\n")],
            level: 9,
            architecture: "amd64",
            created: "",
            manifest_type: MANIFEST,
            annotation: "org.opencontainers.image.ref.name",
        }
    }
}

impl Image {
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts { layers, architecture, annotation, .. } = parts;
        let blobs: Vec<Vec<u8>> = layers.iter().map(|layer| gzip(layer, parts.level)).collect();
        let config = config(&layers, architecture, parts.created);
        let listed: Vec<String> = blobs.iter().map(|blob| descriptor(LAYER, blob, "")).collect();
        let own = match parts.manifest_type {
            "" => String::new(),
            own => format!(r#""mediaType":"{own}","#),
        };
        let manifest = format!(
            r#"{{"schemaVersion":2,{own}"config":{},"layers":[{}]}}"#,
            descriptor(CONFIG, config.as_bytes(), ""),
            listed.join(",")
        );
        let rest =
            format!(r#","platform":{{"architecture":"{architecture}","os":"linux"}},"annotations":{{"{annotation}":"test:1"}}"#);
        let index = format!(
            r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[{}]}}"#,
            descriptor(MANIFEST, manifest.as_bytes(), &rest)
        );
        Self { layers, blobs, config, manifest, index }
    }

    pub(crate) fn blobs(&self) -> Vec<File> {
        let documents = [self.config.as_bytes(), self.manifest.as_bytes()];
        documents.into_iter().chain(self.blobs.iter().map(Vec::as_slice)).map(File::blob).collect()
    }

    /// An OCI archive.
    pub(crate) fn oci(&self) -> Vec<File> {
        let mut files = self.blobs();
        files.push(File::new("index.json", self.index.as_bytes()));
        files.push(File::new("oci-layout", &br#"{"imageLayoutVersion": "1.0.0"}"#[..]));
        files
    }

    /// `docker save` since version 25: an OCI layout with a `manifest.json` beside it.
    pub(crate) fn saved(&self) -> Vec<File> {
        let name = |bytes: &[u8]| format!("blobs/sha256/{}", Digest::sha256(bytes).hex());
        let layers: Vec<String> = self.blobs.iter().map(|blob| format!("\"{}\"", name(blob))).collect();
        let list =
            format!(r#"[{{"Config":"{}","RepoTags":["test:1"],"Layers":[{}]}}]"#, name(self.config.as_bytes()), layers.join(","));
        let mut files = self.oci();
        files.push(File::new("manifest.json", list));
        files
    }

    /// `docker save` up to version 24: the config by its digest, layers in folders named by identifiers that are no digests.
    pub(crate) fn saved_before_25(&self) -> Vec<File> {
        let config = format!("{}.json", Digest::sha256(self.config.as_bytes()).hex());
        let folders = ["1a".repeat(32), "2b".repeat(32)];
        let mut files = vec![File::new(config.clone(), self.config.as_bytes())];
        for (folder, layer) in folders.iter().zip(&self.layers) {
            files.push(File::new(format!("{folder}/VERSION"), &b"1.0"[..]));
            files.push(File::new(format!("{folder}/layer.tar"), layer.as_slice()));
        }
        let layers: Vec<String> = folders.iter().map(|folder| format!("\"{folder}/layer.tar\"")).collect();
        let list = format!(r#"[{{"Config":"{config}","RepoTags":["test:1"],"Layers":[{}]}}]"#, layers.join(","));
        files.push(File::new("manifest.json", list));
        files.push(File::new("repositories", format!(r#"{{"test":{{"1":"{}"}}}}"#, folders[1])));
        files
    }
}

/// A tar archive of these entries, in this order.
pub(crate) fn archive(files: &[File]) -> Vec<u8> {
    let add = |tar: Tarball, file: &File| match file.name.len() {
        0..=100 => tar.file(&file.name, &file.bytes),
        _ => tar.long(b'L', file.name.as_bytes()).file(&file.name[..100], &file.bytes),
    };
    files.iter().fold(Tarball::new(), add).end()
}
