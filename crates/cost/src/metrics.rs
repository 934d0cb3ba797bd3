//! Standard mode: entities by the hour, and the custom metrics that they have.

use crate::prices::{Counting, Setting};
use crate::words;

/// How many entities there were, hour by hour: for each kind the sum over the hours of those that were distinct in it.
///
/// A metric is charged for every hour in which it has data, so a pod of one minute counts as much as one of an hour,
/// and ten pods of one workload count once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EntityHours {
    /// Hours that were looked at. Those that are only begun count whole: 25 for a day by the clock's hours that begins
    /// between two of them.
    pub hours: u32,
    /// Clusters with rows.
    pub clusters: u64,
    /// Nodes with rows.
    pub nodes: u64,
    /// Workloads with pods that ran, by cluster, namespace and name: CloudWatch's `PodName`. A pod of a stateful set
    /// and one that nobody owns counts as a workload of its own, as CloudWatch names it so.
    pub workloads: u64,
    /// Services that a running pod belonged to.
    pub services: u64,
    /// Namespaces with running pods.
    pub namespaces: u64,
}

impl EntityHours {
    /// Hours of custom metrics: of each entity those that Container Insights in standard mode makes of it.
    pub(crate) fn metric_hours(&self, counting: &Counting) -> f64 {
        self.kinds(counting)
            .iter()
            .map(|kind| kind.entity_hours * kind.metrics.value)
            .sum()
    }

    /// How the metrics come about: `on average 3 nodes with 8 metrics, …`.
    pub(crate) fn words(&self, counting: &Counting) -> String {
        let hours = f64::from(self.hours.max(1));
        let parts: Vec<String> = self
            .kinds(counting)
            .iter()
            .map(|kind| {
                format!(
                    "{} with {}{}",
                    words::counted(kind.entity_hours / hours, kind.one, kind.many),
                    words::number(kind.metrics.value),
                    if kind.metrics.confirmed {
                        ""
                    } else {
                        " (not confirmed)"
                    }
                )
            })
            .collect();
        format!(
            "On average {} metrics each. A metric is charged for the hours in which it has data.",
            words::listed(&parts)
        )
    }

    #[allow(clippy::cast_precision_loss)] // Counts far below 2^53.
    fn kinds(&self, counting: &Counting) -> [Kind; 5] {
        let kind = |count: u64, metrics, one, many| Kind {
            entity_hours: count as f64,
            metrics,
            one,
            many,
        };
        [
            kind(
                self.clusters,
                counting.metrics_per_cluster,
                "cluster",
                "clusters",
            ),
            kind(self.nodes, counting.metrics_per_node, "node", "nodes"),
            kind(
                self.workloads,
                counting.metrics_per_workload,
                "workload",
                "workloads",
            ),
            kind(
                self.services,
                counting.metrics_per_service,
                "service",
                "services",
            ),
            kind(
                self.namespaces,
                counting.metrics_per_namespace,
                "namespace",
                "namespaces",
            ),
        ]
    }
}

struct Kind {
    entity_hours: f64,
    metrics: Setting,
    one: &'static str,
    many: &'static str,
}
