//! Definitions of alarms: [`Definition`], which is an alarm of any kind, read from JSON and written back.
//!
//! For CloudWatch's clients there is what they send, [`PutMetricAlarm`] and [`PutCompositeAlarm`], and what it means,
//! [`MetricAlarm`] and [`CompositeAlarm`], with defaults and within CloudWatch's limits. Alarms over what CloudWatch does
//! not have are metric alarms with another [`source`](Source).
//!
//! Checking finds every fault at once. What needs to be known of other alarms is not checked here: whether the children of
//! a rule exist, and whether rules go round in circles ([`crate::composite::cycle_through`]). Not known yet are
//! `EvaluationCriteria` (PromQL) and `EvaluationWindow`; as any key that is not known, they are refused.

mod alarm;
mod common;
mod composite;
mod detector;
mod fault;
pub mod limits;
mod metric;
mod query;
pub(crate) mod read;
pub mod source;
mod statistic;
pub(crate) mod written;

pub use alarm::{Definition, DefinitionError, Kind};
pub use common::{Actions, Dimension, Tag};
pub use composite::{ActionsSuppressor, CompositeAlarm, PutCompositeAlarm};
pub use detector::AnomalyDetector;
pub use fault::{Fault, FaultKind, Faults, MOST_FAULTS};
pub use metric::{MetricAlarm, PutMetricAlarm};
pub use query::{Metric, MetricDataQuery, MetricStat};
pub use source::Source;
pub use statistic::Statistic;
