//! Formulas over the columns of one row.

use std::fmt;
use std::ops::{Add, Div, Mul, Sub};

/// An expression over the columns of one row, evaluated in floating point.
///
/// A null operand makes the result null, and so does a division by zero: a ratio without a denominator (a pod
/// without a limit, the first row of an entity) is absent, never zero or infinite.
#[derive(Debug, Clone, PartialEq)]
pub enum Formula {
    /// The column's value in the row: a time counts in microseconds since 1970, true as 1 and false as 0.
    Column(&'static str),
    /// A number.
    Constant(f64),
    /// The sum of two.
    Add(Box<Formula>, Box<Formula>),
    /// The first less the second.
    Subtract(Box<Formula>, Box<Formula>),
    /// The product of two.
    Multiply(Box<Formula>, Box<Formula>),
    /// The first over the second.
    Divide(Box<Formula>, Box<Formula>),
}

/// The column of that name.
pub fn column(name: &'static str) -> Formula {
    Formula::Column(name)
}

/// The mean increase of a delta column in a second of the row's interval: `column / interval_usec * 1e6`.
pub fn per_second(name: &'static str) -> Formula {
    column(name) / column("interval_usec") * 1e6
}

impl Formula {
    /// The columns that it reads, each once, in the order in which they appear.
    pub fn columns(&self) -> Vec<&'static str> {
        let mut columns = Vec::new();
        self.collect(&mut columns);
        columns
    }

    fn collect(&self, columns: &mut Vec<&'static str>) {
        match self {
            Formula::Column(name) if !columns.contains(name) => columns.push(name),
            Formula::Column(_) | Formula::Constant(_) => {}
            Formula::Add(a, b)
            | Formula::Subtract(a, b)
            | Formula::Multiply(a, b)
            | Formula::Divide(a, b) => {
                a.collect(columns);
                b.collect(columns);
            }
        }
    }

    /// Its value in a row whose columns `read` gives; `None` for null.
    pub fn evaluate(&self, read: &impl Fn(&str) -> Option<f64>) -> Option<f64> {
        let both = |a: &Formula, b: &Formula| Some((a.evaluate(read)?, b.evaluate(read)?));
        match self {
            Formula::Column(name) => read(name),
            Formula::Constant(value) => Some(*value),
            Formula::Add(a, b) => both(a, b).map(|(a, b)| a + b),
            Formula::Subtract(a, b) => both(a, b).map(|(a, b)| a - b),
            Formula::Multiply(a, b) => both(a, b).map(|(a, b)| a * b),
            Formula::Divide(a, b) => both(a, b).filter(|(_, b)| *b != 0.0).map(|(a, b)| a / b),
        }
    }

    /// How tightly it binds when written down.
    fn rank(&self) -> u8 {
        match self {
            Formula::Add(..) | Formula::Subtract(..) => 1,
            Formula::Multiply(..) | Formula::Divide(..) => 2,
            Formula::Column(_) | Formula::Constant(_) => 3,
        }
    }
}

/// As it would stand in SQL, with no more parentheses than needed.
impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (a, sign, b) = match self {
            Formula::Column(name) => return f.write_str(name),
            Formula::Constant(value) if value.abs() >= 1e6 => return write!(f, "{value:e}"),
            Formula::Constant(value) => return write!(f, "{value}"),
            Formula::Add(a, b) => (a, '+', b),
            Formula::Subtract(a, b) => (a, '-', b),
            Formula::Multiply(a, b) => (a, '*', b),
            Formula::Divide(a, b) => (a, '/', b),
        };
        let side = |f: &mut fmt::Formatter<'_>, part: &Formula, parentheses: bool| {
            if parentheses {
                write!(f, "({part})")
            } else {
                write!(f, "{part}")
            }
        };
        side(f, a, a.rank() < self.rank())?;
        write!(f, " {sign} ")?;
        // To the right of an operator an equal rank would regroup: a - (b - c), a / (b * c).
        side(f, b, b.rank() <= self.rank())
    }
}

impl From<f64> for Formula {
    fn from(value: f64) -> Self {
        Formula::Constant(value)
    }
}

macro_rules! operator {
    ($trait:ident, $method:ident, $variant:ident) => {
        impl<T: Into<Formula>> $trait<T> for Formula {
            type Output = Formula;

            fn $method(self, other: T) -> Formula {
                Formula::$variant(Box::new(self), Box::new(other.into()))
            }
        }
    };
}

operator!(Add, add, Add);
operator!(Sub, sub, Subtract);
operator!(Mul, mul, Multiply);
operator!(Div, div, Divide);

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str) -> Option<f64> {
        match name {
            "a" => Some(6.0),
            "b" => Some(3.0),
            "zero" => Some(0.0),
            _ => None,
        }
    }

    #[test]
    fn evaluates_with_null_for_what_is_absent() {
        let cases = [
            (column("a") + column("b"), Some(9.0)),
            (column("a") - column("b"), Some(3.0)),
            (column("a") * 2.0, Some(12.0)),
            (column("a") / column("b"), Some(2.0)),
            (column("a") / column("zero"), None),
            (column("zero") / column("zero"), None),
            (column("zero") / column("a"), Some(0.0)),
            (column("a") + column("gone"), None),
            (column("gone") * 0.0, None),
        ];
        for (formula, expected) in cases {
            assert_eq!(formula.evaluate(&row), expected, "{formula}");
        }
    }

    #[test]
    fn is_written_with_the_parentheses_it_needs() {
        let cases = [
            (per_second("a"), "a / interval_usec * 1e6"),
            (column("a") / (column("b") * 2.0), "a / (b * 2)"),
            (column("a") - (column("b") - 1.5), "a - (b - 1.5)"),
            ((column("a") + column("b")) * 100.0, "(a + b) * 100"),
            (column("a") + column("b") * 100.0, "a + b * 100"),
            (column("a") - column("b") + column("a"), "a - b + a"),
        ];
        for (formula, text) in cases {
            assert_eq!(formula.to_string(), text);
        }
    }

    #[test]
    fn names_each_column_once() {
        let formula = (column("a") - column("b")) / column("a") * per_second("c");
        assert_eq!(formula.columns(), ["a", "b", "c", "interval_usec"]);
    }
}
