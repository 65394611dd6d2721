//! xz (the .xz file format, version 1.2): streams one after another with zero bytes, a multiple of four, between them.
//!
//! The container is read here, strictly: header sums, sizes, padding, checks, index and footer all have to agree. The LZMA2
//! data inside is lzma-rust2's.

mod check;
mod header;
mod index;

use super::{Common, Sink, Stop};
use crate::finding::{At, Finding, ReadError, visible};
use crate::intake::facts::{Divergence, Reader, over_limit};
use crate::intake::limits::Limits;
use check::Check;
use header::{Block, MAGIC, StreamFlags};
use index::{Index, Totals};
use lzma_rust2::{Action, Lzma2Stream, Status};

/// State of an xz reader.
pub(super) struct Xz {
    state: State,
    gathered: Vec<u8>,
    flags: StreamFlags,
    totals: Totals,
    /// Zero bytes since the last stream.
    padding: u64,
    dictionary: u64,
    /// Dictionaries of all blocks so far together.
    asked: u64,
}

/// Blocks may ask for this much dictionary together before they have to give output for it: making a dictionary costs time.
const ASKED_AT_ONCE: u64 = 4 << 30;

enum State {
    /// Between streams, or before the first.
    Between,
    /// In a stream header of 12 bytes.
    StreamHeader,
    /// At the byte that is the size of a block header, or that starts the index.
    BlockStart,
    BlockHeader(usize),
    Data(Box<Data>),
    /// Padding and check after a block's data: so many bytes together, the last of them the check.
    BlockEnd(Box<Data>, usize),
    Index(Box<Index>),
    Footer(u64),
}

/// A block whose data is coming.
struct Data {
    block: Block,
    stream: Lzma2Stream,
    check: Check,
    compressed: u64,
    made: u64,
}

impl Xz {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            state: State::Between,
            gathered: Vec::new(),
            flags: StreamFlags::default(),
            totals: Totals::default(),
            padding: 0,
            dictionary: limits.xz_dictionary,
            asked: 0,
        }
    }

    pub(super) fn push(&mut self, mut bytes: &[u8], common: &mut Common, sink: &mut Sink<'_>) -> Result<(), Stop> {
        loop {
            match &mut self.state {
                State::Data(_) => {
                    if !self.data(&mut bytes, common, sink)? {
                        return Ok(());
                    }
                }
                _ if bytes.is_empty() => return Ok(()),
                State::Between => self.between(&mut bytes, common)?,
                State::Index(index) => {
                    let used = index.push(bytes).map_err(|found| common.corrupt("an index of the blocks", found))?;
                    common.take(&mut bytes, used);
                    if let Some(size) =
                        index.complete(&self.totals).map_err(|found| common.corrupt("an index of the blocks", found))?
                    {
                        self.state = State::Footer(size);
                    }
                }
                State::StreamHeader => self.gather(12, &mut bytes, common)?,
                State::BlockStart => self.gather(1, &mut bytes, common)?,
                State::Footer(_) => self.gather(12, &mut bytes, common)?,
                State::BlockHeader(len) | State::BlockEnd(_, len) => {
                    let len = *len;
                    self.gather(len, &mut bytes, common)?;
                }
            }
        }
    }

    pub(super) fn finish(&mut self, common: &mut Common) -> Result<(), ReadError> {
        match self.state {
            State::Between if common.facts.members > 0 && self.gathered.is_empty() => self.check_padding(common),
            State::Between if common.facts.members > 0 => Err(self.trailing(common)),
            _ => Err(common.truncated("the rest of an xz stream")),
        }
    }

    /// Gathers `len` bytes and reads them once they are there.
    fn gather(&mut self, len: usize, bytes: &mut &[u8], common: &mut Common) -> Result<(), Stop> {
        let part = common.take(bytes, len - self.gathered.len());
        self.gathered.extend_from_slice(part);
        if self.gathered.len() < len {
            return Ok(());
        }
        let gathered = std::mem::take(&mut self.gathered);
        match std::mem::replace(&mut self.state, State::BlockStart) {
            State::StreamHeader => self.stream_header(&gathered, common),
            State::BlockStart => self.block_start(gathered, common),
            State::BlockHeader(_) => self.block_header(&gathered, common),
            State::BlockEnd(data, _) => self.block_end(&data, &gathered, common),
            State::Footer(index_size) => self.footer(index_size, &gathered, common),
            other => {
                self.state = other;
                Ok(())
            }
        }
    }

    fn between(&mut self, bytes: &mut &[u8], common: &mut Common) -> Result<(), Stop> {
        if self.gathered.is_empty() && common.facts.members > 0 {
            let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
            self.padding += common.take(bytes, zeros).len() as u64;
        }
        let part = common.take(bytes, MAGIC.len() - self.gathered.len());
        self.gathered.extend_from_slice(part);
        if !MAGIC.starts_with(&self.gathered) {
            return Err(self.trailing(common).into());
        }
        if self.gathered.len() == MAGIC.len() {
            self.check_padding(common)?;
            self.padding = 0;
            self.totals = Totals::default();
            common.member()?;
            self.state = State::StreamHeader;
        }
        Ok(())
    }

    fn check_padding(&self, common: &Common) -> Result<(), ReadError> {
        if !self.padding.is_multiple_of(4) {
            return Err(common.corrupt("zero bytes in a multiple of four after a stream", format!("{} zero bytes", self.padding)));
        }
        Ok(())
    }

    /// Content complete, then something that is no stream: xz writes the content and fails.
    fn trailing(&self, common: &mut Common) -> ReadError {
        if common.facts.members > 0 {
            let at = common.taken - self.gathered.len() as u64;
            common.facts.trailing = self.gathered.len() as u64;
            common.notes.divergence(Divergence {
                code: "intake.xz-bytes-after",
                at,
                entry: String::new(),
                readers: vec![Reader::Xz],
                go_sees: "error after the content".to_owned(),
                others_see: "the content, then an error".to_owned(),
            });
        }
        common.corrupt("an xz stream or the end", visible(&self.gathered))
    }

    fn stream_header(&mut self, bytes: &[u8], common: &mut Common) -> Result<(), Stop> {
        self.flags = header::stream_flags(&bytes[6..8], &bytes[8..12]).map_err(|fault| fault.error(common))?;
        let name = self.flags.check_name();
        common.facts.check.get_or_insert(name);
        if name == "none" {
            common.notes.finding(Finding::note("intake.xz-no-check"));
        }
        Ok(())
    }

    fn block_start(&mut self, gathered: Vec<u8>, common: &mut Common) -> Result<(), Stop> {
        if gathered[0] == 0 {
            self.state = State::Index(Box::default());
            return Ok(());
        }
        // Blocks cost time to start, as streams do.
        if self.totals.blocks >= common.limits.members {
            return Err(over_limit(&common.limits, "members", "one more block").at(At::byte(common.taken)).into());
        }
        self.state = State::BlockHeader((usize::from(gathered[0]) + 1) * 4);
        self.gathered = gathered;
        Ok(())
    }

    fn block_header(&mut self, bytes: &[u8], common: &mut Common) -> Result<(), Stop> {
        let block = Block::parse(bytes).map_err(|fault| fault.error(common))?;
        if block.dictionary > self.dictionary {
            let error = over_limit(&common.limits, "xz-dictionary", format!("a dictionary of {} bytes", block.dictionary));
            return Err(error.at(At::byte(common.taken)).into());
        }
        self.asked = self.asked.saturating_add(block.dictionary);
        if self.asked > ASKED_AT_ONCE.saturating_add(common.made.saturating_mul(16)) {
            let error = over_limit(&common.limits, "xz-dictionary", "many small blocks that each ask for a large dictionary");
            return Err(error.at(At::byte(common.taken)).into());
        }
        let mut stream = Lzma2Stream::new(u32::try_from(block.dictionary).unwrap_or(u32::MAX));
        if let Some(filter) = &block.filter {
            let set = stream.set_filters(std::slice::from_ref(filter));
            set.map_err(|error| common.error("intake.compressed-unsupported", "a filter of xz 5.4", error.to_string()))?;
        }
        let check = Check::new(self.flags.check);
        self.state = State::Data(Box::new(Data { block, stream, check, compressed: 0, made: 0 }));
        Ok(())
    }

    /// Decompresses; false when more input is needed.
    fn data(&mut self, bytes: &mut &[u8], common: &mut Common, sink: &mut Sink<'_>) -> Result<bool, Stop> {
        let State::Data(data) = &mut self.state else { return Ok(true) };
        let result = data.stream.process(bytes, &mut common.buffer, Action::Run);
        let result = result.map_err(|error| common.corrupt("LZMA2 data", error.to_string()))?;
        common.take(bytes, result.bytes_consumed);
        data.compressed += result.bytes_consumed as u64;
        data.made += result.bytes_produced as u64;
        let made = &mut common.buffer[..result.bytes_produced];
        data.block.undo_deltas(made);
        data.check.update(made);
        common.hand_on(result.bytes_produced, sink)?;
        data.block.check_sizes(data.compressed, data.made, false).map_err(|fault| fault.error(common))?;
        if result.status == Status::StreamEnd {
            data.block.check_sizes(data.compressed, data.made, true).map_err(|fault| fault.error(common))?;
            let end = (data.compressed.wrapping_neg() % 4) as usize + self.flags.check_len();
            let State::Data(data) = std::mem::replace(&mut self.state, State::BlockStart) else { return Ok(true) };
            if end == 0 {
                self.block_end(&data, &[], common)?;
            } else {
                self.state = State::BlockEnd(data, end);
            }
            return Ok(true);
        }
        Ok(!bytes.is_empty() && result.bytes_consumed + result.bytes_produced > 0 || result.bytes_produced == common.buffer.len())
    }

    fn block_end(&mut self, data: &Data, bytes: &[u8], common: &mut Common) -> Result<(), Stop> {
        let (padding, given) = bytes.split_at(bytes.len() - self.flags.check_len());
        if padding.iter().any(|byte| *byte != 0) {
            return Err(common.corrupt("zero bytes after a block", visible(padding)).into());
        }
        if let Some(computed) = data.check.wrong(given) {
            let error = common.error("intake.compressed-check", computed, visible(given));
            return Err(error.with("check", self.flags.check_name()).into());
        }
        let unpadded = data.block.header_len + data.compressed + given.len() as u64;
        self.totals.add(unpadded, data.made);
        Ok(())
    }

    fn footer(&mut self, index_size: u64, bytes: &[u8], common: &mut Common) -> Result<(), Stop> {
        header::footer(bytes, &self.flags, index_size).map_err(|fault| fault.error(common))?;
        self.state = State::Between;
        Ok(())
    }
}
