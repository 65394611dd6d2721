//! A helper of the session: another instance in another worker of the page, which runs the file stages of large sources or of large
//! parts of an archive (hashes the file, decompresses it) and hands what it decompressed to the session's worker, window by
//! window. What is not compressed the session's worker has already.
//!
//! Messages are lists ([`Note`]). Only a few windows are under way at once: when the session falls behind,
//! the helper stops until a window comes back. Buffers go back to where they came from, to be filled again.

use super::message::scope;
use super::note::{self, Line, Note, Role};
use super::panics;
use super::pieces::Pieces;
use crate::intake::limits::Limits;
use crate::intake::stage::FileStage;
use gloo::events::EventListener;
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;

/// Windows that may be under way at once.
const CREDITS: u32 = 8;

/// Makes a helper of the worker that calls it, for what the page was asked to make it; says that it is there.
///
/// # Errors
/// When this is no dedicated worker, or nothing can be posted.
#[wasm_bindgen]
pub fn help(role: u32) -> Result<(), JsValue> {
    let scope = scope()?;
    panics::announce(&scope);
    let line = Line::new(&scope, Role::numbered(role));
    let mut helper =
        Helper { windows: Windows::new(line.clone()), stages: Vec::new(), queue: Vec::new(), piece: Vec::new(), at: 0 };
    EventListener::new(&scope, "message", move |event| {
        if let Some(note) = event.dyn_ref::<web_sys::MessageEvent>().and_then(|event| Note::read(&event.data())) {
            // What cannot be posted cannot be reported either: the page then waits, and its cancel ends all workers.
            let _ = helper.take(note);
        }
    })
    .forget();
    line.tell(note::READY)
}

struct Helper {
    windows: Windows,
    stages: Vec<(u32, FileStage)>,
    /// Oldest first; a page has a few pieces under way, so it stays short.
    queue: Vec<Task>,
    /// The piece at the front of the queue, copied into this instance, and how far it was taken.
    piece: Vec<u8>,
    at: usize,
}

enum Task {
    Piece { source: u32, buffer: ArrayBuffer, length: u32 },
    End { source: u32 },
}

impl Task {
    fn source(&self) -> u32 {
        match self {
            Self::Piece { source, .. } | Self::End { source } => *source,
        }
    }
}

impl Helper {
    fn take(&mut self, note: Note) -> Result<(), JsValue> {
        let source = note.source;
        match (note.op, note.bytes) {
            (note::BEGIN, _) => self.stages.push((source, FileStage::new(&limits_of(&note.text)))),
            (note::PIECE, Some(buffer)) => self.queue.push(Task::Piece { source, buffer, length: note.length }),
            (note::END, _) => self.queue.push(Task::End { source }),
            (note::DROP, _) => self.forget(source),
            (note::WINDOW, Some(buffer)) => self.windows.came_back(buffer),
            _ => {}
        }
        self.work()
    }

    fn forget(&mut self, source: u32) {
        drop(self.ended(source));
        if self.queue.first().is_some_and(|task| task.source() == source) {
            (self.piece, self.at) = (Vec::new(), 0);
        }
        self.queue.retain(|task| task.source() != source);
        self.windows.forget(source);
    }

    fn ended(&mut self, source: u32) -> Option<FileStage> {
        let place = self.stages.iter().position(|(id, _)| *id == source)?;
        Some(self.stages.swap_remove(place).1)
    }

    /// Works until nothing is left to do or too many windows are under way.
    fn work(&mut self) -> Result<(), JsValue> {
        while self.windows.have_room() {
            match self.queue.first() {
                None => return Ok(()),
                Some(Task::Piece { source, buffer, length }) => {
                    let (source, buffer, length) = (*source, buffer.clone(), *length);
                    self.bite(source, buffer, length)?;
                }
                Some(Task::End { source }) => {
                    let source = *source;
                    self.queue.remove(0);
                    self.end(source)?;
                }
            }
        }
        Ok(())
    }

    /// Takes some of the piece at the front: so much that what comes out is bounded.
    fn bite(&mut self, source: u32, buffer: ArrayBuffer, length: u32) -> Result<(), JsValue> {
        let Some((_, stage)) = self.stages.iter_mut().find(|(id, _)| *id == source) else {
            self.queue.remove(0);
            return Ok(());
        };
        if self.at == 0 {
            // Most pieces are of one size: nothing is cleared only to be written over.
            self.piece.resize(length as usize, 0);
            Uint8Array::new_with_byte_offset_and_length(&buffer, 0, length).copy_to(&mut self.piece);
        }
        let len = stage.bite().min(self.piece.len() - self.at);
        let windows = &mut self.windows;
        windows.start(source)?;
        stage.push(&self.piece[self.at..self.at + len], &mut |made| windows.gathered.fill(made));
        windows.send_full()?;
        self.at += len;
        if self.at == self.piece.len() {
            self.at = 0;
            self.queue.remove(0);
            self.windows.line.post(Note { op: note::PIECE, source, length, bytes: Some(buffer), ..Note::default() })?;
        }
        Ok(())
    }

    fn end(&mut self, source: u32) -> Result<(), JsValue> {
        let Some(stage) = self.ended(source) else { return Ok(()) };
        let windows = &mut self.windows;
        windows.start(source)?;
        let facts = stage.finish(&mut |made| windows.gathered.fill(made));
        windows.send_all()?;
        let bytes = Uint8Array::from(facts.to_wire().as_slice()).buffer();
        self.windows.line.post(Note {
            op: note::FACTS,
            source,
            length: bytes.byte_length(),
            bytes: Some(bytes),
            ..Note::default()
        })
    }
}

/// What comes out of the stage, on its way.
struct Windows {
    line: Line,
    gathered: Pieces,
    source: u32,
    under_way: u32,
}

impl Windows {
    fn new(line: Line) -> Self {
        // After a bite that made much there are more buffers than are ever needed again.
        Self { line, gathered: Pieces::keeping(CREDITS as usize), source: 0, under_way: 0 }
    }

    fn have_room(&self) -> bool {
        self.under_way < CREDITS
    }

    fn came_back(&mut self, buffer: ArrayBuffer) {
        self.under_way = self.under_way.saturating_sub(1);
        self.gathered.came_back(buffer);
    }

    /// What comes next is of this source.
    fn start(&mut self, source: u32) -> Result<(), JsValue> {
        if self.source != source {
            self.send_all()?;
            self.source = source;
        }
        Ok(())
    }

    fn forget(&mut self, source: u32) {
        if self.source == source {
            self.gathered.forget();
        }
    }

    fn send_full(&mut self) -> Result<(), JsValue> {
        while let Some(window) = self.gathered.next_full() {
            self.send(window)?;
        }
        Ok(())
    }

    fn send_all(&mut self) -> Result<(), JsValue> {
        while let Some(window) = self.gathered.next() {
            self.send(window)?;
        }
        Ok(())
    }

    fn send(&mut self, (window, length): (ArrayBuffer, u32)) -> Result<(), JsValue> {
        self.under_way += 1;
        self.line.post(Note { op: note::WINDOW, source: self.source, length, bytes: Some(window), ..Note::default() })
    }
}

/// The budgets that [`limits_text`] wrote.
fn limits_of(text: &str) -> Limits {
    let mut limits = Limits::default();
    for (name, value) in text.split(' ').filter_map(|limit| limit.split_once('=')) {
        if let Ok(value) = value.parse() {
            // Both sides are one build: there is no name that the other does not know.
            let _ = limits.set(name, value);
        }
    }
    limits
}

/// The budgets as a text.
pub(super) fn limits_text(limits: &Limits) -> String {
    let each: Vec<String> = limits.iter().map(|limit| format!("{}={}", limit.name, limit.value)).collect();
    each.join(" ")
}
