//! The verdict about a namespace.

use crate::facts::NamespaceFacts;
use crate::rollup::{Tally, number};
use crate::say;
use crate::thresholds::DELETING_GRACE;
use crate::verdict::{Finding, Findings, Named, Verdict};
use crate::word::{Severity, Word};

/// The verdicts about what is in a namespace.
#[derive(Debug, Clone, Copy, Default)]
pub struct Parts<'a> {
    /// Workloads: deployments, sets, cron jobs, and jobs without a cron job.
    pub workloads: &'a [Named<'a>],
    /// Pods without a workload.
    pub bare_pods: &'a [Named<'a>],
    /// Services.
    pub services: &'a [Named<'a>],
    /// Claims.
    pub volumes: &'a [Named<'a>],
}

/// Judges a namespace: as bad as the worst in it.
#[must_use]
pub fn namespace(facts: &NamespaceFacts, parts: Parts<'_>, now: i64) -> Verdict {
    let mut found = Findings::default();
    let leaves = facts.phase.as_deref() == Some("Terminating") || facts.deleted_time.is_some();
    if leaves {
        found.push(leaving(facts, now));
        return found.verdict(empty);
    }
    let tallies = [
        Tally::of(parts.workloads, "workload", "workloads"),
        Tally::of(
            parts.bare_pods,
            "pod without a workload",
            "pods without a workload",
        ),
        Tally::of(parts.services, "service", "services"),
        Tally::of(parts.volumes, "claim", "claims"),
    ];
    let sentences: Vec<String> = tallies.iter().filter_map(Tally::sentence).collect();
    if let Some(severity) = tallies.iter().filter_map(Tally::severity).min() {
        let since = tallies
            .iter()
            .flat_map(|t| &t.unwell)
            .filter_map(|p| p.verdict.since)
            .min();
        let degraded = Finding::new(
            Word::Degraded,
            severity,
            format!("{}.", sentences.join("; ")),
        )
        .since(since);
        found.push(
            tallies
                .iter()
                .fold(degraded, |finding, tally| tally.told(finding)),
        );
    }
    found.verdict(|| {
        let kinds: Vec<String> = [
            (parts.workloads.len(), "workload", "workloads"),
            (
                parts.bare_pods.len(),
                "pod without a workload",
                "pods without a workload",
            ),
            (parts.services.len(), "service", "services"),
            (parts.volumes.len(), "claim", "claims"),
        ]
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| number(count, one, many))
        .collect();
        let all = [
            parts.workloads,
            parts.bare_pods,
            parts.services,
            parts.volumes,
        ]
        .concat();
        if kinds.is_empty() {
            empty()
        } else if all.iter().all(|p| p.verdict.severity == Severity::Unknown) {
            Finding::new(
                Word::Unknown,
                Severity::Unknown,
                "Nothing is known about what is in it.",
            )
        } else {
            Finding::new(
                Word::Healthy,
                Severity::Ok,
                format!("Nothing is wrong with {}.", kinds.join(", ")),
            )
        }
    })
}

fn empty() -> Finding {
    Finding::new(Word::Healthy, Severity::Ok, "Nothing is in it.")
}

fn leaving(facts: &NamespaceFacts, now: i64) -> Finding {
    let age = facts.deleted_time.map(|t| say::ago(t, now));
    let finding = match age {
        Some(age) if age >= DELETING_GRACE => {
            let reason = format!(
                "Its deletion was asked for {} ago: something in it has a finalizer that nobody removes.",
                say::duration(age)
            );
            Finding::new(Word::Terminating, Severity::Warning, reason)
        }
        _ => Finding::new(Word::Terminating, Severity::Ok, "It is being deleted."),
    };
    finding.since(facts.deleted_time)
}
