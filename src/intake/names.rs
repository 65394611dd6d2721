//! What is odd about a name by itself, and which names of one archive look alike.

use super::facts::{Entry, EntryKind, clean, escapes_root};
use crate::finding::{At, Finding, visible};

/// Calls `found` for every oddity of one name.
pub(super) fn check(name: &[u8], at: u64, mut found: impl FnMut(Finding)) {
    let place = |finding: Finding| finding.at(At { inside: Some(visible(&name[..name.len().min(4096)])), ..At::byte(at) });
    if clean(name).is_empty() && !is_root(name) {
        found(place(Finding::warn("intake.name-empty")));
    }
    if name.first() == Some(&b'/') {
        found(place(Finding::note("intake.name-absolute")));
    }
    if name.windows(2).any(|pair| pair == b"..") && escapes_root(name) {
        found(place(Finding::warn("intake.name-outside")));
    }
    if name.iter().all(|byte| (0x20..0x7f).contains(byte)) {
        return;
    }
    let Ok(text) = std::str::from_utf8(name) else {
        found(place(Finding::note("intake.name-not-utf8")));
        return;
    };
    let odd = [
        ("intake.name-control", text.chars().any(char::is_control)),
        ("intake.name-bidi", text.chars().any(is_bidi)),
        ("intake.name-invisible", text.chars().any(is_invisible)),
    ];
    for (code, _) in odd.into_iter().filter(|(_, is_there)| *is_there) {
        found(place(Finding::warn(code)));
    }
}

/// `./` and `.` are how archives name the root.
fn is_root(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|byte| matches!(byte, b'.' | b'/')) && !name.windows(2).any(|pair| pair == b"..")
}

/// Characters that reorder the text around them (Unicode Bidirectional Algorithm, "Explicit Directional …").
fn is_bidi(character: char) -> bool {
    matches!(character, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters that take no room.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{00ad}' | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// What a file whose name starts with `.wh.` means in a layer (OCI image-spec, layer.md, "Whiteouts").
pub(super) fn whiteout(name: &[u8], at: u64) -> Option<Finding> {
    let name = name.strip_suffix(b"/").unwrap_or(name);
    let base = name.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    let target = base.strip_prefix(b".wh.")?;
    let place = At { inside: Some(visible(name)), ..At::byte(at) };
    let invalid = matches!(target, b"" | b"." | b"..");
    Some(if invalid { Finding::warn("intake.whiteout-invalid") } else { Finding::warn("intake.whiteout") }.at(place))
}

/// Names of one archive that somebody may take for each other.
pub(super) enum Alike {
    /// Equal but for upper and lower case.
    Case,
    /// Equal to the eye: composed and decomposed accents, characters without width.
    Looks,
}

pub(super) fn alike(left: &[u8], right: &[u8]) -> Option<Alike> {
    if left == right {
        None
    } else if skeleton(left) == skeleton(right) {
        Some(Alike::Looks)
    } else if fold(left) == fold(right) {
        Some(Alike::Case)
    } else {
        None
    }
}

/// A number that is equal for names that are equal or alike.
pub(super) fn fold_hash(name: &[u8]) -> u64 {
    if name.is_ascii() {
        return fnv(name.iter().map(u8::to_ascii_lowercase));
    }
    fnv(fold(name).bytes())
}

/// FNV-1a; a collision costs a comparison, no more.
pub(super) fn fnv(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

fn fold(name: &[u8]) -> String {
    skeleton(name).to_lowercase()
}

/// The name without accents and without characters that cannot be seen. Bytes that are not UTF-8 stay apart.
fn skeleton(name: &[u8]) -> String {
    let Ok(text) = std::str::from_utf8(name) else { return visible(name) };
    let seen =
        |character: &char| !is_invisible(*character) && !is_bidi(*character) && !matches!(character, '\u{0300}'..='\u{036f}');
    text.chars().filter(seen).map(base).collect()
}

/// The letter below the accent, for the Latin letters that are composed of a letter and an accent.
fn base(character: char) -> char {
    let first = u32::from('\u{00c0}');
    let at = u32::from(character).checked_sub(first).and_then(|at| BASES.as_bytes().get(at as usize));
    at.filter(|base| **base != b'.').map_or(character, |base| char::from(*base))
}

/// U+00C0 to U+017F; a dot for letters that are not composed.
const BASES: &str = concat!(
    "AAAAAA.CEEEEIIII.NOOOOO..UUUUY..aaaaaa.ceeeeiiii.nooooo..uuuuy.y",
    "AaAaAaCcCcCcCcDd..EeEeEeEeEeGgGgGgGgHh..IiIiIiIiI...JjKk.LlLlLl..",
    "..NnNnNn...OoOoOo..RrRrRrSsSsSsSsTtTt..UuUuUuUuUuUuWwYyYZzZzZz."
);

/// Whether two entries of one name leave the same thing behind.
pub(super) fn same_content(left: &Entry, right: &Entry) -> bool {
    left.kind == right.kind
        && left.link == right.link
        && left.device() == right.device()
        && (left.kind != EntryKind::File || left.sha256 == right.sha256)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_letters_is_aligned() {
        for (composed, letter) in [
            ('é', 'e'),
            ('Ü', 'U'),
            ('ÿ', 'y'),
            ('Ā', 'A'),
            ('ő', 'o'),
            ('ř', 'r'),
            ('Ž', 'Z'),
            ('ž', 'z'),
            ('ß', 'ß'),
            ('ł', 'ł'),
            ('ń', 'n'),
            ('Ŵ', 'W'),
        ] {
            assert_eq!(base(composed), letter, "{composed}");
        }
    }

    #[test]
    fn names_that_look_alike() {
        assert!(matches!(alike("café".as_bytes(), "cafe\u{301}".as_bytes()), Some(Alike::Looks)));
        assert!(matches!(alike("pass\u{200b}wd".as_bytes(), b"passwd"), Some(Alike::Looks)));
        assert!(matches!(alike(b"Etc/A", b"etc/a"), Some(Alike::Case)));
        assert!(alike(b"a", b"b").is_none());
        assert_eq!(fold_hash("CAFÉ".as_bytes()), fold_hash("cafe\u{301}".as_bytes()));
    }

    #[test]
    fn whiteouts_never_mean_the_directory_itself() {
        let code = |name: &[u8]| whiteout(name, 0).map(|finding| finding.code);
        assert_eq!(code(b"d/.wh.f"), Some("intake.whiteout"));
        assert_eq!(code(b"d/.wh..wh..opq"), Some("intake.whiteout"));
        assert_eq!(code(b"d/.wh..."), Some("intake.whiteout-invalid"));
        assert_eq!(code(b".wh."), Some("intake.whiteout-invalid"));
        assert_eq!(code(b"d/x.wh.f"), None);
    }
}
