//! How grave an entry is, by its own words.
//!
//! Looked for at the beginning of a message alone and only where writers put it: a word somewhere in a sentence is none. A level
//! that is not found is better than a wrong one.

mod header;
mod object;
mod word;

use super::output::Level;

/// How much of a message is looked at. Within it, a header must be in the first [`HEADER`] bytes.
const PREFIX: usize = 1024;
/// How much of a message is looked at as a header.
const HEADER: usize = 256;

/// The level that a message names at its beginning.
pub(super) fn find(message: &[u8]) -> Option<Level> {
    let prefix = message.get(..PREFIX).unwrap_or(message);
    let header = prefix.get(..HEADER).unwrap_or(prefix);
    if memchr::memchr(0x1b, header).is_some() {
        let mut plain = [0; HEADER];
        let length = without_ansi(header, &mut plain);
        return of_text(plain.get(..length)?, &[]);
    }
    of_text(header, prefix)
}

/// `whole` is a longer prefix of the same text, or empty.
fn of_text(header: &[u8], whole: &[u8]) -> Option<Level> {
    let start = header.iter().position(|b| !matches!(b, b' ' | b'\t'))?;
    let text = header.get(start..)?;
    match text.first()? {
        b'{' => return object::find(whole.get(start..).unwrap_or(text)),
        b'<' => {
            if let Some((level, _)) = priority(text) {
                return Some(level);
            }
        }
        _ => {}
    }
    header::find(text)
}

/// Syslog's priority in angle brackets, facility * 8 + severity, and its length.
pub(super) fn priority(text: &[u8]) -> Option<(Level, usize)> {
    let rest = text.strip_prefix(b"<")?;
    let digits = rest.iter().take(4).position(|b| *b == b'>')?;
    let mut value = 0u16;
    for byte in rest.get(..digits).filter(|d| !d.is_empty())? {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + u16::from(digit);
    }
    let level = match value {
        192.. => return None,
        _ => match value % 8 {
            0..=2 => Level::Fatal,
            3 => Level::Error,
            4 => Level::Warn,
            7 => Level::Debug,
            _ => Level::Info,
        },
    };
    Some((level, digits + 2))
}

/// Copies `text` without escape sequences (ECMA-48 control sequences, the kind that colours are) and tells the length.
fn without_ansi(text: &[u8], out: &mut [u8; HEADER]) -> usize {
    let mut length = 0;
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        if *byte == 0x1b {
            at += 1;
            if text.get(at) == Some(&b'[') {
                at += 1;
                // Parameters and intermediates, then one final byte.
                while matches!(text.get(at), Some(0x20..=0x3f)) {
                    at += 1;
                }
            }
            at += 1;
            continue;
        }
        if let Some(slot) = out.get_mut(length) {
            *slot = *byte;
            length += 1;
        }
        at += 1;
    }
    length
}

#[cfg(test)]
mod tests;
