//! What is asked.

use query::{EntitiesRequest, MetricsRequest, SqlRequest};

use crate::load::{START_USEC, Scale, TICK_USEC, entity_names, tick_usec};

/// A question in one of our languages.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) name: &'static str,
    pub(super) ask: Ask,
}

#[derive(Debug, Clone)]
pub(super) enum Ask {
    Metrics(Box<MetricsRequest>),
    Sql(SqlRequest),
    Entities(&'static str, Box<EntitiesRequest>),
}

/// The panel of design §8.
pub(super) const PANEL: &str = "average pod CPU by namespace, an hour at 1 min";
pub(super) const ONE_CONTAINER: &str = "one container, all columns, an hour at 10 s";
pub(super) const TOP: &str = "top 10 pods by memory now";

/// Which container is asked about: in the middle of a node's, so in the middle of a file.
pub(super) fn the_container(scale: &Scale) -> (String, String, String) {
    let names = entity_names(0, scale.pods / 2, Some(0));
    let id = names
        .container
        .as_ref()
        .map(|(_, id)| id.clone())
        .unwrap_or_default();
    (names.namespace.to_owned(), names.pod, id)
}

pub(super) fn all(scale: &Scale) -> Vec<Question> {
    let end = tick_usec(scale.ticks());
    let panel = |period: u64, group: &[&str]| {
        Ask::Metrics(Box::new(MetricsRequest {
            entity: "pod".to_owned(),
            metric: Some("cpu_usage_usec_per_second".to_owned()),
            statistic: Some("Average".to_owned()),
            group_by: group.iter().map(|g| (*g).to_owned()).collect(),
            start: Some(query::Moment::At(START_USEC)),
            end: Some(query::Moment::At(end)),
            period_seconds: Some(period),
            ..MetricsRequest::default()
        }))
    };
    let time = |usec: i64| {
        let time = chrono::DateTime::from_timestamp_micros(usec).unwrap_or_default();
        format!("timestamp '{}'", time.format("%Y-%m-%dT%H:%M:%S%.6fZ"))
    };
    let (namespace, pod, id) = the_container(scale);
    let top = |from: &str| {
        let columns = "namespace, pod, memory_working_set_bytes";
        format!("select {columns} from {from} order by memory_working_set_bytes desc limit 10")
    };
    let question = |name, ask| Question { name, ask };
    vec![
        question(PANEL, panel(60, &["namespace"])),
        question("the same at 5 min", panel(300, &["namespace"])),
        question("the same at 10 s, from raw rows", panel(10, &["namespace"])),
        question(
            "one pod's CPU, an hour at 1 min",
            match panel(60, &[]) {
                Ask::Metrics(mut request) => {
                    request.filters.insert(
                        "namespace".to_owned(),
                        query::Filter::any([namespace.as_str()]),
                    );
                    request
                        .filters
                        .insert("pod".to_owned(), query::Filter::any([pod.as_str()]));
                    Ask::Metrics(request)
                }
                other => other,
            },
        ),
        question(
            ONE_CONTAINER,
            Ask::Sql(SqlRequest::new(format!(
                "select * from container where namespace = '{namespace}' and pod = '{pod}' and container_id = '{id}' \
                 and time >= {} and time < {} order by time",
                time(START_USEC),
                time(end)
            ))),
        ),
        question(TOP, Ask::Sql(SqlRequest::new(top("pod_now")))),
        question(
            "the same from the rows of the last tick",
            Ask::Sql(SqlRequest::new(top(&format!(
                "pod where time = {}",
                time(end - TICK_USEC)
            )))),
        ),
        question(
            "inventory: the page of 100 pods that use most memory",
            Ask::Entities(
                "pod",
                Box::new(EntitiesRequest {
                    sort: Some("-memory_working_set_bytes".to_owned()),
                    limit: Some(100),
                    ..EntitiesRequest::default()
                }),
            ),
        ),
    ]
}
