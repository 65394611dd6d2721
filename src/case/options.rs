//! What the person said about the case besides its evidence.

use crate::intake::limits::Limits;
use crate::order::Map;

/// Options of a case; every one is optional, and all of them are claims of the person.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Values of build arguments, by name.
    pub build_args: Map<String, String>,
    /// Target stage, by name or number; `None` is the last stage.
    pub target: Option<String>,
    /// Platform to choose from an index, `os/arch[/variant]`; `None` is every platform.
    pub platform: Option<String>,
    /// The day that counts as today, `YYYY-MM-DD`; there is no clock here.
    pub as_of: Option<String>,
    /// Budgets for reading.
    pub limits: Limits,
}
