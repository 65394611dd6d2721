//! The images of a case: which documents and layers belong together.

use super::{Body, Case, ItemId};
use crate::digest::{Algorithm, DiffId, Digest};
use crate::finding::visible;
use crate::oci::{Content, Descriptor, ManifestRole, SaveImage};
use crate::order::{Gather, Map};

/// One image, as far as it is at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// How a person would point at it: the archive's or document's name, tag or platform; safe to show.
    pub label: String,
    /// The item that the image was found in: the outermost archive or folder, or the loose document.
    pub home: ItemId,
    /// Its manifest document.
    pub manifest: Option<ItemId>,
    /// Its config document.
    pub config: Option<ItemId>,
    /// Its layers, lowest first.
    pub layers: Vec<ImageLayer>,
}

/// One layer of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageLayer {
    /// Digest of the stored blob, if a manifest names it.
    pub digest: Option<Digest>,
    /// Digest of the uncompressed tar, if the config names it.
    pub diff_id: Option<DiffId>,
    /// The blob, or any archive at hand that is this layer.
    pub item: Option<ItemId>,
}

impl Case {
    /// Every image of which a manifest, or an entry of a `docker save` archive, is at hand. An archive that describes one
    /// image in both ways has it once.
    pub fn images(&self) -> Vec<Image> {
        let mut images: Vec<Image> = Vec::new();
        let mut known: Map<(ItemId, ItemId), usize> = Map::new();
        for (id, document) in self.documents() {
            let found = match &document.content {
                Content::Manifest(manifest) if manifest.role() == ManifestRole::Image => vec![self.manifest_image(id)],
                Content::DockerSave(saved) => saved.iter().map(|image| self.saved_image(id, image)).list(),
                _ => Vec::new(),
            };
            for image in found {
                let place = image.config.map(|config| *known.entry((image.home, config)).or_insert(images.len()));
                match place.and_then(|place| images.get_mut(place)) {
                    Some(known) => known.manifest = known.manifest.or(image.manifest),
                    None => images.push(image),
                }
            }
        }
        images
    }

    /// An item by the digest that a descriptor names, preferring one that is in the same archive.
    pub fn resolve(&self, home: ItemId, descriptor: &Descriptor) -> Option<ItemId> {
        let digest = descriptor.digest.known()?;
        self.in_home(home, digest).or_else(|| self.by_digest(digest).first().copied())
    }

    /// The part that a `manifest.json` names. In a folder whose symbolic links were not kept, the file that a link called
    /// `blobs/sha256/HEX` led to is found by its digest.
    pub fn listed_part(&self, archive: ItemId, name: &str) -> Option<ItemId> {
        let cleaned = visible(&crate::intake::clean(name.as_bytes()));
        let by_name = self.part_named(archive, &cleaned).or_else(|| self.part_named(archive, &visible(name.as_bytes())));
        by_name.or_else(|| {
            let digest = digest_in_name(name).filter(|_| matches!(self.item(archive).body, Body::ImageFolder))?;
            self.in_home(self.outermost(archive), &digest)
        })
    }

    fn manifest_image(&self, id: ItemId) -> Image {
        let home = self.outermost(id);
        let Some(Content::Manifest(manifest)) = self.item(id).document().map(|document| &document.content) else {
            return Image { label: String::new(), home, manifest: Some(id), config: None, layers: Vec::new() };
        };
        let config = manifest.config.as_ref().and_then(|descriptor| self.resolve(home, descriptor));
        let diff_ids = self.diff_ids(config);
        let layers = manifest.layers.iter().zip(0..).map(|(descriptor, index)| {
            let diff_id = diff_ids.get(index).copied().flatten();
            ImageLayer {
                digest: descriptor.digest.known().copied(),
                diff_id,
                item: self.resolve(home, descriptor).or_else(|| self.by_diff_id(&diff_id?).first().copied()),
            }
        });
        Image { label: self.label(home, id, config), home, manifest: Some(id), config, layers: layers.list() }
    }

    fn saved_image(&self, id: ItemId, image: &SaveImage) -> Image {
        let home = self.outermost(id);
        let archive = self.item(id).parent;
        let part = |path: &String| archive.and_then(|archive| self.listed_part(archive, path));
        let config = image.config.as_ref().and_then(part);
        let diff_ids = self.diff_ids(config);
        let layers = image.layers.iter().zip(0..).map(|(path, index)| ImageLayer {
            digest: None,
            diff_id: diff_ids.get(index).copied().flatten(),
            item: part(path),
        });
        let label = image.repo_tags.first().map(|tag| crate::finding::visible(tag.as_bytes()));
        let label = label.unwrap_or_else(|| self.label(home, id, config));
        Image { label, home, manifest: None, config, layers: layers.list() }
    }

    fn diff_ids(&self, config: Option<ItemId>) -> Vec<Option<DiffId>> {
        match config.and_then(|config| self.item(config).document()).map(|document| &document.content) {
            Some(Content::Config(config)) => {
                config.diff_ids.iter().map(|reference| reference.known().map(|digest| DiffId(*digest))).list()
            }
            _ => Vec::new(),
        }
    }

    fn label(&self, home: ItemId, manifest: ItemId, config: Option<ItemId>) -> String {
        let name = if home == manifest { &self.item(manifest).name } else { &self.item(home).name };
        match config.and_then(|config| self.item(config).document()).map(|document| &document.content) {
            Some(Content::Config(config)) => {
                format!("{name} ({})", crate::finding::visible(config.platform.to_string().as_bytes()))
            }
            _ => name.clone(),
        }
    }
}

/// The digest that an entry's name spells: `HEX.json`, `sha256:HEX`, `HEX.tar.gz`, `blobs/sha256/HEX`.
pub fn digest_in_name(name: &str) -> Option<Digest> {
    let last = name.rsplit('/').next()?;
    let last = last.strip_prefix("sha256:").unwrap_or(last);
    let hex = last.split('.').next()?;
    Digest::from_hex(Algorithm::Sha256, hex).ok()
}
