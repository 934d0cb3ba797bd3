//! The kinds of thing that can be listed.

use clap::ValueEnum;

use super::columns::{self, Column};
use super::entity::{self, Entity, Group};
use crate::ask::client::encode;

/// What is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// Machines
    #[value(alias = "node")]
    Nodes,
    /// Sums over the pods of each namespace
    #[value(alias = "namespace")]
    Namespaces,
    /// Sums over the pods of each workload: deployments, stateful sets, cron jobs, …
    #[value(alias = "workload")]
    Workloads,
    /// Sums over the pods of each service; a pod behind two counts in both
    #[value(alias = "service")]
    Services,
    /// Pods
    #[value(alias = "pod")]
    Pods,
    /// Containers and systemd units
    #[value(alias = "container")]
    Containers,
    /// Volumes of pods, where the kubelet is asked
    #[value(alias = "volume")]
    Volumes,
    /// Block devices
    #[value(alias = "disk")]
    Disks,
    /// Mounted file systems
    #[value(alias = "filesystem")]
    Filesystems,
    /// Network interfaces of nodes
    #[value(alias = "interface")]
    Interfaces,
}

impl Kind {
    /// The entity type of the API.
    fn entity(self) -> &'static str {
        match self {
            Kind::Nodes => "node",
            Kind::Namespaces | Kind::Workloads | Kind::Services | Kind::Pods => "pod",
            Kind::Containers => "container",
            Kind::Volumes => "volume",
            Kind::Disks => "node_disk",
            Kind::Filesystems => "node_filesystem",
            Kind::Interfaces => "node_network",
        }
    }

    /// Whether its entities are in namespaces.
    pub(super) fn has_namespace(self) -> bool {
        !matches!(
            self,
            Kind::Nodes | Kind::Disks | Kind::Filesystems | Kind::Interfaces
        )
    }

    /// The groups that a pod counts in, where pods are added up: the columns that name each.
    pub(super) fn groups(self) -> Option<fn(&Entity) -> Vec<Group>> {
        match self {
            Kind::Namespaces => Some(entity::namespace),
            Kind::Workloads => Some(entity::workload),
            Kind::Services => Some(entity::services),
            _ => None,
        }
    }

    /// What it is called in a sentence.
    pub(super) fn word(self) -> &'static str {
        match self {
            Kind::Nodes => "nodes",
            Kind::Namespaces => "namespaces",
            Kind::Workloads => "workloads",
            Kind::Services => "services",
            Kind::Pods => "pods",
            Kind::Containers => "containers",
            Kind::Volumes => "volumes",
            Kind::Disks => "disks",
            Kind::Filesystems => "file systems",
            Kind::Interfaces => "network interfaces",
        }
    }

    /// Where the listing is; ends with a parameter.
    pub(super) fn path(
        self,
        node: Option<&str>,
        namespace: Option<&str>,
        search: Option<&str>,
    ) -> String {
        let mut path = format!("/api/entities/{}?health=live,stale", self.entity());
        for (name, value) in [("node", node), ("namespace", namespace), ("search", search)] {
            if let Some(value) = value {
                path.push_str(&format!("&{name}={}", encode(value)));
            }
        }
        path
    }

    /// Whether an entity is listed without `--all`: slices hold units, and pause containers do nothing.
    pub(super) fn counts(self, entity: &Entity) -> bool {
        match self {
            Kind::Containers => !matches!(entity.text("container_kind"), Some("slice" | "sandbox")),
            Kind::Disks => entity.text("disk_kind") != Some("partition"),
            _ => true,
        }
    }

    /// Its columns, the names first.
    pub(super) fn columns(self) -> &'static [Column] {
        match self {
            Kind::Nodes => columns::NODES,
            Kind::Namespaces => columns::NAMESPACES,
            Kind::Workloads => columns::WORKLOADS,
            Kind::Services => columns::SERVICES,
            Kind::Pods => columns::PODS,
            Kind::Containers => columns::CONTAINERS,
            Kind::Volumes => columns::VOLUMES,
            Kind::Disks => columns::DISKS,
            Kind::Filesystems => columns::FILESYSTEMS,
            Kind::Interfaces => columns::INTERFACES,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_column_that_is_shown_is_in_the_catalogue() {
        // An entity that answers every column with a number shows a value in every numeric cell.
        for kind in Kind::value_variants() {
            let table = catalogue::table(kind.entity()).unwrap();
            let mut latest: serde_json::Map<_, _> = table
                .columns
                .iter()
                .filter(|c| !c.unit.is_empty())
                .map(|c| (c.name.to_owned(), json!(1_000_000)))
                .collect();
            latest.insert("pods".to_owned(), json!(1));
            let entity = Entity::new(json!({"latest": latest}));
            for column in kind
                .columns()
                .iter()
                .filter(|column| column.align == crate::print::Align::Right)
            {
                assert_ne!((column.cell)(&entity), "-", "{kind:?}: {}", column.head);
            }
        }
    }

    #[test]
    fn what_is_counted_in_others_is_left_out() {
        let of = |kind: &str| Entity::new(json!({"attributes": {"container_kind": kind}}));
        assert!(Kind::Containers.counts(&of("unit")) && Kind::Containers.counts(&of("container")));
        assert!(!Kind::Containers.counts(&of("slice")) && !Kind::Containers.counts(&of("sandbox")));
    }

    #[test]
    fn filters_are_in_the_path() {
        let path = Kind::Pods.path(Some("n 1"), Some("shop"), None);
        assert_eq!(
            path,
            "/api/entities/pod?health=live,stale&node=n%201&namespace=shop"
        );
    }
}
