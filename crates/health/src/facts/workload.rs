//! Workloads.

use serde::{Deserialize, Serialize};

use super::{Conditions, EventFact, Moments};

/// A Deployment, StatefulSet, DaemonSet, ReplicaSet, Job or CronJob.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkloadFacts {
    /// Its kind.
    pub object_kind: Option<String>,
    /// Kind of the controlling owner: of a job its cron job.
    pub owner_kind: Option<String>,
    /// Each condition's status.
    pub conditions: Conditions,
    /// Since when.
    pub condition_times: Moments,
    /// When it was made.
    pub created_time: Option<i64>,
    /// When its deletion was asked for.
    pub deleted_time: Option<i64>,
    /// Version of what is wanted.
    pub generation: Option<i64>,
    /// Version that the controller has seen.
    pub observed_generation: Option<i64>,
    /// Since when the two differ.
    pub unobserved_since: Option<i64>,
    /// Replicas wanted.
    pub replicas_desired: Option<i64>,
    /// Replicas there are.
    pub replicas_current: Option<i64>,
    /// Replicas that are ready.
    pub replicas_ready: Option<i64>,
    /// Replicas ready for long enough.
    pub replicas_available: Option<i64>,
    /// Replicas of the newest version.
    pub replicas_updated: Option<i64>,
    /// Pods on nodes where none should be.
    pub replicas_misscheduled: Option<i64>,
    /// Since when fewer are available than wanted.
    pub below_since: Option<i64>,
    /// Since when fewer are of the newest version than wanted, without one more of them.
    pub rollout_since: Option<i64>,
    /// A deployment is paused, a job or cron job suspended.
    pub paused: Option<bool>,
    /// Of a stateful set.
    pub current_revision: Option<String>,
    /// Of a stateful set.
    pub update_revision: Option<String>,
    /// Pods of a job that run; jobs of a cron job.
    pub job_active: Option<i64>,
    /// Pods that succeeded.
    pub job_succeeded: Option<i64>,
    /// Pods that failed.
    pub job_failed: Option<i64>,
    /// Successes wanted.
    pub job_completions: Option<i64>,
    /// When a job started.
    pub started_time: Option<i64>,
    /// When the job was done.
    pub completed_time: Option<i64>,
    /// A cron job's schedule.
    pub schedule: Option<String>,
    /// When the cron job started one last.
    pub last_schedule_time: Option<i64>,
    /// When one of its jobs succeeded last.
    pub last_success_time: Option<i64>,
    /// Events about it, and about replica sets that it owns.
    pub events: Vec<EventFact>,
}
