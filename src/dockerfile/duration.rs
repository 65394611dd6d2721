/// A length of time in nanoseconds, read and written as Go does (`1h30m`, `500ms`), since that is what configs and histories
/// hold. Text form: <https://pkg.go.dev/time#ParseDuration>.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(i64);

/// Units with their nanoseconds.
const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

impl Duration {
    /// From nanoseconds.
    pub fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// In nanoseconds, as the image config holds it.
    pub fn nanos(self) -> i64 {
        self.0
    }

    /// Reads a text such as `30s`, `1h5m`, `1.5s` or `0`; `None` when Go would refuse it or it does not fit.
    ///
    /// ```
    /// use layerproof::dockerfile::Duration;
    /// assert_eq!(Duration::parse("1m30s").map(|d| d.to_string()).as_deref(), Some("1m30s"));
    /// assert_eq!(Duration::parse("30"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, mut rest) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        if rest == "0" {
            return Some(Self(0));
        }
        if rest.is_empty() {
            return None;
        }
        let mut total = 0u64;
        while !rest.is_empty() {
            let (part, behind) = one_part(rest)?;
            total = total.checked_add(part).filter(|sum| *sum <= 1 << 63)?;
            rest = behind;
        }
        match negative {
            true => 0i64.checked_sub_unsigned(total).map(Self),
            false => i64::try_from(total).ok().map(Self),
        }
    }
}

/// Reads one number with its unit; gives its nanoseconds and what follows.
fn one_part(text: &str) -> Option<(u64, &str)> {
    let number = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let (digits, rest) = text.split_at(number);
    let unit_end = rest.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(rest.len());
    let (unit, behind) = rest.split_at(unit_end);
    let (_, nanos) = UNITS.iter().find(|(name, _)| *name == unit)?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
        return None;
    }
    let whole = if whole.is_empty() { 0 } else { whole.parse::<u64>().ok()? };
    let value = whole.checked_mul(*nanos)?.checked_add(fraction_nanos(fraction, *nanos))?;
    Some((value, behind))
}

/// Nanoseconds of the digits behind the point; digits that no `u64` holds are dropped.
fn fraction_nanos(digits: &str, unit: u64) -> u64 {
    let (mut value, mut scale) = (0u128, 1u128);
    for digit in digits.bytes().take(19) {
        value = value * 10 + u128::from(digit - b'0');
        scale *= 10;
    }
    u64::try_from(value * u128::from(unit) / scale).unwrap_or(0)
}

impl std::fmt::Display for Duration {
    /// As Go prints it: `0s`, `1.5s`, `30s`, `5m0s`, `1h0m0s`, `250ms`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let nanos = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        match nanos {
            0 => write!(f, "0s"),
            1..1_000 => write!(f, "{sign}{nanos}ns"),
            1_000..1_000_000 => write!(f, "{sign}{}\u{b5}s", decimal(nanos, 1_000)),
            1_000_000..1_000_000_000 => write!(f, "{sign}{}ms", decimal(nanos, 1_000_000)),
            _ => {
                let minutes = nanos / 60_000_000_000;
                let seconds = decimal(nanos % 60_000_000_000, 1_000_000_000);
                match (minutes / 60, minutes % 60) {
                    (0, 0) => write!(f, "{sign}{seconds}s"),
                    (0, minutes) => write!(f, "{sign}{minutes}m{seconds}s"),
                    (hours, minutes) => write!(f, "{sign}{hours}h{minutes}m{seconds}s"),
                }
            }
        }
    }
}

/// `nanos / unit` with as many digits behind the point as needed; `unit` is a power of ten.
fn decimal(nanos: u64, unit: u64) -> String {
    let (whole, rest) = (nanos / unit, nanos % unit);
    if rest == 0 {
        return whole.to_string();
    }
    let digits = (unit + rest).to_string();
    format!("{whole}.{}", digits[1..].trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        Duration::parse(text).map(|duration| duration.to_string())
    }

    #[test]
    fn go_forms_are_read_and_written() {
        for (text, expected) in [
            ("30s", "30s"),
            ("5m", "5m0s"),
            ("1h", "1h0m0s"),
            ("1h5m2.5s", "1h5m2.5s"),
            ("500ms", "500ms"),
            ("1.5s", "1.5s"),
            (".5s", "500ms"),
            ("1.us", "1\u{b5}s"),
            ("0", "0s"),
            ("-3s", "-3s"),
            ("90s", "1m30s"),
            ("1ns", "1ns"),
            ("2562047h47m16.854775807s", "2562047h47m16.854775807s"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_go_refuses_is_refused() {
        for text in ["", "30", "s", ".s", "1x", "1.2.3s", "-", "+", "1s ", " 1s", "9999999999999h", "2562047h47m16.854775808s"] {
            assert_eq!(Duration::parse(text), None, "{text}");
        }
    }
}
