//! `AnomalyDetector`: what is taken, what is refused and where, and what comes of it.
#![allow(clippy::unwrap_used)]

use alarm::Definition;
use alarm::definition::{AnomalyDetector, FaultKind, limits::MOST_EXCLUDED_RANGES};
use anomaly::{Model, Range, TimeZone, Width};
use serde_json::{Value, json};

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3600 * SECOND;
/// 2026-11-20 10:00 UTC.
const MORNING: i64 = 1_795_168_800 * SECOND;

fn band(detector: Value) -> Value {
    json!({
        "AlarmName": "odd", "EvaluationPeriods": 2, "ComparisonOperator": "GreaterThanUpperThreshold",
        "ThresholdMetricId": "band", "AnomalyDetector": detector,
        "Metrics": [
            {"Id": "m", "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "m"}, "Period": 60, "Stat": "Sum"}},
            {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(m, 2)"}
        ]
    })
}

fn excluded(start: Value, end: Value) -> Value {
    band(json!({"ExcludedTimeRanges": [{"StartTime": start, "EndTime": end}]}))
}

fn taken(definition: &Value) -> Definition {
    Definition::from_json(definition.to_string().as_bytes())
        .unwrap_or_else(|error| panic!("{error}: {definition}"))
}

fn detector(definition: &Definition) -> AnomalyDetector {
    let source = &definition.metric().unwrap().source;
    source.detector().unwrap().clone()
}

#[track_caller]
fn refused(definition: &Value, expected: &[&str]) {
    let error = Definition::from_json(definition.to_string().as_bytes())
        .expect_err(&definition.to_string());
    let faults = error.faults();
    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(faults, expected, "{definition}");
}

#[test]
fn ranges_and_time_zone_are_taken_and_written_back() {
    let written = band(json!({
        "ExcludedTimeRanges": [
            {"StartTime": "2026-11-20T11:00:00+01:00", "EndTime": "2026-11-20T12:30:00.25Z"},
            {"StartTime": 1_795_168_800, "EndTime": 1_795_168_800.5},
        ],
        "MetricTimezone": "Europe/Berlin"
    }));
    let read = taken(&written);
    let expected = AnomalyDetector {
        excluded_time_ranges: vec![
            Range {
                start_us: MORNING,
                end_us: MORNING + 2 * HOUR + HOUR / 2 + SECOND / 4,
            },
            Range {
                start_us: MORNING,
                end_us: MORNING + SECOND / 2,
            },
        ],
        metric_timezone: "Europe/Berlin".parse().unwrap(),
    };
    assert_eq!(detector(&read), expected);
    let again = read.to_json();
    assert_eq!(
        again["AnomalyDetector"],
        json!({
            "ExcludedTimeRanges": [
                {"StartTime": "2026-11-20T10:00:00Z", "EndTime": "2026-11-20T12:30:00.250Z"},
                {"StartTime": "2026-11-20T10:00:00Z", "EndTime": "2026-11-20T10:00:00.500Z"},
            ],
            "MetricTimezone": "Europe/Berlin"
        })
    );
    assert_eq!(taken(&again), read);
}

#[test]
fn a_detector_that_says_nothing_is_as_if_it_were_not_there() {
    let mut without = band(json!(null));
    without.as_object_mut().unwrap().remove("AnomalyDetector");
    let without = taken(&without);
    for nothing in [
        json!(null),
        json!({}),
        json!({"ExcludedTimeRanges": [], "MetricTimezone": "UTC"}),
        json!({"ExcludedTimeRanges": null, "MetricTimezone": null}),
    ] {
        let read = taken(&band(nothing));
        assert_eq!(read, without);
        assert!(read.to_json().get("AnomalyDetector").is_none());
    }
}

#[test]
fn a_detector_is_only_for_a_band() {
    let message = "AnomalyDetector: is only for alarms with a band, which ThresholdMetricId names";
    let plain = json!({
        "AlarmName": "a", "Namespace": "N", "MetricName": "m", "Statistic": "Sum", "Period": 60,
        "EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold", "AnomalyDetector": {}
    });
    refused(&plain, &[message]);
    let rows = json!({
        "AlarmName": "a", "Source": {"Loss": {}}, "Period": 60,
        "EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold", "AnomalyDetector": {}
    });
    refused(&rows, &[message]);
    refused(
        &json!({"AlarmName": "a", "AlarmRule": "TRUE", "AnomalyDetector": {}}),
        &["AnomalyDetector: is not for composite alarms, which have an AlarmRule"],
    );
    let error = Definition::from_json(plain.to_string().as_bytes()).unwrap_err();
    assert_eq!(error.faults()[0].kind, FaultKind::Combination);
}

#[test]
fn a_fault_has_its_place() {
    let first = "AnomalyDetector.ExcludedTimeRanges[1]";
    refused(
        &band(json!(["x"])),
        &["AnomalyDetector: is a list, an object is wanted"],
    );
    refused(
        &band(json!({"ExcludedTimeRange": [], "MetricTimezone": 1})),
        &[
            "AnomalyDetector.ExcludedTimeRange: there is no such key, did you mean ExcludedTimeRanges?",
            "AnomalyDetector.MetricTimezone: is 1, a text is wanted",
        ],
    );
    refused(
        &band(json!({"ExcludedTimeRanges": {}})),
        &["AnomalyDetector.ExcludedTimeRanges: is an object, a list is wanted"],
    );
    refused(
        &band(json!({"ExcludedTimeRanges": ["x", {"EndTime": true}]})),
        &[
            &format!("{first}: is a text, an object is wanted"),
            "AnomalyDetector.ExcludedTimeRanges[2].StartTime: is missing",
            "AnomalyDetector.ExcludedTimeRanges[2].EndTime: is true or false, a time is wanted, such as 2026-11-20T10:00:00Z",
        ],
    );
    refused(
        &excluded(json!("2026-11-20T10:00:00"), json!("2026-11-20T10:00:00Z")),
        &[&format!(
            "{first}.StartTime: '2026-11-20T10:00:00' is no time; write one with its offset from UTC, such as 2026-11-20T10:00:00Z"
        )],
    );
    // Milliseconds since 1970, as they are often meant by mistake.
    refused(
        &excluded(json!(1_795_168_800), json!(1_795_168_800_000_i64)),
        &[&format!(
            "{first}.EndTime: is 1795168800000, seconds since 1970 from 0 to 253402300799 are wanted"
        )],
    );
    for end in ["2026-11-20T10:00:00Z", "2026-11-20T09:59:59Z"] {
        refused(
            &excluded(json!("2026-11-20T10:00:00Z"), json!(end)),
            &[&format!("{first}: EndTime is not after StartTime")],
        );
    }
    for (zone, message) in [
        (
            "Europe/Belin",
            "there is no time zone 'Europe/Belin', did you mean Europe/Berlin?",
        ),
        (
            "Olympus Mons",
            "there is no time zone 'Olympus Mons'; write one such as Europe/Berlin, UTC or +01:00",
        ),
        (
            "+1:00",
            "'+1:00' is no offset from UTC; write hours and minutes as in +05:30, at most 18:00",
        ),
    ] {
        refused(
            &band(json!({"MetricTimezone": zone})),
            &[&format!("AnomalyDetector.MetricTimezone: {message}")],
        );
    }
}

#[test]
fn ranges_are_counted() {
    let range = json!({"StartTime": 1, "EndTime": 2});
    let many = |count: usize| band(json!({"ExcludedTimeRanges": vec![range.clone(); count]}));
    let most = detector(&taken(&many(MOST_EXCLUDED_RANGES)));
    assert_eq!(most.excluded_time_ranges.len(), 100);
    refused(
        &many(MOST_EXCLUDED_RANGES + 1),
        &["AnomalyDetector.ExcludedTimeRanges: has 101 items, at most 100 are allowed"],
    );
}

#[test]
fn a_file_has_dates_with_and_without_quotes() {
    const FILE: &str = r#"
[[alarm]]
AlarmName = "odd"
EvaluationPeriods = 2
ComparisonOperator = "GreaterThanUpperThreshold"
ThresholdMetricId = "band"
Metrics = [
    { Id = "m", MetricStat = { Metric = { Namespace = "N", MetricName = "m" }, Period = 60, Stat = "Sum" } },
    { Id = "band", Expression = "ANOMALY_DETECTION_BAND(m, 2)" },
]
[alarm.AnomalyDetector]
MetricTimezone = "+01:00"
ExcludedTimeRanges = [
    { StartTime = 2026-11-20 11:00:00+01:00, EndTime = "2026-11-20T12:00:00Z" },
]
"#;
    let (definition, _) = alarm::file::alarms(FILE).unwrap().remove(0);
    let json = band(json!({
        "ExcludedTimeRanges": [{"StartTime": "2026-11-20T10:00:00Z", "EndTime": "2026-11-20T12:00:00Z"}],
        "MetricTimezone": "+01:00"
    }));
    assert_eq!(definition, taken(&json));
    let faults = |from: &str, to: &str| -> Vec<String> {
        let faults = alarm::file::alarms(&FILE.replace(from, to)).unwrap_err();
        faults.iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        faults("11:00:00+01:00", "11:00:00"),
        [
            "line 14: AnomalyDetector.ExcludedTimeRanges[1].StartTime: '2026-11-20T11:00:00' is no time; write one with its \
             offset from UTC, such as 2026-11-20T10:00:00Z"
        ]
    );
    assert_eq!(
        faults("+01:00\"", "CET/CEST\""),
        [
            "line 12: AnomalyDetector.MetricTimezone: there is no time zone 'CET/CEST'; write one such as Europe/Berlin, UTC \
             or +01:00"
        ]
    );
}

/// A metric of minutes that is 10 by night, and 50 from eight to eighteen by Berlin's clocks, in summer.
fn two_weeks(end: i64) -> Vec<(i64, f64)> {
    let minutes = 14 * 24 * 60;
    let times = (0..minutes).map(|i| end - (minutes - i) * 60 * SECOND);
    times
        .enumerate()
        .map(|(i, time)| {
            let hour = (time + 2 * HOUR).div_euclid(HOUR).rem_euclid(24);
            let level = if (8..18).contains(&hour) { 50.0 } else { 10.0 };
            (time, level + (i % 7) as f64 / 7.0)
        })
        .collect()
}

fn holds(model: &Model, time: i64, value: f64) -> bool {
    model.band(time, Width::default()).contains(value)
}

#[test]
fn what_is_excluded_is_not_learned_also_by_periods_that_are_partly_in_it() {
    // 2026-09-14 00:00 UTC, a Monday.
    let end = 1_789_344_000 * SECOND;
    let night = end - 6 * 24 * HOUR;
    // For an hour each night of the last twelve, beginning at ten past.
    let incident = |day: i64| night + (day - 7) * 24 * HOUR + HOUR / 6;
    let mut points = two_weeks(end);
    for (time, value) in &mut points {
        if (1..13).any(|day| (incident(day)..incident(day) + HOUR).contains(time)) {
            *value += 1000.0;
        }
    }
    let ranges = (1..13).map(|day| Range {
        start_us: incident(day),
        end_us: incident(day) + HOUR,
    });
    let next = end + HOUR / 2;
    let with = AnomalyDetector {
        excluded_time_ranges: ranges.collect(),
        ..AnomalyDetector::default()
    };
    let (learned, excluded) = (
        AnomalyDetector::default().train(&points, 60).unwrap(),
        with.train(&points, 60).unwrap(),
    );
    assert!(holds(&learned, next, 1010.0));
    assert!(!holds(&excluded, next, 1010.0) && holds(&excluded, next, 10.5));
    assert_eq!(excluded.points(), learned.points() - 12 * 60);
    // The same as hours: those at 00:00 and at 01:00 have a part in each range.
    let hours: Vec<(i64, f64)> = points.iter().step_by(60).copied().collect();
    let all = AnomalyDetector::default().train(&hours, 3600).unwrap();
    let excluded = with.train(&hours, 3600).unwrap();
    assert_eq!(excluded.points(), all.points() - 12 * 2);
}

#[test]
fn the_hours_are_those_of_the_time_zone() {
    // The week before summer ends on 2026-10-25 at 01:00 UTC, and the Tuesday after that at half past eight.
    let points = two_weeks(1_792_886_400 * SECOND);
    let opening = 1_793_086_200 * SECOND;
    let by = |zone: TimeZone| {
        let detector = AnomalyDetector {
            metric_timezone: zone,
            ..AnomalyDetector::default()
        };
        detector.train(&points, 60).unwrap().expected(opening)
    };
    let berlin = by("Europe/Berlin".parse().unwrap());
    assert!((berlin - 50.0).abs() < 2.0, "{berlin}");
    let utc = by(TimeZone::UTC);
    assert!((utc - berlin).abs() < 2.0, "{utc}");
    // Half past seven by Berlin's clocks, when nobody is there yet; in summer it was half past eight.
    let early = opening - HOUR;
    let detector = AnomalyDetector {
        metric_timezone: "Europe/Berlin".parse().unwrap(),
        ..AnomalyDetector::default()
    };
    let berlin = detector.train(&points, 60).unwrap().expected(early);
    let utc = AnomalyDetector::default()
        .train(&points, 60)
        .unwrap()
        .expected(early);
    assert!(berlin < 12.0 && utc > 48.0, "{berlin} {utc}");
}
