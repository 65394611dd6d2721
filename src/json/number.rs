//! Numbers as they were written: decimal digits, never a floating point number. Reading floats would bring 10 kB of powers of
//! five into the page.

/// A number as it was written. Integers are exact; nothing is rounded to a floating point number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(pub(super) Box<str>);

impl Number {
    /// The text of the number.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The value, if it was written as an integer from 0 to 2^64 - 1. `2.0` and `2e0` are not integers to Go, nor here.
    pub fn as_u64(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    /// The value, if it was written as an integer from -2^63 to 2^63 - 1.
    pub fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    /// Whether it was written with a fraction or an exponent.
    pub fn is_float(&self) -> bool {
        self.0.contains(['.', 'e', 'E'])
    }

    /// The value, if it is a whole number from 0 on, however it was written: `2.0` and `20e-1` are 2. Above 2^64 - 1 it is
    /// that.
    pub fn whole(&self) -> Option<u64> {
        let Decimal { negative, digits, point } = Decimal::of(&self.0);
        let places = usize::try_from(point).unwrap_or(0);
        if digits.is_empty() {
            return Some(0);
        }
        if negative || point <= 0 || digits.len() > places {
            return None;
        }
        Some(if places > 20 { u64::MAX } else { format!("{digits:0<places$}").parse().unwrap_or(u64::MAX) })
    }

    /// Whether a 64-bit floating point number can hold it, rounded.
    pub(super) fn is_finite(&self) -> bool {
        let Decimal { digits, point, .. } = Decimal::of(&self.0);
        digits.is_empty() || point < 309 || point == 309 && digits.as_str() < OVERFLOW
    }
}

/// The number `0.DIGITS * 10^point`.
struct Decimal {
    negative: bool,
    /// Without zeros at either end; empty for 0.
    digits: String,
    point: i64,
}

impl Decimal {
    fn of(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let negative = whole.starts_with('-');
        let whole = whole.trim_start_matches(['-', '0']);
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0');
        let point = (whole.len() as i64) - (all.len() - digits.len()) as i64;
        // An exponent that no integer holds is beyond every float, or so small that the number is 0.
        let beyond = if exponent.starts_with('-') { i64::MIN } else { i64::MAX };
        let exponent = exponent.parse().unwrap_or(beyond);
        Self { negative, digits: digits.trim_end_matches('0').to_owned(), point: point.saturating_add(exponent) }
    }
}

/// 2^1024 - 2^970, the middle between the largest 64-bit float and the next power of two: from here on numbers round to
/// infinity.
const OVERFLOW: &str = concat!(
    "1797693134862315807937289714053034150799341327100378269361737789804449682927647509466490179775872070963",
    "3028641669288791094655554785194040263065748867150582068190890200070838367627385484581771153176447573027",
    "0069855571366959622842914819860834936475292719074168444365510704342711559699508093042880177904174497792",
);

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number(text.into())
    }

    #[test]
    fn the_bound_is_that_of_the_standard_library() {
        let below = format!("{}1", &OVERFLOW[..308]);
        let zeros = "0".repeat(400);
        let texts = [
            OVERFLOW.to_owned(),
            below.clone(),
            format!("-{below}.9e0"),
            format!("{OVERFLOW}.000"),
            format!("0.{zeros}{OVERFLOW}e400"),
            format!("{}{zeros}e-400", below),
            format!("1{zeros}"),
            format!("1{zeros}e-400"),
            format!("0.{zeros}1e709"),
            format!("0.{zeros}1e710"),
        ];
        let short = [
            "0",
            "-0",
            "0.0",
            "0e999999999999999999999",
            "1e308",
            "1e309",
            "-1e309",
            "1E+308",
            "1.7976931348623157e308",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "179e306",
            "180e306",
            "0.0179e310",
            "1e-400",
            "12.50",
            "9e99999999999999999999",
            "9e-99999999999999999999",
        ];
        for text in texts.iter().map(String::as_str).chain(short) {
            assert_eq!(number(text).is_finite(), text.parse::<f64>().unwrap().is_finite(), "{text}");
        }
        assert!(number(&below).is_finite() && !number(OVERFLOW).is_finite());
    }

    #[test]
    fn whole_numbers_in_every_form() {
        let rows = [
            ("2", Some(2)),
            ("2.0", Some(2)),
            ("2e0", Some(2)),
            ("20e-1", Some(2)),
            ("0.2E+1", Some(2)),
            ("200.00e-2", Some(2)),
            ("0.0", Some(0)),
            ("-0.0", Some(0)),
            ("2.5", None),
            ("-2.0", None),
            ("2e-1", None),
            ("1e3", Some(1000)),
            ("18446744073709551615.0", Some(u64::MAX)),
            ("1e19", Some(10_000_000_000_000_000_000)),
            ("1e20", Some(u64::MAX)),
            ("9e99999999999999999999", Some(u64::MAX)),
        ];
        for (text, value) in rows {
            assert_eq!(number(text).whole(), value, "{text}");
        }
    }
}
