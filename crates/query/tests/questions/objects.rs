//! Container Insights' names over rows of `object`, and over requests that only `identity` tells.

use catalogue::Tier;
use query::{EntitiesRequest, MetricsRequest, Query};
use serde_json::{Value, json};

use crate::held::{Held, TEN, table};

const NOW: i64 = (TEN + 600) * 1_000_000;

fn object(kind: &str, namespace: &str, name: &str, more: Value) -> Value {
    let mut row = json!({"cluster": "c", "object_kind": kind, "namespace": if namespace.is_empty() { Value::Null } else { json!(namespace) }, "object_name": name,
        "object_uid": format!("uid-{name}"), "interval_usec": 30_000_000});
    for (key, value) in more.as_object().unwrap() {
        row[key] = value.clone();
    }
    row
}

/// Two nodes, one of which has lost its kubelet; three pods of a deployment and one of a stateful set.
fn objects() -> Vec<Value> {
    let conditions = |ready: &str, memory: &str| {
        json!({"conditions": {"Ready": ready, "MemoryPressure": memory, "DiskPressure": "False"}, "pods_capacity": 110,
               "pods_allocatable": 100})
    };
    let pod = |node: &str, phase: &str, kind: &str, workload: &str| {
        json!({"node": node, "phase": phase, "workload_kind": kind, "workload": workload, "containers": 2,
               "containers_running": 1, "containers_waiting": 1, "restarts_increase": 1,
               "conditions": {"Ready": if phase == "Running" { "True" } else { "False" }, "PodScheduled": "True"}})
    };
    let waits = |reason: &str, kind: &str, workload: &str, container: &str| {
        json!({"container": container, "container_state": "waiting", "waiting_reason": reason, "workload_kind": kind,
               "workload": workload, "restarts_increase": 1})
    };
    vec![
        object("Node", "", "n1", conditions("True", "False")),
        object("Node", "", "n2", conditions("Unknown", "Unknown")),
        object(
            "Pod",
            "shop",
            "web-1",
            pod("n1", "Running", "Deployment", "web"),
        ),
        object(
            "Pod",
            "shop",
            "web-2",
            pod("n1", "Running", "Deployment", "web"),
        ),
        object(
            "Pod",
            "shop",
            "web-3",
            pod("n2", "Pending", "Deployment", "web"),
        ),
        object(
            "Pod",
            "bank",
            "db-0",
            pod("n2", "Running", "StatefulSet", "db"),
        ),
        object(
            "Container",
            "shop",
            "web-1",
            waits("CrashLoopBackOff", "Deployment", "web", "a"),
        ),
        object(
            "Container",
            "shop",
            "web-1",
            waits("CrashLoopBackOff", "Deployment", "web", "b"),
        ),
        object(
            "Container",
            "bank",
            "db-0",
            waits("ErrImagePull", "StatefulSet", "db", "a"),
        ),
        object("Service", "shop", "front", json!({"endpoints_ready": 2})),
        object("Service", "shop", "idle", json!({"endpoints_ready": 0})),
        object(
            "Deployment",
            "shop",
            "web",
            json!({"replicas_desired": 3, "replicas_ready": 2, "replicas_available": 2,
            "replicas_unavailable": 1}),
        ),
        object(
            "DaemonSet",
            "shop",
            "agent",
            json!({"replicas_desired": 2, "replicas_ready": 1, "replicas_available": 1,
            "replicas_unavailable": 1}),
        ),
        object("Ingress", "shop", "door", json!({})),
        object(
            "PersistentVolumeClaim",
            "bank",
            "data",
            json!({"phase": "Bound"}),
        ),
        object(
            "PersistentVolumeClaim",
            "bank",
            "more",
            json!({"phase": "Pending"}),
        ),
        object("PersistentVolume", "", "pv", json!({"phase": "Bound"})),
    ]
}

fn seeded() -> Query {
    // Every thirty seconds for two minutes, but the second node is there for the first minute only.
    let rows = (0..120).step_by(30).flat_map(|at| {
        let there = move |row: &Value| at < 60 || row["object_name"] != "n2";
        objects()
            .into_iter()
            .filter(there)
            .map(move |row| (at, row))
    });
    let requests = |pod: &str, container: Option<&str>, cpu: Value, memory: i64| {
        json!({"cluster": "c", "namespace": "shop", "pod": pod, "pod_uid": pod, "node": "n1", "container": container,
               "workload_kind": "Deployment", "workload": "web", "cpu_request_cores": cpu,
               "memory_request_bytes": memory})
    };
    let mut gone = requests("late", None, json!(1.0), 1000);
    gone["deleted"] = json!(true);
    let identity = vec![
        (-600, requests("a", None, json!(0.5), 100)),
        (-600, requests("a", Some("main"), json!(0.4), 80)),
        (-600, requests("b", None, Value::Null, 100)),
        (60, requests("late", None, json!(1.0), 1000)),
        (120, gone),
    ];
    let measured = |more: Value| {
        let mut row = json!({"cluster": "c", "node": "n1", "interval_usec": 60_000_000, "node_cpu_cores": 4.0,
            "node_memory_total_bytes": 1000});
        for (key, value) in more.as_object().unwrap() {
            row[key] = value.clone();
        }
        row
    };
    let every = |row: Value| [0, 60, 120].map(|at| (at, row.clone())).to_vec();
    let container = json!({"pod_uid": "a", "container": "main", "container_id": "x", "container_kind": "container",
        "rootfs_used_bytes": 25, "rootfs_capacity_bytes": 100});
    Held::default()
        .with("object", Tier::Raw, rows.collect())
        .with("identity", Tier::Raw, identity)
        .with("node", Tier::Raw, every(measured(json!({}))))
        .with("pod", Tier::Raw, every(measured(json!({"pod_uid": "a"}))))
        .with("container", Tier::Raw, every(measured(container)))
        .query()
}

async fn ask(
    query: &Query,
    metric: &str,
    statistic: &str,
    more: Value,
) -> Vec<(String, Vec<Option<f64>>)> {
    let mut request = json!({"metric": metric, "statistic": statistic, "start": "2026-11-23T10:00:00Z",
        "end": "2026-11-23T10:02:00Z", "period_seconds": 60});
    for (key, value) in more.as_object().unwrap() {
        request[key] = value.clone();
    }
    let request = MetricsRequest::from_json(request.to_string().as_bytes()).unwrap();
    let answer = query.metrics(request, NOW).await.unwrap();
    let series = answer.series.into_iter();
    series
        .map(|s| {
            let labels: Vec<String> = s
                .labels
                .into_values()
                .map(|v| v.unwrap_or("-".into()))
                .collect();
            (labels.join("/"), s.values)
        })
        .collect()
}

fn both(value: f64) -> Vec<Option<f64>> {
    vec![Some(value); 2]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_number_of_a_cluster_is_the_number_that_there_is() {
    let query = seeded();
    let none = vec![None; 2];
    for (metric, more, expected) in [
        // Samples are of the cluster: the average of a number of nodes is a number of nodes.
        ("cluster_node_count", json!({}), vec![Some(2.0), Some(1.0)]),
        (
            "cluster_failed_node_count",
            json!({}),
            vec![Some(1.0), Some(0.0)],
        ),
        ("cluster_number_of_running_pods", json!({}), both(3.0)),
        (
            "namespace_number_of_running_pods",
            json!({"filters": {"Namespace": "shop"}}),
            both(2.0),
        ),
        ("namespace_number_of_running_pods", json!({}), both(1.5)),
        (
            "namespace_ingress_count",
            json!({"filters": {"Namespace": "shop"}}),
            both(1.0),
        ),
        (
            "service_number_of_running_pods",
            json!({"filters": {"Service": "front"}}),
            both(2.0),
        ),
        (
            "service_number_of_running_pods",
            json!({"filters": {"Service": "idle"}}),
            both(0.0),
        ),
        (
            "replicas_desired",
            json!({"filters": {"PodName": "web"}}),
            both(3.0),
        ),
        (
            "replicas_ready",
            json!({"filters": {"PodName": "agent"}}),
            both(1.0),
        ),
        (
            "status_replicas_unavailable",
            json!({"filters": {"PodName": "web"}}),
            both(1.0),
        ),
        ("daemonset_status_number_available", json!({}), both(1.0)),
        (
            "persistent_volume_claim_status_bound",
            json!({"filters": {"PersistentVolumeClaimName": "data"}}),
            both(1.0),
        ),
        ("persistent_volume_count", json!({}), both(1.0)),
        (
            "node_status_condition_ready",
            json!({"filters": {"NodeName": "n1"}}),
            both(1.0),
        ),
        (
            "node_status_condition_ready",
            json!({"filters": {"NodeName": "n2"}}),
            vec![Some(0.0), None],
        ),
        (
            "node_status_condition_unknown",
            json!({"filters": {"NodeName": "n2"}}),
            vec![Some(1.0), None],
        ),
        (
            "node_status_condition_pid_pressure",
            json!({}),
            none.clone(),
        ),
        (
            "node_status_allocatable_pods",
            json!({"filters": {"NodeName": "n1"}}),
            both(100.0),
        ),
        (
            "pod_status_running",
            json!({"filters": {"FullPodName": "web-3"}}),
            both(0.0),
        ),
        (
            "pod_status_pending",
            json!({"filters": {"FullPodName": "web-3"}}),
            both(1.0),
        ),
        (
            "pod_status_ready",
            json!({"filters": {"PodName": "db-0"}}),
            both(1.0),
        ),
        // A delta of two rows in a minute.
        (
            "pod_number_of_container_restarts",
            json!({"filters": {"FullPodName": "web-1"}}),
            both(2.0),
        ),
        (
            "pod_container_status_waiting",
            json!({"filters": {"FullPodName": "web-1"}}),
            both(1.0),
        ),
        (
            "pod_container_status_waiting_reason_crash_loop_back_off",
            json!({}),
            both(2.0),
        ),
        (
            "pod_container_status_waiting_reason_image_pull_error",
            json!({"filters": {"PodName": "db-0"}}),
            both(1.0),
        ),
        (
            "pod_container_status_terminated_reason_oom_killed",
            json!({}),
            none,
        ),
        (
            "number_of_container_restarts",
            json!({"filters": {"ContainerName": "b"}}),
            both(2.0),
        ),
    ] {
        let found = ask(&query, metric, "Average", more.clone()).await;
        assert_eq!(found, [(String::new(), expected)], "{metric} {more}");
    }
    let found = ask(
        &query,
        "persistent_volume_claim_count",
        "Sum",
        json!({"group_by": ["Namespace"]}),
    )
    .await;
    assert_eq!(found, [("bank".to_owned(), both(2.0))]);
    let found = ask(
        &query,
        "pod_status_running",
        "Sum",
        json!({"group_by": ["Namespace", "PodName"]}),
    )
    .await;
    assert_eq!(
        found,
        [
            ("bank/db-0".to_owned(), both(1.0)),
            ("shop/web".to_owned(), both(2.0))
        ]
    );
    let found = ask(
        &query,
        "service_number_of_running_pods",
        "Maximum",
        json!({"group_by": ["Service"]}),
    )
    .await;
    assert_eq!(
        found,
        [
            ("front".to_owned(), both(2.0)),
            ("idle".to_owned(), both(0.0))
        ]
    );
    let found = ask(
        &query,
        "cluster_node_count",
        "Total",
        json!({"group_by": ["ClusterName"]}),
    )
    .await;
    assert_eq!(found, [("c".to_owned(), vec![Some(2.0), Some(1.0)])]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_are_those_of_the_time() {
    let query = seeded();
    for (metric, expected) in [
        ("pod_cpu_request", both(500.0)),
        ("pod_memory_reserved_capacity", both(10.0)),
        ("container_cpu_request", both(400.0)),
        ("container_filesystem_utilization", both(25.0)),
        ("node_cpu_request", vec![Some(500.0), Some(1500.0)]),
        ("node_cpu_reserved_capacity", vec![Some(12.5), Some(37.5)]),
        ("node_memory_request", vec![Some(200.0), Some(1200.0)]),
    ] {
        let found = ask(&query, metric, "Average", json!({})).await;
        assert_eq!(found, [(String::new(), expected)], "{metric}");
    }
    query.learn_names().await.unwrap();
    let pairs = [
        ("metrics", "node_cpu_reserved_capacity"),
        ("sort", "-node_cpu_reserved_capacity"),
    ];
    let request = EntitiesRequest::from_pairs(table("node"), pairs).unwrap();
    let answer = query.entities("node", &request, NOW).unwrap();
    let values: Vec<_> = answer
        .entities
        .iter()
        .map(|e| e.metrics["node_cpu_reserved_capacity"].clone())
        .collect();
    assert_eq!(
        values,
        [json!(37.5), json!(12.5), json!(12.5)],
        "the pod that is deleted at the last row counts no more"
    );
}
