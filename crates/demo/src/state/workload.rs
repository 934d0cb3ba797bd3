//! Workloads and jobs.

use std::sync::Arc;

use super::pod::PodId;
use crate::plan::{Part, Plan};

/// One version of a deployment's pods.
#[derive(Debug)]
pub(crate) struct ReplicaSet {
    pub(crate) name: String,
    pub(crate) hash: String,
    pub(crate) uid: String,
    pub(crate) created: i64,
    pub(crate) desired: u32,
    pub(crate) parts: Vec<Arc<Part>>,
    pub(crate) revision: u32,
}

/// How a rollout goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// The newest replica set is there.
    Done,
    /// It is on its way.
    Under,
    /// It has not got on for longer than the deadline.
    DeadlineExceeded,
}

/// A workload as it is now.
#[derive(Debug)]
pub(crate) struct Workload {
    pub(crate) plan: Plan,
    pub(crate) uid: String,
    pub(crate) created: i64,
    pub(crate) generation: i64,
    /// Of a deployment its replica sets, the newest last; of others one that stands for the only version.
    pub(crate) sets: Vec<ReplicaSet>,
    /// The set that is asked for.
    pub(crate) wanted: usize,
    pub(crate) progress: Progress,
    pub(crate) progress_since: i64,
    pub(crate) available_since: i64,
    pub(crate) service_uid: String,
    pub(crate) slice_uid: String,
    pub(crate) slice_end: String,
    pub(crate) service_address: String,
    pub(crate) pods: Vec<PodId>,
}

/// A cron job as it is now.
#[derive(Debug)]
pub(crate) struct CronJob {
    pub(crate) uid: String,
    pub(crate) created: i64,
    pub(crate) last_schedule: Option<i64>,
    pub(crate) last_success: Option<i64>,
    /// Its jobs, the oldest first.
    pub(crate) jobs: Vec<u64>,
}

/// A job.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) cron: usize,
    pub(crate) name: String,
    pub(crate) uid: String,
    pub(crate) created: i64,
    pub(crate) pod: PodId,
    /// When it ended, and whether well.
    pub(crate) finished: Option<(i64, bool)>,
}
