//! Namespaces and clusters: the sums of their parts.

use std::collections::BTreeSet;

use health::facts::{ClusterFacts, NamespaceFacts};
use health::{Named, Parts};

use super::super::newest::API_LOST;
use super::super::request::VerdictKind;
use super::{Desk, Judged};

/// Those of a cluster and, where one is given, of a namespace.
fn named<'a>(
    all: &'a [Judged],
    cluster: Option<&str>,
    namespace: Option<Option<&str>>,
) -> Vec<Named<'a>> {
    all.iter()
        .filter(|judged| match namespace {
            Some(namespace) => judged.is_of(cluster, namespace),
            None => judged.cluster.as_deref() == cluster,
        })
        .map(|judged| Named {
            name: &judged.name,
            verdict: &judged.verdict,
        })
        .collect()
}

pub(super) fn namespaces(
    desk: &Desk<'_>,
    [workloads, pods, services, volumes]: [&[Judged]; 4],
) -> Vec<Judged> {
    let told = desk
        .rows
        .objects
        .get("Namespace")
        .map_or(&[][..], Vec::as_slice);
    let mut keys: BTreeSet<(Option<&str>, &str)> = told
        .iter()
        .filter_map(|object| Some((object.text("cluster"), object.text("object_name")?)))
        .collect();
    if told.is_empty() {
        let of_pods = pods.iter();
        keys.extend(
            of_pods.filter_map(|pod| Some((pod.cluster.as_deref(), pod.namespace.as_deref()?))),
        );
    }
    keys.into_iter()
        .map(|(cluster, name)| {
            let object = told.iter().find(|object| {
                object.text("cluster") == cluster && object.text("object_name") == Some(name)
            });
            let facts = NamespaceFacts {
                phase: object.and_then(|object| object.owned("phase")),
                deleted_time: object.and_then(|object| object.moment("deleted_time")),
            };
            let of = |all| named(all, cluster, Some(Some(name)));
            let (workloads, services, volumes) = (of(workloads), of(services), of(volumes));
            // A pod of a workload is judged with it.
            let bare: Vec<Named<'_>> = pods
                .iter()
                .filter(|pod| pod.is_of(cluster, Some(name)))
                .filter(|pod| !is_of_workload(pod, &workloads))
                .map(|pod| Named {
                    name: &pod.name,
                    verdict: &pod.verdict,
                })
                .collect();
            let parts = Parts {
                workloads: &workloads,
                bare_pods: &bare,
                services: &services,
                volumes: &volumes,
            };
            let verdict = health::namespace(&facts, parts, desk.now);
            let mut judged = Judged::new(VerdictKind::Namespace, name, verdict);
            judged.cluster = cluster.map(str::to_owned);
            judged.namespace = Some(name.to_owned());
            judged.uid = object.and_then(|object| object.owned("object_uid"));
            judged
        })
        .collect()
}

fn is_of_workload(pod: &Judged, workloads: &[Named<'_>]) -> bool {
    let workload = pod.workload.as_deref();
    pod.workload_kind.as_deref() != Some("Pod")
        && workloads.iter().any(|of| Some(of.name) == workload)
}

pub(super) fn clusters(desk: &Desk<'_>, nodes: &[Judged], namespaces: &[Judged]) -> Vec<Judged> {
    let names: BTreeSet<Option<&str>> = nodes.iter().map(|node| node.cluster.as_deref()).collect();
    names
        .into_iter()
        .map(|cluster| {
            let told = desk.rows.told.get(cluster.unwrap_or_default()).copied();
            let lost = told.filter(|told| desk.now - told > API_LOST);
            let facts = ClusterFacts {
                api_watched: told.map(|_| lost.is_none()),
                api_fault: None,
                api_lost_since: lost,
            };
            let (nodes, namespaces) = (
                named(nodes, cluster, None),
                named(namespaces, cluster, None),
            );
            let verdict = health::cluster(&facts, &nodes, &namespaces, desk.now);
            let mut judged =
                Judged::new(VerdictKind::Cluster, cluster.unwrap_or_default(), verdict);
            judged.cluster = cluster.map(str::to_owned);
            judged
        })
        .collect()
}
