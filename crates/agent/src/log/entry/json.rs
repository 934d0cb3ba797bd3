//! Just enough JSON: to step over values without building them. No recursion, so depth costs nothing.

use std::ops::Range;

/// Past spaces.
pub(super) fn spaces(text: &[u8], mut at: usize) -> usize {
    while matches!(text.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        at += 1;
    }
    at
}

/// The string whose opening quote is at `at`: what is between the quotes, escapes and all, and where it goes on.
pub(super) fn string(text: &[u8], at: usize) -> Option<(Range<usize>, usize)> {
    if text.get(at) != Some(&b'"') {
        return None;
    }
    let start = at + 1;
    let mut at = start;
    loop {
        at += memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
        if text.get(at) == Some(&b'"') {
            return Some((start..at, at + 1));
        }
        at += 2;
    }
}

/// Where it goes on after the value that begins at `at`. That brackets close what they opened is not looked at.
pub(super) fn value(text: &[u8], at: usize) -> Option<usize> {
    match text.get(at)? {
        b'"' => Some(string(text, at)?.1),
        b'{' | b'[' => {
            let (mut depth, mut at) = (0usize, at);
            loop {
                match text.get(at)? {
                    b'"' => {
                        at = string(text, at)?.1;
                        continue;
                    }
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
                at += 1;
                if depth == 0 {
                    return Some(at);
                }
            }
        }
        b',' | b':' | b'}' | b']' => None,
        _ => {
            let rest = text.get(at..)?;
            let end = rest.iter().position(|b| {
                matches!(b, b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n' | b'"')
            })?;
            Some(at + end)
        }
    }
}

/// The next member of an object: the range of its key, where its value begins. `at` is after `{` or after the value before.
/// `None` at the end of the object and where it is none.
pub(super) fn member(text: &[u8], at: usize) -> Option<(Range<usize>, usize)> {
    let mut at = spaces(text, at);
    if text.get(at) == Some(&b',') {
        at = spaces(text, at + 1);
    }
    let (key, after) = string(text, at)?;
    let colon = spaces(text, after);
    if text.get(colon) != Some(&b':') {
        return None;
    }
    Some((key, spaces(text, colon + 1)))
}

/// Appends what the string means whose first letter is at `at` to `out`, and tells where it goes on after its closing quote.
/// Halves of a surrogate pair alone become U+FFFD; the second number is how many bytes such were written with. `None` if an
/// escape is none or the quote is missing.
pub(super) fn unescape(text: &[u8], at: usize, out: &mut Vec<u8>) -> Option<(usize, u64)> {
    let mut rest = text.get(at..)?;
    let mut invalid = 0;
    loop {
        let stop = memchr::memchr2(b'"', b'\\', rest)?;
        out.extend_from_slice(rest.get(..stop)?);
        if rest.get(stop) == Some(&b'"') {
            return Some((text.len() - rest.len() + stop + 1, invalid));
        }
        let plain = match rest.get(stop + 1)? {
            b'n' => b'\n',
            b'"' => b'"',
            b'\\' => b'\\',
            b'/' => b'/',
            b't' => b'\t',
            b'r' => b'\r',
            b'b' => 8,
            b'f' => 12,
            b'u' => {
                let first = hex(rest, stop + 2)?;
                rest = rest.get(stop + 6..)?;
                let mut code = u32::from(first);
                if (0xd800..0xdc00).contains(&first) && rest.starts_with(b"\\u") {
                    let second = hex(rest, 2)?;
                    if (0xdc00..0xe000).contains(&second) {
                        code = 0x1_0000 + ((code - 0xd800) << 10) + (u32::from(second) - 0xdc00);
                        rest = rest.get(6..)?;
                    }
                }
                let letter = char::from_u32(code).unwrap_or_else(|| {
                    invalid += 6;
                    char::REPLACEMENT_CHARACTER
                });
                out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                continue;
            }
            _ => return None,
        };
        out.push(plain);
        rest = rest.get(stop + 2..)?;
    }
}

fn hex(text: &[u8], at: usize) -> Option<u16> {
    let mut value = 0u16;
    for byte in text.get(at..at + 4)? {
        value = value << 4 | char::from(*byte).to_digit(16)? as u16;
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes_mean_what_they_mean() {
        let read = |text: &str| {
            let (mut out, text) = (Vec::new(), format!("{text}\" x"));
            unescape(text.as_bytes(), 0, &mut out).map(|(end, invalid)| {
                assert_eq!(end, text.len() - 2);
                (String::from_utf8(out).unwrap(), invalid)
            })
        };
        for (text, expected, invalid) in [
            ("plain", "plain", 0),
            (r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t", 0),
            (r"\u00fc\u2028\u0000", "ü\u{2028}\0", 0),
            (r"\ud83d\ude00!", "😀!", 0),
            (r"\ud83d!", "\u{fffd}!", 6),
            (r"\ud83d\u0041", "\u{fffd}A", 6),
            (r"\ude00\ud83d", "\u{fffd}\u{fffd}", 12),
            (r"\ud83d\ud83d\ude00", "\u{fffd}😀", 6),
        ] {
            assert_eq!(read(text), Some((expected.to_owned(), invalid)), "{text}");
        }
        for text in [r"\", r"\x", r"\u12", r"\u12g4", r"\ud83d\u12"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_serde_writes_is_read(text: String) {
            let written = serde_json::to_string(&text).unwrap();
            let (_, end) = string(written.as_bytes(), 0).unwrap();
            prop_assert_eq!(end, written.len());
            let mut out = Vec::new();
            prop_assert_eq!(unescape(written.as_bytes(), 1, &mut out), Some((end, 0)));
            prop_assert_eq!(out, text.into_bytes());
        }

        #[test]
        fn no_bytes_are_too_strange(bytes: Vec<u8>, at in 0usize..64) {
            let _ = (value(&bytes, at), member(&bytes, at), unescape(&bytes, at, &mut Vec::new()));
        }
    }
}
