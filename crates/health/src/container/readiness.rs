//! Containers that run and are not ready.

use super::crash::probe;
use crate::facts::ContainerFacts;
use crate::say;
use crate::thresholds::{CRITICAL_AFTER, READY_GRACE};
use crate::verdict::Finding;
use crate::word::{Severity, Word};

pub(crate) fn finding(facts: &ContainerFacts, now: i64) -> Option<Finding> {
    let kind = facts.container_kind.as_deref();
    if facts.ready != Some(false) || matches!(kind, Some("init" | "ephemeral")) {
        return None;
    }
    let since = facts.not_ready_since.max(facts.started_time);
    let age = since.map_or(0, |t| say::ago(t, now));
    let young = facts
        .started_time
        .is_none_or(|t| say::ago(t, now) < READY_GRACE);
    if young && age < READY_GRACE {
        return Some(
            Finding::new(
                Word::Starting,
                Severity::Ok,
                "It runs and is not ready yet.",
            )
            .since(since),
        );
    }
    let event = probe(facts, "Startup").or_else(|| probe(facts, "Readiness"));
    let severity = if age < CRITICAL_AFTER {
        Severity::Warning
    } else {
        Severity::Critical
    };
    let why = match event {
        Some(event) if event.message.starts_with("Startup") => ": its startup probe fails",
        Some(_) => ": its readiness probe fails",
        None => "",
    };
    let finding = Finding::new(
        Word::NotReady,
        severity,
        format!(
            "It runs and has not been ready for {}{why}.",
            say::duration(age)
        ),
    )
    .since(since);
    Some(match event {
        Some(event) => finding
            .at(
                "probe",
                event.message.trim().trim_end_matches(':'),
                event.time,
            )
            .maybe("failed", event.event_count.map(say::times)),
        None => finding,
    })
}
