//! What a name means when a question is asked.

use catalogue::{MetricKind, Rows, resolvable, resolve, table};

#[test]
fn a_container_insights_name_of_the_table() {
    let pod = table("pod").unwrap();
    let found = resolve(pod, "pod_cpu_utilization").unwrap();
    assert_eq!(
        found.formula.to_string(),
        "cpu_usage_usec / interval_usec / node_cpu_cores * 100"
    );
    assert_eq!(
        (found.unit.as_ref(), found.kind, found.rows),
        ("Percent", MetricKind::Rate, Rows::All)
    );
    let container = table("container").unwrap();
    let found = resolve(container, "container_memory_utilization").unwrap();
    assert_eq!(found.rows, Rows::Equal("container_kind", "container"));
    assert_eq!(resolve(container, "pod_cpu_utilization"), None);
}

#[test]
fn a_column_that_holds_a_number() {
    let container = table("container").unwrap();
    let kind = |name| resolve(container, name).map(|r| (r.kind, r.unit.into_owned()));
    assert_eq!(
        kind("cpu_usage_usec"),
        Some((MetricKind::Counter, "us".to_owned()))
    );
    assert_eq!(
        kind("memory_usage_bytes"),
        Some((MetricKind::Gauge, "By".to_owned()))
    );
    assert_eq!(
        kind("memory_limit_bytes"),
        Some((MetricKind::Gauge, "By".to_owned()))
    );
    for name in [
        "container",
        "exited",
        "started_time",
        "time",
        "nonsense",
        "",
    ] {
        assert_eq!(kind(name), None, "{name}");
    }
}

#[test]
fn a_delta_a_second() {
    let node = table("node").unwrap();
    let found = resolve(node, "network_rx_bytes_per_second").unwrap();
    assert_eq!(
        found.formula.to_string(),
        "network_rx_bytes / interval_usec * 1e6"
    );
    assert_eq!(
        (found.unit.as_ref(), found.kind),
        ("By/s", MetricKind::Rate)
    );
    for name in [
        "memory_free_bytes_per_second",
        "interval_usec_per_second",
        "_per_second",
        "node_per_second",
    ] {
        assert_eq!(resolve(node, name), None, "{name}");
    }
}

#[test]
fn everything_listed_resolves_to_itself() {
    for table in catalogue::ALL {
        let mut names = 0;
        for name in resolvable(table) {
            let found = resolve(table, &name).unwrap_or_else(|| panic!("{}: {name}", table.name));
            assert_eq!(found.name, name);
            assert_eq!(found.table, table.name);
            for column in found.formula.columns() {
                let known = table.column(column).is_some()
                    || catalogue::derived(table.name, column).is_some();
                assert!(known, "{name}: {column}");
            }
            names += 1;
        }
        assert_eq!(names == 0, table.name == "verdict", "{}", table.name);
    }
}
