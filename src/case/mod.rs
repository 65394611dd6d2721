//! All evidence together, and who refers to whom.
//!
//! A [`Case`] is put together anew for every report from the [`Draft`]s of what was read. Its items are sorted by content, so
//! that equal evidence gives equal numbers and equal reports, however it arrived.

mod added;
mod choose;
mod draft;
mod folder;
mod image;
mod item;
mod options;
mod pairing;
mod rebuild;
mod reread;

pub use added::{Binding, Part, Sent, Wish, Wishes};
pub use draft::{Arrival, CLAIM, Draft, claim_draft, draft};
pub use image::{Image, ImageLayer, digest_in_name};
pub use item::{Body, Item, ItemId, Origin};
pub use options::Options;
pub use pairing::{MAX_PAIRS, Pairing};
pub use rebuild::{BaseTree, LayerOf, Rebuild, RebuildPlan};
pub use reread::Reread;

use crate::digest::{Algorithm, DiffId, Digest};
use crate::dockerfile::BuildArguments;
use crate::history::History;
use crate::intake::{Entry, EntryKind};
use crate::order::{self, Gather, Map, Set};
use crate::recipe::add_hash::recorded;
use std::cell::OnceCell;

/// Everything that was given.
#[derive(Debug, Default)]
pub struct Case {
    items: Vec<Item>,
    parts: Map<ItemId, Vec<ItemId>>,
    /// Parts by their path; of two with one path the later one, which docker reads.
    by_path: Map<(ItemId, String), ItemId>,
    by_digest: Map<Digest, Vec<ItemId>>,
    /// The first item with these bytes in each archive, folder or loose document.
    by_home: Map<(ItemId, Digest), ItemId>,
    by_diff_id: Map<DiffId, Vec<ItemId>>,
    /// Where the symbolic links of archives of parts point, by their cleaned names; of two with one name the later one.
    links: Map<(ItemId, Vec<u8>), Vec<u8>>,
    /// Items from which something was rebuilt.
    rebuilt: Vec<ItemId>,
    /// What `named_layers` found.
    named_layers: OnceCell<Set<Digest>>,
    /// Algorithms by which checksum lists name files, by the files' base names.
    listed: Map<Vec<u8>, Set<Algorithm>>,
    reread: Map<u32, Reread>,
    pairings: Vec<Pairing>,
    bindings: Map<added::Token, Binding>,
    options: Options,
}

impl Case {
    /// Puts drafts together. Files of a dropped folder that is an image layout become parts of one item.
    pub fn new(drafts: Vec<Draft>, options: Options, reread: &Map<u32, Reread>) -> Self {
        let mut drafts = folder::group(drafts);
        drafts.iter_mut().for_each(sort);
        order::sort_by(&mut drafts, |left, right| key(left).cmp(&key(right)));
        let mut case = Self { options, reread: reread.clone(), ..Self::default() };
        for draft in drafts {
            case.add(draft, None);
        }
        case.rebuilt = case.items().filter(|(id, _)| case.rebuild(*id).is_some()).map(|(id, _)| id).list();
        case.name_all();
        case.gather_listed();
        case.pair();
        case
    }

    /// Lays Dockerfiles beside histories. Lines say which files a hash is of, so what they bind is found after the first
    /// laying, and said by the second.
    fn pair(&mut self) {
        self.choose_images();
        let mut bindings = added::files(self);
        let recorded: crate::order::Set<Digest> =
            self.histories().flat_map(|(_, history)| &history.entries).flat_map(|entry| recorded(&entry.created_by)).gather();
        bindings.retain(|(_, digest), _| recorded.contains(digest));
        added::add_aliases(self, &mut bindings);
        self.bindings = bindings;
        self.pairings = pairing::pairings(self);
        let more = added::bindings(self, &self.pairings, &self.bindings);
        if !more.is_empty() {
            self.bindings.extend(more);
            self.pairings = pairing::pairings(self);
        }
    }

    fn add(&mut self, draft: Draft, parent: Option<ItemId>) {
        let id = ItemId(self.items.len());
        let mut item = draft.item;
        item.parent = parent;
        if !matches!(item.body, Body::ImageFolder) {
            self.by_digest.entry(item.sha256).or_default().push(id);
            let home = parent.map_or(id, |parent| self.outermost(parent));
            self.by_home.entry((home, item.sha256)).or_insert(id);
        }
        if let Some(diff_id) = item.diff_id() {
            self.by_diff_id.entry(diff_id).or_default().push(id);
        }
        if let Some(parent) = parent {
            self.parts.entry(parent).or_default().push(id);
            if let Origin::Entry(path) = &item.origin {
                self.by_path.insert((parent, path.clone()), id);
            }
        }
        // Only what has parts is ever asked for one by its name.
        if !draft.parts.is_empty() {
            self.links.extend(item.tar().into_iter().flat_map(|tar| &tar.entries).filter_map(|entry| link(id, entry)));
        }
        self.items.push(item);
        for part in draft.parts {
            self.add(part, Some(id));
        }
    }

    /// Gives every item its identifier: kind and digest, with a number only where two items have both in common.
    fn name_all(&mut self) {
        let mut seen: Map<String, u32> = Map::new();
        for item in &mut self.items {
            let base = format!("{}-{}", item.kind(), &item.sha256.hex()[..12]);
            let count = seen.entry(base.clone()).or_default();
            *count += 1;
            item.id = if *count == 1 { base } else { format!("{base}-{count}") };
        }
    }

    /// What the person said besides.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Every item with its number, parents before their parts.
    pub fn items(&self) -> impl Iterator<Item = (ItemId, &Item)> {
        self.items.iter().enumerate().map(|(index, item)| (ItemId(index), item))
    }

    /// One item. Numbers come from this case, so they are always there.
    pub fn item(&self, id: ItemId) -> &Item {
        &self.items[id.0]
    }

    /// Items that were given themselves, without their parts.
    pub fn inputs(&self) -> impl Iterator<Item = (ItemId, &Item)> {
        self.items().filter(|(_, item)| item.parent.is_none())
    }

    /// Direct parts of an item.
    pub fn parts(&self, id: ItemId) -> &[ItemId] {
        self.parts.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Items whose bytes have this SHA-256.
    pub fn by_digest(&self, digest: &Digest) -> &[ItemId] {
        self.by_digest.get(digest).map_or(&[], Vec::as_slice)
    }

    /// The first item with this SHA-256 that is, or is part of, the outermost item `home`.
    pub fn in_home(&self, home: ItemId, digest: &Digest) -> Option<ItemId> {
        self.by_home.get(&(home, *digest)).copied()
    }

    /// Tar archives whose uncompressed stream has this digest.
    pub fn by_diff_id(&self, diff_id: &DiffId) -> &[ItemId] {
        self.by_diff_id.get(diff_id).map_or(&[], Vec::as_slice)
    }

    /// The part of an archive or folder that has this path. An entry that is a symbolic link to another entry is followed once,
    /// as docker does for archives of old versions; nothing outside the archive is ever looked up.
    pub fn part_named(&self, parent: ItemId, path: &str) -> Option<ItemId> {
        let named = |path: &str| self.by_path.get(&(parent, path.to_owned())).copied();
        named(path).or_else(|| named(&self.link_target(parent, path)?))
    }

    /// Where the symbolic link of that name inside an archive points, as a path inside the archive.
    fn link_target(&self, parent: ItemId, path: &str) -> Option<String> {
        let target = draft::link_inside(path, self.links.get(&(parent, path.as_bytes().to_vec()))?)?;
        Some(String::from_utf8_lossy(&target).into_owned())
    }

    /// The outermost item that an item is part of.
    pub fn outermost(&self, id: ItemId) -> ItemId {
        let mut outermost = id;
        while let Some(parent) = self.item(outermost).parent {
            outermost = parent;
        }
        outermost
    }

    /// Every Dockerfile beside every history.
    pub fn pairings(&self) -> &[Pairing] {
        &self.pairings
    }

    /// What second passes over the bytes of an item found out. Parts of an archive have no passes of their own.
    pub fn reread(&self, id: ItemId) -> Option<&Reread> {
        let item = self.item(id);
        let is_source = item.parent.is_none_or(|parent| self.item(parent).facts.is_none());
        self.reread.get(&item.source).filter(|_| is_source)
    }

    /// What was rebuilt from the bytes of an item.
    fn rebuild(&self, id: ItemId) -> Option<&Rebuild> {
        self.reread(id)?.rebuild.as_ref()
    }

    /// Build arguments and platforms, as room `dockerfile` takes them.
    pub fn build_arguments(&self) -> BuildArguments {
        BuildArguments {
            values: self.options.build_args.clone(),
            target_platform: self.options.platform.clone(),
            build_platform: None,
            target_stage: self.options.target.clone(),
        }
    }

    /// The build arguments of one Dockerfile: those that were given, and those that a history which agrees with it shows; that
    /// history, if one is asked for.
    pub fn build_arguments_of(&self, dockerfile: ItemId, history: Option<ItemId>) -> BuildArguments {
        let mut arguments = self.build_arguments();
        let is_asked = |pairing: &&Pairing| history.is_none_or(|history| pairing.history == history) && pairing.agrees();
        let pairing = self.pairings.iter().filter(|pairing| pairing.dockerfile == dockerfile).find(is_asked);
        for inferred in pairing.and_then(|pairing| pairing.alignments.first()).iter().flat_map(|best| &best.inferred) {
            arguments.values.entry(inferred.name.clone()).or_insert_with(|| inferred.value.clone());
        }
        arguments
    }

    /// Algorithms by which the checksum lists at hand name a file.
    pub fn listed_algorithms(&self, id: ItemId) -> Vec<Algorithm> {
        let name = &self.item(id).name;
        let base = name.rsplit('/').next().unwrap_or(name);
        self.listed.get(base.as_bytes()).into_iter().flatten().copied().list()
    }

    fn gather_listed(&mut self) {
        let lists = self.items.iter().filter_map(|item| match &item.body {
            Body::ChecksumList(list) => Some(&list.lines),
            _ => None,
        });
        for line in lists.flatten() {
            let base = line.name.as_deref().and_then(|name| name.rsplit(|byte| *byte == b'/').next());
            if let Some(base) = base {
                self.listed.entry(base.to_vec()).or_default().insert(line.digest.algorithm());
            }
        }
    }

    /// Every history, with the item that carries it.
    pub fn histories(&self) -> impl Iterator<Item = (ItemId, &History)> {
        self.items().filter_map(|(id, item)| Some((id, item.history.as_deref()?)))
    }

    /// Every Dockerfile.
    pub fn dockerfiles(&self) -> impl Iterator<Item = (ItemId, &crate::dockerfile::Dockerfile)> {
        self.items().filter_map(|(id, item)| Some((id, item.dockerfile()?)))
    }

    /// Every JSON document.
    pub fn documents(&self) -> impl Iterator<Item = (ItemId, &crate::oci::Document)> {
        self.items().filter_map(|(id, item)| Some((id, item.document()?)))
    }

    /// Tar archives that are no images: tarballs and layers.
    pub fn tarballs(&self) -> impl Iterator<Item = (ItemId, &Item)> {
        self.items().filter(|(_, item)| matches!(item.body, Body::Tarball))
    }
}

/// An entry of an archive that is a symbolic link: the name by which it is found, and where it points.
fn link(archive: ItemId, entry: &Entry) -> Option<((ItemId, Vec<u8>), Vec<u8>)> {
    (entry.kind == EntryKind::Symlink).then(|| ((archive, entry.clean().into_owned()), entry.link.to_vec()))
}

fn sort(draft: &mut Draft) {
    draft.parts.iter_mut().for_each(sort);
    // Stable: entries of one name keep their order in the archive, which decides which one docker reads.
    order::sort_by(&mut draft.parts, |left, right| left.item.name.cmp(&right.item.name));
}

fn key(draft: &Draft) -> (&'static str, &str, Digest) {
    (draft.item.kind(), &draft.item.name, draft.item.sha256)
}
