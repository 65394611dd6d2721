//! Takes a message, asks the session, makes the answer.

use super::message::{Incoming, Outgoing};
use super::note::{self, Note, Role};
use super::panics;
use super::split::{Gone, Split};
use crate::finding::Args;
use crate::intake::stage::FileFacts;
use crate::report::catalogue;
use crate::session::Session;
use crate::session::protocol::{Request, Response};
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::DedicatedWorkerGlobalScope;

/// A session, the one buffer through which all bytes come in, and the helper that large sources are split with.
#[derive(Default)]
pub struct Desk {
    session: Session,
    buffer: Vec<u8>,
    split: Split,
    /// What waits until the helper for parts has caught up.
    held: Vec<Held>,
}

enum Held {
    Answer(Outgoing),
    Window(ArrayBuffer),
}

impl Desk {
    /// A desk in the worker with this scope, which may ask its page for helpers; the page brings their notes to [`Desk::answers`].
    pub fn with_helpers(scope: &DedicatedWorkerGlobalScope) -> Self {
        Self { split: Split::new(scope), ..Self::default() }
    }

    /// The answers that a message of the page makes possible: to a request, or after a note of a helper.
    ///
    /// # Errors
    /// When an answer cannot be turned into a JavaScript value, or a buffer not be given back.
    pub fn answers(&mut self, message: &JsValue) -> Result<Vec<Outgoing>, JsValue> {
        match Note::read(message) {
            Some(note) => self.heard(note),
            None => self.answer(message).map(Vec::from_iter),
        }
    }

    /// The answer to a request, or nothing yet when a helper has to do its part first. A message that cannot be understood is
    /// answered too, by `failed`.
    fn answer(&mut self, message: &JsValue) -> Result<Option<Outgoing>, JsValue> {
        match Incoming::read(message) {
            Ok(incoming) => self.handled(incoming),
            Err(unreadable) => Outgoing::new(unreadable.request, &failed("web.unreadable-message", &unreadable.why)).map(Some),
        }
    }

    fn handled(&mut self, incoming: Incoming) -> Result<Option<Outgoing>, JsValue> {
        panics::serving(incoming.request);
        match &incoming.body {
            Request::Open { name, size } => self.opened(incoming.request, name, *size).map(Some),
            Request::Push { source } | Request::Close { source } if self.split.has(*source) => self.sent_down(incoming),
            Request::Push { .. } | Request::Close { .. } if self.split.is_broken() => {
                Outgoing::new(incoming.request, &failed("web.panicked", "the helper")).map(Some)
            }
            Request::Remove { source } => {
                self.split.forget(*source);
                // Windows of it may have waited for parts that are gone with it; answers go with the next that is heard.
                self.held = self.release()?.into_iter().map(Held::Answer).collect();
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

    fn opened(&mut self, request: u32, name: &str, size: Option<u64>) -> Result<Outgoing, JsValue> {
        let is_split = self.split.wants(size);
        let source = if is_split { self.session.reserve() } else { self.session.open(name, size) };
        if is_split {
            self.split.begin(source, name, size, self.session.limits())?;
        }
        Outgoing::new(request, &Response::Opened { source })
    }

    /// Sends a request about a split source down, or keeps it until somebody is there.
    fn sent_down(&mut self, incoming: Incoming) -> Result<Option<Outgoing>, JsValue> {
        let Some(Incoming { request, body, bytes, length }) = self.split.park(incoming) else { return Ok(None) };
        match (body, bytes) {
            (Request::Push { source }, Some(bytes)) => self.piece(source, request, bytes, length)?,
            (Request::Push { source }, None) => {
                let read = self.split.get(source).map_or(0, |away| away.read);
                return Outgoing::new(request, &Response::Taken { source, read }).map(Some);
            }
            (Request::Close { source }, _) => self.split.end(source, request)?,
            _ => {}
        }
        Ok(None)
    }

    /// Sends a piece down; what is not compressed is read here at the same time.
    fn piece(&mut self, source: u32, request: u32, bytes: ArrayBuffer, length: u32) -> Result<(), JsValue> {
        let reads = self.split.get(source).is_some_and(|away| away.tail.reads_file());
        let count = if reads { self.take(Some(&bytes), length) } else { 0 };
        self.split.piece(source, request, bytes, length)?;
        if let Some(away) = self.split.get(source).filter(|_| reads) {
            away.tail.file(&self.buffer[..count]);
        }
        Ok(())
    }

    /// Takes a note of a helper, or of the page about one.
    fn heard(&mut self, note: Note) -> Result<Vec<Outgoing>, JsValue> {
        match note.role {
            role if note.op == note::BROKEN => self.helper_gone(role),
            Role::Files => self.heard_of_file(note),
            Role::Parts => self.heard_of_part(note),
        }
    }

    fn heard_of_file(&mut self, Note { op, source, length, bytes, .. }: Note) -> Result<Vec<Outgoing>, JsValue> {
        match (op, bytes) {
            (note::READY, _) => {
                self.split.ready();
                self.settled()
            }
            (note::WINDOW, Some(window)) => {
                let count = self.take(Some(&window), length);
                if let Some(away) = self.split.get(source) {
                    panics::serving(away.waiting.first().copied().or(away.closing).unwrap_or_default());
                    away.tail.unpacked(&self.buffer[..count]);
                }
                self.held.push(Held::Window(window));
                self.release()
            }
            (note::PIECE, Some(piece)) => {
                let answer = self.taken(source, &piece, length)?;
                self.held.extend(answer.map(Held::Answer));
                self.release()
            }
            (note::FACTS, Some(facts)) => {
                if let Some(away) = self.split.get(source) {
                    away.tail.end();
                    away.found = FileFacts::from_wire(&Uint8Array::new(&facts).to_vec());
                    if away.found.is_none() {
                        return self.helper_gone(Role::Files);
                    }
                }
                self.closed(source)
            }
            _ => Ok(Vec::new()),
        }
    }

    fn heard_of_part(&mut self, Note { op, source: part, length, bytes, .. }: Note) -> Result<Vec<Outgoing>, JsValue> {
        let source = self.split.parts.borrow().source(part);
        match (op, bytes) {
            (note::READY, _) => {
                self.split.parts.borrow_mut().ready();
                return self.settled();
            }
            (note::WINDOW, Some(window)) => {
                let count = self.take(Some(&window), length);
                if let Some(away) = source.and_then(|source| self.split.get(source)) {
                    away.tail.part_unpacked(part, &self.buffer[..count]);
                }
                self.split.parts.borrow().give_back(window)?;
            }
            (note::PIECE, Some(piece)) => self.split.parts.borrow_mut().came_back(part, piece),
            (note::FACTS, Some(facts)) => {
                self.split.parts.borrow_mut().finished(part);
                let Some(source) = source else { return Ok(Vec::new()) };
                let Some(facts) = FileFacts::from_wire(&Uint8Array::new(&facts).to_vec()) else {
                    return self.helper_gone(Role::Parts);
                };
                if let Some(away) = self.split.get(source) {
                    away.tail.part_done(part, facts);
                }
                let mut answers = self.release()?;
                answers.extend(self.closed(source)?);
                return Ok(answers);
            }
            _ => {}
        }
        self.release()
    }

    /// Gives back what was held, unless the archive still has to wait for its parts.
    fn release(&mut self) -> Result<Vec<Outgoing>, JsValue> {
        if self.split.parts.borrow().are_behind() {
            return Ok(Vec::new());
        }
        let mut answers = Vec::new();
        for held in std::mem::take(&mut self.held) {
            match held {
                Held::Answer(answer) => answers.push(answer),
                Held::Window(window) => self.split.give_back(window)?,
            }
        }
        Ok(answers)
    }

    fn taken(&mut self, source: u32, piece: &ArrayBuffer, length: u32) -> Result<Option<Outgoing>, JsValue> {
        let Some(away) = self.split.get(source) else { return Ok(None) };
        away.read += u64::from(length);
        if away.waiting.is_empty() {
            return Ok(None);
        }
        let (read, request) = (away.read, away.waiting.remove(0));
        Outgoing::new(request, &Response::Taken { source, read })?.with_bytes(piece).map(Some)
    }

    /// Ends a source, once everything of it was found.
    fn closed(&mut self, source: u32) -> Result<Vec<Outgoing>, JsValue> {
        if self.split.get(source).is_none_or(|away| away.found.is_none() || away.tail.open_parts() > 0) {
            return Ok(Vec::new());
        }
        let Some(away) = self.split.finished(source) else { return Ok(Vec::new()) };
        let request = away.closing.unwrap_or_default();
        panics::serving(request);
        if let Some(facts) = away.found {
            self.session.adopt(source, away.tail.close(facts));
        }
        let response = self.session.handle(&Request::Close { source }, &[]).response;
        Outgoing::new(request, &response).map(|outgoing| vec![outgoing])
    }

    /// A helper is gone. If it never was there, its sources are read here; else their requests fail. Parts that nobody had yet
    /// are read here, too.
    fn helper_gone(&mut self, role: Role) -> Result<Vec<Outgoing>, JsValue> {
        if role == Role::Parts && !self.split.parts.borrow_mut().end() {
            return self.settled();
        }
        self.held.clear();
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

    /// Does what waited for the helpers, if they are there.
    fn settled(&mut self) -> Result<Vec<Outgoing>, JsValue> {
        let parked = self.split.settled();
        self.all(parked)
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
