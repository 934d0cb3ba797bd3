//! What evaluation may cost, and what is never in a result.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::time::Instant;

use common::{Fixed, grid, set};
use metric_math::{EvaluationError, Expression, NoSource, Series, Set, Value, evaluate};
use proptest::prelude::*;

#[test]
fn a_chain_of_arrays_that_doubles_is_refused_early() {
    let mut expressions = vec![("e0".to_owned(), Expression::parse("[m, m]").unwrap())];
    for i in 1..100 {
        let text = format!("[e{0}, e{0}]", i - 1);
        expressions.push((format!("e{i}"), Expression::parse(&text).unwrap()));
    }
    let set = Set::new(["m".to_owned()], expressions).unwrap();
    let metrics = BTreeMap::from([("m".to_owned(), Series::new("m", vec![Some(1.0)]))]);
    let error = evaluate(&set, "e99", &metrics, &NoSource, &grid(1)).unwrap_err();
    assert!(matches!(error, EvaluationError::TooManySeries { .. }));
}

#[test]
fn too_many_values_are_refused() {
    let set = set(&["m"], &[("e", &format!("m{}", "+m".repeat(400)))]);
    let count = 100_000;
    let metrics = BTreeMap::from([("m".to_owned(), Series::new("m", vec![Some(1.0); count]))]);
    let error = evaluate(&set, "e", &metrics, &NoSource, &grid(count)).unwrap_err();
    assert_eq!(error, EvaluationError::TooMuch);
}

/// Doubling the expression may double the time, and not more: measured at two sizes with a wide margin.
#[test]
fn the_cost_grows_with_the_size_and_not_faster() {
    let count = 2000;
    let metrics = BTreeMap::from([("m".to_owned(), Series::new("m", vec![Some(1.0); count]))]);
    let seconds = |nodes: usize| {
        let set = set(&["m"], &[("e", &format!("m{}", "+m".repeat(nodes)))]);
        let took = |_| {
            let begun = Instant::now();
            evaluate(&set, "e", &metrics, &NoSource, &grid(count)).unwrap();
            begun.elapsed().as_secs_f64()
        };
        (0..9).map(took).fold(f64::INFINITY, f64::min)
    };
    let (small, large) = (seconds(25), seconds(400));
    assert!(large < small * 16.0 * 4.0, "{small} s, {large} s");
}

#[test]
fn series_off_the_grid_are_refused_and_unknown_ones_are_empty() {
    let set = set(&["m", "n"], &[("e", "m + n")]);
    let mut metrics = BTreeMap::from([("m".to_owned(), Series::new("m", vec![Some(1.0)]))]);
    let error = evaluate(&set, "e", &metrics, &NoSource, &grid(2)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "'m' has 1 values, the grid has 2 periods"
    );
    metrics.clear();
    let value = evaluate(&set, "e", &metrics, &NoSource, &grid(2)).unwrap();
    assert_eq!(value, Value::Series(Series::empty("e", 2)));
    let value = evaluate(&set, "n", &metrics, &NoSource, &grid(0)).unwrap();
    assert_eq!(value, Value::Series(Series::empty("n", 0)));
}

#[test]
fn without_a_source_its_functions_say_so() {
    let set = set(&[], &[("e", "SEARCH('x', 'Sum')")]);
    let error = evaluate(&set, "e", &BTreeMap::new(), &NoSource, &grid(2)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "expression 'e', character 1: SEARCH is not available here"
    );
}

fn value() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        Just(None),
        any::<f64>().prop_map(Some),
        prop::sample::select(vec![
            0.0,
            -0.0,
            1.0,
            -1.0,
            1e300,
            -1e300,
            1e-300,
            f64::MAX,
            f64::MIN,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::MIN_POSITIVE,
        ])
        .prop_map(Some),
    ]
}

/// Every function, on series and on arrays.
const ALL: [&str; 45] = [
    "a + b",
    "a - b",
    "a * b",
    "a / b",
    "a ^ b",
    "-a",
    "a == b",
    "a < b",
    "a AND b",
    "a OR b",
    "ABS(a)",
    "CEIL(a)",
    "FLOOR(a)",
    "LOG(a)",
    "LOG10(a)",
    "DIFF(a)",
    "DIFF_TIME(a)",
    "RATE(a)",
    "RUNNING_SUM(a)",
    "TIME_SERIES(AVG(a))",
    "TIME_SERIES(SUM(a))",
    "TIME_SERIES(STDDEV(a))",
    "TIME_SERIES(MAX(a) - MIN(b))",
    "a / DATAPOINT_COUNT(a)",
    "AVG([a, b])",
    "SUM([a, b])",
    "STDDEV([a, b])",
    "MAX([a, b])",
    "FILL(a, b)",
    "FILL(a, LINEAR)",
    "FILL(a, REPEAT)",
    "FIRST([a, b])",
    "IF(a, b)",
    "IF(a, b, a)",
    "METRICS()",
    "EPOCH(a)",
    "YEAR(a)",
    "REMOVE_EMPTY([a, b])",
    "SORT([a, b], SUM, ASC)",
    "SORT([a, b], AVG, DESC, 1)",
    "SEARCH('x', 'Sum') / a",
    "SLICE([a, b], 1)",
    "a ^ 1e308 ^ 2",
    "a * 1e308 * 1e308",
    "TIME_SERIES(1 / 0)",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_result_has_a_value_that_is_no_number(
        a in prop::collection::vec(value(), 6),
        b in prop::collection::vec(value(), 6),
    ) {
        let metrics = BTreeMap::from([
            ("a".to_owned(), Series::new("a", a)),
            ("b".to_owned(), Series::new("b", b)),
        ]);
        for text in ALL {
            let set = set(&["a", "b"], &[("e", text)]);
            let result = evaluate(&set, "e", &metrics, &Fixed, &grid(6)).unwrap();
            for series in result.into_series() {
                prop_assert_eq!(series.values.len(), 6);
                prop_assert!(series.values.iter().flatten().all(|v| v.is_finite()), "{} {:?}", text, series);
            }
        }
    }
}
