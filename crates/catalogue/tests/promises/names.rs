//! The dialects' names hold together.

use std::collections::HashSet;

use catalogue::{
    ColumnType, Dialect, DimensionSet, Metric, MetricKind, Rows, Temporality, metrics, waiting,
};

const CLOUDWATCH_UNITS: &[&str] = &[
    "None",
    "Percent",
    "Bytes",
    "Bytes/Second",
    "Count",
    "Count/Second",
    "Seconds",
];
const PROMETHEUS_UNITS: &[&str] = &["", "seconds", "bytes", "microseconds"];
const UCUM_UNITS: &[&str] = &[
    "1",
    "s",
    "By",
    "{cpu}",
    "{fault}",
    "{error}",
    "{inode}",
    "{inodes}",
    "{thread}",
    "{process}",
    "{operation}",
    "{operations}",
    "{connection}",
    "{entries}",
    "{packet}",
];

fn of(dialect: Dialect) -> impl Iterator<Item = &'static Metric> {
    metrics().filter(move |m| m.dialect == dialect)
}

#[test]
fn formulas_read_columns_that_there_are() {
    for metric in metrics() {
        let table = catalogue::table(metric.table)
            .unwrap_or_else(|| panic!("{}: no table {}", metric.name, metric.table));
        for name in metric.formula.columns() {
            if catalogue::derived(table.name, name).is_some() {
                assert!(table.column(name).is_none(), "{name} is a column");
                continue;
            }
            let column = table
                .column(name)
                .unwrap_or_else(|| panic!("{}: no {name}", metric.name));
            let countable = match column.kind {
                ColumnType::Integer | ColumnType::Float => true,
                // Moments and flags count where a dialect wants seconds since 1970 or 0 and 1.
                ColumnType::Time | ColumnType::Boolean => {
                    metric.dialect != Dialect::ContainerInsights
                }
                _ => false,
            };
            assert!(countable, "{}: {name} is no number", metric.name);
        }
        for name in metric.gather {
            assert!(table.column(name).is_some(), "{}: no {name}", metric.name);
        }
        if let Some(name) = metric.rows.column() {
            let column = table
                .column(name)
                .unwrap_or_else(|| panic!("{}: no {name}", metric.name));
            let expected = match metric.rows {
                Rows::True(_) => ColumnType::Boolean,
                _ => ColumnType::Text,
            };
            assert_eq!(column.kind, expected, "{}: {name}", metric.name);
        }
        for (label, name) in &metric.label_columns {
            assert!(
                table.column(name).is_some(),
                "{}: {label} from {name}",
                metric.name
            );
        }
    }
}

#[test]
fn a_gauge_never_mixes_with_an_increase() {
    for metric in metrics() {
        let table = catalogue::table(metric.table).unwrap();
        let deltas = metric
            .formula
            .columns()
            .iter()
            .filter(|name| {
                let column = table.column(name);
                column.is_some_and(|c| c.temporality == Temporality::Delta)
            })
            .count();
        let reads = metric.formula.columns().len();
        match metric.kind {
            MetricKind::Gauge => assert_eq!(deltas, 0, "{}", metric.name),
            MetricKind::Counter => assert_eq!(deltas, reads, "{}", metric.name),
            MetricKind::Rate => assert!(deltas >= 2, "{}", metric.name),
        }
    }
}

#[test]
fn every_series_has_one_meaning() {
    let mut seen = HashSet::new();
    for m in metrics() {
        let labels = format!("{:?}{:?}", m.labels, m.rows);
        assert!(
            seen.insert((m.dialect, m.origin, m.name, m.table, labels)),
            "{} twice",
            m.name
        );
    }
    let mut insights = HashSet::new();
    for name in of(Dialect::ContainerInsights)
        .map(|m| m.name)
        .chain(waiting().map(|w| w.name))
    {
        assert!(insights.insert(name), "{name} twice");
    }
    for m in of(Dialect::ContainerInsights) {
        let table = catalogue::table(m.table).unwrap();
        assert!(
            table.column(m.name).is_none() || m.formula == catalogue::column(m.name),
            "{} is also a column, of another meaning",
            m.name
        );
        assert_eq!(
            catalogue::metric(m.dialect, m.name).map(|f| f.table),
            Some(m.table)
        );
    }
}

#[test]
fn units_are_the_dialects_own() {
    for m in metrics() {
        let units = match m.dialect {
            Dialect::ContainerInsights => CLOUDWATCH_UNITS,
            Dialect::Prometheus => PROMETHEUS_UNITS,
            Dialect::OpenTelemetry => UCUM_UNITS,
        };
        assert!(units.contains(&m.unit), "{}: {:?}", m.name, m.unit);
    }
    for w in waiting() {
        assert!(
            CLOUDWATCH_UNITS.contains(&w.unit),
            "{}: {:?}",
            w.name,
            w.unit
        );
        assert!(!w.needs.is_empty(), "{}", w.name);
    }
}

#[test]
fn container_insights_names_tell_their_unit_and_kind() {
    // The API server's names carry their unit themselves.
    for m in of(Dialect::ContainerInsights).filter(|m| m.table == "control_plane") {
        let expected = match m.name {
            name if name.ends_with("bytes") => "Bytes",
            name if name.ends_with("seconds") => "Seconds",
            _ => "Count",
        };
        assert_eq!(m.unit, expected, "{}", m.name);
    }
    for m in of(Dialect::ContainerInsights).filter(|m| m.table != "control_plane") {
        let expected = if m.name.contains("utilization") || m.name.contains("reserved_capacity") {
            "Percent"
        } else if m.name.contains("_cpu_") {
            "None"
        } else if m.kind == MetricKind::Rate && m.name.contains("bytes") {
            "Bytes/Second"
        } else if m.kind == MetricKind::Rate {
            "Count/Second"
        } else if m.table == "object"
            || m.name.contains("number_of")
            || m.name.contains("inodes")
            || m.name.contains("failcnt")
        {
            "Count"
        } else {
            "Bytes"
        };
        assert_eq!(m.unit, expected, "{}", m.name);
    }
}

#[test]
fn dimension_sets_are_sorted_and_belong_to_the_cluster() {
    let published = of(Dialect::ContainerInsights)
        .map(|m| (m.name, m.publication.unwrap()))
        .chain(waiting().map(|w| (w.name, w.publication.unwrap())));
    for (name, publication) in published {
        let mut known: HashSet<DimensionSet> = HashSet::new();
        for set in publication.enhanced {
            assert!(set.is_sorted(), "{name}: {set:?}");
            assert_eq!(set[0], "ClusterName", "{name}");
            assert!(known.insert(set), "{name}: {set:?} twice");
        }
        // The enhanced mode publishes whatever the standard one does, under at least the same sets.
        for set in publication.standard {
            assert!(
                known.contains(set),
                "{name}: {set:?} in the standard mode alone"
            );
        }
    }
    assert!(
        metrics().all(|m| m.publication.is_some() == (m.dialect == Dialect::ContainerInsights))
    );
}

#[test]
fn standard_mode_publishes_what_aws_does() {
    // reference: seven node metrics and one of the file system at node level; nine at workload level.
    let at = |set: &[&str]| {
        let all = of(Dialect::ContainerInsights)
            .map(|m| (m.name, m.publication.unwrap()))
            .chain(waiting().map(|w| (w.name, w.publication.unwrap())));
        let mut names: Vec<&str> = all
            .filter(|(_, publication)| publication.standard.contains(&set))
            .map(|(name, _)| name)
            .collect();
        names.sort_unstable();
        names
    };
    assert_eq!(
        at(&["ClusterName", "InstanceId", "NodeName"]),
        [
            "node_cpu_reserved_capacity",
            "node_cpu_utilization",
            "node_filesystem_utilization",
            "node_memory_reserved_capacity",
            "node_memory_utilization",
            "node_network_total_bytes",
            "node_number_of_running_containers",
            "node_number_of_running_pods",
        ]
    );
    assert_eq!(
        at(&["ClusterName", "Namespace", "PodName"]),
        [
            "pod_cpu_reserved_capacity",
            "pod_cpu_utilization",
            "pod_cpu_utilization_over_pod_limit",
            "pod_memory_reserved_capacity",
            "pod_memory_utilization",
            "pod_memory_utilization_over_pod_limit",
            "pod_network_rx_bytes",
            "pod_network_tx_bytes",
            "pod_number_of_container_restarts",
        ]
    );
}

#[test]
fn prometheus_names_follow_its_rules() {
    // Names that their exporters have given against the rule.
    let old = |name: &str| {
        name.starts_with("node_netstat_")
            || name.starts_with("node_vmstat_")
            || ["container_memory_failcnt", "container_fs_inodes_total"].contains(&name)
    };
    for m in of(Dialect::Prometheus) {
        let legal = |c: char| c.is_ascii_alphanumeric() || c == '_';
        assert!(m.name.chars().all(legal), "{}", m.name);
        if !old(m.name) {
            assert_eq!(
                m.kind == MetricKind::Counter,
                m.name.ends_with("_total"),
                "{}",
                m.name
            );
        }
        assert_ne!(m.kind, MetricKind::Rate, "{}", m.name);
        if m.unit == "seconds" && m.name != "container_last_seen" {
            assert!(m.name.contains("_seconds"), "{}", m.name);
        }
    }
}

#[test]
fn names_that_dashboards_use_are_there() {
    // The kubernetes mixin's cAdvisor and node-exporter names.
    let names = "container_cpu_usage_seconds_total container_cpu_cfs_periods_total \
        container_cpu_cfs_throttled_periods_total container_memory_working_set_bytes container_memory_rss \
        container_memory_cache container_memory_swap container_fs_reads_bytes_total \
        container_fs_writes_bytes_total container_fs_reads_total container_fs_writes_total \
        container_network_receive_bytes_total container_network_transmit_bytes_total \
        container_network_receive_packets_total container_network_transmit_packets_total \
        container_network_receive_packets_dropped_total container_network_transmit_packets_dropped_total \
        kubelet_volume_stats_capacity_bytes kubelet_volume_stats_available_bytes \
        kubelet_volume_stats_used_bytes kubelet_volume_stats_inodes kubelet_volume_stats_inodes_free \
        kubelet_volume_stats_inodes_used kubelet_node_name kubelet_running_pods kubelet_running_containers \
        node_cpu_seconds_total node_memory_MemTotal_bytes node_memory_MemAvailable_bytes \
        node_memory_MemFree_bytes node_memory_Buffers_bytes node_memory_Cached_bytes \
        node_memory_Slab_bytes node_netstat_Tcp_OutSegs node_netstat_Tcp_RetransSegs \
        node_netstat_TcpExt_TCPSynRetrans";
    for name in names.split_whitespace() {
        assert!(
            catalogue::metric(Dialect::Prometheus, name).is_some(),
            "{name}"
        );
    }
    for name in [
        "k8s.pod.cpu.usage",
        "container.memory.working_set",
        "k8s.node.uptime",
        "system.cpu.time",
    ] {
        assert!(
            catalogue::metric(Dialect::OpenTelemetry, name).is_some(),
            "{name}"
        );
    }
}
