//! Numbers as tar headers and PAX records write them, with Go's tolerance and no more.

/// A header's number: octal digits, or, when the first bit is set, a two's complement number of base 256 (GNU).
/// `None` if it is neither or does not fit 64 bits.
pub(super) fn numeric(field: &[u8]) -> Option<i64> {
    match field.first() {
        Some(first) if first & 0x80 != 0 => base256(field),
        _ => octal(field),
    }
}

fn base256(field: &[u8]) -> Option<i64> {
    let mask = if field[0] & 0x40 == 0 { 0 } else { 0xff };
    let mut value = 0_u64;
    for (at, byte) in field.iter().enumerate() {
        let byte = (byte ^ mask) & if at == 0 { 0x7f } else { 0xff };
        if value >> 56 != 0 {
            return None;
        }
        value = value << 8 | u64::from(byte);
    }
    let value = i64::try_from(value).ok()?;
    Some(if mask == 0 { value } else { !value })
}

/// Octal digits between blanks and NULs; an empty field is zero.
pub(super) fn octal(field: &[u8]) -> Option<i64> {
    let is_padding = |byte: &u8| matches!(byte, b' ' | 0);
    let Some(start) = field.iter().position(|byte| !is_padding(byte)) else { return Some(0) };
    let end = field.iter().rposition(|byte| !is_padding(byte)).map_or(start, |last| last + 1);
    let digits = super::block::string(&field[start..end]);
    let mut value = 0_u64;
    for digit in digits {
        if !(b'0'..=b'7').contains(digit) {
            return None;
        }
        value = value.checked_mul(8)? + u64::from(digit - b'0');
    }
    i64::try_from(value).ok()
}

/// A decimal number with an optional sign, as Go's `strconv.ParseInt` takes it.
pub(super) fn decimal(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let step = |value: i64, digit: &u8| {
        let digit = i64::from(digit - b'0');
        let value = value.checked_mul(10)?;
        if negative { value.checked_sub(digit) } else { value.checked_add(digit) }
    };
    digits.iter().try_fold(0, step)
}

/// A PAX time: decimal seconds, perhaps a fraction of which nine digits count. Gives seconds and signed nanoseconds.
pub(super) fn time(text: &[u8]) -> Option<(i64, i32)> {
    let dot = memchr::memchr(b'.', text);
    let seconds = decimal(&text[..dot.unwrap_or(text.len())])?;
    let fraction = dot.map_or(&[][..], |dot| &text[dot + 1..]);
    if !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digit = |at: usize| fraction.get(at).map_or(0, |digit| i32::from(digit - b'0'));
    let nanos = (0..9).fold(0, |sum, at| sum * 10 + digit(at));
    let normal =
        |seconds: i64, nanos: i32| if nanos < 0 { (seconds.saturating_sub(1), nanos + 1_000_000_000) } else { (seconds, nanos) };
    Some(if text.first() == Some(&b'-') { normal(seconds, -nanos) } else { (seconds, nanos) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_256_reaches_both_ends_of_64_bits_and_not_beyond() {
        let field = |value: i64| {
            let mut field = [if value < 0 { 0xff } else { 0 }; 12];
            field[4..].copy_from_slice(&value.to_be_bytes());
            field[0] |= 0x80;
            field
        };
        for value in [0, 1, -1, i64::MAX, i64::MIN, 1 << 40] {
            assert_eq!(numeric(&field(value)), Some(value));
        }
        let mut beyond = field(0);
        beyond[3] = 1;
        assert_eq!(numeric(&beyond), None);
        beyond = field(0);
        beyond[4] = 0x80;
        assert_eq!(numeric(&beyond), None);
    }

    #[test]
    fn octal_is_padded_by_blanks_and_nuls_only() {
        assert_eq!(octal(b"  0000644\0 "), Some(0o644));
        assert_eq!(octal(b"\0\0\0"), Some(0));
        assert_eq!(octal(b"12x45678901"), None);
        assert_eq!(octal(b"8"), None);
        assert_eq!(octal(b"77777777777777777777777"), None);
    }

    #[test]
    fn times_keep_nine_digits() {
        assert_eq!(time(b"1.5"), Some((1, 500_000_000)));
        assert_eq!(time(b"-1.5"), Some((-2, 500_000_000)));
        assert_eq!(time(b"1.1234567891"), Some((1, 123_456_789)));
        assert_eq!(time(b"1.x"), None);
        assert_eq!(time(b""), None);
        assert_eq!(decimal(b"+5"), Some(5));
        assert_eq!(decimal(b"9223372036854775808"), None);
        assert_eq!(decimal(b"-9223372036854775808"), Some(i64::MIN));
    }
}
