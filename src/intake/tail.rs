//! Second stages of files whose first one, a [`FileStage`](super::stage::FileStage), runs elsewhere: of a whole source, and of
//! the large parts of an archive.

use super::collect::Collector;
use super::facts::BlobFacts;
use super::limits::Limits;
use super::sniff;
use super::stage::{FileFacts, MAGIC, StreamStage, join};

/// Runs the file stages of large parts of an archive elsewhere: in another worker, on another thread.
///
/// What comes out of them goes to [`Tail::part_unpacked`] and [`Tail::part_done`]. None of this waits: who cannot keep up lets
/// the next bytes of the archive wait.
pub trait Errands {
    /// A part begins. Gives the number that it is known by, or nothing when nobody is there to take it.
    fn begin(&mut self) -> Option<u32>;

    /// The next bytes of a part.
    fn push(&mut self, part: u32, bytes: &[u8]);

    /// A part is complete.
    fn end(&mut self, part: u32);
}

/// Errands as a stage holds them. Stages are moved from thread to thread, but not in WebAssembly, where they hold objects of
/// JavaScript.
#[cfg(not(target_family = "wasm"))]
pub type BoxedErrands = Box<dyn Errands + Send>;
/// Errands as a stage holds them; elsewhere than in WebAssembly they can be moved to another thread.
#[cfg(target_family = "wasm")]
pub type BoxedErrands = Box<dyn Errands>;

/// The second stage of a source whose first one runs elsewhere.
///
/// It is given the bytes of the file, too: if they are not compressed they are the stream, and nobody has to send them back.
pub struct Tail {
    name: String,
    expected: Option<u64>,
    limits: Limits,
    level: u64,
    room: u64,
    /// Bytes before it is known whether the file is compressed.
    start: Vec<u8>,
    is_plain: Option<bool>,
    stream: Option<StreamStage>,
    errands: Option<BoxedErrands>,
}

impl Tail {
    /// The end of a source named `name`; see [`Source::new`](super::Source::new).
    pub fn new(name: impl Into<String>, size: Option<u64>, limits: &Limits) -> Self {
        Self::inside(name.into(), size, limits, 0, limits.kept)
    }

    /// Lets the file stages of large parts run elsewhere, if this is an archive that has some.
    pub fn with_errands(self, errands: BoxedErrands) -> Self {
        Self { errands: Some(errands), ..self }
    }

    /// The end of a source that lies in `level` archives and may keep `room` bytes.
    pub(super) fn inside(name: String, expected: Option<u64>, limits: &Limits, level: u64, room: u64) -> Self {
        let limits = limits.clone();
        Self { name, expected, limits, level, room, start: Vec::new(), is_plain: None, stream: None, errands: None }
    }

    /// Whether the bytes of the file are still of use here.
    pub fn reads_file(&self) -> bool {
        self.is_plain != Some(false)
    }

    /// Takes the next bytes of the file.
    pub fn file(&mut self, bytes: &[u8]) {
        match self.is_plain {
            Some(true) => self.stream(false).push(bytes),
            Some(false) => {}
            None => {
                let (head, rest) = bytes.split_at((MAGIC - self.start.len()).min(bytes.len()));
                self.start.extend_from_slice(head);
                if self.start.len() == MAGIC {
                    self.decide();
                    self.file(rest);
                }
            }
        }
    }

    fn decide(&mut self) {
        let start = std::mem::take(&mut self.start);
        let is_plain = sniff::compression(&start).is_none();
        self.is_plain = Some(is_plain);
        if is_plain {
            self.stream(false).push(&start);
        }
    }

    /// Takes the next bytes that came out of a file stage that decompresses.
    pub fn unpacked(&mut self, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.stream(true).push(bytes);
        }
    }

    /// Bytes of the stream so far.
    pub(super) fn streamed(&self) -> u64 {
        self.stream.as_ref().map_or(0, StreamStage::size)
    }

    fn stream(&mut self, compressed: bool) -> &mut StreamStage {
        let Self { limits, level, room, stream, errands, .. } = self;
        stream.get_or_insert_with(|| StreamStage::new(limits, compressed, *level, *room).with_errands(errands.take()))
    }

    /// Takes the next bytes that came out of a part.
    pub fn part_unpacked(&mut self, part: u32, bytes: &[u8]) {
        if let Some(collector) = self.collector() {
            collector.part_unpacked(part, bytes);
        }
    }

    /// Takes what the file stage of a part found.
    pub fn part_done(&mut self, part: u32, facts: FileFacts) {
        if let Some(collector) = self.collector() {
            collector.part_done(part, facts);
        }
    }

    /// No more bytes come. A part that the archive breaks off in ends with them.
    pub fn end(&mut self) {
        if self.is_plain.is_none() {
            self.decide();
        }
        if let Some(collector) = self.collector() {
            collector.end_part();
        }
    }

    /// Parts whose file stage is not done.
    pub fn open_parts(&mut self) -> usize {
        self.collector().map_or(0, |collector| collector.open_parts())
    }

    fn collector(&mut self) -> Option<&mut Collector> {
        self.stream.as_mut()?.collector()
    }

    /// Ends the source. A part that is still open counts as one that was never read, so there should be none.
    pub fn close(mut self, file: FileFacts) -> BlobFacts {
        self.end();
        let compressed = file.compression.is_some();
        let Self { name, expected, limits, level, room, stream, .. } = self;
        let stream = stream.unwrap_or_else(|| StreamStage::new(&limits, compressed, level, room));
        join(name, expected, file, stream.finish())
    }
}
