//! layerproof reads container image evidence offline and says which claims about the image are proved.
#![deny(unsafe_code)]

pub mod case;
pub mod checks;
pub mod digest;
pub mod dockerfile;
pub mod finding;
pub mod history;
pub mod json;
<<<<<<< HEAD
pub mod rebuild;
=======
pub mod oci;
>>>>>>> b3ef39b (Read OCI and Docker documents as Go does, with bytes, digests and errors beside every view)
pub mod report;
pub mod session;
