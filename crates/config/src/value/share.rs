//! Parts of a whole.

use std::fmt;

use super::FromText;

/// A part of a whole above 0, written as a percentage: `5%`, `0.5%`, `100%`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Share(f64);

impl Share {
    /// The part, 1 being the whole.
    pub const fn part(self) -> f64 {
        self.0
    }
}

impl FromText for Share {
    fn from_text(text: &str) -> Result<Share, String> {
        let wrong = || "write a percentage above 0% and up to 100%, such as 5% or 0.5%".to_owned();
        let number: f64 = text
            .trim()
            .strip_suffix('%')
            .ok_or_else(wrong)?
            .parse()
            .map_err(|_| wrong())?;
        // Written so that NaN is refused too.
        if number > 0.0 && number <= 100.0 {
            Ok(Share(number / 100.0))
        } else {
            Err(wrong())
        }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", (self.0 * 1e6).round() / 1e4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read() {
        assert_eq!(Share::from_text("5%"), Ok(Share(0.05)));
        assert_eq!(Share::from_text("0.5%").unwrap().to_string(), "0.5%");
        for text in ["", "5", "0%", "-1%", "101%", "NaN%", "%"] {
            assert!(Share::from_text(text).is_err(), "{text}");
        }
    }
}
