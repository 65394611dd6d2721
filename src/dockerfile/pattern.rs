//! Patterns of `${V#p}`, `${V%p}` and `${V/p/r}`: `*` any text, `?` one character, `\` makes the next one plain.

use super::expand::ExpandError;
use crate::order::Gather;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Plain(char),
    One,
    Any,
}

/// `value` without the shortest prefix that fits (the longest when the pattern begins with a second `#`).
pub(super) fn without_prefix(pattern: &str, value: &str, work: &mut usize) -> Result<String, ExpandError> {
    let (greedy, pattern) = split_greedy(pattern, '#');
    let tokens = read(pattern)?;
    let text: Vec<char> = value.chars().list();
    let matched = Table::new(&tokens, &text, work)?.end_of_match(0, greedy);
    Ok(text[matched.unwrap_or(0)..].iter().collect())
}

/// `value` without the shortest suffix that fits (the longest when the pattern begins with a second `%`).
pub(super) fn without_suffix(pattern: &str, value: &str, work: &mut usize) -> Result<String, ExpandError> {
    let (greedy, pattern) = split_greedy(pattern, '%');
    let tokens = read(&reversed(pattern))?;
    let text: Vec<char> = value.chars().rev().list();
    let matched = Table::new(&tokens, &text, work)?.end_of_match(0, greedy);
    Ok(text[matched.unwrap_or(0)..].iter().rev().collect())
}

/// `value` with the first (or every) longest fit of the pattern replaced.
pub(super) fn replaced(
    pattern: &str,
    value: &str,
    replacement: &str,
    every: bool,
    work: &mut usize,
) -> Result<String, ExpandError> {
    let tokens = read(pattern)?;
    let text: Vec<char> = value.chars().list();
    let table = Table::new(&tokens, &text, work)?;
    let (mut result, mut copied, mut from) = (String::new(), 0, 0);
    while from <= text.len() {
        let Some(start) = (from..=text.len()).find(|start| table.fits(0, *start)) else { break };
        let end = table.end_of_match(start, true).unwrap_or(start);
        result.extend(&text[copied..start]);
        if end > copied || start == 0 {
            let matched: String = text[start..end].iter().collect();
            result.push_str(&if every { template(replacement, &matched) } else { replacement.to_owned() });
        }
        (copied, from) = (end, end.max(from + 1));
        if !every {
            break;
        }
        let scanned = if tokens.contains(&Token::Any) { text.len() - start } else { 0 };
        spend(work, replacement.len() / 16 + scanned / 16)?;
    }
    result.extend(&text[copied..]);
    Ok(result)
}

/// The pattern from its end, escaped characters kept behind their `\`.
fn reversed(pattern: &str) -> String {
    let mut pieces: Vec<String> = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        let escaped = if c == '\\' { chars.next() } else { None };
        pieces.push([Some(c), escaped].into_iter().flatten().collect());
    }
    pieces.reverse();
    pieces.concat()
}

/// Takes what a step costs from what is left.
fn spend(work: &mut usize, cost: usize) -> Result<(), ExpandError> {
    *work = work.checked_sub(cost).ok_or_else(|| ExpandError::new("dockerfile.expansion-too-long"))?;
    Ok(())
}

fn split_greedy(pattern: &str, sign: char) -> (bool, &str) {
    pattern.strip_prefix(sign).map_or((false, pattern), |rest| (true, rest))
}

fn read(pattern: &str) -> Result<Vec<Token>, ExpandError> {
    let mut tokens = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        tokens.push(match c {
            '*' => Token::Any,
            '?' => Token::One,
            // `}` and `/` are escaped for the sake of the braces around the pattern, not of the pattern.
            '\\' if matches!(chars.peek(), Some('}' | '/')) => continue,
            '\\' => match chars.next() {
                Some(escaped @ ('*' | '?' | '\\')) => Token::Plain(escaped),
                _ => return Err(ExpandError::new("dockerfile.expansion-pattern").with("pattern", pattern)),
            },
            c => Token::Plain(c),
        });
    }
    Ok(tokens)
}

/// For each token and each place in the text: can the tokens from there on fit here?
struct Table<'a> {
    tokens: &'a [Token],
    text: &'a [char],
    fits: Vec<bool>,
}

impl<'a> Table<'a> {
    fn new(tokens: &'a [Token], text: &'a [char], work: &mut usize) -> Result<Self, ExpandError> {
        let width = text.len() + 1;
        let cells = (tokens.len() + 1).saturating_mul(width);
        spend(work, cells)?;
        let mut table = Self { tokens, text, fits: vec![true; cells] };
        for token in (0..tokens.len()).rev() {
            for at in (0..width).rev() {
                table.fits[token * width + at] = table.fits_here(token, at);
            }
        }
        Ok(table)
    }

    fn fits(&self, token: usize, at: usize) -> bool {
        self.fits[token * (self.text.len() + 1) + at]
    }

    fn fits_here(&self, token: usize, at: usize) -> bool {
        // No wildcard passes a line end.
        let next = self.text.get(at).copied();
        let in_line = next.is_some_and(|c| c != '\n');
        match self.tokens[token] {
            Token::Plain(c) => next == Some(c) && self.fits(token + 1, at + 1),
            Token::One => in_line && self.fits(token + 1, at + 1),
            Token::Any => self.fits(token + 1, at) || (in_line && self.fits(token, at + 1)),
        }
    }

    /// Where the preferred match that begins at `start` ends.
    fn end_of_match(&self, start: usize, greedy: bool) -> Option<usize> {
        if !self.fits(0, start) {
            return None;
        }
        let mut at = start;
        for (token, kind) in self.tokens.iter().enumerate() {
            if *kind != Token::Any {
                at += 1;
                continue;
            }
            let line = self.text[at..].iter().position(|c| *c == '\n').map_or(self.text.len(), |length| at + length);
            let mut ends = at..=line;
            let fits = |end: &usize| self.fits(token + 1, *end);
            at = if greedy { ends.rev().find(fits)? } else { ends.find(fits)? };
        }
        Some(at)
    }
}

/// With two strokes BuildKit reads `$0` and `$name` in the replacement once more, as references into the match.
fn template(replacement: &str, matched: &str) -> String {
    let mut result = String::new();
    let mut rest = replacement;
    while let Some(at) = rest.find('$') {
        result.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let inner = rest.strip_prefix('{').and_then(|inner| inner.split_once('}'));
        let is_word = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_');
        let word_end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        match inner {
            _ if rest.starts_with('$') => {
                result.push('$');
                rest = &rest[1..];
            }
            Some((word, behind)) if is_word(word) => {
                result.push_str(if word == "0" { matched } else { "" });
                rest = behind;
            }
            _ if word_end > 0 => {
                result.push_str(if &rest[..word_end] == "0" { matched } else { "" });
                rest = &rest[word_end..];
            }
            _ => result.push('$'),
        }
    }
    result.push_str(rest);
    result
}
