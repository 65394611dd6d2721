//! One line of a checksum list in each of its forms.

use crate::digest::{Algorithm, Digest};
use std::fmt;

/// Programs that check lists, as measured: coreutils 9.1 (`sha256sum -c`), BusyBox 1.38, perl's `shasum` 6.02 (macOS).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Checker {
    /// GNU coreutils.
    Coreutils,
    /// BusyBox.
    BusyBox,
    /// `shasum`.
    Shasum,
}

impl fmt::Display for Checker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Coreutils => "coreutils",
            Self::BusyBox => "BusyBox",
            Self::Shasum => "shasum",
        })
    }
}

/// How a line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// `HEX  name`: what `sha256sum` writes.
    Text,
    /// `HEX *name`: the same in binary mode.
    Binary,
    /// `HEX name`: BSD's `-r`, and lists made by hand.
    Reversed,
    /// `SHA256 (name) = HEX`: BSD, `--tag`, Fedora.
    Tag,
    /// `SHA256(name)= HEX`, `SHA2-256(name)= HEX`: OpenSSL.
    OpenSsl,
    /// `HEX` alone.
    Bare,
    /// `sha256:HEX`, perhaps with a name: a copied OCI digest.
    Oci,
    /// ` HEX size path` below `SHA256:`: Debian's Release and .dsc files.
    Control,
}

/// Another name that a checker takes from the same line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherName {
    /// The bytes of that name.
    pub name: Vec<u8>,
    /// Who reads it.
    pub checkers: Vec<Checker>,
}

/// One line that names a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChecksumLine {
    /// Line in the file, from 1.
    pub line: u32,
    /// The digest.
    pub digest: Digest,
    /// The file's name as bytes; `None` where the line has none.
    pub name: Option<Vec<u8>>,
    /// A claimed size in bytes.
    pub size: Option<u64>,
    /// How it is written.
    pub form: Form,
    /// Checkers that refuse the line, whatever it says.
    pub refused_by: Vec<Checker>,
    /// Names that other checkers read here.
    pub other_names: Vec<OtherName>,
    /// Catalogue codes for why checkers differ about this line: the verdict is `ambiguous`.
    pub ambiguous: Vec<&'static str>,
    /// Whether the line ended in CR LF; the CR is not part of the name here.
    pub carriage_return: bool,
}

const ALL: [Checker; 3] = [Checker::Coreutils, Checker::BusyBox, Checker::Shasum];

/// Reads a line that stands in no control section and is neither empty nor a comment. `None`: it fits nothing.
pub(super) fn read(number: u32, line: &[u8]) -> Option<ChecksumLine> {
    let carriage_return = line.ends_with(b"\r");
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    // A NUL ends what C programs read; one before the digest is passed over by BusyBox alone.
    let leading_nul = line.starts_with(b"\0");
    let text = if leading_nul { &line[1..] } else { line };
    let mut found = tag(text).or_else(|| listed(text)).or_else(|| oci(text))?;
    found.line = number;
    found.carriage_return = carriage_return;
    if leading_nul {
        found.ambiguous.push("trust.nul-in-line");
    }
    if let Some(nul) = found.name.as_ref().and_then(|name| name.iter().position(|byte| *byte == 0)) {
        cut_at_nul(&mut found, nul);
    }
    if carriage_return && let Some(name) = &found.name {
        let with_return = [name.as_slice(), b"\r"].concat();
        found.other_names.push(OtherName { name: with_return, checkers: vec![Checker::BusyBox, Checker::Shasum] });
    }
    if found.name.as_ref().is_some_and(|name| name.starts_with(b" ") || name.starts_with(b"\t")) {
        found.ambiguous.push("trust.blank-before-name");
    }
    Some(found)
}

fn cut_at_nul(found: &mut ChecksumLine, nul: usize) {
    let Some(name) = &mut found.name else { return };
    found.other_names.push(OtherName { name: name.clone(), checkers: vec![Checker::Shasum] });
    name.truncate(nul);
    found.ambiguous.push("trust.nul-in-line");
}

/// `[\]ALG (name) = HEX` and OpenSSL's variant. The last `) =` decides, so that names may hold `)`.
fn tag(line: &[u8]) -> Option<ChecksumLine> {
    let text = trim_start(line);
    let (escaped, text) = strip_backslash(text);
    let open = text.iter().position(|byte| *byte == b'(')?;
    let (word, spaced) = match text[..open].strip_suffix(b" ") {
        Some(word) => (word, true),
        None => (&text[..open], false),
    };
    let algorithm = tag_algorithm(word)?;
    let close = (open..text.len()).rev().find(|at| text[*at] == b')' && trim_start(&text[at + 1..]).starts_with(b"="))?;
    let value = trim_start(&trim_start(&text[close + 1..])[1..]);
    let digest = hex(value.trim_ascii_end(), Some(algorithm))?;
    let name = unescape(&text[open + 1..close], escaped)?;
    let loose = !text[close + 1..].starts_with(b" = ") || !spaced;
    let openssl = word.starts_with(b"SHA2-");
    let mut refused_by = vec![Checker::BusyBox];
    if openssl || value.len() != value.trim_ascii_end().len() {
        refused_by.insert(0, Checker::Coreutils);
    }
    if openssl || loose {
        refused_by.push(Checker::Shasum);
    }
    let form = if spaced { Form::Tag } else { Form::OpenSsl };
    Some(line_of(digest, Some(name), form, refused_by))
}

fn tag_algorithm(word: &[u8]) -> Option<Algorithm> {
    match word {
        b"MD5" => Some(Algorithm::Md5),
        b"SHA1" => Some(Algorithm::Sha1),
        b"SHA256" | b"SHA2-256" => Some(Algorithm::Sha256),
        b"SHA384" | b"SHA2-384" => Some(Algorithm::Sha384),
        b"SHA512" | b"SHA2-512" => Some(Algorithm::Sha512),
        _ => None,
    }
}

/// `[\]HEX` and a name in one of three ways, or nothing.
fn listed(line: &[u8]) -> Option<ChecksumLine> {
    let text = trim_start(line);
    let indented = text.len() != line.len();
    let (escaped, text) = strip_backslash(text);
    let digits = text.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let digest = hex(&text[..digits], None)?;
    let rest = &text[digits..];
    let mut refused_by = Vec::new();
    if indented || escaped {
        refused_by.push(Checker::BusyBox);
    }
    let (form, name) = match rest {
        [] | [b' ' | b'\t', ..] if rest.trim_ascii().is_empty() => return Some(line_of(digest, None, Form::Bare, ALL.to_vec())),
        [b' ', b' ', name @ ..] => (Form::Text, name),
        [b' ', b'*', name @ ..] => (Form::Binary, name),
        [b' ', name @ ..] => {
            refused_by.push(Checker::Shasum);
            (Form::Reversed, name)
        }
        [b'\t', name @ ..] => {
            refused_by = vec![Checker::BusyBox, Checker::Shasum];
            (Form::Reversed, name)
        }
        _ => return None,
    };
    if escaped && name.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1 {
        refused_by.insert(0, Checker::Coreutils);
    }
    if escaped && name.windows(2).any(|pair| pair == b"\\r") {
        refused_by.push(Checker::Shasum);
    }
    Some(line_of(digest, Some(unescape(name, escaped)?), form, refused_by))
}

/// `sha256:HEX`, perhaps blanks and a name.
fn oci(line: &[u8]) -> Option<ChecksumLine> {
    let text = line.trim_ascii();
    let end = text.iter().position(|byte| byte.is_ascii_whitespace()).unwrap_or(text.len());
    let (word, name) = text.split_at(end);
    let colon = word.iter().position(|byte| *byte == b':')?;
    let algorithm = Algorithm::from_name(&String::from_utf8_lossy(&word[..colon]).to_ascii_lowercase())?;
    let digest = hex(&word[colon + 1..], Some(algorithm))?;
    let name = trim_start(name);
    Some(line_of(digest, (!name.is_empty()).then(|| name.to_vec()), Form::Oci, ALL.to_vec()))
}

/// ` HEX size path` of a control section.
pub(super) fn control(number: u32, line: &[u8], algorithm: Algorithm) -> Option<ChecksumLine> {
    let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let digest = hex(words.next()?, Some(algorithm))?;
    let size = std::str::from_utf8(words.next()?).ok()?.parse().ok()?;
    // `Files:` of a .changes file has section and priority between size and name.
    let name = words.next_back()?;
    let mut found = line_of(digest, Some(name.to_vec()), Form::Control, ALL.to_vec());
    found.line = number;
    found.size = Some(size);
    Some(found)
}

fn line_of(digest: Digest, name: Option<Vec<u8>>, form: Form, refused_by: Vec<Checker>) -> ChecksumLine {
    ChecksumLine {
        line: 0,
        digest,
        name,
        size: None,
        form,
        refused_by,
        other_names: Vec::new(),
        ambiguous: Vec::new(),
        carriage_return: false,
    }
}

/// Hex digits of a known length; without an algorithm the length tells which.
fn hex(digits: &[u8], algorithm: Option<Algorithm>) -> Option<Digest> {
    let text = std::str::from_utf8(digits).ok()?;
    let algorithm = algorithm.or_else(|| Algorithm::ALL.into_iter().find(|known| known.size_bytes() * 2 == digits.len()))?;
    Digest::from_hex(algorithm, text).ok()
}

fn strip_backslash(text: &[u8]) -> (bool, &[u8]) {
    text.strip_prefix(b"\\").map_or((false, text), |rest| (true, rest))
}

/// Undoes `\\`, `\n`, `\r` after a leading backslash. Another escape makes the line unreadable; a backslash at the end stands
/// for itself, as `shasum` alone reads it.
fn unescape(name: &[u8], escaped: bool) -> Option<Vec<u8>> {
    if !escaped {
        return Some(name.to_vec());
    }
    let mut plain = Vec::with_capacity(name.len());
    let mut bytes = name.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => plain.push(match bytes.next() {
                Some(b'\\') | None => b'\\',
                Some(b'n') => b'\n',
                Some(b'r') => b'\r',
                Some(_) => return None,
            }),
            other => plain.push(*other),
        }
    }
    Some(plain)
}

/// Blanks and tabs only: a form feed before a digest is refused by everybody.
fn trim_start(text: &[u8]) -> &[u8] {
    let blanks = text.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    &text[blanks..]
}
