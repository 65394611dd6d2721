/// Where something stands in the file. Lines and columns count from 1, columns in bytes; the end is exclusive, so a span
/// of one word on one line has `last_column - column` bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Line on which it begins.
    pub line: u32,
    /// Column of its first byte on that line.
    pub column: u32,
    /// Line on which it ends (inclusive).
    pub last_line: u32,
    /// Column just behind its last byte on that line.
    pub last_column: u32,
}

impl Span {
    /// Whether the line numbered `line` belongs to it.
    pub fn has_line(&self, line: u32) -> bool {
        (self.line..=self.last_line).contains(&line)
    }

    /// The place of its beginning, for a finding.
    pub fn at(&self) -> crate::finding::At {
        crate::finding::At::column(self.line, self.column)
    }
}
