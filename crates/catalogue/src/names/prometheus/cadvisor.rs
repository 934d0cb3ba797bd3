//! cAdvisor, as the kubelet shows it under `/metrics/cadvisor`.

use super::seconds;
use crate::formula::column;
use crate::metric::{Dialect, Metric, Rows};
use crate::names::list::{Group, Labels};

const fn cadvisor(table: &'static str, rows: Rows, labels: Labels, label_columns: Labels) -> Group {
    Group {
        dialect: Dialect::Prometheus,
        origin: "cAdvisor",
        table,
        rows,
        labels,
        label_columns,
    }
}

/// The rows that carry cgroup series, told apart by their labels as in cAdvisor.
const CGROUPS: [Group; 4] = [
    cadvisor(
        "container",
        Rows::Equal("container_kind", "container"),
        &[],
        &[
            ("container", "container"),
            ("id", "cgroup_path"),
            ("name", "container_id"),
            ("namespace", "namespace"),
            ("pod", "pod"),
        ],
    ),
    cadvisor(
        "container",
        Rows::Equal("container_kind", "sandbox"),
        &[("container", "")],
        &[
            ("id", "cgroup_path"),
            ("name", "container_id"),
            ("namespace", "namespace"),
            ("pod", "pod"),
        ],
    ),
    cadvisor(
        "container",
        Rows::OneOf("container_kind", &["unit", "slice", "scope"]),
        &[
            ("container", ""),
            ("name", ""),
            ("namespace", ""),
            ("pod", ""),
        ],
        &[("id", "cgroup_path")],
    ),
    cadvisor(
        "pod",
        Rows::All,
        &[("container", ""), ("name", "")],
        &[
            ("id", "cgroup_path"),
            ("namespace", "namespace"),
            ("pod", "pod"),
        ],
    ),
];

/// Page faults by type; both scopes count child cgroups.
const FAILURES: [(Labels, &str, &str); 4] = [
    (
        &[("failure_type", "pgfault"), ("scope", "container")],
        "memory_page_faults",
        "Page faults, minor and major.",
    ),
    (
        &[("failure_type", "pgfault"), ("scope", "hierarchy")],
        "memory_page_faults",
        "Page faults, minor and major.",
    ),
    (
        &[("failure_type", "pgmajfault"), ("scope", "container")],
        "memory_major_page_faults",
        "Page faults that read from a disk.",
    ),
    (
        &[("failure_type", "pgmajfault"), ("scope", "hierarchy")],
        "memory_major_page_faults",
        "Page faults that read from a disk.",
    ),
];

const ROOT: Group = cadvisor("node", Rows::All, &[("id", "/")], &[]);
const MACHINE: Group = cadvisor(
    "node",
    Rows::All,
    &[],
    &[("boot_id", "boot_id"), ("machine_id", "machine_id")],
);
const NODE_INTERFACE: Group = cadvisor(
    "node_network",
    Rows::True("interface_counted"),
    &[("id", "/")],
    &[("interface", "interface")],
);
const POD_INTERFACE: Group = cadvisor(
    "pod_network",
    Rows::All,
    &[("container", "")],
    &[
        ("interface", "interface"),
        ("namespace", "namespace"),
        ("pod", "pod"),
    ],
);
const ROOT_DISK: Group = cadvisor(
    "node_disk",
    Rows::All,
    &[("id", "/")],
    &[("device", "device")],
);

pub(super) fn add(list: &mut Vec<Metric>) {
    for group in CGROUPS {
        cpu(list, group);
        memory(list, group);
        io_and_tasks(list, group);
    }
    root(list);
    disks(list);
    network(list, NODE_INTERFACE);
    network(list, POD_INTERFACE);
}

fn cpu(list: &mut Vec<Metric>, cgroup: Group) {
    list! { list, cgroup;
        "container_cpu_usage_seconds_total", "seconds", seconds("cpu_usage_usec"), "CPU time used.";
        "container_cpu_user_seconds_total", "seconds", seconds("cpu_user_usec"), "CPU time in user mode.";
        "container_cpu_system_seconds_total", "seconds", seconds("cpu_system_usec"), "CPU time in the kernel.";
        "container_cpu_cfs_periods_total", "", column("cpu_periods"), "Enforcement periods.";
        "container_cpu_cfs_throttled_periods_total", "", column("cpu_throttled_periods"), "Periods in which the quota ran out.";
        "container_cpu_cfs_throttled_seconds_total", "seconds", seconds("cpu_throttled_usec"), "Time held back.";
        "container_cpu_cfs_burst_periods_total", "", column("cpu_burst_periods"), "Periods with more than the quota.";
        "container_cpu_cfs_burst_seconds_total", "seconds", seconds("cpu_burst_usec"), "Time above the quota.";
        "container_pressure_cpu_waiting_seconds_total", "seconds", seconds("cpu_pressure_some_usec"), "Some task waited for a processor.";
        "container_pressure_cpu_stalled_seconds_total", "seconds", seconds("cpu_pressure_full_usec"), "Every task waited for a processor.";
        "container_spec_cpu_quota", "microseconds", column("cpu_quota_usec"), "CPU time allowed in each period.", absent "no limit";
        "container_spec_cpu_period", "microseconds", column("cpu_period_usec"), "Length of a period.";
        "container_spec_cpu_shares", "", column("cpu_shares"), "Weight against siblings.", absent "cgroup v2: its weight cannot be turned back exactly";
        "container_start_time_seconds", "seconds", seconds("started_time"), "When it started, since 1970.";
        "container_last_seen", "seconds", seconds("time"), "When it was read last, since 1970.";
    }
}

fn memory(list: &mut Vec<Metric>, cgroup: Group) {
    list! { list, cgroup;
        "container_memory_usage_bytes", "bytes", column("memory_usage_bytes"), "Memory charged, page cache included.";
        "container_memory_working_set_bytes", "bytes", column("memory_working_set_bytes"), "Usage less inactive page cache.";
        "container_memory_rss", "bytes", column("memory_anon_bytes"), "Anonymous memory.";
        "container_memory_cache", "bytes", column("memory_file_bytes"), "Page cache.";
        "container_memory_mapped_file", "bytes", column("memory_mapped_bytes"), "Page cache that is mapped.";
        "container_memory_swap", "bytes", column("memory_swap_bytes"), "Swap used.";
        "container_memory_max_usage_bytes", "bytes", column("memory_peak_bytes"), "Highest usage since the start.";
        "container_memory_failcnt", "", column("memory_limit_hits"), "Times that usage met the limit.";
        "container_memory_kernel_usage", "bytes", column("memory_kernel_bytes"), "Memory that the kernel holds for it.";
        "container_memory_total_active_file_bytes", "bytes", column("memory_active_file_bytes"), "Page cache used of late.";
        "container_memory_total_inactive_file_bytes", "bytes", column("memory_inactive_file_bytes"), "Page cache not used of late.";
        "container_oom_events_total", "", column("memory_oom_kills"), "Processes that the out-of-memory killer ended.";
        "container_memory_events_max_total", "", column("memory_limit_hits"), "Times that usage met the limit.";
        "container_memory_events_high_total", "", column("memory_high_hits"), "Times that usage met the high limit.";
        "container_memory_file_dirty_bytes", "bytes", column("memory_dirty_bytes"), "Page cache not written back yet.";
        "container_memory_file_writeback_bytes", "bytes", column("memory_writeback_bytes"), "Page cache being written back.";
        "container_memory_pgscan_total", "", column("memory_pages_scanned"), "Pages looked at for reclaim.";
        "container_memory_pgsteal_total", "", column("memory_pages_stolen"), "Pages reclaimed.";
        "container_memory_workingset_refault_file_total", "", column("memory_refaults_file"), "Cache pages read back soon after reclaim.";
        "container_memory_workingset_refault_anon_total", "", column("memory_refaults_anon"), "Anonymous pages read back soon after reclaim.";
        "container_pressure_memory_waiting_seconds_total", "seconds", seconds("memory_pressure_some_usec"), "Some task waited for memory.";
        "container_pressure_memory_stalled_seconds_total", "seconds", seconds("memory_pressure_full_usec"), "Every task waited for memory.";
        "container_spec_memory_limit_bytes", "bytes", column("memory_limit_bytes"), "Memory limit.", absent "no limit (cAdvisor: 0)";
        "container_spec_memory_swap_limit_bytes", "bytes", column("memory_limit_bytes") + column("memory_swap_limit_bytes"), "Limit of memory and swap together.", absent "no limit (cAdvisor: 0)";
        "container_spec_memory_reservation_limit_bytes", "bytes", column("memory_low_bytes"), "Memory that reclaim leaves alone.", absent "none set (cAdvisor: 0)";
    }
    for failure in FAILURES {
        let (labels, name, help) = failure;
        list.push(
            cgroup
                .metric("container_memory_failures_total", "", column(name), help)
                .labels(labels),
        );
    }
}

fn io_and_tasks(list: &mut Vec<Metric>, cgroup: Group) {
    const ALL_DEVICES: &str =
        "always one series for all devices together, without the label device";
    list! { list, cgroup;
        "container_fs_reads_bytes_total", "bytes", column("io_read_bytes"), "Bytes read.", absent ALL_DEVICES;
        "container_fs_writes_bytes_total", "bytes", column("io_write_bytes"), "Bytes written.", absent ALL_DEVICES;
        "container_fs_reads_total", "", column("io_reads"), "Reads.", absent ALL_DEVICES;
        "container_fs_writes_total", "", column("io_writes"), "Writes.", absent ALL_DEVICES;
        "container_pressure_io_waiting_seconds_total", "seconds", seconds("io_pressure_some_usec"), "Some task waited for I/O.";
        "container_pressure_io_stalled_seconds_total", "seconds", seconds("io_pressure_full_usec"), "Every task waited for I/O.";
        "container_processes", "", column("process_count"), "Processes.";
        "container_threads", "", column("pids_current"), "Tasks.";
        "container_threads_max", "", column("pids_limit"), "Most tasks.", absent "no limit (cAdvisor: 0)";
    }
}

fn root(list: &mut Vec<Metric>) {
    let user = || column("cpu_user_usec") + column("cpu_nice_usec");
    let system = || column("cpu_system_usec") + column("cpu_irq_usec") + column("cpu_softirq_usec");
    list! { list, ROOT;
        "container_cpu_usage_seconds_total", "seconds", seconds("cpu_usage_usec"), "CPU time used.";
        "container_cpu_user_seconds_total", "seconds", user() / 1e6, "CPU time in user mode.";
        "container_cpu_system_seconds_total", "seconds", system() / 1e6, "CPU time in the kernel.";
        "container_memory_usage_bytes", "bytes", column("memory_usage_bytes"), "Memory used, page cache included.";
        "container_memory_working_set_bytes", "bytes", column("memory_working_set_bytes"), "Usage less inactive page cache.";
        "container_memory_rss", "bytes", column("memory_anon_bytes"), "Anonymous memory.";
        "container_memory_cache", "bytes", column("memory_cached_bytes") + column("memory_buffers_bytes"), "Page cache.";
        "container_memory_mapped_file", "bytes", column("memory_mapped_bytes"), "Page cache that is mapped.";
        "container_memory_swap", "bytes", column("memory_swap_total_bytes") - column("memory_swap_free_bytes"), "Swap used.";
        "container_oom_events_total", "", column("memory_oom_kills"), "Processes that the out-of-memory killer ended.";
        "container_start_time_seconds", "seconds", seconds("boot_time"), "When the kernel started, since 1970.";
    }
    list! { list, MACHINE;
        "machine_cpu_cores", "", column("node_cpu_cores"), "Logical processors.";
        "machine_cpu_physical_cores", "", column("cpu_physical_cores"), "Cores.";
        "machine_cpu_sockets", "", column("cpu_sockets"), "Processor packages.";
        "machine_memory_bytes", "bytes", column("node_memory_total_bytes"), "Memory there is.";
        "machine_swap_bytes", "bytes", column("memory_swap_total_bytes"), "Swap there is.";
    }
}

fn disks(list: &mut Vec<Metric>) {
    list! { list, ROOT_DISK;
        "container_fs_reads_bytes_total", "bytes", column("disk_read_bytes"), "Bytes read.";
        "container_fs_writes_bytes_total", "bytes", column("disk_write_bytes"), "Bytes written.";
        "container_fs_reads_total", "", column("disk_reads"), "Reads.";
        "container_fs_writes_total", "", column("disk_writes"), "Writes.";
        "container_fs_reads_merged_total", "", column("disk_reads_merged"), "Reads joined with a neighbour.";
        "container_fs_writes_merged_total", "", column("disk_writes_merged"), "Writes joined with a neighbour.";
        "container_fs_sector_reads_total", "", column("disk_read_bytes") / 512.0, "Sectors read.";
        "container_fs_sector_writes_total", "", column("disk_write_bytes") / 512.0, "Sectors written.";
        "container_fs_read_seconds_total", "seconds", seconds("disk_read_usec"), "Time of all reads.";
        "container_fs_write_seconds_total", "seconds", seconds("disk_write_usec"), "Time of all writes.";
        "container_fs_io_current", "", column("disk_in_flight"), "Operations not finished yet.";
        "container_fs_io_time_seconds_total", "seconds", seconds("disk_busy_usec"), "Time with at least one operation.";
        "container_fs_io_time_weighted_seconds_total", "seconds", seconds("disk_queue_usec"), "Time of all operations, waiting included.";
    }
    let filesystem = cadvisor(
        "node_filesystem",
        Rows::All,
        &[("id", "/")],
        &[("device", "device")],
    );
    let used = column("filesystem_size_bytes") - column("filesystem_free_bytes");
    list! { list, filesystem;
        "container_fs_usage_bytes", "bytes", used, "Used.";
        "container_fs_limit_bytes", "bytes", column("filesystem_size_bytes"), "Size.";
        "container_fs_inodes_total", "", column("filesystem_inodes"), "Inodes it can hold.";
        "container_fs_inodes_free", "", column("filesystem_inodes_free"), "Inodes still free.";
    }
}

fn network(list: &mut Vec<Metric>, interface: Group) {
    list! { list, interface;
        "container_network_receive_bytes_total", "bytes", column("network_rx_bytes"), "Received.";
        "container_network_receive_packets_total", "", column("network_rx_packets"), "Packets received.";
        "container_network_receive_packets_dropped_total", "", column("network_rx_dropped"), "Packets dropped on the way in.";
        "container_network_receive_errors_total", "", column("network_rx_errors"), "Bad packets received.";
        "container_network_transmit_bytes_total", "bytes", column("network_tx_bytes"), "Sent.";
        "container_network_transmit_packets_total", "", column("network_tx_packets"), "Packets sent.";
        "container_network_transmit_packets_dropped_total", "", column("network_tx_dropped"), "Packets dropped on the way out.";
        "container_network_transmit_errors_total", "", column("network_tx_errors"), "Packets that could not be sent.";
    }
}
