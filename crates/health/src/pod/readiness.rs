//! Pods that run and are not ready.

use crate::facts::{PodFacts, is_false, is_true, newest_event};
use crate::say;
use crate::thresholds::{CRITICAL_AFTER, READY_GRACE};
use crate::verdict::{Finding, Named};
use crate::word::{Severity, Word};

pub(crate) fn finding(facts: &PodFacts, containers: &[Named<'_>], now: i64) -> Option<Finding> {
    let told = containers
        .iter()
        .any(|c| c.verdict.has(Word::NotReady) || c.verdict.word == Word::Starting);
    if !is_false(&facts.conditions, "Ready") || told || facts.node_ready == Some(false) {
        return None;
    }
    let since = facts.condition_times.get("Ready").copied();
    let age = since
        .or(facts.started_time)
        .or(facts.created_time)
        .map_or(0, |t| say::ago(t, now));
    let life = facts
        .started_time
        .or(facts.created_time)
        .map_or(age, |t| say::ago(t, now));
    if life < READY_GRACE {
        return Some(
            Finding::new(
                Word::Starting,
                Severity::Ok,
                "It runs and is not ready yet.",
            )
            .since(facts.started_time),
        );
    }
    let severity = if age < CRITICAL_AFTER {
        Severity::Warning
    } else {
        Severity::Critical
    };
    let event = newest_event(&facts.events, &["Unhealthy"], |e| {
        e.message.starts_with("Readiness") || e.message.starts_with("Startup")
    });
    let why = if is_true(&facts.conditions, "ContainersReady") {
        ": its containers are ready, a readiness gate is not open"
    } else if event.is_some() {
        ": a probe fails"
    } else {
        ""
    };
    let reason = format!(
        "It runs and has not been ready for {}{why}.",
        say::duration(age)
    );
    let finding = Finding::new(Word::NotReady, severity, reason).since(since);
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
