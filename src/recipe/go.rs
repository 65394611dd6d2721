//! How Go prints values: the builders are Go programs, and their history texts are Go's formatting verbs.

use crate::order::Gather;
use std::fmt::Write;

/// A string list by `%q`: `["a" "b"]`.
pub(crate) fn quoted_list(items: &[String]) -> String {
    let quoted: Vec<String> = items.iter().map(|item| quote(item)).list();
    format!("[{}]", quoted.join(" "))
}

/// A string list by `%v` or `%s`: `[a b]`.
pub(crate) fn plain_list(items: &[String]) -> String {
    format!("[{}]", items.join(" "))
}

/// One string by `%q` (`strconv.Quote`).
pub(crate) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    text.chars().for_each(|letter| escape(&mut out, letter, '"'));
    out.push('"');
    out
}

/// A number by `%q`: the character with that code in single quotes.
pub(crate) fn quote_rune(code: u32) -> String {
    let mut out = String::from("'");
    escape(&mut out, char::from_u32(code).unwrap_or('\u{fffd}'), '\'');
    out.push('\'');
    out
}

fn escape(out: &mut String, letter: char, quote: char) {
    match letter {
        '\\' => out.push_str("\\\\"),
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{b}' => out.push_str("\\v"),
        letter if letter == quote => out.extend(['\\', letter]),
        letter if is_printed(letter) => out.push(letter),
        letter => escape_code(out, u32::from(letter)),
    }
}

fn escape_code(out: &mut String, code: u32) {
    // Writing into a String cannot fail.
    let _ = match code {
        ..0x20 | 0x7f => write!(out, "\\x{code:02x}"),
        ..0x1_0000 => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}

/// What Go's `strconv.IsPrint` lets through: letters, marks, numbers, punctuation, symbols and the ASCII blank. Code points that
/// no version of Unicode has assigned count as printed here; the standard library has no table of them.
fn is_printed(letter: char) -> bool {
    let format_character = matches!(letter,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0001}'..='\u{e007f}');
    let private_use = matches!(letter, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}');
    let no_character = u32::from(letter) & 0xfffe == 0xfffe;
    letter == ' ' || !(letter.is_control() || letter.is_whitespace() || format_character || private_use || no_character)
}

/// `path.Clean` of a slash path.
pub(crate) fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    match (rooted, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_runes_are_quoted_as_go_quotes_them() {
        assert_eq!(quote("q\"uote \\ tab\t é \u{a0} \u{1}"), "\"q\\\"uote \\\\ tab\\t é \\u00a0 \\x01\"");
        assert_eq!(quote_rune(0), "'\\x00'");
        assert_eq!(quote_rune(10), "'\\n'");
        assert_eq!(quote_rune(39), "'\\''");
        assert_eq!(quote_rune(34), "'\"'");
        assert_eq!(quote_rune(200), "'È'");
        assert_eq!(quoted_list(&["a".into(), "b c".into()]), "[\"a\" \"b c\"]");
        assert_eq!(plain_list(&[]), "[]");
    }

    #[test]
    fn paths_are_cleaned_as_go_cleans_them() {
        for (path, clean_path) in [("/app/../x/", "/x"), ("/..", "/"), ("a/../..", ".."), ("", "."), ("/a//b/.", "/a/b")] {
            assert_eq!(clean(path), clean_path);
        }
    }
}
