//! `system.*`.

use super::{CONVENTION, READ, RECEIVE, TRANSMIT, WRITE, group, seconds, since};
use crate::formula::column;
use crate::metric::{Metric, Rows};
use crate::names::list::{Group, Labels};

const HOSTMETRICS: &str = "hostmetrics receiver";
const HOST: Labels = &[("host.name", "node")];

const NODE: Group = group(CONVENTION, "node", Rows::All, HOST);
const RECEIVER: Group = group(HOSTMETRICS, "node", Rows::All, HOST);

pub(super) fn add(list: &mut Vec<Metric>) {
    processors(list);
    memory(list);
    stack(list);
    disks(list);
    filesystems(list);
    interfaces(list);
}

fn processors(list: &mut Vec<Metric>) {
    list! { list, NODE;
        "system.cpu.time", "s", seconds("cpu_user_usec"), "Time in user mode.", labels &[("cpu.mode", "user")];
        "system.cpu.time", "s", seconds("cpu_nice_usec"), "Time in user mode at low priority.", labels &[("cpu.mode", "nice")];
        "system.cpu.time", "s", seconds("cpu_system_usec"), "Time in the kernel.", labels &[("cpu.mode", "system")];
        "system.cpu.time", "s", seconds("cpu_idle_usec"), "Idle time.", labels &[("cpu.mode", "idle")];
        "system.cpu.time", "s", seconds("cpu_iowait_usec"), "Idle time while a disk was waited for.", labels &[("cpu.mode", "iowait")];
        "system.cpu.time", "s", column("cpu_irq_usec") / 1e6 + column("cpu_softirq_usec") / 1e6, "Time in interrupts.", labels &[("cpu.mode", "interrupt")];
        "system.cpu.time", "s", seconds("cpu_steal_usec"), "Time that the hypervisor gave to others.", labels &[("cpu.mode", "steal")];
        "system.cpu.utilization", "1", column("cpu_usage_usec") / column("interval_usec") / column("node_cpu_cores"), "Busy, of the processors there are.";
        "system.cpu.logical.count", "{cpu}", column("node_cpu_cores"), "Logical processors.";
        "system.cpu.physical.count", "{cpu}", column("cpu_physical_cores"), "Cores.";
        "system.process.count", "{process}", column("processes_running"), "Tasks that could run.", labels &[("process.state", "running")];
        "system.process.count", "{process}", column("processes_blocked"), "Tasks that waited for I/O.", labels &[("process.state", "blocked")];
        "system.process.created", "{process}", column("forks"), "Tasks made.";
        "system.uptime", "s", since("boot_time"), "Time since the kernel started.";
    }
    list! { list, RECEIVER;
        "system.cpu.load_average.1m", "{thread}", column("load_1m"), "Tasks running or waiting, mean of a minute.";
        "system.cpu.load_average.5m", "{thread}", column("load_5m"), "The same, of five minutes.";
        "system.cpu.load_average.15m", "{thread}", column("load_15m"), "The same, of fifteen minutes.";
    }
}

fn memory(list: &mut Vec<Metric>) {
    let total = || column("node_memory_total_bytes");
    let used = || {
        total()
            - column("memory_free_bytes")
            - column("memory_buffers_bytes")
            - column("memory_cached_bytes")
    };
    let swap_used = || column("memory_swap_total_bytes") - column("memory_swap_free_bytes");
    list! { list, NODE;
        "system.memory.usage", "By", used(), "Used, caches left out.", labels &[("system.memory.state", "used")];
        "system.memory.usage", "By", column("memory_free_bytes"), "Used for nothing.", labels &[("system.memory.state", "free")];
        "system.memory.usage", "By", column("memory_buffers_bytes"), "Cache of block devices.", labels &[("system.memory.state", "buffers")];
        "system.memory.usage", "By", column("memory_cached_bytes"), "Page cache.", labels &[("system.memory.state", "cached")];
        "system.memory.limit", "By", total(), "Memory there is.";
        "system.memory.utilization", "1", used() / total(), "Used, caches left out.", labels &[("system.memory.state", "used")];
        "system.memory.linux.available", "By", column("memory_available_bytes"), "Memory that programs can have.";
        "system.memory.linux.shared", "By", column("memory_shmem_bytes"), "Shared memory and tmpfs.";
        "system.memory.linux.slab.usage", "By", column("memory_slab_reclaimable_bytes"), "Kernel objects that can be given back.", labels &[("system.memory.linux.slab.state", "reclaimable")];
        "system.memory.linux.slab.usage", "By", column("memory_slab_unreclaimable_bytes"), "Kernel objects that cannot.", labels &[("system.memory.linux.slab.state", "unreclaimable")];
        "system.paging.usage", "By", swap_used(), "Swap used.", labels &[("system.paging.state", "used")];
        "system.paging.usage", "By", column("memory_swap_free_bytes"), "Swap not used.", labels &[("system.paging.state", "free")];
        "system.paging.utilization", "1", swap_used() / column("memory_swap_total_bytes"), "Swap used, of what there is.", labels &[("system.paging.state", "used")], absent "no swap";
        "system.paging.faults", "{fault}", column("memory_major_page_faults"), "Page faults that read from a disk.", labels &[("system.paging.fault.type", "major")];
        "system.paging.faults", "{fault}", column("memory_page_faults") - column("memory_major_page_faults"), "Page faults that did not.", labels &[("system.paging.fault.type", "minor")];
        "system.paging.operations", "{operation}", column("memory_swapped_in"), "Pages read from swap.", labels &[("system.paging.direction", "in"), ("system.paging.fault.type", "major")];
        "system.paging.operations", "{operation}", column("memory_swapped_out"), "Pages written to swap.", labels &[("system.paging.direction", "out"), ("system.paging.fault.type", "major")];
    }
    list! { list, RECEIVER;
        "system.linux.memory.available", "By", column("memory_available_bytes"), "Older name of system.memory.linux.available.";
    }
}

fn stack(list: &mut Vec<Metric>) {
    const ESTABLISHED: Labels = &[
        ("network.connection.state", "established"),
        ("network.transport", "tcp"),
    ];
    const TIME_WAIT: Labels = &[
        ("network.connection.state", "time_wait"),
        ("network.transport", "tcp"),
    ];
    list! { list, NODE;
        "system.network.connection.count", "{connection}", column("tcp_established"), "TCP connections that are open.", labels ESTABLISHED;
        "system.network.connection.count", "{connection}", column("tcp_sockets_time_wait"), "TCP sockets in TIME_WAIT.", labels TIME_WAIT;
    }
    list! { list, RECEIVER;
        "system.network.conntrack.count", "{entries}", column("conntrack_entries"), "Connections that the firewall tracks.";
        "system.network.conntrack.max", "{entries}", column("conntrack_limit"), "Most that it can track.";
    }
}

fn disks(list: &mut Vec<Metric>) {
    const DISK: Labels = &[("host.name", "node"), ("system.device", "device")];
    let disk = group(CONVENTION, "node_disk", Rows::All, DISK);
    list! { list, disk;
        "system.disk.io", "By", column("disk_read_bytes"), "Bytes read.", labels READ;
        "system.disk.io", "By", column("disk_write_bytes"), "Bytes written.", labels WRITE;
        "system.disk.operations", "{operation}", column("disk_reads"), "Reads.", labels READ;
        "system.disk.operations", "{operation}", column("disk_writes"), "Writes.", labels WRITE;
        "system.disk.merged", "{operation}", column("disk_reads_merged"), "Reads joined with a neighbour.", labels READ;
        "system.disk.merged", "{operation}", column("disk_writes_merged"), "Writes joined with a neighbour.", labels WRITE;
        "system.disk.operation_time", "s", seconds("disk_read_usec"), "Time of all reads.", labels READ;
        "system.disk.operation_time", "s", seconds("disk_write_usec"), "Time of all writes.", labels WRITE;
        "system.disk.io_time", "s", seconds("disk_busy_usec"), "Time with at least one operation.";
        "system.disk.limit", "By", column("disk_size_bytes"), "Size.";
    }
    let receiver = group(HOSTMETRICS, "node_disk", Rows::All, DISK);
    list! { list, receiver;
        "system.disk.weighted_io_time", "s", seconds("disk_queue_usec"), "Time of all operations, waiting included.";
        "system.disk.pending_operations", "{operations}", column("disk_in_flight"), "Operations not finished yet.";
    }
}

fn filesystems(list: &mut Vec<Metric>) {
    let size = || column("filesystem_size_bytes");
    let free = || column("filesystem_free_bytes");
    let available = || column("filesystem_available_bytes");
    const FILESYSTEM: Labels = &[
        ("host.name", "node"),
        ("system.device", "device"),
        ("system.filesystem.mountpoint", "mountpoint"),
        ("system.filesystem.type", "filesystem_type"),
    ];
    list! { list, group(CONVENTION, "node_filesystem", Rows::All, FILESYSTEM);
        "system.filesystem.usage", "By", size() - free(), "Used.", labels &[("system.filesystem.state", "used")];
        "system.filesystem.usage", "By", available(), "Free for everybody.", labels &[("system.filesystem.state", "free")];
        "system.filesystem.usage", "By", free() - available(), "Kept for root.", labels &[("system.filesystem.state", "reserved")];
        "system.filesystem.utilization", "1", (size() - free()) / size(), "Used, of the size.", absent "size 0";
        "system.filesystem.limit", "By", size(), "Size.";
    }
    list! { list, group(HOSTMETRICS, "node_filesystem", Rows::All, FILESYSTEM);
        "system.filesystem.inodes.usage", "{inodes}", column("filesystem_inodes") - column("filesystem_inodes_free"), "Inodes used.", labels &[("state", "used")];
        "system.filesystem.inodes.usage", "{inodes}", column("filesystem_inodes_free"), "Inodes still free.", labels &[("state", "free")];
    }
}

fn interfaces(list: &mut Vec<Metric>) {
    const INTERFACE: Labels = &[
        ("host.name", "node"),
        ("network.interface.name", "interface"),
    ];
    list! { list, group(CONVENTION, "node_network", Rows::All, INTERFACE);
        "system.network.io", "By", column("network_rx_bytes"), "Received.", labels RECEIVE;
        "system.network.io", "By", column("network_tx_bytes"), "Sent.", labels TRANSMIT;
        "system.network.packet.count", "{packet}", column("network_rx_packets"), "Packets received.", labels RECEIVE;
        "system.network.packet.count", "{packet}", column("network_tx_packets"), "Packets sent.", labels TRANSMIT;
        "system.network.packet.dropped", "{packet}", column("network_rx_dropped"), "Packets dropped on the way in.", labels RECEIVE;
        "system.network.packet.dropped", "{packet}", column("network_tx_dropped"), "Packets dropped on the way out.", labels TRANSMIT;
        "system.network.errors", "{error}", column("network_rx_errors"), "Bad packets received.", labels RECEIVE;
        "system.network.errors", "{error}", column("network_tx_errors"), "Packets that could not be sent.", labels TRANSMIT;
    }
}
