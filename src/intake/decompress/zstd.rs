//! zstd (RFC 8878): frames one after another, skippable frames between them. The decoder pulls, but every block says its
//! size, so one block is gathered (at most 128 KiB) and then decoded.

use super::{Common, Sink, Stop};
use crate::finding::{At, ReadError, visible};
use crate::intake::facts::over_limit;
use crate::intake::limits::Limits;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder, errors::FrameDecoderError};
use std::io::Read as _;

/// State of a zstd reader.
pub(super) struct Zstd {
    decoder: FrameDecoder,
    state: State,
    gathered: Vec<u8>,
    /// Size that the frame's header gives.
    expected: Option<u64>,
    frame_made: u64,
    has_checksum: bool,
}

#[derive(Clone, Copy)]
enum State {
    /// At a magic number.
    Magic,
    /// In a frame header of so many bytes; the first five tell.
    FrameHeader(usize),
    BlockHeader,
    /// In a block of so many bytes with its header, perhaps the last one of the frame.
    Block(usize),
    SkipSize,
    Skip(u64),
}

impl Zstd {
    pub(super) fn new(limits: &Limits) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(limits.zstd_window);
        Self { decoder, state: State::Magic, gathered: Vec::new(), expected: None, frame_made: 0, has_checksum: false }
    }

    pub(super) fn push(&mut self, mut bytes: &[u8], common: &mut Common, sink: &mut Sink<'_>) -> Result<(), Stop> {
        loop {
            if let State::Skip(left) = &mut self.state {
                let len = usize::try_from(*left).unwrap_or(usize::MAX);
                *left -= common.take(&mut bytes, len).len() as u64;
                if *left > 0 {
                    return Ok(());
                }
                self.state = State::Magic;
            }
            if !self.gather(&mut bytes, common) {
                return Ok(());
            }
            self.gathered_part(common, sink)?;
        }
    }

    pub(super) fn finish(&mut self, common: &mut Common) -> Result<(), ReadError> {
        match self.state {
            State::Magic if self.gathered.is_empty() => Ok(()),
            State::Magic => Err(self.bad_magic(common)),
            _ => Err(common.truncated("the rest of a zstd frame")),
        }
    }

    /// Gathers what the state needs; false if the input ends before.
    fn gather(&mut self, bytes: &mut &[u8], common: &mut Common) -> bool {
        let needed = match self.state {
            State::Magic | State::SkipSize => 4,
            State::FrameHeader(len) | State::Block(len) => len,
            State::BlockHeader => 3,
            State::Skip(_) => 0,
        };
        let part = common.take(bytes, needed - self.gathered.len());
        self.gathered.extend_from_slice(part);
        self.gathered.len() == needed
    }

    fn gathered_part(&mut self, common: &mut Common, sink: &mut Sink<'_>) -> Result<(), Stop> {
        match self.state {
            State::Magic => return self.magic(common),
            State::FrameHeader(5) => {
                let len = header_len(self.gathered[4]);
                self.state = State::FrameHeader(len);
                if len == 5 {
                    self.frame_header(common)?;
                }
            }
            State::FrameHeader(_) => self.frame_header(common)?,
            State::BlockHeader => {
                let word = u32::from_le_bytes([self.gathered[0], self.gathered[1], self.gathered[2], 0]);
                let (last, kind, size) = (word & 1 == 1, word >> 1 & 3, (word >> 3) as usize);
                if size > 128 << 10 && kind != 1 {
                    return Err(common.corrupt("a block of at most 128 KiB", format!("{size} bytes")).into());
                }
                let body = if kind == 1 { 1 } else { size };
                self.state = State::Block(3 + body + if last && self.has_checksum { 4 } else { 0 });
            }
            State::Block(_) => self.block(common, sink)?,
            State::SkipSize => {
                let size = u32::from_le_bytes([self.gathered[0], self.gathered[1], self.gathered[2], self.gathered[3]]);
                self.gathered.clear();
                self.state = State::Skip(u64::from(size));
            }
            State::Skip(_) => {}
        }
        Ok(())
    }

    fn magic(&mut self, common: &mut Common) -> Result<(), Stop> {
        match self.gathered[..] {
            [0x28, 0xb5, 0x2f, 0xfd] => {
                common.member()?;
                self.state = State::FrameHeader(5);
            }
            [0x50..=0x5f, 0x2a, 0x4d, 0x18] => {
                common.facts.skippable += 1;
                self.gathered.clear();
                self.state = State::SkipSize;
            }
            _ => return Err(self.bad_magic(common).into()),
        }
        Ok(())
    }

    fn bad_magic(&self, common: &mut Common) -> ReadError {
        common.facts.trailing = self.gathered.len() as u64;
        common.corrupt("another zstd frame or the end", visible(&self.gathered))
    }

    fn frame_header(&mut self, common: &mut Common) -> Result<(), Stop> {
        self.decoder.reset(self.gathered.as_slice()).map_err(|error| refusal(&error, common))?;
        let descriptor = self.gathered[4];
        self.has_checksum = descriptor & 4 != 0;
        if common.facts.check.is_none() && self.has_checksum {
            common.facts.check = Some("xxh64");
        }
        let has_size = descriptor >> 6 != 0 || descriptor & 0x20 != 0;
        self.expected = has_size.then(|| self.decoder.content_size());
        self.frame_made = 0;
        self.gathered.clear();
        self.state = State::BlockHeader;
        Ok(())
    }

    fn block(&mut self, common: &mut Common, sink: &mut Sink<'_>) -> Result<(), Stop> {
        let decoded = self.decoder.decode_blocks(self.gathered.as_slice(), BlockDecodingStrategy::UptoBlocks(1));
        let finished = decoded.map_err(|error| refusal(&error, common))?;
        self.gathered.clear();
        self.state = State::BlockHeader;
        while self.decoder.can_collect() > 0 {
            let made = self.decoder.read(&mut common.buffer).map_err(|error| common.corrupt("zstd data", error.to_string()))?;
            if made == 0 {
                break;
            }
            self.frame_made += made as u64;
            common.hand_on(made, sink)?;
        }
        if finished { self.end_frame(common) } else { Ok(()) }
    }

    fn end_frame(&mut self, common: &mut Common) -> Result<(), Stop> {
        self.state = State::Magic;
        if let Some(expected) = self.expected.filter(|expected| *expected != self.frame_made) {
            let error = common.error("intake.compressed-check", format!("size {expected}"), format!("{} bytes", self.frame_made));
            return Err(error.with("check", "size").into());
        }
        let (given, computed) = (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum());
        if self.has_checksum && given != computed {
            let show = |value: Option<u32>| value.map_or_else(String::new, |value| format!("{value:08x}"));
            let error = common.error("intake.compressed-check", format!("checksum {}", show(computed)), show(given));
            return Err(error.with("check", "xxh64").into());
        }
        Ok(())
    }
}

/// Length of a frame header by its descriptor (RFC 8878, section 3.1.1.1), magic included.
fn header_len(descriptor: u8) -> usize {
    let single_segment = descriptor & 0x20 != 0;
    let window = usize::from(!single_segment);
    let dictionary = [0, 1, 2, 4][usize::from(descriptor & 3)];
    let size = match descriptor >> 6 {
        0 => usize::from(single_segment),
        flag => 1 << flag,
    };
    5 + window + dictionary + size
}

fn refusal(error: &FrameDecoderError, common: &Common) -> Stop {
    match error {
        FrameDecoderError::WindowSizeTooBig { requested, .. } => {
            let error = over_limit(&common.limits, "zstd-window", format!("a window of {requested} bytes"));
            error.at(At::byte(common.taken)).into()
        }
        FrameDecoderError::DictNotProvided { dict_id } => {
            let error =
                common.error("intake.zstd-dictionary", "a frame that needs no dictionary", format!("dictionary {dict_id}"));
            error.into()
        }
        error => common.corrupt("zstd data", error.to_string()).into(),
    }
}
