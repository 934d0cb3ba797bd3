//! Masks what differs from line to line by its form.

/// What a masked part becomes.
pub(super) const ANY: &str = "<*>";

/// So much of a message is looked at.
const LONGEST: usize = 512;
/// The longest text in quotation marks that is masked as one.
const LONGEST_QUOTED: usize = 200;
/// Letters that may follow digits as their unit (`12ms`, `3MiB`).
const LONGEST_UNIT: usize = 4;
/// From so many characters on, letters and digits in any order are an id.
const LONG: usize = 16;
/// Words with digits that are always the same.
const FIXED: [&str; 12] = [
    "k8s", "http2", "ipv4", "ipv6", "sha256", "sha1", "md5", "utf8", "base64", "x86", "h2", "s3",
];

/// Writes the mask of a message.
pub(super) fn mask(message: &str, out: &mut String) {
    out.clear();
    let mut end = message.len().min(LONGEST);
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    let text = message.get(..end).unwrap_or_default();
    // The texts of a JSON object are most of it, its keys among them: what is in them is masked instead.
    let quotes = !text.trim_start().starts_with(['{', '[']);
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        let before = at.checked_sub(1).and_then(|i| bytes.get(i)).copied();
        let after_word = before.is_some_and(is_of_word);
        if !after_word && is_of_word(byte) {
            let length = word(bytes, at);
            if let Some(uuid) = uuid(bytes, at) {
                put_any(out);
                at += uuid;
                continue;
            }
            put_word(text.get(at..at + length).unwrap_or_default(), out);
            at += length;
            continue;
        }
        if quotes
            && !after_word
            && matches!(byte, b'"' | b'\'' | b'`')
            && let Some(length) = quoted(bytes, at)
        {
            put_any(out);
            at += length;
            continue;
        }
        // A character of more than one byte is copied whole.
        let length = text
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .map_or(1, char::len_utf8);
        if byte.is_ascii_control() {
            out.push(' ');
        } else {
            out.push_str(text.get(at..at + length).unwrap_or_default());
        }
        at += length;
    }
    if end < message.len() {
        put_any(out);
    }
}

/// The first words of a mask only.
pub(super) fn shorten(mask: &mut String) {
    let end = mask
        .match_indices(' ')
        .nth(1)
        .map_or(mask.len(), |(at, _)| at);
    let mut end = end.min(40);
    while !mask.is_char_boundary(end) {
        end -= 1;
    }
    mask.truncate(end);
    mask.push(' ');
    mask.push_str(ANY);
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn word(bytes: &[u8], at: usize) -> usize {
    bytes
        .get(at..)
        .unwrap_or_default()
        .iter()
        .take_while(|b| is_of_word(**b))
        .count()
}

/// The length of a UUID that begins here.
fn uuid(bytes: &[u8], at: usize) -> Option<usize> {
    const LENGTH: usize = 36;
    let text = bytes.get(at..at + LENGTH)?;
    let fits = text.iter().enumerate().all(|(i, byte)| match i {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    let ends = bytes.get(at + LENGTH).is_none_or(|b| !is_of_word(*b));
    (fits && ends).then_some(LENGTH)
}

/// The length of a text in quotation marks that begins here and ends before a letter or digit.
fn quoted(bytes: &[u8], at: usize) -> Option<usize> {
    let mark = *bytes.get(at)?;
    let rest = bytes.get(at + 1..)?;
    let rest = rest.get(..LONGEST_QUOTED).unwrap_or(rest);
    let mut escaped = false;
    for (i, byte) in rest.iter().enumerate() {
        match byte {
            b'\n' => return None,
            byte if *byte == mark && !escaped => {
                let next = bytes.get(at + i + 2);
                return next.is_none_or(|b| !is_of_word(*b)).then_some(i + 2);
            }
            byte => escaped = *byte == b'\\' && !escaped,
        }
    }
    None
}

fn put_word(word: &str, out: &mut String) {
    let bytes = word.as_bytes();
    if !bytes.iter().any(u8::is_ascii_digit) {
        out.push_str(word);
        return;
    }
    if FIXED.iter().any(|fixed| word.eq_ignore_ascii_case(fixed)) {
        out.push_str(word);
        return;
    }
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    let unit = word.get(digits..).unwrap_or_default();
    if digits > 0 && unit.len() <= LONGEST_UNIT && unit.bytes().all(|b| b.is_ascii_alphabetic()) {
        put_any(out);
        // The T and the Z of a time are no units.
        if unit != "Z" {
            out.push_str(unit);
        }
        return;
    }
    let letters = bytes.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let number = bytes.get(letters..).unwrap_or_default();
    let is_id = word.len() >= 6 && bytes.iter().all(u8::is_ascii_hexdigit) || word.len() >= LONG;
    if letters > 0 && !is_id && number.iter().all(u8::is_ascii_digit) {
        out.push_str(word.get(..letters).unwrap_or_default());
        out.push_str(ANY);
        return;
    }
    put_any(out);
}

/// A masked part; one with the masked part before it when only a sign of times, addresses and paths is between.
fn put_any(out: &mut String) {
    let joined = out
        .strip_suffix(['.', ':', '-', ',', '/', '+', '_'])
        .filter(|before| before.ends_with(ANY))
        .map(str::len);
    match joined {
        Some(length) => out.truncate(length),
        None if out.ends_with(ANY) => {}
        None => out.push_str(ANY),
    }
}
