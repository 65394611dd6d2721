//! The images of a case layer by layer, each layer with the step that made it.

use super::alignment::shown;
use super::model::{Alignment, Image, InstructionRef, Layer, MadeBy};
use crate::case::{self, Case, ImageLayer, ItemId};
use crate::digest::DiffId;
use crate::history::History;
use crate::oci::{Config, Content};
use crate::order::{Gather, Set};

/// Every image, then every config at hand that belongs to none of them.
pub(super) fn all(case: &Case, alignments: &[Alignment]) -> Vec<Image> {
    let images = case.images();
    let known: Set<ItemId> = images.iter().filter_map(|image| image.config).gather();
    let loose = case.documents().filter(|(id, _)| !known.contains(id)).filter_map(|(id, document)| match &document.content {
        Content::Config(config) if !config.platform.is_unknown() => Some(config_alone(case, id, config)),
        _ => None,
    });
    let loose: Vec<case::Image> = loose.list();
    images.iter().chain(&loose).map(|image| one(case, image, alignments)).list()
}

/// A config whose manifest is not at hand names its layers all the same.
fn config_alone(case: &Case, id: ItemId, config: &Config) -> case::Image {
    let layer =
        |diff_id: DiffId| ImageLayer { digest: None, diff_id: Some(diff_id), item: case.by_diff_id(&diff_id).first().copied() };
    let layers = config.diff_ids.iter().map(|reference| match reference.known() {
        Some(digest) => layer(DiffId(*digest)),
        None => ImageLayer { digest: None, diff_id: None, item: None },
    });
    case::Image {
        label: case.item(id).name.clone(),
        home: case.outermost(id),
        manifest: None,
        config: Some(id),
        layers: layers.list(),
    }
}

fn one(case: &Case, image: &case::Image, alignments: &[Alignment]) -> Image {
    let config = image.config.map(|id| case.item(id));
    let history = config.and_then(|config| config.history.as_deref()).filter(|history| !history.entries.is_empty());
    let steps = history.map(steps).unwrap_or_default();
    let aligned = config.and_then(|config| alignments.iter().find(|alignment| alignment.history == config.id));
    let layer = |(layer, number): (&ImageLayer, usize)| {
        let made_by = steps.get(number).map(|(index, created_by)| MadeBy {
            history: *index,
            created_by: shown(created_by),
            instruction: aligned.and_then(|alignment| instruction(alignment, *index)),
        });
        Layer {
            digest: layer.digest.map(|digest| digest.to_string()),
            diff_id: layer.diff_id.map(|diff_id| diff_id.0.to_string()),
            evidence: layer.item.map(|item| case.item(item).id.clone()),
            hidden: history.is_some() && made_by.is_none(),
            made_by,
        }
    };
    Image {
        label: image.label.clone(),
        config: config.map(|config| config.id.clone()),
        layers: image.layers.iter().zip(0..).map(layer).list(),
    }
}

/// The entries that have a layer, oldest first: docker counts entries and layers from the bottom.
fn steps(history: &History) -> Vec<(u32, &str)> {
    let entries = history.entries.iter().zip(0..);
    entries.filter(|(entry, _)| entry.empty_layer != Some(true)).map(|(entry, index)| (index, entry.created_by.as_str())).list()
}

fn instruction(alignment: &Alignment, entry: u32) -> Option<InstructionRef> {
    alignment.rows.iter().find(|row| row.history == Some(entry))?.instruction.clone()
}

#[cfg(test)]
mod tests {
    use crate::example::files;
    use crate::session::Session;
    use crate::session::protocol::Example;

    #[test]
    fn a_layer_is_shown_with_its_step_and_one_without_a_step_is_hidden() {
        let mut session = Session::new();
        for file in files(Example::HiddenLayer) {
            let source = session.open(&file.name, None);
            session.push(source, &file.bytes);
            session.close(source);
        }
        let images = session.report().images;
        let [image] = images.as_slice() else { unreachable!("one image, found {}", images.len()) };
        let made_by: Vec<Option<(u32, u32)>> = image
            .layers
            .iter()
            .map(|layer| layer.made_by.as_ref().map(|made| (made.history, made.instruction.as_ref().map_or(0, |at| at.line))))
            .collect();
        assert_eq!(made_by, [Some((4, 7)), None]);
        assert_eq!(image.layers.iter().map(|layer| layer.hidden).collect::<Vec<_>>(), [false, true]);
        assert!(image.layers.iter().all(|layer| layer.evidence.is_some() && layer.digest.is_some()));
    }
}
