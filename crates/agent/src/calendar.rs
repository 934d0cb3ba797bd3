//! Dates of HTTP and of reports. Days are counted as in Howard Hinnant's `days_from_civil`.

/// Days since 1970-01-01 of a date of the Gregorian calendar.
pub(crate) fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a number of days since 1970-01-01.
pub(crate) fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// Microseconds since 1970 as RFC 3339 in UTC with milliseconds.
pub(crate) fn rfc3339(usec: i64) -> String {
    let (year, month, day) = date(usec.div_euclid(86_400_000_000));
    let msec = usec.rem_euclid(86_400_000_000) / 1000;
    let (hour, minute, second) = (msec / 3_600_000, msec / 60_000 % 60, msec / 1000 % 60);
    format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z",
        msec % 1000
    )
}

/// The months' short names.
pub(crate) const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Seconds since 1970 of an HTTP date in the form that senders must use (RFC 9110 §5.6.7, IMF-fixdate):
/// `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(crate) fn http_date(text: &str) -> Option<i64> {
    let (_, rest) = text.trim().split_once(", ")?;
    let mut words = rest.split(' ');
    let mut number = || words.next();
    let day: i64 = number()?.parse().ok()?;
    let month = number()?;
    let month = MONTHS.iter().position(|name| *name == month)? as i64 + 1;
    let year: i64 = number()?.parse().ok()?;
    let mut clock = number()?.split(':');
    let mut part = |most: i64| {
        clock
            .next()?
            .parse::<i64>()
            .ok()
            .filter(|n| (0..=most).contains(n))
    };
    // A leap second is written 60.
    let (hour, minute, second) = (part(23)?, part(59)?, part(60)?);
    if number()? != "GMT" || !(1..=31).contains(&day) || !(1970..=9999).contains(&year) {
        return None;
    }
    Some(days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_known() {
        for (text, seconds) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
            ("Thu, 29 Feb 2024 23:59:60 GMT", 1_709_251_200),
        ] {
            assert_eq!(http_date(text), Some(seconds), "{text}");
        }
        for text in [
            "",
            "10",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "x, 1 Nov 1994 1:1:1 CET",
        ] {
            assert_eq!(http_date(text), None, "{text}");
        }
        assert_eq!(rfc3339(784_111_777_123_456), "1994-11-06T08:49:37.123Z");
        assert_eq!(rfc3339(-1), "1969-12-31T23:59:59.999Z");
    }

    #[test]
    fn days_and_dates_agree_through_leap_years() {
        let mut last = days(1899, 12, 31);
        for year in 1900..2101 {
            for month in 1..=12 {
                let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
                let length = [
                    31,
                    if leap { 29 } else { 28 },
                    31,
                    30,
                    31,
                    30,
                    31,
                    31,
                    30,
                    31,
                    30,
                    31,
                ][month - 1];
                for day in 1..=length {
                    last += 1;
                    assert_eq!(days(year, month as i64, day), last);
                    assert_eq!(date(last), (year, month as i64, day));
                }
            }
        }
    }
}
