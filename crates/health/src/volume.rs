//! The verdict about a volume or a claim.

use crate::facts::{VolumeFacts, newest_event};
use crate::say;
use crate::space::Space;
use crate::thresholds::{DELETING_GRACE, SILENT, STARTING_GRACE, VOLUME};
use crate::verdict::{Finding, Findings, Verdict};
use crate::word::{Severity, Word};

/// Judges a volume of a pod, a persistent volume or a claim.
#[must_use]
pub fn volume(facts: &VolumeFacts, now: i64) -> Verdict {
    let mut found = Findings::default();
    found.extend(phase(facts, now));
    found.extend(leaving(facts, now));
    let stale = facts
        .time
        .is_some_and(|t| say::ago(t, now) > SILENT.saturating_mul(5));
    let read_only = !facts.access_modes.is_empty()
        && facts.access_modes.iter().all(|mode| mode == "ReadOnlyMany");
    if !stale && !read_only && facts.shares_node_filesystem != Some(true) {
        found.extend(space(facts).findings(&VOLUME));
    }
    found.verdict(|| well(facts))
}

fn space(facts: &VolumeFacts) -> Space<'_> {
    Space {
        name: "It",
        size: facts.volume_capacity_bytes,
        available: facts.volume_available_bytes,
        inodes: facts.volume_inodes,
        inodes_free: facts.volume_inodes_free,
        used_points: &facts.used_points,
    }
}

fn phase(facts: &VolumeFacts, now: i64) -> Option<Finding> {
    match facts.phase.as_deref()? {
        "Lost" => Some(Finding::new(
            Word::Failed,
            Severity::Critical,
            "The volume behind the claim is gone.",
        )),
        "Failed" => Some(Finding::new(
            Word::Failed,
            Severity::Warning,
            "It was released and could not be reclaimed.",
        )),
        "Pending" => Some(pending(facts, now)),
        _ => None,
    }
}

fn pending(facts: &VolumeFacts, now: i64) -> Finding {
    let since = facts.created_time;
    let age = since.map_or(0, |t| say::ago(t, now));
    let failed = newest_event(
        &facts.events,
        &["ProvisioningFailed", "FailedBinding"],
        |_| true,
    );
    let waits = newest_event(&facts.events, &["WaitForFirstConsumer"], |_| true);
    if failed.is_none_or(|f| waits.is_some_and(|w| w.time > f.time)) && waits.is_some() {
        return Finding::new(
            Word::Pending,
            Severity::Ok,
            "It waits for the first pod that uses it.",
        )
        .since(since);
    }
    if age < STARTING_GRACE {
        return Finding::new(
            Word::Starting,
            Severity::Ok,
            "A volume is being made for it.",
        )
        .since(since);
    }
    let why = failed.map_or_else(
        || ".".to_owned(),
        |e| format!(": {}", say::sentence(&e.message)),
    );
    let finding = Finding::new(
        Word::Pending,
        // The pod that waits for it is what hurts; nobody may want the claim.
        Severity::Warning,
        format!("It has had no volume for {}{why}", say::duration(age)),
    )
    .since(since)
    .maybe("storage class", facts.storage_class.as_deref());
    match failed {
        Some(event) => finding
            .at("controller", &event.message, event.time)
            .maybe("tried", event.event_count.map(say::times)),
        None => finding,
    }
}

fn leaving(facts: &VolumeFacts, now: i64) -> Option<Finding> {
    let asked = facts.deleted_time?;
    let age = say::ago(asked, now);
    let finding = if age < DELETING_GRACE {
        Finding::new(Word::Terminating, Severity::Ok, "It is being deleted.")
    } else {
        let reason = format!(
            "Its deletion was asked for {} ago: a pod still uses it, or a finalizer keeps it.",
            say::duration(age)
        );
        Finding::new(Word::Terminating, Severity::Warning, reason)
    };
    Some(finding.since(Some(asked)))
}

fn well(facts: &VolumeFacts) -> Finding {
    let free = say::share(facts.volume_available_bytes, facts.volume_capacity_bytes);
    let reason = match (free, facts.phase.as_deref()) {
        _ if facts.shares_node_filesystem == Some(true) => {
            "It lies on the node's file system, which is judged with the node.".to_owned()
        }
        (Some(free), _) => format!("It has {} free.", say::percent(free)),
        (None, Some(phase)) => format!(
            "It is {}; how full it is, is not measured.",
            phase.to_lowercase()
        ),
        (None, None) => {
            return Finding::new(
                Word::Unknown,
                Severity::Unknown,
                "How full it is, is not measured.",
            );
        }
    };
    let amounts = facts
        .volume_available_bytes
        .zip(facts.volume_capacity_bytes)
        .map(|(free, size)| format!("{} of {}", say::bytes(free), say::bytes(size)));
    Finding::new(Word::Healthy, Severity::Ok, reason).maybe("free", amounts)
}
