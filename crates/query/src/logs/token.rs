//! The words of a text, as the store's index has them.

/// Of a longer token so many bytes count.
pub(crate) const LONGEST: usize = 64;

/// Whether a character is part of a token.
pub(crate) fn is_of_token(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The tokens of a text in order, in the case they are written in.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_of_token(c))
        .filter(|token| !token.is_empty())
        .map(|token| {
            let mut end = token.len().min(LONGEST);
            while !token.is_char_boundary(end) {
                end -= 1;
            }
            token.get(..end).unwrap_or_default()
        })
}
