//! Ids, rings, types, what has to be read, and what an alarm may do.
#![allow(clippy::unwrap_used)]

mod common;

use common::set;
use metric_math::alarm_rules::check;
use metric_math::{BandCall, Expression, Set, SetError, Type};

fn fault(metrics: &[&str], expressions: &[(&str, &str)]) -> String {
    let expressions = expressions
        .iter()
        .map(|(id, text)| ((*id).to_owned(), Expression::parse(text).unwrap()));
    let metrics = metrics.iter().map(|id| (*id).to_owned());
    Set::new(metrics, expressions).unwrap_err().to_string()
}

#[test]
fn ids_are_known_and_there_once() {
    assert_eq!(
        fault(&["errors"], &[("e1", "1 + error * 2")]),
        "expression 'e1', character 5: no metric or expression has the id 'error'; did you mean 'errors'?"
    );
    assert_eq!(fault(&["m1", "m1"], &[]), "the id 'm1' is there twice");
    assert_eq!(fault(&["m1"], &[("m1", "2")]), "the id 'm1' is there twice");
    for id in ["M1", "1m", "", "a-b", "é"] {
        assert!(fault(&[id], &[]).starts_with(&format!("the id '{id}' is not one")));
    }
    assert!(fault(&[&"a".repeat(256)], &[]).starts_with("the id 'aaa"));
    let many: Vec<String> = (0..501).map(|i| format!("m{i}")).collect();
    assert_eq!(
        Set::new(many, []).unwrap_err(),
        SetError::TooMany { count: 501 }
    );
}

#[test]
fn rings_are_refused_with_their_ids() {
    assert_eq!(
        fault(&[], &[("a", "a + 1")]),
        "expressions refer to each other in a ring: a → a"
    );
    // `a` only leads to the ring.
    assert_eq!(
        fault(
            &["m"],
            &[
                ("a", "b"),
                ("b", "c + m"),
                ("c", "m + d"),
                ("d", "b + e"),
                ("e", "m")
            ]
        ),
        "expressions refer to each other in a ring: b → c → d → b"
    );
}

#[test]
fn types_are_known_before_anything_is_evaluated() {
    let set = set(
        &["m1", "m2"],
        &[
            ("s", "AVG(m1)"),
            ("t", "m1 - s"),
            ("a", "[m1, m2] * t"),
            ("u", "AVG(a)"),
            ("n", "METRIC_COUNT(a) + PERIOD(m1)"),
            ("i", "IF(s, 1, 2)"),
            ("b", "ANOMALY_DETECTION_BAND(t, s)"),
        ],
    );
    for (id, kind) in [
        ("s", Type::Scalar),
        ("t", Type::Series),
        ("a", Type::Array),
        ("u", Type::Series),
        ("n", Type::Scalar),
        ("i", Type::Series),
        ("b", Type::Array),
        ("m1", Type::Series),
    ] {
        assert_eq!(set.type_of(id), Some(kind), "{id}");
    }
    assert_eq!(
        set.result_type("s").unwrap_err().to_string(),
        "expression 's' is a number; a result is a time series. TIME_SERIES(…) makes one of it"
    );
    assert_eq!(
        set.result_type("m3").unwrap_err().to_string(),
        "no metric or expression has the id 'm3'; did you mean 'm1'?"
    );
}

#[test]
fn wrong_types_are_refused_at_their_argument() {
    for (text, message) in [
        (
            "ABS(5)",
            "character 5: ABS takes a time series or an array of them here, not a number",
        ),
        ("1 + SUM(m1 + s)", ""),
        (
            "FIRST(m1)",
            "character 7: FIRST takes an array of time series here, not a time series",
        ),
        (
            "METRIC_COUNT(s)",
            "character 14: METRIC_COUNT takes an array of time series here, not a number",
        ),
        (
            "HOUR([m1])",
            "character 6: HOUR takes a time series here, not an array of time series",
        ),
        (
            "IF([m1], 1, 2)",
            "character 4: IF takes a number or a time series here, not an array of time series",
        ),
        (
            "TIME_SERIES(m1 + 1)",
            "character 16: TIME_SERIES takes a number here, not a time series",
        ),
        (
            "FILL(m1, METRICS())",
            "character 10: FILL takes a number, a time series, REPEAT or LINEAR here, not an array of time series",
        ),
        (
            "[m1, 5]",
            "character 6: an array is of time series; TIME_SERIES(…) makes one of a number",
        ),
        (
            "PERIOD(m1 * 2)",
            "character 11: PERIOD takes the id of a metric here, not an expression",
        ),
        (
            "PERIOD(e)",
            "character 8: PERIOD takes the id of a metric here, not an expression",
        ),
        (
            "SLICE(METRICS(), m1)",
            "character 18: SLICE takes a number here, not a time series",
        ),
        (
            "SORT(m1, AVG, ASC)",
            "character 6: SORT takes an array of time series here, not a time series",
        ),
        (
            "ANOMALY_DETECTION_BAND(METRICS())",
            "character 24: ANOMALY_DETECTION_BAND takes a time series here, not an array of time series",
        ),
    ] {
        let expressions = [("s", "AVG(m1)"), ("e", "m1 + 1"), ("x", text)];
        match message {
            "" => drop(set(&["m1"], &expressions)),
            message => assert_eq!(
                fault(&["m1"], &expressions),
                format!("expression 'x', {message}")
            ),
        }
    }
}

#[test]
fn only_what_a_result_needs_is_named() {
    let set = set(
        &["cpu", "limit", "other_a", "other_b"],
        &[
            ("share", "cpu / limit"),
            ("many", "METRICS('other')"),
            ("found", "SEARCH('x', 'Sum') + SEARCH('x', 'Sum')"),
            ("all", "SUM(many) + SUM(found) + share"),
            ("band", "ANOMALY_DETECTION_BAND(share * 2, 3)"),
            ("unused", "SUM(METRICS())"),
        ],
    );
    let needs = set.needs("share").unwrap();
    assert_eq!(needs.metrics, ["cpu", "limit"]);
    assert_eq!(needs.expressions, ["share"]);
    assert!(needs.searches.is_empty() && needs.bands.is_empty());

    let needs = set.needs("all").unwrap();
    assert_eq!(needs.metrics, ["cpu", "limit", "other_a", "other_b"]);
    assert_eq!(needs.expressions.last().unwrap(), "all");
    assert_eq!(needs.expressions.len(), 4);
    assert_eq!(needs.searches.len(), 1);
    assert_eq!(needs.searches[0].statistic, "Sum");

    let needs = set.needs("band").unwrap();
    assert_eq!(needs.expressions, ["share", "band"]);
    let of = "share * 2".to_owned();
    assert_eq!(needs.bands, [BandCall { of }]);

    assert_eq!(set.needs("limit").unwrap().metrics, ["limit"]);
    assert_eq!(set.needs("unused").unwrap().metrics.len(), 4);
    assert!(set.needs("nothing").is_err());
}

#[test]
fn an_alarm_looks_at_one_series_and_searches_none() {
    let faults =
        |metrics: &[&str], expressions: &[(&str, &str)], result: &str, band| -> Vec<String> {
            check(&set(metrics, expressions), result, band)
                .iter()
                .map(ToString::to_string)
                .collect()
        };
    let m = ["m1", "m2"];
    let none: Vec<String> = Vec::new();
    assert_eq!(faults(&m, &[("e", "m1 / m2 * 100")], "e", None), none);
    assert_eq!(faults(&m, &[("e", "MAX(METRICS())")], "e", None), none);
    let band = [("b", "ANOMALY_DETECTION_BAND(m1, 3)")];
    assert_eq!(faults(&m, &band, "m1", Some("b")), none);

    assert_eq!(
        faults(&m, &[("e", "METRICS()")], "e", None),
        [
            "'e' is an array of time series; an alarm looks at one. AVG, MAX, MIN, SUM, FIRST or LAST make one of it"
        ]
    );
    assert_eq!(
        faults(&m, &[("e", "AVG(m1)")], "e", None),
        ["expression 'e' is a number; a result is a time series. TIME_SERIES(…) makes one of it"]
    );
    assert_eq!(
        faults(&m, &[("e", "m1 + SUM(SEARCH('x', 'Sum'))")], "e", None),
        ["expression 'e', character 10: SEARCH cannot be used in an alarm; name the metrics"]
    );
    assert_eq!(
        faults(&m, &[("b", "m1 + m2")], "m1", Some("b")),
        [
            "'b' is no band: it has to be ANOMALY_DETECTION_BAND(id) or ANOMALY_DETECTION_BAND(id, width)"
        ]
    );
    assert_eq!(
        faults(&m, &band, "m1", Some("c")),
        ["no metric or expression has the id 'c'"]
    );
    let second = [band[0], ("c", "FIRST(ANOMALY_DETECTION_BAND(m2))")];
    assert_eq!(
        faults(&m, &second, "m1", Some("b")),
        [
            "expression 'c', character 7: an alarm has at most one ANOMALY_DETECTION_BAND, this is a second"
        ]
    );
    assert_eq!(
        faults(
            &m,
            &[("b", "ANOMALY_DETECTION_BAND(SUM(METRICS()))")],
            "m1",
            Some("b")
        ),
        [
            "expression 'b', character 28: METRICS cannot be used in an alarm with ANOMALY_DETECTION_BAND; name the metrics"
        ]
    );
    let many: Vec<String> = (0..11).map(|i| format!("m{i}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(
        faults(&many, &[], "m1", None),
        ["there are 11 metrics; an alarm takes at most 10"]
    );
}
