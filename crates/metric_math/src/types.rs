//! What an expression gives: a number, a time series, or an array of them. Known before anything is evaluated.

use std::fmt;

use crate::function::{Function, Parameter};
use crate::syntax::{Expression, Node, Place, SyntaxError, cut};

/// The type of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    /// A number (`S`).
    Scalar,
    /// A time series (`TS`).
    Series,
    /// An array of time series (`TS[]`).
    Array,
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Type::Scalar => "a number",
            Type::Series => "a time series",
            Type::Array => "an array of time series",
        })
    }
}

/// What an id stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Referred {
    /// A metric: a time series that is read.
    Metric,
    /// Another expression, of this type.
    Expression(Type),
}

impl Expression {
    /// The type of its result, given what each id stands for.
    ///
    /// # Errors
    /// An id that `of` does not know, or an argument of a type that its place does not take.
    pub fn type_of(&self, of: impl Fn(&str) -> Option<Referred>) -> Result<Type, SyntaxError> {
        // Texts and words have no type; their places were checked when the expression was read.
        let mut types: Vec<Option<Type>> = Vec::with_capacity(self.nodes().len());
        for (place, node) in self.nodes().iter().enumerate() {
            let known = |place: &Place| types.get(*place).copied().flatten();
            let result = match node {
                Node::Text(_) | Node::Word(_) => None,
                Node::Number(_) => Some(Type::Scalar),
                Node::Id(id) => match of(id) {
                    Some(Referred::Metric) => Some(Type::Series),
                    Some(Referred::Expression(kind)) => Some(kind),
                    None => {
                        let message = format!("no metric or expression has the id '{}'", cut(id));
                        return Err(SyntaxError::new(self.at(place), message));
                    }
                },
                Node::Negate(inner) => known(inner),
                Node::Pair(_, left, right) => match (known(left), known(right)) {
                    (Some(Type::Array), _) | (_, Some(Type::Array)) => Some(Type::Array),
                    (Some(Type::Series), _) | (_, Some(Type::Series)) => Some(Type::Series),
                    _ => Some(Type::Scalar),
                },
                Node::Array(members) => {
                    for member in members {
                        if known(member) == Some(Type::Scalar) {
                            let message =
                                "an array is of time series; TIME_SERIES(…) makes one of a number";
                            return Err(SyntaxError::new(self.at(*member), message));
                        }
                    }
                    Some(Type::Array)
                }
                Node::Search(_) => Some(Type::Array),
                Node::Call(function, arguments) => {
                    for (argument, parameter) in
                        arguments.iter().zip(function.signature().parameters)
                    {
                        let Some(found) = known(argument) else {
                            continue;
                        };
                        let is_metric = || matches!(self.node(*argument), Some(Node::Id(id)) if of(id) == Some(Referred::Metric));
                        if !takes(*parameter, found, is_metric) {
                            return Err(self.wrong(*function, *parameter, *argument, found));
                        }
                    }
                    let first = arguments.first().and_then(known);
                    Some(result(*function, first))
                }
            };
            types.push(result);
        }
        Ok(types.pop().flatten().unwrap_or(Type::Scalar))
    }

    fn wrong(
        &self,
        function: Function,
        parameter: Parameter,
        argument: Place,
        found: Type,
    ) -> SyntaxError {
        let (name, wanted) = (function.name(), parameter.shown());
        let found = match parameter {
            Parameter::Metric => "an expression".to_owned(),
            _ => found.to_string(),
        };
        SyntaxError::new(
            self.at(argument),
            format!("{name} takes {wanted} here, not {found}"),
        )
    }
}

fn takes(parameter: Parameter, found: Type, is_metric: impl Fn() -> bool) -> bool {
    match parameter {
        Parameter::Scalar => found == Type::Scalar,
        Parameter::Series => found == Type::Series,
        Parameter::Metric => is_metric(),
        Parameter::Array => found == Type::Array,
        Parameter::Any => found != Type::Scalar,
        Parameter::ScalarOrSeries | Parameter::Filling => found != Type::Array,
        Parameter::Text | Parameter::Seconds | Parameter::OneOf(_) => true,
    }
}

fn result(function: Function, first: Option<Type>) -> Type {
    match function {
        Function::Abs
        | Function::Ceil
        | Function::Floor
        | Function::Log
        | Function::Log10
        | Function::Diff
        | Function::DiffTime
        | Function::Rate
        | Function::RunningSum
        | Function::Fill => first.unwrap_or(Type::Series),
        Function::Avg
        | Function::Max
        | Function::Min
        | Function::Sum
        | Function::Stddev
        | Function::DatapointCount => match first {
            Some(Type::Array) => Type::Series,
            _ => Type::Scalar,
        },
        Function::MetricCount | Function::Period => Type::Scalar,
        Function::First
        | Function::Last
        | Function::If
        | Function::Minute
        | Function::Hour
        | Function::Day
        | Function::Date
        | Function::Month
        | Function::Year
        | Function::Epoch
        | Function::TimeSeries => Type::Series,
        Function::Metrics
        | Function::RemoveEmpty
        | Function::Search
        | Function::Slice
        | Function::Sort
        | Function::AnomalyDetectionBand => Type::Array,
    }
}
