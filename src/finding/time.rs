/// A moment in seconds since 1970 as RFC 3339 in UTC; moments before the year 0 or after the year 9999 as plain seconds.
///
/// ```
/// use layerproof::finding::rfc3339;
/// assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
/// assert_eq!(rfc3339(1_709_210_096), "2024-02-29T12:34:56Z");
/// assert_eq!(rfc3339(i64::MAX), "9223372036854775807 s");
/// ```
pub fn rfc3339(seconds: i64) -> String {
    const FIRST: i64 = -62_167_219_200;
    const LAST: i64 = 253_402_300_799;
    if !(FIRST..=LAST).contains(&seconds) {
        return format!("{seconds} s");
    }
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let second = seconds.rem_euclid(86_400);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3_600, second / 60 % 60, second % 60)
}

/// Year, month and day of a number of days since 1970 in the proleptic Gregorian calendar. Years are counted from March, so
/// that the leap day is the last day of a year, and in eras of 400 years (146,097 days), after which the calendar repeats.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Days from 1970-01-01 to a day of the proleptic Gregorian calendar; the inverse of the above. Month and day are not checked.
///
/// ```
/// use layerproof::finding::days_since_1970;
/// assert_eq!(days_since_1970(1970, 1, 1), 0);
/// assert_eq!(days_since_1970(2024, 2, 29), 19_782);
/// ```
pub fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + (153 * month + 2) / 5 + day - 1 - 719_468
}
