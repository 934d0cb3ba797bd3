//! Data points for alarms: series over periods of equal length, from rows, lines, statements, verdicts and ledgers.
//!
//! An alarm asks for the same few periods again and again, and thousands of alarms ask in the same moment for the same
//! statistic of other entities. So questions come many at a time, and those about rows that differ in the entity alone
//! are answered by one plan ([`rows`]).

mod health;
mod loss;
mod rows;
mod statement;
mod table;

use std::collections::BTreeMap;

use crate::error::QueryError;
use crate::filter::Filter;

pub(crate) use rows::{Batch, batches};

/// Labels of a series: what it is grouped by, and the value. What a row has no value for is not there.
pub type WindowLabels = BTreeMap<String, String>;

/// Periods of equal length, the oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Periods {
    /// When the first begins, in microseconds of the epoch; a whole second.
    pub start: i64,
    /// The length of each.
    pub seconds: u32,
    /// How many.
    pub count: u32,
}

/// What data points are made of.
#[derive(Debug, Clone, PartialEq)]
pub enum WindowSource {
    /// A statistic of a metric, as `/api/metrics` knows them.
    Rows(RowsWindow),
    /// How many log lines fit; 0 where none does.
    Logs {
        /// Conditions in the language of logs.
        filter: String,
        /// Columns of `log`.
        group_by: Vec<String>,
    },
    /// Rows of an SQL statement: `time` (when a period begins), `value`, and texts that are labels. `$start`, `$end` and
    /// `$period` (seconds) are filled in.
    Sql {
        /// The statement.
        query: String,
    },
    /// Whether entities have such a verdict when a period ends: 1 or 0.
    Health(HealthWindow),
    /// Lines that agents lost, by their ledgers; 0 where none was.
    Loss {
        /// Identity columns of `log_ledger`.
        group_by: Vec<String>,
    },
}

/// A statistic of a metric.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RowsWindow {
    /// The measurement table; names of Container Insights tell it when it is empty.
    pub entity: String,
    /// The metric.
    pub metric: String,
    /// The statistic.
    pub statistic: String,
    /// Which rows.
    pub filters: BTreeMap<String, Filter>,
    /// A series for each combination of these columns' values.
    pub group_by: Vec<String>,
    /// Whether the number of samples is wanted beside each value.
    pub samples: bool,
}

/// Which verdicts count; what is empty is not asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HealthWindow {
    /// Kinds of entities.
    pub kinds: Vec<String>,
    /// Words.
    pub words: Vec<String>,
    /// `critical` or `warning`; a warning counts what is critical too.
    pub severity: Option<String>,
    /// Conditions on columns of `verdict`.
    pub filters: BTreeMap<String, Filter>,
    /// Only what happened last, or where that is not known began, within so many seconds before the minute. What is known of
    /// neither is as if it were now.
    pub within_seconds: Option<u32>,
}

/// A question for data points.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowsRequest {
    /// Of what.
    pub source: WindowSource,
    /// Over which periods.
    pub periods: Periods,
}

/// One series.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Window {
    /// Which.
    pub labels: WindowLabels,
    /// A value for each period, `None` where there is no data point.
    pub values: Vec<Option<f64>>,
    /// How many samples each is made of, if that was asked.
    pub samples: Option<Vec<Option<f64>>>,
    /// Of verdicts: what was found, in words for people, by the start of the period it was found in.
    pub words: BTreeMap<i64, String>,
}

/// What is answered to one question.
pub type Windows = Result<Vec<Window>, QueryError>;

impl Periods {
    /// When the last ends.
    pub fn end(&self) -> i64 {
        self.start + self.length() * i64::from(self.count)
    }

    /// When each begins.
    pub fn starts(&self) -> impl Iterator<Item = i64> + use<> {
        let (start, length) = (self.start, self.length());
        (0..i64::from(self.count)).map(move |i| start + i * length)
    }

    /// The period that a time is in.
    pub(crate) fn of(&self, time: i64) -> Option<usize> {
        let at = usize::try_from((time - self.start).div_euclid(self.length().max(1))).ok()?;
        (at < self.count as usize).then_some(at)
    }

    fn length(&self) -> i64 {
        i64::from(self.seconds) * 1_000_000
    }

    fn nothing(&self) -> Vec<Option<f64>> {
        vec![None; self.count as usize]
    }

    /// # Errors
    /// There is none, they have no length, or they are more than a question may have.
    pub(crate) fn check(&self) -> Result<(), QueryError> {
        const MOST: u32 = 100_000;
        let wrong = |message: String| Err(QueryError::invalid("periods", message));
        match *self {
            Periods { seconds: 0, .. } => wrong("a period is at least a second".to_owned()),
            Periods { count: 0, .. } => wrong("there is no period".to_owned()),
            Periods { count, .. } if count > MOST => {
                wrong(format!("{count} periods, at most {MOST} are answered"))
            }
            Periods { start, .. } if start.rem_euclid(1_000_000) != 0 => {
                wrong("the first begins within a second".to_owned())
            }
            _ => Ok(()),
        }
    }
}

impl WindowSource {
    /// The statement that answers it, unless it is one of rows or lines.
    pub(crate) fn statement(&self, periods: &Periods) -> Option<Result<String, QueryError>> {
        match self {
            WindowSource::Rows(_) | WindowSource::Logs { .. } => None,
            WindowSource::Sql { query } => Some(statement::fill_in(query, periods)),
            WindowSource::Health(wanted) => Some(health::statement(wanted, periods)),
            WindowSource::Loss { group_by } => Some(loss::statement(group_by, periods)),
        }
    }

    /// What its statement's rows mean.
    pub(crate) fn read(&self, batches: &[arrow::array::RecordBatch], periods: &Periods) -> Windows {
        match self {
            WindowSource::Health(_) => health::read(batches, periods),
            _ => table::read(batches, periods),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_in_one_period_or_in_none() {
        let periods = Periods {
            start: 60_000_000,
            seconds: 60,
            count: 2,
        };
        assert_eq!(periods.end(), 180_000_000);
        assert_eq!(
            periods.starts().collect::<Vec<_>>(),
            [60_000_000, 120_000_000]
        );
        for (time, period) in [
            (59_999_999, None),
            (60_000_000, Some(0)),
            (119_999_999, Some(0)),
            (120_000_000, Some(1)),
            (180_000_000, None),
            (i64::MIN / 2, None),
        ] {
            assert_eq!(periods.of(time), period, "{time}");
        }
    }

    #[test]
    fn periods_that_are_none_are_refused() {
        let periods = |start, seconds, count| {
            Periods {
                start,
                seconds,
                count,
            }
            .check()
        };
        assert!(periods(0, 10, 100_000).is_ok());
        for (start, seconds, count, says) in [
            (0, 0, 1, "at least a second"),
            (0, 10, 0, "no period"),
            (0, 10, 100_001, "at most 100000"),
            (1, 10, 1, "within a second"),
        ] {
            let error = periods(start, seconds, count).unwrap_err();
            assert!(error.message.contains(says), "{}", error.message);
        }
    }
}
