//! bzip2: streams one after another. Bytes after the last stream are skipped with a warning by bzip2 and refused by Go.

use super::{Common, Sink, Stop};
use crate::finding::{At, ReadError};
use crate::intake::facts::{Divergence, Reader, over_limit};
use bzip2::{Decompress, Status};

/// State of a bzip2 reader.
#[derive(Default)]
pub(super) struct Bzip2 {
    stream: Option<Decompress>,
    /// First bytes of what follows a stream.
    start: Vec<u8>,
    trailing_at: Option<u64>,
    /// Working memory that all streams so far asked for together.
    asked: u64,
}

/// Streams may ask for this much memory together before they have to give output for it: making it ready costs time.
const ASKED_AT_ONCE: u64 = 4 << 30;

impl Bzip2 {
    pub(super) fn push(&mut self, mut bytes: &[u8], common: &mut Common, sink: &mut Sink<'_>) -> Result<(), Stop> {
        loop {
            if self.stream.is_some() {
                if !self.stream(&mut bytes, common, sink)? {
                    return Ok(());
                }
            } else if bytes.is_empty() {
                return Ok(());
            } else if self.trailing_at.is_some() {
                common.facts.trailing += common.take(&mut bytes, usize::MAX).len() as u64;
            } else {
                self.start.extend_from_slice(common.take(&mut bytes, 4 - self.start.len()));
                if self.start.len() == 4 || !b"BZh".starts_with(&self.start[..self.start.len().min(3)]) {
                    self.begin(common, sink)?;
                }
            }
        }
    }

    pub(super) fn finish(&mut self, common: &mut Common) -> Result<(), ReadError> {
        if self.stream.is_some() || common.facts.members == 0 {
            return Err(common.truncated("the rest of a bzip2 stream"));
        }
        if !self.start.is_empty() {
            self.trailing_at = Some(common.taken - self.start.len() as u64);
            common.facts.trailing += self.start.len() as u64;
        }
        if let Some(at) = self.trailing_at {
            common.notes.divergence(Divergence {
                code: "intake.bzip2-bytes-after",
                at,
                entry: String::new(),
                readers: vec![Reader::Bzip2],
                go_sees: "error after the content".to_owned(),
                others_see: "the content".to_owned(),
            });
        }
        Ok(())
    }

    fn begin(&mut self, common: &mut Common, sink: &mut Sink<'_>) -> Result<(), Stop> {
        let start = std::mem::take(&mut self.start);
        if !matches!(start.as_slice(), [b'B', b'Z', b'h', b'1'..=b'9']) {
            if common.facts.members == 0 {
                return Err(common.corrupt("the start of a bzip2 stream", crate::finding::visible(&start)).into());
            }
            self.trailing_at = Some(common.taken - start.len() as u64);
            common.facts.trailing = start.len() as u64;
            return Ok(());
        }
        common.member()?;
        // Four bytes for each byte of a block of up to 900,000 (the digit after the magic).
        self.asked += u64::from(start[3] - b'0') * 400_000;
        if self.asked > ASKED_AT_ONCE.saturating_add(common.made.saturating_mul(16)) {
            return Err(over_limit(&common.limits, "members", "many streams with next to nothing in them")
                .at(At::byte(common.taken))
                .into());
        }
        self.stream = Some(Decompress::new(false));
        let taken = common.taken - start.len() as u64;
        common.taken = taken;
        self.stream(&mut start.as_slice(), common, sink).map(drop)
    }

    /// Decompresses; true when the stream has ended.
    fn stream(&mut self, bytes: &mut &[u8], common: &mut Common, sink: &mut Sink<'_>) -> Result<bool, Stop> {
        while let Some(stream) = &mut self.stream {
            let (before_in, before_out) = (stream.total_in(), stream.total_out());
            let status = stream.decompress(bytes, &mut common.buffer);
            let (used, made) = ((stream.total_in() - before_in) as usize, (stream.total_out() - before_out) as usize);
            common.take(bytes, used);
            common.hand_on(made, sink)?;
            match status {
                Ok(Status::StreamEnd) => self.stream = None,
                Ok(Status::MemNeeded) | Err(_) => {
                    return Err(common.corrupt("bzip2 data", "bits that mean nothing there").into());
                }
                Ok(_) if bytes.is_empty() && made < common.buffer.len() || used == 0 && made == 0 => return Ok(false),
                Ok(_) => {}
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use crate::intake::{Compression, Decompressor, limits::Limits};
    use std::ops::ControlFlow;

    /// A stream that holds nothing: magic, end mark, sum of zero.
    const EMPTY: &[u8] = b"BZh9\x17\x72\x45\x38\x50\x90\0\0\0\0";

    #[test]
    fn many_empty_streams_end_at_a_budget() {
        let feed = |count: usize| {
            let mut decompressor = Decompressor::new(Compression::Bzip2, &Limits::default());
            let result = (0..count).try_for_each(|_| decompressor.push(EMPTY, &mut |_| ControlFlow::Continue(())));
            result.and_then(|()| decompressor.finish().map(|(facts, _)| facts.members))
        };
        assert_eq!(feed(1000), Ok(1000));
        assert_eq!(feed(2000).unwrap_err().code, "intake.limit");
    }
}
