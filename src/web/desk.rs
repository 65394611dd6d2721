//! Takes a message, asks the session, makes the answer.

use super::message::{Incoming, Outgoing};
use super::panics;
use crate::finding::Args;
use crate::report::catalogue;
use crate::session::Session;
use crate::session::protocol::Response;
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::JsValue;

/// A session and the one buffer through which all bytes come in.
#[derive(Default)]
pub struct Desk {
    session: Session,
    buffer: Vec<u8>,
}

impl Desk {
    /// The answer to one message. A message that cannot be understood is answered too, by `failed`.
    ///
    /// # Errors
    /// When the answer cannot be turned into a JavaScript value.
    pub fn answer(&mut self, message: &JsValue) -> Result<Outgoing, JsValue> {
        match Incoming::read(message) {
            Ok(incoming) => self.handled(incoming),
            Err(unreadable) => Outgoing::new(
                unreadable.request,
                &Response::Failed {
                    code: "web.unreadable-message".to_owned(),
                    text: catalogue::text("web.unreadable-message", &Args::new().with("found", &unreadable.why)),
                    advice: catalogue::advice("web.unreadable-message", &Args::new()).unwrap_or_default(),
                },
            ),
        }
    }

    fn handled(&mut self, Incoming { request, body, bytes, length }: Incoming) -> Result<Outgoing, JsValue> {
        panics::serving(request);
        self.take(bytes.as_ref(), length);
        let answer = self.session.handle(&body, &self.buffer);
        let outgoing = Outgoing::new(request, &answer.response)?;
        if answer.bytes.is_empty() {
            bytes.map_or(Ok(outgoing.clone()), |buffer| outgoing.with_bytes(&buffer))
        } else {
            outgoing.with_bytes(&Uint8Array::from(answer.bytes.as_slice()).buffer())
        }
    }

    /// Copies what counts of the bytes into our memory; the buffer keeps its capacity from message to message.
    fn take(&mut self, bytes: Option<&ArrayBuffer>, length: u32) {
        self.buffer.clear();
        if let Some(bytes) = bytes {
            self.buffer.resize(length as usize, 0);
            Uint8Array::new_with_byte_offset_and_length(bytes, 0, length).copy_to(&mut self.buffer);
        }
    }
}
