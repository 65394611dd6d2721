use super::Span;

/// A logical line: continuation lines joined. It knows for each of its bytes where that stands in the file.
#[derive(Debug, Default)]
pub(super) struct Logical {
    pub(super) text: String,
    /// Beginnings of the pieces: offset in `text`, line, column; ascending.
    pieces: Vec<(usize, u32, u32)>,
}

impl Logical {
    /// Appends what stands at `column` of `line`.
    pub(super) fn push(&mut self, text: &str, line: u32, column: u32) {
        self.pieces.push((self.text.len(), line, column));
        self.text.push_str(text);
    }

    /// Line and column of the byte at `offset`.
    fn place(&self, offset: usize) -> (u32, u32) {
        let index = self.pieces.partition_point(|(begin, ..)| *begin <= offset);
        let (begin, line, column) = self.pieces[..index].last().copied().unwrap_or((0, 1, 1));
        (line, column + u32::try_from(offset - begin).unwrap_or(u32::MAX - column))
    }

    /// Where the bytes `from..to` stand.
    pub(super) fn span(&self, from: usize, to: usize) -> Span {
        let (line, column) = self.place(from);
        let (last_line, last_column) = match to > from {
            true => self.place(to - 1),
            false => (line, column - 1),
        };
        Span { line, column, last_line, last_column: last_column + 1 }
    }
}
