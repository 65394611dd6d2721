//! What can be said about one input: findings, read errors and the places they point at.
//!
//! Three different things are kept apart everywhere (see `docs/ARCHITECTURE.md`):
//! a [`ReadError`] means that an input could not be read further, a [`Finding`] that it was read but is odd, and a
//! verdict (room `checks`) that two things do or do not agree. None of them holds a sentence: they carry a stable code and
//! arguments, and the catalogue in room `report` holds the English text for every code.

mod time;
mod utf16;
mod visible;

pub use time::{days_since_1970, rfc3339};
pub use utf16::from_utf16;
pub use visible::visible;

/// A place inside one input. Fields that make no sense for the input's format are `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// Offset in bytes from the start of the input (of the decompressed stream where the args say so).
    pub byte: Option<u64>,
    /// Line, counted from 1.
    pub line: Option<u32>,
    /// Column in bytes within the line, counted from 1.
    pub column: Option<u32>,
    /// Name of the entry inside an archive, or the JSON pointer inside a document, already made [`visible()`].
    pub inside: Option<String>,
}

impl At {
    /// The place `byte` bytes from the start.
    pub fn byte(byte: u64) -> Self {
        Self { byte: Some(byte), ..Self::default() }
    }

    /// The line numbered `line` (from 1).
    pub fn line(line: u32) -> Self {
        Self { line: Some(line), ..Self::default() }
    }

    /// Line and column, both from 1.
    pub fn column(line: u32, column: u32) -> Self {
        Self { line: Some(line), column: Some(column), ..Self::default() }
    }

    /// The named entry of an archive, or a JSON pointer.
    pub fn inside(name: impl Into<String>) -> Self {
        Self { inside: Some(name.into()), ..Self::default() }
    }
}

/// How loud a [`Finding`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing; nothing to do.
    Note,
    /// Somebody should look at this.
    Warn,
}

/// Named arguments of a sentence, in the order in which they were given. Values are plain text that is already safe to show
/// (see [`visible()`]).
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Args(Vec<(&'static str, String)>);

impl Args {
    /// No arguments.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one argument; a name is given once only.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.0.push((name, value.to_string()));
        self
    }

    /// The value of one argument.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }

    /// All arguments in order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

/// One sentence to be said: a code of the catalogue and its arguments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said {
    /// Stable code, `room.what-happened`.
    pub code: &'static str,
    /// Arguments of the sentence.
    pub args: Args,
}

impl Said {
    /// A sentence without arguments yet.
    pub fn new(code: &'static str) -> Self {
        Self { code, args: Args::new() }
    }

    /// Adds an argument.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args = self.args.with(name, value);
        self
    }
}

/// Something odd about an input that was read all the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Stable code `room.what`, for example `dockerfile.unknown-instruction`; the catalogue has its sentence.
    pub code: &'static str,
    /// How loud it is.
    pub level: Level,
    /// Where.
    pub at: Option<At>,
    /// Arguments of the sentence.
    pub args: Args,
}

impl Finding {
    /// A note.
    pub fn note(code: &'static str) -> Self {
        Self { code, level: Level::Note, at: None, args: Args::new() }
    }

    /// A warning.
    pub fn warn(code: &'static str) -> Self {
        Self { code, level: Level::Warn, at: None, args: Args::new() }
    }

    /// Says where.
    pub fn at(mut self, at: At) -> Self {
        self.at = Some(at);
        self
    }

    /// Adds an argument.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args = self.args.with(name, value);
        self
    }
}

/// An input could not be read further than `at`. Never used for a mismatch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// Stable code `room.what`; the catalogue has its sentence and its advice.
    pub code: &'static str,
    /// Where reading ended.
    pub at: Option<At>,
    /// What the format asks for at that place, in words.
    pub expected: String,
    /// What stood there, in words, made [`visible()`].
    pub found: String,
    /// Further arguments of the sentence.
    pub args: Args,
}

impl ReadError {
    /// An error with what was expected and what was found.
    pub fn new(code: &'static str, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self { code, at: None, expected: expected.into(), found: found.into(), args: Args::new() }
    }

    /// Says where.
    pub fn at(mut self, at: At) -> Self {
        self.at = Some(at);
        self
    }

    /// Adds an argument.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args = self.args.with(name, value);
        self
    }
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: expected {}, found {}", self.code, self.expected, self.found)
    }
}

impl std::error::Error for ReadError {}
