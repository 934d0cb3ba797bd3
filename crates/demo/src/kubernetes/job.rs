//! Jobs and cron jobs.

use cluster::{Kind, ToldError};
use serde_json::json;

use super::{condition, owner};
use crate::state::Simulation;
use crate::time::rfc3339;

/// Tells of a job.
pub(super) fn tell(sim: &mut Simulation, number: u64) -> Result<(), ToldError> {
    let Some(job) = sim.jobs.get(&number) else {
        return Ok(());
    };
    let Some((plan, cron)) = sim.crons.get(job.cron) else {
        return Ok(());
    };
    let count = |holds: bool| holds.then_some(1);
    let well = job.finished.map(|(_, well)| well);
    let completed = job
        .finished
        .filter(|(_, well)| *well)
        .map(|(at, _)| rfc3339(at));
    let conditions = job.finished.map(|(at, well)| match well {
        true => json!([condition("Complete", true, None, at)]),
        false => json!([condition("Failed", true, Some("BackoffLimitExceeded"), at)]),
    });
    let json = json!({
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "name": job.name,
            "namespace": "batch",
            "uid": job.uid,
            "creationTimestamp": rfc3339(job.created),
            "generation": 1,
            "labels": {"batch.kubernetes.io/job-name": job.name},
            "ownerReferences": owner("batch/v1", "CronJob", plan.name, &cron.uid),
        },
        "spec": {"parallelism": 1, "completions": 1, "backoffLimit": 0, "suspend": false},
        "status": {
            "startTime": rfc3339(job.created),
            "completionTime": completed,
            "active": count(well.is_none()),
            "succeeded": count(well == Some(true)),
            "failed": count(well == Some(false)),
            "conditions": conditions,
        },
    });
    sim.told.apply(Kind::Job, json)
}

/// Tells of a cron job.
pub(super) fn tell_cron(sim: &mut Simulation, place: usize) -> Result<(), ToldError> {
    let Some((plan, cron)) = sim.crons.get(place) else {
        return Ok(());
    };
    let running = cron.jobs.iter().filter_map(|n| sim.jobs.get(n));
    let active: Vec<_> = running
        .filter(|job| job.finished.is_none())
        .map(|job| json!({"kind": "Job", "namespace": "batch", "name": job.name, "uid": job.uid}))
        .collect();
    let json = json!({
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {
            "name": plan.name,
            "namespace": "batch",
            "uid": cron.uid,
            "creationTimestamp": rfc3339(cron.created),
            "generation": 1,
        },
        "spec": {"schedule": plan.schedule, "suspend": false, "concurrencyPolicy": "Forbid"},
        "status": {
            "active": active,
            "lastScheduleTime": cron.last_schedule.map(rfc3339),
            "lastSuccessfulTime": cron.last_success.map(rfc3339),
        },
    });
    sim.told.apply(Kind::CronJob, json)
}
