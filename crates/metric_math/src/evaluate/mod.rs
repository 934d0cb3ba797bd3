//! Expressions computed on series of one grid.
//!
//! Each node of each expression is computed once, and each value of it once: the cost is that of nodes times series
//! times periods, and [`MOST_VALUES`] bounds it.

mod aggregate;
mod along;
mod arrays;
mod call;
mod condition;
mod fault;
mod fill;
mod operand;
mod pair;
mod source;

use std::collections::BTreeMap;
use std::rc::Rc;

pub use fault::EvaluationError;
use operand::Operand;
pub use source::{Bounds, NoSource, Source, SourceError};

use crate::grid::Grid;
use crate::series::{Series, finite};
use crate::set::Set;
use crate::syntax::{Expression, Node, Place};

/// The most series of an array.
pub const MOST_SERIES: usize = 500;
/// The most values that are computed for one result, those on the way to it among them.
pub const MOST_VALUES: usize = 20_000_000;

/// A result.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// One time series. Its label is the result's id where nothing gave it another.
    Series(Series),
    /// Several, each with the label of what it was made of.
    Array(Vec<Series>),
}

impl Value {
    /// The series, one or several.
    pub fn into_series(self) -> Vec<Series> {
        match self {
            Value::Series(series) => vec![series],
            Value::Array(several) => several,
        }
    }
}

/// Computes the result with this id.
///
/// `metrics` are the series of the ids that [`Set::needs`] names. One that is not among them has no points, as a metric
/// that nobody has written has none.
///
/// # Errors
/// Nothing has the id, a series is not on the grid, a number makes no sense, `source` has not what is asked of it, or
/// it would take more than [`MOST_VALUES`].
pub fn evaluate(
    set: &Set,
    id: &str,
    metrics: &BTreeMap<String, Series>,
    source: &dyn Source,
    grid: &Grid,
) -> Result<Value, EvaluationError> {
    let needs = set.needs(id)?;
    let mut work = Work {
        set,
        grid,
        source,
        known: BTreeMap::new(),
        left: MOST_VALUES,
    };
    for metric in &needs.metrics {
        work.spend(1)?;
        let series = match metrics.get(metric) {
            Some(series) => work.taken(series.clone(), metric)?,
            None => Series::empty(metric, grid.count),
        };
        work.known
            .insert(metric.clone(), Operand::Series(Rc::new(series)));
    }
    for id in &needs.expressions {
        if let Some(expression) = set.expression(id) {
            let result = work.expression(id, expression)?;
            work.known.insert(id.clone(), result);
        }
    }
    let own = |series: Rc<Series>| Rc::unwrap_or_clone(series);
    Ok(match work.known.remove(id).unwrap_or_default() {
        Operand::Array(several) => Value::Array(several.into_iter().map(own).collect()),
        Operand::Series(series) => {
            let mut series = own(series);
            if !set.is_metric(id) || series.label.is_empty() {
                series.label = id.to_owned();
            }
            Value::Series(series)
        }
        // The type was checked.
        _ => Value::Series(Series::empty(id, grid.count)),
    })
}

struct Work<'a> {
    set: &'a Set,
    grid: &'a Grid,
    source: &'a dyn Source,
    known: BTreeMap<String, Operand>,
    left: usize,
}

/// Where in which expression something happens.
#[derive(Debug, Clone, Copy)]
struct Spot<'a> {
    id: &'a str,
    expression: &'a Expression,
    place: Place,
}

impl Spot<'_> {
    /// The character, from 1.
    fn at(&self) -> usize {
        self.expression.at(self.place)
    }
}

impl Work<'_> {
    /// Counts the values of so many series.
    fn spend(&mut self, series: usize) -> Result<(), EvaluationError> {
        // One at least, so that a grid without periods ends too.
        let values = series.max(1).saturating_mul(self.grid.count.max(1));
        match self.left.checked_sub(values) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(EvaluationError::TooMuch),
        }
    }

    /// A series from outside: on the grid, and without values that are no numbers.
    fn taken(&self, mut series: Series, name: &str) -> Result<Series, EvaluationError> {
        if series.values.len() != self.grid.count {
            return Err(EvaluationError::OffGrid {
                series: name.to_owned(),
                found: series.values.len(),
                wanted: self.grid.count,
            });
        }
        for value in &mut series.values {
            *value = value.and_then(finite);
        }
        Ok(series)
    }

    fn expression(
        &mut self,
        id: &str,
        expression: &Expression,
    ) -> Result<Operand, EvaluationError> {
        // Each is part of one other node, which takes it from here.
        let mut done: Vec<Operand> = Vec::with_capacity(expression.nodes().len());
        for (place, node) in expression.nodes().iter().enumerate() {
            let spot = Spot {
                id,
                expression,
                place,
            };
            let mut take = |place: &Place| done.get_mut(*place).map(std::mem::take);
            let result = match node {
                Node::Number(number) => Operand::Scalar(Some(*number)),
                Node::Text(_) => Operand::Nothing,
                Node::Word(word) => Operand::Word(*word),
                Node::Id(id) => self.known.get(id).cloned().unwrap_or_default(),
                Node::Negate(inner) => {
                    let inner = take(inner).unwrap_or_default();
                    self.spend(inner.width())?;
                    inner.map(|value| finite(-value))
                }
                Node::Pair(operator, left, right) => {
                    let left = take(left).unwrap_or_default();
                    let right = take(right).unwrap_or_default();
                    self.spend(left.width().max(right.width()))?;
                    pair::combine(*operator, left, right, spot)?
                }
                Node::Array(members) => {
                    let members: Vec<_> = members.iter().filter_map(take).collect();
                    Operand::Array(members.into_iter().flat_map(Operand::into_series).collect())
                }
                Node::Search(search) => self.search(search, spot)?,
                Node::Call(function, arguments) => {
                    let taken = arguments.iter().filter_map(take).collect();
                    self.call(*function, arguments, taken, spot)?
                }
            };
            if result.width() > MOST_SERIES {
                let (id, at) = (id.to_owned(), spot.at());
                return Err(EvaluationError::TooManySeries { id, at });
            }
            done.push(result);
        }
        Ok(done.pop().unwrap_or_default())
    }
}
