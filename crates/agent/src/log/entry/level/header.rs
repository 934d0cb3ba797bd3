//! The level in the header of a text: what stands before the message proper.
//!
//! The header is read word by word. Words with a digit, in brackets, with a colon at their end, dotted names, names of months and
//! zones are a header's; one plain word is let pass if punctuation or a word with a colon follows it (`- name -`, `host app:`).
//! With the first words that are neither, a sentence has begun, and what stands in it is no level.

use super::{Level, object, word};
use crate::calendar::MONTHS;

/// The most words of a header.
const WORDS: usize = 24;

/// Looks at the header at the start of `text`.
pub(super) fn find(text: &[u8]) -> Option<Level> {
    let mut at = 0;
    // Whether the word before was a plain one, and whether there was a `key=value`.
    let (mut plain, mut pairs) = (false, false);
    for index in 0..WORDS {
        while let Some(byte @ (b' ' | b'\t' | b'|')) = text.get(at) {
            plain &= *byte != b'|';
            at += 1;
        }
        let rest = text.get(at..)?;
        if let Some(b'[' | b'(') = rest.first() {
            let end = memchr::memchr2(b']', b')', rest)?;
            let inner = rest.get(1..end)?;
            if let Some(level) = bracketed(inner) {
                return Some(level);
            }
            at += end + 1;
            plain = false;
            continue;
        }
        let end = rest
            .iter()
            .position(|b| matches!(b, b' ' | b'\t' | b'|'))
            .unwrap_or(rest.len());
        let token = rest.get(..end)?;
        let after = rest.get(end..)?;
        at += end;
        if let Some(value) = pair(token) {
            return word::any(value);
        }
        if pairs {
            // A pair's value may be a sentence in quotes; only another pair counts.
            continue;
        }
        if !plain && let Some(found) = alone(token, after, index) {
            return Some(found);
        }
        match class(token, rest)? {
            Class::Object => return object::find(rest),
            Class::Pair => pairs = true,
            Class::Separator => plain = false,
            Class::Header if !plain => {}
            Class::Plain if !plain => plain = true,
            Class::Header | Class::Plain => return None,
        }
    }
    None
}

/// The value of `level=…`, without quotes.
fn pair(token: &[u8]) -> Option<&[u8]> {
    let equals = memchr::memchr(b'=', token.get(..token.len().min(12))?)?;
    let (key, value) = token.split_at(equals);
    let known = [&b"level"[..], b"lvl", b"severity", b"loglevel"];
    if !known.iter().any(|k| key.eq_ignore_ascii_case(k)) {
        return None;
    }
    let value = value.get(1..)?;
    let value = value.strip_prefix(b"\"").unwrap_or(value);
    let end = value.iter().position(|b| matches!(b, b'"' | b',' | b';'));
    value.get(..end.unwrap_or(value.len()))
}

/// A word that is a level where it stands.
fn alone(token: &[u8], after: &[u8], index: usize) -> Option<Level> {
    let first = token.first()?;
    if !first.is_ascii_alphabetic() {
        return None;
    }
    if let Some(level) = klog(token, after).or_else(|| ruby(token, after, index)) {
        return Some(level);
    }
    // The longest is `informational:`.
    if let Some(colon) = memchr::memchr(b':', token.get(..token.len().min(14))?) {
        // `WARNING:root:text` of Python too, but not `error://`.
        let (name, rest) = token.split_at(colon);
        return (!rest.starts_with(b":/"))
            .then(|| word::before_colon(name))
            .flatten();
    }
    if !first.is_ascii_uppercase() {
        return None;
    }
    // Logrus writes the seconds since the start beside it, `INFO[0012]`.
    if let Some(bracket) = memchr::memchr(b'[', token.get(..token.len().min(8))?) {
        return word::logrus(token.get(..bracket)?);
    }
    word::capitals(token).or_else(|| if index > 0 { word::three(token) } else { None })
}

/// `I0615 20:31:04.123456`.
fn klog(token: &[u8], after: &[u8]) -> Option<Level> {
    let [letter, digits @ ..] = token.first_chunk::<5>()?;
    if token.len() != 5 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let time = after.trim_ascii_start().first_chunk::<6>()?;
    if time[2] != b':' || time[5] != b':' || !time[0].is_ascii_digit() {
        return None;
    }
    Some(match letter {
        b'I' => Level::Info,
        b'W' => Level::Warn,
        b'E' => Level::Error,
        b'F' => Level::Fatal,
        _ => return None,
    })
}

/// `E, [2026-11-25T20:31:04.123456 #1] ERROR -- : text`.
fn ruby(token: &[u8], after: &[u8], index: usize) -> Option<Level> {
    if index != 0 || token.len() != 2 || !after.starts_with(b" [") {
        return None;
    }
    Some(match token {
        b"D," => Level::Debug,
        b"I," => Level::Info,
        b"W," => Level::Warn,
        b"E," => Level::Error,
        b"F," => Level::Fatal,
        _ => return None,
    })
}

/// `[ERROR]`, `[core:error]`, `[Server thread/INFO]`, `[20:31:04 INF]`, `[2026-11-25T20:31:04Z WARN name]`.
fn bracketed(inner: &[u8]) -> Option<Level> {
    let inner = inner.trim_ascii();
    if let Some(level) = word::any(inner) {
        return Some(level);
    }
    let cut = memchr::memrchr2(b':', b'/', inner);
    if let Some((before, [sign, last @ ..])) = cut.map(|cut| inner.split_at(cut)) {
        let a_module = before
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'#'));
        let level = match sign {
            b':' if a_module => word::any(last),
            _ => word::capitals(last),
        };
        if level.is_some() {
            return level;
        }
    }
    // After a time, and nothing but a time.
    inner.first().filter(|b| b.is_ascii_digit())?;
    let word = inner
        .split(|b| *b == b' ')
        .filter(|w| !w.is_empty())
        .find(|w| !w.first().is_some_and(u8::is_ascii_digit))?;
    word::capitals(word).or_else(|| word::three(word))
}

/// What a word says about where it stands.
enum Class {
    /// A JSON object begins.
    Object,
    /// `key=value`.
    Pair,
    /// Punctuation, or a word with a colon at its end.
    Separator,
    /// A word of a header.
    Header,
    /// Any other.
    Plain,
}

/// `None` where a header has ended for certain: at a quotation.
fn class(token: &[u8], rest: &[u8]) -> Option<Class> {
    match token.first() {
        Some(b'{') => {
            return rest
                .get(1..)
                .filter(|r| r.trim_ascii_start().starts_with(b"\""))
                .map(|_| Class::Object);
        }
        Some(b'"' | b'\'' | b'`') => return None,
        Some(b':') | None => return Some(Class::Separator),
        _ => {}
    }
    let (mut letters, mut digits, mut names) = (false, false, false);
    for byte in token {
        match byte {
            b'=' if letters => return Some(Class::Pair),
            b'0'..=b'9' => digits = true,
            b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => letters = true,
            b'.' | b'/' | b'_' | b'@' | b'$' | b'#' => names = true,
            _ => {}
        }
    }
    Some(if !letters && !digits || token.last() == Some(&b':') {
        Class::Separator
    } else if digits || names && token.last() != Some(&b'.') || of_a_time(token) {
        Class::Header
    } else {
        Class::Plain
    })
}

/// Months, days of the week and zones.
fn of_a_time(token: &[u8]) -> bool {
    const OTHERS: [&[u8]; 14] = [
        b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun", b"AM", b"PM", b"UTC", b"GMT",
        b"CET", b"CEST", b"Z",
    ];
    let token = token.strip_suffix(b",").unwrap_or(token);
    token.len() <= 4 && (OTHERS.contains(&token) || MONTHS.iter().any(|m| m.as_bytes() == token))
}
