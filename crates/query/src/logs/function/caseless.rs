//! Finds a part of a text, the case of ASCII letters aside.
//!
//! The byte of the part that is rarest in logs is looked for in both its cases, which the processor does for many
//! bytes at once, and only where it is found is the rest compared.

use memchr::{memchr, memchr2};

/// A part to look for; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caseless {
    part: Vec<u8>,
    /// Where in the part its rarest byte is.
    rare: usize,
}

impl Caseless {
    /// `None` for an empty part, which is everywhere.
    pub(crate) fn new(part: &str) -> Option<Caseless> {
        let part = part.as_bytes().to_ascii_lowercase();
        let (rare, _) = part
            .iter()
            .enumerate()
            .min_by_key(|(_, byte)| frequency(**byte))?;
        Some(Caseless { part, rare })
    }

    pub(crate) fn len(&self) -> usize {
        self.part.len()
    }

    /// Where the part begins first, at `from` or later.
    pub(crate) fn find(&self, text: &[u8], from: usize) -> Option<usize> {
        let low = *self.part.get(self.rare)?;
        let high = low.to_ascii_uppercase();
        let mut at = from + self.rare;
        loop {
            let rest = text.get(at..)?;
            let hit = if low == high {
                memchr(low, rest)
            } else {
                memchr2(low, high, rest)
            };
            let start = at + hit? - self.rare;
            let found = text.get(start..start + self.part.len())?;
            if found.eq_ignore_ascii_case(&self.part) {
                return Some(start);
            }
            at = start + self.rare + 1;
        }
    }
}

/// How often a byte is met in logs, roughly and in no unit.
fn frequency(byte: u8) -> u8 {
    const LETTERS: &[u8] = b"zqxjkvbywgfpmuhldcrsnaiote";
    match byte {
        b' ' => 255,
        b'0' | b'1' | b'2' => 220,
        b'3'..=b'9' => 180,
        b'"' | b':' | b'.' | b'/' | b'-' | b',' | b'=' | b'_' => 150,
        b'a'..=b'z' => {
            let place = LETTERS.iter().position(|letter| *letter == byte);
            20 + 8 * place.unwrap_or(0) as u8
        }
        0x80.. => 40,
        _ => 30,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_lower_case_would() {
        let texts = [
            "",
            "a",
            "timeout",
            "TimeOut",
            "xtimeouttimeout",
            "time out",
            "ÄÖ timeÄout",
            "tttttimeou",
            "TIMEOUT",
        ];
        for part in ["timeout", "t", "Ä", "out", "TIME", " ", "tt", "timeoutx"] {
            for text in texts {
                let expected = text.to_ascii_lowercase().find(&part.to_ascii_lowercase());
                let finder = Caseless::new(part).unwrap();
                assert_eq!(
                    finder.find(text.as_bytes(), 0),
                    expected,
                    "{part} in {text}"
                );
            }
        }
        assert_eq!(Caseless::new(""), None);
        let finder = Caseless::new("ab").unwrap();
        assert_eq!(finder.find(b"abab", 1), Some(2));
        assert_eq!(finder.find(b"abab", 3), None);
        assert_eq!(finder.find(b"abab", 9), None);
    }
}
