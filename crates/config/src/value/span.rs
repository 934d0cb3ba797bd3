//! Lengths of time.

use std::fmt;
use std::time::Duration;

use super::FromText;

/// A length of time, written as a whole number and a unit: `10s`, `15m`, `63d`; also `500ms` and `2h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span(Duration);

/// Units, largest first, in milliseconds.
const UNITS: [(&str, u64); 5] = [
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

impl Span {
    /// So many seconds.
    pub const fn seconds(seconds: u64) -> Span {
        Span(Duration::from_secs(seconds))
    }

    /// As the standard library's type.
    pub const fn duration(self) -> Duration {
        self.0
    }
}

impl From<Span> for Duration {
    fn from(span: Span) -> Duration {
        span.0
    }
}

impl FromText for Span {
    fn from_text(text: &str) -> Result<Span, String> {
        let wrong =
            || "write a whole number and a unit, such as 500ms, 10s, 15m, 2h or 63d".to_owned();
        let text = text.trim();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let number: u64 = number.parse().map_err(|_| wrong())?;
        let (_, millis) = UNITS
            .into_iter()
            .find(|(name, _)| *name == unit)
            .ok_or_else(wrong)?;
        let millis = number.checked_mul(millis).ok_or_else(wrong)?;
        Ok(Span(Duration::from_millis(millis)))
    }
}

impl fmt::Display for Span {
    /// In the largest unit that it is a whole number of, so that it reads back as itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.as_millis();
        if millis == 0 {
            return f.write_str("0s");
        }
        let (unit, length) = UNITS
            .into_iter()
            .find(|(_, n)| millis.is_multiple_of(u128::from(*n)))
            .unwrap_or(("ms", 1));
        write!(f, "{}{unit}", millis / u128::from(length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spans_are_read() {
        for (text, seconds) in [
            ("10s", 10),
            ("15m", 900),
            ("2h", 7200),
            ("63d", 5_443_200),
            ("0s", 0),
        ] {
            assert_eq!(Span::from_text(text), Ok(Span::seconds(seconds)), "{text}");
        }
        for text in [
            "",
            "10",
            "s",
            "1.5s",
            "-1s",
            "10 s",
            "10S",
            "1w",
            "99999999999999999999d",
            "18446744073709551615d",
        ] {
            assert!(Span::from_text(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_span_reads_back(millis in 0..=u64::from(u32::MAX)) {
            let span = Span(Duration::from_millis(millis));
            prop_assert_eq!(Span::from_text(&span.to_string()), Ok(span));
        }
    }
}
