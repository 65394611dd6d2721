/// Text that is safe to show anywhere: control characters (C0, C1, DEL), bidirectional controls, zero-width characters and
/// bytes that are not UTF-8 are written as `<U+202E>` or `<0xFF>`. Nothing is lost silently, and no terminal or page can be
/// steered by a name inside an archive.
///
/// ```
/// assert_eq!(layerproof::finding::visible(b"a\x1b[31mb"), "a<U+001B>[31mb");
/// assert_eq!(layerproof::finding::visible("x\u{202e}gpj".as_bytes()), "x<U+202E>gpj");
/// assert_eq!(layerproof::finding::visible(b"\xff"), "<0xFF>");
/// ```
pub fn visible(bytes: &[u8]) -> String {
    let mut shown = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if is_hidden(character) {
                shown.push_str(&format!("<U+{:04X}>", u32::from(character)));
            } else {
                shown.push(character);
            }
        }
        for byte in chunk.invalid() {
            shown.push_str(&format!("<0x{byte:02X}>"));
        }
    }
    shown
}

/// Characters that move the cursor, reorder text or take no room.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}
