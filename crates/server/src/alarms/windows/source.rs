//! Where an alarm's data points come from, as questions about rows.

use std::collections::BTreeMap;

use alarm::definition::source::{Filter as Written, Filters, Severity};
use alarm::definition::{Dimension, MetricStat, Source};
use catalogue::{Dialect, metrics_named};
use query::{Filter, HealthWindow, Pattern, RowsWindow, WindowSource};

/// The namespace that Container Insights publishes its metrics in.
const CONTAINER_INSIGHTS: &str = "ContainerInsights";

/// The question for one source; `samples` asks for the number of samples beside values. Metric math is several questions:
/// see [`super::math`].
///
/// # Errors
/// There is no such metric, in words for people.
pub(super) fn question(source: &Source, samples: bool) -> Result<WindowSource, String> {
    Ok(match source {
        Source::Metric {
            namespace,
            name,
            dimensions,
            statistic,
            unit,
        } => {
            let unit = unit.as_deref();
            let mut rows = metric(namespace, name, dimensions, unit)?;
            rows.statistic = statistic.as_str().to_owned();
            rows.samples = samples;
            WindowSource::Rows(rows)
        }
        Source::Rows(rows) => WindowSource::Rows(RowsWindow {
            entity: rows.entity.clone(),
            metric: rows.metric.clone(),
            statistic: rows.statistic.as_str().to_owned(),
            filters: filters(&rows.filters),
            group_by: rows.group_by.clone(),
            samples,
        }),
        Source::Logs(logs) => WindowSource::Logs {
            filter: logs.filter.clone(),
            group_by: logs.group_by.clone(),
        },
        Source::Sql(sql) => WindowSource::Sql {
            query: sql.query.clone(),
        },
        Source::Health(health) => WindowSource::Health(HealthWindow {
            kinds: health.kinds.clone(),
            words: health
                .words
                .iter()
                .map(|word| word.as_str().to_owned())
                .collect(),
            severity: match health.severity {
                Severity::Critical => Some("critical".to_owned()),
                _ => Some("warning".to_owned()),
            },
            filters: filters(&health.filters),
            within_seconds: health.within_seconds,
        }),
        Source::Loss(loss) => WindowSource::Loss {
            group_by: loss.group_by.clone(),
        },
        Source::Math { .. } => return Err("metric math is not one question".to_owned()),
    })
}

/// A metric of metric math.
///
/// # Errors
/// As [`question`].
pub(super) fn metric_stat(stat: &MetricStat) -> Result<WindowSource, String> {
    let metric = &stat.metric;
    let mut rows = self::metric(
        metric.namespace.as_deref().unwrap_or_default(),
        metric.metric_name.as_deref().unwrap_or_default(),
        &metric.dimensions,
        stat.unit.as_deref(),
    )?;
    rows.statistic = stat.stat.clone();
    Ok(WindowSource::Rows(rows))
}

fn metric(
    namespace: &str,
    name: &str,
    dimensions: &[Dimension],
    unit: Option<&str>,
) -> Result<RowsWindow, String> {
    if namespace != CONTAINER_INSIGHTS {
        return Err(format!(
            "there are no metrics in the namespace '{namespace}': they are in {CONTAINER_INSIGHTS}"
        ));
    }
    let known = metrics_named(Dialect::ContainerInsights, name).next();
    let Some(known) = known else {
        let all = catalogue::metrics().filter(|m| m.dialect == Dialect::ContainerInsights);
        let near = catalogue::nearest(name, all.map(|metric| metric.name));
        let perhaps = near
            .map(|near| format!(", perhaps {near}?"))
            .unwrap_or_default();
        return Err(format!(
            "{CONTAINER_INSIGHTS} has no metric '{name}'{perhaps}"
        ));
    };
    if let Some(unit) = unit.filter(|unit| *unit != known.unit) {
        return Err(format!(
            "{name} is in {}: of samples in {unit} there are none",
            known.unit
        ));
    }
    // A dimension's value is meant as it is written, with its asterisks.
    let exact = dimensions.iter().map(|dimension| {
        let filter = Filter {
            not: false,
            values: vec![Pattern::Exact(dimension.value.clone())],
        };
        (dimension.name.clone(), filter)
    });
    Ok(RowsWindow {
        metric: name.to_owned(),
        filters: exact.collect(),
        ..RowsWindow::default()
    })
}

fn filters(written: &Filters) -> BTreeMap<String, Filter> {
    let all = written.iter();
    all.map(|(column, filter)| (column.clone(), self::filter(filter)))
        .collect()
}

fn filter(written: &Written) -> Filter {
    let pattern = |value: &Option<String>| match value {
        None => Pattern::Absent,
        Some(text) if text.contains('*') => Pattern::Wild(text.clone()),
        Some(text) => Pattern::Exact(text.clone()),
    };
    Filter {
        not: written.not,
        values: written.values.iter().map(pattern).collect(),
    }
}

#[cfg(test)]
mod tests {
    use alarm::definition::Definition;
    use serde_json::{Value, json};

    use super::*;

    fn asked(keys: Value) -> Result<WindowSource, String> {
        let mut all = json!({"AlarmName": "a", "Period": 60, "EvaluationPeriods": 1, "Threshold": 1,
            "ComparisonOperator": "GreaterThanThreshold"});
        for (key, value) in keys.as_object().into_iter().flatten() {
            all[key] = value.clone();
        }
        let definition = Definition::from_json(all.to_string().as_bytes()).unwrap();
        question(&definition.metric().unwrap().source, false)
    }

    #[test]
    fn a_metric_is_rows_whose_dimensions_are_exact() {
        let rows = asked(
            json!({"Namespace": "ContainerInsights", "MetricName": "pod_cpu_utilization",
            "Statistic": "Average", "Dimensions": [{"Name": "ClusterName", "Value": "a*b"}]}),
        );
        let Ok(WindowSource::Rows(rows)) = rows else {
            panic!()
        };
        assert_eq!(
            (rows.metric.as_str(), rows.statistic.as_str()),
            ("pod_cpu_utilization", "Average")
        );
        assert_eq!(
            rows.filters["ClusterName"].values,
            [Pattern::Exact("a*b".to_owned())]
        );
        assert!(rows.group_by.is_empty() && rows.entity.is_empty());
    }

    #[test]
    fn what_nobody_measures_is_said() {
        let metric = |namespace: &str, name: &str, unit: Value| {
            asked(json!({"Namespace": namespace, "MetricName": name, "Statistic": "Average", "Unit": unit})).unwrap_err()
        };
        assert!(metric("AWS/EC2", "x", Value::Null).contains("in ContainerInsights"));
        let near = metric("ContainerInsights", "pod_cpu_utilisation", Value::Null);
        assert!(near.contains("perhaps pod_cpu_utilization?"), "{near}");
        let unit = metric("ContainerInsights", "pod_cpu_utilization", json!("Bytes"));
        assert!(unit.contains("is in Percent"), "{unit}");
    }

    #[test]
    fn own_sources_are_their_questions() {
        let rows = asked(
            json!({"Source": {"Rows": {"Entity": "pod", "Metric": "memory_usage_bytes",
            "Filters": {"namespace": ["shop", "kube-*"], "node": null}, "GroupBy": ["namespace"]}}}),
        );
        let Ok(WindowSource::Rows(rows)) = rows else {
            panic!()
        };
        assert_eq!(rows.filters["namespace"], Filter::any(["shop", "kube-*"]));
        assert_eq!(rows.group_by, ["namespace"]);
        let health =
            asked(json!({"Source": {"Health": {"Kinds": ["Pod"], "Words": ["crash-looping"]}}}));
        let Ok(WindowSource::Health(health)) = health else {
            panic!()
        };
        assert_eq!(health.words, ["crash-looping"]);
        assert_eq!(health.severity.as_deref(), Some("warning"));
    }
}
