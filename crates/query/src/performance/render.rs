//! Rows of a minute to events.

use std::collections::{BTreeMap, HashMap};

use catalogue::{Dialect, Metric, Table, Temporality, metrics, tables as t};
use serde_json::{Map, Value, json};

use super::event::Event;
use super::{Index, MinuteRows, Mode};
use crate::entities::{Columns, about, derived_number};
use crate::metrics::grid::MINUTE;
use crate::names::{Facts, Name};

const MEASURED: &[&str] = &["cadvisor", "pod", "calculated"];
const OF_NODE: &[&str] = &["cadvisor", "/proc", "pod", "calculated"];
const CALCULATED: &[&str] = &["cadvisor", "calculated"];
const READ: &[&str] = &["cadvisor"];
const API: &[&str] = &["apiserver"];

/// The labels of the control plane's series, and the columns that have them.
const LABELS_OF_SERIES: &[(&str, &str)] = &[
    ("endpoint", "endpoint"),
    ("resource", "resource"),
    ("verb", "verb"),
    ("code", "code"),
    ("method", "method"),
    ("operation", "operation"),
    ("request_kind", "request_kind"),
    ("name", "webhook"),
    ("group", "api_group"),
    ("reason", "reason"),
    ("priority_level", "priority_level"),
];

/// The machine behind a node.
#[derive(Debug, Clone, Default)]
struct Machine {
    id: Option<String>,
    kind: Option<String>,
}

/// The events of a minute, in order of their types.
pub(super) fn events(
    minute: &MinuteRows,
    mode: Mode,
    types: &[String],
    index: &Index,
) -> Vec<Value> {
    let renderer = Renderer {
        minute,
        mode,
        index,
        machines: machines(minute),
    };
    let wanted = |name: &str| types.is_empty() || types.iter().any(|wanted| wanted == name);
    let mut events = Vec::new();
    // The standard mode asks the API server's metrics nothing.
    let has = |name: &str| mode == Mode::Enhanced || name != "ControlPlane";
    let types = super::TYPES.iter().copied();
    for name in types.filter(|name| wanted(name) && has(name)) {
        let found = match name {
            "Cluster" => renderer.gathered(name, &["cluster"]),
            "ClusterNamespace" => renderer.gathered(name, &["cluster", "namespace"]),
            "ClusterService" | "ClusterDeployment" | "ClusterDaemonSet" | "ClusterStatefulSet"
            | "ClusterReplicaSet" => renderer.objects(name),
            _ => renderer.measured(name),
        };
        events.extend(found);
    }
    let millis = minute.time / 1000;
    events
        .into_iter()
        .filter_map(|event| event.json(mode, millis))
        .collect()
}

fn machines(minute: &MinuteRows) -> HashMap<String, Machine> {
    let mut machines = HashMap::new();
    for batch in minute.of(t::NODE.name) {
        let columns = Columns::new(batch);
        for row in 0..batch.num_rows() {
            let text = |name: &str| columns.text(name, row).map(str::to_owned);
            if let Some(node) = text("node") {
                let machine = Machine {
                    id: text("instance_id"),
                    kind: text("instance_type"),
                };
                machines.insert(node, machine);
            }
        }
    }
    machines
}

struct Renderer<'a> {
    minute: &'a MinuteRows,
    mode: Mode,
    index: &'a Index,
    machines: HashMap<String, Machine>,
}

/// What names an event's rows in `object`.
type Key = (String, String);

impl Renderer<'_> {
    /// The values in a row of the metrics of a type.
    fn values(
        &self,
        table: &'static Table,
        columns: &Columns<'_>,
        row: usize,
        of: &[&'static Metric],
    ) -> Vec<(&'static Metric, f64)> {
        let read = |name: &str| match (table.column(name), catalogue::derived(table.name, name)) {
            // A rollup row has the sum of a gauge and how many there were.
            (Some(column), _) if column.temporality == Temporality::Gauge => {
                let sum = columns.number(&format!("{name}_sum"), row)?;
                let count = columns.number(&format!("{name}_count"), row)?;
                (count > 0.0).then(|| sum / count)
            }
            (Some(_), _) => columns.number(name, row),
            (None, Some(derived)) => derived_number(derived, table, columns, row, self.index),
            (None, None) => None,
        };
        of.iter()
            .filter(|metric| about(metric.rows, columns, row))
            .filter_map(|metric| Some((*metric, metric.formula.evaluate(&read)?)))
            .collect()
    }

    /// Events of what the agents measure.
    fn measured(&self, name: &str) -> Vec<Event> {
        let (table, sources): (&'static Table, _) = match name {
            "Node" => (&t::NODE, OF_NODE),
            "NodeFS" => (&t::NODE_FILESYSTEM, CALCULATED),
            "NodeNet" => (&t::NODE_NETWORK, CALCULATED),
            "NodeDiskIO" => (&t::NODE_DISK, READ),
            "Pod" => (&t::POD, MEASURED),
            "PodNet" => (&t::POD_NETWORK, CALCULATED),
            "ContainerFS" => (&t::CONTAINER, CALCULATED),
            "ControlPlane" => (&t::CONTROL_PLANE, API),
            _ => (&t::CONTAINER, MEASURED),
        };
        let of = of(name, table.name, false);
        let mut states = self.states(name);
        let mut events = Vec::new();
        for batch in self.minute.of(table.name) {
            let columns = Columns::new(batch);
            for row in 0..batch.num_rows() {
                let fields = self.values(table, &columns, row, &of);
                if fields.is_empty() {
                    continue;
                }
                let mut event = Event {
                    kind: name.to_owned(),
                    sources,
                    fields,
                    ..Event::default()
                };
                self.place(&mut event, &columns, row);
                if columns.text("pod_uid", row).is_some() {
                    self.pod(&mut event, &columns, row);
                }
                let parts: &[(&'static str, &str)] = match name {
                    "ControlPlane" => LABELS_OF_SERIES,
                    _ => &[("interface", "interface"), ("fstype", "filesystem_type")],
                };
                for (field, column) in parts {
                    if let Some(text) = columns.text(column, row) {
                        event.texts.insert(field, text.to_owned());
                    }
                }
                if let Some(device) = columns.text("device", row) {
                    let device = match name {
                        "NodeDiskIO" => format!("/dev/{device}"),
                        _ => device.to_owned(),
                    };
                    event.texts.insert("device", device);
                }
                let key = match name {
                    "Node" => columns
                        .text("node", row)
                        .map(|n| (n.to_owned(), String::new())),
                    _ => columns.text("pod_uid", row).map(|uid| {
                        let container = columns.text("container", row).unwrap_or_default();
                        (uid.to_owned(), container.to_owned())
                    }),
                };
                if let Some(state) = key.and_then(|key| states.remove(&key)) {
                    event.fields.extend(state.fields);
                    event.texts.extend(state.texts);
                }
                events.push(event);
            }
        }
        // Pods that run nowhere yet are told of by the API alone.
        if name == "Pod" && self.mode == Mode::Enhanced {
            let mut rest: Vec<Event> = states
                .into_values()
                .filter(|event| {
                    event
                        .texts
                        .get("pod_status")
                        .is_some_and(|s| s == "Pending")
                })
                .collect();
            rest.sort_by(|a, b| a.texts.cmp(&b.texts));
            events.extend(rest);
        }
        events
    }

    /// What the API says of nodes, pods or containers, by what names them.
    fn states(&self, name: &str) -> HashMap<Key, Event> {
        let mut states: HashMap<Key, Event> = HashMap::new();
        if !["Node", "Pod", "Container"].contains(&name) {
            return states;
        }
        let (own, added) = (
            of(name, t::OBJECT.name, false),
            of(name, t::OBJECT.name, true),
        );
        for batch in self.minute.of(t::OBJECT.name) {
            let columns = Columns::new(batch);
            for row in 0..batch.num_rows() {
                let text = |name: &str| columns.text(name, row).map(str::to_owned);
                let kind = columns.text("object_kind", row).unwrap_or_default();
                let uid = text("object_uid").unwrap_or_default();
                let container = text("container").unwrap_or_default();
                let key = match (name, kind) {
                    ("Node", "Node") => (text("object_name").unwrap_or_default(), String::new()),
                    ("Container", "Container") => (uid, container),
                    // Reasons of containers are counted in their pod.
                    ("Pod", "Pod" | "Container") => (uid, String::new()),
                    _ => continue,
                };
                let event = states.entry(key).or_default();
                event
                    .fields
                    .extend(self.values(&t::OBJECT, &columns, row, &own));
                for (metric, value) in self.values(&t::OBJECT, &columns, row, &added) {
                    event.add(metric, value);
                }
                if kind != name {
                    continue;
                }
                if name == "Pod" {
                    event.kind = "Pod".to_owned();
                    event.sources = API;
                    event
                        .texts
                        .extend(text("phase").map(|phase| ("pod_status", phase)));
                    self.place(event, &columns, row);
                    self.pod(event, &columns, row);
                    event
                        .kubernetes
                        .insert("host".to_owned(), json!(text("node")));
                }
                if name == "Container" {
                    let state = text("container_state").map(|state| capital(&state));
                    event
                        .texts
                        .extend(state.map(|state| ("container_status", state)));
                    let reason = text("waiting_reason").or_else(|| text("terminated_reason"));
                    event
                        .texts
                        .extend(reason.map(|r| ("container_status_reason", r)));
                    let last = text("last_terminated_reason");
                    event
                        .texts
                        .extend(last.map(|r| ("container_last_termination_reason", r)));
                }
            }
        }
        states
    }

    /// Cluster, node and machine.
    fn place(&self, event: &mut Event, columns: &Columns<'_>, row: usize) {
        let text = |name: &str| columns.text(name, row).map(str::to_owned);
        let texts = &mut event.texts;
        texts.extend(text("cluster").map(|c| ("ClusterName", c)));
        if let Some(node) = text("node") {
            let machine = self.machines.get(&node).cloned().unwrap_or_default();
            texts.insert("InstanceId", machine.id.unwrap_or_else(|| node.clone()));
            texts.extend(machine.kind.map(|kind| ("InstanceType", kind)));
            event.kubernetes.insert("host".to_owned(), json!(node));
            texts.insert("NodeName", node);
        }
        texts.insert("AutoScalingGroupName", String::new());
    }

    /// The pod of a row, and its container.
    fn pod(&self, event: &mut Event, columns: &Columns<'_>, row: usize) {
        let uid = columns
            .text("pod_uid", row)
            .or_else(|| columns.text("object_uid", row));
        let facts = uid.and_then(|uid| self.index.at(uid, self.minute.time + MINUTE - 1));
        let own = |name: &str| columns.text(name, row);
        let namespace = facts
            .and_then(|f| f.namespace.as_deref())
            .or(own("namespace"));
        let pod = facts
            .and_then(|f| f.pod.as_deref())
            .or(own("pod"))
            .or(own("object_name"));
        let workload = facts.and_then(Facts::pod_name).or(pod);
        let service = facts.and_then(|f| Name::Service.one(f));
        let container = own("container");
        let enhanced = self.mode == Mode::Enhanced;
        for (name, text) in [
            ("Namespace", namespace),
            ("PodName", workload),
            ("Service", service),
            ("FullPodName", pod.filter(|_| enhanced)),
            ("ContainerName", container.filter(|_| enhanced)),
        ] {
            event.texts.extend(text.map(|text| (name, text.to_owned())));
        }
        let kubernetes = &mut event.kubernetes;
        for (name, text) in [
            ("namespace_name", namespace),
            ("pod_name", pod),
            ("pod_id", uid),
            ("service_name", service),
            ("container_name", container),
        ] {
            kubernetes.extend(text.map(|text| (name.to_owned(), json!(text))));
        }
        if let Some(facts) = facts {
            let labels: Map<String, Value> = facts
                .labels
                .iter()
                .map(|(key, value)| (key.to_string(), json!(value.as_ref())))
                .collect();
            kubernetes.insert("labels".to_owned(), Value::Object(labels));
            if let (Some(kind), Some(name)) = (&facts.workload_kind, &facts.workload)
                && kind.as_ref() != "Pod"
            {
                let owner = json!([{"owner_kind": kind.as_ref(), "owner_name": name.as_ref()}]);
                kubernetes.insert("pod_owners".to_owned(), owner);
            }
        }
        if let (Some(id), true) = (own("container_id"), container.is_some()) {
            let id = json!({"container_id": id});
            match own("runtime") {
                Some("crio") => kubernetes.insert("cri-o".to_owned(), id),
                Some(runtime) => kubernetes.insert(runtime.to_owned(), id),
                None => kubernetes.insert("container_id".to_owned(), id["container_id"].clone()),
            };
        }
    }

    /// Events of what is counted over objects.
    fn gathered(&self, name: &str, by: &[&'static str]) -> Vec<Event> {
        let of = of(name, t::OBJECT.name, true);
        let mut events: BTreeMap<Vec<String>, Event> = BTreeMap::new();
        for batch in self.minute.of(t::OBJECT.name) {
            let columns = Columns::new(batch);
            for row in 0..batch.num_rows() {
                let values = self.values(&t::OBJECT, &columns, row, &of);
                if values.is_empty() {
                    continue;
                }
                let key: Vec<String> = by
                    .iter()
                    .map(|name| columns.text(name, row).unwrap_or_default().to_owned())
                    .collect();
                let event = events.entry(key).or_default();
                for (metric, value) in values {
                    event.add(metric, value);
                }
            }
        }
        let finish = |(key, mut event): (Vec<String>, Event)| {
            event.kind = name.to_owned();
            event.sources = API;
            let mut key = key.into_iter();
            event.texts.extend(key.next().map(|c| ("ClusterName", c)));
            if let Some(namespace) = key.next() {
                let kubernetes = &mut event.kubernetes;
                kubernetes.insert("namespace_name".to_owned(), json!(namespace));
                event.texts.insert("Namespace", namespace);
            }
            event
        };
        events.into_iter().map(finish).collect()
    }

    /// Events of services and workloads.
    fn objects(&self, name: &str) -> Vec<Event> {
        let kind = name.strip_prefix("Cluster").unwrap_or(name);
        let mut of = of(name, t::OBJECT.name, false);
        if kind != "Service" {
            // Those of every kind of workload have one origin.
            of.extend(self::of("ClusterDeployment", t::OBJECT.name, false));
            of.dedup_by_key(|metric| metric.name);
        }
        let mut events = Vec::new();
        for batch in self.minute.of(t::OBJECT.name) {
            let columns = Columns::new(batch);
            for row in 0..batch.num_rows() {
                if columns.text("object_kind", row) != Some(kind) {
                    continue;
                }
                let mut event = Event {
                    kind: name.to_owned(),
                    sources: API,
                    fields: self.values(&t::OBJECT, &columns, row, &of),
                    ..Event::default()
                };
                let text = |name: &str| columns.text(name, row).map(str::to_owned);
                let (namespace, own) = (text("namespace"), text("object_name"));
                event
                    .texts
                    .extend(text("cluster").map(|c| ("ClusterName", c)));
                if kind == "Service" {
                    let kubernetes = &mut event.kubernetes;
                    kubernetes.insert("namespace_name".to_owned(), json!(namespace));
                    kubernetes.insert("service_name".to_owned(), json!(own));
                    event.texts.extend(own.map(|name| ("Service", name)));
                } else {
                    event.texts.extend(own.map(|name| ("PodName", name)));
                }
                event.texts.extend(namespace.map(|n| ("Namespace", n)));
                events.push(event);
            }
        }
        events
    }
}

/// The metrics of a type that rows of a table have, each row by itself or added up. Claims and volumes have no events.
fn of(name: &str, table: &str, gathered: bool) -> Vec<&'static Metric> {
    metrics()
        .filter(|metric| {
            metric.dialect == Dialect::ContainerInsights
                && metric.origin == name
                && metric.table == table
                && metric.gather.is_empty() != gathered
                && !metric.name.starts_with("persistent_volume")
        })
        .collect()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
