//! Nodes and pods with what they use, as objects of the API and as the tables that `kubectl get` asks for
//! (k8s.io/metrics, `pkg/apis/metrics/v1beta1/types.go`).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::discovery::GROUP_VERSION;
use crate::api::time::rfc3339_seconds;

/// What something uses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Usage {
    /// CPU, averaged over the window, in cores.
    pub(super) cpu_cores: f64,
    /// Working set.
    pub(super) memory_bytes: i64,
}

impl Usage {
    /// Quantities as metrics-server writes them: nanocores, KiB.
    fn json(self) -> Value {
        json!({"cpu": self.cpu(), "memory": self.memory()})
    }

    fn cpu(self) -> String {
        match (self.cpu_cores * 1e9).round() {
            0.0 => "0".to_owned(),
            nanocores => format!("{nanocores:.0}n"),
        }
    }

    fn memory(self) -> String {
        match self.memory_bytes / 1024 {
            0 => "0".to_owned(),
            kib => format!("{kib}Ki"),
        }
    }
}

/// When it was measured, and over how long, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) end: i64,
    pub(super) length: i64,
}

impl Window {
    fn text(self) -> String {
        // A duration as Go writes it, to the millisecond.
        let milliseconds = self.length / 1000;
        let rest = milliseconds % 1000;
        let fraction = format!(".{rest:03}");
        let fraction = match rest {
            0 => "",
            _ => fraction.trim_end_matches('0'),
        };
        format!("{}{fraction}s", milliseconds / 1000)
    }
}

/// A node.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NodeUsage {
    pub(super) name: String,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) window: Window,
    pub(super) usage: Usage,
}

/// A pod.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PodUsage {
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) window: Window,
    /// By the container's name.
    pub(super) containers: BTreeMap<String, Usage>,
}

/// What both are shown by.
pub(super) trait Shown {
    /// `NodeMetrics`, `PodMetrics`
    const KIND: &'static str;
    /// As an object, without kind and version.
    fn members(&self) -> Value;
    fn name(&self) -> &str;
    fn usage(&self) -> Usage;
    fn window(&self) -> Window;

    /// As an object that stands alone.
    fn object(&self) -> Value {
        let mut object = self.members();
        object["kind"] = json!(Self::KIND);
        object["apiVersion"] = json!(GROUP_VERSION);
        object
    }
}

impl Shown for NodeUsage {
    const KIND: &'static str = "NodeMetrics";

    fn members(&self) -> Value {
        json!({
            "metadata": metadata(&self.name, None, &self.labels, self.window),
            "timestamp": rfc3339_seconds(self.window.end),
            "window": self.window.text(),
            "usage": self.usage.json(),
        })
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn usage(&self) -> Usage {
        self.usage
    }

    fn window(&self) -> Window {
        self.window
    }
}

impl Shown for PodUsage {
    const KIND: &'static str = "PodMetrics";

    fn members(&self) -> Value {
        let containers = self.containers.iter();
        let containers: Vec<Value> = containers
            .map(|(name, usage)| json!({"name": name, "usage": usage.json()}))
            .collect();
        json!({
            "metadata": metadata(&self.name, Some(&self.namespace), &self.labels, self.window),
            "timestamp": rfc3339_seconds(self.window.end),
            "window": self.window.text(),
            "containers": containers,
        })
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn usage(&self) -> Usage {
        let all = self.containers.values();
        Usage {
            cpu_cores: all.clone().map(|usage| usage.cpu_cores).sum(),
            memory_bytes: all.map(|usage| usage.memory_bytes).sum(),
        }
    }

    fn window(&self) -> Window {
        self.window
    }
}

fn metadata(
    name: &str,
    namespace: Option<&str>,
    labels: &BTreeMap<String, String>,
    window: Window,
) -> Value {
    let mut metadata = json!({"name": name, "creationTimestamp": rfc3339_seconds(window.end)});
    if let Some(namespace) = namespace {
        metadata["namespace"] = json!(namespace);
    }
    if !labels.is_empty() {
        metadata["labels"] = json!(labels);
    }
    metadata
}

/// A list of objects.
pub(super) fn list<T: Shown>(all: &[T]) -> Value {
    let items: Vec<Value> = all.iter().map(Shown::members).collect();
    json!({"kind": format!("{}List", T::KIND), "apiVersion": GROUP_VERSION, "metadata": {}, "items": items})
}

/// The same as a table for people.
pub(super) fn table<T: Shown>(all: &[T]) -> Value {
    let column = |name: &str, format: &str| json!({"name": name, "type": "string", "format": format, "description": name, "priority": 0});
    let columns = [
        column("Name", "name"),
        column("cpu", ""),
        column("memory", ""),
        column("Window", ""),
    ];
    let rows: Vec<Value> = all
        .iter()
        .map(|one| {
            let usage = one.usage();
            let cells = [
                one.name().to_owned(),
                usage.cpu(),
                usage.memory(),
                one.window().text(),
            ];
            json!({"cells": cells, "object": one.object()})
        })
        .collect();
    json!({"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": {}, "columnDefinitions": columns, "rows": rows})
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Window = Window {
        end: 1_700_000_000_000_000,
        length: 10_002_300,
    };

    fn pod() -> PodUsage {
        let usage = |cpu_cores, memory_bytes| Usage {
            cpu_cores,
            memory_bytes,
        };
        PodUsage {
            namespace: "shop".to_owned(),
            name: "web-1".to_owned(),
            labels: BTreeMap::from([("app".to_owned(), "web".to_owned())]),
            window: WINDOW,
            containers: BTreeMap::from([
                ("web".to_owned(), usage(0.156_340_393, 12_345 * 1024)),
                ("idle".to_owned(), usage(0.0, 512)),
            ]),
        }
    }

    #[test]
    fn a_pod_as_metrics_server_would_write_it() {
        assert_eq!(
            pod().object(),
            json!({
                "kind": "PodMetrics", "apiVersion": "metrics.k8s.io/v1beta1",
                "metadata": {"name": "web-1", "namespace": "shop", "labels": {"app": "web"},
                    "creationTimestamp": "2023-11-14T22:13:20Z"},
                "timestamp": "2023-11-14T22:13:20Z",
                "window": "10.002s",
                "containers": [
                    {"name": "idle", "usage": {"cpu": "0", "memory": "0"}},
                    {"name": "web", "usage": {"cpu": "156340393n", "memory": "12345Ki"}},
                ],
            })
        );
        let list = list(&[pod()]);
        assert_eq!(list["kind"], "PodMetricsList");
        assert!(list["items"][0].get("kind").is_none());
    }

    #[test]
    fn a_table_for_kubectl_get() {
        let table = table(&[pod()]);
        assert_eq!(
            table["rows"][0]["cells"],
            json!(["web-1", "156340393n", "12345Ki", "10.002s"])
        );
        assert_eq!(
            table["columnDefinitions"].as_array().unwrap().len(),
            table["rows"][0]["cells"].as_array().unwrap().len()
        );
    }

    #[test]
    fn windows_as_go_writes_durations() {
        for (length, text) in [
            (10_000_000, "10s"),
            (10_100_000, "10.1s"),
            (999_000, "0.999s"),
            (60_000_400, "60s"),
        ] {
            assert_eq!(Window { end: 0, length }.text(), text);
        }
    }
}
