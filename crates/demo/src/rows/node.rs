//! The node's row, and with it those of its devices and units.

use wire::rows::Rows;

use super::{NodeRows, Place, devices, group};
use crate::measure::MIB;
use crate::random::Random;
use crate::state::group::{Counters, Gauges, Pressure};
use crate::state::node::Node;
use crate::state::pod::{Pod, Traffic};
use crate::time::SECOND;

/// What the kernel holds for itself, and the page cache of no group.
const KERNEL_BYTES: i64 = (420.0 * MIB) as i64;
const CACHE_BYTES: i64 = (900.0 * MIB) as i64;

/// Sums over a node's pods and units.
#[derive(Debug, Default)]
pub(super) struct Sums {
    held: Gauges,
    pods: i64,
    containers: i64,
}

impl Sums {
    pub(super) fn add(&mut self, pod: &Pod) {
        if pod.group.is_none() {
            return;
        }
        self.held += pod.held();
        self.pods += 1;
        self.containers += pod.containers.iter().filter(|c| c.group.is_some()).count() as i64;
    }
}

/// Writes the rows of a node's units, devices and of the node itself.
pub(super) fn write(
    rows: &mut NodeRows,
    node: &mut Node,
    place: Place<'_>,
    sums: &Sums,
    number: (usize, usize),
    random: &mut Random,
) {
    let interval = node.units.first().and_then(|unit| unit.interval());
    let capacity = group::Capacity {
        cores: f64::from(node.cores),
        memory: node.memory_bytes,
    };
    let mut held = sums.held;
    for unit in &mut node.units {
        held += unit.gauges;
        group::unit(&mut rows.container, unit, place, capacity);
    }
    devices::disk(&mut rows.disk, node, place, interval);
    devices::filesystems(&mut rows.filesystem, node, number, place, interval);
    devices::interfaces(&mut rows.network, node, place, interval);
    let out = &mut rows.node;
    place.begin(out, interval);
    about(out, node);
    processors(out, node, held.pids, interval, random);
    memory(out, node, &held, interval.is_some());
    if interval.is_some() {
        let used = &node.used;
        out.integer("io_read_bytes", Some(used.read_bytes));
        out.integer("io_write_bytes", Some(used.write_bytes));
        out.integer("io_reads", Some(used.reads));
        out.integer("io_writes", Some(used.writes));
        out.integer("io_pressure_some_usec", Some(node.waited.io.0));
        out.integer("io_pressure_full_usec", Some(node.waited.io.1));
        devices::traffic(out, node.traffic);
    }
    protocols(out, node, sums.pods, interval);
    out.float(
        "clock_offset_usec",
        Some(random.between(-180.0, 180.0).round()),
    );
    out.flag("clock_synchronized", Some(true));
    out.integer("pods_running", Some(sums.pods));
    out.integer("containers_running", Some(sums.containers));
    out.end_row();
    node.used = Counters::default();
    node.waited = Pressure::default();
    node.traffic = Traffic::default();
    (node.kernel_cpu, node.oom_kills, node.forks) = (0, 0, 0);
}

fn about(rows: &mut Rows, node: &Node) {
    rows.text("boot_id", Some(&node.boot_id));
    rows.time("boot_time", Some(node.booted));
    rows.text("machine_id", Some(&node.machine_id));
    rows.text("instance_id", Some(&node.machine_id));
    rows.text("instance_type", Some("simulated"));
    rows.text("kernel_version", Some(super::KERNEL));
    rows.text("os_image", Some(super::SYSTEM));
    rows.text("architecture", Some("x86_64"));
    rows.text("cgroup_version", Some("v2"));
    rows.text("agent_version", Some(env!("CARGO_PKG_VERSION")));
    rows.integer("cpu_physical_cores", Some(i64::from(node.cores / 2).max(1)));
    rows.integer("cpu_sockets", Some(1));
    rows.float("node_cpu_cores", Some(f64::from(node.cores)));
    rows.integer("node_memory_total_bytes", Some(node.memory_bytes));
}

fn processors(rows: &mut Rows, node: &Node, pids: i64, interval: Option<i64>, random: &mut Random) {
    if let Some(interval) = interval {
        let all = interval * i64::from(node.cores);
        let irq = node.kernel_cpu / 10;
        let softirq = node.kernel_cpu / 3;
        let user = node.used.user;
        let system = node.used.system + node.kernel_cpu - irq - softirq;
        // The parts that groups were given between ticks may come to a little more than there is.
        let left = (all - user - system - irq - softirq).max(0);
        let waits = (node.waited.io.0 / 2).min(left / 2);
        rows.integer("cpu_usage_usec", Some(user + system + irq + softirq));
        rows.integer("cpu_user_usec", Some(user));
        rows.integer("cpu_nice_usec", Some(0));
        rows.integer("cpu_system_usec", Some(system));
        rows.integer("cpu_idle_usec", Some(left - waits));
        rows.integer("cpu_iowait_usec", Some(waits));
        rows.integer("cpu_irq_usec", Some(irq));
        rows.integer("cpu_softirq_usec", Some(softirq));
        rows.integer("cpu_steal_usec", Some(0));
        rows.integer("cpu_guest_usec", Some(0));
        rows.integer("cpu_guest_nice_usec", Some(0));
    }
    for (column, load) in ["load_1m", "load_5m", "load_15m"]
        .into_iter()
        .zip(node.load)
    {
        rows.float(column, Some((load * 100.0).round() / 100.0));
    }
    if let Some(interval) = interval {
        let seconds = interval / SECOND;
        rows.integer(
            "context_switches",
            Some(seconds * 2500 + (node.used.cpu + node.kernel_cpu) / 160),
        );
        rows.integer("interrupts", Some(seconds * 1400 + node.used.cpu / 300));
        rows.integer("forks", Some(node.forks));
    }
    let running = 1 + (node.load[0] * random.unit()) as i64;
    rows.integer("processes_running", Some(running));
    rows.integer(
        "processes_blocked",
        Some(i64::from(node.waited.io.0 > SECOND)),
    );
    rows.integer("pids_current", Some(pids + 140));
    rows.integer("pids_limit", Some(4_194_304));
    if interval.is_some() {
        rows.integer("cpu_pressure_some_usec", Some(node.waited.cpu.0));
        rows.integer("cpu_pressure_full_usec", Some(node.waited.cpu.1));
    }
}

fn memory(rows: &mut Rows, node: &Node, held: &Gauges, has_base: bool) {
    let total = node.memory_bytes;
    // Groups of a simulated node fit; what they hold together is bounded all the same.
    let usage = (held.usage() + KERNEL_BYTES + CACHE_BYTES).min(total - total / 50);
    let free = total - usage;
    let cached = (held.file + CACHE_BYTES).min(usage);
    let inactive_file = (held.inactive_file + CACHE_BYTES / 2).min(cached);
    let slab = KERNEL_BYTES / 2 + held.kernel / 2;
    let columns = [
        ("memory_usage_bytes", usage),
        ("memory_working_set_bytes", usage - inactive_file),
        ("memory_free_bytes", free),
        ("memory_available_bytes", free + inactive_file + slab / 4),
        ("memory_buffers_bytes", CACHE_BYTES / 12),
        ("memory_cached_bytes", cached),
        ("memory_swap_cached_bytes", 0),
        ("memory_anon_bytes", held.anon),
        ("memory_shmem_bytes", 3_145_728),
        ("memory_mapped_bytes", cached / 4),
        ("memory_dirty_bytes", held.dirty),
        ("memory_writeback_bytes", 0),
        ("memory_active_anon_bytes", held.anon / 10),
        ("memory_inactive_anon_bytes", held.anon - held.anon / 10),
        ("memory_active_file_bytes", cached - inactive_file),
        ("memory_inactive_file_bytes", inactive_file),
        ("memory_unevictable_bytes", 28_672),
        ("memory_slab_bytes", slab),
        ("memory_slab_reclaimable_bytes", slab / 2),
        ("memory_slab_unreclaimable_bytes", slab - slab / 2),
        ("memory_kernel_stack_bytes", (held.pids + 140) * 16_384),
        ("memory_page_tables_bytes", held.anon / 400),
        ("memory_committed_bytes", held.anon * 2),
        ("memory_commit_limit_bytes", total / 2),
        ("memory_huge_pages", 0),
        ("memory_huge_pages_free", 0),
        ("memory_huge_page_bytes", 2_097_152),
        ("memory_swap_total_bytes", 0),
        ("memory_swap_free_bytes", 0),
    ];
    for (column, value) in columns {
        rows.integer(column, Some(value));
    }
    if !has_base {
        return;
    }
    let used = &node.used;
    let columns = [
        ("memory_page_faults", used.faults + used.major_faults),
        ("memory_major_page_faults", used.major_faults),
        ("memory_paged_in_bytes", used.read_bytes),
        ("memory_paged_out_bytes", used.write_bytes),
        ("memory_swapped_in", 0),
        ("memory_swapped_out", 0),
        ("memory_pages_scanned", used.scanned),
        ("memory_pages_stolen", used.stolen),
        ("memory_refaults_anon", 0),
        ("memory_refaults_file", used.refaults),
        ("memory_oom_kills", node.oom_kills),
        ("memory_pressure_some_usec", node.waited.memory.0),
        ("memory_pressure_full_usec", node.waited.memory.1),
    ];
    for (column, value) in columns {
        rows.integer(column, Some(value));
    }
}

fn protocols(rows: &mut Rows, node: &Node, pods: i64, interval: Option<i64>) {
    let established = 40 + pods * 9;
    if let Some(interval) = interval {
        let (received, sent) = (node.traffic.received_packets, node.traffic.sent_packets);
        let columns = [
            ("tcp_in_segments", received * 9 / 10),
            ("tcp_out_segments", sent * 9 / 10),
            ("tcp_retransmitted_segments", sent / 4000),
            ("tcp_in_errors", 0),
            ("tcp_out_resets", sent / 9000),
            ("tcp_active_opens", received / 60),
            ("tcp_passive_opens", received / 50),
            ("tcp_syn_retransmits", 0),
            ("tcp_listen_overflows", 0),
            ("tcp_listen_drops", 0),
            ("udp_in_datagrams", received / 40 + interval / SECOND),
            ("udp_out_datagrams", sent / 40 + interval / SECOND),
            ("udp_in_errors", 0),
            ("udp_receive_buffer_errors", 0),
        ];
        for (column, value) in columns {
            rows.integer(column, Some(value));
        }
    }
    let columns = [
        ("tcp_established", established),
        ("sockets_used", established + 320),
        ("tcp_sockets_in_use", established + 25),
        ("tcp_sockets_time_wait", 20 + pods * 2),
        ("tcp_memory_pages", established * 3),
        ("conntrack_entries", established * 4),
        ("conntrack_limit", 262_144),
        ("files_open", 1600 + pods * 90),
        ("files_limit", 9_223_372_036_854_775_807),
    ];
    for (column, value) in columns {
        rows.integer(column, Some(value));
    }
}
