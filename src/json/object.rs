//! Objects keep every member, and answer as two kinds of readers do.

use super::{Span, Value};

/// The members of a JSON object in the order of the text, duplicates included.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Object {
    pub(super) members: Vec<Member>,
}

/// One `"key": value` of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The key with its escapes undone.
    pub key: String,
    /// Where the key stands, quotes included.
    pub key_span: Span,
    /// The value.
    pub value: Value,
}

impl Object {
    /// All members in the order of the text.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The first member with exactly this key: what a reader sees that keeps the first of duplicates.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.members.iter().find(|member| member.key == key).map(|member| &member.value)
    }

    /// The last member with exactly this key: what Go sees when it fills a map, and most other readers.
    pub fn get_last(&self, key: &str) -> Option<&Value> {
        self.members.iter().rev().find(|member| member.key == key).map(|member| &member.value)
    }

    /// What Go's `encoding/json` leaves in a struct field of this name: keys match without regard to case, the last one wins,
    /// and a `null` changes nothing that an earlier key has set.
    pub fn get_go(&self, field: &str) -> Option<&Value> {
        let mut last = None;
        for member in self.matches_go(field) {
            if last.is_none() || !member.value.is_null() {
                last = Some(&member.value);
            }
        }
        last
    }

    /// All members that Go would put into a struct field of this name. More than one, or one in another case, means that
    /// readers differ.
    pub fn matches_go<'a, 'f>(&'a self, field: &'f str) -> impl Iterator<Item = &'a Member> + use<'a, 'f> {
        self.members.iter().filter(move |member| folds_to(&member.key, field))
    }

    /// Number of members, duplicates included.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether it is `{}`.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

/// Whether Go's `encoding/json` takes `key` for the struct field `field` (ASCII names). Its folding knows two characters
/// beyond ASCII: U+017F is an s, U+212A is a k.
pub fn folds_to(key: &str, field: &str) -> bool {
    let fold = |character: char| match character {
        '\u{017F}' => 's',
        '\u{212A}' => 'k',
        other => other.to_ascii_lowercase(),
    };
    key.chars().map(fold).eq(field.chars().map(fold))
}

#[cfg(test)]
mod tests {
    use crate::json::{Limits, parse};

    fn go(text: &str, field: &str) -> Option<String> {
        let document = parse(text.as_bytes(), &Limits::default()).unwrap();
        document.root.as_object().unwrap().get_go(field).and_then(|value| value.as_str().map(str::to_owned))
    }

    #[test]
    fn go_takes_the_last_key_in_any_case() {
        assert_eq!(go(r#"{"Config":"a","config":"b"}"#, "Config").as_deref(), Some("b"));
        assert_eq!(go(r#"{"config":"b","Config":"a"}"#, "config").as_deref(), Some("a"));
        assert_eq!(go(r#"{"Config":"a","config":null}"#, "Config").as_deref(), Some("a"));
        assert_eq!(go("{\"o\u{017F}\":\"x\"}", "os").as_deref(), Some("x"));
        assert_eq!(go(r#"{"other":"x"}"#, "os"), None);
    }
}
