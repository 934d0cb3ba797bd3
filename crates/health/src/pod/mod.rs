//! The verdict about a pod, from what the API says of it and from the verdicts about its containers.

mod ended;
mod leaving;
mod parts;
mod pending;
mod readiness;
mod storage;

use crate::container::{oom, silence};
use crate::facts::{PodFacts, is_true};
use crate::say;
use crate::verdict::{Finding, Findings, Named, Verdict};
use crate::word::{Severity, Word};

/// Judges a pod. `containers` are the verdicts about its containers, those that run before the others included.
#[must_use]
pub fn pod(facts: &PodFacts, containers: &[Named<'_>], now: i64) -> Verdict {
    let mut found = Findings::default();
    if let Some(end) = ended::finding(facts, containers, now) {
        found.push(end);
    } else if let Some(leaving) = leaving::finding(facts, now) {
        found.push(leaving);
    } else {
        found.extend(on_lost_node(facts));
        let mut parts = parts::findings(containers);
        let pending = facts.phase.as_deref() == Some("Pending");
        if pending {
            // That a container is not made is what the pod's events explain.
            let explained = parts
                .iter()
                .any(|f| f.is_unwell() && f.word != Word::Pending);
            if let Some(why) = pending::finding(facts, explained, now) {
                parts.retain(|f| f.is_unwell() && f.word != Word::Pending);
                found.push(why);
            }
        }
        found.extend(parts);
        if !pending && !parts::explain_not_ready(containers) {
            found.extend(readiness::finding(facts, containers, now));
        }
        if !found.has(Word::OomKilled) {
            found.extend(oom::of_pod(facts, now));
        }
        found.extend(storage::finding(facts));
    }
    found.verdict(|| well(facts, containers, now))
}

fn on_lost_node(facts: &PodFacts) -> Option<Finding> {
    let lost = facts.node_ready == Some(false) && facts.node.is_some();
    if !lost && facts.phase.as_deref() != Some("Unknown") {
        return None;
    }
    let node = facts.node.as_deref().unwrap_or("its node");
    let reason = format!("It is on {node}, which is not ready: what it does is not known.");
    Some(
        Finding::new(Word::NodeNotReady, Severity::Critical, reason)
            .since(facts.condition_times.get("Ready").copied())
            .maybe("node", facts.node.as_deref()),
    )
}

fn well(facts: &PodFacts, containers: &[Named<'_>], now: i64) -> Finding {
    let ready = is_true(&facts.conditions, "Ready") || facts.ready_time.is_some();
    let runs = facts.phase.as_deref() == Some("Running");
    let reason = match (runs, ready, facts.phase.is_some()) {
        (true, true, _) => "It runs and is ready.",
        (true, false, _) => "It runs.",
        (false, _, true) => return unseen(),
        (false, ..) => {
            let latest = facts.measured.as_ref().map(|m| &m.latest);
            if let Some(since) = latest.and_then(|l| l.silent_since(now)) {
                return silence(since, now);
            }
            let lives = latest.is_some_and(|l| l.time.is_some() && l.exited != Some(true))
                || containers.iter().any(|c| c.verdict.word == Word::Healthy);
            if !lives {
                return unseen();
            }
            "It runs, as its measurements show."
        }
    };
    let restarts = facts.restarts.filter(|r| *r > 0);
    Finding::new(Word::Healthy, Severity::Ok, reason)
        .since(facts.ready_time)
        .maybe(
            "restarts",
            restarts.map(|r| say::count(r, "restart", "restarts")),
        )
}

fn unseen() -> Finding {
    Finding::new(
        Word::Unknown,
        Severity::Unknown,
        "Nothing is known about it.",
    )
}
