//! The only state: sources come in as bytes, a report goes out. Page, command line and tests all use this one type.

pub mod protocol;
#[cfg(test)]
mod typescript;
