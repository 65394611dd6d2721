//! JSON as Go's `encoding/json` writes it: compact, members in the order given, HTML characters escaped.

use crate::order::Gather;

/// Appends a string.
pub(super) fn string(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(letter))),
            letter if letter < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(letter))),
            letter => out.push(letter),
        }
    }
    out.push('"');
}

/// A string as a value of its own.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::new();
    string(text, &mut out);
    out
}

/// `[…]` of strings.
pub(super) fn strings<'a>(items: impl IntoIterator<Item = &'a String>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| quoted(item)).list();
    format!("[{}]", items.join(","))
}

/// An object whose members are added in order; values are JSON already.
#[derive(Debug, Default)]
pub(super) struct Object(String);

impl Object {
    /// Adds a member.
    pub(super) fn member(mut self, key: &str, value: impl AsRef<str>) -> Self {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        string(key, &mut self.0);
        self.0.push(':');
        self.0.push_str(value.as_ref());
        self
    }

    /// Adds a member if there is a value.
    pub(super) fn maybe(self, key: &str, value: Option<impl AsRef<str>>) -> Self {
        match value {
            Some(value) => self.member(key, value),
            None => self,
        }
    }

    /// The object.
    pub(super) fn end(self) -> String {
        if self.0.is_empty() { "{}".to_owned() } else { self.0 + "}" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_escaped_and_other_letters_are_not() {
        assert_eq!(quoted("<hi> & é\u{2028}\u{1}\t\"\\"), r#""\u003chi\u003e \u0026 é\u2028\u0001\t\"\\""#);
        assert_eq!(Object::default().end(), "{}");
        assert_eq!(Object::default().member("a", "1").maybe("b", None::<&str>).member("c", "[]").end(), r#"{"a":1,"c":[]}"#);
    }
}
