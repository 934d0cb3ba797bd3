//! Times as lines carry them.

use super::zone::Zone;
use crate::calendar::{MONTHS, date, days};

/// A time that was written in a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Stamp {
    /// Microseconds since 1970.
    pub(super) usec: i64,
    /// Nanoseconds below that, where they were written.
    pub(super) nsec: Option<u16>,
}

/// When an entry was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct When {
    /// Microseconds since 1970.
    pub(super) usec: i64,
    /// Nanoseconds below that.
    pub(super) nsec: Option<u16>,
    /// The line's own stamp, where it is not to be believed.
    pub(super) stamped_usec: Option<i64>,
}

/// 2000-01-01: no log is older.
const OLDEST_USEC: i64 = 946_684_800_000_000;
/// How far a stamp may be ahead of the clock that reads it.
const AHEAD_USEC: i64 = 3_600_000_000;

impl When {
    /// A time that is taken as it is.
    pub(super) fn at(usec: i64) -> When {
        When {
            usec,
            nsec: None,
            stamped_usec: None,
        }
    }

    /// The stamp, or `now` if the stamp is before 2000 or more than an hour ahead.
    pub(super) fn of(stamp: Stamp, now_usec: i64) -> When {
        if stamp.usec < OLDEST_USEC || stamp.usec > now_usec.saturating_add(AHEAD_USEC) {
            return When {
                usec: now_usec,
                nsec: None,
                stamped_usec: Some(stamp.usec),
            };
        }
        When {
            usec: stamp.usec,
            nsec: stamp.nsec,
            stamped_usec: None,
        }
    }
}

/// Two digits.
fn two(bytes: &[u8], at: usize) -> Option<i64> {
    let [a, b] = *bytes.get(at..at + 2)?.first_chunk::<2>()?;
    let (a, b) = (a.wrapping_sub(b'0'), b.wrapping_sub(b'0'));
    (a <= 9 && b <= 9).then_some(i64::from(a) * 10 + i64::from(b))
}

/// `HH:MM:SS` at `at`, in seconds. A leap second is written 60.
fn clock(bytes: &[u8], at: usize) -> Option<i64> {
    let (hour, minute, second) = (two(bytes, at)?, two(bytes, at + 3)?, two(bytes, at + 6)?);
    let colons = bytes.get(at + 2) == Some(&b':') && bytes.get(at + 5) == Some(&b':');
    (colons && hour <= 23 && minute <= 59 && second <= 60)
        .then_some(hour * 3600 + minute * 60 + second)
}

/// Whether there is such a day.
fn is_day(year: i64, month: i64, day: i64) -> bool {
    (1..=12).contains(&month)
        && day >= 1
        && (day <= 28 || date(days(year, month, day)) == (year, month, day))
}

/// An RFC 3339 time with zone at the start of `bytes`, and how long it is. A space may stand for the `T`. Of a fraction's digits
/// nine are read; `nsec` is there if there are more than six or, `nanoseconds`, the writer is known to drop trailing zeros.
pub(super) fn rfc3339(bytes: &[u8], nanoseconds: bool) -> Option<(Stamp, usize)> {
    let head = bytes.first_chunk::<20>()?;
    if head[4] != b'-' || head[7] != b'-' || !matches!(head[10], b'T' | b't' | b' ') {
        return None;
    }
    let year = two(head, 0)? * 100 + two(head, 2)?;
    let (month, day) = (two(head, 5)?, two(head, 8)?);
    if !is_day(year, month, day) {
        return None;
    }
    let seconds = days(year, month, day) * 86_400 + clock(head, 11)?;
    let mut at = 19;
    let (mut nanos, mut digits) = (0i64, 0usize);
    if head[19] == b'.' {
        at = 20;
        while let Some(digit) = bytes
            .get(at)
            .map(|b| b.wrapping_sub(b'0'))
            .filter(|d| *d <= 9)
        {
            if digits < 9 {
                nanos = nanos * 10 + i64::from(digit);
            }
            digits += 1;
            at += 1;
        }
        if digits == 0 {
            return None;
        }
        for _ in digits..9 {
            nanos *= 10;
        }
    }
    let zone = match bytes.get(at)? {
        b'Z' | b'z' => {
            at += 1;
            0
        }
        sign @ (b'+' | b'-') => {
            let (hour, minute) = (two(bytes, at + 1)?, two(bytes, at + 4)?);
            if bytes.get(at + 3) != Some(&b':') || hour > 23 || minute > 59 {
                return None;
            }
            at += 6;
            let zone = hour * 3600 + minute * 60;
            if *sign == b'+' { zone } else { -zone }
        }
        _ => return None,
    };
    let stamp = Stamp {
        usec: (seconds - zone) * 1_000_000 + nanos / 1000,
        nsec: (nanoseconds || digits > 6).then_some((nanos % 1000) as u16),
    };
    Some((stamp, at))
}

/// A syslog time without year and zone (RFC 3164), `Nov 25 20:31:04`, at the start of `bytes` and ended by a space. The year is the
/// latest with which it is not more than a day ahead of now.
fn rfc3164(bytes: &[u8], zone: &Zone, now_usec: i64) -> Option<Stamp> {
    let head = bytes.first_chunk::<16>()?;
    if head[3] != b' ' || head[6] != b' ' || head[15] != b' ' {
        return None;
    }
    let month = MONTHS
        .iter()
        .position(|name| name.as_bytes() == &head[..3])? as i64
        + 1;
    let day = match head[4] {
        b' ' => i64::from(head[5].wrapping_sub(b'0')),
        _ => two(head, 4)?,
    };
    let clock = clock(head, 7)?;
    let latest = now_usec.saturating_add(86_400_000_000);
    let (year, _, _) = date(latest.div_euclid(86_400_000_000));
    // 29 February may be up to eight years ago (1896 to 1904 had none between).
    (0..=8).map(|back| year + 1 - back).find_map(|year| {
        if !is_day(year, month, day) {
            return None;
        }
        let local = days(year, month, day) * 86_400 + clock;
        let usec = zone.utc(local).checked_mul(1_000_000)?;
        (usec <= latest).then_some(Stamp { usec, nsec: None })
    })
}

/// Seconds since boot as the kernel prints them, `[   12.345678] `.
fn since_boot(bytes: &[u8]) -> Option<i64> {
    let rest = bytes.strip_prefix(b"[")?;
    let end = memchr::memchr(b']', rest.get(..24.min(rest.len()))?)?;
    let number = rest.get(..end)?.trim_ascii_start();
    let dot = number.iter().position(|b| *b == b'.')?;
    let (whole, fraction) = (number.get(..dot)?, number.get(dot + 1..)?);
    if fraction.len() != 6 || whole.is_empty() || whole.len() > 10 {
        return None;
    }
    let mut usec = 0i64;
    for byte in whole.iter().chain(fraction) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        usec = usec * 10 + i64::from(digit);
    }
    Some(usec)
}

/// What is needed to understand the times of host logs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Place {
    /// The host's time zone, for times without one; `None`: such times are not believed.
    pub(crate) zone: Option<Zone>,
    /// When the host was booted, in microseconds since 1970, for the kernel's times.
    pub(crate) boot_usec: Option<i64>,
}

/// The time that a line of a host log begins with, where it is certain.
pub(super) fn own(line: &[u8], place: &Place, now_usec: i64) -> Option<Stamp> {
    // `<13>` before it is syslog's priority, `1 ` after that RFC 5424's version.
    let line = match super::level::priority(line) {
        Some((_, used)) => {
            let rest = line.get(used..)?;
            rest.strip_prefix(b"1 ").unwrap_or(rest)
        }
        None => line,
    };
    match line.first()? {
        b'0'..=b'9' => Some(rfc3339(line, false)?.0),
        b'A'..=b'Z' => rfc3164(line, place.zone.as_ref()?, now_usec),
        b'[' => Some(Stamp {
            usec: place.boot_usec?.checked_add(since_boot(line)?)?,
            nsec: None,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: i64 = 1_795_638_664_000_000; // 2026-11-25T20:31:04Z

    #[test]
    fn rfc3339_in_all_its_forms() {
        for (text, usec, nsec, used) in [
            ("2026-11-25T20:31:04Z", NOW, Some(0), 20),
            (
                "2026-11-25T20:31:04.123456789Z x",
                NOW + 123_456,
                Some(789),
                30,
            ),
            ("2026-11-25T20:31:04.5Z", NOW + 500_000, Some(0), 22),
            (
                "2026-11-25T20:31:04.1234567899Z",
                NOW + 123_456,
                Some(789),
                31,
            ),
            ("2026-11-26T05:31:04.000000001+09:00", NOW, Some(1), 35),
            ("2026-11-25t15:01:04-05:30", NOW, Some(0), 25),
            ("1970-01-01T00:00:00Z", 0, Some(0), 20),
            ("1969-12-31T23:59:59.999999999Z", -1, Some(999), 30),
            ("2024-02-29T23:59:60Z", 1_709_251_200_000_000, Some(0), 20),
        ] {
            assert_eq!(
                rfc3339(text.as_bytes(), true),
                Some((Stamp { usec, nsec }, used)),
                "{text}"
            );
        }
        for text in [
            "",
            "2026-11-25T20:31:04",
            "2026-11-25T20:31:04 ",
            "2026-11-25T20:31:04.Z",
            "2026-13-25T20:31:04Z",
            "2025-02-29T20:31:04Z",
            "2026-04-31T20:31:04Z",
            "2026-11-00T20:31:04Z",
            "2026-11-25T24:31:04Z",
            "2026-11-25T20:31:04+0900",
            "2026-11-25T20:31:04+25:00",
            "2026-1a-25T20:31:04Z",
            "20261125T203104Z    ",
        ] {
            assert_eq!(rfc3339(text.as_bytes(), true), None, "{text}");
        }
        assert_eq!(
            rfc3339(b"2026-11-25 20:31:04.123456Z", false)
                .unwrap()
                .0
                .nsec,
            None
        );
        assert_eq!(
            rfc3339(b"2026-11-25 20:31:04.1234560Z", false)
                .unwrap()
                .0
                .nsec,
            Some(0)
        );
    }

    #[test]
    fn a_stamp_that_nobody_believes_is_kept_beside_the_time_of_reading() {
        let stamp = |usec| Stamp {
            usec,
            nsec: Some(7),
        };
        for usec in [0, OLDEST_USEC - 1, NOW + AHEAD_USEC + 1, i64::MIN, i64::MAX] {
            let when = When::of(stamp(usec), NOW);
            assert_eq!(
                (when.usec, when.nsec, when.stamped_usec),
                (NOW, None, Some(usec))
            );
        }
        for usec in [OLDEST_USEC, NOW, NOW + AHEAD_USEC] {
            let when = When::of(stamp(usec), NOW);
            assert_eq!(
                (when.usec, when.nsec, when.stamped_usec),
                (usec, Some(7), None)
            );
        }
    }

    fn syslog(text: &str, place: &Place, now: &str) -> Option<String> {
        let now = rfc3339(now.as_bytes(), false).unwrap().0.usec;
        own(text.as_bytes(), place, now).map(|s| crate::calendar::rfc3339(s.usec))
    }

    #[test]
    fn syslog_has_no_year_and_gets_the_right_one() {
        let place = Place {
            zone: Some(Zone::fixed(0)),
            boot_usec: None,
        };
        for (text, now, expected) in [
            (
                "Nov 25 20:31:04 n x",
                "2026-11-25T20:31:05Z",
                "2026-11-25T20:31:04.000Z",
            ),
            (
                "Nov  5 20:31:04 n x",
                "2026-11-25T20:31:05Z",
                "2026-11-05T20:31:04.000Z",
            ),
            (
                "Dec 31 23:59:59 n x",
                "2027-01-01T00:00:01Z",
                "2026-12-31T23:59:59.000Z",
            ),
            (
                "Jan  1 00:00:01 n x",
                "2026-12-31T23:59:58Z",
                "2027-01-01T00:00:01.000Z",
            ),
            (
                "Nov 27 20:31:04 n x",
                "2026-11-25T20:31:05Z",
                "2025-11-27T20:31:04.000Z",
            ),
            (
                "Feb 29 10:00:00 n x",
                "2026-11-25T20:31:05Z",
                "2024-02-29T10:00:00.000Z",
            ),
            (
                "<13>Nov 25 20:31:04 n x",
                "2026-11-25T20:31:05Z",
                "2026-11-25T20:31:04.000Z",
            ),
            (
                "<13>1 2026-11-25T20:31:04Z n x",
                "2026-11-25T20:31:05Z",
                "2026-11-25T20:31:04.000Z",
            ),
        ] {
            assert_eq!(
                syslog(text, &place, now).as_deref(),
                Some(expected),
                "{text}"
            );
        }
        for text in [
            "Nov 31 20:31:04 n",
            "Now 25 20:31:04 n",
            "Nov 25 20:31:04",
            "Nov 25 20:31:61 n",
            "[1.2] x",
            "[   12.345678] x",
            "x",
        ] {
            assert_eq!(syslog(text, &place, "2026-11-25T20:31:05Z"), None, "{text}");
        }
        let east = Place {
            zone: Some(Zone::fixed(9 * 3600)),
            boot_usec: Some(1_700_000_000_000_000),
        };
        assert_eq!(
            syslog("Jan  1 08:00:00 n", &east, "2026-12-31T23:00:05Z").as_deref(),
            Some("2026-12-31T23:00:00.000Z")
        );
        assert_eq!(
            syslog("[   12.345678] x", &east, "2026-12-31T23:00:05Z").as_deref(),
            Some("2023-11-14T22:13:32.345Z")
        );
        // Without a zone nobody knows when that was.
        assert_eq!(
            syslog(
                "Nov 25 20:31:04 n x",
                &Place::default(),
                "2026-11-25T20:31:05Z"
            ),
            None
        );
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes: Vec<u8>, now: i64) {
            let place = Place { zone: Some(Zone::fixed(-3600)), boot_usec: Some(i64::MAX) };
            let _ = (rfc3339(&bytes, true), own(&bytes, &place, now));
        }

        #[test]
        fn any_time_reads_back(usec in -62_135_596_800_000_000i64..253_402_300_799_999_999, nsec in 0u16..1000) {
            let text = crate::calendar::rfc3339(usec);
            let text = format!("{}{:03}{nsec:03}Z", text.strip_suffix('Z').unwrap(), usec.rem_euclid(1000));
            let (stamp, used) = rfc3339(text.as_bytes(), true).unwrap();
            prop_assert_eq!((stamp.usec, stamp.nsec, used), (usec, Some(nsec), text.len()));
        }
    }
}
