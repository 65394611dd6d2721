//! PAX extended headers (POSIX.1-2017 `pax`, "pax Extended Header"), by Go's rules.

use super::number::decimal;
use crate::finding::{Finding, ReadError, visible};
use crate::intake::notes::Notes;
use crate::order::Map;

/// The records of one extended header.
#[derive(Debug, Clone, Default)]
pub(super) struct Records {
    /// By key; the last of equal keys, as Go has it. Sparse format 0.0 is turned into 0.1.
    pub(super) values: Map<Vec<u8>, Vec<u8>>,
    /// Keys that came with two different values.
    pub(super) twice: Vec<Vec<u8>>,
    /// The block as it was, for readers that take it apart otherwise.
    pub(super) raw: Vec<u8>,
}

/// Why a block of records is refused.
#[derive(Debug)]
pub(super) struct RecordError {
    pub(super) error: ReadError,
    /// The record whose value holds a NUL, which other readers accept: key and value.
    pub(super) nul: Option<(Vec<u8>, Vec<u8>)>,
}

const OFFSET: &[u8] = b"GNU.sparse.offset";
const NUM_BYTES: &[u8] = b"GNU.sparse.numbytes";
pub(super) const SPARSE_MAP: &[u8] = b"GNU.sparse.map";

impl Records {
    pub(super) fn parse(raw: Vec<u8>, at: u64, notes: &mut Notes) -> Result<Self, RecordError> {
        let mut records = Self::default();
        let mut sparse: Vec<Vec<u8>> = Vec::new();
        let mut rest = &raw[..];
        while !rest.is_empty() {
            let here = at + (raw.len() - rest.len()) as u64;
            let (key, value, after) = record(rest, here, notes)?;
            rest = after;
            if key == OFFSET || key == NUM_BYTES {
                let expected = if sparse.len().is_multiple_of(2) { OFFSET } else { NUM_BYTES };
                if key != expected || value.contains(&b',') {
                    return Err(refused(here, "offsets and lengths of sparse parts in turn", key));
                }
                sparse.push(value.to_vec());
            } else {
                records.insert(key, value);
            }
        }
        if !sparse.is_empty() {
            records.values.insert(SPARSE_MAP.to_vec(), sparse.join(&b','));
        }
        records.raw = raw;
        Ok(records)
    }

    /// A value; an empty one counts as none, as in Go.
    pub(super) fn value(&self, key: &[u8]) -> Option<&[u8]> {
        self.values.get(key).map(Vec::as_slice).filter(|value| !value.is_empty())
    }

    fn insert(&mut self, key: &[u8], value: &[u8]) {
        let before = self.values.insert(key.to_vec(), value.to_vec());
        if before.is_some_and(|before| before != value) {
            self.twice.push(key.to_vec());
        }
    }

    /// The first value of a key for readers that take the block line by line, as the `tar` crate does.
    pub(super) fn first_by_lines(&self, key: &[u8]) -> Option<&[u8]> {
        lines(&self.raw).flatten().find(|(found, _)| *found == key).map(|(_, value)| value)
    }

    /// The same, but giving up at the first line that is no record (how the `tar` crate reads numbers).
    pub(super) fn number_by_lines(&self, key: &[u8]) -> Option<u64> {
        let (_, value) = lines(&self.raw).map_while(|line| line).find(|(found, _)| *found == key)?;
        std::str::from_utf8(value).ok()?.parse().ok()
    }
}

/// Key and value of a record and what follows it.
type Record<'a> = (&'a [u8], &'a [u8], &'a [u8]);

/// `length key=value LF`, the length counting all of it.
fn record<'a>(bytes: &'a [u8], at: u64, notes: &mut Notes) -> Result<Record<'a>, RecordError> {
    const EXPECTED: &str = "“length key=value” and a line feed";
    let refuse = || refused(at, EXPECTED, &bytes[..bytes.len().min(40)]);
    let blank = memchr::memchr(b' ', bytes).ok_or_else(refuse)?;
    let length = decimal(&bytes[..blank]).and_then(|length| usize::try_from(length).ok());
    let length = length.filter(|length| *length >= 5 && *length <= bytes.len() && *length > blank + 1).ok_or_else(refuse)?;
    let (record, rest) = bytes.split_at(length);
    let body = record[blank + 1..].strip_suffix(b"\n").ok_or_else(refuse)?;
    let equals = memchr::memchr(b'=', body).filter(|at| *at > 0).ok_or_else(refuse)?;
    let (key, value) = (&body[..equals], &body[equals + 1..]);
    let checked = if matches!(key, b"path" | b"linkpath" | b"uname" | b"gname") { value } else { key };
    if checked.contains(&0) {
        let mut error = refused(at, "no NUL in a name", checked);
        error.nul = Some((key.to_vec(), value.to_vec()));
        return Err(error);
    }
    if matches!(bytes[0], b'0' | b'+') {
        notes.finding(
            Finding::note("intake.pax-length-form").at(crate::finding::At::byte(at)).with("length", visible(&bytes[..blank])),
        );
    }
    Ok((key, value, rest))
}

fn refused(at: u64, expected: &str, found: &[u8]) -> RecordError {
    let error = ReadError::new("intake.pax-record", expected, visible(found)).at(crate::finding::At::byte(at));
    RecordError { error, nul: None }
}

/// The block line by line up to the first empty one; `None` for a line that is no record.
fn lines(raw: &[u8]) -> impl Iterator<Item = Option<(&[u8], &[u8])>> {
    raw.split(|byte| *byte == b'\n').take_while(|line| !line.is_empty()).map(|line| {
        let blank = memchr::memchr(b' ', line)?;
        let length: usize = std::str::from_utf8(&line[..blank]).ok()?.parse().ok()?;
        let body = &line[blank + 1..];
        let equals = memchr::memchr(b'=', body)?;
        (length == line.len() + 1).then_some((&body[..equals], &body[equals + 1..]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(raw: &[u8]) -> Result<Records, RecordError> {
        Records::parse(raw.to_vec(), 0, &mut Notes::default())
    }

    #[test]
    fn the_last_of_equal_keys_counts_and_empty_values_count_for_nothing() {
        let records = parse(b"12 path=one\n12 path=two\n9 uname=\n").unwrap();
        assert_eq!(records.value(b"path"), Some(&b"two"[..]));
        assert_eq!(records.value(b"uname"), None);
        assert_eq!(records.twice, [b"path"]);
        assert_eq!(records.first_by_lines(b"path"), Some(&b"one"[..]));
    }

    #[test]
    fn malformed_records_are_refused() {
        for raw in [
            &b"999 path=x\n"[..],
            b"11 path=xyz",
            b"x path=a\n",
            b"8 =abcd\n",
            b"4 a\n",
            b"10 path=x y",
            b"12 path=a\0b\n",
            b"-9 a=bcd\n",
        ] {
            assert!(parse(raw).is_err(), "{}", visible(raw));
        }
        assert!(parse(b"12 path=a\0b\n").unwrap_err().nul.is_some());
    }

    #[test]
    fn sparse_format_0_0_becomes_0_1() {
        let records = parse(b"23 GNU.sparse.offset=1\n25 GNU.sparse.numbytes=2\n").unwrap_or_default();
        assert!(records.values.is_empty() || records.value(SPARSE_MAP) == Some(&b"1,2"[..]));
        let record = |key: &str, value: &str| {
            let body = format!(" {key}={value}\n");
            format!("{}{body}", body.len() + 2)
        };
        let raw = record("GNU.sparse.offset", "1") + &record("GNU.sparse.numbytes", "2");
        assert_eq!(parse(raw.as_bytes()).unwrap().value(SPARSE_MAP), Some(&b"1,2"[..]));
        assert!(parse(record("GNU.sparse.numbytes", "2").as_bytes()).is_err());
    }

    #[test]
    fn a_value_with_a_line_feed_reads_otherwise_by_lines() {
        let inner = "13 path=evil\n";
        let body = format!(" user.x=a\n{inner}");
        let raw = format!("{}{body}12 path=two\n", body.len() + 2);
        let records = parse(raw.as_bytes()).unwrap();
        assert_eq!(records.value(b"path"), Some(&b"two"[..]));
        assert_eq!(records.first_by_lines(b"path"), Some(&b"evil"[..]));
        assert_eq!(records.number_by_lines(b"path"), None);
    }
}
