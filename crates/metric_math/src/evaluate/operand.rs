//! What a node gives.

use std::rc::Rc;

use crate::series::Series;
use crate::syntax::Word;

/// A result on the way. Series are shared: an id may be referred to many times.
#[derive(Debug, Clone, Default)]
pub(super) enum Operand {
    /// No value when it could not be computed, such as the average of no points.
    Scalar(Option<f64>),
    Series(Rc<Series>),
    Array(Vec<Rc<Series>>),
    Word(Word),
    /// A text, which its function reads itself.
    #[default]
    Nothing,
}

impl Operand {
    pub(super) fn series(series: Series) -> Operand {
        Operand::Series(Rc::new(series))
    }

    /// How many series it is of.
    pub(super) fn width(&self) -> usize {
        match self {
            Operand::Array(several) => several.len(),
            _ => 1,
        }
    }

    pub(super) fn into_series(self) -> Vec<Rc<Series>> {
        match self {
            Operand::Series(series) => vec![series],
            Operand::Array(several) => several,
            _ => Vec::new(),
        }
    }

    pub(super) fn scalar(&self) -> Option<f64> {
        match self {
            Operand::Scalar(value) => *value,
            _ => None,
        }
    }

    /// The same with each series, or the number, made another.
    pub(super) fn each(self, mut make: impl FnMut(&Series) -> Series) -> Operand {
        match self {
            Operand::Series(series) => Operand::series(make(&series)),
            Operand::Array(several) => {
                Operand::Array(several.iter().map(|series| Rc::new(make(series))).collect())
            }
            other => other,
        }
    }

    /// The same with each value that exists made another.
    pub(super) fn map(self, make: impl Fn(f64) -> Option<f64>) -> Operand {
        match self {
            Operand::Scalar(value) => Operand::Scalar(value.and_then(make)),
            other => {
                other.each(|series| series.with(series.values.iter().map(|v| v.and_then(&make))))
            }
        }
    }
}
