//! Layer sizes as exports print them: a number of bytes, or a rounded text.

/// A layer's size. `low_bytes == high_bytes` if the export gives bytes; a rounded text (`77.9MB`) gives the range of sizes that
/// are printed like that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size {
    /// The smallest size that is printed like this, in bytes.
    pub low_bytes: u64,
    /// The largest size that is printed like this, in bytes.
    pub high_bytes: u64,
}

impl Size {
    /// A size known to the byte.
    pub const fn exact(bytes: u64) -> Self {
        Self { low_bytes: bytes, high_bytes: bytes }
    }

    /// Whether a layer of both sizes is possible.
    pub const fn overlaps(self, other: Self) -> bool {
        self.low_bytes <= other.high_bytes && other.low_bytes <= self.high_bytes
    }

    /// Reads `1234`, `0B`, `77.9MB`, `5.12 kB`, `7.3 MiB`, `1e+03kB`; `None` for anything else.
    ///
    /// Docker and podman round to three significant digits (four up to Docker 1.12) and drop zeros at the end, so a text with
    /// fewer digits is as exact as one with three.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let end = text.find(|letter: char| letter.is_ascii_alphabetic() && letter != 'e').unwrap_or(text.len());
        let (number, unit) = (text[..end].trim_end(), &text[end..]);
        if unit.is_empty() {
            return number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok().map(Self::exact))?;
        }
        let unit = unit_bytes(unit)?;
        let decimal = Decimal::parse(number)?;
        decimal.range(unit)
    }
}

/// Bytes of one unit, as Go's unit packages write them.
fn unit_bytes(unit: &str) -> Option<u128> {
    const DECIMAL: [&str; 6] = ["B", "kB", "MB", "GB", "TB", "PB"];
    const BINARY: [&str; 6] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
    let power = |list: &[&str], base: u128| list.iter().position(|name| *name == unit).map(|n| base.pow(n as u32));
    let unit_in_capitals = if unit == "KB" { Some(1000) } else { None };
    power(&DECIMAL, 1000).or_else(|| power(&BINARY, 1024)).or(unit_in_capitals)
}

/// A decimal number: `digits` times ten to the power of `-places`.
struct Decimal {
    digits: u128,
    places: u32,
    written: u32,
}

impl Decimal {
    fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = text.split_once("e+").unwrap_or((text, "0"));
        let exponent: u32 = exponent.parse().ok().filter(|exponent| *exponent <= 6)?;
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{part}");
        if whole.is_empty() || all.len() > 12 || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digits: u128 = all.parse::<u128>().ok()? * 10_u128.pow(exponent);
        Some(Self { digits, places: part.len() as u32, written: all.trim_start_matches('0').len() as u32 })
    }

    /// The sizes that are rounded to this number of `unit` bytes.
    fn range(&self, unit: u128) -> Option<Size> {
        let scale = 10_u128.pow(self.places);
        let exact = self.digits * unit;
        if unit == 1 && exact.is_multiple_of(scale) && self.digits < 1000 * scale {
            return Some(Size::exact(u64::try_from(exact / scale).ok()?));
        }
        let magnitude = self.digits.checked_ilog10().unwrap_or(0) as i64 - i64::from(self.places);
        let last_place = magnitude + 1 - i64::from(self.written.max(3));
        // Half a step of the last significant digit, in bytes times two times scale so that nothing is rounded here.
        let half = match u32::try_from(last_place) {
            Ok(up) => scale * 10_u128.pow(up.min(12)) * unit,
            Err(_) => scale * unit / 10_u128.pow((-last_place).min(12) as u32),
        };
        let low = (2 * exact).saturating_sub(half) / (2 * scale);
        let high = (2 * exact + half).div_ceil(2 * scale);
        Some(Size { low_bytes: u64::try_from(low).ok()?, high_bytes: u64::try_from(high).unwrap_or(u64::MAX) })
    }
}

#[cfg(test)]
mod tests {
    use super::Size;

    #[test]
    fn reads_every_spelling() {
        assert_eq!(Size::parse("0B"), Some(Size::exact(0)));
        assert_eq!(Size::parse("0 B"), Some(Size::exact(0)));
        assert_eq!(Size::parse("1982343"), Some(Size::exact(1_982_343)));
        for (text, bytes) in
            [("1.98MB", 1_982_343), ("2 MB", 1_998_336), ("77.9MB", 77_862_502), ("7.3 MiB", 7_654_604), ("1e+03kB", 999_960)]
        {
            let size = Size::parse(text).unwrap();
            assert!(size.low_bytes <= bytes && bytes <= size.high_bytes, "{text}: {size:?}");
            assert!(size.high_bytes - size.low_bytes < bytes / 50, "{text}: {size:?}");
        }
        assert!(!Size::parse("1.98MB").unwrap().overlaps(Size::exact(1_990_000)));
    }

    #[test]
    fn refuses_what_is_no_size() {
        for text in ["", "B", "MB", "1.2.3MB", "12 apples", "-1B", "99999999999999999999", "1e+99MB", "0x1fB"] {
            assert_eq!(Size::parse(text), None, "{text}");
        }
    }
}
