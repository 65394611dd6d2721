//! Bytes gathered on their way to another worker, in buffers of one size that come back to be filled again.

use js_sys::{ArrayBuffer, Uint8Array};
use std::collections::VecDeque;

/// Size of a buffer in bytes.
const PIECE: u32 = 1 << 20;

/// Buffers that are full, the one that is being filled, and those that came back.
pub(super) struct Pieces {
    full: VecDeque<ArrayBuffer>,
    filling: Option<(ArrayBuffer, u32)>,
    free: Vec<ArrayBuffer>,
    /// How many that came back are kept.
    most: usize,
}

impl Pieces {
    /// Nothing gathered; of the buffers that come back, at most so many are kept.
    pub(super) fn keeping(most: usize) -> Self {
        Self { full: VecDeque::new(), filling: None, free: Vec::new(), most }
    }

    /// Gathers bytes.
    pub(super) fn fill(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let (buffer, filled) = self.filling.take().unwrap_or_else(|| (self.buffer(), 0));
            let (now, later) = bytes.split_at(bytes.len().min((PIECE - filled) as usize));
            let end = filled + now.len() as u32;
            Uint8Array::new_with_byte_offset_and_length(&buffer, filled, end - filled).copy_from(now);
            if end == PIECE {
                self.full.push_back(buffer);
            } else {
                self.filling = Some((buffer, end));
            }
            bytes = later;
        }
    }

    fn buffer(&mut self) -> ArrayBuffer {
        self.free.pop().unwrap_or_else(|| ArrayBuffer::new(PIECE))
    }

    /// The oldest full buffer, and how many of its bytes count.
    pub(super) fn next_full(&mut self) -> Option<(ArrayBuffer, u32)> {
        self.full.pop_front().map(|buffer| (buffer, PIECE))
    }

    /// The next buffer, full or not.
    pub(super) fn next(&mut self) -> Option<(ArrayBuffer, u32)> {
        self.next_full().or_else(|| self.filling.take())
    }

    /// Forgets what was gathered.
    pub(super) fn forget(&mut self) {
        self.full.clear();
        self.filling = None;
    }

    /// A buffer came back.
    pub(super) fn came_back(&mut self, buffer: ArrayBuffer) {
        if self.free.len() < self.most {
            self.free.push(buffer);
        }
    }
}
