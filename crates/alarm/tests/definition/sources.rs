//! Defaults, and what an alarm is over.

use super::*;

#[test]
fn an_alarm_has_cloudwatchs_defaults() {
    let definition = taken(&metric());
    let alarm = definition.metric().unwrap();
    assert_eq!(alarm.rule.datapoints_to_alarm, 3);
    assert_eq!(alarm.rule.treat_missing_data, TreatMissingData::Missing);
    assert_eq!(alarm.rule.low_samples, None);
    assert_eq!((alarm.period, alarm.every), (300, 60));
    assert!(alarm.actions.enabled);
    assert!(alarm.actions.alarm.is_empty());
    assert_eq!(definition.kind(), Kind::Metric);
    assert_eq!(definition.name(), "node-cpu");
    assert_eq!(definition.description(), None);
    assert_eq!(definition.every(), Some(60));
    assert!(!definition.is_series());
}

#[test]
fn what_is_over_several_series_says_so() {
    let kinds = [
        (rows(), Kind::Rows, true),
        (
            source_of(json!({"Rows": {"Entity": "node", "Metric": "load_1m"}})),
            Kind::Rows,
            false,
        ),
        (
            source_of(json!({"Logs": {"Filter": "level=error"}})),
            Kind::Logs,
            false,
        ),
        (
            source_of(json!({"Logs": {"Filter": "", "GroupBy": ["namespace"]}})),
            Kind::Logs,
            true,
        ),
        (
            source_of(json!({"Sql": {"Query": "SELECT 1"}})),
            Kind::Sql,
            true,
        ),
        (source_of(json!({"Health": {}})), Kind::Health, true),
        (source_of(json!({"Loss": {}})), Kind::Loss, false),
        (
            source_of(json!({"Loss": {"GroupBy": ["node"]}})),
            Kind::Loss,
            true,
        ),
        (math(), Kind::Metric, false),
        (composite(), Kind::Composite, false),
    ];
    for (definition, kind, is_series) in kinds {
        let taken = taken(&definition);
        assert_eq!(
            (taken.kind(), taken.is_series()),
            (kind, is_series),
            "{definition}"
        );
        assert_eq!(json!(kind), json!(kind.as_str()));
        assert_eq!(taken.period().is_none(), kind == Kind::Composite);
        assert_eq!(taken.rule().is_none(), kind == Kind::Composite);
        assert_eq!(taken.every().is_none(), kind == Kind::Composite);
    }
}

#[test]
fn sources_have_defaults() {
    let Some(Source::Rows(rows)) = source_from(json!({"Rows": {"Entity": "pod", "Metric": "m"}}))
    else {
        panic!()
    };
    assert_eq!(rows.statistic.as_str(), "Average");
    assert!(rows.filters.is_empty() && rows.group_by.is_empty());
    let Some(Source::Health(health)) = source_from(json!({"Health": {}})) else {
        panic!()
    };
    assert_eq!(health.severity, source::Severity::Warning);
    assert!(health.kinds.is_empty() && health.words.is_empty());
    assert_eq!(health.within_seconds, None);
}

fn source_from(source: Value) -> Option<Source> {
    taken(&source_of(source))
        .metric()
        .map(|alarm| alarm.source.clone())
}

#[test]
fn filters_are_written_in_every_way_of_metric_queries() {
    let filters = json!({
        "a": "x", "b": ["x", "y*", null], "c": {"not": "x"}, "d": {"not": ["x", null]}, "e": null, "f": true, "g": 7
    });
    let rows = json!({"Rows": {"Entity": "pod", "Metric": "m", "Filters": filters}});
    let Some(Source::Rows(rows)) = source_from(rows) else {
        panic!()
    };
    let seen: Vec<(&str, bool, Vec<Option<&str>>)> = rows
        .filters
        .iter()
        .map(|(column, filter)| {
            let values = filter.values.iter().map(|value| value.as_deref()).collect();
            (column.as_str(), filter.not, values)
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("a", false, vec![Some("x")]),
            ("b", false, vec![Some("x"), Some("y*"), None]),
            ("c", true, vec![Some("x")]),
            ("d", true, vec![Some("x"), None]),
            ("e", false, vec![None]),
            ("f", false, vec![Some("true")]),
            ("g", false, vec![Some("7")]),
        ]
    );
}
