//! Metric alarms: over one metric, or over metric math.

use serde::{Deserialize, Serialize};

use super::common::{
    Actions, Dimension, Tag, check_metric, check_name_and_description, check_tags,
};
use super::detector::AnomalyDetector;
use super::fault::{Check, Faults};
use super::limits::{
    EVALUATION_INTERVAL, SHORTEST_PERIOD_OF_BANDS, STATISTICS, UNITS, is_period, longest_window,
};
use super::query::{MetricDataQuery, check_queries};
use super::source::Source;
use super::statistic::{Statistic, is_extended};
use crate::evaluate::Rule;
use crate::operator::{ComparisonOperator, Condition};
use crate::percentile::{LowSampleCount, LowSamples};
use crate::schedule;
use crate::treatment::TreatMissingData;

/// A metric alarm as it is written, with CloudWatch's keys. [`PutMetricAlarm::check`] says what it means.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
#[expect(
    missing_docs,
    reason = "the keys are CloudWatch's; MetricAlarm says what they mean"
)]
pub struct PutMetricAlarm {
    pub alarm_name: Option<String>,
    pub alarm_description: Option<String>,
    pub actions_enabled: Option<bool>,
    #[serde(rename = "OKActions")]
    pub ok_actions: Vec<String>,
    pub alarm_actions: Vec<String>,
    pub insufficient_data_actions: Vec<String>,
    pub metric_name: Option<String>,
    pub namespace: Option<String>,
    pub statistic: Option<String>,
    pub extended_statistic: Option<String>,
    pub dimensions: Vec<Dimension>,
    pub period: Option<u32>,
    pub unit: Option<String>,
    pub evaluation_periods: Option<u32>,
    pub datapoints_to_alarm: Option<u32>,
    pub threshold: Option<f64>,
    pub comparison_operator: Option<String>,
    pub treat_missing_data: Option<String>,
    pub evaluate_low_sample_count_percentile: Option<String>,
    pub metrics: Vec<MetricDataQuery>,
    pub tags: Vec<Tag>,
    pub threshold_metric_id: Option<String>,
    pub evaluation_interval: Option<u32>,
    /// Not CloudWatch's, which has detectors beside alarms: [`Definition::from_json`](super::Definition::from_json) reads it.
    #[serde(skip)]
    pub anomaly_detector: Option<AnomalyDetector>,
    /// Not CloudWatch's: [`Definition::from_json`](super::Definition::from_json) reads it.
    #[serde(skip)]
    pub source: Option<Source>,
}

/// A metric alarm within CloudWatch's limits.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricAlarm {
    /// Its name, which no other alarm has, composite ones included.
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// What is done on transitions.
    pub actions: Actions,
    /// Where its data points come from.
    pub source: Source,
    /// Seconds of a period.
    pub period: u32,
    /// What is done with the data points.
    pub rule: Rule,
    /// Seconds between two evaluations.
    pub every: u32,
    /// Tags.
    pub tags: Vec<Tag>,
}

impl PutMetricAlarm {
    /// What it means, with defaults.
    ///
    /// # Errors
    /// Everything that CloudWatch would refuse, at once.
    pub fn check(self) -> Result<MetricAlarm, Faults> {
        self.checked(Check::default())
    }

    /// The same after `check` has found how it was written.
    pub(super) fn checked(self, mut check: Check) -> Result<MetricAlarm, Faults> {
        check_name_and_description(
            &mut check,
            self.alarm_name.as_ref(),
            self.alarm_description.as_ref(),
        );
        let actions = Actions {
            enabled: self.actions_enabled.unwrap_or(true),
            ok: self.ok_actions.clone(),
            alarm: self.alarm_actions.clone(),
            insufficient_data: self.insufficient_data_actions.clone(),
        };
        actions.check(&mut check);
        check_tags(&mut check, &self.tags);
        let statistic = match &self.source {
            Some(source) => source.statistic().cloned(),
            None => self.statistic(&mut check),
        };
        let period = match (&self.source, self.metrics.is_empty()) {
            (Some(_), _) => self.check_source(&mut check),
            (None, true) => self.check_single(&mut check),
            (None, false) => self.check_math(&mut check),
        };
        self.check_detector(&mut check);
        let rule = self.rule(&mut check, statistic.as_ref());
        if let (Some(period), Some(rule)) = (period, &rule) {
            let window = u64::from(period) * u64::from(rule.evaluation_periods);
            let longest = longest_window(period);
            if window > longest {
                let message = format!(
                    "times Period is {window} seconds, at most {longest} are allowed for a Period of {period}"
                );
                check.value("EvaluationPeriods", message);
            }
        }
        let interval = self.evaluation_interval;
        if let Some(seconds) = interval
            && !EVALUATION_INTERVAL.contains(&seconds)
        {
            check.value("EvaluationInterval", "is from 10 to 3600 seconds");
        }
        let made = self.made(actions, statistic, period, rule);
        check.done(made)
    }

    fn made(
        self,
        actions: Actions,
        statistic: Option<Statistic>,
        period: Option<u32>,
        rule: Option<Rule>,
    ) -> Option<MetricAlarm> {
        let (period, rule) = (period?, rule?);
        let source = match self.source {
            Some(source) => source,
            None if self.metrics.is_empty() => Source::Metric {
                namespace: self.namespace?,
                name: self.metric_name?,
                dimensions: self.dimensions,
                statistic: statistic?,
                unit: self.unit,
            },
            None => Source::Math {
                queries: self.metrics,
                band: self.threshold_metric_id,
                detector: self.anomaly_detector.unwrap_or_default(),
            },
        };
        Some(MetricAlarm {
            name: self.alarm_name?,
            description: self.alarm_description,
            actions,
            source,
            period,
            rule,
            every: self
                .evaluation_interval
                .unwrap_or_else(|| schedule::every(period, rule.evaluation_periods)),
            tags: self.tags,
        })
    }

    /// Whether nothing says what the alarm is over.
    fn is_over_nothing(&self) -> bool {
        self.namespace.is_none()
            && self.metric_name.is_none()
            && self.statistic.is_none()
            && self.extended_statistic.is_none()
            && self.dimensions.is_empty()
    }

    fn check_single(&self, check: &mut Check) -> Option<u32> {
        if self.is_over_nothing() && check.has("EvaluationCriteria") {
            return None;
        }
        if self.is_over_nothing() {
            // One fault in place of three about a metric that may never have been meant.
            check.missing(
                "MetricName",
                "is missing: an alarm is over a metric (Namespace, MetricName, Statistic), Metrics, a Source or an \
                 AlarmRule",
            );
            return self.period(check);
        }
        check_metric(
            check,
            "",
            self.namespace.as_deref(),
            self.metric_name.as_deref(),
            &self.dimensions,
        );
        if self.statistic.is_none() && self.extended_statistic.is_none() {
            check.missing("Statistic", "is missing, and ExtendedStatistic too");
        }
        if let Some(unit) = &self.unit
            && !UNITS.contains(&unit.as_str())
        {
            check.value("Unit", format!("'{unit}' is no unit of CloudWatch"));
        }
        if self.threshold_metric_id.is_some() {
            check.combination(
                "ThresholdMetricId",
                "names one of Metrics, which are missing",
            );
        }
        self.period(check)
    }

    fn check_source(&self, check: &mut Check) -> Option<u32> {
        let others = [
            ("MetricName", self.metric_name.is_some()),
            ("Namespace", self.namespace.is_some()),
            ("Statistic", self.statistic.is_some()),
            ("ExtendedStatistic", self.extended_statistic.is_some()),
            ("Dimensions", !self.dimensions.is_empty()),
            ("Unit", self.unit.is_some()),
            ("Metrics", !self.metrics.is_empty()),
            ("ThresholdMetricId", self.threshold_metric_id.is_some()),
        ];
        for (key, _) in others.iter().filter(|(_, is_there)| *is_there) {
            check.combination(key, "is not for alarms with Source");
        }
        self.period(check)
    }

    fn period(&self, check: &mut Check) -> Option<u32> {
        let period = check.required("Period", self.period)?;
        if !is_period(period) {
            let message = format!("{period} is none of 10, 20, 30 and the multiples of 60 seconds");
            check.value("Period", message);
            return None;
        }
        Some(period)
    }

    fn check_math(&self, check: &mut Check) -> Option<u32> {
        let single = [
            ("MetricName", self.metric_name.is_some()),
            ("Namespace", self.namespace.is_some()),
            ("Statistic", self.statistic.is_some()),
            ("ExtendedStatistic", self.extended_statistic.is_some()),
            ("Dimensions", !self.dimensions.is_empty()),
            ("Period", self.period.is_some()),
            ("Unit", self.unit.is_some()),
        ];
        for (key, _) in single.iter().filter(|(_, is_there)| *is_there) {
            check.combination(key, "is not for alarms with Metrics");
        }
        check_queries(check, &self.metrics, self.threshold_metric_id.as_deref())
    }

    fn check_detector(&self, check: &mut Check) {
        let Some(detector) = &self.anomaly_detector else {
            return;
        };
        if self.threshold_metric_id.is_none() {
            let message = "is only for alarms with a band, which ThresholdMetricId names";
            check.combination("AnomalyDetector", message);
        }
        detector.check(check);
    }

    fn statistic(&self, check: &mut Check) -> Option<Statistic> {
        match (&self.statistic, &self.extended_statistic) {
            (Some(_), Some(_)) => {
                let message = "is either there or ExtendedStatistic is";
                check.combination("Statistic", message);
                None
            }
            (Some(name), None) if !STATISTICS.contains(&name.as_str()) => {
                let message = format!("'{name}' is none of {}", STATISTICS.join(", "));
                check.value("Statistic", message);
                None
            }
            (None, Some(name)) if !is_extended(name) => {
                let message = format!("'{name}' is no percentile and no trimmed statistic");
                check.value("ExtendedStatistic", message);
                None
            }
            (Some(name), None) | (None, Some(name)) => Statistic::of(name),
            (None, None) => None,
        }
    }

    fn rule(&self, check: &mut Check, statistic: Option<&Statistic>) -> Option<Rule> {
        let periods = check.required("EvaluationPeriods", self.evaluation_periods);
        if periods == Some(0) {
            check.value("EvaluationPeriods", "is at least 1");
        }
        let to_alarm = self.datapoints_to_alarm.or(periods);
        match (self.datapoints_to_alarm, periods) {
            (Some(0), _) => check.value("DatapointsToAlarm", "is at least 1"),
            (Some(m), Some(n)) if m > n => {
                let message = format!("{m} is more than EvaluationPeriods, {n}");
                check.value("DatapointsToAlarm", message);
            }
            _ => {}
        }
        let condition = self.condition(check);
        let treatment = match &self.treat_missing_data {
            Some(word) => check.word("TreatMissingData", word),
            None => Some(TreatMissingData::default()),
        };
        let low_samples = self.low_samples(check, statistic);
        Some(Rule {
            evaluation_periods: periods?,
            datapoints_to_alarm: to_alarm?,
            treat_missing_data: treatment?,
            condition: condition?,
            low_samples,
        })
    }

    fn condition(&self, check: &mut Check) -> Option<Condition> {
        let word = check.required("ComparisonOperator", self.comparison_operator.as_ref())?;
        let operator: ComparisonOperator = check.word("ComparisonOperator", word)?;
        if operator.needs_band() && self.source.is_some() {
            let message = format!("{word} compares with a band, which a Source does not have");
            check.combination("ComparisonOperator", message);
            return None;
        }
        if operator.needs_band() && self.threshold_metric_id.is_none() {
            let message = format!("is missing: {word} compares with a band");
            check.missing("ThresholdMetricId", message);
        }
        if !operator.needs_band() && self.threshold_metric_id.is_some() {
            let message = format!("is not for {word}, which compares with a Threshold");
            check.combination("ThresholdMetricId", message);
        }
        if operator.needs_band() && self.period.is_some_and(|p| p < SHORTEST_PERIOD_OF_BANDS) {
            check.value("Period", "is at least 60 seconds for a band");
        }
        match Condition::new(operator, self.threshold) {
            Ok(condition) => Some(condition),
            Err(fault) if self.threshold.is_none() => {
                check.missing("Threshold", fault);
                None
            }
            Err(fault) => {
                check.combination("Threshold", fault);
                None
            }
        }
    }

    fn low_samples(&self, check: &mut Check, statistic: Option<&Statistic>) -> Option<LowSamples> {
        let word = self.evaluate_low_sample_count_percentile.as_ref()?;
        let what: LowSampleCount = check.word("EvaluateLowSampleCountPercentile", word)?;
        // For any other statistic CloudWatch takes the key, and it means nothing.
        let percentile = statistic.and_then(Statistic::percentile)?;
        match what {
            LowSampleCount::Evaluate => None,
            LowSampleCount::Ignore => LowSamples::of_percentile(percentile),
        }
    }
}
