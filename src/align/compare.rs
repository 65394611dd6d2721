//! One expected text against one entry.

use crate::order::Gather;
use std::borrow::Cow;

use super::capture::{self, Captured};
use super::prepare::{Entry, Prepared};
use crate::dockerfile::Keyword;
use crate::recipe::{Expected, Layer, Source, Text, Values};

/// What pairs and gaps cost. Whatever is explained costs little, whatever is not costs much.
pub(super) mod cost {
    /// The layer flag is not the one that this builder writes.
    pub(in crate::align) const ODD_LAYER: u32 = 3;
    /// A text of a builder that this version may write, but seldom does.
    pub(in crate::align) const SECOND_TEXT: u32 = 1;
    /// A build argument's value has to be looked up.
    pub(in crate::align) const CAPTURED: u32 = 20;
    /// A step that is recorded only if it changed files, without an entry.
    pub(in crate::align) const UNCHANGED: u32 = 2;
    /// An entry that a builder adds on its own account.
    pub(in crate::align) const ADDED: u32 = 2;
    /// A trigger of the base image that was not run after all.
    pub(in crate::align) const IDLE_TRIGGER: u32 = 1;
    /// An instruction without its entry.
    pub(in crate::align) const MISSING: u32 = 1000;
    /// An entry that nothing accounts for.
    pub(in crate::align) const EXTRA: u32 = 1000;
    /// Two texts of one instruction that differ: this much, and up to twice as much for texts that have nothing in common.
    pub(in crate::align) const DIFFERS: u32 = 600;
}

/// Stands behind the value of a base image's variable whose end the export cut.
pub(super) const CUT: char = '\u{f_fffe}';

/// How an expected step and an entry fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fit {
    /// The text is the builder's. `second`: one of the seldom ones.
    Same { exact: bool, second: bool, odd_layer: bool },
    /// It is, if these arguments had these values.
    If(Vec<Captured>),
    /// One instruction, other text; the likeness in per mille.
    Other(u32),
    /// Not even one instruction.
    Never,
}

impl Fit {
    pub(super) fn cost(&self) -> Option<u32> {
        match self {
            Self::Same { second, odd_layer, .. } => {
                Some(if *second { cost::SECOND_TEXT } else { 0 } + if *odd_layer { cost::ODD_LAYER } else { 0 })
            }
            Self::If(_) => Some(cost::CAPTURED),
            Self::Other(likeness) => Some(cost::DIFFERS * 2 - cost::DIFFERS * likeness / 1000),
            Self::Never => None,
        }
    }
}

/// An expected step, made ready for many comparisons.
pub(super) struct Ready {
    pub(super) keyword: Keyword,
    pub(super) expected: Expected,
    /// What this export would print, for texts without a hole.
    printed: Vec<Option<String>>,
    /// The same step with marks for open arguments, where that makes a difference: as this export prints it, and the text itself
    /// where it has a hole.
    marked: Vec<(String, Text)>,
}

impl Ready {
    pub(super) fn new(keyword: Keyword, expected: Expected, marked: Option<&Expected>, history: &Prepared<'_>) -> Self {
        let fidelity = &history.history.fidelity;
        let printed = expected.texts.iter().map(|text| match text.hole {
            None => Some(fidelity.apply(&text.head).into_owned()),
            Some(_) => None,
        });
        let printed_marks =
            |text: &Text| if text.hole.is_none() { fidelity.apply(&text.head).into_owned() } else { String::new() };
        let with_marks = |marked: &Expected| -> Vec<(String, Text)> {
            marked.texts.iter().filter(|text| has_marks(text)).map(|text| (printed_marks(text), text.clone())).list()
        };
        let marked = marked.map(with_marks);
        Self { keyword, printed: printed.list(), marked: marked.unwrap_or_default(), expected }
    }

    /// Compares with one entry, and with what is left of it without a builder's notes behind the text.
    pub(super) fn fit(&self, entry: &Entry<'_>, history: &Prepared<'_>) -> Fit {
        let whole = self.fit_whole(entry, history);
        if self.keyword != entry.keyword || matches!(whole, Fit::Same { .. } | Fit::If(_)) {
            return whole;
        }
        let Some(text) = self.expected.tail.cut(&entry.raw.created_by) else { return whole };
        let raw = crate::history::HistoryEntry { created_by: text, ..entry.raw.clone() };
        match self.fit_whole(&super::prepare::entry(history.history, &raw), history) {
            Fit::Same { odd_layer, .. } => Fit::Same { exact: false, second: true, odd_layer },
            Fit::If(values) => Fit::If(values),
            _ => whole,
        }
    }

    fn fit_whole(&self, entry: &Entry<'_>, history: &Prepared<'_>) -> Fit {
        if entry.shown.is_empty() {
            return Fit::Never;
        }
        for (number, text) in self.expected.texts.iter().enumerate() {
            let mut ways = fillings(text, entry).into_iter();
            if let Some(exact) = ways.find_map(|way| self.text_fits(number, &way, entry, history)) {
                return Fit::Same { exact, second: number > 0, odd_layer: self.is_odd_layer(entry, history) };
            }
        }
        if self.keyword != entry.keyword || self.expected.texts.is_empty() {
            return Fit::Never;
        }
        let captured = self.marked.iter().find_map(|(printed, text)| marked_fits(printed, text, entry, history));
        captured.map_or_else(|| Fit::Other(self.likeness(entry)), Fit::If)
    }

    /// `Some(true)` if the text is the recorded one, `Some(false)` if this export would print it like that.
    fn text_fits(&self, number: usize, whole: &str, entry: &Entry<'_>, history: &Prepared<'_>) -> Option<bool> {
        if !entry.raw.truncated && entry.raw.created_by == whole {
            return Some(true);
        }
        if self.keyword != entry.keyword {
            return None;
        }
        let fidelity = &history.history.fidelity;
        if let Some((known, _)) = whole.split_once(CUT) {
            // The rest follows from a value that the export cut.
            let (known, shown) = (fidelity.apply(known), &*entry.shown);
            return (shown.starts_with(&*known) || known.starts_with(shown)).then_some(false);
        }
        let fits = match self.printed.get(number).and_then(Option::as_ref) {
            Some(printed) if !fidelity.tabs_lost && entry.raw.truncated => printed.starts_with(&*entry.shown),
            Some(printed) if !fidelity.tabs_lost => *printed == entry.shown,
            _ => fidelity.prints(entry.raw, whole),
        };
        fits.then_some(false)
    }

    fn is_odd_layer(&self, entry: &Entry<'_>, history: &Prepared<'_>) -> bool {
        match (self.expected.layer, entry.raw.empty_layer) {
            (Layer::Always, Some(true)) => !history.squashed,
            (Layer::Never, Some(false)) => true,
            _ => false,
        }
    }

    fn likeness(&self, entry: &Entry<'_>) -> u32 {
        let ours = match (self.printed.first(), self.expected.texts.first()) {
            (Some(Some(printed)), _) => printed.as_str(),
            (_, Some(text)) => text.head.as_str(),
            _ => "",
        };
        likeness(ours.as_bytes(), entry.shown.as_bytes())
    }
}

/// The text with the entry's own hash in its hole. Where the export cut the text before the hash or within the word in front of
/// it, every form that this builder may write.
fn fillings<'t>(text: &'t Text, entry: &Entry<'_>) -> Vec<Cow<'t, str>> {
    let Some((sources, _)) = &text.hole else { return vec![Cow::Borrowed(&text.head)] };
    match &entry.source {
        Some(source) if sources.accept(source) => vec![Cow::Owned(text.filled(&whole_token(source)))],
        None if entry.raw.truncated => sources.kinds().into_iter().map(|kind| Cow::Owned(text.filled(kind))).list(),
        _ => Vec::new(),
    }
}

/// The hash with digits up to its full length, where the export cut it.
fn whole_token(source: &Source) -> String {
    format!("{}{:0<64}", source.kind, source.hex)
}

fn has_marks(text: &Text) -> bool {
    Values::has_marks(&text.head) || text.hole.as_ref().is_some_and(|(_, tail)| Values::has_marks(tail))
}

fn marked_fits(printed: &str, text: &Text, entry: &Entry<'_>, history: &Prepared<'_>) -> Option<Vec<Captured>> {
    if entry.has_marks {
        return None;
    }
    let fits = |pattern: &str| capture::capture(pattern, &entry.shown, entry.raw.truncated, &history.steps_left);
    match text.hole {
        None => fits(printed),
        Some(_) => fillings(text, entry).iter().find_map(|whole| fits(&history.history.fidelity.apply(whole))),
    }
}

/// How much two texts have in common at both ends, in per mille of the longer one.
fn likeness(ours: &[u8], theirs: &[u8]) -> u32 {
    let front = ours.iter().zip(theirs).take_while(|(a, b)| a == b).count();
    let (ours_left, theirs_left) = (&ours[front..], &theirs[front..]);
    let back = ours_left.iter().rev().zip(theirs_left.iter().rev()).take_while(|(a, b)| a == b).count();
    let longest = ours.len().max(theirs.len()).max(1);
    u32::try_from((front + back) * 1000 / longest).unwrap_or(1000)
}
