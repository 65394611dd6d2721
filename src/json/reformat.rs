//! The same text with other white space, to find the form that a re-indented copy had before.

use super::{Kind, Span, Value};

/// A way of laying out JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// White space per level; `None` for no white space at all.
    pub indent: Option<&'static str>,
    /// Whether a line break ends the text.
    pub final_newline: bool,
}

impl Form {
    /// The forms in which image documents are stored: compact (buildx, containerd, most tools), three blanks (Docker's
    /// registries for manifests), tabs (docker-library), two and four blanks.
    pub const ALL: [Self; 10] = {
        const fn form(indent: Option<&'static str>, final_newline: bool) -> Form {
            Form { indent, final_newline }
        }
        [
            form(None, false),
            form(None, true),
            form(Some("   "), false),
            form(Some("   "), true),
            form(Some("\t"), false),
            form(Some("\t"), true),
            form(Some("  "), false),
            form(Some("  "), true),
            form(Some("    "), false),
            form(Some("    "), true),
        ]
    };
}

/// Writes a parsed text anew: keys, strings and numbers stay byte for byte as they were, in their order; only white space
/// changes. `None` if the result would be longer than `limit` bytes.
pub fn reformat(text: &[u8], root: &Value, form: Form, limit: usize) -> Option<Vec<u8>> {
    let mut writer = Writer { text, form, limit, out: Vec::new() };
    writer.value(root, 0)?;
    if form.final_newline {
        writer.put(b"\n")?;
    }
    Some(writer.out)
}

struct Writer<'t> {
    text: &'t [u8],
    form: Form,
    limit: usize,
    out: Vec<u8>,
}

impl Writer<'_> {
    /// Recursion is bounded by the reader's depth limit.
    fn value(&mut self, value: &Value, level: usize) -> Option<()> {
        match &value.kind {
            Kind::Array(items) => {
                self.put(b"[")?;
                for (index, item) in items.iter().enumerate() {
                    self.next(index, level + 1)?;
                    self.value(item, level + 1)?;
                }
                self.close(items.is_empty(), level, b"]")
            }
            Kind::Object(object) => {
                self.put(b"{")?;
                for (index, member) in object.members().iter().enumerate() {
                    self.next(index, level + 1)?;
                    self.raw(member.key_span)?;
                    self.put(if self.form.indent.is_some() { b": " } else { b":" })?;
                    self.value(&member.value, level + 1)?;
                }
                self.close(object.is_empty(), level, b"}")
            }
            _ => self.raw(value.span),
        }
    }

    fn next(&mut self, index: usize, level: usize) -> Option<()> {
        if index > 0 {
            self.put(b",")?;
        }
        self.line(level)
    }

    fn close(&mut self, is_empty: bool, level: usize, bracket: &[u8]) -> Option<()> {
        if !is_empty {
            self.line(level)?;
        }
        self.put(bracket)
    }

    fn line(&mut self, level: usize) -> Option<()> {
        let Some(indent) = self.form.indent else { return Some(()) };
        self.put(b"\n")?;
        (0..level).try_for_each(|_| self.put(indent.as_bytes()))
    }

    fn raw(&mut self, span: Span) -> Option<()> {
        let text = self.text;
        self.put(text.get(span.start..span.end)?)
    }

    fn put(&mut self, bytes: &[u8]) -> Option<()> {
        (self.out.len() + bytes.len() <= self.limit).then(|| self.out.extend(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, parse};

    fn again(text: &str, form: Form) -> Option<String> {
        let root = parse(text.as_bytes(), &Limits::default()).unwrap().root;
        reformat(text.as_bytes(), &root, form, 1 << 20).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn every_form_leads_to_every_other() {
        let compact = r#"{"b":[1,2.0,{"x":"\u003c\/é"}],"a":{},"c":[],"a":null}"#;
        assert_eq!(
            again(compact, Form { indent: Some("  "), final_newline: true }).unwrap(),
            "{\n  \"b\": [\n    1,\n    2.0,\n    {\n      \"x\": \"\\u003c\\/é\"\n    }\n  ],\n  \"a\": {},\n  \"c\": [],\n  \"a\": null\n}\n"
        );
        for form in Form::ALL {
            let text = again(compact, form).unwrap();
            assert_eq!(again(&text, Form::ALL[0]).unwrap(), compact);
        }
    }

    #[test]
    fn the_limit_holds() {
        let deep = format!("{}{}", "[".repeat(128), "]".repeat(128));
        let root = parse(deep.as_bytes(), &Limits::default()).unwrap().root;
        assert_eq!(reformat(deep.as_bytes(), &root, Form::ALL[8], 10_000), None);
        assert!(reformat(deep.as_bytes(), &root, Form::ALL[0], 256).is_some());
    }
}
