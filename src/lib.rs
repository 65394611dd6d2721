//! layerproof reads container image evidence offline and says which claims about the image are proved.
#![deny(unsafe_code)]

pub mod align;
pub mod case;
pub mod checks;
pub mod digest;
pub mod dockerfile;
pub mod example;
pub mod finding;
pub mod history;
pub mod intake;
pub mod json;
pub mod oci;
pub mod official;
pub mod order;
pub mod rebuild;
pub mod recipe;
pub mod report;
pub mod session;
pub mod trust;
#[cfg(target_family = "wasm")]
pub mod web;
