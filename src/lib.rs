//! layerproof reads container image evidence offline and says which claims about the image are proved.
#![deny(unsafe_code)]

pub mod digest;
pub mod finding;
