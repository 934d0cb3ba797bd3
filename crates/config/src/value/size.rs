//! Numbers of bytes.

use std::fmt;

use super::FromText;

/// A number of bytes, written with a binary unit (`64MiB`), a decimal one (`64MB`) or as a plain number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Size(u64);

const BINARY: [(&str, u64); 4] = [
    ("TiB", 1 << 40),
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
];
const DECIMAL: [(&str, u64); 5] = [
    ("TB", 1_000_000_000_000),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("kB", 1_000),
    ("B", 1),
];

impl Size {
    /// So many bytes.
    pub const fn new(bytes: u64) -> Size {
        Size(bytes)
    }

    /// So many mebibytes.
    pub const fn mebibytes(mebibytes: u64) -> Size {
        Size(mebibytes << 20)
    }

    /// The number.
    pub const fn bytes(self) -> u64 {
        self.0
    }
}

impl FromText for Size {
    fn from_text(text: &str) -> Result<Size, String> {
        let wrong = || {
            "write a whole number of bytes, with or without a unit: 1048576, 64MiB, 10GiB, 500MB"
                .to_owned()
        };
        let text = text.trim();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let number: u64 = number.parse().map_err(|_| wrong())?;
        let factor = match unit {
            "" => 1,
            unit => {
                let mut units = BINARY.into_iter().chain(DECIMAL);
                units
                    .find(|(name, _)| *name == unit)
                    .map(|(_, factor)| factor)
                    .ok_or_else(wrong)?
            }
        };
        number.checked_mul(factor).map(Size).ok_or_else(wrong)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match BINARY
            .into_iter()
            .find(|(_, factor)| self.0 != 0 && self.0.is_multiple_of(*factor))
        {
            Some((unit, factor)) => write!(f, "{}{unit}", self.0 / factor),
            None => write!(f, "{}B", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sizes_are_read() {
        for (text, bytes) in [
            ("0", 0),
            ("1048576", 1 << 20),
            ("64MiB", 64 << 20),
            ("2GiB", 2 << 30),
            ("5kB", 5000),
        ] {
            assert_eq!(Size::from_text(text), Ok(Size(bytes)), "{text}");
        }
        for text in [
            "",
            "MiB",
            "-1",
            "1.5GiB",
            "64 MiB",
            "64mib",
            "64M",
            "99999999TiB",
        ] {
            assert!(Size::from_text(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_size_reads_back(bytes: u64) {
            prop_assert_eq!(Size::from_text(&Size(bytes).to_string()), Ok(Size(bytes)));
        }
    }
}
