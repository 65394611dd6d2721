//! Times and ages as exports write them.

use crate::finding::{self, days_since_1970};
use crate::order::Gather;

/// Seconds and nanoseconds since 1970 (UTC); negative before.
pub(super) type Instant = (i64, u32);

/// The time that a text gives: RFC 3339, Go's default form (`2016-03-03 20:32:37.5 +0000 UTC`) or an HTTP date
/// (`Tue, 05 Apr 2022 00:20:19 GMT`).
pub(super) fn instant(text: &str) -> Option<Instant> {
    http_date(text).or_else(|| numeric(text).filter(|(_, length)| *length == text.len()).map(|(instant, _)| instant))
}

/// A time as RFC 3339; a text that is RFC 3339 already stays as it is.
pub(super) fn rfc3339(text: &str) -> Option<String> {
    let instant = instant(text)?;
    let already = text.as_bytes().get(10) == Some(&b'T');
    Some(if already { text.to_owned() } else { format_utc(instant) })
}

/// RFC 3339 of a number of seconds, as the engine's API gives times. The engine writes Go's zero time as a large negative
/// number.
pub(super) fn from_unix(seconds: i64) -> String {
    format_utc((seconds, 0))
}

/// Length in bytes of the time at the start of a text, if there is one.
pub(super) fn time_at_start(text: &str) -> Option<usize> {
    numeric(text).map(|(_, length)| length)
}

/// Length in bytes of an age (`5 weeks ago`, `About an hour ago`, `N/A`) at the start of a text.
pub(super) fn age_at_start(text: &str) -> Option<usize> {
    if text.starts_with("N/A") {
        return Some(3);
    }
    let end = text.char_indices().take(40).find_map(|(at, _)| text[at..].starts_with(" ago").then_some(at))?;
    seconds_of_duration(&text[..end])?;
    Some(end + 4)
}

/// The seconds of an age, roughly; `None` for `N/A` and everything that is no age.
pub(super) fn age_seconds(text: &str) -> Option<u64> {
    seconds_of_duration(text.strip_suffix(" ago")?)
}

/// Go's `units.HumanDuration`, backwards.
fn seconds_of_duration(text: &str) -> Option<u64> {
    match text {
        "Less than a second" => return Some(0),
        "About a minute" => return Some(60),
        "About an hour" => return Some(3600),
        _ => {}
    }
    let (count, unit) = text.split_once(' ')?;
    let count: u64 = count.parse().ok().filter(|count| *count < 100_000)?;
    let seconds = match unit.trim_end_matches('s') {
        "second" => 1,
        "minute" => 60,
        "hour" => 3600,
        "day" => 86_400,
        "week" => 7 * 86_400,
        "month" => 30 * 86_400,
        "year" => 365 * 86_400,
        _ => return None,
    };
    Some(count * seconds)
}

/// `2022-04-05T00:20:19.5Z`, `…+02:00`, or Go's ` +0000 UTC` form; the time and its length in bytes.
fn numeric(text: &str) -> Option<(Instant, usize)> {
    let bytes = text.as_bytes();
    let shape = bytes.get(..19)?;
    let separators = [(4, b'-'), (7, b'-'), (13, b':'), (16, b':')];
    if separators.iter().any(|(at, byte)| shape[*at] != *byte) || !matches!(shape[10], b'T' | b't' | b' ') {
        return None;
    }
    let number = |from: usize, to: usize| digits(&shape[from..to]);
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let (nanos, fraction) = fraction(&bytes[19..]);
    let (offset, zone) = zone(text.get(19 + fraction..)?)?;
    let seconds = seconds_since_1970(year, month, day, hour * 3600 + minute * 60 + second)?;
    Some(((seconds - offset, nanos), 19 + fraction + zone))
}

/// Nanoseconds of `.5` and the length of that text.
fn fraction(bytes: &[u8]) -> (u32, usize) {
    if bytes.first() != Some(&b'.') {
        return (0, 0);
    }
    let count = bytes[1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let nanos = bytes[1..1 + count].iter().chain(b"000000000").take(9).fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    (nanos, 1 + count)
}

/// Offset in seconds of `Z`, `+02:00` or ` +0200 CEST`, and the length of that text.
fn zone(text: &str) -> Option<(i64, usize)> {
    if text.starts_with(['Z', 'z']) {
        return Some((0, 1));
    }
    let blank = usize::from(text.starts_with(' '));
    let bytes = text.as_bytes().get(blank..)?;
    let sign = match bytes.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let colon = usize::from(bytes.get(3) == Some(&b':'));
    let (hours, minutes) = (digits(bytes.get(1..3)?)?, digits(bytes.get(3 + colon..5 + colon)?)?);
    let length = blank + 5 + colon;
    let name = text[length..].strip_prefix(' ').filter(|_| blank == 1).map_or(0, |name| {
        let letters = name.bytes().take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'+').count();
        if letters > 0 { letters + 1 } else { 0 }
    });
    Some((sign * (hours * 3600 + minutes * 60), length + name))
}

/// `Tue, 05 Apr 2022 00:20:19 GMT` (RFC 9110, 5.6.7).
fn http_date(text: &str) -> Option<Instant> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, date) = text.split_once(", ").filter(|(day, _)| day.len() == 3)?;
    let parts: Vec<&str> = date.splitn(6, ' ').list();
    let [day, month, year, time, "GMT"] = parts[..] else { return None };
    let month = MONTHS.iter().position(|name| *name == month)? as i64 + 1;
    let clock: Vec<&str> = time.splitn(4, ':').list();
    let [hour, minute, second] = clock[..] else { return None };
    let number = |text: &str| digits(text.as_bytes());
    let of_day = number(hour)? * 3600 + number(minute)? * 60 + number(second)?;
    Some((seconds_since_1970(number(year)?, month, number(day)?, of_day)?, 0))
}

/// At most nine decimal digits.
fn digits(bytes: &[u8]) -> Option<i64> {
    let right = !bytes.is_empty() && bytes.len() <= 9 && bytes.iter().all(u8::is_ascii_digit);
    right.then(|| bytes.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')))
}

fn seconds_since_1970(year: i64, month: i64, day: i64, of_day: i64) -> Option<i64> {
    let plausible = (1..=12).contains(&month) && (1..=31).contains(&day) && (0..=86_400).contains(&of_day);
    plausible.then(|| days_since_1970(year, month, day) * 86_400 + of_day)
}

fn format_utc((seconds, nanos): Instant) -> String {
    let whole = finding::rfc3339(seconds);
    match whole.strip_suffix('Z') {
        Some(start) if nanos > 0 => format!("{start}{}Z", format!(".{nanos:09}").trim_end_matches('0')),
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_in_every_spelling() {
        let moment = Some((1_649_118_019, 500_000_000));
        assert_eq!(instant("2022-04-05T00:20:19.5Z"), moment);
        assert_eq!(instant("2022-04-05T02:20:19.500+02:00"), moment);
        assert_eq!(instant("2022-04-04 20:20:19.5 -0400 EDT"), moment);
        assert_eq!(instant("2022-04-05 00:20:19.5 +0000 UTC"), moment);
        assert_eq!(instant("Tue, 05 Apr 2022 00:20:19 GMT"), Some((1_649_118_019, 0)));
        assert_eq!(rfc3339("Tue, 05 Apr 2022 00:20:19 GMT").as_deref(), Some("2022-04-05T00:20:19Z"));
        assert_eq!(rfc3339("2022-04-05 00:20:19.5 +0000 UTC").as_deref(), Some("2022-04-05T00:20:19.5Z"));
        assert_eq!(rfc3339("2022-04-05T00:20:19.50Z").as_deref(), Some("2022-04-05T00:20:19.50Z"));
    }

    #[test]
    fn every_day_of_four_centuries_comes_back() {
        for day in -146_097..146_097_i64 {
            let text = from_unix(day * 86_400 + 3661);
            assert_eq!(instant(&text), Some((day * 86_400 + 3661, 0)), "{text}");
        }
        assert_eq!(from_unix(-62_135_596_800), "0001-01-01T00:00:00Z");
        assert_eq!(from_unix(i64::MIN), "-9223372036854775808 s");
        assert_eq!(from_unix(i64::MAX), "9223372036854775807 s");
    }

    #[test]
    fn ages() {
        for (text, seconds) in
            [("5 weeks ago", 3_024_000), ("About an hour ago", 3600), ("Less than a second ago", 0), ("1 second ago", 1)]
        {
            assert_eq!(age_seconds(text), Some(seconds), "{text}");
            assert_eq!(age_at_start(&format!("{text}   RUN sleep 1 ago")), Some(text.len()), "{text}");
        }
        assert_eq!(age_at_start("N/A   x"), Some(3));
        for text in ["", "ago", "RUN x ago", "5 apples ago", "-5 weeks ago", "é ago"] {
            assert_eq!(age_at_start(text), None, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in [
            "2022-13-05T00:20:19Z",
            "2022-04-05",
            "2022-04-05T00:20:19",
            "2022-04-05T00:20:1éZ",
            "Tue, 05 Foo 2022 00:20:19 GMT",
            "",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
    }
}
