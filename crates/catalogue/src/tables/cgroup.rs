//! What a control group tells, the same for a pod's and a container's. v1 and v2 name the hierarchy's version.

use super::row::{FIRST, FIRST_KERNEL, KERNEL};

const QUOTA: &str = "first row; no quota (v2: cpu controller off)";
const IO: &str = "first row; no I/O yet (v2: io controller off)";
const NO_LIMIT: &str = "no limit";
const V1: &str = "cgroup v1";
const FIRST_V1: &str = "first row; cgroup v1";
const PSI: &str = "first row; cgroup v1; kernel without PSI";
const ALIVE: &str = "while it lives";

columns! {
    /// CPU time and bandwidth control.
    CPU {
        delta cpu_usage_usec "us": "CPU time used."; "v1 cpuacct.usage (ns); v2 cpu.stat: usage_usec"; FIRST;
        delta cpu_user_usec "us": "CPU time in user mode."; "v1 cpuacct.usage_user, else cpuacct.stat: user (ticks); v2 cpu.stat: user_usec"; FIRST;
        delta cpu_system_usec "us": "CPU time in the kernel."; "v1 cpuacct.usage_sys, else cpuacct.stat: system (ticks); v2 cpu.stat: system_usec"; FIRST;
        delta cpu_periods "{period}": "Enforcement periods that passed with something to run."; "cpu.stat: nr_periods"; QUOTA;
        delta cpu_throttled_periods "{period}": "Periods in which the quota ran out."; "cpu.stat: nr_throttled"; QUOTA;
        delta cpu_throttled_usec "us": "Time for which tasks were held back, added over processors."; "v1 cpu.stat: throttled_time (ns); v2 cpu.stat: throttled_usec"; QUOTA;
        delta cpu_burst_periods "{period}": "Periods in which more than the quota was used, from what was saved before."; "cpu.stat: nr_bursts"; FIRST_KERNEL;
        delta cpu_burst_usec "us": "Time above the quota in such periods."; "v1 cpu.stat: burst_time (ns); v2 cpu.stat: burst_usec"; FIRST_KERNEL;
        constant cpu_quota_usec "us": "CPU time allowed in each period."; "v1 cpu.cfs_quota_us; v2 cpu.max: first"; NO_LIMIT;
        constant cpu_period_usec "us": "Length of an enforcement period."; "v1 cpu.cfs_period_us; v2 cpu.max: second"; "cpu controller off";
        constant cpu_shares "1": "Weight against siblings on v1, 1024 for a core requested."; "v1 cpu.shares"; "cgroup v2";
        constant cpu_weight "1": "Weight against siblings on v2, 1 to 10000."; "v2 cpu.weight"; V1;
        delta cpu_pressure_some_usec "us": "Time in which a task waited for a processor."; "v2 cpu.pressure: some total"; PSI;
        delta cpu_pressure_full_usec "us": "Time in which every task waited for a processor."; "v2 cpu.pressure: full total"; PSI;
    }
}

columns! {
    /// Memory: what is charged, of what kind, and what the kernel did about it.
    MEMORY {
        gauge memory_usage_bytes "By": "Memory charged, page cache included."; "v1 memory.usage_in_bytes; v2 memory.current"; "memory controller off";
        gauge memory_working_set_bytes "By": "Usage less inactive page cache, not below 0: what eviction looks at."; "v1 usage − memory.stat: total_inactive_file; v2 current − memory.stat: inactive_file"; "memory controller off";
        constant memory_limit_bytes "By": "Hard limit."; "v1 memory.limit_in_bytes; v2 memory.max"; NO_LIMIT;
        constant memory_high_bytes "By": "Limit at which tasks are slowed and memory reclaimed."; "v2 memory.high"; "cgroup v1; no limit";
        constant memory_low_bytes "By": "Memory that reclaim leaves alone as long as it can."; "v1 memory.soft_limit_in_bytes; v2 memory.low"; "none set";
        constant memory_swap_limit_bytes "By": "Hard limit of swap."; "v1 memory.memsw.limit_in_bytes − memory.limit_in_bytes; v2 memory.swap.max"; "no limit; no swap accounting";
        gauge memory_anon_bytes "By": "Anonymous memory (resident set)."; "memory.stat: v1 total_rss; v2 anon"; "memory controller off";
        gauge memory_file_bytes "By": "Page cache, shared memory included."; "memory.stat: v1 total_cache; v2 file"; "memory controller off";
        gauge memory_shmem_bytes "By": "Shared memory and tmpfs."; "memory.stat: v1 total_shmem; v2 shmem"; KERNEL;
        gauge memory_kernel_bytes "By": "Memory that the kernel holds for it."; "v1 memory.kmem.usage_in_bytes; v2 memory.stat: kernel"; KERNEL;
        gauge memory_slab_bytes "By": "Kernel objects."; "v2 memory.stat: slab"; "cgroup v1; kernel without it";
        gauge memory_sock_bytes "By": "Socket buffers."; "v1 memory.kmem.tcp.usage_in_bytes; v2 memory.stat: sock"; KERNEL;
        gauge memory_mapped_bytes "By": "Page cache that is mapped."; "memory.stat: v1 total_mapped_file; v2 file_mapped"; KERNEL;
        gauge memory_dirty_bytes "By": "Page cache not written back yet."; "memory.stat: v1 total_dirty; v2 file_dirty"; KERNEL;
        gauge memory_writeback_bytes "By": "Page cache being written back."; "memory.stat: v1 total_writeback; v2 file_writeback"; KERNEL;
        gauge memory_active_anon_bytes "By": "Anonymous memory used of late."; "memory.stat: v1 total_active_anon; v2 active_anon"; KERNEL;
        gauge memory_inactive_anon_bytes "By": "Anonymous memory not used of late."; "memory.stat: v1 total_inactive_anon; v2 inactive_anon"; KERNEL;
        gauge memory_active_file_bytes "By": "Page cache used of late."; "memory.stat: v1 total_active_file; v2 active_file"; KERNEL;
        gauge memory_inactive_file_bytes "By": "Page cache not used of late: the first to go."; "memory.stat: v1 total_inactive_file; v2 inactive_file"; KERNEL;
        gauge memory_unevictable_bytes "By": "Memory that cannot be reclaimed."; "memory.stat: v1 total_unevictable; v2 unevictable"; KERNEL;
        gauge memory_swap_bytes "By": "Swap used."; "v1 memory.stat: total_swap; v2 memory.swap.current"; "no swap accounting";
        gauge memory_peak_bytes "By": "Highest usage since the cgroup was made."; "v1 memory.max_usage_in_bytes; v2 memory.peak"; "kernel before 5.19 (v2)";
        delta memory_page_faults "{fault}": "Page faults, minor and major."; "memory.stat: v1 total_pgfault; v2 pgfault"; FIRST;
        delta memory_major_page_faults "{fault}": "Page faults that read from a disk."; "memory.stat: v1 total_pgmajfault; v2 pgmajfault"; FIRST;
        delta memory_pages_scanned "{page}": "Pages looked at for reclaim."; "v2 memory.stat: pgscan"; FIRST_V1;
        delta memory_pages_stolen "{page}": "Pages reclaimed."; "v2 memory.stat: pgsteal"; FIRST_V1;
        delta memory_refaults_anon "{page}": "Anonymous pages read back soon after they were reclaimed."; "memory.stat: v1 total_workingset_refault_anon; v2 workingset_refault_anon"; FIRST_KERNEL;
        delta memory_refaults_file "{page}": "Cache pages read back soon after they were reclaimed: thrashing."; "memory.stat: v1 total_workingset_refault_file; v2 workingset_refault_file"; FIRST_KERNEL;
        delta memory_oom_kills "{process}": "Processes of the cgroup that the out-of-memory killer ended."; "v1 memory.oom_control: oom_kill (child cgroups left out); v2 memory.events: oom_kill"; FIRST_KERNEL;
        delta memory_oom_group_kills "{event}": "Times that the whole cgroup was ended at once."; "v2 memory.events: oom_group_kill"; "first row; cgroup v1; kernel before 5.17";
        delta memory_limit_hits "{event}": "Times that usage met the hard limit."; "v1 memory.failcnt; v2 memory.events: max"; FIRST;
        delta memory_high_hits "{event}": "Times that usage met the high limit."; "v2 memory.events: high"; FIRST_V1;
        delta memory_pressure_some_usec "us": "Time in which a task waited for memory."; "v2 memory.pressure: some total"; PSI;
        delta memory_pressure_full_usec "us": "Time in which every task waited for memory."; "v2 memory.pressure: full total"; PSI;
    }
}

columns! {
    /// Block I/O over all devices, and tasks.
    IO_AND_TASKS {
        delta io_read_bytes "By": "Bytes read from block devices."; "v1 blkio.throttle.io_service_bytes_recursive: Read; v2 io.stat: rbytes"; IO;
        delta io_write_bytes "By": "Bytes written to block devices."; "v1 blkio.throttle.io_service_bytes_recursive: Write; v2 io.stat: wbytes"; IO;
        delta io_discard_bytes "By": "Bytes discarded."; "v1 blkio.throttle.io_service_bytes_recursive: Discard; v2 io.stat: dbytes"; IO;
        delta io_reads "{operation}": "Reads from block devices."; "v1 blkio.throttle.io_serviced_recursive: Read; v2 io.stat: rios"; IO;
        delta io_writes "{operation}": "Writes to block devices."; "v1 blkio.throttle.io_serviced_recursive: Write; v2 io.stat: wios"; IO;
        delta io_discards "{operation}": "Discards."; "v1 blkio.throttle.io_serviced_recursive: Discard; v2 io.stat: dios"; IO;
        delta io_pressure_some_usec "us": "Time in which a task waited for I/O."; "v2 io.pressure: some total"; PSI;
        delta io_pressure_full_usec "us": "Time in which every task waited for I/O."; "v2 io.pressure: full total"; PSI;
        gauge pids_current "{task}": "Tasks: threads, counted one by one."; "pids.current"; "pids controller off";
        constant pids_limit "{task}": "Most tasks allowed."; "pids.max"; NO_LIMIT;
        delta pids_limit_hits "{event}": "Forks that the limit refused."; "pids.events: max"; FIRST_KERNEL;
        gauge process_count "{process}": "Processes, those of child cgroups included."; "cgroup.procs"; "not read";
    }
}

columns! {
    /// When it began, and the receipt in its last row.
    LIFETIME {
        moment started_time "": "When the cgroup was made."; "change time of the cgroup's directory"; "unknown";
        flag exited "": "True in the last row: the cgroup is gone."; "inotify, rescan"; ALIVE;
        number lifetime_usec "us": "From its start to its end."; "started_time to the end"; ALIVE;
        number lifetime_cpu_usage_usec "us": "CPU time it used in all."; "as cpu_usage_usec"; ALIVE;
        number lifetime_cpu_user_usec "us": "CPU time in user mode in all."; "as cpu_user_usec"; ALIVE;
        number lifetime_cpu_system_usec "us": "CPU time in the kernel in all."; "as cpu_system_usec"; ALIVE;
        number lifetime_cpu_throttled_usec "us": "Time it was held back in all."; "as cpu_throttled_usec"; "while it lives; no quota";
        number lifetime_memory_peak_bytes "By": "Highest memory usage of its life; where the kernel keeps none, the highest read."; "as memory_peak_bytes"; ALIVE;
        number lifetime_memory_major_page_faults "{fault}": "Major page faults in all."; "as memory_major_page_faults"; ALIVE;
        number lifetime_memory_limit_hits "{event}": "Times that it met its memory limit in all."; "as memory_limit_hits"; ALIVE;
        number lifetime_oom_kills "{process}": "Processes ended by the out-of-memory killer in all."; "as memory_oom_kills"; ALIVE;
        number lifetime_io_read_bytes "By": "Bytes read in all."; "as io_read_bytes"; ALIVE;
        number lifetime_io_write_bytes "By": "Bytes written in all."; "as io_write_bytes"; ALIVE;
        number lifetime_io_reads "{operation}": "Reads in all."; "as io_reads"; ALIVE;
        number lifetime_io_writes "{operation}": "Writes in all."; "as io_writes"; ALIVE;
    }
}
