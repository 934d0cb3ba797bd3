//! `AnomalyDetector`: what a band is learned from.

use anomaly::{BadTimeZone, Range, TimeZone};
use catalogue::nearest;

use super::object::Object;
use crate::date;
use crate::definition::detector::AnomalyDetector;
use crate::definition::fault::Check;
use crate::definition::written::Written;

/// What is under `AnomalyDetector`. What stands for one with a fault is never seen.
pub(super) fn detector(check: &mut Check, path: &str, written: Written) -> AnomalyDetector {
    let mut keys = Object::of(
        check,
        path,
        written,
        &["ExcludedTimeRanges", "MetricTimezone"],
    );
    let at = keys.at("ExcludedTimeRanges");
    let ranges = keys.list(check, "ExcludedTimeRanges").into_iter();
    let ranges = ranges.enumerate();
    let excluded_time_ranges = ranges
        .map(|(i, written)| range(check, &format!("{at}[{}]", i + 1), written))
        .collect();
    AnomalyDetector {
        excluded_time_ranges,
        metric_timezone: time_zone(check, &mut keys),
    }
}

fn time_zone(check: &mut Check, keys: &mut Object) -> TimeZone {
    const KEY: &str = "MetricTimezone";
    let Some(text) = keys.text(check, KEY) else {
        return TimeZone::UTC;
    };
    text.parse().unwrap_or_else(|bad: BadTimeZone| {
        let near = match &bad {
            BadTimeZone::Unknown(name) => nearest(name, TimeZone::names()),
            _ => None,
        };
        let message = match near {
            Some(near) => format!("there is no time zone '{text}', did you mean {near}?"),
            None => bad.to_string(),
        };
        check.value(keys.at(KEY), message);
        TimeZone::UTC
    })
}

fn range(check: &mut Check, path: &str, written: Written) -> Range {
    let mut keys = Object::of(check, path, written, &["StartTime", "EndTime"]);
    Range {
        start_us: time(check, &mut keys, "StartTime"),
        end_us: time(check, &mut keys, "EndTime"),
    }
}

/// RFC 3339, of TOML also without quotes, or seconds since 1970.
fn time(check: &mut Check, keys: &mut Object, key: &str) -> i64 {
    let read = match keys.take(key) {
        None => {
            check.missing(&keys.at(key), "is missing");
            return 0;
        }
        Some(Written::Text(text) | Written::Date(text)) => date::read_rfc3339(&text),
        Some(Written::Number(seconds)) => date::of_seconds(seconds),
        Some(other) => Err(format!(
            "is {}, a time is wanted, such as 2026-11-20T10:00:00Z",
            other.what()
        )),
    };
    read.unwrap_or_else(|message| {
        check.value(keys.at(key), message);
        0
    })
}
