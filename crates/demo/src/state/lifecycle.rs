//! What can happen to pods and containers, with the events that tell of it.

use std::sync::Arc;

use cluster::Kind;
use serde_json::json;

use super::group::{Counters, Group};
use super::node::Node;
use super::pod::{Container, Ended, Maker, Phase, Pod, PodId, State, Traffic};
use super::workload::{CronJob, Job, Workload};
use super::{Happened, Simulation};
use crate::logs::Line;
use crate::measure;
use crate::plan::{Controller, CronPlan, Habit};
use crate::story::{Action, LEAK, crash_loop, rollout};
use crate::time::{SECOND, rfc3339};

/// From a container's start until its readiness probe has a good answer.
const READY_AFTER: i64 = 6 * SECOND;
/// Between the signal and the end of a pod that is stopped.
const STOPS_AFTER: i64 = 2 * SECOND;

/// What an event is about and says.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    kind: &'static str,
    namespace: Option<Arc<str>>,
    name: String,
    uid: String,
    field: Option<String>,
    r#type: &'static str,
    reason: &'static str,
    message: String,
    component: &'static str,
    host: Option<String>,
}

impl Event {
    fn new(kind: &'static str, namespace: &Arc<str>, name: &str, uid: &str) -> Event {
        Event {
            kind,
            namespace: Some(Arc::clone(namespace)),
            name: name.to_owned(),
            uid: uid.to_owned(),
            field: None,
            r#type: "Normal",
            reason: "",
            message: String::new(),
            component: "",
            host: None,
        }
    }

    fn saying(self, r#type: &'static str, reason: &'static str, message: String) -> Event {
        Event {
            r#type,
            reason,
            message,
            ..self
        }
    }

    /// About a pod.
    pub(crate) fn of_pod(
        pod: &Pod,
        r#type: &'static str,
        reason: &'static str,
        message: String,
    ) -> Event {
        Event::new("Pod", &pod.namespace, &pod.name, &pod.uid)
            .saying(r#type, reason, message)
            .from("kubelet")
    }

    /// About a container of a pod, as the kubelet tells it.
    pub(crate) fn of_container(
        pod: &Pod,
        container: usize,
        r#type: &'static str,
        reason: &'static str,
        message: String,
    ) -> Event {
        let name = pod.containers.get(container).map(|c| c.part.name);
        Event {
            field: name.map(|name| format!("spec.containers{{{name}}}")),
            host: pod.node.map(Simulation::node_name),
            ..Event::of_pod(pod, r#type, reason, message)
        }
    }

    /// About a node, as its kubelet tells it.
    pub(crate) fn of_node(
        node: &Node,
        r#type: &'static str,
        reason: &'static str,
        message: String,
    ) -> Event {
        Event {
            namespace: None,
            host: Some(node.name.clone()),
            ..Event::new("Node", &"".into(), &node.name, &node.uid)
                .saying(r#type, reason, message)
                .from("kubelet")
        }
    }

    /// About a workload, as its controller tells it.
    pub(crate) fn of_workload(
        workload: &Workload,
        r#type: &'static str,
        reason: &'static str,
        message: String,
    ) -> Event {
        let plan = &workload.plan;
        let (kind, component) = match plan.controller {
            Controller::Deployment => ("Deployment", "deployment-controller"),
            Controller::StatefulSet => ("StatefulSet", "statefulset-controller"),
            Controller::DaemonSet => ("DaemonSet", "daemonset-controller"),
        };
        Event::new(kind, &plan.namespace, &plan.name, &workload.uid)
            .saying(r#type, reason, message)
            .from(component)
    }

    /// About a replica set of a workload.
    fn of_set(
        workload: &Workload,
        set: usize,
        reason: &'static str,
        message: String,
    ) -> Option<Event> {
        let set = workload.sets.get(set)?;
        let event = Event::new("ReplicaSet", &workload.plan.namespace, &set.name, &set.uid);
        Some(
            event
                .saying("Normal", reason, message)
                .from("replicaset-controller"),
        )
    }

    /// About a cron job.
    pub(crate) fn of_cron(
        plan: &CronPlan,
        held: &CronJob,
        reason: &'static str,
        message: String,
    ) -> Event {
        Event::new("CronJob", &"batch".into(), plan.name, &held.uid)
            .saying("Normal", reason, message)
            .from("cronjob-controller")
    }

    /// About a job.
    pub(crate) fn of_job(
        job: &Job,
        r#type: &'static str,
        reason: &'static str,
        message: String,
    ) -> Event {
        Event::new("Job", &"batch".into(), &job.name, &job.uid)
            .saying(r#type, reason, message)
            .from("job-controller")
    }

    /// Reported by this component.
    pub(crate) fn from(self, component: &'static str) -> Event {
        let host = match component {
            "kubelet" | "kernel-monitor" => self.host,
            _ => None,
        };
        Event {
            component,
            host,
            ..self
        }
    }
}

impl Simulation {
    /// What a node is called.
    pub(crate) fn node_name(place: usize) -> String {
        format!("demo-node-{}", place + 1)
    }

    /// Tells of an event. The same about the same object within an hour is a repetition.
    pub(crate) fn happen(&mut self, event: Event, at: i64) {
        let part = event.field.as_deref().unwrap_or_default();
        let key = (format!("{}{part}", event.uid), event.reason, event.message);
        let random = &mut self.random;
        let name = &event.name;
        let repeats = self
            .events
            .get(&key)
            .is_some_and(|h| at - h.last < super::EVENTS_LIVE);
        if !repeats {
            let happened = Happened {
                name: format!("{name}.{}", random.hex(16)),
                uid: random.uuid(),
                first: at,
                last: at,
                count: 0,
            };
            self.events.insert(key.clone(), happened);
        }
        let Some(happened) = self.events.get_mut(&key) else {
            return;
        };
        happened.last = happened.last.max(at);
        happened.count += 1;
        let namespace = event.namespace.as_deref();
        self.changed.events.push(json!({
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {
                "name": happened.name,
                "namespace": namespace.unwrap_or("default"),
                "uid": happened.uid,
                "creationTimestamp": rfc3339(happened.first),
            },
            "involvedObject": {
                "kind": event.kind,
                "namespace": namespace,
                "name": event.name,
                "uid": event.uid,
                "fieldPath": event.field,
            },
            "type": event.r#type,
            "reason": event.reason,
            "message": key.2,
            "source": {"component": event.component, "host": event.host},
            "reportingComponent": event.component,
            "count": happened.count,
            "firstTimestamp": rfc3339(happened.first),
            "lastTimestamp": rfc3339(happened.last),
        }));
    }

    /// Makes a pod and finds a node for it, unless it asks for more than any has.
    pub(crate) fn make_pod(&mut self, maker: Maker, at: i64) -> PodId {
        let id = self.add_pod(maker, at, at);
        let Some(pod) = self.pods.get(&id) else {
            return id;
        };
        let made = format!("Created pod: {}", pod.name);
        let event = match maker {
            Maker::Workload { workload, set } => self
                .workloads
                .get(workload)
                .and_then(|w| Event::of_set(w, set, "SuccessfulCreate", made)),
            Maker::Job(job) => self
                .jobs
                .get(&job)
                .map(|job| Event::of_job(job, "Normal", "SuccessfulCreate", made)),
        };
        if let Some(event) = event {
            self.happen(event, at);
        }
        let Some(node) = self.room_for(id) else {
            return id;
        };
        self.place(id, node, at);
        if let Some(pod) = self.pods.get(&id) {
            let message = format!(
                "Successfully assigned {}/{} to {}",
                pod.namespace,
                pod.name,
                Simulation::node_name(node)
            );
            let event = Event::of_pod(pod, "Normal", "Scheduled", message);
            self.happen(event.from("default-scheduler"), at);
        }
        id
    }

    /// Adds a pod that was made at a time and has no node yet.
    pub(super) fn add_pod(&mut self, maker: Maker, created: i64, at: i64) -> PodId {
        let id = self.pod_count;
        self.pod_count += 1;
        let uid = self.random.uuid();
        let shift = self.random.between(0.0, std::f64::consts::TAU);
        let end = self.random.name_end(5);
        let mut pod = Pod {
            maker,
            ordinal: 0,
            namespace: "batch".into(),
            name: String::new(),
            uid,
            node: None,
            address: None,
            created,
            scheduled: None,
            ready_since: None,
            not_ready_since: at,
            phase: Phase::Pending,
            containers: Vec::new(),
            host_network: false,
            priority: None,
            receives: 60_000.0,
            sends: 20_000.0,
            shift,
            group: None,
            sandbox: None,
            receipt: None,
            traffic: Traffic::default(),
            traffic_total: (0, 0),
        };
        match maker {
            Maker::Workload { workload, set } => {
                if let Some(workload) = self.workloads.get_mut(workload) {
                    let plan = &workload.plan;
                    pod.namespace = Arc::clone(&plan.namespace);
                    pod.ordinal = workload.pods.len() as u32;
                    pod.name = match plan.controller {
                        Controller::Deployment => {
                            let set = workload.sets.get(set).map_or("", |s| s.name.as_str());
                            format!("{set}-{end}")
                        }
                        Controller::StatefulSet => format!("{}-{}", plan.name, pod.ordinal),
                        Controller::DaemonSet => format!("{}-{end}", plan.name),
                    };
                    let parts = workload.sets.get(set).map(|s| s.parts.iter());
                    let parts = parts.into_iter().flatten();
                    pod.containers = parts.map(|p| Container::new(Arc::clone(p))).collect();
                    pod.host_network = plan.host_network;
                    pod.priority = plan.priority;
                    (pod.receives, pod.sends) = (plan.receives, plan.sends);
                    workload.pods.push(id);
                }
                self.changed.workloads.insert(workload);
            }
            Maker::Job(number) => {
                if let Some(job) = self.jobs.get(&number) {
                    pod.name = format!("{}-{end}", job.name);
                    let part = self
                        .crons
                        .get(job.cron)
                        .map(|(plan, _)| Arc::clone(&plan.part));
                    pod.containers = part.into_iter().map(Container::new).collect();
                }
            }
        }
        self.pods.insert(id, pod);
        self.changed.pods.insert(id);
        id
    }

    /// The node with the fewest pods, of those that have room for it.
    pub(super) fn room_for(&self, id: PodId) -> Option<usize> {
        let pod = self.pods.get(&id)?;
        let wanted = match pod.maker {
            Maker::Workload { workload, .. } => {
                self.workloads.get(workload).and_then(|w| w.plan.node)
            }
            Maker::Job(_) => None,
        };
        if pod.cpu_request() >= self.nodes.first()?.cores * 1000 {
            return None;
        }
        if let Some(wanted) = wanted {
            return Some(wanted.min(self.nodes.len() - 1));
        }
        let takes = self.nodes.iter().enumerate();
        let free = takes.filter(|(_, node)| node.disk_pressure_since.is_none());
        free.min_by_key(|(_, node)| node.pods.len())
            .map(|(place, _)| place)
    }

    /// Puts a pod on a node.
    pub(super) fn place(&mut self, id: PodId, place: usize, at: i64) {
        let (Some(pod), Some(node)) = (self.pods.get_mut(&id), self.nodes.get_mut(place)) else {
            return;
        };
        pod.node = Some(place);
        pod.scheduled = Some(at);
        pod.address = Some(if pod.host_network {
            node.address.clone()
        } else {
            // Numbers are given anew after 250 more pods; a finished pod's address may be another's.
            let number = 2 + node.addresses % 250;
            node.addresses += 1;
            format!("10.{}.{}.{number}", 64 + place / 256, place % 256)
        });
        node.pods.insert(id);
        self.changed.pods.insert(id);
    }

    /// Where a pod's group is in the hierarchy.
    pub(super) fn pod_path(pod: &Pod) -> String {
        let qos = pod.qos().to_lowercase();
        let uid = pod.uid.replace('-', "_");
        format!("/kubepods.slice/kubepods-{qos}.slice/kubepods-{qos}-pod{uid}.slice")
    }

    pub(super) fn container_path(pod: &str, id: &str) -> String {
        format!("{pod}/cri-containerd-{id}.scope")
    }

    /// Starts the pause container, and with it the pod's group.
    pub(crate) fn start_sandbox(&mut self, id: PodId, at: i64) {
        let sandbox = self.random.hex(64);
        let Some(pod) = self.pods.get_mut(&id) else {
            return;
        };
        if pod.sandbox.is_some() {
            return;
        }
        let path = Simulation::pod_path(pod);
        let sandbox_path = Simulation::container_path(&path, &sandbox);
        pod.group = Some(Group::born(path, String::new(), at));
        let mut group = Group::born(sandbox_path, sandbox, at);
        group.hold(measure::sandbox());
        pod.sandbox = Some(group);
    }

    /// Starts a pod's sandbox and its containers.
    pub(crate) fn start_pod(&mut self, id: PodId, at: i64) {
        self.start_sandbox(id, at);
        let containers = self.pods.get(&id).map_or(0, |p| p.containers.len());
        for container in 0..containers {
            self.start_container(id, container, at);
        }
    }

    /// Starts an instance of a container.
    pub(crate) fn start_container(&mut self, id: PodId, index: usize, at: i64) {
        let container_id = self.random.hex(64);
        let Some(pod) = self.pods.get_mut(&id) else {
            return;
        };
        let pod_path = Simulation::pod_path(pod);
        let Some(container) = pod.containers.get_mut(index) else {
            return;
        };
        if container.group.is_some() {
            return;
        }
        if let State::Ended(ended) = &container.state {
            container.last = Some(ended.clone());
        }
        if container.last.is_some() {
            container.restarts += 1;
        }
        container.state = State::Running { since: at };
        let path = Simulation::container_path(&pod_path, &container_id);
        container.group = Some(Group::born(path, container_id, at));
        pod.phase = Phase::Running;
        let name = container.part.name;
        let image = container.image.clone();
        let leaks = container.part.habit == Habit::Leaks && pod.ordinal == 0;
        let is_job = matches!(pod.maker, Maker::Job(_));
        for (reason, message) in [
            (
                "Pulled",
                format!("Container image \"{image}\" already present on machine"),
            ),
            ("Created", format!("Created container {name}")),
            ("Started", format!("Started container {name}")),
        ] {
            let Some(pod) = self.pods.get(&id) else {
                return;
            };
            let event = Event::of_container(pod, index, "Normal", reason, message);
            self.happen(event, at);
        }
        let starts = format!("starting {name}, image {image}");
        self.say(id, index, at, Some("info"), false, starts);
        if leaks {
            self.schedule.at(at + LEAK, Action::LeakEnds(id));
        }
        if is_job || !rollout::is_bad(self, id) {
            let after = if is_job { SECOND } else { READY_AFTER };
            self.schedule.at(at + after, Action::MakeReady(id));
        }
        crash_loop::after_start(self, id, at);
        self.changed.pods.insert(id);
        self.workload_of(id);
    }

    /// Containers that run for long enough are ready.
    pub(crate) fn make_ready(&mut self, id: PodId, at: i64) {
        let Some(pod) = self.pods.get_mut(&id) else {
            return;
        };
        let mut is_new = false;
        for container in &mut pod.containers {
            let runs = container
                .running_since()
                .is_some_and(|since| at - since >= SECOND);
            is_new |= runs && !container.ready;
            container.ready |= runs;
        }
        if !is_new {
            return;
        }
        if pod.is_ready() && pod.ready_since.is_none() {
            pod.ready_since = Some(at);
        }
        self.changed.pods.insert(id);
        self.workload_of(id);
    }

    /// An instance of a container ends.
    pub(crate) fn exit(
        &mut self,
        id: PodId,
        index: usize,
        at: i64,
        exit_code: i64,
        reason: &'static str,
    ) {
        self.spend(id, index, at);
        let Some(pod) = self.pods.get_mut(&id) else {
            return;
        };
        let Some(container) = pod.containers.get_mut(index) else {
            return;
        };
        let Some(mut group) = container.group.take() else {
            return;
        };
        group.ended = Some(at);
        container.state = State::Ended(Ended {
            id: group.id.clone(),
            reason,
            exit_code,
            started: group.started,
            finished: at,
        });
        container.receipts.push(group);
        if let Some(node) = pod.node.and_then(|n| self.nodes.get_mut(n)) {
            node.ended_groups += 1;
        }
        container.ready = false;
        if pod.ready_since.take().is_some() {
            pod.not_ready_since = at;
        }
        if matches!(pod.maker, Maker::Job(_)) {
            pod.phase = if exit_code == 0 {
                Phase::Succeeded
            } else {
                Phase::Failed
            };
        }
        self.changed.pods.insert(id);
        self.workload_of(id);
    }

    /// The groups of a pod whose containers have ended go.
    pub(crate) fn end_groups(&mut self, id: PodId, at: i64) {
        let Some(pod) = self.pods.get_mut(&id) else {
            return;
        };
        let (Some(mut group), Some(mut sandbox)) = (pod.group.take(), pod.sandbox.take()) else {
            return;
        };
        group.peak = group.peak.max(
            pod.containers
                .iter()
                .flat_map(|c| &c.receipts)
                .map(|g| g.peak)
                .sum(),
        );
        for group in [&mut group, &mut sandbox] {
            group.at = at;
            group.ended = Some(at);
        }
        pod.receipt = Some((group, sandbox));
    }

    /// Somebody deletes a pod: it is told to stop, and is gone soon after.
    pub(crate) fn stop_pod(&mut self, id: PodId, at: i64) {
        let Some(pod) = self.pods.get(&id) else {
            return;
        };
        let running: Vec<usize> = (0..pod.containers.len())
            .filter(|c| pod.containers[*c].group.is_some())
            .collect();
        for index in running {
            let Some(pod) = self.pods.get(&id) else {
                return;
            };
            let message = format!("Stopping container {}", pod.containers[index].part.name);
            let event = Event::of_container(pod, index, "Normal", "Killing", message);
            self.happen(event, at);
        }
        if let Some(pod) = self.pods.get(&id)
            && let Maker::Workload { workload, set } = pod.maker
        {
            let message = format!("Deleted pod: {}", pod.name);
            let workload = self.workloads.get(workload);
            let event = workload.and_then(|w| Event::of_set(w, set, "SuccessfulDelete", message));
            if let Some(event) = event {
                self.happen(event, at);
            }
        }
        self.schedule.at(at + STOPS_AFTER, Action::Remove(id));
    }

    /// A pod is gone.
    pub(crate) fn remove_pod(&mut self, id: PodId, at: i64) {
        let containers = self.pods.get(&id).map_or(0, |p| p.containers.len());
        for index in 0..containers {
            self.exit(id, index, at, 0, "Completed");
        }
        self.end_groups(id, at);
        let Some(pod) = self.pods.remove(&id) else {
            return;
        };
        if let Maker::Workload { workload, .. } = pod.maker
            && let Some(place) = self.workloads.get_mut(workload)
        {
            place.pods.retain(|p| *p != id);
            self.changed.workloads.insert(workload);
        }
        if let Some(node) = pod.node.and_then(|n| self.nodes.get_mut(n)) {
            node.pods.remove(&id);
        }
        self.changed.pods.remove(&id);
        self.changed.deleted.push((Kind::Pod, pod.uid.clone()));
        self.gone.push(pod);
    }

    /// Has a container write a line.
    pub(crate) fn say(
        &mut self,
        id: PodId,
        index: usize,
        at: i64,
        level: Option<&'static str>,
        is_error_stream: bool,
        message: String,
    ) {
        let container = self
            .pods
            .get_mut(&id)
            .and_then(|p| p.containers.get_mut(index));
        let Some(container) = container else { return };
        let Some(group) = &container.group else {
            return;
        };
        container.said.push(Line {
            at,
            container_id: group.id.clone(),
            instance: container.restarts,
            level,
            is_error_stream,
            message,
        });
    }

    /// Simulates what a container uses up to a time.
    pub(crate) fn spend(&mut self, id: PodId, index: usize, at: i64) {
        let Some(pod) = self.pods.get_mut(&id) else {
            return;
        };
        let Some(node) = pod.node.and_then(|n| self.nodes.get_mut(n)) else {
            return;
        };
        measure::until_exit(pod, index, node, &mut self.random, at);
    }

    /// Adds to what a container, its pod and its node have counted.
    pub(crate) fn charge(&mut self, id: PodId, index: usize, counters: Counters, at: i64) {
        let Some(pod) = self.pods.get_mut(&id) else {
            return;
        };
        let group = pod.containers.get_mut(index).and_then(|c| c.group.as_mut());
        let Some(group) = group else { return };
        group.add(counters, Default::default(), at);
        pod.charge(counters);
        if let Some(node) = pod.node.and_then(|n| self.nodes.get_mut(n)) {
            node.used += counters;
        }
    }

    /// A replica set is removed: those after it move up.
    pub(crate) fn forget_set(&mut self, place: usize, gone: usize) {
        let Some(workload) = self.workloads.get_mut(place) else {
            return;
        };
        workload.sets.remove(gone);
        let moved = |set: &mut usize| *set -= usize::from(*set > gone);
        moved(&mut workload.wanted);
        for pod in self.pods.values_mut() {
            if let Maker::Workload { workload, set } = &mut pod.maker
                && *workload == place
            {
                moved(set);
            }
        }
    }

    /// A pod's workload, or job, has to be told anew.
    fn workload_of(&mut self, id: PodId) {
        match self.pods.get(&id).map(|p| p.maker) {
            Some(Maker::Workload { workload, .. }) => {
                self.changed.workloads.insert(workload);
            }
            Some(Maker::Job(job)) => {
                self.changed.jobs.insert(job);
            }
            None => {}
        }
    }
}
