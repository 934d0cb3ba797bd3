//! What every measurement row begins with, and the capacities that ride along so that a utilization needs no join.

/// Never null.
pub(crate) const NEVER: &str = "never";
/// What a delta column says: the agent has nothing to subtract from.
pub(crate) const FIRST: &str = "first row of the entity";
/// A key that older kernels, or kernels built without an option, do not write.
pub(crate) const KERNEL: &str = "kernel without it";
/// Both of the above.
pub(crate) const FIRST_KERNEL: &str = "first row; kernel without it";

columns! {
    /// Time and length of a measurement row.
    ROW {
        tick time "": "The tick, a wall-clock multiple of the interval."; "agent's clock"; NEVER;
        delta interval_usec "us": "Measured length between this read and the one before, by the monotonic clock."; "CLOCK_MONOTONIC"; FIRST;
        gauge read_delay_usec "us": "From the tick to the read."; "agent's clock"; "not measured";
    }
}

columns! {
    /// Where a row comes from.
    PLACE {
        key cluster "": "Name of the cluster, as configured."; "configuration"; "not configured";
        key node "": "Name of the node."; "configuration, else the kernel's host name"; NEVER;
    }
}

columns! {
    /// The node's capacities, repeated in pod and container rows.
    CAPACITY {
        share node_cpu_cores "{cpu}": "Logical processors that are online."; "/proc/stat: cpuN lines"; NEVER;
        constant node_memory_total_bytes "By": "Memory that the kernel manages."; "/proc/meminfo: MemTotal"; NEVER;
    }
}

columns! {
    /// The pod that a row belongs to.
    OF_POD {
        key namespace "": "The pod's namespace."; "/var/log/pods/<namespace>_<pod>_<uid>"; "name not known yet";
        key pod "": "The pod's name."; "/var/log/pods/<namespace>_<pod>_<uid>"; "name not known yet";
        key pod_uid "": "The pod's uid; of a static pod the hash that its cgroup carries."; "cgroup path"; NEVER;
    }
}
