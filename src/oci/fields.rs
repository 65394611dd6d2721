//! Reads the fields of an object as Go's `encoding/json` fills a struct, and notes where other readers part.

use crate::finding::{At, Finding, ReadError, visible};
use crate::json::{Kind, Object, Value};
use crate::order::{self, Gather, Map};

/// What is noted while a document is read: odd things, and parts that cannot be read.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) findings: Vec<Finding>,
    pub(super) errors: Vec<ReadError>,
}

/// More of them tell nobody anything, and a document of 8 MiB could hold a million.
const KEPT: usize = 100;

impl Notes {
    pub(super) fn find(&mut self, finding: Finding) {
        if self.findings.len() < KEPT {
            self.findings.push(finding);
        }
    }

    pub(super) fn fail(&mut self, error: ReadError) {
        if self.errors.len() < KEPT {
            self.errors.push(error);
        }
    }
}

/// An object of the document, with its JSON pointer (RFC 6901).
#[derive(Clone)]
pub(super) struct Fields<'v> {
    object: &'v Object,
    pub(super) pointer: String,
    start: u64,
}

impl<'v> Fields<'v> {
    /// The fields of `value`; a value that is no object is an error.
    pub(super) fn of(value: &'v Value, pointer: String, notes: &mut Notes) -> Option<Self> {
        match &value.kind {
            Kind::Object(object) => Some(Self { object, pointer, start: value.span.start as u64 }),
            _ => {
                notes.fail(wrong_type(value, &pointer, "an object"));
                None
            }
        }
    }

    /// Where this object stands.
    pub(super) fn at(&self) -> At {
        At { byte: Some(self.start), ..At::inside(self.pointer.clone()) }
    }

    /// The value that Go leaves in the field; `null` counts as absent, as it does in Go.
    pub(super) fn value(&self, name: &'static str, notes: &mut Notes) -> Option<&'v Value> {
        let mut exact = 0;
        let mut variant = None;
        for member in self.object.matches_go(name) {
            if member.key == name {
                exact += 1;
            } else {
                variant = Some(member);
            }
        }
        if let Some(member) = variant {
            let code = if exact > 0 { "oci.key-in-two-cases" } else { "oci.key-in-another-case" };
            let at = At { byte: Some(member.key_span.start as u64), ..At::inside(self.pointer.clone()) };
            notes.find(Finding::warn(code).with("key", visible(member.key.as_bytes())).with("field", name).at(at));
        }
        self.object.get_go(name).filter(|value| !value.is_null())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.object.get_go(name).is_some_and(|value| !value.is_null())
    }

    pub(super) fn string(&self, name: &'static str, notes: &mut Notes) -> Option<String> {
        let value = self.value(name, notes)?;
        self.typed(name, value, value.as_str(), "a string", notes).map(str::to_owned)
    }

    pub(super) fn bool(&self, name: &'static str, notes: &mut Notes) -> Option<bool> {
        let value = self.value(name, notes)?;
        self.typed(name, value, value.as_bool(), "true or false", notes)
    }

    /// `schemaVersion`: Go refuses `2.0` for an integer, others take it; that is odd, not unreadable.
    pub(super) fn version(&self, name: &'static str, notes: &mut Notes) -> Option<u64> {
        let value = self.value(name, notes)?;
        if let Some(number) = value.as_number().filter(|number| number.is_float()) {
            let finding = Finding::warn("oci.not-an-integer").with("field", name).with("found", number.text());
            notes.find(finding.at(At { byte: Some(value.span.start as u64), ..At::inside(self.inside(name)) }));
            return number.whole();
        }
        self.typed(name, value, value.as_u64(), "a whole number", notes)
    }

    pub(super) fn array(&self, name: &'static str, notes: &mut Notes) -> Option<&'v [Value]> {
        let value = self.value(name, notes)?;
        self.typed(name, value, value.as_array(), "an array", notes)
    }

    pub(super) fn object(&self, name: &'static str, notes: &mut Notes) -> Option<Fields<'v>> {
        let value = self.value(name, notes)?;
        Fields::of(value, self.inside(name), notes)
    }

    /// An array of strings; an item that is none is an error, the others are kept.
    pub(super) fn strings(&self, name: &'static str, notes: &mut Notes) -> Option<Vec<String>> {
        let items = self.array(name, notes)?;
        let mut texts = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            match &item.kind {
                Kind::String(text) => texts.push(text.clone()),
                Kind::Null => texts.push(String::new()),
                _ => notes.fail(wrong_type(item, &format!("{}/{index}", self.inside(name)), "a string")),
            }
        }
        Some(texts)
    }

    /// A map of strings (annotations, labels): keys match exactly, the last of duplicates wins.
    pub(super) fn map(&self, name: &'static str, notes: &mut Notes) -> Map<String, String> {
        let Some(fields) = self.object(name, notes) else { return Map::new() };
        let mut map = Map::new();
        for member in fields.object.members() {
            match &member.value.kind {
                Kind::String(text) => drop(map.insert(member.key.clone(), text.clone())),
                Kind::Null => drop(map.insert(member.key.clone(), String::new())),
                _ => notes.fail(wrong_type(&member.value, &format!("{}/{}", fields.pointer, escape(&member.key)), "a string")),
            }
        }
        map
    }

    /// The keys of an object that is used as a set (`ExposedPorts`, `Volumes`).
    pub(super) fn keys(&self, name: &'static str, notes: &mut Notes) -> Vec<String> {
        let Some(fields) = self.object(name, notes) else { return Vec::new() };
        let mut keys: Vec<String> = fields.object.members().iter().map(|member| member.key.clone()).list();
        order::sort(&mut keys);
        keys.dedup();
        keys
    }

    /// The members, for maps whose keys are data.
    pub(super) fn members(&self) -> &'v [crate::json::Member] {
        self.object.members()
    }

    /// The pointer of a field.
    pub(super) fn inside(&self, name: &str) -> String {
        format!("{}/{}", self.pointer, escape(name))
    }

    fn typed<T>(&self, name: &str, value: &Value, read: Option<T>, expected: &'static str, notes: &mut Notes) -> Option<T> {
        if read.is_none() {
            notes.fail(wrong_type(value, &self.inside(name), expected));
        }
        read
    }
}

/// A JSON pointer segment: `~` and `/` are escaped, the rest made safe to show.
fn escape(key: &str) -> String {
    visible(key.replace('~', "~0").replace('/', "~1").as_bytes())
}

pub(super) fn wrong_type(value: &Value, pointer: &str, expected: &'static str) -> ReadError {
    let found = match value.as_number() {
        Some(number) => format!("the number {}", number.text()),
        None => value.kind_name().to_owned(),
    };
    ReadError::new("oci.field-type", expected, found)
        .at(At { byte: Some(value.span.start as u64), ..At::inside(pointer) })
        .with("field", pointer)
}
