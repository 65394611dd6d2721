//! Values of build arguments, read out of a recorded text.

use crate::order::Gather;
use std::cell::Cell;

use crate::recipe::Values;

/// An open argument (its position) and its value.
pub(super) type Captured = (usize, String);

/// How many places are tried for one text. Marks with literal text between them need few.
const MOST_STEPS: u32 = 4000;

/// One part of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'p> {
    Literal(&'p str),
    /// The value of an open argument.
    Mark(usize),
    /// A number that follows from the values.
    Count,
}

/// The values with which `pattern` becomes `text`: the first way, shortest values first. The same mark has one value. Of a text
/// that was `cut` only the beginning is there; a value that the cut may have shortened is not taken.
pub(super) fn capture(pattern: &str, text: &str, cut: bool, steps_left: &Cell<u32>) -> Option<Vec<Captured>> {
    // Most texts part before the first mark. Marks begin with this byte in UTF-8.
    let first = pattern.bytes().position(|byte| byte == 0xf3).unwrap_or(pattern.len());
    if !cut && !text.as_bytes().starts_with(&pattern.as_bytes()[..first]) {
        return None;
    }
    let pieces = pieces(pattern);
    if let Some(Piece::Literal(last)) = pieces.last().filter(|_| !cut)
        && !text.ends_with(last)
    {
        return None;
    }
    let most = MOST_STEPS.min(steps_left.get());
    let mut run = Run { text, cut, values: Vec::new(), steps: 0, most };
    let fits = run.pieces(&pieces, 0);
    steps_left.set(steps_left.get().saturating_sub(run.steps));
    fits.then_some(run.values)
}

fn pieces(pattern: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut literal = 0;
    for (at, letter) in pattern.char_indices() {
        let piece = match Values::marked(letter) {
            Some(position) => Piece::Mark(position),
            None if Values::is_count(letter) => Piece::Count,
            None => continue,
        };
        if literal < at {
            pieces.push(Piece::Literal(&pattern[literal..at]));
        }
        pieces.push(piece);
        literal = at + letter.len_utf8();
    }
    if literal < pattern.len() {
        pieces.push(Piece::Literal(&pattern[literal..]));
    }
    pieces
}

struct Run<'t> {
    text: &'t str,
    cut: bool,
    values: Vec<Captured>,
    steps: u32,
    most: u32,
}

impl Run<'_> {
    /// Whether the pieces fit from `at` to the end of the text; their values are then in `values`.
    fn pieces(&mut self, pieces: &[Piece<'_>], at: usize) -> bool {
        self.steps += 1;
        let rest = &self.text[at..];
        match pieces {
            _ if self.steps > self.most => false,
            [] => rest.is_empty(),
            [Piece::Literal(literal), ..] if self.cut && literal.starts_with(rest) => true,
            [Piece::Literal(literal), more @ ..] => rest.starts_with(literal) && self.pieces(more, at + literal.len()),
            [Piece::Count, more @ ..] => {
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                digits > 0 && self.pieces(more, at + digits)
            }
            [Piece::Mark(position), more @ ..] => self.mark(*position, more, at),
        }
    }

    fn mark(&mut self, position: usize, more: &[Piece<'_>], at: usize) -> bool {
        let rest = &self.text[at..];
        if let Some((_, value)) = self.values.iter().find(|(known, _)| *known == position) {
            let length = value.len();
            return rest.starts_with(value.as_str()) && self.pieces(more, at + length);
        }
        let ends: Vec<usize> = match more {
            [] if self.cut => return false,
            [] => vec![rest.len()],
            [Piece::Literal(literal), ..] => {
                let cut_ends =
                    rest.char_indices().map(|(end, _)| end).filter(|end| self.cut && literal.starts_with(&rest[*end..]));
                rest.match_indices(literal).map(|(end, _)| end).chain(cut_ends).list()
            }
            // Two values without anything between them: how they part cannot be known.
            [Piece::Mark(_) | Piece::Count, ..] => return false,
        };
        ends.into_iter().any(|end| {
            self.values.push((position, self.text[at..at + end].to_owned()));
            let depth = self.values.len();
            let fits = self.pieces(more, at + end);
            if !fits {
                self.values.truncate(depth - 1);
            }
            fits
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn capture(pattern: &str, text: &str, cut: bool) -> Option<Vec<Captured>> {
        super::capture(pattern, text, cut, &Cell::new(10_000))
    }

    fn mark(position: usize) -> char {
        Values::mark(position).unwrap_or(' ')
    }

    #[test]
    fn values_are_read_out_and_one_mark_has_one_value() {
        let (a, b) = (mark(0), mark(1));
        let pattern = format!("|2 A={a} B={b} /bin/sh -c x");
        let found = capture(&pattern, "|2 A=two words B= /bin/sh -c x", false);
        assert_eq!(found, Some(vec![(0, "two words".to_owned()), (1, String::new())]));
        assert_eq!(capture(&format!("{a}-{a}"), "x-x", false), Some(vec![(0, "x".to_owned())]));
        assert_eq!(capture(&format!("{a}-{a}"), "x-y", false), None);
        assert_eq!(capture(&format!("{a}{b}"), "xy", false), None);
        assert_eq!(capture("plain", "plain", false), Some(vec![]));
        assert_eq!(capture(&format!("x-{a}-root.tar"), "x-amd64-ro", true), Some(vec![(0, "amd64".to_owned())]));
        assert_eq!(capture(&format!("x-{a}-root.tar"), "x-amd", true), None);
    }

    #[test]
    fn hostile_texts_end() {
        let pattern: String = (0..40).map(|position| format!("{}a", mark(position))).collect::<String>() + "b";
        assert_eq!(capture(&pattern, &"a".repeat(5000), false), None);
    }
}
