//! Which of an entity's doings is in which column, as an agent on cgroup v2 with pressure information fills it.

use arrow::array::{Array, RecordBatch};
use catalogue::{Column, Table, Temporality};

use super::behaviour::Behaviour;

/// A column's value; `None` where it is absent.
pub(super) type Value = fn(&Behaviour) -> Option<i64>;

/// How a column of integers or times is filled. What is not listed is null in these rows.
pub(super) fn value(column: &str) -> Option<Value> {
    let value: Value = match column {
        "interval_usec" => |b| Some(b.interval_usec),
        "read_delay_usec" => |b| Some(b.delay_usec),
        "node_memory_total_bytes" => |_| Some(64 << 30),
        "containers_running" => |_| Some(2),
        "started_time" => |b| Some(b.started_usec),

        "cpu_usage_usec" => |b| Some(b.cpu_now),
        "cpu_user_usec" => |b| Some(b.user_now),
        "cpu_system_usec" => |b| Some(b.cpu_now - b.user_now),
        "cpu_periods" => |b| b.quota_usec.map(|_| b.periods_now),
        "cpu_throttled_periods" => |b| b.quota_usec.map(|_| b.throttled_periods_now),
        "cpu_throttled_usec" => |b| b.quota_usec.map(|_| b.throttled_now),
        "cpu_quota_usec" => |b| b.quota_usec,
        "cpu_period_usec" => |_| Some(100_000),
        "cpu_weight" => |b| Some(b.weight),
        "cpu_pressure_some_usec" => |b| Some(b.cpu_some_now),
        "cpu_pressure_full_usec" => |b| Some(b.cpu_full_now),

        "memory_usage_bytes" => |b| Some(b.memory_usage()),
        "memory_working_set_bytes" => |b| Some((b.memory_usage() - b.inactive_file()).max(0)),
        "memory_limit_bytes" => |b| b.memory_limit,
        "memory_anon_bytes" => |b| Some(b.anon),
        "memory_file_bytes" => |b| Some(b.file),
        "memory_shmem_bytes" => |b| Some(b.shmem),
        "memory_kernel_bytes" => |b| Some(b.kernel),
        "memory_slab_bytes" => |b| Some(b.slab),
        "memory_sock_bytes" => |b| Some(b.sock),
        "memory_mapped_bytes" => |b| Some(b.mapped),
        "memory_dirty_bytes" => |b| Some(b.dirty),
        "memory_writeback_bytes" => |b| Some(b.writeback),
        "memory_active_anon_bytes" => |b| Some(b.active_anon),
        "memory_inactive_anon_bytes" => |b| Some((b.anon + b.shmem - b.active_anon).max(0)),
        "memory_active_file_bytes" => |b| Some(b.active_file),
        "memory_inactive_file_bytes" => |b| Some(b.inactive_file()),
        "memory_peak_bytes" => |b| Some(b.peak),
        "memory_page_faults" => |b| Some(b.faults_now),
        "memory_major_page_faults" => |b| Some(b.major_faults_now),
        "memory_refaults_file" => |b| Some(b.refaults_now),

        "io_read_bytes" => |b| b.does_io().then_some(b.read_bytes_now),
        "io_write_bytes" => |b| b.does_io().then_some(b.written_bytes_now),
        "io_reads" => |b| b.does_io().then_some(b.reads_now),
        "io_writes" => |b| b.does_io().then_some(b.writes_now),
        "io_pressure_some_usec" => |b| Some(b.io_some_now),
        "io_pressure_full_usec" => |b| Some(b.io_full_now),
        "io_discard_bytes" | "io_discards" => |b| b.does_io().then_some(0),
        "pids_current" => |b| Some(b.tasks),
        "pids_limit" => |_| Some(18_880),
        "process_count" => |b| Some(b.processes),

        "network_rx_bytes" => |b| Some(b.rx_bytes_now),
        "network_rx_packets" => |b| Some(b.rx_packets_now),
        "network_rx_dropped" => |b| Some(b.rx_dropped_now),
        "network_tx_bytes" => |b| Some(b.tx_bytes_now),
        "network_tx_packets" => |b| Some(b.tx_packets_now),

        // What the kernel writes and what hardly ever moves.
        "cpu_burst_periods"
        | "cpu_burst_usec"
        | "memory_unevictable_bytes"
        | "memory_swap_bytes"
        | "memory_pages_scanned"
        | "memory_pages_stolen"
        | "memory_refaults_anon"
        | "memory_oom_kills"
        | "memory_oom_group_kills"
        | "memory_limit_hits"
        | "memory_high_hits"
        | "memory_pressure_some_usec"
        | "memory_pressure_full_usec"
        | "pids_limit_hits"
        | "network_rx_errors"
        | "network_tx_errors"
        | "network_tx_dropped" => |_| Some(0),
        _ => return None,
    };
    Some(value)
}

/// Whether a column counts as a measurement: a number that somebody would look at, told once. Left out are a row's own
/// length and delay, and the node's capacity that each row repeats.
pub(crate) fn is_measurement(column: &Column) -> bool {
    matches!(
        column.temporality,
        Temporality::Delta | Temporality::Gauge | Temporality::Constant
    ) && !matches!(column.name, "interval_usec" | "read_delay_usec")
        && !column.name.starts_with("node_")
}

/// How many measurements a batch of raw rows holds: values that are not null.
pub(crate) fn measurements(table: &Table, batch: &RecordBatch) -> u64 {
    let columns = table.columns.iter().zip(batch.columns());
    columns
        .filter(|(column, _)| is_measurement(column))
        .map(|(_, values)| (values.len() - values.null_count()) as u64)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{container, pod};

    #[test]
    fn most_columns_that_v2_has_are_filled() {
        for table in [pod(), container()] {
            let absent: Vec<&str> = table
                .columns
                .iter()
                .filter(|c| is_measurement(c) && value(c.name).is_none())
                // What only the kubelet knows.
                .filter(|c| !c.source.starts_with("/stats/summary"))
                .map(|c| c.name)
                .collect();
            // v1's weight, and limits that nobody sets.
            let expected = [
                "cpu_shares",
                "memory_high_bytes",
                "memory_low_bytes",
                "memory_swap_limit_bytes",
            ];
            assert_eq!(absent, expected, "{}", table.name);
        }
    }
}
