//! What an alarm may do with metric math: less than a graph.

use crate::function::Function;
use crate::set::{Set, SetError};
use crate::syntax::{Expression, Node};
use crate::types::Type;

/// The most metrics of an alarm.
pub const MOST_METRICS_OF_AN_ALARM: usize = 10;

/// Why metrics and expressions do not make an alarm.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AlarmFault {
    /// The result is none.
    #[error(transparent)]
    Set(#[from] SetError),
    /// Too many metrics.
    #[error("there are {count} metrics; an alarm takes at most {MOST_METRICS_OF_AN_ALARM}")]
    TooManyMetrics {
        /// How many there are.
        count: usize,
    },
    /// Which series a SEARCH finds changes.
    #[error(
        "expression '{id}', character {at}: SEARCH cannot be used in an alarm; name the metrics"
    )]
    Search {
        /// The expression.
        id: String,
        /// Which of its characters, from 1.
        at: usize,
    },
    /// More than one band.
    #[error(
        "expression '{id}', character {at}: an alarm has at most one ANOMALY_DETECTION_BAND, this is a second"
    )]
    SecondBand {
        /// The expression.
        id: String,
        /// Which of its characters, from 1.
        at: usize,
    },
    /// A band of METRICS().
    #[error(
        "expression '{id}', character {at}: METRICS cannot be used in an alarm with ANOMALY_DETECTION_BAND; name the metrics"
    )]
    MetricsWithBand {
        /// The expression.
        id: String,
        /// Which of its characters, from 1.
        at: usize,
    },
    /// A result of many series.
    #[error(
        "'{id}' is an array of time series; an alarm looks at one. AVG, MAX, MIN, SUM, FIRST or LAST make one of it"
    )]
    ManySeries {
        /// The result.
        id: String,
    },
    /// ThresholdMetricId names something that is no band.
    #[error(
        "'{id}' is no band: it has to be ANOMALY_DETECTION_BAND(id) or ANOMALY_DETECTION_BAND(id, width)"
    )]
    NoBand {
        /// What is named.
        id: String,
    },
}

/// Everything that keeps metrics and expressions from being an alarm's.
///
/// `result` is the id that is looked at, `band` that of ThresholdMetricId when the alarm compares with a band.
pub fn check(set: &Set, result: &str, band: Option<&str>) -> Vec<AlarmFault> {
    let mut faults = Vec::new();
    let count = set.metrics().len();
    if count > MOST_METRICS_OF_AN_ALARM {
        faults.push(AlarmFault::TooManyMetrics { count });
    }
    match set.result_type(result) {
        Ok(Type::Array) => faults.push(AlarmFault::ManySeries {
            id: result.to_owned(),
        }),
        Ok(_) => {}
        Err(fault) => faults.push(fault.into()),
    }
    if let Some(band) = band {
        let root = set.expression(band).and_then(|e| e.nodes().last());
        let is_band = |node: &Node| matches!(node, Node::Call(Function::AnomalyDetectionBand, _));
        match set.result_type(band) {
            Err(fault) => faults.push(fault.into()),
            Ok(_) if !root.is_some_and(is_band) => faults.push(AlarmFault::NoBand {
                id: band.to_owned(),
            }),
            Ok(_) => {}
        }
    }
    check_functions(set, &mut faults);
    faults
}

fn check_functions(set: &Set, faults: &mut Vec<AlarmFault>) {
    let mut bands = 0;
    let mut metrics = Vec::new();
    for (id, expression) in expressions(set) {
        for (place, node) in expression.nodes().iter().enumerate() {
            let (id, at) = (id.to_owned(), expression.at(place));
            match node {
                Node::Search(_) => faults.push(AlarmFault::Search { id, at }),
                Node::Call(Function::Metrics, _) => {
                    metrics.push(AlarmFault::MetricsWithBand { id, at });
                }
                Node::Call(Function::AnomalyDetectionBand, _) => {
                    bands += 1;
                    if bands > 1 {
                        faults.push(AlarmFault::SecondBand { id, at });
                    }
                }
                _ => {}
            }
        }
    }
    if bands > 0 {
        faults.extend(metrics);
    }
}

fn expressions(set: &Set) -> impl Iterator<Item = (&str, &Expression)> {
    set.expressions()
        .iter()
        .filter_map(|id| Some((id.as_str(), set.expression(id)?)))
}
