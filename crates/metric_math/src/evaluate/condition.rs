//! IF.

use super::operand::Operand;
use crate::series::Series;

/// False is 0. Without `otherwise`, periods in which the condition is false have no point.
pub(super) fn choose(
    condition: &Operand,
    then: &Operand,
    otherwise: Option<&Operand>,
    count: usize,
) -> Series {
    let otherwise = otherwise.unwrap_or(&Operand::Nothing);
    let side = |is_true: bool| if is_true { then } else { otherwise };
    let values = (0..count).map(|i| match condition {
        Operand::Series(condition) => {
            let is_true = condition.values.get(i).copied().flatten()? != 0.0;
            match point(side(is_true), i) {
                None if is_true && matches!(then, Operand::Series(_)) => Some(0.0),
                found => found,
            }
        }
        // A number is no series that has points: the side stays as it is.
        number => point(side(number.scalar()? != 0.0), i),
    });
    let label = [then, otherwise].into_iter().find_map(|side| match side {
        Operand::Series(series) => Some(series.label.clone()),
        _ => None,
    });
    let values = values.collect();
    Series::new(label.unwrap_or_default(), values)
}

fn point(side: &Operand, i: usize) -> Option<f64> {
    match side {
        Operand::Series(series) => series.values.get(i).copied().flatten(),
        other => other.scalar(),
    }
}
