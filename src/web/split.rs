//! Large sources whose file stage runs in a helper ([`super::helper`]): the session's worker sends pieces down, takes what was
//! decompressed, and answers each request of the page when its piece was taken.
//!
//! Until the helper says that it is there, requests wait. If it cannot be had (the page says so, or has one processor), they are
//! done here. A second helper is for large parts of archives ([`super::parts`]); without it they are
//! read here.

use super::helper::limits_text;
use super::message::Incoming;
use super::note::{self, Line, Note, Role};
use super::parts::{Outbox, Parts};
use crate::intake::limits::Limits;
use crate::intake::stage::{FileFacts, LARGE, Tail};
use js_sys::ArrayBuffer;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::DedicatedWorkerGlobalScope;

/// The helper, and the sources that it works on.
#[derive(Default)]
pub(super) struct Split {
    line: Line,
    state: State,
    sources: Vec<(u32, Away)>,
    /// Parts of the sources, which a second helper works on.
    pub(super) parts: Rc<RefCell<Parts>>,
}

#[derive(Default)]
enum State {
    /// There is none, and none can be had.
    #[default]
    None,
    /// It was not needed yet.
    Possible,
    /// It was asked for, and it or the helper for parts has not said that it is there; what waits for them.
    Starting {
        is_there: bool,
        parked: Vec<Incoming>,
    },
    Ready,
    /// It broke while it was at work.
    Broken,
}

/// A source whose file stage runs in the helper.
pub(super) struct Away {
    pub(super) name: String,
    pub(super) size: Option<u64>,
    pub(super) tail: Tail,
    /// Bytes that were taken.
    pub(super) read: u64,
    /// Requests whose pieces are on their way, oldest first.
    pub(super) waiting: Vec<u32>,
    /// The request that ends the source.
    pub(super) closing: Option<u32>,
    /// What the file stage found, while parts are still read.
    pub(super) found: Option<FileFacts>,
}

impl Split {
    /// Helpers may be had from the page, which the worker with this scope talks to.
    pub(super) fn new(scope: &DedicatedWorkerGlobalScope) -> Self {
        Self { line: Line::new(scope, Role::Files), state: State::Possible, ..Self::default() }
    }

    /// Whether a source of this size is to be split; asks for the helpers if it is the first.
    pub(super) fn wants(&mut self, size: Option<u64>) -> bool {
        if size.is_none_or(|size| size < LARGE) {
            return false;
        }
        if matches!(self.state, State::Possible) {
            self.state = State::None;
            if self.line.tell(note::HIRE).is_ok() {
                self.state = State::Starting { is_there: false, parked: Vec::new() };
                self.parts.borrow_mut().hire(self.line.with(Role::Parts));
            }
        }
        matches!(self.state, State::Starting { .. } | State::Ready)
    }

    /// Begins a source.
    ///
    /// # Errors
    /// When nothing can be posted.
    pub(super) fn begin(&mut self, source: u32, name: &str, size: Option<u64>, limits: &Limits) -> Result<(), JsValue> {
        let tail = Tail::new(name, size, limits).with_errands(Box::new(Outbox::new(&self.parts, source, limits)));
        let away = Away { name: name.to_owned(), size, tail, read: 0, waiting: Vec::new(), closing: None, found: None };
        self.sources.push((source, away));
        self.send(Note { op: note::BEGIN, source, text: limits_text(limits), ..Note::default() })
    }

    pub(super) fn has(&self, source: u32) -> bool {
        self.sources.iter().any(|(id, _)| *id == source)
    }

    pub(super) fn get(&mut self, source: u32) -> Option<&mut Away> {
        self.sources.iter_mut().find(|(id, _)| *id == source).map(|(_, away)| away)
    }

    /// Whether the helper broke: what it had is lost.
    pub(super) fn is_broken(&self) -> bool {
        matches!(self.state, State::Broken)
    }

    /// Keeps a request until the helper is there; gives it back if it is.
    pub(super) fn park(&mut self, incoming: Incoming) -> Option<Incoming> {
        match &mut self.state {
            State::Starting { parked, .. } => {
                parked.push(incoming);
                None
            }
            _ => Some(incoming),
        }
    }

    /// The helper is there.
    pub(super) fn ready(&mut self) {
        if let State::Starting { is_there, .. } = &mut self.state {
            *is_there = true;
        }
    }

    /// What waited for the helpers, once nobody has to be waited for any more.
    pub(super) fn settled(&mut self) -> Vec<Incoming> {
        match std::mem::take(&mut self.state) {
            State::Starting { is_there: true, parked } if !self.parts.borrow().is_starting() => {
                self.state = State::Ready;
                parked
            }
            other => {
                self.state = other;
                Vec::new()
            }
        }
    }

    /// The helper broke. If it never was there, what waited for it and the sources to be read here instead; else the requests
    /// that will not be answered.
    pub(super) fn gone(&mut self) -> Gone {
        let sources = std::mem::take(&mut self.sources);
        self.parts.borrow_mut().end();
        // One that cannot be told works on for nobody.
        let _ = self.line.tell(note::DISMISS);
        match std::mem::take(&mut self.state) {
            State::Starting { parked, .. } => Gone::NeverThere { sources, parked },
            State::Ready => {
                self.state = State::Broken;
                let lost = |away: Away| away.waiting.into_iter().chain(away.closing);
                Gone::Broke { requests: sources.into_iter().flat_map(|(_, away)| lost(away)).collect() }
            }
            other => {
                self.state = other;
                Gone::Broke { requests: Vec::new() }
            }
        }
    }

    /// Sends a piece down.
    ///
    /// # Errors
    /// When it cannot be transferred.
    pub(super) fn piece(&mut self, source: u32, request: u32, bytes: ArrayBuffer, length: u32) -> Result<(), JsValue> {
        if let Some(away) = self.get(source) {
            away.waiting.push(request);
        }
        self.send(Note { op: note::PIECE, source, length, bytes: Some(bytes), ..Note::default() })
    }

    /// Says that a source is complete.
    ///
    /// # Errors
    /// When nothing can be posted.
    pub(super) fn end(&mut self, source: u32, request: u32) -> Result<(), JsValue> {
        if let Some(away) = self.get(source) {
            away.closing = Some(request);
        }
        self.send(Note { op: note::END, source, ..Note::default() })
    }

    /// Forgets a source; gives what it had.
    pub(super) fn forget(&mut self, source: u32) -> Option<Away> {
        let away = self.finished(source)?;
        self.parts.borrow_mut().forget(source);
        // A helper that cannot be told works on for nobody.
        let _ = self.send(Note { op: note::DROP, source, ..Note::default() });
        Some(away)
    }

    /// Takes a source out whose facts came.
    pub(super) fn finished(&mut self, source: u32) -> Option<Away> {
        let place = self.sources.iter().position(|(id, _)| *id == source)?;
        Some(self.sources.swap_remove(place).1)
    }

    /// Gives a window back.
    ///
    /// # Errors
    /// When it cannot be transferred.
    pub(super) fn give_back(&self, window: ArrayBuffer) -> Result<(), JsValue> {
        self.send(Note { op: note::WINDOW, bytes: Some(window), ..Note::default() })
    }

    fn send(&self, note: Note) -> Result<(), JsValue> {
        match &self.state {
            State::Starting { .. } | State::Ready => self.line.post(note),
            _ => Ok(()),
        }
    }
}

/// What is left when a helper is gone.
pub(super) enum Gone {
    /// It never said that it was there: nothing is lost.
    NeverThere { sources: Vec<(u32, Away)>, parked: Vec<Incoming> },
    /// It had bytes that nobody else has.
    Broke { requests: Vec<u32> },
}
