//! Workloads that hold a number of replicas.

use super::{of_parts, rollout, unseen};
use crate::facts::{WorkloadFacts, is_false, is_true, newest_event};
use crate::rollup::Tally;
use crate::say;
use crate::thresholds::{CRITICAL_AFTER, REPLICAS_GRACE};
use crate::verdict::{Finding, Findings, Named, Verdict};
use crate::word::{Severity, Word};

pub(crate) fn verdict(facts: &WorkloadFacts, pods: &[Named<'_>], now: i64) -> Verdict {
    let mut found = Findings::default();
    let tally = Tally::of(pods, "pod", "pods");
    let Some(counts) = Counts::of(facts) else {
        // Without the API the pods are all that is known.
        found.extend(of_parts(&tally, "", Severity::Critical));
        let lives = pods.iter().any(|p| p.verdict.severity == Severity::Ok);
        return found.verdict(|| {
            if lives {
                Finding::new(Word::Healthy, Severity::Ok, "Its pods are well.")
            } else {
                unseen()
            }
        });
    };
    if counts.desired > 0 {
        found.extend(failure(facts, counts));
        found.extend(rollout::finding(facts, counts, &tally, now));
        found.extend(below(facts, counts, &tally, now));
        // One old pod that restarts does not make a workload critical that answers.
        let cap = if counts.available > 0 {
            Severity::Warning
        } else {
            Severity::Critical
        };
        found.extend(of_parts(&tally, &counts.before(), cap));
    }
    found.verdict(|| well(facts, counts))
}

/// The counts of a workload.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counts {
    pub(crate) desired: i64,
    pub(crate) available: i64,
    /// Replicas of the newest version, where that is told.
    pub(crate) updated: Option<i64>,
}

impl Counts {
    fn of(facts: &WorkloadFacts) -> Option<Counts> {
        Some(Counts {
            desired: facts.replicas_desired?.max(0),
            available: facts
                .replicas_available
                .or(facts.replicas_ready)
                .unwrap_or(0)
                .max(0),
            updated: facts.replicas_updated,
        })
    }

    pub(crate) fn missing(self) -> i64 {
        (self.desired - self.available).max(0)
    }

    /// Critical when nothing answers.
    pub(crate) fn severity(self) -> Severity {
        if self.available == 0 {
            Severity::Critical
        } else {
            Severity::Warning
        }
    }

    /// "1 of 3 replicas is available"
    pub(crate) fn sentence(self) -> String {
        let verb = if self.available.min(self.desired) == 1 {
            "is"
        } else {
            "are"
        };
        format!(
            "{} of {} replicas {verb} available",
            self.available.min(self.desired),
            self.desired
        )
    }

    /// What stands before the sentence about the pods.
    fn before(self) -> String {
        format!("{}; ", self.sentence())
    }

    fn told(self, facts: &WorkloadFacts, finding: Finding) -> Finding {
        let ready = facts.replicas_ready;
        finding
            .with("wanted", self.desired.to_string())
            .maybe("ready", ready.map(|n| n.to_string()))
            .with("available", self.available.to_string())
            .maybe("of the newest version", self.updated.map(|n| n.to_string()))
    }
}

/// The controller cannot make pods: a quota, an admission that refuses.
fn failure(facts: &WorkloadFacts, counts: Counts) -> Option<Finding> {
    let event = newest_event(&facts.events, &["FailedCreate"], |_| true);
    let said = is_true(&facts.conditions, "ReplicaFailure");
    if !said && (event.is_none() || counts.missing() == 0) {
        return None;
    }
    let why = event.map_or_else(
        || "the controller does not say why.".to_owned(),
        |e| say::sentence(&e.message),
    );
    let finding = Finding::new(
        Word::BelowReplicas,
        counts.severity(),
        format!("{}; pods cannot be made: {why}", counts.sentence()),
    )
    .since(
        facts
            .condition_times
            .get("ReplicaFailure")
            .copied()
            .or(facts.below_since),
    );
    let finding = counts.told(facts, finding);
    Some(match event {
        Some(event) => finding.at("controller", &event.message, event.time),
        None => finding,
    })
}

fn below(facts: &WorkloadFacts, counts: Counts, tally: &Tally<'_>, now: i64) -> Option<Finding> {
    if counts.missing() == 0 {
        return None;
    }
    let since = facts
        .below_since
        .or(since_unavailable(facts))
        .max(facts.created_time);
    let age = since.map(|t| say::ago(t, now));
    let young = age.is_some_and(|age| age < REPLICAS_GRACE);
    let late = age.is_some_and(|age| age >= CRITICAL_AFTER);
    let excused = !late && tally.unwell.is_empty();
    // A rolling update lets a quarter be missing; pods that only begin are no fault.
    let begins = excused && tally.all > 0;
    let rolls = excused
        && rollout::is_on_its_way(facts, counts)
        && counts.available > 0
        && counts.missing().saturating_mul(4) <= counts.desired.saturating_add(3);
    if young || begins || rolls {
        let how = if rollout::is_on_its_way(facts, counts) {
            "a new version comes up"
        } else {
            "the others begin"
        };
        let reason = format!("{}, {how}.", counts.sentence());
        let starting = Finding::new(Word::Starting, Severity::Ok, reason).since(since);
        return Some(counts.told(facts, starting));
    }
    let causes = tally
        .sentence()
        .map(|s| format!("; {s}"))
        .unwrap_or_default();
    let finding = Finding::new(
        Word::BelowReplicas,
        counts.severity(),
        format!("{}{causes}.", counts.sentence()),
    )
    .since(since);
    Some(tally.told(counts.told(facts, finding)))
}

/// A deployment says since when it has too few.
fn since_unavailable(facts: &WorkloadFacts) -> Option<i64> {
    is_false(&facts.conditions, "Available")
        .then(|| facts.condition_times.get("Available").copied())
        .flatten()
}

fn well(facts: &WorkloadFacts, counts: Counts) -> Finding {
    let paused = facts.paused == Some(true);
    let reason = match (counts.desired, paused) {
        (0, _) => "No replicas are wanted.".to_owned(),
        (_, true) => format!("{}. Its rollout is paused.", counts.sentence()),
        _ => format!("{}.", counts.sentence()),
    };
    let misplaced = facts.replicas_misscheduled.filter(|n| *n > 0);
    Finding::new(Word::Healthy, Severity::Ok, reason).maybe(
        "on nodes where none should be",
        misplaced.map(|n| say::count(n, "pod", "pods")),
    )
}
