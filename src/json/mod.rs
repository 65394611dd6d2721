//! A strict JSON reader that keeps places and tells what other readers would see.
//!
//! Image documents are hashed as bytes and read by Go programs, so two questions matter that usual readers do not answer:
//! *where* a value stands (for findings), and whether another reader sees *another* value: duplicate keys (RFC 8259, section 4:
//! "behavior is unpredictable"), keys in another case (Go's `encoding/json` matches struct fields without regard to case, the
//! last one wins), lone surrogates and bytes that are not UTF-8 (Go puts U+FFFD). All of these are findings; what no JSON reader
//! may accept (a byte order mark, UTF-16, comments, trailing data, `NaN`) is a [`ReadError`] with its place.
//!
//! ```
//! use layerproof::json::{self, Limits};
//! let document = json::parse(br#"{"Config":"a","config":"b","Layers":["x"]}"#, &Limits::default()).unwrap();
//! let object = document.root.as_object().unwrap();
//! assert_eq!(object.get("Config").and_then(|v| v.as_str()), Some("a"));
//! assert_eq!(object.get_go("Config").and_then(|v| v.as_str()), Some("b"));
//! ```

mod canonical;
mod number;
mod object;
mod read;
mod reformat;

pub use canonical::{canonical, quoted};
pub use number::Number;
pub use object::{Member, Object, folds_to};
pub use read::{parse, parse_lines};
pub use reformat::{Form, reformat};

use crate::finding::{Finding, ReadError};

/// What one JSON text may cost. Every number is absolute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole text.
    pub size_bytes: u64,
    /// Arrays and objects inside each other; never more than 1,000 are read, whatever is asked for.
    pub depth: u32,
    /// Values (of any kind) in the text.
    pub values: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { size_bytes: 8 << 20, depth: 128, values: 1_000_000 }
    }
}

/// Bytes `start..end` of the text that was parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

/// A parsed text: its root value and what is odd about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The one value of the text.
    pub root: Value,
    /// `json.duplicate-key`, `json.lone-surrogate`, `json.not-utf8`; at most [`Document::FINDINGS`] are kept.
    pub findings: Vec<Finding>,
}

impl Document {
    /// Findings that are kept; the last one then says that there are more.
    pub const FINDINGS: usize = 100;
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub span: Span,
}

/// The seven kinds of JSON values.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, kept as it was written.
    Number(Number),
    /// A string with its escapes undone.
    String(String),
    /// An array.
    Array(Vec<Value>),
    /// An object with all its members, duplicates too, in the order of the text.
    Object(Object),
}

impl Value {
    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The items of an array.
    pub fn as_array(&self) -> Option<&[Value]> {
        match &self.kind {
            Kind::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The texts of an array that holds nothing but strings.
    pub fn as_strings(&self) -> Option<Vec<String>> {
        self.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
    }

    /// The members of an object.
    pub fn as_object(&self) -> Option<&Object> {
        match &self.kind {
            Kind::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The number.
    pub fn as_number(&self) -> Option<&Number> {
        match &self.kind {
            Kind::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The number, if it is an integer from 0 to 2^64 - 1.
    pub fn as_u64(&self) -> Option<u64> {
        self.as_number().and_then(Number::as_u64)
    }

    /// The truth value.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// The kind in words, for "found …".
    pub fn kind_name(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "true or false",
            Kind::Number(_) => "a number",
            Kind::String(_) => "a string",
            Kind::Array(_) => "an array",
            Kind::Object(_) => "an object",
        }
    }
}

/// One line of a file with one JSON value in each line.
#[derive(Debug)]
pub struct JsonLine {
    /// Counted from 1.
    pub line: u32,
    /// The value, with spans and places counted from the start of the whole file.
    pub result: Result<Document, ReadError>,
}

/// The codes of this room that mean: readers which accept the text read different values.
pub const AMBIGUOUS: &[&str] = &["json.duplicate-key", "json.lone-surrogate", "json.not-utf8", "json.more-findings"];
