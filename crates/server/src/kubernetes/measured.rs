//! What nodes and pods use by their newest rows.

use std::collections::BTreeMap;
use std::collections::HashMap;

use query::{EntitiesRequest, Entity, Filter, Pattern, Query, State as Health};
use serde_json::{Map, Value};

use super::status::Status;
use super::usage::{NodeUsage, PodUsage, Usage, Window};

/// Entities that are asked for at once.
const PAGE: usize = 10_000;
const COLUMNS: [&str; 3] = [
    "interval_usec",
    "cpu_usage_usec",
    "memory_working_set_bytes",
];

/// Which rows count.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    /// Of this cluster: a server may have rows of others.
    pub(super) cluster: Option<String>,
    pub(super) namespace: Option<String>,
    pub(super) name: Option<String>,
}

/// The nodes, by name.
pub(super) fn nodes(query: &Query, scope: &Scope, now: i64) -> Result<Vec<NodeUsage>, Status> {
    let mut labels = labels_of_nodes(query, scope, now)?;
    let mut request = request(scope, &COLUMNS);
    request.health = vec![Health::Live];
    if let Some(name) = &scope.name {
        request.filters.insert("node".to_owned(), exactly(name));
    }
    let found = all(query, "node", request, now)?;
    let mut nodes: Vec<NodeUsage> = found
        .iter()
        .filter_map(|entity| {
            let name = text(&entity.names, "node")?.to_owned();
            Some(NodeUsage {
                labels: labels.remove(&name).unwrap_or_default(),
                window: window(entity)?,
                usage: usage(entity)?,
                name,
            })
        })
        .collect();
    nodes.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(nodes)
}

fn labels_of_nodes(
    query: &Query,
    scope: &Scope,
    now: i64,
) -> Result<HashMap<String, BTreeMap<String, String>>, Status> {
    let mut request = request(scope, &["labels"]);
    request
        .filters
        .insert("object_kind".to_owned(), exactly("Node"));
    let found = all(query, "object", request, now)?;
    Ok(found
        .iter()
        .filter_map(|entity| {
            let name = text(&entity.names, "object_name")?.to_owned();
            Some((name, pairs(entity.attributes.get("labels"))))
        })
        .collect())
}

/// The pods, by namespace and name. One of which a container has no figure yet is left out, as half a pod would have an
/// autoscaler take it for idle.
pub(super) fn pods(query: &Query, scope: &Scope, now: i64) -> Result<Vec<PodUsage>, Status> {
    let mut request = request(scope, &COLUMNS);
    request.health = vec![Health::Live];
    for (column, value) in [("namespace", &scope.namespace), ("pod", &scope.name)] {
        if let Some(value) = value {
            request.filters.insert(column.to_owned(), exactly(value));
        }
    }
    request
        .filters
        .insert("container_kind".to_owned(), exactly("container"));
    let found = all(query, "container", request, now)?;
    let mut pods: BTreeMap<(String, String), Option<PodUsage>> = BTreeMap::new();
    for entity in &found {
        let name = |column| text(&entity.names, column).map(str::to_owned);
        let (Some(namespace), Some(pod), Some(container)) =
            (name("namespace"), name("pod"), name("container"))
        else {
            continue;
        };
        let measured = window(entity).zip(usage(entity));
        let key = (namespace.clone(), pod.clone());
        let Some((window, usage)) = measured else {
            pods.insert(key, None);
            continue;
        };
        let of_pod = pods.entry(key).or_insert_with(|| {
            Some(PodUsage {
                namespace,
                name: pod,
                labels: pairs(entity.known_as.get("labels")),
                window,
                containers: BTreeMap::new(),
            })
        });
        if let Some(of_pod) = of_pod {
            of_pod.containers.insert(container, usage);
        }
    }
    Ok(pods.into_values().flatten().collect())
}

fn request(scope: &Scope, columns: &[&str]) -> EntitiesRequest {
    let mut request = EntitiesRequest {
        columns: Some(columns.iter().map(|&column| column.to_owned()).collect()),
        limit: Some(PAGE),
        ..EntitiesRequest::default()
    };
    if let Some(cluster) = &scope.cluster {
        request
            .filters
            .insert("cluster".to_owned(), exactly(cluster));
    }
    request
}

/// This value, whatever it is: a name in a path is no pattern.
fn exactly(value: &str) -> Filter {
    Filter {
        not: false,
        values: vec![Pattern::Exact(value.to_owned())],
    }
}

fn all(
    query: &Query,
    entity: &str,
    mut request: EntitiesRequest,
    now: i64,
) -> Result<Vec<Entity>, Status> {
    let mut found = Vec::new();
    loop {
        let answer = query.entities(entity, &request, now)?;
        found.extend(answer.entities);
        match answer.next {
            Some(next) => request.after = Some(next),
            None => return Ok(found),
        }
    }
}

fn text<'a>(names: &'a Map<String, Value>, column: &str) -> Option<&'a str> {
    names.get(column)?.as_str()
}

fn number(entity: &Entity, column: &str) -> Option<i64> {
    entity.latest.get(column)?.as_i64()
}

fn window(entity: &Entity) -> Option<Window> {
    let length = number(entity, "interval_usec").filter(|length| *length > 0)?;
    let end = chrono::DateTime::parse_from_rfc3339(&entity.time).ok()?;
    Some(Window {
        end: end.timestamp_micros(),
        length,
    })
}

fn usage(entity: &Entity) -> Option<Usage> {
    let length = number(entity, "interval_usec").filter(|length| *length > 0)?;
    Some(Usage {
        cpu_cores: number(entity, "cpu_usage_usec")? as f64 / length as f64,
        memory_bytes: number(entity, "memory_working_set_bytes")?,
    })
}

fn pairs(labels: Option<&Value>) -> BTreeMap<String, String> {
    let labels = labels.and_then(Value::as_object).into_iter().flatten();
    labels
        .map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned()))
        .collect()
}
