//! Pods that have ended.

use crate::facts::{PodFacts, newest_event};
use crate::say;
use crate::thresholds::FAILED_RECENT;
use crate::verdict::{Finding, Named};
use crate::word::{Severity, Word};

/// Kinds of owners that put another pod in its place.
const REPLACES: &[&str] = &[
    "ReplicaSet",
    "ReplicationController",
    "StatefulSet",
    "DaemonSet",
    "Job",
];

pub(crate) fn finding(facts: &PodFacts, containers: &[Named<'_>], now: i64) -> Option<Finding> {
    let end = facts
        .ended_time
        .or(containers.iter().filter_map(|c| c.verdict.since).max());
    match facts.phase.as_deref() {
        Some("Succeeded") => {
            Some(Finding::new(Word::Completed, Severity::Ok, "It ended well.").since(end))
        }
        Some("Failed") => Some(failed(facts, containers, end, now)),
        _ => None,
    }
}

fn failed(facts: &PodFacts, containers: &[Named<'_>], end: Option<i64>, now: i64) -> Finding {
    let owner = facts.owner_kind.as_deref().filter(|o| REPLACES.contains(o));
    let leftover = owner.is_some() && end.is_some_and(|t| say::ago(t, now) > FAILED_RECENT);
    let severity = if leftover {
        Severity::Ok
    } else {
        Severity::Warning
    };
    let replaced = match owner {
        Some(owner) if leftover => format!(" Its {owner} has long replaced it."),
        _ => String::new(),
    };
    let status = facts.status_reason.as_deref();
    if status == Some("Evicted") {
        let event = newest_event(&facts.events, &["Evicted"], |_| true);
        let why = facts
            .status_message
            .as_deref()
            .or(event.map(|e| e.message.as_str()));
        let why = why.map_or_else(String::new, |why| {
            format!(": {}", say::lowered(why.trim_end_matches(['.', ' '])))
        });
        return Finding::new(
            Word::Evicted,
            severity,
            format!(
                "The kubelet evicted it{}.{replaced}",
                say::clipped(&why, 200)
            ),
        )
        .since(end.or(event.and_then(|e| e.time)))
        .maybe("node", facts.node.as_deref())
        .maybe(
            "kubelet",
            facts
                .status_message
                .as_deref()
                .or(event.map(|e| e.message.as_str())),
        );
    }
    let bad = containers.iter().filter(|c| c.verdict.is_unwell());
    let worst = bad.min_by_key(|c| (c.verdict.severity, c.verdict.word));
    let word = match worst {
        Some(container) if container.verdict.word == Word::OomKilled => Word::OomKilled,
        _ => Word::Failed,
    };
    let why = match (worst, status, facts.status_message.as_deref()) {
        (_, Some(status), Some(message)) => format!("{status}: {message}"),
        (_, Some(status), None) => status.to_owned(),
        (Some(container), None, _) => {
            let part = format!("container {}", container.name);
            say::of(&part, container.verdict.reason.trim_end_matches('.'))
        }
        (None, None, message) => message.unwrap_or("why is not known").to_owned(),
    };
    let mut finding = Finding::new(
        word,
        severity,
        format!("It failed: {}.{replaced}", why.trim_end_matches('.')),
    )
    .since(end);
    if let Some(container) = worst {
        finding.evidence = container.verdict.evidence.clone();
    }
    finding.maybe("node", facts.node.as_deref())
}
