//! gzip (RFC 1952): members one after another. The frame is read here, since the library's own reading hides where members
//! end and what their headers say; the deflate body is flate2's.

use super::{Common, Sink, Stop};
use crate::finding::visible;
use crate::intake::facts::{Divergence, GzipHeader, Reader, as_len};
use flate2::{Crc, Decompress, FlushDecompress, Status};

/// State of a gzip reader.
pub(super) struct Gzip {
    state: State,
    body: Decompress,
    crc: Crc,
    size: u32,
    /// The last bytes of the first member's body so far.
    end: Vec<u8>,
}

/// Bytes of a body's end that are kept.
const END: usize = 4;

/// Appends to the end of a body and keeps the last bytes.
fn keep_end(end: &mut Vec<u8>, taken: &[u8]) {
    end.extend_from_slice(&taken[taken.len().saturating_sub(END)..]);
    end.drain(..end.len().saturating_sub(END));
}

enum State {
    /// In a header.
    Header(HeaderReader),
    Body,
    Trailer(Vec<u8>),
    /// After a member: another one, or bytes that belong to none.
    Between(Vec<u8>),
    /// Bytes that belong to no member.
    Trailing {
        at: u64,
        zeros_only: bool,
    },
}

impl Default for Gzip {
    fn default() -> Self {
        Self {
            state: State::Header(HeaderReader::default()),
            body: Decompress::new(false),
            crc: Crc::new(),
            size: 0,
            end: Vec::new(),
        }
    }
}

impl Gzip {
    pub(super) fn push(&mut self, mut bytes: &[u8], common: &mut Common, sink: &mut Sink<'_>) -> Result<(), Stop> {
        loop {
            match &mut self.state {
                State::Body => {
                    if self.body(&mut bytes, common, sink)? {
                        continue;
                    }
                    return Ok(());
                }
                _ if bytes.is_empty() => return Ok(()),
                State::Header(reader) => {
                    if let Some(header) = reader.take(&mut bytes, common)? {
                        common.facts.gzip.get_or_insert(header);
                        common.member()?;
                        self.begin_body();
                    }
                }
                State::Trailer(trailer) => {
                    trailer.extend_from_slice(common.take(&mut bytes, 8 - trailer.len()));
                    if trailer.len() == 8 {
                        let trailer = std::mem::take(trailer);
                        self.check(&trailer, common)?;
                        self.state = State::Between(Vec::new());
                    }
                }
                State::Between(start) => {
                    start.extend_from_slice(common.take(&mut bytes, 2 - start.len()));
                    if start.len() == 2 || start[0] != 0x1f {
                        self.after_member(common);
                    }
                }
                State::Trailing { zeros_only, .. } => {
                    *zeros_only &= bytes.iter().all(|byte| *byte == 0);
                    common.facts.trailing += common.take(&mut bytes, usize::MAX).len() as u64;
                }
            }
        }
    }

    pub(super) fn finish(&mut self, common: &mut Common) -> Result<(), crate::finding::ReadError> {
        match &self.state {
            State::Header(_) => Err(common.truncated("the rest of a gzip header")),
            State::Body => Err(common.truncated("more compressed data")),
            State::Trailer(_) => Err(common.truncated("the checksum and size after the data")),
            State::Between(start) if start.is_empty() => Ok(()),
            State::Between(start) => {
                common.facts.trailing = start.len() as u64;
                let at = common.taken - start.len() as u64;
                report_trailing(at, false, common);
                Ok(())
            }
            State::Trailing { at, zeros_only } => {
                report_trailing(*at, *zeros_only, common);
                Ok(())
            }
        }
    }

    fn begin_body(&mut self) {
        self.body.reset(false);
        self.crc.reset();
        self.size = 0;
        self.state = State::Body;
    }

    /// Inflates; true when the body has ended.
    fn body(&mut self, bytes: &mut &[u8], common: &mut Common, sink: &mut Sink<'_>) -> Result<bool, Stop> {
        loop {
            let (before_in, before_out) = (self.body.total_in(), self.body.total_out());
            let status = self.body.decompress(bytes, &mut common.buffer, FlushDecompress::None);
            let (used, made) = ((self.body.total_in() - before_in) as usize, (self.body.total_out() - before_out) as usize);
            let taken = common.take(bytes, used);
            if common.facts.members == 1 {
                keep_end(&mut self.end, taken);
            }
            self.crc.update(&common.buffer[..made]);
            self.size = self.size.wrapping_add(made as u32);
            common.hand_on(made, sink)?;
            match status {
                Ok(Status::StreamEnd) => {
                    common.facts.gzip_end = self.end.clone();
                    self.state = State::Trailer(Vec::with_capacity(8));
                    return Ok(true);
                }
                Ok(_) if used == 0 && made == 0 => return Ok(false),
                Ok(_) if bytes.is_empty() && made < common.buffer.len() => return Ok(false),
                Ok(_) => {}
                Err(_) => return Err(common.corrupt("deflate data (RFC 1951)", "bits that mean nothing there").into()),
            }
        }
    }

    fn check(&self, trailer: &[u8], common: &Common) -> Result<(), Stop> {
        let word = |at: usize| u32::from_le_bytes([trailer[at], trailer[at + 1], trailer[at + 2], trailer[at + 3]]);
        for (what, given, computed) in [("CRC-32", word(0), self.crc.sum()), ("size", word(4), self.size)] {
            if given != computed {
                let error = common.error("intake.compressed-check", format!("{what} {computed:08x}"), format!("{given:08x}"));
                return Err(error.with("check", what).into());
            }
        }
        Ok(())
    }

    fn after_member(&mut self, common: &mut Common) {
        let State::Between(start) = &self.state else { return };
        if start.as_slice() == [0x1f, 0x8b] {
            self.state = State::Header(HeaderReader { bytes: start.clone(), ..HeaderReader::default() });
            return;
        }
        common.facts.trailing = start.len() as u64;
        let zeros_only = start.iter().all(|byte| *byte == 0);
        self.state = State::Trailing { at: common.taken - start.len() as u64, zeros_only };
    }
}

/// Bytes after the last member: gzip and Python skip zeros, gzip warns at other bytes, Go refuses all.
fn report_trailing(at: u64, zeros_only: bool, common: &mut Common) {
    let (code, readers): (_, &[Reader]) = if zeros_only {
        ("intake.gzip-zeros-after", &[Reader::Gzip, Reader::Python])
    } else {
        ("intake.gzip-bytes-after", &[Reader::Gzip])
    };
    common.notes.divergence(Divergence {
        code,
        at,
        entry: String::new(),
        readers: readers.to_vec(),
        go_sees: "error after the content".to_owned(),
        others_see: "the content".to_owned(),
    });
}

/// Reads a header byte by byte where its parts have no known length, and keeps it for its own checksum.
#[derive(Default)]
struct HeaderReader {
    /// Everything read of the fixed part and the extra field.
    bytes: Vec<u8>,
    part: Part,
    header: GzipHeader,
    crc: Crc,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum Part {
    #[default]
    Fixed,
    Extra,
    Name,
    Comment,
    Crc,
    Done,
}

const RESERVED: u8 = 0xe0;

impl HeaderReader {
    fn take(&mut self, bytes: &mut &[u8], common: &mut Common) -> Result<Option<GzipHeader>, Stop> {
        while self.part != Part::Done && !bytes.is_empty() {
            match self.part {
                Part::Fixed => self.fixed(bytes, common)?,
                Part::Extra => self.extra(bytes, common),
                Part::Name => self.text(bytes, common, Part::Comment, 0x08),
                Part::Comment => self.text(bytes, common, Part::Crc, 0x10),
                Part::Crc => self.crc(bytes, common)?,
                Part::Done => {}
            }
            self.skip_absent();
        }
        Ok((self.part == Part::Done).then(|| std::mem::take(&mut self.header)))
    }

    fn fixed(&mut self, bytes: &mut &[u8], common: &mut Common) -> Result<(), Stop> {
        let part = common.take(bytes, 10 - self.bytes.len());
        self.bytes.extend_from_slice(part);
        if self.bytes.len() < 10 {
            return Ok(());
        }
        if self.bytes[..3] != [0x1f, 0x8b, 8] {
            return Err(common.corrupt("the header of a gzip member", visible(&self.bytes[..3])).into());
        }
        self.header.flags = self.bytes[3];
        self.header.mtime = u32::from_le_bytes([self.bytes[4], self.bytes[5], self.bytes[6], self.bytes[7]]);
        (self.header.extra_flags, self.header.os) = (self.bytes[8], self.bytes[9]);
        if self.header.flags & RESERVED != 0 {
            common.notes.divergence(Divergence {
                code: "intake.gzip-reserved-flag",
                at: common.taken - 7,
                entry: String::new(),
                readers: vec![Reader::Gzip],
                go_sees: "the content".to_owned(),
                others_see: "error".to_owned(),
            });
        }
        self.crc.update(&self.bytes);
        self.bytes.clear();
        self.part = Part::Extra;
        Ok(())
    }

    fn extra(&mut self, bytes: &mut &[u8], common: &mut Common) {
        let wanted = match self.bytes.as_slice() {
            [low, high, ..] => 2 + usize::from(u16::from_le_bytes([*low, *high])),
            _ => 2,
        };
        self.bytes.extend_from_slice(common.take(bytes, wanted - self.bytes.len()));
        let complete = matches!(self.bytes.as_slice(), [low, high, rest @ ..] if rest.len() == usize::from(u16::from_le_bytes([*low, *high])));
        if complete {
            self.crc.update(&self.bytes);
            self.header.extra = self.bytes.split_off(2);
            self.bytes.clear();
            self.part = Part::Name;
        }
    }

    fn text(&mut self, bytes: &mut &[u8], common: &mut Common, next: Part, flag: u8) {
        let end = memchr::memchr(0, bytes);
        let part = common.take(bytes, end.map_or(bytes.len(), |end| end + 1));
        self.crc.update(part);
        let text = part.strip_suffix(b"\0").unwrap_or(part);
        let slot = if flag == 0x08 { &mut self.header.name } else { &mut self.header.comment };
        let slot = slot.get_or_insert_default();
        let room = as_len(common.limits.name).saturating_sub(slot.len());
        slot.extend_from_slice(&text[..text.len().min(room)]);
        if end.is_some() {
            self.part = next;
        }
    }

    fn crc(&mut self, bytes: &mut &[u8], common: &mut Common) -> Result<(), Stop> {
        self.bytes.extend_from_slice(common.take(bytes, 2 - self.bytes.len()));
        let [low, high] = self.bytes[..] else { return Ok(()) };
        let (given, computed) = (u16::from_le_bytes([low, high]), self.crc.sum() as u16);
        if given != computed {
            let error = common.error("intake.compressed-check", format!("header CRC {computed:04x}"), format!("{given:04x}"));
            return Err(error.with("check", "header CRC").into());
        }
        self.part = Part::Done;
        Ok(())
    }

    /// Goes past the parts that the flags say are not there.
    fn skip_absent(&mut self) {
        let flags = self.header.flags;
        let order = [
            (Part::Extra, 0x04, Part::Name),
            (Part::Name, 0x08, Part::Comment),
            (Part::Comment, 0x10, Part::Crc),
            (Part::Crc, 0x02, Part::Done),
        ];
        for (part, flag, next) in order {
            if self.part == part && flags & flag == 0 {
                self.part = next;
            }
        }
    }
}
