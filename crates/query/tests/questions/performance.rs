//! Performance log events over rows that are written down here, held against the recorded form.

use catalogue::Tier;
use query::{PerformanceAnswer, PerformanceRequest, Query};
use serde_json::{Value, json};

use crate::held::{Held, TEN};

const NOW: i64 = (TEN + 600) * 1_000_000;
const UID: &str = "11111111-2222-3333-4444-555555555555";

fn row(more: Value) -> Value {
    let mut row = json!({"cluster": "demo", "node": "worker-1", "interval_usec": 60_000_000, "node_cpu_cores": 4.0,
        "node_memory_total_bytes": 17_179_869_184_i64});
    for (key, value) in more.as_object().unwrap() {
        row[key] = value.clone();
    }
    row
}

fn seeded() -> Query {
    let identity = json!({"cluster": "demo", "namespace": "shop", "pod": "web-7d9c4b5f6-x2k4q", "pod_uid": UID,
        "node": "worker-1", "workload_kind": "Deployment", "workload": "web", "services": {"web": ""},
        "labels": {"app": "web"}, "cpu_request_cores": 0.2, "memory_request_bytes": 268_435_456});
    let pod = row(
        json!({"pod_uid": UID, "cpu_usage_usec": 6_000_000, "cpu_user_usec": 3_600_000,
        "cpu_system_usec": 2_400_000, "memory_working_set_bytes_sum": 268_435_456, "memory_working_set_bytes_count": 2,
        "cpu_quota_usec": 50_000, "cpu_period_usec": 100_000}),
    );
    let object = |kind: &str, more: Value| {
        let mut row = json!({"cluster": "demo", "object_kind": kind, "namespace": "shop"});
        for (key, value) in more.as_object().unwrap() {
            row[key] = value.clone();
        }
        (60, row)
    };
    let waits = |container: &str| {
        object(
            "Container",
            json!({"object_name": "web-7d9c4b5f6-x2k4q", "object_uid": UID, "container": container,
            "waiting_reason": "CrashLoopBackOff"}),
        )
    };
    let objects = vec![
        object(
            "Node",
            json!({"object_name": "worker-1", "conditions": {"Ready": "True"}}),
        ),
        object(
            "Node",
            json!({"object_name": "worker-2", "conditions": {"MemoryPressure": "Unknown"}}),
        ),
        object(
            "Pod",
            json!({"object_name": "web-7d9c4b5f6-x2k4q", "object_uid": UID, "phase": "Running",
            "node": "worker-1", "conditions": {"Ready": "True", "PodScheduled": "True"}}),
        ),
        waits("a"),
        waits("b"),
        object(
            "Pod",
            json!({"object_name": "later", "object_uid": "later", "phase": "Pending",
            "conditions": {"PodScheduled": "False"}}),
        ),
        object(
            "Service",
            json!({"object_name": "web", "endpoints_ready_sum": 6, "endpoints_ready_count": 2}),
        ),
        object(
            "DaemonSet",
            json!({"object_name": "agent", "replicas_desired_sum": 2, "replicas_desired_count": 1}),
        ),
    ];
    let node = row(
        json!({"instance_id": "i-0000000000000000a", "instance_type": "m5.xlarge",
        "cpu_usage_usec": 60_000_000, "pods_running_sum": 6, "pods_running_count": 1}),
    );
    Held::default()
        .with("identity", Tier::Raw, vec![(-600, identity)])
        .with("node", Tier::Minute, vec![(0, node.clone()), (60, node)])
        .with("pod", Tier::Minute, vec![(60, pod)])
        .with("object", Tier::Minute, objects)
        .query()
}

async fn ask(query: &Query, more: Value) -> PerformanceAnswer {
    let mut request = json!({"start": "2026-11-23T10:01:00Z", "end": "2026-11-23T10:02:00Z"});
    for (key, value) in more.as_object().unwrap() {
        request[key] = value.clone();
    }
    let request = PerformanceRequest::from_json(request.to_string().as_bytes()).unwrap();
    query.performance(request, NOW).await.unwrap()
}

fn definition(name: &str, unit: &str) -> Value {
    match unit {
        "" => json!({"Name": name}),
        unit => json!({"Name": name, "Unit": unit}),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pod_in_the_standard_mode() {
    let answer = ask(&seeded(), json!({"types": ["Pod"], "mode": "standard"})).await;
    assert_eq!(
        answer.events,
        [json!({
            "AutoScalingGroupName": "",
            "CloudWatchMetrics": [
                {"Namespace": "ContainerInsights",
                 "Dimensions": [["ClusterName", "Namespace", "PodName"], ["ClusterName", "Namespace", "Service"],
                                ["ClusterName", "Namespace"], ["ClusterName"]],
                 "Metrics": [definition("pod_cpu_utilization", "Percent"),
                             definition("pod_cpu_utilization_over_pod_limit", "Percent"),
                             definition("pod_memory_utilization", "Percent")]},
                {"Namespace": "ContainerInsights",
                 "Dimensions": [["ClusterName", "Namespace", "PodName"], ["ClusterName"]],
                 "Metrics": [definition("pod_cpu_reserved_capacity", "Percent"),
                             definition("pod_memory_reserved_capacity", "Percent")]},
            ],
            "ClusterName": "demo", "InstanceId": "i-0000000000000000a", "InstanceType": "m5.xlarge",
            "Namespace": "shop", "NodeName": "worker-1", "PodName": "web", "Service": "web",
            "Sources": ["cadvisor", "pod", "calculated"], "Timestamp": "1795428060000", "Type": "Pod", "Version": "0",
            "kubernetes": {"host": "worker-1", "labels": {"app": "web"}, "namespace_name": "shop", "pod_id": UID,
                "pod_name": "web-7d9c4b5f6-x2k4q",
                "pod_owners": [{"owner_kind": "Deployment", "owner_name": "web"}], "service_name": "web"},
            "pod_cpu_limit": 500, "pod_cpu_request": 200, "pod_cpu_reserved_capacity": 5,
            "pod_cpu_usage_system": 40, "pod_cpu_usage_total": 100, "pod_cpu_usage_user": 60,
            "pod_cpu_utilization": 2.5, "pod_cpu_utilization_over_pod_limit": 20,
            "pod_memory_request": 268_435_456, "pod_memory_reserved_capacity": 1.5625,
            "pod_memory_utilization": 0.78125, "pod_memory_working_set": 134_217_728, "pod_status": "Running",
        })]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_enhanced_mode_has_states_and_pods_that_wait() {
    let answer = ask(&seeded(), json!({"types": ["Pod"]})).await;
    let [running, pending] = answer.events.as_slice() else {
        panic!("{:#?}", answer.events);
    };
    assert_eq!(running["FullPodName"], "web-7d9c4b5f6-x2k4q");
    assert_eq!(running["pod_status_running"], 1);
    assert_eq!(
        running["pod_container_status_waiting_reason_crash_loop_back_off"],
        2
    );
    assert_eq!(pending["Sources"], json!(["apiserver"]));
    assert_eq!(pending["pod_status"], "Pending");
    assert_eq!(pending["pod_status_scheduled"], 0);
    assert_eq!(pending["FullPodName"], "later");
    assert_eq!(pending.get("NodeName"), None);

    let answer = ask(&seeded(), json!({"types": ["Node"]})).await;
    let [node] = answer.events.as_slice() else {
        panic!("{:#?}", answer.events);
    };
    assert_eq!(
        (
            &node["node_cpu_utilization"],
            &node["node_number_of_running_pods"]
        ),
        (&json!(25), &json!(6))
    );
    assert_eq!(
        (
            &node["node_status_condition_ready"],
            &node["node_cpu_request"]
        ),
        (&json!(1), &json!(200))
    );
    let sets = &node["CloudWatchMetrics"][0]["Dimensions"];
    assert_eq!(
        *sets,
        json!([["ClusterName", "InstanceId", "NodeName"], ["ClusterName"]])
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_api_counts() {
    let query = seeded();
    let answer = ask(
        &query,
        json!({"types": ["Cluster", "ClusterNamespace", "ClusterService", "ClusterDaemonSet"]}),
    )
    .await;
    let of = |kind: &str| answer.events.iter().find(|e| e["Type"] == kind).unwrap();
    let cluster = of("Cluster");
    assert_eq!(
        (
            &cluster["cluster_node_count"],
            &cluster["cluster_failed_node_count"]
        ),
        (&json!(2), &json!(1))
    );
    assert_eq!(
        of("ClusterNamespace")["namespace_number_of_running_pods"],
        1
    );
    assert_eq!(
        *of("ClusterService"),
        json!({
            "CloudWatchMetrics": [{"Namespace": "ContainerInsights",
                "Dimensions": [["ClusterName", "Namespace", "Service"], ["ClusterName"]],
                "Metrics": [{"Name": "service_number_of_running_pods", "Unit": "Count"}]}],
            "ClusterName": "demo", "Namespace": "shop", "Service": "web", "Sources": ["apiserver"],
            "Timestamp": "1795428060000", "Type": "ClusterService", "Version": "0",
            "kubernetes": {"namespace_name": "shop", "service_name": "web"}, "service_number_of_running_pods": 3,
        })
    );
    assert_eq!(
        (
            &of("ClusterDaemonSet")["replicas_desired"],
            &of("ClusterDaemonSet")["PodName"]
        ),
        (&json!(2), &json!("agent"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_whole_minutes() {
    let query = seeded();
    let both = json!({"start": "2026-11-23T10:00:00Z", "types": ["Node"], "limit": 1});
    let first = ask(&query, both).await;
    assert_eq!(
        (first.events.len(), first.next),
        (1, Some((TEN + 60) * 1000))
    );
    let second = ask(
        &query,
        json!({"start": first.next, "types": ["Node"], "limit": 1}),
    )
    .await;
    assert_eq!((second.events.len(), second.next), (1, None));
    assert_ne!(first.events[0]["Timestamp"], second.events[0]["Timestamp"]);
    for (request, words) in [
        (
            json!({"types": ["Pods"]}),
            "types[0]: there is no type 'Pods'",
        ),
        (
            json!({"start": "2026-11-23T10:01:00Z", "end": "2026-11-23T10:02:00Z", "limit": 1}),
            "more than the limit of 1",
        ),
        (json!({"limit": 0}), "limit: a limit is from 1"),
    ] {
        let request = PerformanceRequest::from_json(request.to_string().as_bytes()).unwrap();
        let fault = query
            .performance(request, NOW)
            .await
            .unwrap_err()
            .to_string();
        assert!(fault.contains(words), "{fault}");
    }
}

/// A gauge in a minute's row, read twice with the same value.
fn gauge(row: &mut Value, name: &str, value: i64) {
    row[format!("{name}_sum")] = json!(value * 2);
    row[format!("{name}_count")] = json!(2);
}

/// Rows of what belongs to nodes, pods and containers, with the figures of the recorded events.
fn parts() -> Query {
    // These tables do not repeat the node's capacities.
    let part = |more: Value| {
        let mut row = row(more);
        for name in ["node_cpu_cores", "node_memory_total_bytes"] {
            row.as_object_mut().unwrap().remove(name);
        }
        row
    };
    let identity = json!({"cluster": "demo", "namespace": "shop", "pod": "web-7d9c4b5f6-x2k4q", "pod_uid": UID,
        "node": "worker-1", "workload_kind": "Deployment", "workload": "web", "services": {"web": ""},
        "labels": {"app": "web", "pod-template-hash": "7d9c4b5f6"}});
    let node = row(json!({"instance_id": "i-0000000000000000a", "instance_type": "m5.xlarge"}));
    let traffic = |more: Value, per_second: [i64; 4]| {
        let mut row = part(more);
        let names = ["rx_bytes", "tx_bytes", "rx_packets", "tx_packets"];
        for (name, value) in names.iter().zip(per_second) {
            row[format!("network_{name}")] = json!(value * 60);
        }
        for name in ["rx_errors", "rx_dropped", "tx_errors", "tx_dropped"] {
            row[format!("network_{name}")] = json!(0);
        }
        row
    };
    let eth0 = json!({"interface": "eth0", "interface_counted": true});
    let lo = json!({"interface": "lo", "interface_counted": false});
    let of_pod = json!({"interface": "eth0", "pod_uid": UID});
    let mut filesystem =
        part(json!({"mountpoint": "/", "device": "/dev/nvme0n1p1", "filesystem_type": "ext4"}));
    for (name, value) in [
        ("filesystem_size_bytes", 107_374_182_400),
        ("filesystem_free_bytes", 64_424_509_440),
        ("filesystem_available_bytes", 64_424_509_440),
        ("filesystem_inodes", 6_553_600),
        ("filesystem_inodes_free", 6_000_000),
    ] {
        gauge(&mut filesystem, name, value);
    }
    let disk = |device: &str, kind: &str| {
        part(
            json!({"device": device, "disk_kind": kind, "disk_read_bytes": 4096 * 60, "disk_write_bytes": 4096 * 60,
                   "disk_reads": 60, "disk_writes": 60}),
        )
    };
    let mut container = row(
        json!({"pod_uid": UID, "container": "app", "container_kind": "container",
        "container_id": "a".repeat(64), "runtime": "containerd"}),
    );
    for (name, value) in [
        ("rootfs_used_bytes", 1_073_741_824),
        ("rootfs_available_bytes", 64_424_509_440),
        ("rootfs_capacity_bytes", 107_374_182_400),
    ] {
        gauge(&mut container, name, value);
    }
    Held::default()
        .with("identity", Tier::Raw, vec![(-600, identity)])
        .with("node", Tier::Minute, vec![(60, node)])
        .with(
            "node_network",
            Tier::Minute,
            vec![
                (60, traffic(eth0, [30_000, 10_000, 50, 40])),
                (60, traffic(lo, [1, 1, 1, 1])),
            ],
        )
        .with(
            "pod_network",
            Tier::Minute,
            vec![(60, traffic(of_pod, [2000, 1000, 10, 8]))],
        )
        .with("node_filesystem", Tier::Minute, vec![(60, filesystem)])
        .with(
            "node_disk",
            Tier::Minute,
            vec![
                (60, disk("nvme0n1", "disk")),
                (60, disk("nvme0n1p1", "partition")),
            ],
        )
        .with("container", Tier::Minute, vec![(60, container)])
        .query()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parts_of_nodes_pods_and_containers() {
    let of_node = |kind: &str, sources: Value, more: Value| {
        let mut event = json!({"AutoScalingGroupName": "", "ClusterName": "demo", "InstanceId": "i-0000000000000000a",
            "InstanceType": "m5.xlarge", "NodeName": "worker-1", "Sources": sources, "Timestamp": "1795428060000",
            "Type": kind, "Version": "0", "kubernetes": {"host": "worker-1"}});
        for (key, value) in more.as_object().unwrap() {
            event[key] = value.clone();
        }
        event
    };
    let calculated = || json!(["cadvisor", "calculated"]);
    let kubernetes = json!({"host": "worker-1", "labels": {"app": "web", "pod-template-hash": "7d9c4b5f6"},
        "namespace_name": "shop", "pod_id": UID, "pod_name": "web-7d9c4b5f6-x2k4q",
        "pod_owners": [{"owner_kind": "Deployment", "owner_name": "web"}], "service_name": "web"});
    let mut of_container = kubernetes.clone();
    of_container["container_name"] = json!("app");
    of_container["containerd"] = json!({"container_id": "a".repeat(64)});
    let of_pod =
        json!({"Namespace": "shop", "PodName": "web", "Service": "web", "kubernetes": kubernetes});
    let with = |a: &Value, b: Value| {
        let mut a = a.clone();
        for (key, value) in b.as_object().unwrap() {
            a[key] = value.clone();
        }
        a
    };
    for (kind, expected) in [
        (
            "NodeFS",
            of_node(
                "NodeFS",
                calculated(),
                json!({
            "CloudWatchMetrics": [{"Namespace": "ContainerInsights",
                "Dimensions": [["ClusterName", "InstanceId", "NodeName"], ["ClusterName"]],
                "Metrics": [definition("node_filesystem_utilization", "Percent")]}],
            "device": "/dev/nvme0n1p1", "fstype": "ext4",
            "node_filesystem_available": 64_424_509_440_i64, "node_filesystem_capacity": 107_374_182_400_i64,
            "node_filesystem_inodes": 6_553_600, "node_filesystem_inodes_free": 6_000_000,
            "node_filesystem_usage": 42_949_672_960_i64, "node_filesystem_utilization": 40}),
            ),
        ),
        (
            "NodeDiskIO",
            of_node(
                "NodeDiskIO",
                json!(["cadvisor"]),
                json!({"device": "/dev/nvme0n1",
            "node_diskio_io_service_bytes_read": 4096, "node_diskio_io_service_bytes_total": 8192,
            "node_diskio_io_service_bytes_write": 4096, "node_diskio_io_serviced_read": 1,
            "node_diskio_io_serviced_total": 2, "node_diskio_io_serviced_write": 1}),
            ),
        ),
        (
            "NodeNet",
            of_node(
                "NodeNet",
                calculated(),
                json!({"interface": "eth0",
            "node_interface_network_rx_bytes": 30_000, "node_interface_network_rx_dropped": 0,
            "node_interface_network_rx_errors": 0, "node_interface_network_rx_packets": 50,
            "node_interface_network_total_bytes": 40_000, "node_interface_network_tx_bytes": 10_000,
            "node_interface_network_tx_dropped": 0, "node_interface_network_tx_errors": 0,
            "node_interface_network_tx_packets": 40}),
            ),
        ),
        (
            "PodNet",
            of_node(
                "PodNet",
                calculated(),
                with(
                    &of_pod,
                    json!({"interface": "eth0",
            "pod_interface_network_rx_bytes": 2000, "pod_interface_network_rx_dropped": 0,
            "pod_interface_network_rx_errors": 0, "pod_interface_network_rx_packets": 10,
            "pod_interface_network_total_bytes": 3000, "pod_interface_network_tx_bytes": 1000,
            "pod_interface_network_tx_dropped": 0, "pod_interface_network_tx_errors": 0,
            "pod_interface_network_tx_packets": 8}),
                ),
            ),
        ),
        (
            "ContainerFS",
            of_node(
                "ContainerFS",
                calculated(),
                with(
                    &of_pod,
                    json!({"kubernetes": of_container,
            "container_filesystem_available": 64_424_509_440_i64, "container_filesystem_capacity": 107_374_182_400_i64,
            "container_filesystem_usage": 1_073_741_824, "container_filesystem_utilization": 1}),
                ),
            ),
        ),
    ] {
        let answer = ask(&parts(), json!({"types": [kind], "mode": "standard"})).await;
        assert_eq!(answer.events, [expected], "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_series_of_the_control_plane() {
    let mut size = json!({"cluster": "demo", "series": "apiserver_storage_size_bytes", "part": "endpoint=etcd-0",
        "endpoint": "etcd-0"});
    gauge(&mut size, "series_value", 3_719_168);
    let requests = json!({"cluster": "demo", "series": "apiserver_request_duration_seconds", "part": "verb=GET",
        "verb": "GET", "increase": 4, "increase_usec": 1_000_000});
    let query = Held::default()
        .with(
            "control_plane",
            Tier::Minute,
            vec![(60, size), (60, requests)],
        )
        .query();
    let mut answer = ask(&query, json!({"types": ["ControlPlane"]})).await;
    answer.events.sort_by_key(|event| event["verb"].is_null());
    let event = |label: &str, value: &str, metric: &str, unit: &str, number: Value| {
        json!({"AutoScalingGroupName": "", "ClusterName": "demo", "Sources": ["apiserver"], "Timestamp": "1795428060000",
            "Type": "ControlPlane", "Version": "0", label: value, metric: number,
            "CloudWatchMetrics": [{"Namespace": "ContainerInsights",
                "Dimensions": [["ClusterName", label], ["ClusterName"]], "Metrics": [definition(metric, unit)]}]})
    };
    assert_eq!(
        answer.events,
        [
            event(
                "verb",
                "GET",
                "apiserver_request_duration_seconds",
                "Seconds",
                json!(0.25)
            ),
            event(
                "endpoint",
                "etcd-0",
                "apiserver_storage_size_bytes",
                "Bytes",
                json!(3_719_168)
            ),
        ]
    );
    assert!(
        ask(
            &query,
            json!({"types": ["ControlPlane"], "mode": "standard"})
        )
        .await
        .events
        .is_empty()
    );
}
