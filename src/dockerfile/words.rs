use super::split::BLANKS;

/// Words of the list form (COPY, ADD, VOLUME, EXPOSE, FROM): blanks separate, quotes mean nothing.
pub(super) fn listed(args: &str) -> Vec<String> {
    args.split(BLANKS).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Words of ENV, LABEL and ARG: a blank inside quotes, or escaped, does not separate. Quotes and escapes stay.
pub(super) fn quoted(args: &str, escape: char) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    let mut chars = args.chars();
    while let Some(c) = chars.next() {
        match quote {
            None if c.is_whitespace() => {
                words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
                continue;
            }
            None if c == '\'' || c == '"' => quote = Some(c),
            Some(open) if c == open => quote = None,
            _ => {}
        }
        // Nothing is escaped between single quotes; an escape character at the very end is dropped.
        if c == escape && quote != Some('\'') {
            if let Some(escaped) = chars.next() {
                word.extend([c, escaped]);
            }
        } else {
            word.push(c);
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// What a text is when read as a JSON array of strings.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Array {
    /// One.
    Strings(Vec<String>),
    /// An array with something else inside: BuildKit refuses it.
    OtherValues,
    /// No JSON array: the line has the shell or list form.
    No,
}

/// Reads a JSON array of strings.
pub(super) fn array(args: &str) -> Array {
    let args = args.trim_start();
    if !args.starts_with('[') {
        return Array::No;
    }
    let parsed = serde_json::from_str(args).or_else(|_| serde_json::from_str(&without_lone_surrogates(args)));
    let Ok(values) = parsed as Result<Vec<serde_json::Value>, _> else { return Array::No };
    let strings = values.into_iter().map(|value| match value {
        serde_json::Value::String(text) => Some(text),
        _ => None,
    });
    strings.collect::<Option<Vec<String>>>().map_or(Array::OtherValues, Array::Strings)
}

/// Go reads half a surrogate pair as U+FFFD where serde_json refuses it.
fn without_lone_surrogates(json: &str) -> String {
    let mut result = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        result.push_str(&rest[..at]);
        rest = &rest[at..];
        let escaped = rest.chars().nth(1).map_or(0, char::len_utf8);
        let (text, length) = match (unit(rest), rest.get(6..).and_then(unit)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => (&rest[..12], 12),
            (Some(0xd800..0xe000), _) => ("\\ufffd", 6),
            _ => (&rest[..1 + escaped], 1 + escaped),
        };
        result.push_str(text);
        rest = &rest[length..];
    }
    result + rest
}

/// The number of an escape `\uXXXX` at the beginning.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_escapes_hold_words_together() {
        assert_eq!(quoted(r#"a=b  c="d e" f='g h\' i=j\ k """#, '\\'), ["a=b", "c=\"d e\"", "f='g h\\'", "i=j\\ k", "\"\""]);
        assert_eq!(quoted(r"a=C:\x b=c` d", '`'), [r"a=C:\x", "b=c` d"]);
        assert_eq!(quoted(r"end\", '\\'), ["end"]);
        assert_eq!(quoted("open=\"a b", '\\'), ["open=\"a b"]);
    }

    #[test]
    fn arrays_hold_strings_only() {
        assert_eq!(array(r#" ["a", "b\n"] "#), Array::Strings(vec!["a".into(), "b\n".into()]));
        assert_eq!(array("[ ]"), Array::Strings(vec![]));
        for text in [r#"["a", 1]"#, "[null]", r#"["a", ["b"]]"#] {
            assert_eq!(array(text), Array::OtherValues, "{text}");
        }
        for text in ["['a']", r#"["a"] x"#, r#"["a""#, r#""a""#, "[a]", ""] {
            assert_eq!(array(text), Array::No, "{text}");
        }
    }

    #[test]
    fn half_a_surrogate_pair_is_a_replacement_character() {
        assert_eq!(array(r#"["\ud83d\ude00 \ud83d \\ud800"]"#), Array::Strings(vec!["\u{1f600} \u{fffd} \\ud800".into()]));
    }
}
