//! Which entry comes where: the part of every map and set that knows neither keys nor values.

use std::cmp::Ordering;

/// Places in one chunk, at most. A new place moves what stands behind it in its chunk, and a chunk that is cut in two moves the
/// list of chunks; at this size both stay small for millions of entries.
const CHUNK: usize = 256;

/// The numbers of entries in the order of their keys, in chunks none of which is empty.
#[derive(Debug, Clone)]
pub(super) struct Index {
    chunks: Vec<Vec<usize>>,
}

/// A place in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    chunk: usize,
    at: usize,
}

impl Index {
    pub(super) const fn new() -> Self {
        Self { chunks: Vec::new() }
    }

    /// The order of entries that lie in their order.
    pub(super) fn counting(entries: usize) -> Self {
        let starts = (0..entries).step_by(CHUNK);
        Self { chunks: starts.map(|start| (start..entries.min(start + CHUNK)).collect()).collect() }
    }

    /// The place of the entry for which `compare` (the entry against what is sought) says `Equal`, and its number; or where such
    /// an entry would have to stand.
    pub(super) fn find(&self, compare: &mut dyn FnMut(usize) -> Ordering) -> Result<(Place, usize), Place> {
        let after = self.chunks.partition_point(|chunk| chunk.first().is_some_and(|first| compare(*first) != Ordering::Greater));
        let chunk = after.saturating_sub(1);
        let Some(places) = self.chunks.get(chunk) else { return Err(Place { chunk, at: 0 }) };
        match places.binary_search_by(|entry| compare(*entry)) {
            Ok(at) => Ok((Place { chunk, at }, places[at])),
            Err(at) => Err(Place { chunk, at }),
        }
    }

    /// Puts an entry's number in a place that `find` gave.
    pub(super) fn insert(&mut self, Place { mut chunk, mut at }: Place, entry: usize) {
        let Some(places) = self.chunks.get_mut(chunk) else { return self.chunks.push(vec![entry]) };
        if places.len() == CHUNK {
            // What comes in order fills its chunks; what comes in any other leaves room on both sides.
            let keep = if at == CHUNK { CHUNK } else { CHUNK / 2 };
            let moved = places.split_off(keep);
            if at > keep || moved.is_empty() {
                (chunk, at) = (chunk + 1, at - keep);
                self.chunks.insert(chunk, moved);
            } else {
                self.chunks.insert(chunk + 1, moved);
            }
        }
        self.chunks[chunk].insert(at, entry);
    }

    /// Takes a place out.
    pub(super) fn remove(&mut self, Place { chunk, at }: Place) {
        self.chunks[chunk].remove(at);
        if self.chunks[chunk].is_empty() {
            self.chunks.remove(chunk);
        }
    }

    /// Says that the entry of a place has another number now.
    pub(super) fn renumber(&mut self, Place { chunk, at }: Place, entry: usize) {
        self.chunks[chunk][at] = entry;
    }

    /// Makes this the order in which entries are numbered, and gives what it was.
    pub(super) fn settle(&mut self) -> Vec<usize> {
        let order = self.chunks.concat();
        *self = Self::counting(order.len());
        order
    }

    /// The numbers in order.
    pub(super) fn iter(&self) -> Places<'_> {
        let left = self.chunks.iter().map(Vec::len).sum();
        Places { chunks: &self.chunks, front: Place { chunk: 0, at: 0 }, back: Place { chunk: self.chunks.len(), at: 0 }, left }
    }
}

/// The numbers of entries in the order of their keys.
#[derive(Debug, Clone)]
pub(super) struct Places<'a> {
    chunks: &'a [Vec<usize>],
    front: Place,
    /// After the last one.
    back: Place,
    left: usize,
}

impl Places<'_> {
    pub(super) fn left(&self) -> usize {
        self.left
    }

    #[inline(never)]
    pub(super) fn next(&mut self) -> Option<usize> {
        self.left = self.left.checked_sub(1)?;
        let places = self.chunks.get(self.front.chunk)?;
        let entry = *places.get(self.front.at)?;
        self.front.at += 1;
        if self.front.at == places.len() {
            self.front = Place { chunk: self.front.chunk + 1, at: 0 };
        }
        Some(entry)
    }

    #[inline(never)]
    pub(super) fn next_back(&mut self) -> Option<usize> {
        self.left = self.left.checked_sub(1)?;
        if self.back.at == 0 {
            let chunk = self.back.chunk - 1;
            self.back = Place { chunk, at: self.chunks.get(chunk)?.len() };
        }
        self.back.at -= 1;
        self.chunks.get(self.back.chunk)?.get(self.back.at).copied()
    }
}
