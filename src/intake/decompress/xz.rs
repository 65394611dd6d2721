//! xz (the .xz file format, version 1.2): streams one after another with zero bytes, a multiple of four, between them.

use super::{Common, Sink, Stop};
use crate::finding::{Finding, ReadError, visible};
use crate::intake::facts::{Divergence, Reader, over_limit};
use crate::intake::limits::Limits;
use lzma_rust2::{Action, CheckType, Status, XzStream};

const MAGIC: [u8; 6] = [0xfd, b'7', b'z', b'X', b'Z', 0];

/// State of an xz reader.
pub(super) struct Xz {
    stream: Option<XzStream>,
    /// Zero bytes since the last stream.
    padding: u64,
    /// First bytes of the next stream.
    start: Vec<u8>,
    memory_kib: u32,
}

impl Xz {
    pub(super) fn new(limits: &Limits) -> Self {
        // The decoder counts its own state beside the dictionary: a mebibyte of room keeps the budget about the dictionary.
        let memory_kib = u32::try_from((limits.xz_dictionary >> 10).saturating_add(1024)).unwrap_or(u32::MAX - 1);
        Self { stream: None, padding: 0, start: Vec::new(), memory_kib }
    }

    pub(super) fn push(&mut self, mut bytes: &[u8], common: &mut Common, sink: &mut Sink<'_>) -> Result<(), Stop> {
        loop {
            if self.stream.is_some() {
                if !self.stream(&mut bytes, common, sink)? {
                    return Ok(());
                }
                continue;
            }
            if bytes.is_empty() {
                return Ok(());
            }
            if self.start.is_empty() && common.facts.members > 0 {
                let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
                self.padding += common.take(&mut bytes, zeros).len() as u64;
            }
            self.start.extend_from_slice(common.take(&mut bytes, MAGIC.len() - self.start.len()));
            if !self.start.is_empty() {
                self.begin(common, sink)?;
            }
        }
    }

    pub(super) fn finish(&mut self, common: &mut Common) -> Result<(), ReadError> {
        if self.stream.is_some() || common.facts.members == 0 {
            return Err(common.truncated("the rest of an xz stream"));
        }
        if !self.start.is_empty() {
            return Err(self.trailing(common));
        }
        self.check_padding(common)
    }

    fn check_padding(&self, common: &mut Common) -> Result<(), ReadError> {
        if !self.padding.is_multiple_of(4) {
            return Err(common.corrupt("zero bytes in a multiple of four after a stream", format!("{} zero bytes", self.padding)));
        }
        Ok(())
    }

    fn begin(&mut self, common: &mut Common, sink: &mut Sink<'_>) -> Result<(), Stop> {
        if !MAGIC.starts_with(&self.start) {
            return Err(self.trailing(common).into());
        }
        if self.start.len() < MAGIC.len() {
            return Ok(());
        }
        self.check_padding(common)?;
        self.padding = 0;
        common.member()?;
        let mut stream = XzStream::new_mem_limit(false, self.memory_kib);
        if stream.set_stop_after_stream_header(true).is_err() {
            return Err(common.corrupt("a new xz stream", "one that has begun").into());
        }
        self.stream = Some(stream);
        let start = std::mem::take(&mut self.start);
        common.taken -= start.len() as u64;
        self.stream(&mut start.as_slice(), common, sink).map(drop)
    }

    /// Content complete, then something that is no stream: xz writes the content and fails.
    fn trailing(&mut self, common: &mut Common) -> ReadError {
        let at = common.taken - self.start.len() as u64;
        common.facts.trailing = self.start.len() as u64;
        common.notes.divergence(Divergence {
            code: "intake.xz-bytes-after",
            at,
            entry: String::new(),
            readers: vec![Reader::Xz],
            go_sees: "error after the content".to_owned(),
            others_see: "the content, then an error".to_owned(),
        });
        common.corrupt("another xz stream or the end", visible(&self.start))
    }

    /// Decompresses; true when the stream has ended.
    fn stream(&mut self, bytes: &mut &[u8], common: &mut Common, sink: &mut Sink<'_>) -> Result<bool, Stop> {
        while let Some(stream) = &mut self.stream {
            let result = stream.process(bytes, &mut common.buffer, Action::Run);
            let result = match result {
                Ok(result) => result,
                Err(error) => return Err(refusal(&error, stream, common).into()),
            };
            if common.facts.check.is_none() {
                common.facts.check = stream.check_type().map(check_name);
                if common.facts.check == Some("none") {
                    common.notes.finding(Finding::note("intake.xz-no-check"));
                }
            }
            common.take(bytes, result.bytes_consumed);
            common.hand_on(result.bytes_produced, sink)?;
            if result.status == Status::StreamEnd {
                self.stream = None;
            } else if result.bytes_produced < common.buffer.len()
                && (bytes.is_empty() || result.bytes_consumed == 0 && result.bytes_produced == 0)
            {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn check_name(check: CheckType) -> &'static str {
    match check {
        CheckType::None => "none",
        CheckType::Crc32 => "CRC-32",
        CheckType::Crc64 => "CRC-64",
        CheckType::Sha256 => "SHA-256",
    }
}

fn refusal(error: &std::io::Error, stream: &XzStream, common: &Common) -> ReadError {
    let at = crate::finding::At::byte(common.taken);
    match error.kind() {
        std::io::ErrorKind::OutOfMemory => {
            let needed = stream.memory_usage().map_or(0, |kib| u64::from(kib) << 10);
            over_limit(&common.limits, "xz-dictionary", format!("a dictionary that needs {needed} bytes")).at(at)
        }
        std::io::ErrorKind::Unsupported => {
            common.error("intake.compressed-unsupported", "a filter and check of xz 5.4", error.to_string())
        }
        _ => common.corrupt("xz data", error.to_string()),
    }
}
