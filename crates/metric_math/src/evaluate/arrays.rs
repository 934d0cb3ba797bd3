//! SORT and SLICE.

use std::cmp::Ordering;
use std::rc::Rc;

use super::aggregate::aggregate;
use crate::function::Function;
use crate::series::Series;
use crate::syntax::Word;

/// By an aggregate of each. What has no points comes last in either order; equals stay as they are.
pub(super) fn sort(array: Vec<Rc<Series>>, by: Word, order: Word) -> Vec<Rc<Series>> {
    let function = match by {
        Word::Min => Function::Min,
        Word::Max => Function::Max,
        Word::Sum => Function::Sum,
        _ => Function::Avg,
    };
    let mut keyed: Vec<(Option<f64>, Rc<Series>)> = array
        .into_iter()
        .map(|series| {
            let points: Vec<f64> = series.points().collect();
            // A sum that is no finite number sorts by its sign.
            let key = match function {
                Function::Sum if !points.is_empty() => Some(points.iter().sum()),
                _ => aggregate(function, &points, None),
            };
            (key, series)
        })
        .collect();
    keyed.sort_by(|(a, _), (b, _)| match (a, b) {
        (Some(a), Some(b)) if order == Word::Desc => b.total_cmp(a),
        (Some(a), Some(b)) => a.total_cmp(b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    });
    keyed.into_iter().map(|(_, series)| series).collect()
}

/// From `from`, counted from 0, up to but not including `to`.
pub(super) fn slice(array: Vec<Rc<Series>>, from: usize, to: Option<usize>) -> Vec<Rc<Series>> {
    let count = to.unwrap_or(usize::MAX).saturating_sub(from);
    array.into_iter().skip(from).take(count).collect()
}
