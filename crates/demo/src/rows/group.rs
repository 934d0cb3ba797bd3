//! Rows of pods, containers and units.

use wire::rows::Rows;

use super::{NodeRows, Place};
use crate::measure::MIB;
use crate::plan::Part;
use crate::state::group::Group;
use crate::state::pod::Pod;

/// The node's capacities, which every row of a group repeats.
#[derive(Debug, Clone, Copy)]
pub(super) struct Capacity {
    pub(super) cores: f64,
    pub(super) memory: i64,
}

/// Limits of a group.
#[derive(Debug, Clone, Copy, Default)]
struct Limits {
    /// Thousandths of a core.
    cpu_request: u32,
    cpu: Option<u32>,
    /// Bytes.
    memory: Option<i64>,
}

impl Limits {
    fn of(part: &Part) -> Limits {
        Limits {
            cpu_request: part.cpu_request,
            cpu: part.cpu_limit,
            memory: part.memory_limit.map(|mib| i64::from(mib) * MIB as i64),
        }
    }

    /// A pod has a limit where all of its containers have one.
    fn of_pod(pod: &Pod) -> Limits {
        let parts = || pod.containers.iter().map(|c| Limits::of(&c.part));
        Limits {
            cpu_request: pod.cpu_request(),
            cpu: parts().map(|l| l.cpu).sum(),
            memory: parts().map(|l| l.memory).sum(),
        }
    }

    /// The weight that the runtime derives from the request: 2 to 262144 shares become 1 to 10000.
    fn weight(&self) -> i64 {
        let shares = (i64::from(self.cpu_request) * 1024 / 1000).max(2);
        1 + (shares - 2) * 9999 / 262_142
    }
}

/// Writes the rows of a pod and of what is in it, receipts included.
pub(super) fn write(rows: &mut NodeRows, pod: &mut Pod, place: Place<'_>, capacity: Capacity) {
    let about = About {
        namespace: pod.namespace.to_string(),
        pod: pod.name.clone(),
        uid: pod.uid.clone(),
    };
    let limits = Limits::of_pod(pod);
    let qos = pod.qos();
    let running = pod.containers.iter().filter(|c| c.group.is_some()).count();
    let ended = pod.receipt.take();
    let (own, sandboxes) = match ended {
        Some((group, sandbox)) => (Some(group), Some(sandbox)),
        None => (None, None),
    };
    for container in &mut pod.containers {
        let limits = Limits::of(&container.part);
        let name = Some(container.part.name);
        for mut receipt in std::mem::take(&mut container.receipts) {
            one_container(
                &mut rows.container,
                &mut receipt,
                place,
                &about,
                name,
                capacity,
                limits,
            );
        }
        if let Some(group) = &mut container.group {
            one_container(
                &mut rows.container,
                group,
                place,
                &about,
                name,
                capacity,
                limits,
            );
        }
    }
    let mut sandboxes = sandboxes;
    for sandbox in sandboxes.iter_mut().chain(&mut pod.sandbox) {
        let limits = Limits {
            cpu_request: 2,
            ..Limits::default()
        };
        one_container(
            &mut rows.container,
            sandbox,
            place,
            &about,
            None,
            capacity,
            limits,
        );
    }
    let mut own = own;
    let traffic = pod.traffic;
    let total = pod.traffic_total;
    let mut had_row = false;
    for group in own.iter_mut().chain(&mut pod.group) {
        had_row = true;
        let interval = group.interval();
        let out = &mut rows.pod;
        place.begin(out, interval);
        about.write(out);
        out.text("qos_class", Some(qos));
        out.flag("host_network", Some(pod.host_network));
        out.text("cgroup_path", Some(&group.path));
        let running = if group.ended.is_some() { 0 } else { running };
        out.integer("containers_running", i64::try_from(running).ok());
        out.float("node_cpu_cores", Some(capacity.cores));
        out.integer("node_memory_total_bytes", Some(capacity.memory));
        used(out, group, limits);
        let carried = interval.filter(|_| !pod.host_network).is_some();
        if carried {
            super::devices::traffic(out, traffic);
        }
        lifetime(out, group);
        if group.ended.is_some() {
            if !pod.host_network {
                out.integer("lifetime_network_rx_bytes", Some(total.0));
                out.integer("lifetime_network_tx_bytes", Some(total.1));
            }
        } else {
            let used = group.gauges.layer + group.gauges.logs;
            out.integer("ephemeral_storage_used_bytes", Some(used));
            out.integer(
                "ephemeral_storage_available_bytes",
                Some(super::devices::ROOT_BYTES / 2),
            );
            out.integer(
                "ephemeral_storage_capacity_bytes",
                Some(super::devices::ROOT_BYTES),
            );
            out.integer("ephemeral_storage_inodes_used", Some(40 + used / 65_536));
        }
        out.end_row();
        if !pod.host_network && group.ended.is_none() {
            let out = &mut rows.pod_network;
            place.begin(out, interval);
            about.write(out);
            out.text("interface", Some("eth0"));
            if carried {
                super::devices::traffic(out, traffic);
                super::devices::no_faults(out);
            }
            out.end_row();
        }
        group.reported();
    }
    if had_row {
        pod.traffic = Default::default();
    }
}

/// Which pod a row is about.
struct About {
    namespace: String,
    pod: String,
    uid: String,
}

impl About {
    fn write(&self, rows: &mut Rows) {
        rows.text("namespace", Some(&self.namespace));
        rows.text("pod", Some(&self.pod));
        rows.text("pod_uid", Some(&self.uid));
    }
}

/// `name` is none for the pause container.
fn one_container(
    rows: &mut Rows,
    group: &mut Group,
    place: Place<'_>,
    about: &About,
    name: Option<&str>,
    capacity: Capacity,
    limits: Limits,
) {
    place.begin(rows, group.interval());
    about.write(rows);
    rows.text("container", name);
    rows.text("container_id", Some(&group.id));
    let kind = if name.is_some() {
        "container"
    } else {
        "sandbox"
    };
    rows.text("container_kind", Some(kind));
    rows.text("runtime", Some("containerd"));
    rows.text("cgroup_path", Some(&group.path));
    rows.float("node_cpu_cores", Some(capacity.cores));
    rows.integer("node_memory_total_bytes", Some(capacity.memory));
    used(rows, group, limits);
    lifetime(rows, group);
    if name.is_some() && group.ended.is_none() {
        let gauges = &group.gauges;
        rows.integer("rootfs_used_bytes", Some(gauges.layer));
        rows.integer(
            "rootfs_available_bytes",
            Some(super::devices::ROOT_BYTES / 2),
        );
        rows.integer("rootfs_capacity_bytes", Some(super::devices::ROOT_BYTES));
        rows.integer("rootfs_inodes_used", Some(16 + gauges.layer / 65_536));
        rows.integer(
            "rootfs_inodes_free",
            Some(super::devices::ROOT_INODES - 400_000),
        );
        rows.integer("rootfs_inodes", Some(super::devices::ROOT_INODES));
        rows.integer("logs_used_bytes", Some(gauges.logs));
        rows.integer("logs_inodes_used", Some(2));
    }
    rows.end_row();
    group.reported();
}

/// Writes a unit of the node: no pod, no limits.
pub(super) fn unit(rows: &mut Rows, group: &mut Group, place: Place<'_>, capacity: Capacity) {
    place.begin(rows, group.interval());
    rows.text("container", group.path.rsplit('/').next());
    rows.text("container_id", Some(&group.path));
    rows.text("container_kind", Some("unit"));
    rows.text("runtime", Some("systemd"));
    rows.text("cgroup_path", Some(&group.path));
    rows.float("node_cpu_cores", Some(capacity.cores));
    rows.integer("node_memory_total_bytes", Some(capacity.memory));
    let limits = Limits {
        cpu_request: 100,
        ..Limits::default()
    };
    used(rows, group, limits);
    rows.time("started_time", Some(group.started));
    rows.end_row();
    group.reported();
}

/// What a group has used since its last row, and holds; in the order of the columns.
fn used(rows: &mut Rows, group: &Group, limits: Limits) {
    let has_base = group.interval().is_some();
    let delta = |value: i64| has_base.then_some(value);
    let (since, waited, held) = (&group.since, &group.waited, &group.gauges);
    let quota = limits.cpu.map(|m| i64::from(m) * 100);
    let of_quota = |value: i64| delta(value).filter(|_| quota.is_some());
    rows.integer("cpu_usage_usec", delta(since.cpu));
    rows.integer("cpu_user_usec", delta(since.user));
    rows.integer("cpu_system_usec", delta(since.system));
    rows.integer("cpu_periods", of_quota(since.periods));
    rows.integer("cpu_throttled_periods", of_quota(since.throttled_periods));
    rows.integer("cpu_throttled_usec", of_quota(since.throttled));
    rows.integer("cpu_burst_periods", of_quota(0));
    rows.integer("cpu_burst_usec", of_quota(0));
    rows.integer("cpu_quota_usec", quota);
    rows.integer("cpu_period_usec", Some(100_000));
    rows.integer("cpu_weight", Some(limits.weight()));
    rows.integer("cpu_pressure_some_usec", delta(waited.cpu.0));
    rows.integer("cpu_pressure_full_usec", delta(waited.cpu.1));
    rows.integer("memory_usage_bytes", Some(held.usage()));
    rows.integer(
        "memory_working_set_bytes",
        Some(held.usage() - held.inactive_file),
    );
    rows.integer("memory_limit_bytes", limits.memory);
    rows.integer("memory_swap_limit_bytes", limits.memory.map(|_| 0));
    rows.integer("memory_anon_bytes", Some(held.anon));
    rows.integer("memory_file_bytes", Some(held.file));
    rows.integer("memory_shmem_bytes", Some(0));
    rows.integer("memory_kernel_bytes", Some(held.kernel));
    rows.integer("memory_slab_bytes", Some(held.kernel * 6 / 10));
    rows.integer("memory_sock_bytes", Some(held.sock));
    rows.integer("memory_mapped_bytes", Some(held.file / 3));
    rows.integer("memory_dirty_bytes", Some(held.dirty));
    rows.integer("memory_writeback_bytes", Some(0));
    rows.integer("memory_active_anon_bytes", Some(held.anon / 10));
    rows.integer(
        "memory_inactive_anon_bytes",
        Some(held.anon - held.anon / 10),
    );
    rows.integer(
        "memory_active_file_bytes",
        Some(held.file - held.inactive_file),
    );
    rows.integer("memory_inactive_file_bytes", Some(held.inactive_file));
    rows.integer("memory_unevictable_bytes", Some(0));
    rows.integer("memory_swap_bytes", Some(0));
    rows.integer("memory_peak_bytes", Some(group.peak));
    rows.integer(
        "memory_page_faults",
        delta(since.faults + since.major_faults),
    );
    rows.integer("memory_major_page_faults", delta(since.major_faults));
    rows.integer("memory_pages_scanned", delta(since.scanned));
    rows.integer("memory_pages_stolen", delta(since.stolen));
    rows.integer("memory_refaults_anon", delta(0));
    rows.integer("memory_refaults_file", delta(since.refaults));
    rows.integer("memory_oom_kills", delta(since.oom_kills));
    rows.integer("memory_oom_group_kills", delta(0));
    rows.integer("memory_limit_hits", delta(since.limit_hits));
    rows.integer("memory_high_hits", delta(0));
    rows.integer("memory_pressure_some_usec", delta(waited.memory.0));
    rows.integer("memory_pressure_full_usec", delta(waited.memory.1));
    rows.integer("io_read_bytes", delta(since.read_bytes));
    rows.integer("io_write_bytes", delta(since.write_bytes));
    rows.integer("io_discard_bytes", delta(0));
    rows.integer("io_reads", delta(since.reads));
    rows.integer("io_writes", delta(since.writes));
    rows.integer("io_discards", delta(0));
    rows.integer("io_pressure_some_usec", delta(waited.io.0));
    rows.integer("io_pressure_full_usec", delta(waited.io.1));
    rows.integer("pids_current", Some(held.pids));
    rows.integer("pids_limit_hits", delta(0));
    rows.integer("process_count", Some(held.processes));
}

/// When it began, and once it has ended the receipt.
fn lifetime(rows: &mut Rows, group: &Group) {
    rows.time("started_time", Some(group.started));
    let Some(ended) = group.ended else { return };
    let total = &group.total;
    rows.flag("exited", Some(true));
    rows.integer("lifetime_usec", Some(ended - group.started));
    rows.integer("lifetime_cpu_usage_usec", Some(total.cpu));
    rows.integer("lifetime_cpu_user_usec", Some(total.user));
    rows.integer("lifetime_cpu_system_usec", Some(total.system));
    rows.integer(
        "lifetime_cpu_throttled_usec",
        (total.periods > 0).then_some(total.throttled),
    );
    rows.integer("lifetime_memory_peak_bytes", Some(group.peak));
    rows.integer(
        "lifetime_memory_major_page_faults",
        Some(total.major_faults),
    );
    rows.integer("lifetime_memory_limit_hits", Some(total.limit_hits));
    rows.integer("lifetime_oom_kills", Some(total.oom_kills));
    rows.integer("lifetime_io_read_bytes", Some(total.read_bytes));
    rows.integer("lifetime_io_write_bytes", Some(total.write_bytes));
    rows.integer("lifetime_io_reads", Some(total.reads));
    rows.integer("lifetime_io_writes", Some(total.writes));
}
