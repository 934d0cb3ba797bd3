//! What CloudWatch would have counted of the rows of some hours: entities by the hour and by the minute, log events.

mod hours;
mod logs;
mod minutes;

use cost::Usage;

use crate::ask::{Ask, each};
use crate::error::QueryError;
use crate::moment::rfc3339_nanos;
use crate::names::Index;

const HOUR: i64 = 3600 * 1_000_000;
/// The most hours that are counted: a week.
const MOST_HOURS: u32 = 168;
/// Up to so many hours are counted from one-minute rows, more from five-minute ones.
const BY_MINUTE: u32 = 24;

/// Which rows are counted.
#[derive(Debug, Clone)]
pub(super) struct Span {
    /// What the tables' names end with.
    tier: &'static str,
    /// From when on.
    from: i64,
    hours: u32,
}

impl Span {
    fn of(hours: u32, now: i64) -> Span {
        Span {
            tier: if hours <= BY_MINUTE { "_1m" } else { "_5m" },
            from: now - i64::from(hours) * HOUR,
            hours,
        }
    }

    fn from(&self) -> String {
        format!("TIMESTAMP '{}'", rfc3339_nanos(self.from))
    }
}

/// Counts; `None` when there are no rows.
pub(crate) async fn count(
    ask: &impl Ask,
    names: &Index,
    hours: u32,
    now: i64,
) -> Result<Option<Usage>, QueryError> {
    if !(1..=MOST_HOURS).contains(&hours) {
        let message = format!("from 1 to {MOST_HOURS}, not {hours}");
        return Err(QueryError::invalid("hours", message));
    }
    let mut span = Span::of(hours, now);
    let mut found = covered(ask, &span, now).await?;
    if found.is_none() && hours > BY_MINUTE {
        // A young store has no coarser rows yet.
        span.tier = "_1m";
        found = covered(ask, &span, now).await?;
    }
    let Some(covered) = found else {
        return Ok(None);
    };
    let mut usage = Usage::over(covered);
    let begun = usage.entity_hours.hours;
    usage.entity_hours = hours::count(ask, names, &span).await?;
    usage.entity_hours.hours = usage.entity_hours.hours.max(begun);
    usage.entity_minutes = minutes::count(ask, names, &span).await?;
    // Whoever has any row has it of a cluster, and of its namespaces for as long as there are pods.
    let minutes = covered * 60.0;
    usage.entity_minutes.clusters = share(usage.entity_hours.clusters, &usage, minutes);
    usage.entity_minutes.namespaces = share(usage.entity_hours.namespaces, &usage, minutes);
    let logs = logs::count(ask, &span).await?;
    usage.application_logs = logs.application;
    usage.host_logs = logs.host;
    usage.dataplane_logs = logs.dataplane;
    Ok(Some(usage))
}

/// Entity-hours as entity-minutes of the time that has rows.
fn share(entity_hours: u64, usage: &Usage, minutes: f64) -> u64 {
    let mean = entity_hours as f64 / f64::from(usage.entity_hours.hours.max(1));
    whole(mean * minutes)
}

/// A count from a float that is one but for rounding.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // The cast saturates.
fn whole(number: f64) -> u64 {
    number.round().max(0.0) as u64
}

/// The hours that have rows, from the oldest row of the span on.
async fn covered(ask: &impl Ask, span: &Span, now: i64) -> Result<Option<f64>, QueryError> {
    let sql = format!(
        "SELECT min(time) AS first FROM node{} WHERE time >= {}",
        span.tier,
        span.from()
    );
    let mut first: Option<i64> = None;
    each(&ask.ask(sql).await?, |columns, row| {
        first = columns.moment("first", row).or(first);
    });
    Ok(first.map(|first| {
        let covered = (now - first) as f64 / HOUR as f64;
        covered.clamp(1.0 / 60.0, f64::from(span.hours))
    }))
}
