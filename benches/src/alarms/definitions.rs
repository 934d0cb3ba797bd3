//! The alarms that are measured, as `alarms.toml` has them.

use std::fmt::Write;

use crate::load::entity_names;

/// The node whose rows are sent when a notification is waited for.
pub(super) const PROBE: &str = "probe";
/// The alarm over it.
pub(super) const PROBE_ALARM: &str = "probe";

/// What alarms are over: a metric of table `pod`, and the statistic.
const METRICS: [(&str, &str); 6] = [
    ("memory_working_set_bytes", "Maximum"),
    ("cpu_usage_usec_per_second", "Average"),
    ("memory_anon_bytes", "p90"),
    ("network_rx_bytes_per_second", "Average"),
    ("process_count", "Minimum"),
    ("memory_page_faults_per_second", "Maximum"),
];

/// A receiver, and an alarm that tells it of the probe within a period of ten seconds.
pub(super) fn receiver(url: &str) -> String {
    format!(
        r#"
[[receiver]]
name = "ops"
type = "webhook"
url = "{url}"

[[alarm]]
AlarmName = "{PROBE_ALARM}"
Source.Rows = {{ Entity = "node", Metric = "processes_running", Statistic = "Maximum", Filters = {{ node = "{PROBE}" }} }}
Period = 10
EvaluationPeriods = 1
Threshold = 100
ComparisonOperator = "GreaterThanThreshold"
TreatMissingData = "ignore"
OKActions = ["ops"]
AlarmActions = ["ops"]
"#
    )
}

/// Alarms over one metric of one pod each: four of five over three minutes, the others over three times five. Every
/// second is one that breaches.
pub(super) fn of_one_pod_each(count: usize, nodes: usize, pods: usize) -> String {
    let mut text = String::new();
    for at in 0..count {
        let entity = at % (nodes * pods);
        let names = entity_names(entity / pods, entity % pods, None);
        let (metric, statistic) = METRICS[(at / 2) % METRICS.len()];
        let period = if at % 5 == 4 { 300 } else { 60 };
        let _ = write!(
            text,
            r#"
[[alarm]]
AlarmName = "pod-{at}"
Source.Rows = {{ Entity = "pod", Metric = "{metric}", Statistic = "{statistic}", Filters = {{ namespace = "{}", pod = "{}" }} }}
Period = {period}
EvaluationPeriods = 3
DatapointsToAlarm = 1
Threshold = {}
ComparisonOperator = "GreaterThanThreshold"
"#,
            names.namespace,
            names.pod,
            if at % 2 == 0 { "-1.0" } else { "1e18" }
        );
    }
    text
}

/// How many of [`of_one_pod_each`] breach.
pub(super) fn breaching(count: usize) -> usize {
    count.div_ceil(2)
}

/// Alarms with a state for each pod; the first one breaches for all of them.
pub(super) fn of_all_pods(count: usize) -> String {
    let mut text = String::new();
    for at in 0..count {
        let (metric, statistic) = METRICS[at % METRICS.len()];
        let _ = write!(
            text,
            r#"
[[alarm]]
AlarmName = "pods-{at}"
Source.Rows = {{ Entity = "pod", Metric = "{metric}", Statistic = "{statistic}", GroupBy = ["namespace", "pod"] }}
Period = 60
EvaluationPeriods = 3
DatapointsToAlarm = 1
Threshold = {}
ComparisonOperator = "GreaterThanThreshold"
"#,
            if at == 0 { "-1.0" } else { "1e18" }
        );
    }
    text
}
