//! Dockerfiles: lines, instructions with their places, stages, expansion. The grammar is that of BuildKit's current front end
//! (<https://docs.docker.com/reference/dockerfile/>).
//!
//! [`parse`] reads a file and keeps going over lines that no builder would accept: they are among the
//! [`problems`](Dockerfile::problems), every other line is read. Nothing is expanded while reading. [`Dockerfile::target`] and
//! [`Dockerfile::chain`] choose stages, [`Lexer`] expands one word over an [`Environment`], [`Scope`] follows the variables
//! through a stage.
//!
//! ```
//! use layerproof::dockerfile::{self, Command, Limits};
//! let file = dockerfile::parse(b"FROM scratch\nADD rootfs.tar /\n", &Limits::default())?;
//! let Command::Add(add) = &file.instructions[1].command else { unreachable!() };
//! assert_eq!(add.destination, "/");
//! assert_eq!(file.instructions[1].span.line, 2);
//! # Ok::<(), layerproof::finding::ReadError>(())
//! ```

mod command;
mod directive;
mod duration;
mod expand;
mod heredoc;
mod instruction;
mod keyword;
mod lines;
mod logical;
mod nearest;
mod pattern;
mod read;
mod scope;
mod shape;
mod span;
mod split;
mod stage;
mod stages;
mod words;

pub use command::{Argument, Command, CommandLine, From, Healthcheck, Pairs, Source, Transfer, Trigger};
pub use duration::Duration;
pub use expand::{Environment, ExpandError, Expanded, Lexer, Nothing, Origin, Use, Variable};
pub use instruction::{Flag, Heredoc, Instruction};
pub use keyword::Keyword;
pub use read::parse;
pub use scope::{Declared, Precedence, Scope};
pub use span::Span;
pub use stage::{Base, BuildArguments, Chain, CopyFrom, Globals, Stage};

use crate::finding::Finding;
use crate::order::Map;

/// How much is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest file, in bytes.
    pub file_bytes: u64,
    /// Longest line without its line end, in bytes. BuildKit's own limit is the default.
    pub line_bytes: u64,
    /// Most lines.
    pub lines: u64,
    /// Most instructions.
    pub instructions: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 4 << 20, line_bytes: 65_535, lines: 100_000, instructions: 10_000 }
    }
}

/// A Dockerfile as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dockerfile {
    /// All lines with their line ends, byte order mark dropped: concatenated they are the file. Bytes that are no UTF-8 stand
    /// as U+FFFD, one for each, as Docker writes them into histories.
    pub lines: Vec<String>,
    /// What each line belongs to; every line is in exactly one part.
    pub parts: Vec<Part>,
    /// Parser directives at the top.
    pub directives: Vec<Directive>,
    /// The front end that the file asks for (`# syntax=`), as written.
    pub syntax: Option<String>,
    /// The escape and continuation character: `\`, or `` ` `` by directive.
    pub escape: char,
    /// All instructions in order, readable or not.
    pub instructions: Vec<Instruction>,
    /// The stages in order; at least one.
    pub stages: Vec<Stage>,
    /// Numbers of the stages with each name, ascending.
    names: Map<String, Vec<usize>>,
    /// What the current BuildKit front end refuses; each has a place.
    pub problems: Vec<Finding>,
    /// What it accepts although it is odd.
    pub findings: Vec<Finding>,
}

impl Dockerfile {
    /// The front end that the file asks for when it is none of Docker's own: its grammar may be another one.
    pub fn foreign_front_end(&self) -> Option<&str> {
        let syntax = self.syntax.as_deref()?;
        let image = syntax.split(' ').next().unwrap_or(syntax);
        let name = image.split('@').next().unwrap_or(image);
        let name = name.strip_prefix("docker.io/").unwrap_or(name);
        let name = name.split(':').next().unwrap_or(name);
        (!matches!(name, "docker/dockerfile" | "docker/dockerfile-upstream")).then_some(image)
    }
}

/// Consecutive lines that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// What they are.
    pub kind: PartKind,
    /// First line.
    pub first_line: u32,
    /// Last line.
    pub last_line: u32,
}

/// What lines are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// Only blanks.
    Blank,
    /// A comment.
    Comment,
    /// The parser directive with this index.
    Directive(usize),
    /// The instruction with this index, its heredocs included.
    Instruction(usize),
}

/// A parser directive such as `# escape=`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// `syntax`, `escape` or `check`, in lower case.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Where it stands.
    pub span: Span,
}
