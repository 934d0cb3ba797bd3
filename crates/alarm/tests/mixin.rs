//! Rules as many clusters have them: which are imported, and why the others are not.
#![allow(clippy::unwrap_used)]

use alarm::definition::Source;
use alarm::prometheus::{Imported, import};
use alarm::{ComparisonOperator, Definition, Rule, TreatMissingData};

fn all() -> Vec<Imported> {
    import(include_str!("rules/kubernetes.yaml")).unwrap()
}

/// What becomes of each, in its order: `Rows`, `Sql`, or words of the reason.
const OUTCOMES: [(&str, &str); 33] = [
    ("KubePodCrashLooping", "Sql"),
    ("PodRestarts", "Rows"),
    (
        "KubePodNotReady",
        "many against one (group_left, group_right) is not known; kansoku-pod-pending of the starter set watches this",
    ),
    ("PodPending", "Sql"),
    ("PodsPendingInNamespace", "Sql"),
    ("KubeContainerWaiting", "Sql"),
    ("ContainerKilled", "Rows"),
    ("KubeDeploymentReplicasMismatch", "Sql"),
    ("KubeStatefulSetReplicasMismatch", "Sql"),
    ("KubeDeploymentGenerationMismatch", "Sql"),
    (
        "KubeDeploymentRolloutStuck",
        "character 1: the metric kube_deployment_status_condition is not known",
    ),
    ("KubeDaemonSetNotScheduled", "Sql"),
    ("KubeDaemonSetMisScheduled", "Rows"),
    ("KubeJobFailed", "Rows"),
    (
        "JobRunsForHours",
        "character 1: the function time is not known",
    ),
    (
        "KubeHpaMaxedOut",
        "the metric kube_horizontalpodautoscaler_status_current_replicas is not known",
    ),
    ("CPUThrottlingHigh", "Sql"),
    ("ContainerNearMemoryLimit", "Sql"),
    (
        "KubeQuotaFull",
        "the metric kube_resourcequota is not known",
    ),
    (
        "KubeMemoryOvercommit",
        "namespace_memory:kube_pod_container_resource_requests:sum is what another rule records",
    ),
    ("AllocatableMemoryShrank", "Sql"),
    ("KubePersistentVolumeFillingUp", "Sql"),
    (
        "KubePersistentVolumeFillingUp",
        "the function predict_linear is not known; kansoku-filesystem-filling of the starter set watches this",
    ),
    (
        "KubePersistentVolumeFillingUp",
        "the metric kube_persistentvolumeclaim_access_mode is not known",
    ),
    ("VolumeInodesLow", "Sql"),
    ("NodeFilesystemAlmostOutOfSpace", "Sql"),
    ("KubeNodeNotReady", "Sql"),
    (
        "KubeNodePressure",
        "its series differ in condition: name one value of it; kansoku-node-pressure of the starter set watches this",
    ),
    ("NodeCordoned", "at most 86400 are allowed"),
    ("NodeMemoryLow", "Sql"),
    ("NodeHighNumberConntrackEntriesUsed", "Sql"),
    (
        "KubeletDown",
        "the metric up is not known; kansoku-agent-silent of the starter set watches this",
    ),
    ("NoContainersOfTheShop", "Rows"),
];

#[test]
fn each_is_imported_or_says_why_not() {
    let all = all();
    for one in &all {
        match &one.outcome {
            Ok(definition) => println!("{}: {}", one.rule, definition.to_json()["Source"]),
            Err(reason) => println!("{}: {reason}", one.rule),
        }
        for note in &one.notes {
            println!("    {note}");
        }
    }
    assert_eq!(all.len(), OUTCOMES.len());
    for (one, (name, outcome)) in all.iter().zip(OUTCOMES) {
        assert_eq!(one.rule, name);
        match &one.outcome {
            Ok(definition) => {
                let source = &definition.metric().unwrap().source;
                let kind = match source {
                    Source::Rows(_) => "Rows",
                    Source::Sql(_) => "Sql",
                    _ => "another",
                };
                assert_eq!(kind, outcome, "{name}");
                // What is made is taken again as it is written.
                let written = definition.to_json().to_string();
                assert_eq!(
                    Definition::from_json(written.as_bytes()).as_ref(),
                    Ok(definition)
                );
            }
            Err(reason) => assert!(reason.to_string().contains(outcome), "{name}: {reason}"),
        }
    }
}

fn definition(name: &str) -> Definition {
    let all = all().into_iter();
    let mut named = all.filter(|one| one.rule == name);
    named.find_map(|one| one.outcome.ok()).unwrap()
}

fn rule(name: &str) -> Rule {
    *definition(name).rule().unwrap()
}

fn sql(name: &str) -> String {
    match &definition(name).metric().unwrap().source {
        Source::Sql(sql) => sql.query.clone(),
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn two_metrics_of_one_object_are_its_newest_values() {
    assert_eq!(
        sql("KubeDaemonSetNotScheduled"),
        "SELECT time, cluster, namespace, daemonset, (v0 - v1) AS value FROM \
         (SELECT date_bin(INTERVAL '60 seconds', time, $start) AS time, cluster, namespace, object_name AS daemonset, \
         last_value(CAST(replicas_desired AS DOUBLE) ORDER BY time) FILTER (WHERE CAST(replicas_desired AS DOUBLE) IS NOT NULL) AS v0, \
         last_value(CAST(replicas_current AS DOUBLE) ORDER BY time) FILTER (WHERE CAST(replicas_current AS DOUBLE) IS NOT NULL) AS v1 \
         FROM object WHERE time >= $start AND time < $end AND (coalesce(object_kind = 'DaemonSet', false)) \
         GROUP BY 1, 2, 3, 4)"
    );
}

#[test]
fn conditions_together_are_one_or_zero() {
    let query = sql("KubeDeploymentReplicasMismatch");
    let value = "CASE WHEN (coalesce(v0 > v1, false) AND coalesce(v2 = (0.0), false)) THEN 1.0 ELSE 0.0 END AS value";
    assert!(query.contains(value), "{query}");
    assert!(query.contains("INTERVAL '600 seconds'"), "{query}");
    assert!(
        query.contains("CASE WHEN max(CAST(replicas_updated AS DOUBLE)) > min(CAST(replicas_updated AS DOUBLE)) THEN 1.0 ELSE 0.0 END AS v2"),
        "{query}"
    );
    let rule = definition("KubeDeploymentReplicasMismatch");
    // Ten minutes each, from the first that breaches to the one at least fifteen minutes later.
    assert_eq!(rule.period(), Some(600));
    assert_eq!(rule.rule().unwrap().evaluation_periods, 3);
}

#[test]
fn groups_are_made_of_series() {
    let query = sql("CPUThrottlingHigh");
    assert!(
        query.starts_with(
            "SELECT time, container, namespace, pod, (sum(v0) / sum(v1)) AS value FROM (SELECT "
        ),
        "{query}"
    );
    assert!(query.ends_with(") GROUP BY 1, 2, 3, 4"), "{query}");
    assert!(
        query.contains("sum(CAST(cpu_throttled_periods AS DOUBLE)) AS v0"),
        "{query}"
    );
    let rule = rule("CPUThrottlingHigh");
    assert_eq!(rule.condition.threshold(), Some(0.25));
    let query = sql("PodsPendingInNamespace");
    assert!(
        query.contains("SELECT time, namespace, sum(v0) AS value"),
        "{query}"
    );
    assert!(
        query.contains(
            "CASE WHEN phase IN ('Pending') THEN 1.0 WHEN phase IS NOT NULL THEN 0.0 END"
        ),
        "{query}"
    );
}

#[test]
fn a_number_may_stand_on_either_side() {
    let rule = rule("NodeMemoryLow");
    assert_eq!(
        rule.condition.operator(),
        ComparisonOperator::GreaterThanThreshold
    );
    assert!(sql("NodeMemoryLow").contains("((100.0) * ((1.0) - (v0 / v1))) AS value"));
}

#[test]
fn what_is_absent_breaches() {
    let rule = rule("NoContainersOfTheShop");
    assert_eq!(rule.treat_missing_data, TreatMissingData::Breaching);
    assert_eq!(
        rule.condition.operator(),
        ComparisonOperator::LessThanThreshold
    );
    assert_eq!(rule.condition.threshold(), Some(1.0));
}

#[test]
fn keep_firing_for_alone_is_one_of_many() {
    let rule = rule("ContainerKilled");
    // Five minutes each: in ALARM until ten minutes after the last that breached.
    assert_eq!((rule.evaluation_periods, rule.datapoints_to_alarm), (3, 1));
}
