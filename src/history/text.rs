//! From bytes to lines: encodings, colours, line ends.

use crate::finding::{At, Finding, ReadError, from_utf16};

/// A decoded text and what had to be done for it.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// UTF-8, `\n` line ends, without a byte order mark and without terminal escapes.
    pub(super) text: String,
    /// What was changed.
    pub(super) findings: Vec<Finding>,
}

impl Text {
    /// Decodes UTF-8 or, with its byte order mark, UTF-16 (what PowerShell's `>` writes).
    ///
    /// # Errors
    /// `history.not-text` if there are NUL bytes or the input is empty.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, ReadError> {
        let mut out = Self::default();
        let text = out.characters(bytes)?;
        let text = out.without_escapes(text);
        out.text = if text.contains("\r\n") {
            out.findings.push(Finding::note("history.crlf"));
            text.replace("\r\n", "\n")
        } else {
            text
        };
        Ok(out)
    }

    fn characters(&mut self, bytes: &[u8]) -> Result<String, ReadError> {
        if let Some(text) = from_utf16(bytes) {
            self.findings.push(Finding::note("history.utf-16").at(At::byte(0)));
            return Ok(text);
        }
        match bytes {
            [] => Err(ReadError::new("history.empty", "a history export", "0 bytes").at(At::byte(0))),
            [0xEF, 0xBB, 0xBF, rest @ ..] => {
                self.findings.push(Finding::note("history.byte-order-mark").at(At::byte(0)));
                self.utf8(rest, 3)
            }
            _ => self.utf8(bytes, 0),
        }
    }

    fn utf8(&mut self, bytes: &[u8], skipped: u64) -> Result<String, ReadError> {
        if let Some(nul) = memchr::memchr(0, bytes) {
            let at = At::byte(skipped + nul as u64);
            return Err(ReadError::new("history.not-text", "text", "a NUL byte").at(at));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => {
                let at = At::byte(skipped + error.valid_up_to() as u64);
                self.findings.push(Finding::warn("history.not-utf8").at(at));
                Ok(String::from_utf8_lossy(bytes).into_owned())
            }
        }
    }

    /// Without terminal escape sequences (ECMA-48: CSI and OSC, and two-character escapes).
    fn without_escapes(&mut self, text: String) -> String {
        if !text.contains('\u{1B}') {
            return text;
        }
        let mut kept = String::with_capacity(text.len());
        let mut count = 0_u64;
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('\u{1B}') {
            kept.push_str(before);
            rest = after_escape(after);
            count += 1;
        }
        kept.push_str(rest);
        self.findings.push(Finding::note("history.colours").with("count", count));
        kept
    }
}

/// What follows an escape sequence, whose ESC is already gone.
fn after_escape(text: &str) -> &str {
    let end_of = |from: usize, last: fn(char) -> bool| {
        let end = text[from..].find(|letter| last(letter) || letter == '\n').unwrap_or(text.len() - from);
        text[from + end..].strip_prefix(|letter: char| letter != '\n').unwrap_or(&text[from + end..])
    };
    match text.chars().next() {
        Some('[') => end_of(1, |letter| ('@'..='~').contains(&letter)),
        Some(']') => end_of(1, |letter| letter == '\u{7}' || letter == '\u{1B}').trim_start_matches('\\'),
        Some('(' | ')') => text.char_indices().nth(2).map_or("", |(at, _)| &text[at..]),
        Some(letter) if letter.is_ascii() && letter != '\n' => &text[1..],
        _ => text,
    }
}

/// Terminal cells of a text: two for East Asian wide characters, one for all others (line breaks too, as docker counts).
pub(super) fn cells(text: &str) -> usize {
    let wide = |letter: char| {
        matches!(u32::from(letter),
            0x1100..=0x115F | 0x2E80..=0x303E | 0x3041..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F
            | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1F64F | 0x1F900..=0x1F9FF | 0x20000..=0x3FFFD)
    };
    text.chars().map(|letter| if wide(letter) { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &Text) -> Vec<&'static str> {
        text.findings.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn removes_what_terminals_and_editors_add() {
        let text = Text::decode(b"\xEF\xBB\xBF\x1b[1;32mIMAGE\x1b[0m\r\n\x1b]0;title\x07x\x1b(By\r\n").unwrap();
        assert_eq!(text.text, "IMAGE\nxy\n");
        assert_eq!(codes(&text), ["history.byte-order-mark", "history.colours", "history.crlf"]);
    }

    #[test]
    fn reads_what_powershell_writes() {
        let bytes: Vec<u8> = [0xFEFF_u16].into_iter().chain("a…\r\n".encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let text = Text::decode(&bytes).unwrap();
        assert_eq!((text.text.as_str(), codes(&text)), ("a…\n", vec!["history.utf-16", "history.crlf"]));
    }

    #[test]
    fn tells_text_from_other_bytes() {
        assert_eq!(Text::decode(b"ab\0").unwrap_err().code, "history.not-text");
        assert_eq!(Text::decode(b"").unwrap_err().code, "history.empty");
        assert_eq!(codes(&Text::decode(b"ab\xFF").unwrap()), ["history.not-utf8"]);
    }

    #[test]
    fn an_unfinished_escape_ends_with_its_line() {
        assert_eq!(Text::decode(b"a\x1b[31\nb\x1b").unwrap().text, "a\nb");
    }
}
