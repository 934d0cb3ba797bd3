//! CloudWatch's metric math as pure functions: no I/O, no clock, time is an argument.
//!
//! ```text
//!   "m1 / m2 * 100" ─► Expression ─┐
//!   ids of metrics ────────────────┴─► Set: ids known, no rings, types right ─► needs: what has to be read
//!                                       │
//!   series on a Grid, a Source ─────────┴─► evaluate ─► Value: a series, or an array of them
//!
//!   "{ContainerInsights,ClusterName} MetricName=\"x\"" ─► Search ─► matches a metric, or does not
//! ```
//!
//! Whatever can be wrong is found before anything is read: [`Expression::parse`] finds faults of form, [`Set::new`] ids
//! that nobody has, rings and wrong types, [`alarm_rules::check`] what an alarm must not do.
//!
//! # Missing points and numbers that are none
//!
//! A period without a value is `None`. Where one of two series lacks a point it counts as 0; where both do, and where
//! the other side is a plain number, the point stays missing. A result that is no finite number (division by zero, the
//! logarithm of a negative, overflow) is a missing point: no NaN or infinity is ever in a result. Such values among the
//! inputs count as missing too.
//!
//! # Where CloudWatch's documentation is silent
//!
//! * Precedence, loosest first: `OR ||`, `AND &&`, `== !=`, `< > <= >=`, `+ -`, `* /`, unary `-`, `^`. `^` groups to the
//!   right, everything else to the left: `-2^2` is -4, `2^3^2` is 512.
//! * Two arrays are combined member by member and must be of one length.
//! * STDDEV is that of the population: √(Σ(x − mean)² / n). Over an array it takes the points that exist.
//! * DATAPOINT_COUNT over an array has a point where at least one of its series has one.
//! * FILL with REPEAT or LINEAR leaves what comes before the first point, and LINEAR what comes after the last.
//! * IF with a number as its condition is the chosen side as it is. With a series as its condition, a point that the
//!   true side lacks is 0 and one that the false side lacks is missing, as CloudWatch has it.

pub mod alarm_rules;
mod calendar;
mod evaluate;
mod function;
mod grid;
mod nearest;
pub mod search;
mod series;
mod set;
mod syntax;
mod types;

pub use evaluate::{
    Bounds, EvaluationError, MOST_SERIES, MOST_VALUES, NoSource, Source, SourceError, Value,
    evaluate,
};
pub use function::Function;
pub use grid::Grid;
pub use search::{Search, SearchCall};
pub use series::Series;
pub use set::{BandCall, MOST_QUERIES, Needs, Set, SetError};
pub use syntax::{
    Expression, LONGEST_WITH_SEARCH, LONGEST_WITHOUT_SEARCH, MOST_DEPTH, MOST_NODES, SyntaxError,
};
pub use types::{Referred, Type};
