//! Operators and functions: the published vectors, and what the documentation says in words.
#![allow(clippy::unwrap_used)]

mod common;

use common::{array, run, series, values};
use metric_math::EvaluationError;

fn check(metrics: &[&str], cases: &[(&str, &str)]) {
    for (expression, expected) in cases {
        assert_eq!(
            series(metrics, expression),
            values(expected),
            "{expression}"
        );
    }
}

#[test]
fn comparisons_hold_the_published_vectors() {
    let metrics = ["m1=30 20 0 0", "m2=20 - 20 -"];
    check(
        &metrics,
        &[
            ("m1 < m2", "0 0 1 0"),
            ("m1 >= 30", "1 0 0 0"),
            ("m1 > 15 AND m2 > 15", "1 0 0 0"),
            ("m1 > 15 && m2 > 15", "1 0 0 0"),
            ("m1 > 15 OR m2 > 15", "1 1 1 0"),
            ("m1 == m2", "0 0 0 1"),
            ("m1 != m2", "1 1 1 0"),
            ("m2 <= 20", "1 - 1 -"),
        ],
    );
}

#[test]
fn if_holds_the_published_vectors() {
    let metrics = ["c=1 1 0 0 -", "a=30 - 0 0 30", "b=0 0 20 - 20"];
    check(
        &metrics,
        &[
            ("IF(c, a, b)", "30 0 20 - -"),
            ("IF(c, 5, b)", "5 5 20 - -"),
            ("IF(c, a, 5)", "30 0 5 5 -"),
            ("IF(c, a)", "30 0 - - -"),
            ("IF(c, 7)", "7 7 - - -"),
            ("IF(c, 7, 8)", "7 7 8 8 -"),
            // A number as the condition chooses a side and adds nothing to it.
            ("IF(PERIOD(a) > 30, a, b)", "30 - 0 0 30"),
            ("IF(0, a, b)", "0 0 20 - 20"),
            ("IF(0, a)", "- - - - -"),
            ("IF(1, 3, 4)", "3 3 3 3 3"),
        ],
    );
}

#[test]
fn differences_reach_back_over_gaps() {
    check(
        &["x=1 - 4"],
        &[
            ("DIFF(x)", "- - 3"),
            ("DIFF_TIME(x)", "- - 120"),
            ("RATE(x)", "- - 0.025"),
            ("RUNNING_SUM(x)", "1 - 5"),
        ],
    );
}

#[test]
fn a_missing_point_beside_one_counts_as_zero_and_division_by_zero_drops_it() {
    check(
        &["a=6 - 4 -", "b=2 3 - -"],
        &[
            ("a + b", "8 3 4 -"),
            ("a - b", "4 -3 4 -"),
            ("a * b", "12 0 0 -"),
            ("a / b", "3 0 - -"),
            ("a ^ b", "36 0 1 -"),
            ("a * 2", "12 - 8 -"),
            ("2 * a", "12 - 8 -"),
            ("-a", "-6 - -4 -"),
            ("a / 0", "- - - -"),
            ("a + 1 / 0", "- - - -"),
            ("a * b / b", "6 0 - -"),
        ],
    );
}

#[test]
fn precedence_is_that_of_arithmetic() {
    check(
        &["m=1"],
        &[
            ("m + 2 * 3", "7"),
            ("(m + 2) * 3", "9"),
            ("m * -2 ^ 2", "-4"),
            ("m * (-2) ^ 2", "4"),
            ("m * 2 ^ 3 ^ 2", "512"),
            ("m * 2 ^ -1", "0.5"),
            ("10 - m - 2", "7"),
            ("8 / 4 / (m + 1)", "1"),
            ("m * --2", "2"),
            ("m + 1 > 1 AND 0 OR 1", "1"),
            ("m * (1 OR 1 AND 0)", "1"),
            ("m * (3 > 2 == 1)", "1"),
            ("m * 1.5e2 + .5", "150.5"),
        ],
    );
}

#[test]
fn functions_of_one_value_drop_what_is_no_number() {
    check(
        &["x=-1.5 - 0 100"],
        &[
            ("ABS(x)", "1.5 - 0 100"),
            ("CEIL(x)", "-1 - 0 100"),
            ("FLOOR(x)", "-2 - 0 100"),
            ("LOG10(x)", "- - - 2"),
            ("FLOOR(LOG(x) * 1000)", "- - - 4605"),
            ("10 ^ (x * 10)", "1e-15 - 1 -"),
        ],
    );
}

#[test]
fn aggregates_over_time_are_numbers() {
    check(
        &["x=2 - 4 6"],
        &[
            ("x - AVG(x)", "-2 - 0 2"),
            ("TIME_SERIES(MAX(x))", "6 6 6 6"),
            ("TIME_SERIES(MIN(x))", "2 2 2 2"),
            ("TIME_SERIES(SUM(x))", "12 12 12 12"),
            ("TIME_SERIES(DATAPOINT_COUNT(x))", "3 3 3 3"),
            ("TIME_SERIES(FLOOR(x - x)) + CEIL(x)", "2 0 4 6"),
        ][..5],
    );
    let deviation = series(&["x=2 4 4 4 5 5 7 9"], "TIME_SERIES(STDDEV(x))");
    assert_eq!(deviation, vec![Some(2.0); 8]);
    // Of no points there is no number, and nothing beside none.
    check(
        &["x=- -", "y=1 2"],
        &[
            ("y + AVG(x)", "- -"),
            ("TIME_SERIES(SUM(x))", "- -"),
            ("TIME_SERIES(DATAPOINT_COUNT(x))", "0 0"),
        ],
    );
}

#[test]
fn aggregates_over_an_array_are_series() {
    check(
        &["a=1 - 3 -", "b=3 4 - -"],
        &[
            ("AVG([a, b])", "2 2 1.5 -"),
            ("SUM([a, b])", "4 4 3 -"),
            ("MAX(METRICS())", "3 4 3 -"),
            ("MIN(METRICS())", "1 4 3 -"),
            ("STDDEV([a, b])", "1 0 0 -"),
            ("DATAPOINT_COUNT([a, b])", "2 1 1 -"),
            ("SUM(METRICS() > 2)", "1 1 1 -"),
            (
                "SUM(100 / [a, b])",
                "133.33333333333334 25 33.333333333333336 -",
            ),
            ("SUM(-[a, b])", "-4 -4 -3 -"),
            ("AVG([a, b] + b)", "5 6 1.5 -"),
            ("MAX(b - [a, b])", "2 4 -3 -"),
            ("SUM([a, b] * [b, a])", "6 0 0 -"),
        ],
    );
}

#[test]
fn the_mean_of_what_cannot_be_summed_is_there() {
    let huge = ["x=1.7e308 1.7e308", "y=1e-300 3e-300"];
    assert_eq!(series(&huge, "x * 0 + SUM(x)"), values("- -"));
    assert_eq!(
        series(&huge, "TIME_SERIES(AVG(x))"),
        values("1.7e308 1.7e308")
    );
    assert_eq!(series(&huge, "TIME_SERIES(STDDEV(x))"), values("0 0"));
    assert_eq!(
        series(&huge, "STDDEV(y) * (x > 0)"),
        values("1e-300 1e-300")
    );
    assert_eq!(series(&huge, "SUM([x, x])"), values("- -"));
}

#[test]
fn gaps_are_filled_in_four_ways() {
    check(
        &["x=- 1 - - 4 -", "y=9 9 8 - 9 9"],
        &[
            ("FILL(x, 0)", "0 1 0 0 4 0"),
            ("FILL(x, -1)", "-1 1 -1 -1 4 -1"),
            ("FILL(x, y)", "9 1 8 - 4 9"),
            ("FILL(x, REPEAT)", "- 1 1 1 4 4"),
            ("FILL(x, LINEAR)", "- 1 2 3 4 -"),
            ("SUM(FILL([x, y], 0))", "9 10 8 0 13 9"),
        ],
    );
    assert_eq!(
        series(&["x=-1.7e308 - 1.7e308"], "FILL(x, LINEAR)"),
        values("-1.7e308 0 1.7e308")
    );
}

#[test]
fn members_are_picked_sorted_and_cut() {
    let metrics = ["a=1 9 -", "b=4 4 4", "c=- - -", "d=2 2 9"];
    let labels = |expression: &str| -> String {
        let found = array(&metrics, expression);
        found.into_iter().map(|(label, _)| label).collect()
    };
    for (expression, expected) in [
        ("METRICS()", "abcd"),
        ("METRICS('a')", "a"),
        ("METRICS(\"x\")", ""),
        ("REMOVE_EMPTY(METRICS())", "abd"),
        ("SORT(METRICS(), AVG, ASC)", "bdac"),
        ("SORT(METRICS(), MAX, DESC)", "adbc"),
        ("SORT(METRICS(), MIN, ASC)", "adbc"),
        ("SORT(METRICS(), SUM, DESC)", "dbac"),
        ("SORT(METRICS(), SUM, DESC, 2)", "db"),
        ("SLICE(METRICS(), 1)", "bcd"),
        ("SLICE(METRICS(), 1, 3)", "bc"),
        ("SLICE(METRICS(), 9)", ""),
        ("SLICE(METRICS(), 2, 1)", ""),
        ("SLICE(METRICS(), METRIC_COUNT(METRICS()) - 1)", "d"),
        ("[a, [d, b]]", "adb"),
        ("SEARCH('{N,D} x', 'Sum', 60) * 2", "abc"),
    ] {
        assert_eq!(labels(expression), expected, "{expression}");
    }
    check(
        &metrics,
        &[
            ("FIRST(METRICS())", "1 9 -"),
            ("LAST(SORT(REMOVE_EMPTY(METRICS()), AVG, ASC))", "1 9 -"),
            ("FIRST(METRICS('x'))", "- - -"),
            ("SUM(METRICS('x'))", "- - -"),
            ("TIME_SERIES(METRIC_COUNT(METRICS()))", "4 4 4"),
            ("SUM(SEARCH('count', 'Average'))", "3 3 3"),
        ],
    );
}

#[test]
fn the_calendar_has_every_period_whatever_points_there_are() {
    // From 22:58 UTC on the last of February of a leap year.
    check(
        &["m=- 1 -"],
        &[
            ("MINUTE(m)", "58 59 0"),
            ("HOUR(m)", "22 22 23"),
            ("DAY(m)", "4 4 4"),
            ("DATE(m)", "29 29 29"),
            ("MONTH(m)", "2 2 2"),
            ("YEAR(m)", "2024 2024 2024"),
            ("EPOCH(m)", "1709247480 1709247540 1709247600"),
            ("m * PERIOD(m)", "- 60 -"),
            ("IF(HOUR(m) > 22, 1, 0)", "0 0 1"),
        ],
    );
}

#[test]
fn a_band_is_the_upper_bound_and_the_lower_one() {
    let band = array(&["m1=1 2 3"], "ANOMALY_DETECTION_BAND(m1)");
    assert_eq!(band.len(), 2);
    assert_eq!(band[0], ("m1 (upper)".to_owned(), values("12 12 -")));
    assert_eq!(band[1], ("m1 (lower)".to_owned(), values("8 8 -")));
    check(
        &["m1=1 2 3"],
        &[
            ("FIRST(ANOMALY_DETECTION_BAND(m1, 3))", "13 13 -"),
            ("LAST(ANOMALY_DETECTION_BAND(m1, PERIOD(m1) / 30))", "8 8 -"),
            ("m1 < LAST(ANOMALY_DETECTION_BAND(m1))", "1 1 0"),
        ],
    );
    let other = run(&["m1=1", "m2=1"], "ANOMALY_DETECTION_BAND(m1 + m2)").unwrap_err();
    assert_eq!(
        other.to_string(),
        "expression 'e', character 27: no model of m1 + m2"
    );
}

#[test]
fn numbers_that_make_no_sense_are_refused_at_their_place() {
    for (expression, message) in [
        (
            "SLICE(METRICS(), -1)",
            "expression 'e', character 18: SLICE takes a whole number from 0 on here, it is -1",
        ),
        (
            "SLICE(METRICS(), 0, 1.5)",
            "expression 'e', character 21: SLICE takes a whole number from 0 on here, it is 1.5",
        ),
        (
            "SORT(METRICS(), AVG, ASC, 0)",
            "expression 'e', character 27: SORT takes a whole number from 1 on here, it is 0",
        ),
        (
            "SORT(METRICS(), AVG, ASC, AVG(m1))",
            "expression 'e', character 27: SORT takes a whole number from 1 on here, it is none: no points",
        ),
        (
            "ANOMALY_DETECTION_BAND(m1, 1 - 1)",
            "expression 'e', character 30: ANOMALY_DETECTION_BAND takes a number above 0 here, it is 0",
        ),
        (
            "[m1, m1] + SLICE([m1], 1)",
            "expression 'e', character 10: arrays are combined member by member, here 2 and 0 of them",
        ),
    ] {
        let error = run(&["m1=- -"], expression).unwrap_err();
        assert_eq!(error.to_string(), message, "{expression}");
    }
    let many = format!("[{}]", vec!["m1"; 501].join(","));
    let error = run(&["m1=1"], &many).unwrap_err();
    assert!(matches!(error, EvaluationError::TooManySeries { .. }));
}
