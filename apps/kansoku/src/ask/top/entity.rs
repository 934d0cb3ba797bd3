//! Entities as `/api/entities/{type}` lists them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::ask::client::{AskError, Client};

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

/// What is added up over the pods of a namespace.
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

/// Pods, added up by namespace. Rates are added, so that pods of different intervals count rightly.
pub(crate) fn by_namespace(pods: Vec<Entity>) -> Vec<Entity> {
    let mut sums: BTreeMap<String, (usize, Map<String, Value>)> = BTreeMap::new();
    for pod in pods {
        let (count, sum) = sums
            .entry(pod.text("namespace").unwrap_or("-").to_owned())
            .or_default();
        *count += 1;
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
    let entity = |(namespace, (pods, mut sum)): (String, (usize, Map<String, Value>))| {
        sum.insert("interval_usec".to_owned(), json!(1e6));
        Entity(json!({"namespace": namespace, "pods": pods, "latest": sum}))
    };
    sums.into_iter().map(entity).collect()
}

/// A text as a value in a query string (RFC 3986 §2.3).
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
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
        let sums = by_namespace(vec![
            pod("a", 10_000_000, 1),
            pod("a", 5_000_000, 2),
            pod("b", 1_000_000, 4),
        ]);
        assert_eq!(sums.len(), 2);
        assert_eq!(sums[0].share("cpu_usage_usec"), Some(1.0));
        assert_eq!(sums[0].number("memory_working_set_bytes"), Some(3.0));
        assert_eq!(sums[0].number("pods"), Some(2.0));
        assert_eq!(sums[0].number("network_rx_bytes"), None);
        assert_eq!(sums[1].text("namespace"), Some("b"));
    }

    #[test]
    fn values_are_encoded() {
        assert_eq!(encode("a/b c&é~"), "a%2Fb%20c%26%C3%A9~");
    }
}
