//! Messages as JavaScript objects.

use crate::session::Field;
use crate::session::protocol::{Request, Response};
use js_sys::{Array, ArrayBuffer, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DedicatedWorkerGlobalScope;

/// The scope of the worker that this instance runs in.
///
/// # Errors
/// When it runs in no dedicated worker.
pub(super) fn scope() -> Result<DedicatedWorkerGlobalScope, JsValue> {
    Ok(js_sys::global().dyn_into()?)
}

/// A request as it came.
#[derive(Debug)]
pub struct Incoming {
    /// Its number.
    pub request: u32,
    /// What is asked for.
    pub body: Request,
    /// Bytes beside it.
    pub bytes: Option<ArrayBuffer>,
    /// How many of the bytes count, from the first; never more than there are.
    pub length: u32,
}

/// A message that is no request.
#[derive(Debug)]
pub struct Unreadable {
    /// Its number, or 0 when it has none.
    pub request: u32,
    /// What is wrong with it.
    pub why: String,
}

impl Incoming {
    /// Reads a message.
    ///
    /// # Errors
    /// When it is no object of the form above, or the body is no [`Request`].
    pub fn read(message: &JsValue) -> Result<Self, Unreadable> {
        let field = |name: &str| member(message, name);
        let request = small(&field("request"));
        let unreadable = |why: String| Unreadable { request: request.unwrap_or(0), why };
        let body = field("body");
        let body = Request::read(&|path| plain(&path.iter().fold(body.clone(), |value, key| member(&value, key))));
        let body = body.map_err(unreadable)?;
        let bytes = field("bytes").dyn_into::<ArrayBuffer>().ok();
        let whole = bytes.as_ref().map_or(0, ArrayBuffer::byte_length);
        let length = small(&field("length")).unwrap_or(whole).min(whole);
        let request = request.ok_or_else(|| unreadable("it has no number".to_owned()))?;
        Ok(Self { request, body, bytes, length })
    }
}

/// A member of an object; what is no object has none.
fn member(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn small(value: &JsValue) -> Option<u32> {
    whole(value).and_then(|number| number.try_into().ok())
}

/// A number that JavaScript holds exactly and that counts something (ECMA-262, `Number.MAX_SAFE_INTEGER`).
fn whole(value: &JsValue) -> Option<u64> {
    value
        .as_f64()
        .filter(|number| number.trunc() == *number && (0.0..=LARGEST as f64).contains(number))
        .map(|number| number as u64)
}

/// A value as requests hold them.
fn plain(value: &JsValue) -> Field {
    if value.is_null() || value.is_undefined() {
        Field::Absent
    } else if let Some(text) = value.as_string() {
        Field::Text(text)
    } else if let Some(truth) = value.as_bool() {
        Field::Truth(truth)
    } else {
        whole(value).map_or(Field::Other, Field::Number)
    }
}

/// An answer, ready to be posted.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The object.
    pub message: Object,
    /// What is transferred with it.
    pub transfer: Array,
}

impl Outgoing {
    /// An answer without bytes. It goes through JSON text, written as the exported report is: a second way to write a report
    /// would be a good part of the module.
    ///
    /// # Errors
    /// A number above 2^53 - 1, which JavaScript would round silently; what a browser can open is far smaller.
    pub fn new(request: u32, body: &Response) -> Result<Self, JsValue> {
        let text = serde_json::to_string_pretty(body).map_err(|error| error.to_string())?;
        if has_rounded_number(&text) {
            return Err("a number in the answer is larger than JavaScript can hold".into());
        }
        let message = Object::new();
        Reflect::set(&message, &"request".into(), &request.into())?;
        Reflect::set(&message, &"body".into(), &JSON::parse(&text)?)?;
        Ok(Self { message, transfer: Array::new() })
    }

    /// Lets bytes travel beside it.
    ///
    /// # Errors
    /// Never in practice: the object is our own.
    pub fn with_bytes(self, bytes: &ArrayBuffer) -> Result<Self, JsValue> {
        Reflect::set(&self.message, &"bytes".into(), bytes)?;
        self.transfer.push(bytes);
        Ok(self)
    }

    /// Posts it to the page.
    ///
    /// # Errors
    /// When the browser cannot clone or transfer it.
    pub fn post(&self, scope: &DedicatedWorkerGlobalScope) -> Result<(), JsValue> {
        scope.post_message_with_transfer(&self.message, &self.transfer)
    }
}

/// The largest integer that JavaScript holds exactly with all below it.
const LARGEST: u64 = (1 << 53) - 1;

/// Whether JSON text holds an integer that JavaScript cannot hold exactly (ECMA-262, `Number.MAX_SAFE_INTEGER`).
fn has_rounded_number(text: &str) -> bool {
    let (mut in_string, mut escaped, mut number) = (false, false, 0_u64);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'0'..=b'9' if !in_string => number = number.saturating_mul(10).saturating_add(u64::from(byte - b'0')),
            _ => number = 0,
        }
        if number > LARGEST {
            return true;
        }
    }
    false
}
