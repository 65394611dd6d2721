//! Patterns for paths, as ADD, COPY and `.dockerignore` have them (Go, `path/filepath`, `Match`; moby, `patternmatcher`).

use crate::order::Gather;

/// A pattern: `*` and `?` stop at a slash, `**` does not, `[a-c]` and `[^a]` are one character, `\` makes the next one plain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob(Vec<Token>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Plain(char),
    One,
    Class(Vec<(char, char)>, bool),
    Within,
    /// `**`; with the slash behind it, which may be absent with it.
    Across(bool),
}

impl Glob {
    /// Reads a pattern. A class without its end stands for itself.
    pub fn new(pattern: &str) -> Self {
        let letters: Vec<char> = pattern.chars().list();
        let (mut tokens, mut at) = (Vec::new(), 0);
        while let Some(letter) = letters.get(at) {
            let (token, length) = match (letter, letters.get(at + 1)) {
                ('*', Some('*')) => match letters.get(at + 2) {
                    Some('/') => (Token::Across(true), 3),
                    _ => (Token::Across(false), 2),
                },
                ('*', _) => (Token::Within, 1),
                ('?', _) => (Token::One, 1),
                ('[', _) => class(&letters[at..]).unwrap_or((Token::Plain('['), 1)),
                ('\\', Some(next)) => (Token::Plain(*next), 2),
                (letter, _) => (Token::Plain(*letter), 1),
            };
            tokens.push(token);
            at += length;
        }
        Self(tokens)
    }

    /// Whether the whole path fits. Takes time in proportion to the product of both lengths.
    pub fn fits(&self, path: &str) -> bool {
        let path: Vec<char> = path.chars().list();
        // Positions that the tokens so far may have come to.
        let mut here = vec![false; path.len() + 1];
        here[0] = true;
        for token in &self.0 {
            here = step(token, &path, &here);
        }
        here[path.len()]
    }
}

fn step(token: &Token, path: &[char], here: &[bool]) -> Vec<bool> {
    let mut next = vec![false; here.len()];
    for (at, letter) in path.iter().enumerate() {
        let fits = match token {
            Token::Plain(plain) => plain == letter,
            Token::One => *letter != '/',
            Token::Class(ranges, negated) => {
                *letter != '/' && ranges.iter().any(|(first, last)| (first..=last).contains(&letter)) != *negated
            }
            Token::Within | Token::Across(_) => false,
        };
        next[at + 1] |= fits && here[at];
    }
    let mut open = false;
    match token {
        Token::Within | Token::Across(false) => {
            for at in 0..here.len() {
                let stops = at > 0 && *token == Token::Within && path[at - 1] == '/';
                open = here[at] || open && !stops;
                next[at] |= open;
            }
        }
        Token::Across(true) => {
            for at in 0..here.len() {
                next[at] |= here[at] || open && at > 0 && path[at - 1] == '/';
                open |= here[at];
            }
        }
        _ => {}
    }
    next
}

/// A class at the beginning of `letters`, and its length.
fn class(letters: &[char]) -> Option<(Token, usize)> {
    let negated = matches!(letters.get(1), Some('^' | '!'));
    let mut at = 1 + usize::from(negated);
    let mut ranges = Vec::new();
    while *letters.get(at)? != ']' || ranges.is_empty() {
        let one = |at: usize| match letters.get(at)? {
            '\\' => Some((*letters.get(at + 1)?, 2)),
            letter => Some((*letter, 1)),
        };
        let (first, length) = one(at)?;
        at += length;
        let (mut last, mut more) = (first, 0);
        if letters.get(at) == Some(&'-') && letters.get(at + 1) != Some(&']') {
            let (end, length) = one(at + 1)?;
            (last, more) = (end, length + 1);
        }
        at += more;
        ranges.push((first, last));
    }
    Some((Token::Class(ranges, negated), at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_as_go_fits_them() {
        for (pattern, path, fits) in [
            ("a*c", "abbc", true),
            ("a*c", "a/c", false),
            ("*", "", true),
            ("*.t?t", "x.txt", true),
            ("[a-c]x", "bx", true),
            ("[^a-c]x", "bx", false),
            ("[^a]", "/", false),
            ("\\*", "*", true),
            ("\\*", "x", false),
            ("**", "a/b/c", true),
            ("**/x", "x", true),
            ("**/x", "a/b/x", true),
            ("**/x", "ax", false),
            ("a/**/x", "a/x", true),
            ("a/**", "a/b/c", true),
            ("[", "[", true),
            ("[a-]", "-", true),
            ("ab", "a", false),
        ] {
            assert_eq!(Glob::new(pattern).fits(path), fits, "{pattern} on {path}");
        }
    }
}
