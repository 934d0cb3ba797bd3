//! Workloads: what the API calls so, and bare pods left out.

use std::collections::HashMap;

use health::Named;
use health::facts::WorkloadFacts;

use super::super::newest::Row;
use super::super::request::VerdictKind;
use super::{Desk, Judged, conditions};

const KINDS: [&str; 6] = [
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "Job",
    "CronJob",
];

/// Cluster, namespace, kind and name.
type Key<'a> = (Option<&'a str>, Option<&'a str>, &'a str, &'a str);

pub(super) fn judge(desk: &Desk<'_>, pods: &[Judged]) -> Vec<Judged> {
    let mut of_workload: HashMap<Key<'_>, Vec<Named<'_>>> = HashMap::new();
    for pod in pods {
        let (Some(kind), Some(name)) = (&pod.workload_kind, &pod.workload) else {
            continue;
        };
        let key = (
            pod.cluster.as_deref(),
            pod.namespace.as_deref(),
            kind.as_str(),
            name.as_str(),
        );
        of_workload.entry(key).or_default().push(Named {
            name: &pod.name,
            verdict: &pod.verdict,
        });
    }
    let told = KINDS
        .iter()
        .filter_map(|kind| desk.rows.objects.get(kind))
        .flatten();
    // What another workload has made is judged with that one.
    told.filter(|object| object.text("owner_kind").is_none())
        .map(|object| {
            let kind = object.text("object_kind").unwrap_or_default();
            let name = object.text("object_name").unwrap_or_default();
            let key = (object.text("cluster"), object.text("namespace"), kind, name);
            let parts = of_workload.get(&key).map_or(&[][..], Vec::as_slice);
            let verdict = health::workload(&facts(desk, *object), parts, desk.now);
            let mut judged = Judged::new(VerdictKind::Workload, name, verdict);
            judged.cluster = object.owned("cluster");
            judged.namespace = object.owned("namespace");
            judged.uid = object.owned("object_uid");
            judged.workload_kind = Some(kind.to_owned());
            judged.workload = Some(name.to_owned());
            judged
        })
        .collect()
}

fn facts(desk: &Desk<'_>, object: Row<'_>) -> WorkloadFacts {
    let uid = object.text("object_uid").unwrap_or_default();
    let integer = |column: &str| object.integer(column);
    let (desired, available, updated) = (
        integer("replicas_desired"),
        integer("replicas_available"),
        integer("replicas_updated"),
    );
    let is_below = |number: Option<i64>| number.zip(desired).is_some_and(|(n, d)| n < d);
    let times = [("Progressing", "progressing"), ("Available", "available")];
    let mut events = desk.events(uid);
    events.extend(events_of_parts(desk, object));
    WorkloadFacts {
        object_kind: object.owned("object_kind"),
        owner_kind: object.owned("owner_kind"),
        conditions: conditions(object),
        condition_times: times
            .into_iter()
            .filter_map(|(name, otherwise)| {
                let since = desk.otherwise(uid, "")?.since(otherwise)?;
                Some((name.to_owned(), since))
            })
            .collect(),
        created_time: object.moment("created_time"),
        deleted_time: object.moment("deleted_time"),
        generation: integer("generation"),
        observed_generation: integer("observed_generation"),
        unobserved_since: None,
        replicas_desired: desired,
        replicas_current: integer("replicas_current"),
        replicas_ready: integer("replicas_ready"),
        replicas_available: available,
        replicas_updated: updated,
        replicas_misscheduled: integer("replicas_misscheduled"),
        below_since: is_below(available)
            .then(|| desk.since(uid, "", "complete"))
            .flatten(),
        rollout_since: is_below(updated)
            .then(|| desk.since(uid, "", "updated"))
            .flatten(),
        paused: object.flag("paused"),
        current_revision: object.owned("current_revision"),
        update_revision: object.owned("update_revision"),
        job_active: integer("job_active"),
        job_succeeded: integer("job_succeeded"),
        job_failed: integer("job_failed"),
        job_completions: integer("job_completions"),
        started_time: object.moment("started_time"),
        completed_time: object.moment("completed_time"),
        schedule: object.owned("schedule"),
        last_schedule_time: object.moment("last_schedule_time"),
        last_success_time: object.moment("last_success_time"),
        events,
    }
}

/// Events about replica sets of a deployment, and jobs of a cron job.
fn events_of_parts(desk: &Desk<'_>, object: Row<'_>) -> Vec<health::facts::EventFact> {
    let part = match object.text("object_kind") {
        Some("Deployment") => "ReplicaSet",
        Some("CronJob") => "Job",
        _ => return Vec::new(),
    };
    let parts = desk.rows.objects.get(part).map_or(&[][..], Vec::as_slice);
    parts
        .iter()
        .filter(|part| {
            part.text("owner_name") == object.text("object_name")
                && part.text("owner_kind") == object.text("object_kind")
                && part.text("namespace") == object.text("namespace")
                && part.text("cluster") == object.text("cluster")
        })
        .filter_map(|part| part.text("object_uid"))
        .flat_map(|uid| desk.events(uid))
        .collect()
}
