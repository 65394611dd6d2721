//! The boundary to the page: the worker's side of the message channel, around one [`Session`].
//!
//! A message is an object `{request, body, bytes?, length?}`. `body` is a [`Request`](crate::session::protocol::Request) or a
//! [`Response`] as serde writes it; `bytes` is an `ArrayBuffer` that travels beside it and is transferred, never serialised.
//! Every request is answered by one message of the same number, in the order of the requests, and the buffer of a request goes
//! back with its answer, to be filled again. Request 0 is nobody's: the worker says with it that its session is there.

mod desk;
mod message;
mod panics;

pub use desk::Desk;
pub use message::{Incoming, Outgoing};

use crate::session::protocol::Response;
use gloo::events::EventListener;
use wasm_bindgen::prelude::*;
use web_sys::DedicatedWorkerGlobalScope;

/// Begins the session of the worker that calls it, and answers its messages from then on; answers request 0 with `ready`.
///
/// # Errors
/// When this is no dedicated worker, or the answer cannot be posted.
#[wasm_bindgen]
pub fn start() -> Result<(), JsValue> {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into()?;
    panics::announce(&scope);
    let ready = Outgoing::new(0, &Response::Ready { version: env!("CARGO_PKG_VERSION").to_owned() })?;
    let mut desk = Desk::default();
    let answering = scope.clone();
    // Listens as long as the worker lives, so there is nobody to give the listener to.
    EventListener::new(&scope, "message", move |event| {
        if let Some(event) = event.dyn_ref::<web_sys::MessageEvent>() {
            let answer = desk.answer(&event.data());
            // A message that cannot be posted cannot be reported either: the page then waits, and its cancel ends the worker.
            let _ = answer.and_then(|answer| answer.post(&answering));
        }
    })
    .forget();
    ready.post(&scope)
}
