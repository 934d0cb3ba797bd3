//! FILL: values for periods without one.

use super::operand::Operand;
use crate::series::{Series, finite};
use crate::syntax::Word;

pub(super) fn fill(series: &Series, with: &Operand) -> Series {
    let values = series.values.iter().copied();
    match with {
        Operand::Scalar(number) => series.with(values.map(|value| value.or(*number))),
        Operand::Series(other) => {
            series.with(values.zip(&other.values).map(|(value, o)| value.or(*o)))
        }
        Operand::Word(Word::Repeat) => {
            let mut last = None;
            series.with(values.map(|value| {
                last = value.or(last);
                last
            }))
        }
        Operand::Word(Word::Linear) => linear(series),
        _ => series.clone(),
    }
}

/// On a straight line from the point before to the point after; nothing outside of them.
fn linear(series: &Series) -> Series {
    let mut filled = series.values.clone();
    let mut before: Option<(usize, f64)> = None;
    for (i, value) in series.values.iter().enumerate() {
        let Some(value) = *value else { continue };
        if let Some((then, was)) = before {
            let steps = (i - then) as f64;
            for (step, gap) in filled.iter_mut().take(i).skip(then + 1).enumerate() {
                let part = (step + 1) as f64 / steps;
                // Weighed, not `was + (value - was) * part`, whose difference may be too large.
                *gap = finite(was * (1.0 - part) + value * part);
            }
        }
        before = Some((i, value));
    }
    series.with(filled.into_iter())
}
