use super::clearsign::{self, Clearsigned};
use super::line::{self, Checker, ChecksumLine, Form, OtherName};
use crate::digest::Algorithm;
use crate::finding::{At, Finding, ReadError, from_utf16, visible};
use crate::order::{self, Gather, Map};

/// Bytes of a list.
const LARGEST: usize = 16 << 20;
/// Lines of a list.
const MOST_LINES: usize = 200_000;
/// Bytes of a name.
const LONGEST_NAME: usize = 64 << 10;

/// A checksum list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChecksumList {
    /// Lines that name a digest, in order.
    pub lines: Vec<ChecksumLine>,
    /// Lines that fit nothing, listed so that none is lost silently.
    pub unread: Vec<Unread>,
    /// The frames, if the list is clearsigned. Then only signed lines are in `lines`.
    pub clearsigned: Option<Clearsigned>,
    /// Odd things.
    pub findings: Vec<Finding>,
    /// Whether lines of [`Form::Reversed`] stand beside lines of other forms: coreutils reads names by the first line it meets.
    pub mixed: bool,
}

/// A line that fits no form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Line in the file, from 1.
    pub line: u32,
    /// The line, cut and made safe to show.
    pub text: String,
}

impl ChecksumList {
    /// Why readers of this list see different things: codes, each once, of the list and of its lines.
    pub fn ambiguities(&self) -> Vec<&'static str> {
        let framed = self.findings.iter().map(|finding| finding.code).filter(|code| is_ambiguous(code));
        let mut codes: Vec<_> = framed.chain(self.lines.iter().flat_map(|line| line.ambiguous.iter().copied())).list();
        order::sort(&mut codes);
        codes.dedup();
        codes
    }

    /// The file that a list of one bare digest is about: its own name without the suffix (`rootfs.tar.xz.sha256`).
    pub fn bare_subject(list_name: &str) -> Option<&str> {
        let (subject, suffix) = list_name.rsplit_once('.')?;
        let known = ["sha256", "sha512", "sha384", "sha1", "md5", "sha256sum", "sha512sum", "sha1sum", "md5sum"];
        (known.contains(&suffix.to_ascii_lowercase().as_str()) && !subject.is_empty()).then_some(subject)
    }
}

fn is_ambiguous(code: &str) -> bool {
    code == "trust.byte-order-mark" || clearsign::AMBIGUOUS.contains(&code)
}

/// Whether a text is a checksum list: most of its lines name digests, or its name says so.
pub fn looks_like_checksums(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(64 << 10)];
    let Ok(list) = parse_checksums(head) else { return clearsign::is_clearsigned(head) };
    !list.lines.is_empty() && list.lines.len() >= list.unread.len()
}

/// Reads a checksum list in any of its forms.
///
/// # Errors
/// `trust.list-too-large`; `trust.frame-unfinished`; `trust.no-lines`: not one line names a digest.
///
/// ```
/// use layerproof::trust::parse_checksums;
/// let text = format!("{}  rootfs.tar.gz\n", "ab".repeat(32));
/// let list = parse_checksums(text.as_bytes()).unwrap();
/// assert_eq!(list.lines[0].name.as_deref(), Some(&b"rootfs.tar.gz"[..]));
/// ```
pub fn parse_checksums(bytes: &[u8]) -> Result<ChecksumList, ReadError> {
    if bytes.len() > LARGEST {
        let error = ReadError::new("trust.list-too-large", format!("at most {LARGEST} bytes"), bytes.len().to_string());
        return Err(error.with("limit", LARGEST));
    }
    let mut list = ChecksumList::default();
    let text = list.decode(bytes);
    list.clearsigned = clearsign::parse(&text)?;
    let lines = match &mut list.clearsigned {
        Some(file) => {
            list.findings.append(&mut file.findings);
            file.frames.iter().flat_map(|frame| frame.lines.clone()).list()
        }
        None => plain_lines(&text),
    };
    Reading::default().run(lines, &mut list);
    list.note_mixed_forms();
    if list.lines.is_empty() {
        let found = if list.unread.is_empty() { "none".to_owned() } else { format!("{} other lines", list.unread.len()) };
        return Err(ReadError::new("trust.no-lines", "lines that name a digest", found).at(At::line(1)));
    }
    Ok(list)
}

fn plain_lines(text: &[u8]) -> Vec<(u32, Vec<u8>)> {
    let mut lines: Vec<(u32, Vec<u8>)> = (1..).zip(text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec)).list();
    if lines.last().is_some_and(|(_, last)| last.is_empty()) {
        lines.pop();
    }
    lines
}

impl ChecksumList {
    /// Takes a byte order mark off, and makes UTF-8 of UTF-16: both noted, since no checker does so.
    fn decode(&mut self, bytes: &[u8]) -> Vec<u8> {
        if let Some(rest) = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]) {
            self.findings.push(Finding::warn("trust.byte-order-mark").at(At::byte(0)));
            return rest.to_vec();
        }
        let Some(text) = from_utf16(bytes) else { return bytes.to_vec() };
        self.findings.push(Finding::warn("trust.utf16").at(At::byte(0)));
        text.into_bytes()
    }

    /// coreutils decides by the first line in HEX form whether one or two characters stand before a name, and keeps to it.
    fn note_mixed_forms(&mut self) {
        let spaced = |line: &ChecksumLine| matches!(line.form, Form::Text | Form::Binary | Form::Reversed);
        let is_reversed = |line: &ChecksumLine| line.form == Form::Reversed;
        let Some(first) = self.lines.iter().find(|line| spaced(line)) else { return };
        let reversed_first = is_reversed(first);
        self.mixed = self.lines.iter().any(|line| spaced(line) && is_reversed(line) != reversed_first);
        if !self.mixed {
            return;
        }
        for line in self.lines.iter_mut().filter(|line| matches!(line.form, Form::Text | Form::Binary | Form::Reversed)) {
            if reversed_first && line.form != Form::Reversed {
                let marker: &[u8] = if line.form == Form::Binary { b"*" } else { b" " };
                let name = [marker, line.name.as_deref().unwrap_or_default()].concat();
                line.other_names.push(OtherName { name, checkers: vec![Checker::Coreutils] });
            } else if !reversed_first && line.form == Form::Reversed {
                line.refused_by.push(Checker::Coreutils);
            }
            line.ambiguous.push("trust.mixed-forms");
        }
    }
}

/// State between lines: the open control section, and sizes that comments claim.
#[derive(Default)]
struct Reading {
    section: Option<Algorithm>,
    in_other_section: bool,
    sizes: Map<Vec<u8>, u64>,
}

impl Reading {
    fn run(mut self, lines: Vec<(u32, Vec<u8>)>, list: &mut ChecksumList) {
        for (count, (number, line)) in lines.iter().enumerate() {
            if count == MOST_LINES {
                let finding = Finding::warn("trust.too-many-lines").with("limit", MOST_LINES).with("left", lines.len() - count);
                list.findings.push(finding.at(At::line(*number)));
                break;
            }
            self.line(*number, line, list);
        }
        for line in &mut list.lines {
            let claimed = line.name.as_ref().and_then(|name| self.sizes.get(name));
            line.size = line.size.or(claimed.copied());
        }
    }

    fn line(&mut self, number: u32, line: &[u8], list: &mut ChecksumList) {
        if line.trim_ascii().is_empty() {
            return;
        }
        if line.trim_ascii_start().starts_with(b"#") {
            self.comment(line.trim_ascii());
            return;
        }
        if line.starts_with(b" ") && (self.section.is_some() || self.in_other_section) {
            let entry = self.section.and_then(|algorithm| line::control(number, line, algorithm));
            match entry {
                Some(entry) => return keep(entry, list),
                // ` path` lines of other fields of a control file are no list lines.
                None if self.in_other_section => return,
                None => {}
            }
        } else if self.begins_section(line) {
            return;
        }
        match line::read(number, line) {
            Some(entry) => keep(entry, list),
            None => {
                let text = visible(&line[..line.len().min(160)]);
                list.unread.push(Unread { line: number, text });
            }
        }
    }

    /// `SHA256:` alone on a line, as in Release files, or another field of such a file.
    fn begins_section(&mut self, line: &[u8]) -> bool {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { return false };
        let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
        let is_field = !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
        if !is_field || line::read(0, line).is_some() {
            return false;
        }
        self.section = match name {
            b"SHA256" | b"Checksums-Sha256" => Some(Algorithm::Sha256),
            b"SHA512" | b"Checksums-Sha512" => Some(Algorithm::Sha512),
            b"SHA1" | b"Checksums-Sha1" => Some(Algorithm::Sha1),
            b"MD5Sum" | b"MD5sum" | b"Files" => Some(Algorithm::Md5),
            _ => None,
        }
        .filter(|_| value.is_empty());
        self.in_other_section = self.section.is_none();
        // `Name: value` is a field of a control file only between or above its sections.
        self.section.is_some() || !value.is_empty() && value.len() != line.len()
    }

    /// Fedora: `# name: 123 bytes`.
    fn comment(&mut self, line: &[u8]) {
        let Some(text) = line.strip_prefix(b"# ").and_then(|text| text.strip_suffix(b" bytes")) else { return };
        let Some(colon) = text.windows(2).rposition(|pair| pair == b": ") else { return };
        let size = std::str::from_utf8(&text[colon + 2..]).ok().and_then(|digits| digits.parse().ok());
        if let Some(size) = size {
            self.sizes.insert(text[..colon].to_vec(), size);
        }
    }
}

fn keep(mut entry: ChecksumLine, list: &mut ChecksumList) {
    if let Some(name) = &mut entry.name
        && name.len() > LONGEST_NAME
    {
        name.truncate(LONGEST_NAME);
        list.findings.push(Finding::warn("trust.long-name").with("limit", LONGEST_NAME).at(At::line(entry.line)));
    }
    list.lines.push(entry);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &[u8]) -> ChecksumLine {
        let list = parse_checksums(text).unwrap();
        assert_eq!(list.lines.len(), 1, "{list:?}");
        list.lines[0].clone()
    }

    fn hex() -> String {
        "ab".repeat(32)
    }

    #[test]
    fn control_sections_and_sizes() {
        let h = hex();
        let text = format!(
            "Origin: Debian\nDescription: x\n y z\nMD5Sum:\n {} 12 a/b\nSHA256:\n {h} 12 a/b\n {h}  7 c\n",
            "ab".repeat(16)
        );
        let list = parse_checksums(text.as_bytes()).unwrap();
        let seen: Vec<_> =
            list.lines.iter().map(|line| (line.digest.algorithm(), line.size, line.name.clone().unwrap())).collect();
        assert_eq!(
            seen,
            [
                (Algorithm::Md5, Some(12), b"a/b".to_vec()),
                (Algorithm::Sha256, Some(12), b"a/b".to_vec()),
                (Algorithm::Sha256, Some(7), b"c".to_vec())
            ]
        );
        assert!(list.unread.is_empty(), "{:?}", list.unread);
        let fedora = format!("# f: g: 13 bytes\nSHA256 (f: g) = {h}\n");
        assert_eq!(one(fedora.as_bytes()).size, Some(13));
    }

    #[test]
    fn bare_digests_name_their_file_by_the_lists_name() {
        let line = one(format!("{}\n", hex()).as_bytes());
        assert_eq!((line.form, line.name), (Form::Bare, None));
        assert_eq!(ChecksumList::bare_subject("rootfs.tar.xz.sha256"), Some("rootfs.tar.xz"));
        assert_eq!(ChecksumList::bare_subject("SHA256SUMS"), None);
        assert_eq!(ChecksumList::bare_subject(".sha256"), None);
    }

    #[test]
    fn only_signed_lines_are_list_lines() {
        let h = hex();
        let frame = format!(
            "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{h}  f  \n-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n"
        );
        let list = parse_checksums(format!("{h}  forged\n{frame}{h}  forged too\n").as_bytes()).unwrap();
        assert_eq!(list.lines.len(), 1);
        assert_eq!((list.lines[0].name.as_deref(), list.lines[0].line), (Some(&b"f"[..]), 5));
        assert_eq!(list.ambiguities(), ["trust.text-outside-signature"]);
    }

    #[test]
    fn odd_lines_are_listed_and_never_dropped() {
        let h = hex();
        let list = parse_checksums(format!("{h}  a\nwhat\n{}  b\n", &h[1..]).as_bytes()).unwrap();
        assert_eq!(list.unread.iter().map(|unread| unread.line).collect::<Vec<_>>(), [2, 3]);
        for nothing in [&b""[..], b"# only\n", b"\n\n", b"x\n"] {
            assert_eq!(parse_checksums(nothing).unwrap_err().code, "trust.no-lines");
        }
        assert!(looks_like_checksums(format!("{h}  a\n").as_bytes()) && !looks_like_checksums(b"FROM scratch\n"));
    }

    /// What we say about each of the measured lines: what is read, who refuses it, and why it is ambiguous.
    #[test]
    fn the_measured_lines() {
        let root = std::env::var_os("LAYERPROOF_FIXTURES").map_or_else(
            || std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures"),
            std::path::PathBuf::from,
        );
        let folder = root.join("trust/checksum-lines");
        let Ok(results) = std::fs::read_to_string(folder.join("RESULTS.tsv")) else {
            println!("skipped: fixtures absent");
            return;
        };
        let mut rows = 0;
        for row in results.lines().skip(1) {
            let cells: Vec<&str> = row.split('\t').collect();
            let (id, command, what) = (cells[0], cells[1], cells[2]);
            let list = parse_checksums(&std::fs::read(folder.join(format!("{id}.txt"))).unwrap());
            rows += 1;
            // A checker that verified a line of the file must find it read here; one that did not must be named, unless
            // the content or the presence of the file is what it complains about.
            let about_the_file = ["05", "08", "13", "51", "52", "53", "65", "74", "79", "59", "41", "42", "43", "40", "69", "70"];
            let other_algorithm = ["29", "46", "72", "77"];
            for (checker, cell) in [(Checker::Coreutils, cells[4]), (Checker::BusyBox, cells[5]), (Checker::Shasum, cells[6])] {
                let verified = cell.split(',').nth(1) != Some("0");
                let lines = list.as_ref().map(|list| list.lines.clone()).unwrap_or_default();
                if verified {
                    assert!(!lines.is_empty(), "{id} {what}: {checker} reads a line");
                    let read = lines.iter().any(|line| !line.refused_by.contains(&checker))
                        || !list.as_ref().unwrap().ambiguities().is_empty();
                    let forgiven = other_algorithm.contains(&id) || command != "sha256sum";
                    assert!(read || forgiven, "{id} {what}: {checker} reads it");
                } else if !about_the_file.contains(&id) && !other_algorithm.contains(&id) {
                    let differs = lines.iter().all(|line| {
                        let other = line.other_names.iter().any(|other| other.checkers.contains(&checker));
                        line.refused_by.contains(&checker) || other || !list.as_ref().unwrap().ambiguities().is_empty()
                    });
                    let utf16 = list.as_ref().is_ok_and(|list| list.findings.iter().any(|finding| finding.code == "trust.utf16"));
                    assert!(differs || utf16, "{id} {what}: {checker} does not verify it: {lines:?}");
                }
            }
        }
        assert_eq!(rows, 79);
    }
}
