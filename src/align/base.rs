//! The base image's own history against the beginning of another.

use super::solve::Task;
use crate::history::{Fidelity, History};
use crate::recipe::{BaseImage, Program};

/// How a base image's history stands to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BasePrefix {
    /// Its entries are the other's first ones, in order.
    Same {
        /// How many.
        entries: usize,
    },
    /// They part at this entry.
    Parts {
        /// Index of the first entry, oldest first, that is another one or that the other history does not have.
        at: usize,
    },
    /// It has no entries.
    Empty,
}

/// Compares a base image's history with the beginning of another, as far as both exports keep the texts.
///
/// ```
/// use layerproof::align::{BasePrefix, base_prefix};
/// use layerproof::history::{Hint, read};
/// let read = |text: &str| read(text.as_bytes(), Hint::default());
/// let base = read(r#"[{"created_by":"ADD a / # buildkit"},{"created_by":"CMD [\"sh\"]","empty_layer":true}]"#)?;
/// let child = read(r#"[{"created_by":"ADD a / # buildkit"},{"created_by":"CMD [\"sh\"]","empty_layer":true},{"created_by":"RUN /bin/sh -c x # buildkit"}]"#)?;
/// assert_eq!(base_prefix(&base, &child), BasePrefix::Same { entries: 2 });
/// assert_eq!(base_prefix(&child, &base), BasePrefix::Parts { at: 2 });
/// # Ok::<(), layerproof::finding::ReadError>(())
/// ```
pub fn base_prefix(base: &History, history: &History) -> BasePrefix {
    if base.entries.is_empty() {
        return BasePrefix::Empty;
    }
    let same = |at: usize| {
        let (Some(ours), Some(theirs)) = (base.entries.get(at), history.entries.get(at)) else { return false };
        let layers = ours.empty_layer.zip(theirs.empty_layer).is_none_or(|(ours, theirs)| ours == theirs);
        layers && Fidelity::same_text((ours, &base.fidelity), (theirs, &history.fidelity))
    };
    match (0..base.entries.len()).find(|at| !same(*at)) {
        Some(at) => BasePrefix::Parts { at },
        None => BasePrefix::Same { entries: base.entries.len() },
    }
}

/// What the dropped base history says about this alignment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Given {
    /// The number of entries of the base image, if its history is at hand and is the beginning of this one.
    pub(super) entries: Option<usize>,
    /// Its history is at hand and is not the beginning of this one.
    pub(super) parts_at: Option<usize>,
}

pub(super) fn given(task: &Task<'_>, program: &Program<'_>) -> Given {
    let Some(base) = task.context.base.filter(|_| program.base != BaseImage::Scratch) else { return Given::default() };
    match base_prefix(base, task.history.history) {
        BasePrefix::Same { entries } => Given { entries: Some(entries), parts_at: None },
        BasePrefix::Parts { at } => Given { entries: None, parts_at: Some(at) },
        BasePrefix::Empty => Given::default(),
    }
}
