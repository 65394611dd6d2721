//! The reader: RFC 8259 to the letter, one pass, bounded.

use super::{Document, JsonLine, Kind, Limits, Member, Number, Object, Span, Value};
use crate::finding::{At, Finding, ReadError, visible};
use crate::order::Map;

/// No adjusted limit goes deeper: the reader and the drop of its values recurse once per level.
const DEEPEST: u32 = 1_000;

/// Reads one JSON text.
///
/// # Errors
/// `json.too-large`, `json.too-deep`, `json.too-many-values`: over a limit. `json.byte-order-mark`, `json.utf16`,
/// `json.comment`, `json.trailing`, `json.number-range`, `json.number`, `json.control-character`, `json.escape`,
/// `json.ends-early`, `json.empty`, `json.unexpected`: not JSON, with the place of the first offending byte.
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Document, ReadError> {
    if bytes.len() as u64 > limits.size_bytes {
        return Err(limit("json.too-large", limits.size_bytes, bytes.len()).at(At::byte(limits.size_bytes)));
    }
    Reader::new(bytes, 0, bytes.len(), limits).document()
}

/// Reads a file with one JSON value in each line (`docker history --format json`, JSON lines). Empty lines are passed over; a
/// line that is no JSON has its error and the others are read.
pub fn parse_lines(bytes: &[u8], limits: &Limits) -> Vec<JsonLine> {
    let mut lines = Vec::new();
    let mut values_left = limits.values;
    let mut start = 0;
    for (number, text) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let end = start + text.len();
        if !text.trim_ascii().is_empty() {
            let mut reader = Reader::new(bytes, start, end, limits);
            reader.first_line = number + 1;
            reader.values_left = values_left;
            let result = reader.document();
            values_left = reader.values_left;
            lines.push(JsonLine { line: u32::try_from(number + 1).unwrap_or(u32::MAX), result });
        }
        start = end + 1;
    }
    lines
}

struct Reader<'a> {
    bytes: &'a [u8],
    start: usize,
    end: usize,
    position: usize,
    /// The line, from 1, in which `start` lies.
    first_line: usize,
    depth: u32,
    deepest: u32,
    values_left: u32,
    values_limit: u32,
    findings: Vec<Finding>,
    unkept: u64,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8], start: usize, end: usize, limits: &Limits) -> Self {
        Self {
            bytes,
            start,
            end,
            position: start,
            first_line: 1,
            depth: 0,
            deepest: limits.depth.min(DEEPEST),
            values_left: limits.values,
            values_limit: limits.values,
            findings: Vec::new(),
            unkept: 0,
        }
    }

    fn document(&mut self) -> Result<Document, ReadError> {
        self.refuse_other_encodings()?;
        self.skip_space();
        if self.peek().is_none() {
            return Err(self.error("json.empty", "a JSON value", "nothing"));
        }
        let root = self.value()?;
        self.skip_space();
        if self.peek().is_some() {
            return Err(self.error_here("json.trailing", "the end of the text after its one value"));
        }
        let mut findings = std::mem::take(&mut self.findings);
        if self.unkept > 0 {
            findings.push(Finding::warn("json.more-findings").with("count", self.unkept));
        }
        Ok(Document { root, findings })
    }

    /// UTF-16 and byte order marks are told apart from garbage, since their cure is known.
    fn refuse_other_encodings(&self) -> Result<(), ReadError> {
        let text = &self.bytes[self.start..self.end];
        if text.starts_with(&[0xEF, 0xBB, 0xBF]) {
            return Err(self.error("json.byte-order-mark", "a JSON value", "a UTF-8 byte order mark"));
        }
        let utf16 = text.starts_with(&[0xFF, 0xFE])
            || text.starts_with(&[0xFE, 0xFF])
            || matches!(text, [b'{' | b'[' | b'"', 0, ..] | [0, b'{' | b'[' | b'"', ..]);
        if utf16 {
            return Err(self.error("json.utf16", "UTF-8", "UTF-16"));
        }
        Ok(())
    }

    fn value(&mut self) -> Result<Value, ReadError> {
        self.values_left = self
            .values_left
            .checked_sub(1)
            .ok_or_else(|| self.place(limit("json.too-many-values", u64::from(self.values_limit), "more")))?;
        let start = self.position;
        let kind = match self.peek() {
            Some(b'{') => self.nested(Self::object)?,
            Some(b'[') => self.nested(Self::array)?,
            Some(b'"') => Kind::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => Kind::Number(self.number()?),
            Some(b't') => self.word("true", Kind::Bool(true))?,
            Some(b'f') => self.word("false", Kind::Bool(false))?,
            Some(b'n') => self.word("null", Kind::Null)?,
            _ => return Err(self.unexpected("a JSON value")),
        };
        Ok(Value { kind, span: Span { start, end: self.position } })
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Kind, ReadError>) -> Result<Kind, ReadError> {
        if self.depth == self.deepest {
            let deeper = self.depth.saturating_add(1);
            return Err(self.place(limit("json.too-deep", u64::from(self.deepest), format!("level {deeper}"))));
        }
        self.depth += 1;
        self.position += 1;
        self.skip_space();
        let kind = read(self)?;
        self.depth -= 1;
        Ok(kind)
    }

    fn array(&mut self) -> Result<Kind, ReadError> {
        let mut items = Vec::new();
        if self.take(b']') {
            return Ok(Kind::Array(items));
        }
        loop {
            items.push(self.value()?);
            self.skip_space();
            if self.take(b']') {
                return Ok(Kind::Array(items));
            }
            self.comma("a comma or “]”")?;
        }
    }

    fn object(&mut self) -> Result<Kind, ReadError> {
        let mut members = Vec::new();
        if self.take(b'}') {
            return Ok(Kind::Object(Object { members }));
        }
        loop {
            members.push(self.member()?);
            self.skip_space();
            if self.take(b'}') {
                self.report_duplicates(&members);
                return Ok(Kind::Object(Object { members }));
            }
            self.comma("a comma or “}”")?;
        }
    }

    fn member(&mut self) -> Result<Member, ReadError> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("a key in double quotes"));
        }
        let start = self.position;
        let key = self.string()?;
        let key_span = Span { start, end: self.position };
        self.skip_space();
        if !self.take(b':') {
            return Err(self.unexpected("a colon"));
        }
        self.skip_space();
        Ok(Member { key, key_span, value: self.value()? })
    }

    fn comma(&mut self, expected: &'static str) -> Result<(), ReadError> {
        if !self.take(b',') {
            return Err(self.unexpected(expected));
        }
        self.skip_space();
        Ok(())
    }

    fn report_duplicates(&mut self, members: &[Member]) {
        let mut seen: Map<&str, Span> = Map::new();
        for member in members {
            if let Some(first) = seen.insert(&member.key, member.key_span) {
                let finding = Finding::warn("json.duplicate-key").with("key", visible(member.key.as_bytes()));
                self.find(finding.with("first", first.start), member.key_span.start);
            }
        }
    }

    fn word(&mut self, word: &str, kind: Kind) -> Result<Kind, ReadError> {
        if !self.bytes[self.position..self.end].starts_with(word.as_bytes()) {
            return Err(self.unexpected("a JSON value"));
        }
        self.position += word.len();
        Ok(kind)
    }

    fn number(&mut self) -> Result<Number, ReadError> {
        let start = self.position;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.position += 1;
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        let text = String::from_utf8_lossy(&self.bytes[start..self.position]).into_owned();
        let number = Number(text.into_boxed_str());
        if !number.is_finite() {
            self.position = start;
            let found = visible(number.text().as_bytes());
            return Err(self.error("json.number-range", "a number that a 64-bit reader can hold", found));
        }
        Ok(number)
    }

    fn digits(&mut self) -> Result<(), ReadError> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.error_here("json.number", "a digit"));
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.position += 1;
        }
        Ok(())
    }

    fn string(&mut self) -> Result<String, ReadError> {
        self.position += 1;
        let mut text = String::new();
        loop {
            let plain = self.position;
            while self.peek().is_some_and(|byte| byte != b'"' && byte != b'\\' && byte >= 0x20) {
                self.position += 1;
            }
            self.push_utf8(plain, &mut text);
            match self.peek() {
                Some(b'"') => {
                    self.position += 1;
                    return Ok(text);
                }
                Some(b'\\') => self.escape(&mut text)?,
                Some(_) => return Err(self.error_here("json.control-character", "an escape for a control character")),
                None => return Err(self.unexpected("the closing quote")),
            }
        }
    }

    fn push_utf8(&mut self, start: usize, text: &mut String) {
        let bytes = self.bytes;
        let mut offset = start;
        for chunk in bytes[start..self.position].utf8_chunks() {
            text.push_str(chunk.valid());
            offset += chunk.valid().len();
            // Go writes one U+FFFD for each byte that it cannot decode.
            for byte in chunk.invalid() {
                text.push('\u{FFFD}');
                self.find(Finding::warn("json.not-utf8").with("byte", format!("0x{byte:02X}")), offset);
                offset += 1;
            }
        }
    }

    fn escape(&mut self, text: &mut String) -> Result<(), ReadError> {
        let start = self.position;
        self.position += 1;
        let character = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.position += 1;
                return self.unicode_escape(start, text);
            }
            Some(_) => return Err(self.error_here("json.escape", "one of \" \\ / b f n r t u after a backslash")),
            None => return Err(self.unexpected("the rest of an escape")),
        };
        self.position += 1;
        text.push(character);
        Ok(())
    }

    /// After `\u`: one unit, or two that are a surrogate pair. A surrogate alone is U+FFFD, as in Go.
    fn unicode_escape(&mut self, start: usize, text: &mut String) -> Result<(), ReadError> {
        let unit = self.hex4()?;
        if (0xD800..0xDC00).contains(&unit) && self.bytes[self.position..self.end].starts_with(b"\\u") {
            let second = self.position;
            self.position += 2;
            let low = self.hex4()?;
            if (0xDC00..0xE000).contains(&low) {
                text.push(char::from_u32(0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00)).unwrap_or('\u{FFFD}'));
                return Ok(());
            }
            self.position = second;
        }
        let character = char::from_u32(unit).unwrap_or_else(|| {
            self.find(Finding::warn("json.lone-surrogate").with("escape", format!("\\u{unit:04x}")), start);
            '\u{FFFD}'
        });
        text.push(character);
        Ok(())
    }

    fn hex4(&mut self) -> Result<u32, ReadError> {
        let mut value = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            value = value << 4 | digit.ok_or_else(|| self.error_here("json.escape", "four hex digits after \\u"))?;
            self.position += 1;
        }
        Ok(value)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes[..self.end].get(self.position).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.position += usize::from(there);
        there
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.position += 1;
        }
    }

    fn find(&mut self, finding: Finding, offset: usize) {
        if self.findings.len() < Document::FINDINGS {
            let at = self.at(offset);
            self.findings.push(finding.at(at));
        } else {
            self.unkept += 1;
        }
    }

    fn unexpected(&self, expected: &'static str) -> ReadError {
        match self.peek() {
            None => self.error("json.ends-early", expected, "the end of the text"),
            Some(b'/' | b'#') => self.error_here("json.comment", expected),
            Some(_) => self.error_here("json.unexpected", expected),
        }
    }

    fn error_here(&self, code: &'static str, expected: impl Into<String>) -> ReadError {
        let rest = &self.bytes[self.position..self.end];
        let shown = visible(&rest[..rest.len().min(16)]);
        self.error(code, expected, if shown.is_empty() { "the end of the text".to_owned() } else { format!("“{shown}”") })
    }

    fn error(&self, code: &'static str, expected: impl Into<String>, found: impl Into<String>) -> ReadError {
        self.place(ReadError::new(code, expected, found))
    }

    fn place(&self, error: ReadError) -> ReadError {
        error.at(self.at(self.position))
    }

    fn at(&self, offset: usize) -> At {
        let before = &self.bytes[self.start..offset.clamp(self.start, self.end)];
        let line = self.first_line + before.iter().filter(|byte| **byte == b'\n').count();
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
        At { byte: Some(offset as u64), line: u32::try_from(line).ok(), column: u32::try_from(column).ok(), inside: None }
    }
}

fn limit(code: &'static str, limit: u64, found: impl ToString) -> ReadError {
    ReadError::new(code, format!("at most {limit}"), found.to_string()).with("limit", limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<Document, ReadError> {
        parse(text, &Limits::default())
    }

    fn code(text: &[u8]) -> &'static str {
        read(text).unwrap_err().code
    }

    fn findings(text: &[u8]) -> Vec<&'static str> {
        read(text).unwrap().findings.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn values_and_places() {
        let document = read(b" {\"a\" : [1, -2, \"x\\ny\", true, false, null]}\n").unwrap();
        let items = document.root.as_object().unwrap().get("a").unwrap().as_array().unwrap();
        assert_eq!(items[0].as_u64(), Some(1));
        assert_eq!(items[1].as_number().unwrap().as_i64(), Some(-2));
        assert_eq!(items[2].as_str(), Some("x\ny"));
        assert_eq!((items[2].span.start, items[2].span.end), (16, 22));
        assert_eq!((items[3].as_bool(), items[5].is_null()), (Some(true), true));
        assert!(document.findings.is_empty());
    }

    #[test]
    fn depth_is_an_error_and_no_recursion() {
        let deep = "[".repeat(200_000);
        assert_eq!(code(deep.as_bytes()), "json.too-deep");
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert_eq!(code(nested(1_001).as_bytes()), "json.too-deep");
        assert_eq!(
            read(nested(129).as_bytes()).unwrap_err().at,
            Some(At { byte: Some(128), line: Some(1), column: Some(129), inside: None })
        );
        assert!(read(nested(128).as_bytes()).is_ok());
        let greedy = Limits { depth: u32::MAX, ..Limits::default() };
        assert_eq!(parse(deep.as_bytes(), &greedy).unwrap_err().code, "json.too-deep");
        assert!(parse(nested(1_000).as_bytes(), &greedy).is_ok());
    }

    #[test]
    fn limits_of_size_and_values() {
        let small = Limits { size_bytes: 4, values: 3, ..Limits::default() };
        assert_eq!(parse(b"[1,2]", &small).unwrap_err().code, "json.too-large");
        let few = Limits { values: 3, ..Limits::default() };
        assert_eq!(parse(b"[1,2,3]", &few).unwrap_err().code, "json.too-many-values");
        assert!(parse(b"[1,2]", &few).is_ok());
    }

    #[test]
    fn duplicate_keys_are_found_with_both_places() {
        let document = read(br#"{"os":"linux","x":{"os":1},"os":"windows"}"#).unwrap();
        assert_eq!(document.findings.len(), 1);
        assert_eq!(document.findings[0].args.value("first"), Some("1"));
        assert_eq!(document.findings[0].at.as_ref().and_then(|at| at.byte), Some(27));
        assert_eq!(findings(br#"{"a":1,"\u0061":2}"#), ["json.duplicate-key"]);
        let many = format!("{{{}}}", vec!["\"a\":1"; 150].join(","));
        assert_eq!(findings(many.as_bytes()).len(), Document::FINDINGS + 1);
        assert_eq!(findings(many.as_bytes()).last(), Some(&"json.more-findings"));
    }

    #[test]
    fn numbers_are_exact_or_refused() {
        let number = |text: &str| read(text.as_bytes()).unwrap().root.as_number().cloned().unwrap();
        assert_eq!(number("9007199254740993").as_u64(), Some(9_007_199_254_740_993));
        assert_eq!(number("18446744073709551615").as_u64(), Some(u64::MAX));
        assert_eq!(number("18446744073709551616").as_u64(), None);
        assert_eq!((number("2.0").as_u64(), number("2.0").is_float()), (None, true));
        assert_eq!(number("-0").as_i64(), Some(0));
        for (text, expected) in [
            (&b"1e400"[..], "json.number-range"),
            (b"-", "json.number"),
            (b"01", "json.trailing"),
            (b"1.", "json.number"),
            (b"1e+", "json.number"),
            (b"+1", "json.unexpected"),
            (b"NaN", "json.unexpected"),
            (b"Infinity", "json.unexpected"),
        ] {
            assert_eq!(code(text), expected, "{text:?}");
        }
    }

    #[test]
    fn text_that_readers_decode_differently() {
        assert_eq!(findings(br#""\ud800""#), ["json.lone-surrogate"]);
        assert_eq!(findings(br#""\ud800\u0041""#), ["json.lone-surrogate"]);
        assert_eq!(findings(br#""\udc00\ud83d\ude00""#), ["json.lone-surrogate"]);
        assert_eq!(read(br#""\ud83d\ude00""#).unwrap().root.as_str(), Some("\u{1F600}"));
        assert_eq!(findings(b"\"ADD \xff\xfe\""), ["json.not-utf8", "json.not-utf8"]);
        assert_eq!(read(b"\"ADD \xff\"").unwrap().root.as_str(), Some("ADD \u{FFFD}"));
        assert_eq!(read(br#""\u0000""#).unwrap().root.as_str(), Some("\0"));
    }

    #[test]
    fn what_is_not_json_is_refused_with_its_place() {
        for (text, expected, offset) in [
            (&b"\xEF\xBB\xBF{}"[..], "json.byte-order-mark", 0),
            (b"\xFF\xFE{\0}\0", "json.utf16", 0),
            (b"{\0}\0", "json.utf16", 0),
            (b"{}}", "json.trailing", 2),
            (b"{}\n{}", "json.trailing", 3),
            (b"{ // no\n}", "json.comment", 2),
            (b"{\"a\":1,}", "json.unexpected", 7),
            (b"[1 2]", "json.unexpected", 3),
            (b"{'a':1}", "json.unexpected", 1),
            (b"\"a\nb\"", "json.control-character", 2),
            (b"\"\\x\"", "json.escape", 2),
            (b"\"\\u12g4\"", "json.escape", 5),
            (b"[1", "json.ends-early", 2),
            (b"\"a", "json.ends-early", 2),
            (b"", "json.empty", 0),
            (b" \n", "json.empty", 2),
            (b"<!DOCTYPE html>", "json.unexpected", 0),
            (b"tru", "json.unexpected", 0),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!((error.code, error.at.and_then(|at| at.byte)), (expected, Some(offset)), "{text:?}");
        }
    }

    #[test]
    fn lines_are_read_one_by_one() {
        let lines = parse_lines(b"{\"a\":1}\r\n\n{\"b\":}\n[2]", &Limits::default());
        assert_eq!(lines.iter().map(|line| line.line).collect::<Vec<_>>(), [1, 3, 4]);
        assert_eq!(
            lines[1].result.as_ref().unwrap_err().at,
            Some(At { byte: Some(15), line: Some(3), column: Some(6), inside: None })
        );
        assert_eq!(lines[2].result.as_ref().unwrap().root.span, Span { start: 17, end: 20 });
    }

    #[test]
    fn no_cut_of_a_text_panics() {
        let text = br#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00\n",true,false,null,{}],"b":{"c":""}}"#;
        for end in 0..text.len() {
            assert!(read(&text[..end]).is_err(), "cut at {end}");
        }
    }
}
