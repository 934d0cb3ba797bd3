//! Ranges as AWS's tables write them.
#![allow(dead_code, clippy::unwrap_used)]

use alarm::{ComparisonOperator, Condition, Period, Rule, TreatMissingData};

/// Minutes from the epoch on: X breaches, 0 does not, - is missing; the oldest first.
pub(crate) fn range(points: &str) -> Vec<Period> {
    let period = |(minute, point)| {
        let value = match point {
            "X" => Some(1.0),
            "0" => Some(0.0),
            "-" => None,
            other => panic!("{other}"),
        };
        Period::new(minute as i64 * 60_000_000, value)
    };
    points.split(' ').enumerate().map(period).collect()
}

/// Greater than 0.5, M of N.
pub(crate) fn rule(n: u32, m: u32, treat_missing_data: TreatMissingData) -> Rule {
    Rule {
        evaluation_periods: n,
        datapoints_to_alarm: m,
        treat_missing_data,
        condition: Condition::new(ComparisonOperator::GreaterThanThreshold, Some(0.5)).unwrap(),
        low_samples: None,
    }
}
