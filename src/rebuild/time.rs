//! Times as configs write them: RFC 3339.

use crate::finding::days_since_1970;

/// Seconds since 1970 of a text such as `2025-08-08T19:05:17.5Z` or `…+02:00`, rounded down; `None` if it is no such text.
///
/// ```
/// use layerproof::rebuild::seconds;
/// assert_eq!(seconds("2020-09-13T12:26:45.123Z"), Some(1_600_000_005));
/// assert_eq!(seconds("2020-09-13T14:26:45+02:00"), Some(1_600_000_005));
/// assert_eq!(seconds("yesterday"), None);
/// ```
pub fn seconds(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(['T', ' '])?;
    let date = numbers(date, '-')?;
    let zone_at = time.find(['Z', '+', '-'])?;
    let (clock, zone) = time.split_at(zone_at);
    let clock = numbers(clock.split('.').next()?, ':')?;
    let offset = match zone.as_bytes() {
        b"Z" => 0,
        [sign, ..] => {
            let (hours, minutes) = zone[1..].split_once(':')?;
            let minutes = number(hours)? * 60 + number(minutes)?;
            if *sign == b'-' { -minutes * 60 } else { minutes * 60 }
        }
        [] => return None,
    };
    let plausible = date[0] <= 9999 && (1..=12).contains(&date[1]) && (1..=31).contains(&date[2]);
    let seconds = days_since_1970(date[0], date[1], date[2]) * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2] - offset;
    (plausible && clock[0] < 24 && clock[1] < 60 && clock[2] <= 60).then_some(seconds)
}

/// Whether a time has no fraction of a second: such a time was given (`SOURCE_DATE_EPOCH`), not taken from a clock.
pub fn is_whole_second(text: &str) -> bool {
    !text.contains('.')
}

fn numbers(text: &str, separator: char) -> Option<[i64; 3]> {
    let mut parts = text.split(separator).map(number);
    let numbers = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(numbers)
}

fn number(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::rfc3339;

    #[test]
    fn seconds_and_dates_are_inverse() {
        for (second, text) in [(0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (-1, "1969-12-31T23:59:59Z")] {
            assert_eq!((rfc3339(second).as_str(), seconds(text)), (text, Some(second)));
        }
        for second in (0..4_000_000_000).step_by(86_399 * 37) {
            assert_eq!(seconds(&rfc3339(second)), Some(second));
        }
        for text in ["2020-13-01T00:00:00Z", "2020-01-01T25:00:00Z", "2020-01-01", "0001-01-01T00:00:00", "x-y-zT1:2:3Z"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
