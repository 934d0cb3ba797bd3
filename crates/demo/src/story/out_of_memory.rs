//! Containers that meet their memory limit.

use super::{Action, LEAK};
use crate::logs::Line;
use crate::state::Simulation;
use crate::state::group::Counters;
use crate::state::lifecycle::Event;
use crate::state::pod::PodId;
use crate::time::SECOND;

const RESTART: i64 = 2 * SECOND;

/// The leaking container is full: the kernel kills it, the kubelet starts it again.
pub(super) fn container(sim: &mut Simulation, id: PodId, at: i64) {
    let Some(pod) = sim.pods.get(&id) else { return };
    let Some(since) = pod.containers.first().and_then(|c| c.running_since()) else {
        return;
    };
    // It was started anew in the meantime.
    if at - since < LEAK - SECOND {
        return;
    }
    killed(sim, id, "node", at);
    sim.exit(id, 0, at, 137, "OOMKilled");
    sim.schedule.at(at + RESTART, Action::StartContainer(id, 0));
}

/// A child process of `recommender` is killed. The container goes on.
pub(super) fn child(sim: &mut Simulation, at: i64) {
    let Some(id) = sim.pod_of("shop", "recommender", 0) else {
        return;
    };
    killed(sim, id, "python3", at);
    let worker = 1 + sim.random.below(4);
    let process = 40 + sim.random.below(60);
    let lines = [
        (
            0,
            Some("error"),
            format!(
                "ERROR recommender worker={worker} was ended by signal 9 while it loaded a model"
            ),
        ),
        (
            1_000,
            Some("info"),
            format!("INFO recommender started worker={worker} as process {process}"),
        ),
    ];
    for (after, level, text) in lines {
        sim.say(id, 0, at + after, level, true, text);
    }
}

/// What the kernel counts and says of one killed process.
fn killed(sim: &mut Simulation, id: PodId, process: &str, at: i64) {
    // Just before, it was at its fullest.
    sim.spend(id, 0, at - 1);
    let hits = 3 + sim.random.below(20) as i64;
    let counters = Counters {
        oom_kills: 1,
        limit_hits: hits,
        ..Counters::default()
    };
    sim.charge(id, 0, counters, at);
    let Some(pod) = sim.pods.get(&id) else { return };
    let Some(node) = pod.node else { return };
    let group = pod.containers.first().and_then(|c| c.group.as_ref());
    let anon = group.map_or(0, |g| g.gauges.anon) / 1024;
    let number = 20_000 + sim.random.below(90_000);
    let total = anon * 3;
    let message = format!(
        "Memory cgroup out of memory: Killed process {number} ({process}) total-vm:{total}kB, anon-rss:{anon}kB, file-rss:0kB, shmem-rss:0kB, UID:1000"
    );
    let node = &mut sim.nodes[node];
    node.oom_kills += 1;
    node.kernel_said.push(Line {
        at,
        container_id: String::new(),
        instance: 0,
        level: Some("error"),
        is_error_stream: false,
        message: message.clone(),
    });
    let event = Event::of_node(node, "Warning", "OOMKilling", message);
    sim.happen(event.from("kernel-monitor"), at);
}
