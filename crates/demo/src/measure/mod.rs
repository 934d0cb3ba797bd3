//! What containers, pods and nodes use between two moments.

mod cpu;
mod memory;
mod network;

pub(crate) use cpu::demand;
pub(crate) use memory::{MIB, limit, sandbox};

use crate::plan::Habit;
use crate::random::Random;
use crate::state::Simulation;
use crate::state::group::{Counters, Gauges, Pressure};
use crate::state::node::Node;
use crate::state::pod::{Pod, PodId};
use crate::time::SECOND;

/// What a container got of what it wanted, in cores, and the share of time in which it waited for a processor.
#[derive(Debug, Clone, Copy)]
struct Granted {
    wanted: f64,
    cores: f64,
    waits: f64,
}

/// Simulates a container up to its end, which is between two ticks: it gets what it wants.
pub(crate) fn until_exit(
    pod: &mut Pod,
    index: usize,
    node: &mut Node,
    random: &mut Random,
    at: i64,
) {
    let wanted = demand(pod, index, node.cores, at);
    let granted = Granted {
        wanted,
        cores: wanted,
        waits: 0.01,
    };
    spend(pod, index, node, random, granted, at);
}

/// Simulates everything from the last tick up to this one.
pub(crate) fn advance(sim: &mut Simulation, since: i64, until: i64) {
    let Simulation {
        nodes,
        pods,
        random,
        ..
    } = sim;
    let mut wants: Vec<Want> = Vec::new();
    for node in nodes {
        wants.clear();
        for id in &node.pods {
            let Some(pod) = pods.get_mut(id) else {
                continue;
            };
            for index in 0..pod.containers.len() {
                let container = &mut pod.containers[index];
                if container.group.is_none() {
                    continue;
                }
                container.drift = 0.85 * container.drift + 0.09 * (2.0 * random.unit() - 1.0);
                let request = f64::from(container.part.cpu_request);
                wants.push(Want {
                    pod: *id,
                    index,
                    cores: demand(pod, index, node.cores, until),
                    request: request / 1000.0,
                });
            }
        }
        let overload = share(&wants, room(node, since, until), until, node, pods, random);
        let ids: Vec<PodId> = node.pods.iter().copied().collect();
        for id in ids {
            if let Some(pod) = pods.get_mut(&id) {
                finish(pod, node, random, until);
            }
        }
        of_node(node, random, overload, until);
    }
}

/// What a container wants.
#[derive(Debug)]
struct Want {
    pod: PodId,
    index: usize,
    cores: f64,
    request: f64,
}

/// Share of the processors that the node's own services leave.
const FOR_PODS: f64 = 0.96;

/// Cores for the containers that live, over the whole span: what those have left that ended, or began, within it.
fn room(node: &Node, since: i64, until: i64) -> f64 {
    let taken = node.used.cpu as f64 / (until - since).max(1) as f64;
    (f64::from(node.cores) * FOR_PODS - taken).max(0.05)
}

/// Gives out a node's processors; answers by how much more is wanted than there is, as a share of it.
fn share(
    wants: &[Want],
    room: f64,
    until: i64,
    node: &mut Node,
    pods: &mut std::collections::BTreeMap<PodId, Pod>,
    random: &mut Random,
) -> f64 {
    let limited = |want: &Want, pods: &std::collections::BTreeMap<PodId, Pod>| {
        let part = pods
            .get(&want.pod)
            .and_then(|p| p.containers.get(want.index));
        let limit = part.and_then(|c| c.part.cpu_limit);
        limit.map_or(want.cores, |limit| {
            want.cores.min(f64::from(limit) / 1000.0)
        })
    };
    let sum: f64 = wants.iter().map(|want| limited(want, pods)).sum();
    let overload = (sum / room - 1.0).max(0.0);
    // Everybody gets what was requested; what is left is shared by what is wanted beyond.
    let asked: f64 = wants.iter().map(|w| limited(w, pods).min(w.request)).sum();
    let beyond: f64 = (sum - asked).max(1e-9);
    let portion = ((room - asked).max(0.0) / beyond).min(1.0);
    for want in wants.iter() {
        let may = limited(want, pods);
        let sure = may.min(want.request);
        let got = sure + (may - sure) * portion;
        let waits = if overload > 0.0 {
            (0.12 + 0.3 * overload.min(1.0) + 0.6 * (1.0 - got / may.max(1e-9)))
                * (0.8 + 0.4 * random.unit())
        } else {
            0.004 + 0.04 * (sum / room).powi(3)
        };
        let granted = Granted {
            wanted: want.cores,
            cores: got,
            waits: waits.min(0.97),
        };
        if let Some(pod) = pods.get_mut(&want.pod) {
            spend(pod, want.index, node, random, granted, until);
        }
    }
    overload
}

/// Counts what a container uses from where it was simulated up to a time.
fn spend(
    pod: &mut Pod,
    index: usize,
    node: &mut Node,
    random: &mut Random,
    granted: Granted,
    until: i64,
) {
    let Some((counters, waited, gauges)) = used(pod, index, random, granted, until) else {
        return;
    };
    if let Some(group) = pod.containers.get_mut(index).and_then(|c| c.group.as_mut()) {
        group.add(counters, waited, until);
        group.hold(gauges);
    }
    pod.charge(counters);
    node.used += counters;
}

fn used(
    pod: &Pod,
    index: usize,
    random: &mut Random,
    granted: Granted,
    until: i64,
) -> Option<(Counters, Pressure, Gauges)> {
    let container = pod.containers.get(index)?;
    let part = &container.part;
    let group = container.group.as_ref()?;
    let span = until - group.at;
    if span < 0 {
        return None;
    }
    let seconds = span as f64 / SECOND as f64;
    let mut counters = cpu::counters(part, granted.wanted, granted.cores, span, random);
    let gauges = memory::gauges(pod, container, until);
    memory::events(part, &gauges, seconds, random, &mut counters);
    let busy = granted.cores / part.cores.max(0.001);
    counters.write_bytes =
        (part.writes * seconds * busy.min(4.0) * (0.7 + 0.6 * random.unit())) as i64 / 4096 * 4096;
    counters.writes = (counters.write_bytes / 24_576).max(i64::from(counters.write_bytes > 0));
    counters.read_bytes = counters.major_faults * 16_384 + counters.write_bytes / 20 / 4096 * 4096;
    counters.reads = counters.read_bytes / 16_384;
    let some = |share: f64| (share.clamp(0.0, 1.0) * span as f64) as i64;
    let full = if part.processes > 1 { 0.35 } else { 0.9 };
    let tight = memory::tightness(part, &gauges);
    let disk = 0.001 + counters.write_bytes as f64 / 120e6;
    let waited = Pressure {
        cpu: (some(granted.waits), some(granted.waits * full)),
        memory: (some(tight * 0.2), some(tight * 0.15)),
        io: (some(disk + tight * 0.1), some((disk + tight * 0.1) * full)),
    };
    Some((counters, waited, gauges))
}

/// Brings a pod's own groups and its network up to a time.
fn finish(pod: &mut Pod, node: &mut Node, random: &mut Random, until: i64) {
    network::carry(pod, node, random, until);
    let held = pod.held();
    let before = pod.group.as_ref().map_or(until, |g| g.at);
    let span = until - before;
    let waited = pod
        .containers
        .iter()
        .flat_map(|c| c.group.iter().chain(&c.receipts))
        .fold(Pressure::default(), |sum, group| sum.or(group.waited));
    if let Some(sandbox) = &mut pod.sandbox {
        sandbox.at = until;
    }
    if let Some(group) = &mut pod.group {
        group.at = until;
        let bound = |wait: (i64, i64)| (wait.0.min(span), wait.1.min(span));
        group.waited = Pressure {
            cpu: bound(waited.cpu),
            memory: bound(waited.memory),
            io: bound(waited.io),
        };
        group.hold(held);
    }
}

/// What a node's services, its kernel and its load come to.
fn of_node(node: &mut Node, random: &mut Random, overload: f64, until: i64) {
    for unit in &mut node.units {
        let span = until - unit.at;
        let cpu = (span as f64 * random.between(0.012, 0.03)) as i64;
        let counters = Counters {
            cpu,
            user: cpu * 6 / 10,
            system: cpu - cpu * 6 / 10,
            faults: span / 20_000,
            ..Counters::default()
        };
        unit.add(counters, Pressure::default(), until);
        let mut gauges = unit.gauges;
        gauges.anon += (0.02 * MIB * (random.unit() - 0.5)) as i64;
        unit.hold(gauges);
        node.used += counters;
    }
    let Some(span) = node.units.first().and_then(|unit| unit.interval()) else {
        node.kernel_cpu = 0;
        return;
    };
    let seconds = span as f64 / SECOND as f64;
    let cores = f64::from(node.cores);
    node.kernel_cpu = (span as f64 * cores * random.between(0.006, 0.012)) as i64;
    node.forks += (seconds * random.between(2.0, 6.0)) as i64;
    let usage = (node.used.cpu + node.kernel_cpu) as f64 / (span as f64 * cores).max(1.0);
    let waits = if overload > 0.0 {
        0.25 + 0.5 * overload.min(1.0)
    } else {
        0.01 + 0.06 * usage.powi(3)
    };
    let some = |share: f64| (share.clamp(0.0, 0.99) * span as f64) as i64;
    let disk = 0.002 + node.used.write_bytes as f64 / 400e6;
    node.waited = Pressure {
        cpu: (some(waits), 0),
        memory: (some(0.0004 * usage), some(0.0002 * usage)),
        io: (some(disk), some(disk * 0.5)),
    };
    let runnable = cores * usage + cores * overload + random.between(0.0, 0.3);
    for (load, minutes) in node.load.iter_mut().zip([1.0, 5.0, 15.0]) {
        let keep = (-seconds / (60.0 * minutes)).exp();
        *load = *load * keep + runnable * (1.0 - keep);
    }
}

/// Whether a part's memory is bound to grow.
pub(crate) fn grows(habit: Habit) -> bool {
    matches!(habit, Habit::Leaks | Habit::LosesChildren)
}
