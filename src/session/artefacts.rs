//! What was rebuilt, as files to save.

use super::Session;
use super::protocol::Artefact;
use crate::checks::{RebuiltImage, rebuilt_image};
use crate::finding::ReadError;
use crate::order::Gather;
use crate::rebuild::oci_layout::Layout;

/// A rebuilt artefact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// A name for the file.
    pub file_name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Session {
    /// A rebuilt artefact as a file.
    ///
    /// # Errors
    /// `session.nothing-rebuilt`, if it was not rebuilt; `session.layout-incomplete` for an image with layers that were not.
    pub fn save(&self, artefact: Artefact) -> Result<Saved, ReadError> {
        let nothing = || ReadError::new("session.nothing-rebuilt", "something that was rebuilt", format!("no {artefact:?}"));
        let image = rebuilt_image(self.case()).ok_or_else(nothing)?;
        let (file_name, bytes) = match artefact {
            Artefact::Layer => ("layer.tar.gz", image.layers.first().map(|layer| layer.to_vec())),
            Artefact::Config => ("config.json", image.config),
            Artefact::Manifest => ("manifest.json", image.manifest),
            Artefact::OciLayout => ("image.oci.tar", Some(layout(&image)?)),
        };
        Ok(Saved { file_name: file_name.to_owned(), bytes: bytes.ok_or_else(nothing)? })
    }

    /// The rebuilt layers as files, lowest first; those above the first have their numbers in their names.
    pub fn save_layers(&self) -> Vec<Saved> {
        let layers = rebuilt_image(self.case()).map(|image| image.layers).unwrap_or_default();
        let name = |index| if index == 0 { "layer.tar.gz".to_owned() } else { format!("layer-{}.tar.gz", index + 1) };
        layers.iter().enumerate().map(|(index, layer)| Saved { file_name: name(index), bytes: layer.to_vec() }).list()
    }
}

fn layout(image: &RebuiltImage) -> Result<Vec<u8>, ReadError> {
    let documents = image.config.as_ref().zip(image.manifest.as_ref()).filter(|_| image.is_whole);
    let Some((config, manifest)) = documents else {
        return Err(ReadError::new("session.layout-incomplete", "config, manifest and every layer", "a part of them"));
    };
    let layers: Vec<&[u8]> = image.layers.iter().map(|layer| layer.as_slice()).list();
    let mut bytes = Vec::with_capacity(layers.iter().map(|layer| layer.len()).sum::<usize>() + 16_384);
    Layout { config, manifest, layers: &layers }.write(|piece| bytes.extend_from_slice(piece));
    Ok(bytes)
}
