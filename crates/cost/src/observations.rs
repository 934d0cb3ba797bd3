//! Enhanced mode: entities by the minute, and the observations that they make.
//!
//! An observation is taken as one number of one entity at one collection, as AWS publishes no closer definition; a
//! collection is each minute. The numbers are those that the CloudWatch agent publishes in enhanced mode.

use crate::words;

/// How many entities there were, minute by minute: for each kind the sum over the minutes of those with a row in it.
///
/// A table of one-minute rows has exactly these as its rows. Rows of other intervals count by their share of a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EntityMinutes {
    /// Clusters.
    pub clusters: u64,
    /// Nodes.
    pub nodes: u64,
    /// File systems of nodes.
    pub node_filesystems: u64,
    /// Disks of nodes.
    pub node_disks: u64,
    /// Network interfaces of nodes, without those of pods.
    pub node_interfaces: u64,
    /// Pods.
    pub pods: u64,
    /// Pods of which some container has a CPU request.
    pub pods_with_cpu_request: u64,
    /// Pods of which every container has a CPU limit.
    pub pods_with_cpu_limit: u64,
    /// Pods of which some container has a memory request.
    pub pods_with_memory_request: u64,
    /// Pods of which every container has a memory limit.
    pub pods_with_memory_limit: u64,
    /// Reasons to wait or to have ended (crash loop, image pull, OOM kill, …), each reason of each pod.
    pub pod_reasons: u64,
    /// Network interfaces of pods.
    pub pod_interfaces: u64,
    /// Containers.
    pub containers: u64,
    /// Containers with a CPU request.
    pub containers_with_cpu_request: u64,
    /// Containers with a CPU limit.
    pub containers_with_cpu_limit: u64,
    /// Containers with a memory request.
    pub containers_with_memory_request: u64,
    /// Containers with a memory limit.
    pub containers_with_memory_limit: u64,
    /// Containers of which the runtime tells how full their file system is: with Docker, not with containerd.
    pub container_filesystems: u64,
    /// Deployments, stateful sets, daemon sets and replica sets.
    pub workload_objects: u64,
    /// Services with ready pods.
    pub services: u64,
    /// Namespaces with running pods.
    pub namespaces: u64,
    /// Series of the API server's own metrics. The CloudWatch agent reads them in enhanced mode, and on small clusters
    /// they are the most of all.
    pub control_plane_series: u64,
}

/// Observations of groups of entities.
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) observations: f64,
}

impl EntityMinutes {
    /// Observations in the whole window.
    pub(crate) fn observations(&self) -> f64 {
        self.groups().iter().map(|group| group.observations).sum()
    }

    pub(crate) fn groups(&self) -> [Group; 5] {
        let sum = |of: &[(u64, u64)]| of.iter().map(|(count, each)| product(*count, *each)).sum();
        [
            Group {
                name: "nodes",
                observations: sum(&[
                    (self.nodes, 19),
                    (self.node_filesystems, 3),
                    (self.node_disks, 2),
                    (self.node_interfaces, 2),
                ]),
            },
            Group {
                name: "pods",
                // 27 with requests and limits. A limit brings two: itself, and the share of it that is used. A request
                // brings two: itself, and the share of the node that it reserves.
                observations: sum(&[
                    (self.pods, 19),
                    (self.pods_with_cpu_request, 2),
                    (self.pods_with_cpu_limit, 2),
                    (self.pods_with_memory_request, 2),
                    (self.pods_with_memory_limit, 2),
                    (self.pod_reasons, 1),
                    (self.pod_interfaces, 2),
                ]),
            },
            Group {
                name: "containers",
                // 9 with requests and limits.
                observations: sum(&[
                    (self.containers, 3),
                    (self.containers_with_cpu_request, 1),
                    (self.containers_with_cpu_limit, 2),
                    (self.containers_with_memory_request, 1),
                    (self.containers_with_memory_limit, 2),
                    (self.container_filesystems, 3),
                ]),
            },
            Group {
                name: "workloads, services, namespaces and the cluster",
                observations: sum(&[
                    (self.workload_objects, 4),
                    (self.services, 1),
                    (self.namespaces, 1),
                    (self.clusters, 3),
                ]),
            },
            Group {
                name: "the control plane",
                observations: sum(&[(self.control_plane_series, 1)]),
            },
        ]
    }

    /// Who makes them: `about 412 a minute: 57 of nodes, …`.
    pub(crate) fn words(&self, window_minutes: f64) -> String {
        let parts: Vec<String> = self
            .groups()
            .iter()
            .filter(|group| group.observations > 0.0)
            .map(|group| {
                let each = words::number((group.observations / window_minutes).round());
                format!("{each} of {}", group.name)
            })
            .collect();
        let control_plane = if self.control_plane_series == 0 {
            " CloudWatch's agent reads the control plane too, which is not counted here: on a small cluster it can be more than all the rest."
        } else {
            ""
        };
        let whose = if parts.is_empty() {
            "No entity was counted.".to_owned()
        } else {
            let all = words::number((self.observations() / window_minutes).round());
            format!("About {all} a minute: {}.", words::listed(&parts))
        };
        format!(
            "{whose} An observation is taken as one number of one entity a minute, which AWS does not confirm.{control_plane}"
        )
    }
}

#[allow(clippy::cast_precision_loss)] // Counts far below 2^53.
fn product(count: u64, each: u64) -> f64 {
    count as f64 * each as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entity_with_everything_makes_as_many_as_the_agent_publishes() {
        let pod = EntityMinutes {
            pods: 1,
            pods_with_cpu_request: 1,
            pods_with_cpu_limit: 1,
            pods_with_memory_request: 1,
            pods_with_memory_limit: 1,
            ..EntityMinutes::default()
        };
        assert_eq!(pod.observations(), 27.0);
        let container = EntityMinutes {
            containers: 1,
            containers_with_cpu_request: 1,
            containers_with_cpu_limit: 1,
            containers_with_memory_request: 1,
            containers_with_memory_limit: 1,
            ..EntityMinutes::default()
        };
        assert_eq!(container.observations(), 9.0);
        let node = EntityMinutes {
            nodes: 1,
            node_filesystems: 1,
            node_disks: 2,
            node_interfaces: 3,
            ..EntityMinutes::default()
        };
        assert_eq!(node.observations(), 19.0 + 3.0 + 4.0 + 6.0);
        let objects = EntityMinutes {
            clusters: 1,
            workload_objects: 2,
            services: 3,
            namespaces: 4,
            control_plane_series: 500,
            ..EntityMinutes::default()
        };
        assert_eq!(objects.observations(), 3.0 + 8.0 + 3.0 + 4.0 + 500.0);
    }
}
