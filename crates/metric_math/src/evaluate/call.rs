//! Functions, and what is asked of the caller.

use std::rc::Rc;

use super::aggregate::{across, aggregate};
use super::along::{difference, running_sum};
use super::operand::Operand;
use super::{EvaluationError, MOST_SERIES, Spot, Work, arrays, condition, fill};
use crate::calendar;
use crate::function::Function;
use crate::search::SearchCall;
use crate::series::{Series, finite};
use crate::syntax::{Place, Word};

/// Standard deviations on either side when nothing is said.
const WIDTH: f64 = 2.0;

impl Work<'_> {
    /// `places` are where the arguments stand that `taken` are the values of.
    pub(super) fn call(
        &mut self,
        function: Function,
        places: &[Place],
        taken: Vec<Operand>,
        spot: Spot<'_>,
    ) -> Result<Operand, EvaluationError> {
        let widest = taken.iter().map(Operand::width).max();
        self.spend(widest.unwrap_or(1))?;
        let count = self.grid.count;
        let mut taken = taken.into_iter();
        let first = taken.next().unwrap_or_default();
        let second = taken.next();
        let third = taken.next();
        let argument = |i: usize| Spot {
            place: places.get(i).copied().unwrap_or(spot.place),
            ..spot
        };
        Ok(match function {
            Function::Abs => first.map(|value| finite(value.abs())),
            Function::Ceil => first.map(|value| finite(value.ceil())),
            Function::Floor => first.map(|value| finite(value.floor())),
            Function::Log => first.map(|value| finite(value.ln())),
            Function::Log10 => first.map(|value| finite(value.log10())),
            Function::Diff | Function::DiffTime | Function::Rate => {
                first.each(|series| difference(function, series, self.grid.period_seconds))
            }
            Function::RunningSum => first.each(running_sum),
            Function::Avg
            | Function::Max
            | Function::Min
            | Function::Sum
            | Function::Stddev
            | Function::DatapointCount => match first {
                Operand::Array(array) => Operand::series(across(function, &array, count)),
                other => {
                    let series = other.into_series();
                    let points: Vec<f64> = series.iter().flat_map(|s| s.points()).collect();
                    Operand::Scalar(aggregate(function, &points, None))
                }
            },
            Function::Fill => {
                let with = second.unwrap_or_default();
                first.each(|series| fill::fill(series, &with))
            }
            Function::First => self.one(first.into_series().into_iter().next()),
            Function::Last => self.one(first.into_series().pop()),
            Function::If => Operand::series(condition::choose(
                &first,
                &second.unwrap_or_default(),
                third.as_ref(),
                count,
            )),
            Function::Metrics => self.metrics(places, spot)?,
            Function::MetricCount => Operand::Scalar(Some(first.width() as f64)),
            Function::Minute
            | Function::Hour
            | Function::Day
            | Function::Date
            | Function::Month
            | Function::Year
            | Function::Epoch => Operand::series(self.calendar(function, first)),
            Function::Period => Operand::Scalar(Some(f64::from(self.grid.period_seconds))),
            Function::RemoveEmpty => {
                let array = first.into_series().into_iter();
                Operand::Array(array.filter(|series| !series.is_empty()).collect())
            }
            Function::Slice => {
                let from = whole(second.as_ref(), 0, function, argument(1))?.unwrap_or(0);
                let to = whole(third.as_ref(), 0, function, argument(2))?;
                Operand::Array(arrays::slice(first.into_series(), from, to))
            }
            Function::Sort => {
                let limit = whole(taken.next().as_ref(), 1, function, argument(3))?;
                let word = |operand: Option<Operand>| match operand {
                    Some(Operand::Word(word)) => word,
                    _ => Word::Avg,
                };
                let sorted = arrays::sort(first.into_series(), word(second), word(third));
                Operand::Array(arrays::slice(sorted, 0, limit))
            }
            Function::TimeSeries => Operand::series(Series::new("", vec![first.scalar(); count])),
            Function::AnomalyDetectionBand => {
                let width = match &second {
                    None => WIDTH,
                    Some(width) => match width.scalar().filter(|width| *width > 0.0) {
                        Some(width) => width,
                        None => {
                            let wanted = "a number above 0";
                            return Err(bad_number(Some(width), wanted, function, argument(1)));
                        }
                    },
                };
                self.band(first, width, argument(0))?
            }
            // It is a node of its own.
            Function::Search => Operand::Nothing,
        })
    }

    /// A series; one without points where an array has none.
    fn one(&self, series: Option<Rc<Series>>) -> Operand {
        let empty = || Rc::new(Series::empty("", self.grid.count));
        Operand::Series(series.unwrap_or_else(empty))
    }

    fn metrics(&mut self, places: &[Place], spot: Spot<'_>) -> Result<Operand, EvaluationError> {
        let text = places
            .first()
            .and_then(|place| spot.expression.node(*place));
        let mut found = Vec::new();
        for id in self.set.metrics_with(text) {
            if let Some(Operand::Series(series)) = self.known.get(id) {
                found.push(Rc::clone(series));
            }
        }
        self.spend(found.len())?;
        Ok(Operand::Array(found))
    }

    /// A value for every period, whether the series has a point there or not.
    fn calendar(&self, function: Function, of: Operand) -> Series {
        let values = (0..self.grid.count).map(|i| {
            let seconds = self.grid.start_seconds(i);
            Some(calendar::field(function, seconds) as f64)
        });
        let label = of.into_series().pop().map(|series| series.label.clone());
        Series::new(label.unwrap_or_default(), values.collect())
    }

    pub(super) fn search(
        &mut self,
        call: &SearchCall,
        spot: Spot<'_>,
    ) -> Result<Operand, EvaluationError> {
        let failed = |message: String| EvaluationError::Source {
            id: spot.id.to_owned(),
            at: spot.at(),
            message,
        };
        let found = self.source.search(call, self.grid);
        let found = found.map_err(|e| failed(e.0))?;
        if found.len() > MOST_SERIES {
            let (id, at) = (spot.id.to_owned(), spot.at());
            return Err(EvaluationError::TooManySeries { id, at });
        }
        self.spend(found.len())?;
        let mut series = Vec::with_capacity(found.len());
        for one in found {
            let name = one.label.clone();
            series.push(Rc::new(self.taken(one, &name)?));
        }
        Ok(Operand::Array(series))
    }

    /// The upper bounds first, as FIRST and LAST expect them.
    fn band(
        &mut self,
        of: Operand,
        width: f64,
        spot: Spot<'_>,
    ) -> Result<Operand, EvaluationError> {
        let text = spot.expression.print(spot.place);
        let bounds =
            self.source
                .band(&text, width, self.grid)
                .map_err(|e| EvaluationError::Source {
                    id: spot.id.to_owned(),
                    at: spot.at(),
                    message: e.0,
                })?;
        let label = of.into_series().pop().map(|series| series.label.clone());
        let label = label.unwrap_or_default();
        let upper = Series::new(format!("{label} (upper)"), bounds.upper);
        let lower = Series::new(format!("{label} (lower)"), bounds.lower);
        self.spend(2)?;
        Ok(Operand::Array(vec![
            Rc::new(self.taken(upper, &text)?),
            Rc::new(self.taken(lower, &text)?),
        ]))
    }
}

/// A whole number that is at least `least`.
fn whole(
    operand: Option<&Operand>,
    least: u32,
    function: Function,
    spot: Spot<'_>,
) -> Result<Option<usize>, EvaluationError> {
    let Some(operand) = operand else {
        return Ok(None);
    };
    let range = f64::from(least)..=f64::from(u32::MAX);
    let number = operand
        .scalar()
        .filter(|n| range.contains(n) && n.fract() == 0.0);
    match number {
        Some(number) => Ok(Some(number as usize)),
        None => {
            let wanted = match least {
                0 => "a whole number from 0 on",
                _ => "a whole number from 1 on",
            };
            Err(bad_number(Some(operand), wanted, function, spot))
        }
    }
}

fn bad_number(
    operand: Option<&Operand>,
    wanted: &'static str,
    function: Function,
    spot: Spot<'_>,
) -> EvaluationError {
    let found = operand.and_then(Operand::scalar);
    EvaluationError::BadNumber {
        id: spot.id.to_owned(),
        at: spot.at(),
        function: function.name(),
        wanted,
        found: found.map_or_else(|| "none: no points".to_owned(), |n| format!("{n}")),
    }
}
