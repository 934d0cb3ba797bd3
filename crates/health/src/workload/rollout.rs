//! New versions that do not come up.

use super::replicas::Counts;
use crate::facts::{WorkloadFacts, is_false};
use crate::rollup::Tally;
use crate::say;
use crate::thresholds::CRITICAL_AFTER;
use crate::verdict::Finding;
use crate::word::{Severity, Word};

/// Whether replicas are being replaced by those of a newer version.
pub(crate) fn is_on_its_way(facts: &WorkloadFacts, counts: Counts) -> bool {
    let unseen = facts
        .generation
        .zip(facts.observed_generation)
        .is_some_and(|(wanted, seen)| seen < wanted);
    unseen
        || counts
            .updated
            .is_some_and(|updated| updated < counts.desired)
}

pub(crate) fn finding(
    facts: &WorkloadFacts,
    counts: Counts,
    tally: &Tally<'_>,
    now: i64,
) -> Option<Finding> {
    if facts.paused == Some(true) {
        return None;
    }
    let updated = counts.updated.map(|updated| {
        let updated = updated.clamp(0, counts.desired);
        let verb = if updated == 1 { "is" } else { "are" };
        format!("{updated} of {} replicas {verb} of it", counts.desired)
    });
    let about = |finding: Finding| {
        finding
            .maybe(
                "of the newest version",
                counts.updated.map(|n| n.to_string()),
            )
            .with("wanted", counts.desired.to_string())
            .with("available", counts.available.to_string())
            .maybe("old revision", facts.current_revision.as_deref())
            .maybe("new revision", facts.update_revision.as_deref())
    };
    let how = [updated, tally.sentence()];
    let how: Vec<String> = how.into_iter().flatten().collect();
    let how = if how.is_empty() {
        String::new()
    } else {
        format!(": {}", how.join("; "))
    };
    if is_false(&facts.conditions, "Progressing") {
        let reason = format!("The new version did not come up in time{how}.");
        let finding = Finding::new(Word::RolloutStuck, counts.severity(), reason)
            .since(facts.condition_times.get("Progressing").copied())
            .with(
                "condition",
                "Progressing is False (progressDeadlineSeconds is over)",
            );
        return Some(tally.told(about(finding)));
    }
    if let Some(since) = facts.unobserved_since
        && say::ago(since, now) >= CRITICAL_AFTER
    {
        let reason = format!(
            "Its controller has not looked at the newest version for {}.",
            say::duration(say::ago(since, now))
        );
        let finding = Finding::new(Word::RolloutStuck, Severity::Warning, reason)
            .since(Some(since))
            .maybe("wanted version", facts.generation.map(|n| n.to_string()))
            .maybe(
                "seen version",
                facts.observed_generation.map(|n| n.to_string()),
            );
        return Some(finding);
    }
    // A set that is updated by hand (OnDelete, partition) stays like this and is well.
    let since = facts.rollout_since?;
    let hurts = counts.missing() > 0 || !tally.unwell.is_empty();
    if !hurts || !is_on_its_way(facts, counts) || say::ago(since, now) < CRITICAL_AFTER {
        return None;
    }
    let reason = format!(
        "Its rollout has not moved for {}{how}.",
        say::duration(say::ago(since, now))
    );
    let finding = Finding::new(Word::RolloutStuck, counts.severity(), reason).since(Some(since));
    Some(tally.told(about(finding)))
}
