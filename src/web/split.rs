//! Large sources whose file stage runs in a helper ([`super::helper`]): the session's worker sends pieces down, takes what came
//! out of them, and answers each request of the page when its piece was taken.
//!
//! Until the helper says that it is there, requests wait. If it cannot be had (the browser refuses a worker in a worker, or has
//! one processor), they are done here.

use super::helper::limits_text;
use super::message::Incoming;
use super::note::{self, Note};
use crate::intake::limits::Limits;
use crate::intake::stage::Tail;
use js_sys::{ArrayBuffer, Function};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Worker;

/// Sources below this size, in bytes, are read in one place: to start a helper would cost more.
const LARGE: u64 = 8 << 20;

/// The helper, and the sources that it works on.
#[derive(Default)]
pub(super) struct Split {
    state: State,
    sources: Vec<(u32, Away)>,
}

#[derive(Default)]
enum State {
    /// There is none, and none can be had.
    #[default]
    None,
    /// It was not needed yet; who can make one.
    Possible(Function),
    /// It was made and has not said that it is there; what waits for it.
    Starting(Worker, Vec<Incoming>),
    Ready(Worker),
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
}

impl Split {
    /// A helper may be had from this function, which gives a worker or `undefined`.
    pub(super) fn new(hire: Function) -> Self {
        Self { state: State::Possible(hire), sources: Vec::new() }
    }

    /// Whether a source of this size is to be split; hires the helper if it is the first. `listen` is given the new worker.
    pub(super) fn wants(&mut self, size: Option<u64>, listen: impl FnOnce(&Worker)) -> bool {
        if size.is_none_or(|size| size < LARGE) {
            return false;
        }
        if let State::Possible(hire) = &self.state {
            let worker = hire.call0(&JsValue::NULL).ok().and_then(|worker| worker.dyn_into::<Worker>().ok());
            self.state = worker.map_or(State::None, |worker| {
                listen(&worker);
                State::Starting(worker, Vec::new())
            });
        }
        matches!(self.state, State::Starting(..) | State::Ready(_))
    }

    /// Begins a source.
    ///
    /// # Errors
    /// When nothing can be posted.
    pub(super) fn begin(&mut self, source: u32, name: &str, size: Option<u64>, limits: &Limits) -> Result<(), JsValue> {
        let tail = Tail::new(name, size, limits);
        let away = Away { name: name.to_owned(), size, tail, read: 0, waiting: Vec::new(), closing: None };
        self.sources.push((source, away));
        self.send(&Note { op: note::BEGIN, source, text: limits_text(limits), ..Note::default() })
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
            State::Starting(_, parked) => {
                parked.push(incoming);
                None
            }
            _ => Some(incoming),
        }
    }

    /// The helper is there: what waited for it.
    pub(super) fn ready(&mut self) -> Vec<Incoming> {
        match std::mem::take(&mut self.state) {
            State::Starting(worker, parked) => {
                self.state = State::Ready(worker);
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
        match std::mem::take(&mut self.state) {
            State::Starting(worker, parked) => {
                worker.terminate();
                Gone::NeverThere { sources, parked }
            }
            State::Ready(worker) => {
                worker.terminate();
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
        self.send(&Note { op: note::PIECE, source, length, bytes: Some(bytes), ..Note::default() })
    }

    /// Says that a source is complete.
    ///
    /// # Errors
    /// When nothing can be posted.
    pub(super) fn end(&mut self, source: u32, request: u32) -> Result<(), JsValue> {
        if let Some(away) = self.get(source) {
            away.closing = Some(request);
        }
        self.send(&Note { op: note::END, source, ..Note::default() })
    }

    /// Forgets a source; gives what it had.
    pub(super) fn forget(&mut self, source: u32) -> Option<Away> {
        let away = self.finished(source)?;
        // A helper that cannot be told works on for nobody.
        let _ = self.send(&Note { op: note::DROP, source, ..Note::default() });
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
        self.send(&Note { op: note::WINDOW, bytes: Some(window), ..Note::default() })
    }

    fn send(&self, note: &Note) -> Result<(), JsValue> {
        match &self.state {
            State::Starting(worker, _) | State::Ready(worker) => note::post_down(worker, note),
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
