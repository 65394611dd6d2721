use super::block::{self, BLOCK, Block, BlockError, Fields, Formats};
use super::pax::Records;
use super::resolve::{Pending, resolve};
use super::sparse::{self, Announced, Expansion, Pairs, Piece, TextMap};
use super::{Header, Visitor, oddity};
use crate::finding::{At, Finding, ReadError, visible};
use crate::intake::facts::{EntryKind, as_len, over_limit};
use crate::intake::limits::Limits;
use crate::intake::notes::Notes;

/// The parser's state: push bytes into it, then [`finish`](Self::finish).
#[derive(Debug)]
pub struct Walk {
    limits: Limits,
    /// Offset of the next byte.
    at: u64,
    state: State,
    block: Box<Block>,
    filled: usize,
    pending: Pending,
    entries: u64,
    holes: u64,
    expanded: u64,
    end: End,
    notes: Notes,
}

/// What is known about the archive as a whole once it was read.
#[derive(Debug, Clone, Default)]
pub struct End {
    /// Offset of the end-of-archive mark; `None` if the archive just ends.
    pub end: Option<u64>,
    /// Bytes after the mark that are not zero.
    pub trailing: u64,
    /// What was odd and where other readers part.
    pub notes: Notes,
}

#[derive(Debug)]
enum State {
    /// At a header, or in one.
    Header,
    /// After one block of zeros.
    ZeroBlock,
    /// In the content of an extended header.
    Extension { flag: u8, header_at: u64, left: u64, size: u64, data: Vec<u8> },
    /// At a block that continues an old GNU sparse map.
    OldSparse { header: Box<Header>, parts: Pairs },
    /// In the text of a 1.0 sparse map.
    TextSparse { header: Box<Header>, map: TextMap, left: u64 },
    /// In content.
    Content { left: u64, padding: u64, sparse: Option<Box<Expansion>> },
    /// In the bytes that fill the last block of content.
    Padding { left: u64 },
    /// After the end-of-archive mark.
    End,
    /// After an error.
    Failed,
}

impl Walk {
    /// A walk that has seen nothing yet.
    pub fn new(limits: &Limits) -> Self {
        Self {
            limits: limits.clone(),
            at: 0,
            state: State::Header,
            block: Box::new([0; BLOCK]),
            filled: 0,
            pending: Pending::default(),
            entries: 0,
            holes: 0,
            expanded: 0,
            end: End::default(),
            notes: Notes::default(),
        }
    }

    /// Takes the next bytes of the archive. After an error further bytes are ignored.
    ///
    /// # Errors
    /// What Go's reader refuses (`intake.tar-…`, `intake.pax-…`) and what is over a budget (`intake.limit`).
    pub fn push(&mut self, mut bytes: &[u8], visitor: &mut (impl Visitor + ?Sized)) -> Result<(), ReadError> {
        while !bytes.is_empty() {
            if let Err(error) = self.step(&mut bytes, visitor) {
                self.state = State::Failed;
                return Err(error);
            }
        }
        Ok(())
    }

    /// Says that no more bytes come.
    ///
    /// # Errors
    /// `intake.tar-truncated` if the archive ends inside a header or inside content.
    pub fn finish(mut self, _visitor: &mut (impl Visitor + ?Sized)) -> Result<End, ReadError> {
        match self.state {
            State::Header if self.filled == 0 => self.note_missing_end(),
            State::ZeroBlock if self.filled == 0 => self.end.end = Some(self.at - BLOCK as u64),
            State::Padding { .. } => self.note_missing_end(),
            State::Content { left, .. } => return Err(self.truncated("content", left)),
            State::Extension { left, .. } => return Err(self.truncated("an extended header", left)),
            State::Header | State::ZeroBlock => return Err(self.truncated("a header", (BLOCK - self.filled) as u64)),
            State::OldSparse { .. } | State::TextSparse { .. } => return Err(self.truncated("a sparse map", BLOCK as u64)),
            State::End | State::Failed => {
                if self.filled > 0 {
                    self.trailing_bytes(self.filled);
                }
            }
        }
        self.end.notes = std::mem::take(&mut self.notes);
        Ok(self.end)
    }

    /// What was odd so far; needed after an error, since [`finish`](Self::finish) gives it otherwise.
    pub fn take_notes(&mut self) -> Notes {
        std::mem::take(&mut self.notes)
    }

    fn note_missing_end(&mut self) {
        self.notes.finding(Finding::note("intake.tar-no-end").at(At::byte(self.at)));
    }

    fn truncated(&self, part: &'static str, missing: u64) -> ReadError {
        let error = ReadError::new("intake.tar-truncated", format!("{missing} more bytes of {part}"), "the end of the input");
        error.at(At::byte(self.at)).with("part", part)
    }

    fn step(&mut self, bytes: &mut &[u8], visitor: &mut (impl Visitor + ?Sized)) -> Result<(), ReadError> {
        match &mut self.state {
            State::Content { .. } => return self.content(bytes, visitor),
            State::Padding { left } => {
                let len = take(bytes, *left).len() as u64;
                self.at += len;
                *left -= len;
                if *left == 0 {
                    self.state = State::Header;
                }
                return Ok(());
            }
            State::Extension { .. } => return self.extension(bytes, visitor),
            State::Failed => {
                *bytes = &[];
                return Ok(());
            }
            State::End if self.filled == 0 && skip_zero_blocks(bytes, &mut self.at) => return Ok(()),
            _ => {}
        }
        if self.gather(bytes) {
            let at = self.at - BLOCK as u64;
            self.whole_block(at, visitor)?;
        }
        Ok(())
    }

    /// Collects one block; true once it is whole.
    fn gather(&mut self, bytes: &mut &[u8]) -> bool {
        let part = take(bytes, (BLOCK - self.filled) as u64);
        self.block[self.filled..self.filled + part.len()].copy_from_slice(part);
        self.filled += part.len();
        self.at += part.len() as u64;
        let whole = self.filled == BLOCK;
        if whole {
            self.filled = 0;
        }
        whole
    }

    fn whole_block(&mut self, at: u64, visitor: &mut (impl Visitor + ?Sized)) -> Result<(), ReadError> {
        match std::mem::replace(&mut self.state, State::Header) {
            State::Header if self.block.iter().all(|byte| *byte == 0) => self.state = State::ZeroBlock,
            State::Header => return self.header(at, visitor),
            State::ZeroBlock => return self.second_zero_block(at),
            State::OldSparse { header, mut parts } => {
                let more = sparse::old_gnu_more(&self.block, &mut parts, at)?;
                self.check_map(parts.len() as u64 * 24)?;
                if more {
                    self.state = State::OldSparse { header, parts };
                } else {
                    self.begin_sparse(*header, &parts, visitor)?;
                }
            }
            State::TextSparse { header, map, left } => return self.text_map(header, map, left, at, visitor),
            State::End => {
                self.state = State::End;
                if block::has_valid_sum(&self.block) {
                    oddity::after_end(&self.block, at, &mut self.notes);
                }
                self.trailing_bytes(BLOCK);
            }
            other => self.state = other,
        }
        Ok(())
    }

    fn second_zero_block(&mut self, at: u64) -> Result<(), ReadError> {
        if self.block.iter().any(|byte| *byte != 0) {
            oddity::lone_zero_block(&self.block, at, &mut self.notes);
            let error = ReadError::new("intake.tar-lone-zero-block", "a second block of zeros", "something else");
            return Err(error.at(At::byte(at)));
        }
        self.end.end = Some(at - BLOCK as u64);
        self.state = State::End;
        Ok(())
    }

    fn trailing_bytes(&mut self, len: usize) {
        self.end.trailing += self.block[..len].iter().filter(|byte| **byte != 0).count() as u64;
    }

    fn header(&mut self, at: u64, visitor: &mut (impl Visitor + ?Sized)) -> Result<(), ReadError> {
        let fields = block::parse(&self.block).map_err(|error| self.bad_block(error, at))?;
        self.pending.starts_at.get_or_insert(at);
        match fields.flag {
            b'x' | b'g' | b'L' | b'K' => {
                oddity::extension(&fields, at, &mut self.notes);
                let form = if matches!(fields.flag, b'L' | b'K') { Formats::GNU } else { Formats::PAX };
                let before = self.pending.formats.unwrap_or(Formats::ALL);
                self.pending.formats = Some(before.and(fields.formats).and(form));
                let size = u64::try_from(fields.size).map_err(|_| super::resolve::bad_size(fields.size, at))?;
                self.state = State::Extension { flag: fields.flag, header_at: at, left: size, size, data: Vec::new() };
                if size == 0 { self.extension_read(visitor) } else { Ok(()) }
            }
            _ => self.file(&fields, at, visitor),
        }
    }

    fn bad_block(&mut self, error: BlockError, at: u64) -> ReadError {
        match error {
            BlockError::Sum { given, computed } => {
                oddity::bad_sum(at, at == 0, &mut self.notes);
                let error = ReadError::new(
                    "intake.tar-sum",
                    format!("a header whose sum is {computed:o} (octal)"),
                    visible(given.trim_ascii().split(|byte| *byte == 0).next().unwrap_or_default()),
                );
                error.at(At::byte(at))
            }
            BlockError::Number { field, at: inside, raw } => {
                let error = ReadError::new("intake.tar-number", "a number that fits 64 bits", visible(&raw));
                error.at(At::byte(at + inside as u64)).with("field", field)
            }
        }
    }

    /// Content of an extended header, kept whole up to the budget; what the header claims is never allocated.
    fn extension(&mut self, bytes: &mut &[u8], visitor: &mut (impl Visitor + ?Sized)) -> Result<(), ReadError> {
        let State::Extension { left, size, data, header_at, .. } = &mut self.state else { return Ok(()) };
        let part = take(bytes, *left);
        self.at += part.len() as u64;
        *left -= part.len() as u64;
        data.extend_from_slice(part);
        if data.len() > as_len(self.limits.tar_records) {
            let error = over_limit(&self.limits, "tar-records", format!("{size} bytes of names or records"));
            return Err(error.at(At::byte(*header_at)));
        }
        if *left == 0 { self.extension_read(visitor) } else { Ok(()) }
    }

    fn extension_read(&mut self, visitor: &mut (impl Visitor + ?Sized)) -> Result<(), ReadError> {
        let padding = padding(self.at);
        let next = if padding == 0 { State::Header } else { State::Padding { left: padding } };
        let State::Extension { flag, header_at, data, .. } = std::mem::replace(&mut self.state, next) else { return Ok(()) };
        match flag {
            b'L' => replace(&mut self.pending.long_name, data, &mut self.pending.replaced_names),
            b'K' => replace(&mut self.pending.long_link, data, &mut self.pending.replaced_names),
            _ => {
                let at = header_at + BLOCK as u64;
                let records = Records::parse(data, at, &mut self.notes).map_err(|refused| {
                    if let Some((key, value)) = refused.nul {
                        oddity::nul_in_record(&key, &value, at, &mut self.notes);
                    }
                    refused.error
                })?;
                if flag == b'g' {
                    return self.global(&records, header_at, visitor);
                }
                self.pending.records_first = self.pending.long_name.is_none() && self.pending.long_link.is_none();
                self.pending.replaced = self.pending.records.replace(records);
            }
        }
        Ok(())
    }

    /// Go lists a global header as an entry of its own and forgets what came before it.
    fn global(&mut self, records: &Records, at: u64, visitor: &mut (impl Visitor + ?Sized)) -> Result<(), ReadError> {
        oddity::global(records, &std::mem::take(&mut self.pending), at, &mut self.notes);
        let fields = block::parse(&self.block).map_err(|error| self.bad_block(error, at))?;
        let formats = Some(fields.formats.and(Formats::PAX));
        let pending = Pending { records: Some(records.clone()), formats, ..Pending::default() };
        let mut header = resolve(&fields, &pending, at).or_else(|_| resolve(&fields, &Pending::default(), at))?;
        (header.kind, header.size, header.stored) = (EntryKind::Global, 0, 0);
        self.entries += 1;
        visitor.entry(&header);
        visitor.end_entry();
        Ok(())
    }

    fn file(&mut self, fields: &Fields, at: u64, visitor: &mut (impl Visitor + ?Sized)) -> Result<(), ReadError> {
        let pending = std::mem::take(&mut self.pending);
        let header =
            resolve(fields, &pending, at).inspect_err(|_| oddity::negative_size(fields, &pending, at, &mut self.notes))?;
        let xattrs: u64 = header.xattrs.iter().map(|(name, value)| (name.len() + value.len()) as u64).sum();
        if xattrs > self.limits.xattrs {
            return Err(over_limit(&self.limits, "xattrs", format!("{xattrs} bytes")).at(At::byte(at)));
        }
        oddity::entry(fields, &pending, &header, &mut self.notes);
        if header.flag == b'S' {
            return self.old_sparse(header, visitor);
        }
        let announced = pending.records.as_ref().map_or(Announced::No, sparse::announced);
        let (Some(records), true) = (pending.records, announced != Announced::No) else {
            self.begin(header, None, visitor);
            return Ok(());
        };
        let before = header.clone();
        let header = renamed(header, &records)?;
        oddity::sparse(&header, &before, &mut self.notes);
        if announced == Announced::InRecords {
            let parts = sparse::map_in_records(&records, at)?;
            return self.begin_sparse(header, &parts, visitor);
        }
        let left = header.stored;
        self.state = State::TextSparse { header: Box::new(header), map: TextMap::default(), left };
        if left < BLOCK as u64 { Err(sparse::bad_map(at, "content too short for a map")) } else { Ok(()) }
    }

    fn old_sparse(&mut self, mut header: Header, visitor: &mut (impl Visitor + ?Sized)) -> Result<(), ReadError> {
        if block::layout(&self.block) != block::Layout::Gnu {
            return Err(sparse::bad_map(header.at, "a sparse file without a GNU header"));
        }
        let size = sparse::old_gnu_size(&self.block, header.at)?;
        let mut parts = Pairs::new();
        let more = sparse::old_gnu(&self.block, &mut parts, header.at)?;
        header.size = u64::try_from(size).map_err(|_| super::resolve::bad_size(size, header.at))?;
        if more {
            self.state = State::OldSparse { header: Box::new(header), parts };
            return Ok(());
        }
        self.begin_sparse(header, &parts, visitor)
    }

    fn check_map(&self, len: u64) -> Result<(), ReadError> {
        if len > self.limits.tar_records {
            return Err(over_limit(&self.limits, "tar-records", format!("{len} bytes of sparse map")).at(At::byte(self.at)));
        }
        Ok(())
    }

    fn text_map(
        &mut self,
        mut header: Box<Header>,
        mut map: TextMap,
        left: u64,
        at: u64,
        visitor: &mut (impl Visitor + ?Sized),
    ) -> Result<(), ReadError> {
        let left = left - BLOCK as u64;
        let parts = map.take(&self.block, at)?;
        self.check_map(map.len())?;
        let Some(parts) = parts else {
            self.state = State::TextSparse { header, map, left };
            return if left < BLOCK as u64 { Err(sparse::bad_map(at, "content too short for its map")) } else { Ok(()) };
        };
        header.stored = left;
        self.begin_sparse(*header, &parts, visitor)
    }

    fn begin_sparse(
        &mut self,
        mut header: Header,
        parts: &[(i64, i64)],
        visitor: &mut (impl Visitor + ?Sized),
    ) -> Result<(), ReadError> {
        let at = header.at;
        if !header.kind.has_content() {
            return Err(sparse::bad_map(at, "an entry without content"));
        }
        let parts = sparse::validate(parts, header.size, at).inspect_err(|_| oddity::bad_map(&header, &mut self.notes))?;
        let stored: u64 = parts.iter().map(|part| part.len).sum();
        if stored != header.stored {
            return Err(sparse::bad_map(at, format!("parts of {stored} bytes, {} stored", header.stored)));
        }
        self.holes = self.holes.saturating_add(header.size - stored);
        self.expanded = self.expanded.saturating_add(header.size);
        for (used, name, budget) in [(self.expanded, "output", self.limits.output), (self.holes, "holes", self.limits.holes)] {
            if used > budget {
                return Err(over_limit(&self.limits, name, format!("a sparse file of {} bytes", header.size)).at(At::byte(at)));
            }
        }
        header.data_at = self.at;
        let expansion = Expansion::new(parts, header.size);
        self.begin(header, Some(Box::new(expansion)), visitor);
        Ok(())
    }

    fn begin(&mut self, mut header: Header, sparse: Option<Box<Expansion>>, visitor: &mut (impl Visitor + ?Sized)) {
        header.data_at = self.at;
        self.entries += 1;
        visitor.entry(&header);
        self.state = State::Content { left: header.stored, padding: padding(header.stored), sparse };
        self.end_if_complete(visitor);
    }

    fn content(&mut self, bytes: &mut &[u8], visitor: &mut (impl Visitor + ?Sized)) -> Result<(), ReadError> {
        let State::Content { left, sparse, .. } = &mut self.state else { return Ok(()) };
        let wanted = match sparse.as_deref_mut() {
            None => *left,
            Some(expansion) => match expansion.next() {
                Piece::Stored(len) => len.min(*left),
                Piece::Hole(_) | Piece::Done => 0,
            },
        };
        let part = take(bytes, wanted);
        visitor.data(part);
        self.at += part.len() as u64;
        *left -= part.len() as u64;
        if let Some(expansion) = sparse {
            expansion.advance(part.len() as u64);
        }
        self.end_if_complete(visitor);
        Ok(())
    }

    /// Hands on holes that come next and ends the entry when nothing is left of it.
    fn end_if_complete(&mut self, visitor: &mut (impl Visitor + ?Sized)) {
        let State::Content { left, padding, sparse } = &mut self.state else { return };
        if let Some(expansion) = sparse {
            while let Piece::Hole(len) = expansion.next() {
                visitor.hole(len);
                expansion.advance(len);
            }
        }
        if *left == 0 {
            visitor.end_entry();
            self.state = if *padding == 0 { State::Header } else { State::Padding { left: *padding } };
        }
    }
}

/// Applies the name and size that sparse records give.
fn renamed(mut header: Header, records: &Records) -> Result<Header, ReadError> {
    if let Some(name) = records.value(b"GNU.sparse.name") {
        header.name = name.to_vec();
    }
    if let Some(size) = records.value(b"GNU.sparse.size").or_else(|| records.value(b"GNU.sparse.realsize")) {
        let number = super::number::decimal(size).and_then(|size| u64::try_from(size).ok());
        header.size = number.ok_or_else(|| sparse::bad_map(header.at, visible(size)))?;
    }
    Ok(header)
}

fn replace(slot: &mut Option<Vec<u8>>, data: Vec<u8>, replaced: &mut Vec<(Vec<u8>, Vec<u8>)>) {
    if let Some(earlier) = slot.replace(data.clone()).filter(|_| replaced.len() < 16) {
        replaced.push((earlier, data));
    }
}

/// Takes up to `len` bytes off the front.
fn take<'a>(bytes: &mut &'a [u8], len: u64) -> &'a [u8] {
    let len = usize::try_from(len).map_or(bytes.len(), |len| len.min(bytes.len()));
    let (part, rest) = bytes.split_at(len);
    *bytes = rest;
    part
}

/// Bytes from here to the next block.
fn padding(size: u64) -> u64 {
    size.wrapping_neg() % BLOCK as u64
}

/// Skips whole blocks of zeros after the end of an archive; false if there is none.
fn skip_zero_blocks(bytes: &mut &[u8], at: &mut u64) -> bool {
    let zeros = bytes.chunks_exact(BLOCK).take_while(|block| block.iter().all(|byte| *byte == 0)).count() * BLOCK;
    *bytes = &bytes[zeros..];
    *at += zeros as u64;
    zeros > 0
}
