//! Many values made one: over time of a series, or over the series of an array in each period.

use std::rc::Rc;

use crate::function::Function;
use crate::series::{Series, finite};

/// The aggregate of the values that exist. `of` is what an average divides by when it is not their number.
pub(super) fn aggregate(function: Function, values: &[f64], of: Option<usize>) -> Option<f64> {
    let most = |a: f64, b: f64| a.max(b);
    let least = |a: f64, b: f64| a.min(b);
    match function {
        Function::DatapointCount => Some(values.len() as f64),
        Function::Max => values.iter().copied().reduce(most),
        Function::Min => values.iter().copied().reduce(least),
        _ if values.is_empty() => None,
        Function::Sum => finite(values.iter().sum()),
        Function::Avg => mean(values, of.unwrap_or(values.len())),
        Function::Stddev => deviation(values),
        _ => None,
    }
}

fn mean(values: &[f64], count: usize) -> Option<f64> {
    let count = count as f64;
    let sum: f64 = values.iter().sum();
    match sum.is_finite() {
        true => finite(sum / count),
        // The sum of what is too large may have a mean that is not.
        false => finite(values.iter().map(|value| value / count).sum()),
    }
}

/// Of the population. By parts of the largest, so that no square is too large or too small.
fn deviation(values: &[f64]) -> Option<f64> {
    let mean = mean(values, values.len())?;
    let far = values.iter().map(|v| (v - mean).abs()).fold(0.0, f64::max);
    if far == 0.0 {
        return Some(0.0);
    }
    let squares: f64 = values.iter().map(|v| ((v - mean) / far).powi(2)).sum();
    finite(far * (squares / values.len() as f64).sqrt())
}

/// A series of the aggregates of each period, over `count` periods. AVG counts a missing point as 0.
pub(super) fn across(function: Function, array: &[Rc<Series>], count: usize) -> Series {
    let mut values = Vec::with_capacity(array.len());
    let periods = (0..count).map(|i| {
        values.clear();
        values.extend(
            array
                .iter()
                .filter_map(|s| s.values.get(i).copied().flatten()),
        );
        match values.is_empty() {
            true => None,
            false => aggregate(function, &values, Some(array.len())),
        }
    });
    Series::new("", periods.collect())
}
