use super::Limits;
use crate::finding::{At, Finding, ReadError, visible};

/// The lines of a file with their line ends, and what is odd about its bytes.
pub(super) struct Lines {
    pub(super) lines: Vec<String>,
    pub(super) findings: Vec<Finding>,
}

/// Splits a file into lines.
pub(super) fn split(bytes: &[u8], limits: &Limits) -> Result<Lines, ReadError> {
    let size = bytes.len() as u64;
    if size > limits.file_bytes {
        let expected = format!("at most {} bytes", limits.file_bytes);
        return Err(ReadError::new("dockerfile.too-large", expected, format!("{size} bytes")));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    refuse_other_than_text(bytes)?;
    let (mut lines, mut findings) = (Vec::new(), Vec::new());
    for (line, number) in bytes.split_inclusive(|byte| *byte == b'\n').zip(1u32..) {
        if u64::from(number) > limits.lines {
            let expected = format!("at most {} lines", limits.lines);
            return Err(ReadError::new("dockerfile.too-many-lines", expected, "one more").at(At::line(number)));
        }
        let length = line.strip_suffix(b"\n").unwrap_or(line).len() as u64;
        if length > limits.line_bytes {
            let expected = format!("at most {} bytes in a line", limits.line_bytes);
            let found = format!("{length} bytes");
            return Err(ReadError::new("dockerfile.line-too-long", expected, found).at(At::line(number)));
        }
        let text = decode(line);
        findings.extend(oddities(&text, line, number));
        lines.push(text);
    }
    Ok(Lines { lines, findings })
}

/// Files that are certainly no Dockerfile: UTF-16, and binary data.
fn refuse_other_than_text(bytes: &[u8]) -> Result<(), ReadError> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(ReadError::new("dockerfile.utf16", "text in UTF-8", "a UTF-16 byte order mark").at(At::byte(0)));
    }
    let head = &bytes[..bytes.len().min(8192)];
    let is_binary = |byte: &&u8| matches!(**byte, 0..=8 | 14..=26 | 28..=31);
    let binary = head.iter().filter(is_binary).count();
    // A few stray control characters are odd. Random bytes have one in ten, so one in twenty is no text.
    if binary * 20 > head.len() {
        let at = head.iter().position(|byte| is_binary(&byte)).unwrap_or(0);
        let found = visible(&head[at..head.len().min(at + 4)]);
        return Err(ReadError::new("dockerfile.not-text", "text", found).at(At::byte(at as u64)));
    }
    Ok(())
}

/// Text of a line; each byte that belongs to no UTF-8 character becomes one U+FFFD, as Go's JSON encoder does it.
fn decode(line: &[u8]) -> String {
    let mut text = String::with_capacity(line.len());
    for chunk in line.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    text
}

/// Characters that hide what a line says.
fn oddities(text: &str, line: &[u8], number: u32) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Err(error) = std::str::from_utf8(line) {
        findings.push(Finding::warn("dockerfile.not-utf8").at(column(number, error.valid_up_to())));
    }
    let mut add = |code, found: Option<(usize, char)>| {
        if let Some((offset, c)) = found {
            let name = format!("U+{:04X}", u32::from(c));
            findings.push(Finding::warn(code).at(column(number, offset)).with("character", name));
        }
    };
    add("dockerfile.control-character", text.char_indices().find(|(_, c)| is_control(*c)));
    add("dockerfile.bidi-character", text.char_indices().find(|(_, c)| is_bidi(*c)));
    findings
}

fn column(line: u32, offset: usize) -> At {
    At::column(line, u32::try_from(offset).unwrap_or(u32::MAX).saturating_add(1))
}

fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}

/// Characters that change the order in which a line is shown, or show nothing.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
