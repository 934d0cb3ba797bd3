//! Times and spans as they are written on the command line.

/// A span before now, `1h30m` or `-1h30m`, becomes `-5400s`; anything else is the server's to read.
pub(crate) fn moment(text: &str) -> String {
    let text = text.trim();
    match seconds(text.strip_prefix('-').unwrap_or(text)) {
        Some(seconds) => format!("-{seconds}s"),
        None => text.to_owned(),
    }
}

/// Seconds of `90s`, `1h30m`, `2d`.
pub(crate) fn seconds(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut seconds: u64 = 0;
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .filter(|at| *at > 0)?;
        let (number, more) = rest.split_at(digits);
        let unit = more.chars().next()?;
        let each = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            'w' => 7 * 86_400,
            _ => return None,
        };
        seconds = seconds.checked_add(number.parse::<u64>().ok()?.checked_mul(each)?)?;
        rest = more.get(unit.len_utf8()..)?;
    }
    (!text.is_empty()).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_before_now_and_everything_else() {
        for (text, sent) in [
            ("14d", "-1209600s"),
            ("-14d", "-1209600s"),
            ("1h30m", "-5400s"),
            ("now", "now"),
            ("2026-11-23T08:00:00Z", "2026-11-23T08:00:00Z"),
            ("99999999999999999999d", "99999999999999999999d"),
        ] {
            assert_eq!(moment(text), sent, "{text}");
        }
        assert_eq!(seconds(""), None);
        assert_eq!(seconds("h"), None);
    }
}
