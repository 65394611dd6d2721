//! What a [`FileStage`](super::stage::FileStage) found, as bytes that can be sent to another worker.
//!
//! Findings and errors carry static codes. A code crosses as its text and is looked up among [`WORDS`] on the other side, so
//! that it is the same static text there; a test holds the list against the sources. Both sides are one build, so the form
//! needs no version.

use super::facts::{Compression, CompressionFacts, Divergence, GzipHeader, Reader};
use super::notes::Notes;
use super::stage::FileFacts;
use crate::digest::{Algorithm, Digest};
use crate::finding::{Args, At, Finding, Level, ReadError};

/// Every static text that a file stage can put into its facts.
const WORDS: &[&str] = &[
    "CRC-32",
    "CRC-64",
    "SHA-256",
    "check",
    "count",
    "format",
    "intake.and-more",
    "intake.bzip2-bytes-after",
    "intake.compressed-check",
    "intake.compressed-corrupt",
    "intake.compressed-truncated",
    "intake.compressed-unsupported",
    "intake.gzip-bytes-after",
    "intake.gzip-members",
    "intake.gzip-reserved-flag",
    "intake.gzip-zeros-after",
    "intake.limit",
    "intake.xz-bytes-after",
    "intake.xz-no-check",
    "intake.zstd-dictionary",
    "limit",
    "none",
    "of",
    "unknown",
    "value",
    "xxh64",
];

const FORMATS: [Compression; 4] = [Compression::Gzip, Compression::Bzip2, Compression::Xz, Compression::Zstd];

const READERS: [Reader; 9] = [
    Reader::GnuTar,
    Reader::BusyBox,
    Reader::Python,
    Reader::TarCrate,
    Reader::Gzip,
    Reader::Bzip2,
    Reader::Xz,
    Reader::IgnoreZeros,
    Reader::FirstMatch,
];

impl FileFacts {
    /// The facts as bytes.
    pub fn to_wire(&self) -> Vec<u8> {
        let Self { size, sha256, compression, notes, error } = self;
        let mut out = Out(Vec::new());
        out.number(*size);
        out.bytes(sha256.as_bytes());
        out.option(compression.as_ref(), Out::compression);
        let (findings, divergences, counts) = notes.parts();
        out.list(findings, Out::finding);
        out.list(divergences, Out::divergence);
        out.number(counts.len() as u64);
        for (code, count) in counts {
            out.text(code);
            out.number(*count);
        }
        out.option(error.as_ref(), Out::error);
        out.0
    }

    /// Facts from such bytes; `None` if they are none.
    pub fn from_wire(bytes: &[u8]) -> Option<Self> {
        let mut from = In(bytes);
        let (size, sha256) = (from.number()?, Digest::from_bytes(Algorithm::Sha256, from.bytes()?)?);
        let compression = from.option(In::compression)?;
        let (findings, divergences) = (from.list(In::finding)?, from.list(In::divergence)?);
        let counts = from.list(|from| Some((from.word()?, from.number()?)))?;
        let notes = Notes::from_parts(findings, divergences, counts);
        Some(Self { size, sha256, compression, notes, error: from.option(In::error)? })
    }
}

/// Writes: numbers as eight bytes, texts and lists with their length before them.
struct Out(Vec<u8>);

impl Out {
    fn number(&mut self, number: u64) {
        self.0.extend(number.to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.number(u64::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }

    fn list<T>(&mut self, values: &[T], write: impl Fn(&mut Self, &T)) {
        self.number(values.len() as u64);
        values.iter().for_each(|value| write(self, value));
    }

    fn place<T: PartialEq>(&mut self, value: &T, all: &[T]) {
        self.number(all.iter().position(|one| one == value).unwrap_or(usize::MAX) as u64);
    }

    fn compression(&mut self, facts: &CompressionFacts) {
        let CompressionFacts { format, members, skippable, trailing, gzip, gzip_end, check, readers } = facts;
        self.place(format, &FORMATS);
        [members, skippable, trailing].into_iter().for_each(|number| self.number(*number));
        self.option(gzip.as_ref(), Self::gzip);
        self.bytes(gzip_end);
        self.option(*check, Self::text);
        self.list(readers, Self::divergence);
    }

    fn gzip(&mut self, header: &GzipHeader) {
        let GzipHeader { flags, mtime, extra_flags, os, name, comment, extra } = header;
        [u32::from(*flags), *mtime, u32::from(*extra_flags), u32::from(*os)]
            .into_iter()
            .for_each(|number| self.number(number.into()));
        self.option(name.as_deref(), Self::bytes);
        self.option(comment.as_deref(), Self::bytes);
        self.bytes(extra);
    }

    fn divergence(&mut self, divergence: &Divergence) {
        let Divergence { code, at, entry, readers, go_sees, others_see } = divergence;
        self.text(code);
        self.number(*at);
        self.list(readers, |out, reader| out.place(reader, &READERS));
        [entry, go_sees, others_see].into_iter().for_each(|text| self.text(text));
    }

    fn finding(&mut self, finding: &Finding) {
        let Finding { code, level, at, args } = finding;
        self.text(code);
        self.place(level, &[Level::Note, Level::Warn]);
        self.option(at.as_ref(), Self::at);
        self.args(args);
    }

    fn error(&mut self, error: &ReadError) {
        let ReadError { code, at, expected, found, args } = error;
        [code, expected.as_str(), found.as_str()].into_iter().for_each(|text| self.text(text));
        self.option(at.as_ref(), Self::at);
        self.args(args);
    }

    fn at(&mut self, at: &At) {
        let At { byte, line, column, inside } = at;
        self.option(*byte, Self::number);
        self.option(*line, |out, line| out.number(line.into()));
        self.option(*column, |out, column| out.number(column.into()));
        self.option(inside.as_deref(), Self::text);
    }

    fn args(&mut self, args: &Args) {
        self.number(args.iter().count() as u64);
        for (name, value) in args.iter() {
            self.text(name);
            self.text(value);
        }
    }
}

/// Reads what [`Out`] wrote, in the same order.
struct In<'a>(&'a [u8]);

impl<'a> In<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (part, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(part)
    }

    fn number(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(*self.take(8)?.first_chunk()?))
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let len = self.number()?;
        self.take(usize::try_from(len).ok()?)
    }

    fn text(&mut self) -> Option<String> {
        String::from_utf8(self.bytes()?.to_vec()).ok()
    }

    /// A text of this build's own.
    fn word(&mut self) -> Option<&'static str> {
        let bytes = self.bytes()?;
        WORDS.iter().find(|word| word.as_bytes() == bytes).copied()
    }

    fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.number()? == 0 { Some(None) } else { read(self).map(Some) }
    }

    fn list<T>(&mut self, read: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut all = Vec::new();
        for _ in 0..self.number()? {
            all.push(read(self)?);
        }
        Some(all)
    }

    fn place<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        all.get(usize::try_from(self.number()?).ok()?).copied()
    }

    fn small<T: TryFrom<u64>>(&mut self) -> Option<T> {
        T::try_from(self.number()?).ok()
    }

    fn compression(&mut self) -> Option<CompressionFacts> {
        Some(CompressionFacts {
            format: self.place(&FORMATS)?,
            members: self.number()?,
            skippable: self.number()?,
            trailing: self.number()?,
            gzip: self.option(Self::gzip)?,
            gzip_end: self.bytes()?.to_vec(),
            check: self.option(Self::word)?,
            readers: self.list(Self::divergence)?,
        })
    }

    fn gzip(&mut self) -> Option<GzipHeader> {
        Some(GzipHeader {
            flags: self.small()?,
            mtime: self.small()?,
            extra_flags: self.small()?,
            os: self.small()?,
            name: self.option(Self::bytes)?.map(<[u8]>::to_vec),
            comment: self.option(Self::bytes)?.map(<[u8]>::to_vec),
            extra: self.bytes()?.to_vec(),
        })
    }

    fn divergence(&mut self) -> Option<Divergence> {
        let (code, at) = (self.word()?, self.number()?);
        let readers = self.list(|from| from.place(&READERS))?;
        Some(Divergence { code, at, readers, entry: self.text()?, go_sees: self.text()?, others_see: self.text()? })
    }

    fn finding(&mut self) -> Option<Finding> {
        let (code, level) = (self.word()?, self.place(&[Level::Note, Level::Warn])?);
        Some(Finding { code, level, at: self.option(Self::at)?, args: self.args()? })
    }

    fn error(&mut self) -> Option<ReadError> {
        let (code, expected, found) = (self.word()?, self.text()?, self.text()?);
        Some(ReadError { code, expected, found, at: self.option(Self::at)?, args: self.args()? })
    }

    fn at(&mut self) -> Option<At> {
        Some(At {
            byte: self.option(Self::number)?,
            line: self.option(Self::small)?,
            column: self.option(Self::small)?,
            inside: self.option(Self::text)?,
        })
    }

    fn args(&mut self) -> Option<Args> {
        let args = self.list(|from| Some((from.word()?, from.text()?)))?;
        Some(args.into_iter().fold(Args::new(), |args, (name, value)| args.with(name, value)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    fn sources(folder: &Path, found: &mut String) {
        let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                sources(&path, found);
            } else {
                found.push_str(std::fs::read_to_string(path).unwrap().split("#[cfg(test)]").next().unwrap());
            }
        }
    }

    /// What a decompressor and what both share with it can say: codes, names of arguments, names of checks.
    #[test]
    fn no_code_of_a_decompressor_is_missing() {
        let room = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/intake");
        let mut text = String::new();
        sources(&room.join("decompress"), &mut text);
        let notes = std::fs::read_to_string(room.join("notes.rs")).unwrap();
        text.push_str(notes.split("#[cfg(test)]").next().unwrap());
        let mut said: BTreeSet<&str> = BTreeSet::new();
        said.extend(text.split('"').skip(1).step_by(2).filter(|word| word.starts_with("intake.")));
        said.extend(text.split(".with(\"").skip(1).filter_map(|rest| rest.split('"').next()));
        said.extend(text.split("=> \"").skip(1).filter_map(|rest| rest.split('"').next()));
        said.extend(["limit", "value", "intake.limit", "xxh64"]);
        assert!(said.len() > 20, "{said:?}");
        let missing: Vec<_> = said.iter().filter(|word| !WORDS.contains(word)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn everything_a_finding_says_comes_back() {
        let at = At { byte: Some(7), line: Some(1), column: None, inside: Some("a\nb".to_owned()) };
        let mut notes = Notes::default();
        notes.finding(Finding::warn("intake.gzip-members").at(at.clone()).with("count", 3));
        let facts = FileFacts {
            size: u64::MAX,
            sha256: Digest::sha256(b"x"),
            compression: Some(CompressionFacts {
                check: Some("xxh64"),
                readers: vec![Divergence {
                    code: "intake.gzip-bytes-after",
                    at: 9,
                    entry: "e".to_owned(),
                    readers: READERS.to_vec(),
                    go_sees: "g".to_owned(),
                    others_see: String::new(),
                }],
                gzip_end: vec![1, 2],
                gzip: Some(GzipHeader { mtime: 5, name: Some(vec![0xff]), extra: vec![1], ..GzipHeader::default() }),
                ..CompressionFacts::new(Compression::Zstd)
            }),
            notes,
            error: Some(ReadError::new("intake.limit", "e", "f").at(at).with("limit", "output")),
        };
        let wire = facts.to_wire();
        assert_eq!(format!("{:?}", FileFacts::from_wire(&wire).unwrap()), format!("{facts:?}"));
        assert!((0..wire.len()).all(|cut| FileFacts::from_wire(&wire[..cut]).is_none()));
    }
}
