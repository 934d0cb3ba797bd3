//! Pods and their containers.

use std::collections::HashMap;

use health::facts::{ContainerFacts, Measured, Neighbour, PodFacts};
use health::{Named, Verdict};

use super::super::history::{History, NodeKey};
use super::super::newest::{Row, Rows, latest};
use super::super::request::VerdictKind;
use super::{Desk, Judged, conditions};

/// How many of those who use a node's processors most are told of.
const BUSIEST: usize = 4;

/// Who uses each node's processors most.
pub(super) fn busiest(
    rows: &Rows<'_>,
    history: &History,
) -> HashMap<NodeKey, Vec<(String, Neighbour)>> {
    let mut all: HashMap<NodeKey, Vec<(String, Neighbour)>> = HashMap::new();
    for (uid, row) in &rows.pods {
        let window = history.pods.get(*uid);
        let used = window.and_then(|w| Some((w.cpu_usage_usec?, w.interval_usec?)));
        let Some((usage, interval)) = used.filter(|(_, interval)| *interval > 0) else {
            continue;
        };
        let name = format!(
            "{}/{}",
            row.text("namespace").unwrap_or("?"),
            row.text("pod").unwrap_or(uid)
        );
        let neighbour = Neighbour {
            name,
            cpu_usage_cores: usage as f64 / interval as f64,
        };
        let on_node = all.entry(row.node_key()).or_default();
        on_node.push(((*uid).to_owned(), neighbour));
        on_node.sort_by(|a, b| b.1.cpu_usage_cores.total_cmp(&a.1.cpu_usage_cores));
        on_node.truncate(BUSIEST);
    }
    all
}

/// Pods, and their containers.
pub(super) fn judge(desk: &Desk<'_>) -> (Vec<Judged>, Vec<Judged>) {
    let (mut pods, mut containers) = (Vec::new(), Vec::new());
    let told = desk.rows.objects.get("Pod").map_or(&[][..], Vec::as_slice);
    for object in told {
        let uid = object.text("object_uid").unwrap_or_default();
        let name = object.text("object_name").unwrap_or_default();
        let seen = desk
            .rows
            .seen_as(uid, object.text("namespace").unwrap_or_default(), name);
        let of_pod = containers_of(desk, uid, seen, Some(*object));
        pods.push(pod(desk, uid, seen, Some(*object), &of_pod));
        containers.extend(of_pod);
    }
    if told.is_empty() {
        // Nobody watches the API: what agents see is what there is.
        for (uid, row) in &desk.rows.pods {
            if row.flag("exited") == Some(true) || desk.now - row.time() > GONE {
                continue;
            }
            let of_pod = containers_of(desk, uid, uid, None);
            pods.push(pod(desk, uid, uid, None, &of_pod));
            containers.extend(of_pod);
        }
    }
    (pods, containers)
}

/// After so long without a row a pod that only agents know of is gone.
const GONE: i64 = 10 * 60 * 1_000_000;

fn containers_of(desk: &Desk<'_>, uid: &str, seen: &str, pod: Option<Row<'_>>) -> Vec<Judged> {
    let none = HashMap::new();
    let running = desk.rows.containers.get(seen).unwrap_or(&none);
    let told = desk.rows.container_objects.get(uid);
    let mut names: Vec<&str> = match told {
        Some(told) => told
            .iter()
            .filter_map(|row| row.text("container"))
            .collect(),
        None => running
            .iter()
            .filter(|(_, row)| row.flag("exited") != Some(true))
            .map(|(name, _)| *name)
            .collect(),
    };
    names.sort_unstable();
    let pod_row = pod.or_else(|| desk.rows.pods.get(seen).copied());
    names
        .into_iter()
        .map(|name| {
            let object = told.and_then(|told| {
                let mut told = told.iter();
                told.find(|row| row.text("container") == Some(name))
                    .copied()
            });
            let row = running.get(name).copied();
            let facts = container_facts(desk, uid, seen, name, object, row, pod);
            let verdict = health::container(&facts, desk.now);
            named(VerdictKind::Container, uid, pod_row, verdict, Some(name))
        })
        .collect()
}

fn pod(
    desk: &Desk<'_>,
    uid: &str,
    seen: &str,
    object: Option<Row<'_>>,
    containers: &[Judged],
) -> Judged {
    let row = desk.rows.pods.get(seen).copied();
    let facts = pod_facts(desk, uid, seen, object, row);
    let parts: Vec<Named<'_>> = containers
        .iter()
        .map(|container| Named {
            name: container.container.as_deref().unwrap_or_default(),
            verdict: &container.verdict,
        })
        .collect();
    let verdict = health::pod(&facts, &parts, desk.now);
    let mut judged = named(VerdictKind::Pod, uid, object.or(row), verdict, None);
    if judged.workload.is_none()
        && let Some(known) = desk.names.at(uid, desk.now)
    {
        judged.workload_kind = known.workload_kind.as_deref().map(str::to_owned);
        judged.workload = known.workload.as_deref().map(str::to_owned);
    }
    judged
}

/// The verdict with the names in the row of its pod, be it the API's or an agent's.
fn named(
    kind: VerdictKind,
    uid: &str,
    row: Option<Row<'_>>,
    verdict: Verdict,
    container: Option<&str>,
) -> Judged {
    let owned = |name: &str| row.and_then(|row| row.owned(name));
    let pod = owned("object_name").or_else(|| owned("pod"));
    let mut judged = Judged::new(kind, pod.as_deref().unwrap_or(uid), verdict);
    judged.cluster = owned("cluster");
    judged.namespace = owned("namespace");
    judged.node = owned("node");
    judged.uid = Some(uid.to_owned());
    judged.workload_kind = owned("workload_kind");
    judged.workload = owned("workload");
    judged.container = container.map(str::to_owned);
    judged
}

fn container_facts(
    desk: &Desk<'_>,
    uid: &str,
    seen: &str,
    name: &str,
    object: Option<Row<'_>>,
    row: Option<Row<'_>>,
    pod: Option<Row<'_>>,
) -> ContainerFacts {
    let key = (uid.to_owned(), name.to_owned());
    let seen_key = (seen.to_owned(), name.to_owned());
    let text = |column: &str| object.and_then(|object| object.owned(column));
    let integer = |column: &str| object.and_then(|object| object.integer(column));
    let moment = |column: &str| object.and_then(|object| object.moment(column));
    let ready = object.and_then(|object| object.flag("ready"));
    ContainerFacts {
        container: Some(name.to_owned()),
        container_kind: None,
        container_state: text("container_state"),
        ready,
        not_ready_since: (ready == Some(false))
            .then(|| desk.since(uid, "", "ready"))
            .flatten(),
        waiting_reason: text("waiting_reason"),
        waiting_since: text("waiting_reason").and_then(|_| desk.since(uid, name, "not_waiting")),
        terminated_reason: text("terminated_reason"),
        exit_code: integer("exit_code"),
        terminated_time: moment("terminated_time"),
        last_terminated_reason: text("last_terminated_reason"),
        last_exit_code: integer("last_exit_code"),
        last_terminated_time: moment("last_terminated_time"),
        restarts: integer("restarts"),
        restarts_increase: desk.history.restarts.get(&key).copied(),
        started_time: moment("started_time"),
        created_time: pod.and_then(|pod| pod.moment("created_time")),
        deleted_time: pod.and_then(|pod| pod.moment("deleted_time")),
        image: None,
        memory_limit_bytes: None,
        measured: row.map(|row| {
            let mut measured = measured(desk, row, seen);
            measured.window = desk
                .history
                .containers
                .get(&seen_key)
                .cloned()
                .unwrap_or_default();
            measured.out_of_memory = desk.history.kills.get(&seen_key).cloned();
            measured.unreclaimable_points = desk
                .history
                .memory
                .get(&seen_key)
                .cloned()
                .unwrap_or_default();
            measured
        }),
        events: desk.events(uid),
        node_events: node_events(desk, pod.or(row)),
        last_lines: desk.lines.get(&key).cloned().unwrap_or_default(),
    }
}

fn node_events(desk: &Desk<'_>, row: Option<Row<'_>>) -> Vec<health::facts::EventFact> {
    row.and_then(|row| row.text("node"))
        .and_then(|node| desk.history.node_events.get(node))
        .cloned()
        .unwrap_or_default()
}

fn pod_facts(
    desk: &Desk<'_>,
    uid: &str,
    seen: &str,
    object: Option<Row<'_>>,
    row: Option<Row<'_>>,
) -> PodFacts {
    let text = |column: &str| object.and_then(|object| object.owned(column));
    let moment = |column: &str| object.and_then(|object| object.moment(column));
    let node = object.or(row).and_then(|row| row.owned("node"));
    let node_ready = object.or(row).and_then(|row| {
        let key = row.node_key();
        desk.ready_nodes.get(&key).copied()
    });
    let phase = text("phase");
    let has_ended = matches!(phase.as_deref(), Some("Succeeded" | "Failed"));
    PodFacts {
        status_reason: text("status_reason"),
        status_message: None,
        conditions: object.map(conditions).unwrap_or_default(),
        condition_times: [
            ("Ready", moment("ready_time")),
            ("PodScheduled", moment("scheduled_time")),
        ]
        .into_iter()
        .filter_map(|(name, time)| Some((name.to_owned(), time?)))
        .chain(
            // A pod that is not ready has no time of it.
            object
                .filter(|object| object.moment("ready_time").is_none() && !has_ended)
                .and_then(|_| Some(("Ready".to_owned(), desk.since(uid, "", "ready")?))),
        )
        .collect(),
        node,
        node_ready,
        owner_kind: text("owner_kind"),
        created_time: moment("created_time"),
        deleted_time: moment("deleted_time"),
        scheduled_time: moment("scheduled_time"),
        started_time: moment("started_time"),
        ready_time: moment("ready_time"),
        ended_time: has_ended
            .then(|| desk.since(uid, "", "not_ended"))
            .flatten(),
        restarts: object.and_then(|object| object.integer("restarts")),
        ephemeral_storage_used_bytes: None,
        ephemeral_storage_limit_bytes: None,
        measured: row.map(|row| {
            let mut measured = measured(desk, row, seen);
            measured.window = desk.history.pods.get(seen).cloned().unwrap_or_default();
            measured
        }),
        events: desk.events(uid),
        phase,
    }
}

/// What is the same for a pod and a container.
fn measured(desk: &Desk<'_>, row: Row<'_>, uid: &str) -> Measured {
    let node = row.node_key();
    let window = desk.history.nodes.get(&node);
    let utilization = window.and_then(|window| {
        let time = window.interval_usec? as f64 * row.number("node_cpu_cores")?;
        (time > 0.0).then_some(window.cpu_usage_usec? as f64 / time)
    });
    let busiest = desk.busiest.get(&node).map_or(&[][..], Vec::as_slice);
    Measured {
        latest: latest(row),
        node_cpu_utilization: utilization,
        neighbours: busiest
            .iter()
            .filter(|(other, _)| other != uid)
            .take(BUSIEST - 1)
            .map(|(_, neighbour)| neighbour.clone())
            .collect(),
        ..Measured::default()
    }
}
