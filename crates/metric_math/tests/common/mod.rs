//! Series and sets written shortly.
#![allow(dead_code)] // Not every test takes all of it.

use std::collections::BTreeMap;

use metric_math::{
    Bounds, EvaluationError, Expression, Grid, SearchCall, Series, Set, Source, SourceError, Value,
    evaluate,
};

/// 2024-02-29 22:58:00, a Thursday.
pub(crate) const START_US: i64 = 1_709_247_480_000_000;

/// `30 20 - 0`: a value for each period, `-` is a missing one.
pub(crate) fn values(text: &str) -> Vec<Option<f64>> {
    text.split_whitespace()
        .map(|word| (word != "-").then(|| word.parse().unwrap()))
        .collect()
}

pub(crate) fn grid(count: usize) -> Grid {
    Grid {
        start_us: START_US,
        period_seconds: 60,
        count,
    }
}

pub(crate) fn set(metrics: &[&str], expressions: &[(&str, &str)]) -> Set {
    Set::new(
        metrics.iter().map(|id| (*id).to_owned()),
        expressions
            .iter()
            .map(|(id, text)| ((*id).to_owned(), Expression::parse(text).unwrap())),
    )
    .unwrap()
}

/// Finds three series for any search; expects 10 ± width of everything in the first two periods.
pub(crate) struct Fixed;

impl Source for Fixed {
    fn search(&self, _: &SearchCall, grid: &Grid) -> Result<Vec<Series>, SourceError> {
        Ok(["a", "b", "c"]
            .iter()
            .enumerate()
            .map(|(i, label)| Series::new(*label, vec![Some(i as f64); grid.count]))
            .collect())
    }

    fn band(&self, of: &str, width: f64, grid: &Grid) -> Result<Bounds, SourceError> {
        if of != "m1" {
            return Err(SourceError(format!("no model of {of}")));
        }
        let around = |k: f64| (0..grid.count).map(move |i| (i < 2).then_some(10.0 + k));
        Ok(Bounds {
            upper: around(width).collect(),
            lower: around(-width).collect(),
        })
    }
}

/// The result of the expression `e`, over metrics that are given as `m1=1 - 3`.
pub(crate) fn run(metrics: &[&str], expression: &str) -> Result<Value, EvaluationError> {
    let metrics: BTreeMap<String, Series> = metrics
        .iter()
        .map(|text| {
            let (id, text) = text.split_once('=').unwrap();
            (id.to_owned(), Series::new(id, values(text)))
        })
        .collect();
    let count = metrics.values().next().map_or(3, |s| s.values.len());
    let ids: Vec<&str> = metrics.keys().map(String::as_str).collect();
    let set = set(&ids, &[("e", expression)]);
    evaluate(&set, "e", &metrics, &Fixed, &grid(count))
}

pub(crate) fn series(metrics: &[&str], expression: &str) -> Vec<Option<f64>> {
    match run(metrics, expression).unwrap() {
        Value::Series(series) => series.values,
        Value::Array(several) => panic!("{expression}: {} series", several.len()),
    }
}

/// Labels and values.
pub(crate) fn array(metrics: &[&str], expression: &str) -> Vec<(String, Vec<Option<f64>>)> {
    match run(metrics, expression).unwrap() {
        Value::Array(several) => several.into_iter().map(|s| (s.label, s.values)).collect(),
        Value::Series(_) => panic!("{expression}: one series"),
    }
}
