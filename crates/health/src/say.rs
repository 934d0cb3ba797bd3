//! How numbers and times are said.

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// `a` as a share of `of`; absent where that means nothing.
pub(crate) fn share(a: Option<i64>, of: Option<i64>) -> Option<f64> {
    let (a, of) = (a?, of?);
    (a >= 0 && of > 0).then(|| a as f64 / of as f64)
}

/// How long ago, 0 for what is ahead.
pub(crate) fn ago(time: i64, now: i64) -> i64 {
    now.saturating_sub(time).max(0)
}

/// "256 MiB", "1.5 GiB".
pub(crate) fn bytes(bytes: i64) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if bytes.unsigned_abs() < 1024 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1024.0;
    let mut unit = "KiB";
    for next in UNITS.iter().skip(1) {
        if value.abs() < 1023.95 {
            break;
        }
        value /= 1024.0;
        unit = next;
    }
    let tenths = (value * 10.0).round() / 10.0;
    if tenths.abs() < 10.0 && tenths.fract() != 0.0 {
        format!("{tenths:.1} {unit}")
    } else {
        format!("{value:.0} {unit}")
    }
}

/// "43 %", never "100 %" of less and never "0 %" of more.
pub(crate) fn percent(share: f64) -> String {
    let hundredths = share * 100.0;
    if !hundredths.is_finite() {
        "an unknown share".to_owned()
    } else if hundredths > 0.0 && hundredths < 0.5 {
        "under 1 %".to_owned()
    } else if (99.5..100.0).contains(&hundredths) {
        "over 99 %".to_owned()
    } else {
        format!("{hundredths:.0} %")
    }
}

/// "12 s", "4 min", "3 h 5 min", "2 days".
pub(crate) fn duration(usec: i64) -> String {
    let usec = usec.max(0);
    if usec < MINUTE {
        format!("{} s", usec / SECOND)
    } else if usec < HOUR {
        format!("{} min", usec / MINUTE)
    } else if usec < 2 * DAY {
        let (hours, minutes) = (usec / HOUR, usec % HOUR / MINUTE);
        if minutes == 0 || hours >= 12 {
            format!("{hours} h")
        } else {
            format!("{hours} h {minutes} min")
        }
    } else {
        format!("{} days", usec / DAY)
    }
}

/// An estimate: "about a minute", "about 40 min", "about 3 h", "about 2 days".
pub(crate) fn about(usec: i64) -> String {
    let nearest = |unit: i64, step: i64| {
        let count = (usec as f64 / unit as f64 / step as f64).round() as i64;
        count.max(1) * step
    };
    if usec < 90 * SECOND {
        "about a minute".to_owned()
    } else if usec < 18 * MINUTE {
        format!("about {} min", nearest(MINUTE, 1))
    } else if usec < 100 * MINUTE {
        format!("about {} min", nearest(MINUTE, 5))
    } else if usec < 2 * DAY {
        format!("about {} h", nearest(HOUR, 1))
    } else {
        format!("about {} days", nearest(DAY, 1))
    }
}

/// "1 restart", "3 restarts".
pub(crate) fn count(number: i64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// "once", "twice", "5 times".
pub(crate) fn times(number: i64) -> String {
    match number {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{number} times"),
    }
}

/// "0.25 cores", "2 cores".
pub(crate) fn cores(cores: f64) -> String {
    let hundredths = (cores * 100.0).round() / 100.0;
    if hundredths == 1.0 {
        "1 core".to_owned()
    } else {
        format!("{hundredths} cores")
    }
}

/// The text on one line, cut after `most` characters.
pub(crate) fn clipped(text: &str, most: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
            length += 1;
        }
        for letter in word.chars() {
            if length == most {
                line.push('…');
                return line;
            }
            line.push(letter);
            length += 1;
        }
    }
    line
}

/// A message of others as the end of a sentence: one line, with a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let line = clipped(text, crate::thresholds::TEXT_MOST);
    if line.is_empty() || line.ends_with(['.', '!', '?', '…']) {
        line
    } else {
        format!("{line}.")
    }
}

/// A sentence about a part: "Container web ended with exit code 1." of "It ended with exit code 1."
pub(crate) fn of(part: &str, sentence: &str) -> String {
    match sentence.strip_prefix("It ") {
        Some(rest) => format!("{part} {rest}"),
        None => format!("{part}: {}", lowered(sentence)),
    }
}

/// The sentence within another. "PID 1 …" and the like keep their capitals.
pub(crate) fn lowered(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().unwrap_or_default();
    let rest = letters.as_str();
    if rest.starts_with(|c: char| c.is_lowercase() || c == ' ') {
        format!("{}{rest}", first.to_lowercase())
    } else {
        sentence.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_their_binary_unit() {
        for (number, text) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1536, "1.5 KiB"),
            (64 << 20, "64 MiB"),
            ((1 << 30) - 1, "1 GiB"),
            (3 << 29, "1.5 GiB"),
            (i64::MAX, "8 EiB"),
            (i64::MIN, "-8 EiB"),
        ] {
            assert_eq!(bytes(number), text);
        }
    }

    #[test]
    fn shares_are_never_rounded_to_all_or_nothing() {
        for (number, text) in [
            (0.0, "0 %"),
            (0.001, "under 1 %"),
            (0.254, "25 %"),
            (0.999, "over 99 %"),
            (1.0, "100 %"),
            (2.5, "250 %"),
            (f64::NAN, "an unknown share"),
            (f64::INFINITY, "an unknown share"),
        ] {
            assert_eq!(percent(number), text);
        }
        assert_eq!(share(Some(1), Some(0)), None);
        assert_eq!(share(Some(-1), Some(4)), None);
        assert_eq!(share(Some(1), Some(4)), Some(0.25));
    }

    #[test]
    fn times_are_said_as_people_say_them() {
        for (usec, exact, estimate) in [
            (-5, "0 s", "about a minute"),
            (59 * SECOND, "59 s", "about a minute"),
            (4 * MINUTE, "4 min", "about 4 min"),
            (42 * MINUTE, "42 min", "about 40 min"),
            (3 * HOUR + 5 * MINUTE, "3 h 5 min", "about 3 h"),
            (30 * HOUR + MINUTE, "30 h", "about 30 h"),
            (3 * DAY, "3 days", "about 3 days"),
            (i64::MAX, "106751991 days", "about 106751991 days"),
        ] {
            assert_eq!(
                (duration(usec).as_str(), about(usec).as_str()),
                (exact, estimate)
            );
        }
    }

    #[test]
    fn texts_are_one_line_and_not_endless() {
        assert_eq!(clipped(" a\n\tb ", 10), "a b");
        assert_eq!(clipped("äöüß", 3), "äöü…");
        assert_eq!(clipped("äöü", 3), "äöü");
        assert_eq!(sentence("no such file"), "no such file.");
        assert_eq!(sentence(""), "");
        assert_eq!(
            of("Container web", "It has ended."),
            "Container web has ended."
        );
        assert_eq!(
            of("Container web", "Its image is gone."),
            "Container web: its image is gone."
        );
        assert_eq!(
            of("Container web", "PID 1 lived."),
            "Container web: PID 1 lived."
        );
        assert_eq!(lowered(""), "");
    }
}
