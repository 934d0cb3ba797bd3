//! What happens in the cluster, and when: a cycle of an hour, counted from the full hour in UTC, that repeats.
//!
//! | minutes | what |
//! | --- | --- |
//! | always | `checkout` leaks, and is killed 3, 23 and 43 minutes past; `search` is held back by its own limit at busy times |
//! | 5–45 | `fraud-check` crashes again and again |
//! | 10–32 | a rollout of `catalog` does not come up: its readiness probe fails, or its image cannot be pulled |
//! | 17, 47 | a child of `recommender` is killed for memory, its first process lives |
//! | 25–39 | `video-encode` takes all processors of its node |
//! | 48–58 | `reindex` finds no node with room |
//! | 50–57 | a node is under disk pressure |
//! | 0–60 | the volume of `postgres-0` fills to 97 %, and is cleared |
//! | every 2, 5 | jobs come, end and are removed |

pub(crate) mod crash_loop;
mod disk_pressure;
mod jobs;
mod out_of_memory;
mod pending;
pub(crate) mod rollout;

use std::collections::BTreeMap;

use crate::state::Simulation;
use crate::state::pod::PodId;
use crate::time::{HOUR, MINUTE, SECOND, next, phase};

/// From the start of an instance of `checkout` until its memory is full.
pub(crate) const LEAK: i64 = 20 * MINUTE;
/// When that happens, past each such span.
pub(crate) const LEAK_OFFSET: i64 = 3 * MINUTE;
/// A child of `recommender` grows for so long before it is killed.
pub(crate) const CHILD_GROWS: i64 = 90 * SECOND;
const CHILD_PERIOD: i64 = 30 * MINUTE;
const CHILD_OFFSET: i64 = 17 * MINUTE;
const CRASHES: (i64, i64) = (5 * MINUTE, 45 * MINUTE);
const ROLLOUT: (i64, i64) = (10 * MINUTE, 32 * MINUTE);
const PENDS: (i64, i64) = (48 * MINUTE, 58 * MINUTE);
const NOISE: (i64, i64) = (25 * MINUTE, 39 * MINUTE);
const DISK: (i64, i64) = (50 * MINUTE, 57 * MINUTE);
/// Before the kubelet tells of disk pressure, and after.
const DISK_FILLS: i64 = 12 * MINUTE;
const DISK_EMPTIES: i64 = MINUTE;

/// What is due.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Action {
    /// Sandbox, then containers.
    StartPod(PodId),
    StartContainer(PodId, usize),
    MakeReady(PodId),
    /// The groups of a pod that has ended go.
    EndGroups(PodId),
    Remove(PodId),
    /// The memory of this pod's container is full.
    LeakEnds(PodId),
    ChildKilled,
    CrashesBegin,
    Crash(PodId),
    BackOff(PodId),
    CrashesEnd,
    RolloutBegins,
    ProbeFails(PodId),
    PullFails(PodId, bool),
    DeadlinePasses,
    RollsBack,
    PendingBegins,
    FindsNoNode(PodId),
    PendingEnds,
    DiskPressureBegins,
    DiskPressureEnds,
    CronFires(usize),
    JobEnds(u64),
}

/// Actions in the order of their times.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    due: BTreeMap<(i64, u64), Action>,
    number: u64,
}

impl Schedule {
    /// Has something done at a time.
    pub(crate) fn at(&mut self, time: i64, action: Action) {
        self.number += 1;
        self.due.insert((time, self.number), action);
    }

    /// The next that is due up to a time.
    fn next(&mut self, until: i64) -> Option<(i64, Action)> {
        let first = self.due.first_entry()?;
        let time = first.key().0;
        (time <= until).then(|| (time, first.remove()))
    }
}

/// Where the story is.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// Crashes of `fraud-check` in a row, while it crashes.
    pub(crate) crashes: Option<u32>,
    /// The replica set of `catalog` that does not come up.
    pub(crate) bad_set: Option<usize>,
    /// The pod that finds no node.
    pub(crate) pending: Option<PodId>,
}

/// Puts the story's parts into the schedule. Those that would be under way begin at once.
pub(crate) fn begin(sim: &mut Simulation) {
    let now = sim.now;
    let soon = now + 15 * SECOND;
    let parts = [
        (CRASHES, Action::CrashesBegin, Action::CrashesEnd),
        (ROLLOUT, Action::RolloutBegins, Action::RollsBack),
        (PENDS, Action::PendingBegins, Action::PendingEnds),
        (DISK, Action::DiskPressureBegins, Action::DiskPressureEnds),
    ];
    for ((from, to), begins, ends) in parts {
        let is_under_way = phase(now, HOUR, from) + MINUTE < to - from;
        let first = if is_under_way {
            soon
        } else {
            next(now, HOUR, from)
        };
        sim.schedule.at(first, begins);
        sim.schedule.at(next(now, HOUR, to), ends);
    }
    let child = next(now, CHILD_PERIOD, CHILD_OFFSET);
    sim.schedule.at(child, Action::ChildKilled);
    for cron in 0..sim.crons.len() {
        let every = sim.crons[cron].0.every * SECOND;
        sim.schedule
            .at(next(now, every, 0), Action::CronFires(cron));
    }
}

/// Does everything that is due up to a time.
pub(crate) fn advance(sim: &mut Simulation, until: i64) {
    while let Some((at, action)) = sim.schedule.next(until) {
        sim.now = sim.now.max(at);
        run(sim, at, action);
    }
    sim.now = sim.now.max(until);
}

fn run(sim: &mut Simulation, at: i64, action: Action) {
    match action {
        Action::StartPod(pod) => sim.start_pod(pod, at),
        Action::StartContainer(pod, container) => sim.start_container(pod, container, at),
        Action::MakeReady(pod) => sim.make_ready(pod, at),
        Action::EndGroups(pod) => sim.end_groups(pod, at),
        Action::Remove(pod) => sim.remove_pod(pod, at),
        Action::LeakEnds(pod) => out_of_memory::container(sim, pod, at),
        Action::ChildKilled => {
            sim.schedule.at(at + CHILD_PERIOD, Action::ChildKilled);
            out_of_memory::child(sim, at);
        }
        Action::CrashesBegin => crash_loop::begin(sim, at),
        Action::Crash(pod) => crash_loop::crash(sim, pod, at),
        Action::BackOff(pod) => crash_loop::back_off(sim, pod, at),
        Action::CrashesEnd => {
            sim.schedule
                .at(next(at, HOUR, CRASHES.1), Action::CrashesEnd);
            sim.story.crashes = None;
        }
        Action::RolloutBegins => rollout::begin(sim, at),
        Action::ProbeFails(pod) => rollout::probe_fails(sim, pod, at),
        Action::PullFails(pod, again) => rollout::pull_fails(sim, pod, again, at),
        Action::DeadlinePasses => rollout::deadline(sim, at),
        Action::RollsBack => rollout::roll_back(sim, at),
        Action::PendingBegins => pending::begin(sim, at),
        Action::FindsNoNode(pod) => pending::finds_no_node(sim, pod, at),
        Action::PendingEnds => pending::end(sim, at),
        Action::DiskPressureBegins => disk_pressure::begin(sim, at),
        Action::DiskPressureEnds => disk_pressure::end(sim, at),
        Action::CronFires(cron) => jobs::fire(sim, cron, at),
        Action::JobEnds(job) => jobs::end(sim, job, at),
    }
}

/// Whether `video-encode` is noisy.
pub(crate) fn is_noisy(time: i64) -> bool {
    phase(time, HOUR, NOISE.0) < NOISE.1 - NOISE.0
}

/// How far the child of `recommender` has grown, 0 to 1.
pub(crate) fn child_growth(time: i64) -> f64 {
    let until_kill = CHILD_PERIOD - phase(time, CHILD_PERIOD, CHILD_OFFSET);
    match until_kill < CHILD_GROWS {
        true => 1.0 - until_kill as f64 / CHILD_GROWS as f64,
        false => 0.0,
    }
}

/// How far the first pod's volume of `postgres` is filled: from its usual share to 0.97 within 57 minutes; then it is
/// cleared, at 59 minutes it is as before.
pub(crate) fn volume_share(time: i64, usual: f64) -> f64 {
    let minutes = phase(time, HOUR, 0) as f64 / MINUTE as f64;
    let most = 0.97;
    match minutes {
        m if m < 55.0 => usual + (most - usual) * m / 55.0,
        m if m < 57.0 => most,
        m if m < 59.0 => most - (most - usual) * (m - 57.0) / 2.0,
        _ => usual,
    }
}

/// How far the root file system is filled of the node that comes under disk pressure.
pub(crate) fn disk_share(time: i64, usual: f64) -> f64 {
    let most = 0.92;
    let since = phase(time, HOUR, DISK.0 - DISK_FILLS);
    let full = DISK_FILLS + (DISK.1 - DISK.0) - DISK_EMPTIES;
    let share = |part: i64, of: i64| part as f64 / of as f64;
    match since {
        s if s < DISK_FILLS => usual + (most - usual) * share(s, DISK_FILLS),
        s if s < full => most,
        s if s < full + DISK_EMPTIES => most - (most - usual) * share(s - full, DISK_EMPTIES),
        _ => usual,
    }
}

/// The node that comes under disk pressure.
pub(crate) fn node_of_disk_pressure(nodes: usize) -> usize {
    2.min(nodes.saturating_sub(1))
}
