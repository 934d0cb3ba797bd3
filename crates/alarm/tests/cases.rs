//! `kansoku alarms test FILE`: the format of cases, what is said of faults, and the sum at the end.
#![allow(clippy::unwrap_used)]

use alarm::State;
use alarm::test::{Case, CaseError, run};
use proptest::prelude::*;
use serde_json::{Value, json};

/// As the issue has it.
const EXAMPLE: &str = r#"{"EvaluationPeriods":3,"DatapointsToAlarm":2,"TreatMissingData":"ignore","ComparisonOperator":"GreaterThanThreshold","Threshold":0.5,"Points":[0,null,1,null,1],"PreviousState":"OK","Expect":"ALARM"}"#;

fn case() -> Value {
    serde_json::from_str(EXAMPLE).unwrap()
}

fn with(key: &str, value: Value) -> String {
    let mut case = case();
    case[key] = value;
    case.to_string()
}

fn without(key: &str) -> String {
    let mut case = case();
    case.as_object_mut().unwrap().remove(key).unwrap();
    case.to_string()
}

/// What is said of a file of one line.
fn said(line: &str) -> String {
    run(line).to_string()
}

#[track_caller]
fn fault(line: &str, message: &str) {
    assert_eq!(
        said(line),
        format!("line 1: {message}\n0 passed, 1 failed"),
        "{line}"
    );
}

#[test]
fn the_example_passes() {
    assert_eq!(said(EXAMPLE), "1 passed, 0 failed");
    let case: Case = EXAMPLE.parse().unwrap();
    assert_eq!(
        (case.range.len(), case.previous, case.expect),
        (5, State::Ok, State::Alarm)
    );
    assert_eq!(case.evaluate().state, State::Alarm);
}

#[test]
fn a_case_that_differs_says_what_came_and_why() {
    fault(
        &with("Expect", json!("OK")),
        "expected OK, got ALARM (2 of 3 points breach, ALARM needs 2)",
    );
    fault(
        &with("Points", json!([null, null])),
        "expected ALARM, got OK (no point, the state stays)",
    );
}

#[test]
fn lines_are_counted_and_failures_told_in_order() {
    let text = format!(
        "\n{EXAMPLE}\n\n{}\n  {EXAMPLE}  \nnonsense\n",
        with("Expect", json!("OK"))
    );
    let outcome = run(&text);
    assert_eq!(outcome.passed, 2);
    let lines: Vec<usize> = outcome
        .failures
        .iter()
        .map(|failure| failure.line)
        .collect();
    assert_eq!(lines, [4, 6]);
    let text = outcome.to_string();
    assert_eq!(text.lines().count(), 3);
    assert_eq!(text.lines().last(), Some("2 passed, 2 failed"));
}

#[test]
fn a_file_of_any_editor_is_read() {
    for text in [
        format!("\u{feff}{EXAMPLE}"),
        format!("{EXAMPLE}\r\n{EXAMPLE}\r\n"),
        format!("\u{feff}{EXAMPLE}\r\n\r\n{EXAMPLE}"),
        format!("\t{EXAMPLE}\n\n"),
    ] {
        let outcome = run(&text);
        assert!(
            outcome.failures.is_empty() && outcome.passed > 0,
            "{text:?}: {outcome}"
        );
    }
    for empty in ["", "\n\n", "\u{feff}", "\r\n"] {
        assert_eq!(said(empty), "0 passed, 0 failed");
    }
}

#[test]
fn what_is_left_out_has_its_default() {
    let whole: Case = with("DatapointsToAlarm", json!(3)).parse().unwrap();
    let mut left_out: Case = without("DatapointsToAlarm").parse().unwrap();
    assert_eq!(left_out, whole);
    left_out = without("TreatMissingData").parse().unwrap();
    assert_eq!(
        left_out.rule.treat_missing_data,
        alarm::TreatMissingData::Missing
    );
    left_out = without("PreviousState").parse().unwrap();
    assert_eq!(left_out.previous, State::InsufficientData);
    // A null is as if it were not there.
    assert_eq!(
        with("PreviousState", Value::Null).parse::<Case>().unwrap(),
        left_out
    );
}

#[test]
fn what_has_to_be_there_is_named() {
    for key in [
        "EvaluationPeriods",
        "ComparisonOperator",
        "Points",
        "Expect",
    ] {
        fault(&without(key), &format!("{key} is missing"));
    }
    fault(
        &without("Threshold"),
        "Threshold: GreaterThanThreshold needs a Threshold",
    );
}

#[test]
fn keys_that_are_not_known_or_there_twice_are_told() {
    fault(
        &EXAMPLE.replace("Threshold\":0.5", "Treshold\":0.5"),
        "there is no key Treshold, perhaps Threshold?",
    );
    fault(&with("Zebra", json!(1)), "there is no key Zebra");
    fault(
        &EXAMPLE.replacen('{', "{\"Threshold\":1,", 1),
        "Threshold is there twice",
    );
    // Keys are as CloudWatch writes them.
    fault(
        &EXAMPLE.replace("\"Points\"", "\"points\""),
        "there is no key points, perhaps Points?",
    );
}

#[test]
fn values_of_the_wrong_type_or_size_are_told() {
    for (key, value, message) in [
        (
            "EvaluationPeriods",
            json!(0),
            "0 is no whole number from 1 on",
        ),
        (
            "EvaluationPeriods",
            json!("3"),
            "\"3\" is no whole number from 1 on",
        ),
        (
            "EvaluationPeriods",
            json!(1.5),
            "1.5 is no whole number from 1 on",
        ),
        (
            "EvaluationPeriods",
            json!(-1),
            "-1 is no whole number from 1 on",
        ),
        (
            "EvaluationPeriods",
            json!(4_294_967_296u64),
            "4294967296 is no whole number from 1 on",
        ),
        (
            "DatapointsToAlarm",
            json!(4),
            "4 is more than EvaluationPeriods, 3",
        ),
        (
            "TreatMissingData",
            json!("Missing"),
            "'Missing' is none of missing, ignore, breaching, notBreaching",
        ),
        ("TreatMissingData", json!(1), "1 is no word in quotes"),
        ("Threshold", json!("0.5"), "\"0.5\" is no number"),
        ("Points", json!("0,1"), "\"0,1\" is no list"),
        ("Points", json!([0, "1"]), "item 2: \"1\" is no number"),
        ("Points", json!([true]), "item 1: true is no number"),
        (
            "PreviousState",
            json!("ok"),
            "'ok' is none of OK, ALARM, INSUFFICIENT_DATA",
        ),
        (
            "Expect",
            json!("RETAIN"),
            "'RETAIN' is none of OK, ALARM, INSUFFICIENT_DATA",
        ),
        (
            "Bands",
            json!([[0, 1]]),
            "GreaterThanThreshold compares with Threshold",
        ),
    ] {
        fault(&with(key, value), &format!("{key}: {message}"));
    }
    let operator = said(&with("ComparisonOperator", json!("GT")));
    assert!(
        operator.starts_with("line 1: ComparisonOperator: 'GT' is none of GreaterThanThreshold, "),
        "{operator}"
    );
}

#[test]
fn what_is_no_object_is_told_with_its_column() {
    fault(
        "[]",
        "not a JSON object: invalid type: sequence, expected an object such as {\"EvaluationPeriods\": 3, …} at column 0",
    );
    for (line, words) in [
        ("{", "at column 1"),
        ("{\"a\" 1}", "at column 6"),
        ("NaN", "at column 1"),
        ("{\"Threshold\":1e999}", "out of range"),
    ] {
        let said = said(line);
        assert!(
            said.starts_with("line 1: not a JSON object: ") && said.contains(words),
            "{said}"
        );
    }
    assert!(matches!(
        "5".parse::<Case>(),
        Err(CaseError::NotAnObject(_))
    ));
}

#[test]
fn the_points_are_the_whole_range_however_many_they_are() {
    let verdict = |points: Value, treatment: &str| {
        let mut case = case();
        case["Points"] = points;
        case["TreatMissingData"] = json!(treatment);
        let case: Case = case.to_string().parse().unwrap();
        case.evaluate().state
    };
    // Shorter than three: what is not there is missing.
    assert_eq!(verdict(json!([]), "missing"), State::InsufficientData);
    assert_eq!(verdict(json!([]), "breaching"), State::Alarm);
    assert_eq!(verdict(json!([]), "ignore"), State::Ok);
    assert_eq!(verdict(json!([1]), "missing"), State::Ok);
    assert_eq!(verdict(json!([1, null]), "missing"), State::Alarm);
    assert_eq!(verdict(json!([1, 1]), "notBreaching"), State::Alarm);
    // Longer: the newest three that are there.
    assert_eq!(
        verdict(json!([1, 1, 1, 0, null, 0, null, 1]), "missing"),
        State::Ok
    );
    assert_eq!(
        verdict(json!([0, 0, 0, 1, null, 0, null, 1]), "missing"),
        State::Alarm
    );
}

#[test]
fn bands_are_in_place_of_a_threshold() {
    let band = json!({
        "EvaluationPeriods": 2, "DatapointsToAlarm": 1, "ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold",
        "Points": [5, 1, 9], "Bands": [[0, 10], [2, 8], null], "Expect": "ALARM"
    });
    assert_eq!(said(&band.to_string()), "1 passed, 0 failed");
    let change = |key: &str, value: Value| {
        let mut band = band.clone();
        band[key] = value;
        band.to_string()
    };
    fault(
        &change("Bands", json!([[0, 10]])),
        "Bands: 1 bands for 3 points",
    );
    fault(&change("Bands", Value::Null), "Bands is missing");
    fault(
        &change("Bands", json!([[0], null, null])),
        "Bands: item 1: [0] is no [lower, upper]",
    );
    fault(
        &change("Threshold", json!(1)),
        "Threshold: LessThanLowerOrGreaterThanUpperThreshold compares with a band, and takes no Threshold",
    );
}

#[test]
fn hostile_lines_are_answered_in_a_line() {
    let long = "x".repeat(1 << 20);
    let deep = format!(
        "{{\"Points\":{}{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let many: String = format!("{{{}\"z\":1}}", "\"Points\":1,".repeat(10_000));
    for line in [
        long.clone(),
        deep,
        many,
        format!("{{\"{long}\":1}}"),
        with("Expect", json!(long)),
        with("Points", json!([long])),
        with("Threshold", json!([[[long]]])),
        with("EvaluationPeriods", json!(1e300)),
    ] {
        let outcome = run(&line);
        assert_eq!((outcome.passed, outcome.failures.len()), (0, 1));
        assert!(
            outcome.to_string().len() < 600,
            "{}",
            outcome.to_string().len()
        );
    }
    // A huge N is no fault; it costs no more than its points.
    assert_eq!(
        said(&with("EvaluationPeriods", json!(u32::MAX))),
        "1 passed, 0 failed"
    );
}

proptest! {
    #[test]
    fn any_text_has_an_outcome(text in prop_oneof![any::<String>(), "[{}\\[\\]\",:0-9a-zA-Z\r\n ]{0,80}"]) {
        let outcome = run(&text);
        let lines = text.lines().filter(|l| !l.trim_start_matches('\u{feff}').trim().is_empty()).count();
        prop_assert_eq!(outcome.passed + outcome.failures.len(), lines);
    }
}

#[test]
fn numbers_are_read_to_their_last_bit() {
    // The next number below 0.1 is not 0.1, and 0.1 breaches.
    for (point, expect) in [("0.09999999999999999", "OK"), ("0.1", "ALARM")] {
        let case: Case = format!(
            r#"{{"EvaluationPeriods":1,"ComparisonOperator":"GreaterThanOrEqualToThreshold","Threshold":0.1,"Points":[{point}],"Expect":"{expect}"}}"#
        )
        .parse()
        .unwrap();
        assert_eq!(case.evaluate().state, case.expect, "{point}");
    }
}
