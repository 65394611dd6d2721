//! The message boundary in a worker of a real browser: what serde and JavaScript could misunderstand about each other.
#![cfg(target_family = "wasm")]

use js_sys::{ArrayBuffer, JSON, Reflect, Uint8Array};
use layerproof::session::protocol::Response;
use layerproof::web::{Desk, Outgoing};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

fn field(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap()
}

fn text(value: &JsValue) -> String {
    JSON::stringify(value).unwrap().into()
}

/// The desk's answer to a message given as JSON, with bytes beside it.
fn ask(desk: &mut Desk, json: &str, bytes: Option<(&[u8], u32)>) -> JsValue {
    let message = JSON::parse(json).unwrap();
    if let Some((bytes, length)) = bytes {
        Reflect::set(&message, &"bytes".into(), &Uint8Array::from(bytes).buffer()).unwrap();
        Reflect::set(&message, &"length".into(), &length.into()).unwrap();
    }
    desk.answers(&message).unwrap().pop().unwrap().message.into()
}

#[wasm_bindgen_test]
fn a_file_goes_in_and_its_digest_comes_out() {
    let mut desk = Desk::default();
    let opened = ask(&mut desk, r#"{"request":1,"body":{"type":"open","name":"Dockerfile","size":13}}"#, None);
    assert_eq!(text(&opened), r#"{"request":1,"body":{"type":"opened","source":0}}"#);
    // Only the first bytes of a buffer count; the rest is left from an earlier piece.
    let taken = ask(&mut desk, r#"{"request":2,"body":{"type":"push","source":0}}"#, Some((b"FROM scratch\n and more", 13)));
    assert_eq!(text(&field(&taken, "body")), r#"{"type":"taken","source":0,"read":13}"#);
    let back: ArrayBuffer = field(&taken, "bytes").dyn_into().unwrap();
    assert_eq!(back.byte_length(), 22, "the buffer goes back to be filled again");
    ask(&mut desk, r#"{"request":3,"body":{"type":"close","source":0}}"#, None);
    let report = text(&ask(&mut desk, r#"{"request":4,"body":{"type":"report"}}"#, None));
    let sha256 = layerproof::digest::Digest::sha256(b"FROM scratch\n").to_string();
    assert!(report.contains(&format!(r#""sha256":"{sha256}""#)), "{report}");
}

#[wasm_bindgen_test]
fn maps_are_objects_and_what_is_absent_is_null() {
    let mut desk = Desk::default();
    ask(&mut desk, r#"{"request":1,"body":{"type":"paste","text":"FROM scratch\n"}}"#, None);
    let answer = ask(&mut desk, r#"{"request":2,"body":{"type":"report"}}"#, None);
    let report = field(&field(&answer, "body"), "report");
    assert!(!text(&field(&report, "limits")).starts_with("{}"), "a Map would be written as an empty object");
    let evidence = Reflect::get_u32(&field(&report, "evidence"), 0).unwrap();
    assert!(field(&evidence, "error").is_null());
}

#[wasm_bindgen_test]
fn numbers_are_numbers_up_to_what_javascript_holds() {
    let taken = |read| Outgoing::new(1, &Response::Taken { source: 0, read });
    let largest = (1_u64 << 53) - 1;
    let answer = taken(largest).unwrap();
    assert_eq!(field(&field(&answer.message, "body"), "read").as_f64(), Some(9_007_199_254_740_991.0));
    assert!(taken(largest + 1).is_err(), "a number that would be rounded is refused");
}

#[wasm_bindgen_test]
fn a_message_that_is_none_is_answered_too() {
    let mut desk = Desk::default();
    for (json, number) in [
        ("null", 0),
        ("{}", 0),
        (r#"{"request":7}"#, 7),
        (r#"{"request":8,"body":{"type":"fly"}}"#, 8),
        (r#"{"request":"x","body":{"type":"report"}}"#, 0),
    ] {
        let answer = ask(&mut desk, json, None);
        assert_eq!(field(&answer, "request").as_f64(), Some(f64::from(number)), "{json}");
        assert!(text(&field(&answer, "body")).starts_with(r#"{"type":"failed","code":"web.unreadable-message""#), "{json}");
    }
}
