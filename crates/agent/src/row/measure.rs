//! What can be read of each kind of entity, and one reading of it.

use std::fmt;
use std::marker::PhantomData;

/// Something that is read of an entity and ends in the catalogue column of the same name.
pub(crate) trait Measure: Copy + 'static {
    /// The columns' names, in the order of [`Measure::index`].
    const COLUMNS: &'static [&'static str];

    /// Its place in a [`Reading`].
    fn index(self) -> usize;
}

macro_rules! measures {
    ($(#[$doc:meta])* $name:ident, $reading:ident { $($variant:ident $column:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum $name { $($variant),* }

        impl Measure for $name {
            const COLUMNS: &'static [&'static str] = &[$($column),*];

            fn index(self) -> usize {
                self as usize
            }
        }

        /// One reading of all of them.
        pub(crate) type $reading = Reading<$name, { <$name as Measure>::COLUMNS.len() }>;
    };
}

/// Values read at one moment; what was not read is absent. Times are in microseconds, sizes in bytes.
#[derive(Clone, Copy)]
pub(crate) struct Reading<M, const N: usize> {
    present: u128,
    values: [u64; N],
    of: PhantomData<M>,
}

impl<M: Measure, const N: usize> Reading<M, N> {
    /// Nothing read.
    pub(crate) const fn empty() -> Self {
        assert!(N <= 128, "the set of present measures has 128 bits");
        Reading {
            present: 0,
            values: [0; N],
            of: PhantomData,
        }
    }

    /// Every measure present and zero: what an entity that was born within the interval began with.
    pub(crate) const fn zero() -> Self {
        Reading {
            present: u128::MAX,
            ..Self::empty()
        }
    }

    /// Sets a measure; `None` leaves it as it is.
    pub(crate) fn set(&mut self, measure: M, value: impl Into<Option<u64>>) {
        if let Some(value) = value.into() {
            self.values[measure.index()] = value;
            self.present |= 1 << measure.index();
        }
    }

    /// Adds to a measure; an absent one counts as zero.
    pub(crate) fn add(&mut self, measure: M, value: impl Into<Option<u64>>) {
        if let Some(value) = value.into() {
            self.set(
                measure,
                self.get(measure).unwrap_or(0).saturating_add(value),
            );
        }
    }

    /// The value, if it was read.
    pub(crate) fn get(&self, measure: M) -> Option<u64> {
        self.at(measure.index())
    }

    /// The value at an index, if it was read.
    pub(crate) fn at(&self, index: usize) -> Option<u64> {
        (self.present & (1 << index) != 0).then(|| self.values[index])
    }

    /// Makes a measure absent.
    pub(crate) fn forget(&mut self, measure: M) {
        self.present &= !(1 << measure.index());
    }

    /// Whether nothing was read.
    pub(crate) fn is_empty(&self) -> bool {
        self.present == 0
    }

    /// Takes over what `other` has read, and keeps the rest.
    pub(crate) fn update(&mut self, other: &Self) {
        for index in 0..N {
            if other.present & (1 << index) != 0 {
                self.values[index] = other.values[index];
            }
        }
        self.present |= other.present;
    }

    /// Takes over from `other` the measures of a set that are absent here.
    pub(crate) fn inherit(&mut self, other: &Self, set: u128) {
        let wanted = set & other.present & !self.present;
        for index in 0..N {
            if wanted & (1 << index) != 0 {
                self.values[index] = other.values[index];
            }
        }
        self.present |= wanted;
    }
}

impl<M: Measure, const N: usize> fmt::Debug for Reading<M, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries((0..N).filter_map(|i| Some((M::COLUMNS.get(i)?, self.at(i)?))))
            .finish()
    }
}

measures! {
    /// What is read of a control group, whichever version.
    Cgroup, CgroupReading {
        CpuUsage "cpu_usage_usec",
        CpuUser "cpu_user_usec",
        CpuSystem "cpu_system_usec",
        CpuPeriods "cpu_periods",
        CpuThrottledPeriods "cpu_throttled_periods",
        CpuThrottled "cpu_throttled_usec",
        CpuBurstPeriods "cpu_burst_periods",
        CpuBurst "cpu_burst_usec",
        CpuQuota "cpu_quota_usec",
        CpuPeriod "cpu_period_usec",
        CpuShares "cpu_shares",
        CpuWeight "cpu_weight",
        CpuPressureSome "cpu_pressure_some_usec",
        CpuPressureFull "cpu_pressure_full_usec",
        MemoryUsage "memory_usage_bytes",
        MemoryWorkingSet "memory_working_set_bytes",
        MemoryLimit "memory_limit_bytes",
        MemoryHigh "memory_high_bytes",
        MemoryLow "memory_low_bytes",
        MemorySwapLimit "memory_swap_limit_bytes",
        MemoryAnon "memory_anon_bytes",
        MemoryFile "memory_file_bytes",
        MemoryShmem "memory_shmem_bytes",
        MemoryKernel "memory_kernel_bytes",
        MemorySlab "memory_slab_bytes",
        MemorySock "memory_sock_bytes",
        MemoryMapped "memory_mapped_bytes",
        MemoryDirty "memory_dirty_bytes",
        MemoryWriteback "memory_writeback_bytes",
        MemoryActiveAnon "memory_active_anon_bytes",
        MemoryInactiveAnon "memory_inactive_anon_bytes",
        MemoryActiveFile "memory_active_file_bytes",
        MemoryInactiveFile "memory_inactive_file_bytes",
        MemoryUnevictable "memory_unevictable_bytes",
        MemorySwap "memory_swap_bytes",
        MemoryPeak "memory_peak_bytes",
        MemoryPageFaults "memory_page_faults",
        MemoryMajorPageFaults "memory_major_page_faults",
        MemoryPagesScanned "memory_pages_scanned",
        MemoryPagesStolen "memory_pages_stolen",
        MemoryRefaultsAnon "memory_refaults_anon",
        MemoryRefaultsFile "memory_refaults_file",
        MemoryOomKills "memory_oom_kills",
        MemoryOomGroupKills "memory_oom_group_kills",
        MemoryLimitHits "memory_limit_hits",
        MemoryHighHits "memory_high_hits",
        MemoryPressureSome "memory_pressure_some_usec",
        MemoryPressureFull "memory_pressure_full_usec",
        IoReadBytes "io_read_bytes",
        IoWriteBytes "io_write_bytes",
        IoDiscardBytes "io_discard_bytes",
        IoReads "io_reads",
        IoWrites "io_writes",
        IoDiscards "io_discards",
        IoPressureSome "io_pressure_some_usec",
        IoPressureFull "io_pressure_full_usec",
        PidsCurrent "pids_current",
        PidsLimit "pids_limit",
        PidsLimitHits "pids_limit_hits",
        ProcessCount "process_count",
        ContainersRunning "containers_running",
    }
}

measures! {
    /// What is read of the node itself.
    Node, NodeReading {
        CpuPhysicalCores "cpu_physical_cores",
        CpuSockets "cpu_sockets",
        MemoryTotal "node_memory_total_bytes",
        CpuUsage "cpu_usage_usec",
        CpuUser "cpu_user_usec",
        CpuNice "cpu_nice_usec",
        CpuSystem "cpu_system_usec",
        CpuIdle "cpu_idle_usec",
        CpuIowait "cpu_iowait_usec",
        CpuIrq "cpu_irq_usec",
        CpuSoftirq "cpu_softirq_usec",
        CpuSteal "cpu_steal_usec",
        CpuGuest "cpu_guest_usec",
        CpuGuestNice "cpu_guest_nice_usec",
        ContextSwitches "context_switches",
        Interrupts "interrupts",
        Forks "forks",
        ProcessesRunning "processes_running",
        ProcessesBlocked "processes_blocked",
        PidsCurrent "pids_current",
        PidsLimit "pids_limit",
        CpuPressureSome "cpu_pressure_some_usec",
        CpuPressureFull "cpu_pressure_full_usec",
        MemoryUsage "memory_usage_bytes",
        MemoryWorkingSet "memory_working_set_bytes",
        MemoryFree "memory_free_bytes",
        MemoryAvailable "memory_available_bytes",
        MemoryBuffers "memory_buffers_bytes",
        MemoryCached "memory_cached_bytes",
        MemorySwapCached "memory_swap_cached_bytes",
        MemoryAnon "memory_anon_bytes",
        MemoryShmem "memory_shmem_bytes",
        MemoryMapped "memory_mapped_bytes",
        MemoryDirty "memory_dirty_bytes",
        MemoryWriteback "memory_writeback_bytes",
        MemoryActiveAnon "memory_active_anon_bytes",
        MemoryInactiveAnon "memory_inactive_anon_bytes",
        MemoryActiveFile "memory_active_file_bytes",
        MemoryInactiveFile "memory_inactive_file_bytes",
        MemoryUnevictable "memory_unevictable_bytes",
        MemorySlab "memory_slab_bytes",
        MemorySlabReclaimable "memory_slab_reclaimable_bytes",
        MemorySlabUnreclaimable "memory_slab_unreclaimable_bytes",
        MemoryKernelStack "memory_kernel_stack_bytes",
        MemoryPageTables "memory_page_tables_bytes",
        MemoryCommitted "memory_committed_bytes",
        MemoryCommitLimit "memory_commit_limit_bytes",
        MemoryHugePages "memory_huge_pages",
        MemoryHugePagesFree "memory_huge_pages_free",
        MemoryHugePageSize "memory_huge_page_bytes",
        MemorySwapTotal "memory_swap_total_bytes",
        MemorySwapFree "memory_swap_free_bytes",
        MemoryPageFaults "memory_page_faults",
        MemoryMajorPageFaults "memory_major_page_faults",
        MemoryPagedIn "memory_paged_in_bytes",
        MemoryPagedOut "memory_paged_out_bytes",
        MemorySwappedIn "memory_swapped_in",
        MemorySwappedOut "memory_swapped_out",
        MemoryPagesScanned "memory_pages_scanned",
        MemoryPagesStolen "memory_pages_stolen",
        MemoryRefaultsAnon "memory_refaults_anon",
        MemoryRefaultsFile "memory_refaults_file",
        MemoryOomKills "memory_oom_kills",
        MemoryPressureSome "memory_pressure_some_usec",
        MemoryPressureFull "memory_pressure_full_usec",
        IoPressureSome "io_pressure_some_usec",
        IoPressureFull "io_pressure_full_usec",
        TcpInSegments "tcp_in_segments",
        TcpOutSegments "tcp_out_segments",
        TcpRetransmittedSegments "tcp_retransmitted_segments",
        TcpInErrors "tcp_in_errors",
        TcpOutResets "tcp_out_resets",
        TcpActiveOpens "tcp_active_opens",
        TcpPassiveOpens "tcp_passive_opens",
        TcpSynRetransmits "tcp_syn_retransmits",
        TcpListenOverflows "tcp_listen_overflows",
        TcpListenDrops "tcp_listen_drops",
        TcpEstablished "tcp_established",
        UdpInDatagrams "udp_in_datagrams",
        UdpOutDatagrams "udp_out_datagrams",
        UdpInErrors "udp_in_errors",
        UdpReceiveBufferErrors "udp_receive_buffer_errors",
        SocketsUsed "sockets_used",
        TcpSocketsInUse "tcp_sockets_in_use",
        TcpSocketsTimeWait "tcp_sockets_time_wait",
        TcpMemoryPages "tcp_memory_pages",
        ConntrackEntries "conntrack_entries",
        ConntrackLimit "conntrack_limit",
        FilesOpen "files_open",
        FilesLimit "files_limit",
        PodsRunning "pods_running",
        ContainersRunning "containers_running",
    }
}

measures! {
    /// What is read of a block device.
    Disk, DiskReading {
        Major "device_major",
        Minor "device_minor",
        Size "disk_size_bytes",
        Reads "disk_reads",
        ReadsMerged "disk_reads_merged",
        ReadBytes "disk_read_bytes",
        ReadTime "disk_read_usec",
        Writes "disk_writes",
        WritesMerged "disk_writes_merged",
        WriteBytes "disk_write_bytes",
        WriteTime "disk_write_usec",
        InFlight "disk_in_flight",
        Busy "disk_busy_usec",
        Queue "disk_queue_usec",
        Discards "disk_discards",
        DiscardsMerged "disk_discards_merged",
        DiscardBytes "disk_discard_bytes",
        DiscardTime "disk_discard_usec",
        Flushes "disk_flushes",
        FlushTime "disk_flush_usec",
    }
}

measures! {
    /// What the kubelet says of a pod's volume.
    Volume, VolumeReading {
        Capacity "volume_capacity_bytes",
        Available "volume_available_bytes",
        Used "volume_used_bytes",
        Inodes "volume_inodes",
        InodesFree "volume_inodes_free",
        InodesUsed "volume_inodes_used",
    }
}

measures! {
    /// What the kubelet says of the files of a container or a pod.
    Files, FilesReading {
        RootfsUsed "rootfs_used_bytes",
        RootfsAvailable "rootfs_available_bytes",
        RootfsCapacity "rootfs_capacity_bytes",
        RootfsInodesUsed "rootfs_inodes_used",
        RootfsInodesFree "rootfs_inodes_free",
        RootfsInodes "rootfs_inodes",
        LogsUsed "logs_used_bytes",
        LogsInodesUsed "logs_inodes_used",
        EphemeralUsed "ephemeral_storage_used_bytes",
        EphemeralAvailable "ephemeral_storage_available_bytes",
        EphemeralCapacity "ephemeral_storage_capacity_bytes",
        EphemeralInodesUsed "ephemeral_storage_inodes_used",
    }
}

measures! {
    /// What is read of a file system.
    Filesystem, FilesystemReading {
        Major "device_major",
        Minor "device_minor",
        Size "filesystem_size_bytes",
        Free "filesystem_free_bytes",
        Available "filesystem_available_bytes",
        Inodes "filesystem_inodes",
        InodesFree "filesystem_inodes_free",
    }
}

measures! {
    /// What is read of a network interface.
    Interface, InterfaceReading {
        RxBytes "network_rx_bytes",
        RxPackets "network_rx_packets",
        RxErrors "network_rx_errors",
        RxDropped "network_rx_dropped",
        TxBytes "network_tx_bytes",
        TxPackets "network_tx_packets",
        TxErrors "network_tx_errors",
        TxDropped "network_tx_dropped",
        RxFifoErrors "network_rx_fifo_errors",
        RxFrameErrors "network_rx_frame_errors",
        RxCompressed "network_rx_compressed",
        RxMulticast "network_rx_multicast",
        TxFifoErrors "network_tx_fifo_errors",
        TxCollisions "network_tx_collisions",
        TxCarrierErrors "network_tx_carrier_errors",
        TxCompressed "network_tx_compressed",
        Mtu "network_mtu_bytes",
        Speed "network_speed_bytes_per_second",
        Carrier "network_carrier",
        CarrierChanges "network_carrier_changes",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_is_not_zero() {
        let mut r = InterfaceReading::empty();
        r.set(Interface::RxBytes, 0);
        r.set(Interface::TxBytes, None);
        r.add(Interface::RxPackets, 2);
        r.add(Interface::RxPackets, 3);
        assert_eq!(r.get(Interface::RxBytes), Some(0));
        assert_eq!(r.get(Interface::TxBytes), None);
        assert_eq!(r.get(Interface::RxPackets), Some(5));
        assert_eq!(
            InterfaceReading::zero().get(Interface::CarrierChanges),
            Some(0)
        );
    }

    #[test]
    fn update_and_inherit_keep_what_the_other_lacks() {
        let (mut old, mut new) = (InterfaceReading::empty(), InterfaceReading::empty());
        old.set(Interface::Mtu, 1500);
        old.set(Interface::RxBytes, 1);
        new.set(Interface::RxBytes, 2);
        let mut both = old;
        both.update(&new);
        assert_eq!(
            (both.get(Interface::Mtu), both.get(Interface::RxBytes)),
            (Some(1500), Some(2))
        );
        new.inherit(&old, 1 << Interface::Mtu.index());
        assert_eq!(
            (new.get(Interface::Mtu), new.get(Interface::RxBytes)),
            (Some(1500), Some(2))
        );
    }

    #[test]
    fn every_measure_has_a_catalogue_column() {
        fn check<M: Measure>(tables: &[&catalogue::Table]) {
            for name in M::COLUMNS {
                assert!(
                    tables.iter().any(|t| t.column(name).is_some()),
                    "no column {name}"
                );
            }
        }
        let t = |name| catalogue::table(name).unwrap();
        check::<Cgroup>(&[t("pod"), t("container")]);
        check::<Node>(&[t("node")]);
        check::<Disk>(&[t("node_disk")]);
        check::<Filesystem>(&[t("node_filesystem")]);
        check::<Interface>(&[t("node_network"), t("pod_network")]);
    }
}
