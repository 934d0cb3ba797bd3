//! More of anything never costs less.

use cost::{EntityHours, EntityMinutes, LogVolume, Mode, PriceTable, Usage, estimate};
use proptest::prelude::*;

type Raise = fn(&mut Usage, u64);

/// Every quantity of a usage, to be raised one at a time.
const RAISES: [(&str, Raise); 38] = [
    ("clusters by hour", |it, by| it.entity_hours.clusters += by),
    ("nodes by hour", |it, by| it.entity_hours.nodes += by),
    ("workloads by hour", |it, by| {
        it.entity_hours.workloads += by
    }),
    ("services by hour", |it, by| it.entity_hours.services += by),
    ("namespaces by hour", |it, by| {
        it.entity_hours.namespaces += by
    }),
    ("clusters", |it, by| it.entity_minutes.clusters += by),
    ("nodes", |it, by| it.entity_minutes.nodes += by),
    ("file systems", |it, by| {
        it.entity_minutes.node_filesystems += by
    }),
    ("disks", |it, by| it.entity_minutes.node_disks += by),
    ("interfaces", |it, by| {
        it.entity_minutes.node_interfaces += by
    }),
    ("pods", |it, by| it.entity_minutes.pods += by),
    ("pods with CPU request", |it, by| {
        it.entity_minutes.pods_with_cpu_request += by
    }),
    ("pods with CPU limit", |it, by| {
        it.entity_minutes.pods_with_cpu_limit += by
    }),
    ("pods with memory request", |it, by| {
        it.entity_minutes.pods_with_memory_request += by
    }),
    ("pods with memory limit", |it, by| {
        it.entity_minutes.pods_with_memory_limit += by
    }),
    ("reasons", |it, by| it.entity_minutes.pod_reasons += by),
    ("pod interfaces", |it, by| {
        it.entity_minutes.pod_interfaces += by
    }),
    ("containers", |it, by| it.entity_minutes.containers += by),
    ("containers with CPU request", |it, by| {
        it.entity_minutes.containers_with_cpu_request += by
    }),
    ("containers with CPU limit", |it, by| {
        it.entity_minutes.containers_with_cpu_limit += by
    }),
    ("containers with memory request", |it, by| {
        it.entity_minutes.containers_with_memory_request += by
    }),
    ("containers with memory limit", |it, by| {
        it.entity_minutes.containers_with_memory_limit += by
    }),
    ("container file systems", |it, by| {
        it.entity_minutes.container_filesystems += by
    }),
    ("workload objects", |it, by| {
        it.entity_minutes.workload_objects += by
    }),
    ("services", |it, by| it.entity_minutes.services += by),
    ("namespaces", |it, by| it.entity_minutes.namespaces += by),
    ("series", |it, by| {
        it.entity_minutes.control_plane_series += by
    }),
    ("application bytes", |it, by| {
        it.application_logs.bytes += by
    }),
    ("application events", |it, by| {
        it.application_logs.events += by
    }),
    ("host bytes", |it, by| it.host_logs.bytes += by),
    ("dataplane events", |it, by| it.dataplane_logs.events += by),
    ("performance bytes", |it, by| {
        if let Some(logs) = &mut it.performance_logs {
            logs.bytes += by;
        }
    }),
    ("retention", |it, by| it.retention_days += by as f64),
    ("alarms", |it, by| it.alarm_metrics += by as f64),
    ("high-resolution alarms", |it, by| {
        it.high_resolution_alarm_metrics += by as f64
    }),
    ("dashboards", |it, by| it.dashboards += by as f64),
    ("scans", |it, by| it.insights_scanned_gigabytes += by as f64),
    ("dataplane bytes", |it, by| it.dataplane_logs.bytes += by),
];

fn volume() -> impl Strategy<Value = LogVolume> {
    // Around the five free gigabytes as well as far beyond them.
    (0u64..20_000_000_000, 0u64..10_000_000).prop_map(|(bytes, events)| LogVolume { bytes, events })
}

prop_compose! {
    fn usages()(
        window_hours in 0.01f64..1500.0,
        by_hour in prop::array::uniform5(0u64..3_000_000),
        by_minute in prop::array::uniform4(0u64..5_000_000),
        logs in prop::array::uniform3(volume()),
        performance_logs in prop::option::of(volume()),
        retention_days in 0.0f64..400.0,
        given in prop::array::uniform3(0.0f64..30.0),
        insights_scanned_gigabytes in 0.0f64..20.0,
        free_tier: bool,
    ) -> Usage {
        let blank = Usage::over(window_hours);
        let [clusters, nodes, workloads, services, namespaces] = by_hour;
        let [pods, containers, node_minutes, series] = by_minute;
        let [application_logs, host_logs, dataplane_logs] = logs;
        let [alarm_metrics, high_resolution_alarm_metrics, dashboards] = given;
        Usage {
            entity_hours: EntityHours { clusters, nodes, workloads, services, namespaces, ..blank.entity_hours },
            entity_minutes: EntityMinutes {
                pods, containers, nodes: node_minutes, control_plane_series: series, ..EntityMinutes::default()
            },
            application_logs, host_logs, dataplane_logs, performance_logs, retention_days,
            alarm_metrics, high_resolution_alarm_metrics, dashboards, insights_scanned_gigabytes, free_tier,
            ..blank
        }
    }
}

proptest! {
    #[test]
    fn more_never_costs_less(
        usage in usages(),
        by in 1u64..10_000_000_000,
        enhanced: bool,
        tokyo: bool,
    ) {
        let table = PriceTable::builtin();
        let region = if tokyo { "ap-northeast-1" } else { "us-east-1" };
        let mode = if enhanced { Mode::Enhanced } else { Mode::Standard };
        let before = estimate(table, region, mode, &usage).unwrap();
        prop_assert!(before.total_usd_month >= 0.0);
        for (name, raise) in RAISES {
            let mut more = usage.clone();
            raise(&mut more, by);
            let after = estimate(table, region, mode, &more).unwrap();
            let slack = 1e-9 * (1.0 + before.total_usd_month);
            prop_assert!(
                after.total_usd_month >= before.total_usd_month - slack,
                "{} by {}: {} after {}", name, by, after.total_usd_month, before.total_usd_month
            );
        }
    }

    #[test]
    fn lines_and_tiers_add_up(usage in usages(), enhanced: bool) {
        let mode = if enhanced { Mode::Enhanced } else { Mode::Standard };
        let bill = estimate(PriceTable::builtin(), "us-east-1", mode, &usage).unwrap();
        let lines: f64 = bill.lines.iter().map(|line| line.usd_month).sum();
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()));
        prop_assert!(near(bill.total_usd_month, lines - bill.free_tier_usd));
        prop_assert_eq!(bill.free_tier_usd > 0.0, usage.free_tier && bill.free_tier_usd != 0.0);
        for line in &bill.lines {
            match line.unit_price_usd {
                Some(price) => prop_assert!(near(line.quantity * price, line.usd_month)),
                None => {
                    prop_assert!(line.tiers.len() > 1);
                    let quantity: f64 = line.tiers.iter().map(|part| part.quantity).sum();
                    prop_assert!(near(quantity, line.quantity));
                }
            }
        }
    }
}
