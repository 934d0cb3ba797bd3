//! Alarms as CloudWatch has them, as pure functions: no I/O, no clock, time is an argument.
//!
//! ```text
//!   JSON, alarms.toml, ─► Definition ─► Rule ─┐
//!   Prometheus' rules                         ├─► Rule::evaluate ─► Evaluation: state, why, what each period was counted as
//!                     periods of a range ─────┘         │                └─► reason, reason data: as CloudWatch words them
//!                                                       └─► of every contributor ─► contributor::Counts
//!   rule text ─► composite::Expression ─► state of a composite alarm ─► composite::Suppression ─► when to act
//! ```
//!
//! [`evaluate`] is the heart: M of N data points, the four treatments of missing data, and what is done when a range
//! holds few points. [`composite`] has the rule language, cycles, and the suppression of actions. [`definition`] checks
//! what a caller wrote against CloudWatch's limits and tells of every fault at once; [`file`](mod@file) reads definitions
//! from TOML, [`prometheus`] makes them of alerting rules, and [`starter`] brings some. [`test`](mod@test) runs cases from a file.
//!
//! Times are microseconds since 1970, UTC. Periods are seconds, as CloudWatch has them.

pub mod composite;
pub mod contributor;
mod date;
pub mod definition;
pub mod evaluate;
mod excerpt;
pub mod file;
mod number;
mod operator;
pub mod percentile;
pub mod prometheus;
pub mod reason;
pub mod schedule;
pub mod starter;
mod state;
pub mod test;
mod transition;
mod treatment;

pub use definition::Definition;
pub use evaluate::{Band, Evaluation, Period, Rule};
pub use operator::{ComparisonOperator, Condition, ConditionError};
pub use state::{State, UnknownWord};
pub use transition::{Transition, TransitionActions};
pub use treatment::TreatMissingData;
