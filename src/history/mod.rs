//! Image histories: every export format becomes the same entries.
//!
//! A builder writes one history entry per step into the image config (OCI image-spec, config.md, "history"). People have them
//! as the table of `docker image history`, as JSON of several tools, as a config, as a record on the web, or as a paste.
//! [`read`] makes a [`History`] of any of them: entries oldest first, what the export did to the texts ([`Fidelity`]), in
//! which order the export had them and how that is known ([`Order`]). [`sniff`] says whether an input is one of them.
//!
//! A history is a claim: it is free text that the builder wrote, and nothing in it is proved by reading it.

mod cell;
mod cut;
mod entry;
mod fingerprint;
mod json;
mod lines;
mod order;
mod repo_info;
mod size;
mod table;
mod text;
mod when;

use crate::order::Gather;
pub use entry::{Direction, Fidelity, Format, History, HistoryEntry, Order, OrderSource};
pub use fingerprint::{Builder, ConfigMarks, Fingerprint, Segment, Sign};
pub use size::Size;

use crate::finding::{At, Finding, ReadError, visible};
use text::Text;

/// Largest input that is read, unless [`Hint::max_bytes`] says otherwise: 32 MiB.
pub const MAX_BYTES: u64 = 32 << 20;

/// Most entries of one history. Docker stacks 127 layers at most; metadata steps are a few hundred.
pub const MAX_ENTRIES: usize = 10_000;

/// The codes of findings that mean: the export can be split into entries in more than one way.
pub const AMBIGUOUS: &[&str] = &["history.ambiguous-rows", "history.ambiguous-size", "history.heading-repeated"];

/// What is known about an input besides its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint<'a> {
    /// [`Format::Paste`] if a person says that every line is the text of a step, for pastes that cannot be told from other
    /// texts by their content. Everything that [`sniff`] recognises is read as what it is in any case.
    pub format: Option<Format>,
    /// Which image of a record that holds several: `linux/amd64`, `arm64`, `linux/arm/v7`. The first one otherwise.
    pub platform: Option<&'a str>,
    /// Largest input that is read, in bytes.
    pub max_bytes: u64,
}

impl Default for Hint<'_> {
    fn default() -> Self {
        Self { format: None, platform: None, max_bytes: MAX_BYTES }
    }
}

/// The kind of export that these bytes are, by content alone. `None` for everything that is no history: a Dockerfile, a
/// checksum list, other JSON, binary data.
///
/// [`Format::Inspect`] and [`Format::Quiet`] are answered too although they hold no history: [`read`] then says what to bring.
/// The whole input is needed; the beginning of a JSON document is not enough.
///
/// ```
/// use layerproof::history::{Format, sniff};
/// assert_eq!(sniff(b"IMAGE   CREATED   CREATED BY   SIZE   COMMENT\n"), Some(Format::DockerTable));
/// assert_eq!(sniff(b"FROM scratch\nCMD [\"sh\"]\n"), None);
/// ```
pub fn sniff(bytes: &[u8]) -> Option<Format> {
    if bytes.len() as u64 > MAX_BYTES {
        return None;
    }
    let text = Text::decode(bytes).ok()?.text;
    Source::find(&text).map(|source| source.format())
}

/// Reads one history.
///
/// ```
/// use layerproof::history::{Hint, read};
/// let history = read(b"/bin/sh -c #(nop)  CMD [\"sh\"]\n/bin/sh -c #(nop) ADD file:00 in / \n", Hint::default()).unwrap();
/// assert_eq!(history.entries[1].created_by, "/bin/sh -c #(nop)  CMD [\"sh\"]");
/// ```
///
/// # Errors
/// `history.empty`, `history.too-large`, `history.not-text`, `history.not-recognised`: nothing to read here.
/// `history.unknown-columns`: a table with columns nobody knows. `history.no-history-inside`, `history.identifiers-only`: known
/// kinds of output that hold no history. `history.platform-absent`: a record without the platform asked for. The codes of room
/// `json` for damaged JSON.
pub fn read(bytes: &[u8], hint: Hint<'_>) -> Result<History, ReadError> {
    if bytes.len() as u64 > hint.max_bytes {
        let expected = format!("at most {} bytes", hint.max_bytes);
        return Err(ReadError::new("history.too-large", expected, format!("{} bytes", bytes.len())).at(At::byte(hint.max_bytes)));
    }
    let Text { text, findings } = Text::decode(bytes)?;
    let source = Source::find(&text).or_else(|| (hint.format == Some(Format::Paste)).then(|| Source::told(&text)));
    let Some(source) = source else {
        let shown: String = text.trim_start().chars().take(40).collect();
        let found = format!("a text that begins “{}”", visible(shown.as_bytes()));
        return Err(ReadError::new("history.not-recognised", "a history export", found).at(At::line(1)));
    };
    if matches!(source, Source::Json(Format::Config | Format::BuildahInspect)) && is_marked(bytes) {
        // A config's digest is over its bytes: a byte order mark is never taken off silently there, nor UTF-16 made UTF-8.
        crate::json::parse(bytes, &crate::json::Limits { size_bytes: hint.max_bytes, ..crate::json::Limits::default() })?;
    }
    let mut history = source.read(&text, hint.platform)?;
    if let Some(entry) = history.entries.get(MAX_ENTRIES) {
        let expected = format!("at most {MAX_ENTRIES} entries");
        return Err(ReadError::new("history.too-many-entries", expected, "more").at(entry.at.clone()));
    }
    history.findings.splice(0..0, findings);
    // Pages that show an image's steps leave the shell out; a paste of theirs looks like this.
    let is_bare = |entry: &HistoryEntry| !entry.created_by.contains("/bin/sh -c") && !entry.created_by.contains("cmd /S /C");
    history.fidelity.prefix_stripped |= history.format == Format::Paste && history.entries.iter().all(is_bare);
    Ok(history)
}

/// Whether a byte order mark, of UTF-8 or UTF-16, comes first.
fn is_marked(bytes: &[u8]) -> bool {
    matches!(bytes, [0xEF, 0xBB, 0xBF, ..] | [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..])
}

/// Every image of a record that holds several, in the order of the record, at most `most`; one image of everything else, and none
/// of what is no history.
pub fn images(bytes: &[u8], most: usize) -> Vec<History> {
    let Ok(Text { text, .. }) = Text::decode(bytes) else { return Vec::new() };
    let read = |platform: Option<&str>| read(bytes, Hint { platform, ..Hint::default() }).ok();
    let mut found: Vec<History> = match Source::find(&text) {
        Some(Source::Record) => repo_info::images(&text).into_iter().take(most).map(record).list(),
        Some(Source::Json(_)) => json::platforms(&text).iter().take(most).filter_map(|name| read(Some(name))).list(),
        _ => Vec::new(),
    };
    if found.is_empty() {
        found.extend(read(None));
    }
    found
}

/// A history of one image of a record.
fn record(read: repo_info::Record) -> History {
    let mut history = finish(Format::RepoInfo, read.entries, read.findings, false);
    history.fidelity.stripped_shell = read.marks.shell.clone().filter(|shell| shell != "/bin/sh -c");
    History { marks: read.marks, subject: read.subject, ..history }
}

/// What a text was recognised as.
enum Source {
    Json(Format),
    Record,
    Table(Result<table::Layout, ReadError>),
    Quiet,
    /// One JSON string per line.
    Quoted(Vec<HistoryEntry>),
    Lines(lines::Shape),
}

impl Source {
    fn find(text: &str) -> Option<Self> {
        if let Some(format) = json::sniff(text) {
            return Some(Self::Json(format));
        }
        if text.trim_start().starts_with(['{', '[']) {
            return None;
        }
        if repo_info::is_record(text) {
            return Some(Self::Record);
        }
        if let Some(layout) = table::layout(text) {
            return Some(Self::Table(layout));
        }
        if lines::is_quiet(text) {
            return Some(Self::Quiet);
        }
        if let Some(entries) = json::quoted_lines(text, false) {
            return Some(Self::Quoted(entries));
        }
        lines::shape(text).map(Self::Lines)
    }

    /// What a person says is a paste of texts, though nothing in it shows that.
    fn told(text: &str) -> Self {
        json::quoted_lines(text, true).map_or_else(|| Self::Lines(lines::Shape::plain()), Self::Quoted)
    }

    fn format(&self) -> Format {
        match self {
            Self::Json(format) => *format,
            Self::Record => Format::RepoInfo,
            Self::Table(layout) => layout.as_ref().map_or(Format::DockerTable, table::format),
            Self::Quiet => Format::Quiet,
            Self::Quoted(_) => Format::Paste,
            Self::Lines(shape) => lines::format(shape),
        }
    }

    fn read(self, text: &str, platform: Option<&str>) -> Result<History, ReadError> {
        match self {
            Self::Json(_) => {
                let read = json::read(text, platform)?;
                let history = finish(read.format, read.entries, read.findings, false);
                Ok(History { marks: read.marks, subject: read.subject, ..history })
            }
            Self::Record => Ok(record(repo_info::read(text, platform)?)),
            Self::Table(layout) => {
                let layout = layout?;
                let rows = table::read(text, &layout);
                Ok(finish(table::format(&layout), rows.entries, rows.findings, rows.old_docker))
            }
            Self::Quiet => {
                Err(ReadError::new("history.identifiers-only", "the texts of the steps", "only identifiers, as --quiet prints")
                    .at(At::line(1)))
            }
            Self::Quoted(entries) => Ok(finish(Format::Paste, entries, Vec::new(), false)),
            Self::Lines(shape) => {
                let read = lines::read(text, &shape);
                Ok(finish(lines::format(&shape), read.entries, read.findings, false))
            }
        }
    }
}

/// Finds cut texts (`old_docker` cut without a mark) and the order, and turns the entries oldest first.
fn finish(format: Format, mut entries: Vec<HistoryEntry>, mut findings: Vec<Finding>, old_docker: bool) -> History {
    let mut fidelity = Fidelity::of(format);
    if fidelity.may_cut(format) {
        fidelity.truncated = cut::mark(&mut entries, cut::Cutter { without_mark: old_docker, widens_tabs: fidelity.tabs_lost });
    }
    let order = order::detect(format, &entries);
    findings.extend(order::finding(format, order, entries.len()));
    if order.direction == Direction::NewestFirst {
        entries.reverse();
    }
    let marks = ConfigMarks::default();
    History { format, order, entries, fidelity, marks, subject: None, findings }
}

impl History {
    /// Whether the export can be split into entries in more than one way.
    pub fn is_ambiguous(&self) -> bool {
        self.findings.iter().any(|finding| AMBIGUOUS.contains(&finding.code))
    }

    /// The identifier that the export gives the image: that of the newest step, or the record's. 12 hex digits at least.
    pub fn image_id(&self) -> Option<&str> {
        let newest = self.entries.last().and_then(|entry| entry.id.as_deref());
        let id = self.marks.image_id.as_deref().or(newest)?;
        let digits = id.strip_prefix("sha256:").unwrap_or(id);
        (digits.len() >= 12 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(digits)
    }
}

impl HistoryEntry {
    /// The time of the step in whole seconds since 1970, if the export has one that a clock may have given (Go's zero time, the
    /// year 1, is none).
    pub fn created_seconds(&self) -> Option<i64> {
        let (seconds, _) = when::instant(self.created.as_deref()?)?;
        (seconds > -60_000_000_000).then_some(seconds)
    }
}

impl Fidelity {
    /// What a format is known to do to texts.
    fn of(format: Format) -> Self {
        let exact = Self::default();
        match format {
            Format::DockerTable | Format::NerdctlTable => Self { tabs_to_blanks: true, edge_blanks_lost: true, ..exact },
            Format::PodmanTable => Self { tabs_lost: true, edge_blanks_lost: true, ..exact },
            Format::JsonLines => Self { tabs_to_blanks: true, ..exact },
            Format::Template | Format::Paste => Self { tabs_to_blanks: true, edge_blanks_lost: true, ..exact },
            Format::RepoInfo => Self { prefix_stripped: true, trailing_blanks_lost: true, ..exact },
            Format::Config | Format::BuildahInspect | Format::HistoryArray | Format::SchemaOne => exact,
            Format::EngineApi | Format::PodmanJson | Format::Inspect | Format::Quiet => exact,
        }
    }

    /// Whether the format comes from a command that cuts texts.
    fn may_cut(&self, format: Format) -> bool {
        use Format::{DockerTable, JsonLines, NerdctlTable, Paste, PodmanTable, Template};
        matches!(format, DockerTable | PodmanTable | NerdctlTable | JsonLines | Template | Paste)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLES: [&str; 7] = [
        "IMAGE          CREATED         CREATED BY   SIZE      COMMENT\n90e47d88ba9f   2 seconds ago   RUN /bin/sh -c écho\n two # buildkit   0B   buildkit.dockerfile.v0\n<missing>   N/A   \u{1b}[1mx\u{1b}[0m   1.98MB   c\n",
        "90e47d88ba9f  2 weeks ago  /bin/sh -c #(nop) CMD [\"é\"]  0 B  FROM x\n<missing>  2 weeks ago    2 MB  \n",
        "{\"ID\":\"x\",\"CreatedBy\":\"RUN é\",\"CreatedAt\":\"2022-04-05T00:20:19Z\",\"Size\":\"1e+03kB\"}\n{\"CreatedBy\":\"\\u003c\"}\n",
        "{\"os\":\"linux\",\"rootfs\":{\"diff_ids\":[]},\"history\":[{\"created_by\":\"é\",\"empty_layer\":true}]}",
        "### `x:1` - linux; amd64\n```dockerfile\n# Tue, 05 Apr 2022 00:20:19 GMT\nADD é in / \n```\n",
        "<missing> | RUN /bin/sh -c é | 5B\n90e47d88ba9f | |1 A=é /bin/sh -c | 0B\n",
        "RUN /bin/sh -c é\nb # buildkit\n/bin/sh -c #(nop) ADD file:00 in / \n",
    ];

    #[test]
    fn any_part_of_any_sample_is_read_or_refused() {
        for sample in SAMPLES {
            assert!(read(sample.as_bytes(), Hint::default()).is_ok(), "{sample}");
            for cut in 0..sample.len() {
                for part in [&sample.as_bytes()[..cut], &sample.as_bytes()[cut..]] {
                    // Whatever is read was recognised before, and reading twice says the same.
                    let history = read(part, Hint::default());
                    assert!(history.is_err() || sniff(part).is_some());
                    assert_eq!(history, read(part, Hint::default()));
                }
            }
        }
    }

    #[test]
    fn any_byte_may_be_any_other() {
        for sample in SAMPLES {
            for at in 0..sample.len() {
                for byte in *b"\0 \t\n\"{}[]|0\x1b\xff" {
                    let mut bytes = sample.as_bytes().to_vec();
                    bytes[at] = byte;
                    if let Ok(history) = read(&bytes, Hint::default()) {
                        assert!(history.entries.len() <= bytes.len());
                        let segments = history.segments();
                        assert_eq!(segments.iter().map(|segment| segment.entries.len()).sum::<usize>(), history.entries.len());
                    }
                }
            }
        }
    }

    #[test]
    fn budgets() {
        let many = "{}\n".repeat(3) + &"{\"CreatedBy\":\"\"}\n".repeat(MAX_ENTRIES + 5);
        assert!(read(many.as_bytes(), Hint::default()).is_err());
        for line in [
            "{\"CreatedBy\":\"\"}\n",
            "/bin/sh -c x\n",
            "90e47d88ba9f   2 weeks ago   x   0B   \n",
            "# Tue, 05 Apr 2022 00:20:19 GMT\nx\n",
        ] {
            assert_eq!(
                read(line.repeat(MAX_ENTRIES + 5).as_bytes(), Hint::default()).unwrap_err().code,
                "history.too-many-entries"
            );
        }
        let hint = Hint { max_bytes: 3, ..Hint::default() };
        assert_eq!(read(b"abcd", hint).unwrap_err().code, "history.too-large");
        assert!(read("[".repeat(1 << 20).as_bytes(), Hint::default()).is_err());
        assert!(read("{\"a\":".repeat(1 << 18).as_bytes(), Hint::default()).is_err());
    }

    #[test]
    fn findings_of_the_bytes_come_first() {
        let history = read(b"\xEF\xBB\xBF/bin/sh -c x\r\n\r\n/bin/sh -c y\r\n", Hint::default()).unwrap();
        let codes: Vec<_> = history.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, ["history.byte-order-mark", "history.crlf", "history.blank-lines", "history.order-assumed-newest"]);
    }

    #[test]
    fn a_cut_text_is_a_prefix() {
        let cut = HistoryEntry { created_by: "RUN a ".into(), truncated: true, ..HistoryEntry::default() };
        let fidelity = Fidelity { tabs_to_blanks: true, edge_blanks_lost: true, truncated: true, ..Fidelity::default() };
        assert!(fidelity.prints(&cut, "RUN a\tb") && !fidelity.prints(&cut, "RUN b"));
        let whole = HistoryEntry { truncated: false, ..cut };
        assert!(fidelity.prints(&whole, "RUN a ") && !fidelity.prints(&whole, "RUN a b"));
    }
}
