//! What passes between the session's worker and its helpers: lists `[op, source, length, text, bytes]`, the bytes transferred. A
//! list, since names of fields would be made anew for each of thousands of messages, for the browser to collect.

use js_sys::{Array, ArrayBuffer};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, Worker};

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

/// One message.
#[derive(Debug, Default)]
pub(super) struct Note {
    /// What it is about; 0 for a message that is none of these.
    pub(super) op: u32,
    pub(super) source: u32,
    /// Bytes that count.
    pub(super) length: u32,
    pub(super) text: String,
    pub(super) bytes: Option<ArrayBuffer>,
}

impl Note {
    /// Reads a message.
    pub(super) fn read(message: &JsValue) -> Self {
        let Some(fields) = message.dyn_ref::<Array>() else { return Self::default() };
        let number = |at: u32| fields.get(at).as_f64().unwrap_or_default() as u32;
        Self {
            op: number(0),
            source: number(1),
            length: number(2),
            text: fields.get(3).as_string().unwrap_or_default(),
            bytes: fields.get(4).dyn_into().ok(),
        }
    }

    fn written(&self) -> (Array, Array) {
        let text = if self.text.is_empty() { JsValue::UNDEFINED } else { self.text.as_str().into() };
        let bytes = self.bytes.as_ref().map_or(JsValue::UNDEFINED, JsValue::from);
        let transfer = self.bytes.iter().collect();
        ([self.op.into(), self.source.into(), self.length.into(), text, bytes].iter().collect(), transfer)
    }
}

/// Posts to the worker that made this one.
///
/// # Errors
/// When the browser cannot transfer the bytes.
pub(super) fn post(scope: &DedicatedWorkerGlobalScope, note: &Note) -> Result<(), JsValue> {
    let (message, transfer) = note.written();
    scope.post_message_with_transfer(&message, &transfer)
}

/// Posts to a worker that this one made.
///
/// # Errors
/// When the browser cannot transfer the bytes.
pub(super) fn post_down(worker: &Worker, note: &Note) -> Result<(), JsValue> {
    let (message, transfer) = note.written();
    worker.post_message_with_transfer(&message, &transfer)
}
