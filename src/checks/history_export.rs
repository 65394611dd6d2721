//! Check `history-export`: two exports of one history say the same steps, or an export says what the image's config says.
//!
//! An export and a config belong together when the export names the config's digest, or that of a manifest which names the
//! config. Without such a name equal texts agree; different texts say nothing, since they may be of two images.

use super::{Check, End, Kind, Role, Verdict, edges};
use crate::case::{Case, Item, ItemId};
use crate::digest::Digest;
use crate::finding::{Said, visible};
use crate::history::{Fidelity, History, HistoryEntry};
use crate::oci::{Content, DocumentKind};
use crate::order::Gather;

/// Histories of one case that are compared with each other.
const MAX_HISTORIES: usize = 200;

/// Differences that are told one by one.
const MAX_DETAILS: usize = 20;

/// Characters of a text that are shown in a detail.
const SHOWN: usize = 160;

/// One history and the item that carries it.
#[derive(Clone, Copy)]
struct Source<'a> {
    id: ItemId,
    item: &'a Item,
    history: &'a History,
    case: &'a Case,
}

/// Compares every export with every other history; configs are compared among themselves by `image-compare`.
pub(super) fn run(case: &Case) -> Vec<Check> {
    let sources: Vec<Source<'_>> = sources(case).take(MAX_HISTORIES).list();
    let mut checks = Vec::new();
    for (number, export) in sources.iter().enumerate().filter(|(_, source)| source.is_export()) {
        // Two exports meet once; a config is met by every export.
        let others = sources.iter().enumerate().filter(|(other, source)| !source.is_export() || *other > number);
        checks.extend(compare_all(case, *export, others.map(|(_, source)| *source)));
    }
    checks
}

/// Histories with entries, each content once.
fn sources(case: &Case) -> impl Iterator<Item = Source<'_>> {
    let first = |id: ItemId, item: &Item| case.by_digest(&item.sha256).first().is_none_or(|first| *first == id);
    let all = case.histories().filter(|(_, history)| !history.entries.is_empty());
    all.map(|(id, history)| Source { id, item: case.item(id), history, case }).filter(move |source| first(source.id, source.item))
}

impl Source<'_> {
    /// Everything but a config.
    fn is_export(&self) -> bool {
        self.item.document().is_none_or(|document| document.kind != Some(DocumentKind::Config))
    }

    fn end(&self) -> End {
        let role = if self.is_export() { Role::History } else { Role::Config };
        End::new(role, edges::label(self.case, self.id)).digest(self.item.sha256).item(self.id)
    }
}

/// The checks of one export: against those that it names; without any, against those that say the same; without any, against
/// the most similar one.
fn compare_all<'a>(case: &Case, export: Source<'a>, others: impl Iterator<Item = Source<'a>>) -> Vec<Check> {
    let compared: Vec<Compared<'a>> = others.map(|other| Compared::new(case, export, other)).list();
    let picked: Vec<&Compared<'_>> = if compared.iter().any(|pair| pair.linked) {
        compared.iter().filter(|pair| pair.linked || pair.is_same()).list()
    } else if compared.iter().any(Compared::is_same) {
        compared.iter().filter(|pair| pair.is_same()).list()
    } else {
        let similar = compared.iter().filter(|pair| pair.is_similar());
        similar.min_by_key(|pair| (pair.differences.len(), pair.other.id)).into_iter().list()
    };
    picked.into_iter().map(Compared::check).list()
}

/// Two histories laid side by side.
struct Compared<'a> {
    export: Source<'a>,
    other: Source<'a>,
    /// One names the other.
    linked: bool,
    /// Each thing in which they cannot both be right.
    differences: Vec<Said>,
    /// Steps whose texts are the same.
    same_texts: usize,
}

impl<'a> Compared<'a> {
    fn new(case: &Case, export: Source<'a>, other: Source<'a>) -> Self {
        let (left, right) = (export.history, other.history);
        let mut differences = Vec::new();
        let mut same_texts = 0;
        if left.entries.len() != right.entries.len() {
            differences.push(pair("history-export.count", left.entries.len(), right.entries.len()));
        }
        for (number, (ours, theirs)) in (1..).zip(left.entries.iter().zip(&right.entries)) {
            let said = difference((ours, &left.fidelity), (theirs, &right.fidelity));
            same_texts += usize::from(said.as_ref().is_none_or(|said| said.code != "history-export.text"));
            differences.extend(said.map(|said| said.with("number", number)));
        }
        Self { export, other, linked: names(case, export, other), differences, same_texts }
    }

    fn is_same(&self) -> bool {
        self.differences.is_empty()
    }

    /// As many steps, and the texts of half of them are the same.
    fn is_similar(&self) -> bool {
        let count = self.export.history.entries.len();
        count == self.other.history.entries.len() && 2 * self.same_texts >= count
    }

    fn check(&self) -> Check {
        let ambiguous = self.export.history.is_ambiguous() || self.other.history.is_ambiguous();
        let (verdict, code) = match (self.is_same(), self.linked) {
            (false, _) if ambiguous => (Verdict::Ambiguous, "history-export.ambiguous"),
            (true, true) => (Verdict::Agrees, "history-export.same"),
            (true, false) => (Verdict::Agrees, "history-export.same-texts"),
            (false, true) => (Verdict::Contradicted, "history-export.differs"),
            (false, false) => (Verdict::Unknown, "history-export.not-linked"),
        };
        let said = Said::new(code).with("count", self.export.history.entries.len()).with("differences", self.differences.len());
        let mut check = Check::new(Kind::HistoryExport, verdict, self.export.end(), said).to(self.other.end());
        check.details.extend(self.differences.iter().take(MAX_DETAILS).cloned());
        check.details.extend(self.losses());
        check
    }

    /// What the comparison could not see.
    fn losses(&self) -> Vec<Said> {
        let both = [self.export.history, self.other.history];
        let cut = both.iter().flat_map(|history| &history.entries).filter(|entry| entry.truncated).count();
        let losses = both[0].fidelity.and(&both[1].fidelity);
        let mut said = Vec::new();
        if cut > 0 {
            said.push(Said::new("history-export.cut").with("count", cut));
        }
        if losses.tabs_to_blanks || losses.edge_blanks_lost || losses.tabs_lost || losses.blanks_squeezed {
            said.push(Said::new("history-export.blanks"));
        }
        if losses.prefix_stripped {
            said.push(Said::new("history-export.prefix"));
        }
        said
    }
}

/// The first thing in which two exports of one step cannot both be right.
fn difference(ours: (&HistoryEntry, &Fidelity), theirs: (&HistoryEntry, &Fidelity)) -> Option<Said> {
    let (left, right) = (ours.0, theirs.0);
    if !Fidelity::same_text(ours, theirs) {
        return Some(pair("history-export.text", shown(&left.created_by), shown(&right.created_by)));
    }
    let times = left.created_seconds().zip(right.created_seconds());
    if times.is_some_and(|(left, right)| left != right) {
        let text = |entry: &HistoryEntry| visible(entry.created.as_deref().unwrap_or("").as_bytes());
        return Some(pair("history-export.time", text(left), text(right)));
    }
    if let Some((left, right)) = left.empty_layer.zip(right.empty_layer).filter(|(left, right)| left != right) {
        return Some(pair("history-export.empty-layer", left, right));
    }
    let comments = left.comment.as_deref().zip(right.comment.as_deref());
    comments
        .filter(|(left, right)| left.trim() != right.trim())
        .map(|(left, right)| pair("history-export.comment", shown(left), shown(right)))
}

fn pair(code: &'static str, left: impl ToString, right: impl ToString) -> Said {
    Said::new(code).with("left", left).with("right", right)
}

/// The beginning of a text, safe to show.
fn shown(text: &str) -> String {
    let cut: String = text.chars().take(SHOWN).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    format!("{}{more}", visible(cut.as_bytes()))
}

/// Whether one names the other: by the config's digest, by the digest of a manifest at hand that names the config, or both by
/// the same identifier.
fn names(case: &Case, export: Source<'_>, other: Source<'_>) -> bool {
    let Some(id) = export.history.image_id() else { return false };
    if other.is_export() {
        return other.history.image_id().is_some_and(|theirs| theirs.starts_with(id) || id.starts_with(theirs));
    }
    if starts(&other.item.sha256, id) {
        return true;
    }
    let named = case.documents().filter(|(document, _)| starts(&case.item(*document).sha256, id));
    named.into_iter().any(|(document, _)| leads_to(case, document, &other.item.sha256, 0))
}

/// Whether a manifest names the config, or an index names a manifest at hand that does. Indexes inside each other are followed
/// as deep as the limit `index-depth` says, everywhere.
fn leads_to(case: &Case, document: ItemId, config: &Digest, depth: u64) -> bool {
    if depth > case.options().limits.index_depth {
        return false;
    }
    match case.item(document).document().map(|document| &document.content) {
        Some(Content::Manifest(manifest)) => manifest.config.as_ref().and_then(|named| named.digest.known()) == Some(config),
        Some(Content::Index(index)) => {
            let digests = index.manifests.iter().filter_map(|descriptor| descriptor.digest.known());
            digests.flat_map(|digest| case.by_digest(digest)).any(|child| leads_to(case, *child, config, depth + 1))
        }
        _ => false,
    }
}

fn starts(digest: &Digest, id: &str) -> bool {
    digest.hex().starts_with(&id.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Arrival, Options, Origin, draft};
    use crate::intake;
    use crate::order::Map;

    const CONFIG: &str = r#"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},
        "history":[{"created":"2022-04-05T00:20:19.5Z","created_by":"RUN a\tb ","empty_layer":true},{"created_by":"CMD [\"x\"]","empty_layer":true}]}"#;

    fn verdicts(files: &[(&str, String)]) -> Vec<(Verdict, &'static str)> {
        let options = Options::default();
        let drafts = (0..).zip(files).map(|(source, (name, text))| {
            let mut reading = intake::Source::new(*name, None, &options.limits);
            reading.push(text.as_bytes());
            draft(reading.close(), &Arrival { source, origin: Origin::Input, history_lines: false }, &options)
        });
        let case = Case::new(drafts.collect(), options.clone(), &Map::new());
        run(&case).into_iter().map(|check| (check.verdict, check.said.code)).collect()
    }

    fn export(id: &str, run: &str, time: &str) -> String {
        let first = format!(r#"{{"ID":"{id}","CreatedBy":"CMD [\"x\"]","CreatedAt":"N/A"}}"#);
        format!("{first}\n{{\"ID\":\"<missing>\",\"CreatedBy\":\"{run}\",\"CreatedAt\":\"{time}\"}}\n")
    }

    #[test]
    fn an_export_and_its_config() {
        let id = Digest::sha256(CONFIG.as_bytes()).to_string();
        let with = |export: String| verdicts(&[("config.json", CONFIG.to_owned()), ("history.json", export)]);
        let time = "2022-04-05T02:20:19+02:00";
        assert_eq!(with(export(&id, "RUN a b ", time)), [(Verdict::Agrees, "history-export.same")]);
        assert_eq!(with(export("<missing>", "RUN a b ", time)), [(Verdict::Agrees, "history-export.same-texts")]);
        assert_eq!(with(export(&id, "RUN a c ", time)), [(Verdict::Contradicted, "history-export.differs")]);
        assert_eq!(with(export(&id, "RUN a b ", "2022-04-05T00:20:20Z")), [(Verdict::Contradicted, "history-export.differs")]);
        assert_eq!(with(export("<missing>", "RUN a c ", time)), [(Verdict::Unknown, "history-export.not-linked")]);
    }

    #[test]
    fn histories_of_other_images_are_not_compared() {
        let other = "{\"CreatedBy\":\"RUN q\"}\n{\"CreatedBy\":\"RUN r\"}\n{\"CreatedBy\":\"RUN s\"}\n".to_owned();
        assert_eq!(verdicts(&[("config.json", CONFIG.to_owned()), ("history.json", other)]), []);
        assert_eq!(verdicts(&[("config.json", CONFIG.to_owned()), ("again.json", CONFIG.to_owned())]), []);
    }

    #[test]
    fn two_exports_meet_once() {
        let (one, two) = (export("799f642f85b7", "RUN a b", ""), export("799f642f85b7", "RUN a b", "2022-04-05T00:20:20Z"));
        assert_eq!(verdicts(&[("a", one), ("b", two)]), [(Verdict::Agrees, "history-export.same")]);
    }
}
