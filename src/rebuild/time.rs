//! Times as configs write them: RFC 3339.

/// Days from 1970-01-01 to a day of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March, so that the leap day is the last one.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

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
    let seconds = days(date[0], date[1], date[2]) * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2] - offset;
    (plausible && clock[0] < 24 && clock[1] < 60 && clock[2] <= 60).then_some(seconds)
}

/// Whether a time has no fraction of a second: such a time was given (`SOURCE_DATE_EPOCH`), not taken from a clock.
pub fn is_whole_second(text: &str) -> bool {
    !text.contains('.')
}

/// A second as `2020-09-13T12:26:45Z`.
pub fn date(second: i64) -> String {
    let (day, clock) = (second.div_euclid(86_400), second.rem_euclid(86_400));
    let shifted = day + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let (month, carry) = if shifted_month < 10 { (shifted_month + 3, 0) } else { (shifted_month - 9, 1) };
    let year = era * 400 + year_of_era + carry;
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", clock / 3600, clock / 60 % 60, clock % 60)
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

    #[test]
    fn seconds_and_dates_are_inverse() {
        for (second, text) in [(0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (-1, "1969-12-31T23:59:59Z")] {
            assert_eq!((date(second).as_str(), seconds(text)), (text, Some(second)));
        }
        for second in (0..4_000_000_000).step_by(86_399 * 37) {
            assert_eq!(seconds(&date(second)), Some(second));
        }
        for text in ["2020-13-01T00:00:00Z", "2020-01-01T25:00:00Z", "2020-01-01", "0001-01-01T00:00:00", "x-y-zT1:2:3Z"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
