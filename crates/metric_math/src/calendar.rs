//! What calendar and clock say at a time, in UTC.

use chrono::{DateTime, Datelike, Timelike, Utc};

use crate::function::Function;

/// MINUTE, HOUR, DAY (1 is Monday), DATE, MONTH and YEAR of a time in seconds since 1970; of other functions that time. Before
/// the first and after the last times that the calendar has, as at those.
pub(crate) fn field(function: Function, seconds: i64) -> i64 {
    let ends = match seconds < 0 {
        true => DateTime::<Utc>::MIN_UTC,
        false => DateTime::<Utc>::MAX_UTC,
    };
    let date = DateTime::from_timestamp(seconds, 0).unwrap_or(ends);
    match function {
        Function::Minute => i64::from(date.minute()),
        Function::Hour => i64::from(date.hour()),
        Function::Day => i64::from(date.weekday().number_from_monday()),
        Function::Date => i64::from(date.day()),
        Function::Month => i64::from(date.month()),
        Function::Year => i64::from(date.year()),
        _ => seconds,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Year, month, date, day, hour, minute.
    fn fields(seconds: i64) -> [i64; 6] {
        [
            Function::Year,
            Function::Month,
            Function::Date,
            Function::Day,
            Function::Hour,
            Function::Minute,
        ]
        .map(|function| field(function, seconds))
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        // 2024-02-29 23:59:30, a Thursday.
        assert_eq!(fields(1_709_251_170), [2024, 2, 29, 4, 23, 59]);
        // 1969-12-31 23:59:59, a Wednesday.
        assert_eq!(fields(-1), [1969, 12, 31, 3, 23, 59]);
        // 2026-11-29, a Sunday.
        assert_eq!(field(Function::Day, 1_795_910_400), 7);
        assert_eq!(field(Function::Epoch, -1), -1);
    }

    #[test]
    fn the_ends_of_time_are_days_too() {
        for seconds in [i64::MIN, i64::MAX] {
            let [_, month, date, day, hour, minute] = fields(seconds);
            assert!((1..=12).contains(&month) && (1..=31).contains(&date));
            assert!((1..=7).contains(&day) && hour < 24 && minute < 60);
        }
    }
}
