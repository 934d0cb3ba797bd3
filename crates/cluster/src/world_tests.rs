use std::collections::HashMap;

use serde_json::{Value, json};

use super::*;
use crate::testing::{Row, listed, object, recorded, rows};

const VERSIONS: [&str; 2] = ["v1.20", "v1.36"];
/// Long after everything recorded.
const NOW: i64 = 1_800_000_000_000_000;

fn empty() -> World {
    World::new("c", vec!["note".to_owned()], Vec::new(), HashMap::new())
}

fn world(version: &str) -> World {
    let mut world = empty();
    for kind in Kind::ALL {
        world.take(listed(version, kind));
    }
    world
}

fn identity(world: &mut World, now: i64) -> Vec<Row> {
    let batch = world.identity_rows(now).unwrap();
    batch.map_or_else(Vec::new, |b| rows(&b.batch))
}

fn events(world: &mut World) -> Vec<Row> {
    let batch = world.event_rows(NOW).unwrap();
    batch.map_or_else(Vec::new, |b| rows(&b.batch))
}

fn objects(world: &mut World, clock: i64) -> Vec<Row> {
    rows(&world.object_rows(NOW, 7, clock).unwrap().unwrap().batch)
}

fn find<'a>(rows: &'a [Row], wanted: &[(&str, &str)]) -> &'a Row {
    // Names may be the beginnings of names; kinds are whole.
    let fits = |row: &&Row| {
        wanted.iter().all(|(column, value)| {
            let told = text(row, column);
            told == *value || *column != "object_kind" && told.starts_with(value)
        })
    };
    rows.iter()
        .find(fits)
        .unwrap_or_else(|| panic!("no row {wanted:?}"))
}

fn text<'a>(row: &'a Row, column: &str) -> &'a str {
    row.get(column).map_or("", String::as_str)
}

fn pod(uid: &str, more: Value) -> Value {
    let mut pod = json!({
        "metadata": {"name": format!("p-{uid}"), "namespace": "n", "uid": uid},
        "spec": {"containers": [{"name": "a", "image": "i:1"}]},
        "status": {"phase": "Running"},
    });
    merge(&mut pod, more);
    pod
}

fn merge(into: &mut Value, more: Value) {
    match (into, more) {
        (Value::Object(into), Value::Object(more)) => {
            for (key, value) in more {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, more) => *into = more,
    }
}

fn apply(world: &mut World, kind: Kind, json: Value) {
    world.take(Change::Apply(kind, object(kind, json)));
}

fn heard(world: &mut World, kinds: &[Kind]) {
    for kind in kinds {
        world.take(Change::Replace(*kind, Vec::new()));
    }
}

#[test]
fn a_pod_that_has_ended_requests_nothing() {
    let mut world = empty();
    heard(&mut world, &Kind::ALL);
    let spec = json!({"containers": [{"name": "a", "image": "i:1", "resources": {"requests": {"cpu": "100m"}}}]});
    apply(&mut world, Kind::Pod, pod("1", json!({"spec": spec})));
    let rows = identity(&mut world, NOW);
    let of_pod = |rows: &[Row]| {
        rows.iter()
            .find(|row| text(row, "container").is_empty())
            .cloned()
    };
    assert_eq!(text(&of_pod(&rows).unwrap(), "cpu_request_cores"), "0.1");
    let ended = json!({"spec": spec, "status": {"phase": "Succeeded"}});
    apply(&mut world, Kind::Pod, pod("1", ended));
    let rows = identity(&mut world, NOW + 1);
    assert_eq!(text(&of_pod(&rows).unwrap(), "cpu_request_cores"), "");
}

#[test]
fn every_pod_and_container_of_both_versions_has_its_row() {
    for version in VERSIONS {
        let mut world = world(version);
        assert!(world.can_name_pods());
        let rows = identity(&mut world, NOW);
        let pods = recorded(version, Kind::Pod);
        let containers: usize = pods
            .iter()
            .map(|p| {
                p["spec"]["containers"].as_array().map_or(0, Vec::len)
                    + p["spec"]["initContainers"].as_array().map_or(0, Vec::len)
            })
            .sum();
        assert_eq!(rows.len(), pods.len() + containers, "{version}");
        for row in &rows {
            for column in [
                "time",
                "namespace",
                "pod",
                "pod_uid",
                "workload",
                "qos_class",
            ] {
                assert!(!text(row, column).is_empty(), "{version} {column}: {row:?}");
            }
            assert_eq!(text(row, "cluster"), "c");
            assert!(!row.contains_key("deleted"));
        }
        assert!(identity(&mut world, NOW).is_empty(), "nothing changed");
    }
}

#[test]
fn workloads_are_at_the_end_of_the_owner_chain() {
    for version in VERSIONS {
        let rows = identity(&mut world(version), NOW);
        let cases = [
            ("web-", "ReplicaSet", "Deployment", "web"),
            ("tick-", "Job", "CronJob", "tick"),
            ("pi-", "Job", "Job", "pi"),
            ("db-0", "StatefulSet", "StatefulSet", "db"),
            ("node-agent-", "DaemonSet", "DaemonSet", "node-agent"),
            ("childoom", "", "Pod", "childoom"),
        ];
        for (name, owner, kind, workload) in cases {
            let row = find(&rows, &[("pod", name)]);
            assert_eq!(text(row, "owner_kind"), owner, "{version} {name}");
            assert_eq!(text(row, "workload_kind"), kind, "{version} {name}");
            assert_eq!(text(row, "workload"), workload, "{version} {name}");
        }
    }
}

#[test]
fn a_pod_behind_two_services_has_both() {
    for version in VERSIONS {
        let rows = identity(&mut world(version), NOW);
        let web = find(&rows, &[("pod", "web-")]);
        assert_eq!(text(web, "services"), "web=,web-nodeport=");
        assert_eq!(text(web, "service"), "web");
        let container = find(&rows, &[("pod", "web-"), ("container", "httpd")]);
        assert_eq!(text(container, "services"), "web=,web-nodeport=");
        assert_eq!(text(find(&rows, &[("pod", "db-0")]), "services"), "db=");
        assert!(!find(&rows, &[("pod", "guaranteed")]).contains_key("services"));
    }
}

#[test]
fn requests_and_limits_of_pods_are_sums() {
    for version in VERSIONS {
        let rows = identity(&mut world(version), NOW);
        let db = rows
            .iter()
            .find(|r| text(r, "pod") == "db-0" && !r.contains_key("container"))
            .unwrap();
        let request: f64 = text(db, "cpu_request_cores").parse().unwrap();
        assert!((request - 0.07).abs() < 1e-9);
        assert!(!db.contains_key("cpu_limit_cores"), "one has none");
        assert_eq!(text(db, "memory_request_bytes"), "50331648");
        assert_eq!(text(db, "memory_limit_bytes"), "167772160");
        assert_eq!(text(db, "qos_class"), "Burstable");
        let sidecar = find(&rows, &[("pod", "db-0"), ("container", "sidecar")]);
        assert_eq!(text(sidecar, "cpu_limit_cores"), "0.05");
        assert_eq!(text(sidecar, "container_kind"), "container");
        assert!(!text(sidecar, "container_id").contains("://"));
    }
}

#[test]
fn a_heartbeat_writes_nothing_and_a_change_writes_what_changed() {
    let mut world = empty();
    apply(&mut world, Kind::Pod, pod("1", json!({})));
    assert_eq!(identity(&mut world, NOW).len(), 2);
    let beat = json!({"status": {"conditions": [
        {"type": "Ready", "status": "True", "lastTransitionTime": "2026-11-23T03:46:20Z"}]}});
    apply(&mut world, Kind::Pod, pod("1", beat));
    assert!(identity(&mut world, NOW).is_empty());
    let restarted = json!({"status": {"containerStatuses": [
        {"name": "a", "containerID": "containerd://x", "imageID": "sha256:1"}]}});
    apply(&mut world, Kind::Pod, pod("1", restarted));
    let rows = identity(&mut world, NOW + 5);
    assert_eq!(rows.len(), 1, "the container's row only");
    assert_eq!(text(&rows[0], "container_id"), "x");
    assert_eq!(text(&rows[0], "time"), (NOW + 5).to_string());
    let label =
        json!({"metadata": {"labels": {"a": "b"}, "annotations": {"note": "1", "other": "2"}}});
    apply(&mut world, Kind::Pod, pod("1", label));
    let rows = identity(&mut world, NOW + 6);
    assert_eq!(rows.len(), 2);
    assert_eq!(text(&rows[0], "labels"), "a=b");
    assert_eq!(text(&rows[0], "annotations"), "note=1", "of a list only");
}

#[test]
fn what_is_gone_says_so_once_with_its_names() {
    let mut world = world("v1.36");
    identity(&mut world, NOW);
    let web = recorded("v1.36", Kind::Pod)
        .into_iter()
        .find(|p| p["metadata"]["name"].as_str().unwrap().starts_with("web-"))
        .unwrap();
    let uid = web["metadata"]["uid"].as_str().unwrap().to_owned();
    // Its replica set went first, as a cascade may have it.
    let sets: Vec<String> = world.things[&Kind::ReplicaSet].keys().cloned().collect();
    for set in sets {
        world.take(Change::Delete(Kind::ReplicaSet, set));
    }
    world.take(Change::Delete(Kind::Pod, uid.clone()));
    world.take(Change::Delete(Kind::Pod, uid.clone()));
    let rows = identity(&mut world, NOW + 1);
    assert_eq!(rows.len(), 2, "the pod and its container");
    for row in &rows {
        assert_eq!(text(row, "deleted"), "true");
        assert_eq!(text(row, "pod_uid"), uid);
        assert_eq!(text(row, "workload_kind"), "Deployment");
        assert_eq!(text(row, "workload"), "web");
    }
    assert!(identity(&mut world, NOW + 2).is_empty());
}

#[test]
fn a_new_list_ends_only_what_is_not_in_it() {
    let mut world = world("v1.20");
    identity(&mut world, NOW);
    world.take(listed("v1.20", Kind::Pod));
    assert!(identity(&mut world, NOW).is_empty(), "the same list again");
    let mut left = recorded("v1.20", Kind::Pod);
    let gone = left.remove(0);
    let left = left.into_iter().map(|p| object(Kind::Pod, p)).collect();
    world.take(Change::Replace(Kind::Pod, left));
    let rows = identity(&mut world, NOW);
    assert!(!rows.is_empty());
    for row in rows {
        assert_eq!(text(&row, "deleted"), "true");
        assert_eq!(
            text(&row, "pod"),
            gone["metadata"]["name"].as_str().unwrap()
        );
    }
    // A resource that goes dark takes nothing with it.
    world.take(Change::Dark(Kind::Pod));
    assert!(identity(&mut world, NOW).is_empty());
}

#[test]
fn pods_that_went_while_nobody_watched_are_ended_at_the_first_list() {
    let known = |uid: &str, container: &str| Known {
        namespace: "n".to_owned(),
        pod: format!("p-{uid}"),
        pod_uid: uid.to_owned(),
        container: container.to_owned(),
        node: Some("node-1".to_owned()),
        workload: Some(("Deployment".to_owned(), "d".to_owned())),
    };
    let before = vec![known("old", ""), known("old", "a"), known("1", "")];
    let mut world = World::new("c", Vec::new(), before, HashMap::new());
    assert!(identity(&mut world, NOW).is_empty(), "nothing is known yet");
    world.take(Change::Replace(
        Kind::Pod,
        vec![object(Kind::Pod, pod("1", json!({})))],
    ));
    let rows = identity(&mut world, NOW);
    let ended: Vec<&Row> = rows.iter().filter(|r| r.contains_key("deleted")).collect();
    assert_eq!(ended.len(), 2);
    for row in ended {
        assert_eq!(text(row, "pod"), "p-old");
        assert_eq!(text(row, "workload"), "d");
        assert_eq!(text(row, "node"), "node-1");
    }
}

#[test]
fn the_first_row_of_a_young_pod_reaches_back_to_its_creation() {
    let mut world = empty();
    let created = json!({"metadata": {"creationTimestamp": "2027-01-15T07:58:20Z"}});
    // 100 s before NOW.
    apply(&mut world, Kind::Pod, pod("1", created.clone()));
    let rows = identity(&mut world, NOW);
    assert_eq!(text(&rows[0], "time"), (NOW - 100_000_000).to_string());
    apply(&mut world, Kind::Pod, pod("2", created.clone()));
    let later = NOW + REACH;
    let rows = identity(&mut world, later);
    assert_eq!(text(&rows[0], "time"), later.to_string(), "too old for it");
    // One that came and went between two looks has its names all the same.
    apply(&mut world, Kind::Pod, pod("3", created));
    world.take(Change::Delete(Kind::Pod, "3".to_owned()));
    let rows = identity(&mut world, NOW);
    let deleted: Vec<&str> = rows.iter().map(|r| text(r, "deleted")).collect();
    assert_eq!(deleted, ["", "true", "", "true"]);
}

#[test]
fn what_was_written_long_ago_is_written_again() {
    let mut world = empty();
    apply(&mut world, Kind::Pod, pod("1", json!({})));
    identity(&mut world, NOW);
    world.restate(NOW + RESTATE - 1);
    assert!(identity(&mut world, NOW + RESTATE - 1).is_empty());
    world.restate(NOW + RESTATE);
    assert_eq!(identity(&mut world, NOW + RESTATE).len(), 2);
}

#[test]
fn services_come_and_go_with_slices() {
    let slice = |uid: &str, service: &str, pods: &[&str]| {
        let endpoints: Vec<Value> = pods
            .iter()
            .map(|p| json!({"addresses": ["1"], "targetRef": {"kind": "Pod", "uid": p}}))
            .collect();
        json!({"metadata": {"name": uid, "namespace": "n", "uid": uid,
                "labels": {"kubernetes.io/service-name": service}}, "endpoints": endpoints})
    };
    let mut world = empty();
    apply(&mut world, Kind::EndpointSlice, slice("s1", "web", &["1"]));
    apply(&mut world, Kind::Pod, pod("1", json!({})));
    assert_eq!(text(&identity(&mut world, NOW)[0], "services"), "web=");
    // A second slice of the same service, while the pod moves between them: no change.
    apply(&mut world, Kind::EndpointSlice, slice("s2", "web", &["1"]));
    apply(&mut world, Kind::EndpointSlice, slice("s1", "web", &[]));
    assert!(identity(&mut world, NOW).is_empty());
    world.take(Change::Delete(Kind::EndpointSlice, "s2".to_owned()));
    let rows = identity(&mut world, NOW);
    assert_eq!(rows.len(), 2);
    assert!(!rows[0].contains_key("services"));
}

#[test]
fn without_the_right_to_read_replica_sets_names_still_tell_the_deployment() {
    let mut world = empty();
    heard(&mut world, &[Kind::Job, Kind::EndpointSlice]);
    world.take(Change::Dark(Kind::ReplicaSet));
    assert!(!world.can_name_pods());
    let owned = json!({"metadata": {
        "labels": {"pod-template-hash": "5d4f"},
        "ownerReferences": [{"kind": "ReplicaSet", "name": "my-web-5d4f", "uid": "r", "controller": true}]}});
    world.take(Change::Replace(
        Kind::Pod,
        vec![object(Kind::Pod, pod("1", owned))],
    ));
    assert!(world.can_name_pods());
    let rows = identity(&mut world, NOW);
    assert_eq!(text(&rows[0], "workload_kind"), "Deployment");
    assert_eq!(text(&rows[0], "workload"), "my-web");
}

#[test]
fn troubles_have_their_reasons() {
    for version in VERSIONS {
        let mut world = world(version);
        let rows = objects(&mut world, 0);
        let container = |pod| find(&rows, &[("object_kind", "Container"), ("object_name", pod)]);
        let oomer = container("oomer");
        assert_eq!(text(oomer, "last_terminated_reason"), "OOMKilled");
        assert!(text(oomer, "restarts").parse::<i64>().unwrap() >= 4);
        assert!(!text(oomer, "last_terminated_time").is_empty());
        assert!(text(container("noimage"), "waiting_reason").contains("Image"));
        assert_eq!(
            text(container("badconfig"), "waiting_reason"),
            "CreateContainerConfigError"
        );
        assert_eq!(
            text(container("crasher"), "last_terminated_reason"),
            "Error"
        );
        let pod = |name| find(&rows, &[("object_kind", "Pod"), ("object_name", name)]);
        assert_eq!(text(pod("unschedulable"), "phase"), "Pending");
        assert_eq!(text(pod("unschedulable"), "status_reason"), "Unschedulable");
        assert_eq!(text(pod("notready"), "containers_ready"), "0");
        assert_eq!(text(pod("notready"), "containers_running"), "1");
        assert!(text(pod("notready"), "conditions").contains("Ready=False"));
        assert_eq!(text(pod("tick-"), "workload_kind"), "CronJob");
    }
}

#[test]
fn workloads_services_nodes_and_volumes_have_their_state() {
    for version in VERSIONS {
        let rows = objects(&mut world(version), 0);
        let of = |kind, name| find(&rows, &[("object_kind", kind), ("object_name", name)]);
        let numbers = |row: &Row, columns: &[&str]| -> Vec<String> {
            columns.iter().map(|c| text(row, c).to_owned()).collect()
        };
        let replicas = [
            "replicas_desired",
            "replicas_ready",
            "replicas_available",
            "replicas_unavailable",
        ];
        assert_eq!(
            numbers(of("Deployment", "web"), &replicas),
            ["3", "3", "3", "0"]
        );
        assert_eq!(
            numbers(of("Deployment", "crasher"), &replicas),
            ["1", "0", "0", "1"]
        );
        assert_eq!(
            numbers(of("ReplicaSet", "crasher"), &replicas),
            ["1", "0", "0", "1"]
        );
        let pi = of("Job", "pi");
        assert_eq!(
            numbers(pi, &["job_succeeded", "job_failed", "job_active"]),
            ["3", "0", "0"]
        );
        assert!(!text(pi, "completed_time").is_empty());
        assert_eq!(text(of("Job", "failing"), "job_failed"), "3");
        let tick = of("CronJob", "tick");
        assert!(!text(tick, "schedule").is_empty() && !text(tick, "last_schedule_time").is_empty());
        assert_eq!(
            numbers(
                of("Service", "web"),
                &["endpoints_ready", "endpoints_not_ready"]
            ),
            ["3", "0"]
        );
        let node = of("Node", "");
        assert!(text(node, "conditions").contains("Ready=True"));
        assert!(text(node, "cpu_allocatable_cores").parse::<f64>().unwrap() >= 1.0);
        assert!(text(node, "memory_capacity_bytes").parse::<i64>().unwrap() > 1 << 30);
        assert_eq!(text(node, "pods_capacity"), text(node, "pods_allocatable"));
        assert!(text(node, "versions").contains("kubeletVersion=v1."));
        let claim = of("PersistentVolumeClaim", "claim-1");
        assert_eq!(text(claim, "phase"), "Bound");
        assert!(!text(claim, "volume_name").is_empty());
        assert!(text(claim, "storage_request_bytes").parse::<i64>().unwrap() > 0);
        assert!(text(of("PersistentVolume", ""), "volume_name").contains('/'));
        assert_eq!(text(of("Namespace", "shop"), "phase"), "Active");
    }
    let rows = objects(&mut world("v1.36"), 0);
    let db = find(&rows, &[("object_kind", "Service"), ("object_name", "db")]);
    assert_eq!(text(db, "endpoints_not_ready"), "1");
    let tick = find(&rows, &[("object_kind", "CronJob")]);
    assert_eq!(text(tick, "job_active"), "1");
    let agents = find(&rows, &[("object_kind", "DaemonSet")]);
    assert_eq!(text(agents, "replicas_misscheduled"), "0");
}

#[test]
fn restarts_count_from_row_to_row() {
    let with = |restarts: i64| {
        pod(
            "1",
            json!({"status": {"containerStatuses": [{"name": "a", "restartCount": restarts}]}}),
        )
    };
    let mut world = empty();
    apply(&mut world, Kind::Pod, with(3));
    let first = objects(&mut world, 1_000);
    for row in &first {
        assert_eq!(text(row, "restarts"), "3");
        assert!(!row.contains_key("restarts_increase") && !row.contains_key("interval_usec"));
        assert_eq!(text(row, "read_delay_usec"), "7");
    }
    apply(&mut world, Kind::Pod, with(5));
    for row in &objects(&mut world, 11_000) {
        assert_eq!(text(row, "restarts_increase"), "2");
        assert_eq!(text(row, "interval_usec"), "10000");
    }
    apply(&mut world, Kind::Pod, with(0));
    for row in &objects(&mut world, 21_000) {
        assert!(!row.contains_key("restarts_increase"), "it went back");
    }
}

#[test]
fn each_event_has_one_row_and_one_for_each_repetition() {
    for version in VERSIONS {
        let mut world = world(version);
        let recorded = recorded(version, Kind::Event);
        let rows = events(&mut world);
        assert_eq!(rows.len(), recorded.len(), "{version}");
        for (row, event) in rows.iter().zip(&recorded) {
            assert_eq!(
                text(row, "event_uid"),
                event["metadata"]["uid"].as_str().unwrap()
            );
            assert_eq!(text(row, "message"), event["message"].as_str().unwrap());
            assert_eq!(
                text(row, "object_name"),
                event["involvedObject"]["name"].as_str().unwrap()
            );
            assert!(!text(row, "reporter").is_empty(), "{row:?}");
        }
        world.take(listed(version, Kind::Event));
        assert!(events(&mut world).is_empty(), "a relist tells nothing new");
        let mut again = recorded[0].clone();
        again["count"] = json!(41);
        again["lastTimestamp"] = json!("2027-01-15T08:00:00Z");
        apply(&mut world, Kind::Event, again);
        let rows = events(&mut world);
        assert_eq!(rows.len(), 1);
        assert_eq!(text(&rows[0], "event_count"), "41");
        assert_eq!(text(&rows[0], "time"), NOW.to_string());
    }
}

#[test]
fn events_that_the_store_has_are_not_written_again() {
    let recorded = recorded("v1.20", Kind::Event);
    let uid = |event: &Value| event["metadata"]["uid"].as_str().unwrap().to_owned();
    let count = recorded[0]["count"].as_i64().unwrap_or(0);
    let known = HashMap::from([(uid(&recorded[0]), count)]);
    let mut world = World::new("c", Vec::new(), Vec::new(), known);
    world.take(listed("v1.20", Kind::Event));
    let rows = events(&mut world);
    assert_eq!(rows.len(), recorded.len() - 1);
    assert!(
        rows.iter()
            .all(|r| text(r, "event_uid") != uid(&recorded[0]))
    );
}
