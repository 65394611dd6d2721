//! Check `descriptor`: every digest, size and media type that a document writes, against the bytes that it names.

use super::edges::{self, Reference, descriptor_label, end, named_end, print_bytes, references, reformatted, sha256sum};
use super::rebuilt_image::Blobs;
use super::{Check, End, Kind, Role, Verdict, Want, fetch};
use crate::case::{Body, Case, Item, ItemId, Origin, digest_in_name};
use crate::digest::{Algorithm, DiffId, Digest};
use crate::finding::{Said, visible};
use crate::intake::Compression;
use crate::oci::{Content, Descriptor, Document, LayerCompression, SaveImage};
use crate::order::{Gather, Map, Set};

/// One check for each descriptor, for each document that contradicts itself, and for each entry whose name is a digest.
pub(super) fn run(case: &Case, rebuilt: &Blobs) -> Vec<Check> {
    let has_documents = case.documents().next().is_some();
    let mut checks = if has_documents { named(case, rebuilt) } else { Vec::new() };
    // Where a document misses the blob, it has said so already.
    let missed: Set<String> =
        checks.iter().filter(|check| check.said.code == "descriptor.blob-differs").filter_map(blob_named).gather();
    checks
        .extend(case.items().filter(|(_, item)| !missed.contains(&item.name)).filter_map(|(id, item)| blob_name(case, id, item)));
    checks.extend(case.items().filter_map(|(id, item)| no_image(case, id, item)));
    if has_documents {
        checks.extend(listed(case));
    }
    checks
}

/// What descriptors name, and documents that contradict themselves.
fn named(case: &Case, rebuilt: &Blobs) -> Vec<Check> {
    let references = references(case);
    let orphans = Orphans { unnamed: unnamed(case, &references), reformatted: reformatted(case), rebuilt };
    let mut names = Map::new();
    let mut checks = Vec::new();
    for reference in &references {
        let name = repository(case, reference.holder, &mut names);
        checks.push(compare(case, &orphans, reference, name.as_deref()));
    }
    checks.extend(case.documents().filter_map(|(id, document)| {
        let own = document.media_type().filter(|_| document.contradicts_itself())?;
        let said = Said::new("descriptor.own-media-type").with("media_type", own);
        Some(Check::new(Kind::Descriptor, Verdict::Contradicted, end(case, id), said))
    }));
    checks
}

/// Copies of documents, and what `manifest.json` lists.
fn listed(case: &Case) -> Vec<Check> {
    let mut checks = copies(case);
    checks.extend(case.documents().flat_map(|(id, document)| match &document.content {
        Content::DockerSave(images) => saved(case, id, images),
        _ => Vec::new(),
    }));
    checks
}

fn compare(case: &Case, orphans: &Orphans<'_>, reference: &Reference<'_>, name: Option<&str>) -> Check {
    let descriptor = reference.descriptor;
    let (verdict, said) = judge(case, orphans, reference);
    let mut check = Check::new(Kind::Descriptor, verdict, end(case, reference.holder), said).to(named_end(case, reference));
    if let Some(target) = reference.target {
        check = check.repeat(sha256sum(case, target)).repeat(format!("{} | wc -c", print_bytes(case, target)));
        if matches!(case.item(target).origin, Origin::Data(_)) {
            check = check.detail(Said::new("descriptor.from-data").with("pointer", &descriptor.pointer));
        }
    }
    for url in descriptor.urls.iter().take(4) {
        check = check.detail(Said::new("descriptor.url").with("url", url));
    }
    if verdict == Verdict::Unknown && reference.target.is_none() {
        check = check.want(want(reference, name));
    }
    check
}

fn judge(case: &Case, orphans: &Orphans<'_>, reference: &Reference<'_>) -> (Verdict, Said) {
    let descriptor = reference.descriptor;
    let said = |code| Said::new(code).with("digest", &descriptor.digest);
    if descriptor.data_matches() == Some(false) {
        let data = descriptor.data.as_deref().unwrap_or_default();
        let found = Digest::sha256(data);
        return (Verdict::Contradicted, said("descriptor.data-differs").with("found", found).with("size", data.len()));
    }
    if descriptor.digest.provable().is_none() {
        return (Verdict::Unknown, said("descriptor.algorithm"));
    }
    let Some(target) = reference.target else { return judge_absent(case, orphans, reference) };
    let item = case.item(target);
    if reference.is_too_deep {
        return (Verdict::Unknown, said("descriptor.index-too-deep").with("most", case.options().limits.index_depth));
    }
    if item.size != descriptor.size {
        let said = said("descriptor.size-differs").with("claimed", descriptor.size).with("found", item.size);
        return (Verdict::Contradicted, said);
    }
    match media_type_lies(item, descriptor) {
        Some(found) => {
            (Verdict::Contradicted, said("descriptor.media-type").with("media_type", &descriptor.media_type).with("found", found))
        }
        None => (Verdict::Proved, said("descriptor.equal").with("size", descriptor.size)),
    }
}

/// What may stand in the place of a blob that is not at hand.
struct Orphans<'c> {
    /// Blobs of archives and folders that no document names, by the archive and their size.
    unnamed: Map<(ItemId, u64), ItemId>,
    /// Documents at hand by the digests that their content has in other forms.
    reformatted: Map<Digest, ItemId>,
    /// What was built here.
    rebuilt: &'c Blobs,
}

/// A layout holds blobs because something names them. One that nothing names, and that has the very size and kind of a blob
/// that is missing, shows that a digest was changed.
fn unnamed(case: &Case, references: &[Reference<'_>]) -> Map<(ItemId, u64), ItemId> {
    let named: Set<ItemId> = references.iter().filter_map(|reference| reference.target).gather();
    let named_bytes: Set<Digest> = named.iter().map(|id| case.item(*id).sha256).gather();
    let blobs = case.items().filter(|(_, item)| match &item.origin {
        Origin::Entry(name) => name.starts_with("blobs/") || name.contains("/blobs/"),
        _ => false,
    });
    let left = blobs.filter(|(_, item)| !named_bytes.contains(&item.sha256));
    left.map(|(id, item)| ((case.outermost(id), item.size), id)).gather()
}

/// Nothing has the digest. If something stands in the place where the blob belongs, it is another one.
fn judge_absent(case: &Case, orphans: &Orphans<'_>, reference: &Reference<'_>) -> (Verdict, Said) {
    let descriptor = reference.descriptor;
    let home = case.outermost(reference.holder);
    let path = format!("blobs/{}", descriptor.digest.to_string().replacen(':', "/", 1));
    let known = descriptor.digest.known().filter(|digest| digest.algorithm() == Algorithm::Sha256);
    let imposter = known.and_then(|_| case.part_named(home, &path)).map(|id| case.item(id));
    if imposter.is_some_and(is_link_text) {
        return (Verdict::Unknown, Said::new("descriptor.link-text").with("digest", &descriptor.digest).with("name", path));
    }
    if let Some(item) = imposter {
        let said = Said::new("descriptor.blob-differs").with("digest", &descriptor.digest).with("found", item.sha256);
        return (Verdict::Contradicted, said.with("name", &item.name));
    }
    if let Some(blob) = descriptor.digest.known().and_then(|digest| orphans.rebuilt.get(digest)) {
        let (verdict, code) = match blob.size == descriptor.size {
            true => (Verdict::Proved, "descriptor.rebuilt"),
            false => (Verdict::Contradicted, "descriptor.size-differs"),
        };
        let said = Said::new(code).with("digest", &descriptor.digest).with("name", &blob.from).with("size", blob.size);
        return (verdict, said.with("claimed", descriptor.size).with("found", blob.size));
    }
    let copy = descriptor.digest.known().and_then(|digest| orphans.reformatted.get(digest));
    if let Some(id) = copy {
        let said = Said::new("descriptor.reformatted").with("name", &case.item(*id).name);
        return (Verdict::Proved, said.with("digest", &descriptor.digest));
    }
    let orphan = orphans.unnamed.get(&(home, descriptor.size)).map(|id| case.item(*id));
    if let Some(item) = orphan.filter(|item| media_type_lies(item, descriptor).is_none()) {
        let said = Said::new("descriptor.orphan").with("digest", &descriptor.digest).with("size", descriptor.size);
        return (Verdict::Contradicted, said.with("name", &item.name).with("found", item.sha256));
    }
    let code = if descriptor.urls.is_empty() { "descriptor.absent" } else { "descriptor.absent-foreign" };
    (Verdict::Unknown, Said::new(code).with("digest", &descriptor.digest))
}

/// What the blob is, if that is not what the descriptor's media type says.
fn media_type_lies(item: &Item, descriptor: &Descriptor) -> Option<String> {
    if let Some(document) = item.document() {
        let fits = document.fits(descriptor) != Some(false);
        let own = document.media_type().map(ToString::to_string);
        return (!fits).then(|| own.unwrap_or_else(|| item.kind().to_owned()));
    }
    let promised = descriptor.media_type.layer_compression();
    if promised.is_none() {
        let wants_document =
            descriptor.media_type.is_index() || descriptor.media_type.is_manifest() || descriptor.media_type.is_config();
        return wants_document.then(|| item.kind().to_owned());
    }
    let facts = item.facts.as_ref()?;
    // A stream that could not be unpacked says nothing about what it was meant to be.
    let found = facts.compression.as_ref().map(|facts| facts.format);
    let fits = match promised? {
        LayerCompression::Plain => found.is_none(),
        LayerCompression::Gzip => found == Some(Compression::Gzip),
        LayerCompression::Zstd => found == Some(Compression::Zstd),
    };
    if fits && (facts.tar().is_some() || facts.error.is_some()) {
        return None;
    }
    let compression = found.map_or("uncompressed", Compression::name);
    Some(if facts.tar().is_some() { format!("tar, {compression}") } else { item.kind().to_owned() })
}

fn want(reference: &Reference<'_>, name: Option<&str>) -> Want {
    let descriptor = reference.descriptor;
    let role = edges::role_of_descriptor(descriptor);
    let what = match role {
        Role::Layer => "want.layer",
        Role::Config => "want.config",
        _ => "want.blob",
    };
    let command = match role {
        Role::Manifest | Role::Index | Role::Attestation => fetch::document(name, &descriptor.digest, "manifest.json"),
        Role::Config => fetch::blob(name, &descriptor.digest, "config.json"),
        _ => fetch::blob(name, &descriptor.digest, "blob"),
    };
    let number = descriptor.pointer.strip_prefix("/layers/").and_then(|index| index.parse::<u64>().ok());
    let label = number.map_or_else(|| descriptor_label(descriptor), |index| (index + 1).to_string());
    Want {
        bring: Said::new(what).with("digest", &descriptor.digest).with("label", label),
        why: Said::new("want.why-descriptor").with("digest", &descriptor.digest),
        command: Some(command),
    }
}

/// The name of the repository that the annotations of a document, or of what it is a part of, give. What was looked at is `known`:
/// thousands of documents may be parts of one.
fn repository(case: &Case, id: ItemId, known: &mut Map<ItemId, Option<String>>) -> Option<String> {
    if let Some(name) = known.get(&id) {
        return name.clone();
    }
    let name = own_repository(case.item(id)).or_else(|| repository(case, case.item(id).parent?, known));
    known.insert(id, name.clone());
    name
}

/// The name that a document's own annotations give, without its tag.
fn own_repository(item: &Item) -> Option<String> {
    let descriptors = item.document().map(crate::oci::Document::descriptors).unwrap_or_default();
    let mut names = descriptors.iter().filter_map(|descriptor| descriptor.annotations.get("io.containerd.image.name"));
    let name = names.next()?;
    let slash = name.rfind('/').map_or(0, |slash| slash + 1);
    let cut = name[slash..].find([':', '@']).map_or(name.len(), |colon| slash + colon);
    Some(visible(&name.as_bytes()[..cut]))
}

/// Given documents that are re-indented copies of documents at hand: same content, other bytes.
fn copies(case: &Case) -> Vec<Check> {
    let mut by_content: Map<Digest, Vec<(ItemId, &Document)>> = Map::new();
    for (id, document) in case.documents() {
        by_content.entry(document.content_digest).or_default().push((id, document));
    }
    let mut checks = Vec::new();
    for (id, document) in case.documents().filter(|(id, _)| case.item(*id).parent.is_none()) {
        let alike = by_content.get(&document.content_digest).into_iter().flatten();
        let Some((original, _)) = alike.into_iter().find(|(other, copy)| *other != id && copy.is_copy_of(document)) else {
            continue;
        };
        let said = Said::new("descriptor.copy").with("digest", document.digest).with("other", case.item(*original).sha256);
        checks.push(Check::new(Kind::Descriptor, Verdict::Agrees, end(case, id), said).to(end(case, *original)));
    }
    checks
}

/// Lists of images that list none, and archives with parts of images but no list.
fn no_image(case: &Case, id: ItemId, item: &Item) -> Option<Check> {
    let code = match (&item.body, item.document().map(|document| &document.content)) {
        (_, Some(Content::Index(index))) if index.manifests.is_empty() && item.error.is_none() => {
            let said = match other_list(case, item) {
                0 => Said::new("descriptor.no-image"),
                count => Said::new("descriptor.empty-list").with("count", count),
            };
            return Some(Check::new(Kind::Descriptor, Verdict::Unknown, end(case, id), said));
        }
        (_, Some(Content::DockerSave(images))) if images.is_empty() && item.error.is_none() => "descriptor.no-image",
        (Body::ImageArchive | Body::ImageFolder, _) if !case.parts(id).iter().any(|part| lists_images(case.item(*part))) => {
            "descriptor.no-list"
        }
        _ => return None,
    };
    Some(Check::new(Kind::Descriptor, Verdict::Unknown, end(case, id), Said::new(code)))
}

/// How many images the `manifest.json` beside an index lists.
fn other_list(case: &Case, index: &Item) -> usize {
    let parts = index.parent.map(|parent| case.parts(parent)).unwrap_or_default();
    let documents = parts.iter().filter_map(|id| case.item(*id).document());
    let counts = documents.map(|document| match &document.content {
        Content::DockerSave(images) => images.len(),
        _ => 0,
    });
    counts.sum()
}

/// Whether a part of an archive is, or was meant to be, its list of images.
fn lists_images(item: &Item) -> bool {
    let is_list = item.document().is_some_and(|document| matches!(document.content, Content::Index(_) | Content::DockerSave(_)));
    is_list || matches!(item.name.as_str(), "manifest.json" | "index.json")
}

/// The entry that a result says stands in the place of another blob.
fn blob_named(check: &Check) -> Option<String> {
    check.said.args.iter().find(|(name, _)| *name == "name").map(|(_, value)| value.to_string())
}

/// `blobs/sha256/HEX`: the layout's specification asks that the name is the digest of the content.
fn blob_name(case: &Case, id: ItemId, item: &Item) -> Option<Check> {
    let Origin::Entry(name) = &item.origin else { return None };
    let (folder, hex) = name.rsplit_once('/')?;
    let named = Digest::from_hex(Algorithm::Sha256, hex)
        .ok()
        .filter(|_| folder == "blobs/sha256" || folder.ends_with("/blobs/sha256"))?;
    if named == item.sha256 || is_link_text(item) {
        return None;
    }
    let said = Said::new("descriptor.name-differs").with("name", &item.name).with("found", item.sha256);
    Some(Check::new(Kind::Descriptor, Verdict::Contradicted, end(case, id), said).repeat(sha256sum(case, id)))
}

/// A checkout without symbolic links has small texts with the path in their place: nobody tampered with them.
fn is_link_text(item: &Item) -> bool {
    matches!(
        item.facts.as_ref().map(|facts| &facts.content),
        Some(crate::intake::Content::Other(crate::intake::Kind::SymlinkText))
    ) && matches!(item.body, Body::Other)
}

/// Config and layers of the images in `manifest.json`: by the entries' names, which are often digests.
fn saved(case: &Case, id: ItemId, images: &[SaveImage]) -> Vec<Check> {
    let Some(archive) = case.item(id).parent else { return Vec::new() };
    let list = List { case, id, archive, images };
    images.iter().flat_map(|image| list.parts(image)).list()
}

/// A `manifest.json` in its archive or folder.
struct List<'c> {
    case: &'c Case,
    id: ItemId,
    archive: ItemId,
    images: &'c [SaveImage],
}

impl List<'_> {
    fn parts(&self, image: &SaveImage) -> Vec<Check> {
        let config = image.config.iter().filter_map(|name| self.part(Role::Config, name, || self.unnamed_config()));
        let diff_ids = image.config.as_ref().map(|name| self.diff_ids(name)).unwrap_or_default();
        let layers = image
            .layers
            .iter()
            .zip(0..)
            .filter_map(|(name, index)| self.part(Role::Layer, name, || self.layer(diff_ids.get(index).copied().flatten()?)));
        config.chain(layers).list()
    }

    fn find(&self, name: &str) -> Option<ItemId> {
        self.case.listed_part(self.archive, name)
    }

    /// A config in the archive that the list does not name.
    fn unnamed_config(&self) -> Option<ItemId> {
        let named: Vec<_> = self.images.iter().filter_map(|image| self.find(image.config.as_ref()?)).list();
        let is_config =
            |id: &ItemId| self.case.item(*id).document().is_some_and(|document| matches!(document.content, Content::Config(_)));
        self.case.parts(self.archive).iter().copied().find(|id| is_config(id) && !named.contains(id))
    }

    /// The layer in the archive that has this diff_id.
    fn layer(&self, diff_id: DiffId) -> Option<ItemId> {
        let at_hand = self.case.by_diff_id(&diff_id).iter().copied();
        at_hand.into_iter().find(|id| self.case.item(*id).parent == Some(self.archive))
    }

    fn diff_ids(&self, config: &str) -> Vec<Option<DiffId>> {
        match self.find(config).and_then(|id| self.case.item(id).document()).map(|document| &document.content) {
            Some(Content::Config(config)) => {
                config.diff_ids.iter().map(|named| named.known().map(|digest| DiffId(*digest))).list()
            }
            _ => Vec::new(),
        }
    }

    fn part(&self, role: Role, name: &str, belongs: impl Fn() -> Option<ItemId>) -> Option<Check> {
        let case = self.case;
        let shown = visible(name.as_bytes());
        let target = self.find(name);
        let check = |verdict, said: Said| {
            let mut to = End::new(role, &shown);
            to.item = target;
            to.digest = target.map(|target| case.item(target).sha256);
            Some(Check::new(Kind::Descriptor, verdict, end(case, self.id), said.with("name", &shown)).to(to))
        };
        let Some(target) = target else {
            if let Some(found) = belongs() {
                let said = Said::new("descriptor.entry-elsewhere").with("found", &case.item(found).name);
                return check(Verdict::Contradicted, said);
            }
            let bring = Said::new("want.archive-part").with("name", &shown);
            let want = Want { bring, why: Said::new("want.why-part"), command: None };
            return check(Verdict::Unknown, Said::new("descriptor.entry-absent")).map(|check| check.want(want));
        };
        let item = case.item(target);
        let named = digest_in_name(name)?;
        if named == item.sha256 {
            let said = Said::new("descriptor.name-equal").with("digest", named);
            return check(Verdict::Proved, said).map(|check| check.repeat(sha256sum(case, target)));
        }
        // Older archives name layers by identifiers that are digests of nothing; a config's name has always been its digest.
        if role != Role::Config {
            return None;
        }
        let said = Said::new("descriptor.config-name").with("digest", named).with("found", item.sha256);
        check(Verdict::Contradicted, said).map(|check| check.repeat(sha256sum(case, target)))
    }
}
