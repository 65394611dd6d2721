//! History entries, made ready for many comparisons.

use crate::order::Gather;
use std::borrow::Cow;
use std::cell::Cell;

use crate::dockerfile::Keyword;
use crate::history::{Builder, History, HistoryEntry, Sign};
use crate::recipe::{Source, Values, shape};

/// A history with everything that comparisons ask again and again.
pub(super) struct Prepared<'h> {
    pub(super) history: &'h History,
    pub(super) entries: Vec<Entry<'h>>,
    /// `docker build --squash` has emptied the entries' layers, so they say nothing.
    pub(super) squashed: bool,
    /// Steps left for looking up values. Hostile texts would take them without end; real ones need a few hundred.
    pub(super) steps_left: Cell<u32>,
}

/// Steps for looking up values in one alignment.
const MOST_STEPS: u32 = 1_000_000;

/// One entry.
pub(super) struct Entry<'h> {
    pub(super) raw: &'h HistoryEntry,
    /// Its text in the form in which this export's texts are compared.
    pub(super) shown: Cow<'h, str>,
    pub(super) keyword: Keyword,
    pub(super) source: Option<Source>,
    pub(super) builder: Option<Builder>,
    pub(super) signs: Vec<Sign>,
    /// It contains characters that stand for unknown values in patterns; nothing is looked up in it.
    pub(super) has_marks: bool,
}

impl<'h> Prepared<'h> {
    pub(super) fn new(history: &'h History) -> Self {
        let entries: Vec<Entry<'h>> = history.entries.iter().map(|raw| entry(history, raw)).list();
        let squashed = entries.iter().any(|entry| entry.signs.contains(&Sign::SquashComment));
        Self { history, entries, squashed, steps_left: Cell::new(MOST_STEPS) }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}

pub(super) fn entry<'h>(history: &'h History, raw: &'h HistoryEntry) -> Entry<'h> {
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
        has_marks: Values::has_marks(&raw.created_by),
    }
}
