//! The rule that a TZif file ends with, as in the variable `TZ`: `CET-1CEST,M3.5.0,M10.5.0/3`.

use crate::calendar::{date, days};

/// An offset, and summer time if there is one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Rule {
    /// Seconds east of UTC.
    standard: i64,
    summer: Option<Summer>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Summer {
    offset: i64,
    begin: Change,
    end: Change,
}

/// When in a year, by the local time that holds before it.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Change {
    day: Day,
    /// Seconds of that day, perhaps negative or more than a day.
    time: i64,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Day {
    /// Month, week of it (5: the last one), day of the week from Sunday.
    Week(i64, i64, i64),
    /// 1 to 365, 29 February not counted.
    Julian(i64),
    /// 0 to 365, 29 February counted.
    Counted(i64),
}

impl Rule {
    /// Reads one; `None` if it is none.
    pub(super) fn read(text: &[u8]) -> Option<Rule> {
        let mut rest = text;
        name(&mut rest)?;
        let standard = -clock(&mut rest)?;
        if rest.is_empty() {
            return Some(Rule {
                standard,
                summer: None,
            });
        }
        name(&mut rest)?;
        let offset = match rest.first()? {
            b',' => standard + 3600,
            _ => -clock(&mut rest)?,
        };
        let begin = change(&mut rest)?;
        let end = change(&mut rest)?;
        rest.is_empty().then_some(Rule {
            standard,
            summer: Some(Summer { offset, begin, end }),
        })
    }

    /// Seconds east of UTC at a moment.
    pub(super) fn offset(&self, utc: i64) -> i64 {
        let Some(summer) = &self.summer else {
            return self.standard;
        };
        // Far beyond every calendar there is no summer.
        const FAR: i64 = 1 << 40;
        if !(-FAR..FAR).contains(&utc) {
            return self.standard;
        }
        let (year, _, _) = date((utc + self.standard).div_euclid(86_400));
        let begin = summer.begin.seconds(year) - self.standard;
        let end = summer.end.seconds(year) - summer.offset;
        let is_summer = if begin <= end {
            (begin..end).contains(&utc)
        } else {
            // South of the equator.
            !(end..begin).contains(&utc)
        };
        if is_summer {
            summer.offset
        } else {
            self.standard
        }
    }
}

impl Change {
    /// In a year, as if local time were UTC.
    fn seconds(&self, year: i64) -> i64 {
        let first = days(year, 1, 1);
        let day = match self.day {
            Day::Counted(day) => first + day,
            Day::Julian(day) => {
                let is_leap = days(year, 3, 1) - first == 60;
                first + day - 1 + i64::from(is_leap && day >= 60)
            }
            Day::Week(month, week, weekday) => {
                let start = days(year, month, 1);
                // 1970-01-01 was a Thursday.
                let day = start + (weekday - start - 4).rem_euclid(7) + (week - 1) * 7;
                let next = if month == 12 {
                    days(year + 1, 1, 1)
                } else {
                    days(year, month + 1, 1)
                };
                if day < next { day } else { day - 7 }
            }
        };
        day * 86_400 + self.time
    }
}

/// A zone's name: three letters or more, or anything in angle brackets.
fn name(rest: &mut &[u8]) -> Option<()> {
    let length = match rest.first()? {
        b'<' => memchr::memchr(b'>', rest)? + 1,
        _ => rest.iter().take_while(|b| b.is_ascii_alphabetic()).count(),
    };
    *rest = rest.get(length..)?;
    (length >= 3).then_some(())
}

/// `[+-]HHH[:MM[:SS]]` in seconds.
fn clock(rest: &mut &[u8]) -> Option<i64> {
    let sign = match rest.first()? {
        b'-' => -1,
        _ => 1,
    };
    if let Some((b'-' | b'+', after)) = rest.split_first() {
        *rest = after;
    }
    let mut seconds = number(rest)? * 3600;
    for unit in [60, 1] {
        let Some(after) = rest.strip_prefix(b":") else {
            break;
        };
        *rest = after;
        seconds += number(rest)? * unit;
    }
    Some(sign * seconds)
}

/// At most three digits.
fn number(rest: &mut &[u8]) -> Option<i64> {
    let digits = rest
        .iter()
        .take(3)
        .take_while(|b| b.is_ascii_digit())
        .count();
    let (number, after) = rest.split_at(digits);
    *rest = after;
    (digits > 0).then(|| number.iter().fold(0, |n, b| n * 10 + i64::from(b - b'0')))
}

/// `,M3.5.0/2`, `,J60`, `,59/-1`.
fn change(rest: &mut &[u8]) -> Option<Change> {
    *rest = rest.strip_prefix(b",")?;
    let mut next = |sign: u8| {
        *rest = rest.strip_prefix(&[sign][..])?;
        number(rest)
    };
    let day = if let Some(month) = next(b'M') {
        let (week, weekday) = (next(b'.')?, next(b'.')?);
        let right =
            (1..=12).contains(&month) && (1..=5).contains(&week) && (0..=6).contains(&weekday);
        right.then_some(Day::Week(month, week, weekday))?
    } else if let Some(day) = next(b'J') {
        (1..=365).contains(&day).then_some(Day::Julian(day))?
    } else {
        Day::Counted(number(rest).filter(|day| *day <= 365)?)
    };
    let time = match rest.strip_prefix(b"/") {
        Some(after) => {
            *rest = after;
            clock(rest)?
        }
        None => 2 * 3600,
    };
    Some(Change { day, time })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_a_year_are_counted_in_three_ways() {
        let first = |text: &str, year| {
            let mut rest = text.as_bytes();
            let change = change(&mut rest).unwrap();
            let seconds = change.seconds(year);
            (date(seconds.div_euclid(86_400)), seconds.rem_euclid(86_400))
        };
        for (text, year, day, time) in [
            (",M3.5.0", 2026, (2026, 3, 29), 7200),
            (",M10.5.0/3", 2026, (2026, 10, 25), 10_800),
            (",M11.1.0", 2026, (2026, 11, 1), 7200),
            (",M12.5.4/0", 2026, (2026, 12, 31), 0),
            (",J60", 2024, (2024, 3, 1), 7200),
            (",J60", 2026, (2026, 3, 1), 7200),
            (",59/0", 2024, (2024, 2, 29), 0),
            (",0/-1", 2026, (2025, 12, 31), 82_800),
        ] {
            assert_eq!(first(text, year), (day, time), "{text} {year}");
        }
        for text in [
            "",
            "X",
            "CET",
            "CET-1CEST",
            "CET-1CEST,M13.1.0,M1.1.0",
            "CET-1CEST,M3.5.0",
            "CET-1CEST,M3.5.0,M10.5.0x",
            "<+0",
            "CET-1CEST,J0,J1",
        ] {
            assert_eq!(Rule::read(text.as_bytes()), None, "{text}");
        }
    }
}
