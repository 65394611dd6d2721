//! From the facts of one stream to drafts of items: recognises what it is by its content and takes it apart.

use super::item::{Body, Item, Origin, UNNEEDED, is_mostly};
use super::options::Options;
use crate::digest::Digest;
use crate::dockerfile;
use crate::finding::{At, Finding, ReadError, from_utf16, visible};
use crate::history;
use crate::intake::{BlobFacts, Content, Entry, EntryKind, Kind, Shape, TarFacts};
use crate::oci::{self, Claim, ClaimValue, Descriptor, Document, DocumentKind, parse_claims};
use crate::official;
use crate::order::{Gather, Map};
use crate::trust;
use std::sync::Arc;

/// How deep documents embedded in documents (`data` of descriptors) are followed.
const MAX_DATA_DEPTH: usize = 4;

/// An item that has no number yet, and what was found inside it.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The item; its parent is set when the case is put together.
    pub item: Item,
    /// Parts, in the order of their place.
    pub parts: Vec<Draft>,
}

/// Where a stream came from.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// Number of the session's source.
    pub source: u32,
    /// As it was given, or as a part of something.
    pub origin: Origin,
    /// A person says that every line of the text is what a builder recorded for a step, though nothing in it shows that.
    pub history_lines: bool,
}

/// Takes the facts of one source apart.
pub fn draft(facts: BlobFacts, arrival: &Arrival, options: &Options) -> Draft {
    let facts = Arc::new(facts);
    let mut draft = Draft { item: bare(&facts, arrival), parts: Vec::new() };
    match &facts.content {
        Content::Tar(tar) if tar.shape == Shape::Image => {
            draft.item.body = Body::ImageArchive;
            draft.parts = tar.entries.iter().filter_map(|entry| part(entry, arrival, options)).list();
            draft.parts.iter_mut().for_each(|part| refuse_links_outside(&mut part.item, tar));
        }
        Content::Tar(tar) => {
            draft.item.body = Body::Tarball;
            if arrival.origin == Origin::Input && is_container_export(tar) {
                draft.item.findings.push(Finding::warn("case.container-export"));
            }
        }
        Content::Json(bytes) => json(&mut draft, bytes, arrival, options),
        // `null` is no text in its place.
        Content::Text(bytes) if is_json_by_place(arrival) => json(&mut draft, bytes, arrival, options),
        Content::Text(bytes) if arrival.history_lines => history(&mut draft.item, bytes, options, Some(history::Format::Paste)),
        Content::Text(bytes) => text(&mut draft.item, bytes, options),
        Content::Binary(_) | Content::Other(_) if is_beside(&draft.item, &facts) => unneeded(&mut draft.item),
        Content::Binary(_) => draft.item.findings.push(Finding::warn("case.unknown-binary")),
        // The pass has said what it is and what to bring instead.
        Content::Other(_) => {}
    }
    draft
}

/// Whether a file came with a folder and is nothing that stands in the place of something else: pictures, programs, empty files.
fn is_beside(item: &Item, facts: &BlobFacts) -> bool {
    let stands_for_another = matches!(facts.content, Content::Other(Kind::LfsPointer | Kind::SymlinkText));
    let is_empty = matches!(facts.content, Content::Other(Kind::Empty));
    is_in_folder(item) && !stands_for_another && (item.error.is_none() || is_empty)
}

/// Files of a dropped folder are named by their path.
fn is_in_folder(item: &Item) -> bool {
    item.origin == Origin::Input && item.name.contains('/')
}

fn unneeded(item: &mut Item) {
    item.error = None;
    item.findings.retain(|finding| !finding.code.starts_with("intake.kind-"));
    item.findings.push(Finding::note(UNNEEDED));
}

/// Docker and podman leave an empty file at the root of a container's file system, which no image has.
fn is_container_export(tar: &TarFacts) -> bool {
    tar.entries.iter().any(|entry| matches!(&*entry.clean(), b".dockerenv" | b"run/.containerenv"))
}

/// Where a symbolic link points inside its archive. `None` if it leads out of it.
pub(super) fn link_inside(path: &str, link: &[u8]) -> Option<Vec<u8>> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let joined = [folder.as_bytes(), b"/", link].concat();
    let escapes = crate::intake::escapes_root(&joined) || link.starts_with(b"/");
    (!escapes).then(|| crate::intake::clean(&joined).into_owned())
}

/// Names in `manifest.json` that are symbolic links out of the archive name nothing in it, and nothing else is looked up.
fn refuse_links_outside(item: &mut Item, tar: &TarFacts) {
    let Some(oci::Content::DockerSave(images)) = item.document().map(|document| &document.content) else { return };
    let names = images.iter().flat_map(|image| image.config.iter().chain(&image.layers));
    // Of equal names the last one counts.
    let entries: Map<_, &Entry> = tar.entries.iter().map(|entry| (entry.clean(), entry)).collect();
    let outside = names.filter_map(|name| {
        let link = entries.get(&crate::intake::clean(name.as_bytes()))?;
        let leads_out = link.kind == EntryKind::Symlink && link_inside(name, &link.link).is_none();
        leads_out.then(|| format!("“{}”, a link to “{}”", visible(name.as_bytes()), visible(&link.link)))
    });
    let error = outside.map(|found| ReadError::new("oci.name-outside", "the name of an entry of this archive", found)).next();
    item.error = item.error.take().or(error);
}

/// Whether the place of an entry in an image archive says that it is JSON.
fn is_json_by_place(arrival: &Arrival) -> bool {
    matches!(&arrival.origin, Origin::Entry(name) if kind_by_place(name).is_some())
}

fn bare(facts: &Arc<BlobFacts>, arrival: &Arrival) -> Item {
    Item {
        id: String::new(),
        name: visible(facts.name.as_bytes()),
        origin: arrival.origin.clone(),
        parent: None,
        folder: None,
        size: facts.size,
        sha256: facts.sha256,
        body: Body::Other,
        facts: Some(Arc::clone(facts)),
        history: None,
        source: arrival.source,
        findings: facts.findings.clone(),
        error: facts.error.clone(),
    }
}

/// The part of an image that an entry of its archive is; entries without content of their own are no parts.
fn part(entry: &Entry, arrival: &Arrival, options: &Options) -> Option<Draft> {
    let nested = entry.nested()?.clone();
    let name = visible(&entry.clean());
    Some(draft(nested, &Arrival { source: arrival.source, origin: Origin::Entry(name), history_lines: false }, options))
}

fn json(draft: &mut Draft, bytes: &[u8], arrival: &Arrival, options: &Options) {
    let limits = crate::json::Limits::default();
    if arrival.origin == Origin::Pasted && are_repo_digests(bytes) {
        draft.item.body = Body::Claims(Arc::new(claims(bytes)));
        return;
    }
    if history::sniff(bytes).is_some_and(|format| !has_own_view(format)) {
        return history(&mut draft.item, bytes, options, None);
    }
    let named = match &arrival.origin {
        Origin::Entry(name) => kind_by_place(name),
        _ => None,
    };
    match oci::read_as(bytes, named, &limits) {
        Ok(document) => {
            draft.item.findings.extend(document.findings.iter().cloned());
            // Documents of several platforms and other wrappers around configs have no view of their own in room `oci`.
            if document.kind.is_none() && history::sniff(bytes).is_some() {
                return history(&mut draft.item, bytes, options, None);
            }
            if history::sniff(bytes).is_some() {
                draft.item.history = history::read(bytes, hint(options)).ok().map(Arc::new);
            }
            draft.parts = embedded(&document, arrival, options, 0);
            draft.item.error = draft.item.error.take().or_else(|| document.errors.first().cloned());
            if document.kind.is_none() {
                draft.item.findings.push(Finding::note("case.unknown-json"));
            }
            draft.item.body = Body::Document(Arc::new(document));
        }
        // Templates begin with a brace too.
        Err(_) if is_in_folder(&draft.item) && !draft.item.name.ends_with(".json") => unneeded(&mut draft.item),
        Err(error) => draft.item.error = Some(error),
    }
}

/// A list such as `docker inspect --format '{{json .RepoDigests}}'` prints.
fn are_repo_digests(bytes: &[u8]) -> bool {
    let claims = claims(bytes);
    let is_list = bytes.trim_ascii_start().starts_with(b"[\"");
    is_list && !claims.is_empty() && claims.iter().all(|claim| claim.hint == Some(oci::ClaimHint::RepoDigest))
}

/// Formats that are documents of room `oci`, whose history is read beside them.
fn has_own_view(format: history::Format) -> bool {
    use history::Format::{BuildahInspect, Config, Inspect, SchemaOne};
    matches!(format, BuildahInspect | Config | Inspect | SchemaOne)
}

/// What the place of an entry in an image archive says that it must be.
fn kind_by_place(name: &str) -> Option<DocumentKind> {
    match name {
        "manifest.json" => Some(DocumentKind::DockerSave),
        "repositories" => Some(DocumentKind::Repositories),
        "oci-layout" => Some(DocumentKind::OciLayout),
        _ => None,
    }
}

/// Documents that the descriptors of a document carry in their `data` (OCI image-spec 1.1, descriptor.md).
fn embedded(document: &Document, arrival: &Arrival, options: &Options, depth: usize) -> Vec<Draft> {
    if depth >= MAX_DATA_DEPTH {
        return Vec::new();
    }
    let descriptors = document.descriptors();
    descriptors.into_iter().filter_map(|descriptor| data_part(descriptor, arrival, options, depth)).list()
}

fn data_part(descriptor: &Descriptor, arrival: &Arrival, options: &Options, depth: usize) -> Option<Draft> {
    let data = descriptor.data.as_deref().filter(|data| !data.is_empty())?;
    let origin = Origin::Data(descriptor.pointer.clone());
    let mut item = Item {
        id: String::new(),
        name: format!("data of {}", visible(descriptor.pointer.as_bytes())),
        origin: origin.clone(),
        parent: None,
        folder: None,
        size: data.len() as u64,
        sha256: Digest::sha256(data),
        body: Body::Other,
        facts: None,
        history: None,
        source: arrival.source,
        findings: Vec::new(),
        error: None,
    };
    let document = oci::read(data, &crate::json::Limits::default()).ok()?;
    if document.kind == Some(DocumentKind::Config) {
        item.history = history::read(data, hint(options)).ok().map(Arc::new);
    }
    let parts = embedded(&document, &Arrival { source: arrival.source, origin, history_lines: false }, options, depth + 1);
    item.findings = document.findings.clone();
    item.body = Body::Document(Arc::new(document));
    Some(Draft { item, parts })
}

/// Texts are tried from the most particular form to the least: a history or a list never reads as a Dockerfile, but a
/// Dockerfile's lines can look like a paste of digests.
fn text(item: &mut Item, bytes: &[u8], options: &Options) {
    if let Some(text) = from_utf16(bytes).filter(|text| text.trim_start().starts_with(['{', '['])) {
        return json_in_utf16(item, bytes, &text, options);
    }
    if history::sniff(bytes).is_some() {
        return history(item, bytes, options, None);
    }
    if official::looks_like_library(bytes) {
        match official::parse(bytes) {
            Ok(file) => item.body = Body::LibraryFile(Arc::new(file)),
            Err(error) => item.error = Some(error),
        }
        return;
    }
    if trust::looks_like_checksums(bytes) {
        match trust::parse_checksums(bytes) {
            Ok(list) if are_digests(&list, &item.origin) => {
                item.body = Body::Claims(Arc::new(claims(bytes)));
            }
            Ok(list) => {
                item.findings.extend(list.findings.iter().cloned());
                item.body = Body::ChecksumList(Arc::new(list));
            }
            Err(error) => item.error = Some(error),
        }
        return;
    }
    match dockerfile::parse(bytes, &dockerfile_limits(options)) {
        Ok(file) if file.instructions.len() == 1 && !is_called_dockerfile(&item.name) && !claims(bytes).is_empty() => {
            // `FROM image@sha256:…` alone is a digest in its usual place, not a recipe, unless it is called one.
            item.body = Body::Claims(Arc::new(claims(bytes)));
        }
        Ok(file) if is_prose(&file) && !is_called_dockerfile(&item.name) => {
            not_a_dockerfile(item, bytes, unknown_text(bytes));
        }
        Ok(file) => {
            item.findings.extend(file.problems.iter().chain(&file.findings).cloned());
            item.body = Body::Dockerfile(Arc::new(file));
        }
        Err(error) => not_a_dockerfile(item, bytes, error),
    }
}

/// Digests without names are claims, such as `docker image history --quiet` prints them. A file with one of them is the
/// `.sha256` beside another file.
fn are_digests(list: &trust::ChecksumList, origin: &Origin) -> bool {
    list.lines.iter().all(|line| line.name.is_none()) && (list.lines.len() > 1 || *origin == Origin::Pasted)
}

/// What a Windows shell makes of a program's output. A history or the output of `docker image inspect` is read all the same:
/// nobody takes a digest over it. Of every other document the original bytes are wanted.
fn json_in_utf16(item: &mut Item, bytes: &[u8], text: &str, options: &Options) {
    let limits = crate::json::Limits::default();
    if history::sniff(bytes).is_some_and(|format| !has_own_view(format)) {
        return history(item, bytes, options, None);
    }
    match oci::read(text.as_bytes(), &limits) {
        Ok(document) if matches!(document.content, oci::Content::Inspect(_) | oci::Content::Skopeo(_)) => {
            item.findings.push(Finding::note("history.utf-16").at(At::byte(0)));
            item.findings.extend(document.findings.iter().cloned());
            item.history = history::read(bytes, hint(options)).ok().map(Arc::new);
            item.body = Body::Document(Arc::new(document));
        }
        _ => item.error = crate::json::parse(bytes, &limits).err(),
    }
}

/// Whether most lines of a file with a FROM are no instructions: a text in which a sentence begins with "from".
fn is_prose(file: &dockerfile::Dockerfile) -> bool {
    let unknown = file.instructions.iter().filter(|instruction| instruction.keyword == dockerfile::Keyword::Unknown);
    unknown.count() * 2 > file.instructions.len()
}

fn not_a_dockerfile(item: &mut Item, bytes: &[u8], error: ReadError) {
    let claims = claims(bytes);
    if matches!(item.origin, Origin::Entry(_)) {
        // Archives hold texts that belong to nobody's question, such as the VERSION files of old `docker save` archives.
        item.findings.push(Finding::note("case.unknown-part"));
    } else if !claims.is_empty() && (!is_in_folder(item) || is_mostly(&claims, bytes)) {
        item.body = Body::Claims(Arc::new(claims));
    } else if is_called_dockerfile(&item.name) {
        item.error = Some(error);
    } else if is_in_folder(item) {
        unneeded(item);
    } else {
        item.error = Some(unknown_text(bytes));
    }
}

fn unknown_text(bytes: &[u8]) -> ReadError {
    ReadError::new("case.unknown-text", "a Dockerfile, a history, JSON, a checksum list or a digest", first_line(bytes))
        .at(At::line(1))
}

/// `Dockerfile`, `Dockerfile.alpine`, `web.Dockerfile`; templates of Dockerfiles are none yet.
fn is_called_dockerfile(name: &str) -> bool {
    let base = name.rsplit('/').next().unwrap_or(name).to_lowercase();
    base.contains("dockerfile") && !base.ends_with(".template") && !base.ends_with(".dockerignore")
}

fn claims(bytes: &[u8]) -> Vec<Claim> {
    match from_utf16(bytes) {
        // What PowerShell wrote of `docker image ls --digests`.
        Some(text) => parse_claims(&text),
        None => std::str::from_utf8(bytes).map(parse_claims).unwrap_or_default(),
    }
}

/// Name of the evidence that a typed claim is.
pub const CLAIM: &str = "claim";

/// A digest that somebody claims. What is none is kept as a broken one, so that it shows.
pub fn claim_draft(text: &str, source: u32) -> Draft {
    let mut claims = parse_claims(text);
    if claims.is_empty() {
        let value = ClaimValue::Broken { text: visible(text.as_bytes()) };
        claims.push(Claim { value, name: None, hint: None, platform: None, at: At::line(1) });
    }
    Draft {
        item: Item {
            id: String::new(),
            name: CLAIM.to_owned(),
            origin: Origin::Pasted,
            parent: None,
            folder: None,
            size: text.len() as u64,
            sha256: Digest::sha256(text.as_bytes()),
            body: Body::Claims(Arc::new(claims)),
            facts: None,
            history: None,
            source,
            findings: Vec::new(),
            error: None,
        },
        parts: Vec::new(),
    }
}

fn first_line(bytes: &[u8]) -> String {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    format!("a text that begins “{}”", visible(&line[..line.len().min(60)]))
}

fn history(item: &mut Item, bytes: &[u8], options: &Options, format: Option<history::Format>) {
    match history::read(bytes, history::Hint { format, ..hint(options) }) {
        Ok(history) => {
            item.findings.extend(history.findings.iter().cloned());
            item.history = Some(Arc::new(history));
            item.body = Body::History;
        }
        Err(error) => item.error = Some(error),
    }
}

fn hint(options: &Options) -> history::Hint<'_> {
    history::Hint { format: None, platform: options.platform.as_deref(), max_bytes: options.limits.history }
}

fn dockerfile_limits(options: &Options) -> dockerfile::Limits {
    dockerfile::Limits { file_bytes: options.limits.dockerfile, line_bytes: options.limits.dockerfile_line, ..Default::default() }
}
