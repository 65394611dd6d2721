//! One text for all texts with the same content, so that a re-indented copy can be recognised.

use super::{Kind, Object, Value};
use crate::order::{Gather, Map};

/// The content of a value in one fixed form: no white space, members sorted by key, of duplicate keys the last one, strings
/// with as few escapes as JSON allows, numbers as they were written. Two documents with the same content in this sense are
/// copies of each other, whatever their bytes and digests are.
pub fn canonical(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    write(value, &mut out);
    out
}

/// Recursion is bounded by the reader's depth limit.
fn write(value: &Value, out: &mut Vec<u8>) {
    match &value.kind {
        Kind::Null => out.extend(b"null"),
        Kind::Bool(truth) => out.extend(if *truth { &b"true"[..] } else { b"false" }),
        Kind::Number(number) => out.extend(number.text().as_bytes()),
        Kind::String(text) => write_string(text, out),
        Kind::Array(items) => {
            separated(b'[', b']', items, out, write);
        }
        Kind::Object(object) => write_object(object, out),
    }
}

/// A text as a JSON string.
pub fn quoted(text: &str) -> String {
    let mut out = Vec::new();
    write_string(text, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

fn write_object(object: &Object, out: &mut Vec<u8>) {
    let effective: Map<&str, &Value> = object.members().iter().map(|member| (member.key.as_str(), &member.value)).gather();
    separated(b'{', b'}', effective, out, |(key, value), out| {
        write_string(key, out);
        out.push(b':');
        write(value, out);
    });
}

fn separated<T>(
    open: u8,
    close: u8,
    items: impl IntoIterator<Item = T>,
    out: &mut Vec<u8>,
    mut each: impl FnMut(T, &mut Vec<u8>),
) {
    out.push(open);
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        each(item, out);
    }
    out.push(close);
}

fn write_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend([b'\\', byte]),
            0..=0x1f => out.extend(format!("\\u{byte:04x}").bytes()),
            other => out.push(other),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::canonical;
    use crate::json::{Limits, parse};

    fn of(text: &str) -> String {
        String::from_utf8(canonical(&parse(text.as_bytes(), &Limits::default()).unwrap().root)).unwrap()
    }

    #[test]
    fn spacing_order_and_escapes_do_not_matter_but_content_does() {
        let copy = "{\n  \"b\": [1, 2.0, \"\\u003c\\/\"],\n  \"a\": null\n}\n";
        assert_eq!(of(copy), of(r#"{"a":null,"b":[1,2.0,"</"]}"#));
        assert_eq!(of(r#"{"a":1,"a":2}"#), of(r#"{"a":2}"#));
        assert_ne!(of("[1]"), of("[1.0]"));
        assert_ne!(of(r#"["1"]"#), of("[1]"));
        assert_ne!(of("[1,2]"), of("[2,1]"));
        assert_eq!(of("\"\\u001b\\\"\""), "\"\\u001b\\\"\"");
    }
}
