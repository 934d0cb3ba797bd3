//! Limits at their edges.

use super::*;

#[test]
fn periods_are_those_of_cloudwatch() {
    for period in [10, 20, 30, 60, 120, 3600] {
        taken(&with(rows(), "Period", json!(period)));
        taken(&with(rows(), "Period", json!(f64::from(period))));
    }
    for period in [0, 1, 15, 40, 61, 90] {
        let message =
            format!("Period: {period} is none of 10, 20, 30 and the multiples of 60 seconds");
        refused(&with(rows(), "Period", json!(period)), &[&message]);
    }
}

#[test]
fn a_window_is_a_day_or_with_long_periods_a_week() {
    for (period, periods, seconds) in [
        (60, 1440, None),
        (60, 1441, Some("86460 seconds, at most 86400")),
        (3540, 24, None),
        (3540, 25, Some("88500 seconds, at most 86400")),
        (3600, 168, None),
        (3600, 169, Some("608400 seconds, at most 604800")),
        (604_800, 1, None),
        (
            4_294_967_280,
            4_294_967_295u32,
            Some("18446744000695107600 seconds"),
        ),
    ] {
        let definition = with(
            with(metric(), "Period", json!(period)),
            "EvaluationPeriods",
            json!(periods),
        );
        match seconds {
            None => assert_eq!(taken(&definition).period(), Some(period)),
            Some(words) => {
                let found = faults(&definition);
                assert!(
                    found[0].starts_with("EvaluationPeriods: times Period is "),
                    "{found:?}"
                );
                assert!(found[0].contains(words), "{found:?}");
            }
        }
    }
}

#[test]
fn m_is_from_one_to_n() {
    for (n, m, fault) in [
        (3, 1, None),
        (3, 3, None),
        (
            3,
            4,
            Some("DatapointsToAlarm: 4 is more than EvaluationPeriods, 3"),
        ),
        (3, 0, Some("DatapointsToAlarm: is at least 1")),
        (0, 1, Some("EvaluationPeriods: is at least 1")),
    ] {
        let definition = with(
            with(metric(), "EvaluationPeriods", json!(n)),
            "DatapointsToAlarm",
            json!(m),
        );
        match fault {
            None => assert_eq!(taken(&definition).rule().unwrap().datapoints_to_alarm, m),
            Some(fault) => assert!(faults(&definition).contains(&fault.to_owned()), "{n} {m}"),
        }
    }
}

#[test]
fn texts_and_lists_have_cloudwatchs_lengths() {
    let text = |length: usize| json!("ä".repeat(length));
    let texts = |count: usize| json!(vec!["arn:x"; count]);
    let names =
        |count: usize, pair: fn(usize) -> Value| json!((0..count).map(pair).collect::<Vec<_>>());
    let tag = |i| json!({"Key": format!("k{i}"), "Value": ""});
    let dimension = |i| json!({"Name": format!("n{i}"), "Value": "v"});
    for (key, most, more) in [
        ("AlarmName", text(255), text(256)),
        ("AlarmName", text(1), text(0)),
        ("AlarmDescription", text(1024), text(1025)),
        ("Namespace", text(255), text(256)),
        ("MetricName", text(255), text(256)),
        ("AlarmActions", texts(5), texts(6)),
        (
            "OKActions",
            json!(["x".repeat(1024)]),
            json!(["x".repeat(1025)]),
        ),
        ("InsufficientDataActions", json!(["x"]), json!([""])),
        ("Tags", names(50, tag), names(51, tag)),
        (
            "Tags",
            json!({"k".repeat(128): "v".repeat(256)}),
            json!({"k".repeat(129): "v"}),
        ),
        ("Tags", json!({"k": ""}), json!({"k": "v".repeat(257)})),
        ("Dimensions", names(30, dimension), names(31, dimension)),
        ("EvaluationInterval", json!(10), json!(9)),
        ("EvaluationInterval", json!(3600), json!(3601)),
    ] {
        taken(&with(metric(), key, most));
        let found = faults(&with(metric(), key, more));
        assert!(
            found.iter().all(|f| f.starts_with(key)) && found.len() == 1,
            "{key}: {found:?}"
        );
    }
    for (key, most, more) in [
        ("AlarmRule", 10_240, 10_241),
        ("ActionsSuppressor", 1600, 1601),
    ] {
        let text = |length: usize| match key {
            "AlarmRule" => json!(format!("TRUE{}", " ".repeat(length - 4))),
            _ => json!("x".repeat(length)),
        };
        taken(&with(composite(), key, text(most)));
        assert_eq!(
            faults(&with(composite(), key, text(more))).len(),
            1,
            "{key}"
        );
    }
}

#[test]
fn sources_have_lengths_too() {
    let columns = |count: usize| json!((0..count).map(|i| format!("c{i}")).collect::<Vec<_>>());
    let filters = |count: usize| {
        let all = (0..count).map(|i| (format!("c{i}"), json!("x")));
        Value::Object(all.collect())
    };
    let pod = |key: &str, value: Value| json!({"Rows": with(json!({"Entity": "pod", "Metric": "m"}), key, value)});
    for (most, more) in [
        (pod("GroupBy", columns(30)), pod("GroupBy", columns(31))),
        (pod("Filters", filters(30)), pod("Filters", filters(31))),
        (
            pod("Filters", json!({"c": vec!["x"; 1000]})),
            pod("Filters", json!({"c": vec!["x"; 1001]})),
        ),
        (
            pod("Filters", json!({"c": "x".repeat(1024)})),
            pod("Filters", json!({"c": "x".repeat(1025)})),
        ),
        (
            pod("Entity", json!("x".repeat(255))),
            pod("Entity", json!("")),
        ),
        (
            json!({"Sql": {"Query": "x".repeat(10_000)}}),
            json!({"Sql": {"Query": "x".repeat(10_001)}}),
        ),
        (
            json!({"Logs": {"Filter": "x".repeat(10_000)}}),
            json!({"Logs": {"Filter": "x".repeat(10_001)}}),
        ),
    ] {
        taken(&source_of(most));
        assert_eq!(faults(&source_of(more)).len(), 1);
    }
}

#[test]
fn names_hold_no_control_characters() {
    for name in ["a\nb", "a\u{1f}b", "\0"] {
        refused(
            &with(metric(), "AlarmName", json!(name)),
            &["AlarmName: has no control characters"],
        );
    }
    taken(&with(metric(), "AlarmName", json!("Käse & \"Brot\" \\ 🍞")));
}

#[test]
fn words_are_cloudwatchs_and_others_are_listed() {
    for (key, word, message) in [
        (
            "Statistic",
            "average",
            "'average' is none of SampleCount, Average, Sum, Minimum, Maximum",
        ),
        (
            "TreatMissingData",
            "Breaching",
            "'Breaching' is none of missing, ignore, breaching, notBreaching",
        ),
        (
            "ComparisonOperator",
            ">",
            "'>' is none of GreaterThanThreshold, GreaterThanOrEqualToThreshold, LessThanThreshold, LessThanOrEqualToThreshold, LessThanLowerOrGreaterThanUpperThreshold, LessThanLowerThreshold, GreaterThanUpperThreshold",
        ),
        ("Unit", "bytes", "'bytes' is no unit of CloudWatch"),
        (
            "EvaluateLowSampleCountPercentile",
            "yes",
            "'yes' is none of evaluate, ignore",
        ),
        ("Namespace", ":x", "does not begin with a colon"),
    ] {
        refused(
            &with(metric(), key, json!(word)),
            &[&format!("{key}: {message}")],
        );
    }
    let health = json!({"Health": {"Severity": "ok"}});
    refused(
        &source_of(health),
        &["Source.Health.Severity: 'ok' is neither critical nor warning"],
    );
    for (within, message) in [
        (json!(59), "is 59, 60 to 86400 are allowed"),
        (json!(86_401), "is 86401, 60 to 86400 are allowed"),
        (
            json!(90.5),
            "is 90.5, a whole number from 0 to 4294967295 is wanted",
        ),
    ] {
        refused(
            &source_of(json!({"Health": {"WithinSeconds": within}})),
            &[&format!("Source.Health.WithinSeconds: {message}")],
        );
    }
}
