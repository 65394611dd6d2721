//! The boundary to the page: the worker's side of the message channel, around one [`Session`].
//!
//! A message is an object `{request, body, bytes?, length?}`. `body` is a [`Request`](crate::session::protocol::Request) or a
//! [`Response`] as serde writes it; `bytes` is an `ArrayBuffer` that travels beside it and is transferred, never serialised.
//! Every request is answered by one message of the same number, in the order of the requests, and the buffer of a request goes
//! back with its answer, to be filled again. Request 0 is nobody's: the worker says with it that its session is there.
//!
//! Large sources are split: a helper in another worker hashes and decompresses the file ([`help`]), this one does the rest; the
//! layers of an image archive are hashed and decompressed by a second helper. The page makes them when it is asked to and passes
//! notes between the workers; it need not know what they are about. Its requests are answered a little later.

mod desk;
mod helper;
mod message;
mod note;
mod panics;
mod parts;
mod pieces;
mod split;

pub use desk::Desk;
pub use helper::help;
pub use message::{Incoming, Outgoing};

use crate::report::catalogue;
use crate::session::protocol::Response;
use gloo::events::EventListener;
use wasm_bindgen::prelude::*;
use web_sys::MessageEvent;

/// The SHA-256 of bytes in hex, for the worker's check of a part of this module that it loads later.
#[wasm_bindgen]
pub fn sha256(bytes: &[u8]) -> String {
    crate::digest::Digest::sha256(bytes).hex()
}

/// Begins the session of the worker that calls it, and answers its messages from then on; answers request 0 with `ready`. `texts`
/// are the sentences that it says, in the form of `src/report/english.txt`.
///
/// # Errors
/// When this is no dedicated worker, or the answer cannot be posted.
#[wasm_bindgen]
pub fn start(texts: String) -> Result<(), JsValue> {
    catalogue::install(texts);
    let scope = message::scope()?;
    panics::announce(&scope);
    let ready = Outgoing::new(0, &Response::Ready { version: env!("CARGO_PKG_VERSION").to_owned() })?;
    let mut desk = Desk::with_helpers(&scope);
    let answering = scope.clone();
    // Listens as long as the worker lives, so there is nobody to give the listener to.
    EventListener::new(&scope, "message", move |event| {
        let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
        for answer in desk.answers(&event.data()).into_iter().flatten() {
            // An answer that cannot be posted cannot be reported either: the page then waits, and its cancel ends the worker.
            let _ = answer.post(&answering);
        }
    })
    .forget();
    ready.post(&scope)
}
