//! The verdict about a cluster.

use crate::facts::ClusterFacts;
use crate::rollup::{Tally, number};
use crate::say;
use crate::thresholds::CLUSTER_NODES_CRITICAL;
use crate::verdict::{Finding, Findings, Named, Verdict};
use crate::word::{Severity, Word};

/// The namespace whose workloads all others need.
const SYSTEM: &str = "kube-system";

/// Judges a cluster. One namespace in trouble is its owner's; many nodes, or the system's namespace, are the cluster's.
#[must_use]
pub fn cluster(
    facts: &ClusterFacts,
    nodes: &[Named<'_>],
    namespaces: &[Named<'_>],
    now: i64,
) -> Verdict {
    let mut found = Findings::default();
    if facts.api_watched == Some(false) {
        found.push(unwatched(facts, now));
    }
    let of_nodes = Tally::of(nodes, "node", "nodes");
    let of_namespaces = Tally::of(namespaces, "namespace", "namespaces");
    if let Some(sentence) = of_nodes.sentence() {
        let bad = of_nodes
            .unwell
            .iter()
            .filter(|n| n.verdict.severity == Severity::Critical)
            .count();
        let critical = bad as f64 / of_nodes.all.max(1) as f64 >= CLUSTER_NODES_CRITICAL;
        found.push(degraded(&of_nodes, sentence, bad > 0 && critical));
    }
    if let Some(sentence) = of_namespaces.sentence() {
        let system = of_namespaces
            .unwell
            .iter()
            .any(|n| n.name == SYSTEM && n.verdict.severity == Severity::Critical);
        found.push(degraded(&of_namespaces, sentence, system));
    }
    found.verdict(|| well(nodes, namespaces))
}

fn degraded(tally: &Tally<'_>, sentence: String, critical: bool) -> Finding {
    let severity = if critical {
        Severity::Critical
    } else {
        Severity::Warning
    };
    let since = tally.unwell.iter().filter_map(|p| p.verdict.since).min();
    tally.told(Finding::new(Word::Degraded, severity, format!("{sentence}.")).since(since))
}

fn unwatched(facts: &ClusterFacts, now: i64) -> Finding {
    let long = facts
        .api_lost_since
        .map(|t| format!(" for {}", say::duration(say::ago(t, now))))
        .unwrap_or_default();
    let reason =
        format!("The Kubernetes API has not answered{long}: states are as they were then.");
    Finding::new(Word::Silent, Severity::Warning, reason)
        .since(facts.api_lost_since)
        .maybe("API", facts.api_fault.as_deref())
}

fn well(nodes: &[Named<'_>], namespaces: &[Named<'_>]) -> Finding {
    let known = |parts: &[Named<'_>]| parts.iter().any(|p| p.verdict.severity == Severity::Ok);
    if !known(nodes) && !known(namespaces) {
        return Finding::new(
            Word::Unknown,
            Severity::Unknown,
            "Nothing is known about it.",
        );
    }
    let reason = format!(
        "Nothing is wrong with {} and {}.",
        number(nodes.len(), "node", "nodes"),
        number(namespaces.len(), "namespace", "namespaces")
    );
    Finding::new(Word::Healthy, Severity::Ok, reason)
}
