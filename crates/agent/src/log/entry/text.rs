//! Bytes of a message: its end, its cut, its letters.

use std::borrow::Cow;

/// How much of `text` is kept under a bound: all, or so much that no letter is cut in two.
pub(super) fn kept(text: &[u8], bound: usize) -> usize {
    if text.len() <= bound {
        return text.len();
    }
    // A letter has at most three bytes of continuation; what has more was none.
    (bound.saturating_sub(3)..=bound)
        .rev()
        .find(|at| text.get(*at).is_none_or(|b| b & 0xc0 != 0x80))
        .unwrap_or(bound)
}

/// The text, with U+FFFD for what is no UTF-8, and how many bytes that were.
pub(super) fn lossy(bytes: &[u8]) -> (Cow<'_, str>, u64) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), 0),
        Err(_) => {
            let mut text = String::with_capacity(bytes.len() + 16);
            let mut invalid = 0;
            for chunk in bytes.utf8_chunks() {
                text.push_str(chunk.valid());
                if !chunk.invalid().is_empty() {
                    text.push(char::REPLACEMENT_CHARACTER);
                    invalid += chunk.invalid().len() as u64;
                }
            }
            (Cow::Owned(text), invalid)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn letters_are_not_cut() {
        for (bound, expected) in [
            (0, 0),
            (1, 1),
            (2, 1),
            (3, 3),
            (4, 3),
            (5, 3),
            (6, 3),
            (7, 7),
            (8, 8),
            (9, 8),
        ] {
            assert_eq!(
                kept("aé😀bc".as_bytes(), bound),
                if bound == 9 { 9 } else { expected },
                "{bound}"
            );
        }
        // No letter at all: nothing is there to be spared.
        assert_eq!(kept(&[0x80; 10], 5), 5);
    }

    #[test]
    fn what_is_no_text_is_counted() {
        assert_eq!(lossy(b"a\xff\xfe\0b"), ("a\u{fffd}\u{fffd}\0b".into(), 2));
        // A letter that is cut off counts with all the bytes it has.
        assert_eq!(lossy(b"\xf0\x9f\x98"), ("\u{fffd}".into(), 3));
    }

    proptest! {
        #[test]
        fn a_cut_text_is_a_text(text: String, bound in 0usize..200) {
            let kept = kept(text.as_bytes(), bound);
            prop_assert!(kept <= bound && text.is_char_boundary(kept) && kept + 4 > bound.min(text.len()));
        }
    }
}
