//! What passes between the session's worker and its helper: small objects `{op, source, length, compressed, text, bytes}`, the
//! bytes transferred.

use js_sys::{Array, ArrayBuffer, Object, Reflect};
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
/// The next bytes that came out; the buffer back, once they were taken.
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
    /// Whether the windows hold something that was decompressed.
    pub(super) compressed: bool,
    pub(super) text: String,
    pub(super) bytes: Option<ArrayBuffer>,
}

impl Note {
    /// Reads a message.
    pub(super) fn read(message: &JsValue) -> Self {
        let field = |name: &str| Reflect::get(message, &name.into()).unwrap_or(JsValue::UNDEFINED);
        let number = |name: &str| field(name).as_f64().unwrap_or_default() as u32;
        Self {
            op: number("op"),
            source: number("source"),
            length: number("length"),
            compressed: field("compressed").is_truthy(),
            text: field("text").as_string().unwrap_or_default(),
            bytes: field("bytes").dyn_into().ok(),
        }
    }

    fn written(&self) -> Result<(Object, Array), JsValue> {
        let (message, transfer) = (Object::new(), Array::new());
        let set = |name: &str, value: JsValue| Reflect::set(&message, &name.into(), &value).map(drop);
        set("op", self.op.into())?;
        set("source", self.source.into())?;
        set("length", self.length.into())?;
        set("compressed", self.compressed.into())?;
        if !self.text.is_empty() {
            set("text", self.text.as_str().into())?;
        }
        if let Some(bytes) = &self.bytes {
            set("bytes", bytes.into())?;
            transfer.push(bytes);
        }
        Ok((message, transfer))
    }
}

/// Posts to the worker that made this one.
///
/// # Errors
/// When the browser cannot transfer the bytes.
pub(super) fn post(scope: &DedicatedWorkerGlobalScope, note: &Note) -> Result<(), JsValue> {
    let (message, transfer) = note.written()?;
    scope.post_message_with_transfer(&message, &transfer)
}

/// Posts to a worker that this one made.
///
/// # Errors
/// When the browser cannot transfer the bytes.
pub(super) fn post_down(worker: &Worker, note: &Note) -> Result<(), JsValue> {
    let (message, transfer) = note.written()?;
    worker.post_message_with_transfer(&message, &transfer)
}
