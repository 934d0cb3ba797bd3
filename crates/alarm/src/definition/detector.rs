//! What a band is learned from.

use anomaly::{Model, NotTrained, Range, Settings, TimeZone};
use serde_json::{Map, Value, json};

use super::fault::Check;
use super::limits::MOST_EXCLUDED_RANGES;
use crate::date;

/// `AnomalyDetector` of an alarm with a band. In CloudWatch it stands beside alarms, as `Configuration` of
/// `PutAnomalyDetector`, with the same keys.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnomalyDetector {
    /// What is not learned from, such as incidents and deployments.
    pub excluded_time_ranges: Vec<Range>,
    /// Whose hours and days the pattern follows.
    pub metric_timezone: TimeZone,
}

impl AnomalyDetector {
    /// Learns from data points: starts of periods in microseconds since 1970 UTC, in any order, and their values. A period
    /// that has a part in an excluded range is left out.
    ///
    /// # Errors
    /// What is left is too little.
    pub fn train(&self, points: &[(i64, f64)], period_seconds: u32) -> Result<Model, NotTrained> {
        let ranges = self.excluded_time_ranges.iter();
        let excluded: Vec<Range> = ranges
            .map(|range| range.starts_of_periods(period_seconds))
            .collect();
        let settings = Settings {
            time_zone: self.metric_timezone,
        };
        Model::train(points, &excluded, settings)
    }

    /// As it is written; `None` where nothing differs from an alarm without it.
    pub fn to_json(&self) -> Option<Value> {
        let mut keys = Map::new();
        let ranges = self.excluded_time_ranges.iter();
        let ranges: Vec<Value> = ranges
            .map(|range| {
                json!({"StartTime": date::rfc3339(range.start_us), "EndTime": date::rfc3339(range.end_us)})
            })
            .collect();
        if !ranges.is_empty() {
            keys.insert("ExcludedTimeRanges".to_owned(), json!(ranges));
        }
        if self.metric_timezone != TimeZone::UTC {
            let zone = self.metric_timezone.to_string();
            keys.insert("MetricTimezone".to_owned(), json!(zone));
        }
        (!keys.is_empty()).then_some(Value::Object(keys))
    }

    pub(super) fn check(&self, check: &mut Check) {
        let ranges = &self.excluded_time_ranges;
        let path = "AnomalyDetector.ExcludedTimeRanges";
        check.at_most(path, ranges.len(), MOST_EXCLUDED_RANGES);
        for (i, range) in ranges.iter().enumerate() {
            if range.start_us >= range.end_us {
                let message = "EndTime is not after StartTime";
                check.value(format!("{path}[{}]", i + 1), message);
            }
        }
    }
}
