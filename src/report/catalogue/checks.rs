use super::Sentence;

/// Titles of the check kinds, and what each proves and does not prove.
pub(super) const SENTENCES: &[Sentence] = &[];
