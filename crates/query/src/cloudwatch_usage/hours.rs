//! Entities by the hour: what standard mode charges for.

use std::collections::HashSet;

use cost::EntityHours;

use super::Span;
use crate::ask::{Ask, each};
use crate::error::QueryError;
use crate::names::Index;

pub(super) async fn count(
    ask: &impl Ask,
    names: &Index,
    span: &Span,
) -> Result<EntityHours, QueryError> {
    let nodes = format!(
        "SELECT DISTINCT date_trunc('hour', time) AS time, cluster, node FROM node{} WHERE time >= {}",
        span.tier,
        span.from()
    );
    let pods = format!(
        "SELECT DISTINCT date_trunc('hour', time) AS time, cluster, namespace, pod, pod_uid FROM pod{} WHERE time >= {}",
        span.tier,
        span.from()
    );
    let mut hours = HashSet::new();
    let mut clusters = HashSet::new();
    let mut count = EntityHours::default();
    each(&ask.ask(nodes).await?, |columns, row| {
        let hour = columns.time(row);
        hours.insert(hour);
        clusters.insert((
            hour,
            columns.text("cluster", row).unwrap_or_default().to_owned(),
        ));
        count.nodes += 1;
    });
    let mut workloads = HashSet::new();
    let mut services = HashSet::new();
    let mut namespaces = HashSet::new();
    each(&ask.ask(pods).await?, |columns, row| {
        let hour = columns.time(row);
        let text = |name: &str| columns.text(name, row).unwrap_or_default().to_owned();
        // What it was called when the hour ended.
        let known = names.at(&text("pod_uid"), hour + super::HOUR);
        let place = (hour, text("cluster"), text("namespace"));
        let workload = known.and_then(|known| known.pod_name().map(str::to_owned));
        workloads.insert((place.clone(), workload.unwrap_or_else(|| text("pod"))));
        for service in known.iter().flat_map(|known| &known.services) {
            services.insert((place.clone(), service.to_string()));
        }
        namespaces.insert(place);
    });
    count.hours = u32::try_from(hours.len()).unwrap_or(u32::MAX);
    count.clusters = clusters.len() as u64;
    count.workloads = workloads.len() as u64;
    count.services = services.len() as u64;
    count.namespaces = namespaces.len() as u64;
    Ok(count)
}
