//! Contents of all files, one after the other, held once.

use std::sync::Arc;

/// Bytes of one block; a content may lie in several.
const BLOCK: usize = 1 << 20;

/// Grows by blocks, so that nothing is ever copied or held twice: the arena of the next layer's tree shares the blocks of the one
/// before.
#[derive(Debug, Clone, Default)]
pub(super) struct Arena {
    blocks: Vec<Arc<Vec<u8>>>,
    size: u64,
}

/// Where a content lies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Extent {
    start: u64,
    pub(super) length: u64,
}

impl Arena {
    /// Bytes held.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// A content that begins here and has no bytes yet.
    pub(super) fn begin(&self) -> Extent {
        Extent { start: self.size, length: 0 }
    }

    /// Appends bytes to the content that was begun last.
    pub(super) fn append(&mut self, extent: &mut Extent, mut data: &[u8]) {
        self.size += data.len() as u64;
        extent.length += data.len() as u64;
        while !data.is_empty() {
            if self.blocks.last().is_none_or(|block| block.len() == BLOCK) {
                self.blocks.push(Arc::new(Vec::with_capacity(BLOCK)));
            }
            let Some(block) = self.blocks.last_mut() else { return };
            let (now, later) = data.split_at(data.len().min(BLOCK - block.len()));
            Arc::make_mut(block).extend_from_slice(now);
            data = later;
        }
    }

    /// The bytes of a content in order, in pieces.
    pub(super) fn pieces(&self, extent: Extent) -> impl Iterator<Item = &[u8]> {
        let (mut at, mut left) = (extent.start, extent.length);
        std::iter::from_fn(move || {
            let block = self.blocks.get((at / BLOCK as u64) as usize).filter(|_| left > 0)?;
            let from = (at % BLOCK as u64) as usize;
            let piece = block.get(from..)?;
            let piece = &piece[..piece.len().min(usize::try_from(left).unwrap_or(usize::MAX))];
            at += piece.len() as u64;
            left -= piece.len() as u64;
            (!piece.is_empty()).then_some(piece)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_come_back_across_blocks() {
        let mut arena = Arena::default();
        let mut first = arena.begin();
        arena.append(&mut first, &vec![1; BLOCK - 1]);
        let mut second = arena.begin();
        arena.append(&mut second, &vec![2; BLOCK]);
        arena.append(&mut second, &[3; 5]);
        let empty = arena.begin();
        assert_eq!(arena.pieces(first).map(<[u8]>::len).sum::<usize>(), BLOCK - 1);
        let second: Vec<u8> = arena.pieces(second).flatten().copied().collect();
        assert!(second.len() == BLOCK + 5 && second[..BLOCK].iter().all(|byte| *byte == 2) && second[BLOCK..] == [3; 5]);
        assert_eq!(arena.pieces(empty).count(), 0);
        let mut next = arena.clone();
        let mut third = next.begin();
        next.append(&mut third, b"third");
        assert_eq!(next.pieces(third).flatten().copied().collect::<Vec<_>>(), b"third");
        assert!(next.size() == arena.size() + 5 && Arc::ptr_eq(&next.blocks[0], &arena.blocks[0]));
    }
}
