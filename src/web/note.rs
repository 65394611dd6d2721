//! What passes between the session's worker and its helpers: lists `[role, op, source, length, text, bytes]`, the bytes
//! transferred. A list, since names of fields would be made anew for each of thousands of messages, for the browser to collect.
//!
//! The page makes the helpers and passes the lists on as they are (`www/src/shell/helpers.ts`, which knows the first two numbers
//! and the place of the bytes). Measured for 3,000 round trips of 1 MiB in Chromium and Firefox: 0.3 s by way of the page, 0.2 s
//! from a worker to one that it made itself, 25 s through a `MessageChannel` in Firefox. A worker that makes workers is no
//! choice: in Firefox 153 about one of a hundred that were made beside other work never came back from `new Worker`, and WebKit
//! lets no worker of a page from disk make one.

use js_sys::{Array, ArrayBuffer};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DedicatedWorkerGlobalScope;

/// The page: a helper could not be had, or it broke.
pub(super) const BROKEN: u32 = 0;
/// The helper is there.
pub(super) const READY: u32 = 1;
/// A source begins; `text` has the budgets.
pub(super) const BEGIN: u32 = 2;
/// The next bytes of a source; the same back, once they were taken.
pub(super) const PIECE: u32 = 3;
/// The source is complete.
pub(super) const END: u32 = 4;
/// The source is not wanted any more.
pub(super) const DROP: u32 = 5;
/// The next bytes that were decompressed; the buffer back, once they were taken.
pub(super) const WINDOW: u32 = 6;
/// What the stage found ([`FileFacts::to_wire`](crate::intake::stage::FileFacts::to_wire)).
pub(super) const FACTS: u32 = 7;
/// To the page: make a helper.
pub(super) const HIRE: u32 = 8;
/// To the page: end a helper.
pub(super) const DISMISS: u32 = 9;

/// What a helper is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Role {
    /// Whole sources.
    #[default]
    Files,
    /// Large parts of archives.
    Parts,
}

impl Role {
    /// The role with this number.
    pub(super) fn numbered(number: u32) -> Self {
        if number == Self::Parts as u32 { Self::Parts } else { Self::Files }
    }
}

/// One message.
#[derive(Debug, Default)]
pub(super) struct Note {
    /// The helper that it is for or from.
    pub(super) role: Role,
    /// What it is about.
    pub(super) op: u32,
    pub(super) source: u32,
    /// Bytes that count.
    pub(super) length: u32,
    pub(super) text: String,
    pub(super) bytes: Option<ArrayBuffer>,
}

impl Note {
    /// Reads a message; `None` if it is no list.
    pub(super) fn read(message: &JsValue) -> Option<Self> {
        let fields = message.dyn_ref::<Array>()?;
        let number = |at: u32| fields.get(at).as_f64().unwrap_or_default() as u32;
        Some(Self {
            role: Role::numbered(number(0)),
            op: number(1),
            source: number(2),
            length: number(3),
            text: fields.get(4).as_string().unwrap_or_default(),
            bytes: fields.get(5).dyn_into().ok(),
        })
    }

    fn written(&self) -> (Array, Array) {
        let text = if self.text.is_empty() { JsValue::UNDEFINED } else { self.text.as_str().into() };
        let bytes = self.bytes.as_ref().map_or(JsValue::UNDEFINED, JsValue::from);
        let transfer = self.bytes.iter().collect();
        (
            [(self.role as u32).into(), self.op.into(), self.source.into(), self.length.into(), text, bytes].iter().collect(),
            transfer,
        )
    }
}

/// The way to the other side: through the page.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// `None` where there are no helpers.
    scope: Option<DedicatedWorkerGlobalScope>,
    role: Role,
}

impl Line {
    /// From the worker with this scope, about the helper of this role.
    pub(super) fn new(scope: &DedicatedWorkerGlobalScope, role: Role) -> Self {
        Self { scope: Some(scope.clone()), role }
    }

    /// The same way to another helper.
    pub(super) fn with(&self, role: Role) -> Self {
        Self { role, ..self.clone() }
    }

    /// Posts a note.
    ///
    /// # Errors
    /// When the browser cannot transfer the bytes.
    pub(super) fn post(&self, note: Note) -> Result<(), JsValue> {
        let Some(scope) = &self.scope else { return Ok(()) };
        let (message, transfer) = Note { role: self.role, ..note }.written();
        scope.post_message_with_transfer(&message, &transfer)
    }

    /// Posts a note that is nothing but its number.
    ///
    /// # Errors
    /// As [`Self::post`].
    pub(super) fn tell(&self, op: u32) -> Result<(), JsValue> {
        self.post(Note { op, ..Note::default() })
    }
}
