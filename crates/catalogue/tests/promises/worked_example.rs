//! The example in AWS's documentation of how utilizations are computed: two nodes, three pods.

use std::collections::HashMap;

use catalogue::{Dialect, metric};

/// A row over ten seconds in which `cores` processors were used.
fn row(node_cores: f64, cores: f64, limit: Option<f64>) -> HashMap<&'static str, f64> {
    let mut row = HashMap::from([
        ("interval_usec", 10e6),
        ("cpu_usage_usec", cores * 10e6),
        ("node_cpu_cores", node_cores),
        ("cpu_period_usec", 100e3),
    ]);
    if let Some(limit) = limit {
        row.insert("cpu_quota_usec", limit * 100e3);
    }
    row
}

fn value(name: &str, row: &HashMap<&'static str, f64>) -> Option<f64> {
    let found = metric(Dialect::ContainerInsights, name).unwrap_or_else(|| panic!("{name}"));
    found.formula.evaluate(&|column| row.get(column).copied())
}

#[test]
fn utilizations_are_as_documented() {
    // Pod 1 has a container without a limit, so it has none itself.
    let pods = [
        (row(4.0, 2.0, None), 50.0, None),
        (row(4.0, 0.4, Some(1.0)), 10.0, Some(40.0)),
        (row(8.0, 1.0, Some(2.0)), 12.5, Some(50.0)),
    ];
    for (row, of_node, of_limit) in pods {
        assert_eq!(value("pod_cpu_utilization", &row), Some(of_node));
        assert_eq!(value("pod_cpu_utilization_over_pod_limit", &row), of_limit);
    }
    assert_eq!(
        value("node_cpu_utilization", &row(4.0, 3.0, None)),
        Some(75.0)
    );
    assert_eq!(
        value("node_cpu_utilization", &row(8.0, 1.5, None)),
        Some(18.75)
    );
    assert_eq!(value("node_cpu_limit", &row(4.0, 3.0, None)), Some(4000.0));
    assert_eq!(
        value("node_cpu_usage_total", &row(4.0, 3.0, None)),
        Some(3000.0)
    );
    assert_eq!(
        value("pod_cpu_limit", &row(8.0, 1.0, Some(2.0))),
        Some(2000.0)
    );
}

#[test]
fn a_first_row_has_no_rate_and_a_missing_limit_no_ratio() {
    let first = HashMap::from([
        ("node_cpu_cores", 4.0),
        ("memory_working_set_bytes", 1024.0),
    ]);
    assert_eq!(value("pod_cpu_utilization", &first), None);
    assert_eq!(value("pod_network_rx_bytes", &first), None);
    assert_eq!(value("pod_memory_utilization_over_pod_limit", &first), None);
    assert_eq!(value("pod_memory_working_set", &first), Some(1024.0));
    let no_cores = row(0.0, 1.0, None);
    assert_eq!(value("pod_cpu_utilization", &no_cores), None);
}

#[test]
fn rates_are_a_second_by_the_measured_length() {
    let row = HashMap::from([
        ("interval_usec", 9.5e6),
        ("network_rx_bytes", 19e6),
        ("network_tx_bytes", 9.5e6),
    ]);
    assert_eq!(value("pod_network_rx_bytes", &row), Some(2e6));
    assert_eq!(value("pod_network_total_bytes", &row), Some(3e6));
}
