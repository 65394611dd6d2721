//! The boundary to the page: the worker's side of the message channel.

use crate::session::protocol::Response;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::DedicatedWorkerGlobalScope;

/// What crosses the message channel beside the bytes.
#[derive(Serialize)]
struct Envelope<Body> {
    request: u32,
    body: Body,
}

/// Begins the session of the worker that calls it; answers request 0 with `ready`.
///
/// # Errors
/// When this is no worker, or the answer cannot be posted.
#[wasm_bindgen]
pub fn start() -> Result<(), JsValue> {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into()?;
    let ready = Response::Ready { version: env!("CARGO_PKG_VERSION").to_string() };
    scope.post_message(&serde_wasm_bindgen::to_value(&Envelope { request: 0, body: ready })?)
}
