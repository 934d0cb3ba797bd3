//! The functions: their names, and what they take.

use crate::syntax::Word;

/// A function of metric math.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs)] // The names are CloudWatch's.
pub enum Function {
    Abs,
    AnomalyDetectionBand,
    Avg,
    Ceil,
    DatapointCount,
    Date,
    Day,
    Diff,
    DiffTime,
    Epoch,
    Fill,
    First,
    Floor,
    Hour,
    If,
    Last,
    Log,
    Log10,
    Max,
    MetricCount,
    Metrics,
    Min,
    Minute,
    Month,
    Period,
    Rate,
    RemoveEmpty,
    RunningSum,
    Search,
    Slice,
    Sort,
    Stddev,
    Sum,
    TimeSeries,
    Year,
}

/// What can be at a place between a function's parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parameter {
    /// A number.
    Scalar,
    /// A time series.
    Series,
    /// A time series whose id is a metric's.
    Metric,
    /// An array of time series.
    Array,
    /// A time series or an array of them.
    Any,
    /// A number or a time series.
    ScalarOrSeries,
    /// What FILL fills with: a number, a time series, REPEAT or LINEAR.
    Filling,
    /// A text in quotes.
    Text,
    /// A number that is written, not computed.
    Seconds,
    /// One of these words.
    OneOf(&'static [Word]),
}

/// What a function takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signature {
    pub(crate) parameters: &'static [Parameter],
    /// How many of them must be there.
    pub(crate) required: usize,
}

const NAMES: [(&str, Function); 35] = [
    ("ABS", Function::Abs),
    ("ANOMALY_DETECTION_BAND", Function::AnomalyDetectionBand),
    ("AVG", Function::Avg),
    ("CEIL", Function::Ceil),
    ("DATAPOINT_COUNT", Function::DatapointCount),
    ("DATE", Function::Date),
    ("DAY", Function::Day),
    ("DIFF", Function::Diff),
    ("DIFF_TIME", Function::DiffTime),
    ("EPOCH", Function::Epoch),
    ("FILL", Function::Fill),
    ("FIRST", Function::First),
    ("FLOOR", Function::Floor),
    ("HOUR", Function::Hour),
    ("IF", Function::If),
    ("LAST", Function::Last),
    ("LOG", Function::Log),
    ("LOG10", Function::Log10),
    ("MAX", Function::Max),
    ("METRIC_COUNT", Function::MetricCount),
    ("METRICS", Function::Metrics),
    ("MIN", Function::Min),
    ("MINUTE", Function::Minute),
    ("MONTH", Function::Month),
    ("PERIOD", Function::Period),
    ("RATE", Function::Rate),
    ("REMOVE_EMPTY", Function::RemoveEmpty),
    ("RUNNING_SUM", Function::RunningSum),
    ("SEARCH", Function::Search),
    ("SLICE", Function::Slice),
    ("SORT", Function::Sort),
    ("STDDEV", Function::Stddev),
    ("SUM", Function::Sum),
    ("TIME_SERIES", Function::TimeSeries),
    ("YEAR", Function::Year),
];

/// Functions of CloudWatch that ask services which are not here.
const NOT_SUPPORTED: [&str; 5] = [
    "DB_PERF_INSIGHTS",
    "INSIGHT_RULE_METRIC",
    "LAMBDA",
    "SELECT",
    "SERVICE_QUOTA",
];

const BY: &[Word] = &[Word::Avg, Word::Min, Word::Max, Word::Sum];
const ORDER: &[Word] = &[Word::Asc, Word::Desc];

impl Function {
    /// The function that is called so.
    pub fn named(name: &str) -> Option<Function> {
        let mut names = NAMES.iter();
        names.find(|(known, _)| *known == name).map(|(_, f)| *f)
    }

    /// Its name, in upper case.
    pub fn name(self) -> &'static str {
        let mut names = NAMES.iter();
        names
            .find(|(_, function)| *function == self)
            .map_or("", |(name, _)| name)
    }

    /// The names of all.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    pub(crate) fn is_refused(name: &str) -> bool {
        NOT_SUPPORTED.contains(&name)
    }

    pub(crate) fn signature(self) -> Signature {
        use Parameter::*;
        let (parameters, required): (&'static [Parameter], usize) = match self {
            Function::Abs
            | Function::Ceil
            | Function::Floor
            | Function::Log
            | Function::Log10
            | Function::Diff
            | Function::DiffTime
            | Function::Rate
            | Function::RunningSum
            | Function::Avg
            | Function::Max
            | Function::Min
            | Function::Sum
            | Function::Stddev
            | Function::DatapointCount => (&[Any], 1),
            Function::Fill => (&[Any, Filling], 2),
            Function::First | Function::Last | Function::MetricCount | Function::RemoveEmpty => {
                (&[Array], 1)
            }
            Function::If => (&[ScalarOrSeries, ScalarOrSeries, ScalarOrSeries], 2),
            Function::Metrics => (&[Text], 0),
            Function::Minute
            | Function::Hour
            | Function::Day
            | Function::Date
            | Function::Month
            | Function::Year
            | Function::Epoch => (&[Series], 1),
            Function::Period => (&[Metric], 1),
            Function::Search => (&[Text, Text, Seconds], 2),
            Function::Slice => (&[Array, Scalar, Scalar], 2),
            Function::Sort => (&[Array, OneOf(BY), OneOf(ORDER), Scalar], 3),
            Function::TimeSeries => (&[Scalar], 1),
            Function::AnomalyDetectionBand => (&[Series, Scalar], 1),
        };
        Signature {
            parameters,
            required,
        }
    }
}

impl Parameter {
    /// How a message calls it.
    pub(crate) fn shown(self) -> String {
        let words = |words: &[Word]| {
            let names: Vec<&str> = words.iter().map(|word| word.as_str()).collect();
            match names.split_last() {
                Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
                _ => names.concat(),
            }
        };
        let shown = match self {
            Parameter::Scalar => "a number",
            Parameter::Series => "a time series",
            Parameter::Metric => "the id of a metric",
            Parameter::Array => "an array of time series",
            Parameter::Any => "a time series or an array of them",
            Parameter::ScalarOrSeries => "a number or a time series",
            Parameter::Filling => "a number, a time series, REPEAT or LINEAR",
            Parameter::Text => "a text in quotes",
            Parameter::Seconds => "a whole number of seconds",
            Parameter::OneOf(these) => return words(these),
        };
        shown.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_has_a_name_that_finds_it() {
        for name in Function::names() {
            assert_eq!(Function::named(name).map(Function::name), Some(name));
        }
    }
}
