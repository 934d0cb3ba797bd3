//! Functions of each value and the one before it.

use crate::function::Function;
use crate::series::{Series, finite};

/// DIFF, DIFF_TIME and RATE: from the point before, however far back it is. The first point has none.
pub(super) fn difference(function: Function, series: &Series, period_seconds: u32) -> Series {
    let mut before: Option<(usize, f64)> = None;
    let values = series.values.iter().enumerate().map(|(i, value)| {
        let value = (*value)?;
        let (then, was) = before.replace((i, value))?;
        let seconds = (i - then) as f64 * f64::from(period_seconds);
        finite(match function {
            Function::DiffTime => seconds,
            Function::Rate => (value - was) / seconds,
            _ => value - was,
        })
    });
    series.with(values)
}

/// The sum of all points so far, where there is one.
pub(super) fn running_sum(series: &Series) -> Series {
    let mut sum = 0.0;
    let values = series.values.iter().map(|value| {
        sum += (*value)?;
        finite(sum)
    });
    series.with(values)
}
