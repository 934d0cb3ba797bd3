//! The words of a text, as search knows them.
//!
//! A token is the longest run of letters and digits (of any script) and `_`; ASCII letters count as lower case, and of
//! a run longer than [`MAX_TOKEN_BYTES`] its beginning counts. The token index of a file and the function `has_word`
//! of a query must agree on this to the byte, so both call [`tokens`].

mod ascii;
mod hash;

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

pub(crate) use ascii::each_hash;
pub(crate) use hash::token_hash;

/// Of a longer run only so many bytes count (fewer where a character would be cut).
pub const MAX_TOKEN_BYTES: usize = 64;

/// The tokens of a text, in order.
pub fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, at: 0 }
}

/// The tokens of a text. Made by [`tokens`].
#[derive(Debug, Clone)]
pub struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

/// A token where it stands. Two are equal when they are the same word, whatever the case of their ASCII letters.
#[derive(Debug, Clone, Copy)]
pub struct Token<'a> {
    text: &'a str,
    start: usize,
    end: usize,
}

impl<'a> Token<'a> {
    /// As it is written, cut to [`MAX_TOKEN_BYTES`].
    pub fn as_written(&self) -> &'a str {
        self.text
    }

    /// In lower case, as far as ASCII goes.
    pub fn folded(&self) -> Cow<'a, str> {
        if self.text.bytes().any(|b| b.is_ascii_uppercase()) {
            Cow::Owned(self.text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(self.text)
        }
    }

    /// Where the whole run begins in the text, in bytes.
    pub fn start(&self) -> usize {
        self.start
    }

    /// Where the whole run ends in the text, in bytes: beyond what [`Token::as_written`] holds when it was cut.
    pub fn end(&self) -> usize {
        self.end
    }
}

impl PartialEq for Token<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.text.eq_ignore_ascii_case(other.text)
    }
}

impl Eq for Token<'_> {}

impl Hash for Token<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(token_hash(self.text.as_bytes()));
    }
}

/// What a byte is in a text.
const SEPARATOR: u8 = 0;
const WORD: u8 = 1;
/// Part of a character that is not ASCII: the character decides.
const OTHER: u8 = 2;

static CLASS: [u8; 256] = {
    let mut class = [OTHER; 256];
    let mut byte = 0;
    while byte < 128 {
        class[byte] = if (byte as u8).is_ascii_alphanumeric() || byte as u8 == b'_' {
            WORD
        } else {
            SEPARATOR
        };
        byte += 1;
    }
    class
};

fn class(byte: u8) -> u8 {
    CLASS[usize::from(byte)]
}

/// The length of the character at `at` when it belongs to a token.
fn word_char(text: &str, at: usize) -> Option<usize> {
    let character = text.get(at..)?.chars().next()?;
    character.is_alphanumeric().then(|| character.len_utf8())
}

/// Where the run that `at` is in ends.
fn run_end(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(at) {
        match class(*byte) {
            WORD => at += 1,
            SEPARATOR => break,
            _ => match word_char(text, at) {
                Some(length) => at += length,
                None => break,
            },
        }
    }
    at
}

/// Where the next run begins, at or after `at`, which is on the edge of a character.
fn run_start(text: &str, mut at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    loop {
        match class(*bytes.get(at)?) {
            SEPARATOR => at += 1,
            WORD => return Some(at),
            _ if word_char(text, at).is_some() => return Some(at),
            _ => {
                at += 1;
                while !text.is_char_boundary(at) {
                    at += 1;
                }
            }
        }
    }
}

/// The part of a run that counts.
fn counted(text: &str, start: usize, end: usize) -> &str {
    let mut cut = end.min(start + MAX_TOKEN_BYTES);
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    text.get(start..cut).unwrap_or_default()
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let start = run_start(self.text, self.at)?;
        let end = run_end(self.text, start);
        self.at = end;
        Some(Token {
            text: counted(self.text, start, end),
            start,
            end,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn folded(text: &str) -> Vec<String> {
        tokens(text).map(|t| t.folded().into_owned()).collect()
    }

    #[test]
    fn words_of_every_script_and_digits_and_underscores() {
        assert_eq!(
            folded("GET /api/v1/Cart_Items?id=42 HTTP/1.1\" 500"),
            [
                "get",
                "api",
                "v1",
                "cart_items",
                "id",
                "42",
                "http",
                "1",
                "1",
                "500"
            ]
        );
        assert_eq!(
            folded("Größe: 12 µs — 観測。終"),
            ["größe", "12", "µs", "観測", "終"]
        );
        // Only ASCII letters are folded.
        assert_eq!(folded("ÄB"), ["Äb"]);
        assert!(folded("").is_empty());
        assert!(folded(" -.,;—。").is_empty());
    }

    #[test]
    fn of_a_long_run_the_beginning_counts() {
        let long = "x".repeat(70);
        let found: Vec<_> = tokens(&long).collect();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].as_written().len(), MAX_TOKEN_BYTES);
        assert_eq!((found[0].start(), found[0].end()), (0, 70));
        // A character is not cut: 21 × 3 bytes and one more do not fit into 64.
        let wide = "観".repeat(30);
        assert_eq!(tokens(&wide).next().unwrap().as_written().len(), 63);
    }

    /// The definition, in the plainest words.
    fn plain(text: &str) -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|run| !run.is_empty())
            .map(|run| {
                let mut kept = String::new();
                for c in run.chars() {
                    if kept.len() + c.len_utf8() > MAX_TOKEN_BYTES {
                        break;
                    }
                    kept.push(c.to_ascii_lowercase());
                }
                kept
            })
            .collect()
    }

    proptest! {
        #[test]
        fn any_text_is_split_as_defined(text in "\\PC{0,80}|[a-zA-Z_0-9é观 ./-]{0,200}") {
            prop_assert_eq!(folded(&text), plain(&text));
            for token in tokens(&text) {
                prop_assert!(text[token.start()..token.end()].starts_with(token.as_written()));
            }
        }

        #[test]
        fn the_quick_way_finds_the_same_tokens(text in "[ -~\\n]{0,300}|[a-zA-Z_0-9]{0,200}|[a-z ]{120,200}") {
            let mut found = Vec::new();
            each_hash(text.as_bytes(), |hash| found.push(hash));
            let expected: Vec<u64> = tokens(&text).map(|t| token_hash(t.as_written().as_bytes())).collect();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn equal_tokens_have_equal_hashes(text in "[a-zA-Z_0-9]{1,80}") {
            let lower = text.to_ascii_lowercase();
            let (one, other) = (tokens(&text).next().unwrap(), tokens(&lower).next().unwrap());
            prop_assert_eq!(one, other);
            prop_assert_eq!(
                token_hash(one.as_written().as_bytes()),
                token_hash(other.as_written().as_bytes())
            );
        }
    }
}
