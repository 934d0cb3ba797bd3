//! What is asked of the rows of the last hours, beside the newest ones.

use health::thresholds::{LOOK_BACK, SPACE_RECENT, WINDOW};

use crate::moment::rfc3339_nanos;

const MINUTE: i64 = 60 * 1_000_000;
/// Growth of memory is looked at over this time.
const MEMORY_GROWTH: i64 = 30 * MINUTE;
/// Growth of volumes and file systems is looked at over this time.
const SPACE_GROWTH: i64 = 6 * 60 * MINUTE;
/// Share of a limit that must be used for growth to be looked at.
const GROWING: &str = "0.5";
/// Rows around a kill for lack of memory.
const AROUND_KILL: i64 = MINUTE;

fn at(time: i64) -> String {
    format!("TIMESTAMP '{}'", rfc3339_nanos(time))
}

/// Sums of what cgroups used over the window, by pod, or by pod and container.
pub(super) fn windows(table: &str, now: i64) -> String {
    let columns = [
        "interval_usec",
        "cpu_usage_usec",
        "cpu_periods",
        "cpu_throttled_periods",
        "cpu_throttled_usec",
        "cpu_pressure_some_usec",
        "cpu_pressure_full_usec",
        "memory_limit_hits",
        "memory_oom_kills",
        "memory_refaults_anon",
        "memory_refaults_file",
        "memory_pressure_some_usec",
        "memory_pressure_full_usec",
        "io_pressure_some_usec",
        "io_pressure_full_usec",
        "pids_limit_hits",
    ];
    let key = match table {
        "pod" => "pod_uid",
        _ => "pod_uid, container",
    };
    format!(
        "SELECT {key}, {} FROM {table}_1m WHERE time >= {} AND pod_uid IS NOT NULL GROUP BY {key}",
        sums(&columns),
        at(now - WINDOW)
    )
}

/// The same of nodes.
pub(super) fn node_windows(now: i64) -> String {
    let columns = [
        "interval_usec",
        "cpu_usage_usec",
        "cpu_pressure_some_usec",
        "memory_pressure_some_usec",
        "memory_pressure_full_usec",
        "io_pressure_full_usec",
        "memory_oom_kills",
    ];
    format!(
        "SELECT cluster, node, {} FROM node_1m WHERE time >= {} GROUP BY cluster, node",
        sums(&columns),
        at(now - WINDOW)
    )
}

fn sums(columns: &[&str]) -> String {
    let sums: Vec<String> = columns
        .iter()
        .map(|column| format!("sum({column}) AS {column}"))
        .collect();
    sums.join(", ")
}

/// Memory that cannot be reclaimed, minute by minute, of containers that have a limit and use much of it.
pub(super) fn memory_growth(now: i64) -> String {
    format!(
        "SELECT pod_uid, container, time, CAST((coalesce(memory_anon_bytes_sum, 0) + coalesce(memory_shmem_bytes_sum, 0) \
         + coalesce(memory_kernel_bytes_sum, 0)) / memory_anon_bytes_count AS BIGINT) AS bytes \
         FROM container_1m WHERE time >= {} AND pod_uid IS NOT NULL AND memory_anon_bytes_count > 0 \
         AND memory_usage_bytes_max >= {GROWING} * memory_limit_bytes ORDER BY time",
        at(now - MEMORY_GROWTH)
    )
}

/// Used bytes of file systems that are fairly full.
pub(super) fn filesystem_growth(now: i64) -> String {
    let used = "filesystem_size_bytes_max - filesystem_available_bytes_min";
    space_growth(now, &|table, times| {
        format!(
            "SELECT cluster, node, mountpoint, time, {used} AS bytes FROM node_filesystem_{table} \
             WHERE {times} AND {used} >= {GROWING} * filesystem_size_bytes_max"
        )
    })
}

/// Used bytes of volumes that are fairly full.
pub(super) fn volume_growth(now: i64) -> String {
    space_growth(now, &|table, times| {
        format!(
            "SELECT pod_uid, volume, time, volume_used_bytes_max AS bytes FROM volume_{table} \
             WHERE {times} AND volume_used_bytes_max >= {GROWING} * volume_capacity_bytes_max"
        )
    })
}

/// Minute by minute of late, and by five minutes before that.
fn space_growth(now: i64, of: &dyn Fn(&str, &str) -> String) -> String {
    let (first, recent) = (at(now - SPACE_GROWTH), at(now - SPACE_RECENT));
    format!(
        "{} UNION ALL {} ORDER BY time",
        of("5m", &format!("time >= {first} AND time < {recent}")),
        of("1m", &format!("time >= {recent}"))
    )
}

/// Memory of nodes that is used and not available.
pub(super) fn node_memory(now: i64) -> String {
    format!(
        "SELECT cluster, node, time, node_memory_total_bytes - memory_available_bytes_min AS bytes FROM node_1m \
         WHERE time >= {} AND memory_available_bytes_min IS NOT NULL ORDER BY time",
        at(now - MEMORY_GROWTH)
    )
}

/// Containers in which a process was killed for lack of memory.
pub(super) fn kills(now: i64) -> String {
    format!(
        "SELECT pod_uid, container, max(time) AS time, sum(memory_oom_kills) AS kills FROM container_1m \
         WHERE time >= {} AND memory_oom_kills > 0 AND pod_uid IS NOT NULL GROUP BY pod_uid, container \
         ORDER BY time DESC LIMIT 50",
        at(now - LOOK_BACK)
    )
}

/// The rows around the newest kill of each of these containers (pod uid, container, its minute).
pub(super) fn around_kills(killed: &[(&str, &str, i64)]) -> Option<String> {
    let which = either(killed.iter().map(|(uid, container, minute)| {
        format!(
            "(pod_uid = {} AND container = {} AND time >= {} AND time <= {})",
            text(uid),
            text(container),
            at(minute - AROUND_KILL),
            at(minute + AROUND_KILL)
        )
    }))?;
    Some(format!(
        "SELECT pod_uid, container, time, memory_oom_kills, memory_limit_hits, memory_usage_bytes, memory_anon_bytes, \
         memory_shmem_bytes, memory_kernel_bytes, memory_dirty_bytes, memory_active_file_bytes, \
         memory_inactive_file_bytes FROM container WHERE {which} ORDER BY time"
    ))
}

/// What the pods of these containers used around the kill.
pub(super) fn pods_around_kills(killed: &[(&str, &str, i64)]) -> Option<String> {
    let which = either(killed.iter().map(|(uid, _, minute)| {
        format!(
            "(pod_uid = {} AND time >= {} AND time <= {})",
            text(uid),
            at(minute - AROUND_KILL),
            at(minute + AROUND_KILL)
        )
    }))?;
    Some(format!(
        "SELECT pod_uid, max(memory_usage_bytes) AS usage, max(memory_limit_bytes) AS own_limit FROM pod \
         WHERE {which} GROUP BY pod_uid"
    ))
}

/// Restarts by container.
pub(super) fn restarts(now: i64) -> String {
    format!(
        "SELECT object_uid, container, sum(restarts_increase) AS restarts FROM object_1m \
         WHERE object_kind = 'Container' AND restarts_increase > 0 AND time >= {} GROUP BY object_uid, container",
        at(now - LOOK_BACK)
    )
}

/// For each object, the last minutes in which it was still otherwise.
pub(super) fn last_otherwise(now: i64) -> String {
    let moments = [
        ("not_waiting", "container_state <> 'waiting'"),
        ("ready", "ready_time IS NOT NULL"),
        ("not_ended", "phase NOT IN ('Succeeded', 'Failed')"),
        ("complete", "replicas_available_min >= replicas_desired_max"),
        ("updated", "replicas_updated_min >= replicas_desired_max"),
        ("with_endpoints", "endpoints_ready_min > 0"),
        ("node_ready", "conditions['Ready'] = 'True'"),
        (
            "no_memory_pressure",
            "conditions['MemoryPressure'] = 'False'",
        ),
        ("no_disk_pressure", "conditions['DiskPressure'] = 'False'"),
        ("no_pid_pressure", "conditions['PIDPressure'] = 'False'"),
        ("progressing", "conditions['Progressing'] = 'True'"),
        ("available", "conditions['Available'] = 'True'"),
    ];
    let columns: Vec<String> = moments
        .iter()
        .map(|(name, condition)| format!("max(time) FILTER (WHERE {condition}) AS {name}"))
        .collect();
    format!(
        "SELECT object_uid, container, min(time) AS first, {} FROM object_1m WHERE time >= {} \
         GROUP BY object_uid, container",
        columns.join(", "),
        at(now - LOOK_BACK)
    )
}

/// Events that matter.
pub(super) fn events(now: i64) -> String {
    format!(
        "SELECT object_kind, object_name, object_uid, namespace, cluster, time, first_time, reason, message, event_type, \
         event_count, object_field FROM event WHERE time >= {} ORDER BY time DESC LIMIT 20000",
        at(now - LOOK_BACK)
    )
}

/// The last lines of a container before a moment.
pub(super) fn last_lines(uid: &str, container: &str, until: i64, most: usize) -> String {
    format!(
        "SELECT message FROM log WHERE pod_uid = {} AND container = {} AND time >= {} AND time <= {} \
         ORDER BY time DESC LIMIT {most}",
        text(uid),
        text(container),
        at(until - LOOK_BACK),
        // The end is told in whole seconds.
        at(until + 1_000_000)
    )
}

fn either(conditions: impl Iterator<Item = String>) -> Option<String> {
    let conditions: Vec<String> = conditions.collect();
    (!conditions.is_empty()).then(|| conditions.join(" OR "))
}

/// A text of SQL.
fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_quotes() {
        assert_eq!(text("a'; DROP"), "'a''; DROP'");
        assert_eq!(around_kills(&[]), None);
        let both = around_kills(&[("u", "c", 0), ("v", "d", 0)]).unwrap();
        assert!(
            both.contains("container = 'c'") && both.contains(") OR ("),
            "{both}"
        );
    }
}
