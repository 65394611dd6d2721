//! Files of a dropped folder belong together when the folder is an OCI layout or an unpacked `docker save`.

use super::draft::Draft;
use super::item::{Body, Item, Origin};
use crate::digest::Sha256;
use crate::oci::{Content, DocumentKind};
use crate::order::{self, Gather, Map, Set};
use std::sync::Arc;

/// Puts the files of image folders under one draft each, and names all other files of folders by their path inside.
pub(super) fn group(drafts: Vec<Draft>) -> Vec<Draft> {
    let roots: Set<String> = drafts.iter().filter_map(root_of).gather();
    let mut folders: Map<String, Vec<Draft>> = Map::new();
    let mut loose = Vec::new();
    for mut draft in drafts {
        let home = roots.iter().rev().find(|root| is_below(&draft.item.name, root)).cloned();
        match home {
            Some(root) if draft.item.origin == Origin::Input => {
                let path = draft.item.name[root.len() + 1..].to_owned();
                draft.item.name.clone_from(&path);
                draft.item.origin = Origin::Entry(path);
                folders.entry(root).or_default().push(draft);
            }
            _ => {
                if let Some((folder, path)) = draft.item.name.split_once('/') {
                    (draft.item.folder, draft.item.name) = (Some(Arc::from(folder)), path.to_owned());
                }
                loose.push(draft);
            }
        }
    }
    loose.extend(folders.into_iter().map(|(root, parts)| folder(&root, parts)));
    loose
}

/// The folder that a file marks as an image layout.
fn root_of(draft: &Draft) -> Option<String> {
    let (folder, name) = draft.item.name.rsplit_once('/')?;
    let document = draft.item.document()?;
    let marks = match name {
        "oci-layout" => document.kind == Some(DocumentKind::OciLayout),
        "index.json" => matches!(document.content, Content::Index(_)),
        "manifest.json" => matches!(document.content, Content::DockerSave(_)),
        _ => false,
    };
    (marks && draft.item.origin == Origin::Input).then(|| folder.to_owned())
}

fn is_below(name: &str, root: &str) -> bool {
    name.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'))
}

/// The folder as an item: it has no bytes of its own, so its digest is over its files' names and digests and is never shown.
fn folder(root: &str, mut parts: Vec<Draft>) -> Draft {
    order::sort_by(&mut parts, |left, right| left.item.name.cmp(&right.item.name));
    let mut hasher = Sha256::new();
    for part in &parts {
        hasher.update(format!("{} {}\n", part.item.sha256, part.item.name).as_bytes());
    }
    let item = Item {
        id: String::new(),
        name: root.rsplit('/').next().unwrap_or(root).to_owned(),
        origin: Origin::Input,
        parent: None,
        folder: None,
        size: parts.iter().map(|part| part.item.size).sum(),
        sha256: hasher.digest(),
        body: Body::ImageFolder,
        facts: None,
        history: None,
        source: parts.first().map_or(0, |part| part.item.source),
        findings: Vec::new(),
        error: None,
    };
    Draft { item, parts }
}
