//! Nodes.

use super::interface::TRAFFIC;
use super::row::{CAPACITY, FIRST, FIRST_KERNEL, KERNEL, NEVER, PLACE, ROW};
use crate::table::{Table, TableKind};

const PSI: &str = "first row; kernel without PSI";
const UNREADABLE: &str = "unreadable";
const NO_SWAP: &str = "never: 0 without swap";

columns! {
    ABOUT {
        text boot_id "": "Changes with each boot."; "/proc/sys/kernel/random/boot_id"; UNREADABLE;
        moment boot_time "": "When the kernel started."; "/proc/stat: btime"; NEVER;
        text machine_id "": "The installation's id."; "/etc/machine-id"; UNREADABLE;
        text instance_id "": "The cloud's id of the machine; elsewhere machine_id, so that a node always has one."; "/sys/class/dmi/id/board_asset_tag, /etc/machine-id"; UNREADABLE;
        text instance_type "": "The maker's or the cloud's name for the machine."; "/sys/class/dmi/id/product_name"; UNREADABLE;
        text kernel_version "": "Release of the kernel."; "uname"; NEVER;
        text os_image "": "Name of the operating system."; "/etc/os-release: PRETTY_NAME"; UNREADABLE;
        text architecture "": "Machine's instruction set."; "uname"; NEVER;
        text cgroup_version "": "v1, v2 or hybrid."; "/proc/1/mountinfo"; "no cgroups";
        text agent_version "": "Version of the agent."; "agent"; NEVER;
        constant cpu_physical_cores "{core}": "Cores, threads of one core counted once."; "/proc/cpuinfo: physical id, core id"; "not written";
        constant cpu_sockets "{socket}": "Processor packages."; "/proc/cpuinfo: physical id"; "not written";
    }
}

columns! {
    PROCESSORS {
        delta cpu_usage_usec "us": "Busy time of all processors: user, nice, system, irq and softirq."; "/proc/stat: cpu"; FIRST;
        delta cpu_user_usec "us": "Time in user mode, guests included, nice left out."; "/proc/stat: cpu 1"; FIRST;
        delta cpu_nice_usec "us": "Time in user mode at low priority."; "/proc/stat: cpu 2"; FIRST;
        delta cpu_system_usec "us": "Time in the kernel."; "/proc/stat: cpu 3"; FIRST;
        delta cpu_idle_usec "us": "Idle time."; "/proc/stat: cpu 4"; FIRST;
        delta cpu_iowait_usec "us": "Idle time while a disk was waited for."; "/proc/stat: cpu 5"; FIRST;
        delta cpu_irq_usec "us": "Time in interrupts."; "/proc/stat: cpu 6"; FIRST;
        delta cpu_softirq_usec "us": "Time in soft interrupts."; "/proc/stat: cpu 7"; FIRST;
        delta cpu_steal_usec "us": "Time that the hypervisor gave to others."; "/proc/stat: cpu 8"; FIRST;
        delta cpu_guest_usec "us": "Time of guests, part of user."; "/proc/stat: cpu 9"; FIRST;
        delta cpu_guest_nice_usec "us": "Time of guests at low priority, part of nice."; "/proc/stat: cpu 10"; FIRST;
        level load_1m "1": "Tasks running or waiting, mean of about a minute."; "/proc/loadavg: 1"; NEVER;
        level load_5m "1": "The same, of about five minutes."; "/proc/loadavg: 2"; NEVER;
        level load_15m "1": "The same, of about fifteen minutes."; "/proc/loadavg: 3"; NEVER;
        delta context_switches "{switch}": "Switches from task to task."; "/proc/stat: ctxt"; FIRST;
        delta interrupts "{interrupt}": "Interrupts."; "/proc/stat: intr"; FIRST;
        delta forks "{task}": "Tasks made."; "/proc/stat: processes"; FIRST;
        gauge processes_running "{task}": "Tasks that could run."; "/proc/stat: procs_running"; NEVER;
        gauge processes_blocked "{task}": "Tasks that waited for I/O."; "/proc/stat: procs_blocked"; NEVER;
        gauge pids_current "{task}": "Tasks: threads, counted one by one."; "/proc/loadavg: 4"; NEVER;
        constant pids_limit "{task}": "Most tasks allowed."; "/proc/sys/kernel/pid_max"; UNREADABLE;
        delta cpu_pressure_some_usec "us": "Time in which a task waited for a processor."; "/proc/pressure/cpu: some total"; PSI;
        delta cpu_pressure_full_usec "us": "Time in which every task waited for a processor; the kernel keeps it at 0 for a node."; "/proc/pressure/cpu: full total"; PSI;
    }
}

columns! {
    MEMORY {
        gauge memory_usage_bytes "By": "MemTotal − MemFree, page cache included."; "/proc/meminfo"; NEVER;
        gauge memory_working_set_bytes "By": "Usage less inactive page cache, not below 0."; "/proc/meminfo: MemTotal − MemFree − Inactive(file)"; NEVER;
        gauge memory_free_bytes "By": "Memory that nothing uses."; "/proc/meminfo: MemFree"; NEVER;
        gauge memory_available_bytes "By": "Memory that programs can have without swapping."; "/proc/meminfo: MemAvailable"; KERNEL;
        gauge memory_buffers_bytes "By": "Cache of block devices."; "/proc/meminfo: Buffers"; NEVER;
        gauge memory_cached_bytes "By": "Page cache, shared memory included."; "/proc/meminfo: Cached"; NEVER;
        gauge memory_swap_cached_bytes "By": "Swapped memory that is in memory too."; "/proc/meminfo: SwapCached"; NEVER;
        gauge memory_anon_bytes "By": "Anonymous memory."; "/proc/meminfo: AnonPages"; NEVER;
        gauge memory_shmem_bytes "By": "Shared memory and tmpfs."; "/proc/meminfo: Shmem"; NEVER;
        gauge memory_mapped_bytes "By": "Page cache that is mapped."; "/proc/meminfo: Mapped"; NEVER;
        gauge memory_dirty_bytes "By": "Page cache not written back yet."; "/proc/meminfo: Dirty"; NEVER;
        gauge memory_writeback_bytes "By": "Page cache being written back."; "/proc/meminfo: Writeback"; NEVER;
        gauge memory_active_anon_bytes "By": "Anonymous memory used of late."; "/proc/meminfo: Active(anon)"; NEVER;
        gauge memory_inactive_anon_bytes "By": "Anonymous memory not used of late."; "/proc/meminfo: Inactive(anon)"; NEVER;
        gauge memory_active_file_bytes "By": "Page cache used of late."; "/proc/meminfo: Active(file)"; NEVER;
        gauge memory_inactive_file_bytes "By": "Page cache not used of late: the first to go."; "/proc/meminfo: Inactive(file)"; NEVER;
        gauge memory_unevictable_bytes "By": "Memory that cannot be reclaimed."; "/proc/meminfo: Unevictable"; NEVER;
        gauge memory_slab_bytes "By": "Kernel objects."; "/proc/meminfo: Slab"; NEVER;
        gauge memory_slab_reclaimable_bytes "By": "Kernel objects that can be given back."; "/proc/meminfo: SReclaimable"; NEVER;
        gauge memory_slab_unreclaimable_bytes "By": "Kernel objects that cannot."; "/proc/meminfo: SUnreclaim"; NEVER;
        gauge memory_kernel_stack_bytes "By": "Stacks of tasks in the kernel."; "/proc/meminfo: KernelStack"; NEVER;
        gauge memory_page_tables_bytes "By": "Page tables."; "/proc/meminfo: PageTables"; NEVER;
        gauge memory_committed_bytes "By": "Memory promised to programs."; "/proc/meminfo: Committed_AS"; NEVER;
        gauge memory_commit_limit_bytes "By": "Most that strict overcommit would promise."; "/proc/meminfo: CommitLimit"; NEVER;
        gauge memory_huge_pages "{page}": "Huge pages set aside."; "/proc/meminfo: HugePages_Total"; KERNEL;
        gauge memory_huge_pages_free "{page}": "Huge pages set aside and free."; "/proc/meminfo: HugePages_Free"; KERNEL;
        constant memory_huge_page_bytes "By": "Size of a huge page."; "/proc/meminfo: Hugepagesize"; KERNEL;
        gauge memory_swap_total_bytes "By": "Swap there is."; "/proc/meminfo: SwapTotal"; NO_SWAP;
        gauge memory_swap_free_bytes "By": "Swap not used."; "/proc/meminfo: SwapFree"; NO_SWAP;
        delta memory_page_faults "{fault}": "Page faults, minor and major."; "/proc/vmstat: pgfault"; FIRST;
        delta memory_major_page_faults "{fault}": "Page faults that read from a disk."; "/proc/vmstat: pgmajfault"; FIRST;
        delta memory_paged_in_bytes "By": "Read from block devices."; "/proc/vmstat: pgpgin (KiB)"; FIRST;
        delta memory_paged_out_bytes "By": "Written to block devices."; "/proc/vmstat: pgpgout (KiB)"; FIRST;
        delta memory_swapped_in "{page}": "Pages read from swap."; "/proc/vmstat: pswpin"; FIRST;
        delta memory_swapped_out "{page}": "Pages written to swap."; "/proc/vmstat: pswpout"; FIRST;
        delta memory_pages_scanned "{page}": "Pages looked at for reclaim."; "/proc/vmstat: pgscan_kswapd + pgscan_direct"; FIRST_KERNEL;
        delta memory_pages_stolen "{page}": "Pages reclaimed."; "/proc/vmstat: pgsteal_kswapd + pgsteal_direct"; FIRST_KERNEL;
        delta memory_refaults_anon "{page}": "Anonymous pages read back soon after they were reclaimed."; "/proc/vmstat: workingset_refault_anon"; FIRST_KERNEL;
        delta memory_refaults_file "{page}": "Cache pages read back soon after they were reclaimed: thrashing."; "/proc/vmstat: workingset_refault_file"; FIRST_KERNEL;
        delta memory_oom_kills "{process}": "Processes that the out-of-memory killer ended."; "/proc/vmstat: oom_kill"; FIRST_KERNEL;
        delta memory_pressure_some_usec "us": "Time in which a task waited for memory."; "/proc/pressure/memory: some total"; PSI;
        delta memory_pressure_full_usec "us": "Time in which every task waited for memory."; "/proc/pressure/memory: full total"; PSI;
    }
}

columns! {
    IO {
        delta io_read_bytes "By": "Bytes read, added over disks that are not made of others."; "/proc/diskstats"; FIRST;
        delta io_write_bytes "By": "Bytes written, added likewise."; "/proc/diskstats"; FIRST;
        delta io_reads "{operation}": "Reads, added likewise."; "/proc/diskstats"; FIRST;
        delta io_writes "{operation}": "Writes, added likewise."; "/proc/diskstats"; FIRST;
        delta io_pressure_some_usec "us": "Time in which a task waited for I/O."; "/proc/pressure/io: some total"; PSI;
        delta io_pressure_full_usec "us": "Time in which every task waited for I/O."; "/proc/pressure/io: full total"; PSI;
    }
}

columns! {
    PROTOCOLS {
        delta tcp_in_segments "{segment}": "Segments received."; "/proc/1/net/snmp: Tcp InSegs"; FIRST;
        delta tcp_out_segments "{segment}": "Segments sent, retransmissions left out."; "/proc/1/net/snmp: Tcp OutSegs"; FIRST;
        delta tcp_retransmitted_segments "{segment}": "Segments sent again."; "/proc/1/net/snmp: Tcp RetransSegs"; FIRST;
        delta tcp_in_errors "{segment}": "Bad segments received."; "/proc/1/net/snmp: Tcp InErrs"; FIRST;
        delta tcp_out_resets "{segment}": "Resets sent."; "/proc/1/net/snmp: Tcp OutRsts"; FIRST;
        delta tcp_active_opens "{connection}": "Connections begun here."; "/proc/1/net/snmp: Tcp ActiveOpens"; FIRST;
        delta tcp_passive_opens "{connection}": "Connections accepted."; "/proc/1/net/snmp: Tcp PassiveOpens"; FIRST;
        delta tcp_syn_retransmits "{segment}": "Connection requests sent again."; "/proc/1/net/netstat: TcpExt TCPSynRetrans"; FIRST_KERNEL;
        delta tcp_listen_overflows "{connection}": "Connections refused because the accept queue was full."; "/proc/1/net/netstat: TcpExt ListenOverflows"; FIRST;
        delta tcp_listen_drops "{connection}": "Connections refused for any reason."; "/proc/1/net/netstat: TcpExt ListenDrops"; FIRST;
        gauge tcp_established "{connection}": "Connections that are open."; "/proc/1/net/snmp: Tcp CurrEstab"; NEVER;
        delta udp_in_datagrams "{packet}": "Datagrams received."; "/proc/1/net/snmp: Udp InDatagrams"; FIRST;
        delta udp_out_datagrams "{packet}": "Datagrams sent."; "/proc/1/net/snmp: Udp OutDatagrams"; FIRST;
        delta udp_in_errors "{packet}": "Datagrams that could not be delivered."; "/proc/1/net/snmp: Udp InErrors"; FIRST;
        delta udp_receive_buffer_errors "{packet}": "Datagrams lost because a buffer was full."; "/proc/1/net/snmp: Udp RcvbufErrors"; FIRST;
        gauge sockets_used "{socket}": "Sockets in use."; "/proc/1/net/sockstat: sockets used"; NEVER;
        gauge tcp_sockets_in_use "{socket}": "TCP sockets in use."; "/proc/1/net/sockstat: TCP inuse"; NEVER;
        gauge tcp_sockets_time_wait "{socket}": "TCP sockets in TIME_WAIT."; "/proc/1/net/sockstat: TCP tw"; NEVER;
        gauge tcp_memory_pages "{page}": "Pages that TCP buffers take."; "/proc/1/net/sockstat: TCP mem"; NEVER;
        gauge conntrack_entries "{connection}": "Connections that the firewall tracks."; "/proc/sys/net/netfilter/nf_conntrack_count"; "module not loaded";
        constant conntrack_limit "{connection}": "Most that it can track."; "/proc/sys/net/netfilter/nf_conntrack_max"; "module not loaded";
        gauge files_open "{file}": "File handles in use."; "/proc/sys/fs/file-nr: 1"; NEVER;
        constant files_limit "{file}": "Most file handles."; "/proc/sys/fs/file-nr: 3"; NEVER;
    }
}

columns! {
    OTHER {
        level clock_offset_usec "us": "How far the clock is off, as the kernel's time keeping believes."; "adjtimex: offset"; UNREADABLE;
        flag clock_synchronized "": "True when something keeps the clock right."; "adjtimex: status"; UNREADABLE;
        gauge pods_running "{pod}": "Pods that have a process."; "cgroup tree"; NEVER;
        gauge containers_running "{container}": "Containers of pods or of Docker and Podman that have a process, pause containers left out."; "cgroup tree"; NEVER;
        delta agent_lost_rows "{row}": "Rows of metrics that the agent had to drop before the server had them: its spool was full, or damaged. Rows that were dropped take what they told of it along."; "agent: spool"; NEVER;
    }
}

/// A row for each node and interval.
pub static NODE: Table = Table {
    name: "node",
    kind: TableKind::Measurement,
    help: "A node in one interval; network columns are sums over its counted interfaces.",
    key: &["cluster", "node"],
    sort: &["cluster", "node", "time"],
    columns: join!(
        ROW, PLACE, ABOUT, CAPACITY, PROCESSORS, MEMORY, IO, TRAFFIC, PROTOCOLS, OTHER
    ),
};
