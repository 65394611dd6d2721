//! The report: model, JSON, and the catalogue of all sentences.

pub mod catalogue;
pub mod model;
