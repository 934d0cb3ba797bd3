//! The verdict about a workload, from its counts and from the verdicts about its pods (of a cron job: its jobs).

mod cron_job;
mod job;
mod replicas;
mod rollout;

use crate::facts::WorkloadFacts;
use crate::rollup::Tally;
use crate::verdict::{Finding, Findings, Named, Verdict};
use crate::word::{Severity, Word};

/// Judges a Deployment, StatefulSet, DaemonSet, ReplicaSet, Job or CronJob. `parts` are the verdicts about its pods; of a
/// cron job those about its jobs.
#[must_use]
pub fn workload(facts: &WorkloadFacts, parts: &[Named<'_>], now: i64) -> Verdict {
    if facts.deleted_time.is_some() {
        let mut found = Findings::default();
        found.push(
            Finding::new(Word::Terminating, Severity::Ok, "It is being deleted.")
                .since(facts.deleted_time),
        );
        return found.verdict(unseen);
    }
    match facts.object_kind.as_deref() {
        Some("Job") => job::verdict(facts, parts, now),
        Some("CronJob") => cron_job::verdict(facts, parts, now),
        _ => replicas::verdict(facts, parts, now),
    }
}

pub(crate) fn unseen() -> Finding {
    Finding::new(
        Word::Unknown,
        Severity::Unknown,
        "Nothing is known about it.",
    )
}

/// What is wrong with its parts, under the word that all have in common.
fn of_parts(tally: &Tally<'_>, before: &str, cap: Severity) -> Option<Finding> {
    let sentence = tally.sentence()?;
    let severity = tally.severity()?.max(cap);
    let word = tally.common().unwrap_or(Word::Degraded);
    let since = tally.unwell.iter().filter_map(|p| p.verdict.since).min();
    let finding = Finding::new(word, severity, format!("{before}{sentence}.")).since(since);
    Some(tally.told(finding))
}
