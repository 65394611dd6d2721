//! The cleartext signature framework of OpenPGP (RFC 9580, section 7): what was signed, and what only stands beside it.

use crate::finding::{At, Finding, ReadError, visible};
use crate::order::Gather;

/// A file with at least one clearsigned frame.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clearsigned {
    /// The frames in order. More than one is already a finding.
    pub frames: Vec<Frame>,
    /// Lines outside of every frame: line number and bytes. Nobody signed them.
    pub outside: Vec<(u32, Vec<u8>)>,
    /// Odd things; those in [`AMBIGUOUS`] mean that tools differ in what they take for signed.
    pub findings: Vec<Finding>,
}

/// One clearsigned text with its signature.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frame {
    /// Line of `-----BEGIN PGP SIGNED MESSAGE-----`, from 1.
    pub line: u32,
    /// Values of the `Hash:` headers: hints, the signature packet decides.
    pub hashes: Vec<String>,
    /// The lines that were signed, without dash escapes and trailing white space, each with its line number in the file.
    pub lines: Vec<(u32, Vec<u8>)>,
    /// The armoured signature, from its BEGIN to its END line.
    pub signature: Vec<u8>,
}

impl Frame {
    /// The bytes that the signature is over: lines joined by CRLF, without one at the end.
    pub fn signed_bytes(&self) -> Vec<u8> {
        let lines: Vec<&[u8]> = self.lines.iter().map(|(_, line)| line.as_slice()).list();
        lines.join(&b"\r\n"[..])
    }
}

/// Codes which mean that tools differ in what they take for signed.
pub const AMBIGUOUS: &[&str] = &["trust.text-outside-signature", "trust.several-frames", "trust.header-in-frame"];

const BEGIN: &[u8] = b"-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNATURE: &[u8] = b"-----BEGIN PGP SIGNATURE-----";
const END: &[u8] = b"-----END PGP SIGNATURE-----";

/// Whether a file has a clearsigned frame.
pub fn is_clearsigned(bytes: &[u8]) -> bool {
    bytes.split(|byte| *byte == b'\n').any(|line| line.trim_ascii_end() == BEGIN)
}

/// Takes a clearsigned file apart. `None`: there is no frame in it.
///
/// # Errors
/// `trust.frame-unfinished`: the file ends inside of a frame.
pub fn parse(bytes: &[u8]) -> Result<Option<Clearsigned>, ReadError> {
    if is_clearsigned(bytes) { framed(bytes).map(Some) } else { Ok(None) }
}

fn framed(bytes: &[u8]) -> Result<Clearsigned, ReadError> {
    let mut file = Clearsigned::default();
    let mut place = Place::Outside;
    for (number, line) in (1_u32..).zip(bytes.split(|byte| *byte == b'\n')) {
        place = file.take(place, number, line);
    }
    if let Some(frame) = place.frame() {
        let at = At::line(frame.line);
        return Err(ReadError::new("trust.frame-unfinished", "the end of the signature", "the end of the file").at(at));
    }
    file.note_surroundings();
    Ok(file)
}

/// Where in a file a line stands; the frame travels along until it is complete.
enum Place {
    Outside,
    Headers(Frame),
    Text(Frame),
    Signature(Frame),
}

impl Place {
    fn frame(self) -> Option<Frame> {
        match self {
            Self::Outside => None,
            Self::Headers(frame) | Self::Text(frame) | Self::Signature(frame) => Some(frame),
        }
    }
}

impl Clearsigned {
    fn take(&mut self, place: Place, number: u32, line: &[u8]) -> Place {
        let plain = line.trim_ascii_end();
        match place {
            Place::Outside if plain == BEGIN => Place::Headers(Frame { line: number, ..Frame::default() }),
            Place::Outside => {
                if !plain.is_empty() {
                    self.outside.push((number, line.strip_suffix(b"\r").unwrap_or(line).to_vec()));
                }
                Place::Outside
            }
            Place::Headers(frame) => self.header(frame, number, line),
            Place::Text(mut frame) if plain == SIGNATURE => {
                frame.signature.extend([plain, b"\n"].concat());
                Place::Signature(frame)
            }
            Place::Text(mut frame) => {
                self.text(&mut frame, number, line);
                Place::Text(frame)
            }
            Place::Signature(mut frame) => {
                frame.signature.extend([plain, b"\n"].concat());
                if plain == END {
                    self.frames.push(frame);
                    return Place::Outside;
                }
                Place::Signature(frame)
            }
        }
    }

    fn header(&mut self, mut frame: Frame, number: u32, line: &[u8]) -> Place {
        let plain = line.strip_suffix(b"\r").unwrap_or(line);
        if plain.trim_ascii().is_empty() {
            if !plain.is_empty() {
                self.findings.push(Finding::note("trust.blank-separator").at(At::line(number)));
            }
            if frame.hashes.is_empty() {
                self.findings.push(Finding::note("trust.no-hash-header").at(At::line(frame.line)));
            }
            return Place::Text(frame);
        }
        match plain.strip_prefix(b"Hash: ") {
            Some(value) => frame.hashes.push(visible(value.trim_ascii())),
            None => {
                let shown = visible(&plain[..plain.len().min(120)]);
                self.findings.push(Finding::warn("trust.header-in-frame").with("text", shown).at(At::line(number)));
            }
        }
        Place::Headers(frame)
    }

    /// RFC 9580, 7.1 and 7.2: the dash escape goes, and trailing blanks, tabs and the carriage return are not signed.
    fn text(&mut self, frame: &mut Frame, number: u32, line: &[u8]) {
        let kept = line.len() - line.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
        if line[kept..].iter().any(|byte| *byte != b'\r') {
            self.findings.push(Finding::note("trust.unsigned-blanks").at(At::line(number)));
        }
        let signed = &line[..kept];
        if signed.starts_with(b"-") && !signed.starts_with(b"- ") {
            self.findings.push(Finding::note("trust.dash-not-escaped").at(At::line(number)));
        }
        frame.lines.push((number, signed.strip_prefix(b"- ").unwrap_or(signed).to_vec()));
    }

    fn note_surroundings(&mut self) {
        for (number, line) in self.outside.iter().take(Self::SHOWN) {
            let finding = Finding::warn("trust.text-outside-signature").with("text", visible(&line[..line.len().min(120)]));
            self.findings.push(finding.at(At::line(*number)));
        }
        if let Some(second) = self.frames.get(1) {
            let finding = Finding::warn("trust.several-frames").with("count", self.frames.len());
            self.findings.push(finding.at(At::line(second.line)));
        }
    }

    /// Lines outside that are shown one by one.
    const SHOWN: usize = 20;
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\naa  f  \n- -----x\n\n-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n";

    fn read(text: &str) -> Clearsigned {
        parse(text.as_bytes()).unwrap().unwrap()
    }

    fn ambiguous(text: &str) -> Vec<&'static str> {
        read(text).findings.iter().map(|finding| finding.code).filter(|code| AMBIGUOUS.contains(code)).collect()
    }

    #[test]
    fn the_signed_text_is_unescaped_and_trimmed() {
        let file = read(GOOD);
        assert_eq!(file.frames[0].signed_bytes(), b"aa  f\r\n-----x\r\n");
        assert_eq!(file.frames[0].hashes, ["SHA256"]);
        assert_eq!(file.frames[0].lines[0].0, 4);
        assert!(file.frames[0].signature.ends_with(b"-----END PGP SIGNATURE-----\n"));
        assert!(file.outside.is_empty() && ambiguous(GOOD).is_empty());
        assert_eq!(read(&GOOD.replace('\n', "\r\n")).frames[0].signed_bytes(), file.frames[0].signed_bytes());
        assert_eq!(read(GOOD.trim_end()).frames.len(), 1);
    }

    #[test]
    fn what_stands_around_the_frame_is_nobodys() {
        assert_eq!(ambiguous(&format!("bb  forged\n{GOOD}")), ["trust.text-outside-signature"]);
        assert_eq!(ambiguous(&format!("{GOOD}bb  forged\n")), ["trust.text-outside-signature"]);
        assert_eq!(ambiguous(&format!("{GOOD}{GOOD}")), ["trust.several-frames"]);
        assert_eq!(ambiguous(&GOOD.replace("Hash: SHA256\n", "Hash: SHA256\nbb  forged\n")), ["trust.header-in-frame"]);
        assert_eq!(ambiguous(&GOOD.replace("Hash:", "Comment:")), ["trust.header-in-frame"]);
        let blank = read(&GOOD.replace("SHA256\n\n", "SHA256\n \t\n"));
        assert_eq!(blank.frames[0].lines.len(), 3);
        assert!(blank.findings.iter().any(|finding| finding.code == "trust.blank-separator"));
    }

    #[test]
    fn a_frame_that_does_not_end_is_an_error() {
        for cut in ["-----END", "iQ==", "-----BEGIN PGP SIGNATURE"] {
            let text = &GOOD[..GOOD.find(cut).unwrap()];
            assert_eq!(parse(text.as_bytes()).unwrap_err().code, "trust.frame-unfinished");
        }
        assert_eq!(parse(b"aa  f\n"), Ok(None));
    }
}
