//! The cells of a table or template that can be told by their looks.

use super::size::Size;
use super::when;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    /// Image ID, snapshot or `<missing>`.
    Id,
    /// Age or time.
    Created,
    /// The builder's text.
    CreatedBy,
    /// Layer size.
    Size,
    /// Comment, free text.
    Comment,
    /// Image names, free text without blanks.
    Tags,
}

impl Column {
    /// The column with this heading in a table of docker, podman or nerdctl.
    pub(super) fn with_heading(heading: &str) -> Option<Self> {
        Some(match heading {
            "IMAGE" | "ID" | "IMAGE ID" | "SNAPSHOT" => Self::Id,
            "CREATED" | "CREATED AT" | "CREATED SINCE" => Self::Created,
            "CREATED BY" => Self::CreatedBy,
            "SIZE" => Self::Size,
            "COMMENT" => Self::Comment,
            "TAGS" => Self::Tags,
            _ => return None,
        })
    }

    /// Length in bytes of a cell of this column at the start of `text`. A cell ends at a blank, a tab, punctuation or the end.
    pub(super) fn length(self, text: &str) -> Option<usize> {
        match self {
            Self::Id => id_length(text),
            Self::Created => when::age_at_start(text).or_else(|| when::time_at_start(text)),
            Self::Size => size_length(text),
            Self::Comment | Self::CreatedBy | Self::Tags => Some(free_length(text)),
        }
        .filter(|length| !text[*length..].starts_with(|letter: char| letter.is_ascii_alphanumeric()))
    }
}

/// `<missing>`, 12 hex digits, 64 hex digits, or a digest with its algorithm.
fn id_length(text: &str) -> Option<usize> {
    const MISSING: &str = "<missing>";
    if text.starts_with(MISSING) {
        return Some(MISSING.len());
    }
    let prefix = if text.starts_with("sha256:") { 7 } else { 0 };
    let digits = text[prefix..].bytes().take_while(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')).count();
    (digits == 12 || digits == 64).then_some(prefix + digits)
}

/// Digits, perhaps a fraction and an exponent, perhaps a blank, and a unit; or digits alone.
fn size_length(text: &str) -> Option<usize> {
    let number = text.bytes().take(24).take_while(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'+')).count();
    let blank = usize::from(text[number..].starts_with(' '));
    let unit = text[number + blank..].bytes().take(4).take_while(u8::is_ascii_alphabetic).count();
    let with_unit = (unit > 0).then_some(number + blank + unit);
    with_unit.into_iter().chain([number]).find(|end| *end > 0 && Size::parse(&text[..*end]).is_some())
}

/// Everything up to two blanks, a tab or the end.
fn free_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let ends = |at: &usize| bytes[*at] == b'\t' || bytes[*at..].starts_with(b"  ");
    (0..bytes.len()).find(ends).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::Column;

    #[test]
    fn cells_end_where_they_should() {
        for (column, text, length) in [
            (Column::Id, "<missing>   x", Some(9)),
            (Column::Id, "799f642f85b7 x", Some(12)),
            (Column::Id, "799f642f85b7a", None),
            (Column::Id, "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Some(71)),
            (Column::Created, "2022-04-05T00:20:19Z   x", Some(20)),
            (Column::Created, "About a minute ago   x", Some(18)),
            (Column::Size, "0B   x", Some(2)),
            (Column::Size, "5.12 kB  FROM x", Some(7)),
            (Column::Size, "1982343   ", Some(7)),
            (Column::Size, "12 apples", Some(2)),
            (Column::Size, "apples", None),
            (Column::Comment, "a b  c", Some(3)),
            (Column::Comment, "", Some(0)),
        ] {
            assert_eq!(column.length(text), length, "{column:?} {text:?}");
        }
    }
}
