//! Jobs.

use super::{of_parts, unseen};
use crate::facts::{WorkloadFacts, is_true, newest_event};
use crate::rollup::Tally;
use crate::say;
use crate::thresholds::{CRITICAL_AFTER, FAILED_RECENT};
use crate::verdict::{Finding, Findings, Named, Verdict};
use crate::word::{Severity, Word};

pub(crate) fn verdict(facts: &WorkloadFacts, pods: &[Named<'_>], now: i64) -> Verdict {
    let mut found = Findings::default();
    if is_true(&facts.conditions, "Complete") || facts.completed_time.is_some() {
        found.push(completed(facts));
    } else if is_true(&facts.conditions, "Failed") {
        found.push(failed(facts, pods, now));
    } else if facts.paused == Some(true) {
        found.push(Finding::new(
            Word::Healthy,
            Severity::Ok,
            "It is suspended.",
        ));
    } else {
        // A pod that failed was tried again; those that hold the job up are alive.
        let alive: Vec<Named<'_>> = pods
            .iter()
            .filter(|p| !matches!(p.verdict.word, Word::Failed | Word::Evicted))
            .copied()
            .collect();
        found.extend(of_parts(
            &Tally::of(&alive, "pod", "pods"),
            "",
            Severity::Critical,
        ));
        found.extend(tried_again(facts, pods));
        found.extend(idle(facts, now));
    }
    found.verdict(|| running(facts))
}

fn progress(facts: &WorkloadFacts, finding: Finding) -> Finding {
    let done = facts.job_succeeded.unwrap_or(0);
    let succeeded = match facts.job_completions {
        Some(wanted) => format!("{done} of {wanted}"),
        None => done.to_string(),
    };
    let failed = facts.job_failed.filter(|n| *n > 0);
    finding
        .with("succeeded", succeeded)
        .maybe("failed", failed.map(|n| say::count(n, "pod", "pods")))
}

fn completed(facts: &WorkloadFacts) -> Finding {
    let time = facts
        .completed_time
        .or(facts.condition_times.get("Complete").copied());
    let took = facts
        .started_time
        .zip(facts.completed_time)
        .map(|(begun, end)| format!(" It took {}.", say::duration(say::ago(begun, end))))
        .unwrap_or_default();
    let finding =
        Finding::new(Word::Completed, Severity::Ok, format!("It is done.{took}")).since(time);
    progress(facts, finding)
}

fn failed(facts: &WorkloadFacts, pods: &[Named<'_>], now: i64) -> Finding {
    let event = newest_event(
        &facts.events,
        &[
            "BackoffLimitExceeded",
            "DeadlineExceeded",
            "PodFailurePolicy",
        ],
        |_| true,
    );
    let since = facts
        .condition_times
        .get("Failed")
        .copied()
        .or(event.and_then(|e| e.time));
    // A cron job runs it again; one that failed long ago waits for nobody.
    let again = facts.owner_kind.as_deref() == Some("CronJob");
    let old = since.is_some_and(|t| say::ago(t, now) > FAILED_RECENT);
    let severity = if again || old {
        Severity::Warning
    } else {
        Severity::Critical
    };
    let attempts = facts
        .job_failed
        .filter(|n| *n > 0)
        .map(|n| format!(" after {} failed", say::count(n, "pod", "pods")))
        .unwrap_or_default();
    let why = match event.map(|e| e.reason.as_str()) {
        Some("DeadlineExceeded") => ": its time was over",
        Some("PodFailurePolicy") => ": a rule about failed pods ended it",
        _ => "",
    };
    let finding = Finding::new(
        Word::Failed,
        severity,
        format!("It failed for good{attempts}{why}."),
    )
    .since(since);
    let mut finding = progress(facts, finding);
    if let Some(event) = event {
        finding = finding.at("controller", &event.message, event.time);
    }
    let last = pods
        .iter()
        .filter(|p| {
            matches!(
                p.verdict.word,
                Word::Failed | Word::OomKilled | Word::Evicted
            )
        })
        .max_by_key(|p| p.verdict.since);
    match last {
        Some(pod) => finding.at(
            &format!("pod {}", pod.name),
            &pod.verdict.reason,
            pod.verdict.since,
        ),
        None => finding,
    }
}

fn tried_again(facts: &WorkloadFacts, pods: &[Named<'_>]) -> Option<Finding> {
    let failed = facts.job_failed.filter(|n| *n > 0)?;
    let reason = format!(
        "{} failed and {} tried again.",
        say::count(failed, "pod", "pods"),
        if failed == 1 { "is" } else { "are" }
    );
    let bad: Vec<Named<'_>> = pods
        .iter()
        .filter(|p| matches!(p.verdict.word, Word::Failed | Word::Evicted))
        .copied()
        .collect();
    let finding = Finding::new(Word::Degraded, Severity::Warning, reason)
        .since(bad.iter().filter_map(|p| p.verdict.since).min());
    Some(Tally::of(&bad, "pod", "pods").told(progress(facts, finding)))
}

/// It should run, and has no pod.
fn idle(facts: &WorkloadFacts, now: i64) -> Option<Finding> {
    let begun = facts.started_time.or(facts.created_time)?;
    let age = say::ago(begun, now);
    if facts.job_active != Some(0) || age < CRITICAL_AFTER {
        return None;
    }
    let event = newest_event(&facts.events, &["FailedCreate"], |_| true);
    let why = event.map_or_else(
        || ".".to_owned(),
        |e| format!(": {}", say::sentence(&e.message)),
    );
    let reason = format!(
        "It is not done and has had no pod for {}{why}",
        say::duration(age)
    );
    Some(Finding::new(Word::Pending, Severity::Warning, reason).since(Some(begun)))
}

fn running(facts: &WorkloadFacts) -> Finding {
    let (word, reason) = match facts.job_active {
        Some(active) if active > 0 => (
            Word::Healthy,
            format!("It runs, with {}.", say::count(active, "pod", "pods")),
        ),
        Some(_) => (Word::Starting, "It begins.".to_owned()),
        None => return unseen(),
    };
    let finding =
        Finding::new(word, Severity::Ok, reason).since(facts.started_time.or(facts.created_time));
    progress(facts, finding)
}
