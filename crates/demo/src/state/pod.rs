//! Pods with their containers.

use std::sync::Arc;

use super::group::{Counters, Gauges, Group};
use crate::logs::{Line, LogFile};
use crate::plan::Part;

/// Who a pod is to the simulation.
pub(crate) type PodId = u32;

/// What made a pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Maker {
    /// A workload, by its place; of a deployment the replica set, by its place in it.
    Workload { workload: usize, set: usize },
    /// A job, by its number.
    Job(u64),
}

/// `status.phase`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Pending,
    Running,
    Succeeded,
    Failed,
}

impl Phase {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Phase::Pending => "Pending",
            Phase::Running => "Running",
            Phase::Succeeded => "Succeeded",
            Phase::Failed => "Failed",
        }
    }
}

/// How an instance of a container ended.
#[derive(Debug, Clone)]
pub(crate) struct Ended {
    pub(crate) id: String,
    pub(crate) reason: &'static str,
    pub(crate) exit_code: i64,
    pub(crate) started: i64,
    pub(crate) finished: i64,
}

/// What a container is doing.
#[derive(Debug, Clone)]
pub(crate) enum State {
    Waiting(&'static str),
    Running { since: i64 },
    Ended(Ended),
}

/// A container of a pod, through all its instances.
#[derive(Debug)]
pub(crate) struct Container {
    pub(crate) part: Arc<Part>,
    /// The image asked for.
    pub(crate) image: String,
    pub(crate) state: State,
    pub(crate) last: Option<Ended>,
    pub(crate) restarts: i64,
    pub(crate) ready: bool,
    pub(crate) group: Option<Group>,
    /// Instances that ended since the last tick.
    pub(crate) receipts: Vec<Group>,
    /// A slow wandering of its load around 0.
    pub(crate) drift: f64,
    pub(crate) log: LogFile,
    /// What it was made to say since the last tick.
    pub(crate) said: Vec<Line>,
}

impl Container {
    pub(crate) fn new(part: Arc<Part>) -> Container {
        Container {
            image: part.image(),
            part,
            state: State::Waiting("ContainerCreating"),
            last: None,
            restarts: 0,
            ready: false,
            group: None,
            receipts: Vec::new(),
            drift: 0.0,
            log: LogFile::default(),
            said: Vec::new(),
        }
    }

    /// Since when it runs.
    pub(crate) fn running_since(&self) -> Option<i64> {
        match self.state {
            State::Running { since } => Some(since),
            _ => None,
        }
    }

    /// The id of the instance that runs or ran last.
    pub(crate) fn id(&self) -> Option<&str> {
        match &self.state {
            State::Ended(ended) => Some(&ended.id),
            State::Running { .. } => self.group.as_ref().map(|g| g.id.as_str()),
            State::Waiting(_) => self.last.as_ref().map(|ended| ended.id.as_str()),
        }
    }
}

/// A pod.
#[derive(Debug)]
pub(crate) struct Pod {
    pub(crate) maker: Maker,
    /// Which of its workload's pods it is, from 0.
    pub(crate) ordinal: u32,
    pub(crate) namespace: Arc<str>,
    pub(crate) name: String,
    pub(crate) uid: String,
    pub(crate) node: Option<usize>,
    pub(crate) address: Option<String>,
    pub(crate) created: i64,
    pub(crate) scheduled: Option<i64>,
    pub(crate) ready_since: Option<i64>,
    pub(crate) not_ready_since: i64,
    pub(crate) phase: Phase,
    pub(crate) containers: Vec<Container>,
    pub(crate) host_network: bool,
    pub(crate) priority: Option<&'static str>,
    /// Bytes a second at a usual hour.
    pub(crate) receives: f64,
    pub(crate) sends: f64,
    /// Where its swells are (radians).
    pub(crate) shift: f64,
    pub(crate) group: Option<Group>,
    pub(crate) sandbox: Option<Group>,
    /// The pod's own group and its sandbox's, when they ended since the last tick.
    pub(crate) receipt: Option<(Group, Group)>,
    /// Bytes and packets since the last row, received and sent; and bytes in all.
    pub(crate) traffic: Traffic,
    pub(crate) traffic_total: (i64, i64),
}

/// What went over a network.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Traffic {
    pub(crate) received_bytes: i64,
    pub(crate) received_packets: i64,
    pub(crate) sent_bytes: i64,
    pub(crate) sent_packets: i64,
}

impl Pod {
    /// Guaranteed, Burstable or BestEffort. All parts ask for something; none of the plans asks for exactly its limits.
    pub(crate) fn qos(&self) -> &'static str {
        "Burstable"
    }

    /// Whether every container is ready.
    pub(crate) fn is_ready(&self) -> bool {
        self.phase == Phase::Running && self.containers.iter().all(|c| c.ready)
    }

    /// Thousandths of a core that it asks for.
    pub(crate) fn cpu_request(&self) -> u32 {
        self.containers.iter().map(|c| c.part.cpu_request).sum()
    }

    /// Adds what one of its groups has used to the pod's own.
    pub(crate) fn charge(&mut self, counters: Counters) {
        if let Some(group) = &mut self.group {
            group.since += counters;
            group.total += counters;
        }
    }

    /// What it holds: all of what is in it.
    pub(crate) fn held(&self) -> Gauges {
        let mut held = Gauges::default();
        for group in self.containers.iter().filter_map(|c| c.group.as_ref()) {
            held += group.gauges;
        }
        if let Some(sandbox) = &self.sandbox {
            held += sandbox.gauges;
        }
        held
    }
}
