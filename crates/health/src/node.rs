//! The verdict about a node.

use crate::facts::{Latest, NodeFacts, is_true, newest_event};
use crate::growth;
use crate::say::{self, share};
use crate::space::Space;
use crate::thresholds::{
    CLOCK_OFFSET, COUNT_NEAR, FILESYSTEM, IO_PRESSURE, MEMORY_HORIZON, MEMORY_HORIZON_CRITICAL,
    NODE_CPU_PRESSURE, NODE_MEMORY_CRITICAL, NODE_MEMORY_LOW, RESTART_RECENT, STARTING_GRACE,
    THRASHING_FULL, THRASHING_PRESSURE,
};
use crate::verdict::{Finding, Findings, Verdict};
use crate::word::{Severity, Word};

/// Conditions of a node that are bad when true, and what they mean. The first three are the kubelet's, the others those of
/// the node problem detector.
const PRESSURES: &[(&str, &str)] = &[
    ("MemoryPressure", "Memory is short: the kubelet evicts pods"),
    (
        "DiskPressure",
        "Disk space is short: the kubelet removes images and evicts pods",
    ),
    ("PIDPressure", "Process ids are short"),
];
const PROBLEMS: &[(&str, &str)] = &[
    ("KernelDeadlock", "The kernel hangs"),
    ("ReadonlyFilesystem", "A file system has become read-only"),
    ("CorruptDockerOverlay2", "The image store is broken"),
    ("FrequentKubeletRestart", "The kubelet restarts often"),
    ("FrequentDockerRestart", "The runtime restarts often"),
    ("FrequentContainerdRestart", "The runtime restarts often"),
    (
        "FrequentUnregisterNetDevice",
        "Network devices are not freed",
    ),
];

/// Judges a node by its conditions and by its measurements.
#[must_use]
pub fn node(facts: &NodeFacts, now: i64) -> Verdict {
    let mut found = Findings::default();
    found.extend(ready(facts, now));
    found.extend(conditions(facts));
    let latest = Latest {
        time: facts.time,
        interval_usec: facts.interval_usec,
        ..Latest::default()
    };
    match latest.silent_since(now) {
        Some(since) => found.push(silent(facts, since, now)),
        None => measured(facts, now, &mut found),
    }
    if facts.unschedulable == Some(true) {
        found.push(Finding::new(
            Word::Cordoned,
            Severity::Ok,
            "It takes no new pods: somebody said so.",
        ));
    }
    found.verdict(|| well(facts))
}

fn ready(facts: &NodeFacts, now: i64) -> Option<Finding> {
    let status = facts.conditions.get("Ready")?;
    if status == "True" {
        return None;
    }
    let since = facts.condition_times.get("Ready").copied();
    // A node that joins is not ready before its network is.
    let young = facts
        .created_time
        .is_some_and(|t| say::ago(t, now) < STARTING_GRACE);
    if young {
        let starting = Finding::new(
            Word::Starting,
            Severity::Ok,
            "It joins and is not ready yet.",
        );
        return Some(starting.since(facts.created_time));
    }
    let long = since
        .map(|t| format!(" for {}", say::duration(say::ago(t, now))))
        .unwrap_or_default();
    let reason = if status == "Unknown" {
        format!("Its kubelet has not reported{long}: the node or its network is down.")
    } else {
        format!("Its kubelet has said that it is not ready{long}.")
    };
    let event = newest_event(
        &facts.events,
        &["NodeNotReady", "ContainerRuntimeUnhealthy", "KubeletIsDown"],
        |_| true,
    );
    let mut finding = Finding::new(Word::NodeNotReady, Severity::Critical, reason)
        .since(since)
        .with("condition", format!("Ready is {status}"));
    if let Some(event) = event {
        finding = finding.at("event", &event.message, event.time);
    }
    if let Some(time) = facts.time {
        finding = finding.at("last measurement", "last row of the agent", Some(time));
    }
    Some(finding)
}

fn conditions(facts: &NodeFacts) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut told = |name: &str, word, severity, meaning: &str| {
        if is_true(&facts.conditions, name) {
            found.push(
                Finding::new(word, severity, format!("{meaning}."))
                    .since(facts.condition_times.get(name).copied())
                    .with("condition", format!("{name} is True")),
            );
        }
    };
    told(
        "NetworkUnavailable",
        Word::NetworkUnavailable,
        Severity::Critical,
        "Its network is not set up",
    );
    for (name, meaning) in PRESSURES {
        told(name, Word::Pressure, Severity::Warning, meaning);
    }
    for (name, meaning) in PROBLEMS {
        told(name, Word::Degraded, Severity::Warning, meaning);
    }
    found
}

/// Where the API says that the node lives, only the agent is missing.
fn silent(facts: &NodeFacts, since: i64, now: i64) -> Finding {
    let lives = is_true(&facts.conditions, "Ready");
    let (severity, rest) = if lives {
        (
            Severity::Warning,
            "its kubelet is ready, so the agent or its way here is broken",
        )
    } else {
        (Severity::Critical, "whether it lives is not known")
    };
    let reason = format!(
        "Its agent has sent nothing for {}: {rest}.",
        say::duration(say::ago(since, now))
    );
    Finding::new(Word::Silent, severity, reason)
        .since(Some(since))
        .at("last measurement", "last row", Some(since))
}

fn measured(facts: &NodeFacts, now: i64, found: &mut Findings) {
    if let Some(boot) = facts.boot_time
        && facts.time.is_some()
        && say::ago(boot, now) < RESTART_RECENT
    {
        let reason = format!("It was started {} ago.", say::duration(say::ago(boot, now)));
        // A new node has been started as well; that is nothing to look into.
        let new = facts.created_time.is_some_and(|made| made >= boot);
        let severity = if new { Severity::Ok } else { Severity::Warning };
        let word = if new { Word::Starting } else { Word::Restarted };
        found.push(Finding::new(word, severity, reason).since(Some(boot)));
    }
    found.extend(memory(facts));
    found.extend(pressure(facts));
    found.extend(counts(facts));
    if let Some(offset) = facts.clock_offset_usec
        && offset.unsigned_abs() >= CLOCK_OFFSET.unsigned_abs()
    {
        let reason = format!("Its clock is {} ms off.", offset.unsigned_abs() / 1000);
        found.push(
            Finding::new(Word::ClockOff, Severity::Warning, reason)
                .with("offset", format!("{} ms", offset / 1000)),
        );
    }
    for filesystem in &facts.filesystems {
        // An image of a disk is full by nature.
        if filesystem.filesystem_read_only == Some(true) {
            continue;
        }
        // What is reserved for root is no space that is used: size as `df` takes it.
        let reserved = filesystem
            .filesystem_free_bytes
            .zip(filesystem.filesystem_available_bytes)
            .map_or(0, |(free, available)| free.saturating_sub(available).max(0));
        let space = Space {
            name: &filesystem.mountpoint,
            size: filesystem
                .filesystem_size_bytes
                .map(|size| size.saturating_sub(reserved)),
            available: filesystem.filesystem_available_bytes,
            inodes: filesystem.filesystem_inodes,
            inodes_free: filesystem.filesystem_inodes_free,
            used_points: &filesystem.used_points,
        };
        found.extend(
            space
                .findings(&FILESYSTEM)
                .into_iter()
                .map(|finding| finding.maybe("file system", filesystem.filesystem_type.as_deref())),
        );
    }
}

fn memory(facts: &NodeFacts) -> Option<Finding> {
    let (total, available) = (
        facts.node_memory_total_bytes?,
        facts.memory_available_bytes?,
    );
    let free = share(Some(available), Some(total))?;
    let growth = growth::towards(&facts.memory_used_points, total)
        .filter(|g| g.full_in <= MEMORY_HORIZON && free < 0.5);
    if free >= NODE_MEMORY_LOW && growth.is_none() {
        return None;
    }
    let soon = growth.is_some_and(|g| g.full_in <= MEMORY_HORIZON_CRITICAL);
    let severity = if free < NODE_MEMORY_CRITICAL || soon {
        Severity::Critical
    } else {
        Severity::Warning
    };
    let grows = growth
        .map(|g| {
            format!(
                ", and less by the minute: none in {}",
                say::about(g.full_in)
            )
        })
        .unwrap_or_default();
    let reason = format!("{} of its memory is available{grows}.", say::percent(free));
    let kills = facts.memory_oom_kills.filter(|k| *k > 0);
    Some(
        Finding::new(Word::NearLimit, severity, reason)
            .with(
                "available",
                format!("{} of {}", say::bytes(available), say::bytes(total)),
            )
            .maybe(
                "growth",
                growth.map(|g| crate::container::rate(g.per_second)),
            )
            .maybe("processes killed", kills.map(|k| k.to_string())),
    )
}

fn pressure(facts: &NodeFacts) -> Vec<Finding> {
    let of = |usec| share(usec, facts.window_interval_usec).map(|p| p.min(1.0));
    let busy = share(facts.cpu_usage_usec, facts.window_interval_usec)
        .zip(facts.node_cpu_cores.filter(|c| *c > 0.0))
        .map(|(used, cores)| say::percent(used / cores));
    let mut found = Vec::new();
    if let Some(some) = of(facts.cpu_pressure_some_usec).filter(|p| *p >= NODE_CPU_PRESSURE) {
        let reason = format!(
            "Some task waits {} of the time for a processor.",
            say::percent(some)
        );
        found.push(
            Finding::new(Word::CpuStarved, Severity::Warning, reason)
                .maybe("processors busy", busy),
        );
    }
    let full = of(facts.memory_pressure_full_usec);
    if let Some(some) = of(facts.memory_pressure_some_usec).filter(|p| *p >= THRASHING_PRESSURE) {
        let severity = if full.is_some_and(|f| f >= THRASHING_FULL) {
            Severity::Critical
        } else {
            Severity::Warning
        };
        let reason = format!(
            "Some task waits {} of the time for memory.",
            say::percent(some)
        );
        let all = full.map(|f| format!("{} of the time", say::percent(f)));
        found.push(Finding::new(Word::Thrashing, severity, reason).maybe("all tasks waited", all));
    }
    if let Some(full) = of(facts.io_pressure_full_usec).filter(|p| *p >= IO_PRESSURE) {
        let reason = format!(
            "All tasks wait for disks {} of the time.",
            say::percent(full)
        );
        found.push(Finding::new(Word::IoStarved, Severity::Warning, reason));
    }
    found
}

fn counts(facts: &NodeFacts) -> Vec<Finding> {
    let kinds = [
        ("tasks", facts.pids_current, facts.pids_limit),
        (
            "tracked connections",
            facts.conntrack_entries,
            facts.conntrack_limit,
        ),
        ("file handles", facts.files_open, facts.files_limit),
    ];
    let near = kinds.into_iter().filter_map(|(kind, used, limit)| {
        let ratio = share(used, limit).filter(|r| *r >= COUNT_NEAR)?;
        let severity = if ratio >= 1.0 {
            Severity::Critical
        } else {
            Severity::Warning
        };
        let reason = format!(
            "It uses {} of the {kind} that it can have.",
            say::percent(ratio)
        );
        let amounts = used
            .zip(limit)
            .map(|(used, limit)| format!("{used} of {limit}"));
        Some(Finding::new(Word::NearLimit, severity, reason).maybe(kind, amounts))
    });
    near.collect()
}

fn well(facts: &NodeFacts) -> Finding {
    let ready = is_true(&facts.conditions, "Ready");
    let reason = match (ready, facts.time) {
        (true, Some(_)) => "It is ready and sends measurements.",
        (true, None) => "It is ready. It has no agent.",
        (false, Some(_)) => "It sends measurements.",
        (false, None) => {
            return Finding::new(
                Word::Unknown,
                Severity::Unknown,
                "Nothing is known about it.",
            );
        }
    };
    Finding::new(Word::Healthy, Severity::Ok, reason).since(
        facts
            .condition_times
            .get("Ready")
            .copied()
            .filter(|_| ready),
    )
}
