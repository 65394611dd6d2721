//! The report: its model, how it is built from a case, its written forms, and the catalogue of all sentences.

mod alignment;
mod build;
pub mod catalogue;
mod graph;
pub mod html;
mod images;
pub mod markdown;
pub mod model;
mod next;
mod summary;
pub mod terminal;
mod what;
pub mod words;

pub use build::build;
pub use what::what;

/// The report as JSON: two blanks of indentation, a final newline, members in the order of the model. Equal cases give equal
/// bytes, on the page and in the command line.
pub fn json(report: &model::Report) -> String {
    // The model holds no map with keys other than strings and no float, so that it can always be written.
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    text
}
