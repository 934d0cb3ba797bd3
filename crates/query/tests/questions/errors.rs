//! Requests that have no answer: code, place and words.

use query::{Code, MetricsRequest, Query, QueryError};

use crate::held::Held;
use crate::statistics::NOW;

async fn fault(query: &Query, request: &str) -> QueryError {
    match MetricsRequest::from_json(request.as_bytes()) {
        Err(fault) => fault,
        Ok(request) => query.metrics(request, NOW).await.unwrap_err(),
    }
}

#[tokio::test]
async fn each_fault_has_its_place_and_the_nearest_name() {
    let query = Held::default().query();
    let cpu = r#""entity": "container", "metric": "container_cpu_utilization""#;
    let cases: Vec<(String, Code, &str)> = vec![
        ("{".into(), Code::InvalidRequest, "line 1, column 1: EOF while parsing an object"),
        ("{\n \"entity\": }".into(), Code::InvalidRequest, "line 2, column 12: expected value"),
        ("[1]".into(),
            Code::InvalidRequest,
            "[0]: invalid type: integer `1`, expected a string",
        ),
        (
            r#"{"entity": "node", "metrc": "x"}"#.into(),
            Code::InvalidRequest,
            "metrc: unknown field `metrc`, expected one of ",
        ),
        (
            r#"{"entity": "node", "metrics": [{"metric": "a"}, {"metric": 7}]}"#.into(),
            Code::InvalidRequest,
            "metrics[1].metric: invalid type: integer `7`, expected a string",
        ),
        (r#"{"metric": "x"}"#.into(), Code::InvalidRequest, "entity: name the entity, or metrics of Container Insights, which tell it"),
        (
            r#"{"entity": "contaner", "metric": "x"}"#.into(),
            Code::UnknownEntity,
            "entity: there is no entity 'contaner'; did you mean 'container'?",
        ),
        (
            r#"{"entity": "log", "metric": "x"}"#.into(),
            Code::UnknownEntity,
            "entity: rows of 'log' are not measurements: ask for them in SQL",
        ),
        (r#"{"entity": "node"}"#.into(), Code::InvalidRequest, "metrics: name at least one metric"),
        (
            r#"{"entity": "node", "metric": "a", "metrics": [{"metric": "b"}]}"#.into(),
            Code::InvalidRequest,
            "metric: name the metric either here or in metrics, not in both",
        ),
        (
            r#"{"entity": "container", "metrics": [{"metric": "container_cpu_utilisation"}]}"#.into(),
            Code::UnknownMetric,
            "metrics[0].metric: container has no metric 'container_cpu_utilisation'; did you mean \
             'container_cpu_utilization'",
        ),
        (
            r#"{"entity": "node", "metric": "container_cpu_utilization"}"#.into(),
            Code::UnknownMetric,
            "metric: node has no metric 'container_cpu_utilization': it is one of container",
        ),
        (
            r#"{"entity": "node", "metric": "node_gpu_utilization"}"#.into(),
            Code::UnknownMetric,
            "metric: 'node_gpu_utilization' cannot be answered yet: it needs ",
        ),
        (
            r#"{"entity": "node", "metrics": [{"metric": "node_cpu_utilization"}, {"metric": "node_cpu_utilization",
                "statistic": "average"}]}"#
                .into(),
            Code::UnknownStatistic,
            "metrics[1].statistic: there is no statistic 'average'; there are Average, Sum, Minimum, Maximum, \
             SampleCount, Total and percentiles (p99); did you mean 'Average'?",
        ),
        (
            format!("{{{cpu}, \"group_by\": [\"namespace\", \"pods\"]}}"),
            Code::UnknownColumn,
            "group_by[1]: container has no column 'pods'; did you mean 'pod'",
        ),
        (
            format!("{{{cpu}, \"group_by\": [\"cpu_usage_usec\"]}}"),
            Code::UnknownColumn,
            "group_by[0]: 'cpu_usage_usec' of container is a measurement: filters and groups take",
        ),
        (format!("{{{cpu}, \"group_by\": [\"pod\", \"pod\"]}}"), Code::InvalidRequest, "group_by[1]: 'pod' is named twice"),
        (
            format!("{{{cpu}, \"filters\": {{\"namespce\": \"a\"}}}}"),
            Code::UnknownColumn,
            "filters.namespce: container has no column 'namespce'; did you mean 'namespace'?",
        ),
        (
            format!("{{{cpu}, \"filters\": {{\"pod\": []}}}}"),
            Code::InvalidRequest,
            "filters.pod: an empty list lets nothing pass",
        ),
        (format!("{{{cpu}, \"start\": \"yesterday\"}}"), Code::InvalidRequest, "start: 'yesterday' is no time"),
        (format!("{{{cpu}, \"start\": 1795428000}}"), Code::InvalidRequest, "start: 1795428000 is too small for milli"),
        (format!("{{{cpu}, \"start\": \"now\"}}"), Code::InvalidRequest, "end: the range is empty"),
        (format!("{{{cpu}, \"period_seconds\": -60}}"), Code::InvalidRequest, "period_seconds: invalid value: integer `-60`"),
        (format!("{{{cpu}, \"period_seconds\": 0}}"), Code::InvalidRequest, "period_seconds: a period is at least 1 second"),
        (
            format!("{{{cpu}, \"start\": \"-30d\", \"period_seconds\": 60}}"),
            Code::InvalidRequest,
            "period_seconds: 43200 periods of 60 s are more than 11000",
        ),
        (format!("{{{cpu}, \"limit\": 0}}"), Code::InvalidRequest, "limit: a limit is at least 1"),
        (format!("{{{cpu}, \"order\": \"up\"}}"), Code::InvalidRequest, "order: unknown variant `up`, expected `top` or"),
    ];
    for (request, code, words) in cases {
        let fault = fault(&query, &request).await;
        assert_eq!(fault.code, code, "{request}: {fault}");
        assert!(
            fault.to_string().starts_with(words),
            "{request}:\n  {fault}\n  {words}"
        );
    }
    assert_eq!(query.figures().failed, query.figures().asked);
}
