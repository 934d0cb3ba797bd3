//! The cluster as it is at a moment of the simulation.

pub(crate) mod group;
pub(crate) mod lifecycle;
pub(crate) mod node;
pub(crate) mod pod;
pub(crate) mod setup;
pub(crate) mod workload;

use std::collections::{BTreeMap, BTreeSet};

use cluster::{Kind, Told};
use serde_json::Value;

use self::node::Node;
use self::pod::{Pod, PodId};
use self::workload::{CronJob, Job, Workload};
use crate::plan::CronPlan;
use crate::random::Random;
use crate::rows::NodeRows;
use crate::scale::Scale;
use crate::story::Schedule;

/// Everything that is simulated. What happens to it is in `story`, what it uses in `measure`.
#[derive(Debug)]
pub(crate) struct Simulation {
    pub(crate) cluster: String,
    pub(crate) scale: Scale,
    pub(crate) random: Random,
    /// Until when it was simulated.
    pub(crate) now: i64,
    pub(crate) started: i64,
    pub(crate) nodes: Vec<Node>,
    /// Each node's tables under construction.
    pub(crate) rows: Vec<NodeRows>,
    pub(crate) workloads: Vec<Workload>,
    pub(crate) crons: Vec<(CronPlan, CronJob)>,
    pub(crate) jobs: BTreeMap<u64, Job>,
    pub(crate) pods: BTreeMap<PodId, Pod>,
    /// Pods that were removed since the last tick, with what they leave.
    pub(crate) gone: Vec<Pod>,
    pub(crate) pod_count: PodId,
    pub(crate) job_count: u64,
    pub(crate) schedule: Schedule,
    pub(crate) told: Told,
    pub(crate) changed: Changed,
    /// Events that live, by what they are about.
    pub(crate) events: BTreeMap<EventKey, Happened>,
    pub(crate) story: crate::story::Progress,
}

/// What has to be told anew.
#[derive(Debug, Default)]
pub(crate) struct Changed {
    pub(crate) pods: BTreeSet<PodId>,
    pub(crate) workloads: BTreeSet<usize>,
    pub(crate) crons: BTreeSet<usize>,
    pub(crate) jobs: BTreeSet<u64>,
    pub(crate) nodes: BTreeSet<usize>,
    /// Events, in the order in which they happened.
    pub(crate) events: Vec<Value>,
    /// Objects that are gone, after all that is told.
    pub(crate) deleted: Vec<(Kind, String)>,
}

/// An event is repeated when the same is said of the same object.
pub(crate) type EventKey = (String, &'static str, String);

/// An event that may be repeated.
#[derive(Debug)]
pub(crate) struct Happened {
    pub(crate) name: String,
    pub(crate) uid: String,
    pub(crate) first: i64,
    pub(crate) last: i64,
    pub(crate) count: i64,
}

/// Events that are kept for so long.
pub(crate) const EVENTS_LIVE: i64 = crate::time::HOUR;

impl Simulation {
    /// A pod, if it is still there.
    pub(crate) fn pod(&mut self, id: PodId) -> Option<&mut Pod> {
        self.pods.get_mut(&id)
    }

    /// The place of a workload.
    pub(crate) fn workload(&self, namespace: &str, name: &str) -> Option<usize> {
        self.workloads
            .iter()
            .position(|w| &*w.plan.namespace == namespace && &*w.plan.name == name)
    }

    /// The pod of a workload with that number.
    pub(crate) fn pod_of(&self, namespace: &str, name: &str, ordinal: u32) -> Option<PodId> {
        let workload = self.workloads.get(self.workload(namespace, name)?)?;
        let mut pods = workload.pods.iter().copied();
        pods.find(|id| self.pods.get(id).is_some_and(|p| p.ordinal == ordinal))
    }

    /// Forgets events that nobody has repeated for long.
    pub(crate) fn forget_events(&mut self) {
        let before = self.now - EVENTS_LIVE;
        let deleted = &mut self.changed.deleted;
        self.events.retain(|_, event| {
            let lives = event.last >= before;
            if !lives {
                deleted.push((Kind::Event, event.uid.clone()));
            }
            lives
        });
    }
}
