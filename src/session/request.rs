//! Reads a [`Request`] off the object that a shell sent.
//!
//! serde would read it too, but since the tag stands among the fields it keeps the whole object in a form of its own first, with
//! code for every kind of value, and that was the largest single part of the page's module. The types of `protocol` stay the only
//! place that says which fields a request has; a test holds this reader against them.

use super::protocol::{Artefact, Example, ExportFormat, Request, Setting};

/// A value inside a message, as far as requests hold such.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// `null`, or not there.
    Absent,
    /// A string.
    Text(String),
    /// A whole number.
    Number(u64),
    /// `true` or `false`.
    Truth(bool),
    /// Anything else.
    Other,
}

impl Request {
    /// Reads a request; `at` gives the value that lies at the end of a path of keys. Keys that no request has are not asked for.
    ///
    /// # Errors
    /// In words, when it is no request that this program knows, or a field is missing or of another kind.
    pub fn read(at: &dyn Fn(&[&str]) -> Field) -> Result<Self, String> {
        let message = Message { at };
        let source = || message.small(&["source"]);
        let kind = message.text(&["type"])?;
        Ok(match kind.as_str() {
            "open" => Self::Open { name: message.text(&["name"])?, size: message.size()? },
            "push" => Self::Push { source: source()? },
            "close" => Self::Close { source: source()? },
            "remove" => Self::Remove { source: source()? },
            "paste" => Self::Paste { text: message.text(&["text"])? },
            "set" => Self::Set { option: message.setting()? },
            "needs" => Self::Needs,
            "begin-pass" => Self::BeginPass { source: source()? },
            "pass-push" => Self::PassPush { source: source()? },
            "end-pass" => Self::EndPass { source: source()? },
            "report" => Self::Report,
            "export" => Self::Export { format: message.one_of("format", &FORMATS)? },
            "entries" => Self::Entries {
                evidence: message.text(&["evidence"])?,
                filter: message.text(&["filter"])?,
                from: message.small(&["from"])?,
                count: message.small(&["count"])?,
            },
            "explain" => Self::Explain { evidence: message.text(&["evidence"])? },
            "example" => Self::Example { name: message.one_of("name", &EXAMPLES)? },
            "rebuild" => Self::Rebuild,
            "save" => Self::Save { artefact: message.one_of("artefact", &ARTEFACTS)?, from: message.number(&["from"])? },
            _ => return Err(unknown(&kind, "type")),
        })
    }
}

const FORMATS: [(&str, ExportFormat); 4] = [
    ("json", ExportFormat::Json),
    ("markdown", ExportFormat::Markdown),
    ("html", ExportFormat::Html),
    ("text", ExportFormat::Text),
];

const EXAMPLES: [(&str, Example); 4] = [
    ("good-image", Example::GoodImage),
    ("wrong-tarball", Example::WrongTarball),
    ("hidden-layer", Example::HiddenLayer),
    ("two-digests", Example::TwoDigests),
];

const ARTEFACTS: [(&str, Artefact); 4] = [
    ("layer", Artefact::Layer),
    ("config", Artefact::Config),
    ("manifest", Artefact::Manifest),
    ("oci-layout", Artefact::OciLayout),
];

/// A message that is being read.
struct Message<'a> {
    at: &'a dyn Fn(&[&str]) -> Field,
}

impl Message<'_> {
    fn setting(&self) -> Result<Setting, String> {
        let value = || self.optional_text(&["option", "value"]);
        let key = || self.text(&["option", "key"]);
        let name = self.text(&["option", "name"])?;
        Ok(match name.as_str() {
            "build-arg" => Setting::BuildArg { key: key()?, value: value()? },
            "target" => Setting::Target { value: value()? },
            "platform" => Setting::Platform { value: value()? },
            "as-of" => Setting::AsOf { value: value()? },
            "history-lines" => {
                Setting::HistoryLines { source: self.small(&["option", "source"])?, value: self.truth(&["option", "value"])? }
            }
            "limit" => Setting::Limit { key: key()?, value: self.number(&["option", "value"])? },
            _ => return Err(unknown(&name, "option.name")),
        })
    }

    fn size(&self) -> Result<Option<u64>, String> {
        match (self.at)(&["size"]) {
            Field::Absent => Ok(None),
            _ => self.number(&["size"]).map(Some),
        }
    }

    fn optional_text(&self, path: &[&str]) -> Result<Option<String>, String> {
        match (self.at)(path) {
            Field::Absent => Ok(None),
            _ => self.text(path).map(Some),
        }
    }

    fn text(&self, path: &[&str]) -> Result<String, String> {
        match (self.at)(path) {
            Field::Text(text) => Ok(text),
            _ => Err(expected(path, "a text")),
        }
    }

    fn number(&self, path: &[&str]) -> Result<u64, String> {
        match (self.at)(path) {
            Field::Number(number) => Ok(number),
            _ => Err(expected(path, "a whole number")),
        }
    }

    fn small(&self, path: &[&str]) -> Result<u32, String> {
        u32::try_from(self.number(path)?).map_err(|_| expected(path, "a number below 4,294,967,296"))
    }

    fn truth(&self, path: &[&str]) -> Result<bool, String> {
        match (self.at)(path) {
            Field::Truth(value) => Ok(value),
            _ => Err(expected(path, "true or false")),
        }
    }

    fn one_of<T: Copy>(&self, field: &str, known: &[(&str, T)]) -> Result<T, String> {
        let name = self.text(&[field])?;
        known.iter().find(|(each, _)| *each == name).map(|(_, value)| *value).ok_or_else(|| unknown(&name, field))
    }
}

fn expected(path: &[&str], kind: &str) -> String {
    format!("“{}” is not {kind}", path.join("."))
}

fn unknown(found: &str, field: &str) -> String {
    format!("“{}” is no known “{field}”", crate::finding::visible(found.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{self, Kind, Value};

    fn field(root: &Value, path: &[&str]) -> Field {
        let found = path.iter().try_fold(root, |value, key| value.as_object()?.get_last(key));
        match found.map(|value| &value.kind) {
            None | Some(Kind::Null) => Field::Absent,
            Some(Kind::String(text)) => Field::Text(text.clone()),
            Some(Kind::Bool(value)) => Field::Truth(*value),
            Some(Kind::Number(number)) => number.as_u64().map_or(Field::Other, Field::Number),
            Some(_) => Field::Other,
        }
    }

    fn read(text: &str) -> Result<Request, String> {
        let document = json::parse(text.as_bytes(), &json::Limits::default()).unwrap();
        Request::read(&|path| field(&document.root, path))
    }

    fn settings() -> Vec<Setting> {
        let value = || Some("v \u{e9}\n".to_owned());
        vec![
            Setting::BuildArg { key: "K".to_owned(), value: value() },
            Setting::BuildArg { key: "K".to_owned(), value: None },
            Setting::Target { value: value() },
            Setting::Target { value: None },
            Setting::Platform { value: value() },
            Setting::AsOf { value: None },
            Setting::HistoryLines { source: u32::MAX, value: true },
            Setting::HistoryLines { source: 0, value: false },
            Setting::Limit { key: "depth".to_owned(), value: u64::MAX },
        ]
    }

    /// Every kind of request, and every value of its enums.
    fn requests() -> Vec<Request> {
        let evidence = || "e\u{1F600}\"\\".to_owned();
        let mut all = vec![
            Request::Open { name: "a/Dockerfile".to_owned(), size: Some(1 << 40) },
            Request::Open { name: String::new(), size: None },
            Request::Push { source: 1 },
            Request::Close { source: 2 },
            Request::Remove { source: 3 },
            Request::Paste { text: "FROM scratch\n".to_owned() },
            Request::Needs,
            Request::BeginPass { source: 4 },
            Request::PassPush { source: 5 },
            Request::EndPass { source: u32::MAX },
            Request::Report,
            Request::Entries { evidence: evidence(), filter: "setuid".to_owned(), from: 6, count: 7 },
            Request::Explain { evidence: evidence() },
            Request::Rebuild,
        ];
        all.extend(settings().into_iter().map(|option| Request::Set { option }));
        all.extend(FORMATS.map(|(_, format)| Request::Export { format }));
        all.extend(EXAMPLES.map(|(_, name)| Request::Example { name }));
        all.extend(ARTEFACTS.map(|(_, artefact)| Request::Save { artefact, from: 1 << 50 }));
        all
    }

    #[test]
    fn every_request_is_read_as_the_protocol_writes_it() {
        for request in requests() {
            let written = serde_json::to_string(&request).unwrap();
            let back = read(&written).unwrap();
            assert_eq!(serde_json::to_string(&back).unwrap(), written);
        }
    }

    /// The names in quotes of a type in `www/protocol.d.ts`, which is made from the types.
    fn declared(name: &str, tag: &str) -> Vec<String> {
        let text = include_str!("../../www/protocol.d.ts");
        let from = text.split_once(&format!("export type {name} = ")).unwrap().1;
        let body = from.split_once("\nexport type ").map_or(from, |parts| parts.0);
        body.split(tag).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    }

    #[test]
    fn no_kind_of_request_is_forgotten() {
        let tag = |value: &serde_json::Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
        let values: Vec<serde_json::Value> = requests().iter().map(|request| serde_json::to_value(request).unwrap()).collect();
        let kinds = declared("Request", "\"type\": \"");
        assert!(kinds.len() > 15, "{kinds:?}");
        for kind in kinds {
            assert!(values.iter().any(|value| tag(value, "type") == kind), "{kind} is not tried");
        }
        for name in declared("Setting", "\"name\": \"") {
            assert!(values.iter().any(|value| tag(&value["option"], "name") == name), "{name} is not tried");
        }
    }

    #[test]
    fn what_is_no_request_is_said_in_words() {
        for (text, why) in [
            ("null", "“type” is not a text"),
            (r#"{"type":7}"#, "“type” is not a text"),
            (r#"{"type":"fly\u202e"}"#, "is no known “type”"),
            (r#"{"type":"push"}"#, "“source” is not a whole number"),
            (r#"{"type":"push","source":"1"}"#, "“source” is not a whole number"),
            (r#"{"type":"push","source":-1}"#, "“source” is not a whole number"),
            (r#"{"type":"push","source":4294967296}"#, "“source” is not a number below"),
            (r#"{"type":"open","name":"a","size":"x"}"#, "“size” is not a whole number"),
            (r#"{"type":"export","format":"pdf"}"#, "“pdf” is no known “format”"),
            (r#"{"type":"set","option":"target"}"#, "“option.name” is not a text"),
            (r#"{"type":"set","option":{"name":"speed"}}"#, "“speed” is no known “option.name”"),
            (r#"{"type":"set","option":{"name":"target","value":1}}"#, "“option.value” is not a text"),
            (
                r#"{"type":"set","option":{"name":"history-lines","source":1,"value":"yes"}}"#,
                "“option.value” is not true or false",
            ),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(why) && !error.contains('\u{202e}'), "{text}: {error}");
        }
    }
}
