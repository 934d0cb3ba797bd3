//! Entities as `/api/entities/{type}` lists them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::ask::client::{AskError, Client, encode};

/// How many are asked for at once, and at most.
const PAGE: usize = 1000;
const MOST: usize = 100_000;

/// An entity with its newest row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entity(Value);

impl Entity {
    pub(crate) fn new(value: Value) -> Entity {
        Entity(value)
    }

    /// A column: measurements, attributes and names stand in different places.
    fn column(&self, name: &str) -> &Value {
        let places = [&self.0["latest"][name], &self.0["attributes"][name]];
        places
            .into_iter()
            .find(|value| !value.is_null())
            .unwrap_or(&self.0[name])
    }

    /// A number; absent stays absent.
    pub(crate) fn number(&self, column: &str) -> Option<f64> {
        self.column(column).as_f64()
    }

    /// A text; empty counts as absent.
    pub(crate) fn text(&self, column: &str) -> Option<&str> {
        self.column(column).as_str().filter(|text| !text.is_empty())
    }

    /// The increase of a delta column for each second of its interval.
    pub(crate) fn rate(&self, column: &str) -> Option<f64> {
        let interval = self.number("interval_usec").filter(|usec| *usec > 0.0)?;
        Some(self.number(column)? * 1e6 / interval)
    }

    /// A delta column of microseconds as a share of time: 1 is a core, a disk always busy.
    pub(crate) fn share(&self, column: &str) -> Option<f64> {
        Some(self.rate(column)? / 1e6)
    }
}

/// All entities of a listing, page by page. `path` ends with at least one parameter.
pub(crate) fn list(client: &Client, path: &str) -> Result<Vec<Entity>, AskError> {
    let mut all = Vec::new();
    let mut after = String::new();
    loop {
        let answer = client.get(&format!("{path}&limit={PAGE}{after}"))?;
        let page = answer["entities"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        all.extend(page.iter().cloned().map(Entity::new));
        match answer["next"].as_str() {
            Some(next) if all.len() < MOST && !page.is_empty() => {
                after = format!("&after={}", encode(next))
            }
            _ => return Ok(all),
        }
    }
}

/// The columns that name a group of pods, and their values.
pub(crate) type Group = Vec<(&'static str, String)>;

/// The group of a pod's namespace.
pub(crate) fn namespace(pod: &Entity) -> Vec<Group> {
    vec![vec![in_namespace(pod)]]
}

/// The group of the workload that a pod belongs to; none when that is not known.
pub(crate) fn workload(pod: &Entity) -> Vec<Group> {
    let known = |name: &str| pod.0["known_as"][name].as_str().map(str::to_owned);
    let found = known("workload_kind").zip(known("workload"));
    let group = found.map(|(kind, name)| {
        vec![
            in_namespace(pod),
            ("workload", name),
            ("workload_kind", kind),
        ]
    });
    group.into_iter().collect()
}

/// The groups of the services that a pod is behind.
pub(crate) fn services(pod: &Entity) -> Vec<Group> {
    let services = pod.0["known_as"]["services"].as_array();
    let names = services.into_iter().flatten().filter_map(Value::as_str);
    names
        .map(|name| vec![in_namespace(pod), ("service", name.to_owned())])
        .collect()
}

fn in_namespace(pod: &Entity) -> (&'static str, String) {
    ("namespace", pod.text("namespace").unwrap_or("-").to_owned())
}

/// What is added up over the pods of a group.
const ADDED: [&str; 9] = [
    "cpu_usage_usec",
    "cpu_throttled_usec",
    "memory_working_set_bytes",
    "network_rx_bytes",
    "network_tx_bytes",
    "io_read_bytes",
    "io_write_bytes",
    "pids_current",
    "containers_running",
];

/// Pods, added up by the groups that each counts in. Rates are added, so that pods of different intervals count rightly.
pub(crate) fn added_up(pods: &[Entity], groups: fn(&Entity) -> Vec<Group>) -> Vec<Entity> {
    let mut sums: BTreeMap<Group, (usize, Map<String, Value>)> = BTreeMap::new();
    for pod in pods {
        for group in groups(pod) {
            let (count, sum) = sums.entry(group).or_default();
            *count += 1;
            add(pod, sum);
        }
    }
    let entity = |(group, (pods, mut sum)): (Group, (usize, Map<String, Value>))| {
        sum.insert("interval_usec".to_owned(), json!(1e6));
        let mut entity = json!({"pods": pods, "latest": sum});
        for (column, value) in group {
            entity[column] = Value::String(value);
        }
        Entity(entity)
    };
    sums.into_iter().map(entity).collect()
}

fn add(pod: &Entity, sum: &mut Map<String, Value>) {
    for column in ADDED {
        let gauge = matches!(
            column,
            "memory_working_set_bytes" | "pids_current" | "containers_running"
        );
        let value = if gauge {
            pod.number(column)
        } else {
            pod.rate(column)
        };
        if let Some(value) = value {
            let before = sum.get(column).and_then(Value::as_f64).unwrap_or(0.0);
            sum.insert(column.to_owned(), json!(before + value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_needs_an_interval() {
        let entity =
            Entity::new(json!({"latest": {"interval_usec": 2_000_000, "cpu_usage_usec": 500_000}}));
        assert_eq!(entity.share("cpu_usage_usec"), Some(0.25));
        let first = Entity::new(json!({"latest": {"interval_usec": null, "cpu_usage_usec": null}}));
        assert_eq!(first.rate("cpu_usage_usec"), None);
    }

    #[test]
    fn namespaces_are_sums_of_rates() {
        let pod = |namespace: &str, usec: u64, memory: u64| {
            Entity::new(json!({"namespace": namespace, "latest": {
                "interval_usec": usec, "cpu_usage_usec": usec / 2, "memory_working_set_bytes": memory,
            }}))
        };
        let pods = [
            pod("a", 10_000_000, 1),
            pod("a", 5_000_000, 2),
            pod("b", 1_000_000, 4),
        ];
        let sums = added_up(&pods, namespace);
        assert_eq!(sums.len(), 2);
        assert_eq!(sums[0].share("cpu_usage_usec"), Some(1.0));
        assert_eq!(sums[0].number("memory_working_set_bytes"), Some(3.0));
        assert_eq!(sums[0].number("pods"), Some(2.0));
        assert_eq!(sums[0].number("network_rx_bytes"), None);
        assert_eq!(sums[1].text("namespace"), Some("b"));
    }

    #[test]
    fn a_pod_counts_in_its_workload_and_in_each_service() {
        let pod = |known: Value| {
            Entity::new(json!({"namespace": "n", "known_as": known, "latest": {"pids_current": 2}}))
        };
        let web = json!({"workload_kind": "Deployment", "workload": "web", "services": ["a", "b"]});
        let pods = [pod(web.clone()), pod(web), pod(json!({}))];
        let workloads = added_up(&pods, workload);
        assert_eq!(workloads.len(), 1);
        assert_eq!(workloads[0].text("workload_kind"), Some("Deployment"));
        assert_eq!(workloads[0].number("pids_current"), Some(4.0));
        let services = added_up(&pods, services);
        let names: Vec<_> = services.iter().map(|s| s.text("service")).collect();
        assert_eq!(names, [Some("a"), Some("b")]);
        assert_eq!(services[1].number("pods"), Some(2.0));
    }
}
