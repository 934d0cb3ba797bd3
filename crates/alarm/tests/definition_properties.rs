//! Definitions of every kind are read back as they were written, and nothing that is sent makes reading panic.
#![allow(clippy::unwrap_used)]

use alarm::Definition;
use alarm::definition::MOST_FAULTS;
use alarm::definition::source::{KINDS, Word};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z*.-]{1,12}", "[^\\p{C}]{1,20}"]
}

fn names() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::btree_set(text(), 0..4).prop_map(|names| names.into_iter().collect())
}

fn filter() -> impl Strategy<Value = Value> {
    let value = || {
        prop_oneof![
            text().prop_map(Value::from),
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from)
        ]
    };
    let values = || {
        prop_oneof![
            value(),
            proptest::collection::vec(value(), 1..4).prop_map(Value::from)
        ]
    };
    prop_oneof![values(), values().prop_map(|values| json!({"not": values}))]
}

fn filters() -> impl Strategy<Value = Value> {
    proptest::collection::btree_map(text(), filter(), 0..3)
        .prop_map(|filters| Value::Object(filters.into_iter().collect()))
}

fn statistic() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "Average",
        "Maximum",
        "p99",
        "p99.9",
        "TM(10%:90%)",
        "IQM",
    ])
}

fn source() -> impl Strategy<Value = Value> {
    let kinds = proptest::sample::subsequence(KINDS.to_vec(), 0..3);
    let words = proptest::sample::subsequence(
        Word::ALL.iter().map(|w| w.as_str()).collect::<Vec<_>>(),
        0..4,
    );
    let severity = proptest::sample::select(vec![json!("critical"), json!("warning"), Value::Null]);
    prop_oneof![
        (text(), text(), statistic(), filters(), names()).prop_map(|(entity, metric, statistic, filters, group)| {
            json!({"Rows": {"Entity": entity, "Metric": metric, "Statistic": statistic, "Filters": filters, "GroupBy": group}})
        }),
        (text(), names()).prop_map(|(filter, group)| json!({"Logs": {"Filter": filter, "GroupBy": group}})),
        text().prop_map(|query| json!({"Sql": {"Query": query}})),
        (kinds, words, severity, filters(), proptest::option::of(60..86_401u32)).prop_map(|(kinds, words, severity, filters, within)| {
            json!({"Health": {"Kinds": kinds, "Words": words, "Severity": severity, "Filters": filters, "WithinSeconds": within}})
        }),
        names().prop_map(|group| json!({"Loss": {"GroupBy": group}})),
    ]
}

/// What decides where data points come from.
fn origin() -> impl Strategy<Value = Value> {
    prop_oneof![
        source().prop_map(|source| json!({"Source": source, "Period": 60})),
        (text(), names(), statistic()).prop_map(|(metric, names, statistic)| {
            let dimensions: Vec<Value> = names.iter().map(|name| json!({"Name": name, "Value": "v"})).collect();
            let key = if ["Average", "Maximum"].contains(&statistic) { "Statistic" } else { "ExtendedStatistic" };
            json!({"Namespace": "N", "MetricName": metric, "Dimensions": dimensions, key: statistic, "Unit": "Bytes", "Period": 60})
        }),
        (text(), statistic()).prop_map(|(expression, statistic)| json!({"Metrics": [
            {"Id": "a", "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "m"}, "Period": 60, "Stat": statistic}, "ReturnData": false},
            {"Id": "e", "Expression": expression, "Label": "x", "ReturnData": true}
        ]})),
    ]
}

/// What is compared with a band, and what that is learned from.
fn band() -> impl Strategy<Value = Value> {
    const LAST_US: i64 = 253_402_300_799_999_999;
    let written = |time_us: i64, is_text: bool| match is_text {
        true => {
            json!(
                chrono::DateTime::from_timestamp_micros(time_us)
                    .unwrap()
                    .to_rfc3339()
            )
        }
        false => json!(time_us / 1_000_000),
    };
    let range = (0..LAST_US, 1_000_000..LAST_US, any::<bool>(), any::<bool>());
    let range = range.prop_map(move |(start, length, a, b)| {
        let end = start.saturating_add(length).min(LAST_US);
        let start = start.min(end - 1_000_000);
        json!({"StartTime": written(start, a), "EndTime": written(end, b)})
    });
    let zones = vec!["UTC", "+05:45", "-0330", "America/New_York"];
    let zone = proptest::option::of(proptest::sample::select(zones));
    (proptest::collection::vec(range, 0..4), zone, statistic()).prop_map(|(ranges, zone, statistic)| {
        json!({
            "ThresholdMetricId": "band", "ComparisonOperator": "LessThanLowerThreshold", "Threshold": null,
            "AnomalyDetector": {"ExcludedTimeRanges": ranges, "MetricTimezone": zone},
            "Metrics": [
                {"Id": "a", "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "m"}, "Period": 60, "Stat": statistic}},
                {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(a)"}
            ]
        })
    })
}

fn all(parts: impl IntoIterator<Item = Value>) -> Value {
    let parts = parts.into_iter().filter_map(|part| match part {
        Value::Object(keys) => Some(keys),
        _ => None,
    });
    Value::Object(parts.flatten().collect::<Map<_, _>>())
}

fn about() -> impl Strategy<Value = Value> {
    (text(), proptest::option::of(text()), any::<bool>(), names(), names()).prop_map(|(name, description, enabled, actions, tags)| {
        let tags: Map<String, Value> = tags.into_iter().map(|tag| (tag, json!("v"))).collect();
        json!({"AlarmName": name, "AlarmDescription": description, "ActionsEnabled": enabled, "AlarmActions": actions, "OKActions": actions, "Tags": tags})
    })
}

/// Of so many digits as JSON is read exactly with.
fn threshold() -> impl Strategy<Value = f64> {
    (any::<i32>(), 0..6).prop_map(|(digits, decimals)| f64::from(digits) / 10f64.powi(decimals))
}

fn rule() -> impl Strategy<Value = Value> {
    (
        1..20u32,
        1..20u32,
        threshold(),
        proptest::sample::select(vec!["missing", "ignore", "breaching", "notBreaching"]),
        proptest::sample::select(vec!["GreaterThanThreshold", "LessThanOrEqualToThreshold"]),
        proptest::sample::select(vec!["evaluate", "ignore"]),
        proptest::option::of(10..=3600u32),
    )
        .prop_map(|(n, m, threshold, missing, operator, low, every)| {
            json!({"EvaluationPeriods": n, "DatapointsToAlarm": m.min(n), "Threshold": threshold, "TreatMissingData": missing,
                "ComparisonOperator": operator, "EvaluateLowSampleCountPercentile": low, "EvaluationInterval": every})
        })
}

fn composite() -> impl Strategy<Value = Value> {
    let suppressor = proptest::option::of((text(), any::<u32>(), any::<u32>()));
    let rules = vec![
        "TRUE",
        "NOT (ALARM(a) or OK(\"b c\"))",
        "AT_LEAST(50%, ALARM, (a, b))",
    ];
    (proptest::sample::select(rules), suppressor).prop_map(|(rule, suppressor)| match suppressor {
        None => json!({"AlarmRule": rule}),
        Some((name, wait, extension)) => json!({"AlarmRule": rule, "ActionsSuppressor": name,
            "ActionsSuppressorWaitPeriod": wait, "ActionsSuppressorExtensionPeriod": extension}),
    })
}

fn definition() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => (about(), origin(), rule()).prop_map(|(a, b, c)| all([a, b, c])),
        1 => (about(), rule(), band()).prop_map(|(a, b, c)| all([a, b, c])),
        1 => (about(), composite()).prop_map(|(a, b)| all([a, b])),
    ]
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        proptest::sample::select(vec!["Rows", "Source", "p99", "not", "ignore", "TRUE"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 30, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::btree_map(
                "(Rows|Query|not|Key|Name|Value|Id|Metric|[a-z])",
                inner,
                0..5
            )
            .prop_map(|keys| Value::Object(keys.into_iter().collect())),
        ]
    })
}

/// Where there is something in a value, by keys and places.
fn paths(value: &Value, path: String, found: &mut Vec<String>) {
    found.push(path.clone());
    match value {
        Value::Object(keys) => keys.iter().for_each(|(key, value)| {
            let key = key.replace('~', "~0").replace('/', "~1");
            paths(value, format!("{path}/{key}"), found);
        }),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(i, item)| paths(item, format!("{path}/{i}"), found)),
        _ => {}
    }
}

/// No panic, a bounded number of faults, none of them without words or longer than a few lines.
fn is_answered(json: &[u8]) -> Result<(), TestCaseError> {
    match Definition::from_json(json) {
        Ok(definition) => {
            let again = Definition::from_json(definition.to_json().to_string().as_bytes()).unwrap();
            prop_assert_eq!(again.name(), definition.name());
        }
        Err(error) => {
            let faults = error.faults();
            prop_assert!((1..=MOST_FAULTS).contains(&faults.len()));
            for fault in faults {
                prop_assert!(
                    !fault.message.is_empty() && fault.message.len() < 2000,
                    "{}",
                    fault
                );
            }
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn what_is_written_back_is_read_as_the_same(definition in definition()) {
        let read = Definition::from_json(definition.to_string().as_bytes());
        prop_assert!(read.is_ok(), "{}: {}", read.unwrap_err(), definition);
        let read = read.unwrap();
        let again = Definition::from_json(read.to_json().to_string().as_bytes()).unwrap();
        prop_assert_eq!(&again, &read);
        prop_assert_eq!(again.to_json(), read.to_json());
        prop_assert_eq!(read.name(), definition["AlarmName"].as_str().unwrap());
        prop_assert_eq!(read.tags().len(), definition["Tags"].as_object().unwrap().len());
    }

    #[test]
    fn a_definition_with_anything_anywhere_is_answered(
        mut definition in definition(), which in any::<proptest::sample::Index>(), value in any_value(),
    ) {
        let mut found = Vec::new();
        paths(&definition, String::new(), &mut found);
        let path = &found[which.index(found.len())];
        *definition.pointer_mut(path).unwrap() = value;
        is_answered(definition.to_string().as_bytes())?;
    }

    #[test]
    fn a_definition_that_breaks_off_is_answered(definition in definition(), end in any::<proptest::sample::Index>()) {
        let text = definition.to_string();
        is_answered(&text.as_bytes()[..end.index(text.len())])?;
    }

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        is_answered(&bytes)?;
    }

    #[test]
    fn any_json_is_answered(value in any_value()) {
        is_answered(value.to_string().as_bytes())?;
    }
}

#[test]
fn hostile_definitions_are_answered_soon() {
    let deep = |open: &str, close: &str, depth: usize| {
        format!("{}1{}", open.repeat(depth), close.repeat(depth))
    };
    let many_keys: String = (0..10_000).map(|i| format!("\"k{i}\":1,")).collect();
    let many_tags: Vec<Value> = (0..2_500)
        .map(|i| json!({"Key": format!("k{i}"), "Value": "v"}))
        .collect();
    let many_dimensions: Vec<Value> = (0..2_500)
        .map(|i| json!({"Name": format!("k{i}"), "Value": "v"}))
        .collect();
    let parentheses = format!("{}TRUE{}", "(".repeat(50_000), ")".repeat(50_000));
    for text in [
        "x".repeat(1 << 20),
        format!("{{\"AlarmName\": \"{}\"}}", "x".repeat(1 << 20)),
        format!("{{\"{}\": 1}}", "x".repeat(100_000)),
        format!(
            "{{\"AlarmName\": \"{}\", \"Statistic\": \"{}\"}}",
            "x".repeat(50_000),
            "y".repeat(50_000)
        ),
        format!("{{{many_keys}\"AlarmName\": \"a\"}}"),
        json!({"AlarmName": "a", "Tags": many_tags}).to_string(),
        json!({"AlarmName": "a", "Dimensions": many_dimensions}).to_string(),
        json!({"AlarmName": "a", "AlarmRule": parentheses}).to_string(),
        json!({"AlarmName": "a", "AlarmActions": vec![""; 30_000]}).to_string(),
        format!("{{\"Source\": {}}}", deep("[", "]", 100_000 / 2)),
        format!("{{\"Source\": {}}}", deep("{\"not\":", "}", 10_000)),
        format!("{{\"Source\": {}}}", deep("[", "]", 120)),
        "{\"Threshold\": 1e400}".to_owned(),
        "{\"Threshold\": NaN}".to_owned(),
        "{\"Threshold\": Infinity}".to_owned(),
        "{\"Period\": 1e300}".to_owned(),
        "{\"Period\": 99999999999999999999999999}".to_owned(),
        "{\"AlarmName\": \"\\ud800\"}".to_owned(),
    ] {
        let begun = std::time::Instant::now();
        is_answered(text.as_bytes()).unwrap();
        assert!(Definition::from_json(text.as_bytes()).is_err());
        let took = begun.elapsed();
        assert!(took.as_secs() < 5, "{took:?}: {}", &text[..40]);
    }
}

#[test]
fn what_is_no_json_is_told_with_its_place() {
    for (text, words) in [
        (
            "{\n \"AlarmName\" 1}",
            "not JSON: expected `:` at line 2 column 14",
        ),
        ("", "not JSON: EOF while parsing a value at line 1 column 0"),
        (
            "{\"Threshold\": 1e400}",
            "not JSON: number out of range at line 1 column 19",
        ),
    ] {
        assert_eq!(
            Definition::from_json(text.as_bytes())
                .unwrap_err()
                .to_string(),
            words
        );
    }
    let long = Definition::from_json(&vec![b' '; 122_881]).unwrap_err();
    assert_eq!(
        long.to_string(),
        "has 122881 bytes, a definition has at most 122880"
    );
}
