//! Durations of Prometheus: `5m`, `1h30m`.

/// The seconds of a duration, up to the next whole one. `None` for what is none: units come in falling order, each once.
pub(super) fn seconds(text: &str) -> Option<u64> {
    const UNITS: [(&str, u64); 7] = [
        ("y", 31_536_000_000),
        ("w", 604_800_000),
        ("d", 86_400_000),
        ("h", 3_600_000),
        ("m", 60_000),
        ("s", 1000),
        ("ms", 1),
    ];
    if text == "0" {
        return Some(0);
    }
    let mut units = UNITS.iter();
    let mut rest = text;
    let mut millis: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, after) = rest.split_at(digits);
        let end = after
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        let (_, length) = units.find(|(name, _)| *name == unit)?;
        let number: u64 = number.parse().ok()?;
        millis = millis.checked_add(number.checked_mul(*length)?)?;
        rest = after;
    }
    (!text.is_empty()).then(|| millis.div_ceil(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_prometheus_does() {
        for (text, length) in [
            ("0", Some(0)),
            ("0s", Some(0)),
            ("5m", Some(300)),
            ("1h30m", Some(5400)),
            ("90s", Some(90)),
            ("1d", Some(86_400)),
            ("1w2d", Some(777_600)),
            ("500ms", Some(1)),
            ("1s500ms", Some(2)),
            ("", None),
            ("5", None),
            ("m", None),
            ("5 m", None),
            ("5m1h", None),
            ("5m5m", None),
            ("-5m", None),
            ("1.5h", None),
            ("99999999999999999999y", None),
            ("18446744073709551615y", None),
        ] {
            assert_eq!(seconds(text), length, "{text}");
        }
    }
}
