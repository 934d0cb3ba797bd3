//! Messages made fit for a terminal.

use std::borrow::Cow;

const ESCAPE: char = '\u{1b}';
/// Ends whatever colours a message has begun.
const RESET: &str = "\x1b[0m";

/// One line of a message: its colours kept or not, every other control sequence gone, other control characters as `^X`,
/// so that a log cannot move the cursor or set a title.
pub(super) fn clean(text: &str, colours: bool) -> Cow<'_, str> {
    let text = text.strip_suffix('\r').unwrap_or(text);
    if !text.chars().any(|c| c.is_control() && c != '\t') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut coloured = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == ESCAPE {
            let (length, is_colour) = sequence(rest);
            let (found, more) = rest.split_at(length);
            if is_colour && colours {
                out.push_str(found);
                coloured = true;
            }
            rest = more;
            continue;
        }
        if c.is_control() && c != '\t' {
            out.extend(visible(c));
        } else {
            out.push(c);
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    if coloured {
        out.push_str(RESET);
    }
    Cow::Owned(out)
}

/// Caret notation: NUL is `^@`, DEL `^?`; the upper controls have none.
fn visible(c: char) -> [char; 2] {
    match u32::from(c) {
        code @ 0..=31 => ['^', char::from_u32(code + 64).unwrap_or('?')],
        _ => ['^', '?'],
    }
}

/// Bytes of the sequence that a text begins with (ECMA-48), and whether it sets colours. At least the escape itself.
fn sequence(text: &str) -> (usize, bool) {
    let bytes = text.as_bytes();
    match bytes.get(1) {
        Some(b'[') => {
            let parameters = bytes
                .iter()
                .skip(2)
                .take_while(|b| (0x20..0x40).contains(*b))
                .count();
            match bytes.get(2 + parameters) {
                Some(last @ 0x40..=0x7e) => (3 + parameters, *last == b'm'),
                // Broken off: its beginning is dropped.
                _ => (2 + parameters, false),
            }
        }
        // Strings up to BEL or ESC \: titles, links.
        Some(b']' | b'P' | b'X' | b'^' | b'_') => {
            let end = text.char_indices().skip(2).find_map(|(at, c)| match c {
                '\u{7}' => Some(at + 1),
                ESCAPE if text.get(at + 1..at + 2) == Some("\\") => Some(at + 2),
                _ => None,
            });
            (end.unwrap_or(2), false)
        }
        Some(0x20..=0x7e) => (2, false),
        _ => (1, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_stay_where_they_are_wanted_and_nothing_else_does() {
        for (text, with, without) in [
            ("plain\ttext", "plain\ttext", "plain\ttext"),
            ("\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m\x1b[0m", "red"),
            ("\x1b[2Jgone", "gone", "gone"),
            ("\x1b]0;title\x07x", "x", "x"),
            ("\x1b]8;;http://a\x1b\\link", "link", "link"),
            ("\x1b]0;never ends", "0;never ends", "0;never ends"),
            ("a\x1b", "a", "a"),
            ("a\x1b[3", "a", "a"),
            ("a\x1bé", "aé", "aé"),
            ("a\0b\x7fc\u{9b}d", "a^@b^?c^?d", "a^@b^?c^?d"),
            ("dos\r", "dos", "dos"),
        ] {
            assert_eq!(clean(text, true), with, "{text:?}");
            assert_eq!(clean(text, false), without, "{text:?}");
        }
    }
}
