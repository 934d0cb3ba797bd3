//! Texts of callers within messages.

/// The text, or its first `most` characters: no message is longer than a line because somebody's input is.
pub(crate) fn excerpt(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_and_not_bytes() {
        assert_eq!(excerpt("ähnlich", 7), "ähnlich");
        assert_eq!(excerpt("ähnlich", 2), "äh…");
        assert_eq!(excerpt("", 0), "");
    }
}
