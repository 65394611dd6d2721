//! The library as WebAssembly, in a worker of a real browser: `cargo xtask test --only wasm`.
#![cfg(target_family = "wasm")]

use layerproof::digest::{Algorithm, Hasher};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// The long vector of FIPS 180: it runs through every block path of the SIMD build, in pieces that end anywhere.
#[wasm_bindgen_test]
fn a_million_letters_in_uneven_pieces() {
    let answers = [
        (Algorithm::Md5, "7707d6ae4e027c70eea2a935c2296f21"),
        (Algorithm::Sha1, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"),
        (Algorithm::Sha256, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        (
            Algorithm::Sha512,
            "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973ebde0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b",
        ),
    ];
    let letters = vec![b'a'; 1_000_000];
    for (algorithm, expected) in answers {
        let mut hasher = Hasher::new(algorithm);
        let (mut rest, mut piece) = (letters.as_slice(), 1);
        while !rest.is_empty() {
            let (now, later) = rest.split_at(piece.min(rest.len()));
            hasher.update(now);
            (rest, piece) = (later, piece * 3 % 65_521 + 1);
        }
        assert_eq!(hasher.digest().hex(), expected, "{}", algorithm.name());
    }
}
