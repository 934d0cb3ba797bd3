//! The level that a JSON object names.

use super::super::json;
use super::{Level, word};

/// Looks at the members of the object at the start of `text`, which may end anywhere.
pub(super) fn find(text: &[u8]) -> Option<Level> {
    let mut at = 1;
    while let Some((key, start)) = json::member(text, at) {
        let key = text.get(key)?;
        if names_level(key)
            && let Some(level) = read(text, start, key)
        {
            return Some(level);
        }
        at = json::value(text, start)?;
    }
    None
}

/// The keys that loggers use; `s` is MongoDB's.
fn names_level(key: &[u8]) -> bool {
    matches!(
        key,
        b"level"
            | b"severity"
            | b"lvl"
            | b"Level"
            | b"LEVEL"
            | b"Severity"
            | b"@l"
            | b"@level"
            | b"log.level"
            | b"loglevel"
            | b"logLevel"
            | b"LogLevel"
            | b"log_level"
            | b"levelname"
            | b"level_name"
            | b"severity_text"
            | b"severityText"
            | b"SeverityText"
            | b"s"
    )
}

fn read(text: &[u8], start: usize, key: &[u8]) -> Option<Level> {
    if let Some((value, _)) = json::string(text, start) {
        let value = text.get(value)?;
        if key != b"s" {
            return word::any(value);
        }
        return match value {
            b"I" => Some(Level::Info),
            b"W" => Some(Level::Warn),
            b"E" => Some(Level::Error),
            b"F" => Some(Level::Fatal),
            [b'D', b'1'..=b'5'] => Some(Level::Debug),
            _ => None,
        };
    }
    // Numbers are bunyan's and pino's. Other loggers number otherwise, but not with these.
    if !matches!(key, b"level" | b"lvl") {
        return None;
    }
    Some(match text.get(start..json::value(text, start)?)? {
        b"10" => Level::Trace,
        b"20" => Level::Debug,
        b"30" => Level::Info,
        b"40" => Level::Warn,
        b"50" => Level::Error,
        b"60" => Level::Fatal,
        _ => return None,
    })
}
