//! What the cluster holds, as far as it was told, and the rows that follow from it. No clock, no network: changes and
//! times go in, rows come out.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use catalogue::tables::{EVENT, IDENTITY, OBJECT};

use crate::api::{Event, Meta, Pod, Slice, Thing};
use crate::event;
use crate::identity::{Identity, identities};
use crate::kind::Kind;
use crate::object::{self, Context, Moment};
use crate::rows::{RowError, Rows, TableBatch};

/// How far back the first row of a pod may reach: to the pod's creation, when that was seen soon enough. An older
/// time would fall into days that are closed, or expired.
const REACH: i64 = 15 * 60 * 1_000_000;
/// After so long a pod's rows are written again although nothing changed, so that what is kept for weeks only still
/// names pods that live for months.
const RESTATE: i64 = 24 * 3600 * 1_000_000;
/// The most owners above a pod; more is a circle.
const OWNERS: usize = 8;
/// The label with which a deployment tells its replica sets' pods apart.
const TEMPLATE_HASH: &str = "pod-template-hash";

/// An object of any kind.
#[derive(Debug, Clone)]
pub(crate) enum Object {
    /// A pod.
    Pod(Box<Pod>),
    /// An endpoint slice.
    Slice(Box<Slice>),
    /// An event.
    Event(Box<Event>),
    /// Any other.
    Thing(Box<Thing>),
}

/// What a watch tells.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// It is there, or has changed.
    Apply(Kind, Object),
    /// The one with this uid is gone.
    Delete(Kind, String),
    /// All there are.
    Replace(Kind, Vec<Object>),
    /// They cannot be read. What was known of them stays.
    Dark(Kind),
}

/// Who a pod or container was when it was last written: what is asked of the store at start.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Known {
    /// `namespace`
    pub namespace: String,
    /// `pod`
    pub pod: String,
    /// `pod_uid`
    pub pod_uid: String,
    /// `container`; empty in the row of a pod.
    pub container: String,
    /// `node`
    pub node: Option<String>,
    /// `workload_kind` and `workload`
    pub workload: Option<(String, String)>,
}

#[derive(Debug, Default)]
struct HeldPod {
    pod: Pod,
    workload: Option<(String, String)>,
    /// The print of each row that is written, by container.
    written: BTreeMap<String, u64>,
    written_at: i64,
    /// When its last object row was made, by the monotonic clock.
    row_at: Option<i64>,
    restarts: Option<i64>,
    container_restarts: HashMap<String, i64>,
}

#[derive(Debug)]
struct HeldThing {
    thing: Thing,
    row_at: Option<i64>,
}

/// A pod or container that is to have its last row.
#[derive(Debug)]
struct Gone {
    identity: Identity,
    /// It came and went between two calls: its first row is owed too.
    unwritten: bool,
}

/// Everything that is known of the cluster.
#[derive(Debug)]
pub(crate) struct World {
    cluster: String,
    annotations: Vec<String>,
    // Kept in order, so that rows have one.
    pods: BTreeMap<String, HeldPod>,
    slices: HashMap<String, Slice>,
    things: BTreeMap<Kind, BTreeMap<String, HeldThing>>,
    /// By pod uid: each service with the number of slices that name the pod.
    services: HashMap<String, BTreeMap<String, usize>>,
    /// By event uid: what was written last.
    events: HashMap<String, (Option<i64>, Option<i64>)>,
    new_events: Vec<Event>,
    changed: BTreeSet<String>,
    gone: Vec<Gone>,
    known: Vec<Known>,
    known_events: HashMap<String, i64>,
    /// Kinds that were listed or are dark.
    heard: BTreeSet<Kind>,
}

impl World {
    /// Nothing is known yet, but for what the store held.
    pub(crate) fn new(
        cluster: &str,
        annotations: Vec<String>,
        known: Vec<Known>,
        known_events: HashMap<String, i64>,
    ) -> World {
        World {
            cluster: cluster.to_owned(),
            annotations,
            pods: BTreeMap::new(),
            slices: HashMap::new(),
            things: BTreeMap::new(),
            services: HashMap::new(),
            events: HashMap::new(),
            new_events: Vec::new(),
            changed: BTreeSet::new(),
            gone: Vec::new(),
            known,
            known_events,
            heard: BTreeSet::new(),
        }
    }

    /// Whether everything that names pods was listed, or is known to be unreadable.
    pub(crate) fn can_name_pods(&self) -> bool {
        let mut naming = Kind::ALL.iter().filter(|kind| kind.names_pods());
        naming.all(|kind| self.heard.contains(kind))
    }

    /// Objects of a kind that are held.
    pub(crate) fn held(&self, kind: Kind) -> usize {
        match kind {
            Kind::Pod => self.pods.len(),
            Kind::EndpointSlice => self.slices.len(),
            Kind::Event => self.events.len(),
            _ => self.things.get(&kind).map_or(0, BTreeMap::len),
        }
    }

    /// Takes in what a watch told.
    pub(crate) fn take(&mut self, change: Change) {
        match change {
            Change::Apply(kind, object) => self.apply(kind, object),
            Change::Delete(kind, uid) => self.delete(kind, &uid),
            Change::Replace(kind, objects) => self.replace(kind, objects),
            Change::Dark(kind) => {
                self.heard.insert(kind);
            }
        }
    }

    fn apply(&mut self, kind: Kind, object: Object) {
        match object {
            Object::Pod(pod) => {
                let uid = pod.metadata.uid.clone();
                self.changed.insert(uid.clone());
                self.pods.entry(uid).or_default().pod = *pod;
            }
            Object::Slice(slice) => {
                let uid = slice.metadata.uid.clone();
                self.forget_slice(&uid);
                self.remember_slice(*slice);
            }
            Object::Event(event) => self.note(*event),
            Object::Thing(thing) => {
                let uid = thing.metadata.uid.clone();
                let held = self.things.entry(kind).or_default();
                let before = held.remove(&uid);
                let owner_changed = before
                    .as_ref()
                    .is_none_or(|b| b.thing.metadata.owner() != thing.metadata.owner());
                held.insert(
                    uid.clone(),
                    HeldThing {
                        thing: *thing,
                        row_at: before.and_then(|b| b.row_at),
                    },
                );
                if kind.names_pods() && owner_changed {
                    self.touch_owned(&[uid].into());
                }
            }
        }
    }

    fn delete(&mut self, kind: Kind, uid: &str) {
        match kind {
            Kind::Pod => self.bury(uid),
            Kind::EndpointSlice => self.forget_slice(uid),
            Kind::Event => {
                self.events.remove(uid);
            }
            _ => {
                if let Some(held) = self.things.get_mut(&kind) {
                    held.remove(uid);
                }
            }
        }
    }

    fn replace(&mut self, kind: Kind, objects: Vec<Object>) {
        let there: HashSet<&str> = objects.iter().map(uid).collect();
        let missing = |held: &mut dyn Iterator<Item = &String>| -> Vec<String> {
            held.filter(|uid| !there.contains(uid.as_str()))
                .cloned()
                .collect()
        };
        let missing = match kind {
            Kind::Pod => missing(&mut self.pods.keys()),
            Kind::EndpointSlice => missing(&mut self.slices.keys()),
            Kind::Event => missing(&mut self.events.keys()),
            _ => missing(&mut self.things.entry(kind).or_default().keys()),
        };
        for uid in missing {
            self.delete(kind, &uid);
        }
        let first = self.heard.insert(kind);
        for object in objects {
            self.apply(kind, object);
        }
        if kind == Kind::Pod && first {
            self.bury_known();
        }
        if kind == Kind::Event && first {
            self.known_events = HashMap::new();
        }
    }

    /// Pods that the store knew and that went away while nobody watched.
    fn bury_known(&mut self) {
        let known = std::mem::take(&mut self.known);
        for known in known {
            if let Some(held) = self.pods.get_mut(&known.pod_uid) {
                // Its rows reach back already.
                held.written_at = held.written_at.max(1);
                held.workload = held.workload.take().or(known.workload);
                continue;
            }
            let identity = Identity {
                namespace: known.namespace,
                pod: known.pod,
                pod_uid: known.pod_uid,
                container: known.container,
                node: known.node,
                workload: known.workload,
                ..Identity::default()
            };
            self.gone.push(Gone {
                identity,
                unwritten: false,
            });
        }
    }

    fn bury(&mut self, uid: &str) {
        let Some(held) = self.pods.remove(uid) else {
            return;
        };
        self.changed.remove(uid);
        let services = self.services_of(uid);
        let workload = self.workload(&held.pod.metadata, held.workload.as_ref());
        let all = identities(&held.pod, workload, services, &self.annotations);
        self.gone.extend(all.into_iter().map(|identity| Gone {
            unwritten: held.written_at == 0,
            identity,
        }));
    }

    fn remember_slice(&mut self, slice: Slice) {
        if let Some(service) = slice.service() {
            for pod in slice.pods() {
                let services = self.services.entry(pod.to_owned()).or_default();
                *services.entry(service.to_owned()).or_default() += 1;
                self.changed.insert(pod.to_owned());
            }
        }
        self.slices.insert(slice.metadata.uid.clone(), slice);
    }

    fn forget_slice(&mut self, uid: &str) {
        let Some(slice) = self.slices.remove(uid) else {
            return;
        };
        let Some(service) = slice.service() else {
            return;
        };
        for pod in slice.pods() {
            self.changed.insert(pod.to_owned());
            let Some(services) = self.services.get_mut(pod) else {
                continue;
            };
            if let Some(slices) = services.get_mut(service) {
                *slices -= 1;
                if *slices == 0 {
                    services.remove(service);
                }
            }
            if services.is_empty() {
                self.services.remove(pod);
            }
        }
    }

    fn touch_owned(&mut self, owners: &HashSet<String>) {
        for (uid, held) in &self.pods {
            let owner = held.pod.metadata.owner();
            if owner.is_some_and(|o| owners.contains(&o.uid)) {
                self.changed.insert(uid.clone());
            }
        }
    }

    fn services_of(&self, pod: &str) -> BTreeSet<String> {
        let services = self.services.get(pod);
        services
            .map(|s| s.keys().cloned().collect())
            .unwrap_or_default()
    }

    /// The end of the owner chain. Where an owner is not known, because it may not be read or went before its pods:
    /// what was known before, else what the names tell.
    fn workload(&self, meta: &Meta, before: Option<&(String, String)>) -> (String, String) {
        let Some(first) = meta.owner() else {
            return (Kind::Pod.name().to_owned(), meta.name.clone());
        };
        let mut owner = first;
        for _ in 0..OWNERS {
            let passed_through = match owner.kind.as_str() {
                "ReplicaSet" => Kind::ReplicaSet,
                "Job" => Kind::Job,
                _ => break,
            };
            let held = self.things.get(&passed_through);
            let Some(held) = held.and_then(|things| things.get(&owner.uid)) else {
                if let Some(before) = before {
                    return before.clone();
                }
                let hash = meta.labels.get(TEMPLATE_HASH);
                let deployment = hash
                    .and_then(|hash| owner.name.strip_suffix(hash.as_str()))
                    .and_then(|name| name.strip_suffix('-'));
                if let (Kind::ReplicaSet, Some(name)) = (passed_through, deployment) {
                    return (Kind::Deployment.name().to_owned(), name.to_owned());
                }
                break;
            };
            match held.thing.metadata.owner() {
                Some(above) => owner = above,
                None => break,
            }
        }
        (owner.kind.clone(), owner.name.clone())
    }

    fn note(&mut self, event: Event) {
        let says = (event::count(&event), event::time(&event));
        let uid = event.metadata.uid.clone();
        let before = self.events.insert(uid.clone(), says);
        let written_before_start = self
            .known_events
            .get(&uid)
            .is_some_and(|count| says.0.unwrap_or(0) <= *count);
        if before != Some(says) && !written_before_start {
            self.new_events.push(event);
        }
    }

    /// Has rows written again that were written long ago.
    pub(crate) fn restate(&mut self, now: i64) {
        for (uid, held) in &mut self.pods {
            if !held.written.is_empty() && now - held.written_at >= RESTATE {
                held.written.clear();
                self.changed.insert(uid.clone());
            }
        }
    }

    /// Rows about pods that changed since the last call.
    ///
    /// # Errors
    /// The catalogue does not have what this crate fills.
    pub(crate) fn identity_rows(&mut self, now: i64) -> Result<Option<TableBatch>, RowError> {
        let mut rows = Rows::of(&IDENTITY);
        self.write_identities(&mut rows, now);
        rows.finish()
    }

    /// Writes rows of `identity` about pods that changed since the last call.
    pub(crate) fn write_identities(&mut self, rows: &mut Rows, now: i64) {
        for Gone {
            identity,
            unwritten,
        } in std::mem::take(&mut self.gone)
        {
            if unwritten {
                let since = since(identity.created, now);
                identity.write(rows, &self.cluster, since, false);
            }
            identity.write(rows, &self.cluster, now, true);
        }
        for uid in std::mem::take(&mut self.changed) {
            let Some(held) = self.pods.get(&uid) else {
                continue;
            };
            let workload = self.workload(&held.pod.metadata, held.workload.as_ref());
            let services = self.services_of(&uid);
            let all = identities(&held.pod, workload.clone(), services, &self.annotations);
            let created = held.pod.metadata.creation_timestamp;
            let Some(held) = self.pods.get_mut(&uid) else {
                continue;
            };
            held.workload = Some(workload);
            let since = match held.written_at {
                0 => since(created, now),
                _ => now,
            };
            for identity in all {
                let print = identity.print();
                let before = held.written.insert(identity.container.clone(), print);
                if before != Some(print) {
                    identity.write(rows, &self.cluster, since, false);
                    held.written_at = now;
                }
            }
        }
    }

    /// Rows of events that were not written yet.
    ///
    /// # Errors
    /// The catalogue does not have what this crate fills.
    pub(crate) fn event_rows(&mut self, now: i64) -> Result<Option<TableBatch>, RowError> {
        let mut rows = Rows::of(&EVENT);
        self.write_events(&mut rows, now);
        rows.finish()
    }

    /// Writes rows of `event` that were not written yet.
    pub(crate) fn write_events(&mut self, rows: &mut Rows, now: i64) {
        for event in std::mem::take(&mut self.new_events) {
            event::write(&event, rows, &self.cluster, now);
        }
    }

    /// A row for each object, of the tick `tick` (microseconds since 1970), read `delay` after it; `clock` is the
    /// monotonic clock.
    ///
    /// # Errors
    /// The catalogue does not have what this crate fills.
    pub(crate) fn object_rows(
        &mut self,
        tick: i64,
        delay: i64,
        clock: i64,
    ) -> Result<Option<TableBatch>, RowError> {
        let mut rows = Rows::of(&OBJECT);
        self.write_objects(&mut rows, tick, delay, clock);
        rows.finish()
    }

    /// Writes a row of `object` for each object, as [`World::object_rows`] does.
    pub(crate) fn write_objects(&mut self, rows: &mut Rows, tick: i64, delay: i64, clock: i64) {
        let cluster = self.cluster.clone();
        let moment = Moment {
            cluster: &cluster,
            tick,
            delay,
        };
        let endpoints = self.endpoints();
        for uid in self.pods.keys().cloned().collect::<Vec<_>>() {
            let workload = self
                .pods
                .get(&uid)
                .map(|held| self.workload(&held.pod.metadata, held.workload.as_ref()));
            if let Some(held) = self.pods.get_mut(&uid) {
                pod_rows(rows, moment, held, workload, clock);
            }
        }
        for (kind, things) in &mut self.things {
            for held in things.values_mut() {
                let meta = &held.thing.metadata;
                let place = (
                    meta.namespace.clone().unwrap_or_default(),
                    meta.name.clone(),
                );
                let context = Context {
                    interval: held.row_at.map(|at| clock - at),
                    endpoints: (*kind == Kind::Service
                        && self.heard.contains(&Kind::EndpointSlice))
                    .then(|| endpoints.get(&place).copied().unwrap_or_default()),
                    ..Context::default()
                };
                held.row_at = Some(clock);
                object::thing(rows, moment, *kind, &held.thing, &context);
            }
        }
    }

    /// Addresses behind each service, by namespace and name: ready, and not. One that is in several slices, as when
    /// it moves between them, counts once.
    fn endpoints(&self) -> HashMap<(String, String), (i64, i64)> {
        let mut addresses: HashMap<(String, String), HashMap<&str, bool>> = HashMap::new();
        for slice in self.slices.values() {
            let Some(service) = slice.service() else {
                continue;
            };
            let namespace = slice.metadata.namespace.clone().unwrap_or_default();
            let of_service = addresses
                .entry((namespace, service.to_owned()))
                .or_default();
            for endpoint in &slice.endpoints {
                let ready = endpoint.conditions.ready.unwrap_or(true);
                for address in &endpoint.addresses {
                    *of_service.entry(address).or_default() |= ready;
                }
            }
        }
        let counts = |of: HashMap<&str, bool>| {
            let ready = of.values().filter(|ready| **ready).count() as i64;
            (ready, of.len() as i64 - ready)
        };
        addresses
            .into_iter()
            .map(|(service, of)| (service, counts(of)))
            .collect()
    }
}

fn pod_rows(
    rows: &mut Rows,
    moment: Moment<'_>,
    held: &mut HeldPod,
    workload: Option<(String, String)>,
    clock: i64,
) {
    let increase = |now: i64, before: Option<i64>| before.map(|b| now - b).filter(|i| *i >= 0);
    let restarts = object::restarts(&held.pod);
    let mut context = Context {
        interval: held.row_at.map(|at| clock - at),
        workload,
        restarts_increase: increase(restarts, held.restarts),
        endpoints: None,
    };
    object::pod(rows, moment, &held.pod, &context);
    held.row_at = Some(clock);
    held.restarts = Some(restarts);
    let status = &held.pod.status;
    let all = status
        .init_container_statuses
        .iter()
        .chain(&status.container_statuses)
        .chain(&status.ephemeral_container_statuses);
    for status in all {
        let before = held
            .container_restarts
            .insert(status.name.clone(), status.restart_count);
        context.restarts_increase = increase(status.restart_count, before);
        if before.is_none() {
            context.interval = None;
        }
        object::container(rows, moment, &held.pod, status, &context);
    }
}

/// From when on the first row of a pod holds.
fn since(created: Option<i64>, now: i64) -> i64 {
    created
        .filter(|created| (0..REACH).contains(&(now - created)))
        .unwrap_or(now)
}

fn uid(object: &Object) -> &str {
    match object {
        Object::Pod(pod) => &pod.metadata.uid,
        Object::Slice(slice) => &slice.metadata.uid,
        Object::Event(event) => &event.metadata.uid,
        Object::Thing(thing) => &thing.metadata.uid,
    }
}

#[cfg(test)]
#[path = "world_tests.rs"]
mod tests;
