//! The boundary to the page: the worker's side of the message channel, around one [`Session`].
//!
//! A message is an object `{request, body, bytes?, length?}`. `body` is a [`Request`](crate::session::protocol::Request) or a
//! [`Response`] as serde writes it; `bytes` is an `ArrayBuffer` that travels beside it and is transferred, never serialised.
//! Every request is answered by one message of the same number, in the order of the requests, and the buffer of a request goes
//! back with its answer, to be filled again. Request 0 is nobody's: the worker says with it that its session is there.
//!
//! Large sources are split: a helper in a worker of this worker hashes and decompresses the file ([`help`]), this one does the
//! rest; the layers of an image archive are hashed and decompressed by a second helper. The page knows nothing of it; its
//! requests are answered a little later.

mod desk;
mod helper;
mod message;
mod note;
mod panics;
mod parts;
mod pieces;
mod split;

pub use desk::{Desk, Listen};
pub use helper::help;
pub use message::{Incoming, Outgoing};
pub use split::Role;

use crate::session::protocol::Response;
use gloo::events::{EventListener, EventListenerOptions};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, Worker};

/// Begins the session of the worker that calls it, and answers its messages from then on; answers request 0 with `ready`. `hire`
/// makes a helper of this worker (a worker that calls [`help`]) or gives `undefined`; it is called twice at most, when the first
/// large source comes.
///
/// # Errors
/// When this is no dedicated worker, or the answer cannot be posted.
#[wasm_bindgen]
pub fn start(hire: js_sys::Function) -> Result<(), JsValue> {
    let scope = message::scope()?;
    panics::announce(&scope);
    let ready = Outgoing::new(0, &Response::Ready { version: env!("CARGO_PKG_VERSION").to_owned() })?;
    let answering = scope.clone();
    let desk = Rc::new_cyclic(|desk: &std::rc::Weak<RefCell<Desk>>| {
        let desk = desk.clone();
        RefCell::new(Desk::with_helpers(hire, Box::new(move |worker, role| listen(worker, role, &desk, &answering))))
    });
    let answering = scope.clone();
    // Listens as long as the worker lives, so there is nobody to give the listener to.
    EventListener::new(&scope, "message", move |event| {
        if let Some(event) = event.dyn_ref::<MessageEvent>() {
            let answer = desk.borrow_mut().answer(&event.data());
            post(answer.map(Vec::from_iter), &answering);
        }
    })
    .forget();
    ready.post(&scope)
}

/// Listens to a helper as long as this worker lives.
fn listen(worker: &Worker, role: Role, desk: &std::rc::Weak<RefCell<Desk>>, scope: &DedicatedWorkerGlobalScope) {
    let (hearing, answering) = (desk.clone(), scope.clone());
    EventListener::new(worker, "message", move |event| {
        if let (Some(desk), Some(event)) = (hearing.upgrade(), event.dyn_ref::<MessageEvent>()) {
            let answers = desk.borrow_mut().heard(role, &event.data());
            post(answers, &answering);
        }
    })
    .forget();
    let (hearing, answering) = (desk.clone(), scope.clone());
    // What is not prevented goes on to the page, which would take this worker for broken.
    EventListener::new_with_options(worker, "error", EventListenerOptions::enable_prevent_default(), move |event| {
        event.prevent_default();
        if let Some(desk) = hearing.upgrade() {
            let answers = desk.borrow_mut().helper_gone(role);
            post(answers, &answering);
        }
    })
    .forget();
}

/// A message that cannot be posted cannot be reported either: the page then waits, and its cancel ends the worker.
fn post(answers: Result<Vec<Outgoing>, JsValue>, scope: &DedicatedWorkerGlobalScope) {
    for answer in answers.into_iter().flatten() {
        let _ = answer.post(scope);
    }
}
