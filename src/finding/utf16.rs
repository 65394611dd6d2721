/// The text of UTF-16 that begins with its byte order mark, as PowerShell 5 writes what `>` is given. A lone surrogate becomes
/// U+FFFD, an odd last byte is dropped. `None` without the mark: nothing else tells UTF-16 from other bytes.
///
/// ```
/// use layerproof::finding::from_utf16;
/// assert_eq!(from_utf16(b"\xFF\xFEo\0k\0").as_deref(), Some("ok"));
/// assert_eq!(from_utf16(b"\xFE\xFF\0o\0k").as_deref(), Some("ok"));
/// assert_eq!(from_utf16(b"ok"), None);
/// ```
pub fn from_utf16(bytes: &[u8]) -> Option<String> {
    let (unit, text): (fn([u8; 2]) -> u16, _) = match bytes {
        [0xFF, 0xFE, text @ ..] => (u16::from_le_bytes, text),
        [0xFE, 0xFF, text @ ..] => (u16::from_be_bytes, text),
        _ => return None,
    };
    let units = text.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    Some(char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{FFFD}')).collect())
}
