//! A rebuilt image as one file: an OCI image layout in a tar, which skopeo reads as `oci-archive:` and `docker load` as it is
//! (image-spec, image-layout.md; docker reads the `manifest.json` beside it).

use crate::digest::Digest;
use crate::json;
use crate::order::{self, Gather};
use crate::recipe::go_tar::{BLOCK, Header};

/// An image to be written as a layout.
#[derive(Debug, Clone, Copy)]
pub struct Layout<'a> {
    /// The config document.
    pub config: &'a [u8],
    /// The manifest document; its `mediaType` is used in the index.
    pub manifest: &'a [u8],
    /// The compressed layers, lowest first.
    pub layers: &'a [&'a [u8]],
}

impl Layout<'_> {
    /// Hands the tar to `sink`, piece by piece. All times are 0, so equal images give equal files.
    pub fn write(&self, mut sink: impl FnMut(&[u8])) {
        let digests: Vec<Digest> = self.layers.iter().map(|layer| Digest::sha256(layer)).list();
        let mut blobs: Vec<(Digest, &[u8])> = digests.iter().copied().zip(self.layers.iter().copied()).list();
        blobs.extend([self.config, self.manifest].map(|document| (Digest::sha256(document), document)));
        order::sort(&mut blobs);
        blobs.dedup();
        for name in ["blobs/", "blobs/sha256/"] {
            entry(name, &[], &mut sink);
        }
        for (digest, bytes) in &blobs {
            entry(&blob_name(digest), bytes, &mut sink);
        }
        entry("index.json", self.index().as_bytes(), &mut sink);
        entry("manifest.json", self.docker_manifest(&digests).as_bytes(), &mut sink);
        entry("oci-layout", br#"{"imageLayoutVersion":"1.0.0"}"#, &mut sink);
        sink(&[0; 2 * BLOCK]);
    }

    fn index(&self) -> String {
        let parsed = json::parse(self.manifest, &json::Limits::default()).ok();
        let manifest = parsed.as_ref().and_then(|document| document.root.as_object());
        let media_type = manifest.and_then(|manifest| manifest.get_last("mediaType")?.as_str());
        let media_type = json::quoted(media_type.unwrap_or("application/vnd.oci.image.manifest.v1+json"));
        let (digest, size) = (Digest::sha256(self.manifest), self.manifest.len());
        format!(
            "{{\"manifests\":[{{\"digest\":\"{digest}\",\"mediaType\":{media_type},\"size\":{size}}}],\
             \"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"schemaVersion\":2}}"
        )
    }

    fn docker_manifest(&self, layers: &[Digest]) -> String {
        let layers: Vec<String> = layers.iter().map(|layer| json::quoted(&blob_name(layer))).list();
        let (config, layers) = (json::quoted(&blob_name(&Digest::sha256(self.config))), layers.join(","));
        format!("[{{\"Config\":{config},\"Layers\":[{layers}],\"RepoTags\":null}}]")
    }
}

fn blob_name(digest: &Digest) -> String {
    format!("blobs/{}/{}", digest.algorithm().name(), digest.hex())
}

fn entry(name: &str, content: &[u8], sink: &mut impl FnMut(&[u8])) {
    let is_directory = name.ends_with('/');
    let header = Header {
        name: name.as_bytes(),
        flag: if is_directory { b'5' } else { b'0' },
        mode: if is_directory { 0o755 } else { 0o644 },
        size: content.len() as u64,
        ..Header::default()
    };
    let mut bytes = Vec::with_capacity(BLOCK);
    header.write(&mut bytes);
    sink(&bytes);
    sink(content);
    sink(&[0; BLOCK][..content.len().next_multiple_of(BLOCK) - content.len()]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_to_bytes_of_its_digest() {
        use std::io::Read;
        let (config, manifest) = (br#"{"architecture":"amd64"}"#, br#"{"mediaType":"application/x"}"#);
        let mut written = Vec::new();
        Layout { config, manifest, layers: &[b"layer", b"layer"] }.write(|piece| written.extend_from_slice(piece));
        let mut archive = tar::Archive::new(&written[..]);
        let mut texts = crate::order::Map::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let name = entry.path().unwrap().to_str().unwrap().to_owned();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            if let Some(hex) = name.strip_prefix("blobs/sha256/").filter(|hex| !hex.is_empty()) {
                assert_eq!(Digest::sha256(&content).hex(), hex);
            }
            assert!(texts.insert(name, content).is_none());
        }
        let docker: serde_json::Value = serde_json::from_slice(texts.get("manifest.json").unwrap()).unwrap();
        let index: serde_json::Value = serde_json::from_slice(texts.get("index.json").unwrap()).unwrap();
        assert_eq!(index["manifests"][0]["mediaType"], "application/x");
        assert!(texts.contains_key(docker[0]["Config"].as_str().unwrap()));
        assert_eq!(docker[0]["Layers"].as_array().unwrap().len(), 2);
        assert!(texts.contains_key("oci-layout"));
    }
}
