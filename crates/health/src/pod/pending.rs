//! Pods that wait: for a node, for volumes and the network, for init containers.

use crate::facts::{EventFact, PodFacts, is_false, is_true, newest_event};
use crate::say;
use crate::thresholds::{CRITICAL_AFTER, MAKING_GRACE, STARTING_GRACE};
use crate::verdict::Finding;
use crate::word::{Severity, Word};

/// Events of the kubelet and of controllers that say why containers are not made, with what they mean.
const BLOCKED: &[(&str, &str)] = &[
    ("FailedMount", "A volume cannot be mounted"),
    ("FailedMapVolume", "A volume cannot be mapped"),
    (
        "FailedAttachVolume",
        "A volume cannot be attached to the node",
    ),
    ("FailedCreatePodSandBox", "Its sandbox cannot be made"),
    ("FailedCreatePodContainer", "A container cannot be made"),
    ("NetworkNotReady", "The node's network is not ready"),
    (
        "FailedPrepareDynamicResources",
        "A device cannot be prepared",
    ),
];

/// `unwell` when its containers already say why.
pub(crate) fn finding(facts: &PodFacts, unwell: bool, now: i64) -> Option<Finding> {
    let scheduled = facts.node.is_some()
        || facts.scheduled_time.is_some()
        || is_true(&facts.conditions, "PodScheduled");
    if !scheduled {
        return Some(unscheduled(facts, now));
    }
    let since = facts
        .started_time
        .or(facts.scheduled_time)
        .or(facts.created_time);
    let age = since.map_or(0, |t| say::ago(t, now));
    if unwell {
        return None;
    }
    if let Some(finding) = init_loop(facts) {
        return Some(finding);
    }
    let reasons: Vec<&str> = BLOCKED.iter().map(|(reason, _)| *reason).collect();
    let event = newest_event(&facts.events, &reasons, |e| {
        // What happened before the last grace may be over.
        e.time.is_none_or(|t| say::ago(t, now) <= CRITICAL_AFTER)
    });
    if let Some(event) = event
        && age >= MAKING_GRACE
    {
        let what = BLOCKED
            .iter()
            .find(|(reason, _)| *reason == event.reason)
            .map_or("It waits", |(_, what)| *what);
        let reason = format!("{what}: {}", say::sentence(&event.message));
        return Some(pending(age, reason, since).at(&event.reason, &event.message, event.time));
    }
    if is_false(&facts.conditions, "Initialized") {
        if age < CRITICAL_AFTER {
            return Some(
                Finding::new(Word::Starting, Severity::Ok, "Its init containers run.").since(since),
            );
        }
        let reason = format!(
            "Its init containers have not ended for {}.",
            say::duration(age)
        );
        return Some(Finding::new(Word::Pending, Severity::Warning, reason).since(since));
    }
    if age < MAKING_GRACE {
        return Some(
            Finding::new(
                Word::Starting,
                Severity::Ok,
                "Its containers are being made.",
            )
            .since(since),
        );
    }
    let reason = format!(
        "Its containers have not been made for {}.",
        say::duration(age)
    );
    Some(pending(age, reason, since).maybe("node", facts.node.as_deref()))
}

fn pending(age: i64, reason: String, since: Option<i64>) -> Finding {
    let severity = if age < CRITICAL_AFTER {
        Severity::Warning
    } else {
        Severity::Critical
    };
    Finding::new(Word::Pending, severity, reason).since(since)
}

fn unscheduled(facts: &PodFacts, now: i64) -> Finding {
    let since = facts
        .condition_times
        .get("PodScheduled")
        .copied()
        .or(facts.created_time);
    if facts.status_reason.as_deref() == Some("SchedulingGated") {
        return Finding::new(
            Word::Pending,
            Severity::Ok,
            "A scheduling gate holds it back until somebody removes it.",
        )
        .since(since);
    }
    let age = facts.created_time.or(since).map_or(0, |t| say::ago(t, now));
    let failed = newest_event(&facts.events, &["FailedScheduling"], |_| true);
    let scaler = newest_event(
        &facts.events,
        &["TriggeredScaleUp", "NotTriggerScaleUp", "FailedScaleUp"],
        |_| true,
    );
    let told = |mut finding: Finding| {
        if let Some(event) = failed {
            finding = finding
                .at("scheduler", &event.message, event.time)
                .maybe("tried", event.event_count.map(say::times));
        }
        if let Some(event) = scaler {
            finding = finding.at("autoscaler", &event.message, event.time);
        }
        finding
    };
    if age < STARTING_GRACE {
        let starting = Finding::new(
            Word::Starting,
            Severity::Ok,
            "A node is being chosen for it.",
        );
        return told(starting.since(since));
    }
    let reason = match failed {
        Some(event) => format!(
            "No node has taken it for {}: {}",
            say::duration(age),
            say::sentence(&why(event))
        ),
        None if facts.status_reason.as_deref() == Some("Unschedulable") => {
            format!(
                "No node has taken it for {}: none fits.",
                say::duration(age)
            )
        }
        None => format!(
            "No node has been chosen for {}; the scheduler says nothing of it.",
            say::duration(age)
        ),
    };
    told(pending(age, reason, since))
}

/// The scheduler's reasons, without its count of nodes and its words on preemption.
fn why(event: &EventFact) -> String {
    let text = event.message.as_str();
    let text = text
        .split_once("nodes are available: ")
        .map_or(text, |(_, reasons)| reasons);
    let end = [" preemption: ", " no new claims to deallocate"]
        .iter()
        .filter_map(|words| text.find(words))
        .min();
    let text = end.and_then(|end| text.get(..end)).unwrap_or(text);
    text.trim_end_matches([' ', ',', '.']).to_owned()
}

/// An init container that ends again and again has no row of its own; its events tell.
fn init_loop(facts: &PodFacts) -> Option<Finding> {
    if !is_false(&facts.conditions, "Initialized") {
        return None;
    }
    let event = newest_event(&facts.events, &["BackOff"], |e| {
        e.message.contains("restarting") && e.container().is_some_and(|(_, init)| init)
    })?;
    let (name, _) = event.container()?;
    let reason = format!("Init container {name} ends again and again, so the others wait.");
    Some(
        Finding::new(Word::CrashLooping, Severity::Critical, reason)
            .since(event.first_time)
            .at("kubelet", &event.message, event.time),
    )
}
