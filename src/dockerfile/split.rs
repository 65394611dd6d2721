use super::logical::Logical;
use super::{Flag, Keyword, Span};

/// A logical line cut into keyword, flags and arguments.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) keyword: Keyword,
    pub(super) keyword_text: String,
    pub(super) flags: Vec<Flag>,
    /// Where the keyword begins in the logical line.
    pub(super) begin: usize,
    /// Begin and end of the arguments in the logical line.
    pub(super) args: (usize, usize),
}

/// Blanks between keyword, flags, arguments and words of the list form. Other Unicode blanks are part of words there.
pub(super) const BLANKS: [char; 5] = ['\t', '\u{b}', '\u{c}', '\r', ' '];

/// Cuts the part `from..` of a logical line.
pub(super) fn cut(logical: &Logical, from: usize, escape: char) -> Cut {
    let text = logical.text[from..].trim_end();
    let begin = from + text.len() - text.trim_start().len();
    let text = text.trim_start();
    let keyword_end = text.find(BLANKS).unwrap_or(text.len());
    let keyword_text = text[..keyword_end].to_owned();
    let rest = text[keyword_end..].trim_start_matches(BLANKS);
    let end = begin + text.len();
    let mut flags = Flags { logical, at: end - rest.len(), end, escape };
    let mut found = Vec::new();
    while let Some(flag) = flags.next_flag() {
        found.push(flag);
    }
    let args = &logical.text[flags.at..end];
    let args_begin = end - args.trim_start().len();
    Cut { keyword: Keyword::of(&keyword_text), keyword_text, flags: found, begin, args: (args_begin, end) }
}

/// Takes flags off the front of the arguments.
struct Flags<'a> {
    logical: &'a Logical,
    at: usize,
    end: usize,
    escape: char,
}

impl Flags<'_> {
    /// The next `--name=value`; `--` alone ends them and is dropped.
    fn next_flag(&mut self) -> Option<Flag> {
        let rest = &self.logical.text[self.at..self.end];
        let word = rest.trim_start_matches(BLANKS);
        if !word.starts_with("--") {
            self.at = self.end - word.len();
            return None;
        }
        let begin = self.end - word.len();
        let (text, length) = unquoted_word(word, self.escape);
        self.at = begin + length;
        if text == "--" {
            return None;
        }
        Some(flag(&text, self.logical.span(begin, begin + length)))
    }
}

fn flag(text: &str, span: Span) -> Flag {
    let text = text.strip_prefix("--").unwrap_or(text);
    match text.split_once('=') {
        Some((name, value)) => Flag { name: name.to_owned(), value: Some(value.to_owned()), span },
        None => Flag { name: text.to_owned(), value: None, span },
    }
}

/// The first word without quotes and escapes, and how many bytes of `text` it takes.
fn unquoted_word(text: &str, escape: char) -> (String, usize) {
    let mut word = String::new();
    let mut quote = None;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match quote {
            None if BLANKS.contains(&c) => return (word, at),
            None if c == '\'' || c == '"' => quote = Some(c),
            Some(open) if c == open => quote = None,
            // An escape character at the very end is dropped.
            _ if c == escape => word.extend(chars.next().map(|(_, escaped)| escaped)),
            _ => word.push(c),
        }
    }
    (word, text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut_text(text: &str) -> (Cut, String) {
        let mut logical = Logical::default();
        logical.push(text, 1, 1);
        let cut = cut(&logical, 0, '\\');
        let args = logical.text[cut.args.0..cut.args.1].to_owned();
        (cut, args)
    }

    #[test]
    fn flags_come_off_the_front() {
        let (cut, args) = cut_text("copy \t--from=a --chown='x y' --link  a  b ");
        assert_eq!(cut.keyword, Keyword::Copy);
        let flags: Vec<_> = cut.flags.iter().map(|flag| (flag.name.as_str(), flag.value.as_deref())).collect();
        assert_eq!(flags, [("from", Some("a")), ("chown", Some("x y")), ("link", None)]);
        assert_eq!(args, "a  b");
        assert_eq!((cut.flags[1].span.column, cut.flags[1].span.last_column), (16, 29));
    }

    #[test]
    fn two_dashes_end_them() {
        let (cut, args) = cut_text("RUN --mount=a -- --x y");
        assert_eq!(cut.flags.len(), 1);
        assert_eq!(args, "--x y");
    }

    #[test]
    fn a_keyword_may_stand_alone() {
        let (cut, args) = cut_text("RUN");
        assert_eq!((cut.keyword, args.as_str()), (Keyword::Run, ""));
        assert_eq!(cut_text("").0.keyword, Keyword::Unknown);
    }
}
