//! History entries, made ready for many comparisons.

use std::borrow::Cow;

use crate::dockerfile::Keyword;
use crate::history::{Builder, History, HistoryEntry, Sign};
use crate::recipe::{Source, shape};

/// A history with everything that comparisons ask again and again.
pub(super) struct Prepared<'h> {
    pub(super) history: &'h History,
    pub(super) entries: Vec<Entry<'h>>,
    /// `docker build --squash` has emptied the entries' layers, so they say nothing.
    pub(super) squashed: bool,
}

/// One entry.
pub(super) struct Entry<'h> {
    pub(super) raw: &'h HistoryEntry,
    /// Its text in the form in which this export's texts are compared.
    pub(super) shown: Cow<'h, str>,
    pub(super) keyword: Keyword,
    pub(super) source: Option<Source>,
    pub(super) builder: Option<Builder>,
    pub(super) signs: Vec<Sign>,
}

impl<'h> Prepared<'h> {
    pub(super) fn new(history: &'h History) -> Self {
        let entries: Vec<Entry<'h>> = history.entries.iter().map(|raw| entry(history, raw)).collect();
        let squashed = entries.iter().any(|entry| entry.signs.contains(&Sign::SquashComment));
        Self { history, entries, squashed }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}

fn entry<'h>(history: &'h History, raw: &'h HistoryEntry) -> Entry<'h> {
    let fingerprint = raw.fingerprint();
    let shape = shape(&raw.created_by);
    let hashed = matches!(shape.keyword, Keyword::Add | Keyword::Copy);
    Entry {
        raw,
        shown: history.fidelity.normal(&raw.created_by),
        keyword: shape.keyword,
        source: if hashed { Source::find(&raw.created_by, raw.truncated) } else { None },
        builder: fingerprint.builder,
        signs: fingerprint.signs,
    }
}
