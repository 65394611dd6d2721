//! Takes a message, asks the session, makes the answer.

use super::message::{Incoming, Outgoing};
use super::note::{self, Note};
use super::panics;
use super::split::{Gone, Split};
use crate::finding::Args;
use crate::intake::stage::FileFacts;
use crate::report::catalogue;
use crate::session::Session;
use crate::session::protocol::{Request, Response};
use js_sys::{ArrayBuffer, Function, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::Worker;

/// A session, the one buffer through which all bytes come in, and the helper that large sources are split with.
#[derive(Default)]
pub struct Desk {
    session: Session,
    buffer: Vec<u8>,
    split: Split,
    /// Is given a helper that was made, to listen to it.
    listen: Option<Box<dyn Fn(&Worker)>>,
}

impl Desk {
    /// A desk that may ask `hire` for a worker to split large sources with; `listen` is given that worker and has to bring its
    /// messages to [`Desk::heard`], its errors to [`Desk::helper_gone`].
    pub fn with_helper(hire: Function, listen: Box<dyn Fn(&Worker)>) -> Self {
        Self { split: Split::new(hire), listen: Some(listen), ..Self::default() }
    }

    /// The answer to one message, or nothing yet when a helper has to do its part first. A message that cannot be understood is
    /// answered too, by `failed`.
    ///
    /// # Errors
    /// When the answer cannot be turned into a JavaScript value.
    pub fn answer(&mut self, message: &JsValue) -> Result<Option<Outgoing>, JsValue> {
        match Incoming::read(message) {
            Ok(incoming) => self.handled(incoming),
            Err(unreadable) => Outgoing::new(unreadable.request, &failed("web.unreadable-message", &unreadable.why)).map(Some),
        }
    }

    fn handled(&mut self, incoming: Incoming) -> Result<Option<Outgoing>, JsValue> {
        panics::serving(incoming.request);
        match &incoming.body {
            Request::Open { name, size } => self.opened(incoming.request, name, *size).transpose(),
            Request::Push { source } | Request::Close { source } if self.split.has(*source) => self.sent_down(incoming),
            Request::Push { .. } | Request::Close { .. } if self.split.is_broken() => {
                Outgoing::new(incoming.request, &failed("web.panicked", "the helper")).map(Some)
            }
            Request::Remove { source } => {
                self.split.forget(*source);
                self.here(incoming).map(Some)
            }
            _ => self.here(incoming).map(Some),
        }
    }

    /// Answers by the session alone.
    fn here(&mut self, Incoming { request, body, bytes, length }: Incoming) -> Result<Outgoing, JsValue> {
        let count = self.take(bytes.as_ref(), length);
        let answer = self.session.handle(&body, &self.buffer[..count]);
        let outgoing = Outgoing::new(request, &answer.response)?;
        if answer.bytes.is_empty() {
            bytes.map_or(Ok(outgoing.clone()), |buffer| outgoing.with_bytes(&buffer))
        } else {
            outgoing.with_bytes(&Uint8Array::from(answer.bytes.as_slice()).buffer())
        }
    }

    fn opened(&mut self, request: u32, name: &str, size: Option<u64>) -> Option<Result<Outgoing, JsValue>> {
        let listen = self.listen.as_deref();
        let is_split = self.split.wants(size, |worker| {
            if let Some(listen) = listen {
                listen(worker);
            }
        });
        let source = if is_split { self.session.reserve() } else { self.session.open(name, size) };
        if is_split && let Err(error) = self.split.begin(source, name, size, self.session.limits()) {
            return Some(Err(error));
        }
        Some(Outgoing::new(request, &Response::Opened { source }))
    }

    /// Sends a request about a split source down, or keeps it until somebody is there.
    fn sent_down(&mut self, incoming: Incoming) -> Result<Option<Outgoing>, JsValue> {
        let Some(Incoming { request, body, bytes, length }) = self.split.park(incoming) else { return Ok(None) };
        match (body, bytes) {
            (Request::Push { source }, Some(bytes)) => self.split.piece(source, request, bytes, length)?,
            (Request::Push { source }, None) => {
                let read = self.split.get(source).map_or(0, |away| away.read);
                return Outgoing::new(request, &Response::Taken { source, read }).map(Some);
            }
            (Request::Close { source }, _) => self.split.end(source, request)?,
            _ => {}
        }
        Ok(None)
    }

    /// Takes a message of the helper; gives the answers that it makes possible.
    ///
    /// # Errors
    /// When an answer cannot be made or a buffer not be given back.
    pub fn heard(&mut self, message: &JsValue) -> Result<Vec<Outgoing>, JsValue> {
        let Note { op, source, length, compressed, bytes, .. } = Note::read(message);
        match (op, bytes) {
            (note::READY, _) => {
                let parked = self.split.ready();
                self.all(parked)
            }
            (note::WINDOW, Some(window)) => {
                self.window(source, compressed, &window, length);
                self.split.give_back(window).map(|()| Vec::new())
            }
            (note::PIECE, Some(piece)) => self.taken(source, &piece, length),
            (note::FACTS, Some(facts)) => self.closed(source, &facts),
            (0, _) => self.helper_gone(),
            _ => Ok(Vec::new()),
        }
    }

    fn window(&mut self, source: u32, compressed: bool, window: &ArrayBuffer, length: u32) {
        let count = self.take(Some(window), length);
        if let Some(away) = self.split.get(source) {
            panics::serving(away.waiting.first().copied().or(away.closing).unwrap_or_default());
            away.tail.push(compressed, &self.buffer[..count]);
        }
    }

    fn taken(&mut self, source: u32, piece: &ArrayBuffer, length: u32) -> Result<Vec<Outgoing>, JsValue> {
        let Some(away) = self.split.get(source) else { return Ok(Vec::new()) };
        away.read += u64::from(length);
        if away.waiting.is_empty() {
            return Ok(Vec::new());
        }
        let (read, request) = (away.read, away.waiting.remove(0));
        Ok(vec![Outgoing::new(request, &Response::Taken { source, read })?.with_bytes(piece)?])
    }

    fn closed(&mut self, source: u32, facts: &ArrayBuffer) -> Result<Vec<Outgoing>, JsValue> {
        let Some(away) = self.split.finished(source) else { return Ok(Vec::new()) };
        let request = away.closing.unwrap_or_default();
        panics::serving(request);
        let response = match FileFacts::from_wire(&Uint8Array::new(facts).to_vec()) {
            Some(facts) => {
                self.session.adopt(source, away.tail.close(facts));
                self.session.handle(&Request::Close { source }, &[]).response
            }
            None => failed("web.panicked", "facts that are none"),
        };
        Outgoing::new(request, &response).map(|outgoing| vec![outgoing])
    }

    /// The helper is gone. If it never was there, its sources are read here; else their requests fail.
    ///
    /// # Errors
    /// When an answer cannot be made.
    pub fn helper_gone(&mut self) -> Result<Vec<Outgoing>, JsValue> {
        match self.split.gone() {
            Gone::NeverThere { sources, parked } => {
                for (source, away) in sources {
                    self.session.open_reserved(source, &away.name, away.size);
                }
                self.all(parked)
            }
            Gone::Broke { requests } => {
                let response = failed("web.panicked", "the helper");
                requests.into_iter().map(|request| Outgoing::new(request, &response)).collect()
            }
        }
    }

    fn all(&mut self, requests: Vec<Incoming>) -> Result<Vec<Outgoing>, JsValue> {
        requests.into_iter().filter_map(|incoming| self.handled(incoming).transpose()).collect()
    }

    /// Copies what counts of the bytes into our memory; the buffer keeps its size from message to message, since to clear it
    /// anew costs as much as the copy.
    fn take(&mut self, bytes: Option<&ArrayBuffer>, length: u32) -> usize {
        let Some(bytes) = bytes else { return 0 };
        let length = length.min(bytes.byte_length());
        let count = length as usize;
        if self.buffer.len() < count {
            self.buffer.resize(count, 0);
        }
        Uint8Array::new_with_byte_offset_and_length(bytes, 0, length).copy_to(&mut self.buffer[..count]);
        count
    }
}

/// A failure in the words of the catalogue.
fn failed(code: &str, found: &str) -> Response {
    let args = Args::new().with("found", found);
    Response::Failed {
        code: code.to_owned(),
        text: catalogue::text(code, &args),
        advice: catalogue::advice(code, &args).unwrap_or_default(),
    }
}
