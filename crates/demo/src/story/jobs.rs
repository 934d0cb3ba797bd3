//! Jobs of cron jobs: made, run, ended, and removed when newer ones have ended.

use cluster::Kind;

use super::Action;
use crate::state::Simulation;
use crate::state::lifecycle::Event;
use crate::state::pod::Maker;
use crate::state::workload::Job;
use crate::time::{MINUTE, SECOND};

/// `spec.successfulJobsHistoryLimit`, as it is when nobody sets it.
const KEPT: usize = 3;

/// A job is due.
pub(super) fn fire(sim: &mut Simulation, cron: usize, at: i64) {
    let number = sim.job_count;
    sim.job_count += 1;
    let uid = sim.random.uuid();
    let (plan, held) = &mut sim.crons[cron];
    let every = plan.every * SECOND;
    sim.schedule.at(at + every, Action::CronFires(cron));
    // Kubernetes ends the name with the minute that the job was due in.
    let name = format!("{}-{}", plan.name, at / MINUTE);
    held.last_schedule = Some(at);
    held.jobs.push(number);
    let takes = sim.random.between(plan.takes.0, plan.takes.1) * SECOND as f64;
    let event = Event::of_cron(
        plan,
        held,
        "SuccessfulCreate",
        format!("Created job {name}"),
    );
    let job = Job {
        cron,
        name,
        uid,
        created: at,
        pod: 0,
        finished: None,
    };
    sim.jobs.insert(number, job);
    sim.happen(event, at);
    let pod = sim.make_pod(Maker::Job(number), at);
    if let Some(job) = sim.jobs.get_mut(&number) {
        job.pod = pod;
    }
    let starts = at + SECOND;
    sim.schedule.at(starts, Action::StartPod(pod));
    sim.schedule
        .at(starts + takes as i64, Action::JobEnds(number));
    sim.changed.jobs.insert(number);
    sim.changed.crons.insert(cron);
}

/// The job's container ends.
pub(super) fn end(sim: &mut Simulation, number: u64, at: i64) {
    let Some(job) = sim.jobs.get_mut(&number) else {
        return;
    };
    let (plan, held) = &mut sim.crons[job.cron];
    let due = job.created / (plan.every * SECOND);
    let fails = plan.fails_one_in > 0 && due.rem_euclid(plan.fails_one_in as i64) == 0;
    job.finished = Some((at, !fails));
    let (pod, name, cron) = (job.pod, job.name.clone(), job.cron);
    if !fails {
        held.last_success = Some(at);
    }
    let (reason, message) = match fails {
        true => (
            "BackoffLimitExceeded",
            "Job has reached the specified backoff limit",
        ),
        false => ("Completed", "Job completed"),
    };
    let kind = if fails { "Warning" } else { "Normal" };
    let of_job = Event::of_job(job, kind, reason, message.to_owned());
    let status = if fails { "Failed" } else { "Complete" };
    let saw = format!("Saw completed job: {name}, condition: {status}");
    let of_cron = Event::of_cron(plan, held, "SawCompletedJob", saw);
    let last = match fails {
        true => (
            Some("error"),
            "ERROR batch: source image is damaged, given up".to_owned(),
        ),
        false => (Some("info"), "INFO batch: all done".to_owned()),
    };
    sim.say(pod, 0, at, last.0, fails, last.1);
    let (code, reason) = if fails {
        (1, "Error")
    } else {
        (0, "Completed")
    };
    sim.exit(pod, 0, at, code, reason);
    sim.schedule.at(at + SECOND, Action::EndGroups(pod));
    sim.happen(of_job, at);
    sim.happen(of_cron, at);
    sim.changed.jobs.insert(number);
    sim.changed.crons.insert(cron);
    remove_old(sim, cron, at);
}

/// Of those that have ended, the newest are kept.
fn remove_old(sim: &mut Simulation, cron: usize, at: i64) {
    let ended =
        |sim: &Simulation, number: &u64| sim.jobs.get(number).is_some_and(|j| j.finished.is_some());
    let held = &sim.crons[cron].1;
    let ended: Vec<u64> = held
        .jobs
        .iter()
        .copied()
        .filter(|n| ended(sim, n))
        .collect();
    let surplus = ended.len().saturating_sub(KEPT);
    for number in ended.into_iter().take(surplus) {
        if let Some(job) = sim.jobs.remove(&number) {
            sim.remove_pod(job.pod, at);
            sim.changed.deleted.push((Kind::Job, job.uid));
            sim.changed.jobs.remove(&number);
        }
        sim.crons[cron].1.jobs.retain(|n| *n != number);
    }
}
