use super::split::BLANKS;
use crate::json;
use crate::order::Gather;

/// Words of the list form (COPY, ADD, VOLUME, EXPOSE, FROM): blanks separate, quotes mean nothing.
pub(super) fn listed(args: &str) -> Vec<String> {
    args.split(BLANKS).filter(|word| !word.is_empty()).map(str::to_owned).list()
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
    match json::parse(args.as_bytes(), &json::Limits::default()) {
        Ok(document) => document.root.as_strings().map_or(Array::OtherValues, Array::Strings),
        Err(_) => Array::No,
    }
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
