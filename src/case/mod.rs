//! All evidence together, and who refers to whom.

/// Index of an item of a [`Case`]. Items are sorted by content, so equal cases have equal numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(pub usize);

/// Everything that was given.
#[derive(Debug, Default)]
pub struct Case {}
