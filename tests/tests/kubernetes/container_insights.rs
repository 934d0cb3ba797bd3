//! Container Insights' names that count objects, against the objects themselves.

use std::collections::BTreeMap;
use std::time::Duration;

use kansoku_tests::{Installed, Kubernetes, Rung};
use serde_json::Value;

use crate::inventory::series;

/// Longer than the two minutes for which a pod that is gone is in a question: its range begins with a whole minute.
const SOON: Duration = Duration::from_secs(150);

/// How many objects each namespace has that hold.
fn by_namespace(objects: &[Value], holds: impl Fn(&Value) -> bool) -> BTreeMap<Vec<String>, f64> {
    let mut counts: BTreeMap<Vec<String>, f64> = BTreeMap::new();
    for object in objects.iter().filter(|object| holds(object)) {
        let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default();
        *counts.entry(vec![namespace.to_owned()]).or_default() += 1.0;
    }
    counts
}

/// Cores of a quantity such as `100m`.
fn cores(quantity: &Value) -> f64 {
    let text = quantity.as_str().unwrap_or("0");
    text.strip_suffix('m').map_or_else(
        || text.parse().unwrap(),
        |milli| milli.parse::<f64>().unwrap() / 1e3,
    )
}

/// Bytes of a quantity such as `16Mi`.
fn bytes(quantity: &Value) -> f64 {
    let text = quantity.as_str().unwrap_or("0");
    let scale = |suffix: &str, factor: f64| {
        text.strip_suffix(suffix)
            .map(|n| n.parse::<f64>().unwrap() * factor)
    };
    let known = scale("Ki", 1024.0)
        .or(scale("Mi", 1_048_576.0))
        .or(scale("Gi", 1_073_741_824.0));
    known
        .or(scale("Ti", 1_099_511_627_776.0))
        .unwrap_or_else(|| text.parse().unwrap())
}

/// The sum over a pod's containers.
fn requested(pod: &Value, part: &str, name: &str, read: fn(&Value) -> f64) -> f64 {
    let containers = pod["spec"]["containers"].as_array().unwrap();
    containers
        .iter()
        .map(|container| read(&container["resources"][part][name]))
        .sum()
}

fn one(value: f64) -> BTreeMap<Vec<String>, f64> {
    BTreeMap::from([(vec!["real".to_owned()], value)])
}

#[test]
fn counts_are_those_of_the_api() {
    let Some(kubernetes) = Kubernetes::up() else {
        return;
    };
    kubernetes.workloads();
    let installed = Installed::on(&kubernetes, Rung::Node);
    let http = installed.http();
    // Each is looked at until it is right: pods of jobs come and go, and a minute's mean is of the whole minute.
    let right = |what: &str,
                 ours: &dyn Fn() -> BTreeMap<Vec<String>, f64>,
                 theirs: &dyn Fn() -> BTreeMap<Vec<String>, f64>| {
        let mut last = None;
        let found = kansoku_tests::wait_until(SOON, || {
            let (ours, theirs) = (ours(), theirs());
            let is_right = ours == theirs;
            last = Some((ours, theirs));
            is_right.then_some(())
        });
        assert!(found.is_some(), "{what}: {last:?}\n{}", installed.said());
    };
    let is_running = |pod: &Value| pod["status"]["phase"] == "Running";
    let is_steady =
        |names: &Vec<String>| names.first().is_some_and(|namespace| namespace != "batch");
    let steady = |mut series: BTreeMap<Vec<String>, f64>| {
        series.retain(|names, _| is_steady(names));
        series
    };
    let by = |metric: &'static str, names: &'static [&'static str]| {
        move || series(http, "object", metric, names)
    };

    right("nodes", &by("cluster_node_count", &["cluster"]), &|| {
        one(1.0)
    });
    right(
        "failed nodes",
        &by("cluster_failed_node_count", &["cluster"]),
        &|| one(0.0),
    );
    let namespaces = || {
        steady(series(
            http,
            "object",
            "namespace_number_of_running_pods",
            &["namespace"],
        ))
    };
    right("running pods by namespace", &namespaces, &|| {
        steady(by_namespace(&kubernetes.list("pods"), is_running))
    });
    right(
        "ingresses",
        &by("namespace_ingress_count", &["namespace"]),
        &|| by_namespace(&kubernetes.list("ingresses"), |_| true),
    );
    right(
        "ready pods by service",
        &by(
            "service_number_of_running_pods",
            &["namespace", "object_name"],
        ),
        &|| {
            let ready = |endpoints: &Value| {
                let subsets = endpoints["subsets"].as_array().cloned().unwrap_or_default();
                subsets
                    .iter()
                    .map(|subset| subset["addresses"].as_array().map_or(0, Vec::len))
                    .sum::<usize>()
            };
            let mut all: BTreeMap<_, _> = BTreeMap::new();
            for endpoints in kubernetes.list("endpoints") {
                let text = |name: &str| endpoints["metadata"][name].as_str().unwrap().to_owned();
                all.insert(
                    vec![text("namespace"), text("name")],
                    ready(&endpoints) as f64,
                );
            }
            // A service has a row even when the API has no endpoints for it.
            for service in kubernetes.list("services") {
                let text = |name: &str| service["metadata"][name].as_str().unwrap().to_owned();
                all.entry(vec![text("namespace"), text("name")])
                    .or_insert(0.0);
            }
            all
        },
    );
    for (metric, of) in [
        ("replicas_desired", "spec.replicas"),
        ("replicas_ready", "status.readyReplicas"),
        ("status_replicas_available", "status.availableReplicas"),
    ] {
        right(
            metric,
            &by(metric, &["object_kind", "namespace", "object_name"]),
            &|| {
                let mut all = BTreeMap::new();
                for (kind, resource) in [
                    ("Deployment", "deployments"),
                    ("ReplicaSet", "replicasets"),
                    ("StatefulSet", "statefulsets"),
                    ("DaemonSet", "daemonsets"),
                ] {
                    for object in kubernetes.list(resource) {
                        let text =
                            |name: &str| object["metadata"][name].as_str().unwrap().to_owned();
                        let (part, name) = match (kind, metric) {
                            ("DaemonSet", "replicas_desired") => {
                                ("status", "desiredNumberScheduled")
                            }
                            ("DaemonSet", "replicas_ready") => ("status", "numberReady"),
                            ("DaemonSet", _) => ("status", "numberAvailable"),
                            // Of Kubernetes before 1.22: those that are ready are available.
                            ("StatefulSet", "status_replicas_available") => {
                                ("status", "readyReplicas")
                            }
                            _ => of.split_once('.').unwrap(),
                        };
                        let value = object[part][name].as_f64().unwrap_or(0.0);
                        all.insert(
                            vec![kind.to_owned(), text("namespace"), text("name")],
                            value,
                        );
                    }
                }
                all
            },
        );
    }
    for (metric, phase) in [
        ("persistent_volume_claim_status_bound", "Bound"),
        ("persistent_volume_claim_status_pending", "Pending"),
        ("persistent_volume_claim_status_lost", "Lost"),
    ] {
        right(metric, &by(metric, &["namespace", "object_name"]), &|| {
            let claims = kubernetes.list("persistentvolumeclaims");
            let of = |claim: &Value| {
                let text = |name: &str| claim["metadata"][name].as_str().unwrap().to_owned();
                let value = f64::from(u8::from(claim["status"]["phase"] == phase));
                (vec![text("namespace"), text("name")], value)
            };
            claims.iter().map(of).collect()
        });
    }
    right(
        "volumes",
        &by("persistent_volume_count", &["cluster"]),
        &|| one(1.0),
    );
    for (metric, phase) in [
        ("pod_status_running", "Running"),
        ("pod_status_pending", "Pending"),
    ] {
        let ours = || {
            steady(series(
                http,
                "object",
                metric,
                &["namespace", "object_name"],
            ))
        };
        right(metric, &ours, &|| {
            let pods = kubernetes.list("pods");
            let of = |pod: &Value| {
                let text = |name: &str| pod["metadata"][name].as_str().unwrap().to_owned();
                let value = f64::from(u8::from(pod["status"]["phase"] == phase));
                (vec![text("namespace"), text("name")], value)
            };
            steady(pods.iter().map(of).collect())
        });
    }
    for (metric, kind) in [
        ("node_status_condition_ready", "Ready"),
        ("node_status_condition_memory_pressure", "MemoryPressure"),
        ("node_status_condition_disk_pressure", "DiskPressure"),
        ("node_status_condition_pid_pressure", "PIDPressure"),
    ] {
        right(metric, &by(metric, &["object_name"]), &|| {
            let nodes = kubernetes.list("nodes");
            let of = |node: &Value| {
                let conditions = node["status"]["conditions"].as_array().unwrap();
                let condition = conditions
                    .iter()
                    .find(|condition| condition["type"] == kind)
                    .unwrap();
                let value = f64::from(u8::from(condition["status"] == "True"));
                (
                    vec![node["metadata"]["name"].as_str().unwrap().to_owned()],
                    value,
                )
            };
            nodes.iter().map(of).collect()
        });
    }

    // Requests and limits of pods, by the identity and by the control groups.
    let of_pods = |part: &'static str, name: &'static str, read: fn(&Value) -> f64, scale: f64| {
        let kubernetes = &kubernetes;
        move || {
            let pods = kubernetes.list("pods");
            let mut all = BTreeMap::new();
            for pod in pods.iter().filter(|pod| is_running(pod)) {
                let containers = pod["spec"]["containers"].as_array().unwrap();
                let is_said = |container: &Value| container["resources"][part][name].is_string();
                let wanted = match part {
                    "limits" => containers.iter().all(is_said),
                    _ => containers.iter().any(is_said),
                };
                let text = |name: &str| pod["metadata"][name].as_str().unwrap().to_owned();
                let names = vec![text("namespace"), text("name")];
                if wanted && is_steady(&names) {
                    all.insert(names, (requested(pod, part, name, read) * scale).round());
                }
            }
            all
        }
    };
    let rounded = |metric: &'static str| {
        move || {
            let found = steady(series(http, "pod", metric, &["namespace", "pod"]));
            found
                .into_iter()
                .map(|(names, value)| (names, value.round()))
                .collect()
        }
    };
    right(
        "pod_cpu_request",
        &rounded("pod_cpu_request"),
        &of_pods("requests", "cpu", cores, 1e3),
    );
    right(
        "pod_memory_request",
        &rounded("pod_memory_request"),
        &of_pods("requests", "memory", bytes, 1.0),
    );
    right(
        "pod_cpu_limit",
        &rounded("pod_cpu_limit"),
        &of_pods("limits", "cpu", cores, 1e3),
    );
    right(
        "pod_memory_limit",
        &rounded("pod_memory_limit"),
        &of_pods("limits", "memory", bytes, 1.0),
    );
}

/// Names without a value here: nothing sets the condition on a cluster without a cloud, and no pod here waits so.
const WITHOUT: [&str; 3] = [
    "node_status_condition_network_unavailable",
    "pod_container_status_waiting_reason_start_error",
    "pod_container_status_waiting_reason_create_container_error",
];

#[test]
fn every_name_of_container_insights_has_a_value() {
    let Some(kubernetes) = Kubernetes::up() else {
        return;
    };
    kubernetes.workloads();
    let installed = Installed::on(&kubernetes, Rung::NodeAndVolumes);
    let http = installed.http();
    let names = catalogue::metrics().filter(|metric| {
        metric.dialect == catalogue::Dialect::ContainerInsights
            // Of these an API server has more or fewer, by its version.
            && metric.table != "control_plane"
            && !WITHOUT.contains(&metric.name)
    });
    let mut wanted: Vec<_> = names.map(|metric| (metric.table, metric.name)).collect();
    assert!(wanted.len() > 150, "{}", wanted.len());
    installed.eventually(&format!("no value: {wanted:?}"), SOON, || {
        wanted.retain(|(table, name)| series(http, table, name, &["cluster"]).is_empty());
        wanted.is_empty().then_some(())
    });
}
