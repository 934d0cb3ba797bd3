//! node-exporter's default collectors.

use super::seconds;
use crate::formula::{Formula, column};
use crate::metric::{Dialect, Metric, Rows};
use crate::names::list::{Group, Labels};

const fn exporter(table: &'static str, rows: Rows, label_columns: Labels) -> Group {
    Group {
        dialect: Dialect::Prometheus,
        origin: "node-exporter",
        table,
        rows,
        labels: &[],
        label_columns,
    }
}

const NODE: Group = exporter("node", Rows::All, &[]);

pub(super) fn add(list: &mut Vec<Metric>) {
    processors(list);
    memory(list);
    network_stack(list);
    about(list);
    disks(list);
    filesystems(list);
    interfaces(list);
}

fn processors(list: &mut Vec<Metric>) {
    const ALL: &str = "always one series for all processors together, without the label cpu";
    list! { list, NODE;
        "node_cpu_seconds_total", "seconds", seconds("cpu_user_usec"), "Time in user mode.", labels &[("mode", "user")], absent ALL;
        "node_cpu_seconds_total", "seconds", seconds("cpu_nice_usec"), "Time in user mode at low priority.", labels &[("mode", "nice")], absent ALL;
        "node_cpu_seconds_total", "seconds", seconds("cpu_system_usec"), "Time in the kernel.", labels &[("mode", "system")], absent ALL;
        "node_cpu_seconds_total", "seconds", seconds("cpu_idle_usec"), "Idle time.", labels &[("mode", "idle")], absent ALL;
        "node_cpu_seconds_total", "seconds", seconds("cpu_iowait_usec"), "Idle time while a disk was waited for.", labels &[("mode", "iowait")], absent ALL;
        "node_cpu_seconds_total", "seconds", seconds("cpu_irq_usec"), "Time in interrupts.", labels &[("mode", "irq")], absent ALL;
        "node_cpu_seconds_total", "seconds", seconds("cpu_softirq_usec"), "Time in soft interrupts.", labels &[("mode", "softirq")], absent ALL;
        "node_cpu_seconds_total", "seconds", seconds("cpu_steal_usec"), "Time that the hypervisor gave to others.", labels &[("mode", "steal")], absent ALL;
        "node_cpu_guest_seconds_total", "seconds", seconds("cpu_guest_usec"), "Time of guests.", labels &[("mode", "user")], absent ALL;
        "node_cpu_guest_seconds_total", "seconds", seconds("cpu_guest_nice_usec"), "Time of guests at low priority.", labels &[("mode", "nice")], absent ALL;
        "node_load1", "", column("load_1m"), "Tasks running or waiting, mean of a minute.";
        "node_load5", "", column("load_5m"), "The same, of five minutes.";
        "node_load15", "", column("load_15m"), "The same, of fifteen minutes.";
        "node_context_switches_total", "", column("context_switches"), "Switches from task to task.";
        "node_intr_total", "", column("interrupts"), "Interrupts.";
        "node_forks_total", "", column("forks"), "Tasks made.";
        "node_procs_running", "", column("processes_running"), "Tasks that could run.";
        "node_procs_blocked", "", column("processes_blocked"), "Tasks that waited for I/O.";
        "node_pressure_cpu_waiting_seconds_total", "seconds", seconds("cpu_pressure_some_usec"), "Some task waited for a processor.";
        "node_pressure_memory_waiting_seconds_total", "seconds", seconds("memory_pressure_some_usec"), "Some task waited for memory.";
        "node_pressure_memory_stalled_seconds_total", "seconds", seconds("memory_pressure_full_usec"), "Every task waited for memory.";
        "node_pressure_io_waiting_seconds_total", "seconds", seconds("io_pressure_some_usec"), "Some task waited for I/O.";
        "node_pressure_io_stalled_seconds_total", "seconds", seconds("io_pressure_full_usec"), "Every task waited for I/O.";
    }
}

fn memory(list: &mut Vec<Metric>) {
    list! { list, NODE;
        "node_memory_MemTotal_bytes", "bytes", column("node_memory_total_bytes"), "Memory there is.";
        "node_memory_MemFree_bytes", "bytes", column("memory_free_bytes"), "Memory that nothing uses.";
        "node_memory_MemAvailable_bytes", "bytes", column("memory_available_bytes"), "Memory that programs can have.";
        "node_memory_Buffers_bytes", "bytes", column("memory_buffers_bytes"), "Cache of block devices.";
        "node_memory_Cached_bytes", "bytes", column("memory_cached_bytes"), "Page cache.";
        "node_memory_SwapCached_bytes", "bytes", column("memory_swap_cached_bytes"), "Swapped memory that is in memory too.";
        "node_memory_Active_bytes", "bytes", column("memory_active_anon_bytes") + column("memory_active_file_bytes"), "Memory used of late.";
        "node_memory_Inactive_bytes", "bytes", column("memory_inactive_anon_bytes") + column("memory_inactive_file_bytes"), "Memory not used of late.";
        "node_memory_Active_anon_bytes", "bytes", column("memory_active_anon_bytes"), "Anonymous memory used of late.";
        "node_memory_Inactive_anon_bytes", "bytes", column("memory_inactive_anon_bytes"), "Anonymous memory not used of late.";
        "node_memory_Active_file_bytes", "bytes", column("memory_active_file_bytes"), "Page cache used of late.";
        "node_memory_Inactive_file_bytes", "bytes", column("memory_inactive_file_bytes"), "Page cache not used of late.";
        "node_memory_Unevictable_bytes", "bytes", column("memory_unevictable_bytes"), "Memory that cannot be reclaimed.";
        "node_memory_AnonPages_bytes", "bytes", column("memory_anon_bytes"), "Anonymous memory.";
        "node_memory_Mapped_bytes", "bytes", column("memory_mapped_bytes"), "Page cache that is mapped.";
        "node_memory_Shmem_bytes", "bytes", column("memory_shmem_bytes"), "Shared memory and tmpfs.";
        "node_memory_Dirty_bytes", "bytes", column("memory_dirty_bytes"), "Page cache not written back yet.";
        "node_memory_Writeback_bytes", "bytes", column("memory_writeback_bytes"), "Page cache being written back.";
        "node_memory_Slab_bytes", "bytes", column("memory_slab_bytes"), "Kernel objects.";
        "node_memory_SReclaimable_bytes", "bytes", column("memory_slab_reclaimable_bytes"), "Kernel objects that can be given back.";
        "node_memory_SUnreclaim_bytes", "bytes", column("memory_slab_unreclaimable_bytes"), "Kernel objects that cannot.";
        "node_memory_KernelStack_bytes", "bytes", column("memory_kernel_stack_bytes"), "Stacks of tasks in the kernel.";
        "node_memory_PageTables_bytes", "bytes", column("memory_page_tables_bytes"), "Page tables.";
        "node_memory_Committed_AS_bytes", "bytes", column("memory_committed_bytes"), "Memory promised to programs.";
        "node_memory_CommitLimit_bytes", "bytes", column("memory_commit_limit_bytes"), "Most that strict overcommit would promise.";
        "node_memory_SwapTotal_bytes", "bytes", column("memory_swap_total_bytes"), "Swap there is.";
        "node_memory_SwapFree_bytes", "bytes", column("memory_swap_free_bytes"), "Swap not used.";
        "node_memory_HugePages_Total", "", column("memory_huge_pages"), "Huge pages set aside.";
        "node_memory_HugePages_Free", "", column("memory_huge_pages_free"), "Huge pages set aside and free.";
        "node_memory_Hugepagesize_bytes", "bytes", column("memory_huge_page_bytes"), "Size of a huge page.";
        "node_vmstat_pgfault", "", column("memory_page_faults"), "Page faults, minor and major.";
        "node_vmstat_pgmajfault", "", column("memory_major_page_faults"), "Page faults that read from a disk.";
        "node_vmstat_pgpgin", "", column("memory_paged_in_bytes") / 1024.0, "KiB read from block devices.";
        "node_vmstat_pgpgout", "", column("memory_paged_out_bytes") / 1024.0, "KiB written to block devices.";
        "node_vmstat_pswpin", "", column("memory_swapped_in"), "Pages read from swap.";
        "node_vmstat_pswpout", "", column("memory_swapped_out"), "Pages written to swap.";
        "node_vmstat_oom_kill", "", column("memory_oom_kills"), "Processes that the out-of-memory killer ended.";
    }
}

fn network_stack(list: &mut Vec<Metric>) {
    list! { list, NODE;
        "node_netstat_Tcp_InSegs", "", column("tcp_in_segments"), "Segments received.";
        "node_netstat_Tcp_OutSegs", "", column("tcp_out_segments"), "Segments sent.";
        "node_netstat_Tcp_RetransSegs", "", column("tcp_retransmitted_segments"), "Segments sent again.";
        "node_netstat_Tcp_InErrs", "", column("tcp_in_errors"), "Bad segments received.";
        "node_netstat_Tcp_OutRsts", "", column("tcp_out_resets"), "Resets sent.";
        "node_netstat_Tcp_ActiveOpens", "", column("tcp_active_opens"), "Connections begun here.";
        "node_netstat_Tcp_PassiveOpens", "", column("tcp_passive_opens"), "Connections accepted.";
        "node_netstat_Tcp_CurrEstab", "", column("tcp_established"), "Connections that are open.";
        "node_netstat_TcpExt_TCPSynRetrans", "", column("tcp_syn_retransmits"), "Connection requests sent again.";
        "node_netstat_TcpExt_ListenOverflows", "", column("tcp_listen_overflows"), "Refused: accept queue full.";
        "node_netstat_TcpExt_ListenDrops", "", column("tcp_listen_drops"), "Refused for any reason.";
        "node_netstat_Udp_InDatagrams", "", column("udp_in_datagrams"), "Datagrams received.";
        "node_netstat_Udp_OutDatagrams", "", column("udp_out_datagrams"), "Datagrams sent.";
        "node_netstat_Udp_InErrors", "", column("udp_in_errors"), "Datagrams that could not be delivered.";
        "node_netstat_Udp_RcvbufErrors", "", column("udp_receive_buffer_errors"), "Datagrams lost because a buffer was full.";
        "node_sockstat_sockets_used", "", column("sockets_used"), "Sockets in use.";
        "node_sockstat_TCP_inuse", "", column("tcp_sockets_in_use"), "TCP sockets in use.";
        "node_sockstat_TCP_tw", "", column("tcp_sockets_time_wait"), "TCP sockets in TIME_WAIT.";
        "node_sockstat_TCP_mem", "", column("tcp_memory_pages"), "Pages that TCP buffers take.";
        "node_nf_conntrack_entries", "", column("conntrack_entries"), "Connections that the firewall tracks.";
        "node_nf_conntrack_entries_limit", "", column("conntrack_limit"), "Most that it can track.";
        "node_filefd_allocated", "", column("files_open"), "File handles in use.";
        "node_filefd_maximum", "", column("files_limit"), "Most file handles.";
    }
}

fn about(list: &mut Vec<Metric>) {
    const ONE: Formula = Formula::Constant(1.0);
    list! { list, NODE;
        "node_boot_time_seconds", "seconds", seconds("boot_time"), "When the kernel started, since 1970.";
        "node_time_seconds", "seconds", seconds("time"), "The node's clock, since 1970.";
        "node_timex_offset_seconds", "seconds", seconds("clock_offset_usec"), "How far the clock is off.";
        "node_timex_sync_status", "", column("clock_synchronized"), "1 when something keeps the clock right.";
        "node_uname_info", "", ONE, "Always 1.", label_columns &[("machine", "architecture"), ("nodename", "node"), ("release", "kernel_version")];
        "node_os_info", "", ONE, "Always 1.", label_columns &[("pretty_name", "os_image")];
    }
}

fn disks(list: &mut Vec<Metric>) {
    let disk = exporter(
        "node_disk",
        Rows::OneOf("disk_kind", &["disk", "stacked"]),
        &[("device", "device")],
    );
    list! { list, disk;
        "node_disk_reads_completed_total", "", column("disk_reads"), "Reads completed.";
        "node_disk_reads_merged_total", "", column("disk_reads_merged"), "Reads joined with a neighbour.";
        "node_disk_read_bytes_total", "bytes", column("disk_read_bytes"), "Bytes read.";
        "node_disk_read_time_seconds_total", "seconds", seconds("disk_read_usec"), "Time of all reads.";
        "node_disk_writes_completed_total", "", column("disk_writes"), "Writes completed.";
        "node_disk_writes_merged_total", "", column("disk_writes_merged"), "Writes joined with a neighbour.";
        "node_disk_written_bytes_total", "bytes", column("disk_write_bytes"), "Bytes written.";
        "node_disk_write_time_seconds_total", "seconds", seconds("disk_write_usec"), "Time of all writes.";
        "node_disk_io_now", "", column("disk_in_flight"), "Operations not finished yet.";
        "node_disk_io_time_seconds_total", "seconds", seconds("disk_busy_usec"), "Time with at least one operation.";
        "node_disk_io_time_weighted_seconds_total", "seconds", seconds("disk_queue_usec"), "Time of all operations, waiting included.";
        "node_disk_discards_completed_total", "", column("disk_discards"), "Discards completed.";
        "node_disk_discards_merged_total", "", column("disk_discards_merged"), "Discards joined with a neighbour.";
        "node_disk_discarded_sectors_total", "", column("disk_discard_bytes") / 512.0, "Sectors discarded.";
        "node_disk_discard_time_seconds_total", "seconds", seconds("disk_discard_usec"), "Time of all discards.";
        "node_disk_flush_requests_total", "", column("disk_flushes"), "Flushes completed.";
        "node_disk_flush_requests_time_seconds_total", "seconds", seconds("disk_flush_usec"), "Time of all flushes.";
        "node_disk_info", "", Formula::Constant(1.0), "Always 1.",
            label_columns &[("device", "device"), ("major", "device_major"), ("minor", "device_minor"), ("model", "disk_model")];
    }
}

fn filesystems(list: &mut Vec<Metric>) {
    let filesystem = exporter(
        "node_filesystem",
        Rows::All,
        &[
            ("device", "device"),
            ("fstype", "filesystem_type"),
            ("mountpoint", "mountpoint"),
        ],
    );
    list! { list, filesystem;
        "node_filesystem_size_bytes", "bytes", column("filesystem_size_bytes"), "Size.";
        "node_filesystem_free_bytes", "bytes", column("filesystem_free_bytes"), "Free, root's part included.";
        "node_filesystem_avail_bytes", "bytes", column("filesystem_available_bytes"), "Free for everybody.";
        "node_filesystem_files", "", column("filesystem_inodes"), "Inodes it can hold.";
        "node_filesystem_files_free", "", column("filesystem_inodes_free"), "Inodes still free.";
        "node_filesystem_readonly", "", column("filesystem_read_only"), "1 when mounted read-only.";
    }
}

fn interfaces(list: &mut Vec<Metric>) {
    let interface = exporter(
        "node_network",
        Rows::Not("interface", "lo"),
        &[("device", "interface")],
    );
    list! { list, interface;
        "node_network_receive_bytes_total", "bytes", column("network_rx_bytes"), "Received.";
        "node_network_receive_packets_total", "", column("network_rx_packets"), "Packets received.";
        "node_network_receive_errs_total", "", column("network_rx_errors"), "Bad packets received.";
        "node_network_receive_drop_total", "", column("network_rx_dropped"), "Packets dropped on the way in.";
        "node_network_receive_fifo_total", "", column("network_rx_fifo_errors"), "Receive buffer overruns.";
        "node_network_receive_frame_total", "", column("network_rx_frame_errors"), "Framing errors.";
        "node_network_receive_compressed_total", "", column("network_rx_compressed"), "Compressed packets received.";
        "node_network_receive_multicast_total", "", column("network_rx_multicast"), "Multicast packets received.";
        "node_network_transmit_bytes_total", "bytes", column("network_tx_bytes"), "Sent.";
        "node_network_transmit_packets_total", "", column("network_tx_packets"), "Packets sent.";
        "node_network_transmit_errs_total", "", column("network_tx_errors"), "Packets that could not be sent.";
        "node_network_transmit_drop_total", "", column("network_tx_dropped"), "Packets dropped on the way out.";
        "node_network_transmit_fifo_total", "", column("network_tx_fifo_errors"), "Send buffer overruns.";
        "node_network_transmit_colls_total", "", column("network_tx_collisions"), "Collisions.";
        "node_network_transmit_carrier_total", "", column("network_tx_carrier_errors"), "Losses of carrier while sending.";
        "node_network_transmit_compressed_total", "", column("network_tx_compressed"), "Compressed packets sent.";
        "node_network_mtu_bytes", "bytes", column("network_mtu_bytes"), "Largest packet.";
        "node_network_speed_bytes", "bytes", column("network_speed_bytes_per_second"), "Speed of the link, a second.";
        "node_network_carrier", "", column("network_carrier"), "1 when the link is up.";
        "node_network_carrier_changes_total", "", column("network_carrier_changes"), "Times that the link went up or down.";
        "node_network_info", "", Formula::Constant(1.0), "Always 1.",
            label_columns &[("address", "interface_mac"), ("device", "interface"), ("operstate", "interface_state")];
    }
}
