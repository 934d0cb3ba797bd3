//! The files of a control group: which are read, how often, and what they say.
//!
//! Within each table the hottest come first: when descriptors are short, the first ones stay open.

use super::hierarchy::{CgroupMount, Controller, Hierarchy};
use crate::row::{Cgroup, CgroupReading};
use crate::source::file::Shape;
use crate::source::parse::cgroup::{blkio, cpu_max, io_stat, limit, process_count};
use crate::source::parse::cpu::pressure;
use crate::source::parse::scan::{keyed, single};

/// What a file says, put into a reading.
type Parse = fn(&[u8], &mut CgroupReading);

/// A file of a control group.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CgroupFile {
    /// Whose tree it is in.
    pub(crate) controller: Controller,
    /// Its name.
    pub(crate) name: &'static str,
    /// What it feeds, in words.
    pub(crate) feeds: &'static str,
    /// Whether it hardly ever changes and is read seldom.
    pub(crate) slow: bool,
    /// Whether a change of it is waited for, so that a new limit is known at once.
    pub(crate) watched: bool,
    /// How it gives its bytes.
    pub(crate) shape: Shape,
    /// Its parser.
    pub(crate) parse: Parse,
    /// In v2, the controller that must be on for it to exist; empty for none.
    needs: &'static str,
}

impl CgroupFile {
    /// Whether it is a list of processes, of which one is enough.
    pub(crate) fn is_list(&self) -> bool {
        self.shape == Shape::Pieces
    }
}

/// Length of a tick of `cpuacct.stat`: `USER_HZ` is 100 on every architecture that Kubernetes runs on.
pub(crate) const USEC_PER_TICK: u64 = 10_000;

const fn hot(
    controller: Controller,
    name: &'static str,
    feeds: &'static str,
    parse: Parse,
) -> CgroupFile {
    CgroupFile {
        controller,
        name,
        feeds,
        slow: false,
        watched: false,
        shape: Shape::Whole,
        parse,
        needs: "",
    }
}

const fn slow(
    controller: Controller,
    name: &'static str,
    feeds: &'static str,
    parse: Parse,
) -> CgroupFile {
    CgroupFile {
        slow: true,
        ..hot(controller, name, feeds, parse)
    }
}

const fn watched(
    controller: Controller,
    name: &'static str,
    feeds: &'static str,
    parse: Parse,
) -> CgroupFile {
    CgroupFile {
        watched: true,
        ..slow(controller, name, feeds, parse)
    }
}

const fn needs(needs: &'static str, file: CgroupFile) -> CgroupFile {
    CgroupFile { needs, ..file }
}

const V1: &[CgroupFile] = &[
    hot(Controller::Cpuacct, "cpuacct.usage", "CPU time", |b, r| {
        r.set(Cgroup::CpuUsage, single(b).map(|ns| ns / 1000));
    }),
    hot(
        Controller::Memory,
        "memory.stat",
        "memory by kind, page faults",
        memory_stat_v1,
    ),
    hot(
        Controller::Memory,
        "memory.usage_in_bytes",
        "memory usage",
        |b, r| r.set(Cgroup::MemoryUsage, single(b)),
    ),
    hot(Controller::Cpu, "cpu.stat", "CPU throttling", cpu_stat_v1),
    hot(
        Controller::Cpuacct,
        "cpuacct.stat",
        "CPU time by mode",
        cpuacct_stat,
    ),
    hot(
        Controller::Memory,
        "memory.oom_control",
        "OOM kills",
        |b, r| {
            r.set(
                Cgroup::MemoryOomKills,
                keyed(b)
                    .find(|(key, _)| *key == b"oom_kill")
                    .map(|(_, value)| value),
            );
        },
    ),
    hot(
        Controller::Memory,
        "memory.failcnt",
        "hits of the memory limit",
        |b, r| {
            r.set(Cgroup::MemoryLimitHits, single(b));
        },
    ),
    hot(Controller::Pids, "pids.current", "tasks", |b, r| {
        r.set(Cgroup::PidsCurrent, single(b))
    }),
    hot(
        Controller::Blkio,
        "blkio.throttle.io_service_bytes_recursive",
        "block I/O in bytes",
        |b, r| {
            let io = blkio(b);
            r.set(Cgroup::IoReadBytes, io.map(|io| io.read));
            r.set(Cgroup::IoWriteBytes, io.map(|io| io.write));
            r.set(Cgroup::IoDiscardBytes, io.map(|io| io.discard));
        },
    ),
    hot(
        Controller::Blkio,
        "blkio.throttle.io_serviced_recursive",
        "block I/O operations",
        |b, r| {
            let io = blkio(b);
            r.set(Cgroup::IoReads, io.map(|io| io.read));
            r.set(Cgroup::IoWrites, io.map(|io| io.write));
            r.set(Cgroup::IoDiscards, io.map(|io| io.discard));
        },
    ),
    hot(
        Controller::Memory,
        "memory.max_usage_in_bytes",
        "highest memory usage",
        |b, r| {
            r.set(Cgroup::MemoryPeak, single(b));
        },
    ),
    hot(
        Controller::Memory,
        "memory.kmem.usage_in_bytes",
        "kernel memory",
        |b, r| {
            r.set(Cgroup::MemoryKernel, single(b));
        },
    ),
    watched(Controller::Cpu, "cpu.cfs_quota_us", "CPU quota", |b, r| {
        r.set(Cgroup::CpuQuota, limit(b))
    }),
    slow(
        Controller::Cpu,
        "cpu.cfs_period_us",
        "CPU period",
        |b, r| r.set(Cgroup::CpuPeriod, single(b)),
    ),
    slow(Controller::Cpu, "cpu.shares", "CPU shares", |b, r| {
        r.set(Cgroup::CpuShares, single(b))
    }),
    watched(
        Controller::Memory,
        "memory.limit_in_bytes",
        "memory limit",
        |b, r| r.set(Cgroup::MemoryLimit, limit(b)),
    ),
    slow(
        Controller::Memory,
        "memory.memsw.limit_in_bytes",
        "swap limit",
        |b, r| {
            // Memory and swap together; the limit of memory was read just before.
            let swap = limit(b)
                .zip(r.get(Cgroup::MemoryLimit))
                .map(|(both, memory)| both.saturating_sub(memory));
            r.set(Cgroup::MemorySwapLimit, swap);
        },
    ),
    slow(
        Controller::Memory,
        "memory.soft_limit_in_bytes",
        "protected memory",
        |b, r| {
            r.set(Cgroup::MemoryLow, limit(b).filter(|&low| low != 0));
        },
    ),
    slow(
        Controller::Memory,
        "memory.kmem.tcp.usage_in_bytes",
        "socket memory",
        |b, r| {
            r.set(Cgroup::MemorySock, single(b));
        },
    ),
    slow(Controller::Pids, "pids.max", "limit of tasks", |b, r| {
        r.set(Cgroup::PidsLimit, limit(b))
    }),
    slow(
        Controller::Pids,
        "pids.events",
        "hits of the limit of tasks",
        pids_events,
    ),
];

const V2: &[CgroupFile] = &[
    hot(
        Controller::Unified,
        "cpu.stat",
        "CPU time and throttling",
        cpu_stat_v2,
    ),
    needs(
        "memory",
        hot(
            Controller::Unified,
            "memory.stat",
            "memory by kind, page faults, reclaim",
            memory_stat_v2,
        ),
    ),
    needs(
        "memory",
        hot(
            Controller::Unified,
            "memory.current",
            "memory usage",
            |b, r| r.set(Cgroup::MemoryUsage, single(b)),
        ),
    ),
    needs(
        "memory",
        hot(
            Controller::Unified,
            "memory.events",
            "OOM kills, hits of memory limits",
            memory_events,
        ),
    ),
    needs(
        "pids",
        hot(Controller::Unified, "pids.current", "tasks", |b, r| {
            r.set(Cgroup::PidsCurrent, single(b))
        }),
    ),
    needs(
        "io",
        hot(Controller::Unified, "io.stat", "block I/O", |b, r| {
            let io = io_stat(b);
            r.set(Cgroup::IoReadBytes, io.read_bytes);
            r.set(Cgroup::IoWriteBytes, io.written_bytes);
            r.set(Cgroup::IoDiscardBytes, io.discarded_bytes);
            r.set(Cgroup::IoReads, io.reads);
            r.set(Cgroup::IoWrites, io.writes);
            r.set(Cgroup::IoDiscards, io.discards);
        }),
    ),
    needs(
        "memory",
        hot(
            Controller::Unified,
            "memory.swap.current",
            "swap usage",
            |b, r| r.set(Cgroup::MemorySwap, single(b)),
        ),
    ),
    needs(
        "memory",
        hot(
            Controller::Unified,
            "memory.peak",
            "highest memory usage",
            |b, r| r.set(Cgroup::MemoryPeak, single(b)),
        ),
    ),
    needs(
        "cpu",
        watched(Controller::Unified, "cpu.max", "CPU quota", |b, r| {
            let (quota, period) = cpu_max(b);
            r.set(Cgroup::CpuQuota, quota);
            r.set(Cgroup::CpuPeriod, period);
        }),
    ),
    needs(
        "cpu",
        slow(Controller::Unified, "cpu.weight", "CPU weight", |b, r| {
            r.set(Cgroup::CpuWeight, single(b))
        }),
    ),
    needs(
        "memory",
        watched(Controller::Unified, "memory.max", "memory limit", |b, r| {
            r.set(Cgroup::MemoryLimit, limit(b))
        }),
    ),
    needs(
        "memory",
        slow(
            Controller::Unified,
            "memory.high",
            "memory throttling limit",
            |b, r| r.set(Cgroup::MemoryHigh, limit(b)),
        ),
    ),
    needs(
        "memory",
        slow(
            Controller::Unified,
            "memory.low",
            "protected memory",
            |b, r| {
                r.set(Cgroup::MemoryLow, limit(b).filter(|&low| low != 0));
            },
        ),
    ),
    needs(
        "memory",
        slow(
            Controller::Unified,
            "memory.swap.max",
            "swap limit",
            |b, r| r.set(Cgroup::MemorySwapLimit, limit(b)),
        ),
    ),
    needs(
        "pids",
        slow(Controller::Unified, "pids.max", "limit of tasks", |b, r| {
            r.set(Cgroup::PidsLimit, limit(b))
        }),
    ),
    needs(
        "pids",
        slow(
            Controller::Unified,
            "pids.events",
            "hits of the limit of tasks",
            pids_events,
        ),
    ),
];

/// Pressure is v2's; a hybrid machine's v2 tree has it although it has no controller.
const PRESSURE: &[CgroupFile] = &[
    hot(
        Controller::Unified,
        "cpu.pressure",
        "waits for CPU",
        |b, r| {
            let p = pressure(b);
            r.set(Cgroup::CpuPressureSome, p.some_usec);
            r.set(Cgroup::CpuPressureFull, p.full_usec);
        },
    ),
    hot(
        Controller::Unified,
        "memory.pressure",
        "waits for memory",
        |b, r| {
            let p = pressure(b);
            r.set(Cgroup::MemoryPressureSome, p.some_usec);
            r.set(Cgroup::MemoryPressureFull, p.full_usec);
        },
    ),
    hot(
        Controller::Unified,
        "io.pressure",
        "waits for I/O",
        |b, r| {
            let p = pressure(b);
            r.set(Cgroup::IoPressureSome, p.some_usec);
            r.set(Cgroup::IoPressureFull, p.full_usec);
        },
    ),
];

/// Name of the list of processes, which every tree has.
pub(crate) const PROCESSES: &str = "cgroup.procs";

/// The files to read on a machine: of each controller where it is mounted. `on` are the controllers of the v2 tree
/// (its `cgroup.controllers`), `psi` whether the kernel keeps pressure.
pub(crate) fn plan(hierarchy: &Hierarchy, on: &[u8], psi: bool) -> Vec<CgroupFile> {
    let mounted = |controller| hierarchy.mount_of(controller).is_some();
    let mut files: Vec<CgroupFile> = V1
        .iter()
        .filter(|f| mounted(f.controller))
        .copied()
        .collect();
    if mounted(Controller::Unified) {
        let is_on = |name: &str| {
            on.split(u8::is_ascii_whitespace)
                .any(|c| c == name.as_bytes())
        };
        files.extend(V2.iter().copied().filter(|f| match f.needs {
            // CPU time is kept in v2 without a controller; v1's is as good, so one of them is enough.
            "" => !mounted(Controller::Cpuacct),
            needed => is_on(needed),
        }));
        if psi {
            files.extend_from_slice(PRESSURE);
        }
    }
    // Every tree has a list of processes, and a cgroup need not be in every tree: the first of these that has it
    // tells. In a hybrid machine a process may be placed in the v1 trees alone, so v2's comes last.
    let lists = [
        Controller::Named,
        Controller::Pids,
        Controller::Memory,
        Controller::Cpuacct,
        Controller::Cpu,
        Controller::Blkio,
        Controller::Unified,
    ];
    let mut trees: Vec<&CgroupMount> = Vec::new();
    for controller in lists {
        let Some(mount) = hierarchy.mount_of(controller) else {
            continue;
        };
        // Two controllers of one tree have one list.
        if trees.contains(&mount) {
            continue;
        }
        trees.push(mount);
        files.push(CgroupFile {
            shape: Shape::Pieces,
            ..hot(controller, PROCESSES, "number of processes", |b, r| {
                r.set(Cgroup::ProcessCount, process_count(b));
            })
        });
    }
    // Hot before slow; within each the tables' order.
    files.sort_by_key(|f| f.slow);
    files
}

/// What follows from several files.
pub(crate) fn derive(r: &mut CgroupReading) {
    if let (Some(usage), Some(inactive)) = (
        r.get(Cgroup::MemoryUsage),
        r.get(Cgroup::MemoryInactiveFile),
    ) {
        r.set(Cgroup::MemoryWorkingSet, usage.saturating_sub(inactive));
    }
    // A list without a process beside tasks: the processes are in child cgroups, or in a pid namespace that cannot be
    // seen from here (an agent without the host's).
    if r.get(Cgroup::ProcessCount) == Some(0) && r.get(Cgroup::PidsCurrent) != Some(0) {
        r.forget(Cgroup::ProcessCount);
    }
}

/// A reading with what the catalogue wants null left out: throttling without a quota, I/O before there was any.
pub(crate) fn shown(now: &CgroupReading) -> CgroupReading {
    let mut r = *now;
    if r.get(Cgroup::CpuQuota).is_none() && r.get(Cgroup::CpuPeriods).is_none_or(|p| p == 0) {
        for m in [
            Cgroup::CpuPeriods,
            Cgroup::CpuThrottledPeriods,
            Cgroup::CpuThrottled,
        ] {
            r.forget(m);
        }
    }
    const IO: [Cgroup; 6] = [
        Cgroup::IoReadBytes,
        Cgroup::IoWriteBytes,
        Cgroup::IoDiscardBytes,
        Cgroup::IoReads,
        Cgroup::IoWrites,
        Cgroup::IoDiscards,
    ];
    if IO.iter().all(|&m| r.get(m).is_none_or(|v| v == 0)) {
        for m in IO {
            r.forget(m);
        }
    }
    r
}

fn cpu_stat_v1(bytes: &[u8], r: &mut CgroupReading) {
    for (key, value) in keyed(bytes) {
        match key {
            b"nr_periods" => r.set(Cgroup::CpuPeriods, value),
            b"nr_throttled" => r.set(Cgroup::CpuThrottledPeriods, value),
            b"throttled_time" => r.set(Cgroup::CpuThrottled, value / 1000),
            b"nr_bursts" => r.set(Cgroup::CpuBurstPeriods, value),
            b"burst_time" => r.set(Cgroup::CpuBurst, value / 1000),
            _ => {}
        }
    }
}

/// The kernel scales these ticks so that both add up to `cpuacct.usage`. `cpuacct.usage_user` and `cpuacct.usage_sys`
/// are finer but unscaled samples, which in recordings add up to 11 % more than the usage.
fn cpuacct_stat(bytes: &[u8], r: &mut CgroupReading) {
    for (key, value) in keyed(bytes) {
        match key {
            b"user" => r.set(Cgroup::CpuUser, value.saturating_mul(USEC_PER_TICK)),
            b"system" => r.set(Cgroup::CpuSystem, value.saturating_mul(USEC_PER_TICK)),
            _ => {}
        }
    }
}

fn cpu_stat_v2(bytes: &[u8], r: &mut CgroupReading) {
    for (key, value) in keyed(bytes) {
        let measure = match key {
            b"usage_usec" => Cgroup::CpuUsage,
            b"user_usec" => Cgroup::CpuUser,
            b"system_usec" => Cgroup::CpuSystem,
            b"nr_periods" => Cgroup::CpuPeriods,
            b"nr_throttled" => Cgroup::CpuThrottledPeriods,
            b"throttled_usec" => Cgroup::CpuThrottled,
            b"nr_bursts" => Cgroup::CpuBurstPeriods,
            b"burst_usec" => Cgroup::CpuBurst,
            _ => continue,
        };
        r.set(measure, value);
    }
}

fn memory_stat_v1(bytes: &[u8], r: &mut CgroupReading) {
    for (key, value) in keyed(bytes) {
        // Without the prefix a key is of this cgroup alone, with it of those below too.
        let Some(key) = key.strip_prefix(b"total_") else {
            continue;
        };
        let measure = match key {
            b"rss" => Cgroup::MemoryAnon,
            b"cache" => Cgroup::MemoryFile,
            b"shmem" => Cgroup::MemoryShmem,
            b"mapped_file" => Cgroup::MemoryMapped,
            b"dirty" => Cgroup::MemoryDirty,
            b"writeback" => Cgroup::MemoryWriteback,
            b"active_anon" => Cgroup::MemoryActiveAnon,
            b"inactive_anon" => Cgroup::MemoryInactiveAnon,
            b"active_file" => Cgroup::MemoryActiveFile,
            b"inactive_file" => Cgroup::MemoryInactiveFile,
            b"unevictable" => Cgroup::MemoryUnevictable,
            b"swap" => Cgroup::MemorySwap,
            b"pgfault" => Cgroup::MemoryPageFaults,
            b"pgmajfault" => Cgroup::MemoryMajorPageFaults,
            b"workingset_refault_anon" => Cgroup::MemoryRefaultsAnon,
            b"workingset_refault_file" => Cgroup::MemoryRefaultsFile,
            _ => continue,
        };
        r.set(measure, value);
    }
}

fn memory_stat_v2(bytes: &[u8], r: &mut CgroupReading) {
    for (key, value) in keyed(bytes) {
        let measure = match key {
            b"anon" => Cgroup::MemoryAnon,
            b"file" => Cgroup::MemoryFile,
            b"kernel" => Cgroup::MemoryKernel,
            b"sock" => Cgroup::MemorySock,
            b"shmem" => Cgroup::MemoryShmem,
            b"file_mapped" => Cgroup::MemoryMapped,
            b"file_dirty" => Cgroup::MemoryDirty,
            b"file_writeback" => Cgroup::MemoryWriteback,
            b"inactive_anon" => Cgroup::MemoryInactiveAnon,
            b"active_anon" => Cgroup::MemoryActiveAnon,
            b"inactive_file" => Cgroup::MemoryInactiveFile,
            b"active_file" => Cgroup::MemoryActiveFile,
            b"unevictable" => Cgroup::MemoryUnevictable,
            b"slab" => Cgroup::MemorySlab,
            b"workingset_refault_anon" => Cgroup::MemoryRefaultsAnon,
            // Kernels before 5.9 do not tell anonymous refaults apart.
            b"workingset_refault_file" | b"workingset_refault" => Cgroup::MemoryRefaultsFile,
            b"pgscan" => Cgroup::MemoryPagesScanned,
            b"pgsteal" => Cgroup::MemoryPagesStolen,
            b"pgfault" => Cgroup::MemoryPageFaults,
            b"pgmajfault" => Cgroup::MemoryMajorPageFaults,
            _ => continue,
        };
        r.set(measure, value);
    }
}

fn memory_events(bytes: &[u8], r: &mut CgroupReading) {
    for (key, value) in keyed(bytes) {
        let measure = match key {
            b"high" => Cgroup::MemoryHighHits,
            b"max" => Cgroup::MemoryLimitHits,
            b"oom_kill" => Cgroup::MemoryOomKills,
            b"oom_group_kill" => Cgroup::MemoryOomGroupKills,
            _ => continue,
        };
        r.set(measure, value);
    }
}

fn pids_events(bytes: &[u8], r: &mut CgroupReading) {
    r.set(
        Cgroup::PidsLimitHits,
        keyed(bytes)
            .find(|(key, _)| *key == b"max")
            .map(|(_, value)| value),
    );
}

#[cfg(test)]
#[path = "files_tests.rs"]
mod tests;
