use super::descriptor::Descriptor;
use super::fields::{Fields, Notes, wrong_type};
use crate::finding::{At, ReadError, visible};
use crate::json::Value;
use crate::order::{Gather, Map};

/// One image of the `manifest.json` that `docker save` writes. All names are names of entries of the archive, never paths to
/// look up anywhere else.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SaveImage {
    /// Entry that holds the config.
    pub config: Option<String>,
    /// Tags that loading the archive sets.
    pub repo_tags: Vec<String>,
    /// Entries that hold the layers, lowest first.
    pub layers: Vec<String>,
    /// Image ID of the parent, in some archives.
    pub parent: Option<String>,
    /// Descriptors of layers that are not in the archive, by diff_id.
    pub layer_sources: Map<String, Descriptor>,
    /// JSON pointer of this image.
    pub pointer: String,
}

impl SaveImage {
    /// Reads the whole `manifest.json`: an array of images; `null` is an empty one, as it is to Go.
    pub(super) fn read_all(root: &Value, notes: &mut Notes) -> Vec<Self> {
        if root.is_null() {
            return Vec::new();
        }
        let Some(items) = root.as_array() else {
            notes.fail(wrong_type(root, "", "an array of images"));
            return Vec::new();
        };
        items.iter().enumerate().filter_map(|(index, item)| Self::read(item, format!("/{index}"), notes)).list()
    }

    fn read(value: &Value, pointer: String, notes: &mut Notes) -> Option<Self> {
        let fields = Fields::of(value, pointer, notes)?;
        let image = Self {
            config: fields.string("Config", notes).filter(|name| !name.is_empty()),
            repo_tags: fields.strings("RepoTags", notes).unwrap_or_default(),
            layers: fields.strings("Layers", notes).unwrap_or_default(),
            parent: fields.string("Parent", notes).filter(|text| !text.is_empty()),
            layer_sources: layer_sources(&fields, notes),
            pointer: fields.pointer.clone(),
        };
        if image.config.is_none() {
            notes.fail(
                ReadError::new("oci.field-missing", "the name of a config", "none").at(fields.at()).with("field", "Config"),
            );
        }
        for name in image.config.iter().chain(&image.layers).filter(|name| !stays_inside(name)) {
            let error = ReadError::new(
                "oci.name-outside",
                "the name of an entry of this archive",
                format!("“{}”", visible(name.as_bytes())),
            );
            notes.fail(error.at(At::inside(fields.pointer.clone())));
        }
        Some(image)
    }
}

fn layer_sources(fields: &Fields<'_>, notes: &mut Notes) -> Map<String, Descriptor> {
    let Some(sources) = fields.object("LayerSources", notes) else { return Map::new() };
    let mut map = Map::new();
    for member in sources.members() {
        if let Some(descriptor) = Descriptor::read(&member.value, sources.inside(&member.key), notes) {
            map.insert(member.key.clone(), descriptor);
        }
    }
    map
}

/// Whether a name can name an entry of the archive: not absolute, and no `..` that leads out of it.
fn stays_inside(name: &str) -> bool {
    let mut depth = 0_i64;
    for part in name.split('/') {
        match part {
            ".." => depth -= 1,
            "" | "." => {}
            _ => depth += 1,
        }
        if depth < 0 {
            return false;
        }
    }
    !name.starts_with('/')
}

/// The `repositories` file of older archives: repository -> tag -> version 1 id.
pub(super) fn read_repositories(root: &Value, notes: &mut Notes) -> Map<String, Map<String, String>> {
    let Some(fields) = Fields::of(root, String::new(), notes) else { return Map::new() };
    let mut map = Map::new();
    for member in fields.members() {
        let Some(tags) = Fields::of(&member.value, fields.inside(&member.key), notes) else { continue };
        let tags = tags.members().iter().filter_map(|tag| Some((tag.key.clone(), tag.value.as_str()?.to_owned()))).collect();
        map.insert(member.key.clone(), tags);
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, parse};

    fn read(text: &str) -> (Vec<SaveImage>, Notes) {
        let mut notes = Notes::default();
        let images = SaveImage::read_all(&parse(text.as_bytes(), &Limits::default()).unwrap().root, &mut notes);
        (images, notes)
    }

    #[test]
    fn names_stay_inside_the_archive() {
        for bad in ["../../../../etc/passwd", "/etc/passwd", "a/../../b"] {
            let (_, notes) = read(&format!(r#"[{{"Config":"c.json","Layers":["{bad}"]}}]"#));
            assert_eq!(notes.errors[0].code, "oci.name-outside", "{bad}");
            let (_, notes) = read(&format!(r#"[{{"Config":"{bad}","Layers":[]}}]"#));
            assert_eq!(notes.errors[0].code, "oci.name-outside", "{bad}");
        }
        let (images, notes) = read(r#"[{"Config":"c.json","Layers":["a/../b","./c/layer.tar"],"RepoTags":null}]"#);
        assert!(notes.errors.is_empty());
        assert_eq!(images[0].layers.len(), 2);
    }

    #[test]
    fn go_reads_the_last_key_in_any_case() {
        let (images, notes) = read(r#"[{"Config":"good.json","config":"evil.json","Layers":["good"],"Layers":["evil"]}]"#);
        assert_eq!(images[0].config.as_deref(), Some("evil.json"));
        assert_eq!(images[0].layers, ["evil"]);
        assert_eq!(notes.findings[0].code, "oci.key-in-two-cases");
    }

    #[test]
    fn nothing_and_null_are_no_images() {
        assert!(read("[]").0.is_empty() && read("null").0.is_empty());
        assert!(read("null").1.errors.is_empty());
        assert_eq!(read("{}").1.errors[0].code, "oci.field-type");
        assert_eq!(read("[{}]").1.errors[0].code, "oci.field-missing");
    }
}
