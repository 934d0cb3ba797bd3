//! The cluster as it is found: nodes and pods that have run for some time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cluster::Told;

use super::group::{Counters, Group, Pressure};
use super::node::Node;
use super::pod::{Ended, Maker, Phase, PodId, State, Traffic};
use super::workload::{CronJob, Progress, ReplicaSet, Workload};
use super::{Changed, Simulation};
use crate::measure;
use crate::plan::{self, Controller, Habit, Plan};
use crate::random::Random;
use crate::rows::NodeRows;
use crate::scale::Scale;
use crate::story::{self, Action, LEAK, LEAK_OFFSET, Schedule};
use crate::time::{DAY, HOUR, MINUTE, SECOND, phase};

/// Cores that a pod needs in the mean, so that nodes are sized for what they hold.
const CORES_A_POD: f64 = 0.15;
const FEWEST_CORES: u32 = 4;
const GIB: i64 = 1 << 30;
const UNITS: [(&str, i64); 2] = [("kubelet.service", 78), ("containerd.service", 61)];

impl Simulation {
    /// The cluster at a time, before its first tick.
    pub(crate) fn new(cluster: &str, scale: Scale, seed: u64, started: i64) -> Simulation {
        let mut sim = Simulation {
            cluster: cluster.to_owned(),
            scale,
            random: Random::new(seed),
            now: started,
            started,
            nodes: Vec::new(),
            rows: Vec::new(),
            workloads: Vec::new(),
            crons: Vec::new(),
            jobs: BTreeMap::new(),
            pods: BTreeMap::new(),
            gone: Vec::new(),
            pod_count: 0,
            job_count: 0,
            schedule: Schedule::default(),
            told: Told::new(cluster, Vec::new()),
            changed: Changed::default(),
            events: BTreeMap::new(),
            story: story::Progress::default(),
        };
        let a_node = f64::from(scale.pods()) / f64::from(scale.nodes());
        let cores = ((a_node * CORES_A_POD).ceil() as u32).max(FEWEST_CORES);
        let cores = cores.next_power_of_two();
        for place in 0..scale.nodes() as usize {
            let node = sim.find_node(place, cores);
            sim.nodes.push(node);
            sim.rows.push(NodeRows::new());
            sim.changed.nodes.insert(place);
        }
        for plan in plan::workloads(scale) {
            sim.find_workload(plan);
        }
        sim.find_workload(plan::reindex(cores * 1000 + 2000));
        for plan in plan::cron_jobs() {
            let held = CronJob {
                uid: sim.random.uuid(),
                created: started - 9 * DAY,
                last_schedule: None,
                last_success: None,
                jobs: Vec::new(),
            };
            sim.changed.crons.insert(sim.crons.len());
            sim.crons.push((plan, held));
        }
        story::begin(&mut sim);
        sim
    }

    fn find_node(&mut self, place: usize, cores: u32) -> Node {
        let (started, random) = (self.started, &mut self.random);
        let booted = started - 12 * DAY - random.below(72) as i64 * HOUR;
        let units = UNITS.map(|(name, mib)| {
            let path = format!("/system.slice/{name}");
            let mut group = Group::found(path, String::new(), booted + 20 * SECOND, started);
            group.hold(super::group::Gauges {
                anon: mib * measure::MIB as i64,
                file: 40 * measure::MIB as i64,
                inactive_file: 16 * measure::MIB as i64,
                kernel: 9 * measure::MIB as i64,
                pids: 22,
                processes: 1,
                ..Default::default()
            });
            group
        });
        let mac: Vec<String> = (0..5).map(|_| random.hex(2)).collect();
        Node {
            name: Simulation::node_name(place),
            uid: random.uuid(),
            address: format!("10.0.{}.{}", place / 200, 10 + place % 200),
            machine_id: random.hex(32),
            boot_id: random.uuid(),
            mac: format!("0a:{}", mac.join(":")),
            created: booted + MINUTE,
            booted,
            cores,
            memory_bytes: i64::from(cores) * 4 * GIB - 280 * measure::MIB as i64,
            pods: BTreeSet::new(),
            addresses: 0,
            disk_pressure_since: None,
            disk_pressure_changed: booted + MINUTE,
            units: units.into(),
            used: Counters::default(),
            kernel_cpu: 0,
            waited: Pressure::default(),
            traffic: Traffic::default(),
            load: [f64::from(cores) * 0.25; 3],
            oom_kills: 0,
            forks: 0,
            log_bytes: 0,
            log_entries: 0,
            ended_groups: 0,
            kernel_log: Default::default(),
            kernel_said: Vec::new(),
        }
    }

    /// A workload with its pods, on their nodes.
    fn find_workload(&mut self, mut plan: Plan) {
        if plan.controller == Controller::DaemonSet {
            plan.replicas = self.scale.nodes();
        }
        let place = self.workloads.len();
        let random = &mut self.random;
        let created = self.started - 2 * DAY - random.below(96) as i64 * HOUR;
        let hash = random.name_end(9);
        let set = ReplicaSet {
            name: format!("{}-{hash}", plan.name),
            hash,
            uid: random.uuid(),
            created,
            desired: plan.replicas,
            parts: plan.parts.clone(),
            revision: 1,
        };
        let (replicas, is_of_nodes) = (plan.replicas, plan.controller == Controller::DaemonSet);
        let workload = Workload {
            uid: random.uuid(),
            service_uid: random.uuid(),
            slice_uid: random.uuid(),
            slice_end: random.name_end(5),
            service_address: format!("10.96.{}.{}", place / 250, 1 + place % 250),
            created,
            generation: 1,
            sets: vec![set],
            wanted: 0,
            progress: Progress::Done,
            progress_since: created + MINUTE,
            available_since: created + MINUTE,
            pods: Vec::new(),
            plan,
        };
        self.workloads.push(workload);
        self.changed.workloads.insert(place);
        for ordinal in 0..replicas {
            let created = created + 10 * SECOND + i64::from(ordinal) * SECOND;
            let id = self.add_pod(
                Maker::Workload {
                    workload: place,
                    set: 0,
                },
                created,
                self.started,
            );
            let node = match is_of_nodes {
                true => Some(ordinal as usize),
                false => self.room_for(id),
            };
            if let Some(node) = node {
                self.place(id, node, created);
                self.find_running(id, created);
            }
        }
    }

    /// A pod that has run since soon after it was made.
    fn find_running(&mut self, id: PodId, created: i64) {
        let now = self.started;
        let Some(pod) = self.pods.get_mut(&id) else {
            return;
        };
        let random = &mut self.random;
        let began = created + 2 * SECOND;
        let path = Simulation::pod_path(pod);
        let sandbox_id = random.hex(64);
        let mut sandbox = Group::found(
            Simulation::container_path(&path, &sandbox_id),
            sandbox_id,
            began,
            now,
        );
        sandbox.hold(measure::sandbox());
        let mut group = Group::found(path.clone(), String::new(), began, now);
        let mut leak_ends = None;
        for (index, container) in pod.containers.iter_mut().enumerate() {
            let part = Arc::clone(&container.part);
            let leaks = part.habit == Habit::Leaks && pod.ordinal == 0 && index == 0;
            let since = if leaks {
                now - phase(now, LEAK, LEAK_OFFSET)
            } else {
                began + SECOND
            };
            if leaks {
                // As often as it would have been since then.
                container.restarts = (since - began) / LEAK;
                container.last = Some(Ended {
                    id: random.hex(64),
                    reason: "OOMKilled",
                    exit_code: 137,
                    started: since - LEAK,
                    finished: since - 2 * SECOND,
                });
                leak_ends = Some(since + LEAK);
            }
            let container_id = random.hex(64);
            let mut found = Group::found(
                Simulation::container_path(&path, &container_id),
                container_id,
                since,
                now,
            );
            let used = (part.cores * (now - since) as f64) as i64;
            let user = used * 77 / 100;
            let total = Counters {
                cpu: used,
                user,
                system: used - user,
                ..Counters::default()
            };
            found.total = total;
            group.total += total;
            container.state = State::Running { since };
            container.ready = true;
            container.group = Some(found);
            container.log.instance = container.restarts;
            // The files have been written for long.
            let lines = (part.lines * (now - since) as f64 / SECOND as f64) as i64;
            container.log.offset = (lines * 190).min(9_000_000);
            container.log.sequence = container.log.offset / 190;
        }
        pod.group = Some(group);
        pod.sandbox = Some(sandbox);
        pod.phase = Phase::Running;
        pod.ready_since = Some(match leak_ends {
            Some(end) => end - LEAK + 6 * SECOND,
            None => began + 10 * SECOND,
        });
        if let Some(end) = leak_ends {
            self.schedule.at(end, Action::LeakEnds(id));
        }
    }
}
