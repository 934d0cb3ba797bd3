//! Colours: a pod has the same one every time, a level the one that everybody gives it.

use std::borrow::Cow;

/// What pods are written in: not black, white or red, which levels have.
const PODS: &[u8] = &[36, 32, 35, 33, 34, 96, 92, 95, 93, 94];

/// A text in a colour of the ANSI palette.
pub(super) fn paint(code: &str, text: &str) -> String {
    format!("\x1b[{code}m{text}\x1b[0m")
}

/// The colour of a pod, by its name (FNV-1a, so that it is the same in every run).
pub(super) fn of_pod(name: &str) -> String {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let at = usize::try_from(hash % PODS.len() as u64).unwrap_or(0);
    PODS.get(at).map_or_else(|| "0".to_owned(), u8::to_string)
}

/// The colour of a level; `None` for those that do not matter so much.
pub(super) fn of_level(level: &str) -> Option<&'static str> {
    match level {
        "fatal" => Some("1;31"),
        "error" => Some("31"),
        "warn" => Some("33"),
        "info" => Some("32"),
        "debug" => Some("34"),
        "trace" => Some("2"),
        _ => None,
    }
}

/// Words by which messages say their level.
fn words(level: &str) -> &'static [&'static str] {
    match level {
        "fatal" => &["fatal", "critical", "crit", "panic", "emerg", "alert"],
        "error" => &["error", "err", "severe"],
        "warn" => &["warning", "warn"],
        "info" => &["info", "notice"],
        "debug" => &["debug"],
        "trace" => &["trace"],
        _ => &[],
    }
}

/// How far into a message its level's word is looked for.
const REACH: usize = 200;

/// The message with its level's word in the level's colour, where it says one near its beginning.
pub(super) fn mark_level<'a>(message: Cow<'a, str>, level: Option<&str>) -> Cow<'a, str> {
    let Some((level, code)) = level.and_then(|level| Some((level, of_level(level)?))) else {
        return message;
    };
    // A message that has colours of its own keeps them.
    if message.contains('\u{1b}') {
        return message;
    }
    let Some((start, end)) = find_word(&message, words(level)) else {
        return message;
    };
    match (
        message.get(..start),
        message.get(start..end),
        message.get(end..),
    ) {
        (Some(before), Some(word), Some(after)) => {
            Cow::Owned(format!("{before}{}{after}", paint(code, word)))
        }
        _ => message,
    }
}

/// Where the first of the words stands as a whole word.
fn find_word(text: &str, words: &[&str]) -> Option<(usize, usize)> {
    let mut start = None;
    for (at, byte) in text.bytes().take(REACH).chain([b' ']).enumerate() {
        if byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii() {
            start = start.or(Some(at));
            continue;
        }
        if let Some(from) = start.take()
            && let Some(word) = text.get(from..at)
            && words.iter().any(|known| known.eq_ignore_ascii_case(word))
        {
            return Some((from, at));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pod_keeps_its_colour() {
        assert_eq!(of_pod("web-1"), of_pod("web-1"));
        let colours: std::collections::BTreeSet<String> =
            (0..100).map(|n| of_pod(&format!("web-{n}"))).collect();
        assert_eq!(colours.len(), PODS.len());
    }

    #[test]
    fn the_word_of_the_level_is_marked_once() {
        let mark = |text: &'static str, level| mark_level(Cow::Borrowed(text), level).into_owned();
        assert_eq!(
            mark("12:00 ERROR error", Some("error")),
            "12:00 \x1b[31mERROR\x1b[0m error"
        );
        assert_eq!(mark("[warning]", Some("warn")), "[\x1b[33mwarning\x1b[0m]");
        assert_eq!(
            mark("level=info", Some("info")),
            "level=\x1b[32minfo\x1b[0m"
        );
        assert_eq!(mark("terror", Some("error")), "terror");
        assert_eq!(mark("ERROR", None), "ERROR");
        assert_eq!(mark("\x1b[1mERROR", Some("error")), "\x1b[1mERROR");
        assert_eq!(mark("", Some("error")), "");
    }
}
