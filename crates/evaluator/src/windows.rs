//! Where data points come from: asked for in one batch a round, so that alarms over the same rows share a scan.

use std::collections::BTreeMap;
use std::sync::Arc;

use alarm::Period;
use async_trait::async_trait;

use crate::plan::Plan;

/// Label and value of a series; empty for an alarm over one.
pub type Labels = BTreeMap<String, String>;

/// What was found in a period, in words for people, by the period's start.
pub type Words = BTreeMap<i64, String>;

/// The range of an alarm that is due.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The alarm. What it is over is in its definition.
    pub plan: Arc<Plan>,
    /// When each period of the range begins, oldest first, in microseconds since 1970. Periods may overlap those of
    /// other asks, never one another.
    pub starts: Vec<i64>,
    /// Seconds of a period.
    pub period_seconds: u32,
}

/// The data points of one series over the range that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// Which series.
    pub labels: Labels,
    /// Its periods, oldest first, each with the start that was asked for. Those that are left out have no data point.
    pub periods: Vec<Period>,
    /// What was found in periods that breach, where the source has words for it. The reason of a change to ALARM begins with
    /// those of the newest.
    pub words: Words,
}

/// Reads data points.
#[async_trait]
pub trait Windows: Send + Sync {
    /// The windows of each ask, in the order of the asks, at `now` (microseconds since 1970). What cannot be read is told
    /// in words for people; the state of its alarm stays, and the others are evaluated.
    ///
    /// An alarm over one series gets one window or none, an alarm over many one for each series that has a data point in
    /// the range.
    async fn read(&self, asks: &[Ask], now: i64) -> Vec<Result<Vec<Window>, String>>;

    /// The time of the newest row of any agent, where that is known: after a start, alarms wait for rows as new as the clock.
    async fn newest_row(&self) -> Option<i64> {
        None
    }
}
