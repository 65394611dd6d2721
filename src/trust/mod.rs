//! What publishers put beside their files so that others can check them: checksum lists, and the frames of signed lists.
//!
//! A checksum list is read as the union of everything that checkers accept; each line knows which checkers would refuse it and
//! which would read another name ([`ChecksumLine`]). Of a clearsigned list only the signed text is a list; what stands around
//! the frame was signed by nobody ([`clearsign`]).

mod checksums;
pub mod clearsign;
mod line;

pub use checksums::{ChecksumList, Unread, looks_like_checksums, parse_checksums};
pub use line::{Checker, ChecksumLine, Form, OtherName};
