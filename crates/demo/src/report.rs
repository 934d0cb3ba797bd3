//! What agents say of themselves, in the shape of a real agent's report.

use serde_json::{Value, json};

use crate::demo::{Agent, TICK_USEC};
use crate::state::Simulation;
use crate::time::{SECOND, rfc3339, rfc3339_millis};

/// What is read: path, what it feeds, an example, mode, owner.
type Source = (&'static str, &'static str, &'static str, &'static str);

const SOURCES: [Source; 28] = [
    (
        "/proc/sys/kernel/osrelease",
        "kernel release",
        "/proc/sys/kernel/osrelease",
        "0444",
    ),
    (
        "/proc/sys/kernel/random/boot_id",
        "boot id",
        "/proc/sys/kernel/random/boot_id",
        "0444",
    ),
    ("/etc/machine-id", "machine id", "/etc/machine-id", "0444"),
    (
        "/etc/os-release",
        "operating system",
        "/etc/os-release",
        "0644",
    ),
    (
        "/proc/1/mountinfo",
        "mounts: file systems, control groups",
        "/proc/1/mountinfo",
        "0444",
    ),
    (
        "/sys/fs/cgroup/cgroup.controllers",
        "which controllers are on",
        "/sys/fs/cgroup/cgroup.controllers",
        "0444",
    ),
    (
        "/sys/fs/cgroup/**/cpu.stat",
        "CPU time and throttling",
        "/sys/fs/cgroup/kubepods.slice/cpu.stat",
        "0444",
    ),
    (
        "/sys/fs/cgroup/**/cpu.pressure",
        "waits for CPU",
        "/sys/fs/cgroup/kubepods.slice/cpu.pressure",
        "0644",
    ),
    (
        "/sys/fs/cgroup/**/memory.current",
        "memory usage",
        "/sys/fs/cgroup/kubepods.slice/memory.current",
        "0444",
    ),
    (
        "/sys/fs/cgroup/**/memory.stat",
        "memory by kind, page faults",
        "/sys/fs/cgroup/kubepods.slice/memory.stat",
        "0444",
    ),
    (
        "/sys/fs/cgroup/**/memory.events",
        "OOM kills, hits of limits",
        "/sys/fs/cgroup/kubepods.slice/memory.events",
        "0444",
    ),
    (
        "/sys/fs/cgroup/**/memory.pressure",
        "waits for memory",
        "/sys/fs/cgroup/kubepods.slice/memory.pressure",
        "0644",
    ),
    (
        "/sys/fs/cgroup/**/io.stat",
        "block I/O",
        "/sys/fs/cgroup/kubepods.slice/io.stat",
        "0444",
    ),
    (
        "/sys/fs/cgroup/**/io.pressure",
        "waits for I/O",
        "/sys/fs/cgroup/kubepods.slice/io.pressure",
        "0644",
    ),
    (
        "/sys/fs/cgroup/**/pids.current",
        "tasks",
        "/sys/fs/cgroup/kubepods.slice/pids.current",
        "0444",
    ),
    (
        "/sys/fs/cgroup/**/cgroup.procs",
        "number of processes",
        "/sys/fs/cgroup/kubepods.slice/cgroup.procs",
        "0644",
    ),
    (
        "/proc/stat",
        "CPU by mode, processes, interrupts, boot time",
        "/proc/stat",
        "0444",
    ),
    (
        "/proc/loadavg",
        "load, number of tasks",
        "/proc/loadavg",
        "0444",
    ),
    ("/proc/meminfo", "memory and swap", "/proc/meminfo", "0444"),
    (
        "/proc/vmstat",
        "page faults, paging, reclaim, OOM kills",
        "/proc/vmstat",
        "0444",
    ),
    (
        "/proc/pressure/cpu",
        "waits for CPU",
        "/proc/pressure/cpu",
        "0444",
    ),
    (
        "/proc/1/net/snmp",
        "TCP and UDP",
        "/proc/1/net/snmp",
        "0444",
    ),
    (
        "/proc/diskstats",
        "reads and writes of disks",
        "/proc/diskstats",
        "0444",
    ),
    (
        "/sys/class/block/*",
        "kind, size and model of disks",
        "/sys/class/block/nvme0n1/size",
        "0444",
    ),
    (
        "/proc/1/net/dev",
        "network of the node",
        "/proc/1/net/dev",
        "0444",
    ),
    ("/var/log/pods", "names of pods", "/var/log/pods", "0755"),
    (
        "/var/log/containers",
        "names of containers",
        "/var/log/containers",
        "0755",
    ),
    (
        "/var/log/pods/*/*/*.log",
        "logs of containers",
        "/var/log/pods",
        "0640",
    ),
];

/// A node's agent's report; `None` when there is no such node.
pub(crate) fn of(
    sim: &Simulation,
    place: usize,
    agent: Agent,
    now: i64,
    ticks: u64,
) -> Option<Value> {
    let node = sim.nodes.get(place)?;
    let pods = node.pods.iter().filter_map(|id| sim.pods.get(id));
    let pods: Vec<_> = pods.filter(|pod| pod.group.is_some()).collect();
    let containers: usize = pods
        .iter()
        .map(|pod| 1 + pod.containers.iter().filter(|c| c.group.is_some()).count())
        .sum();
    let logs: usize = pods.iter().map(|pod| pod.containers.len()).sum();
    let rows = ticks * (containers + pods.len() * 2 + 10) as u64;
    let seconds = TICK_USEC / SECOND;
    let idle = json!({
        "bytes": 0, "frames": 0, "rows": 0, "disk_bytes": 24_576, "memory_bytes": 0, "dropped_frames": 0,
        "dropped_rows": 0, "refused_frames": 0, "write_failures": 0,
    });
    let shipped = |frames: u64, rows: u64| json!({"frames": frames, "rows": rows, "again": 0, "failures_in_a_row": 0, "last_failure": null});
    let feature =
        |name: &str, meaning: &str| json!({"name": name, "present": true, "meaning": meaning});
    let of_logs = json!({
        "agent": agent.logs.to_string(),
        "logs": logs,
        "files": logs,
        "files_left_out": 0,
        "open_files": logs,
        "watched_directories": logs * 2,
        "written_bytes": node.log_bytes,
        "read_bytes": node.log_bytes,
        "skipped_bytes": 0,
        "lost_bytes": 0,
        "unread_bytes": 0,
        "held_bytes": 0,
        "entries": node.log_entries,
        "spooled_entries": node.log_entries,
        "acknowledged_entries": node.log_entries,
        "limited_entries": 0,
        "refused_entries": 0,
        "copies": 0,
        "truncations": 0,
        "journal_broken": 0,
        "journal_starts": null,
        "cpu_usec": node.log_entries * 4,
        "is_full": false,
        "lag_seconds": 0.0,
        "spool": idle,
        "ship": shipped(ticks, node.log_entries.max(0) as u64),
    });
    let counters = json!({
        "ticks": ticks,
        "rows": rows,
        "pods": pods.len(),
        "containers": containers,
        "units": node.units.len(),
        "cgroups_left_out": 0,
        "cgroups_missed": 0,
        "cgroups_ended": node.ended_groups,
        "cgroups_unreadable_names": 0,
        "failed_listings": 0,
        "devices_left_out": 0,
        "remote_filesystems": 0,
        "counter_resets": 0,
        "watches": containers * 2,
        "failed_watches": 0,
        "lost_announcements": 0,
        "walks": 1 + ticks / 30,
        "kept_files": containers * 12,
        "kept_files_per_cgroup": [12, 12],
        "reads": ticks * (containers as u64 * 12 + 16),
        "bytes": ticks * (containers as u64 * 5200 + 24_000),
        "failed_batches": 0,
    });
    let own = json!({
        "cpu_seconds": ticks as f64 * 0.011,
        "resident_bytes": 18_874_368,
        "tick_cpu_seconds": 0.009,
        "ticks": ticks,
        "missed_ticks": 0,
    });
    Some(json!({
        "agent": agent.measurements.to_string(),
        "version": env!("CARGO_PKG_VERSION"),
        "cluster": sim.cluster,
        "node": node.name,
        "region": null,
        "enhanced": true,
        "simulated": true,
        "uid": 65_532,
        "gid": 0,
        "groups": [0],
        "capabilities": [],
        "started": rfc3339(sim.started),
        "last_tick": rfc3339(now),
        "interval_seconds": seconds,
        "wanted_interval_seconds": seconds,
        "lag_seconds": 0.0,
        "spool": idle,
        "ship": shipped(ticks * 7, rows),
        "logs": of_logs,
        "own": own,
        "cgroup_version": "v2",
        "roots": ["/host/proc", "/host/sys", "/host/var/log", "/host"],
        "features": [
            feature("cgroups", "without them there are no pods, containers and units"),
            feature("cgroup v2 controllers", "without them reclaim, high limits and weights are dark"),
            feature("pressure (PSI)", "without it waits for CPU, memory and I/O are dark"),
            feature("announcements (inotify)", "without them new and ended cgroups are found by walks only"),
            feature("kubelet", "without it volumes and root file systems of containers are dark"),
        ],
        "counters": counters,
        "sources": sources(now, ticks),
    }))
}

fn sources(now: i64, ticks: u64) -> Vec<Value> {
    let read = rfc3339_millis(now);
    let mut all: Vec<Value> = SOURCES
        .iter()
        .map(|(path, feeds, example, mode)| {
            json!({
                "path": path,
                "feeds": feeds,
                "state": "ok",
                "example": example,
                "mode": mode,
                "owner": "0:0",
                "errno": null,
                "reason": null,
                "missing_right": null,
                "reads": ticks,
                "bytes": ticks * 840,
                "errors": 0,
                "last_error": null,
                "last_error_time": null,
                "last_read_time": now,
                "last_read": read,
            })
        })
        .collect();
    // One that is dark, so that a newcomer sees what that looks like.
    all.push(json!({
        "path": "/var/lib/docker/containers/*/config.v2.json",
        "feeds": "names of Docker's containers",
        "state": "unreadable",
        "example": "/var/lib/docker/containers",
        "mode": null,
        "owner": null,
        "errno": 13,
        "reason": "Permission denied (os error 13)",
        "missing_right": "directory /var/lib/docker is closed to this user: run the agent with its group or user, or give it the capability DAC_READ_SEARCH",
        "reads": 0,
        "bytes": 0,
        "errors": 1,
        "last_error": "Permission denied (os error 13)",
        "last_error_time": now - (ticks as i64) * TICK_USEC,
        "last_read_time": null,
        "last_read": null,
    }));
    all
}
