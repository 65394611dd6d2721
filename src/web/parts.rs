//! Large parts of an archive whose file stage runs in a second helper, while the first one hashes the archive and the session's
//! worker walks it.
//!
//! Nothing here waits: pieces are posted as they come, and while too many are under way the session's worker keeps its answers
//! and windows back ([`Parts::are_behind`]), so that no more of the archive comes.

use super::helper::limits_text;
use super::note::{self, Line, Note};
use super::pieces::Pieces;
use crate::intake::limits::Limits;
use crate::intake::stage::Errands;
use js_sys::ArrayBuffer;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// Pieces that may be under way before the archive has to wait.
const CREDITS: u32 = 4;

/// The second helper, and the parts that it works on.
pub(super) struct Parts {
    line: Line,
    state: State,
    next: u32,
    open: Vec<Part>,
    /// What is gathered of the part that began last.
    gathered: Pieces,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    None,
    /// It was asked for, and has not said that it is there.
    Starting,
    Ready,
}

struct Part {
    id: u32,
    /// The source that it is a part of.
    source: u32,
    /// Pieces that were posted and did not come back.
    under_way: u32,
}

impl Default for Parts {
    /// No helper and no part. All buffers are kept that come back: there are only as many as were ever under way at once, and one
    /// that is let go lives on until the browser collects it.
    fn default() -> Self {
        Self { line: Line::default(), state: State::None, next: 0, open: Vec::new(), gathered: Pieces::keeping(usize::MAX) }
    }
}

impl Parts {
    /// Asks for a helper by this line.
    pub(super) fn hire(&mut self, line: Line) {
        if line.tell(note::HIRE).is_ok() {
            (self.line, self.state) = (line, State::Starting);
        }
    }

    pub(super) fn ready(&mut self) {
        if self.is_starting() {
            self.state = State::Ready;
        }
    }

    /// Whether there is a helper to come that has not said that it is there.
    pub(super) fn is_starting(&self) -> bool {
        self.state == State::Starting
    }

    /// The source that a part is of.
    pub(super) fn source(&self, part: u32) -> Option<u32> {
        self.open.iter().find(|open| open.id == part).map(|open| open.source)
    }

    /// Whether the archive has to wait.
    pub(super) fn are_behind(&self) -> bool {
        self.open.iter().map(|part| part.under_way).sum::<u32>() > CREDITS
    }

    /// A piece was taken.
    pub(super) fn came_back(&mut self, part: u32, buffer: ArrayBuffer) {
        if let Some(part) = self.open.iter_mut().find(|open| open.id == part) {
            part.under_way = part.under_way.saturating_sub(1);
        }
        self.gathered.came_back(buffer);
    }

    /// Gives a window back.
    ///
    /// # Errors
    /// When it cannot be transferred.
    pub(super) fn give_back(&self, window: ArrayBuffer) -> Result<(), JsValue> {
        self.line.post(Note { op: note::WINDOW, bytes: Some(window), ..Note::default() })
    }

    /// A part is done.
    pub(super) fn finished(&mut self, part: u32) {
        self.open.retain(|open| open.id != part);
    }

    /// Forgets the parts of a source.
    pub(super) fn forget(&mut self, source: u32) {
        for part in self.open.extract_if(.., |open| open.source == source).collect::<Vec<_>>() {
            // A helper that cannot be told works on for nobody.
            let _ = self.line.post(Note { op: note::DROP, source: part.id, ..Note::default() });
        }
    }

    /// Ends the helper, which broke or is not wanted any more. True if it had parts, which are lost.
    pub(super) fn end(&mut self) -> bool {
        if self.state != State::None {
            // One that cannot be told works on for nobody.
            let _ = self.line.tell(note::DISMISS);
            self.state = State::None;
        }
        let had = !self.open.is_empty();
        self.open.clear();
        had
    }

    fn begin(&mut self, source: u32, limits: &str) -> Option<u32> {
        if self.state != State::Ready {
            return None;
        }
        let id = self.next;
        self.line.post(Note { op: note::BEGIN, source: id, text: limits.to_owned(), ..Note::default() }).ok()?;
        self.next += 1;
        // A part that was forgotten may have left some bytes.
        self.gathered.forget();
        self.open.push(Part { id, source, under_way: 0 });
        Some(id)
    }

    fn fill(&mut self, part: u32, bytes: &[u8]) {
        self.gathered.fill(bytes);
        while let Some(piece) = self.gathered.next_full() {
            self.post(part, piece);
        }
    }

    fn post(&mut self, part: u32, (buffer, length): (ArrayBuffer, u32)) {
        let posted = self.line.post(Note { op: note::PIECE, source: part, length, bytes: Some(buffer), ..Note::default() });
        if let Some(part) = self.open.iter_mut().find(|open| open.id == part).filter(|_| posted.is_ok()) {
            part.under_way += 1;
        }
    }

    fn finish(&mut self, part: u32) {
        while let Some(piece) = self.gathered.next() {
            self.post(part, piece);
        }
        // If it cannot be told, its facts never come: the page then waits, and its cancel ends all workers.
        let _ = self.line.post(Note { op: note::END, source: part, ..Note::default() });
    }
}

/// Where the walk of a source leaves its parts.
pub(super) struct Outbox {
    parts: Rc<RefCell<Parts>>,
    source: u32,
    limits: String,
}

impl Outbox {
    pub(super) fn new(parts: &Rc<RefCell<Parts>>, source: u32, limits: &Limits) -> Self {
        Self { parts: Rc::clone(parts), source, limits: limits_text(limits) }
    }
}

impl Errands for Outbox {
    fn begin(&mut self) -> Option<u32> {
        self.parts.borrow_mut().begin(self.source, &self.limits)
    }

    fn push(&mut self, part: u32, bytes: &[u8]) {
        self.parts.borrow_mut().fill(part, bytes);
    }

    fn end(&mut self, part: u32) {
        self.parts.borrow_mut().finish(part);
    }
}
