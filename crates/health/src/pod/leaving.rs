//! Pods that were asked to go.

use crate::facts::{PodFacts, newest_event};
use crate::say;
use crate::thresholds::TERMINATING_SLACK;
use crate::verdict::Finding;
use crate::word::{Severity, Word};

pub(crate) fn finding(facts: &PodFacts, now: i64) -> Option<Finding> {
    // The API server writes the moment at which the grace is over.
    let due = facts.deleted_time?;
    let over = now.saturating_sub(due);
    if over <= TERMINATING_SLACK {
        return Some(
            Finding::new(
                Word::Terminating,
                Severity::Ok,
                "It was asked to go and is within its grace.",
            )
            .at("grace ends", "by its deletion timestamp", Some(due)),
        );
    }
    let event = newest_event(
        &facts.events,
        &[
            "FailedKillPod",
            "FailedPreStopHook",
            "FailedUnmount",
            "FailedDetachVolume",
        ],
        |_| true,
    );
    let why = if facts.node_ready == Some(false) {
        "its node is not ready, so nothing ends it".to_owned()
    } else if let Some(event) = event {
        say::clipped(&event.message, 200)
    } else {
        "a finalizer or its node keeps it".to_owned()
    };
    let reason = format!(
        "It should have been gone for {}: {}.",
        say::duration(over),
        why.trim_end_matches('.')
    );
    let mut finding = Finding::new(Word::Terminating, Severity::Warning, reason)
        .since(Some(due))
        .at("grace ended", "by its deletion timestamp", Some(due))
        .maybe("node", facts.node.as_deref());
    if let Some(event) = event {
        finding = finding.at("kubelet", &event.message, event.time);
    }
    Some(finding)
}
