//! Entities by the minute: the observations of enhanced mode.

use cost::EntityMinutes;

use super::{Span, whole};
use crate::ask::{Ask, each};
use crate::error::QueryError;
use crate::names::Index;

/// Microseconds of rows as minutes.
const MINUTE: f64 = 60e6;

pub(super) async fn count(
    ask: &impl Ask,
    names: &Index,
    span: &Span,
) -> Result<EntityMinutes, QueryError> {
    let sum = |table: &str, which: &str| {
        let (tier, from) = (span.tier, span.from());
        format!("SELECT sum(interval_usec) AS usec FROM {table}{tier} WHERE time >= {from}{which}")
    };
    let total = async |table: &str, which: &str| -> Result<u64, QueryError> {
        let mut usec = 0;
        each(&ask.ask(sum(table, which)).await?, |columns, row| {
            usec += columns.integer("usec", row).unwrap_or(0);
        });
        Ok(whole(usec as f64 / MINUTE))
    };
    let workloads = " AND object_kind IN ('Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet')";
    let reasons = " AND object_kind = 'Container' AND \
                   (waiting_reason IS NOT NULL OR terminated_reason IS NOT NULL)";
    let mut minutes = EntityMinutes {
        nodes: total("node", "").await?,
        node_filesystems: total("node_filesystem", "").await?,
        node_disks: total("node_disk", " AND disk_kind <> 'partition'").await?,
        node_interfaces: total("node_network", "").await?,
        pod_reasons: total("object", reasons).await?,
        workload_objects: total("object", workloads).await?,
        services: total(
            "object",
            " AND object_kind = 'Service' AND endpoints_ready_max > 0",
        )
        .await?,
        control_plane_series: total("control_plane", "").await?,
        ..EntityMinutes::default()
    };
    count_pods(ask, names, span, &mut minutes).await?;
    count_containers(ask, names, span, &mut minutes).await?;
    Ok(minutes)
}

async fn count_pods(
    ask: &impl Ask,
    names: &Index,
    span: &Span,
    minutes: &mut EntityMinutes,
) -> Result<(), QueryError> {
    let sql = format!(
        "SELECT pod_uid, max(time) AS time, sum(interval_usec) AS usec, \
         sum(interval_usec) FILTER (WHERE network_rx_bytes IS NOT NULL) AS networked, \
         max(cpu_quota_usec) AS quota, max(memory_limit_bytes) AS memory FROM pod{} WHERE time >= {} GROUP BY pod_uid",
        span.tier,
        span.from()
    );
    let mut sums = [0.0; 6];
    each(&ask.ask(sql).await?, |columns, row| {
        let usec = columns.integer("usec", row).unwrap_or(0) as f64;
        let uid = columns.text("pod_uid", row).unwrap_or_default();
        let requests = names.at(uid, columns.time(row)).map(|known| known.requests);
        let asks_for = [
            true,
            requests.is_some_and(|requests| requests.cpu_cores.is_some_and(|cores| cores > 0.0)),
            columns.integer("quota", row).is_some_and(|quota| quota > 0),
            requests.is_some_and(|requests| requests.memory_bytes.is_some_and(|bytes| bytes > 0.0)),
            columns.integer("memory", row).is_some(),
        ];
        for (sum, counts) in sums.iter_mut().zip(asks_for) {
            *sum += if counts { usec } else { 0.0 };
        }
        sums[5] += columns.integer("networked", row).unwrap_or(0) as f64;
    });
    let [
        all,
        cpu_request,
        cpu_limit,
        memory_request,
        memory_limit,
        networked,
    ] = sums.map(|usec| whole(usec / MINUTE));
    minutes.pods = all;
    minutes.pods_with_cpu_request = cpu_request;
    minutes.pods_with_cpu_limit = cpu_limit;
    minutes.pods_with_memory_request = memory_request;
    minutes.pods_with_memory_limit = memory_limit;
    minutes.pod_interfaces = networked;
    Ok(())
}

async fn count_containers(
    ask: &impl Ask,
    names: &Index,
    span: &Span,
    minutes: &mut EntityMinutes,
) -> Result<(), QueryError> {
    let sql = format!(
        "SELECT pod_uid, container, max(time) AS time, sum(interval_usec) AS usec, max(cpu_quota_usec) AS quota, \
         max(memory_limit_bytes) AS memory FROM container{} \
         WHERE time >= {} AND container_kind = 'container' AND pod_uid IS NOT NULL GROUP BY pod_uid, container",
        span.tier,
        span.from()
    );
    let mut sums = [0.0; 5];
    each(&ask.ask(sql).await?, |columns, row| {
        let usec = columns.integer("usec", row).unwrap_or(0) as f64;
        let text = |name: &str| columns.text(name, row).unwrap_or_default();
        let time = columns.time(row);
        let requests = names.container_at(text("pod_uid"), text("container"), time);
        let asks_for = [
            true,
            requests.is_some_and(|requests| requests.cpu_cores.is_some_and(|cores| cores > 0.0)),
            columns.integer("quota", row).is_some_and(|quota| quota > 0),
            requests.is_some_and(|requests| requests.memory_bytes.is_some_and(|bytes| bytes > 0.0)),
            columns.integer("memory", row).is_some(),
        ];
        for (sum, counts) in sums.iter_mut().zip(asks_for) {
            *sum += if counts { usec } else { 0.0 };
        }
    });
    let [all, cpu_request, cpu_limit, memory_request, memory_limit] =
        sums.map(|usec| whole(usec / MINUTE));
    minutes.containers = all;
    minutes.containers_with_cpu_request = cpu_request;
    minutes.containers_with_cpu_limit = cpu_limit;
    minutes.containers_with_memory_request = memory_request;
    minutes.containers_with_memory_limit = memory_limit;
    Ok(())
}
