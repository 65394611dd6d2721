//! The two writers as a WebAssembly module of their own, for `cargo xtask bench wasm-gzip`.

use layerproof_deflate::{Generation, GzipEncoder};

/// Compresses in pieces, as the tar writer hands them over.
#[cfg_attr(target_family = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub fn gzip(data: &[u8], modern: bool) -> Vec<u8> {
    let generation = if modern { Generation::Modern } else { Generation::Legacy };
    let (mut encoder, mut out) = (GzipEncoder::new(generation), Vec::new());
    data.chunks(1 << 16).for_each(|piece| encoder.write(piece, &mut out));
    encoder.finish(&mut out);
    out
}
