//! Definitions of alarms: as they are written ([`PutMetricAlarm`], [`PutCompositeAlarm`]), with the keys and words of
//! CloudWatch, and as they are meant ([`MetricAlarm`], [`CompositeAlarm`]), with defaults and within CloudWatch's limits.
//!
//! Checking finds every fault at once. What needs to be known of other alarms is not checked here: whether the children of
//! a rule exist, and whether rules go round in circles ([`crate::composite::cycle_through`]). Not known yet are
//! `EvaluationCriteria` (PromQL) and `EvaluationWindow`; as any key that is not known, they are refused.

mod common;
mod composite;
mod fault;
pub mod limits;
mod metric;
mod query;
mod statistic;

pub use common::{Actions, Dimension, Tag};
pub use composite::{ActionsSuppressor, CompositeAlarm, PutCompositeAlarm};
pub use fault::{Fault, FaultKind, Faults};
pub use metric::{MetricAlarm, PutMetricAlarm, Source};
pub use query::{Metric, MetricDataQuery, MetricStat};
pub use statistic::Statistic;
