//! JSON: configs, inspect outputs, the engine's and podman's arrays, and one object per line.

use super::entry::{Format, HistoryEntry};
use super::fingerprint::ConfigMarks;
use super::size::Size;
use super::{MAX_ENTRIES, when};
use crate::finding::{At, Finding, ReadError};
use crate::json::{Document, Limits, Object, Value, parse};
use crate::order::Gather;

/// Entries in the order of the document, and what stands beside them.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) format: Format,
    pub(super) entries: Vec<HistoryEntry>,
    pub(super) marks: ConfigMarks,
    pub(super) subject: Option<String>,
    pub(super) findings: Vec<Finding>,
}

/// The kind of a JSON text that holds a history or is known to hold none; `None` for other JSON and for no JSON.
pub(super) fn sniff(text: &str) -> Option<Format> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let first = values(text).next()?;
    match parse(&text.as_bytes()[first.clone()], &limits(text)) {
        Ok(document) => classify(&document.root).map(|place| place.format),
        // A damaged config is still a config: reading it says where it is damaged.
        Err(_) => {
            let has = |key: &str| text.contains(key);
            let config = text.trim_start().starts_with('{') && has("\"rootfs\"") && has("\"history\"") && has("\"diff_ids\"");
            config.then_some(Format::Config)
        }
    }
}

/// The platforms of a document that holds a config for each; none for every other document.
pub(super) fn platforms(text: &str) -> Vec<String> {
    let Some(document) = values(text).next().and_then(|first| parse(&text.as_bytes()[first], &limits(text)).ok()) else {
        return Vec::new();
    };
    let object = document.root.as_object();
    let holder = match classify(&document.root).map(|place| place.holder) {
        Some(Holder::Platforms) => object,
        Some(Holder::MemberPlatforms) => member(object, "image"),
        _ => None,
    };
    let members = holder.map(|object| object.members()).unwrap_or_default();
    members.iter().filter(|member| is_config_value(&member.value)).map(|member| member.key.clone()).list()
}

/// Reads any of the JSON exports.
///
/// # Errors
/// The codes of room `json`; `history.no-history-inside` for documents that are known to have none.
pub(super) fn read(text: &str, platform: Option<&str>) -> Result<Read, ReadError> {
    let mut ranges = values(text);
    let limits = limits(text);
    let Some(first) = ranges.next() else {
        return Err(parse(text.as_bytes(), &limits).err().unwrap_or_else(|| not_recognised("no JSON value")));
    };
    let document = parse_part(text, first.clone(), &limits)?;
    let place = classify(&document.root).ok_or_else(|| not_recognised(document.root.kind_name()))?;
    if place.holder == Holder::Root && document.root.as_array().is_none() {
        return lines(place.format, text, document, first, ranges, &limits);
    }
    let rest = text[first.end..].trim_start();
    if !rest.is_empty() {
        // The strict reader words the error and gives its place.
        parse(text.as_bytes(), &limits)?;
    }
    one_document(&document, place, platform)
}

fn limits(text: &str) -> Limits {
    Limits { size_bytes: text.len() as u64, ..Limits::default() }
}

fn not_recognised(found: &str) -> ReadError {
    ReadError::new("history.not-recognised", "a history export", found)
}

/// One object after the other: lines, or objects that a tool spread over lines.
fn lines(
    format: Format,
    text: &str,
    first: Document,
    at: std::ops::Range<usize>,
    ranges: impl Iterator<Item = std::ops::Range<usize>>,
    limits: &Limits,
) -> Result<Read, ReadError> {
    let mut read = Read::new(format);
    let mut counter = LineCounter { text, at: 0, line: 1 };
    let mut take = |document: Document, at: usize| {
        if let Some(object) = document.root.as_object() {
            let mut entry = entry_of(object, format == Format::HistoryArray);
            entry.at = At::line(counter.line_at(at));
            read.entries.push(entry);
        }
        read.findings.extend(document.findings);
    };
    take(first, at.start);
    for range in ranges.take(MAX_ENTRIES + 1) {
        let start = range.start;
        take(parse_part(text, range, limits)?, start);
    }
    Ok(read)
}

/// Parses a part of the text with places counted from the start of the whole.
fn parse_part(text: &str, range: std::ops::Range<usize>, limits: &Limits) -> Result<Document, ReadError> {
    let mut shift = LineCounter { text, at: 0, line: 1 };
    let start = range.start;
    parse(&text.as_bytes()[range], limits).map_err(|mut error| {
        if let Some(at) = &mut error.at {
            at.byte = at.byte.map(|byte| byte + start as u64);
            at.line = at.line.map(|line| line + shift.line_at(start) - 1);
        }
        error
    })
}

/// Lines of growing offsets.
struct LineCounter<'a> {
    text: &'a str,
    at: usize,
    line: u32,
}

impl LineCounter<'_> {
    fn line_at(&mut self, offset: usize) -> u32 {
        let breaks = memchr::memchr_iter(b'\n', &self.text.as_bytes()[self.at..offset]).count();
        self.line = self.line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        self.at = offset;
        self.line
    }
}

/// Where the history is in a document.
#[derive(Debug, Clone, Copy)]
struct Place {
    format: Format,
    holder: Holder,
}

/// What holds the entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    /// The document is the array of entries, or one entry.
    Root,
    /// A config: the member `history`.
    Config,
    /// A member that is a config (`OCIv1` of buildah, `image` of buildx).
    Member(&'static str),
    /// Members named by platform, each a config.
    Platforms,
    /// `image` of buildx, with members named by platform.
    MemberPlatforms,
    /// The first item of an array has a member that is a config (nerdctl's native inspect output).
    ItemMember(&'static str),
    /// The member `history` of a document that is no config (umoci).
    Array,
    /// The document is an array of texts, or one text per line.
    Texts,
    /// podman's inspect output: an array with `History`.
    PodmanInspect,
    /// A schema 1 manifest: `history[].v1Compatibility`.
    SchemaOne,
    /// Known to have none.
    Nothing,
}

fn classify(root: &Value) -> Option<Place> {
    let place = |format, holder| Some(Place { format, holder });
    if let Some(items) = root.as_array() {
        return classify_array(items);
    }
    let object = root.as_object()?;
    if is_config(object) {
        return place(Format::Config, Holder::Config);
    }
    if object.get_last("OCIv1").is_some_and(is_config_value) {
        return place(Format::BuildahInspect, Holder::Member("OCIv1"));
    }
    if let Some(image) = object.get_last("image").and_then(Value::as_object) {
        if is_config(image) {
            return place(Format::Config, Holder::Member("image"));
        }
        if is_platforms(image) {
            return place(Format::Config, Holder::MemberPlatforms);
        }
    }
    if is_platforms(object) {
        return place(Format::Config, Holder::Platforms);
    }
    if object.get_last("CreatedBy").is_some_and(|value| value.as_str().is_some()) {
        return place(Format::JsonLines, Holder::Root);
    }
    if object.get_last("created_by").is_some_and(|value| value.as_str().is_some()) {
        return place(Format::HistoryArray, Holder::Root);
    }
    let v1 = object.get_last("history").and_then(Value::as_array).and_then(|items| items.first()?.as_object());
    if v1.is_some_and(|entry| entry.get_last("v1Compatibility").is_some()) {
        return place(Format::SchemaOne, Holder::SchemaOne);
    }
    if object.get_last("history").and_then(Value::as_array).is_some_and(|items| items.first().is_some_and(has_created_by)) {
        return place(Format::HistoryArray, Holder::Array);
    }
    is_inspect(object).then_some(Place { format: Format::Inspect, holder: Holder::Nothing })
}

fn has_created_by(value: &Value) -> bool {
    value.as_object().is_some_and(|object| object.get_last("created_by").is_some_and(|text| text.as_str().is_some()))
}

fn classify_array(items: &[Value]) -> Option<Place> {
    if let Some(first) = items.first()?.as_str() {
        let texts: Vec<&str> = items.iter().filter_map(Value::as_str).list();
        let steps = texts.len() == items.len() && super::lines::are_steps(first, &texts);
        return steps.then_some(Place { format: Format::Paste, holder: Holder::Texts });
    }
    let first = items.first()?.as_object()?;
    let text = |key: &str| first.get_last(key).and_then(Value::as_str).is_some();
    let number = |key: &str| first.get_last(key).and_then(Value::as_number).is_some();
    let root = |format| Some(Place { format, holder: Holder::Root });
    if text("CreatedBy") {
        return root(match () {
            () if number("Created") => Format::EngineApi,
            () if text("created") || text("id") => Format::PodmanJson,
            () => Format::JsonLines,
        });
    }
    if text("created_by") || (text("created") && first.get_last("empty_layer").is_some()) {
        return root(Format::HistoryArray);
    }
    if first.get_last("ImageConfig").is_some_and(is_config_value) {
        return Some(Place { format: Format::Config, holder: Holder::ItemMember("ImageConfig") });
    }
    if !is_inspect(first) {
        return None;
    }
    let history = first.get_last("History").and_then(Value::as_array).is_some();
    Some(Place { format: Format::Inspect, holder: if history { Holder::PodmanInspect } else { Holder::Nothing } })
}

/// An image config has `rootfs` with diff_ids, or a history beside an architecture or an operating system.
fn is_config(object: &Object) -> bool {
    let rootfs = object.get_go("rootfs").and_then(Value::as_object);
    let layers = rootfs.is_some_and(|rootfs| rootfs.get_go("diff_ids").is_some());
    let history = object.get_go("history").and_then(Value::as_array);
    let entries = history.is_some_and(|items| {
        items.first().is_none_or(|item| item.as_object().is_some_and(|item| item.get_last("v1Compatibility").is_none()))
    });
    let platform = object.get_go("architecture").is_some() || object.get_go("os").is_some();
    (layers && platform) || (entries && (platform || layers))
}

fn is_config_value(value: &Value) -> bool {
    value.as_object().is_some_and(is_config)
}

fn is_platforms(object: &Object) -> bool {
    object.members().iter().all(|member| member.key.contains('/'))
        && object.members().iter().any(|member| is_config_value(&member.value))
}

/// `docker inspect`, `podman inspect` and `skopeo inspect` (without `--config`).
fn is_inspect(object: &Object) -> bool {
    let all = |keys: &[&str]| keys.iter().all(|key| object.get_last(key).is_some());
    all(&["Id", "RootFS"]) || all(&["Id", "RepoTags", "Config"]) || all(&["Digest", "Layers", "Architecture"])
}

fn one_document(document: &Document, place: Place, platform: Option<&str>) -> Result<Read, ReadError> {
    let mut read = Read::new(place.format);
    read.findings.clone_from(&document.findings);
    let root = &document.root;
    let object = root.as_object();
    match place.holder {
        Holder::Nothing => {
            return Err(ReadError::new(
                "history.no-history-inside",
                "a document with a history",
                "an inspect output without one",
            ));
        }
        Holder::Root => read.array(root.as_array().unwrap_or_default(), place.format == Format::HistoryArray, ""),
        Holder::Config => read.config(object, ""),
        Holder::Member(name) => read.config(member(object, name), &format!("/{name}")),
        Holder::ItemMember(name) => {
            let item = root.as_array().and_then(|items| items.first()).and_then(Value::as_object);
            read.config(member(item, name), &format!("/0/{name}"));
        }
        Holder::Array => {
            let items = object.and_then(|object| object.get_last("history")).and_then(Value::as_array).unwrap_or_default();
            read.array(items, true, "/history");
        }
        Holder::Texts => read.texts(root.as_array().unwrap_or_default()),
        Holder::Platforms => read.platforms(object, platform, ""),
        Holder::MemberPlatforms => read.platforms(member(object, "image"), platform, "/image"),
        Holder::PodmanInspect => read.podman_inspect(root.as_array().unwrap_or_default()),
        Holder::SchemaOne => read.schema_one(object)?,
    }
    Ok(read)
}

fn member<'a>(object: Option<&'a Object>, name: &str) -> Option<&'a Object> {
    object?.get_last(name)?.as_object()
}

impl Read {
    fn new(format: Format) -> Self {
        let marks = ConfigMarks::default();
        Self { format, entries: Vec::new(), marks, subject: None, findings: Vec::new() }
    }

    /// Entries of an array at the JSON pointer `inside`. `config` says that the spec's defaults hold: no `empty_layer` is
    /// `false`.
    fn array(&mut self, items: &[Value], config: bool, inside: &str) {
        for (number, item) in items.iter().enumerate().take(MAX_ENTRIES + 1) {
            let pointer = At::inside(format!("{inside}/{number}"));
            match item.as_object() {
                Some(object) => {
                    let mut entry = entry_of(object, config);
                    entry.at = pointer;
                    self.entries.push(entry);
                }
                None => {
                    let found = item.kind_name();
                    self.findings.push(Finding::warn("history.not-an-entry").at(pointer).with("found", found));
                }
            }
        }
    }

    fn texts(&mut self, items: &[Value]) {
        for (number, text) in
            items.iter().enumerate().take(MAX_ENTRIES + 1).filter_map(|(number, item)| Some((number, item.as_str()?)))
        {
            let at = At::inside(format!("/{number}"));
            self.entries.push(HistoryEntry { created_by: text.to_owned(), at, ..HistoryEntry::default() });
        }
    }

    fn config(&mut self, object: Option<&Object>, inside: &str) {
        let Some(object) = object else { return };
        self.marks = marks(object);
        match object.get_go("history").and_then(Value::as_array) {
            Some(items) => self.array(items, true, &format!("{inside}/history")),
            None => self.findings.push(Finding::note("history.absent")),
        }
    }

    fn platforms(&mut self, object: Option<&Object>, platform: Option<&str>, inside: &str) {
        let Some(object) = object else { return };
        let images: Vec<_> = object.members().iter().filter(|member| is_config_value(&member.value)).list();
        let wanted = images.iter().find(|member| platform.is_some_and(|platform| fits(&member.key, platform)));
        let Some(member) = wanted.or_else(|| images.first()) else { return };
        if wanted.is_none() && images.len() > 1 {
            self.findings.push(several(images.len(), &member.key));
        }
        self.subject = Some(member.key.clone());
        let pointer = member.key.replace('~', "~0").replace('/', "~1");
        self.config(member.value.as_object(), &format!("{inside}/{pointer}"));
    }

    fn podman_inspect(&mut self, items: &[Value]) {
        let Some(object) = items.first().and_then(Value::as_object) else { return };
        if items.len() > 1 {
            self.findings.push(several(items.len(), "/0"));
        }
        self.marks = inspect_marks(object);
        let history = object.get_last("History").and_then(Value::as_array).unwrap_or_default();
        self.array(history, true, "/0/History");
    }

    /// Docker's manifest schema 1 has a v1 image JSON as a string for each entry, newest first.
    fn schema_one(&mut self, object: Option<&Object>) -> Result<(), ReadError> {
        let items = object.and_then(|object| object.get_last("history")).and_then(Value::as_array).unwrap_or_default();
        for (number, item) in items.iter().enumerate().take(MAX_ENTRIES + 1) {
            let text = item.as_object().and_then(|item| item.get_last("v1Compatibility")).and_then(Value::as_str).unwrap_or("{}");
            let inner = parse(text.as_bytes(), &limits(text))?;
            if let Some(v1) = inner.root.as_object() {
                let mut entry = entry_of(v1, true);
                let command = v1.get_go("container_config").and_then(Value::as_object).and_then(|config| config.get_go("Cmd"));
                entry.created_by = command.map(joined).unwrap_or_default();
                entry.empty_layer = Some(v1.get_go("throwaway").and_then(Value::as_bool).unwrap_or(false));
                entry.at = At::inside(format!("/history/{number}/v1Compatibility"));
                if number == 0 {
                    self.marks = marks(v1);
                }
                self.entries.push(entry);
            }
            self.findings.extend(inner.findings);
        }
        Ok(())
    }
}

/// More than one image in one document.
pub(super) fn several(count: usize, chosen: &str) -> Finding {
    Finding::note("history.several-images").with("count", count).with("chosen", crate::finding::visible(chosen.as_bytes()))
}

/// Whether a platform as written in a document (`linux/arm64`, `linux; arm64 variant v8`) is the one that was asked for.
pub(super) fn fits(written: &str, asked: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let pieces = text.split([';', '/', ' ']).filter(|piece| !piece.is_empty() && *piece != "variant");
        pieces.map(str::to_ascii_lowercase).list()
    };
    let (written, asked) = (words(written), words(asked));
    !asked.is_empty() && asked.iter().all(|word| written.contains(word))
}

/// One entry, whichever of the exports' member names it has.
fn entry_of(object: &Object, config: bool) -> HistoryEntry {
    let text = |keys: &[&str]| keys.iter().find_map(|key| object.get_last(key)?.as_str().map(str::to_owned));
    let go_text = |key: &str| object.get_go(key).and_then(Value::as_str).map(str::to_owned);
    let time = ["created", "CreatedAt", "Created"].iter().find_map(|key| object.get_last(key).and_then(time_of));
    let size = ["size", "Size"].iter().find_map(|key| object.get_last(key).and_then(size_of));
    let empty = object.get_go("empty_layer").and_then(Value::as_bool);
    let tags = ["tags", "Tags"].iter().find_map(|key| object.get_last(key)?.as_array());
    HistoryEntry {
        created: time,
        age: text(&["CreatedSince"]),
        created_by: go_text("created_by").or_else(|| text(&["CreatedBy"])).unwrap_or_default(),
        truncated: false,
        author: go_text("author").filter(|author| !author.is_empty()),
        comment: go_text("comment").filter(|comment| !comment.is_empty()),
        empty_layer: empty.or(config.then_some(false)),
        size,
        id: text(&["ID", "Id", "id", "Snapshot"]).filter(|id| !id.is_empty()),
        tags: tags.unwrap_or_default().iter().filter_map(|tag| tag.as_str().map(str::to_owned)).list(),
        at: At::default(),
    }
}

/// RFC 3339 of a text or of seconds; the text itself if it is no time we know.
fn time_of(value: &Value) -> Option<String> {
    let seconds = value.as_number().and_then(|number| number.as_i64());
    seconds
        .map(when::from_unix)
        .or_else(|| value.as_str().filter(|text| !text.is_empty()).map(|text| when::rfc3339(text).unwrap_or(text.to_owned())))
}

fn size_of(value: &Value) -> Option<Size> {
    value.as_u64().map(Size::exact).or_else(|| Size::parse(value.as_str()?))
}

/// The words of an array of strings.
fn strings(value: &Value) -> Option<Vec<String>> {
    value.as_array().map(|items| items.iter().filter_map(|item| item.as_str().map(str::to_owned)).list())
}

fn joined(value: &Value) -> String {
    strings(value).unwrap_or_default().join(" ")
}

/// The builder's marks in a config.
fn marks(object: &Object) -> ConfigMarks {
    let text = |key: &str| object.get_go(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let child = |key: &str| object.get_go(key).and_then(Value::as_object);
    let config = child("config");
    let labels = config.and_then(|config| config.get_go("Labels")).and_then(Value::as_object);
    let members = ["moby.buildkit.buildinfo.v1", "moby.buildkit.cache.v0"];
    let diff_ids = child("rootfs").and_then(|rootfs| rootfs.get_go("diff_ids")).and_then(Value::as_array);
    let container = child("container_config");
    ConfigMarks {
        docker_version: text("docker_version"),
        last_command: container.and_then(|container| container.get_go("Cmd")).and_then(strings),
        has_container: container.is_some() || text("container").is_some(),
        buildah_version: labels.and_then(|labels| labels.get_last("io.buildah.version")?.as_str().map(str::to_owned)),
        buildkit_member: members.iter().find(|name| object.get_last(name).is_some()).map(|name| (*name).to_owned()),
        author: text("author"),
        os: text("os"),
        architecture: text("architecture"),
        onbuild: config.map(|config| config.get_go("OnBuild").and_then(strings).unwrap_or_default()),
        shell: config.and_then(|config| config.get_go("Shell")).map(joined).filter(|shell| !shell.is_empty()),
        diff_ids: diff_ids.map(|ids| ids.len() as u64),
        image_id: text("id"),
    }
}

/// The same of podman's inspect output.
fn inspect_marks(object: &Object) -> ConfigMarks {
    let text = |key: &str| object.get_last(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let labels = object.get_last("Labels").and_then(Value::as_object);
    let layers = object.get_last("RootFS").and_then(Value::as_object).and_then(|rootfs| rootfs.get_last("Layers"));
    ConfigMarks {
        docker_version: text("Version"),
        buildah_version: labels.and_then(|labels| labels.get_last("io.buildah.version")?.as_str().map(str::to_owned)),
        author: text("Author"),
        os: text("Os"),
        architecture: text("Architecture"),
        diff_ids: layers.and_then(Value::as_array).map(|layers| layers.len() as u64),
        image_id: text("Id"),
        ..ConfigMarks::default()
    }
}

/// The entries of a text with one JSON string per line, as `jq '.history[].created_by'` prints; `None` for everything else.
/// `told` says that a person told so, and the texts need no marks of a builder.
pub(super) fn quoted_lines(text: &str, told: bool) -> Option<Vec<HistoryEntry>> {
    let lines = || text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let quoted = lines().all(|(_, line)| line.starts_with('"') && line.trim_end().ends_with('"'));
    if !quoted {
        return None;
    }
    let mut entries = Vec::new();
    for (number, line) in lines().take(MAX_ENTRIES + 1) {
        let document = parse(line.as_bytes(), &limits(line)).ok()?;
        let at = At::line(super::table::line_number(number));
        entries.push(HistoryEntry { created_by: document.root.as_str()?.to_owned(), at, ..HistoryEntry::default() });
    }
    let texts: Vec<&str> = entries.iter().map(|entry| entry.created_by.as_str()).list();
    (told || super::lines::are_steps(texts.first()?, &texts)).then_some(entries)
}

/// The parts of a text that are one JSON value each, by brackets alone. The strict reader judges them.
fn values(text: &str) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let bytes = text.as_bytes();
        let start = at + bytes[at..].iter().position(|byte| !byte.is_ascii_whitespace())?;
        at = value_end(bytes, start);
        Some(start..at)
    })
}

/// One past the closing bracket that fits the opening one at `start`; the end of the text if there is none.
fn value_end(bytes: &[u8], start: usize) -> usize {
    let (mut depth, mut quoted, mut escaped) = (0_u64, false, false);
    for (at, byte) in bytes.iter().enumerate().skip(start) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            b'\n' if depth == 0 && !quoted => return at,
            _ => {}
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use crate::history::{Direction, Format, Hint, read, sniff};

    const CONFIG: &str = r##"{"architecture":"amd64","os":"linux","docker_version":"20.10","config":{"Labels":{"io.buildah.version":"1"}},
        "container_config":{"Cmd":["/bin/sh","-c","#(nop) ","CMD [x]"]},"rootfs":{"type":"layers","diff_ids":["sha256:00"]},
        "history":[{"created":"2022-04-05T00:20:19Z","created_by":"/bin/sh -c a \u0026\u003c b"},{"created_by":"CMD","empty_layer":true}]}"##;

    fn read_texts(text: &str) -> (Format, Vec<String>) {
        let history = read(text.as_bytes(), Hint::default()).unwrap();
        assert_eq!(sniff(text.as_bytes()), Some(history.format));
        (history.format, history.entries.into_iter().map(|entry| entry.created_by).collect())
    }

    #[test]
    fn a_config_and_its_marks() {
        let history = read(CONFIG.as_bytes(), Hint::default()).unwrap();
        assert_eq!(history.entries[0].created_by, "/bin/sh -c a &< b");
        assert_eq!((history.entries[0].empty_layer, history.entries[1].empty_layer), (Some(false), Some(true)));
        assert_eq!(history.entries[1].at.inside.as_deref(), Some("/history/1"));
        assert_eq!(history.marks.last_command.map(|words| words.len()), Some(4));
        assert_eq!((history.marks.diff_ids, history.marks.buildah_version.as_deref()), (Some(1), Some("1")));
    }

    #[test]
    fn every_document_with_a_history() {
        let wanted = vec!["a".to_owned(), "b".to_owned()];
        for (text, format) in [
            (
                r#"[{"Id":"x","Created":2,"CreatedBy":"b","Size":1,"Tags":null},{"Id":"<missing>","Created":1,"CreatedBy":"a"}]"#,
                Format::EngineApi,
            ),
            (
                r#"[{"id":"x","created":"2022-01-02T00:00:00Z","CreatedBy":"b","Created":"2022-01-02T00:00:00Z"},{"id":"y","CreatedBy":"a"}]"#,
                Format::PodmanJson,
            ),
            (
                r#"[{"ID":"x","CreatedSince":"1 day ago","CreatedBy":"b"},{"ID":"<missing>","CreatedSince":"2 days ago","CreatedBy":"a"}]"#,
                Format::JsonLines,
            ),
            ("{\"ID\":\"x\",\"CreatedBy\":\"b\"}\n{\"ID\":\"<missing>\",\"CreatedBy\":\"a\"}\n", Format::JsonLines),
            (r#"[{"created_by":"a","empty_layer":true},{"created_by":"b"}]"#, Format::HistoryArray),
            ("{\"created_by\":\"a\"}\n{\"created_by\":\"b\"}\n", Format::HistoryArray),
            (r#"{"history":[{"layer":null,"created_by":"a"},{"created_by":"b"}]}"#, Format::HistoryArray),
            (
                r#"{"Type":"x","OCIv1":{"os":"linux","history":[{"created_by":"a"},{"created_by":"b"}]},"Docker":{}}"#,
                Format::BuildahInspect,
            ),
            (r#"{"name":"x","image":{"os":"linux","history":[{"created_by":"a"},{"created_by":"b"}]}}"#, Format::Config),
            (r#"[{"ImageConfig":{"os":"linux","history":[{"created_by":"a"},{"created_by":"b"}]}}]"#, Format::Config),
            (r#"[{"Id":"x","RootFS":{},"History":[{"created_by":"a"},{"created_by":"b"}]}]"#, Format::Inspect),
            (
                r#"{"schemaVersion":1,"history":[{"v1Compatibility":"{\"container_config\":{\"Cmd\":[\"b\"]}}"},{"v1Compatibility":"{\"container_config\":{\"Cmd\":[\"a\"]}}"}]}"#,
                Format::SchemaOne,
            ),
        ] {
            assert_eq!(read_texts(text), (format, wanted.clone()), "{text}");
        }
    }

    #[test]
    fn a_document_for_several_platforms() {
        let text = r#"{"linux/amd64":{"os":"linux","history":[{"created_by":"a"}]},"linux/arm/v7":{"os":"linux","history":[{"created_by":"b"}]}}"#;
        assert_eq!(read_texts(text).1, ["a"]);
        let arm = read(text.as_bytes(), Hint { platform: Some("linux/arm/v7"), ..Hint::default() }).unwrap();
        assert_eq!((arm.entries[0].created_by.as_str(), arm.subject.as_deref()), ("b", Some("linux/arm/v7")));
    }

    #[test]
    fn an_inspect_output_says_what_to_bring() {
        let text = r#"[{"Id":"sha256:00","RepoTags":[],"RootFS":{"Layers":[]},"Config":{}}]"#;
        assert_eq!(sniff(text.as_bytes()), Some(Format::Inspect));
        assert_eq!(read(text.as_bytes(), Hint::default()).unwrap_err().code, "history.no-history-inside");
    }

    #[test]
    fn other_json_is_left_alone() {
        for text in [
            "{}",
            "[]",
            "[1]",
            "{\"a\":1}",
            r#"{"schemaVersion":2,"layers":[]}"#,
            r#"[{"Config":"x","Layers":[]}]"#,
            r#"["a","b"]"#,
            "{",
            "[{]",
        ] {
            assert_eq!(sniff(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_damaged_config_says_where() {
        let error = read(CONFIG.as_bytes()[..CONFIG.len() - 2].as_ref(), Hint::default()).unwrap_err();
        assert!(error.code.starts_with("json.") && error.at.is_some(), "{error}");
        let marked = [b"\xEF\xBB\xBF", CONFIG.as_bytes()].concat();
        assert_eq!(read(&marked, Hint::default()).unwrap_err().code, "json.byte-order-mark");
        let trailing = format!("{CONFIG}}}");
        assert_eq!(read(trailing.as_bytes(), Hint::default()).unwrap_err().code, "json.trailing");
    }

    #[test]
    fn times_of_the_engine() {
        let history = read(
            br#"[{"Id":"x","Created":1649118019,"CreatedBy":"b"},{"Id":"y","Created":-62135596800,"CreatedBy":"a"}]"#,
            Hint::default(),
        )
        .unwrap();
        let times: Vec<_> = history.entries.iter().filter_map(|entry| entry.created.as_deref()).collect();
        assert_eq!(
            (times, history.order.direction),
            (vec!["0001-01-01T00:00:00Z", "2022-04-05T00:20:19Z"], Direction::NewestFirst)
        );
    }
}
